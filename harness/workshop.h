#pragma once
#include <stdbool.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

/*
 * Where submissions are built: a host without any cable, and a writable copy of the submission on a tmpfs of its own,
 * so that a build that fills the disk fills nothing but that.
 */
struct workshop;

/* COPY is the submission as it was copied, FOLDER the path at which its writable copy is made. Returns 0 or -1. */
int workshop_up(struct workshop **out, const char *copy, const char *folder, struct wl_arena *arena,
	struct wl_err *err);
void workshop_down(struct workshop *workshop); /* NULL is fine; FOLDER stays, for the programs to run from */

/*
 * Run ARGV (ends with NULL) in SUBFOLDER of the writable copy. *OUTPUT is what it printed (in ARENA, at most 64 KiB), *STATUS
 * as of waitpid(2), -1 when it had to be stopped (time, memory, output,
 * or because it waited for input). Returns 0, or -1 when the cage could not be made.
 */
int workshop_run(struct workshop *workshop, const char *subfolder, const char *const *argv,
	const char **output, int *status, struct wl_err *err);
