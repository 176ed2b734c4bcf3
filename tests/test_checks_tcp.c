/*
 * The verbs on TCP, each on a right conversation and on conversations that differ from it in one thing. A row's letters are the
 * verdicts of all verbs, in the order of the table of verbs, so that it shows too which verbs a fault must leave alone.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/made.h"
#include "tests/tests.h"

#define FIN 1
#define SYN 2
#define RST 4
#define ACK 16
#define PORT 49001

enum fault {
	NONE,
	NO_SOCKET, BOUND_ONLY, OTHER_PORT, /* server */
	REFUSED, IGNORED, DROPPED, MUTE, CRASHED, TOO_LATE, HALF_CLOSED, STAYS_OPEN, CLOSES_LAST, RESETS,
	UNASKED, ASKED_OTHERWISE, NOT_STARTED,
	NO_CALL, CALLS_ELSEWHERE, UNACCEPTED, SAYS_NOTHING, SAYS_MORE, SAYS_OTHER, /* client */
	CALLS_TWICE, CALLS_ANOTHER, TRIES_FIRST,
};

struct talk {
	struct made made;
	bool from_host; /* the host under judgement is the client's */
	struct made_end client, server;
	uint32_t client_next, server_next;
};

static void say(struct talk *talk, bool by_client, unsigned int flags, const char *text)
{
	uint32_t *next = by_client ? &talk->client_next : &talk->server_next;

	made_segment(&talk->made, 0, by_client == talk->from_host ? WL_FROM_HOST : WL_TO_HOST,
		by_client ? talk->client : talk->server, by_client ? talk->server : talk->client, flags,
		*next, text, strlen(text));
	*next += (uint32_t)strlen(text) + (flags & (SYN | FIN) ? 1 : 0);
}

static void begin(struct talk *talk, const char *actor, bool from_host, bool started)
{
	*talk = (struct talk){ .from_host = from_host, .client = { 0, "10.77.0.1", 40000 },
		.server = { 0, "10.77.0.2", PORT }, .client_next = 1000, .server_next = 5000 };
	made_up(&talk->made, "tcp_echo", "by_hand");
	made_value(&talk->made, "text", "hello");
	made_point(&talk->made, "here", "02:00:00:00:00:01", "10.77.0.1");
	made_point(&talk->made, "there", "02:00:00:00:00:02", "10.77.0.2");
	if (started)
		made_performer(&talk->made, actor, "here", true);
}

static void shake_hands(struct talk *talk)
{
	say(talk, true, SYN, "");
	say(talk, false, SYN | ACK, "");
	say(talk, true, ACK, "");
}

static void open_socket(struct made *made, int protocol, int state, uint16_t port)
{
	struct wl_seen_socket *noted = wl_append(made->arena, &made->seen.sockets, &made->seen.socket_count);

	noted->socket = (struct wl_socket){ .family = AF_INET6, .protocol = protocol, .state = state,
		.local_port = port };
}

static void answer(struct talk *talk, enum fault fault)
{
	if (fault == MUTE || fault == CRASHED)
		return;
	if (fault == TOO_LATE || fault == HALF_CLOSED)
		say(talk, true, FIN | ACK, "");
	say(talk, false, ACK, "answer");
	if (fault == TOO_LATE)
		say(talk, true, RST, "");
	if (fault == STAYS_OPEN)
		return;
	if (fault == CLOSES_LAST)
		say(talk, true, FIN | ACK, "");
	say(talk, false, fault == RESETS ? RST : FIN | ACK, "");
	if (fault != CLOSES_LAST)
		say(talk, true, FIN | ACK, "");
}

static void make_server(struct talk *talk, enum fault fault)
{
	begin(talk, "server", false, fault != NOT_STARTED);
	if (fault != NO_SOCKET)
		open_socket(&talk->made, IPPROTO_TCP, fault == BOUND_ONLY ? TCP_CLOSE : TCP_LISTEN,
			fault == OTHER_PORT ? 4900 : PORT);
	if (fault == UNASKED)
		return;
	say(talk, true, SYN, "");
	if (fault == REFUSED)
		say(talk, false, RST | ACK, "");
	if (fault == REFUSED || fault == IGNORED)
		return;
	say(talk, false, SYN | ACK, "");
	say(talk, true, ACK, "");
	if (fault == DROPPED) {
		say(talk, false, FIN | ACK, "");
		return;
	}
	say(talk, true, ACK, fault == ASKED_OTHERWISE ? "hell" : "hello");
	answer(talk, fault);
	if (fault == CRASHED) {
		made_print(&talk->made, 0, "x = 1 / 0\nZeroDivisionError\n");
		made_event(&talk->made, 0, WL_EVENT_ENDED, 1 << 8, "");
	}
	if (fault == MUTE)
		made_print(&talk->made, 0, "thread died\n");
}

#define SERVER .actor = "server", .value = "$text", .port = PORT
static const struct wl_check server_checks[] = {
	{ wl_listens_tcp, SERVER },
	{ wl_answers_tcp, SERVER },
	{ wl_closes_tcp, SERVER },
	{ NULL },
};
static const struct {
	enum fault fault;
	const char *verdicts;
	unsigned int check; /* which of them is asked for its words */
	uint32_t frame;
	const char *expected, *actual;
} server_rows[] = {
	{ NONE, "ppp" },
	{ NO_SOCKET, "fpp", 0, 0, "a TCP socket that listens on port 49001", "It has no such socket." },
	{ BOUND_ONLY, "fpp", 0, 0, "port 49001", "It has a TCP socket on port 49001." },
	{ OTHER_PORT, "fpp", 0, 0, "port 49001", "It has a listening TCP socket on port 4900." },
	{ REFUSED, "pff", 1, 2, "a connection to port 49001 is accepted", "It was refused" },
	{ IGNORED, "pff", 1, 1, "a connection to port 49001 is accepted", "queue of waiting clients was full" },
	{ DROPPED, "pff", 1, 4, "a connection to port 49001 is accepted", "ended the connection before" },
	{ MUTE, "pff", 1, 4, "an answer to 10.77.0.1:40000",
		"\"hello\" (5 bytes) arrived and nothing came back. The last line on its terminal: \"thread died\"" },
	{ CRASHED, "pff", 1, 4, "an answer", "exit status 1. Its last line: \"ZeroDivisionError\"" },
	{ TOO_LATE, "pff", 1, 6, "an answer to 10.77.0.1:40000", "only when the client had waited in vain" },
	{ HALF_CLOSED, "ppf" },
	{ STAYS_OPEN, "ppf", 2, 5, "the server closes the connection", "It left the connection open." },
	{ CLOSES_LAST, "ppf", 2, 5, "the server closes the connection", "It left the connection open." },
	{ RESETS, "ppp" },
	{ UNASKED, "pxx" },
	{ ASKED_OTHERWISE, "pxx" },
	{ NOT_STARTED, "xxx" },
};

static void compare(struct talk *talk, const struct wl_check *checks, enum fault fault, const char *verdicts)
{
	char have[16] = "";

	for (size_t i = 0; checks[i].verb; i++)
		have[i] = made_letter(&talk->made, &checks[i]);
	CU_ASSERT_STRING_EQUAL(have, verdicts);
	if (strcmp(have, verdicts) != 0)
		fprintf(stderr, "fault %d: wanted %s, have %s\n", (int)fault, verdicts, have);
	made_down(&talk->made);
}

static void server_faults_are_told_apart(void)
{
	struct talk talk;

	for (size_t i = 0; i < sizeof(server_rows) / sizeof(*server_rows); i++) {
		make_server(&talk, server_rows[i].fault);
		if (server_rows[i].expected)
			CU_ASSERT_TRUE(made_fails(&talk.made, &server_checks[server_rows[i].check],
				server_rows[i].frame, server_rows[i].expected, server_rows[i].actual));
		compare(&talk, server_checks, server_rows[i].fault, server_rows[i].verdicts);
	}
}

static void call_again(struct talk *talk, enum fault fault)
{
	talk->client.port++;
	talk->server.port = fault == CALLS_ANOTHER ? 80 : PORT;
	talk->client_next = talk->server_next = 90000;
	shake_hands(talk);
}

static void make_client(struct talk *talk, enum fault fault)
{
	const char *text = fault == SAYS_MORE ? "hello\n" : fault == SAYS_OTHER ? "hallo" : "hello";

	begin(talk, "client", true, fault != NOT_STARTED);
	if (fault == NO_CALL)
		return;
	talk->server.port = fault == CALLS_ELSEWHERE ? 4900 : PORT;
	if (fault == UNACCEPTED) {
		say(talk, true, SYN, "");
		return;
	}
	shake_hands(talk);
	if (fault == TRIES_FIRST) {
		say(talk, true, FIN | ACK, "");
		call_again(talk, fault);
	}
	if (fault != SAYS_NOTHING)
		say(talk, true, ACK, text);
	say(talk, false, ACK, "answer");
	say(talk, false, FIN | ACK, "");
	say(talk, true, FIN | ACK, "");
	if (fault == CALLS_TWICE || fault == CALLS_ANOTHER)
		call_again(talk, fault);
}

#define CLIENT .actor = "client", .value = "$text", .port = PORT
static const struct wl_check client_checks[] = {
	{ wl_connects_tcp, CLIENT },
	{ wl_sends_tcp, CLIENT },
	{ wl_connects_once, CLIENT },
	{ NULL },
};
static const struct {
	enum fault fault;
	const char *verdicts;
	unsigned int check;
	uint32_t frame;
	const char *expected, *actual;
} client_rows[] = {
	{ NONE, "ppp" },
	{ NO_CALL, "fff", 0, 0, "a connection to TCP port 49001", "It made no TCP connection." },
	{ CALLS_ELSEWHERE, "fff", 0, 1, "a connection to TCP port 49001", "It called 10.77.0.2:4900." },
	{ UNACCEPTED, "xxx" },
	{ SAYS_NOTHING, "pfp", 1, 1, "\"hello\" (5 bytes)", "It sent nothing." },
	{ SAYS_MORE, "pfp", 1, 4, "\"hello\" (5 bytes)", "\"hello\\x0a\" (6 bytes)" },
	{ SAYS_OTHER, "pfp", 1, 4, "\"hello\" (5 bytes)", "\"hallo\" (5 bytes)" },
	{ CALLS_TWICE, "ppf", 2, 8, "one connection", "It made another one, to 10.77.0.2:49001." },
	{ CALLS_ANOTHER, "ppf", 2, 8, "one connection", "It made another one, to 10.77.0.2:80." },
	{ TRIES_FIRST, "ppf", 2, 5, "one connection", "It made another one" },
	{ NOT_STARTED, "xxx" },
};

static void client_faults_are_told_apart(void)
{
	struct talk talk;

	for (size_t i = 0; i < sizeof(client_rows) / sizeof(*client_rows); i++) {
		make_client(&talk, client_rows[i].fault);
		if (client_rows[i].expected)
			CU_ASSERT_TRUE(made_fails(&talk.made, &client_checks[client_rows[i].check],
				client_rows[i].frame, client_rows[i].expected, client_rows[i].actual));
		compare(&talk, client_checks, client_rows[i].fault, client_rows[i].verdicts);
	}
}

/* A value that nobody knows is our fault, and what is seen elsewhere is nobody's. */
static void other_hosts_do_not_count(void)
{
	const struct wl_check unknown = { wl_answers_tcp, .actor = "server", .value = "$none", .port = PORT };
	struct talk talk;

	make_server(&talk, NONE);
	CU_ASSERT_EQUAL(made_letter(&talk.made, &unknown), 'x');
	for (size_t i = 0; i < talk.made.seen.frame_count; i++)
		talk.made.seen.frames[i].point = 1;
	compare(&talk, server_checks, NONE, "pxx");
	make_client(&talk, NONE);
	for (size_t i = 0; i < talk.made.seen.frame_count; i++)
		talk.made.seen.frames[i].direction ^= WL_FROM_HOST ^ WL_TO_HOST;
	compare(&talk, client_checks, NONE, "fff");
}

/* Two programs that were handed in: who does not ask as it should is no fault of ours. */
static void a_peer_may_be_at_fault(void)
{
	const struct wl_check pair = { wl_answers_tcp, SERVER, .peer = "client" };
	static const enum fault faults[] = { UNASKED, ASKED_OTHERWISE };
	struct talk talk;

	for (size_t i = 0; i < 2; i++)
		for (int submitted = 0; submitted < 2; submitted++) {
			make_server(&talk, faults[i]);
			made_performer(&talk.made, "client", "there", submitted);
			CU_ASSERT_EQUAL(made_letter(&talk.made, &pair), submitted ? 'f' : 'x');
			made_down(&talk.made);
		}
}

/* Nobody takes the call: our server's fault, or that of the one that was handed in. */
static void a_pair_s_server_may_refuse(void)
{
	struct talk talk;

	for (int submitted = 0; submitted < 2; submitted++) {
		make_client(&talk, UNACCEPTED);
		made_performer(&talk.made, "server", "there", submitted);
		CU_ASSERT_EQUAL(made_letter(&talk.made, &client_checks[0]), submitted ? 'f' : 'x');
		if (submitted)
			CU_ASSERT_TRUE(made_fails(&talk.made, &client_checks[0], 1,
				"a connection to port 49001 is accepted", "did not answer"));
		made_down(&talk.made);
	}
}

/* Started twice: the second run's socket, its words and its end. */
static void runs_are_told_apart(void)
{
	const struct wl_check second = { wl_listens_tcp, SERVER, .nth = 1 };
	struct talk talk;

	make_server(&talk, NONE);
	CU_ASSERT_EQUAL(made_letter(&talk.made, &second), 'x');
	made_performer(&talk.made, "server", "here", true);
	made_print(&talk.made, 1, "Address already in use\n");
	made_event(&talk.made, 1, WL_EVENT_ENDED, 1 << 8, "");
	CU_ASSERT_TRUE(made_fails(&talk.made, &second, 0, "listens on port 49001", "\"Address already in use\""));
	open_socket(&talk.made, IPPROTO_TCP, TCP_LISTEN, PORT);
	talk.made.seen.sockets[talk.made.seen.socket_count - 1].performer = 1;
	CU_ASSERT_EQUAL(made_letter(&talk.made, &second), 'p');
	made_down(&talk.made);
}

void suite_checks_tcp(void);
void suite_checks_tcp(void)
{
	test("server faults are told apart", server_faults_are_told_apart);
	test("client faults are told apart", client_faults_are_told_apart);
	test("other hosts do not count", other_hosts_do_not_count);
	test("a peer may be at fault", a_peer_may_be_at_fault);
	test("a pair's server may refuse", a_pair_s_server_may_refuse);
	test("runs are told apart", runs_are_told_apart);
}
