/*
 * RFC 3629 section 4 gives the well-formed sequences as a grammar. What is forbidden (overlong
 * forms, surrogates, beyond U+10FFFF) is forbidden by the bounds of the second byte alone, which
 * depend on the first:
 *
 *	C2..DF  80..BF                      E0  A0..BF  tail       F0  90..BF  tail tail
 *	E1..EF  80..BF  tail (but ED)       ED  80..9F  tail       F1..F3  80..BF  tail tail
 *	                                                           F4  80..8F  tail tail
 */
#include "harness/utf8.h"

#include <string.h>

#include "harness/packet.h"

static size_t len_of_lead(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static bool second_fits(uint8_t lead, uint8_t second)
{
	uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;

	return second >= low && second <= high;
}

size_t wl_utf8_char_len(const uint8_t *bytes, size_t len)
{
	size_t need = len ? len_of_lead(bytes[0]) : 0;
	size_t i;

	if (!need || need > len)
		return 0;
	if (need > 1 && !second_fits(bytes[0], bytes[1]))
		return 0;
	for (i = 2; i < need; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return need;
}

bool wl_is_utf8(const uint8_t *bytes, size_t len)
{
	size_t at, step;

	for (at = 0; at < len; at += step) {
		step = wl_utf8_char_len(bytes + at, len - at);
		if (!step)
			return false;
	}
	return true;
}

/* What would steer a terminal: C0 (but for newline and tab), DEL and C1 (U+0080 to U+009F, in UTF-8 c2 80 to c2 9f). */
static bool steers(const uint8_t *at, size_t len)
{
	if (len == 1)
		return (*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7f;
	return len == 2 && at[0] == 0xc2 && at[1] < 0xa0;
}

/* A copy with U+FFFD for what is malformed and, unless PERMIT_CONTROLS, for what steers. */
static char *cleaned(struct wl_arena *arena, const char *text, bool permit_controls)
{
	static const char replacement[] = "\xef\xbf\xbd";
	const uint8_t *bytes = (const uint8_t *)(text ? text : "");
	size_t len = strlen((const char *)bytes), at = 0, used = 0;
	char *clean = wl_alloc(arena, 3 * len + 1);

	while (at < len) {
		size_t step = wl_utf8_char_len(bytes + at, len - at);
		bool kept = step && (permit_controls || !steers(bytes + at, step));

		memcpy(clean + used, kept ? (const char *)bytes + at : replacement, kept ? step : 3);
		used += kept ? step : 3;
		at += step ? step : 1;
	}
	return clean;
}

char *wl_to_utf8(struct wl_arena *arena, const char *text)
{
	return cleaned(arena, text, true);
}

char *wl_to_terminal(struct wl_arena *arena, const char *text)
{
	return cleaned(arena, text, false);
}
