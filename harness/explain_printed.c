/*
 * What a program printed may be read in several ways: as it stands, in quotes, with escapes. Each is tried.
 */
#include "harness/explain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

/* Lines come from unknown people: so much of one is read, in so many ways. */
#define LINE_MOST 16384
#define TRIED_MOST 32

/* One escape of Python at AT, which is a backslash; returns how much it takes. */
static size_t unescape_one(const char *at, size_t len, uint8_t *byte)
{
	static const char letters[] = "nrt0\\'\"abfv", codes[] = "\n\r\t\0\\'\"\a\b\f\v";
	const char *letter = len > 1 && at[1] ? strchr(letters, at[1]) : NULL;
	char digits[3] = "", *end;

	if (len > 3 && at[1] == 'x') {
		memcpy(digits, at + 2, 2);
		*byte = (uint8_t)strtoul(digits, &end, 16);
		return *end ? 0 : 4;
	}
	*byte = letter ? (uint8_t)codes[letter - letters] : 0;
	return letter ? 2 : 0;
}

/* In bytes \xe9 is one byte; in text, WIDE, it is a character, which has two. */
static uint8_t *unescape(const char *text, size_t len, bool wide, struct wl_arena *arena, size_t *to)
{
	uint8_t *bytes = wl_alloc(arena, len + 1);

	*to = 0;
	for (size_t at = 0, taken; at < len; at += taken) {
		taken = text[at] == '\\' ? unescape_one(text + at, len - at, &bytes[*to]) : 0;
		if (!taken) {
			bytes[*to] = (uint8_t)text[at];
			taken = 1;
		}
		if (wide && taken == 4 && bytes[*to] >= 0x80) {
			bytes[*to + 1] = (uint8_t)(0x80 | (bytes[*to] & 0x3f));
			bytes[*to] = (uint8_t)(0xc0 | bytes[*to] >> 6);
			++*to;
		}
		++*to;
	}
	return bytes;
}

/* What is wrong, and whether it may be explained as something that stands around the right text: that comes last. */
struct attempt {
	const struct wl_wrong *wrong;
	bool loose;
	struct wl_arena *arena;
	struct wl_explanation *found;
};

static bool try(const struct attempt *a, const void *bytes, size_t len)
{
	struct wl_wrong one = *a->wrong;

	one.actual = bytes;
	one.actual_len = len;
	one.plan = NULL;
	one.printed = true;
	return wl_explain(&one, a->arena, a->found) && (a->loose || strcmp(a->found->label, "text-added") != 0);
}

/* The content of the quotes that open at AT and close last before END, or where the line goes on behind a mark. */
static bool try_quoted(const struct attempt *a, const char *at, const char *end)
{
	unsigned int tried = 0;

	for (const char *close = end - 1; close > at && tried < TRIED_MOST; close--) {
		size_t len = (size_t)(close - at - 1), plain_len, wide_len;
		const uint8_t *plain, *wide;

		if (*close != *at || (close + 1 < end && !strchr(",)]}; \r", close[1])))
			continue;
		tried++;
		plain = unescape(at + 1, len, false, a->arena, &plain_len);
		wide = unescape(at + 1, len, true, a->arena, &wide_len);
		if (try(a, at + 1, len) || try(a, plain, plain_len) || try(a, wide, wide_len))
			return true;
	}
	return false;
}

static bool try_plain(const struct attempt *a, const char *at, const char *end)
{
	const char *comma = memchr(at, ',', (size_t)(end - at));

	return try(a, at, (size_t)(end - at)) || (comma && try(a, at, (size_t)(comma - at)));
}

/* Blanks before it may be the value's own. */
static bool try_line(const struct attempt *a, const char *label_end, const char *end)
{
	const char *from = label_end, *quote;

	while (from < end && *from == ' ')
		from++;
	quote = from + 10 < end && memcmp(from, "bytearray(", 10) == 0 ? from + 10 : from;
	if (quote + 1 < end && (*quote == 'b' || *quote == 'u') && (quote[1] == '\'' || quote[1] == '"'))
		quote++;
	if (quote < end && (*quote == '\'' || *quote == '"'))
		return try_quoted(a, quote, end);
	for (const char *start = from; start >= label_end && from - start < TRIED_MOST; start--)
		if (try_plain(a, start, end))
			return true;
	return false;
}

bool wl_explain_text_at(const struct wl_wrong *wrong, const char *text, size_t len, size_t at, struct wl_arena *arena,
	struct wl_explanation *found)
{
	size_t room = at >= len ? 0 : len - at < LINE_MOST ? len - at : LINE_MOST;
	const char *end = memchr(text + at, '\n', room);
	struct attempt attempt = { wrong, false, arena, found };

	end = end ? end : text + at + room;
	while (end > text + at && end[-1] == '\r')
		end--;
	if (try_line(&attempt, text + at, end))
		return true;
	attempt.loose = true;
	return try_line(&attempt, text + at, end);
}

/* TEXT stands in LINE as a word: no digit before it or behind it. */
static const char *word_in(const char *line, const char *text)
{
	size_t len = strlen(text);

	for (const char *at = line; (at = strstr(at, text)); at++)
		if ((at == line || (!isdigit((unsigned char)at[-1]) && (at[-1] != '.' || at == line + 1 || !isdigit((unsigned char)at[-2])))) &&
			!isdigit((unsigned char)at[len]) && (at[len] != '.' || !isdigit((unsigned char)at[len + 1])))
			return at;
	return NULL;
}

static const char *port_in(const char *line, uint16_t port)
{
	char digits[8];

	snprintf(digits, sizeof(digits), "%u", port);
	return word_in(line, digits);
}

/* "1.2.3.4" back to front: "4.3.2.1". */
static const char *turned(const char *address, char text[24])
{
	unsigned int part[4];

	*text = '\0';
	if (sscanf(address, "%u.%u.%u.%u", &part[0], &part[1], &part[2], &part[3]) == 4)
		snprintf(text, 24, "%u.%u.%u.%u", part[3] & 255, part[2] & 255, part[1] & 255, part[0] & 255);
	return text;
}

static bool found_as(struct wl_explanation *found, const char *label, const char *sentence)
{
	*found = (struct wl_explanation){ label, sentence };
	return true;
}

bool wl_explain_endpoint(const char *line, const char *address, uint16_t port, const struct wl_near_end *near, size_t count,
	struct wl_arena *arena, struct wl_explanation *found)
{
	const char *at = word_in(line, address), *port_at = port_in(line, port);
	uint16_t swapped = (uint16_t)(port << 8 | port >> 8);
	char other[24];

	if (at && port_at)
		return port_at < at && found_as(found, "field-order", _("Address and port are right, but in each other's place."));
	if (at && swapped != port && port_in(line, swapped))
		return found_as(found, "byte-order",
			wl_format(arena, _("The address is right, and the port is the right one in the other byte order: %u where %u was due."),
				swapped, port));
	if (port_at && word_in(line, turned(address, other)) && strcmp(other, address) != 0)
		return found_as(found, "byte-order", _("The port is right, and the address is the right one in the other byte order."));
	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < count; i++)
			if (near[i].own == own && word_in(line, near[i].address) && port_in(line, near[i].port))
				return own ? found_as(found, "own-data", _("These are an address and a port of the program's own side."))
					   : found_as(found, "other-message", _("These are the address and the port of another message of the same play."));
	for (size_t i = 0; i < count; i++)
		if (port_at && near[i].own && word_in(line, near[i].address))
			return found_as(found, "own-data", _("The port is right, but the address is of the program's own side."));
	return false;
}
