/*
 * What was done to the beginning or the end of the right bytes. Rules that cut at a place for a reason stand before the one that
 * cuts anywhere.
 */
#include "harness/explain_rules.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

static bool blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

/* The actual bytes are the expected ones, LEN of them. */
static bool begins_right(const struct wl_wrong *w, size_t len)
{
	return w->actual_len >= len && w->expected_len >= len && memcmp(w->actual, w->expected, len) == 0;
}

static bool ends_right(const struct wl_wrong *w, size_t len)
{
	return w->actual_len >= len && w->expected_len >= len &&
	       memcmp(w->actual + w->actual_len - len, w->expected + w->expected_len - len, len) == 0;
}

/* The number of bytes that stand behind all the right ones, 0: that is not so. */
static size_t behind(const struct wl_wrong *w)
{
	return w->expected_len >= EXPLAIN_PLAIN && w->actual_len > w->expected_len && begins_right(w, w->expected_len)
		       ? w->actual_len - w->expected_len
		       : 0;
}

/* The number of right bytes at the beginning when all is right but those at the end are missing; LEAST of them. 0: not so. */
static size_t cut(const struct wl_wrong *w, size_t least)
{
	return w->actual_len >= least && w->actual_len < w->expected_len && begins_right(w, w->actual_len) ? w->actual_len
													   : 0;
}

static const char *newline_added(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t more = behind(w);
	const uint8_t *at = w->actual + w->expected_len;

	(void)arena;
	if (more == 1 && *at == '\n')
		return _("All is right, and one byte more is behind it: a newline.");
	if (more == 1 && *at == '\r')
		return _("All is right, and one byte more is behind it: a carriage return.");
	if (more == 2 && memcmp(at, "\r\n", 2) == 0)
		return _("All is right, and two bytes more are behind it: a carriage return and a newline.");
	return NULL;
}

static const char *newline_cut(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t len = cut(w, EXPLAIN_PLAIN);

	(void)arena;
	for (size_t i = len; len && i < w->expected_len; i++)
		if (w->expected[i] != '\n' && w->expected[i] != '\r')
			return NULL;
	return len ? _("All is right, but the end of the line is missing.") : NULL;
}

static const char *nul_added(const struct wl_wrong *w, struct wl_arena *arena)
{
	(void)arena;
	return behind(w) == 1 && !w->actual[w->expected_len] ? _("All is right, and one byte more is behind it: a NUL byte.")
							       : NULL;
}

static const char *zero_filled(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t more = behind(w);

	if (more < 2)
		return NULL;
	for (size_t i = 0; i < more; i++)
		if (w->actual[w->expected_len + i])
			return NULL;
	return wl_format(arena, _("All is right, and %zu NUL bytes are behind it: it is filled up to %zu bytes."), more,
		w->actual_len);
}

static const char *stops_at_nul(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t len = cut(w, EXPLAIN_PLAIN);

	(void)arena;
	if (!len || w->expected[len] || memchr(w->expected, '\0', len))
		return NULL;
	return _("It is right up to the first NUL byte, and there it ends.");
}

static const char *nul_cut(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t len = cut(w, EXPLAIN_PLAIN);

	(void)arena;
	for (size_t i = len; len && i < w->expected_len; i++)
		if (w->expected[i])
			return NULL;
	return len ? _("All is right, but the NUL bytes at its end are missing.") : NULL;
}

/* The expected bytes without those that DROP says. */
static size_t without(const struct wl_wrong *w, bool (*drop)(const struct wl_wrong *w, size_t at), uint8_t *bytes)
{
	size_t to = 0;

	for (size_t at = 0; at < w->expected_len; at++)
		if (!drop(w, at))
			bytes[to++] = w->expected[at];
	return to;
}

static bool is_nul(const struct wl_wrong *w, size_t at)
{
	return !w->expected[at];
}

static const char *nul_dropped(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t *bytes = wl_alloc(arena, w->expected_len);

	return w->actual_len >= EXPLAIN_PLAIN && explain_came(w, bytes, without(w, is_nul, bytes))
		       ? _("All is right but for the NUL bytes: they are left out.")
		       : NULL;
}

static const char *stripped_blanks(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t from = 0, to = w->expected_len;

	(void)arena;
	while (from < to && blank(w->expected[from]))
		from++;
	while (to > from && blank(w->expected[to - 1]))
		to--;
	if (to - from < EXPLAIN_PLAIN)
		return NULL;
	if (from && to < w->expected_len && explain_came(w, w->expected + from, to - from))
		return _("All is right, but the blanks at both ends are missing.");
	if (from && explain_came(w, w->expected + from, w->expected_len - from))
		return _("All is right, but the blanks at the beginning are missing.");
	if (to < w->expected_len && explain_came(w, w->expected, to))
		return _("All is right, but the blanks at the end are missing.");
	return NULL;
}

static bool is_repeated_blank(const struct wl_wrong *w, size_t at)
{
	return at > 0 && blank(w->expected[at]) && blank(w->expected[at - 1]);
}

/* Blanks at the ends may be gone, too: that is how words are split and joined. */
static const char *joined_blanks(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t *bytes = wl_alloc(arena, w->expected_len), *from = bytes;
	size_t len = without(w, is_repeated_blank, bytes);

	if (w->actual_len < EXPLAIN_PLAIN)
		return NULL;
	if (explain_came(w, bytes, len))
		return _("Where several blanks were due in a row there is one.");
	while (len && blank(*from)) {
		from++;
		len--;
	}
	while (len && blank(from[len - 1]))
		len--;
	return explain_came(w, from, len) ? _("Where several blanks were due in a row there is one, and none at the ends.") : NULL;
}

static bool decimal(const uint8_t *bytes, size_t len, long long *number)
{
	char text[20] = "", *end;

	if (!len || len >= sizeof(text))
		return false;
	memcpy(text, bytes, len);
	*number = strtoll(text, &end, 10);
	return !*end && end == text + len && text[0] != ' ' && text[0] != '+';
}

static const char *off_by_one(const struct wl_wrong *w, struct wl_arena *arena)
{
	long long due, came;

	(void)arena;
	if (w->actual_len >= EXPLAIN_PLAIN && w->expected_len >= EXPLAIN_PLAIN && decimal(w->expected, w->expected_len, &due) &&
		decimal(w->actual, w->actual_len, &came) && (came == due + 1 || came == due - 1))
		return came > due ? _("The number is too large by 1.") : _("The number is too small by 1.");
	if (w->expected_len > EXPLAIN_OPEN && cut(w, EXPLAIN_OPEN) == w->expected_len - 1)
		return _("One byte too few: all is right but for the last one, which is missing.");
	if (w->expected_len > EXPLAIN_OPEN && w->actual_len == w->expected_len - 1 && ends_right(w, w->actual_len))
		return _("One byte too few: all is right but for the first one, which is missing.");
	if (w->expected_len >= EXPLAIN_OPEN && behind(w) == 1)
		return _("One byte too many: all is right, and one more is behind it.");
	if (w->expected_len >= EXPLAIN_OPEN && w->actual_len == w->expected_len + 1 && ends_right(w, w->expected_len))
		return _("One byte too many: all is right, and one more is before it.");
	return NULL;
}

static size_t characters(const uint8_t *bytes, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += (bytes[i] & 0xc0) != 0x80;
	return count;
}

/* As many characters as it should have bytes, or all that there are: the rest was taken from what stood behind it. */
static const char *takes_characters(const struct wl_wrong *w)
{
	size_t count = characters(w->actual, w->actual_len);

	if (behind(w) < EXPLAIN_PLAIN || count > w->expected_len)
		return NULL;
	for (size_t i = 0; i < w->near_count; i++)
		if ((count == w->expected_len ? w->near[i].len >= w->actual_len : w->near[i].len == w->actual_len) && memcmp(w->near[i].bytes, w->actual, w->actual_len) == 0)
			return _("It goes on into what stands behind it, as if its length counted characters.");
	return NULL;
}

static const char *counts_characters(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t len = cut(w, EXPLAIN_OPEN);

	if (!len || len != characters(w->expected, w->expected_len))
		return takes_characters(w);
	return wl_format(arena, _("It ends behind %zu bytes: so many characters it should have, and some of them take several bytes."),
		len);
}

static const char *truncated(const struct wl_wrong *w, struct wl_arena *arena)
{
	size_t len = cut(w, EXPLAIN_OPEN);

	return len ? wl_format(arena, _("The first %zu of %zu bytes are right, and there it ends."), len, w->expected_len) : NULL;
}

static const char *beginning_lost(const struct wl_wrong *w, struct wl_arena *arena)
{
	if (w->actual_len < EXPLAIN_OPEN || w->actual_len >= w->expected_len || !ends_right(w, w->actual_len))
		return NULL;
	return wl_format(arena, _("The first %zu bytes are missing, and all behind them is right."),
		w->expected_len - w->actual_len);
}

const struct explain_named_rule explain_ends[] = {
	{ "newline-added", newline_added },
	{ "newline-cut", newline_cut },
	{ "nul-added", nul_added },
	{ "zero-filled", zero_filled },
	{ "nul-cut", nul_cut },
	{ "stops-at-nul", stops_at_nul },
	{ "nul-dropped", nul_dropped },
	{ "stripped-blanks", stripped_blanks },
	{ "joined-blanks", joined_blanks },
	{ "off-by-one", off_by_one },
	{ "counts-characters", counts_characters },
	{ "truncated", truncated },
	{ "beginning-lost", beginning_lost },
	{ NULL, NULL },
};
