# RISC-V with multiplication and nothing wider than a register: RV32IMAC and its like. What the compiler is told that the
# core has: there is nothing to ask when it runs.
set(isa_macro __riscv_mul)
set(isa_options)
