/*
 * The verbs on UDP, each on a right performance and on performances that differ from it in one
 * thing. A row's letters are the verdicts of all verbs, in the order of the table of verbs, so that
 * it shows too which verbs a fault must leave alone. What a failure says is looked at apart.
 *
 * On the cable the question is frame 1 (leaves the peer) and 2 (comes to the server), the answer 3
 * and 4.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/made.h"
#include "tests/tests.h"

#define PORT 49002
#define LABEL "addr ="

enum fault {
	NONE,
	NO_SOCKET, TCP_SOCKET, OTHER_PORT, /* server */
	SILENT, CRASHED, TO_OTHER, FROM_OTHER, LONGER, SHORTER, TWICE, STRAY,
	PRINTS_OTHER, PRINTS_NOTHING, UNASKED, NOT_STARTED, KEY_FIRST, KEY_BEHIND, KEY_AND_END,
	EARLY, HEADER, NEVER_TYPED, ELSEWHERE, /* client */
};

static const struct made_end peer = { 0, "10.77.0.1", 40000 }, asked = { 1, "10.77.0.2", PORT };
static const struct made_end other = { 0, "10.77.0.1", 40001 };

static void base(struct made *made)
{
	made_up(made, "udp_echo", "by_hand");
	made_value(made, "text", "hello");
	made_point(made, "near", "02:00:00:00:00:01", peer.address);
	made_point(made, "far", "02:00:00:00:00:02", asked.address);
}

static void open_socket(struct made *made, int protocol, uint16_t port)
{
	struct wl_seen_socket *noted =
		wl_append(made->arena, &made->seen.sockets, &made->seen.socket_count);

	noted->socket = (struct wl_socket){ .family = AF_INET, .protocol = protocol,
		.local_port = port };
}

static void answer(struct made *made, enum fault fault)
{
	struct made_end from = asked;

	if (fault == SILENT || fault == CRASHED || fault == KEY_AND_END)
		return;
	from.port = fault == FROM_OTHER ? 5000 : PORT;
	made_carried(made, from, fault == TO_OTHER ? other : peer,
		fault == LONGER ? "hello2" : fault == SHORTER ? "hell" : "hello");
	if (fault == TWICE || fault == STRAY)
		made_carried(made, from, fault == STRAY ? other : peer, "hello");
}

static void make_server(struct made *made, enum fault fault)
{
	base(made);
	if (fault != NOT_STARTED)
		made_performer(made, "server", "far", true);
	made_performer(made, "peer", "near", false);
	if (fault != NO_SOCKET)
		open_socket(made, fault == TCP_SOCKET ? IPPROTO_TCP : IPPROTO_UDP,
			fault == OTHER_PORT ? 4900 : PORT);
	made_carried(made, peer, asked, fault == UNASKED ? "other" : "hello");
	if (fault != PRINTS_NOTHING && fault != CRASHED)
		made_print(made, 0, fault == PRINTS_OTHER ? LABEL " ('10.77.0.1', 4000)\n"
							  : LABEL " ('10.77.0.1', 40000)\n");
	if (fault == KEY_FIRST)
		made_event(made, 0, WL_EVENT_TYPED, 0, "\n");
	answer(made, fault);
	if (fault == KEY_BEHIND || fault == KEY_AND_END)
		made_event(made, 0, WL_EVENT_TYPED, 0, "\r");
	if (fault == KEY_AND_END)
		made_event(made, 0, WL_EVENT_ENDED, 0, "");
	if (fault != CRASHED)
		return;
	made_print(made, 0, "x = 1 / 0\nZeroDivisionError\n");
	made_event(made, 0, WL_EVENT_ENDED, 1 << 8, "");
}

#define SERVER .actor = "server", .peer = "peer", .value = "$text", .port = PORT
static const struct wl_check server_checks[] = {
	{ wl_opens_udp, SERVER },
	{ wl_answers_udp, SERVER },
	{ wl_answers_from, SERVER },
	{ wl_answers_same, SERVER },
	{ wl_answers_once, SERVER },
	{ wl_prints_asker, SERVER, .label = LABEL },
	{ NULL },
};
static const struct {
	enum fault fault;
	const char *verdicts;
} server_rows[] = {
	{ NONE, "pppppp" },
	{ NO_SOCKET, "fppppp" },
	{ TCP_SOCKET, "fppppp" },
	{ OTHER_PORT, "fppppp" },
	{ SILENT, "pffffp" },
	{ CRASHED, "pfffff" },
	{ TO_OTHER, "pffffp" },
	{ FROM_OTHER, "ppfppp" },
	{ LONGER, "pppfpp" },
	{ SHORTER, "pppfpp" },
	{ TWICE, "ppppfp" },
	{ STRAY, "ppppfp" },
	{ PRINTS_OTHER, "pppppf" },
	{ PRINTS_NOTHING, "pppppf" },
	{ UNASKED, "pxxxxx" },
	{ NOT_STARTED, "xxxxxx" },
	{ KEY_FIRST, "pfpppp" },
	{ KEY_BEHIND, "pppppp" },
	{ KEY_AND_END, "pffffp" },
};

static void compare(struct made *made, const struct wl_check *checks, enum fault fault,
	const char *verdicts)
{
	char have[16] = "";

	for (size_t i = 0; checks[i].verb; i++)
		have[i] = made_letter(made, &checks[i]);
	CU_ASSERT_STRING_EQUAL(have, verdicts);
	if (strcmp(have, verdicts) != 0)
		fprintf(stderr, "fault %d: wanted %s, have %s\n", (int)fault, verdicts, have);
	made_down(made);
}

static void server_faults_are_told_apart(void)
{
	struct made made;

	for (size_t i = 0; i < sizeof(server_rows) / sizeof(*server_rows); i++) {
		make_server(&made, server_rows[i].fault);
		compare(&made, server_checks, server_rows[i].fault, server_rows[i].verdicts);
	}
}

static const struct {
	enum fault fault;
	unsigned int check;
	uint32_t frame;
	const char *expected, *actual;
} server_words[] = {
	{ NO_SOCKET, 0, 0, "a UDP socket bound to port 49002", "It has no such socket." },
	{ TCP_SOCKET, 0, 0, "port 49002", "It has a TCP socket on port 49002." },
	{ OTHER_PORT, 0, 0, "port 49002", "It has a UDP socket on port 4900." },
	{ SILENT, 1, 2, "an answer to 10.77.0.1:40000",
		"\"hello\" (5 bytes) arrived and nothing came back." },
	{ CRASHED, 1, 2, "an answer to 10.77.0.1:40000",
		"It ended with exit status 1. Its last line: "
							 "\"ZeroDivisionError\"" },
	{ KEY_AND_END, 1, 2, "an answer to 10.77.0.1:40000", "When Enter was pressed it ended with exit status 0." },
	{ KEY_FIRST, 1, 3, "an answer to 10.77.0.1:40000", "only after the key" },
	{ TO_OTHER, 1, 3, "an answer to 10.77.0.1:40000",
		"It sent a datagram to 10.77.0.1:40001 instead." },
	{ FROM_OTHER, 2, 3, "an answer from 10.77.0.2:49002",
		"The answer came from 10.77.0.2:5000." },
	{ LONGER, 3, 3, "\"hello\" (5 bytes)", "\"hello2\" (6 bytes)" },
	{ SHORTER, 3, 3, "\"hello\" (5 bytes)", "\"hell\" (4 bytes)" },
	{ TWICE, 4, 5, "one answer and no other",
		"One more datagram went to 10.77.0.1:40000: \"hello\"" },
	{ STRAY, 4, 5, "one answer and no other", "One more datagram went to 10.77.0.1:40001" },
	{ PRINTS_OTHER, 5, 2, "addr = ('10.77.0.1', 40000)", "addr = ('10.77.0.1', 4000)" },
	{ PRINTS_NOTHING, 5, 2, "addr = ('10.77.0.1', 40000)", "It printed nothing." },
};

static void server_failures_say_what_and_where(void)
{
	struct made made;

	for (size_t i = 0; i < sizeof(server_words) / sizeof(*server_words); i++) {
		make_server(&made, server_words[i].fault);
		CU_ASSERT_TRUE(made_fails(&made, &server_checks[server_words[i].check],
			server_words[i].frame, server_words[i].expected, server_words[i].actual));
		made_down(&made);
	}
	make_server(&made, PRINTS_OTHER);
	CU_ASSERT_STRING_EQUAL(made_judge(&made, &server_checks[5]).line,
		"\"addr = ('10.77.0.1', 4000)\"");
	made_down(&made);
}

static void make_client(struct made *made, enum fault fault)
{
	struct made_end to = asked;
	const char *text = fault == LONGER ? "hello\n" : fault == SHORTER ? "" : "hello";

	base(made);
	if (fault != NOT_STARTED)
		made_performer(made, "client", "near", true);
	if (fault == EARLY)
		made_carried(made, peer, to, text);
	if (fault != NEVER_TYPED)
		made_event(made, 0, WL_EVENT_TYPED, 0, "hello\n");
	to.port = fault == ELSEWHERE ? 4900 : PORT;
	if (fault != SILENT && fault != EARLY)
		made_carried(made, peer, to, fault == HEADER ? "5" : text);
	to.port = fault == STRAY ? 4900 : PORT;
	if (fault == TWICE || fault == STRAY || fault == HEADER)
		made_carried(made, peer, to, text);
	made_carried(made, asked, peer, text);
}

#define CLIENT .actor = "client", .value = "$text", .port = PORT
static const struct wl_check client_checks[] = {
	{ wl_sends_udp, CLIENT },
	{ wl_sends_same, CLIENT },
	{ wl_sends_once, CLIENT },
	{ wl_sends_after_line, CLIENT },
	{ NULL },
};
static const struct {
	enum fault fault;
	const char *verdicts;
	unsigned int check; /* which of them is asked for its words */
	uint32_t frame;
	const char *expected, *actual;
} client_rows[] = {
	{ NONE, "pppp", 0, 0, NULL, NULL },
	{ SILENT, "ffff", 0, 0, "a datagram to UDP port 49002", "It sent no datagram." },
	{ ELSEWHERE, "ffff", 0, 1, "a datagram to UDP port 49002",
		"It sent one to 10.77.0.2:4900." },
	{ LONGER, "pfpp", 1, 1, "\"hello\" (5 bytes)", "\"hello\\x0a\" (6 bytes)" },
	{ SHORTER, "pfpp", 1, 1, "\"hello\" (5 bytes)", "\"\" (0 bytes)" },
	{ TWICE, "ppfp", 2, 3, "one datagram",
		"It sent a second one, to 10.77.0.2:49002: \"hello\"" },
	{ HEADER, "ppfp", 2, 3, "one datagram", "It sent a second one, to 10.77.0.2:49002: \"hello\"" },
	{ STRAY, "ppfp", 2, 3, "one datagram", "It sent a second one, to 10.77.0.2:4900" },
	{ EARLY, "pppf", 3, 1, "nothing is sent before the line is typed", "sent before the line" },
	{ NEVER_TYPED, "pppf", 3, 1, "nothing is sent before the line is typed",
		"sent before the line" },
	{ NOT_STARTED, "xxxx", 0, 0, NULL, NULL },
};

static void client_faults_are_told_apart(void)
{
	struct made made;

	for (size_t i = 0; i < sizeof(client_rows) / sizeof(*client_rows); i++) {
		make_client(&made, client_rows[i].fault);
		if (client_rows[i].expected)
			CU_ASSERT_TRUE(made_fails(&made, &client_checks[client_rows[i].check],
				client_rows[i].frame, client_rows[i].expected,
					client_rows[i].actual));
		compare(&made, client_checks, client_rows[i].fault, client_rows[i].verdicts);
	}
}

/*
 * A library's question for a name is nobody's datagram; what only goes to the same port, or is an
 * answer, is one.
 */
static void lookups_of_names_do_not_count(void)
{
	static const uint8_t lookup[] = { 7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1 };
	const struct made_end to = { 1, "127.0.0.1", 53 }, from = { 1, "127.0.0.1", 40100 };
	struct made made;

	for (int odd = 0; odd < 4; odd++) {
		uint8_t bytes[sizeof(lookup)];

		memcpy(bytes, lookup, sizeof(lookup));
		bytes[2] |= odd == 1 ? 0x80 : 0;
		bytes[5] += odd == 2;
		make_server(&made, NONE);
		made_udp_bytes(&made, 1, WL_WITHIN_HOST, from, to, bytes,
			odd == 3 ? 11 : sizeof(lookup));
		compare(&made, server_checks, NONE, odd ? "ppppfp" : "pppppp");
		make_client(&made, NONE);
		made_udp_bytes(&made, 0, WL_FROM_HOST, from, to, bytes,
			odd == 3 ? 11 : sizeof(lookup));
		compare(&made, client_checks, NONE, odd ? "ppfp" : "pppp");
	}
}

/* Both on one machine: each datagram is seen once, and only its ports tell whose it is. */
static void on_lo_ports_tell_who_sent(void)
{
	const struct made_end client = { 0, "127.0.0.1", 40000 }, server = { 0, "127.0.0.1", PORT };
	struct made made;

	for (int twice = 0; twice < 2; twice++) {
		made_up(&made, "udp_echo", "by_hand");
		made_value(&made, "text", "hello");
		made_point(&made, "near", "", "");
		made_performer(&made, "client", "near", true);
		made_performer(&made, "server", "near", true);
		made_event(&made, 0, WL_EVENT_TYPED, 0, "hello\n");
		made_udp(&made, 0, WL_WITHIN_HOST, client, server, "hello");
		made_udp(&made, 0, WL_WITHIN_HOST, server, client, "hello");
		if (twice)
			made_udp(&made, 0, WL_WITHIN_HOST, client, server, "hello");
		CU_ASSERT_EQUAL(made_letter(&made, &server_checks[3]), 'p');
		compare(&made, client_checks, twice ? TWICE : NONE, twice ? "ppfp" : "pppp");
	}
}

/* Three clients ask, two on one machine. */
static const struct made_end clients[] = { { 0, "10.77.0.1", 40000 }, { 0, "10.77.0.1", 40001 },
	{ 0, "10.77.0.3", 40000 } };
static const char *const words[] = { "one", "two", "three" };

static const struct wl_check many_checks[] = {
	{ wl_answers_each, SERVER, .nth = 3 },
	{ wl_answers_once, .actor = "server", .value = "one", .port = PORT },
	{ wl_prints_each, SERVER, .nth = 3, .label = "data =" },
	{ NULL },
};

enum many_fault {
	RIGHT, ONE_SHORT, SECOND_SILENT, SECOND_TO_FIRST, SECOND_CHANGED, EACH_TWICE, CROSSED, LAST_UNPRINTED, WAKES_ITSELF,
	KEY_BEFORE_SECOND,
};

static void answer_nth(struct made *made, enum many_fault fault, size_t i)
{
	bool second = i == 1;

	if (second && fault == KEY_BEFORE_SECOND)
		made_event(made, 0, WL_EVENT_TYPED, 0, "\n");
	if (!second || fault != SECOND_SILENT)
		made_carried(made, asked, clients[second && fault == SECOND_TO_FIRST ? 0 : i],
			second && fault == SECOND_CHANGED ? "TWO" : words[i]);
	if (fault == EACH_TWICE)
		made_carried(made, asked, clients[i], words[i]);
}

static void make_many(struct made *made, enum many_fault fault)
{
	size_t count = fault == ONE_SHORT ? 2 : 3;

	base(made);
	made_performer(made, "server", "far", true);
	for (size_t i = 0; i < count; i++) {
		made_carried(made, clients[i], asked, words[i]);
		if (fault != CROSSED)
			answer_nth(made, fault, i);
		if (i < 2 || fault != LAST_UNPRINTED)
			made_print(made, 0, wl_format(made->arena, "data = %s\n", words[i]));
	}
	for (size_t i = 3; fault == CROSSED && i-- > 0;)
		answer_nth(made, fault, i);
	if (fault == WAKES_ITSELF)
		made_udp(made, made_point(made, "far", "", ""), WL_WITHIN_HOST, asked, asked, "");
}

static const struct {
	enum many_fault fault;
	const char *verdicts;
	unsigned int check;
	uint32_t frame;
	const char *expected, *actual;
} many_rows[] = {
	{ RIGHT, "ppp", 0, 0, NULL, NULL },
	{ CROSSED, "ppp", 0, 0, NULL, NULL },
	{ WAKES_ITSELF, "ppp", 0, 0, NULL, NULL },
	{ ONE_SHORT, "xpx", 0, 0, NULL, NULL },
	{ SECOND_SILENT, "fpp", 0, 6, "an answer to each of 3 questions",
		"from 10.77.0.1:40001, did not come back. The last line on its terminal: \"data = three\"" },
	{ KEY_BEFORE_SECOND, "fpp", 0, 6, "an answer to each of 3 questions", "from 10.77.0.1:40001, did not come back." },
	{ SECOND_TO_FIRST, "ffp", 1, 7, "one answer and no other", "One more datagram went to 10.77.0.1:40000" },
	{ SECOND_CHANGED, "fpp", 0, 6, "an answer to each of 3 questions", "Question 2, \"two\"" },
	{ EACH_TWICE, "pfp", 1, 5, "one answer and no other", "One more datagram went to 10.77.0.1:40000" },
	{ LAST_UNPRINTED, "ppf", 2, 10, "data = \"three\"", "Question 3 of 3 was not printed." },
};

static void many_questions_are_told_apart(void)
{
	struct made made;

	for (size_t i = 0; i < sizeof(many_rows) / sizeof(*many_rows); i++) {
		make_many(&made, many_rows[i].fault);
		if (many_rows[i].expected)
			CU_ASSERT_TRUE(made_fails(&made, &many_checks[many_rows[i].check], many_rows[i].frame,
				many_rows[i].expected, many_rows[i].actual));
		compare(&made, many_checks, (enum fault)many_rows[i].fault, many_rows[i].verdicts);
	}
}

/* On lo a question leaves the host as well; it is not an answer too many. */
static void on_lo_questions_are_no_answers(void)
{
	const struct made_end client = { 0, "127.0.0.1", 40000 }, server = { 0, "127.0.0.1", PORT };
	struct made made;

	made_up(&made, "udp_echo", "by_hand");
	made_point(&made, "near", "", "");
	made_performer(&made, "server", "near", true);
	made_performer(&made, "peer", "near", false);
	for (size_t i = 0; i < 3; i++) {
		made_udp(&made, 0, WL_WITHIN_HOST, client, server, words[i]);
		made_udp(&made, 0, WL_WITHIN_HOST, server, client, words[i]);
		made_print(&made, 0, wl_format(made.arena, "data = %s\n", words[i]));
	}
	compare(&made, many_checks, (enum fault)RIGHT, "ppp");
}

/* Other bytes get a label, and so does a port in the other byte order. */
static void other_bytes_are_explained(void)
{
	struct made made;

	make_server(&made, LONGER);
	CU_ASSERT_STRING_EQUAL(made_label(&made, &server_checks[3]), "off-by-one");
	made_down(&made);
	make_server(&made, PRINTS_OTHER);
	CU_ASSERT_STRING_EQUAL(made_label(&made, &server_checks[5]), "");
	made_down(&made);
	make_server(&made, OTHER_PORT);
	CU_ASSERT_STRING_EQUAL(made_label(&made, &server_checks[0]), "");
	made_down(&made);
	/* what the client said comes back to it: that is no other message */
	base(&made);
	made_performer(&made, "client", "near", true);
	made_event(&made, 0, WL_EVENT_TYPED, 0, "hello\n");
	made_carried(&made, peer, asked, "\"hello\"");
	made_carried(&made, asked, peer, "\"hello\"");
	CU_ASSERT_STRING_EQUAL(made_label(&made, &client_checks[1]), "repr");
	made_down(&made);
	make_many(&made, SECOND_CHANGED);
	CU_ASSERT_STRING_EQUAL(made_label(&made, &many_checks[0]), "case-changed");
	made_down(&made);
}

void suite_checks_udp(void);
void suite_checks_udp(void)
{
	test("a server's faults are told apart", server_faults_are_told_apart);
	test("a server's failures say what and where", server_failures_say_what_and_where);
	test("a client's faults are told apart", client_faults_are_told_apart);
	test("lookups of names do not count", lookups_of_names_do_not_count);
	test("on lo ports tell who sent", on_lo_ports_tell_who_sent);
	test("many questions are told apart", many_questions_are_told_apart);
	test("on lo questions are no answers", on_lo_questions_are_no_answers);
	test("other bytes are explained", other_bytes_are_explained);
}
