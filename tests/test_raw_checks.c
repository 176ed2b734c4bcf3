/*
 * The verbs of raw on hand-made frames. Sender: one right frame, and frames that differ from it in
 * one thing; a row's letters are the verdicts of all verbs. Receiver: what it printed between two
 * injections.
 */
#include <stdio.h>
#include <string.h>

#include "labs/raw/checks.h"
#include "tests/made.h"
#include "tests/tests.h"

#define OWN_BYTES "\x00\x15\x5d\x11\xc9\xca"
#define OWN "00:15:5d:11:c9:ca"
#define OTHER "02:00:00:00:00:0b"
#define GROUP "01:00:5e:01:01:01"
#define ZERO "00:00:00:00:00:00"

enum fault { NONE, SILENT, TWICE, EARLY, NEVER_TYPED, STUB, NO_TYPE, NOT_STARTED };

/* The frame that it sends, and what else may be wrong. */
struct row {
	const char *destination, *source;
	uint16_t type;
	const char *payload;
	enum fault fault;
	const char *verdicts;
	unsigned int check; /* whose words are looked at */
	uint32_t frame;
	const char *expected, *actual; /* NULL: nobody's */
};

#define SENDER .actor = "sender", .value = "$text"
static const struct wl_check sender_checks[] = {
	{ raw_sends, SENDER },
	{ raw_sends_once, SENDER },
	{ raw_after_line, SENDER },
	{ raw_source, SENDER },
	{ raw_destination, SENDER },
	{ raw_type, SENDER, .label = "0800" },
	{ raw_payload, SENDER },
	{ NULL },
};

static const struct row rows[] = {
	{ OWN, OWN, 0x0800, "hello", NONE, "ppppppp", 0, 0, NULL, NULL },
	{ OTHER, OWN, 0x0800, "hello", NONE, "ppppppp", 0, 0, NULL, NULL },
	{ OWN, OWN, 0x0800, "hello", SILENT, "fffffff", 0, 0, "a frame on the cable of eth0",
		"No frame left the machine." },
	{ OWN, OWN, 0x0800, "hello", STUB, "fffffff", 6, 0, "a frame on the cable",
		"No frame left" },
	{ OWN, OWN, 0x0800, "hello", TWICE, "pfppppp", 1, 2, "one frame",
		"A second frame left: " OWN },
	{ OWN, OWN, 0x0800, "hello", EARLY, "ppfpppp", 2, 1, "nothing is sent before the line",
		"A frame was sent before the line was typed." },
	{ OWN, OWN, 0x0800, "hello", NEVER_TYPED, "ppfpppp", 2, 1, "nothing is sent before",
		"was sent" },
	{ OWN, OTHER, 0x0800, "hello", NONE, "pppfppp", 3, 1, "source " OWN ", the MAC of eth0",
		"The source is " OTHER "." },
	{ GROUP, OWN, 0x0800, "hello", NONE, "ppppfpp", 4, 1, "a unicast destination",
		"The destination is " GROUP "." },
	{ ZERO, OWN, 0x0800, "hello", NONE, "ppppfpp", 4, 1, "a unicast destination", ZERO },
	{ OWN, OWN, 0x0800, "hello", NO_TYPE, "pppppff", 6, 1, "behind the header of 14",
		"The line is whole, but the header before it has 12 bytes." },
	{ OWN, OWN, 0x0008, "hello", NONE, "pppppfp", 5, 1, "type 0800 in bytes 13 and 14",
		"The type is 0008." },
	{ OWN, OWN, 0x0800, "hello\n", NONE, "ppppppf", 6, 1,
		"\"hello\" (5 bytes) behind the header",
		"\"hello\\x0a\" (6 bytes)" },
	{ OWN, OWN, 0x0800, "hell", NONE, "ppppppf", 6, 1, "\"hello\"", "\"hell\" (4 bytes)" },
	{ OWN, OWN, 0x0800, "", NONE, "ppppppf", 6, 1, "\"hello\"", "\"\" (0 bytes)" },
	{ OWN, OWN, 0x0800, "hello", NOT_STARTED, "xxxxxxx", 0, 0, NULL, NULL },
};

static void send_frame(struct made *made, const struct row *row)
{
	if (row->fault == STUB)
		made_frame(made, 0, WL_FROM_HOST, "thirteen byte", 13);
	else if (row->fault == NO_TYPE)
		made_frame(made, 0, WL_FROM_HOST, "\2\1\1\1\1\1" OWN_BYTES "hello", 17);
	else if (row->fault != SILENT)
		made_ether(made, 0, WL_FROM_HOST, row->destination, row->source, row->type,
			row->payload);
}

static void make_sender(struct made *made, const struct row *row)
{
	made_up(made, "raw", "by_hand");
	made_value(made, "text", "hello");
	made_point(made, "own", OWN, "10.77.0.1");
	made_point(made, "other", OTHER, "10.77.0.2");
	if (row->fault != NOT_STARTED)
		made_performer(made, "sender", "own", true);
	if (row->fault == EARLY)
		send_frame(made, row);
	if (row->fault != NEVER_TYPED)
		made_event(made, 0, WL_EVENT_TYPED, 0, "hello\n");
	if (row->fault != EARLY)
		send_frame(made, row);
	if (row->fault == TWICE)
		send_frame(made, row);
	/* What comes from elsewhere is not the sender's. */
	made_ether(made, 0, WL_TO_HOST, OTHER, OTHER, 0x88b5, "other");
	made_ether(made, 1, WL_FROM_HOST, OTHER, OTHER, 0x88b5, "other");
}

static void sender_faults_are_told_apart(void)
{
	struct made made;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char have[16] = "";

		make_sender(&made, &rows[i]);
		for (size_t k = 0; sender_checks[k].verb; k++)
			have[k] = made_letter(&made, &sender_checks[k]);
		CU_ASSERT_STRING_EQUAL(have, rows[i].verdicts);
		if (strcmp(have, rows[i].verdicts) != 0)
			fprintf(stderr, "row %zu: wanted %s, have %s\n", i, rows[i].verdicts, have);
		if (rows[i].expected)
			CU_ASSERT_TRUE(made_fails(&made, &sender_checks[rows[i].check],
				rows[i].frame,
				rows[i].expected, rows[i].actual));
		made_down(&made);
	}
}

static void a_silent_sender_shows_its_last_line(void)
{
	struct made made;
	const char *line;

	make_sender(&made, &rows[2]);
	made_print(&made, 0, "PermissionError\n");
	made_event(&made, 0, WL_EVENT_ENDED, 1 << 8, "");
	line = made_judge(&made, &sender_checks[0]).line;
	CU_ASSERT_STRING_EQUAL(line, "\"PermissionError\"");
	CU_ASSERT_TRUE(made_fails(&made, &sender_checks[0], 0, "a frame", "exit status 1"));
	made_down(&made);
}

/* Another usable source asks for another take; the interface's own and unusable ones do not. */
static void another_source_asks_for_another_take(void)
{
	static const struct {
		const char *source;
		bool again;
	} sources[] = { { OWN, false }, { OTHER, true }, { GROUP, false }, { ZERO, false } };
	const char *name, *text;
	struct made made;

	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		struct row row = rows[0];

		row.source = sources[i].source;
		make_sender(&made, &row);
		CU_ASSERT_EQUAL(raw_other_mac(&made.seen, made.arena, &name, &text),
			sources[i].again);
		if (sources[i].again) {
			CU_ASSERT_STRING_EQUAL(name, "mac");
			CU_ASSERT_STRING_EQUAL(text, OTHER);
		}
		made_down(&made);
	}
	make_sender(&made, &rows[2]); /* silent */
	CU_ASSERT_FALSE(raw_other_mac(&made.seen, made.arena, &name, &text));
	made_down(&made);
}

/* Two frames are injected; FIRST and SECOND are printed after them. */
static void make_receiver(struct made *made, const char *first, const char *second)
{
	made_up(made, "raw", "by_hand");
	made_value(made, "text", "hello");
	made_value(made, "text2", "world");
	made_value(made, "text1", "hello");
	made_value(made, "frames", "2");
	made_point(made, "own", OWN, "10.77.0.1");
	made_performer(made, "receiver", "own", true);
	made_performer(made, "injector", "other", false);
	made_performer(made, "injector", "other", false);
	made_event(made, 0, WL_EVENT_STARTED, 0, "./receiver");
	made_event(made, 1, WL_EVENT_STARTED, 0, "./injector");
	made_ether(made, 0, WL_TO_HOST, OWN, OTHER, 0x0800, "hello");
	made_print(made, 0, first);
	made_event(made, 2, WL_EVENT_STARTED, 0, "./injector");
	made_ether(made, 0, WL_TO_HOST, OWN, OTHER, 0x0800, "world");
	made_print(made, 0, second);
}

#define GOT(n, name) .actor = "receiver", .nth = n, .value = name, .label = "payload ="
static const struct wl_check receiver_checks[] = {
	{ raw_prints_value, GOT(0, "$text") },
	{ raw_prints_value, GOT(1, "$text2") },
	{ raw_prints_once, GOT(0, "$text") },
	{ raw_prints_once, GOT(1, "$text2") },
	{ raw_prints_none, GOT(0, "$text") },
	{ raw_prints_none, GOT(1, "$text2") },
	{ raw_sends_none, GOT(0, "$text") },
	{ raw_prints_many, .actor = "receiver", .value = "$frames" },
	{ NULL },
};
static const struct {
	const char *first, *second, *verdicts;
} prints[] = {
	{ "payload = hello\n", "payload = world\n", "ppppffpp" },
	{ "", "payload = hello\npayload = world\n", "fpffpfpf" },
	{ "payload = hello\n", "", "pfpffppf" },
	{ "payload = hello\npayload = hello\n", "payload = world\n", "ppfpffpf" },
	{ "payload = world\n", "payload = hello\n", "ffppffpf" },
	{ "dst = " OWN "\n", "src = " OWN "\n", "ffffffpf" },
	{ "type = 0800\n", "nothing of it\n", "fffffppf" },
};

static void prints_belong_to_their_frame(void)
{
	struct made made;

	for (size_t i = 0; i < sizeof(prints) / sizeof(*prints); i++) {
		char have[16] = "";

		make_receiver(&made, prints[i].first, prints[i].second);
		for (size_t k = 0; receiver_checks[k].verb; k++)
			have[k] = made_letter(&made, &receiver_checks[k]);
		CU_ASSERT_STRING_EQUAL(have, prints[i].verdicts);
		if (strcmp(have, prints[i].verdicts) != 0)
			fprintf(stderr, "row %zu: wanted %s, have %s\n", i, prints[i].verdicts,
				have);
		made_down(&made);
	}
}

static void receiver_failures_say_what_and_where(void)
{
	struct made made;

	make_receiver(&made, "payload = hello\npayload = hello\n", "payload = welt\n");
	CU_ASSERT_TRUE(made_fails(&made, &receiver_checks[1], 2, "payload = \"world\"",
		"\"payload = welt\""));
	CU_ASSERT_TRUE(made_fails(&made, &receiver_checks[2], 1, "\"payload =\" 1 times",
		"It was printed 2 times."));
	CU_ASSERT_TRUE(made_fails(&made, &receiver_checks[5], 2, "\"payload =\" 0 times",
		"It was printed 1 times."));
	made_down(&made);
	make_receiver(&made, "payload = hello\n", "");
	made_ether(&made, 0, WL_FROM_HOST, OWN, OTHER, 0x0800, "hello");
	CU_ASSERT_TRUE(made_fails(&made, &receiver_checks[6], 3, "sends no frame", "0800"));
	CU_ASSERT_TRUE(made_fails(&made, &receiver_checks[1], 2, "payload = \"world\"",
		"It printed nothing for this frame."));
	made.seen.performer_count = 0;
	made.seen.event_count = 0;
	for (size_t i = 0; receiver_checks[i].verb; i++)
		CU_ASSERT_EQUAL(made_letter(&made, &receiver_checks[i]), 'x');
	made_down(&made);
}

/* Nobody is judged by a frame of ours that never came. */
static void a_lost_frame_is_nobodys_fault(void)
{
	struct made made;

	make_receiver(&made, "", "");
	made.seen.frame_count = 0;
	CU_ASSERT_EQUAL(made_letter(&made, &receiver_checks[0]), 'x');
	made_down(&made);
}

void suite_raw_checks(void);
void suite_raw_checks(void)
{
	test("a sender's faults are told apart", sender_faults_are_told_apart);
	test("a silent sender shows its last line", a_silent_sender_shows_its_last_line);
	test("another source asks for another take", another_source_asks_for_another_take);
	test("prints belong to their frame", prints_belong_to_their_frame);
	test("a lost frame is nobody's fault", a_lost_frame_is_nobodys_fault);
	test("a receiver's failures say what and where", receiver_failures_say_what_and_where);
}
