# 64-bit x86, on top of avx512_vnni, whose words it shares: see there.
set(isa_macro __x86_64__)
set(isa_options -mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni -mavx512vpopcntdq -mfma
    -mprefer-vector-width=512 -O3)
