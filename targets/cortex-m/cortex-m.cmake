# What the boards with a Cortex-M share: startup, linker script, semihosting.
include(${CMAKE_SOURCE_DIR}/targets/bare/bare.cmake)
set(cortex_m ${CMAKE_SOURCE_DIR}/targets/cortex-m)
macro(dimple_cortex_m_image folder)
  dimple_bare_image(${folder} ${cortex_m}/flash.ld.in ${cortex_m}/startup.cc ${cortex_m}/semihosting.cc)
  string(JSON clock_hz GET "${board}" clock_hz)
  list(APPEND DIMPLE_BOARD_OPTIONS -DDIMPLE_CLOCK_HZ=${clock_hz})
endmacro()
