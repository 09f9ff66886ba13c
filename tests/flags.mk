# Compiler flags: one set of warnings for gcc and one more for each compiler; all are errors.

COMPILER := $(if $(findstring clang,$(CC)),clang,gcc)

WARNINGS := -Wall -Wextra -Wpedantic -Wformat=2 -Wconversion -Wsign-conversion -Wshadow -Wundef -Wvla -Wcast-qual \
  -Wwrite-strings -Wpointer-arith -Wdouble-promotion -Wnull-dereference -Wstrict-prototypes -Wmissing-prototypes \
  -Wold-style-definition -Wredundant-decls -Wnested-externs -Wimplicit-fallthrough -Wswitch-enum -Wdate-time \
  -Wframe-larger-than=16384 -Wfloat-equal
WARNINGS_gcc := -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wformat-signedness -Wformat-overflow=2 \
  -Wformat-truncation=2 -Wstringop-overflow=4 -Warray-bounds=2 -Warith-conversion -Wcast-align=strict \
  -Wjump-misses-init -Walloc-zero -Wtrampolines -Wbidi-chars=any -Wuse-after-free=3 -Wdangling-pointer=2 \
  -Wimplicit-fallthrough=5
WARNINGS_clang := -Wcomma -Wassign-enum -Wconditional-uninitialized -Wloop-analysis -Wunreachable-code-aggressive \
  -Wshift-sign-overflow -Wthread-safety

MACHINE := $(shell uname -m)
SYSTEM := $(shell uname -s)

# The same last digit from every compiler: no fused multiply-add.
ARITHMETIC := -ffp-contract=off
COMMON := -std=gnu17 -D_GNU_SOURCE -I. -I$(O) $(ARITHMETIC) $(WARNINGS) $(WARNINGS_$(COMPILER)) $(WERROR)

HARDENED := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fno-delete-null-pointer-checks \
  -fno-strict-overflow -fPIE
ifeq ($(SYSTEM),Linux)
HARDENED += -fstack-clash-protection
HARDENED_LINK := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,nodlopen
LINK_COMMON := -Wl,--as-needed,--no-copy-dt-needed-entries
endif
ifeq ($(MACHINE),x86_64)
HARDENED += -fcf-protection=full
endif
ifeq ($(COMPILER),gcc)
HARDENED += -ftrivial-auto-var-init=zero
endif

CFLAGS_release := -O2 -g1 $(HARDENED)
LDFLAGS_release := $(HARDENED_LINK)
CFLAGS_debug := -O0 -g3
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_asan := -fsanitize=address,undefined
CFLAGS_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
LDFLAGS_tsan := -fsanitize=thread
CFLAGS_cov := -O0 -g --coverage
LDFLAGS_cov := --coverage
CFLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
LDFLAGS_fuzz := -fsanitize=address,undefined

CFLAGS_ALL = $(COMMON) $(CFLAGS_$(BUILD)) $(CFLAGS)
LDFLAGS_ALL = $(CFLAGS_$(BUILD)) $(LDFLAGS_$(BUILD)) $(LINK_COMMON) $(LDFLAGS)
