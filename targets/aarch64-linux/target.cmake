# A static Linux program, so that the emulator needs no folder of libraries.
set(DIMPLE_BOARD_SOURCES ${CMAKE_SOURCE_DIR}/targets/aarch64-linux/board.cc)
set(DIMPLE_BOARD_OPTIONS -fno-exceptions -fno-rtti)
set(DIMPLE_BOARD_LINKS -static)
set(DIMPLE_BOARD_SUFFIX .elf)
