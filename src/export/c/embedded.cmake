# What the C form of a program takes along: the kernels' sources and every header below the line that they may include,
# the other files of the folder (src/export/c/folder), and the licence.
set(carried ${CMAKE_SOURCE_DIR}/LICENSE)
foreach(pattern base/*.h image/*.h format/*.h kernels/*.h kernels/*/*.cc ops/*.h ops/*_kernel_*.cc export/c/folder/*.in)
  file(GLOB_RECURSE found CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${pattern})
  list(APPEND carried ${found})
endforeach()
list(FILTER carried EXCLUDE REGEX "_(rewrite|torch|emit|testing)\\.h$|_(test|bench|fuzz)\\.cc$")
list(REMOVE_DUPLICATES carried)
dimple_embed(export NAMESPACE dimple::exports FUNCTION embedded_files BELOW ${CMAKE_SOURCE_DIR} FILES ${carried})
