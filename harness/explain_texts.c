/*
 * Other data in the place of the right ones, and what was made of the right ones as a whole.
 */
#include "harness/explain_rules.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/unescape.h"

/* Data of the play that are the actual bytes, the program's OWN or others; NULL: none are. */
static const struct wl_near *near_that_came(const struct wl_wrong *w, bool own)
{
	for (size_t i = 0; i < w->near_count && w->actual_len >= EXPLAIN_PLAIN; i++)
		if (w->near[i].own == own && !w->near[i].elsewhere && explain_came(w, w->near[i].bytes, w->near[i].len))
			return &w->near[i];
	return NULL;
}

static const char *own_data(const struct wl_wrong *w, struct wl_arena *arena)
{
	(void)arena;
	return near_that_came(w, true) ? _("These are the program's own data, or those that it was sent, in the place of what was due.")
				       : NULL;
}

static const char *other_message(const struct wl_wrong *w, struct wl_arena *arena)
{
	(void)arena;
	return near_that_came(w, false) ? _("These are the bytes of another message of the same play.") : NULL;
}

/* A buffer that still has an earlier, longer message in it, and is used beyond the end of the new one. */
static const char *leftover(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t len = w->expected_len;

	if (w->actual_len < len + EXPLAIN_PLAIN)
		return NULL;
	for (size_t i = 0; i < w->near_count; i++)
		if (w->near[i].len == w->actual_len - len && memcmp(w->near[i].bytes, w->actual, w->near[i].len) == 0 &&
			memcmp(w->actual + w->near[i].len, w->expected, len) == 0)
			return wl_format(arena, _("All is right, but before it are %zu bytes more: another message of the same play."),
				w->near[i].len);
	if (memcmp(w->actual, w->expected, len) != 0)
		return NULL;
	for (size_t i = 0; i < w->near_count; i++)
		if (w->near[i].len >= w->actual_len && memcmp(w->near[i].bytes + len, w->actual + len, w->actual_len - len) == 0)
			return wl_format(arena, _("All is right, and behind it are %zu bytes more: the rest of an earlier, longer message."),
				w->actual_len - len);
	return NULL;
}

static const char *case_changed(const struct wl_wrong *w, struct wl_arena *arena)
{
	(void)arena;
	if (w->actual_len != w->expected_len || w->actual_len < EXPLAIN_PLAIN)
		return NULL;
	for (size_t i = 0; i < w->actual_len; i++)
		if (tolower(w->actual[i]) != tolower(w->expected[i]))
			return NULL;
	return _("All is right but for capital and small letters.");
}

/* The actual bytes, some of them escapes, mean those that were due. */
static bool unescapes(const struct wl_wrong *w, const uint8_t *text, size_t len)
{
	size_t done = 0, taken;

	for (size_t at = 0; at < len; done += taken) {
		size_t written = unescape_at((const char *)text + at, len - at, w->expected + done, w->expected_len - done, &taken);

		if (!written)
			return false;
		at += written;
	}
	return done == w->expected_len;
}

static const char *repr(const struct wl_wrong *w, struct wl_arena *arena)
{
	const uint8_t *from = w->actual;
	size_t len = w->actual_len;

	(void)arena;
	if (w->expected_len < EXPLAIN_PLAIN)
		return NULL;
	if (len > 11 && memcmp(from, "bytearray(", 10) == 0 && from[len - 1] == ')') {
		from += 10;
		len -= 11;
	}
	if (len > 3 && (*from == 'b' || *from == 'u') && (from[1] == '\'' || from[1] == '"')) {
		from++;
		len--;
	}
	if (len < 3 || (*from != '\'' && *from != '"') || from[len - 1] != *from || !unescapes(w, from + 1, len - 2))
		return NULL;
	return _("It is there as source code would have it: in quotes, as Python's repr() or str() of bytes shows it.");
}

static const char *escaped(const struct wl_wrong *w, struct wl_arena *arena)
{
	(void)arena;
	return w->expected_len >= EXPLAIN_PLAIN && w->actual_len > w->expected_len && unescapes(w, w->actual, w->actual_len)
		       ? _("Some characters are written as backslash escapes, as source code has them.")
		       : NULL;
}

static const char *reversed(const struct wl_wrong *w, struct wl_arena *arena)
{
	(void)arena;
	if (w->actual_len != w->expected_len || w->actual_len < EXPLAIN_OPEN)
		return NULL;
	for (size_t i = 0; i < w->actual_len; i++)
		if (w->actual[i] != w->expected[w->expected_len - 1 - i])
			return NULL;
	return _("It is back to front.");
}

static const char *twice(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t times = w->actual_len / w->expected_len;

	if (times < 2 || w->actual_len % w->expected_len || w->expected_len < 2)
		return NULL;
	for (size_t i = 0; i < times; i++)
		if (memcmp(w->actual + i * w->expected_len, w->expected, w->expected_len) != 0)
			return NULL;
	return wl_format(arena, _("It stands there %zu times."), times);
}

static const char *hex(const struct wl_wrong *w, struct wl_arena *arena)
{
	char digits[3];

	(void)arena;
	if (w->actual_len != 2 * w->expected_len || w->expected_len < 2)
		return NULL;
	for (size_t i = 0; i < w->expected_len; i++) {
		snprintf(digits, sizeof(digits), "%02x", w->expected[i]);
		if (tolower(w->actual[2 * i]) != digits[0] || tolower(w->actual[2 * i + 1]) != digits[1])
			return NULL;
	}
	return _("The bytes are there as hexadecimal digits.");
}

static const char *length(const struct wl_wrong *w, struct wl_arena *arena)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%zu", w->expected_len);

	return (w->expected_len >= (w->printed ? 10 : 100) && explain_came(w, digits, (size_t)len)) ||
			       explain_came(w, wl_format(arena, "%s bytes", digits), (size_t)len + 6)
		       ? wl_format(arena, _("%s is the number of bytes that were due, not the bytes."), digits)
		       : NULL;
}

static const char *text_added(const struct wl_wrong *w, struct wl_arena *arena)
{
	const uint8_t *at;
	size_t before, after;

	if (w->expected_len < EXPLAIN_INSIDE)
		return NULL;
	at = memmem(w->actual, w->actual_len, w->expected, w->expected_len);
	if (!at)
		return NULL;
	before = (size_t)(at - w->actual);
	after = w->actual_len - w->expected_len - before;
	if (!after)
		return wl_format(arena, _("All is right, but %zu bytes more are before it."), before);
	if (!before)
		return wl_format(arena, _("All is right, but %zu bytes more are behind it."), after);
	return wl_format(arena, _("All is right, but %zu bytes more are before it and %zu behind it."), before, after);
}

const struct explain_named_rule explain_texts[] = {
	{ "own-data", own_data },
	{ "other-message", other_message },
	{ "leftover", leftover },
	{ "case-changed", case_changed },
	{ "repr", repr },
	{ "escaped", escaped },
	{ "reversed", reversed },
	{ "twice", twice },
	{ "hex", hex },
	{ "length", length },
	{ "text-added", text_added },
	{ NULL, NULL },
};
