/*
 * Bytes for people: as text where they are text, in hexadecimal elsewhere. What is shown must not
 * be mistaken for something else, nor steer a terminal: control codes, quotes and backslashes are
 * escaped.
 */
#include "harness/packet.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/utf8.h"

#define SIZED_MOST 60

/* C0, DEL and C1 (U+0080 to U+009F, in UTF-8 c2 80 to c2 9f). */
static bool is_control(const uint8_t *at, size_t len)
{
	return len == 1 ? *at < 0x20 || *at == 0x7f : len == 2 && at[0] == 0xc2 && at[1] < 0xa0;
}

/* One character of LEN bytes to TO; returns where it ends, at most 4 bytes for each of its own. */
static char *put_char(char *to, const uint8_t *at, size_t len)
{
	size_t i;

	if (is_control(at, len)) {
		for (i = 0; i < len; i++)
			to += sprintf(to, "\\x%02x", at[i]);
		return to;
	}
	if (*at == '"' || *at == '\\')
		*to++ = '\\';
	memcpy(to, at, len);
	return to + len;
}

/* As many whole characters as fit into MOST bytes; *SHOWN is set to their length. */
static char *show_text(
	const uint8_t *bytes, size_t len, size_t most, size_t *shown, struct wl_arena *arena)
{
	size_t room = len < most ? len : most, at = 0, step;
	char *text = wl_alloc(arena, 4 * room + 3), *to = text;

	*to++ = '"';
	while (at < room) {
		step = wl_utf8_char_len(bytes + at, len - at);
		if (at + step > room)
			break;
		to = put_char(to, bytes + at, step);
		at += step;
	}
	*to = '"';
	*shown = at;
	return text;
}

static char *show_hex(const uint8_t *bytes, size_t shown, struct wl_arena *arena)
{
	char *text = wl_alloc(arena, 3 * shown + 1), *to = text;
	size_t i;

	for (i = 0; i < shown; i++)
		to += sprintf(to, i ? " %02x" : "%02x", bytes[i]);
	return text;
}

char *wl_show_bytes(const uint8_t *bytes, size_t len, size_t most, struct wl_arena *arena)
{
	size_t shown = len < most ? len : most;
	char *text;

	if (wl_is_utf8(bytes, len))
		text = show_text(bytes, len, most, &shown, arena);
	else
		text = show_hex(bytes, shown, arena);
	return shown == len ? text : wl_format(arena, _("%s… (%zu bytes)"), text, len);
}

char *wl_show_sized(const uint8_t *bytes, size_t len, struct wl_arena *arena)
{
	char *text = wl_show_bytes(bytes, len, SIZED_MOST, arena);

	return len > SIZED_MOST ? text : wl_format(arena, _("%s (%zu bytes)"), text, len);
}
