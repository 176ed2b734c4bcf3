/*
 * A role's program is looked for in the submission's top folder first and then, if one place alone has it, below. Where there are several
 * forms of it in one folder, the order is: a Makefile's target, something executable, Python, shell, C.
 *
 * C is compiled alone first; if names are undefined, together with those other .c files of the folder that define no main. A workshop is
 * opened only when something must be built, and then all programs of the submission run from its copy.
 */
#include "harness/build.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/workshop.h"

#define FIND_DEPTH 8

enum form { NO_FORM, BY_MAKE, EXECUTABLE, PYTHON, SHELL, C_SOURCE };

struct place {
	enum form form;
	const char *subfolder; /* "" for the top */
};

struct building {
	const struct intake_submission *submission;
	struct wl_arena *arena;
	struct built *built;
	struct workshop *workshop; /* NULL until something must be built */
	const char *folder;        /* that programs run from */
	struct wl_err *err;
};

static bool regular_file(const char *folder, const char *name, mode_t *mode)
{
	char path[4096];
	struct stat status;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (lstat(path, &status) < 0 || !S_ISREG(status.st_mode))
		return false;
	if (mode)
		*mode = status.st_mode;
	return true;
}

/* The first bytes of a file say that it can be executed: a #! line, or ELF (a zip loses run bits). */
static bool starts_executable(const char *folder, const char *name)
{
	char path[4096], magic[4] = "";
	wl_auto_file FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (!file || fread(magic, 1, 4, file) < 2)
		return false;
	return memcmp(magic, "#!", 2) == 0 || memcmp(magic, "\177ELF", 4) == 0;
}

/* LINE is a rule one of whose targets is NAME. */
static bool rule_for(const char *line, const char *name)
{
	size_t len = strlen(name), head = strcspn(line, ":#=");

	if (*line == '\t' || line[head] != ':' || line[head + 1] == '=')
		return false;
	for (size_t at = strspn(line, " "); at < head; at += strspn(line + at, " \t")) {
		size_t word = strcspn(line + at, " \t:");

		if (word == len && strncmp(line + at, name, len) == 0)
			return true;
		at += word;
	}
	return false;
}

static const char *const makefiles[] = { "GNUmakefile", "makefile", "Makefile" };

static bool made_by_rule(const char *folder, const char *name)
{
	for (size_t i = 0; i < sizeof(makefiles) / sizeof(*makefiles); i++) {
		char path[4096], line[4096];
		wl_auto_file FILE *file = NULL;

		if (!regular_file(folder, makefiles[i], NULL))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, makefiles[i]);
		file = fopen(path, "re");
		while (file && fgets(line, sizeof(line), file))
			if (rule_for(line, name))
				return true;
		return false;
	}
	return false;
}

static enum form form_in(const char *folder, const char *name, struct wl_arena *arena)
{
	mode_t mode;

	if (made_by_rule(folder, name))
		return BY_MAKE;
	if (regular_file(folder, name, &mode) && (mode & 0111 || starts_executable(folder, name)))
		return EXECUTABLE;
	if (regular_file(folder, wl_format(arena, "%s.py", name), NULL))
		return PYTHON;
	if (regular_file(folder, wl_format(arena, "%s.sh", name), NULL))
		return SHELL;
	if (regular_file(folder, wl_format(arena, "%s.c", name), NULL))
		return C_SOURCE;
	return NO_FORM;
}

/* All folders at or below SUBFOLDER that hold NAME in some form, appended to PLACES. */
static void find_places(const struct building *building, const char *subfolder, unsigned int depth,
	const char *name, struct place **places, size_t *count)
{
	const char *folder = wl_format(building->arena, "%s/%s", building->submission->copy, subfolder);
	enum form form = form_in(folder, name, building->arena);
	struct dirent *entry;
	DIR *open = opendir(folder);

	if (form != NO_FORM) {
		struct place *place = wl_append(building->arena, places, count);

		*place = (struct place){ form, subfolder };
	}
	while (open && depth < FIND_DEPTH && (entry = readdir(open)))
		if (entry->d_type == DT_DIR && *entry->d_name != '.')
			find_places(building,
				wl_format(building->arena, "%s%s%s", subfolder, *subfolder ? "/" : "",
					entry->d_name),
				depth + 1, name, places, count);
	if (open)
		closedir(open);
}

static int open_workshop(struct building *building)
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

static const char *in_subfolder(const struct building *building, const char *subfolder, const char *file)
{
	return wl_format(building->arena, "%s%s%s", subfolder, *subfolder ? "/" : "", file);
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

static int run_build(struct building *building, const struct place *place, const char *name,
	struct wl_program *program)
{
	const char *const make[] = { "/usr/bin/make", "--no-print-directory", name, NULL };
	const char *const compile[] = { "/bin/sh", "-c", compile_c, "sh", name, NULL };
	const char *output, *folder;
	int status;

	if (open_workshop(building) < 0 ||
		workshop_run(building->workshop, place->subfolder, place->form == BY_MAKE ? make : compile,
			&output, &status, building->err) < 0)
		return -1;
	folder = wl_format(building->arena, "%s/%s", building->folder, place->subfolder);
	if (status == 0 && regular_file(folder, name, NULL)) {
		program->state = WL_PROGRAM_FOUND;
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

/* An executable that lost its run bit gets it back in the writable copy. */
static int restore_run_bit(struct building *building, const struct place *place, const char *name)
{
	const char *folder = wl_format(building->arena, "%s/%s", building->submission->copy, place->subfolder);
	mode_t mode;

	if (!regular_file(folder, name, &mode) || mode & 0111)
		return 0;
	if (open_workshop(building) < 0)
		return -1;
	folder = wl_format(building->arena, "%s/%s/%s", building->folder, place->subfolder, name);
	return chmod(folder, 0755) < 0 ? wl_err_errno(building->err, "chmod %s", folder) : 0;
}

static int take(struct building *building, const struct place *place, const char *name,
	struct wl_program *program)
{
	const char *py = wl_format(building->arena, "%s.py", name);
	const char *sh = wl_format(building->arena, "%s.sh", name);
	const char *c = wl_format(building->arena, "%s.c", name);

	program->state = WL_PROGRAM_FOUND;
	switch (place->form) {
	case NO_FORM:
		break;
	case PYTHON:
		program->file = in_subfolder(building, place->subfolder, py);
		make_runnable(building, place->subfolder, name, "/usr/bin/python3", py);
		break;
	case SHELL:
		program->file = in_subfolder(building, place->subfolder, sh);
		make_runnable(building, place->subfolder, name, "/bin/bash", sh);
		break;
	case EXECUTABLE:
		program->file = in_subfolder(building, place->subfolder, name);
		make_runnable(building, place->subfolder, name, NULL, name);
		return restore_run_bit(building, place, name);
	case BY_MAKE:
	case C_SOURCE:
		program->file = in_subfolder(building, place->subfolder, place->form == BY_MAKE ? name : c);
		if (run_build(building, place, name, program) < 0)
			return -1;
		if (program->state == WL_PROGRAM_FOUND)
			make_runnable(building, place->subfolder, name, NULL, name);
		break;
	}
	return 0;
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

	find_places(building, "", 0, role->program, &places, &count);
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

int build_submission(const struct intake_submission *submission, const struct wl_lesson *only,
	struct wl_arena *arena, struct built *built, struct wl_err *err)
{
	struct building building = { .submission = submission, .arena = arena, .built = built,
		.folder = submission->copy, .err = err };
	int result = 0;

	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson && result == 0; lesson++)
		if (!only || *lesson == only)
			result = build_lesson(&building, *lesson, only != NULL);
	for (size_t i = 0; i < built->runnable_count; i++)
		built->runnable[i].folder = building.folder;
	workshop_down(building.workshop);
	return result;
}
