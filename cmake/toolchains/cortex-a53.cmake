# A bare 64-bit ARM. No C library: what there is of one, is ours (targets/bare).
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(DIMPLE_TARGET virt-a53)
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)
