include(${CMAKE_SOURCE_DIR}/targets/bare/bare.cmake)
set(rv32 ${CMAKE_SOURCE_DIR}/targets/rv32-virt)
dimple_bare_image(${rv32} ${rv32}/flash.ld.in ${rv32}/startup.cc)
