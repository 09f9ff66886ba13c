# Crosschip: one make process builds all rooms. `make help` lists the targets.
#
# A room is a folder with a line in a room.mk:
#   $(eval $(call room,schema/base))                 all *.c of the folder become one archive
#   $(eval $(call embed,schema/sql,$(wildcard …)))   files become gen/schema/sql/files.inc, an array
#                                                    of struct embedded_file (schema/base/embedded.h)
#   $(eval $(call program,submit,ROOMS,MODULES))     submit/main.c + archives = crosschip-submit
# Single pieces: make lib-schema-base, make test-bin-base_buf (tests/unit/test_base_buf.c),
# make run-base_buf (builds and runs it). Variants: make BUILD=debug|release|asan|tsan|cov|fuzz;
# another compiler gets another tree: make CC=clang O=build-clang.

MAKEFLAGS += -rR --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

O ?= build
BUILD ?= release
PREFIX ?= /usr/local
DESTDIR ?=
WERROR ?= -Werror
ifneq ($(filter default undefined,$(origin CC)),)
CC := $(if $(filter fuzz,$(BUILD)),clang,gcc)
endif
ifneq ($(filter default undefined,$(origin AR)),)
AR := ar
endif
V := $(O)/$(BUILD)
ifeq ($(filter debug release asan tsan cov fuzz,$(BUILD)),)
$(error BUILD=$(BUILD) is none of debug release asan tsan cov fuzz)
endif

# Goals that must work before anything is installed.
SETUP_GOALS := deps deps-test deps-bench help clean demo demo-serve test check-full check-reference distclean
GOALS := $(or $(MAKECMDGOALS),all)
BUILDING := $(filter-out $(SETUP_GOALS),$(GOALS))

# ---------------------------------------------------------------- flags
include tests/flags.mk

# ---------------------------------------------------------------- libraries
# Flags of the outside libraries, asked once and kept.
MODULES := libcjson libcurl libmicrohttpd gnutls libpq libsodium expat zlib libzstd libdeflate libpng cairo pangocairo pangoft2 fontconfig cmocka
ifneq ($(BUILDING),)
-include $(O)/modules.mk
endif
$(O)/modules.mk: Makefile
	@mkdir -p $(@D)
	@command -v pkg-config >/dev/null || { echo "error: pkg-config is missing" >&2; echo "hint: run make deps" >&2; exit 1; }
	@{ for m in $(MODULES); do if pkg-config --exists $$m; then \
	  echo "CFLAGS_$$m := $$(pkg-config --cflags $$m | sed 's/-I/-isystem /g')"; echo "LIBS_$$m := $$(pkg-config --libs $$m)"; \
	  else echo "MISSING += $$m"; fi; done; } > $@.tmp && mv $@.tmp $@
ifneq ($(MISSING),)
ifneq ($(BUILDING),)
ifeq ($(filter-out libmicrohttpd gnutls libpq cmocka,$(MISSING)),)
$(info note: without $(MISSING) not everything can be built; run make deps-test)
else
$(info error: missing libraries: $(MISSING))
$(info hint: run make deps)
$(error libraries are missing)
endif
endif
endif

# ---------------------------------------------------------------- rooms
# $(call stamp,FILE,TEXT) rewrites FILE only when TEXT changed, without starting a process.
stamp = $(if $(wildcard $(1)),,$(shell mkdir -p $(dir $(1))))$(if $(and $(wildcard $(1)),$(call same,$(file <$(1)),$(2))),,$(file >$(1),$(2)))
same = $(if $(and $(findstring x$(strip $(1))x,x$(strip $(2))x),$(findstring x$(strip $(2))x,x$(strip $(1))x)),yes)
archive = $(V)/lib/lib$(subst /,-,$(1)).a

ROOMS :=
EMBEDDED :=
PROGRAMS :=
SOURCES :=

# $(1) folder, $(2) pkg-config modules whose headers it uses
define room
ROOMS += $(1)
$(1)_sources := $(filter-out $(1)/main.c,$(wildcard $(1)/*.c))
SOURCES += $(wildcard $(1)/*.c)
$(foreach source,$(wildcard $(1)/*.c),$(eval modules_$(source) := $(2)))
$(call archive,$(1)): $(patsubst %.c,$(V)/obj/%.o,$(filter-out $(1)/main.c,$(wildcard $(1)/*.c))) $(V)/stamp/$(subst /,-,$(1))
	@rm -f $$@
	@mkdir -p $$(@D)
	$$(QUIET_AR)$(AR) rcsD $$@ $$(filter %.o,$$^)
lib-$(subst /,-,$(1)): $(call archive,$(1))
.PHONY: lib-$(subst /,-,$(1))
endef

# $(1) name in gen/, $(2) files
define embed
EMBEDDED += $(O)/gen/$(1)/files.inc
$(O)/gen/$(1)/files.inc: $(sort $(2)) $(O)/gen/$(1)/list schema/base/embed.sh
	$$(QUIET_GEN)sh schema/base/embed.sh $(sort $(2)) > $$@
$(O)/gen/$(1)/list: ;
EMBED_LISTS += $(1)
embed_$(1) := $(sort $(2))
endef

# $(1) program folder, $(2) rooms it links, $(3) modules it links
define program
PROGRAMS += $(1)
program_$(1)_rooms := $(2)
program_$(1)_modules := $(3)
$(V)/bin/crosschip-$(1): $(V)/obj/$(1)/main.o $(foreach r,$(2),$(call archive,$(r))) $(V)/stamp/flags
	@mkdir -p $$(@D)
	$$(QUIET_LD)$(CC) $(LDFLAGS_ALL) -o $$@ $(V)/obj/$(1)/main.o -Wl,--start-group $(foreach r,$(2),$(call archive,$(r))) -Wl,--end-group $(foreach m,$(3),$$(LIBS_$(m))) -lm -lpthread
endef

ifeq ($(VERBOSE),)
QUIET_CC = @echo "  CC   $@";
QUIET_AR = @
QUIET_LD = @echo "  LINK $@";
QUIET_GEN = @
endif

include $(wildcard schema/room.mk plot/room.mk submit/room.mk collector/room.mk analyze/room.mk)

$(foreach list,$(EMBED_LISTS),$(call stamp,$(O)/gen/$(list)/list,$(embed_$(list))))
ifneq ($(BUILDING),)
$(call stamp,$(V)/stamp/flags,$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL))
$(foreach r,$(ROOMS),$(call stamp,$(V)/stamp/$(subst /,-,$(r)),$($(r)_sources)))
endif
$(V)/stamp/%: ;

$(V)/obj/%.o: %.c $(V)/stamp/flags | $(EMBEDDED)
	@mkdir -p $(@D)
	$(QUIET_CC)$(CC) $(CFLAGS_ALL) $(foreach m,$(modules_$<),$(CFLAGS_$(m))) -MMD -MP -c -o $@ $<

# ---------------------------------------------------------------- programs
PROGRAM_FILES := $(foreach p,$(PROGRAMS),$(V)/bin/crosschip-$(p))
all: $(PROGRAM_FILES) $(if $(filter release,$(BUILD)),$(foreach p,$(PROGRAMS),$(O)/bin/crosschip-$(p)))
$(O)/bin/crosschip-%: $(V)/bin/crosschip-%
	@mkdir -p $(@D)
	@ln -sfn ../$(BUILD)/bin/crosschip-$* $@ && touch $@
.PHONY: all

include tests/tests.mk
include tests/targets.mk

-include $(patsubst %.c,$(V)/obj/%.d,$(SOURCES))
