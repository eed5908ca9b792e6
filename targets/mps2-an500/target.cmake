include(${CMAKE_SOURCE_DIR}/targets/cortex-m/cortex-m.cmake)
dimple_cortex_m_image(${CMAKE_SOURCE_DIR}/targets/mps2-an500)
