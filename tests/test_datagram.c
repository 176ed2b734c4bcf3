/*
 * UDP out of frames, whole and in fragments. Frames are built here, field by field; what a row
 * changes against a right series of fragments is the one thing that it tests.
 */
#include <stdlib.h>
#include <string.h>

#include "harness/packet.h"
#include "tests/golden.h"
#include "tests/tests.h"

#define PAYLOAD 3000 /* of the datagram that the fragments carry */

static uint8_t carried[8 + PAYLOAD]; /* UDP header and payload */

static void fill_carried(void)
{
	static const uint8_t header[8] = { 0x9c, 0x40, 0xbf, 0x6a, (8 + PAYLOAD) >> 8,
		(8 + PAYLOAD) & 255, 0, 0 };

	memcpy(carried, header, 8);
	for (size_t i = 0; i < PAYLOAD; i++)
		carried[8 + i] = (uint8_t)(i * 7 + i / 256);
}

static void put_sum(uint8_t *header)
{
	uint32_t sum = 0;

	header[10] = header[11] = 0;
	for (size_t i = 0; i < 20; i += 2)
		sum += (uint32_t)(header[i] << 8 | header[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16));
	header[10] = (uint8_t)(sum >> 8);
	header[11] = (uint8_t)sum;
}

struct piece {
	size_t offset, len;
	bool more;
	uint8_t id, ttl;
	uint32_t point;
	uint8_t last; /* byte of the source address */
	uint64_t second;
};

/* A frame from 10.77.0.x to 10.77.0.2 with a part of CARRIED, or of zeros beyond its end; two bytes
 * of padding. */
static void add_piece(
	struct wl_observation *seen, struct wl_arena *arena, const struct piece *piece)
{
	struct wl_frame *frame = wl_append(arena, &seen->frames, &seen->frame_count);
	size_t total = 20 + piece->len, words = piece->offset / 8;
	uint8_t *bytes = wl_alloc(arena, 14 + total + 2), *ip = bytes + 14;
	const uint8_t header[20] = { 0x45, 0, (uint8_t)(total >> 8), (uint8_t)total, 0, piece->id,
		(uint8_t)(words >> 8 | (piece->more ? 0x20 : 0)), (uint8_t)words, piece->ttl, 17, 0,
		0, 10, 77, 0, piece->last ? piece->last : 1, 10, 77, 0, 2 };

	bytes[12] = 8;
	memcpy(ip, header, 20);
	put_sum(ip);
	for (size_t i = 0; i < piece->len; i++)
		ip[20 + i] = piece->offset + i < sizeof(carried) ? carried[piece->offset + i] : 0;
	*frame = (struct wl_frame){ .bytes = bytes,
		.len = (uint32_t)(14 + total + 2),
		.point = piece->point,
		.direction = WL_FROM_HOST,
		.at_ns = 1000000000u * piece->second };
	frame->wire_len = frame->len;
}

#define FIRST                                                                                      \
	{                                                                                          \
		0, 1480, true, 1, 64                                                               \
	}
#define MIDDLE                                                                                     \
	{                                                                                          \
		1480, 1480, true, 1, 9                                                             \
	}
#define LAST                                                                                       \
	{                                                                                          \
		2960, 48, false, 1, 9                                                              \
	}

static const struct {
	const char *what;
	struct piece pieces[6]; /* ends with a length of 0 */
	size_t frame;           /* number of the frame that completes the datagram, or 0: never */
} cases[] = {
	{ "in order", { FIRST, MIDDLE, LAST }, 3 },
	{ "backwards", { LAST, MIDDLE, FIRST }, 3 },
	{ "the last one first", { LAST, FIRST, MIDDLE }, 3 },
	{ "one is missing", { FIRST, LAST }, 0 },
	{ "the end is missing", { FIRST, MIDDLE }, 0 },
	{ "a duplicate", { FIRST, FIRST, MIDDLE, LAST }, 4 },
	{ "a duplicate of the last", { FIRST, LAST, LAST, MIDDLE }, 4 },
	{ "a duplicate behind the end", { FIRST, MIDDLE, LAST, MIDDLE }, 3 },
	{ "a part that is there already", { FIRST, { 8, 800, true, 1, 9 }, MIDDLE, LAST }, 4 },
	{ "an overlap", { FIRST, { 1472, 1488, true, 1, 9 }, LAST }, 0 },
	{ "another id", { FIRST, { 1480, 1480, true, 2, 9 }, LAST }, 0 },
	{ "another sender", { FIRST, { 1480, 1480, true, 1, 9, 0, 3 }, LAST }, 0 },
	{ "another point", { FIRST, { 1480, 1480, true, 1, 9, 1 }, LAST }, 0 },
	{ "31 seconds later", { FIRST, MIDDLE, { 2960, 48, false, 1, 9, 0, 0, 31 } }, 0 },
	{ "30 seconds later", { FIRST, MIDDLE, { 2960, 48, false, 1, 9, 0, 0, 30 } }, 3 },
	{ "two ends", { FIRST, LAST, { 2960, 40, false, 1, 9 }, MIDDLE }, 0 },
	{ "beyond the end", { FIRST, LAST, { 3008, 8, true, 1, 9 }, MIDDLE }, 0 },
	{ "an end before what is there", { FIRST, { 3200, 8, true, 1, 9 }, MIDDLE, LAST }, 0 },
	{ "cut inside a unit of 8", { FIRST, { 1480, 1477, true, 1, 9 }, LAST }, 0 },
	{ "beyond 65,535", { FIRST, { 65528, 8, true, 1, 9 }, MIDDLE, LAST }, 4 },
	{ "whole", { { 0, 8 + PAYLOAD, false, 1, 64 } }, 1 },
	{ "shorter than it says", { { 0, PAYLOAD, false, 1, 64 } }, 0 },
	{ "no UDP header", { { 0, 7, false, 1, 64 } }, 0 },
};

static void check_found(
	const struct wl_datagram *found, size_t count, size_t frame, size_t fragments)
{
	CU_ASSERT_EQUAL(count, frame ? 1 : 0);
	if (!count || !frame)
		return;
	CU_ASSERT_EQUAL(found->frame, frame);
	CU_ASSERT_EQUAL(found->ttl, 64);
	CU_ASSERT_EQUAL(found->fragments, fragments);
	CU_ASSERT_EQUAL(found->source_port, 40000);
	CU_ASSERT_EQUAL(found->destination_port, 49002);
	CU_ASSERT_STRING_EQUAL(found->source, "10.77.0.1");
	CU_ASSERT_STRING_EQUAL(found->destination, "10.77.0.2");
	CU_ASSERT_EQUAL(found->payload_len, PAYLOAD);
	CU_ASSERT_EQUAL(memcmp(found->payload, carried + 8, PAYLOAD), 0);
}

static void fragments_are_put_together(void)
{
	fill_carried();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wl_arena *arena = wl_arena_new();
		struct wl_observation seen = { 0 };
		unsigned int before = CU_get_number_of_failures();
		struct wl_datagram *found;
		size_t count;

		for (size_t k = 0; k < 6 && cases[i].pieces[k].len; k++)
			add_piece(&seen, arena, &cases[i].pieces[k]);
		found = wl_datagrams(&seen, arena, &count);
		check_found(found, count, cases[i].frame, seen.frame_count == 1 ? 1 : 3);
		if (CU_get_number_of_failures() != before)
			fprintf(stderr, "case: %s\n", cases[i].what);
		wl_arena_free(arena);
	}
}

static void sizes_go_to_the_limit(void)
{
	struct wl_arena *arena = wl_arena_new();
	struct wl_observation seen = { 0 };
	struct piece piece = { .id = 1, .ttl = 64 };
	struct wl_datagram *found;
	size_t count;

	fill_carried();
	carried[4] = carried[5] =
		0xff; /* a UDP length of 65535, which IP cannot carry: passed over */
	for (piece.offset = 0; piece.offset < 65515; piece.offset += piece.len) {
		piece.len = 65515 - piece.offset < 1480 ? 65515 - piece.offset : 1480;
		piece.more = piece.offset + piece.len < 65515;
		add_piece(&seen, arena, &piece);
	}
	wl_datagrams(&seen, arena, &count);
	CU_ASSERT_EQUAL(count, 0);
	((uint8_t *)seen.frames[0].bytes)[14 + 20 + 5] =
		65515 & 0xff; /* 65515 bytes: the largest there is */
	found = wl_datagrams(&seen, arena, &count);
	CU_ASSERT_EQUAL(count, 1);
	CU_ASSERT_TRUE(
		count && found->payload_len == 65507 && found->fragments == seen.frame_count);
	wl_arena_free(arena);
}

/* Twenty thousand datagrams that never end, and one among them that does. */
static void crowds_are_survived(void)
{
	static const struct piece right[] = { FIRST, MIDDLE, LAST };
	struct wl_arena *arena = wl_arena_new();
	struct wl_observation seen = { 0 };
	size_t count;

	fill_carried();
	for (unsigned int i = 0; i < 20000; i++) {
		struct piece piece = { 8, 8, true, (uint8_t)i, 64, i, (uint8_t)(i >> 8 | 2), 1 };

		add_piece(&seen, arena, &piece);
		if (i < 3)
			add_piece(&seen, arena, &right[i]);
	}
	wl_datagrams(&seen, arena, &count);
	CU_ASSERT_EQUAL(count, 1);
	wl_arena_free(arena);
}

/* Series of pieces and golden frames, spoilt but with right sums, so that the spoilt fields are
 * believed. */
static void spoilt_series_are_survived(void)
{
	struct wl_arena *source_arena = wl_arena_new();
	size_t count, goldens, found = 0;
	struct golden *golden = golden_frames(source_arena, &goldens);
	uint64_t state = 4711;

	fill_carried();
	for (unsigned int round = 0; goldens && round < 8000; round++) {
		struct wl_arena *arena = wl_arena_new();
		struct wl_observation seen = { 0 };
		struct wl_datagram *datagrams;

		for (unsigned int k = 0; k < 12; k++) {
			struct piece piece = cases[golden_random(&state) % 20].pieces[k % 3];

			piece.len = piece.len ? piece.len : 16;
			add_piece(&seen, arena, &piece);
			golden_mutate(&state, (uint8_t *)seen.frames[k].bytes + 14, 24);
			if (golden_random(&state) % 8)
				put_sum((uint8_t *)seen.frames[k].bytes + 14);
			if (golden_random(&state) % 8 == 0)
				seen.frames[k] = golden[golden_random(&state) % goldens].frame;
		}
		datagrams = wl_datagrams(&seen, arena, &count);
		for (size_t i = 0; i < count; i++) {
			found += datagrams[i].payload_len > 0;
			CU_ASSERT_TRUE_FATAL(datagrams[i].payload_len <= 65507);
			free(memcpy(malloc(datagrams[i].payload_len + 1), datagrams[i].payload,
				datagrams[i].payload_len));
		}
		wl_arena_free(arena);
	}
	CU_ASSERT_TRUE(found > 1000); /* else the fuzzing reaches nothing */
	wl_arena_free(source_arena);
}

/* What comes whole, in order, at two points, with other frames in between. */
static void whole_ones_are_found(void)
{
	struct wl_arena *arena = wl_arena_new();
	struct wl_observation seen = { 0 };
	struct piece piece = { 0, 8 + PAYLOAD, false, 1, 64 };
	struct wl_datagram *found;
	size_t count, goldens;
	struct golden *golden = golden_frames(arena, &goldens);

	fill_carried();
	add_piece(&seen, arena, &piece);
	for (size_t i = 0; i < goldens; i++)
		*wl_append(arena, &seen.frames, &seen.frame_count) = golden[i].frame;
	piece.point = 1;
	piece.ttl = 1;
	add_piece(&seen, arena, &piece);
	seen.frames[seen.frame_count - 1].direction = WL_TO_HOST;
	found = wl_datagrams(&seen, arena, &count);
	CU_ASSERT_EQUAL_FATAL(count, 4); /* two among the golden ones */
	CU_ASSERT_TRUE(found[0].frame == 1 && found[3].frame == seen.frame_count);
	CU_ASSERT_TRUE(found[1].payload_len == 5 && !memcmp(found[1].payload, "hello", 5));
	CU_ASSERT_TRUE(
		found[3].point == 1 && found[3].direction == WL_TO_HOST && found[3].ttl == 1);
	wl_datagrams(&(struct wl_observation){ 0 }, arena, &count);
	CU_ASSERT_EQUAL(count, 0);
	wl_arena_free(arena);
}

void suite_datagram(void);
void suite_datagram(void)
{
	test("whole ones are found", whole_ones_are_found);
	test("fragments are put together", fragments_are_put_together);
	test("sizes go to the limit", sizes_go_to_the_limit);
	test("crowds are survived", crowds_are_survived);
	test("spoilt series are survived", spoilt_series_are_survived);
}
