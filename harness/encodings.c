/* Encodings are iconv's; that Hangul syllables have letters is arithmetic (Unicode section 3.12). */
#include "harness/encodings.h"

#include <iconv.h>
#include <string.h>

#include "harness/utf8.h"

#define FIRST_SYLLABLE 0xac00u
#define LAST_SYLLABLE 0xd7a3u
#define VOWELS 21
#define FINALS 28 /* final consonants, none being the first */

size_t encoding_from_utf8(const char *encoding, const uint8_t *text, size_t len, uint8_t *bytes)
{
	iconv_t converter = iconv_open(encoding, "UTF-8");
	char *from = (char *)text, *to = (char *)bytes; /* it does not write to FROM */
	size_t room = 2 * len, left = room, result;

	if (converter == (iconv_t)-1)
		return 0;
	result = iconv(converter, &from, &len, &to, &left);
	iconv_close(converter);
	return result == 0 ? room - left : 0;
}

/* Letters of Hangul lie from U+1100 to U+11FF. */
static uint8_t *put_letter(uint8_t *to, uint32_t code)
{
	to[0] = 0xe1;
	to[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	to[2] = (uint8_t)(0x80 | (code & 0x3f));
	return to + 3;
}

/* The character of three bytes at AT; 0 for one of fewer or more, which is no syllable. */
static uint32_t decode(const uint8_t *at, size_t len)
{
	return len == 3 ? (at[0] & 0x0fu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu) : 0;
}

size_t hangul_decomposed(const uint8_t *text, size_t len, uint8_t *bytes)
{
	uint8_t *to = bytes;
	size_t step;

	for (size_t at = 0; at < len; at += step) {
		uint32_t code, nth;

		step = wl_utf8_char_len(text + at, len - at);
		if (!step)
			return 0;
		code = decode(text + at, step);
		if (code < FIRST_SYLLABLE || code > LAST_SYLLABLE) {
			memcpy(to, text + at, step);
			to += step;
			continue;
		}
		nth = code - FIRST_SYLLABLE;
		to = put_letter(to, 0x1100 + nth / (VOWELS * FINALS));
		to = put_letter(to, 0x1161 + nth / FINALS % VOWELS);
		to = nth % FINALS ? put_letter(to, 0x11a7 + nth % FINALS) : to;
	}
	return (size_t)(to - bytes);
}
