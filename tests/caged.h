#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "harness/proc.h"

/*
 * For tests: a program in a cage on a stage of two unconnected hosts, and all it has printed so
 * far.
 */
struct caged {
	struct topo *topo;
	struct proc *proc;
	char said[1 << 17]; /* a NUL byte behind it */
	size_t len;
	bool drained; /* the terminal has been closed at the program's end */
	bool ended;
	int status;
};

#define CAGED_PATIENCE_S 60 /* a loaded machine is slow; a right test never waits that long */

/*
 * Start what SPEC says; topo is filled in, an empty scratch folder stands in for a NULL folder and
 * "" for a NULL subfolder. A failure fails the test and returns false. With SPEC.writable the
 * folder is given to the root of the host. End with caged_down() in any case.
 */
bool caged_up(struct caged *caged, struct proc_spec spec);
void caged_down(struct caged *caged);

/* The same with "/usr/bin/python3 -c SCRIPT" and "sh -c SCRIPT". */
bool caged_python(struct caged *caged, const char *script, struct proc_spec spec);
bool caged_shell(struct caged *caged, const char *script, struct proc_spec spec);

/* Look after it once: wait for at most 20 ms for something to happen, read, tend. */
void caged_turn(struct caged *caged);

/*
 * Look after it until it has printed TEXT, or has ended and printed its last. Returns false when
 * time is up.
 */
bool caged_hears(struct caged *caged, const char *text);
bool caged_ends(struct caged *caged);

/* How it ended. */
bool caged_exited(const struct caged *caged, int code);
bool caged_killed(const struct caged *caged, int signal);

/*
 * Look after it until it reads its terminal: the moment for Ctrl-C, since Python forgets an
 * interrupt that comes between its prompt and its read. Returns false when time is up.
 */
bool caged_reads(struct caged *caged);

/* Type TEXT; a failure fails the test. */
void caged_type(struct caged *caged, const char *text);

/* Look after it until CONDITION holds or all is over. Its value is whether it came to hold. */
#define caged_until(caged, condition)                                                              \
	({                                                                                         \
		uint64_t until_ns = wl_monotonic_ns() + CAGED_PATIENCE_S * 1000000000ull;          \
		bool holds;                                                                        \
		while (!(holds = (condition)) && wl_monotonic_ns() < until_ns                      \
			&& !((caged)->ended && (caged)->drained))                                  \
			caged_turn(caged);                                                         \
		holds;                                                                             \
	})

/* A new scratch folder with one file in it; the path stays valid until the next call. */
const char *caged_folder(const char *name, const char *content, mode_t mode);

/*
 * How many processes there are in this PID namespace, those that only wait to be reaped not
 * counted.
 */
size_t caged_processes(void);
size_t caged_descriptors(void);
