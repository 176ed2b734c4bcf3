/*
 * Terminal text without what only steers the terminal: colours, cursor movements, titles, modes (ECMA-48, section 5.4
 * and 8.3; xterm's control sequences). A sequence is an ESC and
 *
 *   [ parameters intermediates final     CSI: colours, erasing, readline's bracketed paste
 *   ] P X ^ _  text  BEL or ESC \        strings: titles and the like
 *   intermediates final                  character sets
 *   final                                the rest
 *
 * What is not a whole sequence stays as it is: an ESC may be data. One that puts the cursor somewhere (CUP, HVP) becomes the end
 * of a line: what follows does not stand behind what was before.
 */
#include "harness/checks.h"

#include <string.h>

#define ESC '\x1b'
#define BEL '\a'

static bool between(char byte, char first, char last)
{
	return byte >= first && byte <= last;
}

/* Behind the bytes from FIRST to LAST that stand at AT. */
static size_t skip_range(const char *text, size_t len, size_t at, char first, char last)
{
	while (at < len && between(text[at], first, last))
		at++;
	return at;
}

/* Behind the end of a string whose text begins at AT; 0 when it has none. */
static size_t string_end(const char *text, size_t len, size_t at)
{
	while (at < len && text[at] != BEL && text[at] != ESC && text[at] != '\n')
		at++;
	if (at < len && text[at] == BEL)
		return at + 1;
	return at + 1 < len && text[at] == ESC && text[at + 1] == '\\' ? at + 2 : 0;
}

/* Behind the sequence at AT; 0 when there is none. */
static size_t sequence_end(const char *text, size_t len, size_t at)
{
	size_t end = at + 2;

	if (len - at < 2 || text[at] != ESC)
		return 0;
	if (text[at + 1] && strchr("]PX^_", text[at + 1]))
		return string_end(text, len, end);
	if (text[at + 1] == '[') {
		end = skip_range(text, len, end, 0x20, 0x3f);
		return end < len && between(text[end], 0x40, 0x7e) ? end + 1 : 0;
	}
	end = skip_range(text, len, at + 1, 0x20, 0x2f);
	return end < len && between(text[end], 0x30, 0x7e) ? end + 1 : 0;
}

static bool moves_away(const char *sequence, size_t len)
{
	return sequence[1] == '[' && (sequence[len - 1] == 'H' || sequence[len - 1] == 'f');
}

const char *wl_without_escapes(const char *text, size_t *len, struct wl_arena *arena)
{
	char *plain, *to;

	if (!memchr(text, ESC, *len))
		return text;
	to = plain = wl_alloc(arena, *len + 1);
	for (size_t at = 0; at < *len;) {
		size_t end = sequence_end(text, *len, at);

		if (!end)
			*to++ = text[at];
		else if (moves_away(text + at, end - at))
			*to++ = '\n';
		at = end ? end : at + 1;
	}
	*len = (size_t)(to - plain);
	return plain;
}
