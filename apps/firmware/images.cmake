# Every emulated machine's images, each made by its own cross preset below images/ of this build folder, so that
# builds for different hosts do not disturb each other. The name of a preset is the name of its machine.
set(DIMPLE_IMAGES ${CMAKE_BINARY_DIR}/images)
set(commands)
file(GLOB boards CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/targets/*/target.json)
foreach(board ${boards})
  file(READ ${board} board)
  string(JSON machine GET "${board}" machine)
  list(APPEND commands COMMAND ${CMAKE_COMMAND} -DMACHINE=${machine} -DIMAGES=${DIMPLE_IMAGES}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/build_image.cmake)
endforeach()
add_custom_target(images ${commands} VERBATIM USES_TERMINAL COMMENT "Images for the emulated machines")

# Where `dimple signature --all` looks when it is not told; and its tests, and those of kernels, require all machines.
get_target_property(kind dimple_workflow TYPE)
if(kind STREQUAL STATIC_LIBRARY)
  target_compile_definitions(dimple_workflow PRIVATE DIMPLE_IMAGES="${DIMPLE_IMAGES}")
endif()
function(dimple_tests_need_images)
  foreach(tests profile_tests workflow_tests)
    if(TARGET ${tests})
      add_dependencies(${tests} images)
    endif()
  endforeach()
endfunction()
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL dimple_tests_need_images)
