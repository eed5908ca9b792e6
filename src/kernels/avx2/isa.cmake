# 64-bit x86. The compiler always can; whether the processor can is asked when it runs (here.cc).
# -O3 in daily builds, too: a small function of a shared header that stayed a function here would be compiled for AVX2,
# and the linker might give it to everybody. A test looks for such functions (tests/device_archive_test.cc).
set(isa_macro __x86_64__)
set(isa_options -mavx2 -mfma -O3)
