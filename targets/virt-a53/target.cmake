include(${CMAKE_SOURCE_DIR}/targets/bare/bare.cmake)
set(a53 ${CMAKE_SOURCE_DIR}/targets/virt-a53)
dimple_bare_image(${a53} ${a53}/flash.ld.in ${a53}/startup.cc)
list(APPEND DIMPLE_BOARD_LINKS -static -no-pie -Wl,--build-id=none)
