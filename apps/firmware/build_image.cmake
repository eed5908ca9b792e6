# cmake -DMACHINE=wasm -DIMAGES=<folder> -P build_image.cmake: configures on the first call, then only builds.
set(folder ${IMAGES}/${MACHINE})
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH apps)
cmake_path(GET apps PARENT_PATH source)
if(NOT EXISTS ${folder}/build.ninja)
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${source} --preset ${MACHINE} -B ${folder}
    WORKING_DIRECTORY ${source} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endif()
execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder} COMMAND_ERROR_IS_FATAL ANY)
