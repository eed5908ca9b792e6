# For machines without a C library: memcpy and its kin.
add_library(dimple_bare OBJECT ${CMAKE_SOURCE_DIR}/targets/bare/memory.c)
target_compile_options(dimple_bare PRIVATE -ffreestanding -fno-builtin
  $<$<C_COMPILER_ID:GNU>:-fno-tree-loop-distribute-patterns>)
