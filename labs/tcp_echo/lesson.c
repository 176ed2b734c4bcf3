/*
 * tcp_echo: a server stamps what its clients say with the time and says it back; a client checks that.
 *
 * The server is asked by tcp_asker, a client in many moods: in a hurry, slow, silent, rude, in crowds. It runs until Enter is
 * pressed, so that one play can hold several exchanges. The client talks to tcp_answerer, whose stamps lie elsewhere than now and
 * whose echoes are not always right. On the cable the client's 127.0.0.1 leads to the server's host.
 */
#include "harness/lesson.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/play.h"
#include "labs/tcp_echo/checks.h"

#define PORT 49001
#define CLIENT_ADDRESS "10.77.0.1"
#define SERVER_ADDRESS "10.77.0.2"
#define PROMPT "Press the Enter key to exit."
#define QUESTION "0123456789"
#define TEXT(number) TEXT_(number)
#define TEXT_(number) #number

static const struct wl_role roles[] = {
	{ "tcp_echo_server", N_("answers every client on TCP port 49001 with the time and the same bytes"),
		.ready = { WL_READY_TCP, .port = PORT } },
	{ "tcp_echo_client", N_("sends 0123456789 to TCP port 49001 and checks the answer") },
	{ NULL },
};

/* Two hosts on a cable that takes a question of 1500 bytes in one frame; what the client's host calls on the port, at whatever
 * address, is the server's host. */
static const struct wl_stage cable = { NAMES("client", "server"),
	CABLES({ "client", CLIENT_ADDRESS "/24", .mtu = 1600 }, { "server", SERVER_ADDRESS "/24", .mtu = 1600 }),
	.leads = LEADS({ "client", IPPROTO_TCP, PORT, SERVER_ADDRESS }) };

/* Small frames alone: the capture has room for more of them, and a server may answer hundreds of clients byte by byte. */
static const struct wl_stage thin_cable = { NAMES("client", "server"),
	CABLES({ "client", CLIENT_ADDRESS "/24", .mtu = 300 }, { "server", SERVER_ADDRESS "/24", .mtu = 300 }),
	.leads = LEADS({ "client", IPPROTO_TCP, PORT, SERVER_ADDRESS }) };

/* One host; everything goes over lo, whatever address was called. */
static const struct wl_stage alone = { NAMES("host"), CABLES({ "host", SERVER_ADDRESS "/24" }),
	.leads = LEADS({ "host", IPPROTO_TCP, PORT, "127.0.0.1" }) };

#define OURS_READY { WL_READY_TCP, .port = PORT }

static const struct wl_actor server_asked[] = {
	{ "server", "server", .role = "tcp_echo_server" },
	{ "peer", "client", .program = "tcp_asker" },
	{ "rude", "client", .program = "tcp_asker" },
	{ NULL },
};
static const struct wl_actor server_asked_alone[] = {
	{ "server", "host", .role = "tcp_echo_server" },
	{ "peer", "host", .program = "tcp_asker" },
	{ NULL },
};
static const struct wl_actor client_answered[] = {
	{ "client", "client", .role = "tcp_echo_client" },
	{ "peer", "server", .program = "tcp_answerer", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor client_answered_alone[] = {
	{ "client", "host", .role = "tcp_echo_client" },
	{ "peer", "host", .program = "tcp_answerer", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor both[] = {
	{ "server", "server", .role = "tcp_echo_server" },
	{ "client", "client", .role = "tcp_echo_client" },
	{ NULL },
};
static const struct wl_actor both_alone[] = {
	{ "server", "host", .role = "tcp_echo_server" },
	{ "client", "host", .role = "tcp_echo_client" },
	{ NULL },
};

/* Parts of plays. A peer that is done, or waits in vain, is sent away: Enter is pressed when nobody is connected. */
#define UP { WL_START, "server" }, { WL_READY, "server" }
#define PEER(...) { WL_START, "peer", .args = { "$server_address", TEXT(PORT), __VA_ARGS__ } }
#define AWAY(name) { WL_END, name }, { WL_STOP, name }
#define ASK(value) PEER("ask", value), AWAY("peer")
#define RUDE(...) { WL_START, "rude", .args = { "$server_address", TEXT(PORT), __VA_ARGS__ } }
#define ENTER { WL_PRINTS, "server", PROMPT }, { WL_TYPE, "server", "" }, { WL_END, "server" }

static const struct wl_step ask_thrice[] = {
	UP,
	ASK("#message"),
	ASK("#second"),
	{ WL_PRINTS, "server", "$message" }, /* threads may print when they have answered */
	{ WL_PRINTS, "server", "$second" },
	ASK("#third"),
	{ WL_PRINTS, "server", "$third" },
	ENTER,
	{ 0 },
};
static const struct wl_step ask_once[] = {
	UP,
	ASK("#message"),
	{ WL_PRINTS, "server", "$message" },
	ENTER,
	{ 0 },
};
static const struct wl_step ask_unprinted[] = { UP, ASK("#message"), { 0 } };
static const struct wl_step ask_briefly[] = { UP, PEER("brief", "#message"), AWAY("peer"), { 0 } };
static const struct wl_step hold_back[] = { UP, PEER("hold", "$hold", "#message"), AWAY("peer"), { 0 } };
static const struct wl_step ask_late[] = { UP, { WL_PAUSE, .ms = 3000 }, ASK("#message"), { 0 } };
static const struct wl_step ask_next_late[] = { UP, ASK("#message"), { WL_PAUSE, .ms = 3000 }, ASK("#second"),
	{ 0 } };
static const struct wl_step reset_and_ask[] = {
	UP,
	RUDE("reset", "#rude"),
	AWAY("rude"),
	ASK("#message"),
	ASK("#second"),
	{ 0 },
};
static const struct wl_step leave_and_ask[] = {
	UP,
	RUDE("leave"),
	AWAY("rude"),
	ASK("#message"),
	ASK("#second"),
	{ 0 },
};
static const struct wl_step ask_in_crowd[] = {
	UP,
	RUDE("silent", "$silent"),
	{ WL_PRINTS, "rude", "silent" },
	{ WL_PRINTS, "rude", "silent" }, /* a full queue costs a second at a time */
	ASK("#message"),
	{ WL_STOP, "rude" },
	{ 0 },
};
static const struct wl_step restart[] = {
	UP,
	ASK("#message"),
	ENTER,
	UP,
	ASK("#second"),
	{ 0 },
};

/* Ten clients at a time, so that a server that takes its time is waited for. */
static int await_clients(struct wl_play *play, const struct wl_step *step)
{
	int count = atoi(wl_play_value(play, "clients"));
	char served[32];

	for (int i = count % 10; i <= count; i += 10) {
		const struct wl_step prints = { WL_PRINTS, "peer", served };

		snprintf(served, sizeof(served), "served %d.", i);
		if (i > 0 && wl_play_step(play, &prints) < 0)
			return -1;
	}
	(void)step;
	return 0;
}

static const struct wl_step ask_many[] = {
	UP,
	PEER("many", "$clients", "#message"),
	{ WL_CALL, .call = await_clients },
	{ WL_STOP, "peer" },
	{ 0 },
};

#define ANSWERER(...) { WL_START, "peer", .args = { TEXT(PORT), "$number", __VA_ARGS__ } }, { WL_READY, "peer" }
#define CLIENT_RUNS { WL_START, "client" }, { WL_END, "client" }

static const struct wl_step answer_same[] = { ANSWERER("same"), CLIENT_RUNS, { 0 } };
static const struct wl_step answer_changed[] = { ANSWERER("changed"), CLIENT_RUNS, { 0 } };
static const struct wl_step answer_swapped[] = { ANSWERER("swapped"), CLIENT_RUNS, { 0 } };
static const struct wl_step answer_shorter[] = { ANSWERER("shorter"), CLIENT_RUNS, { 0 } };
static const struct wl_step answer_longer[] = { ANSWERER("longer"), CLIENT_RUNS, { 0 } };
static const struct wl_step answer_chopped[] = { ANSWERER("chopped"), CLIENT_RUNS, { 0 } };
static const struct wl_step answer_late[] = {
	ANSWERER("late", "3000"),
	{ WL_START, "client" },
	{ WL_PRINTS, "peer", "got" },
	{ WL_PAUSE, .ms = 3000 },
	{ WL_END, "client" },
	{ 0 },
};
static const struct wl_step play_both[] = { UP, CLIENT_RUNS, ENTER, { 0 } };

#define ASKED(...) VALUES({ "server_address", WL_DRAW_LITERAL, SERVER_ADDRESS }, __VA_ARGS__)
#define WORDS(name) { name, WL_DRAW_WORDS }
#define NUMBER VALUES({ "number", WL_DRAW_PORT })

/* Plays with the server over the cable, and plays with the client and its odd answerer. */
#define SERVER_PLAY(id, text, values, steps) \
	static const struct wl_scenario id = { #id, text, &cable, server_asked, values, steps }
#define CLIENT_PLAY(id, text, steps) \
	static const struct wl_scenario id = { #id, text, &cable, client_answered, NUMBER, steps }

SERVER_PLAY(server_cable, N_("three clients over the cable ask tcp_echo_server, one after the other, then Enter is pressed"),
	ASKED({ "message", WL_DRAW_WORDS, .len = 24 }, { "second", WL_DRAW_WORDS, .len = 12 }, WORDS("third")), ask_thrice);
SERVER_PLAY(server_held, N_("a client of tcp_echo_server sends its data a second after it connected"),
	ASKED({ "hold", WL_DRAW_NUMBER, "1050..1500" }, WORDS("message")), hold_back);
SERVER_PLAY(server_korean, N_("a client asks tcp_echo_server with Korean text"),
	ASKED({ "message", WL_DRAW_KOREAN }), ask_once);
SERVER_PLAY(server_blanks, N_("a client asks tcp_echo_server with blanks at both ends"),
	ASKED({ "message", WL_DRAW_BLANKS }), ask_once);
SERVER_PLAY(server_nul, N_("a client asks tcp_echo_server with NUL bytes"), ASKED({ "message", WL_DRAW_NUL }),
	ask_unprinted);
SERVER_PLAY(server_large, N_("a client asks tcp_echo_server with 1500 bytes"),
	ASKED({ "message", WL_DRAW_WORDS, .len = 1500 }), ask_unprinted);
SERVER_PLAY(server_not_utf8, N_("a client asks tcp_echo_server with bytes that are not UTF-8"),
	ASKED({ "message", WL_DRAW_NOT_UTF8 }), ask_briefly);
SERVER_PLAY(server_waits, N_("the first client asks tcp_echo_server after 3 seconds"), ASKED(WORDS("message")), ask_late);
SERVER_PLAY(server_waits_next, N_("the second client asks tcp_echo_server 3 seconds after the first"),
	ASKED(WORDS("message"), WORDS("second")), ask_next_late);
static const struct wl_scenario server_many = { "server_many", N_("more than 300 clients ask tcp_echo_server, one after the other"),
	&thin_cable, server_asked, ASKED({ "clients", WL_DRAW_NUMBER, "301..330" }, { "message", WL_DRAW_WORDS, .len = 8 }), ask_many };
SERVER_PLAY(server_silent, N_("a client asks tcp_echo_server while more than 20 others are connected and say nothing"),
	ASKED({ "silent", WL_DRAW_NUMBER, "21..26" }, WORDS("message")), ask_in_crowd);
SERVER_PLAY(server_resets, N_("clients of tcp_echo_server reset their connections, then others ask"),
	ASKED(WORDS("message"), WORDS("second"), WORDS("rude")), reset_and_ask);
SERVER_PLAY(server_leaves, N_("a client of tcp_echo_server leaves without a word, then others ask"),
	ASKED(WORDS("message"), WORDS("second")), leave_and_ask);
SERVER_PLAY(server_restarts, N_("tcp_echo_server is ended and started again at once"),
	ASKED(WORDS("message"), WORDS("second")), restart);
static const struct wl_scenario server_loopback = { "server_loopback",
	N_("a client on the same machine asks tcp_echo_server at 127.0.0.1"), &alone, server_asked_alone,
	VALUES({ "server_address", WL_DRAW_LITERAL, "127.0.0.1" }, WORDS("message")), ask_unprinted };

CLIENT_PLAY(client_cable, N_("tcp_echo_client gets a right answer over the cable, with another time than now"), answer_same);
CLIENT_PLAY(client_changed, N_("tcp_echo_client gets an answer with one byte changed"), answer_changed);
CLIENT_PLAY(client_swapped, N_("tcp_echo_client gets an answer with two bytes swapped"), answer_swapped);
CLIENT_PLAY(client_shorter, N_("tcp_echo_client gets an answer that is one byte short"), answer_shorter);
CLIENT_PLAY(client_longer, N_("tcp_echo_client gets an answer that is one byte too long"), answer_longer);
CLIENT_PLAY(client_waits, N_("the answer comes to tcp_echo_client after 3 seconds"), answer_late);
CLIENT_PLAY(client_chopped, N_("the answer comes to tcp_echo_client in two pieces"), answer_chopped);
static const struct wl_scenario client_loopback = { "client_loopback",
	N_("tcp_echo_client gets a right answer on one machine"), &alone, client_answered_alone, NUMBER, answer_same };

static const struct wl_scenario pair_cable = { "pair_cable",
	N_("tcp_echo_server and tcp_echo_client together, over the cable"), &cable, both, NULL, play_both };
static const struct wl_scenario pair_alone = { "pair_alone",
	N_("tcp_echo_server and tcp_echo_client together, on one machine"), &alone, both_alone, NULL, play_both };

/* Checks. */
#define SERVER .actor = "server", .value = "$message", .port = PORT
#define SECOND .actor = "server", .value = "$second", .port = PORT
#define CLIENT .actor = "client", .value = QUESTION, .port = PORT
#define SAME NEEDS("tcp_echo.server.same")
#define SAID NEEDS("tcp_echo.client.sends", "tcp_echo.client.time")
#define BOTH NEEDS("tcp_echo.server.once", "tcp_echo.server.stamp_clock", "tcp_echo.client.sends", "tcp_echo.client.time", \
	"tcp_echo.client.ends")
#define BOTH_ALONE NEEDS("tcp_echo.pair", "tcp_echo.server.loopback", "tcp_echo.client.loopback")
#define PAIR CHECKS({ echo_same, .actor = "server", .peer = "client", .value = QUESTION, .port = PORT }, \
	{ echo_stamp_clock, .actor = "server", .peer = "client", .value = QUESTION, .port = PORT }, { echo_says_time, CLIENT }, \
	{ wl_ends_itself, CLIENT })

static const char course_server[] = "course, tcp_echo_server";
static const char course_client[] = "course, tcp_echo_client";

static const struct wl_requirement requirements[] = {
	{ "tcp_echo.server.listens", "tcp_echo_server", N_("The server listens on TCP port 49001."),
		N_("A client can only find a server whose port it knows."),
		{ N_("Which calls make a socket one that can be called?"),
			N_("Look at bind() and listen(), and at the port."),
			N_("Open a stream socket, bind it to all addresses and port 49001, and let it listen.") },
		course_server, &server_cable, NULL, 1, CHECKS({ wl_listens_tcp, SERVER }) },
	{ "tcp_echo.server.answers", "tcp_echo_server", N_("The server answers in the connection in which it was asked."),
		N_("On TCP a connection is both ways: the answer takes the way that the question came."),
		{ N_("What does accept() return?"), N_("There is a new socket for each client."),
			N_("Receive from and send to the socket that accept() returned, not the listening one.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.listens"), 2, CHECKS({ wl_answers_tcp, SERVER }) },
	{ "tcp_echo.server.stamp_type", "tcp_echo_server",
		N_("The answer begins with 8 bytes that are the time as a C double."),
		N_("Both sides must agree on what the first bytes mean and how many they are."),
		{ N_("Which type does the time have, and how many bytes does it take?"),
			N_("Look at the format letters of struct, or at sizeof."),
			N_("Pack the floating-point number of your clock in double precision, before the data.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.answers"), 2, CHECKS({ echo_stamp_type, SERVER }) },
	{ "tcp_echo.server.stamp_order", "tcp_echo_server",
		N_("The double is in the byte order of the machine (native)."),
		N_("The client unpacks it in native order; turned round it is another number."),
		{ N_("In which order do the 8 bytes leave?"), N_("A prefix in a format changes the byte order."),
			N_("Compare native order with the one that is called network order.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.stamp_type"), 1, CHECKS({ echo_stamp_order, SERVER }) },
	{ "tcp_echo.server.stamp_clock", "tcp_echo_server", N_("The time counts seconds since the epoch (1970)."),
		N_("A clock that counts from the start of the machine says nothing to another machine."),
		{ N_("From which moment on does your clock count, and in which unit?"),
			N_("Machines have several clocks; one is the wall clock."),
			N_("Compare the number with the output of date +%s.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.stamp_order"), 1, CHECKS({ echo_stamp_clock, SERVER }) },
	{ "tcp_echo.server.same", "tcp_echo_server", N_("Behind the time the very bytes of the client come back."),
		N_("An echo that changes its data is no echo."),
		{ N_("What stands behind the first 8 bytes of the answer?"),
			N_("Is anything decoded, encoded or changed on the way?"),
			N_("Join the packed time and the received bytes, and send both.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.stamp_type"), 2, CHECKS({ echo_same, SERVER }) },
	{ "tcp_echo.server.closes", "tcp_echo_server", N_("The server closes the connection behind its answer."),
		N_("The end of the connection tells the client that the answer is complete, and frees the socket."),
		{ N_("What happens to the client's socket behind the answer?"), N_("Every accepted socket takes up a descriptor."),
			N_("Close the socket that accept() returned once the answer is sent.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.answers"), 1, CHECKS({ wl_closes_tcp, SERVER }) },
	{ "tcp_echo.server.once", "tcp_echo_server", N_("The server sends one answer and nothing else."),
		N_("What comes behind the data would be data to the client."),
		{ N_("What is sent besides the time and the data?"), N_("A newline is a byte, too."),
			N_("One question, one answer: look for a second send or an addition.") },
		course_server, &server_cable, SAME, 1, CHECKS({ echo_nothing_else, SERVER }) },
	{ "tcp_echo.server.next", "tcp_echo_server", N_("The server goes on and answers the next client."),
		N_("A server is there for all who call."),
		{ N_("What happens behind the first client?"), N_("Where is the loop around accept()?"),
			N_("The listening socket stays open; accept() can be called again.") },
		course_server, &server_cable, SAME, 2,
		CHECKS({ echo_same, SECOND }, { echo_same, .actor = "server", .value = "$third", .port = PORT }) },
	{ "tcp_echo.server.rest", "tcp_echo_server",
		N_("The answer to the next client, whose data are shorter, holds nothing of the data before."),
		N_("What one client said is not for another."),
		{ N_("What is in the buffer before the second client's data are put there?"),
			N_("Received bytes have a length, and no NUL byte behind them."),
			N_("Send as many bytes as this client's receive returned, and 8 more.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.next", "tcp_echo.server.once"), 1,
		CHECKS({ echo_nothing_else, SECOND },
			{ echo_nothing_else, .actor = "server", .value = "$third", .port = PORT }) },
	{ "tcp_echo.server.stamp_fraction", "tcp_echo_server",
		N_("The time has its fraction: of three stamps not all are whole numbers."),
		N_("In a network a second is a long time."),
		{ N_("How exact is the number that you pack?"), N_("Some calls count whole seconds only."),
			N_("Keep the time as a floating-point number from the clock to the bytes.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.stamp_clock", "tcp_echo.server.next"), 1,
		CHECKS({ echo_stamp_fraction, SERVER }) },
	{ "tcp_echo.server.waits_data", "tcp_echo_server",
		N_("The server waits for the data of a client that has connected (a second is tried)."),
		N_("Between connecting and sending time may pass."),
		{ N_("What happens when a client is connected and says nothing for a while?"),
			N_("Is there a timeout on the socket that accept() returned?"),
			N_("A receive without a timeout waits for ever.") },
		course_server, &server_held, SAME, 1, CHECKS({ wl_answers_tcp, SERVER }) },
	{ "tcp_echo.server.stamp_moment", "tcp_echo_server",
		N_("The time is read when the data have come (a client waits for a second before it sends)."),
		N_("The stamp says when the data were there, not when the client connected."),
		{ N_("When does your program look at the clock?"), N_("Between connecting and sending time may pass."),
			N_("Receive first, then read the clock.") },
		course_server, &server_held,
		NEEDS("tcp_echo.server.stamp_fraction", "tcp_echo.server.waits_data"), 1,
		CHECKS({ echo_stamp_moment, SERVER }) },
	{ "tcp_echo.server.prompt", "tcp_echo_server",
		N_("The server tells that Enter ends it: \"Press the Enter key to exit.\""),
		N_("Whoever sits at the terminal must know how to end the program."),
		{ N_("What does the terminal show when the server has started?"), N_("Compare it letter by letter."),
			N_("Print the sentence of the task and make sure it is out before reading.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.answers"), 1,
		CHECKS({ wl_prompts, SERVER, .label = PROMPT }) },
	{ "tcp_echo.server.prints_client", "tcp_echo_server",
		N_("The server prints the client's address and port as \"Client IP: ..., Port: ...\"."),
		N_("Who called is the first thing to look at when something goes wrong."),
		{ N_("What does the terminal show of the client?"), N_("accept() returns two things."),
			N_("Print the address and the port that accept() returned, in the words of the task.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.answers"), 1,
		CHECKS({ echo_prints_client, SERVER }) },
	{ "tcp_echo.server.prints_data", "tcp_echo_server", N_("The server prints the data."),
		N_("Bytes become text only when somebody decodes them."),
		{ N_("What does the terminal show of the data?"), N_("Bytes and text are two things."),
			N_("Decode the bytes as UTF-8 and print them behind the time.") },
		course_server, &server_cable, SAME, 1, CHECKS({ echo_prints_data, SERVER }) },
	{ "tcp_echo.server.prints_stamp", "tcp_echo_server",
		N_("Before the data it prints the time that it sent, in seconds since the epoch."),
		N_("The terminal then shows what went over the wire."),
		{ N_("Which number stands before the data?"), N_("It is the same number that is packed."),
			N_("Print the number, then the data, and keep all digits before the point.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.prints_data", "tcp_echo.server.stamp_clock"), 1,
		CHECKS({ echo_prints_stamp, SERVER }) },
	{ "tcp_echo.server.prints_next", "tcp_echo_server", N_("The server prints both lines for the next client, too."),
		N_("Who called is the first thing to look at when something goes wrong."),
		{ N_("What does the terminal show of the second client?"), N_("Which lines does your program pass through only once?"),
			N_("Print in the part of the program that runs for every client.") },
		course_server, &server_cable,
		NEEDS("tcp_echo.server.next", "tcp_echo.server.prints_client", "tcp_echo.server.prints_stamp"), 1,
		CHECKS({ echo_prints_client, SECOND }, { echo_prints_stamp, SECOND }, { echo_prints_no_rest, SECOND }) },
	{ "tcp_echo.server.ends", "tcp_echo_server", N_("Enter ends the server."),
		N_("A server that can only be killed cannot tidy up."),
		{ N_("What waits for the key, and what for clients?"), N_("Two kinds of waiting need two threads, or one call for both."),
			N_("When Enter comes, whoever waits in accept() must be woken.") },
		course_server, &server_cable, NEEDS("tcp_echo.server.answers"), 1, CHECKS({ wl_ends_by_key, SERVER }) },
	{ "tcp_echo.server.korean", "tcp_echo_server", N_("Korean text comes back unchanged and is printed."),
		N_("One character of Hangul is three bytes in UTF-8."),
		{ N_("Does anything count characters where bytes are meant?"),
			N_("Look at the encoding that is used for printing."),
			N_("Echo the bytes; decode them as UTF-8 for the terminal.") },
		course_server, &server_korean, NEEDS("tcp_echo.server.same", "tcp_echo.server.prints_data"), 1,
		CHECKS({ echo_same, SERVER }, { echo_prints_data, SERVER }) },
	{ "tcp_echo.server.blanks", "tcp_echo_server", N_("Blanks at both ends of the data come back and are printed."),
		N_("Blanks are data too."),
		{ N_("Does anything trim the text?"), N_("Look for strip(), split() or scanf(\"%s\")."),
			N_("Echo and print the data as they came.") },
		course_server, &server_blanks, NEEDS("tcp_echo.server.same", "tcp_echo.server.prints_data"), 1,
		CHECKS({ echo_same, SERVER }, { echo_prints_data, SERVER }) },
	{ "tcp_echo.server.nul", "tcp_echo_server", N_("NUL bytes inside and at the end come back."),
		N_("Received bytes have a length; a NUL byte does not end them."),
		{ N_("How does your program know how long the answer is?"),
			N_("In C, strlen() stops at the first NUL byte."),
			N_("Use the number that the receiving call returned.") },
		course_server, &server_nul, SAME, 1, CHECKS({ echo_same, SERVER }) },
	{ "tcp_echo.server.large", "tcp_echo_server", N_("1500 bytes come back whole."),
		N_("What does not fit into the receive buffer is left behind."),
		{ N_("How much does one receive take at most?"),
			N_("The course's buffer holds a whole Ethernet payload."),
			N_("Give the receiving call room for 1500 bytes, and the answer 8 more.") },
		course_server, &server_large, SAME, 1, CHECKS({ echo_same, SERVER }) },
	{ "tcp_echo.server.loopback", "tcp_echo_server",
		N_("The server can be reached at 127.0.0.1 as well as over the cable."),
		N_("A socket that is bound to one address hears that address alone."),
		{ N_("To which address is the socket bound?"), N_("There is an address that stands for all."),
			N_("Compare binding to one interface with binding to 0.0.0.0.") },
		course_server, &server_loopback, SAME, 1, CHECKS({ echo_same, SERVER }) },
	{ "tcp_echo.server.waits", "tcp_echo_server",
		N_("The server waits as long as it takes for the first client (3 seconds are tried)."),
		N_("A server cannot know when somebody will ask."),
		{ N_("What happens when nobody calls for a while?"), N_("Is there a timeout on the listening socket?"),
			N_("Waiting for a client needs no limit.") },
		course_server, &server_waits, SAME, 1, CHECKS({ echo_same, SERVER }) },
	{ "tcp_echo.server.waits_next", "tcp_echo_server",
		N_("The server waits as long as it takes for the next client (3 seconds are tried)."),
		N_("A server cannot know when somebody will ask."),
		{ N_("What happens when nobody calls for a while?"), N_("Is there a timeout on the listening socket?"),
			N_("Waiting for a client needs no limit.") },
		course_server, &server_waits_next, NEEDS("tcp_echo.server.next", "tcp_echo.server.waits"), 1,
		CHECKS({ echo_same, SECOND }) },
	{ "tcp_echo.server.many", "tcp_echo_server", N_("More than 300 clients, one after the other, are all answered."),
		N_("What each client leaves behind adds up."),
		{ N_("What is left of a client that was served?"),
			N_("Sockets, threads and processes are limited in number."),
			N_("Close every socket, and let every thread or process end and be forgotten.") },
		course_server, &server_many, NEEDS("tcp_echo.server.next", "tcp_echo.server.closes"), 2, CHECKS({ echo_serves_all, SERVER }) },
	{ "tcp_echo.server.silent", "tcp_echo_server",
		N_("A client is answered while more than 20 others are connected and say nothing."),
		N_("A server that waits for one client lets all others wait."),
		{ N_("What does the server do while a client says nothing?"),
			N_("Waiting for data and waiting for clients are two things."),
			N_("Serve each client in a thread of its own, or wait for all sockets in one call.") },
		course_server, &server_silent, NEEDS("tcp_echo.server.next", "tcp_echo.server.waits_data"), 2, CHECKS({ echo_holds_nobody, SERVER }) },
	{ "tcp_echo.server.resets", "tcp_echo_server", N_("A client that resets its connection does not stop the server."),
		N_("Clients crash, and a server must outlive them."),
		{ N_("What do receive and send do when the other side has reset the connection?"),
			N_("An error of one client's socket is no reason to end the program."),
			N_("Catch the error, close that socket, go on with the next client.") },
		"RFC 9293 section 3.5.2; course, tcp_echo_server", &server_resets, NEEDS("tcp_echo.server.next"), 1,
		CHECKS({ echo_same, SERVER }, { echo_same, SECOND }) },
	{ "tcp_echo.server.leaves", "tcp_echo_server",
		N_("A client that connects and leaves without a word does not stop the server."),
		N_("An empty read means that the client has closed, nothing else."),
		{ N_("What does receive return when the client has closed?"), N_("No bytes are a result, too."),
			N_("Close that socket and go on with the next client.") },
		"RFC 9293 section 3.6; course, tcp_echo_server", &server_leaves, NEEDS("tcp_echo.server.next"), 1,
		CHECKS({ echo_same, SERVER }, { echo_same, SECOND }) },
	{ "tcp_echo.server.restarts", "tcp_echo_server",
		N_("When it is ended and started again at once, the server listens and answers."),
		N_("Whoever closes first keeps the port busy for a minute (TIME_WAIT), and that is the server."),
		{ N_("What does bind() say when the server is started twice in a row?"),
			N_("There is a socket option that allows an address to be used again."),
			N_("Set that option before bind().") },
		"RFC 9293 section 3.6.1; socket(7); course, tcp_echo_server", &server_restarts,
		NEEDS("tcp_echo.server.same", "tcp_echo.server.closes", "tcp_echo.server.ends"), 2,
		CHECKS({ wl_listens_tcp, SECOND, .nth = 1 }, { wl_answers_tcp, SECOND, .nth = 1 }) },
	{ "tcp_echo.server.not_utf8", "tcp_echo_server", N_("Bytes that are not UTF-8 come back unchanged, too."),
		N_("A server that can be stopped by strange data will be."),
		{ N_("What if the bytes cannot be decoded?"), N_("Which comes first, the answer or the printing?"),
			N_("Answer first; print in a way that cannot fail.") },
		"RFC 9293", &server_not_utf8, SAME, 0, CHECKS({ echo_same, SERVER }) },

	{ "tcp_echo.client.connects", "tcp_echo_client", N_("The client connects to TCP port 49001."),
		N_("The server hears only who calls its port."),
		{ N_("Where does the connection go?"), N_("Address and port go together in one call."),
			N_("Check the kind of the socket and the port number of the task.") },
		course_client, &client_cable, NULL, 1, CHECKS({ wl_connects_tcp, CLIENT }) },
	{ "tcp_echo.client.sends", "tcp_echo_client", N_("The client sends 0123456789 and nothing else."),
		N_("What is sent is what must come back."),
		{ N_("What exactly is sent?"), N_("Count the bytes: digits, and perhaps something behind them?"),
			N_("Send the ten digits as ASCII, without a newline or a NUL byte.") },
		course_client, &client_cable, NEEDS("tcp_echo.client.connects"), 2, CHECKS({ wl_sends_tcp, CLIENT }) },
	{ "tcp_echo.client.once", "tcp_echo_client", N_("The client makes one connection."),
		N_("Every connection is a client to the server."),
		{ N_("How many connections does the client make?"), N_("Look for a loop around connect()."),
			N_("Connect once, send, receive, close.") },
		course_client, &client_cable, NEEDS("tcp_echo.client.sends"), 1, CHECKS({ wl_connects_once, CLIENT }) },
	{ "tcp_echo.client.ok", "tcp_echo_client", N_("When the same bytes come back, the client prints ECHO OK."),
		N_("Only a comparison shows that the echo is one."),
		{ N_("What do you compare with what?"), N_("The first 8 bytes of the answer are no echo."),
			N_("Compare what stands behind the 8 bytes with what was sent.") },
		course_client, &client_cable, NEEDS("tcp_echo.client.sends"), 2, CHECKS({ echo_says_ok, CLIENT }) },
	{ "tcp_echo.client.time", "tcp_echo_client",
		N_("Before \": ECHO OK\" it prints the time of the answer as ctime() does: \"Sat Nov  7 09:05:00 2026\"."),
		N_("The server said when it had the data; the client's own clock knows nothing about that."),
		{ N_("Which time do you print, yours or the server's?"), N_("The first 8 bytes of the answer are the time."),
			N_("Unpack the double and turn it into text with the function that the course uses.") },
		course_client, &client_cable, NEEDS("tcp_echo.client.ok"), 2, CHECKS({ echo_says_time, CLIENT }) },
	{ "tcp_echo.client.ends", "tcp_echo_client", N_("The client ends after one exchange."),
		N_("One question, one answer: then the program is done."),
		{ N_("What does the program do behind the print?"), N_("Is there a loop around it?"),
			N_("Connect, send, receive, print, close.") },
		course_client, &client_cable, NEEDS("tcp_echo.client.ok"), 1, CHECKS({ wl_ends_itself, CLIENT }) },
	{ "tcp_echo.client.changed", "tcp_echo_client", N_("When one byte is another, the client prints ECHO FAIL."),
		N_("A check that cannot fail checks nothing."),
		{ N_("Which difference does your comparison see?"), N_("Try it with a server that answers wrongly."),
			N_("Compare all bytes, not only their number or the first of them.") },
		course_client, &client_changed, NEEDS("tcp_echo.client.ok"), 1, CHECKS({ echo_says_fail, CLIENT }) },
	{ "tcp_echo.client.swapped", "tcp_echo_client",
		N_("When the same bytes come back in another order, the client prints ECHO FAIL."),
		N_("TCP keeps the order of bytes; an echo must, too."),
		{ N_("Does your comparison look at the order?"), N_("The same digits in another order are other data."),
			N_("Compare byte by byte, place by place.") },
		course_client, &client_swapped, NEEDS("tcp_echo.client.changed"), 1, CHECKS({ echo_says_fail, CLIENT }) },
	{ "tcp_echo.client.shorter", "tcp_echo_client", N_("When a byte is missing, the client prints ECHO FAIL."),
		N_("A part of the data is not the data."),
		{ N_("What if the answer ends too early?"), N_("A comparison of the shorter with the longer may end too early, too."),
			N_("Compare the lengths as well.") },
		course_client, &client_shorter, NEEDS("tcp_echo.client.changed"), 1, CHECKS({ echo_says_fail, CLIENT }) },
	{ "tcp_echo.client.longer", "tcp_echo_client", N_("When there is a byte too many, the client prints ECHO FAIL."),
		N_("What nobody sent cannot be an echo."),
		{ N_("What if something stands behind the data?"), N_("Is everything that came received and compared?"),
			N_("Compare all that was received behind the 8 bytes, to its end.") },
		course_client, &client_longer, NEEDS("tcp_echo.client.changed"), 1, CHECKS({ echo_says_fail, CLIENT }) },
	{ "tcp_echo.client.waits", "tcp_echo_client",
		N_("The client waits for the answer as long as it takes (3 seconds are tried)."),
		N_("An answer may be slow; a client that gives up has lost it."),
		{ N_("What happens when the answer is late?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever.") },
		course_client, &client_waits, SAID, 1, CHECKS({ echo_says_time, CLIENT }) },
	{ "tcp_echo.client.loopback", "tcp_echo_client",
		N_("With the server on the same machine, the exchange goes over 127.0.0.1."),
		N_("The first try of a network program is on one machine."),
		{ N_("Which address does the client call?"), N_("One address always means this machine."),
			N_("Check the server address of the task.") },
		course_client, &client_loopback, SAID, 1, CHECKS({ wl_sends_tcp, CLIENT }, { echo_says_time, CLIENT }) },
	{ "tcp_echo.client.chopped", "tcp_echo_client",
		N_("An answer that comes in two pieces is put together (ECHO OK)."),
		N_("TCP is a stream of bytes: it keeps their order, not the borders of what was sent at once."),
		{ N_("How many bytes does one receive return?"), N_("It may be fewer than were sent."),
			N_("Receive until all is there, or until the server has closed.") },
		"RFC 9293 section 3.8", &client_chopped, SAID, 0, CHECKS({ echo_says_time, CLIENT }) },

	{ "tcp_echo.pair", "pair", N_("Server and client work together over the cable."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak to the same port?"), N_("Look at the requirements of each half first."),
			N_("Compare port, data and the format of the time in the two programs.") },
		"course, tcp_echo_server and tcp_echo_client", &pair_cable, BOTH, 1, PAIR },
	{ "tcp_echo.pair_alone", "pair", N_("Server and client work together on one machine."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak to the same port?"), N_("Look at the requirements of each half first."),
			N_("Compare port, data and the format of the time in the two programs.") },
		"course, tcp_echo_server and tcp_echo_client", &pair_alone, BOTH_ALONE, 1, PAIR },
	{ NULL },
};

/* The task, sentence by sentence. README.md says it in the same words, in both languages. */
static const struct wl_sentence task[] = {
	{ "tcp_echo_server",
		N_("The server listens on TCP port 49001, can be reached over the cable and at 127.0.0.1, and waits for the first client "
			"and for the next as long as it takes."),
		NAMES("tcp_echo.server.listens", "tcp_echo.server.loopback", "tcp_echo.server.waits", "tcp_echo.server.waits_next") },
	{ "tcp_echo_server",
		N_("The server waits for the data of a client that has connected, answers once in the same connection, sends nothing "
			"else, and closes it."),
		NAMES("tcp_echo.server.answers", "tcp_echo.server.waits_data", "tcp_echo.server.once", "tcp_echo.server.closes") },
	{ "tcp_echo_server",
		N_("The answer begins with 8 bytes, a C double in the machine's byte order: the time when the data came, in seconds "
			"since the epoch with their fraction (10 ms off at most)."),
		NAMES("tcp_echo.server.stamp_type", "tcp_echo.server.stamp_order", "tcp_echo.server.stamp_clock",
			"tcp_echo.server.stamp_fraction", "tcp_echo.server.stamp_moment") },
	{ "tcp_echo_server",
		N_("Behind the time the very bytes of this client come back, up to 1500: Korean text, blanks at both ends, NUL bytes, "
			"and nothing of an earlier client."),
		NAMES("tcp_echo.server.same", "tcp_echo.server.rest", "tcp_echo.server.korean", "tcp_echo.server.blanks",
			"tcp_echo.server.nul", "tcp_echo.server.large") },
	{ "tcp_echo_server",
		N_("For each client the server prints \"Client IP: ..., Port: ...\", and then the time that it sent, in seconds since "
			"the epoch, and the data behind it."),
		NAMES("tcp_echo.server.prints_client", "tcp_echo.server.prints_data", "tcp_echo.server.prints_stamp",
			"tcp_echo.server.prints_next") },
	{ "tcp_echo_server",
		N_("Any number of clients are served one after the other, and any number of clients that are connected and say nothing "
			"hold up nobody."),
		NAMES("tcp_echo.server.next", "tcp_echo.server.many", "tcp_echo.server.silent") },
	{ "tcp_echo_server",
		N_("A client that resets its connection, or leaves without a word, does not stop the server."),
		NAMES("tcp_echo.server.resets", "tcp_echo.server.leaves") },
	{ "tcp_echo_server",
		N_("The server prints \"Press the Enter key to exit.\", ends when Enter is pressed, and can be started again at once."),
		NAMES("tcp_echo.server.prompt", "tcp_echo.server.ends", "tcp_echo.server.restarts") },
	{ "tcp_echo_server",
		N_("Bytes that are not UTF-8 are answered as well (advice, without points)."),
		NAMES("tcp_echo.server.not_utf8") },
	{ "tcp_echo_client",
		N_("The client makes one connection, to TCP port 49001 of 127.0.0.1, and sends 0123456789 and nothing else."),
		NAMES("tcp_echo.client.connects", "tcp_echo.client.sends", "tcp_echo.client.once", "tcp_echo.client.loopback") },
	{ "tcp_echo_client",
		N_("When the very bytes come back behind the time, the client prints that time as ctime() does, and \": ECHO OK\" behind "
			"it."),
		NAMES("tcp_echo.client.ok", "tcp_echo.client.time") },
	{ "tcp_echo_client",
		N_("When a byte is another one, in another place, missing or too many, the client prints ECHO FAIL."),
		NAMES("tcp_echo.client.changed", "tcp_echo.client.swapped", "tcp_echo.client.shorter", "tcp_echo.client.longer") },
	{ "tcp_echo_client",
		N_("The client waits for the answer as long as it takes, and ends after this one exchange."),
		NAMES("tcp_echo.client.ends", "tcp_echo.client.waits") },
	{ "tcp_echo_client",
		N_("An answer that comes in two pieces is put together (advice, without points)."),
		NAMES("tcp_echo.client.chopped") },
	{ "pair",
		N_("Your server and your client work together, over a cable and on one machine."),
		NAMES("tcp_echo.pair", "tcp_echo.pair_alone") },
	{ NULL },
};

const struct wl_lesson lesson_tcp_echo = { "tcp_echo", N_("TCP echo with a time stamp"), roles, requirements, task };
