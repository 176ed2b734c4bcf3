#pragma once
#include <stdbool.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

/*
 * What a submission's Makefile makes. The text alone shows plain rules; patterns, variables and included files only make itself
 * can answer for, which runs whatever the Makefile says and so stays in the workshop.
 */
struct workshop;

enum makefile_way {
	MAKEFILE_NO,       /* it cannot make it */
	MAKEFILE_BUILT_IN, /* only by rules that make itself brings along */
	MAKEFILE_OWN,      /* by its own rules */
};

/* The Makefile in FOLDER has a rule with NAME among its targets. */
bool makefile_has_rule(const char *folder, const char *name);

/* There is a Makefile in FOLDER that could make NAME by something else than such a rule: it is worth asking. */
bool makefile_may_make(const char *folder, const char *name);

/*
 * Ask make in SUBFOLDER of WORKSHOP for each of NAMES (ends with NULL), without running a recipe. WAYS has as many elements. Returns 0,
 * or -1 when the cage could not be made. Where the Makefile cannot be read by make, or asking takes too long, all are MAKEFILE_NO;
 * *STOPPED tells the latter.
 */
int makefile_ask(struct workshop *workshop, const char *subfolder, const char *const *names,
	enum makefile_way *ways, bool *stopped, struct wl_arena *arena, struct wl_err *err);
