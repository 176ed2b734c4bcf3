#pragma once
#include <stddef.h>

#include "harness/observation.h"

/*
 * The form of an observation, for its writer and its reader (observation_json.c): one row a member,
 * with its key, its place in the struct and what it may hold. No part of the vocabulary.
 */

enum form_kind {
	FORM_TEXT = 1,   /* const char *; NULL is written as "" */
	FORM_TROUBLE,    /* const char *, NULL is null */
	FORM_TEXT_THERE, /* char [size] */
	FORM_COUNT,      /* unsigned, up to the most that `size` bytes and 63 bits hold */
	FORM_POSITIVE,   /* int, not negative */
	FORM_SIGNED,     /* int64_t */
	FORM_DIGITS,     /* uint64_t, as a string */
	FORM_TRUTH,      /* bool */
	FORM_INDEX,      /* uint32_t below the count at `other` of the observation */
	FORM_CHOICE,     /* enum or int: one of `names` */
	FORM_BYTES,      /* const uint8_t *, in hexadecimal; their length is at `other` */
};

struct form_name {
	const char *name;
	int value;
};

struct form_field {
	const char *key;
	enum form_kind kind;
	size_t at, size;
	size_t other, other_size;
	const struct form_name *names;
};

struct form_list {
	const char *key;
	size_t items, count; /* places in the observation */
	size_t size;         /* of an item */
	const struct form_field *fields;
	bool late; /* observations that were written before it came to be lack it: it is empty then */
};

#define OBSERVATION_SCHEMA "wirelab-observation/1"

/* The observation's own members, and its arrays: what indices point into comes before them. */
extern const struct form_field observation_heads[]; /* ends with a NULL key, as all fields do */
extern const struct form_list observation_lists[];  /* ends with a NULL key */

/* The unsigned member of SIZE (1, 2, 4 or 8) bytes at AT of OBJECT, whatever its type. */
uint64_t form_number(const void *object, size_t at, size_t size);
void form_put_number(void *object, size_t at, size_t size, uint64_t number);

/* The pointer at AT of OBJECT. */
const void *form_pointer(const void *object, size_t at);
void form_put_pointer(void *object, size_t at, const void *pointer);
