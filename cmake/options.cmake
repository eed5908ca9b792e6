# Flags that hold for everything.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 99)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(dimple_flags INTERFACE)
target_include_directories(dimple_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(dimple_flags INTERFACE -Wall -Wextra -Wshadow $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor>
  -Wno-missing-field-initializers
  -ffp-contract=off)  # a fused multiply-add on one machine and not on another would give other bits
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(dimple_flags INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)  # gcc 12 sees them in std::string itself
endif()
if(DIMPLE_WERROR)
  target_compile_options(dimple_flags INTERFACE -Werror)
endif()
if(DIMPLE_SANITIZE)
  target_compile_options(dimple_flags INTERFACE -fsanitize=${DIMPLE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(dimple_flags INTERFACE -fsanitize=${DIMPLE_SANITIZE})
endif()
if(DIMPLE_COVERAGE)  # clang's: llvm-cov report reads the profiles
  target_compile_options(dimple_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(dimple_flags INTERFACE -fprofile-instr-generate)
endif()
if(DIMPLE_FUZZ)
  target_compile_options(dimple_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_program(DIMPLE_CCACHE ccache)
if(DIMPLE_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${DIMPLE_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${DIMPLE_CCACHE})
endif()
