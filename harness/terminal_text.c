/*
 * Reading what a program printed, as tolerantly as the course allows and no more. A value is looked for in the forms in which a right
 * program may print it: its plain bytes, or with backslash escapes of Python's repr(), of C or of JSON. What follows decides: a closing
 * quote if one was opened, otherwise the end of the line or a mark that ends a value, maybe behind blanks. So "hello" is not found
 * in "hello2", and "  hi " is not found in "hi".
 */
#include "harness/checks.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "harness/unescape.h"

static bool word_byte(char byte)
{
	return isalnum((unsigned char)byte) || byte == '_';
}

static size_t skip_blanks(const char *text, size_t len, size_t at)
{
	while (at < len && (text[at] == ' ' || text[at] == '\t'))
		at++;
	return at;
}

static size_t skip_space(const char *text, size_t len, size_t at)
{
	while (at < len && isspace((unsigned char)text[at]))
		at++;
	return at;
}

/* The end of LABEL when it stands at AT, or -1. Blanks before "=" are free. */
static ptrdiff_t label_at(const char *text, size_t len, size_t at, const char *label)
{
	size_t start = at;

	if (at > 0 && word_byte(text[at - 1]) && word_byte(*label))
		return -1;
	for (; *label; label++) {
		if (*label == ' ' && label[1] == '=')
			continue;
		if (*label == '=')
			at = skip_blanks(text, len, at);
		if (at >= len || text[at] != *label)
			return -1;
		at++;
	}
	return at > start ? (ptrdiff_t)at : -1;
}

ptrdiff_t wl_find_label(const char *text, size_t len, size_t from, const char *label)
{
	for (size_t at = from; at < len; at++) {
		ptrdiff_t end = label_at(text, len, at, label);

		if (end >= 0)
			return end;
	}
	return -1;
}

static bool quote(char byte)
{
	return byte == '\'' || byte == '"' || byte == '`';
}

/* A value without quotes ends here: end of text or line, or a mark that ends a value. More blanks are the program's own. */
static bool value_ends(const char *text, size_t len, size_t at)
{
	at = skip_blanks(text, len, at);
	return at >= len || text[at] == '\n' || text[at] == '\r' || text[at] == ',' || text[at] == ')' ||
	       text[at] == ']' || text[at] == '}' || text[at] == ';';
}

/* What is looked for. */
struct wanted {
	const uint8_t *bytes;
	size_t len;
};

/* Where the plain bytes of WANTED end that stand at AT, or -1. */
static ptrdiff_t plain_at(const char *text, size_t len, size_t at, struct wanted wanted)
{
	if (len - at < wanted.len || (wanted.len && memcmp(text + at, wanted.bytes, wanted.len) != 0))
		return -1;
	return (ptrdiff_t)(at + wanted.len);
}

/* Where WANTED ends when what stands at AT is read with its escapes, or -1. */
static ptrdiff_t escaped_at(const char *text, size_t len, size_t at, struct wanted wanted)
{
	for (size_t done = 0, taken; done < wanted.len; done += taken) {
		size_t written = unescape_at(text + at, len - at, wanted.bytes + done, wanted.len - done, &taken);

		if (!written)
			return -1;
		at += written;
	}
	return (ptrdiff_t)at;
}

/* Behind "bytearray(", as Python shows a buffer that was received into, or AT. */
static size_t skip_type(const char *text, size_t len, size_t at)
{
	static const char type[] = "bytearray(";
	size_t type_len = sizeof(type) - 1;

	return len - at > type_len && memcmp(text + at, type, type_len) == 0 ? at + type_len : at;
}

/* WANTED stands at AT (behind blanks, b prefix, quote), and ends there. */
static bool value_at(const char *text, size_t len, size_t at, struct wanted wanted)
{
	ptrdiff_t ends[2];
	char opened = '\0';

	at = skip_type(text, len, at);
	if (at < len && (text[at] == 'b' || text[at] == 'B' || text[at] == 'u') && at + 1 < len &&
		quote(text[at + 1]))
		at++;
	if (at < len && quote(text[at]))
		opened = text[at++];
	ends[0] = plain_at(text, len, at, wanted);
	ends[1] = escaped_at(text, len, at, wanted);
	for (size_t i = 0; i < 2; i++) {
		size_t end = (size_t)ends[i];

		if (ends[i] >= 0 && (opened ? end < len && text[end] == opened : value_ends(text, len, end)))
			return true;
	}
	return false;
}

/* Behind a label: any number of blanks may be the label's, the others the value's. */
static bool value_behind(const char *text, size_t len, size_t at, struct wanted wanted)
{
	size_t end = skip_space(text, len, at);

	for (; at <= end; at++)
		if (value_at(text, len, at, wanted))
			return true;
	return false;
}

ptrdiff_t wl_find_value(const char *text, size_t len, size_t from, const uint8_t *value, size_t value_len)
{
	const struct wanted wanted = { value, value_len };

	for (size_t at = from; at < len; at++)
		if (plain_at(text, len, at, wanted) >= 0 || escaped_at(text, len, at, wanted) >= 0)
			return (ptrdiff_t)at;
	return -1;
}

bool wl_shows_value(const char *text, size_t len, const char *label, const uint8_t *value,
	size_t value_len)
{
	for (ptrdiff_t at = wl_find_label(text, len, 0, label); at >= 0;
		at = wl_find_label(text, len, (size_t)at, label))
		if (value_behind(text, len, (size_t)at, (struct wanted){ value, value_len }))
			return true;
	return false;
}

/* Behind blanks and any of MARKS. */
static size_t skip_marks(const char *text, size_t len, size_t at, const char *marks)
{
	while (at < len && text[at] && (isspace((unsigned char)text[at]) || strchr(marks, text[at])))
		at++;
	return at;
}

/* Where ADDRESS and PORT end that stand at AT, or -1. */
static ptrdiff_t address_at(const char *text, size_t len, size_t at, const char *address, uint16_t port)
{
	static const char mapped[] = "::ffff:";
	size_t address_len = strlen(address);
	char digits[8];
	size_t digits_len = (size_t)snprintf(digits, sizeof(digits), "%u", port);

	at = skip_marks(text, len, at, "'\"`([{<");
	if (len - at > sizeof(mapped) && strncasecmp(text + at, mapped, sizeof(mapped) - 1) == 0)
		at += sizeof(mapped) - 1;
	if (len - at < address_len || memcmp(text + at, address, address_len) != 0)
		return -1;
	at += address_len;
	if (at < len && isdigit((unsigned char)text[at]))
		return -1;
	at = skip_marks(text, len, at, "'\"`()[]{}<>,:;");
	if (len - at < digits_len || memcmp(text + at, digits, digits_len) != 0)
		return -1;
	at += digits_len;
	return at >= len || !isdigit((unsigned char)text[at]) ? (ptrdiff_t)at : -1;
}

bool wl_shows_address(const char *text, size_t len, const char *label, const char *address,
	uint16_t port)
{
	for (ptrdiff_t at = wl_find_label(text, len, 0, label); at >= 0;
		at = wl_find_label(text, len, (size_t)at, label))
		if (address_at(text, len, (size_t)at, address, port) >= 0)
			return true;
	return false;
}

ptrdiff_t wl_find_address(const char *text, size_t len, size_t from, const char *address, uint16_t port)
{
	for (size_t at = from; at < len; at++) {
		bool inside = at > 0 && (word_byte(text[at - 1]) || text[at - 1] == '.');
		ptrdiff_t end = inside ? -1 : address_at(text, len, at, address, port);

		if (end >= 0)
			return end;
	}
	return -1;
}

ptrdiff_t wl_find_bytes(const char *text, size_t len, size_t from, const uint8_t *bytes, size_t bytes_len)
{
	const struct wanted wanted = { bytes, bytes_len };

	for (size_t at = from; at < len; at++) {
		bool quoted = at > 0 && quote(text[at - 1]);
		ptrdiff_t end = plain_at(text, len, at, wanted);

		if (end < 0)
			end = escaped_at(text, len, at, wanted);
		if (end < 0 || (at > 0 && word_byte(text[at - 1])))
			continue;
		if (quoted ? (size_t)end < len && text[end] == text[at - 1] : (size_t)end >= len || !word_byte(text[end]))
			return end + quoted;
	}
	return -1;
}

/* The line that [AT, AT) is in, for people. */
static const char *line_around(const char *text, size_t len, size_t at, struct wl_arena *arena)
{
	size_t from = at, to = at;

	while (from > 0 && text[from - 1] != '\n')
		from--;
	while (to < len && text[to] != '\n')
		to++;
	return wl_show_bytes((const uint8_t *)text + from, to - from, 200, arena);
}

const char *wl_line_with(const char *text, size_t len, const char *label, struct wl_arena *arena)
{
	ptrdiff_t at = label ? wl_find_label(text, len, 0, label) : -1;

	if (at > 0)
		return line_around(text, len, (size_t)at - 1, arena);
	while (len > 0 && isspace((unsigned char)text[len - 1]))
		len--;
	return len ? line_around(text, len, len - 1, arena) : NULL;
}
