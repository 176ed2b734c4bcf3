#pragma once
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"

/*
 * The format language of Python's struct module: how values lie in bytes. Source: CPython's documentation of
 * struct (3.11), "Format Strings". A format is compiled to a plan, and a plan packs values and unpacks bytes.
 *
 *   "@" or no prefix: this machine's byte order, sizes and alignment; "=": its byte order, "<": little-endian, ">" and "!":
 *   big-endian, these four with standard sizes and no padding. Codes: x c b B ? h H i I l L q Q n N e f d s p P.
 */

enum wl_struct_kind {
	WL_STRUCT_SIGNED = 1,
	WL_STRUCT_UNSIGNED, /* P too */
	WL_STRUCT_BOOL,     /* unpacks as unsigned 0 or 1; packs any value by its truth */
	WL_STRUCT_FLOAT,    /* IEEE 754 binary16, binary32, binary64 */
	WL_STRUCT_BYTES,    /* s, p and c: one value, whatever the count of s and p */
	WL_STRUCT_PAD,      /* x: no value */
};

/* A part of a format: a code with its count. */
struct wl_struct_item {
	enum wl_struct_kind kind;
	char code;
	size_t size;   /* bytes of one value; for s, p and x of all */
	size_t offset; /* of the first, from the start of the packed bytes; padding stands before it */
	size_t count;  /* values: 1 for s and p, 0 for x */
	size_t at;     /* where it stands in the format, from 0 */
};

struct wl_struct {
	char prefix; /* '@' when there was none */
	int big_endian;
	size_t size; /* packed bytes */
	size_t value_count;
	struct wl_struct_item *items;
	size_t item_count;
};

struct wl_struct_value {
	enum wl_struct_kind kind; /* SIGNED: number; UNSIGNED: natural; FLOAT: real; BYTES: bytes, len */
	int64_t number;
	uint64_t natural;
	double real;
	const uint8_t *bytes;
	size_t len;
};

/*
 * Compile the LEN bytes of FORMAT into PLAN, whose items are in ARENA. Returns 0, or -1 and ERR (may be NULL) says what is wrong
 * and at which character (from 1) when Python would refuse it. Any bytes are fine as input.
 */
int wl_struct_compile(struct wl_struct *plan, const char *format, size_t len, struct wl_arena *arena,
	struct wl_err *err);

/*
 * Pack COUNT values into BYTES, which has room for plan->size. Whole numbers fit all numeric codes, reals fit e, f and d only; bytes
 * are cut off or filled up with NUL for s and p, and are exactly one for c. -1 and ERR when a value is missing, left over,
 * of a wrong kind or out of range.
 */
int wl_struct_pack(const struct wl_struct *plan, const struct wl_struct_value *values, size_t count,
	uint8_t *bytes, struct wl_err *err);

/*
 * Unpack exactly plan->size BYTES into VALUES, which has room for plan->value_count. Bytes of s, p and c point into BYTES. -1 and
 * ERR when LEN is another size.
 */
int wl_struct_unpack(const struct wl_struct *plan, const uint8_t *bytes, size_t len,
	struct wl_struct_value *values, struct wl_err *err);
