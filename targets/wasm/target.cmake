# A reactor module: no start function, two exports, one import.
include(${CMAKE_SOURCE_DIR}/targets/bare/bare.cmake)
set(DIMPLE_BOARD_SOURCES ${CMAKE_SOURCE_DIR}/targets/wasm/board.cc $<TARGET_OBJECTS:dimple_bare>)
set(DIMPLE_BOARD_OPTIONS ${DIMPLE_FREESTANDING})
set(DIMPLE_BOARD_LINKS -nostdlib -Wl,--no-entry -Wl,--strip-all -Wl,-z,stack-size=65536)
set(DIMPLE_BOARD_SUFFIX .wasm)
