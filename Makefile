# wirelab: one Makefile, no recursion. A new file or lesson needs no line here. `make help` lists the targets.
V ?= 0
B := build
SEED ?= 7
MOST ?= 1
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(2))
MAKEFLAGS += -j$(shell nproc)

CC ?= cc
CFLAGS ?= -O2 -g
libraries := libnl-3.0 libnl-route-3.0 libnftables libpcap libcap jansson libseccomp
# What pkg-config knows is asked once, when the first file is compiled: by then `deps` has installed it.
memo = $(or $(memo_$(1)),$(eval memo_$(1) := $(shell pkg-config --$(1) $(libraries)))$(memo_$(1)),$(error \
	libraries are missing: run "make deps"))
need_flags = -std=gnu11 -D_GNU_SOURCE -I. -I$(B) -MMD -MP -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wno-missing-field-initializers $(call memo,cflags)
need_libs = $(call memo,libs)
use_flags = $(CFLAGS)
asan_flags := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -Werror
cov_flags := -O0 -g --coverage -fprofile-update=atomic -DWL_COVERAGE

lessons := $(sort $(patsubst labs/%/lesson.c,%,$(wildcard labs/*/lesson.c)))
ours := $(wildcard harness/*.c harness/base/*.c netns/*.c reports/*.c) \
	$(wildcard labs/*/lesson.c labs/*/checks*.c) $(B)/registry.c
test_sources := $(wildcard tests/*.c) $(B)/suites.c
programs := $(patsubst %.c,%,$(filter-out $(ours),$(wildcard labs/*/*.c)))
catalogues := $(patsubst reports/po/%.po,locale/%/LC_MESSAGES/wirelab.mo,$(wildcard reports/po/*.po))
probes := $(patsubst %.c,$(B)/%,$(wildcard tests/bench/*.c))
objects = $(patsubst $(B)/%,%,$(1:.c=.o))
tested = $(call objects,$(filter-out harness/main.c harness/cmd_%.c,$(ours)) $(test_sources))
command = $(1)/wirelab $(programs:%=$(1)/%) $(catalogues:%=$(1)/%)

# These goals install what is missing before anything is compiled.
first := $(if $(filter demo check prove soak coverage bench,$(MAKECMDGOALS)),deps)
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

all: $(call command,$(B)) ## build the command, build/wirelab, and the reference programs
deps: ## install the packages that are missing
	$(Q)harness/dist/install-deps.sh
demo: all ## grade the small class in fixtures/classroom and show the report
	$(Q)$(B)/wirelab grade -j 4 fixtures/classroom || [ $$? -eq 1 ]
check: all layers catalogues $(B)/asan/unit $(call command,$(B)/asan) ## build, then run all tests, under ASan and UBSan
	$(Q)tests/run $(B)/asan
prove: all ## prove the grader: wrong programs fail as they must, right ones pass (MOST=1000: all there are; soak tries all)
	$(Q)mkdir -p reports/out
	$(Q)$(B)/wirelab prove --seed $(SEED) --most $(MOST) --state reports/out/proof.jsonl
soak: all ## the same 20 times under load, for hours; goes on where it was cut off
	$(Q)mkdir -p reports/out
	$(Q)$(B)/wirelab prove --rounds 20 --hogs $$((2 * $$(nproc))) -j 8 --resume --state reports/out/soak.jsonl
coverage: $(B)/cov/unit $(call command,$(B)/cov) ## run all tests and write reports/out/coverage/index.html
	$(Q)tests/coverage $(B)/cov reports/out/coverage
layers: ## fail if a folder includes what is none of its business
	$(Q)tests/layers
catalogues: | $(first) ## fail if a text is missing in a catalogue or one is left over
	$(Q)harness/dist/check-catalogue.sh
po: ## bring the catalogues in reports/po up to date with the sources
	$(Q)harness/dist/check-catalogue.sh --refresh
bench: all $(probes) ## measure
	$(Q)for probe in $(probes); do $$probe || exit; done
clean: ## remove everything that was built
	rm -rf $(B) reports/out
help: ## this list
	@sed -n 's/^\([a-z_-]*\):.*## /\1\t/p' Makefile | expand -t 12
.PHONY: always all deps demo check prove soak coverage layers catalogues po bench clean help
.SECONDARY:
.DELETE_ON_ERROR:

define compile
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(need_flags) $(1) -c -o $@ $<
endef
define link
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(1) -o $@ $^ $(LDFLAGS) $(need_libs)
endef

# The same sources three times: for use, under sanitizers, with coverage counters. $(1) folder, $(2) flags, $(3) flags
# of the reference programs and odd peers, each of which builds by itself with plain cc. In a cage no counter can be written.
define variant
$(1)/wirelab: $(addprefix $(1)/,$(call objects,$(ours)))
	$$(call link,$$($(2)))
$(1)/unit: $(addprefix $(1)/,$(tested))
	$$(call link,$$($(2))) -lcunit
$(1)/tests/%.o: tests/%.c | $(first)
	$$(call compile,$$($(2)) -Wno-missing-prototypes)
$(1)/%.o: %.c | $(first)
	$$(call compile,$$($(2)))
$(1)/%.o: $(B)/%.c | $(first)
	$$(call compile,$$($(2)))
$(programs:%=$(1)/%): $(1)/%: %.c $(wildcard labs/*/*.h) | $(first)
	$$(call say,CC,$$<)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$($(3)) -Wall -Wextra -o $$@ $$< -lpthread
$(1)/locale/%/LC_MESSAGES/wirelab.mo: reports/po/%.po | $(first)
	$$(call say,MSGFMT,$$<)
	@mkdir -p $$(@D)
	$$(Q)msgfmt --check -o $$@ $$<
endef
$(eval $(call variant,$(B),use_flags,use_flags))
$(eval $(call variant,$(B)/asan,asan_flags,asan_flags))
$(eval $(call variant,$(B)/cov,cov_flags,use_flags))

$(probes): $(B)/tests/bench/%: $(addprefix $(B)/,$(call objects,$(filter-out harness/main.c harness/cmd_%.c,$(ours)))) \
		$(B)/tests/bench/%.o
	$(call link,$(use_flags))

# Generated lists: the lessons are the folders of labs/, the suites are the files of tests/.
# They are made anew each time, since a folder may have gone, and put in place when they differ.
$(B)/registry.c: always
	@mkdir -p $(@D)
	$(Q){ echo '#include "harness/lesson.h"'; \
	for l in $(lessons); do echo "extern const struct wl_lesson lesson_$$l;"; done; \
	echo 'const struct wl_lesson *const wl_lessons[] = {'; \
	for l in $(lessons); do echo "	&lesson_$$l,"; done; echo '	NULL,'; echo '};'; } > $@.new
	$(Q)$(put)
suites := $(patsubst tests/test_%.c,%,$(sort $(wildcard tests/test_*.c)))
$(B)/suites.c: always
	@mkdir -p $(@D)
	$(Q){ echo '#include "tests/tests.h"'; \
	for s in $(suites); do echo "void suite_$$s(void);"; done; \
	echo 'const struct suite suites[] = {'; \
	for s in $(suites); do echo "	{ \"$$s\", suite_$$s },"; done; echo '	{ NULL, NULL },'; echo '};'; } > $@.new
	$(Q)$(put)
put = cmp -s $@ $@.new || mv $@.new $@; rm -f $@.new

-include $(wildcard $(B)/*.d $(B)/*/*.d $(B)/*/*/*.d $(B)/*/*/*/*.d)
