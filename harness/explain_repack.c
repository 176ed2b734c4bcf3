/*
 * Mistakes that amount to another format: the bytes that were due are unpacked and packed again by that one.
 */
#include "harness/explain_rules.h"

#include <string.h>

#include "harness/base/text.h"

/* Another format: items of the plan, in this order, with these codes. */
struct recipe {
	char prefix;
	size_t count;
	size_t item[EXPLAIN_FIELDS];
	char code[EXPLAIN_FIELDS];
};

static struct recipe as_it_is(const struct wl_wrong *w)
{
	struct recipe r = { .prefix = w->plan->prefix, .count = w->plan->item_count };

	for (size_t i = 0; i < r.count && i < EXPLAIN_FIELDS; i++) {
		r.item[i] = i;
		r.code[i] = w->plan->items[i].code;
	}
	return r;
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
	struct wl_struct_value *from = explain_values(w, arena), *values = NULL;
	struct wl_struct plan;
	size_t count = 0;
	uint8_t *bytes;

	if (!from || wl_struct_compile(&plan, format, strlen(format), arena, NULL) < 0)
		return NULL;
	for (size_t i = 0; i < r->count; i++) {
		const struct wl_struct_item *item = &w->plan->items[r->item[i]];

		for (size_t k = 0; k < item->count; k++) {
			struct wl_struct_value value = from[explain_first_value(w->plan, r->item[i]) + k];

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

static const char *network(const struct wl_wrong *w, struct wl_arena *arena)
{
	struct recipe r = as_it_is(w);

	r.prefix = w->plan->big_endian ? '<' : '>';
	return makes(w, &r, arena) ? _("All numbers are right, but in the other byte order, and without padding.") : NULL;
}

static const char *padding(const struct wl_wrong *w, struct wl_arena *arena)
{
	struct recipe other = as_it_is(w);
	size_t len, more;
	const uint8_t *bytes;

	other.prefix = w->plan->prefix == '@' ? '=' : '@';
	bytes = w->plan->big_endian ? NULL : repacked(w, &other, arena, &len);
	if (bytes && explain_came(w, bytes, len) && len < w->expected_len)
		return wl_format(arena, _("All values are right, but padding is missing between them (bytes: %zu)."),
			w->expected_len - len);
	if (bytes && explain_came(w, bytes, len))
		return wl_format(arena, _("All values are right, but padding stands between them (bytes: %zu)."), len - w->expected_len);
	more = w->actual_len - w->expected_len;
	if (w->actual_len <= w->expected_len || more >= 8 || w->actual_len % 4)
		return NULL;
	bytes = wl_alloc(arena, w->actual_len);
	memcpy((uint8_t *)bytes, w->expected, w->expected_len);
	return explain_came(w, bytes, w->actual_len)
		       ? wl_format(arena, _("All values are right, but padding stands behind them (bytes: %zu)."), more)
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
				return wl_format(arena, sentence, explain_field(w, i, arena));
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
			return wl_format(arena, _("%s is missing, all others are right."), explain_field(w, i, arena));
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

const struct explain_named_rule explain_repacked[] = {
	{ "byte-order", network },
	{ "padding", padding },
	{ "float-for-double", float_for_double },
	{ "double-for-float", double_for_float },
	{ "integer-for-float", integer_for_float },
	{ "float-for-integer", float_for_integer },
	{ "other-size", other_size },
	{ "field-order", field_order },
	{ "field-missing", field_missing },
	{ NULL, NULL },
};
