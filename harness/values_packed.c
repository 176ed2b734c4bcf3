/*
 * Values that follow from others: a struct format whose text is as long as a drawn one, and the bytes that a format makes of
 * values. Values are text; what a number's text is read as follows from the code that packs it.
 */
#include "harness/values.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/structfmt.h"

const char *values_format(const struct wl_observation *seen, struct wl_arena *arena, const char *text)
{
	const char *format = "";

	while (*text) {
		size_t plain = strcspn(text, "{"), name = strcspn(text + plain, "}");
		const struct wl_value *value;

		format = wl_format(arena, "%s%.*s", format, (int)plain, text);
		text += plain;
		if (!*text || !text[name])
			break;
		value = wl_observed_value(seen, wl_format(arena, "%.*s", (int)name - 1, text + 1));
		format = wl_format(arena, "%s%zu", format, value ? value->len : 0);
		text += name + 1;
	}
	return format;
}

static struct wl_struct_value read_as(enum wl_struct_kind kind, const struct wl_value *value)
{
	const char *text = (const char *)value->bytes;
	struct wl_struct_value read = { .kind = kind, .bytes = value->bytes, .len = value->len };

	switch (kind) {
	case WL_STRUCT_SIGNED:
		read.number = strtoll(text, NULL, 10);
		break;
	case WL_STRUCT_UNSIGNED:
	case WL_STRUCT_BOOL:
		read.natural = strtoull(text, NULL, 10);
		break;
	case WL_STRUCT_FLOAT:
		read.real = strtod(text, NULL);
		break;
	case WL_STRUCT_BYTES:
	case WL_STRUCT_PAD:
		break;
	}
	return read;
}

/* The kind of the plan's value number NTH. */
static enum wl_struct_kind kind_of(const struct wl_struct *plan, size_t nth)
{
	for (size_t i = 0; i < plan->item_count; i++) {
		if (nth < plan->items[i].count)
			return plan->items[i].kind;
		nth -= plan->items[i].count;
	}
	return WL_STRUCT_PAD;
}

/* The value that the first word of *TEXT names, and *TEXT moved behind it; NULL when there is none. */
static const struct wl_value *next_value(const struct wl_observation *seen, struct wl_arena *arena,
	const char **text)
{
	const char *name = *text + strspn(*text, " ");
	size_t len = strcspn(name, " ");

	*text = name + len;
	return wl_observed_value(seen, wl_format(arena, "%.*s", (int)len, name));
}

const char *values_packed(const struct wl_observation *seen, struct wl_arena *arena, const char *text,
	size_t *len)
{
	const struct wl_value *format = next_value(seen, arena, &text), *value;
	struct wl_struct_value *values = NULL;
	struct wl_struct plan;
	size_t count = 0;
	uint8_t *bytes;

	*len = 0;
	if (!format || wl_struct_compile(&plan, (const char *)format->bytes, format->len, arena, NULL) < 0)
		return "";
	while ((value = next_value(seen, arena, &text))) {
		enum wl_struct_kind kind = kind_of(&plan, count);

		*wl_append(arena, &values, &count) = read_as(kind, value);
	}
	bytes = wl_alloc(arena, plan.size + 1);
	if (wl_struct_pack(&plan, values, count, bytes, NULL) == 0)
		*len = plan.size;
	return (const char *)bytes;
}
