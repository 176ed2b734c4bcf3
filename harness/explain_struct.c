/*
 * Bytes that a struct format describes. Mistakes that leave each field where it is (its bytes turned round, a number that is off by one) are
 * made in place; explain_repack.c has those that amount to another format.
 */
#include "harness/explain_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

struct wl_struct_value *explain_values(const struct wl_wrong *w, struct wl_arena *arena)
{
	struct wl_struct_value *values = wl_alloc_array(arena, w->plan->value_count + 1, sizeof(*values));

	if (wl_struct_unpack(w->plan, w->expected, w->expected_len, values, NULL) < 0)
		return NULL;
	for (size_t i = 0, at = 0; i < w->plan->item_count; at += w->plan->items[i++].count)
		if (w->plan->items[i].code == 'f')
			values[at].real = strtod(wl_format(arena, "%.7g", values[at].real), NULL);
	return values;
}

size_t explain_first_value(const struct wl_struct *plan, size_t item)
{
	size_t at = 0;

	for (size_t i = 0; i < item; i++)
		at += plan->items[i].count;
	return at;
}

const char *explain_field(const struct wl_wrong *w, size_t item, struct wl_arena *arena)
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
			return wl_format(arena, _("%s is right, but in the other byte order: %s where %s was due."), explain_field(w, i, arena),
				hex(w->actual + item->offset, item->size, arena), hex(w->expected + item->offset, item->size, arena));
	}
	if (numbers && explain_came(w, all, w->expected_len))
		return _("All numbers are right, but in the other byte order.");
	return NULL;
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
	const struct wl_struct_value *values = explain_values(w, arena);

	for (size_t i = 0; values && i < sizeof(between) / sizeof(*between); i++) {
		const char *text = "";

		for (size_t k = 0; k < w->plan->value_count; k++)
			text = wl_format(arena, "%s%s%s", text, k ? between[i] : "", value_text(&values[k], arena));
		if (explain_came(w, text, strlen(text)) || explain_came(w, wl_format(arena, "%s\n", text), strlen(text) + 1))
			return _("The values are there as text, numbers in decimal digits, not in binary.");
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
	const struct wl_struct_value *values = explain_values(w, arena);

	for (size_t i = 0; values && i < w->plan->item_count; i++) {
		const struct wl_struct_item *item = &w->plan->items[i];
		uint64_t n = values[explain_first_value(w->plan, i)].natural;

		if ((item->kind != WL_STRUCT_SIGNED && item->kind != WL_STRUCT_UNSIGNED) || item->count != 1)
			continue;
		if (!length && with_number(w, item, n + 1, arena))
			return wl_format(arena, _("%s is too large by 1."), explain_field(w, i, arena));
		if (!length && with_number(w, item, n - 1, arena))
			return wl_format(arena, _("%s is too small by 1."), explain_field(w, i, arena));
		if (length && w->counted && with_number(w, item, w->counted, arena))
			return wl_format(arena, _("%s says %zu, the number of bytes of the data."), explain_field(w, i, arena), w->counted);
		if (length && w->counted && with_number(w, item, w->counted + w->plan->size, arena))
			return wl_format(arena, _("%s says %zu, the number of bytes in all."), explain_field(w, i, arena),
				w->counted + w->plan->size);
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
			return wl_format(arena, _("%s is about right, but with other digits behind the first three."), explain_field(w, i, arena));
	}
	return NULL;
}

static const struct explain_named_rule in_place[] = {
	{ "byte-order", byte_order },
	{ "rounding", rounding },
	{ "text-for-binary", text_for_binary },
	{ "off-by-one", off_by_one },
	{ "length", length },
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

/* What a C program leaves in the bytes between its fields is nobody's business. */
static const uint8_t *with_padding_due(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t *bytes = wl_memdup(arena, w->expected, w->expected_len);

	for (size_t i = 0; i < w->plan->item_count; i++) {
		const struct wl_struct_item *item = &w->plan->items[i];

		if (item->kind != WL_STRUCT_PAD)
			memcpy(bytes + item->offset, w->actual + item->offset,
				item->kind == WL_STRUCT_BYTES && item->code != 'c' ? item->size : item->size * item->count);
	}
	return bytes;
}

bool explain_struct(const struct wl_wrong *wrong, struct wl_arena *arena, struct wl_explanation *found)
{
	struct wl_wrong same_layout = *wrong;
	const struct wl_wrong *w = &same_layout;

	if (w->actual_len < EXPLAIN_OPEN || w->plan->item_count > EXPLAIN_FIELDS || w->plan->size != w->expected_len)
		return false;
	if (w->actual_len == w->expected_len)
		same_layout.actual = with_padding_due(wrong, arena);
	if (explain_by(in_place, w, arena, found) || explain_by(explain_repacked, wrong, arena, found))
		return true;
	for (size_t i = 0; i < w->plan->item_count; i++)
		if (w->actual_len == w->expected_len && w->plan->items[i].code == 's' &&
			one_text(w, &w->plan->items[i], arena, found))
			return true;
	return false;
}
