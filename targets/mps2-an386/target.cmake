include(${CMAKE_SOURCE_DIR}/targets/bare/bare.cmake)
set(here ${CMAKE_SOURCE_DIR}/targets/mps2-an386)
dimple_bare_image(${here} ${here}/startup.cc ${here}/semihosting.cc)
