#pragma once
#include "harness/base/err.h"
#include "harness/proc.h"

/* SPEC's limits with the defaults of proc.h where it has a 0. */
struct proc_limits cage_limits(const struct proc_spec *spec);

/*
 * The arguments of bubblewrap that describe SPEC's cage, each ending with a NUL byte, in a new
 * memory file that is closed on exec and read from its start: what --args takes. The caller closes
 * it. Returns -1 and fills ERR.
 */
int cage_arguments(const struct proc_spec *spec, struct wl_err *err);

/*
 * What a forked child needs to become bubblewrap. All are descriptors of the parent; bubblewrap
 * gets no other.
 */
struct cage_entry {
	pid_t parent;  /* whose death kills it */
	int terminal;  /* becomes 0, 1 and 2 */
	int arguments; /* from cage_arguments() */
	int filter;    /* from seccomp_filter(), or -1 */
	int report;    /* bubblewrap writes its JSON status there */
	int complaint; /* a failure to become bubblewrap is written there as text; closed on exec */
};

/*
 * For a freshly forked child: leave the parent's session, enter SPEC's host and become bubblewrap
 * with SPEC's program.
 */
_Noreturn void cage_enter(const struct proc_spec *spec, const struct cage_entry *entry);

/* Bubblewrap, and the step inside that gives the program its terminal. */
#define CAGE_BWRAP "/usr/bin/bwrap"
#define CAGE_SETSID "/usr/bin/setsid"
