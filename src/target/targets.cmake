# targets/*/target.json and targets/*/costs.json inside the program.
foreach(kind target cost)
  file(GLOB ${kind}_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/targets/*/${kind}*.json)
  dimple_embed(target NAMESPACE dimple::target FUNCTION ${kind}_files BELOW ${CMAKE_SOURCE_DIR} FILES ${${kind}_files})
endforeach()
