#pragma once
#include "harness/base/arena.h"
#include "harness/grade.h"

/*
 * The grade as JSON text in ARENA, schema "wirelab/1". Other tools rely on it: members are added,
 * never renamed. Texts that are translated are in the user's language. Texts that come from a
 * submission are made valid UTF-8.
 */
char *report_json(const struct wl_grade *grade, struct wl_arena *arena);
