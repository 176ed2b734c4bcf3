/*
 * Bytes that a struct format describes: they are unpacked by it and packed again by the format that a mistake amounts to. Mistakes that
 * leave each field where it is (its bytes turned round, a number that is off by one) are made in place.
 */
#include "harness/explain_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

#define FIELDS 8 /* more are not tried */

/* Another format: items of the plan, in this order, with these codes. */
struct recipe {
	char prefix;
	size_t count;
	size_t item[FIELDS];
	char code[FIELDS];
};

static struct recipe as_it_is(const struct wl_wrong *w)
{
	struct recipe r = { .prefix = w->plan->prefix, .count = w->plan->item_count };

	for (size_t i = 0; i < r.count && i < FIELDS; i++) {
		r.item[i] = i;
		r.code[i] = w->plan->items[i].code;
	}
	return r;
}

/* A float stands for the short decimal number that it was made of: as a double that one has other bytes. */
static struct wl_struct_value *values_of(const struct wl_wrong *w, struct wl_arena *arena)
{
	struct wl_struct_value *values = wl_alloc_array(arena, w->plan->value_count + 1, sizeof(*values));

	if (wl_struct_unpack(w->plan, w->expected, w->expected_len, values, NULL) < 0)
		return NULL;
	for (size_t i = 0, at = 0; i < w->plan->item_count; at += w->plan->items[i++].count)
		if (w->plan->items[i].code == 'f')
			values[at].real = strtod(wl_format(arena, "%.7g", values[at].real), NULL);
	return values;
}

/* The index of an item's first value. */
static size_t first_value(const struct wl_struct *plan, size_t item)
{
	size_t at = 0;

	for (size_t i = 0; i < item; i++)
		at += plan->items[i].count;
	return at;
}

static const char *format_of(const struct wl_wrong *w, const struct recipe *r, struct wl_arena *arena)
{
	const char *format = wl_format(arena, "%c", r->prefix);

	for (size_t i = 0; i < r->count; i++) {
		const struct wl_struct_item *item = &w->plan->items[r->item[i]];
		bool by_size = item->kind == WL_STRUCT_BYTES || item->kind == WL_STRUCT_PAD;

		format = wl_format(arena, "%s%zu%c", format, by_size && item->code != 'c' ? item->size : item->count, r->code[i]);
	}
	return format;
}

static bool is_whole(char code)
{
	return strchr("bBhHiIlLqQ", code) != NULL;
}

/* The values of the expected bytes, packed by R: *LEN bytes, or NULL when they do not fit. */
static const uint8_t *repacked(const struct wl_wrong *w, const struct recipe *r, struct wl_arena *arena, size_t *len)
{
	const char *format = format_of(w, r, arena);
	struct wl_struct_value *from = values_of(w, arena), *values = NULL;
	struct wl_struct plan;
	size_t count = 0;
	uint8_t *bytes;

	if (!from || wl_struct_compile(&plan, format, strlen(format), arena, NULL) < 0)
		return NULL;
	for (size_t i = 0; i < r->count; i++) {
		const struct wl_struct_item *item = &w->plan->items[r->item[i]];

		for (size_t k = 0; k < item->count; k++) {
			struct wl_struct_value value = from[first_value(w->plan, r->item[i]) + k];

			if (value.kind == WL_STRUCT_FLOAT && is_whole(r->code[i])) {
				if (!(value.real > -1e18 && value.real < 1e18))
					return NULL;
				value.kind = WL_STRUCT_SIGNED;
				value.number = (int64_t)value.real;
			}
			*wl_append(arena, &values, &count) = value;
		}
	}
	bytes = wl_alloc(arena, plan.size + 8);
	*len = plan.size;
	return wl_struct_pack(&plan, values, count, bytes, NULL) < 0 ? NULL : bytes;
}

static bool makes(const struct wl_wrong *w, const struct recipe *r, struct wl_arena *arena)
{
	size_t len;
	const uint8_t *bytes = repacked(w, r, arena, &len);

	return bytes && explain_came(w, bytes, len);
}

/* As it is, or packed without alignment. */
static bool makes_anyhow(const struct wl_wrong *w, struct recipe r, struct wl_arena *arena)
{
	if (makes(w, &r, arena))
		return true;
	r.prefix = w->plan->big_endian ? '>' : '<';
	return makes(w, &r, arena);
}

/* "Field 2 (bytes 13 to 16)". */
static const char *field(const struct wl_wrong *w, size_t item, struct wl_arena *arena)
{
	const struct wl_struct_item *at = &w->plan->items[item];
	size_t size = at->kind == WL_STRUCT_BYTES ? at->size : at->size * at->count;

	return wl_format(arena, _("Field %zu (bytes %zu to %zu)"), item + 1, at->offset + 1, at->offset + size);
}

static bool is_number(const struct wl_struct_item *item)
{
	return item->kind == WL_STRUCT_SIGNED || item->kind == WL_STRUCT_UNSIGNED || item->kind == WL_STRUCT_FLOAT;
}

static void turn(uint8_t *bytes, const struct wl_struct_item *item)
{
	for (size_t k = 0; k < item->count; k++) {
		uint8_t *at = bytes + item->offset + k * item->size;

		for (size_t i = 0; i < item->size / 2; i++) {
			uint8_t byte = at[i];

			at[i] = at[item->size - 1 - i];
			at[item->size - 1 - i] = byte;
		}
	}
}

static const char *hex(const uint8_t *bytes, size_t len, struct wl_arena *arena)
{
	char *text = wl_alloc(arena, 2 * len + 3), *to = text + sprintf(text, "0x");

	for (size_t i = 0; i < len; i++)
		to += sprintf(to, "%02x", bytes[i]);
	return text;
}

static const char *byte_order(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t *all = wl_memdup(arena, w->expected, w->expected_len);
	struct recipe network = as_it_is(w);
	size_t numbers = 0;

	for (size_t i = 0; i < w->plan->item_count; i++) {
		const struct wl_struct_item *item = &w->plan->items[i];
		uint8_t *one = wl_memdup(arena, w->expected, w->expected_len);

		if (!is_number(item))
			continue;
		turn(one, item);
		turn(all, item);
		numbers++;
		if (explain_came(w, one, w->expected_len))
			return wl_format(arena, _("%s is right, but in the other byte order: %s where %s was due."), field(w, i, arena),
				hex(w->actual + item->offset, item->size, arena), hex(w->expected + item->offset, item->size, arena));
	}
	if (numbers && explain_came(w, all, w->expected_len))
		return _("All numbers are right, but in the other byte order.");
	network.prefix = w->plan->big_endian ? '<' : '>';
	return makes(w, &network, arena) ? _("All numbers are right, but in the other byte order, and without padding.") : NULL;
}

static const char *padding(const struct wl_wrong *w, struct wl_arena *arena)
{
	struct recipe other = as_it_is(w);
	size_t len, more;
	const uint8_t *bytes;

	other.prefix = w->plan->prefix == '@' ? '=' : '@';
	bytes = w->plan->big_endian ? NULL : repacked(w, &other, arena, &len);
	if (bytes && explain_came(w, bytes, len) && len < w->expected_len)
		return wl_format(arena, _("All values are right, but %zu bytes of padding are missing between them."),
			w->expected_len - len);
	if (bytes && explain_came(w, bytes, len))
		return wl_format(arena, _("All values are right, but %zu bytes of padding stand between them."), len - w->expected_len);
	more = w->actual_len - w->expected_len;
	if (w->actual_len <= w->expected_len || more >= 8 || w->actual_len % 4)
		return NULL;
	bytes = wl_alloc(arena, w->actual_len);
	memcpy((uint8_t *)bytes, w->expected, w->expected_len);
	return explain_came(w, bytes, w->actual_len)
		       ? wl_format(arena, _("All values are right, but %zu bytes of padding are behind them."), more)
		       : NULL;
}

/* The first item with a code of FROM that makes the actual bytes with one of TO. */
static const char *recoded(const struct wl_wrong *w, struct wl_arena *arena, const char *from, const char *to,
	const char *sentence)
{
	for (size_t i = 0; i < w->plan->item_count; i++) {
		struct recipe r = as_it_is(w);

		for (const char *code = to; strchr(from, r.code[i]) && *code; code++) {
			struct recipe other = r;

			other.code[i] = *code;
			if (makes_anyhow(w, other, arena))
				return wl_format(arena, sentence, field(w, i, arena));
		}
	}
	return NULL;
}

static const char *float_for_double(const struct wl_wrong *w, struct wl_arena *arena)
{
	return recoded(w, arena, "d", "f", _("%s is a float where a double was due."));
}

static const char *double_for_float(const struct wl_wrong *w, struct wl_arena *arena)
{
	return recoded(w, arena, "f", "d", _("%s is a double where a float was due."));
}

static const char *integer_for_float(const struct wl_wrong *w, struct wl_arena *arena)
{
	return recoded(w, arena, "fd", "bBhHiIlLqQ", _("%s is a whole number where a real was due."));
}

static const char *float_for_integer(const struct wl_wrong *w, struct wl_arena *arena)
{
	return recoded(w, arena, "bBhHiIlLqQ", "fd", _("%s is a real where a whole number was due."));
}

static const char *other_size(const struct wl_wrong *w, struct wl_arena *arena)
{
	return recoded(w, arena, "bBhHiIlLqQ", "bBhHiIqQ", _("%s is a whole number of another size."));
}

static const char *value_text(const struct wl_struct_value *value, struct wl_arena *arena)
{
	switch (value->kind) {
	case WL_STRUCT_SIGNED:
		return wl_format(arena, "%lld", (long long)value->number);
	case WL_STRUCT_UNSIGNED:
	case WL_STRUCT_BOOL:
		return wl_format(arena, "%llu", (unsigned long long)value->natural);
	case WL_STRUCT_FLOAT:
		return wl_format(arena, "%.6g", value->real);
	case WL_STRUCT_BYTES:
		return wl_format(arena, "%.*s", (int)value->len, (const char *)value->bytes);
	case WL_STRUCT_PAD:
		break;
	}
	return "";
}

static const char *text_for_binary(const struct wl_wrong *w, struct wl_arena *arena)
{
	static const char *const between[] = { "", " ", ",", ", ", "\n", "\t", ";", "|" };
	const struct wl_struct_value *values = values_of(w, arena);

	for (size_t i = 0; values && i < sizeof(between) / sizeof(*between); i++) {
		const char *text = "";

		for (size_t k = 0; k < w->plan->value_count; k++)
			text = wl_format(arena, "%s%s%s", text, k ? between[i] : "", value_text(&values[k], arena));
		if (explain_came(w, text, strlen(text)) || explain_came(w, wl_format(arena, "%s\n", text), strlen(text) + 1))
			return _("The values are there as text, numbers in decimal digits, not in binary.");
	}
	return NULL;
}

static const char *field_missing(const struct wl_wrong *w, struct wl_arena *arena)
{
	for (size_t i = 0; i < w->plan->item_count && w->plan->item_count > 1; i++) {
		struct recipe r = as_it_is(w);

		r.count--;
		for (size_t k = i; k < r.count; k++) {
			r.item[k] = k + 1;
			r.code[k] = w->plan->items[k + 1].code;
		}
		if (makes_anyhow(w, r, arena))
			return wl_format(arena, _("%s is missing, all others are right."), field(w, i, arena));
	}
	return NULL;
}

static void exchange(struct recipe *r, size_t one, size_t other)
{
	size_t item = r->item[one];
	char code = r->code[one];

	r->item[one] = r->item[other];
	r->code[one] = r->code[other];
	r->item[other] = item;
	r->code[other] = code;
}

/* Two fields in each other's place, or three turned round. */
static const char *field_order(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t count = w->plan->item_count;

	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++)
			for (size_t m = 0; m < count; m++) {
				struct recipe r = as_it_is(w);

				exchange(&r, i, k);
				if (m != i)
					exchange(&r, k, m);
				if (makes_anyhow(w, r, arena))
					return _("The fields are right, but in another order.");
			}
	return NULL;
}

/* A whole number in place: EXPECTED with its bytes as N. */
static bool with_number(const struct wl_wrong *w, const struct wl_struct_item *item, uint64_t n, struct wl_arena *arena)
{
	uint8_t *bytes = wl_memdup(arena, w->expected, w->expected_len);

	for (size_t i = 0; i < item->size; i++)
		bytes[item->offset + (w->plan->big_endian ? item->size - 1 - i : i)] = (uint8_t)(n >> 8 * i);
	return explain_came(w, bytes, w->expected_len);
}

static const char *number_of(const struct wl_wrong *w, struct wl_arena *arena, bool length)
{
	const struct wl_struct_value *values = values_of(w, arena);

	for (size_t i = 0; values && i < w->plan->item_count; i++) {
		const struct wl_struct_item *item = &w->plan->items[i];
		uint64_t n = values[first_value(w->plan, i)].natural;

		if ((item->kind != WL_STRUCT_SIGNED && item->kind != WL_STRUCT_UNSIGNED) || item->count != 1)
			continue;
		if (!length && with_number(w, item, n + 1, arena))
			return wl_format(arena, _("%s is too large by 1."), field(w, i, arena));
		if (!length && with_number(w, item, n - 1, arena))
			return wl_format(arena, _("%s is too small by 1."), field(w, i, arena));
		if (length && w->counted && with_number(w, item, w->counted, arena))
			return wl_format(arena, _("%s says %zu, the number of bytes of the data."), field(w, i, arena), w->counted);
	}
	return NULL;
}

static const char *off_by_one(const struct wl_wrong *w, struct wl_arena *arena)
{
	return number_of(w, arena, false);
}

static const char *length(const struct wl_wrong *w, struct wl_arena *arena)
{
	return number_of(w, arena, true);
}

/* A float in place, right to 3 significant digits. */
static const char *rounding(const struct wl_wrong *w, struct wl_arena *arena)
{
	for (size_t i = 0; i < w->plan->item_count; i++) {
		const struct wl_struct_item *item = &w->plan->items[i];
		const char *texts[2];

		if (item->code != 'f' || item->count != 1 || w->actual_len != w->expected_len || w->plan->big_endian ||
			memcmp(w->actual, w->expected, item->offset) != 0 ||
			memcmp(w->actual + item->offset + 4, w->expected + item->offset + 4, w->expected_len - item->offset - 4) != 0)
			continue;
		for (size_t k = 0; k < 2; k++) {
			float value;

			memcpy(&value, (k ? w->actual : w->expected) + item->offset, sizeof(value));
			texts[k] = wl_format(arena, "%.2e", value);
		}
		if (strcmp(texts[0], texts[1]) == 0)
			return wl_format(arena, _("%s is about right, but with other digits behind the first three."), field(w, i, arena));
	}
	return NULL;
}

static const struct explain_named_rule rules[] = {
	{ "byte-order", byte_order },
	{ "padding", padding },
	{ "float-for-double", float_for_double },
	{ "double-for-float", double_for_float },
	{ "integer-for-float", integer_for_float },
	{ "float-for-integer", float_for_integer },
	{ "other-size", other_size },
	{ "rounding", rounding },
	{ "text-for-binary", text_for_binary },
	{ "off-by-one", off_by_one },
	{ "length", length },
	{ "field-order", field_order },
	{ "field-missing", field_missing },
	{ NULL, NULL },
};

/* Where the LEN bytes at AT differ in nothing but the text field ITEM, that one is looked at alone. */
static bool one_text(const struct wl_wrong *w, const struct wl_struct_item *item, struct wl_arena *arena,
	struct wl_explanation *found)
{
	size_t end = item->offset + item->size;
	struct wl_wrong text = *w;

	if (memcmp(w->actual, w->expected, item->offset) != 0 ||
		memcmp(w->actual + end, w->expected + end, w->expected_len - end) != 0)
		return false;
	text.plan = NULL;
	text.expected += item->offset;
	text.actual += item->offset;
	text.expected_len = text.actual_len = item->size;
	while (text.actual_len && !text.actual[text.actual_len - 1])
		text.actual_len--; /* as it is packed */
	return wl_explain(&text, arena, found);
}

bool explain_struct(const struct wl_wrong *w, struct wl_arena *arena, struct wl_explanation *found)
{
	if (w->actual_len < EXPLAIN_OPEN || w->plan->item_count > FIELDS || w->plan->size != w->expected_len)
		return false;
	if (explain_by(rules, w, arena, found))
		return true;
	for (size_t i = 0; i < w->plan->item_count; i++)
		if (w->actual_len == w->expected_len && w->plan->items[i].code == 's' &&
			one_text(w, &w->plan->items[i], arena, found))
			return true;
	return false;
}
