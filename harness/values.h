#pragma once
#include "harness/lesson.h"

/*
 * Draw the values of RULES into SEEN (values, value_count), in ARENA. The same seed, lesson, scenario and name always give the
 * same value, on every machine. RULES may be NULL.
 */
void values_draw(const struct wl_draw_rule *rules, struct wl_observation *seen, struct wl_arena *arena);

/* Set or replace one value. */
void values_set(struct wl_observation *seen, struct wl_arena *arena, const char *name,
	const void *bytes, size_t len);

/*
 * TEXT with its references resolved: "$name" the value itself, "#name" its bytes in hexadecimal, anything else
 * as it stands. The result is in ARENA, *LEN (may be NULL) is its length; NULL and ERR filled when there is no such value.
 */
const char *values_resolve(const struct wl_observation *seen, struct wl_arena *arena,
	const char *text, size_t *len, struct wl_err *err);

/*
 * What follows from the values of SEEN, in ARENA (see WL_DRAW_FORMAT and WL_DRAW_PACKED in lesson.h). An unknown name has 0 bytes;
 * packed bytes are none (*LEN 0) when the format or a value does not fit.
 */
const char *values_format(const struct wl_observation *seen, struct wl_arena *arena, const char *text);
const char *values_packed(const struct wl_observation *seen, struct wl_arena *arena, const char *text,
	size_t *len);
