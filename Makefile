# wirelab: one Makefile, no recursion. A new file or lesson needs no line here. `make help` lists the targets.
V ?= 0
B := build
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' $(1) $(2))

CC ?= cc
CFLAGS ?= -O2 -g
libraries := libnl-3.0 libnl-route-3.0 libnl-idiag-3.0 libnftables libpcap libcap jansson libseccomp
need_flags = -std=gnu11 -D_GNU_SOURCE -I. -I$(B) -MMD -MP -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wno-missing-field-initializers \
	$(shell pkg-config --cflags $(libraries) 2>/dev/null)
need_libs = $(shell pkg-config --libs $(libraries) 2>/dev/null)
asan_flags := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -Werror
cov_flags := -O0 -g --coverage -fprofile-update=atomic -DWL_COVERAGE

lessons := $(sort $(patsubst labs/%/lesson.c,%,$(wildcard labs/*/lesson.c)))
ours := $(wildcard harness/*.c harness/base/*.c netns/*.c reports/*.c) \
	$(wildcard labs/*/lesson.c labs/*/checks.c) $(B)/registry.c
test_sources := $(wildcard tests/*.c) $(B)/suites.c
programs := $(patsubst %.c,%,$(filter-out %/lesson.c %/checks.c,$(wildcard labs/*/*.c)))
catalogues := $(patsubst reports/po/%.po,$(B)/locale/%/LC_MESSAGES/wirelab.mo,$(wildcard reports/po/*.po))
objects = $(patsubst $(B)/%.c,%.o,$(patsubst %.c,%.o,$(1)))

all: $(B)/wirelab $(programs:%=$(B)/%) $(catalogues) ## build the command and the reference programs
.PHONY: all

# The same sources three times: for use, under sanitizers, with coverage counters.
$(B)/wirelab: $(addprefix $(B)/,$(call objects,$(ours)))
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(need_libs)

$(B)/asan/wirelab: $(addprefix $(B)/asan/,$(call objects,$(ours)))
	$(call say,LINK,$@)
	$(Q)$(CC) $(asan_flags) -o $@ $^ $(need_libs)

$(B)/cov/wirelab: $(addprefix $(B)/cov/,$(call objects,$(ours)))
	$(call say,LINK,$@)
	$(Q)$(CC) $(cov_flags) -o $@ $^ $(need_libs)

tested = $(call objects,$(filter-out harness/main.c,$(ours)) $(test_sources))
$(B)/asan/unit: $(addprefix $(B)/asan/,$(tested))
	$(call say,LINK,$@)
	$(Q)$(CC) $(asan_flags) -o $@ $^ $(need_libs) -lcunit

$(B)/cov/unit: $(addprefix $(B)/cov/,$(tested))
	$(call say,LINK,$@)
	$(Q)$(CC) $(cov_flags) -o $@ $^ $(need_libs) -lcunit

define compile
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(need_flags) $(1) -c -o $@ $<
endef
$(B)/%.o: %.c
	$(call compile,$(CFLAGS))
$(B)/%.o: $(B)/%.c
	$(call compile,$(CFLAGS))
$(B)/asan/%.o: %.c
	$(call compile,$(asan_flags))
$(B)/asan/%.o: $(B)/%.c
	$(call compile,$(asan_flags))
$(B)/cov/%.o: %.c
	$(call compile,$(cov_flags))
$(B)/cov/%.o: $(B)/%.c
	$(call compile,$(cov_flags))

# Reference programs and odd peers: each builds by itself with plain cc.
$(programs:%=$(B)/%): $(B)/%: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -Wall -Wextra -o $@ $< -lpthread
$(programs:%=$(B)/asan/%): $(B)/asan/%: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(asan_flags) -Wall -Wextra -o $@ $< -lpthread

# Generated lists: the lessons are the folders of labs/, the suites are the files of tests/.
$(B)/registry.c: $(lessons:%=labs/%/lesson.c) Makefile
	@mkdir -p $(@D)
	$(Q){ echo '#include "harness/lesson.h"'; \
	for l in $(lessons); do echo "extern const struct wl_lesson lesson_$$l;"; done; \
	echo 'const struct wl_lesson *const wl_lessons[] = {'; \
	for l in $(lessons); do echo "	&lesson_$$l,"; done; echo '	NULL,'; echo '};'; } > $@
suites := $(patsubst tests/test_%.c,%,$(sort $(wildcard tests/test_*.c)))
$(B)/suites.c: $(wildcard tests/test_*.c) Makefile
	@mkdir -p $(@D)
	$(Q){ echo '#include "tests/tests.h"'; \
	for s in $(suites); do echo "void suite_$$s(void);"; done; \
	echo 'const struct suite suites[] = {'; \
	for s in $(suites); do echo "	{ \"$$s\", suite_$$s },"; done; echo '	{ NULL, NULL },'; echo '};'; } > $@

$(B)/locale/%/LC_MESSAGES/wirelab.mo: reports/po/%.po
	$(call say,MSGFMT,$<)
	@mkdir -p $(@D)
	$(Q)msgfmt --check -o $@ $<

-include $(wildcard $(B)/*.d $(B)/*/*.d $(B)/*/*/*.d $(B)/*/*/*/*.d)

clean: ## remove everything that was built
	rm -rf $(B) reports/out
help: ## this list
	@sed -n 's/^\([a-z_-]*\):.*## /\1\t/p' Makefile | expand -t 12
.PHONY: clean help
.SECONDARY:
