#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

/*
 * What is handed in, brought into the enclave. Only regular files and folders are copied, never through a link, each within
 * bounds; what was left behind is listed with the reason. Contents are not looked at.
 */

/* Something that was not copied. */
struct intake_refusal {
	const char *path; /* inside the submission */
	const char *why;  /* translated */
};

struct intake_submission {
	const char *name; /* the folder's own name */
	const char *path; /* as the user wrote it */
	const char *copy; /* folder inside the enclave */
	const char *trouble; /* NULL, or why there is nothing to look at (translated) */
	struct intake_refusal *refusals;
	size_t refusal_count;
};

struct intake {
	struct wl_arena *arena; /* the caller's */
	struct intake_submission *submissions;
	size_t count;
	int *folders; /* descriptors, one a submission; -1: trouble */
	const char **links; /* folders of a class that are symbolic links: passed over, and to be told */
	size_t link_count;
};

/* Bounds of one submission. */
#define INTAKE_FILE_BYTES (16u << 20)
#define INTAKE_BYTES (64u << 20)
#define INTAKE_ENTRIES 4000
#define INTAKE_DEPTH 12

/*
 * Open PATH, outside the enclave: one submission, or a class, that is a folder in which a program's name occurs below two
 * subfolders while the folder itself has none (or AS_CLASS says so): then every subfolder is a submission. A path that
 * cannot be opened becomes a submission with trouble. Only names are read.
 */
void intake_open(struct intake *intake, const char *path, bool as_class);

/* Copy all that was opened below ROOM ("ROOM/sub/0001" ...). OWNER: user id that the copies belong to, -1: the caller. Returns 0 or -1. */
int intake_copy(struct intake *intake, const char *room, int owner, struct wl_err *err);

/* Copy the folder FROM (a descriptor) to TO, which must not exist, within the bounds; refusals are added to SUBMISSION (may be NULL). */
int intake_copy_folder(int from, const char *to, int owner, struct wl_arena *arena,
	struct intake_submission *submission, struct wl_err *err);

/* Copy our own programs, the folder labs/ in HOME (see cli.h), to TO. Returns 0 or -1. */
int intake_copy_ours(const char *home, const char *to, struct wl_arena *arena, struct wl_err *err);

/* Whether FILE is a name that a program NAME may have: NAME, NAME.py, NAME.sh, NAME.c. */
bool intake_is_program(const char *file, const char *name);

/* Whether FILE is a name that a program of any lesson may have. */
bool intake_is_any_program(const char *file);
