#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/lesson.h"

/* What a submission is worth: verdicts with their reasons. Plain data in an arena. */

/* Zero is none of them: who says nothing scores as BROKEN. */
enum wl_verdict {
	WL_PASS = 1,
	WL_FAIL,
	WL_BLOCKED, /* a requirement that it needs did not pass */
	WL_NOTRUN,  /* the machine lacks what the check needs */
	WL_BROKEN,  /* the harness or the machine is at fault */
};

struct wl_finding {
	const struct wl_requirement *requirement;
	enum wl_verdict verdict;
	const char *expected; /* "" when there is nothing to say; in the user's language */
	const char *actual;
	uint32_t frame;       /* number of the frame that shows it, or 0 */
	const char *line;     /* the terminal line that shows it, or NULL */
	const struct wl_observation *seen; /* the performance it was judged on, or NULL */
	const enum wl_verdict *runs; /* when it was judged several times: the verdict of each run; else NULL */
	const char *label;       /* what would explain the wrong bytes, for machines (explain.h), or NULL */
	const char *explanation; /* ... for people, in their language, or NULL */
};

enum wl_program_state {
	WL_PROGRAM_MISSING = 1,
	WL_PROGRAM_FOUND,
	WL_PROGRAM_REFUSED, /* there, but cannot be taken: words say why (a link, two of them, too large, unreadable) */
	WL_PROGRAM_UNBUILT, /* does not compile: words are the compiler's */
};

/* A program of a lesson, as it was found in the submission. */
struct wl_program {
	const char *lesson;
	const char *name;
	enum wl_program_state state;
	const char *file;  /* path inside the submission, "" when missing */
	const char *words; /* why not, or "" */
};

/* Everything seen of one submission: judging needs no more. */
struct wl_evidence {
	const char *name;
	const char *path;
	uint64_t seed;
	struct wl_program *programs;
	size_t program_count;
	struct wl_observation **observations;
	size_t observation_count;
	const char *trouble; /* NULL, or why it could not be graded at all */
	bool partial; /* some of the plays alone were kept: requirements on others are left out */
	bool trouble_is_ours; /* else the submission's: an unreadable folder */
};

struct wl_lesson_grade {
	const struct wl_lesson *lesson;
	int passed; /* 1, 0, or -1: nothing failed, but something scored was not judged */
	unsigned int points, out_of;
	struct wl_finding *findings; /* one a requirement, in the lesson's order */
	size_t finding_count;
};

struct wl_submission_grade {
	const struct wl_evidence *evidence;
	unsigned int points, out_of;
	struct wl_lesson_grade *lessons;
	size_t lesson_count;
	const struct wl_submission_grade *runs; /* when it was graded several times: each; else NULL */
	size_t run_count;
};

struct wl_grade {
	uint64_t seed;
	struct wl_submission_grade *submissions;
	size_t submission_count;
};

/* "pass", "fail", "blocked", "notrun", "broken": for machines. */
const char *wl_verdict_name(enum wl_verdict verdict);

/* Whether FINDING, of a submission graded RUN_COUNT times, came out differently from run to run. */
bool wl_is_unstable(const struct wl_finding *finding, size_t run_count);

/* The exit status of design: 0 all passed, 1 something failed, 3 harness broke, 4 something scored was not run. */
int wl_exit_status(const struct wl_grade *grade);
