#pragma once
#include "harness/explain.h"

/* What the files of the explainer share. A rule returns a sentence, or NULL when it does not explain the bytes. */

#define EXPLAIN_PLAIN 3 /* bytes that are no chance when nothing can be chosen */
#define EXPLAIN_OPEN 4  /* ... when a rule can choose where to cut, or one byte */
#define EXPLAIN_INSIDE 6 /* ... when it can choose a place in the whole */

typedef const char *explain_rule(const struct wl_wrong *w, struct wl_arena *arena);

struct explain_named_rule {
	const char *label;
	explain_rule *rule;
};

/* The first of RULES (up to one without a rule) that explains it. */
bool explain_by(const struct explain_named_rule *rules, const struct wl_wrong *w, struct wl_arena *arena,
	struct wl_explanation *found);

/* Whether the LEN bytes came. */
bool explain_came(const struct wl_wrong *w, const void *bytes, size_t len);

/* The rules on text and any bytes, on their beginnings and ends, and on bytes of a struct format. */
extern const struct explain_named_rule explain_digits[], explain_ends[], explain_texts[], explain_encodings[];
extern const struct explain_named_rule explain_repacked[];

#define EXPLAIN_FIELDS 8 /* of a format; more are not tried */

/* Bytes that the plan of W describes. */
bool explain_struct(const struct wl_wrong *w, struct wl_arena *arena, struct wl_explanation *found);

/*
 * The values of the expected bytes, in ARENA, or NULL. A float stands for the short decimal number that it was made of: as a double that
 * one has other bytes.
 */
struct wl_struct_value *explain_values(const struct wl_wrong *w, struct wl_arena *arena);

/* The index of an item's first value. */
size_t explain_first_value(const struct wl_struct *plan, size_t item);

/* "Field 2 (bytes 13 to 16)". */
const char *explain_field(const struct wl_wrong *w, size_t item, struct wl_arena *arena);
