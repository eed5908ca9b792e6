# 64-bit x86, on top of avx2, whose words it shares: see there. Without AVX-512: its kernels run on processors that have
# none.
set(isa_macro __x86_64__)
set(isa_options -mavx2 -mfma -mavxvnni -O3)
