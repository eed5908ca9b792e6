# The face finders: a plug-in each, beside the programs that open it. A library that is not installed is left out, and
# says so when it is asked for.
#
# ./dimple unpacks headers into build/unpacked instead of installing them, and the bare name of a library goes with them.
function(dimple_finder_library out name)
  file(GLOB versions /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/lib${name}.so.*)
  list(TRANSFORM versions REPLACE ".*/" "")
  find_library(${out} NAMES ${name} ${versions})
endfunction()

set(unpacked ${CMAKE_SOURCE_DIR}/build/unpacked/usr/include)
find_path(dlib_headers dlib/image_processing/frontal_face_detector.h PATHS ${unpacked})
dimple_finder_library(dlib_library dlib)
find_path(opencv_headers opencv2/core.hpp PATH_SUFFIXES opencv4)
find_path(opencv_objdetect_headers opencv2/objdetect.hpp PATHS ${unpacked} PATH_SUFFIXES opencv4)
dimple_finder_library(opencv_objdetect_library opencv_objdetect)
find_library(opencv_core_library opencv_core)
find_path(opencv_cascades haarcascades/haarcascade_frontalface_alt2.xml PATHS /usr/share PATH_SUFFIXES opencv4)

# dimple_finder_plugin(NAME HEADERS <folder>... LIBRARIES <file>...)
function(dimple_finder_plugin name)
  cmake_parse_arguments(arg "" "" "HEADERS;LIBRARIES" ${ARGN})
  add_library(dimple_find_${name} MODULE ${CMAKE_SOURCE_DIR}/src/detect/${name}_plugin.cc)
  target_include_directories(dimple_find_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_include_directories(dimple_find_${name} SYSTEM PRIVATE ${arg_HEADERS})
  target_link_libraries(dimple_find_${name} PRIVATE ${arg_LIBRARIES})
  set_target_properties(dimple_find_${name} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    CXX_CLANG_TIDY "" LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  if(NOT DIMPLE_FUZZ)  # fuzzers look for no faces
    add_dependencies(dimple_detect dimple_find_${name})
  endif()
  install(TARGETS dimple_find_${name} LIBRARY DESTINATION lib/dimple)
endfunction()

if(dlib_headers AND dlib_library)
  dimple_finder_plugin(dlib HEADERS ${dlib_headers} LIBRARIES ${dlib_library})
  target_compile_options(dimple_find_dlib PRIVATE -O2)  # also in a debug build: without it a picture takes seconds
endif()
if(opencv_headers AND opencv_objdetect_headers AND opencv_objdetect_library AND opencv_core_library AND opencv_cascades)
  dimple_finder_plugin(opencv HEADERS ${opencv_headers} ${opencv_objdetect_headers}
    LIBRARIES ${opencv_objdetect_library} ${opencv_core_library})
  target_compile_definitions(dimple_find_opencv PRIVATE DIMPLE_CASCADES="${opencv_cascades}")
endif()
target_compile_definitions(dimple_detect PRIVATE DIMPLE_PLUGIN_FOLDER="${CMAKE_BINARY_DIR}")
