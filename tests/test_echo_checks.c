/*
 * The verbs of tcp_echo. Server: answers whose stamp, order, bytes or moment differ from the right one in one thing, and what the
 * server prints of them. Client: answers, and what the client prints. A row's letters are the verdicts of all verbs, so
 * that it shows too which ones a fault must leave alone.
 */
#include <stdio.h>
#include <string.h>

#include "labs/tcp_echo/checks.h"
#include "tests/made.h"
#include "tests/tests.h"

#define FIN 1
#define SYN 2
#define RST 4
#define ACK 16
#define PORT 49001
#define NOW 1700000000.0 /* of a made observation's first millisecond */
#define STAMP 8
#define CLIENTS 305
#define SILENT 23
#define TEXT(number) TEXT_(number)
#define TEXT_(number) #number

struct talk {
	struct made made;
	bool from_host;
	uint16_t port; /* the client's */
	uint32_t client_next, server_next;
};

static void say(struct talk *talk, bool by_client, unsigned int flags, const void *bytes, size_t len)
{
	const struct made_end client = { 0, "10.77.0.1", talk->port }, server = { 0, "10.77.0.2", PORT };
	uint32_t *next = by_client ? &talk->client_next : &talk->server_next;

	made_segment(&talk->made, 0, by_client == talk->from_host ? WL_FROM_HOST : WL_TO_HOST,
		by_client ? client : server, by_client ? server : client, flags, *next, bytes, len);
	*next += (uint32_t)len + (flags & (SYN | FIN) ? 1 : 0);
}

static void begin(struct talk *talk, const char *actor, bool from_host)
{
	*talk = (struct talk){ .from_host = from_host, .port = 40000 };
	made_up(&talk->made, "tcp_echo", "by_hand");
	made_value(&talk->made, "message", "hello");
	made_value(&talk->made, "second", "again");
	made_value(&talk->made, "third", "third");
	made_value(&talk->made, "clients", TEXT(CLIENTS));
	made_value(&talk->made, "silent", TEXT(SILENT));
	made_point(&talk->made, "here", "02:00:00:00:00:01", "10.77.0.1");
	made_performer(&talk->made, actor, "here", true);
}

static void shake_hands(struct talk *talk)
{
	talk->client_next = 1000;
	talk->server_next = 5000;
	say(talk, true, SYN, NULL, 0);
	say(talk, false, SYN | ACK, NULL, 0);
}

/* The answer as BYTES says it; "%" in it stands for the stamp. */
static void answer(struct talk *talk, const uint8_t stamp[STAMP], const char *bytes)
{
	uint8_t packet[256];
	size_t len = 0;

	for (; *bytes; bytes++)
		if (*bytes == '%') {
			memcpy(packet + len, stamp, STAMP);
			len += STAMP;
		} else {
			packet[len++] = (uint8_t)*bytes;
		}
	say(talk, false, ACK, packet, len);
}

static void exchange(struct talk *talk, const char *question, double stamp, const char *bytes)
{
	uint8_t packed[STAMP];

	memcpy(packed, &stamp, STAMP);
	shake_hands(talk);
	say(talk, true, ACK, question, strlen(question));
	answer(talk, packed, bytes);
	say(talk, false, FIN | ACK, NULL, 0);
	say(talk, true, FIN | ACK, NULL, 0);
	talk->port++;
}

static void compare(struct made *made, const struct wl_check *checks, const char *what, const char *verdicts)
{
	char have[16] = "";

	for (size_t i = 0; checks[i].verb; i++)
		have[i] = made_letter(made, &checks[i]);
	CU_ASSERT_STRING_EQUAL(have, verdicts);
	if (strcmp(have, verdicts) != 0)
		fprintf(stderr, "%s: wanted %s, have %s\n", what, verdicts, have);
	made_down(made);
}

#define SERVER .actor = "server", .value = "$message", .port = PORT
static const struct wl_check answer_checks[] = {
	{ echo_stamp_type, SERVER },
	{ echo_stamp_order, SERVER },
	{ echo_stamp_clock, SERVER },
	{ echo_stamp_moment, SERVER },
	{ echo_same, SERVER },
	{ echo_nothing_else, SERVER },
	{ NULL },
};

/* The question is frame 3, 3 ms behind the beginning, the answer 4. */
static const struct {
	const char *what, *bytes;
	double stamp;
	const char *verdicts;
	const char *label; /* of the first failure; NULL: none is looked for */
} answer_rows[] = {
	{ "right", "%hello", NOW + 0.0035, "pppppp" },
	{ "a little early", "%hello", NOW - 0.0065, "pppppp" },
	{ "a little late", "%hello", NOW + 0.0135, "pppppp" },
	{ "too early", "%hello", NOW - 0.0075, "pppfpp" },
	{ "too late", "%hello", NOW + 0.0145, "pppfpp" },
	{ "since the start of the machine", "%hello", 4711.25, "ppffpp", "" },
	{ "milliseconds", "%hello", NOW * 1000, "ppffpp", "other-unit" },
	{ "microseconds", "%hello", NOW * 1e6, "ppffpp", "other-unit" },
	{ "nanoseconds", "%hello", NOW * 1e9, "ppffpp", "other-unit" },
	{ "denormal, as an integer reads", "%hello", 8.4e-315, "ffffpp" },
	{ "not a number", "%hello", 0.0 / 0.0, "ffffpp" },
	{ "four bytes", "abcdhello", 0, "fffffp" },
	{ "no stamp", "hello", 0, "fffffp", "field-missing" },
	{ "a text", "1700000000.123hello", 0, "fffffp", "text-for-binary" },
	{ "the data first", "hello%", NOW + 0.003, "ffffff", "field-order" },
	{ "other data", "%hallo", NOW + 0.003, "ppppfp", "" },
	{ "as Python shows it", "%b'hello'", NOW + 0.003, "ppppfp", "repr" },
	{ "a length before it", "%..hello", NOW + 0.003, "ppppfp" },
	{ "two stamps", "%%hello", NOW + 0.003, "ppppfp" },
	{ "the stamp alone", "%", NOW + 0.003, "ppppfp", "field-missing" },
	{ "a newline", "%hello\n", NOW + 0.003, "pppppf", "newline-added" },
	{ "twice", "%hello%hello", NOW + 0.003, "pppppf", "twice" },
};

static void answers_are_taken_apart(void)
{
	struct talk talk;

	for (size_t i = 0; i < sizeof(answer_rows) / sizeof(*answer_rows); i++) {
		begin(&talk, "server", false);
		exchange(&talk, "hello", answer_rows[i].stamp, answer_rows[i].bytes);
		if (answer_rows[i].label)
			CU_ASSERT_STRING_EQUAL(made_label(&talk.made, &answer_checks[strcspn(answer_rows[i].verdicts, "f")]),
				answer_rows[i].label);
		compare(&talk.made, answer_checks, answer_rows[i].what, answer_rows[i].verdicts);
	}
}

static void a_swapped_double_is_known(void)
{
	const double right = NOW + 0.003;
	uint8_t swapped[STAMP];
	struct talk talk;

	for (size_t i = 0; i < STAMP; i++)
		swapped[i] = ((const uint8_t *)&right)[STAMP - 1 - i];
	begin(&talk, "server", false);
	shake_hands(&talk);
	say(&talk, true, ACK, "hello", 5);
	answer(&talk, swapped, "%hello");
	CU_ASSERT_TRUE(made_fails(&talk.made, &answer_checks[1], 4, "byte order", "The first 8 bytes are 41 d9"));
	CU_ASSERT_STRING_EQUAL(made_label(&talk.made, &answer_checks[1]), "byte-order");
	compare(&talk.made, answer_checks, "swapped", "pfffpp");
}

/* The stamp in a segment of its own, 4 ms before the data: the moment is that of the stamp. */
static void answers_may_come_in_pieces(void)
{
	struct talk talk;

	begin(&talk, "server", false);
	shake_hands(&talk);
	say(&talk, true, ACK, "hello", 5);
	answer(&talk, (const uint8_t *)&(const double){ NOW + 0.0035 }, "%");
	say(&talk, true, ACK, NULL, 0);
	answer(&talk, NULL, "he");
	answer(&talk, NULL, "llo");
	compare(&talk.made, answer_checks, "pieces", "pppppp");
}

static void fractions_are_asked_of_three(void)
{
	static const struct {
		double stamps[3];
		char verdict;
	} rows[] = {
		{ { NOW, NOW, NOW }, 'f' },
		{ { NOW + 0.5, NOW, NOW }, 'p' },
		{ { NOW, NOW, NOW + 0.25 }, 'p' },
	};
	const struct wl_check fraction = { echo_stamp_fraction, SERVER };
	struct talk talk;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		begin(&talk, "server", false);
		exchange(&talk, "hello", rows[i].stamps[0], "%hello");
		exchange(&talk, "again", rows[i].stamps[1], "%again");
		exchange(&talk, "third", rows[i].stamps[2], "%third");
		CU_ASSERT_EQUAL(made_letter(&talk.made, &fraction), rows[i].verdict);
		made_down(&talk.made);
	}
}

static const struct wl_check print_checks[] = {
	{ echo_prints_client, SERVER },
	{ echo_prints_data, SERVER },
	{ echo_prints_stamp, SERVER },
	{ NULL },
};
#define CLIENT_LINE "Client IP: 10.77.0.1, Port: 40000\n"
static const struct {
	const char *printed, *verdicts;
} print_rows[] = {
	{ CLIENT_LINE "1700000000.1234567 hello\n", "ppp" },
	{ CLIENT_LINE "1700000000 hello\n", "ppp" },
	{ CLIENT_LINE "1.7000000001e+09 hello\n", "ppp" },
	{ CLIENT_LINE "(1700000000.1, b'hello')\n", "ppp" },
	{ CLIENT_LINE "1700000000.1\nhello\n", "ppp" },
	{ CLIENT_LINE "[1700000000.1] \"hello\"\n", "ppp" },
	{ CLIENT_LINE "1700000000.1: hello\n", "ppp" },
	{ CLIENT_LINE "received hello\n1700000000.1 hello\n", "ppp" },
	{ "Client IP: ::ffff:10.77.0.1, Port: 40000\n1700000000.1 hello\n", "ppp" },
	{ "Client IP: '10.77.0.1' Port: 40000\n1700000000.1 hello\n", "ppp" },
	{ "Client IP: 10.77.0.1\nPort: 40000\n1700000000.1 hello\n", "ppp" },
	{ "Client IP: 10.77.0.2, Port: 40000\n1700000000.1 hello\n", "fpp" },
	{ "Client IP: 10.77.0.1, Port: 4000\n1700000000.1 hello\n", "fpp" },
	{ "Client IP: 10.77.0.1, Port: 400001\n1700000000.1 hello\n", "fpp" },
	{ "Client IP: 10.77.0.11, Port: 40000\n1700000000.1 hello\n", "fpp" },
	{ "Client: 10.77.0.1, Port: 40000\n1700000000.1 hello\n", "fpp" },
	{ CLIENT_LINE "hello\n", "ppf" },
	{ CLIENT_LINE "hello 1700000000.1\n", "ppf" },
	{ CLIENT_LINE "Tue Nov 14 22:13:20 2023 hello\n", "ppf" },
	{ CLIENT_LINE "1700000002.1 hello\n", "ppf" },
	{ CLIENT_LINE "1700000000.1 hallo\n", "pff" },
	{ "", "fff" },
};

static void what_a_server_prints_is_read(void)
{
	struct talk talk;

	for (size_t i = 0; i < sizeof(print_rows) / sizeof(*print_rows); i++) {
		begin(&talk, "server", false);
		exchange(&talk, "hello", NOW + 0.003, "%hello");
		made_print(&talk.made, 0, print_rows[i].printed);
		compare(&talk.made, print_checks, print_rows[i].printed, print_rows[i].verdicts);
	}
}

enum crowd { RIGHT, TOO_FEW, DROPPED, HELD, LATE };

/* Silent clients on ports from 50000 on; then one that asks. */
static void make_crowd(struct talk *talk, enum crowd crowd)
{
	begin(talk, "server", false);
	for (talk->port = 50000; talk->port < 50000 + SILENT - (crowd == TOO_FEW); talk->port++)
		shake_hands(talk);
	if (crowd == DROPPED) {
		talk->port--;
		say(talk, false, FIN | ACK, NULL, 0);
	}
	talk->port = 40000;
	if (crowd != HELD && crowd != LATE) {
		exchange(talk, "hello", NOW, "%hello");
		return;
	}
	shake_hands(talk);
	say(talk, true, ACK, "hello", 5);
	if (crowd == HELD)
		return;
	talk->port = 50000;
	talk->client_next = 1001;
	say(talk, true, FIN | ACK, NULL, 0);
	talk->port = 40000;
	talk->server_next = 5001;
	say(talk, false, ACK, "12345678hello", 13);
}

static void silent_clients_are_counted(void)
{
	static const char verdicts[] = { [RIGHT] = 'p', [TOO_FEW] = 'x', [DROPPED] = 'f', [HELD] = 'f', [LATE] = 'f' };
	const struct wl_check check = { echo_holds_nobody, SERVER };
	struct talk talk;

	for (enum crowd crowd = RIGHT; crowd <= LATE; crowd++) {
		make_crowd(&talk, crowd);
		CU_ASSERT_EQUAL(made_letter(&talk.made, &check), verdicts[crowd]);
		made_down(&talk.made);
	}
	make_crowd(&talk, DROPPED);
	CU_ASSERT_TRUE(made_fails(&talk.made, &check, 2 * SILENT + 1, "is waited for", "ended its connection"));
	made_down(&talk.made);
	make_crowd(&talk, LATE);
	CU_ASSERT_TRUE(made_fails(&talk.made, &check, 2 * SILENT + 5, "while the others", "had left"));
	made_down(&talk.made);
}

static void many_clients_are_counted(void)
{
	const struct wl_check check = { echo_serves_all, SERVER };
	struct talk talk;

	for (int missing = 0; missing < 2; missing++) {
		begin(&talk, "server", false);
		for (int i = 0; i < CLIENTS; i++)
			exchange(&talk, "hello", NOW, missing && i == 200 ? "%" : "%hello");
		CU_ASSERT_EQUAL(made_letter(&talk.made, &check), missing ? 'f' : 'p');
		made_down(&talk.made);
	}
}

#define CLIENT .actor = "client", .value = "0123456789", .port = PORT
static const struct wl_check client_checks[] = {
	{ echo_says_ok, CLIENT },
	{ echo_says_time, CLIENT },
	{ echo_says_fail, CLIENT },
	{ NULL },
};
/* The answer's stamp is Tue Nov  7 09:05:59.75 2023 UTC. */
static const struct {
	const char *printed, *verdicts;
} client_rows[] = {
	{ "Tue Nov  7 09:05:59 2023: ECHO OK\n", "ppf" },
	{ "Tue Nov  7 09:05:59 2023\n: ECHO OK\n", "ppf" },
	{ "Tue Nov  7 09:05:59 2023:\nECHO OK\n", "ppf" },
	{ "Tue Nov  7 18:05:59 2023: ECHO OK\n", "ppf" }, /* Korea */
	{ "Tue Nov  7 14:50:59 2023: ECHO OK\n", "ppf" }, /* Nepal */
	{ "Mon Nov  6 21:05:59 2023: ECHO OK\n", "ppf" },
	{ "Tue Nov  7 23:05:59 2023: ECHO OK\n", "ppf" },
	{ "Mon Nov  6 20:50:59 2023: ECHO OK\n", "pff" },
	{ "Tue Nov  7 23:20:59 2023: ECHO OK\n", "pff" },
	{ "Tue Nov  7 09:06:00 2023: ECHO OK\n", "pff" },
	{ "Tue Nov 07 09:05:59 2023: ECHO OK\n", "pff" },
	{ "Tue Nov 7 09:05:59 2023: ECHO OK\n", "pff" },
	{ "1699347959.75: ECHO OK\n", "pff" },
	{ "Tue Nov  7 09:05:59 2023 ECHO OK\n", "pff" },
	{ "ECHO OK\n", "pff" },
	{ "ECHO FAIL\n", "ffp" },
	{ "Tue Nov  7 09:05:59 2023: ECHO OK\nECHO FAIL\n", "fpf" },
	{ "  File \"a.py\", line 9, in <module>\n    print(time, \"ECHO OK\")\nNameError: time\n", "fff" },
	{ "ECHO\n", "fff" },
	{ "", "fff" },
};

static void what_a_client_prints_is_read(void)
{
	struct talk talk;

	for (size_t i = 0; i < sizeof(client_rows) / sizeof(*client_rows); i++) {
		begin(&talk, "client", true);
		exchange(&talk, "0123456789", 1699347959.75, "%0123456789");
		made_print(&talk.made, 0, client_rows[i].printed);
		compare(&talk.made, client_checks, client_rows[i].printed, client_rows[i].verdicts);
	}
}

/* A buffer that is printed to its end shows what an earlier question left there. */
static void rests_of_earlier_questions_are_seen(void)
{
	static const struct wl_check check = { echo_prints_no_rest, .actor = "server", .value = "$second", .port = PORT };
	static const struct {
		const char *printed;
		char verdict;
	} rows[] = {
		{ "1.5 longer text\n1.5 again\n", 'p' },
		{ "1.5 longer text\n1.5 againClient IP:", 'p' },
		{ "1.5 longer text\n1.5 again text\n", 'f' },
	};
	struct talk talk;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		begin(&talk, "server", false);
		made_value(&talk.made, "message", "longe text");
		exchange(&talk, "again", NOW, "%again");
		made_print(&talk.made, 0, rows[i].printed);
		CU_ASSERT_EQUAL(made_letter(&talk.made, &check), rows[i].verdict);
		made_down(&talk.made);
	}
}

/* Who has left before the answer cannot have waited for it; while it waits, a missing answer is our fault. Odd stamps are, too. */
static void a_missing_answer_is_somebodys_fault(void)
{
	struct talk talk;

	for (int leaves = 0; leaves < 2; leaves++) {
		begin(&talk, "client", true);
		shake_hands(&talk);
		say(&talk, true, ACK, "0123456789", 10);
		if (leaves)
			say(&talk, true, RST, NULL, 0);
		compare(&talk.made, client_checks, "no answer", leaves ? "fff" : "xxx");
	}
	begin(&talk, "client", true);
	exchange(&talk, "0123456789", -1e300, "%0123456789");
	made_print(&talk.made, 0, "ECHO OK\n");
	compare(&talk.made, client_checks, "odd stamp", "pxf");
}

void suite_echo_checks(void);
void suite_echo_checks(void)
{
	test("answers are taken apart", answers_are_taken_apart);
	test("a swapped double is known", a_swapped_double_is_known);
	test("answers may come in pieces", answers_may_come_in_pieces);
	test("fractions are asked of three", fractions_are_asked_of_three);
	test("what a server prints is read", what_a_server_prints_is_read);
	test("silent clients are counted", silent_clients_are_counted);
	test("many clients are counted", many_clients_are_counted);
	test("what a client prints is read", what_a_client_prints_is_read);
	test("rests of earlier questions are seen", rests_of_earlier_questions_are_seen);
	test("a missing answer is somebody's fault", a_missing_answer_is_somebodys_fault);
}
