/*
 * Frames and bytes in words, MAC addresses, Ethernet headers; and all of them on spoilt frames.
 */
#include <string.h>

#include "harness/packet.h"
#include "tests/golden.h"
#include "tests/tests.h"

static void frames_are_described(void)
{
	struct wl_arena *arena = wl_arena_new();
	size_t count, i;
	struct golden *golden = golden_frames(arena, &count);

	CU_ASSERT_TRUE(count > 20);
	for (i = 0; i < count; i++) {
		const char *words = wl_describe_frame(&golden[i].frame, arena);

		CU_ASSERT_STRING_EQUAL(words, golden[i].words);
		if (strcmp(words, golden[i].words))
			fprintf(stderr, "want: %s\nhave: %s\n", golden[i].words, words);
	}
	wl_arena_free(arena);
}

static void ether_is_parsed(void)
{
	static const uint8_t bytes[] = "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\x88\xb5hello";
	struct wl_frame frame = { .bytes = bytes, .len = 19, .wire_len = 19 };
	struct wl_ether ether;

	CU_ASSERT_TRUE(wl_parse_ether(&frame, &ether));
	CU_ASSERT_PTR_EQUAL(ether.destination, bytes);
	CU_ASSERT_PTR_EQUAL(ether.source, bytes + 6);
	CU_ASSERT_EQUAL(ether.type, 0x88b5);
	CU_ASSERT_PTR_EQUAL(ether.payload, bytes + 14);
	CU_ASSERT_EQUAL(ether.payload_len, 5);
	frame.len = 14;
	CU_ASSERT_TRUE(wl_parse_ether(&frame, &ether));
	CU_ASSERT_EQUAL(ether.payload_len, 0);
	frame.len = 13;
	CU_ASSERT_FALSE(wl_parse_ether(&frame, &ether));
}

static void macs_go_both_ways(void)
{
	static const char *const wrong[] = { "", "00:15:5d:11:c9:c",
		"00:15:5d:11:c9:ca:", "00-15-5d-11-c9-ca", "0:15:5d:11:c9:ca1", "00:15:5d:11:c9:cg",
		"00:15:5d:11:c9 ca", "+0:15:5d:11:c9:ca" };
	struct wl_arena *arena = wl_arena_new();
	uint8_t mac[6];

	CU_ASSERT_TRUE(wl_parse_mac("00:15:5d:11:c9:ca", mac));
	CU_ASSERT_EQUAL(memcmp(mac, "\x00\x15\x5d\x11\xc9\xca", 6), 0);
	CU_ASSERT_STRING_EQUAL(wl_format_mac(mac, arena), "00:15:5d:11:c9:ca");
	CU_ASSERT_TRUE(wl_parse_mac("FF:aB:00:00:00:01", mac));
	CU_ASSERT_STRING_EQUAL(wl_format_mac(mac, arena), "ff:ab:00:00:00:01");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CU_ASSERT_FALSE(wl_parse_mac(wrong[i], mac));
	wl_arena_free(arena);
}

static void bytes_are_shown(void)
{
	static const struct {
		const char *bytes;
		size_t len, most;
		const char *shown;
	} cases[] = {
		{ "", 0, 10, "\"\"" },
		{ "hello", 5, 5, "\"hello\"" },
		{ "hello", 5, 3, "\"hel\"… (5 bytes)" },
		{ "hello", 5, 0, "\"\"… (5 bytes)" },
		{ "안녕", 6, 10, "\"안녕\"" },
		{ "안녕", 6, 5, "\"안\"… (6 bytes)" },
		{ "a\nb\0c\x1b[1m\x7f", 10, 20, "\"a\\x0ab\\x00c\\x1b[1m\\x7f\"" },
		{ "\xc2\x85|\xc2\xa0", 5, 9, "\"\\xc2\\x85|\xc2\xa0\"" },
		{ "say \"\\\"", 7, 9, "\"say \\\"\\\\\\\"\"" },
		{ "h\xff", 2, 9, "68 ff" },
		{ "h\xffi", 3, 2, "68 ff… (3 bytes)" },
	};
	struct wl_arena *arena = wl_arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *shown = wl_show_bytes(
			(const uint8_t *)cases[i].bytes, cases[i].len, cases[i].most, arena);

		CU_ASSERT_STRING_EQUAL(shown, cases[i].shown);
		if (strcmp(shown, cases[i].shown))
			fprintf(stderr, "want: %s\nhave: %s\n", cases[i].shown, shown);
	}
	wl_arena_free(arena);
}

/* Golden frames with spoilt bytes, cut off anywhere: no sanitizer may stir, and words must be text.
 */
static void spoilt_frames_are_survived(void)
{
	struct wl_arena *source_arena = wl_arena_new();
	uint64_t state = 20240501;
	size_t count;
	struct golden *golden = golden_frames(source_arena, &count);

	CU_ASSERT_NOT_EQUAL(count, 0);
	for (unsigned int round = 0; count && round < 100000; round++) {
		struct wl_arena *arena = wl_arena_new();
		struct wl_frame frame = golden[golden_random(&state) % count].frame;
		uint8_t *bytes = wl_memdup(arena, frame.bytes, frame.len);
		const char *words;

		golden_mutate(&state, bytes, frame.len);
		frame.len -= golden_random(&state) & 1
				     ? (uint32_t)(golden_random(&state) % (frame.len + 1))
				     : 0;
		frame.bytes = memcpy(
			wl_alloc(arena, frame.len), bytes, frame.len); /* its end is watched */
		words = wl_describe_frame(&frame, arena);
		if (!wl_is_utf8((const uint8_t *)words, strlen(words)))
			CU_FAIL("words are not text");
		words = wl_show_bytes(frame.bytes, frame.len, golden_random(&state) % 64, arena);
		if (!wl_is_utf8((const uint8_t *)words, strlen(words)))
			CU_FAIL("shown bytes are not text");
		wl_arena_free(arena);
	}
	wl_arena_free(source_arena);
}

void suite_packet(void);
void suite_packet(void)
{
	test("frames are described", frames_are_described);
	test("Ethernet headers are parsed", ether_is_parsed);
	test("MAC addresses go both ways", macs_go_both_ways);
	test("bytes are shown", bytes_are_shown);
	test("spoilt frames are survived", spoilt_frames_are_survived);
}
