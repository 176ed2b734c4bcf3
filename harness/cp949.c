/*
 * CP949 keeps the 2350 syllables of KS X 1001 where EUC-KR has them: 94 a row from b0a1 on, in the order of Unicode. The other 8822 fill
 * the cells that are left, in the order of Unicode, too: 178 a row below a1, 84 a row from a1 on. So all that has to be known is which
 * syllables are in KS X 1001.
 */
#include "harness/cp949.h"

#include <string.h>

#include "harness/utf8.h"

#define FIRST 0xac00u
#define LAST 0xd7a3u
#define FINALS 28    /* final consonants, none being the first */
#define PAIRS 399    /* 19 initial consonants times 21 vowels */
#define FULL_ROWS 32 /* rows 81 to a0 */

/* For each pair of initial and vowel, one bit a final: the syllable is in KS X 1001. */
static const uint32_t in_ks_x_1001[PAIRS] = {
	0xeff0793, 0x03b0113, 0x0280113, 0x0000111, 0xe7b0593, 0x03b0111, 0x23b0197, 0x00a0111, 0x06b9593, 0x02b0513,
	0x0320111, 0x02b0113, 0x00a0111, 0x06b8793, 0x0300113, 0x0080001, 0x00b0113, 0x0000111, 0x02b0393, 0x0000001,
	0x46b0593, 0x23b0517, 0x03b0113, 0x0000103, 0x0000000, 0x03b0117, 0x0290013, 0x2180111, 0x0000001, 0x0eb0153,
	0x0300103, 0x0200003, 0x0230111, 0x0000001, 0x06b8113, 0x0300101, 0x0130113, 0x0030111, 0x0000001, 0x22b8553,
	0x0000000, 0x02b0113, 0xafb0797, 0x03b0113, 0x0210113, 0x0000000, 0x83b0d1b, 0x03b0113, 0x1330113, 0x0000011,
	0xc2b0513, 0x0100111, 0x0000000, 0x00b0111, 0x02a0113, 0x02b0193, 0x0100001, 0x0000001, 0x0030111, 0x0230103,
	0x46b0713, 0x0000111, 0x42b0513, 0x8fb8f97, 0x03b0113, 0x0000001, 0x0000000, 0x4ab0d97, 0x03b0113, 0x0300111,
	0x0000011, 0x2ab1593, 0x0000111, 0x0100001, 0x00b0111, 0x0000001, 0x02b0113, 0x0100001, 0x0200001, 0x02a0111,
	0x0210111, 0x02b0593, 0x0000001, 0x07b0193, 0x83b0113, 0x03b0113, 0x0000000, 0x0000000, 0x83b0d13, 0x03b0113,
	0x0100001, 0x0000000, 0x0200113, 0x0000101, 0x0000001, 0x0000011, 0x0000000, 0x0218113, 0x0000000, 0x0000001,
	0x0230111, 0x0000000, 0x00b0193, 0x0030111, 0x02b0111, 0xc7b0113, 0x03b0113, 0x0280013, 0x0000000, 0x83b0113,
	0x02b0113, 0x03b0113, 0x00a0011, 0x02b0113, 0x0200011, 0x0100000, 0x02b0111, 0x02a0111, 0x02b0113, 0x0100001,
	0x0000001, 0x0290113, 0x02b0113, 0x66b0113, 0x0000000, 0x02b0113, 0xa6b07d3, 0x07b0113, 0x0200103, 0x0000000,
	0x86b0513, 0x03b0113, 0x0b80113, 0x0000001, 0x02b051b, 0x0300011, 0x0000000, 0x02a0111, 0x00a0111, 0xa2b0797,
	0x00a0111, 0x0000001, 0x0000111, 0x0090111, 0x0090111, 0x0000000, 0x2bb0593, 0x22b0f9f, 0x23b0113, 0x0020013,
	0x0000000, 0x06b0593, 0x03b0193, 0x23a0113, 0x0000011, 0x02b0117, 0x0100011, 0x0100001, 0x0030113, 0x0000011,
	0x62b0793, 0x0100101, 0x0000001, 0x0200113, 0x0290111, 0x00b0113, 0x0000000, 0x0eb0513, 0x83b0513, 0x03b0113,
	0x0010003, 0x0000000, 0x0390193, 0x0200001, 0x03b0003, 0x0000000, 0x0230113, 0x0000000, 0x0000000, 0x0000001,
	0x0200001, 0x0290113, 0x0000000, 0x0000000, 0x0000000, 0x0200001, 0x0030111, 0x0000000, 0x02b0113, 0x23b079b,
	0x03b0113, 0x02b0113, 0x0210111, 0x43b0d9f, 0x03b0113, 0x03b0113, 0x0200111, 0x22b0517, 0x0200113, 0x0190111,
	0x00b0111, 0x02b0113, 0x6ab0193, 0x0100001, 0x0210113, 0x02b0113, 0x0290103, 0x02b0313, 0x0000000, 0x42b8193,
	0x833011b, 0x0330113, 0x0200000, 0x0000000, 0x0330513, 0x0000111, 0x0000000, 0x0000010, 0x0230593, 0x0100013,
	0x0100001, 0x0030111, 0x0000001, 0x0230113, 0x0100001, 0x0000001, 0x0000011, 0x0200000, 0x0038513, 0x0010111,
	0x02b0113, 0x63b8773, 0x03b0113, 0xa2b0913, 0x0020111, 0x57f07b3, 0x02b0113, 0xe3f0d17, 0x01b0111, 0x0ab9713,
	0x03b0113, 0x0290013, 0x02b0113, 0x02b0113, 0x02b0713, 0x0330113, 0x0230113, 0x02b0113, 0x0ab0113, 0xfeb4113,
	0x0090111, 0x47b8713, 0x07b05d3, 0x03b0113, 0x0210153, 0x0000111, 0x06b0513, 0x02b0113, 0x0330111, 0x0000001,
	0x8eb0513, 0x02a0103, 0x0300001, 0x02b0111, 0x0200013, 0x02b0713, 0x0100001, 0x0000001, 0x00b0113, 0x0010111,
	0x02b0113, 0x0000000, 0x66b0593, 0x03b0953, 0x03b0113, 0x0200011, 0x0000000, 0x03b0113, 0x0200001, 0x0100001,
	0x0000000, 0x0ab0113, 0x0100103, 0x0100001, 0x0030111, 0x0200000, 0x0230113, 0x0300001, 0x0000000, 0x0000001,
	0x0000001, 0x0290001, 0x0000000, 0x8630113, 0x07b0153, 0x03b0113, 0x0210151, 0x0000000, 0x03b0113, 0x02b0113,
	0x0100011, 0x0200011, 0x02b0113, 0x0200111, 0x0000000, 0x02b0111, 0x0010001, 0x02b0113, 0x0100001, 0x0000011,
	0x02b0111, 0x0210111, 0x02b0113, 0x0000000, 0x02b0393, 0x02b0113, 0x03b0113, 0x0200003, 0x0000000, 0x03b0193,
	0x02b0113, 0x03b0111, 0x0000001, 0x02b0113, 0x0210113, 0x0200001, 0x0000101, 0x0000001, 0x02b0113, 0x0200111,
	0x0200001, 0x02b0113, 0x0010111, 0x0230113, 0x0000000, 0x02b0113, 0x03b0313, 0x03b0113, 0x0200001, 0x0000000,
	0x03b0513, 0x02b0113, 0x0100011, 0x0000011, 0x42b0113, 0x0000011, 0x0000001, 0x0280011, 0x0000001, 0x02b0113,
	0x0100001, 0x0000001, 0x0230113, 0x0210111, 0x00b0593, 0x0030111, 0x02b0113, 0x23b0517, 0x03b0113, 0x0000003,
	0x0000000, 0x03b0113, 0x02b0113, 0x0330111, 0x00a0101, 0x02b0113, 0x0200001, 0x0000000, 0x0000011, 0x00a0111,
	0x02b0593, 0x0200001, 0x0000000, 0x0090111, 0x0290111, 0x00b0111, 0x0000000, 0x02b0113, 0x02b2113, 0x03b0113,
	0x0200001, 0x0000000, 0x02b0513, 0x02b0113, 0x03b0113, 0x0020111, 0x22b2113, 0x0280113, 0x0280013, 0x02a0113,
	0x00a0111, 0x0292113, 0x0210111, 0x0200113, 0x02b0113, 0x0290113, 0x22b03d3, 0x0230111, 0x02b0113,
};

static bool is_syllable(uint32_t code)
{
	return code >= FIRST && code <= LAST;
}

static bool in_standard(uint32_t code)
{
	return in_ks_x_1001[(code - FIRST) / FINALS] >> (code - FIRST) % FINALS & 1;
}

/* How many syllables before CODE are in KS X 1001. */
static uint32_t standard_before(uint32_t code)
{
	uint32_t pair = (code - FIRST) / FINALS, count = 0;

	for (uint32_t i = 0; i < pair; i++)
		count += (uint32_t)__builtin_popcount(in_ks_x_1001[i]);
	return count + (uint32_t)__builtin_popcount(in_ks_x_1001[pair] & ((1u << (code - FIRST) % FINALS) - 1));
}

/* Second bytes outside KS X 1001: letters, small letters, and from 81 on. */
static uint8_t trail(uint32_t nth)
{
	return (uint8_t)(nth < 26 ? 0x41 + nth : nth < 52 ? 0x61 + nth - 26 : 0x81 + nth - 52);
}

static void put_syllable(uint32_t code, uint8_t *at)
{
	uint32_t before = standard_before(code), nth = in_standard(code) ? before : code - FIRST - before;
	uint32_t beyond = nth - FULL_ROWS * 178;

	if (in_standard(code)) {
		at[0] = (uint8_t)(0xb0 + nth / 94);
		at[1] = (uint8_t)(0xa1 + nth % 94);
	} else if (nth < FULL_ROWS * 178) {
		at[0] = (uint8_t)(0x81 + nth / 178);
		at[1] = trail(nth % 178);
	} else {
		at[0] = (uint8_t)(0xa1 + beyond / 84);
		at[1] = trail(beyond % 84);
	}
}

/* The character at AT, whose sequence has LEN bytes. */
static uint32_t decode(const uint8_t *at, size_t len)
{
	uint32_t code = len == 1 ? *at : *at & (0x7fu >> len);

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (at[i] & 0x3fu);
	return code;
}

size_t cp949_from_utf8(const uint8_t *text, size_t len, uint8_t *bytes, bool *ks_x_1001)
{
	size_t to = 0, step;

	*ks_x_1001 = true;
	for (size_t at = 0; at < len; at += step) {
		uint32_t code;

		step = wl_utf8_char_len(text + at, len - at);
		code = step ? decode(text + at, step) : 0;
		if (!step || (code >= 0x80 && !is_syllable(code)))
			return 0;
		if (code < 0x80) {
			bytes[to++] = (uint8_t)code;
			continue;
		}
		*ks_x_1001 = *ks_x_1001 && in_standard(code);
		put_syllable(code, bytes + to);
		to += 2;
	}
	return to;
}

static uint8_t *put_unit(uint8_t *to, uint32_t unit, bool big_endian)
{
	to[big_endian ? 0 : 1] = (uint8_t)(unit >> 8);
	to[big_endian ? 1 : 0] = (uint8_t)unit;
	return to + 2;
}

size_t utf16_from_utf8(const uint8_t *text, size_t len, bool big_endian, uint8_t *bytes)
{
	uint8_t *to = bytes;
	size_t step;

	for (size_t at = 0; at < len; at += step) {
		uint32_t code;

		step = wl_utf8_char_len(text + at, len - at);
		if (!step)
			return 0;
		code = decode(text + at, step);
		if (code > 0xffff)
			to = put_unit(to, 0xd800 + ((code - 0x10000) >> 10), big_endian);
		to = put_unit(to, code > 0xffff ? 0xdc00 + ((code - 0x10000) & 0x3ff) : code, big_endian);
	}
	return (size_t)(to - bytes);
}

/* Letters of Hangul lie from U+1100 to U+11FF. */
static uint8_t *put_letter(uint8_t *to, uint32_t code)
{
	to[0] = 0xe1;
	to[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	to[2] = (uint8_t)(0x80 | (code & 0x3f));
	return to + 3;
}

size_t hangul_decomposed(const uint8_t *text, size_t len, uint8_t *bytes)
{
	uint8_t *to = bytes;
	size_t step;

	for (size_t at = 0; at < len; at += step) {
		uint32_t code;

		step = wl_utf8_char_len(text + at, len - at);
		if (!step)
			return 0;
		code = decode(text + at, step);
		if (!is_syllable(code)) {
			memcpy(to, text + at, step);
			to += step;
			continue;
		}
		code -= FIRST;
		to = put_letter(to, 0x1100 + code / (21 * FINALS));
		to = put_letter(to, 0x1161 + code / FINALS % 21);
		to = code % FINALS ? put_letter(to, 0x11a7 + code % FINALS) : to;
	}
	return (size_t)(to - bytes);
}
