# rv32 without its kernels: a 32-bit processor that none were written for, so that the plain loops are proved and counted.
# A bare 32-bit RISC-V without a floating-point unit. No C library: what there is of one, is ours (targets/bare).
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_CXX_COMPILER riscv64-unknown-elf-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(DIMPLE_TARGET rv32-plain)
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)
