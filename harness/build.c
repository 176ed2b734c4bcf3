/*
 * A role's program is taken from the submission's top folder or, if one place alone has it, from below; places.c finds it.
 *
 * C is compiled alone first; if names are undefined, together with those other .c files of the folder that define no main. A workshop is
 * opened only when something must be built, and then all programs of the submission run from its copy.
 */
#include "harness/build_private.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

int building_open_workshop(struct building *building)
{
	if (building->workshop)
		return 0;
	building->folder = wl_format(building->arena, "%s-build", building->submission->copy);
	if (workshop_up(&building->workshop, building->submission->copy, building->folder, building->arena,
		    building->err) < 0)
		return -1;
	building->folder = wl_format(building->arena, "%s/tree", building->folder);
	return 0;
}

static void make_runnable(struct building *building, const char *subfolder, const char *name,
	const char *interpreter, const char *file)
{
	struct play_program *program =
		wl_append(building->arena, &building->built->runnable, &building->built->runnable_count);
	const char **argv = wl_alloc_array(building->arena, 3, sizeof(*argv));

	argv[0] = interpreter ? interpreter : wl_format(building->arena, "./%s", file);
	argv[1] = interpreter ? file : NULL;
	program->role = name;
	program->argv = argv;
	program->subfolder = subfolder;
}

/* Compiles $1.c alone; when names are undefined, with the folder's other .c files that define no main. */
static const char compile_c[] =
	"name=$1\n"
	"cc -O1 -g -o \"$name\" \"$name.c\" -lpthread -lm 2>\"/tmp/$name.log\" && { cat \"/tmp/$name.log\"; exit 0; }\n"
	"grep -q 'undefined reference' \"/tmp/$name.log\" || { cat \"/tmp/$name.log\"; exit 1; }\n"
	"set --\n"
	"for file in ./*.c; do\n"
	"	[ \"$file\" = \"./$name.c\" ] && continue\n"
	"	cc -O1 -g -c -o \"/tmp/${file%.c}.o\" \"$file\" 2>/dev/null || continue\n"
	"	nm \"/tmp/${file%.c}.o\" | grep -q ' T main$' || set -- \"$@\" \"/tmp/${file%.c}.o\"\n"
	"done\n"
	"[ $# -gt 0 ] || { cat \"/tmp/$name.log\"; exit 1; }\n"
	"exec cc -O1 -g -o \"$name\" \"$name.c\" \"$@\" -lpthread -lm\n";

static int run_build(struct building *building, const struct place *place, enum form form,
	const char *name, struct wl_program *program)
{
	const char *const make[] = { "/usr/bin/make", "--no-print-directory", name, NULL };
	const char *const compile[] = { "/bin/sh", "-c", compile_c, "sh", name, NULL };
	const char *output, *folder;
	int status;

	if (building_open_workshop(building) < 0 ||
		workshop_run(building->workshop, place->subfolder, form == BY_MAKE ? make : compile,
			&output, &status, building->err) < 0)
		return -1;
	folder = wl_format(building->arena, "%s/%s", building->folder, place->subfolder);
	if (status == 0 && building_regular_file(folder, name, NULL)) {
		program->state = WL_PROGRAM_FOUND;
		make_runnable(building, place->subfolder, name, NULL, name);
		return 0;
	}
	program->state = WL_PROGRAM_UNBUILT;
	if (status == 0)
		program->words = wl_format(building->arena, _("make ended well, but there is no file %s."), name);
	else if (status == -1)
		program->words = wl_format(building->arena,
			_("Building took too long or too much and was stopped.\n%s"), output);
	else
		program->words = wl_format(building->arena, _("It does not compile:\n%s"), output);
	return 0;
}

/* An executable that lost its run bit gets it back in the writable copy. */
static int restore_run_bit(struct building *building, const struct place *place, const char *name)
{
	const char *folder = wl_format(building->arena, "%s/%s", building->submission->copy, place->subfolder);
	mode_t mode;

	if (!building_regular_file(folder, name, &mode) || mode & 0111)
		return 0;
	if (building_open_workshop(building) < 0)
		return -1;
	folder = wl_format(building->arena, "%s/%s/%s", building->folder, place->subfolder, name);
	return chmod(folder, 0755) < 0 ? wl_err_errno(building->err, "chmod %s", folder) : 0;
}

static int take_plain(struct building *building, const struct place *place, const char *name,
	struct wl_program *program)
{
	const char *py = wl_format(building->arena, "%s.py", name);
	const char *sh = wl_format(building->arena, "%s.sh", name);
	const char *c = wl_format(building->arena, "%s.c", name);

	*program = (struct wl_program){ program->lesson, name, WL_PROGRAM_FOUND, "", "" };
	switch (place->plain) {
	case NO_FORM:
	case BY_MAKE:
		break;
	case PYTHON:
		program->file = building_path(building, place->subfolder, py);
		make_runnable(building, place->subfolder, name, "/usr/bin/python3", py);
		break;
	case SHELL:
		program->file = building_path(building, place->subfolder, sh);
		make_runnable(building, place->subfolder, name, "/bin/bash", sh);
		break;
	case EXECUTABLE:
		program->file = building_path(building, place->subfolder, name);
		make_runnable(building, place->subfolder, name, NULL, name);
		return restore_run_bit(building, place, name);
	case C_SOURCE:
		program->file = building_path(building, place->subfolder, c);
		return run_build(building, place, C_SOURCE, name, program);
	}
	return 0;
}

/*
 * A rule that makes nothing may be there to start the script that bears the name, and a Makefile that leaves the making to make's
 * own rules may be meant for another program. A program of C that its own rule cannot make stays unbuilt.
 */
static bool try_plain(const struct place *place)
{
	return place->plain == PYTHON || place->plain == SHELL || (place->plain == C_SOURCE && !place->own_rule);
}

static int take(struct building *building, const struct place *place, const char *name,
	struct wl_program *program)
{
	if (place->form != BY_MAKE)
		return take_plain(building, place, name, program);
	program->file = building_path(building, place->subfolder, name);
	if (run_build(building, place, BY_MAKE, name, program) < 0)
		return -1;
	return program->state == WL_PROGRAM_UNBUILT && try_plain(place)
		       ? take_plain(building, place, name, program)
		       : 0;
}

/* What was not copied but bears the name explains why the program is not there. */
static void explain_refusal(const struct building *building, const char *name, struct wl_program *program)
{
	for (size_t i = 0; i < building->submission->refusal_count; i++) {
		const struct intake_refusal *refusal = &building->submission->refusals[i];
		const char *slash = strrchr(refusal->path, '/');

		if (!intake_is_program(slash ? slash + 1 : refusal->path, name))
			continue;
		program->state = WL_PROGRAM_REFUSED;
		program->file = refusal->path;
		program->words = wl_format(building->arena, "%s %s.", refusal->path, refusal->why);
		return;
	}
}

static int find_one(struct building *building, const struct wl_role *role, struct wl_program *program)
{
	struct place *places = NULL;
	size_t count = 0;

	if (building_find(building, role->program, &places, &count) < 0)
		return -1;
	if (count == 0) {
		explain_refusal(building, role->program, program);
		return 0;
	}
	if (count > 1 && *places[0].subfolder) {
		program->state = WL_PROGRAM_REFUSED;
		program->words = wl_format(building->arena,
			_("There are several of it: in %s and in %s. Hand in one."), places[0].subfolder,
			places[1].subfolder);
		return 0;
	}
	return take(building, &places[0], role->program, program);
}

static int build_lesson(struct building *building, const struct wl_lesson *lesson, bool even_if_absent)
{
	size_t first = building->built->program_count;
	bool present = even_if_absent;

	for (const struct wl_role *role = lesson->roles; role->program; role++) {
		struct wl_program program = { lesson->name, role->program, WL_PROGRAM_MISSING, "", "" };
		struct wl_program *kept;

		if (find_one(building, role, &program) < 0)
			return -1;
		present = present || program.state != WL_PROGRAM_MISSING;
		kept = wl_append(building->arena, &building->built->programs, &building->built->program_count);
		*kept = program;
	}
	if (!present)
		building->built->program_count = first;
	return 0;
}

static void list_names(struct building *building, const struct wl_lesson *only)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_role *role = (*lesson)->roles; role->program; role++)
			if (!only || *lesson == only)
				*(const char **)wl_append(building->arena, &building->names,
					&building->name_count) = role->program;
	wl_append(building->arena, &building->names, &building->name_count);
	building->name_count--;
}

int build_submission(const struct intake_submission *submission, const struct wl_lesson *only,
	struct wl_arena *arena, struct built *built, struct wl_err *err)
{
	struct building building = { .submission = submission, .arena = arena, .built = built,
		.folder = submission->copy, .err = err };
	int result = 0;

	list_names(&building, only);
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson && result == 0; lesson++)
		if (!only || *lesson == only)
			result = build_lesson(&building, *lesson, only != NULL);
	for (size_t i = 0; i < built->runnable_count; i++)
		built->runnable[i].folder = building.folder;
	workshop_down(building.workshop);
	return result;
}
