/*
 * Compiling a struct format. One pass: an optional prefix in the first place, then parts of an optional count and a code, with blanks
 * between them. A count repeats its code, but for s and p it is the length of one value, and for x the number of pad bytes. In
 * native formats a value begins at a multiple of its alignment; nothing is padded at the end.
 *
 * The hard thing is hostile counts: no sum or product is formed before it is known to stay below PTRDIFF_MAX, the
 * largest object that a machine has.
 */
#include "harness/base/structfmt.h"

#include <stdbool.h>
#include <string.h>

#include "harness/base/structfmt_code.h"
#include "harness/base/text.h"

#define NATIVE(type) sizeof(type), _Alignof(type)

static const struct struct_code codes[] = {
	{ 'x', WL_STRUCT_PAD, 1, 1, 1 },
	{ 'c', WL_STRUCT_BYTES, 1, 1, 1 },
	{ 's', WL_STRUCT_BYTES, 1, 1, 1 },
	{ 'p', WL_STRUCT_BYTES, 1, 1, 1 },
	{ '?', WL_STRUCT_BOOL, 1, NATIVE(_Bool) },
	{ 'b', WL_STRUCT_SIGNED, 1, NATIVE(char) },
	{ 'B', WL_STRUCT_UNSIGNED, 1, NATIVE(char) },
	{ 'h', WL_STRUCT_SIGNED, 2, NATIVE(short) },
	{ 'H', WL_STRUCT_UNSIGNED, 2, NATIVE(short) },
	{ 'i', WL_STRUCT_SIGNED, 4, NATIVE(int) },
	{ 'I', WL_STRUCT_UNSIGNED, 4, NATIVE(int) },
	{ 'l', WL_STRUCT_SIGNED, 4, NATIVE(long) },
	{ 'L', WL_STRUCT_UNSIGNED, 4, NATIVE(long) },
	{ 'q', WL_STRUCT_SIGNED, 8, NATIVE(long long) },
	{ 'Q', WL_STRUCT_UNSIGNED, 8, NATIVE(long long) },
	{ 'n', WL_STRUCT_SIGNED, 0, NATIVE(ptrdiff_t) },
	{ 'N', WL_STRUCT_UNSIGNED, 0, NATIVE(size_t) },
	{ 'P', WL_STRUCT_UNSIGNED, 0, NATIVE(void *) },
	{ 'e', WL_STRUCT_FLOAT, 2, NATIVE(short) },
	{ 'f', WL_STRUCT_FLOAT, 4, NATIVE(float) },
	{ 'd', WL_STRUCT_FLOAT, 8, NATIVE(double) },
};

const struct struct_code *struct_code_find(char letter)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (codes[i].letter == letter)
			return &codes[i];
	return NULL;
}

/* What is left to read, and where the next value goes. */
struct compiling {
	struct wl_struct *plan;
	const char *format;
	size_t len, at;
	bool native;
	struct wl_arena *arena;
	struct wl_err *err;
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void take_prefix(struct compiling *c)
{
	char first = c->len ? c->format[0] : '\0';
	const unsigned short one = 1;
	bool prefixed = first && strchr("@=<>!", first);

	c->plan->prefix = prefixed ? first : '@';
	c->native = c->plan->prefix == '@';
	c->plan->big_endian = c->plan->prefix == '>' || c->plan->prefix == '!' ||
		((c->native || c->plan->prefix == '=') && !*(const unsigned char *)&one);
	c->at = prefixed;
}

/* The count before a code, 1 when there is none. */
static int take_count(struct compiling *c, size_t *count)
{
	bool any = c->at < c->len && is_digit(c->format[c->at]);

	*count = any ? 0 : 1;
	for (; c->at < c->len && is_digit(c->format[c->at]); c->at++) {
		size_t digit = (size_t)(c->format[c->at] - '0');

		if (*count > (PTRDIFF_MAX - digit) / 10)
			return wl_err(c->err, _("at character %zu: the count is too large"), c->at + 1);
		*count = *count * 10 + digit;
	}
	if (any && c->at == c->len)
		return wl_err(c->err, _("at character %zu: a count without a code"), c->at);
	return 0;
}

static const struct struct_code *take_code(struct compiling *c)
{
	char letter = c->format[c->at];
	const struct struct_code *code = struct_code_find(letter);

	if (!code)
		wl_err(c->err, _("at character %zu: no such code (byte %02x)"), c->at + 1, (unsigned char)letter);
	else if (!c->native && !code->standard)
		wl_err(c->err, _("at character %zu: \"%c\" has no standard size"), c->at + 1, letter);
	else
		return code;
	return NULL;
}

/* COUNT values of SIZE bytes behind what is there, at a multiple of ALIGN; -1 when they are more than memory can hold. */
static int place(struct compiling *c, struct wl_struct_item *item, size_t count, size_t align)
{
	size_t size = c->plan->size, padding = (align - size % align) % align;

	if (padding > PTRDIFF_MAX - size || count > (PTRDIFF_MAX - size - padding) / item->size)
		return wl_err(c->err, _("at character %zu: the total size is too large"), item->at + 1);
	item->offset = size + padding;
	c->plan->size = item->offset + count * item->size;
	return 0;
}

static int take_item(struct compiling *c)
{
	struct wl_struct_item item = { .at = c->at };
	const struct struct_code *code;
	size_t count;

	if (take_count(c, &count) < 0 || !(code = take_code(c)))
		return -1;
	c->at++;
	item.code = code->letter;
	item.kind = code->kind;
	item.size = c->native ? code->native : code->standard;
	if (place(c, &item, count, c->native ? code->align : 1) < 0)
		return -1;
	item.count = count;
	if (strchr("xsp", item.code)) {
		item.size = count;
		item.count = item.code != 'x';
	}
	c->plan->value_count += item.count;
	*wl_append(c->arena, &c->plan->items, &c->plan->item_count) = item;
	return 0;
}

int wl_struct_compile(struct wl_struct *plan, const char *format, size_t len, struct wl_arena *arena,
	struct wl_err *err)
{
	struct compiling c = { plan, format, len, .arena = arena, .err = err };

	*plan = (struct wl_struct){ 0 };
	take_prefix(&c);
	while (c.at < len) {
		if (is_blank(format[c.at]))
			c.at++;
		else if (take_item(&c) < 0)
			return -1;
	}
	return 0;
}
