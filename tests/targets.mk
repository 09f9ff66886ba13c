# What people type.

# What builds for people uses all processors; a -j of theirs goes before.
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2))

.PHONY: help deps deps-test deps-bench demo demo-serve test check check-db check-e2e check-fault check-browser \
  check-full check-reference lint install uninstall fuzz clean headers layers
help:
	@sed -n 's/^#: //p' tests/targets.mk

#: make                 build the four programs into build/bin
#: make deps            install what building and the demo need (says what it installs)
deps:
	@sh schema/package/deps.sh demo
#: make deps-test       the same for the tests
deps-test:
	@sh schema/package/deps.sh test
#: make deps-bench      the same for the benchmarks
deps-bench:
	@sh schema/package/deps.sh bench

#: make demo            install, build, and publish the sample results into reports/
demo: deps
	@$(MAKE) $(PARALLEL) all
	@sh tests/demo.sh
#: make demo-serve      the same collector, left running on a loopback port
demo-serve: deps
	@$(MAKE) $(PARALLEL) all
	@sh tests/demo.sh --serve

#: make test            install, build, and run all tests (under 8 minutes)
test: deps-test
	@$(MAKE) $(PARALLEL) tests-all
tests-all: all headers layers $(UNIT_TESTS) $(DB_TESTS) $(CLIENTS) $(LOAD) $(FAULT_PROGRAMS)
	@$(RUN) $(UNIT_LIST) $(DB_LIST) $(E2E_LIST) $(FAULT_LIST) $(BROWSER_LIST)
.PHONY: tests-all

#: make check           the fast tier: no server, under 10 s
check: all headers layers $(UNIT_TESTS)
	@$(RUN) $(UNIT_LIST)
#: make check-db        a real PostgreSQL
check-db: all $(DB_TESTS)
	@JOBS=1 $(RUN) $(DB_LIST)
#: make check-e2e       all programs together over real HTTP
check-e2e: all $(CLIENTS)
	@JOBS=1 $(RUN) $(E2E_LIST)
#: make check-fault     kills and failing disks
check-fault: all $(CLIENTS) $(LOAD) $(FAULT_PROGRAMS)
	@JOBS=1 $(RUN) $(FAULT_LIST)
#: make fault-sweep     crosschip-submit killed or failed at every system call of one submission (minutes)
fault-sweep: all
	@BIN=$(V)/bin SWEEP=all sh tests/fault/submit_faults.sh
#: make torture         1,090 kills under load (about ten minutes), one line of figures; TORTURE= asks for others
torture: all $(FAULT_PROGRAMS)
	@O=$(O) BUILD=$(BUILD) BIN=$(V)/bin TESTBIN=$(V)/tests TORTURE="$(or $(TORTURE),0 700 220 50 120 40 0)" sh tests/fault/exactly_once.sh
#: make torture-proof   plants bugs into a copy and shows that the kills find each
torture-proof: all $(FAULT_PROGRAMS)
	@TESTBIN=$(V)/tests sh tests/fault/planted.sh
.PHONY: torture torture-proof
#: make property-follow HISTORIES (1000) random histories of the log and its followers; one again: CROSSCHIP_SEED=N
property-follow: $(V)/tests/db/test_histories
	env CROSSCHIP_HISTORIES=$(or $(HISTORIES),1000) $<
#: make histories-proof plants bugs into a copy and shows that the histories find each
histories-proof: all
	@sh tests/db/planted.sh
.PHONY: property-follow histories-proof
#: make check-browser   pages in a real browser
check-browser: all
	@JOBS=1 $(RUN) $(BROWSER_LIST)
#: make check-full      asan, tsan, valgrind, clang, lint, fuzz replay (under 45 minutes)
check-full: deps-test
	@sh tests/full.sh

headers: $(HEADER_CHECKS)
layers:
	@sh tests/lint/layers.sh
#: make check-reference make the reference values of statistics again with R, where it is installed
check-reference:
	@sh tests/reference/check.sh
#: make lint            layers, sizes, words, docs, format, cppcheck, gcc -fanalyzer, clang-tidy
lint: all headers
	@sh tests/lint/lint.sh
#: make fuzz            build the fuzz targets (BUILD=fuzz) and run each for FUZZ_SECONDS (default 60)
fuzz: deps-test
	@$(MAKE) $(PARALLEL) BUILD=fuzz fuzz-targets
	@sh tests/fuzz/run.sh
fuzz-targets: $(FUZZ_TARGETS)
.PHONY: fuzz-targets

#: make bench-submit    sending and reading, beside curl, a bare loop and python (needs make deps-bench)
bench-submit: all $(BENCH_PROGRAMS) $(CLIENTS)
	@for script in $(wildcard tests/bench/submit/*.sh tests/bench/submit_*.sh); do \
	  env BIN=$(V)/bin TESTBIN=$(V)/tests sh $$script || exit 1; done
.PHONY: bench-submit
#: make pressure        idle, slow and too many clients, and 64 of them for MINUTES (10)
pressure: all $(LOAD)
	@env BIN=$(V)/bin TESTBIN=$(V)/tests sh tests/fault/pressure.sh long
#: make pressure-tsan   COUNT (100000) requests under the thread sanitizer; pressure-valgrind: 1000 under memcheck
pressure-tsan:
	@$(MAKE) $(PARALLEL) BUILD=tsan $(O)/tsan/bin/crosschip-collector
	@$(MAKE) $(PARALLEL) $(LOAD)
	@$(MAKE) BUILD=tsan pressure-under-tsan
pressure-under-tsan:
	@$(FIXED_tsan) env BIN=$(O)/tsan/bin TESTBIN=$(O)/release/tests $(CHECKED_tsan) sh tests/fault/pressure.sh tsan
pressure-valgrind: all $(LOAD)
	@env BIN=$(V)/bin TESTBIN=$(V)/tests sh tests/fault/pressure.sh valgrind
.PHONY: pressure pressure-tsan pressure-under-tsan pressure-valgrind
#: make property-charts SETS (10000) random data sets of every chart family; one again: CROSSCHIP_PROPERTY_SEED=N
property-charts: $(V)/tests/unit/test_chart_property
	env CROSSCHIP_PROPERTY_SETS=$(or $(SETS),10000) $<
.PHONY: property-charts
#: make bench-plot      charts beside matplotlib and gnuplot (needs make deps-bench)
bench-plot: all $(BENCH_PROGRAMS) $(CLIENTS)
	@env BIN=$(V)/bin TESTBIN=$(V)/tests sh tests/bench/plot/run.sh
.PHONY: bench-plot
#: make bench-memory    the built-in benchmark beside bare loops, mbw and sysbench (needs make deps-bench)
bench-memory: all $(BENCH_PROGRAMS)
	@env BIN=$(V)/bin TESTBIN=$(V)/tests sh tests/bench/memory/run.sh
.PHONY: bench-memory
#: make bench-analyze   full tables beside percentile_cont and beside COPY and sort; publishing after 100 more; ROWS (1000000)
bench-analyze: all $(BENCH_PROGRAMS)
	@env BIN=$(V)/bin TESTBIN=$(V)/tests sh tests/bench/analyze/run.sh
.PHONY: bench-analyze
#: make bench-publish   10,000 values of 500 chips from a database to pages: first, unchanged, one new; CSV=FILE for others
bench-publish: all $(BENCH_PROGRAMS) $(CLIENTS)
	@env BIN=$(V)/bin TESTBIN=$(V)/tests sh tests/bench/publish/run.sh
.PHONY: bench-publish
#: make bench-ingest    how fast submissions become durable (needs make deps-bench); STORED=200000 also when full
bench-ingest: all $(BENCH_PROGRAMS)
	@env BIN=$(V)/bin TESTBIN=$(V)/tests sh tests/bench/ingest/run.sh
.PHONY: bench-ingest
#: make bench-follow    what a submission costs behind intake, and the lag of the followers under full load
bench-follow: all $(BENCH_PROGRAMS)
	@env BIN=$(V)/bin TESTBIN=$(V)/tests sh tests/bench/follow/run.sh
.PHONY: bench-follow
#: make bench-import    how fast import fills a database, beside what PostgreSQL takes at most
bench-import: all $(BENCH_PROGRAMS)
	@env BIN=$(V)/bin TESTBIN=$(V)/tests sh tests/bench/ingest/import.sh
.PHONY: bench-import

#: make install         into PREFIX (default /usr/local), below DESTDIR; make uninstall removes it
install: all
	@sh schema/package/install.sh install "$(DESTDIR)$(PREFIX)" "$(V)/bin" "$(PREFIX)"
uninstall:
	@sh schema/package/install.sh uninstall "$(DESTDIR)$(PREFIX)" "$(V)/bin"
#: make clean           remove build/
clean:
	@rm -rf $(O)
