/*
 * TCP out of frames. Segments are built here, field by field; a conversation is a table of them, and what a row changes against a
 * plain conversation is the one thing that it tests. Expectations are the bytes and the numbers of the frames that brought them.
 */
#include "harness/stream.h"

#include <stdlib.h>
#include <string.h>

#include "tests/golden.h"
#include "tests/tests.h"

#define FIN 1
#define SYN 2
#define RST 4
#define PUSH 8
#define ACK 16
#define CLIENT_START 1000u
#define SERVER_START 0xfffffff0u /* wraps after 16 bytes */

struct built {
	struct wl_arena *arena;
	struct wl_observation seen;
};

/* One segment; OFFSET counts from the side's first byte, and the SYN has none. */
struct sent {
	char from; /* 'c', 's'; upper case: at another point. 0 ends a table */
	uint8_t flags;
	int offset;
	const char *text;
	uint32_t restart; /* added to the first sequence numbers */
};

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put_sum(uint8_t *header)
{
	uint32_t sum = 0;

	put16(header + 10, 0);
	for (size_t i = 0; i < 20; i += 2)
		sum += (uint32_t)(header[i] << 8 | header[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	put16(header + 10, ~((sum & 0xffff) + (sum >> 16)) & 0xffff);
}

/* A segment between 10.77.0.1:40000 and 10.77.0.2:49001, with 12 bytes of options and 3 that pad the frame. */
static void add(struct built *built, const struct sent *sent)
{
	struct wl_frame *frame = wl_append(built->arena, &built->seen.frames, &built->seen.frame_count);
	bool server = sent->from == 's' || sent->from == 'S';
	size_t text = strlen(sent->text), total = 20 + 32 + text;
	uint8_t *bytes = wl_alloc(built->arena, 14 + total + 3), *ip = bytes + 14, *tcp = ip + 20;
	const uint8_t header[20] = { 0x45, 0, (uint8_t)(total >> 8), (uint8_t)total, 0, 0, 0x40, 0, 64, 6, 0,
		0, 10, 77, 0, server ? 2 : 1, 10, 77, 0, server ? 1 : 2 };
	uint32_t sequence = (server ? SERVER_START : CLIENT_START) + sent->restart +
			    (uint32_t)sent->offset - (sent->flags & SYN ? 1 : 0);

	bytes[12] = 8;
	memcpy(ip, header, 20);
	put_sum(ip);
	put16(tcp, server ? 49001 : 40000);
	put16(tcp + 2, server ? 40000 : 49001);
	put16(tcp + 4, sequence >> 16);
	put16(tcp + 6, sequence & 0xffff);
	tcp[12] = 8 << 4;
	tcp[13] = sent->flags;
	memcpy(tcp + 32, sent->text, text);
	*frame = (struct wl_frame){ .bytes = bytes, .len = (uint32_t)(14 + total + 3),
		.wire_len = (uint32_t)(14 + total + 3), .point = sent->from == 'c' || sent->from == 's' ? 0 : 1,
		.direction = server ? WL_TO_HOST : WL_FROM_HOST,
		.at_ns = 1000000u * built->seen.frame_count };
}

#define HELLO { 'c', SYN, 0, "" }, { 's', SYN | ACK, 0, "" }, { 'c', ACK, 0, "" }

/* What one side sent: its bytes, and "frame@offset+len" of the pieces. */
static const struct {
	const char *what;
	struct sent sent[12];
	const char *client, *pieces, *server;
} cases[] = {
	{ "a question and an answer", { HELLO, { 'c', ACK | PUSH, 0, "0123456789" }, { 's', ACK, 0, "abc" } },
		"0123456789", "4@0+10", "abc" },
	{ "two segments", { HELLO, { 'c', ACK, 0, "012" }, { 'c', ACK, 3, "345" } }, "012345", "4@0+3 5@3+3", "" },
	{ "the other way round", { HELLO, { 'c', ACK, 3, "345" }, { 'c', ACK, 0, "012" } }, "012345",
		"5@0+3 4@3+3", "" },
	{ "sent twice", { HELLO, { 'c', ACK, 0, "012" }, { 'c', ACK, 0, "012" } }, "012", "4@0+3", "" },
	{ "sent again and more", { HELLO, { 'c', ACK, 0, "012" }, { 'c', ACK, 0, "XXX34" } }, "01234",
		"4@0+3 5@3+2", "" },
	{ "a hole filled from both ends",
		{ HELLO, { 'c', ACK, 4, "45" }, { 'c', ACK, 8, "89" }, { 'c', ACK, 2, "23xx67xxAB" },
			{ 'c', ACK, 0, "01x" } },
		"0123456789AB", "7@0+2 6@2+2 4@4+2 6@6+2 5@8+2 6@10+2", "" },
	{ "inside what is held", { HELLO, { 'c', ACK, 2, "2345" }, { 'c', ACK, 3, "xx" }, { 'c', ACK, 0, "01" } },
		"012345", "6@0+2 4@2+4", "" },
	{ "a hole that stays", { HELLO, { 'c', ACK, 0, "01" }, { 'c', ACK, 3, "345" } }, "01", "4@0+2", "" },
	{ "numbers that wrap",
		{ HELLO, { 's', ACK, 0, "0123456789" }, { 's', ACK, 20, "KL" }, { 's', ACK, 10, "ABCDEFGHIJ" } }, "", "",
		"0123456789ABCDEFGHIJKL" },
	{ "a keepalive", { HELLO, { 'c', ACK, 0, "01" }, { 'c', ACK, 1, "x" }, { 'c', ACK, 1, "" } }, "01", "4@0+2", "" },
	{ "a keepalive before all data", { HELLO, { 'c', ACK, -1, "x" }, { 'c', ACK, 0, "01" } }, "01", "5@0+2", "" },
	{ "a SYN sent twice", { { 'c', SYN, 0, "" }, HELLO, { 'c', ACK, 0, "01" } }, "01", "5@0+2", "" },
	{ "data on the SYN", { { 'c', SYN, 0, "01" }, { 's', SYN | ACK, 0, "" }, { 'c', ACK, 2, "2" } }, "012",
		"1@0+2 3@2+1", "" },
	{ "another point", { HELLO, { 'C', ACK, 0, "01" } }, "", "", "" },
	{ "data on an RST", { HELLO, { 'c', RST, 0, "01" } }, "", "", "" },
	{ "a server whose SYN is missing", { { 'c', SYN, 0, "" }, { 's', ACK, 0, "abc" } }, "", "", "" },
};

static const char *pieces_of(const struct wl_stream_side *side, struct wl_arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < side->piece_count; i++)
		text = wl_format(arena, "%s%s%u@%zu+%zu", text, i ? " " : "", side->pieces[i].frame,
			side->pieces[i].offset, side->pieces[i].len);
	return text;
}

static struct wl_stream *play(struct built *built, const struct sent *sent, size_t most, size_t *count)
{
	*built = (struct built){ .arena = wl_arena_new() };
	for (size_t i = 0; i < most && sent[i].from; i++)
		add(built, &sent[i]);
	return wl_streams(&built->seen, built->arena, count);
}

static void bytes_are_put_together(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned int before = CU_get_number_of_failures();
		struct built built;
		size_t count;
		struct wl_stream *found = play(&built, cases[i].sent, 12, &count);

		CU_ASSERT_EQUAL_FATAL(count, 1);
		CU_ASSERT_STRING_EQUAL(found->client.data, cases[i].client);
		CU_ASSERT_STRING_EQUAL(pieces_of(&found->client, built.arena), cases[i].pieces);
		CU_ASSERT_STRING_EQUAL(found->server.data, cases[i].server);
		CU_ASSERT_EQUAL(found->server.len, strlen(cases[i].server));
		if (CU_get_number_of_failures() != before)
			fprintf(stderr, "case: %s: %s, %s\n", cases[i].what, found->client.data,
				pieces_of(&found->client, built.arena));
		wl_arena_free(built.arena);
	}
}

/* Who, where, when, and the marks of beginning and end. */
static void ends_are_noted(void)
{
	static const struct sent sent[] = { HELLO, { 'c', ACK, 0, "01" }, { 's', ACK, 0, "a" },
		{ 's', ACK | FIN, 1, "b" }, { 's', ACK | FIN, 2, "" }, { 'c', RST, 2, "" }, { 'c', RST, 2, "" }, { 0 } };
	struct built built;
	size_t count;
	struct wl_stream *found = play(&built, sent, 12, &count);

	CU_ASSERT_EQUAL_FATAL(count, 1);
	CU_ASSERT_TRUE(found->point == 0 && found->direction == WL_FROM_HOST);
	CU_ASSERT_STRING_EQUAL(found->client.address, "10.77.0.1");
	CU_ASSERT_STRING_EQUAL(found->server.address, "10.77.0.2");
	CU_ASSERT_TRUE(found->client.port == 40000 && found->server.port == 49001);
	CU_ASSERT_TRUE(found->client.syn_frame == 1 && found->server.syn_frame == 2);
	CU_ASSERT_TRUE(found->client.syn_ns == 1000000 && found->server.syn_ns == 2000000);
	CU_ASSERT_TRUE(found->server.fin_frame == 6 && found->server.fin_ns == 6000000);
	CU_ASSERT_TRUE(found->client.rst_frame == 8 && found->client.rst_ns == 8000000);
	CU_ASSERT_TRUE(!found->client.fin_frame && !found->server.rst_frame);
	CU_ASSERT_STRING_EQUAL(found->server.data, "ab");
	CU_ASSERT_EQUAL(wl_piece_at(&found->server, 1)->frame, 6);
	CU_ASSERT_PTR_NULL(wl_piece_at(&found->server, 2));
	wl_arena_free(built.arena);
}

static void connections_are_told_apart(void)
{
	static const struct sent sent[] = { HELLO, { 'c', ACK, 0, "one" },
		{ 'C', SYN, 0, "" }, { 'C', ACK, 0, "point" }, /* the same at another point */
		{ 'c', SYN, 0, "", 500 }, { 'c', ACK, 0, "two", 500 }, /* the port again */
		{ 's', SYN, 0, "", 77 }, { 'c', RST | ACK, 0, "" }, { 0 } }; /* called back, and refused */
	struct built built;
	size_t count;
	struct wl_stream *found = play(&built, sent, 12, &count);

	CU_ASSERT_EQUAL_FATAL(count, 4);
	CU_ASSERT_STRING_EQUAL(found[0].client.data, "one");
	CU_ASSERT_STRING_EQUAL(found[1].client.data, "point");
	CU_ASSERT_EQUAL(found[1].point, 1);
	CU_ASSERT_STRING_EQUAL(found[2].client.data, "two");
	CU_ASSERT_EQUAL(found[3].client.port, 49001);
	CU_ASSERT_EQUAL(found[3].server.rst_frame, 10);
	CU_ASSERT_TRUE(!found[3].server.syn_frame && !found[2].server.rst_frame);
	wl_arena_free(built.arena);
}

/* Whether the answer joins the question's connection when it comes from an address that nobody called. */
static bool joins(enum wl_direction direction, unsigned int acknowledged)
{
	static const struct sent sent[] = { HELLO, { 'c', ACK, 0, "ask" }, { 's', ACK, 0, "answer" } };
	struct built built = { .arena = wl_arena_new() };
	struct wl_stream *streams;
	size_t count;
	bool joined;

	for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
		uint8_t *ip;

		add(&built, &sent[i]);
		built.seen.frames[i].direction = direction;
		ip = (uint8_t *)built.seen.frames[i].bytes + 14;
		ip[15] = sent[i].from == 's' ? 7 : ip[15];
		put_sum(ip);
		put16(ip + 30, acknowledged);
	}
	streams = wl_streams(&built.seen, built.arena, &count);
	CU_ASSERT_EQUAL_FATAL(count, 1);
	joined = streams[0].server.syn_frame == 2 && streams[0].server.len == 6 && streams[0].client.len == 3;
	wl_arena_free(built.arena);
	return joined;
}

static void on_lo_a_led_call_is_one_connection(void)
{
	CU_ASSERT_TRUE(joins(WL_WITHIN_HOST, CLIENT_START));
	CU_ASSERT_FALSE(joins(WL_WITHIN_HOST, CLIENT_START + 1));
	CU_ASSERT_FALSE(joins(WL_FROM_HOST, CLIENT_START));
}

/* Without a SYN there is no connection; what belongs to none is passed over, and so is what is no segment. */
static void others_are_passed_over(void)
{
	static const struct sent sent[] = { { 's', SYN | ACK, 0, "" }, { 'c', ACK, 0, "01" }, { 's', RST, 0, "" }, { 0 } };
	struct built built;
	size_t count, goldens;
	struct golden *golden;

	CU_ASSERT_PTR_NULL(play(&built, sent, 12, &count));
	CU_ASSERT_EQUAL(count, 0);
	golden = golden_frames(built.arena, &goldens);
	for (size_t i = 0; i < goldens; i++)
		*wl_append(built.arena, &built.seen.frames, &built.seen.frame_count) = golden[i].frame;
	wl_streams(&built.seen, built.arena, &count);
	CU_ASSERT_TRUE(count <= goldens);
	wl_arena_free(built.arena);
}

/* Every segment but the first comes backwards: what is held is bounded, and what is repeated later is found all the same. */
static void what_is_held_is_bounded(void)
{
	static const struct sent hello[] = { HELLO, { 0 } };
	struct built built;
	size_t count;
	struct wl_stream *found = play(&built, hello, 3, &count);

	for (int i = 20000; i > 0; i--)
		add(&built, &(struct sent){ 'c', ACK, i, "x" });
	add(&built, &(struct sent){ 'c', ACK, 0, "y" });
	found = wl_streams(&built.seen, built.arena, &count);
	CU_ASSERT_EQUAL_FATAL(count, 1);
	CU_ASSERT_EQUAL(found->client.len, 1);
	for (int i = 1; i <= 20000; i++)
		add(&built, &(struct sent){ 'c', ACK, i, "x" });
	found = wl_streams(&built.seen, built.arena, &count);
	CU_ASSERT_EQUAL(found->client.len, 20001);
	wl_arena_free(built.arena);
}

/* Thirty thousand connections, each looked for with every segment. */
static void crowds_are_survived(void)
{
	struct built built = { .arena = wl_arena_new() };
	size_t count;

	for (unsigned int i = 0; i < 30000; i++) {
		uint8_t *tcp;

		for (unsigned int k = 0; k < 2; k++) {
			add(&built, &(struct sent){ 'c', k ? ACK : SYN, 0, k ? "x" : "" });
			tcp = (uint8_t *)built.seen.frames[built.seen.frame_count - 1].bytes + 34;
			put16(tcp, i);
		}
	}
	CU_ASSERT_PTR_NOT_NULL(wl_streams(&built.seen, built.arena, &count));
	CU_ASSERT_EQUAL(count, 30000);
	wl_arena_free(built.arena);
}

/* The promises of the header, on whatever comes out: no gaps, no overlaps, frames that exist. */
static size_t check_side(const struct wl_observation *seen, const struct wl_stream_side *side)
{
	size_t at = 0;

	for (size_t i = 0; i < side->piece_count; i++) {
		CU_ASSERT_TRUE_FATAL(side->pieces[i].offset == at && side->pieces[i].len > 0);
		CU_ASSERT_TRUE_FATAL(side->pieces[i].frame >= 1 && side->pieces[i].frame <= seen->frame_count);
		at += side->pieces[i].len;
	}
	CU_ASSERT_EQUAL_FATAL(at, side->len);
	CU_ASSERT_EQUAL_FATAL(side->data[at], 0);
	free(memcpy(malloc(at + 1), side->data, at));
	return at;
}

static void add_spoilt(struct built *built, uint64_t *state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	static const uint8_t flags[] = { SYN, SYN | ACK, ACK, ACK, ACK, ACK, FIN | ACK, RST };
	struct sent sent = { golden_random(state) % 3 ? 'c' : 's', flags[golden_random(state) % 8],
		(int)(golden_random(state) % 40), letters + golden_random(state) % 26,
		golden_random(state) % 16 ? 0 : 500 };
	uint8_t *bytes;

	add(built, &sent);
	bytes = (uint8_t *)built->seen.frames[built->seen.frame_count - 1].bytes + 14;
	if (golden_random(state) % 4)
		return;
	golden_mutate(state, bytes, 40);
	if (golden_random(state) % 8)
		put_sum(bytes);
}

static void spoilt_segments_are_survived(void)
{
	static const struct sent hello[] = { HELLO, { 0 } };
	uint64_t state = 4711;
	size_t bytes = 0;

	for (unsigned int round = 0; round < 5000; round++) {
		struct built built;
		size_t count;
		struct wl_stream *found = play(&built, hello, 3, &count);

		for (unsigned int i = 0; i < 20; i++)
			add_spoilt(&built, &state);
		found = wl_streams(&built.seen, built.arena, &count);
		for (size_t i = 0; i < count; i++)
			bytes += check_side(&built.seen, &found[i].client) + check_side(&built.seen, &found[i].server);
		wl_arena_free(built.arena);
	}
	CU_ASSERT_TRUE(bytes > 50000); /* else the fuzzing reaches nothing */
}

void suite_stream(void);
void suite_stream(void)
{
	test("bytes are put together", bytes_are_put_together);
	test("ends are noted", ends_are_noted);
	test("connections are told apart", connections_are_told_apart);
	test("on lo a led call is one connection", on_lo_a_led_call_is_one_connection);
	test("others are passed over", others_are_passed_over);
	test("what is held is bounded", what_is_held_is_bounded);
	test("crowds are survived", crowds_are_survived);
	test("spoilt segments are survived", spoilt_segments_are_survived);
}
