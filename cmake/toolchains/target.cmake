# Included by the toolchain of a machine that has a folder in targets/, behind DIMPLE_TARGET: how to compile for that chip
# stands in its target.json. As with any toolchain, a build folder keeps what it was first configured with.
file(READ ${CMAKE_CURRENT_LIST_DIR}/../../targets/${DIMPLE_TARGET}/target.json board)
string(JSON compiler_flags GET "${board}" compiler_flags)
set(CMAKE_C_FLAGS_INIT "${compiler_flags}")
set(CMAKE_CXX_FLAGS_INIT "${compiler_flags}")
