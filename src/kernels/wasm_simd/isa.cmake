# What the compiler is told that the engine has (-msimd128): an engine that lacks vectors refuses the whole module. What
# wants unrolled loops says so itself: 17 KB less than -O3, at the same speed.
set(isa_macro __wasm_simd128__)
set(isa_options -O2 -fno-vectorize -fno-unroll-loops)
