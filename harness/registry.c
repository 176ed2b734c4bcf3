/*
 * Names to const tables. The list of lessons itself is generated from the folders of labs/.
 */
#include "harness/registry.h"

#include <string.h>

const struct wl_lesson *lesson_find(const char *name)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		if (strcmp((*lesson)->name, name) == 0)
			return *lesson;
	return NULL;
}

const struct wl_scenario *scenario_find(const struct wl_lesson *lesson, const char *name)
{
	for (const struct wl_requirement *r = lesson->requirements; r->id; r++)
		if (strcmp(r->scenario->name, name) == 0)
			return r->scenario;
	return NULL;
}

const struct wl_role *role_find(const struct wl_lesson *lesson, const char *program)
{
	for (const struct wl_role *role = lesson->roles; role->program; role++)
		if (strcmp(role->program, program) == 0)
			return role;
	return NULL;
}

const struct wl_requirement *requirement_find(const struct wl_lesson *lesson, const char *id)
{
	for (const struct wl_requirement *r = lesson->requirements; r->id; r++)
		if (strcmp(r->id, id) == 0)
			return r;
	return NULL;
}
