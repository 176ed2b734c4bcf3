#pragma once
#include "harness/grade.h"

/*
 * A kept submission: a folder with submission.json (schema "wirelab-submission/1": who, seed, programs, names of observations)
 * and, for each performance, LESSON.SCENARIO.json (observation.h) and LESSON.SCENARIO.pcapng.
 */

#define BUNDLE_SCHEMA "wirelab-submission/1"

/* "missing", "found", "refused", "unbuilt". */
const char *bundle_state(enum wl_program_state state);

/* Write EVIDENCE to FOLDER, which is made; without captures. Returns 0 or -1. */
int bundle_write(const struct wl_evidence *evidence, const char *folder, struct wl_arena *arena, struct wl_err *err);

/* submission.json of EVIDENCE; text in ARENA. */
char *bundle_to_json(const struct wl_evidence *evidence, struct wl_arena *arena);

/*
 * Read the kept submissions at PATH: a kept submission's folder, a folder of such folders, or one observation's file (its programs
 * then count as found). Appends to *ALL, counts *COUNT, in ARENA. Returns 0 or -1. Nothing in the files is trusted.
 */
int bundle_read(const char *path, struct wl_arena *arena, struct wl_evidence **all, size_t *count,
	struct wl_err *err);
