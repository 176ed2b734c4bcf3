/*
 * The right characters in other bytes.
 */
#include "harness/explain_rules.h"

#include <string.h>

#include "harness/base/text.h"
#include "harness/encodings.h"
#include "harness/utf8.h"

static const char *utf_16(const struct wl_wrong *w, struct wl_arena *arena)
{
	static const char *const names[] = { "UTF-16LE", "UTF-16BE" };
	uint8_t *bytes = wl_alloc(arena, 2 * w->expected_len + 2);

	if (w->expected_len < 2)
		return NULL;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		size_t len = encoding_from_utf8(names[big_endian], w->expected, w->expected_len, bytes + 2);

		bytes[0] = big_endian ? 0xfe : 0xff;
		bytes[1] = big_endian ? 0xff : 0xfe;
		if (len && explain_came(w, bytes, len + 2))
			return wl_format(arena, _("These are the right characters, but in %s with a byte order mark, not in UTF-8."),
				names[big_endian]);
		if (len && explain_came(w, bytes + 2, len))
			return wl_format(arena, _("These are the right characters, but in %s, not in UTF-8."), names[big_endian]);
	}
	return NULL;
}

static const char *cp949(const struct wl_wrong *w, struct wl_arena *arena)
{
	static const struct {
		const char *name, *sentence;
	} encodings[] = {
		{ "EUC-KR", N_("These are the right characters, but in EUC-KR (CP949), not in UTF-8.") },
		{ "CP949", N_("These are the right characters, but in CP949, not in UTF-8.") },
	};
	uint8_t *bytes = wl_alloc(arena, 2 * w->expected_len);

	for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++) {
		size_t len = encoding_from_utf8(encodings[i].name, w->expected, w->expected_len, bytes);

		if (len >= EXPLAIN_PLAIN && explain_came(w, bytes, len))
			return _(encodings[i].sentence);
	}
	return NULL;
}

static const char *latin_1(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t *bytes = wl_alloc(arena, 2 * w->expected_len), *to = bytes;

	for (size_t i = 0; i < w->expected_len; i++) {
		if (w->expected[i] & 0x80)
			*to++ = (uint8_t)(0xc0 | w->expected[i] >> 6);
		*to++ = w->expected[i] & 0x80 ? (w->expected[i] & 0xbf) : w->expected[i];
	}
	return w->actual_len >= EXPLAIN_PLAIN && explain_came(w, bytes, (size_t)(to - bytes))
		       ? _("The bytes of the right text were taken for characters of Latin-1, one each, and those were encoded again.")
		       : NULL;
}

static const char *decomposed(const struct wl_wrong *w, struct wl_arena *arena)
{
	uint8_t *bytes = wl_alloc(arena, 3 * w->expected_len);
	size_t len = hangul_decomposed(w->expected, w->expected_len, bytes);

	return len && explain_came(w, bytes, len)
		       ? _("Each Hangul syllable was taken apart into its letters: it looks the same, but its bytes are others.")
		       : NULL;
}

/* The expected text with MARK for each character (or each byte of one) that is not ASCII. */
static size_t replaced(const struct wl_wrong *w, const char *mark, bool each_byte, uint8_t *bytes)
{
	size_t to = 0, step;

	for (size_t at = 0; at < w->expected_len; at += step) {
		step = wl_utf8_char_len(w->expected + at, w->expected_len - at);
		if (w->expected[at] < 0x80) {
			bytes[to++] = w->expected[at];
			continue;
		}
		step = each_byte || !step ? 1 : step;
		memcpy(bytes + to, mark, strlen(mark));
		to += strlen(mark);
	}
	return to;
}

static const char *ascii_only(const struct wl_wrong *w, struct wl_arena *arena)
{
	static const char *const marks[] = { "", "?", ".", "*", "\xef\xbf\xbd" };
	uint8_t *bytes = wl_alloc(arena, 3 * w->expected_len);

	if (w->actual_len < EXPLAIN_PLAIN)
		return NULL;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		for (int each_byte = 0; each_byte < 2; each_byte++)
			if (explain_came(w, bytes, replaced(w, marks[i], each_byte, bytes)))
				return *marks[i] ? _("All is right but for the characters that are not ASCII: something stands in their place.")
						 : _("All is right but for the characters that are not ASCII: they are left out.");
	return NULL;
}

const struct explain_named_rule explain_encodings[] = {
	{ "utf-16", utf_16 },
	{ "cp949", cp949 },
	{ "latin-1", latin_1 },
	{ "decomposed", decomposed },
	{ "ascii-only", ascii_only },
	{ NULL, NULL },
};
