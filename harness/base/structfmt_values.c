/*
 * Packing and unpacking by a plan. Every number goes through a 64-bit pattern: whole numbers as two's complement, reals as IEEE 754
 * of their size, and one loop writes or reads the pattern in the plan's byte order. So there is one place where
 * bytes have an order, and no pointer is ever cast.
 */
#include "harness/base/structfmt.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "harness/base/text.h"

static void put_pattern(const struct wl_struct *plan, uint8_t *at, size_t size, uint64_t pattern)
{
	for (size_t i = 0; i < size; i++, pattern >>= 8)
		at[plan->big_endian ? size - 1 - i : i] = (uint8_t)pattern;
}

static uint64_t get_pattern(const struct wl_struct *plan, const uint8_t *at, size_t size)
{
	uint64_t pattern = 0;

	for (size_t i = size; i-- > 0;)
		pattern = pattern << 8 | at[plan->big_endian ? size - 1 - i : i];
	return pattern;
}

/* To the nearest whole number, ties to the even one. */
static uint64_t round_even(double real)
{
	uint64_t whole = (uint64_t)real;
	double rest = real - (double)whole;

	return whole + (rest > 0.5 || (rest == 0.5 && whole % 2));
}

/* binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. -1 when REAL is too large for it. */
static int half_pattern(double real, uint64_t *pattern)
{
	double size = fabs(real);
	uint64_t fraction;
	int exponent;

	*pattern = signbit(real) ? 0x8000 : 0;
	if (isnan(real) || isinf(real) || size == 0) {
		*pattern |= isnan(real) ? 0x7e00 : isinf(real) ? 0x7c00 : 0;
		return 0;
	}
	frexp(size, &exponent);
	if (exponent < -13)
		exponent = -13; /* subnormal: the smallest exponent, without the leading bit */
	fraction = exponent > 16 ? 2048 : round_even(ldexp(size, 11 - exponent)); /* with the leading bit */
	if (exponent > 16 || (exponent == 16 && fraction > 2047))
		return -1;
	*pattern += fraction + ((uint64_t)(exponent + 13) << 10);
	return 0;
}

static double half_value(uint64_t pattern)
{
	int exponent = (int)(pattern >> 10 & 31);
	double fraction = (double)(pattern & 1023), value;

	if (exponent == 31)
		value = fraction != 0 ? NAN : INFINITY;
	else
		value = exponent ? ldexp(fraction + 1024, exponent - 25) : ldexp(fraction, -24);
	return copysign(value, pattern & 0x8000 ? -1 : 1);
}

static int real_pattern(double real, size_t size, uint64_t *pattern)
{
	float single = (float)real;
	uint32_t bits;

	if (size == 2)
		return half_pattern(real, pattern);
	if (size == 8) {
		memcpy(pattern, &real, 8);
		return 0;
	}
	memcpy(&bits, &single, 4);
	*pattern = bits;
	return isinf(single) && !isinf(real) ? -1 : 0;
}

static double real_value(uint64_t pattern, size_t size)
{
	uint32_t bits = (uint32_t)pattern;
	double real;
	float single;

	if (size == 2)
		return half_value(pattern);
	if (size == 8) {
		memcpy(&real, &pattern, 8);
		return real;
	}
	memcpy(&single, &bits, 4);
	return single;
}

static bool is_true(const struct wl_struct_value *value)
{
	switch (value->kind) {
	case WL_STRUCT_SIGNED:
		return value->number != 0;
	case WL_STRUCT_UNSIGNED:
	case WL_STRUCT_BOOL:
		return value->natural != 0;
	case WL_STRUCT_FLOAT:
		return value->real != 0;
	case WL_STRUCT_BYTES:
		return value->len > 0;
	case WL_STRUCT_PAD:
		return false;
	}
	return false;
}

static bool is_whole(const struct wl_struct_value *value)
{
	return value->kind == WL_STRUCT_SIGNED || value->kind == WL_STRUCT_UNSIGNED ||
	       value->kind == WL_STRUCT_BOOL;
}

/* Whether a whole number fits SIZE bytes. */
static bool fits(const struct wl_struct_value *value, enum wl_struct_kind kind, size_t size)
{
	uint64_t most = UINT64_MAX >> (64 - 8 * size);
	bool negative = value->kind == WL_STRUCT_SIGNED && value->number < 0;
	uint64_t natural = value->kind == WL_STRUCT_SIGNED ? (uint64_t)value->number : value->natural;

	if (kind == WL_STRUCT_UNSIGNED)
		return !negative && natural <= most;
	return negative ? ~natural <= most >> 1 : natural <= most >> 1;
}

static uint64_t whole_pattern(const struct wl_struct_value *value)
{
	return value->kind == WL_STRUCT_SIGNED ? (uint64_t)value->number : value->natural;
}

static double as_real(const struct wl_struct_value *value)
{
	if (value->kind == WL_STRUCT_FLOAT)
		return value->real;
	return value->kind == WL_STRUCT_SIGNED ? (double)value->number : (double)value->natural;
}

static int wrong_kind(const struct wl_struct_item *item, struct wl_err *err)
{
	return wl_err(err, _("at character %zu: the value does not suit \"%c\""), item->at + 1, item->code);
}

static int number_pattern(const struct wl_struct_item *item, const struct wl_struct_value *value,
	uint64_t *pattern, struct wl_err *err)
{
	bool in_range;

	if (item->kind == WL_STRUCT_BOOL) {
		*pattern = is_true(value);
		return 0;
	}
	if (!is_whole(value) && !(item->kind == WL_STRUCT_FLOAT && value->kind == WL_STRUCT_FLOAT))
		return wrong_kind(item, err);
	if (item->kind == WL_STRUCT_FLOAT) {
		in_range = real_pattern(as_real(value), item->size, pattern) == 0;
	} else {
		in_range = fits(value, item->kind, item->size);
		*pattern = whole_pattern(value);
	}
	return in_range ? 0 : wl_err(err, _("at character %zu: the value is out of range for \"%c\""),
				      item->at + 1, item->code);
}

/* s as it is; p behind a byte with its length, which counts up to 255. */
static int pack_bytes(const struct wl_struct_item *item, const struct wl_struct_value *value,
	uint8_t *at, struct wl_err *err)
{
	size_t head = item->code == 'p' && item->size > 0, room = item->size - head;
	size_t len = value->len < room ? value->len : room;

	if (value->kind != WL_STRUCT_BYTES || (item->code == 'c' && value->len != 1))
		return wrong_kind(item, err);
	if (len)
		memcpy(at + head, value->bytes, len);
	if (head)
		*at = (uint8_t)(len < 255 ? len : 255);
	return 0;
}

static int pack_one(const struct wl_struct *plan, const struct wl_struct_item *item,
	const struct wl_struct_value *value, uint8_t *at, struct wl_err *err)
{
	uint64_t pattern = 0;

	if (item->kind == WL_STRUCT_BYTES)
		return pack_bytes(item, value, at, err);
	if (number_pattern(item, value, &pattern, err) < 0)
		return -1;
	put_pattern(plan, at, item->size, pattern);
	return 0;
}

int wl_struct_pack(const struct wl_struct *plan, const struct wl_struct_value *values, size_t count,
	uint8_t *bytes, struct wl_err *err)
{
	if (count != plan->value_count)
		return wl_err(err, _("the format takes %zu values, not %zu"), plan->value_count, count);
	if (plan->size)
		memset(bytes, 0, plan->size);
	for (size_t i = 0; i < plan->item_count; i++) {
		const struct wl_struct_item *item = &plan->items[i];

		for (size_t k = 0; k < item->count; k++)
			if (pack_one(plan, item, values++, bytes + item->offset + k * item->size, err) < 0)
				return -1;
	}
	return 0;
}

static struct wl_struct_value bytes_value(const struct wl_struct_item *item, const uint8_t *at)
{
	size_t head = item->code == 'p' && item->size > 0, len = item->size - head;

	if (head && *at < len)
		len = *at;
	return (struct wl_struct_value){ .kind = WL_STRUCT_BYTES, .bytes = at + head, .len = len };
}

static int64_t sign_extended(uint64_t pattern, size_t size)
{
	uint64_t sign = 1ull << (8 * size - 1);

	return (int64_t)((pattern ^ sign) - sign);
}

static struct wl_struct_value unpack_one(const struct wl_struct *plan, const struct wl_struct_item *item,
	const uint8_t *at)
{
	struct wl_struct_value value = { .kind = item->kind };
	uint64_t pattern;

	if (item->kind == WL_STRUCT_BYTES)
		return bytes_value(item, at);
	pattern = get_pattern(plan, at, item->size);
	if (item->kind == WL_STRUCT_FLOAT)
		value.real = real_value(pattern, item->size);
	else if (item->kind == WL_STRUCT_SIGNED)
		value.number = sign_extended(pattern, item->size);
	else
		value = (struct wl_struct_value){ .kind = WL_STRUCT_UNSIGNED,
			.natural = item->kind == WL_STRUCT_BOOL ? pattern != 0 : pattern };
	return value;
}

int wl_struct_unpack(const struct wl_struct *plan, const uint8_t *bytes, size_t len,
	struct wl_struct_value *values, struct wl_err *err)
{
	if (len != plan->size)
		return wl_err(err, _("the format takes %zu bytes, not %zu"), plan->size, len);
	for (size_t i = 0; i < plan->item_count; i++) {
		const struct wl_struct_item *item = &plan->items[i];

		for (size_t k = 0; k < item->count; k++)
			*values++ = unpack_one(plan, item, bytes + item->offset + k * item->size);
	}
	return 0;
}
