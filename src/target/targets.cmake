# targets/*/target.json inside the program.
file(GLOB target_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/targets/*/target.json)
dimple_embed(target NAMESPACE dimple::target FUNCTION target_files BELOW ${CMAKE_SOURCE_DIR} FILES ${target_files})
