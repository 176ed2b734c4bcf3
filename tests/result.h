#pragma once
#include <jansson.h>
#include <stdbool.h>

/* The JSON that "wirelab grade" and "wirelab judge" write, as tests look at it. */

/*
 * TEXT parsed, with a failed assertion for everything in it that is not as documented: names of members, their types, known
 * lessons with all their requirements, sums of points. NULL when it is no JSON. The caller drops it (json_auto_t).
 */
json_t *result_read(const char *text);

/* The submission of this name, or NULL. */
const json_t *result_of(const json_t *result, const char *name);

/* The verdict on requirement ID of this submission, or "". */
const char *result_verdict(const json_t *submission, const char *id);

/* How many of its requirements have this verdict. */
size_t result_count(const json_t *submission, const char *verdict);

/* True when every lesson that was judged is passed, and there is one. */
bool result_passed(const json_t *submission);
