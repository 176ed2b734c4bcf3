/*
 * Lookups, and the observation as JSON: the same text again behind a reading, and a refusal, in
 * words, of all that is not an observation. Each refused text differs in one place from a right
 * one.
 */
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "harness/observation.h"
#include "tests/golden.h"
#include "tests/tests.h"

static struct wl_value values[] = {
	{ "word", (const uint8_t *)"h\xff\0i", 4 },
	{ "empty", (const uint8_t *)"", 0 },
};
static struct wl_point points[] = {
	{ "near", "eth0", "02:00:00:00:00:01", "10.77.0.1", 3 },
	{ "near", "lo", "", "", INT64_MAX },
};
static struct wl_performer performers[] = {
	{ "server", "near", "udp_echo_server", true },
	{ "peer", "far", "udp_answerer", false },
};
static struct wl_event events[] = {
	{ 1700000000123456789u, WL_EVENT_STARTED, 0, 0, 0, (const uint8_t *)"a b", 3 },
	{ 1700000000123456790u, WL_EVENT_PRINTED, 0, 1, 0, (const uint8_t *)"one ", 4 },
	{ 1700000000123456791u, WL_EVENT_PRINTED, 1, 1, 0, (const uint8_t *)"other", 5 },
	{ 1700000000123456792u, WL_EVENT_PRINTED, 0, 2, 0, (const uint8_t *)"\xec\x95\0two", 6 },
	{ 1700000000123456793u, WL_EVENT_ENDED, 1, UINT32_MAX, INT64_MIN, NULL, 0 },
};
static struct wl_frame frames[] = {
	{ 1700000000000000001u, 0, WL_FROM_HOST, 60, 4, (const uint8_t *)"\x01\x02\xfe\xff" },
	{ 1700000000000000001u, 1, WL_WITHIN_HOST, 0, 0, (const uint8_t *)"" },
	{ 9223372036854775807u, 0, WL_TO_HOST, UINT32_MAX, 1, (const uint8_t *)"\0" },
};
static struct wl_seen_socket sockets[] = {
	{ 5, 1,
		{ AF_INET6, IPPROTO_TCP, "::", 49001,
			"2001:db8:1111:2222:3333:4444:255.255.255.255", 65535, 10, UINT32_MAX, 7,
			INT64_MAX } },
	{ 6, 0, { AF_PACKET, 3, "", 0, "", 0, 0, 0, 2, 12345 } },
};
static struct wl_seen_membership memberships[] = {
	{ 7, 0, { "eth0", "224.1.1.1", 2 } },
};
static struct wl_seen_doing doings[] = {
	{ 8, 0, 1, 2, WL_DOING_WAITS, WL_ON_SOCKET, "recvfrom", false, true,
		{ AF_INET, IPPROTO_UDP, "0.0.0.0", 49002, "0.0.0.0", 0, 7, 0, 0, 77 } },
	{ 8, 0, UINT32_MAX, 0, WL_DOING_RUNS, WL_ON_NOTHING, "", true, false, { 0 } },
};
static const struct wl_observation full = { "udp_echo", "server_korean", UINT64_MAX, 2, NULL,
	values, 2, points, 2, performers, 2, events, 5, frames, 3, sockets, 2, memberships, 1,
	doings, 2 };

static void lookups_find(void)
{
	struct wl_arena *arena = wl_arena_new();
	const char *text;
	size_t len;

	CU_ASSERT_PTR_EQUAL(wl_observed_value(&full, "word"), &values[0]);
	CU_ASSERT_PTR_NULL(wl_observed_value(&full, "wor"));
	CU_ASSERT_EQUAL(wl_observed_actor(&full, "peer"), 1);
	CU_ASSERT_EQUAL(wl_observed_actor(&full, "nobody"), -1);
	text = wl_printed_between(&full, arena, 0, 0, SIZE_MAX, &len);
	CU_ASSERT_TRUE(len == 10 && !memcmp(text, "one \xec\x95\0two", 11));
	text = wl_printed_between(&full, arena, 0, 2, 3, &len);
	CU_ASSERT_TRUE(len == 0 && !*text);
	text = wl_printed_between(&full, arena, 0, 4, 2, &len);
	CU_ASSERT_TRUE(len == 0 && !*text);
	CU_ASSERT_PTR_EQUAL(wl_find_event(&full, 0, WL_EVENT_PRINTED, 0), &events[1]);
	CU_ASSERT_PTR_EQUAL(wl_find_event(&full, 0, WL_EVENT_PRINTED, 2), &events[3]);
	CU_ASSERT_PTR_NULL(wl_find_event(&full, 0, WL_EVENT_PRINTED, 4));
	CU_ASSERT_PTR_NULL(wl_find_event(&full, 1, WL_EVENT_STARTED, 0));
	wl_arena_free(arena);
}

/* Reads TEXT and writes it again: NULL when it was refused. */
static const char *again(struct wl_arena *arena, const char *text, struct wl_err *err)
{
	const struct wl_observation *seen =
		wl_observation_from_json(text, strlen(text), arena, err);

	return seen ? wl_observation_to_json(seen, arena) : NULL;
}

static void same_text_again(const struct wl_observation *seen)
{
	struct wl_arena *arena = wl_arena_new();
	struct wl_err err = { "" };
	const char *text = wl_observation_to_json(seen, arena), *second = again(arena, text, &err);

	CU_ASSERT_PTR_NOT_NULL(second);
	if (second) {
		CU_ASSERT_STRING_EQUAL(text, second);
	} else {
		fprintf(stderr, "refused: %s\n", err.text);
	}
	wl_arena_free(arena);
}

static void reading_gives_the_same_again(void)
{
	struct wl_observation other = full;

	same_text_again(&full);
	other.trouble = "no \"stage\"\n\\ \x01 안녕";
	same_text_again(&other);
	other.lesson = "not UTF-8: \xff\xed\xa0\x80";
	other.seed = 0;
	other.socket_count = other.frame_count = other.value_count = 0;
	same_text_again(&other);
	same_text_again(&(struct wl_observation){ 0 });
}

static void members_survive(void)
{
	struct wl_arena *arena = wl_arena_new();
	const char *text = wl_observation_to_json(&full, arena);
	const struct wl_observation *seen =
		wl_observation_from_json(text, strlen(text), arena, NULL);

	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT_TRUE(seen->seed == UINT64_MAX && seen->take == 2 && !seen->trouble);
	CU_ASSERT_STRING_EQUAL(seen->scenario, "server_korean");
	CU_ASSERT_TRUE(seen->values[0].len == 4 && !memcmp(seen->values[0].bytes, "h\xff\0i", 5));
	CU_ASSERT_TRUE(seen->values[1].len == 0 && !*seen->values[1].bytes);
	CU_ASSERT_TRUE(
		seen->points[1].dropped == INT64_MAX && !strcmp(seen->points[1].interface, "lo"));
	CU_ASSERT_TRUE(seen->performers[0].submitted && !seen->performers[1].submitted);
	CU_ASSERT_TRUE(seen->events[4].number == INT64_MIN && seen->events[4].step == UINT32_MAX);
	CU_ASSERT_EQUAL(seen->events[0].at_ns, 1700000000123456789u);
	CU_ASSERT_TRUE(
		seen->frames[0].len == 4 && !memcmp(seen->frames[0].bytes, "\x01\x02\xfe\xff", 4));
	CU_ASSERT_TRUE(
		seen->frames[2].at_ns == INT64_MAX && seen->frames[2].wire_len == UINT32_MAX);
	CU_ASSERT_EQUAL(seen->frames[1].direction, WL_WITHIN_HOST);
	CU_ASSERT_EQUAL(seen->sockets[0].socket.family, AF_INET6);
	CU_ASSERT_STRING_EQUAL(seen->sockets[0].socket.remote, sockets[0].socket.remote);
	CU_ASSERT_TRUE(seen->sockets[1].socket.inode == 12345 && seen->sockets[1].performer == 0);
	CU_ASSERT_TRUE(seen->memberships[0].at_ns == 7 && seen->memberships[0].performer == 0);
	CU_ASSERT_STRING_EQUAL(seen->memberships[0].membership.interface, "eth0");
	CU_ASSERT_STRING_EQUAL(seen->memberships[0].membership.group, "224.1.1.1");
	CU_ASSERT_EQUAL(seen->memberships[0].membership.users, 2);
	CU_ASSERT_TRUE(seen->doing_count == 2 && seen->doings[0].task == 2 && seen->doings[0].on == WL_ON_SOCKET);
	CU_ASSERT_STRING_EQUAL(seen->doings[0].call, "recvfrom");
	CU_ASSERT_TRUE(seen->doings[0].limited && !seen->doings[0].sends && seen->doings[0].socket.inode == 77);
	CU_ASSERT_TRUE(seen->doings[1].sends && seen->doings[1].socket.family == 0);
	wl_arena_free(arena);
}

static const struct {
	const char *right, *wrong; /* the first RIGHT in the text is replaced */
	const char *says;          /* part of the error */
} refused[] = {
	{ "wirelab-observation/1", "wirelab-observation/2", "schema" },
	{ "\"schema\"", "\"scheme\"", "schema" },
	{ "\"lesson\": \"udp_echo\"", "\"lesson\": 5", "lesson: not a string" },
	{ "\"lesson\": \"udp_echo\"", "\"lesson\": \"udp\\u0000\"", "no JSON" },
	{ "\"lesson\": \"udp_echo\"", "\"lesson\": \"\xff\"", "no JSON" },
	{ "\"lesson\": \"udp_echo\"", "\"lesson\": \"\\ud800\"", "no JSON" },
	{ "\"lesson\"", "\"lesson\": \"\", \"lesson\"", "no JSON" },
	{ "\"lesson\"", "\"more\": 1, \"lesson\"", "does not belong" },
	{ "\"lesson\"", "\"lesso\"", "lesson: missing" },
	{ "18446744073709551615", "18446744073709551616", "seed" },
	{ "18446744073709551615", "01", "seed" },
	{ "18446744073709551615", "-1", "seed" },
	{ "18446744073709551615", "", "seed" },
	{ "\"18446744073709551615\"", "1", "seed: not a string" },
	{ "\"take\": 2", "\"take\": 4294967296", "take: out of range" },
	{ "\"take\": 2", "\"take\": -1", "take: out of range" },
	{ "\"take\": 2", "\"take\": 2.0", "take: not an integer" },
	{ "\"take\": 2", "\"take\": 92233720368547758080", "no JSON" },
	{ "\"trouble\": null", "\"trouble\": false", "trouble: not a string" },
	{ "\"values\": [", "\"values\": {}, \"valuez\": [", "does not belong" },
	{ "\"values\"", "\"valuez\"", "values: not an array" },
	{ "68ff0069", "68ff006", "values[0]: bytes" },
	{ "68ff0069", "68ff006g", "values[0]: bytes" },
	{ "68ff0069", "68FF0069", "values[0]: bytes" },
	{ "\"dropped\": 3", "\"dropped\": -3", "points[0]: dropped" },
	{ "\"submitted\": true", "\"submitted\": 1", "performers[0]: submitted" },
	{ "\"kind\": \"started\"", "\"kind\": \"begun\"", "events[0]: kind" },
	{ "\"kind\": \"started\"", "\"kind\": 1", "events[0]: kind" },
	{ "\"kind\": \"started\"", "\"kind\": null", "events[0]: kind" },
	{ "\"performer\": 0", "\"performer\": 2", "events[0]: performer" },
	{ "\"performer\": 0", "\"performer\": -1", "events[0]: performer" },
	{ "\"performer\": 0", "\"performer\": \"server\"", "events[0]: performer" },
	{ "\"point\": 0", "\"point\": 2", "frames[0]: point" },
	{ "\"direction\": \"from_host\"", "\"direction\": \"up\"", "frames[0]: direction" },
	{ "\"wire_len\": 60", "\"wire_len\": 3", "more bytes than were on the wire" },
	{ "\"at_ns\": 9223372036854775807", "\"at_ns\": 1", "frames[2]: not in the order of time" },
	{ "\"family\": \"inet6\"", "\"family\": \"unix\"", "sockets[0]: family" },
	{ "\"protocol\": 6", "\"protocol\": 2147483648", "sockets[0]: protocol" },
	{ "\"local\": \"::\"", "\"local\": \"1111:2222:3333:4444:5555:6666:7777:8888:9999::\"",
		"sockets[0]: local" },
	{ "\"local_port\": 49001", "\"local_port\": 65536", "sockets[0]: local_port" },
	{ "\"group\": \"224.1.1.1\"", "\"group\": \"224.100.100.100.1\"", "memberships[0]: group" },
	{ "\"users\": 2", "\"users\": -2", "memberships[0]: users" },
	{ "\"doings\": [", "\"doings\": {}, \"doingz\": [", "does not belong" },
	{ "\"doings\": [", "\"doings\": null, \"doingz\": [", "does not belong" },
	{ "\"doing\": \"waits\"", "\"doing\": \"dreams\"", "doings[0]: doing" },
	{ "\"on\": \"socket\"", "\"on\": 2", "doings[0]: on" },
	{ "\"limited\": true", "\"limited\": 1", "doings[0]: limited" },
	{ "\"family\": \"none\"", "\"family\": \"unix\"", "doings[1]: family" },
	{ "{", "[", "no JSON" },
	{ "{", "", "no JSON" },
};

static char *replaced(
	struct wl_arena *arena, const char *text, const char *right, const char *wrong)
{
	const char *at = strstr(text, right);

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	return wl_format(arena, "%.*s%s%s", (int)(at - text), text, wrong, at + strlen(right));
}

static void wrong_texts_are_refused(void)
{
	struct wl_arena *arena = wl_arena_new();
	const char *text = wl_observation_to_json(&full, arena);

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct wl_err err = { "" };

		CU_ASSERT_PTR_NULL(again(
			arena, replaced(arena, text, refused[i].right, refused[i].wrong), &err));
		CU_ASSERT_PTR_NOT_NULL(strstr(err.text, refused[i].says));
		if (!strstr(err.text, refused[i].says))
			fprintf(stderr, "want: %s\nhave: %s\n", refused[i].says, err.text);
	}
	wl_arena_free(arena);
}

/* What was written before there were doings has none; all else must be there. */
static void earlier_texts_are_read(void)
{
	struct wl_arena *arena = wl_arena_new();
	struct wl_observation plain = full;
	const struct wl_observation *seen;
	struct wl_err err = { "" };
	char *text;

	plain.doing_count = 0;
	text = replaced(arena, wl_observation_to_json(&plain, arena), ",\n \"doings\": []", "");
	seen = wl_observation_from_json(text, strlen(text), arena, &err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(seen);
	CU_ASSERT_TRUE(seen->doing_count == 0 && seen->membership_count == 1);
	text = replaced(arena, text, "\"memberships\"", "\"doings\"");
	CU_ASSERT_PTR_NULL(again(arena, text, &err));
	wl_arena_free(arena);
}

static void other_documents_are_refused(void)
{
	static const char *const texts[] = { "", "null", "1", "\"wirelab-observation/1\"", "[]",
		"{}", "{\"schema\":\"wirelab-observation/1\"}",
		"{\"schema\":\"wirelab-observation/1\"} x" };
	struct wl_arena *arena = wl_arena_new();
	char *deep = wl_alloc(arena, 100001);
	struct wl_err err;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CU_ASSERT_PTR_NULL(again(arena, texts[i], &err));
	memset(deep, '[', 100000);
	CU_ASSERT_PTR_NULL(again(arena, deep, &err));
	CU_ASSERT_PTR_NULL(wl_observation_from_json("{\"a\":\"\0\"}", 9, arena, NULL));
	wl_arena_free(arena);
}

/* Spoilt text: refused, or an observation that can be written, read and written with the same
 * result. */
static void spoilt_texts_are_survived(void)
{
	struct wl_arena *source_arena = wl_arena_new();
	const char *text = wl_observation_to_json(&full, source_arena);
	size_t len = strlen(text), read = 0;
	uint64_t state = 99;

	for (unsigned int round = 0; round < 10000; round++) {
		struct wl_arena *arena = wl_arena_new();
		uint8_t *spoilt = wl_memdup(arena, text, len);
		size_t kept = golden_random(&state) % 4 ? len : golden_random(&state) % len;
		const struct wl_observation *seen;
		struct wl_err err;

		golden_mutate(&state, spoilt, len);
		seen = wl_observation_from_json(
			memcpy(wl_alloc(arena, kept), spoilt, kept), kept, arena, &err);
		if (seen) {
			const char *written = wl_observation_to_json(seen, arena);
			const char *second = again(arena, written, &err);

			CU_ASSERT_TRUE_FATAL(second && !strcmp(written, second));
			read++;
		}
		wl_arena_free(arena);
	}
	CU_ASSERT_TRUE(read > 1000); /* else the fuzzing reaches nothing */
	wl_arena_free(source_arena);
}

static void random_bytes_are_refused(void)
{
	static const char alphabet[] = "{}[]\",:0123456789.-+eEtrufalsn \\\xff\xc2\x80/";
	uint64_t state = 5;
	char text[64];

	for (unsigned int round = 0; round < 50000; round++) {
		struct wl_arena *arena = wl_arena_new();
		size_t len = golden_random(&state) % sizeof(text);

		for (size_t i = 0; i < len; i++)
			text[i] = alphabet[golden_random(&state) % sizeof(alphabet)];
		CU_ASSERT_TRUE_FATAL(!wl_observation_from_json(text, len, arena, NULL));
		wl_arena_free(arena);
	}
}

void suite_observation(void);
void suite_observation(void)
{
	test("lookups find", lookups_find);
	test("members survive JSON", members_survive);
	test("reading gives the same text again", reading_gives_the_same_again);
	test("wrong texts are refused", wrong_texts_are_refused);
	test("earlier texts are read", earlier_texts_are_read);
	test("other documents are refused", other_documents_are_refused);
	test("spoilt texts are survived", spoilt_texts_are_survived);
	test("random bytes are refused", random_bytes_are_refused);
}
