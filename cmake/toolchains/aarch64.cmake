# 64-bit ARM under Linux; its programs are static, so that an emulator needs no library folder.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(DIMPLE_TARGET aarch64-linux)
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)
