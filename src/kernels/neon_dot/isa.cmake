# 64-bit ARM. The compiler always can; whether the processor can is asked when it runs (here.cc).
# -O3 in daily builds, too: a small function of a shared header that stayed a function here would be compiled with dot
# products, and the linker might give it to everybody. A test looks for such functions (tests/device_archive_test.cc).
set(isa_macro __aarch64__)
set(isa_options -march=armv8.2-a+dotprod -O3 -fno-schedule-insns)
