/*
 * UTF-8 by the grammar of RFC 3629: the bounds of every row, one step inside and one outside.
 */
#include <string.h>

#include "harness/packet.h"
#include "harness/utf8.h"
#include "tests/golden.h"
#include "tests/tests.h"

struct sequence {
	const char *bytes;
	const char *what;
};

static const struct sequence good[] = {
	{ "", "nothing" },
	{ "plain", "ASCII" },
	{ "\x7f", "DEL" },
	{ "\xc2\x80", "U+0080" },
	{ "\xdf\xbf", "U+07FF" },
	{ "\xe0\xa0\x80", "U+0800" },
	{ "\xed\x95\x9c\xea\xb8\x80", "Hangul" },
	{ "\xed\x9f\xbf", "U+D7FF, before the surrogates" },
	{ "\xee\x80\x80", "U+E000, behind them" },
	{ "\xef\xbf\xbe\xef\xbf\xbf", "noncharacters" },
	{ "\xef\xbb\xbf", "byte order mark" },
	{ "\xf0\x90\x80\x80", "U+10000" },
	{ "\xf1\x80\x80\x80", "U+40000" },
	{ "\xf4\x8f\xbf\xbf", "U+10FFFF" },
};

static const struct sequence bad[] = {
	{ "\x80", "a tail alone" },
	{ "\xbf", "a tail alone" },
	{ "a\x80z", "a tail behind ASCII" },
	{ "\xc0\x80", "overlong NUL" },
	{ "\xc0\xaf", "overlong /" },
	{ "\xc1\xbf", "overlong DEL" },
	{ "\xe0\x80\xaf", "overlong in three" },
	{ "\xe0\x9f\xbf", "overlong U+07FF" },
	{ "\xf0\x80\x80\xaf", "overlong in four" },
	{ "\xf0\x8f\xbf\xbf", "overlong U+FFFF" },
	{ "\xed\xa0\x80", "surrogate U+D800" },
	{ "\xed\xbf\xbf", "surrogate U+DFFF" },
	{ "\xed\xa0\x81\xed\xb0\x80", "a pair of surrogates" },
	{ "\xf4\x90\x80\x80", "U+110000" },
	{ "\xf5\x80\x80\x80", "beyond" },
	{ "\xf8\x88\x80\x80\x80", "five bytes" },
	{ "\xfc\x84\x80\x80\x80\x80", "six bytes" },
	{ "\xfe", "no lead" },
	{ "\xff", "no lead" },
	{ "\xc2", "two, cut off" },
	{ "\xe2\x82", "three, cut off" },
	{ "\xf0\x9f\x98", "four, cut off" },
	{ "\xc2z", "two, broken" },
	{ "\xe2\x82z", "three, broken" },
	{ "\xf0\x9f\x98z", "four, broken" },
	{ "\xe2\x28\xa1", "three, second wrong" },
	{ "\xc2\xc2\x80", "a lead behind a lead" },
	{ "\xed\x95\x9c\xea\xb8", "Hangul, cut off" },
};

static bool is_utf8(const char *text)
{
	return wl_is_utf8((const uint8_t *)text, strlen(text));
}

static void good_sequences_are_taken(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!is_utf8(good[i].bytes))
			CU_FAIL(good[i].what);
	CU_ASSERT_TRUE(wl_is_utf8((const uint8_t *)"a\0b", 3));
	CU_ASSERT_TRUE(wl_is_utf8(NULL, 0));
}

static void bad_sequences_are_refused(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (is_utf8(bad[i].bytes))
			CU_FAIL(bad[i].what);
}

/* Every code point there is, encoded by the book, and what surrounds the legal ones. */
static void all_code_points_are_right(void)
{
	size_t wrong = 0;

	for (uint32_t code = 0x800; code < 0x120000; code++) {
		uint8_t four[4] = { (uint8_t)(0xf0 | code >> 18),
			(uint8_t)(0x80 | (code >> 12 & 63)), (uint8_t)(0x80 | (code >> 6 & 63)),
			(uint8_t)(0x80 | (code & 63)) };
		uint8_t three[3] = { (uint8_t)(0xe0 | code >> 12), four[2], four[3] };

		if (code < 0x10000)
			wrong += wl_is_utf8(three, 3) != (code < 0xd800 || code > 0xdfff);
		wrong += wl_is_utf8(four, 4) != (code >= 0x10000 && code <= 0x10ffff);
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void text_is_made_valid(void)
{
	struct wl_arena *arena = wl_arena_new();

	CU_ASSERT_STRING_EQUAL(wl_to_utf8(arena, NULL), "");
	CU_ASSERT_STRING_EQUAL(wl_to_utf8(arena, "안녕 x"), "안녕 x");
	CU_ASSERT_STRING_EQUAL(wl_to_utf8(arena, "a\xff\xc2z\xed\x95"),
		"a\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_TRUE(is_utf8(wl_to_utf8(arena, bad[i].bytes)));
	wl_arena_free(arena);
}

static void nothing_steers_a_terminal(void)
{
	struct wl_arena *arena = wl_arena_new();

	CU_ASSERT_STRING_EQUAL(wl_to_terminal(arena, "김\tx\ny"), "김\tx\ny");
	CU_ASSERT_STRING_EQUAL(wl_to_terminal(arena, "a\x1b[2Jb"), "a\xef\xbf\xbd[2Jb");
	CU_ASSERT_STRING_EQUAL(wl_to_terminal(arena, "\r\x7f"), "\xef\xbf\xbd\xef\xbf\xbd");
	CU_ASSERT_STRING_EQUAL(wl_to_terminal(arena, "\xc2\x9b\xc2\xa0"), "\xef\xbf\xbd\xc2\xa0");
	CU_ASSERT_STRING_EQUAL(wl_to_terminal(arena, "\x9b"), "\xef\xbf\xbd");
	wl_arena_free(arena);
}

static void random_bytes_are_survived(void)
{
	uint64_t state = 7;

	for (unsigned int round = 0; round < 100000; round++) {
		struct wl_arena *arena = wl_arena_new();
		size_t len = golden_random(&state) % 24;
		char *text = wl_alloc(arena, len + 1);

		for (size_t i = 0; i < len; i++)
			text[i] = (char)(golden_random(&state) >> 16 | 0x80);
		if (!is_utf8(wl_to_utf8(arena, text)))
			CU_FAIL("not made valid");
		wl_is_utf8((const uint8_t *)text, len);
		wl_arena_free(arena);
	}
}

void suite_utf8(void);
void suite_utf8(void)
{
	test("good sequences are taken", good_sequences_are_taken);
	test("bad sequences are refused", bad_sequences_are_refused);
	test("all code points are right", all_code_points_are_right);
	test("text is made valid", text_is_made_valid);
	test("nothing steers a terminal", nothing_steers_a_terminal);
	test("random bytes are survived", random_bytes_are_survived);
}
