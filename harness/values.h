#pragma once
#include "harness/dice.h"
#include "harness/lesson.h"

/*
 * Draw the values of RULES into SEEN (values, value_count), in ARENA. The same seed, lesson, scenario and name always give the
 * same value, on every machine. RULES may be NULL.
 */
void values_draw(const struct wl_draw_rule *rules, struct wl_observation *seen, struct wl_arena *arena);

/* A whole number from LIMITS, "LOW..HIGH" (both possible), as decimal text in ARENA. */
const char *values_number(struct wl_arena *arena, const char *limits, struct dice *dice);

/* The word of WORDS (at most 16, with single blanks between) whose turn is number TURN (from 0) in an order that DICE gives. In ARENA. */
const char *values_turn(struct wl_arena *arena, const char *words, size_t turn, struct dice *dice);

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
