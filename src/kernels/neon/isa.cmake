# 64-bit ARM, all of which has it. Without a compiler's own order of instructions before registers are given out: it loads
# more at once than there are registers. -O3 in daily builds, too, as everywhere.
set(isa_macro __aarch64__)
set(isa_options -O3 -fno-schedule-insns)
