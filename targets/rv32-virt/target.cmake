include(${CMAKE_SOURCE_DIR}/targets/bare/bare.cmake)
set(here ${CMAKE_SOURCE_DIR}/targets/rv32-virt)
dimple_bare_image(${here} ${here}/startup.cc)
