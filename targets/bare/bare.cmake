# For machines without a C library: memcpy and its kin.
add_library(dimple_bare OBJECT ${CMAKE_SOURCE_DIR}/targets/bare/memory.c)
target_compile_options(dimple_bare PRIVATE -ffreestanding -fno-builtin
  $<$<C_COMPILER_ID:GNU>:-fno-tree-loop-distribute-patterns>)

# dimple_bare_image(folder linker-script sources...): how a firmware becomes an image for the chip of this folder: startup
# code, a linker script whose numbers come from target.json, and nothing from a C library.
macro(dimple_bare_image here script)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${here}/target.json)
  file(READ ${here}/target.json board)
  foreach(entry "FLASH_ORIGIN flash origin" "FLASH_BYTES flash bytes" "SLOT_ORIGIN program_slot origin"
                "SLOT_BYTES program_slot bytes" "RAM_ORIGIN ram origin" "RAM_BYTES ram bytes" "STACK_BYTES stack_bytes")
    separate_arguments(entry)
    list(POP_FRONT entry name)
    string(JSON ${name} GET "${board}" ${entry})
  endforeach()
  configure_file(${script} ${CMAKE_BINARY_DIR}/flash.ld @ONLY)

  set(DIMPLE_BOARD_SOURCES ${ARGN} ${CMAKE_SOURCE_DIR}/targets/bare/slot.cc $<TARGET_OBJECTS:dimple_bare>)
  set(DIMPLE_BOARD_OPTIONS ${DIMPLE_FREESTANDING})
  set(DIMPLE_BOARD_LINKS -nostdlib -Wl,--gc-sections -Wl,--fatal-warnings -T${CMAKE_BINARY_DIR}/flash.ld
    LINKER:-Map=$<TARGET_PROPERTY:NAME>.map)
  set(DIMPLE_BOARD_LIBRARIES -lgcc)  # what the chip does not multiply, divide or shift by itself
  set(DIMPLE_BOARD_SUFFIX .elf)
endmacro()
