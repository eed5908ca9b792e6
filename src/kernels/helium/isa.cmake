# The vectors of Cortex-M55 and M85, what the compiler is told that the core has: there is nothing to ask when it runs.
set(isa_macro __ARM_FEATURE_MVE)
set(isa_options)
