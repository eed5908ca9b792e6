# models/<name>/<name>.safetensors and models/<name>/MODEL_CARD.{md,json} inside the program.
set(DIMPLE_MODELS ${CMAKE_SOURCE_DIR}/models CACHE PATH "Folder of the models that are compiled in")
file(GLOB stored CONFIGURE_DEPENDS ${DIMPLE_MODELS}/*/*.safetensors ${DIMPLE_MODELS}/*/MODEL_CARD.md
     ${DIMPLE_MODELS}/*/MODEL_CARD.json)
dimple_embed(model NAMESPACE dimple::model FUNCTION stored_files BELOW ${DIMPLE_MODELS} FILES ${stored})
