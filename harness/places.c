/*
 * Where a program is: the folders that hold it, and in what form. The order of forms in one folder is: a Makefile's target, something
 * executable, Python, shell, C. A target is what the Makefile has a plain rule for, or what make says it can make (makefile.c);
 * each Makefile is asked once, for all programs.
 */
#include "harness/build_private.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"

#define FIND_DEPTH 8

bool building_regular_file(const char *folder, const char *name, mode_t *mode)
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

const char *building_path(const struct building *building, const char *subfolder, const char *file)
{
	return wl_format(building->arena, "%s%s%s", subfolder, *subfolder ? "/" : "", file);
}

/* What NAME is in FOLDER, Makefiles aside. */
static enum form plain_form(const char *folder, const char *name, struct wl_arena *arena)
{
	mode_t mode;

	if (building_regular_file(folder, name, &mode) && (mode & 0111 || starts_executable(folder, name)))
		return EXECUTABLE;
	if (building_regular_file(folder, wl_format(arena, "%s.py", name), NULL))
		return PYTHON;
	if (building_regular_file(folder, wl_format(arena, "%s.sh", name), NULL))
		return SHELL;
	if (building_regular_file(folder, wl_format(arena, "%s.c", name), NULL))
		return C_SOURCE;
	return NO_FORM;
}

static const char *subfolder_path(const struct building *building, const char *subfolder)
{
	return wl_format(building->arena, "%s/%s", building->submission->copy, subfolder);
}

/* Ask the Makefile of SUBFOLDER for all programs at once. */
static int ask_makefile(struct building *building, const char *subfolder, struct answers *answers)
{
	bool stopped;

	answers->subfolder = subfolder;
	answers->ways = wl_alloc_array(building->arena, building->name_count + 1, sizeof(*answers->ways));
	if (building->unanswering)
		return 0; /* asking another Makefile might take as long: all are MAKEFILE_NO */
	if (building_open_workshop(building) < 0 || makefile_ask(building->workshop, subfolder, building->names,
						   answers->ways, &stopped, building->arena, building->err) < 0)
		return -1;
	building->unanswering = stopped;
	return 0;
}

/* How the Makefile of SUBFOLDER makes NAME, if not by a plain rule. */
static int way_to_make(struct building *building, const char *subfolder, const char *name,
	enum makefile_way *way)
{
	struct answers *answers = NULL;

	*way = MAKEFILE_NO;
	if (!makefile_may_make(subfolder_path(building, subfolder), name))
		return 0;
	for (size_t i = 0; i < building->answer_count && !answers; i++)
		if (strcmp(building->answers[i].subfolder, subfolder) == 0)
			answers = &building->answers[i];
	if (!answers) {
		answers = wl_append(building->arena, &building->answers, &building->answer_count);
		if (ask_makefile(building, subfolder, answers) < 0)
			return -1;
	}
	for (size_t i = 0; i < building->name_count; i++)
		if (strcmp(building->names[i], name) == 0)
			*way = answers->ways[i];
	return 0;
}

/* What make brings along itself makes NAME from NAME.sh too: it counts only where nothing but a source is there. */
static int look_in(struct building *building, const char *name, struct place *place)
{
	const char *folder = subfolder_path(building, place->subfolder);
	enum makefile_way way;

	place->plain = plain_form(folder, name, building->arena);
	place->form = BY_MAKE;
	place->own_rule = true;
	if (makefile_has_rule(folder, name))
		return 0;
	if (way_to_make(building, place->subfolder, name, &way) < 0)
		return -1;
	place->own_rule = way == MAKEFILE_OWN;
	if (way == MAKEFILE_NO ||
		(way == MAKEFILE_BUILT_IN && place->plain != NO_FORM && place->plain != C_SOURCE))
		place->form = place->plain;
	return 0;
}

/* All folders at or below SUBFOLDER that hold NAME in some form, appended to PLACES. */
static int find_places(struct building *building, const char *subfolder, unsigned int depth,
	const char *name, struct place **places, size_t *count)
{
	DIR *open = opendir(subfolder_path(building, subfolder));
	struct place place = { .subfolder = subfolder };
	struct dirent *entry;
	int result = look_in(building, name, &place);

	if (place.form != NO_FORM)
		*(struct place *)wl_append(building->arena, places, count) = place;
	while (result == 0 && open && depth < FIND_DEPTH && (entry = readdir(open)))
		if (entry->d_type == DT_DIR && *entry->d_name != '.')
			result = find_places(building, building_path(building, subfolder, entry->d_name),
				depth + 1, name, places, count);
	if (open)
		closedir(open);
	return result;
}

int building_find(struct building *building, const char *name, struct place **places, size_t *count)
{
	return find_places(building, "", 0, name, places, count);
}
