#pragma once
#include "harness/lesson.h"

/* The lesson of this name, or what it has of this name; NULL when there is none. */
const struct wl_lesson *lesson_find(const char *name);
const struct wl_scenario *scenario_find(const struct wl_lesson *lesson, const char *name);
const struct wl_role *role_find(const struct wl_lesson *lesson, const char *program);
const struct wl_requirement *requirement_find(const struct wl_lesson *lesson, const char *id);
