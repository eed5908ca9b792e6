# How a firmware becomes an image for this board: its own startup code and linker script, nothing from a C library.
set(here ${CMAKE_SOURCE_DIR}/targets/mps2-an386)
include(${CMAKE_SOURCE_DIR}/targets/bare/bare.cmake)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${here}/target.json)

file(READ ${here}/target.json board)
foreach(entry "FLASH_ORIGIN flash origin" "FLASH_BYTES flash bytes" "SLOT_ORIGIN program_slot origin"
              "RAM_ORIGIN ram origin" "RAM_BYTES ram bytes" "STACK_BYTES stack_bytes")
  separate_arguments(entry)
  list(POP_FRONT entry name)
  string(JSON ${name} GET "${board}" ${entry})
endforeach()
configure_file(${here}/flash.ld.in ${CMAKE_BINARY_DIR}/flash.ld @ONLY)

set(DIMPLE_BOARD_SOURCES ${here}/startup.cc ${here}/semihosting.cc $<TARGET_OBJECTS:dimple_bare>)
set(DIMPLE_BOARD_OPTIONS ${DIMPLE_FREESTANDING})
set(DIMPLE_BOARD_LINKS -nostdlib -Wl,--gc-sections -Wl,--fatal-warnings -T${CMAKE_BINARY_DIR}/flash.ld
  LINKER:-Map=$<TARGET_PROPERTY:NAME>.map)
set(DIMPLE_BOARD_LIBRARIES -lgcc)  # 64-bit shifts and divisions
set(DIMPLE_BOARD_SUFFIX .elf)
