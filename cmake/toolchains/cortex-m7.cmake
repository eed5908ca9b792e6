# A bare Cortex-M7 with its double-precision FPU. No newlib: what C library there is, is ours (targets/bare).
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(DIMPLE_TARGET mps2-an500)
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)
