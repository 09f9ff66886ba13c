# The tests. tests/unit/test_*.c and tests/db/test_*.c are cmocka programs, one each; other .c files
# of these folders are linked into all tests of the folder. tests/e2e/*.sh, tests/fault/*.sh and
# tests/lint/test_*.sh print TAP lines. tests/run.sh runs them, counts, and closes with
# "N passed, N failed".

TEST_ROOMS := submit submit/device submit/spool submit/watch submit/bench collector collector/http collector/follow \
  collector/people collector/take \
  collector/intake analyze analyze/site analyze/report \
  analyze/data plot $(PLOT_ROOMS) $(SERVER_ROOMS)
TEST_MODULES := $(MODULES)
TEST_ARCHIVES := $(foreach r,$(TEST_ROOMS),$(call archive,$(r)))

UNIT_TESTS := $(patsubst %.c,$(V)/%,$(wildcard tests/unit/test_*.c))
DB_TESTS := $(patsubst %.c,$(V)/%,$(wildcard tests/db/test_*.c))
FUZZ_TARGETS := $(patsubst %.c,$(V)/%,$(wildcard tests/fuzz/fuzz_*.c))
LOAD := $(V)/tests/bench/ingest/load
UNIT_HELPERS := $(patsubst %.c,$(V)/obj/%.o,$(filter-out $(wildcard tests/unit/test_*.c),$(wildcard tests/unit/*.c)))
DB_HELPERS := $(patsubst %.c,$(V)/obj/%.o,$(filter-out $(wildcard tests/db/test_*.c),$(wildcard tests/db/*.c)))
CLIENTS := $(patsubst %.c,$(V)/%,$(wildcard tests/e2e/*.c))
has_main := int main(
# A bench is a folder of tests/bench: each of its .c files that has a main is a program, the others are linked into it.
BENCH_PROGRAMS := $(patsubst %.c,$(V)/%,$(foreach source,$(wildcard tests/bench/*/*.c),$(if $(findstring $(has_main),$(file <$(source))),$(source))))
FAULT_PROGRAMS := $(V)/tests/fault/torture
SOURCES += $(wildcard tests/unit/*.c tests/db/*.c tests/fuzz/*.c tests/e2e/*.c tests/fault/*.c tests/bench/*/*.c)

# cmocka's header is included by tests only; the rest of the modules' headers stay in their rooms.
$(foreach source,$(wildcard tests/unit/*.c tests/db/*.c),$(eval modules_$(source) := cmocka))

link_test = $(QUIET_LD)$(CC) $(LDFLAGS_ALL) -o $@ $(filter %.o,$^) -Wl,--start-group $(TEST_ARCHIVES) -Wl,--end-group \
  $(foreach m,$(TEST_MODULES),$(LIBS_$(m))) -lm -lpthread

$(V)/tests/unit/test_%: $(V)/obj/tests/unit/test_%.o $(UNIT_HELPERS) $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(link_test)
$(V)/tests/db/test_%: $(V)/obj/tests/db/test_%.o $(DB_HELPERS) $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(link_test)
$(V)/tests/e2e/%: $(V)/obj/tests/e2e/%.o $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(link_test)
define bench_program
$(V)/$(1): $(V)/obj/$(1).o $(patsubst %.c,$(V)/obj/%.o,$(filter-out $(patsubst $(V)/%,%.c,$(BENCH_PROGRAMS)),$(wildcard $(dir $(1))*.c))) $(TEST_ARCHIVES)
	@mkdir -p $$(@D)
	$$(link_test)
endef
$(foreach program,$(patsubst $(V)/%,%,$(BENCH_PROGRAMS)),$(eval $(call bench_program,$(program))))
# The same bundles as for intake.
$(V)/tests/bench/follow/follow: $(V)/obj/tests/bench/ingest/bundles.o
$(V)/tests/fault/torture: $(patsubst %.c,$(V)/obj/%.o,$(wildcard tests/fault/*.c)) $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(link_test)
$(V)/tests/fuzz/fuzz_%: $(V)/obj/tests/fuzz/fuzz_%.o $(TEST_ARCHIVES)
	@mkdir -p $(@D)
	$(QUIET_LD)$(CC) $(LDFLAGS_ALL) $(if $(filter fuzz,$(BUILD)),-fsanitize=fuzzer) -o $@ $< -Wl,--start-group $(TEST_ARCHIVES) -Wl,--end-group \
	  $(foreach m,$(TEST_MODULES),$(LIBS_$(m))) -lm -lpthread

# Tests of exhausted memory take the place of malloc; the linker of macOS cannot do that.
ifeq ($(SYSTEM),Linux)
$(V)/tests/unit/test_base_oom: LDFLAGS_ALL += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
else
UNIT_TESTS := $(filter-out %/test_base_oom,$(UNIT_TESTS))
endif

test-bin-%: $(V)/tests/unit/test_% ;
run-%: $(V)/tests/unit/test_%
	env $(CHECKED_$(BUILD)) $<
unit-tests: $(UNIT_TESTS)
.PHONY: unit-tests
db-bin-%: $(V)/tests/db/test_% ;
.PRECIOUS: $(V)/obj/%.o

# Each header compiles alone.
HEADERS := $(wildcard $(addsuffix /*.h,$(ROOMS)))
HEADER_CHECKS := $(patsubst %.h,$(V)/header/%.ok,$(HEADERS))
$(V)/header/%.ok: %.h $(V)/stamp/flags | $(EMBEDDED)
	@mkdir -p $(@D)
	@printf '#include "$<"\nextern int compiled_alone;\n' | $(CC) $(CFLAGS_ALL) $(foreach m,$(TEST_MODULES),$(CFLAGS_$(m))) -fsyntax-only -x c -MMD -MP -MF $(@:.ok=.d) -MT $@ -
	@touch $@
-include $(HEADER_CHECKS:.ok=.d)

# What the sanitizers look for and know, for programs that scripts start as well. The thread sanitizer of gcc 12
# does not know the addresses of kernels that choose them from more than 28 bits.
CHECKED_asan := ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1:strict_string_checks=1:detect_leaks=1 \
  LSAN_OPTIONS="suppressions='$(CURDIR)/tests/lsan.supp':print_suppressions=0" CROSSCHIP_TEST_PATIENCE=10
CHECKED_tsan := TSAN_OPTIONS="suppressions='$(CURDIR)/tests/tsan.supp'" CROSSCHIP_TEST_PATIENCE=10
FIXED_tsan = $(shell [ "$$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 0)" -gt 28 ] && \
  setarch -R true 2>/dev/null && echo setarch -R)
RUN = $(FIXED_$(BUILD)) env O=$(O) BUILD=$(BUILD) BIN=$(V)/bin TESTBIN=$(V)/tests $(CHECKED_$(BUILD)) sh tests/run.sh
UNIT_LIST = $(UNIT_TESTS) $(wildcard tests/lint/test_*.sh) $(wildcard tests/unit/*.sh)
DB_LIST = $(DB_TESTS)
# beside.sh is read by others.
E2E_LIST = $(filter-out %/beside.sh,$(wildcard tests/e2e/*.sh))
# torture.sh is no test, planted.sh has a target of its own.
FAULT_LIST = $(filter-out %/torture.sh %/planted.sh,$(wildcard tests/fault/*.sh))
BROWSER_LIST = $(filter-out %/packages.sh,$(wildcard tests/browser/*.sh))
