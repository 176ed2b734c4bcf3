/*
 * Numbers that a program printed of bytes that it unpacked. The bytes are read again as a mistake would read them; all the numbers that it
 * printed must come out, so that one wrong number is explained beside one that is right.
 */
#include "harness/explain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/checks.h"

#define SHIFT 7 /* bytes of padding at most */

/* Characters of the wrong numbers that are no chance when a mistake can be made in one way, in some and in many. */
#define ONE_WAY 2
#define SOME_WAYS 5
#define MANY_WAYS 8

/* What was printed, and how a value is read. */
struct reading {
	const struct wl_struct *plan;
	const uint8_t *packed;
	const struct wl_printed_number *numbers;
	size_t count;
	struct wl_arena *arena;
};

/* The item of the value NTH; its offset into *AT. */
static const struct wl_struct_item *item_of(const struct wl_struct *plan, size_t nth, size_t *at)
{
	for (size_t i = 0; i < plan->item_count; i++) {
		const struct wl_struct_item *item = &plan->items[i];

		if (nth < item->count) {
			*at = item->offset + nth * item->size;
			return item;
		}
		nth -= item->count;
	}
	return NULL;
}

/* Whether CODE in the order of PREFIX reads TEXT from the packed bytes at AT. */
static bool reads(const struct reading *r, char prefix, char code, size_t at, const char *text)
{
	const char format[] = { prefix, code, '\0' };
	struct wl_struct_value value;
	struct wl_struct plan;
	size_t len = strlen(text);
	double real;

	if (!len || wl_struct_compile(&plan, format, 2, r->arena, NULL) < 0 || at + plan.size > r->plan->size ||
		wl_struct_unpack(&plan, r->packed + at, plan.size, &value, NULL) < 0)
		return false;
	if (value.kind == WL_STRUCT_SIGNED)
		return wl_integer_at(text, len, 0, wl_format(r->arena, "%lld", (long long)value.number)) == len;
	if (value.kind == WL_STRUCT_UNSIGNED)
		return wl_integer_at(text, len, 0, wl_format(r->arena, "%llu", (unsigned long long)value.natural)) == len;
	real = value.real;
	return value.kind == WL_STRUCT_FLOAT && real == real &&
	       (wl_real_at(text, len, 0, wl_rounded(real)) == len || wl_real_at(text, len, 0, real) == len);
}

static char order(const struct reading *r, bool other)
{
	return (r->plan->big_endian != 0) != other ? '>' : '<';
}

/* The code in standard sizes: "l" has 8 bytes here where it is native. */
static char standard(const struct wl_struct_item *item)
{
	switch (item->code) {
	case 'l':
		return item->size == 8 ? 'q' : 'i';
	case 'L':
		return item->size == 8 ? 'Q' : 'I';
	default:
		return item->code;
	}
}

static char code_with(char code, const char *from, const char *to)
{
	const char *at = strchr(from, code);

	return at ? to[at - from] : '\0';
}

/* How a mistake reads one value: another code (0: its own), order or place. */
struct mistake {
	const char *from, *to; /* codes */
	bool turned;
	int shift;
};

/* Whether all the numbers come out; values that the mistake does not touch as they are. */
static bool comes_out(const struct reading *r, const struct mistake *m)
{
	size_t touched = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct wl_printed_number *number = &r->numbers[i];
		size_t at = 0;
		const struct wl_struct_item *item = item_of(r->plan, number->nth, &at);
		char own = item ? standard(item) : '\0', code = m->from ? code_with(own, m->from, m->to) : own;

		if (number->right)
			continue;
		if (!own || !code || (m->shift < 0 && at < (size_t)-m->shift) ||
			!reads(r, order(r, m->turned), code, at + (size_t)m->shift, number->text))
			return false;
		touched++;
	}
	return touched > 0;
}

/* The characters of the wrong numbers: few of them are met by chance when a mistake could have been made in many ways. */
static size_t wrong_characters(const struct reading *r)
{
	size_t count = 0;

	for (size_t i = 0; i < r->count; i++)
		count += r->numbers[i].right ? 0 : strlen(r->numbers[i].text);
	return count;
}

static bool by_place(const struct reading *r)
{
	for (int shift = 1; shift <= SHIFT; shift++)
		for (int way = -1; way <= 1; way += 2) {
			struct mistake m = { .shift = way * shift };

			if (comes_out(r, &m))
				return true;
		}
	return false;
}

static bool by_codes(const struct reading *r, const char *from, const char *to)
{
	return comes_out(r, &(struct mistake){ .from = from, .to = to });
}

/* The value is right, but with another number of digits behind the point. */
static bool rounded_otherwise(const struct reading *r)
{
	bool any = false;

	for (size_t i = 0; i < r->count; i++) {
		const char *text = r->numbers[i].text, *point = strchr(text, '.');
		size_t at = 0, decimals = point ? strspn(point + 1, "0123456789") : 0;
		double unit = 1; /* of the last digit */
		const struct wl_struct_item *item = item_of(r->plan, r->numbers[i].nth, &at);
		struct wl_struct_value *values = wl_alloc_array(r->arena, r->plan->value_count + 1, sizeof(*values));

		if (r->numbers[i].right)
			continue;
		for (size_t k = 0; k < decimals; k++)
			unit /= 10;
		if (!item || item->kind != WL_STRUCT_FLOAT || !point || point[1 + decimals] || strlen(text) < 3 ||
			wl_struct_unpack(r->plan, r->packed, r->plan->size, values, NULL) < 0 ||
			!(fabs(strtod(text, NULL) - values[r->numbers[i].nth].real) <= 0.501 * unit) ||
			fabs(strtod(text, NULL)) < 1e-6)
			return false;
		any = true;
	}
	return any;
}

static bool in_hexadecimal(const struct reading *r)
{
	bool any = false;

	for (size_t i = 0; i < r->count; i++) {
		const char *text = r->numbers[i].text;
		struct wl_struct_value *values = wl_alloc_array(r->arena, r->plan->value_count + 1, sizeof(*values));
		char *end;

		if (r->numbers[i].right)
			continue;
		if (strncmp(text, "0x", 2) != 0 || strlen(text) < 4 ||
			wl_struct_unpack(r->plan, r->packed, r->plan->size, values, NULL) < 0 ||
			strtoull(text, &end, 16) != values[r->numbers[i].nth].natural || *end)
			return false;
		any = true;
	}
	return any;
}

/* Whether all the numbers come out where another format has them. */
static bool by_format(const struct reading *r, const char *format)
{
	struct reading other = *r;
	struct wl_struct plan;

	if (wl_struct_compile(&plan, format, strlen(format), r->arena, NULL) < 0 || plan.size > r->plan->size)
		return false;
	other.plan = &plan;
	return comes_out(&other, &(struct mistake){ 0 });
}

/* A text and two numbers: the plan's format with another text length and another code for the first number. */
static const char *format_like(const struct reading *r, size_t text_len, char code)
{
	const struct wl_struct_item *items = r->plan->items;

	return wl_format(r->arena, "%c%zus%c%c", r->plan->prefix, text_len, code ? code : items[1].code, items[2].code);
}

static bool is_text_and_numbers(const struct reading *r)
{
	return r->plan->item_count == 3 && r->plan->items->code == 's' && r->count == 2;
}

/* The number before it has another size, so that the next one is looked for elsewhere, too. */
static bool other_size(const struct reading *r)
{
	for (const char *code = "bBhHiIqQ"; is_text_and_numbers(r) && !r->numbers[0].right && *code; code++)
		if (*code != r->plan->items[1].code && by_format(r, format_like(r, r->plan->items->size, *code)))
			return true;
	return false;
}

/* Another length of the text than the format says: the numbers stand elsewhere. */
static bool other_text(const struct reading *r)
{
	for (size_t len = 1; is_text_and_numbers(r) && len < r->plan->items->size; len++)
		if (by_format(r, format_like(r, len, '\0')))
			return true;
	return false;
}

static bool found_as(struct wl_explanation *found, const char *label, const char *sentence)
{
	*found = (struct wl_explanation){ label, sentence };
	return true;
}

bool wl_explain_misread(const struct wl_struct *plan, const uint8_t *packed, const struct wl_printed_number *numbers, size_t count,
	struct wl_arena *arena, struct wl_explanation *found)
{
	const struct reading r = { plan, packed, numbers, count, arena };

	size_t characters = wrong_characters(&r);

	if (characters < ONE_WAY)
		return false;
	if (in_hexadecimal(&r))
		return found_as(found, "other-base", _("The number is right, but in hexadecimal digits, not in decimal."));
	if (rounded_otherwise(&r))
		return found_as(found, "rounding", _("The value is right, but it is shown with another number of digits."));
	if (comes_out(&r, &(struct mistake){ .turned = true }))
		return found_as(found, "byte-order", _("The bytes that came mean this number in the other byte order."));
	if (by_codes(&r, "bBhHiIlLqQ", "BbHhIiLlQq"))
		return found_as(found, "sign", _("The bytes that came mean this number when a sign is read where there is none, or the other way round."));
	if (characters < SOME_WAYS)
		return false;
	if (by_codes(&r, "d", "f"))
		return found_as(found, "float-for-double", _("The first 4 bytes of the double mean this number as a float."));
	if (by_codes(&r, "f", "d"))
		return found_as(found, "double-for-float", _("The bytes from the float on mean this number as a double."));
	if (by_codes(&r, "fd", "iq") || by_codes(&r, "fd", "IQ"))
		return found_as(found, "integer-for-float", _("The bytes of the real mean this number as a whole number."));
	if (by_codes(&r, "bBhHiIqQ", "hHiIhHiI") || by_codes(&r, "hHiIqQ", "bBbBbB") || other_size(&r))
		return found_as(found, "other-size", _("With another number of bytes, what came means this number."));
	if (by_place(&r))
		return found_as(found, "padding", _("A few bytes before or behind the right place, what came means this number: as if there were no padding, or other padding."));
	if (characters >= MANY_WAYS && other_text(&r))
		return found_as(found, "other-format", _("The bytes that came mean these numbers when they are read by another format than the one that came."));
	return false;
}
