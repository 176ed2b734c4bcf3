#pragma once
#include "harness/grading.h"

/*
 * Programs that do nothing of what is asked: they end at once, sleep, echo their terminal, or print what a right program prints in the
 * very same play. No requirement may pass on one of them by what happened in its own play, whatever it needs of other plays. They are
 * made from the registry, so that a requirement is tried from the day it is there.
 */

struct null_kind {
	const char *name;   /* "exits-1" */
	const char *script; /* for sh(1), behind the printing */
	bool prints;        /* first of all, what the reference program prints in that play */
};

extern const struct null_kind null_kinds[]; /* ends with a NULL name */

struct nulls;

/*
 * Begin: a process performs every play of every lesson (of PLAN->only alone, unless it is NULL) with each kind. Values are drawn from
 * SEED. What it uses lies in PLAN->room. Never returns NULL.
 */
struct nulls *nulls_up(const struct grading_plan *plan, uint64_t seed);

/* Wait until all are done. */
void nulls_await(struct nulls *nulls);

/* What came out, once awaited: R's verdict on programs of this kind; 0: it was not tried, by our fault. */
enum wl_verdict nulls_verdict(const struct nulls *nulls, const struct null_kind *kind, const struct wl_requirement *r);

void nulls_down(struct nulls *nulls); /* NULL is fine */
