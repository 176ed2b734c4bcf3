/*
 * IGMP reports out of frames: those of fixtures/frames, version 3 reports with several records, and
 * spoilt ones. A message is put together byte by byte as RFC 3376 section 4.2 has it.
 */
#include <string.h>

#include "harness/packet.h"
#include "tests/golden.h"
#include "tests/tests.h"

#define IP 14
#define IGMP (IP + 24) /* behind the router alert option */

static uint16_t checksum(const uint8_t *at, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)at[i] << 8 | at[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~((sum & 0xffff) + (sum >> 16));
}

static void put_checksum(uint8_t *at, size_t where, size_t len)
{
	uint16_t sum;

	at[where] = at[where + 1] = 0;
	sum = checksum(at, len);
	at[where] = (uint8_t)(sum >> 8);
	at[where + 1] = (uint8_t)sum;
}

/* The frame of an IGMP message in hexadecimal; its checksums are put in. */
static struct wl_frame message(struct wl_arena *arena, const char *hex)
{
	static const uint8_t head[IGMP] = { 1, 0, 0x5e, 0, 0, 0x16, 2, 0, 0, 0, 0, 1, 8, 0, 0x46,
		0xc0, 0, 0, 0, 0, 0x40, 0, 1, 2, 0, 0, 10, 77, 0, 1, 224, 0, 0, 22, 0x94, 4, 0, 0 };
	size_t len;
	const uint8_t *igmp = golden_bytes(arena, hex, &len);
	uint8_t *bytes = wl_alloc(arena, IGMP + len);

	memcpy(bytes, head, IGMP);
	memcpy(bytes + IGMP, igmp, len);
	bytes[IP + 3] = (uint8_t)(IGMP - IP + len);
	put_checksum(bytes + IP, 10, IGMP - IP);
	put_checksum(bytes + IGMP, 2, len);
	return (struct wl_frame){ 7, 1, WL_FROM_HOST, (uint32_t)(IGMP + len), (uint32_t)(IGMP + len), bytes };
}

/* "v3+224.1.1.1 v2-224.1.1.2" and so on: version, joins or leaves, group. */
static const char *read_all(struct wl_arena *arena, struct wl_frame *frames, size_t frame_count)
{
	struct wl_observation seen = { .frames = frames, .frame_count = frame_count };
	size_t count;
	const struct wl_group_report *reports = wl_group_reports(&seen, arena, &count);
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = wl_format(arena, "%s%sv%u%c%s", text, i ? " " : "", reports[i].version,
			reports[i].member ? '+' : '-', reports[i].group);
	return text;
}

static const struct {
	const char *hex, *reports;
} messages[] = {
	{ "16000000e0010101", "v2+224.1.1.1" },
	{ "12000000e0010102", "v1+224.1.1.2" },
	{ "17000000e0010101", "v2-224.1.1.1" },
	{ "11640000e0010101", "" }, /* a query */
	{ "22000000000000010400" "0000e0010101", "v3+224.1.1.1" },
	{ "22000000000000010200" "0000e0010101", "v3+224.1.1.1" },
	{ "22000000000000010300" "0000e0010101", "v3-224.1.1.1" },
	{ "22000000000000010100" "0000e0010101", "v3-224.1.1.1" },
	{ "22000000000000010300" "0001e00101010a4d0001", "v3+224.1.1.1" }, /* includes one source */
	{ "22000000000000010500" "0001e00101010a4d0001", "v3+224.1.1.1" },
	{ "22000000000000010600" "0001e00101010a4d0001", "" }, /* blocks one source */
	{ "22000000000000010900" "0000e0010101", "" },         /* no known record */
	{ "22000000000000020401" "0001e00101010a4d0001ffffffff" "03000000e0010102", "v3+224.1.1.1 v3-224.1.1.2" },
	{ "22000000000000030400" "0000e0010101", "v3+224.1.1.1" }, /* two records are missing */
	{ "22000000000000010400" "0001e0010101", "" },             /* its source is missing */
	{ "2200000000000001", "" },
	{ "2200000000000000" "04000000e0010101", "" },
	{ "16000000e001", "" },
};

static void messages_are_read(void)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++) {
		struct wl_arena *arena = wl_arena_new();
		struct wl_frame frame = message(arena, messages[i].hex);

		CU_ASSERT_STRING_EQUAL(read_all(arena, &frame, 1), messages[i].reports);
		wl_arena_free(arena);
	}
}

static void a_report_says_where_it_was_seen(void)
{
	struct wl_arena *arena = wl_arena_new();
	struct wl_frame frames[2] = { { .bytes = (const uint8_t *)"" }, message(arena, messages[0].hex) };
	struct wl_observation seen = { .frames = frames, .frame_count = 2 };
	size_t count;
	const struct wl_group_report *report = wl_group_reports(&seen, arena, &count);

	CU_ASSERT_EQUAL_FATAL(count, 1);
	CU_ASSERT_TRUE(report->frame == 2 && report->point == 1 && report->at_ns == 7);
	CU_ASSERT_EQUAL(report->direction, WL_FROM_HOST);
	seen.frame_count = 1;
	CU_ASSERT_PTR_NULL(wl_group_reports(&seen, arena, &count));
	CU_ASSERT_EQUAL(count, 0);
	wl_arena_free(arena);
}

/* Each byte changed alone: no IPv4 header and no message is right then. */
static void damage_is_passed_over(void)
{
	struct wl_arena *arena = wl_arena_new();
	struct wl_frame frame = message(arena, messages[4].hex);
	uint8_t *bytes = wl_memdup(arena, frame.bytes, frame.len);

	frame.bytes = bytes;
	for (size_t i = IP; i < frame.len; i++) {
		bytes[i] ^= 0x10;
		CU_ASSERT_STRING_EQUAL(read_all(arena, &frame, 1), "");
		bytes[i] ^= 0x10;
	}
	for (frame.len--; frame.len > 0; frame.len--)
		CU_ASSERT_STRING_EQUAL(read_all(arena, &frame, 1), "");
	wl_arena_free(arena);
}

/* Spoilt before the checksums are made, so that the records themselves are read. */
static void garbage_is_survived(void)
{
	uint64_t state = 11;
	size_t some = 0;

	for (int round = 0; round < 20000; round++) {
		struct wl_arena *arena = wl_arena_new();
		struct wl_frame frame = message(arena, messages[12].hex);
		uint8_t *bytes = wl_memdup(arena, frame.bytes, frame.len);

		golden_mutate(&state, bytes + IGMP, frame.len - IGMP);
		put_checksum(bytes + IGMP, 2, frame.len - IGMP);
		frame.bytes = bytes;
		some += *read_all(arena, &frame, 1) != '\0';
		wl_arena_free(arena);
	}
	CU_ASSERT_TRUE(some > 5000 && some < 20000);
}

static void captured_frames_are_read(void)
{
	struct wl_arena *arena = wl_arena_new();
	size_t count, joins = 0, leaves = 0;
	const struct golden *golden = golden_frames(arena, &count);

	for (size_t i = 0; i < count; i++) {
		struct wl_frame frame = golden[i].frame;
		const char *text = read_all(arena, &frame, 1);
		bool igmp = strstr(golden[i].words, "IGMP") != NULL;

		CU_ASSERT_TRUE(igmp || !*text);
		joins += strstr(text, "+224.1.1.1") != NULL;
		leaves += strstr(text, "-224.1.1.1") != NULL;
	}
	CU_ASSERT_TRUE(joins >= 2 && leaves >= 2);
	wl_arena_free(arena);
}

void suite_igmp_report(void);
void suite_igmp_report(void)
{
	test("messages are read", messages_are_read);
	test("a report says where it was seen", a_report_says_where_it_was_seen);
	test("damage is passed over", damage_is_passed_over);
	test("garbage is survived", garbage_is_survived);
	test("captured frames are read", captured_frames_are_read);
}
