/*
 * udp_class: the UDP echo again, on a class that both programs inherit from. What can be seen from outside is the same pair with other
 * words, but the server answers every datagram until Enter is pressed.
 *
 * The server is asked by udp_asker, which asks its next question when the last one was answered, so that a question without an
 * answer is always the last. How the data look (Korean, empty, 1500 bytes ...) is a play each: a server may go
 * deaf by one and must not lose the others for it. Behind the datagram in question goes a plain one, and its print shows
 * that the one before was printed, too. The client talks to the reference server, or to udp_replier, which answers something else.
 */
#include "harness/checks.h"
#include "harness/lesson.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/play.h"

#define PORT 49002
#define CLIENT_ADDRESS "10.77.0.1"
#define SERVER_ADDRESS "10.77.0.2"
#define THIRD_ADDRESS "10.77.0.3"
#define PROMPT "Press the Enter key to exit."

static const struct wl_role roles[] = {
	{ "udp_echo_server2", N_("answers every datagram on UDP port 49002 with the same bytes, until Enter is pressed"),
		.ready = { WL_READY_UDP, .port = PORT } },
	{ "udp_echo_client2", N_("sends the typed line to UDP port 49002 and prints the answer"),
		.ready = { WL_READY_PROMPT, .prompt = "data:" } },
	{ NULL },
};

/* Two hosts on a cable; what the client's host sends to the port, to whatever address, reaches the server's host. */
static const struct wl_stage cable = { NAMES("client", "server"),
	CABLES({ "client", CLIENT_ADDRESS "/24" }, { "server", SERVER_ADDRESS "/24" }),
	.leads = LEADS({ "client", IPPROTO_UDP, PORT, SERVER_ADDRESS }) };

/* A third host beside them. */
static const struct wl_stage lan = { NAMES("client", "server", "third"),
	CABLES({ "client", CLIENT_ADDRESS "/24" }, { "server", SERVER_ADDRESS "/24" }, { "third", THIRD_ADDRESS "/24" }) };

/* One host; everything goes over lo, whatever address was called. */
static const struct wl_stage alone = { NAMES("host"), CABLES({ "host", SERVER_ADDRESS "/24" }),
	.leads = LEADS({ "host", IPPROTO_UDP, PORT, "127.0.0.1" }) };

#define OURS_READY { WL_READY_UDP, .port = PORT }

static const struct wl_actor server_asked[] = {
	{ "server", "server", .role = "udp_echo_server2" },
	{ "peer", "client", .program = "udp_asker" },
	{ NULL },
};
static const struct wl_actor server_asked_by_three[] = {
	{ "server", "server", .role = "udp_echo_server2" },
	{ "peer", "client", .program = "udp_asker" },
	{ "neighbour", "client", .program = "udp_asker" },
	{ "stranger", "third", .program = "udp_asker" },
	{ NULL },
};
static const struct wl_actor server_asked_alone[] = {
	{ "server", "host", .role = "udp_echo_server2" },
	{ "peer", "host", .program = "udp_asker" },
	{ NULL },
};
static const struct wl_actor client_served[] = {
	{ "client", "client", .role = "udp_echo_client2" },
	{ "peer", "server", .program = "udp_echo_server2", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor client_served_alone[] = {
	{ "client", "host", .role = "udp_echo_client2" },
	{ "peer", "host", .program = "udp_echo_server2", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor client_answered[] = {
	{ "client", "client", .role = "udp_echo_client2" },
	{ "peer", "server", .program = "udp_replier", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor both[] = {
	{ "server", "server", .role = "udp_echo_server2" },
	{ "client", "client", .role = "udp_echo_client2" },
	{ NULL },
};
static const struct wl_actor both_alone[] = {
	{ "server", "host", .role = "udp_echo_server2" },
	{ "client", "host", .role = "udp_echo_client2" },
	{ NULL },
};

/* The plays of the server. */
#define BEGIN(actor) { WL_START, actor }, { WL_READY, actor }
#define ASK(peer, port, ...) { WL_START, peer, .args = { "$server_address", "49002", port, __VA_ARGS__ } }
#define ANSWERED(peer, times) { WL_PRINTS, peer, "answered " times }

/* The prompt and the second print have to be out before Enter is pressed. */
static const struct wl_step ask_and_press_enter[] = {
	BEGIN("server"), ASK("peer", "$port", "#message", "#second"), ANSWERED("peer", "2"),
	{ WL_PRINTS, "server", "$second" }, { WL_PRINTS, "server", PROMPT }, { WL_TYPE, "server", "" },
	{ WL_END, "server" }, { 0 } };
static const struct wl_step ask_once[] = {
	BEGIN("server"), ASK("peer", "$port", "#message"), ANSWERED("peer", "1"), { 0 } };
static const struct wl_step ask_two[] = {
	BEGIN("server"), ASK("peer", "$port", "#message", "#second"), ANSWERED("peer", "2"),
	{ WL_PRINTS, "server", "$second" }, { 0 } };
/* A server may print what it has to print as late as at its end. */
static const struct wl_step ask_two_and_press_enter[] = {
	BEGIN("server"), ASK("peer", "$port", "#message", "#second"), ANSWERED("peer", "2"),
	{ WL_PRINTS, "server", "$second" }, { WL_TYPE, "server", "" }, { WL_END, "server" }, { 0 } };
static const struct wl_step ask_three[] = {
	BEGIN("server"), ASK("$first", "$port", "#message"), ANSWERED("$first", "1"),
	ASK("neighbour", "$port_neighbour", "#second"), ANSWERED("neighbour", "1"),
	ASK("$last", "$port", "#third"), ANSWERED("$last", "1"), { WL_PRINTS, "server", "$third" }, { 0 } };

/* Five answers at a time, so that a server that takes its time is waited for. */
static int await_answers(struct wl_play *play, const struct wl_step *step)
{
	int count = atoi(wl_play_value(play, "times"));
	char answered[32];

	for (int i = count % 5; i <= count; i += 5) {
		const struct wl_step prints = { WL_PRINTS, "peer", answered };

		snprintf(answered, sizeof(answered), "answered %d", i);
		if (i > 0 && wl_play_step(play, &prints) < 0)
			return -1;
	}
	(void)step;
	return 0;
}
static const struct wl_step ask_many[] = {
	BEGIN("server"), ASK("peer", "$port", "--times", "$times", "#message"), { WL_CALL, .call = await_answers },
	{ WL_STOP, "peer" }, ASK("peer", "$port", "#second"), ANSWERED("peer", "1"), { WL_PRINTS, "server", "$second" },
	{ 0 } };
static const struct wl_step ask_late[] = {
	BEGIN("server"), { WL_PAUSE, .ms = 3000 }, ASK("peer", "$port", "#message"), ANSWERED("peer", "1"), { 0 } };
static const struct wl_step ask_again_late[] = {
	BEGIN("server"), ASK("peer", "$port", "#message"), ANSWERED("peer", "1"), { WL_STOP, "peer" },
	{ WL_PAUSE, .ms = 3000 }, ASK("peer", "$port", "#second"), ANSWERED("peer", "1"), { 0 } };

/* The plays of the client, and of both. */
#define TYPED { WL_TYPE, "client", "$message" }, { WL_END, "client" }
static const struct wl_step serve_client[] = { BEGIN("peer"), BEGIN("client"), TYPED, { 0 } };
static const struct wl_step serve_client_late[] = {
	BEGIN("peer"), BEGIN("client"), { WL_PAUSE, .ms = 3000 }, TYPED, { 0 } };
static const struct wl_step answer_otherwise[] = {
	{ WL_START, "peer", .args = { "49002", "#reply", "200" } }, /* who does not wait for it misses it */
	{ WL_READY, "peer" }, BEGIN("client"), TYPED, { 0 } };
static const struct wl_step answer_late[] = {
	{ WL_START, "peer", .args = { "49002", "#reply", "3000" } }, { WL_READY, "peer" }, BEGIN("client"),
	{ WL_TYPE, "client", "$message" }, { WL_PRINTS, "peer", "got" }, { WL_PAUSE, .ms = 3000 },
	{ WL_END, "client" }, { 0 } };
static const struct wl_step play_both[] = { BEGIN("server"), BEGIN("client"), TYPED, { 0 } };

#define TO(address) { "server_address", WL_DRAW_LITERAL, address }, { "port", WL_DRAW_PORT }
#define ASKED(...) VALUES(TO(SERVER_ADDRESS), __VA_ARGS__)
#define WORDS { "message", WL_DRAW_WORDS }
#define KOREAN { "message", WL_DRAW_KOREAN }
#define EMPTY { "message", WL_DRAW_LITERAL, "" }
#define LARGE { "message", WL_DRAW_WORDS, .len = 1500 }
#define BLANKS { "message", WL_DRAW_BLANKS }
#define NUL { "message", WL_DRAW_NUL }
#define NOT_UTF8 { "message", WL_DRAW_NOT_UTF8 }
#define SECOND { "second", WL_DRAW_WORDS }
#define THIRD { "third", WL_DRAW_WORDS }
#define REPLY { "reply", WL_DRAW_WORDS }
/* On two machines, from ports of the same number. */
#define TURN(name, number) { name, WL_DRAW_TURN, "peer stranger", .len = number }

#define SERVER_PLAY(name, text, values, steps)                                                      \
	static const struct wl_scenario name = { #name, text, &cable, server_asked, values, steps }
#define CLIENT_PLAY(name, text, actors, values, steps)                                              \
	static const struct wl_scenario name = { #name, text, &cable, actors, values, steps }

SERVER_PLAY(server_enter, N_("a peer asks udp_echo_server2 twice; then Enter is pressed"), ASKED(WORDS, SECOND),
	ask_and_press_enter);
SERVER_PLAY(server_korean, N_("a peer asks udp_echo_server2 with Korean text"), ASKED(KOREAN, SECOND),
	ask_two_and_press_enter);
SERVER_PLAY(server_empty, N_("a peer asks udp_echo_server2 with an empty datagram, then with text"),
	ASKED(EMPTY, SECOND), ask_two);
SERVER_PLAY(server_large, N_("a peer asks udp_echo_server2 with 1500 bytes"), ASKED(LARGE, SECOND), ask_two);
SERVER_PLAY(server_blanks, N_("a peer asks udp_echo_server2 with blanks at both ends"), ASKED(BLANKS, SECOND),
	ask_two_and_press_enter);
SERVER_PLAY(server_nul, N_("a peer asks udp_echo_server2 with NUL bytes"), ASKED(NUL, SECOND), ask_two);
SERVER_PLAY(server_not_utf8, N_("a peer asks udp_echo_server2 with bytes that are not UTF-8, then with text"),
	ASKED(NOT_UTF8, SECOND), ask_two);
SERVER_PLAY(server_many, N_("more than 20 datagrams come to udp_echo_server2, one after the other"),
	ASKED({ "times", WL_DRAW_NUMBER, "21..30" }, WORDS, SECOND), ask_many);
SERVER_PLAY(server_waits, N_("a peer asks udp_echo_server2 after 3 seconds"), ASKED(WORDS), ask_late);
SERVER_PLAY(server_waits_again, N_("a peer asks udp_echo_server2 twice, with 3 seconds between"),
	ASKED(WORDS, SECOND), ask_again_late);
static const struct wl_scenario server_clients = { "server_clients",
	N_("two peers on one machine and one on another ask udp_echo_server2"), &lan, server_asked_by_three,
	ASKED(TURN("first", 0), TURN("last", 1), { "port_neighbour", WL_DRAW_NUMBER, "40002..45000" },
		WORDS, SECOND, THIRD), ask_three };
static const struct wl_scenario server_loopback = { "server_loopback",
	N_("a peer on the same machine asks udp_echo_server2 at 127.0.0.1"), &alone, server_asked_alone,
	VALUES(TO("127.0.0.1"), WORDS), ask_once };

CLIENT_PLAY(client_cable, N_("udp_echo_client2 and the reference server over the cable"), client_served,
	VALUES(WORDS), serve_client);
CLIENT_PLAY(client_korean, N_("Korean text is typed into udp_echo_client2"), client_served, VALUES(KOREAN),
	serve_client);
CLIENT_PLAY(client_empty, N_("an empty line is typed into udp_echo_client2"), client_served, VALUES(EMPTY),
	serve_client);
CLIENT_PLAY(client_large, N_("a line of 1500 bytes is typed into udp_echo_client2"), client_served, VALUES(LARGE),
	serve_client);
CLIENT_PLAY(client_blanks, N_("a line with blanks at both ends is typed into udp_echo_client2"), client_served,
	VALUES(BLANKS), serve_client);
CLIENT_PLAY(client_waits_line, N_("the line is typed into udp_echo_client2 after 3 seconds"), client_served,
	VALUES(WORDS), serve_client_late);
CLIENT_PLAY(client_waits_reply, N_("the answer comes to udp_echo_client2 after 3 seconds"), client_answered,
	VALUES(WORDS, REPLY), answer_late);
CLIENT_PLAY(client_other, N_("udp_echo_client2 gets an answer with other data than it sent"), client_answered,
	VALUES(WORDS, REPLY), answer_otherwise);
static const struct wl_scenario client_loopback = { "client_loopback",
	N_("udp_echo_client2 and the reference server on one machine"), &alone, client_served_alone, VALUES(WORDS),
	serve_client };

CLIENT_PLAY(pair_cable, N_("udp_echo_server2 and udp_echo_client2 together, over the cable"), both, VALUES(WORDS),
	play_both);
static const struct wl_scenario pair_alone = { "pair_alone",
	N_("udp_echo_server2 and udp_echo_client2 together, on one machine"), &alone, both_alone, VALUES(WORDS),
	play_both };

/* Checks. */
#define ECHOED NEEDS("udp_class.client.line", "udp_class.client.prints_reply")
#define SERVER .actor = "server", .value = "$message", .port = PORT
#define CLIENT .actor = "client", .value = "$message", .port = PORT
#define ECHOES { wl_answers_same, SERVER }
#define ECHOES_EACH(times) { wl_answers_each, .actor = "server", .port = PORT, .nth = times }
#define PRINTS_DATA { wl_prints_value, SERVER, .label = "data =" }
#define PRINTS_CLIENT(name) { wl_prints_asker, .actor = "server", .value = name, .port = PORT, .label = "addr =" }
#define REPLIED { wl_prints_value, .actor = "client", .value = "$reply", .label = "recv data:" }
#define SENDS_ECHO { wl_sends_same, CLIENT }, { wl_prints_value, CLIENT, .label = "recv data:" }
/* What the client asks comes first: without it there is no question of which the server could be judged. */
#define PAIR CHECKS({ wl_sends_same, CLIENT }, ECHOES, SENDS_ECHO, { wl_ends_itself, CLIENT })

static const char course_server[] = "course, udp_echo_server2";
static const char course_client[] = "course, udp_echo_client2";

static const struct wl_requirement requirements[] = {
	{ "udp_class.server.opens", "udp_echo_server2",
		N_("The server opens a UDP socket on port 49002."),
		N_("A client can only find a server whose port it knows."),
		{ N_("Which call gives a socket its own port?"),
			N_("Look at bind() and at the order of address and port."),
			N_("Check that the socket is of the datagram kind and is bound before anything is received.") },
		course_server, &server_enter, NULL, 1, CHECKS({ wl_opens_udp, SERVER }) },
	{ "udp_class.server.answers", "udp_echo_server2",
		N_("The server answers the address and port from which the datagram came."),
		N_("UDP has no connection: the only way back is the address that came with the datagram."),
		{ N_("How does the server learn who sent the datagram?"),
			N_("One of the receiving calls also returns an address."),
			N_("The address that recvfrom() returns is the one to hand to sendto(), port included.") },
		course_server, &server_enter, NEEDS("udp_class.server.opens"), 2,
		CHECKS({ wl_answers_udp, SERVER }) },
	{ "udp_class.server.port", "udp_echo_server2",
		N_("The answer comes from port 49002 of the address that was asked."),
		N_("Clients and firewalls drop an answer from a port that nobody asked."),
		{ N_("From which socket is the answer sent?"),
			N_("A new socket gets a new port."),
			N_("Send with the socket that received.") },
		course_server, &server_enter, NEEDS("udp_class.server.answers"), 2,
		CHECKS({ wl_answers_from, SERVER }) },
	{ "udp_class.server.unchanged", "udp_echo_server2",
		N_("The answer carries the bytes of the question, no more and no fewer."),
		N_("An echo that changes what it hears is none."),
		{ N_("Is what you send the very object that you received?"),
			N_("Look at what happens to the data between receiving and sending."),
			N_("Keep the bytes for the answer; decode only a copy for printing.") },
		course_server, &server_enter, NEEDS("udp_class.server.answers"), 2,
		CHECKS({ wl_answers_same, SERVER }) },
	{ "udp_class.server.once", "udp_echo_server2", N_("The server sends one answer and nothing else."),
		N_("A second datagram would be read as the answer to the next question."),
		{ N_("How many datagrams leave the server for one that comes in?"),
			N_("Count the sending calls on the way through the program."),
			N_("One received datagram, one sendto().") },
		course_server, &server_enter, NEEDS("udp_class.server.answers"), 1,
		CHECKS({ wl_answers_once, SERVER }) },
	{ "udp_class.server.prints_address", "udp_echo_server2",
		N_("The server prints the client's address and port behind \"addr =\"."),
		N_("Who asked is the first thing to look at when something goes wrong."),
		{ N_("What does the terminal show of the client?"),
			N_("The address comes with the datagram, as a pair."),
			N_("Print the pair as it came, behind the label of the task.") },
		course_server, &server_enter, NEEDS("udp_class.server.answers"), 1,
		CHECKS({ wl_prints_asker, SERVER, .label = "addr =" }) },
	{ "udp_class.server.prints_data", "udp_echo_server2",
		N_("The server prints the text behind \"data =\"."),
		N_("Bytes become text only when somebody decodes them."),
		{ N_("What does the terminal show of the data?"), N_("Bytes and text are two things."),
			N_("Decode the bytes as UTF-8 and print them behind the label of the task.") },
		course_server, &server_enter, NEEDS("udp_class.server.answers"), 1,
		CHECKS({ wl_prints_value, SERVER, .label = "data =" }) },
	{ "udp_class.server.prompt", "udp_echo_server2",
		N_("The server prints \"Press the Enter key to exit.\" and goes on serving."),
		N_("Whoever sits at the terminal must know how to end the program."),
		{ N_("What does the terminal show when the server has started?"),
			N_("What is printed may stay in a buffer."),
			N_("Print the sentence of the task, and make sure that it is out, before you wait for the key.") },
		course_server, &server_enter, NEEDS("udp_class.server.answers"), 1,
		CHECKS({ wl_prompts, SERVER, .label = PROMPT }) },
	{ "udp_class.server.ends", "udp_echo_server2", N_("The server runs until Enter is pressed, and ends then."),
		N_("Two things wait at once, for the key and for a datagram; both must stop."),
		{ N_("Who still waits when Enter has been pressed?"),
			N_("A thread that sleeps in a receive is not woken by the closing of its socket."),
			N_("Let the receiving thread look from time to time whether it is to stop, or be one that does not hold up the end.") },
		course_server, &server_enter, NEEDS("udp_class.server.answers"), 2,
		CHECKS({ wl_ends_by_key, SERVER }) },
	{ "udp_class.server.again", "udp_echo_server2", N_("The server answers a second datagram, too."),
		N_("A server is there for the next question as well."),
		{ N_("What does the server do behind its first answer?"), N_("Is there a loop, and does it come round again?"),
			N_("Receive and answer in a loop that only the Enter key ends.") },
		course_server, &server_enter, NEEDS("udp_class.server.unchanged"), 2, CHECKS(ECHOES_EACH(2)) },
	{ "udp_class.server.many", "udp_echo_server2", N_("The server answers more than 20 datagrams, one after the other."),
		N_("Nobody knows how many questions will come."),
		{ N_("What is used up with every datagram?"), N_("Count what is opened and not closed, and the rounds of the loop."),
			N_("Serve without a limit, with one socket for all.") },
		course_server, &server_many, NEEDS("udp_class.server.again"), 1, CHECKS(ECHOES_EACH(22)) },
	{ "udp_class.server.clients", "udp_echo_server2",
		N_("Several clients, also on other machines, each get their own answer."),
		N_("One UDP socket serves everybody; only the address with each datagram tells who asked."),
		{ N_("Whose address is the answer sent to?"), N_("Is the address kept from an earlier datagram?"),
			N_("Take the address from the receive that gave the data, every time.") },
		course_server, &server_clients, NEEDS("udp_class.server.many"), 2, CHECKS(ECHOES_EACH(3)) },
	{ "udp_class.server.prints_each", "udp_echo_server2",
		N_("The server prints the text of every datagram behind \"data =\"."),
		N_("A log that leaves something out misleads."),
		{ N_("How often does the server print?"), N_("Does the print stand inside the loop?"),
			N_("Print once for each datagram that was received.") },
		course_server, &server_many, NEEDS("udp_class.server.many", "udp_class.server.prints_data"), 1,
		CHECKS({ wl_prints_each, .actor = "server", .port = PORT, .label = "data =", .nth = 22 }) },
	{ "udp_class.server.prints_clients", "udp_echo_server2",
		N_("The server prints the address and port of every client behind \"addr =\"."),
		N_("With several clients it matters who said what."),
		{ N_("Whose address is printed?"), N_("Is the address kept from an earlier datagram?"),
			N_("Print the address that came with this datagram.") },
		course_server, &server_clients, NEEDS("udp_class.server.clients", "udp_class.server.prints_address",
			"udp_class.server.prints_each"), 1,
		CHECKS(PRINTS_CLIENT("$message"), PRINTS_CLIENT("$second"), PRINTS_CLIENT("$third")) },
	{ "udp_class.server.korean", "udp_echo_server2",
		N_("Korean text comes back unchanged and is printed."),
		N_("One character of Hangul is three bytes in UTF-8."),
		{ N_("Does anything count characters where bytes are meant?"),
			N_("Look at the encoding that is used for printing."),
			N_("Echo the bytes; decode them as UTF-8 for the terminal.") },
		course_server, &server_korean,
		NEEDS("udp_class.server.unchanged", "udp_class.server.prints_data"), 1,
		CHECKS(ECHOES, { wl_prints_value, SERVER, .label = "data =" }) },
	{ "udp_class.server.empty", "udp_echo_server2",
		N_("An empty datagram is answered with an empty one, and the server goes on."),
		N_("On UDP an empty datagram is a message; only on TCP does an empty read mean the end."),
		{ N_("What does your program do when nothing is in the datagram?"),
			N_("An empty message is false in many languages."),
			N_("Answer whatever was received, even when its length is 0.") },
		"RFC 768; course, udp_echo_server2", &server_empty, NEEDS("udp_class.server.again"), 1,
		CHECKS(ECHOES, ECHOES_EACH(2)) },
	{ "udp_class.server.large", "udp_echo_server2", N_("1500 bytes come back whole."),
		N_("What does not fit into the receive buffer is lost: UDP cuts it off."),
		{ N_("How much does one receive take at most?"),
			N_("The course's buffer holds a whole Ethernet payload."),
			N_("Give the receiving call room for 1500 bytes.") },
		course_server, &server_large, NEEDS("udp_class.server.unchanged"), 1, CHECKS(ECHOES) },
	{ "udp_class.server.blanks", "udp_echo_server2",
		N_("Blanks at both ends of the text come back and are printed."),
		N_("Blanks are data too."),
		{ N_("Does anything trim the text?"), N_("Look for strip(), split() or scanf(\"%s\")."),
			N_("Echo and print the data as they came.") },
		course_server, &server_blanks,
		NEEDS("udp_class.server.unchanged", "udp_class.server.prints_data"), 1,
		CHECKS(ECHOES, { wl_prints_value, SERVER, .label = "data =" }) },
	{ "udp_class.server.nul", "udp_echo_server2", N_("NUL bytes inside and at the end come back."),
		N_("A datagram has a length; a NUL byte does not end it."),
		{ N_("How does your program know how long the answer is?"),
			N_("In C, strlen() stops at the first NUL byte."),
			N_("Use the number that the receiving call returned.") },
		"RFC 768; course, udp_echo_server2", &server_nul, NEEDS("udp_class.server.unchanged"), 1,
		CHECKS(ECHOES) },
	{ "udp_class.server.loopback", "udp_echo_server2",
		N_("The server can be reached at 127.0.0.1 as well as over the cable."),
		N_("A socket that is bound to one address hears that address alone."),
		{ N_("To which address is the socket bound?"), N_("There is an address that stands for all."),
			N_("Compare binding to one interface with binding to 0.0.0.0.") },
		course_server, &server_loopback, NEEDS("udp_class.server.unchanged"), 2, CHECKS(ECHOES) },
	{ "udp_class.server.waits", "udp_echo_server2",
		N_("The server waits as long as it takes for the first datagram (3 seconds are tried)."),
		N_("A server cannot know when somebody will ask."),
		{ N_("What happens when nobody asks for a while?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever.") },
		course_server, &server_waits, NEEDS("udp_class.server.unchanged"), 1, CHECKS(ECHOES) },
	{ "udp_class.server.waits_again", "udp_echo_server2",
		N_("The server waits as long as it takes for the next datagram (3 seconds are tried)."),
		N_("A server cannot know when somebody will ask."),
		{ N_("What happens when nobody asks for a while?"), N_("Is there a timeout on the socket?"),
			N_("When a timeout passes, go round the loop again instead of ending.") },
		course_server, &server_waits_again, NEEDS("udp_class.server.again", "udp_class.server.waits"), 1,
		CHECKS(ECHOES_EACH(2)) },
	{ "udp_class.server.not_utf8", "udp_echo_server2",
		N_("Bytes that are not UTF-8 come back unchanged, too, and the server goes on."),
		N_("A server that can be stopped by one strange datagram will be."),
		{ N_("What if the bytes cannot be decoded?"), N_("Which comes first, the answer or the printing?"),
			N_("Answer first; print in a way that cannot fail.") },
		"RFC 768", &server_not_utf8, NEEDS("udp_class.server.again"), 0, CHECKS(ECHOES, ECHOES_EACH(2)) },

	{ "udp_class.client.sends", "udp_echo_client2",
		N_("The client sends a datagram to UDP port 49002 when a line was typed."),
		N_("The server hears only what is sent to its port."),
		{ N_("Where does the datagram go?"), N_("Address and port go together in one call."),
			N_("Check the kind of the socket, the port number, and that the line is encoded and sent.") },
		course_client, &client_cable, NULL, 1, CHECKS({ wl_sends_udp, CLIENT }) },
	{ "udp_class.client.line", "udp_echo_client2",
		N_("The datagram carries the typed line, without its newline and with nothing else."),
		N_("What is sent is what the server will send back."),
		{ N_("What exactly is in the datagram?"), N_("Compare its length with that of the line."),
			N_("Some ways of reading a line keep the newline; some ways of sending add a byte.") },
		course_client, &client_cable, NEEDS("udp_class.client.sends"), 1,
		CHECKS({ wl_sends_same, CLIENT }) },
	{ "udp_class.client.prompt", "udp_echo_client2",
		N_("The client asks for the line with \"data: \"."),
		N_("Whoever sits at the terminal must know that it is their turn."),
		{ N_("What does the terminal show before you type?"),
			N_("A prompt without a newline may stay in a buffer."),
			N_("Print the prompt of the task and make sure it is out before reading.") },
		course_client, &client_cable, NEEDS("udp_class.client.sends"), 1,
		CHECKS({ wl_prompts, CLIENT, .label = "data:" }) },
	{ "udp_class.client.once", "udp_echo_client2",
		N_("The client sends one datagram, and none before the line is typed."),
		N_("Every datagram is a question that the server answers."),
		{ N_("How many datagrams leave for one line?"), N_("Look for a loop around the sending call."),
			N_("One line, one sendto().") },
		course_client, &client_cable, NEEDS("udp_class.client.sends"), 1,
		CHECKS({ wl_sends_once, CLIENT }, { wl_sends_after_line, CLIENT }) },
	{ "udp_class.client.prints_reply", "udp_echo_client2",
		N_("The client prints the answer that it received behind \"recv data:\"."),
		N_("Only what came back shows that somebody answered."),
		{ N_("Is what you print what you received, or what you sent?"),
			N_("Follow the received bytes to the print."),
			N_("Decode what the receiving call returned and print that behind the label of the task.") },
		course_client, &client_other, NEEDS("udp_class.client.sends"), 2,
		CHECKS({ wl_sends_udp, CLIENT }, REPLIED) },
	{ "udp_class.client.ends", "udp_echo_client2", N_("The client ends after one answer."),
		N_("One question, one answer: then the program is done."),
		{ N_("What does the program do behind the print?"), N_("Is there a loop around it?"),
			N_("Send once, receive once, print, close.") },
		course_client, &client_cable, NEEDS("udp_class.client.prints_reply"), 1,
		CHECKS({ wl_sends_udp, CLIENT }, { wl_ends_itself, CLIENT }) },
	{ "udp_class.client.korean", "udp_echo_client2",
		N_("Korean text is sent as UTF-8 and printed when it comes back."),
		N_("The network carries bytes, so both sides must agree on the encoding."),
		{ N_("In which encoding does the text leave?"), N_("One character of Hangul is three bytes."),
			N_("Encode and decode as UTF-8, and count bytes, not characters.") },
		course_client, &client_korean, ECHOED, 1, CHECKS(SENDS_ECHO) },
	{ "udp_class.client.empty", "udp_echo_client2", N_("An empty line is sent as an empty datagram."),
		N_("On UDP an empty datagram is a message like any other."),
		{ N_("What happens when only Enter is pressed?"), N_("Is a newline sent, or nothing at all?"),
			N_("Send the line without its newline, whatever its length.") },
		"RFC 768; course, udp_echo_client2", &client_empty, ECHOED, 1,
		CHECKS(SENDS_ECHO) },
	{ "udp_class.client.large", "udp_echo_client2",
		N_("A line of 1500 bytes is sent in one datagram and printed whole."),
		N_("A message on UDP is one datagram; the network layer may cut it and puts it together again."),
		{ N_("How long a line can your program read, send and receive?"), N_("Look at the sizes of buffers."),
			N_("Give reading, sending and receiving room for 1500 bytes.") },
		course_client, &client_large, ECHOED, 1, CHECKS(SENDS_ECHO) },
	{ "udp_class.client.blanks", "udp_echo_client2",
		N_("Blanks at both ends of the line are sent and printed."), N_("Blanks are data too."),
		{ N_("Does anything trim the line?"), N_("Look for strip(), split() or scanf(\"%s\")."),
			N_("Cut off the newline and nothing else.") },
		course_client, &client_blanks, ECHOED, 1, CHECKS(SENDS_ECHO) },
	{ "udp_class.client.loopback", "udp_echo_client2",
		N_("With the server on the same machine, the exchange goes over 127.0.0.1."),
		N_("The first try of a network program is on one machine."),
		{ N_("Which address does the client call?"), N_("One address always means this machine."),
			N_("Check the server address of the task.") },
		course_client, &client_loopback, ECHOED, 1, CHECKS(SENDS_ECHO) },
	{ "udp_class.client.waits_line", "udp_echo_client2",
		N_("The client waits for the line as long as it takes (3 seconds are tried)."),
		N_("People type slowly."),
		{ N_("What happens while nothing is typed?"), N_("Is there a timeout or a default text?"),
			N_("Reading a line waits by itself.") },
		course_client, &client_waits_line,
		NEEDS("udp_class.client.line", "udp_class.client.prints_reply", "udp_class.client.once"), 1,
		CHECKS({ wl_sends_after_line, CLIENT }, SENDS_ECHO) },
	{ "udp_class.client.waits_reply", "udp_echo_client2",
		N_("The client waits for the answer as long as it takes (3 seconds are tried), and does not ask again."),
		N_("An answer may be slow; a client that gives up has lost it."),
		{ N_("What happens when the answer is late?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever.") },
		course_client, &client_waits_reply,
		NEEDS("udp_class.client.line", "udp_class.client.prints_reply", "udp_class.client.once"), 1,
		CHECKS(REPLIED, { wl_sends_once, CLIENT }) },

	{ "udp_class.pair", "pair", N_("Server and client work together over the cable."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak to the same port?"), N_("Look at the requirements of each half first."),
			N_("Compare address, port and encoding of the two programs.") },
		"course, udp_echo_server2 and udp_echo_client2", &pair_cable,
		NEEDS("udp_class.server.unchanged", "udp_class.client.line", "udp_class.client.prints_reply", "udp_class.client.ends"), 1, PAIR },
	{ "udp_class.pair_alone", "pair", N_("Server and client work together on one machine."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak to the same port?"), N_("Look at the requirements of each half first."),
			N_("Compare address, port and encoding of the two programs.") },
		"course, udp_echo_server2 and udp_echo_client2", &pair_alone,
		NEEDS("udp_class.pair", "udp_class.server.loopback", "udp_class.client.loopback"), 1, PAIR },
	{ NULL },
};

/* The task, sentence by sentence. README.md says it in the same words, in both languages. */
static const struct wl_sentence task[] = {
	{ "udp_echo_server2",
		N_("The server waits for the first datagram and for each further one on UDP port 49002, as long as it takes, and can be "
			"reached over the cable and at 127.0.0.1."),
		NAMES("udp_class.server.opens", "udp_class.server.loopback", "udp_class.server.waits", "udp_class.server.waits_again") },
	{ "udp_echo_server2",
		N_("The server sends one answer to each datagram and nothing else, from port 49002 of the address that was asked to the "
			"address and port that asked."),
		NAMES("udp_class.server.answers", "udp_class.server.port", "udp_class.server.once") },
	{ "udp_echo_server2",
		N_("Any number of datagrams, from any number of clients, also on other machines, are answered."),
		NAMES("udp_class.server.again", "udp_class.server.many", "udp_class.server.clients") },
	{ "udp_echo_server2",
		N_("The answer carries the very bytes of the question: Korean text, blanks at both ends, NUL bytes, 1500 bytes, or none "
			"at all."),
		NAMES("udp_class.server.unchanged", "udp_class.server.korean", "udp_class.server.empty", "udp_class.server.large",
			"udp_class.server.blanks", "udp_class.server.nul") },
	{ "udp_echo_server2",
		N_("For every datagram the server prints the client's address and port behind \"addr =\", and the text, as it came, "
			"behind \"data =\"."),
		NAMES("udp_class.server.prints_address", "udp_class.server.prints_data", "udp_class.server.prints_each",
			"udp_class.server.prints_clients") },
	{ "udp_echo_server2",
		N_("The server prints \"Press the Enter key to exit.\", serves until Enter is pressed, and ends then."),
		NAMES("udp_class.server.prompt", "udp_class.server.ends") },
	{ "udp_echo_server2",
		N_("Bytes that are not UTF-8 are answered as well, and the server goes on (advice, without points)."),
		NAMES("udp_class.server.not_utf8") },
	{ "udp_echo_client2",
		N_("The client asks for a line with \"data: \" and waits for it as long as it takes."),
		NAMES("udp_class.client.prompt", "udp_class.client.waits_line") },
	{ "udp_echo_client2",
		N_("The client sends the line, in UTF-8 and without its newline, as one datagram to UDP port 49002 of 127.0.0.1."),
		NAMES("udp_class.client.sends", "udp_class.client.line", "udp_class.client.once", "udp_class.client.loopback") },
	{ "udp_echo_client2",
		N_("Korean text, an empty line, a line of 1500 bytes and blanks at both ends are sent and printed like any other line."),
		NAMES("udp_class.client.korean", "udp_class.client.empty", "udp_class.client.large", "udp_class.client.blanks") },
	{ "udp_echo_client2",
		N_("The client waits for the answer as long as it takes, without asking again, and prints it behind \"recv data:\"."),
		NAMES("udp_class.client.prints_reply", "udp_class.client.waits_reply") },
	{ "udp_echo_client2",
		N_("When one answer is printed the client ends."),
		NAMES("udp_class.client.ends") },
	{ "pair",
		N_("Your server and your client work together, over a cable and on one machine."),
		NAMES("udp_class.pair", "udp_class.pair_alone") },
	{ NULL },
};

const struct wl_lesson lesson_udp_class = { "udp_class", N_("UDP echo with a class"), roles, requirements, task };
