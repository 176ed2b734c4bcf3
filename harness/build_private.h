#pragma once
#include <sys/types.h>

#include "harness/build.h"
#include "harness/makefile.h"
#include "harness/workshop.h"

/* Inside building: build.c makes programs run, places.c finds them. */

enum form { NO_FORM, BY_MAKE, EXECUTABLE, PYTHON, SHELL, C_SOURCE };

struct place {
	enum form form;
	enum form plain; /* the best form beside the Makefile's */
	bool own_rule;   /* BY_MAKE: by a rule of the Makefile's own */
	const char *subfolder; /* "" for the top */
};

/* What a subfolder's Makefile says of each of the building's names. */
struct answers {
	const char *subfolder;
	enum makefile_way *ways;
};

struct building {
	const struct intake_submission *submission;
	struct wl_arena *arena;
	struct built *built;
	struct workshop *workshop; /* NULL until something must be built */
	const char *folder;        /* that programs run from */
	const char **names;        /* of all programs that are looked for; ends with NULL */
	size_t name_count;
	struct answers *answers;   /* one a subfolder whose Makefile was asked */
	size_t answer_count;
	bool unanswering;          /* one had to be stopped: no more is asked */
	struct wl_err *err;
};

/* Open the workshop, unless it is open. */
int building_open_workshop(struct building *building);

/* FILE in SUBFOLDER, relative to the submission. */
const char *building_path(const struct building *building, const char *subfolder, const char *file);

/* Whether FOLDER has a regular file NAME; *MODE (may be NULL) is its mode. */
bool building_regular_file(const char *folder, const char *name, mode_t *mode);

/* All folders that hold NAME in some form, the top folder first. Returns 0, or -1 when the harness is at fault. */
int building_find(struct building *building, const char *name, struct place **places, size_t *count);
