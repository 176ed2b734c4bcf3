/*
 * Numbers in digits: what was due is a decimal number, or bytes in hexadecimal, "00:15:5d:11:c9:ca" or "0800".
 */
#include "harness/explain_rules.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

#define MOST 8 /* bytes in hexadecimal */

/* The expected text as bytes in hexadecimal, with colons between them or without; 0 when it is something else. */
static size_t hexadecimal(const struct wl_wrong *w, uint8_t bytes[MOST], bool *colons)
{
	size_t step = w->expected_len > 2 && w->expected[2] == ':' ? 3 : 2, count = (w->expected_len + step - 2) / step;

	if (count < 2 || count > MOST || count * step - (step - 2) != w->expected_len)
		return 0;
	for (size_t i = 0; i < count; i++) {
		char pair[3] = { (char)w->expected[i * step], (char)w->expected[i * step + 1] }, *end;

		if (!isxdigit((unsigned char)pair[0]) || (step == 3 && i && w->expected[i * step - 1] != ':'))
			return 0;
		bytes[i] = (uint8_t)strtoul(pair, &end, 16);
		if (*end)
			return 0;
	}
	*colons = step == 3;
	return count;
}

/* The same written in another way: each byte with FORMAT. */
static const char *written(const uint8_t *bytes, size_t count, bool colons, const char *format, bool sign, struct wl_arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++) {
		char one[16];

		snprintf(one, sizeof(one), format, sign ? (unsigned int)(int8_t)bytes[i] : bytes[i]);
		text = wl_format(arena, "%s%s%s", text, colons && i ? ":" : "", one);
	}
	return text;
}

static bool came_so(const struct wl_wrong *w, const char *text)
{
	return w->actual_len == strlen(text) && strncasecmp((const char *)w->actual, text, w->actual_len) == 0 &&
	       (w->actual_len != w->expected_len || strncasecmp(text, (const char *)w->expected, w->expected_len) != 0);
}

static const char *byte_order(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t bytes[MOST], turned[MOST];
	bool colons;
	size_t count = hexadecimal(w, bytes, &colons);

	for (size_t i = 0; i < count; i++)
		turned[i] = bytes[count - 1 - i];
	return count && came_so(w, written(turned, count, colons, "%02x", false, arena))
		       ? _("The number is right, but its bytes are in the other order.")
		       : NULL;
}

/* As %02x writes each byte, or, from 80 on, the negative number that it was taken for: "ffffff9c"; one of those at least. */
static bool some_are_negative(const struct wl_wrong *w, const uint8_t *bytes, size_t count, bool colons)
{
	size_t at = 0, negative = 0;

	for (size_t i = 0; i < count; i++) {
		char text[16];
		size_t mark = colons && i, len = mark + 2;

		snprintf(text, sizeof(text), "%s%02x", mark ? ":" : "", (unsigned int)(int8_t)bytes[i]);
		if (bytes[i] & 0x80 && w->actual_len - at >= strlen(text) && strncasecmp((const char *)w->actual + at, text, strlen(text)) == 0) {
			negative++;
			at += strlen(text);
			continue;
		}
		snprintf(text, sizeof(text), "%s%02x", mark ? ":" : "", bytes[i]);
		if (w->actual_len - at < len || strncasecmp((const char *)w->actual + at, text, len) != 0)
			return false;
		at += len;
	}
	return negative && at == w->actual_len;
}

static const char *sign(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t bytes[MOST];
	bool colons;
	size_t count = hexadecimal(w, bytes, &colons);

	return count && (some_are_negative(w, bytes, count, colons) ||
				came_so(w, written(bytes, count, colons, "%x", true, arena)))
		       ? _("The bytes are right, but those from 80 on were taken for negative numbers.")
		       : NULL;
}

static const char *zeros_dropped(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t bytes[MOST];
	bool colons;
	size_t count = hexadecimal(w, bytes, &colons);

	return count && came_so(w, written(bytes, count, colons, "%x", false, arena))
		       ? _("The bytes are right, but leading zeros are left out.")
		       : NULL;
}

static const char *other_base(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t bytes[MOST];
	uint64_t number = 0;
	bool colons = false;
	size_t count = hexadecimal(w, bytes, &colons);

	for (size_t i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	if (count && colons && came_so(w, written(bytes, count, true, "%u", false, arena)))
		return _("The bytes are right, but in decimal digits, not in hexadecimal.");
	if (count && !colons && w->actual_len >= EXPLAIN_PLAIN && came_so(w, wl_format(arena, "%llu", (unsigned long long)number)))
		return _("The number is right, but in decimal digits, not in hexadecimal.");
	return NULL;
}

/* The other way round: a number in binary where its digits were due. */
static const char *binary_for_text(const struct wl_wrong *w, struct wl_arena *arena)
{
	const char *text = wl_memdup(arena, w->expected, w->expected_len);
	char *end;
	long long number = strtoll(text, &end, 10);
	double real = strtod(text, NULL);
	uint8_t turned[8];

	if (w->expected_len > 20 || (w->actual_len != 4 && w->actual_len != 8) || !isdigit((unsigned char)text[w->expected_len - 1]))
		return NULL;
	for (size_t i = 0; i < w->actual_len; i++)
		turned[i] = w->actual[w->actual_len - 1 - i];
	if (*end)
		strtod(text, &end);
	if (!*end && (explain_came(w, &number, w->actual_len) || memcmp(turned, &number, w->actual_len) == 0 ||
			     (w->actual_len == 8 && explain_came(w, &real, 8))))
		return _("The number is there in binary, not in decimal digits.");
	return NULL;
}

const struct explain_named_rule explain_digits[] = {
	{ "byte-order", byte_order },
	{ "sign", sign },
	{ "zeros-dropped", zeros_dropped },
	{ "other-base", other_base },
	{ "binary-for-text", binary_for_text },
	{ NULL, NULL },
};
