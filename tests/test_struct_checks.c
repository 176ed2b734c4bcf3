/*
 * The verbs of tcp_struct. Server: a conversation that is always the same, and what the server prints of it. Client: conversations that
 * differ from the right one in one thing. A row's letters are the verdicts of all verbs, so that it shows too which
 * ones a fault must leave alone.
 */
#include <stdio.h>
#include <string.h>

#include "harness/lesson.h"
#include "harness/registry.h"
#include "harness/values.h"
#include "labs/tcp_struct/checks.h"
#include "tests/made.h"
#include "tests/tests.h"

#define FIN 1
#define SYN 2
#define RST 4
#define ACK 16
#define CLIENT_START 1000
#define SERVER_START 5000
#define CLIENT_LINE "('10.77.0.1', 40000), "

static const struct made_end client = { 0, "10.77.0.1", 40000 }, server = { 0, "10.77.0.2", 49001 };

/* Seen at the host under judgement, which is the client's when FROM_HOST is true. */
struct talk {
	struct made made;
	bool from_host;
	uint32_t client_next, server_next;
};

static void say(struct talk *talk, bool by_client, unsigned int flags, const void *bytes, size_t len)
{
	uint32_t *next = by_client ? &talk->client_next : &talk->server_next;

	made_segment(&talk->made, 0, by_client == talk->from_host ? WL_FROM_HOST : WL_TO_HOST,
		by_client ? client : server, by_client ? server : client, flags, *next, bytes, len);
	*next += (uint32_t)len + (flags & (SYN | FIN) ? 1 : 0);
}

static void begin(struct talk *talk, const char *actor, bool from_host)
{
	*talk = (struct talk){ .from_host = from_host, .client_next = CLIENT_START,
		.server_next = SERVER_START };
	made_up(&talk->made, "tcp_struct", "by_hand");
	made_point(&talk->made, "here", "02:00:00:00:00:01", "10.77.0.1");
	made_performer(&talk->made, actor, "here", true);
}

static void shake_hands(struct talk *talk)
{
	say(talk, true, SYN, NULL, 0);
	say(talk, false, SYN | ACK, NULL, 0);
	say(talk, true, ACK, NULL, 0);
}

static void compare(struct made *made, const struct wl_check *checks, const char *what, const char *verdicts)
{
	char have[16] = "";

	for (size_t i = 0; checks[i].verb; i++)
		have[i] = made_letter(made, &checks[i]);
	CU_ASSERT_STRING_EQUAL(have, verdicts);
	if (strcmp(have, verdicts) != 0)
		fprintf(stderr, "%s: wanted %s, have %s\n", what, verdicts, have);
}

#define SERVER .actor = "server", .port = 49001
static const struct wl_check server_checks[] = {
	{ struct_accepts, SERVER },
	{ struct_prints_client, SERVER },
	{ struct_prints_text, SERVER },
	{ struct_prints_integer, SERVER },
	{ struct_prints_real, SERVER },
	{ NULL },
};

/* The client sends the text "hi, all", the number -12 and the real REAL. */
static const struct {
	const char *real, *printed, *verdicts;
} server_rows[] = {
	{ "2", CLIENT_LINE "hi, all, -12, 2\n", "ppppp" },
	{ "2", CLIENT_LINE "hi, all, -12, 2.0\n", "ppppp" },
	{ "2", CLIENT_LINE "hi, all, -12, 2.00\n", "ppppp" },
	{ "2", CLIENT_LINE "hi, all, -12, 2.01\n", "ppppf" },
	{ "2", CLIENT_LINE "hi, all, -12, 20\n", "ppppf" },
	{ "2", CLIENT_LINE "hi, all, -12\n", "ppppf" },
	{ "1234.5", CLIENT_LINE "hi, all, -12, 1.23e+03\n", "ppppp" },
	{ "1234.5", CLIENT_LINE "hi, all, -12, 1230\n", "ppppp" },
	{ "1234.5", CLIENT_LINE "hi, all, -12, 1234.500\n", "ppppf" },
	{ "1234.5", CLIENT_LINE "hi, all, -12, 1230 m\n", "ppppp" },
	{ "1234.5", CLIENT_LINE "hi, all, -12, 1230m\n", "ppppf" },
	{ "-0.012377", CLIENT_LINE "hi, all, -12, -0.0124\n", "ppppp" },
	{ "-0.012377", CLIENT_LINE "hi, all, -12, 0.0124\n", "ppppf" },
	{ "-0.012377", CLIENT_LINE "hi, all, -12, -.0124\n", "ppppp" },
	{ "-0.012377", CLIENT_LINE "hi, all, -12, -0.0123\n", "ppppf" },
	{ "2", "(\"10.77.0.1\", 40000)\n'hi, all'\n-12\n2\n", "ppppp" },
	{ "2", "x\n['10.77.0.1', 40000], b\"hi, all\", -12, 2.0]\r\nbye", "ppppp" },
	{ "2", "got b'hi, all\\x00\\xff'\n" CLIENT_LINE "hi, all, -12, 2.0\n", "ppppp" },
	{ "2", CLIENT_LINE "\n1: hi, all\n2: -12\n3: 2.0\n", "ppppp" },
	{ "2", CLIENT_LINE "\n1) hi, all\n2) -12\n3) 2.0\n", "ppppp" },
	{ "2", CLIENT_LINE "\n1. hi, all\n2. -12\n3. 2.0\n", "ppppp" },
	{ "2", CLIENT_LINE "\n0 hi, all\n1 -12\n2\t2.0\n", "ppppp" },
	{ "2", CLIENT_LINE "\n(0, 'hi, all')\n(1, -12)\n(2, 2.0)\n", "ppppp" },
	{ "2", CLIENT_LINE "\n0 hi, all\n1 12\n2 2.0\n", "pppff" },
	{ "2", CLIENT_LINE "<hi, all> <-12> <2.0>\n", "ppppp" },
	{ "2", CLIENT_LINE "Text: hi, all. Integer: -12. Real: 2.0.\n", "ppppp" },
	{ "2", CLIENT_LINE "hi, all.x, -12, 2.0\n", "ppfff" },
	{ "2", CLIENT_LINE "\n#1 hi, all\n#2 -12\n#3 2.0\n", "ppppp" },
	{ "2", CLIENT_LINE "d[1][0]='hi, all', d[1][1]=-12, d[1][2] = 2.0\n", "ppppp" },
	{ "12.37", CLIENT_LINE "d[1][0]='hi, all', d[1][1]=-12, d[1][2] = 12.4\n", "ppppp" },
	{ "12.37", CLIENT_LINE "d[1][0]='hi, all', d[1][1]=-12, d[1][2] = 12.3\n", "ppppf" },
	{ "2", CLIENT_LINE "hi, all, -12, [2", "ppppp" },
	{ "2", CLIENT_LINE "hi, all, -12, #", "ppppf" },
	{ "2", CLIENT_LINE "hi, all, 2: 12, 3: 2.0\n", "pppff" },
	{ "2", CLIENT_LINE "hi, all, 20: -12, 3: 2.0\n", "pppff" },
	{ "2", CLIENT_LINE "hi, all, +12, 2\n", "pppff" },
	{ "2", CLIENT_LINE "hi, all, 12, 2\n", "pppff" },
	{ "2", CLIENT_LINE "hi, all, -12.0, 2\n", "pppff" },
	{ "2", CLIENT_LINE "hi, all, -120, 2\n", "pppff" },
	{ "2", CLIENT_LINE "hi, all, 7, -12, 2\n", "pppff" },
	{ "2", CLIENT_LINE "hi, all\n", "pppff" },
	{ "2", CLIENT_LINE "hi, al, -12, 2\n", "ppfff" },
	{ "2", CLIENT_LINE "hi, alll, -12, 2\n", "ppfff" },
	{ "2", CLIENT_LINE "xhi, all, -12, 2\n", "ppfff" },
	{ "2", CLIENT_LINE "b'hi, all\\x00', -12, 2\n", "ppfff" },
	{ "2", CLIENT_LINE "hi, all\001, -12, 2\n", "ppfff" },
	{ "2", "('10.77.0.2', 49001), hi, all, -12, 2\n", "pfppp" },
	{ "2", "('10.77.0.1', 4000), hi, all, -12, 2\n", "pfppp" },
	{ "2", "('110.77.0.1', 40000), hi, all, -12, 2\n", "pfppp" },
	{ "2", "", "pffff" },
};

static void tell(struct talk *talk, const char *real)
{
	begin(talk, "server", false);
	made_value(&talk->made, "format", "7shf");
	made_value(&talk->made, "packed", "0123456789ab");
	made_value(&talk->made, "text", "hi, all");
	made_value(&talk->made, "integer", "-12");
	made_value(&talk->made, "real", real);
	shake_hands(talk);
	say(talk, true, ACK, "7shf", 4);
}

static void what_a_server_prints_is_read(void)
{
	struct talk talk;

	for (size_t i = 0; i < sizeof(server_rows) / sizeof(*server_rows); i++) {
		tell(&talk, server_rows[i].real);
		say(&talk, true, ACK, "0123456789ab", 12);
		made_print(&talk.made, 0, server_rows[i].printed);
		compare(&talk.made, server_checks, server_rows[i].printed, server_rows[i].verdicts);
		made_down(&talk.made);
	}
}

static void a_text_that_is_missing_is_told(void)
{
	struct talk talk;

	tell(&talk, "2");
	say(&talk, true, ACK, "0123456789ab", 12);
	made_print(&talk.made, 0, CLIENT_LINE " , -12, 2.0\n");
	CU_ASSERT_STRING_EQUAL(made_label(&talk.made, &server_checks[2]), "field-missing");
	made_down(&talk.made);
	tell(&talk, "2");
	say(&talk, true, ACK, "0123456789ab", 12);
	made_print(&talk.made, 0, CLIENT_LINE "-120, -12, 2.0\n");
	CU_ASSERT_STRING_NOT_EQUAL(made_label(&talk.made, &server_checks[2]), "field-missing");
	made_down(&talk.made);
}

static void a_server_must_take_it(void)
{
	struct talk talk;

	begin(&talk, "server", false);
	compare(&talk.made, server_checks, "not called", "xxxxx");
	say(&talk, true, SYN, NULL, 0);
	compare(&talk.made, server_checks, "ignored", "fffff");
	say(&talk, false, RST | ACK, NULL, 0);
	compare(&talk.made, server_checks, "refused", "fffff");
	CU_ASSERT_TRUE(made_fails(&talk.made, server_checks, 2, "a connection to port 49001", "refused"));
	made_down(&talk.made);
	tell(&talk, "2");
	compare(&talk.made, server_checks, "our own data are missing", "pxxxx");
	say(&talk, false, FIN | ACK, NULL, 0);
	compare(&talk.made, server_checks, "it left", "pffff");
	CU_ASSERT_TRUE(made_fails(&talk.made, &server_checks[1], 5, "keeps the connection",
		"ended the connection"));
	made_down(&talk.made);
}

static void a_server_s_failures_say_what(void)
{
	struct talk talk;

	tell(&talk, "12.37");
	say(&talk, true, ACK, "0123456789ab", 12);
	made_print(&talk.made, 0, CLIENT_LINE "hi, all, -12, 12.370\n");
	CU_ASSERT_TRUE(made_fails(&talk.made, &server_checks[4], 0,
		"\"hi, all\", -12, 12.4 (12.37 to 3 significant digits); the format was \"7shf\"",
		"hi, all, -12, 12.370"));
	made_event(&talk.made, 0, WL_EVENT_ENDED, 0, "");
	CU_ASSERT_STRING_EQUAL(made_judge(&talk.made, &server_checks[4]).actual,
		"\"" CLIENT_LINE "hi, all, -12, 12.370\"");
	made_down(&talk.made);
	tell(&talk, "2");
	say(&talk, true, ACK, "0123456789ab", 12);
	made_print(&talk.made, 0, "x\nNameError\n");
	made_event(&talk.made, 0, WL_EVENT_ENDED, 1 << 8, "");
	CU_ASSERT_TRUE(made_fails(&talk.made, &server_checks[2], 0, "hi, all",
		"It ended with exit status 1. Its last line: \"NameError\""));
	made_down(&talk.made);
}

#define CLIENT .actor = "client", .value = "11sIf", .port = 49001
static const struct wl_check client_checks[] = {
	{ struct_sends_format, CLIENT },
	{ struct_sends_size, CLIENT },
	{ struct_sends_apart, CLIENT },
	{ struct_sends_soon, CLIENT },
	{ struct_sends_text, CLIENT },
	{ struct_sends_integer, CLIENT },
	{ struct_sends_real, CLIENT },
	{ struct_closes, CLIENT },
	{ NULL },
};

#define REAL "\xc3\xf5\x48\x40"
#define RIGHT "hi, Python!\0\0\4\0\0" REAL
#define PART(text) text, sizeof(text) - 1

/* What a client sends, and the milliseconds before each part. */
static const struct {
	const char *what;
	struct {
		const char *bytes;
		size_t len;
		unsigned int gap_ms;
	} parts[4];
	unsigned int last; /* flags of the last segment; 0: none, the harness ends it */
	const char *verdicts;
} client_rows[] = {
	{ "right", { { PART("11sIf"), 0 }, { PART(RIGHT), 100 } }, FIN, "pppppppp" },
	{ "three parts",
		{ { PART("11sIf"), 0 }, { PART("hi, "), 100 }, { PART("Python!\0\0\4\0\0" REAL), 0 } }, FIN,
		"pppppppp" },
	{ "just in time", { { PART("11sIf"), 0 }, { PART(RIGHT), 50 } }, FIN, "pppppppp" },
	{ "too soon", { { PART("11sIf"), 0 }, { PART(RIGHT), 40 } }, FIN, "ppfppppp" },
	{ "together", { { PART("11sIf" RIGHT), 0 } }, FIN, "ppffpppp" },
	{ "overlapping", { { PART("11sIfhi"), 0 }, { PART(", Python!\0\0\4\0\0" REAL), 0 } }, FIN, "ppffpppp" },
	{ "letters", { { PART("11"), 0 }, { PART("sIf"), 0 }, { PART(RIGHT), 100 } }, FIN, "ppffpppp" },
	{ "late", { { PART("11sIf"), 0 }, { PART(RIGHT), 1100 } }, FIN, "pppfpppp" },
	{ "newline", { { PART("11sIf\n"), 0 }, { PART(RIGHT), 100 } }, FIN, "ffffffff" },
	{ "other format", { { PART("12sIf"), 0 }, { PART(RIGHT), 100 } }, FIN, "ffffffff" },
	{ "nothing", { { NULL } }, FIN, "ffffffff" },
	{ "format alone", { { PART("11sIf"), 0 } }, FIN, "pffffffp" },
	{ "no padding", { { PART("11sIf"), 0 }, { PART("hi, Python!\0\4\0\0" REAL), 100 } }, FIN, "pfppfffp" },
	{ "more", { { PART("11sIf"), 0 }, { PART(RIGHT "\n"), 100 } }, FIN, "pfppfffp" },
	{ "more later", { { PART("11sIf"), 0 }, { PART(RIGHT), 100 }, { PART("bye"), 100 } }, FIN, "pfppfffp" },
	{ "other text", { { PART("11sIf"), 0 }, { PART("hi, python!\0\0\4\0\0" REAL), 100 } }, FIN, "ppppfppp" },
	{ "other number", { { PART("11sIf"), 0 }, { PART("hi, Python!\0\1\4\0\0" REAL), 100 } }, FIN, "pppppfpp" },
	{ "other order", { { PART("11sIf"), 0 }, { PART("hi, Python!\0\0\0\4\0\x40\x48\xf5\xc3"), 100 } }, FIN, "pppppffp" },
	{ "other real", { { PART("11sIf"), 0 }, { PART("hi, Python!\0\0\4\0\0\xc4\xf5\x48\x40"), 100 } }, FIN, "ppppppfp" },
	{ "any padding", { { PART("11sIf"), 0 }, { PART("hi, Python!x\0\4\0\0" REAL), 100 } }, FIN,
		"pppppppp" },
	{ "reset", { { PART("11sIf"), 0 }, { PART(RIGHT), 100 } }, RST, "pppppppf" },
	{ "left open", { { PART("11sIf"), 0 }, { PART(RIGHT), 100 } }, 0, "pppppppf" },
};

static void call(struct talk *talk, size_t row)
{
	begin(talk, "client", true);
	made_value(&talk->made, "text", "hi, Python!");
	made_value(&talk->made, "integer", "1024");
	made_value(&talk->made, "real", "3.14");
	shake_hands(talk);
	for (size_t i = 0; i < 4 && client_rows[row].parts[i].bytes; i++) {
		if (client_rows[row].parts[i].gap_ms)
			talk->made.now_ns += (client_rows[row].parts[i].gap_ms - 1) * 1000000ull;
		say(talk, true, ACK, client_rows[row].parts[i].bytes, client_rows[row].parts[i].len);
	}
	if (!client_rows[row].last)
		made_event(&talk->made, 0, WL_EVENT_UNENDED, 0, "sleeps");
	say(talk, true, client_rows[row].last ? client_rows[row].last | ACK : FIN | ACK, NULL, 0);
}

static void a_client_s_faults_are_told_apart(void)
{
	struct talk talk;

	for (size_t i = 0; i < sizeof(client_rows) / sizeof(*client_rows); i++) {
		call(&talk, i);
		compare(&talk.made, client_checks, client_rows[i].what, client_rows[i].verdicts);
		made_down(&talk.made);
	}
}

static void data_that_came_too_late_are_told(void)
{
	struct talk talk;

	begin(&talk, "client", true);
	shake_hands(&talk);
	say(&talk, true, ACK, "11sIf", 5);
	made_event(&talk.made, 0, WL_EVENT_UNENDED, 0, "sleeps");
	say(&talk, true, ACK, PART(RIGHT));
	say(&talk, true, FIN | ACK, NULL, 0);
	CU_ASSERT_TRUE(made_fails(&talk.made, &client_checks[7], 5, "is ended (FIN)", "It waited behind the format"));
	made_down(&talk.made);
}

static const struct {
	const char *what;
	unsigned int check;
	uint32_t frame;
	const char *expected, *actual;
} client_words[] = {
	{ "newline", 0, 4, "\"11sIf\" (5 bytes)", "\"11sIf\\x0a\" (6 bytes)" },
	{ "nothing", 0, 0, "\"11sIf\" (5 bytes)", "It sent nothing." },
	{ "no padding", 1, 5, "20 bytes behind the format", "(19 bytes)" },
	{ "format alone", 1, 0, "20 bytes behind the format", "It sent nothing behind it." },
	{ "together", 2, 4, "a segment with the 5 bytes", "The first segment carries" },
	{ "too soon", 2, 5, "at least 50 ms", "The data came 40.0 ms behind the format." },
	{ "late", 3, 5, "at most 1 second", "The data came 1100.0 ms" },
	{ "other text", 4, 5, "\"hi, Python!\"", "\"hi, python!\"" },
	{ "other number", 5, 5, "1024 in bytes 13 to 16", "These bytes mean 1025." },
	{ "other order", 5, 5, "1024 in bytes 13 to 16", "These bytes mean 262144" },
	{ "other real", 6, 5, "3.14 as a float", "These bytes mean 3.14" },
	{ "reset", 7, 6, "is ended (FIN)", "It reset the connection." },
	{ "left open", 7, 5, "is ended (FIN)", "It left the connection open." },
};

static const struct {
	const char *what;
	unsigned int check;
	const char *label;
} client_labels[] = {
	{ "newline", 0, "newline-added" },
	{ "nothing", 0, "" },
	{ "no padding", 1, "padding" },
	{ "format alone", 1, "" },
	{ "too soon", 2, "" },
	{ "other text", 4, "case-changed" },
	{ "other number", 5, "off-by-one" },
	{ "other order", 5, "byte-order" },
	{ "other order", 6, "byte-order" },
	{ "other real", 6, "rounding" },
	{ "any padding", 5, "" },
};

static void a_client_s_bytes_are_explained(void)
{
	struct talk talk;
	size_t row;

	for (size_t i = 0; i < sizeof(client_labels) / sizeof(*client_labels); i++) {
		for (row = 0; strcmp(client_rows[row].what, client_labels[i].what) != 0; row++)
			;
		call(&talk, row);
		CU_ASSERT_STRING_EQUAL(made_label(&talk.made, &client_checks[client_labels[i].check]), client_labels[i].label);
		made_down(&talk.made);
	}
}

static void a_client_s_failures_say_what_and_where(void)
{
	struct talk talk;
	size_t row;

	for (size_t i = 0; i < sizeof(client_words) / sizeof(*client_words); i++) {
		for (row = 0; strcmp(client_rows[row].what, client_words[i].what) != 0; row++)
			;
		call(&talk, row);
		CU_ASSERT_TRUE(made_fails(&talk.made, &client_checks[client_words[i].check],
			client_words[i].frame, client_words[i].expected, client_words[i].actual));
		made_down(&talk.made);
	}
}

/* Every play of the lesson has data, whatever is drawn. */
static void what_is_drawn_can_be_packed(void)
{
	const struct wl_lesson *lesson = lesson_find("tcp_struct");

	for (const struct wl_requirement *r = lesson->requirements; r->id; r++)
		for (uint64_t seed = 0; seed < 20; seed++) {
			struct wl_arena *arena = wl_arena_new();
			struct wl_observation seen = { .lesson = "tcp_struct", .scenario = r->scenario->name,
				.seed = seed };
			const struct wl_value *packed, *text;

			values_draw(r->scenario->values, &seen, arena);
			packed = wl_observed_value(&seen, "packed");
			text = wl_observed_value(&seen, "text");
			CU_ASSERT_PTR_NOT_NULL_FATAL(packed);
			CU_ASSERT_TRUE_FATAL(packed->len > text->len && text->len <= 200);
			CU_ASSERT_EQUAL(memcmp(packed->bytes, text->bytes, text->len), 0);
			wl_arena_free(arena);
		}
}

void suite_struct_checks(void);
void suite_struct_checks(void)
{
	test("what a server prints is read", what_a_server_prints_is_read);
	test("a text that is missing is told", a_text_that_is_missing_is_told);
	test("a server must take it", a_server_must_take_it);
	test("a server's failures say what", a_server_s_failures_say_what);
	test("a client's faults are told apart", a_client_s_faults_are_told_apart);
	test("a client's failures say what and where", a_client_s_failures_say_what_and_where);
	test("a client's bytes are explained", a_client_s_bytes_are_explained);
	test("data that came too late are told", data_that_came_too_late_are_told);
	test("what is drawn can be packed", what_is_drawn_can_be_packed);
}
