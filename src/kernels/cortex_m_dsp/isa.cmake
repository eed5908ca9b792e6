# What the compiler is told that the core has (-mcpu=cortex-m4, m7, m33): there is nothing to ask when it runs.
set(isa_macro __ARM_FEATURE_SIMD32)
set(isa_options)
