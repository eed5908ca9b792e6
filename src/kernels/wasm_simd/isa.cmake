# WebAssembly. The compiler always can, and an engine that lacks vectors refuses the whole module. What wants unrolled
# loops says so itself: 17 KB less than -O3, at the same speed.
set(isa_macro __wasm__)
set(isa_options -msimd128 -O2 -fno-vectorize -fno-unroll-loops)
