/*
 * udp_echo: one datagram goes to a server and comes back unchanged.
 *
 * The server is asked by udp_prober, which does nothing but ask and listen; the client talks to the reference server or to
 * udp_answerer, which answers with other data, late, or not at all. A server answers one datagram, so each kind of payload is a
 * performance of its own. On the cable the client's 127.0.0.1 leads to the server's host.
 */
#include "harness/checks.h"
#include "harness/lesson.h"

#include <netinet/in.h>

#define PORT 49002
#define CLIENT_ADDRESS "10.77.0.1"
#define SERVER_ADDRESS "10.77.0.2"

static const struct wl_role roles[] = {
	{ "udp_echo_server", N_("answers one datagram on UDP port 49002 with the same bytes"),
		.ready = { WL_READY_UDP, .port = PORT } },
	{ "udp_echo_client", N_("sends the typed line to UDP port 49002 and prints the answer"),
		.ready = { WL_READY_PROMPT, .prompt = "payload:" } },
	{ NULL },
};

/* Two hosts on a cable; what the client's host sends to the port, to whatever address, reaches the server's host. */
static const struct wl_stage cable = { NAMES("client", "server"),
	CABLES({ "client", CLIENT_ADDRESS "/24" }, { "server", SERVER_ADDRESS "/24" }),
	.leads = LEADS({ "client", IPPROTO_UDP, PORT, SERVER_ADDRESS }) };

/* One host; everything goes over lo, whatever address was called. */
static const struct wl_stage alone = { NAMES("host"), CABLES({ "host", SERVER_ADDRESS "/24" }),
	.leads = LEADS({ "host", IPPROTO_UDP, PORT, "127.0.0.1" }) };

#define OURS_READY { WL_READY_UDP, .port = PORT }

static const struct wl_actor server_asked[] = {
	{ "server", "server", .role = "udp_echo_server" },
	{ "peer", "client", .program = "udp_prober" },
	{ NULL },
};
static const struct wl_actor server_asked_alone[] = {
	{ "server", "host", .role = "udp_echo_server" },
	{ "peer", "host", .program = "udp_prober" },
	{ NULL },
};
static const struct wl_actor client_served[] = {
	{ "client", "client", .role = "udp_echo_client" },
	{ "peer", "server", .program = "udp_echo_server", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor client_served_alone[] = {
	{ "client", "host", .role = "udp_echo_client" },
	{ "peer", "host", .program = "udp_echo_server", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor client_answered[] = {
	{ "client", "client", .role = "udp_echo_client" },
	{ "peer", "server", .program = "udp_answerer", .ready = OURS_READY },
	{ NULL },
};
static const struct wl_actor both[] = {
	{ "server", "server", .role = "udp_echo_server" },
	{ "client", "client", .role = "udp_echo_client" },
	{ NULL },
};
static const struct wl_actor both_alone[] = {
	{ "server", "host", .role = "udp_echo_server" },
	{ "client", "host", .role = "udp_echo_client" },
	{ NULL },
};

/* The plays. */
static const struct wl_step ask_server[] = {
	{ WL_START, "server" },
	{ WL_READY, "server" },
	{ WL_START, "peer", .args = { "$server_address", "49002", "$port", "#message" } },
	{ WL_PRINTS, "peer", "sent" },
	{ WL_END, "server" },
	{ 0 },
};
static const struct wl_step ask_server_late[] = {
	{ WL_START, "server" },
	{ WL_READY, "server" },
	{ WL_PAUSE, .ms = 3000 },
	{ WL_START, "peer", .args = { "$server_address", "49002", "$port", "#message" } },
	{ WL_PRINTS, "peer", "sent" },
	{ WL_END, "server" },
	{ 0 },
};
static const struct wl_step serve_client[] = {
	{ WL_START, "peer" },
	{ WL_READY, "peer" },
	{ WL_START, "client" },
	{ WL_READY, "client" },
	{ WL_TYPE, "client", "$message" },
	{ WL_END, "client" },
	{ 0 },
};
static const struct wl_step serve_client_late[] = {
	{ WL_START, "peer" },
	{ WL_READY, "peer" },
	{ WL_START, "client" },
	{ WL_READY, "client" },
	{ WL_PAUSE, .ms = 3000 },
	{ WL_TYPE, "client", "$message" },
	{ WL_END, "client" },
	{ 0 },
};
static const struct wl_step answer_otherwise[] = {
	{ WL_START, "peer", .args = { "49002", "say", "#reply", "200" } }, /* who does not wait for it misses it */
	{ WL_READY, "peer" },
	{ WL_START, "client" },
	{ WL_READY, "client" },
	{ WL_TYPE, "client", "$message" },
	{ WL_END, "client" },
	{ 0 },
};
static const struct wl_step answer_late[] = {
	{ WL_START, "peer", .args = { "49002", "say", "#reply", "3000" } },
	{ WL_READY, "peer" },
	{ WL_START, "client" },
	{ WL_READY, "client" },
	{ WL_TYPE, "client", "$message" },
	{ WL_PRINTS, "peer", "got" },
	{ WL_PAUSE, .ms = 3000 },
	{ WL_END, "client" },
	{ 0 },
};
static const struct wl_step play_both[] = {
	{ WL_START, "server" },
	{ WL_READY, "server" },
	{ WL_START, "client" },
	{ WL_READY, "client" },
	{ WL_TYPE, "client", "$message" },
	{ WL_END, "client" },
	{ WL_END, "server" },
	{ 0 },
};

#define ADDRESS(address) { "server_address", WL_DRAW_LITERAL, address }
#define SOURCE_PORT { "port", WL_DRAW_PORT }
#define ASKED(...) VALUES(ADDRESS(SERVER_ADDRESS), SOURCE_PORT, __VA_ARGS__)
#define WORDS { "message", WL_DRAW_WORDS, .len = 12, .most = 24, .step = 1 }
#define KOREAN { "message", WL_DRAW_KOREAN }
#define EMPTY { "message", WL_DRAW_LITERAL, "" }
#define LARGE { "message", WL_DRAW_WORDS, .len = 1500 }
#define BLANKS { "message", WL_DRAW_BLANKS }
#define NUL { "message", WL_DRAW_NUL }
#define NOT_UTF8 { "message", WL_DRAW_NOT_UTF8 }

static const struct wl_scenario server_cable = { "server_cable",
	N_("a peer over the cable asks udp_echo_server"), &cable, server_asked, ASKED(WORDS), ask_server };
static const struct wl_scenario server_korean = { "server_korean",
	N_("a peer asks udp_echo_server with Korean text"), &cable, server_asked, ASKED(KOREAN), ask_server };
static const struct wl_scenario server_empty = { "server_empty",
	N_("a peer asks udp_echo_server with an empty datagram"), &cable, server_asked, ASKED(EMPTY),
	ask_server };
static const struct wl_scenario server_large = { "server_large",
	N_("a peer asks udp_echo_server with 1500 bytes"), &cable, server_asked, ASKED(LARGE), ask_server };
static const struct wl_scenario server_blanks = { "server_blanks",
	N_("a peer asks udp_echo_server with blanks at both ends"), &cable, server_asked, ASKED(BLANKS),
	ask_server };
static const struct wl_scenario server_nul = { "server_nul",
	N_("a peer asks udp_echo_server with NUL bytes"), &cable, server_asked,
	ASKED(NUL), ask_server };
static const struct wl_scenario server_not_utf8 = { "server_not_utf8",
	N_("a peer asks udp_echo_server with bytes that are not UTF-8"), &cable, server_asked,
	ASKED(NOT_UTF8), ask_server };
static const struct wl_scenario server_loopback = { "server_loopback",
	N_("a peer on the same machine asks udp_echo_server at 127.0.0.1"), &alone, server_asked_alone,
	VALUES(ADDRESS("127.0.0.1"), SOURCE_PORT, WORDS), ask_server };
static const struct wl_scenario server_waits = { "server_waits",
	N_("a peer asks udp_echo_server after 3 seconds"), &cable, server_asked, ASKED(WORDS),
	ask_server_late };

static const struct wl_scenario client_cable = { "client_cable",
	N_("udp_echo_client and the reference server over the cable"), &cable, client_served, VALUES(WORDS),
	serve_client };
static const struct wl_scenario client_korean = { "client_korean",
	N_("Korean text is typed into udp_echo_client"), &cable, client_served, VALUES(KOREAN),
	serve_client };
static const struct wl_scenario client_empty = { "client_empty",
	N_("an empty line is typed into udp_echo_client"), &cable, client_served, VALUES(EMPTY),
	serve_client };
static const struct wl_scenario client_large = { "client_large",
	N_("a line of 1500 bytes is typed into udp_echo_client"), &cable, client_served, VALUES(LARGE),
	serve_client };
static const struct wl_scenario client_blanks = { "client_blanks",
	N_("a line with blanks at both ends is typed into udp_echo_client"), &cable, client_served,
	VALUES(BLANKS), serve_client };
static const struct wl_scenario client_loopback = { "client_loopback",
	N_("udp_echo_client and the reference server on one machine"), &alone, client_served_alone,
	VALUES(WORDS), serve_client };
static const struct wl_scenario client_waits_line = { "client_waits_line",
	N_("the line is typed into udp_echo_client after 3 seconds"), &cable, client_served, VALUES(WORDS),
	serve_client_late };
static const struct wl_scenario client_waits_reply = { "client_waits_reply",
	N_("the answer comes to udp_echo_client after 3 seconds"), &cable, client_answered,
	VALUES(WORDS, { "reply", WL_DRAW_WORDS }), answer_late };
static const struct wl_scenario client_other = { "client_other",
	N_("udp_echo_client gets an answer with other data than it sent"), &cable, client_answered,
	VALUES(WORDS, { "reply", WL_DRAW_WORDS }), answer_otherwise };

static const struct wl_scenario pair_cable = { "pair_cable",
	N_("udp_echo_server and udp_echo_client together, over the cable"), &cable, both, VALUES(WORDS),
	play_both };
static const struct wl_scenario pair_alone = { "pair_alone",
	N_("udp_echo_server and udp_echo_client together, on one machine"), &alone, both_alone,
	VALUES(WORDS), play_both };

/* Checks. */
#define ECHOED NEEDS("udp_echo.client.line", "udp_echo.client.prints_reply")
#define SERVER .actor = "server", .value = "$message", .port = PORT
#define CLIENT .actor = "client", .value = "$message", .port = PORT
#define ECHOES { wl_answers_same, SERVER }
#define PRINTS_REPLY { wl_prints_value, .actor = "client", .value = "$reply", .label = "recv_data =" }
#define SENDS_ECHO { wl_sends_same, CLIENT }, { wl_prints_value, CLIENT, .label = "recv_data =" }
/* What the client asks comes first: without it there is no question of which the server could be judged. */
#define PAIR CHECKS({ wl_sends_same, CLIENT }, ECHOES, SENDS_ECHO, { wl_ends_itself, CLIENT })

static const char course_server[] = "course, udp_echo_server";
static const char course_client[] = "course, udp_echo_client";

static const struct wl_requirement requirements[] = {
	{ "udp_echo.server.opens", "udp_echo_server",
		N_("The server opens a UDP socket on port 49002."),
		N_("A client can only find a server whose port it knows."),
		{ N_("Which call gives a socket its own port?"),
			N_("Look at bind() and at the order of address and port."),
			N_("Check that the socket is of the datagram kind and is bound before anything is received.") },
		course_server, &server_cable, NULL, 1, CHECKS({ wl_opens_udp, SERVER }) },
	{ "udp_echo.server.answers", "udp_echo_server",
		N_("The server answers the address and port from which the datagram came."),
		N_("UDP has no connection: the only way back is the address that came with the datagram."),
		{ N_("How does the server learn who sent the datagram?"),
			N_("One of the receiving calls also returns an address."),
			N_("The address that recvfrom() returns is the one to hand to sendto(), port included.") },
		course_server, &server_cable, NEEDS("udp_echo.server.opens"), 2,
		CHECKS({ wl_answers_udp, SERVER }) },
	{ "udp_echo.server.port", "udp_echo_server",
		N_("The answer comes from port 49002 of the address that was asked."),
		N_("Clients and firewalls drop an answer from a port that nobody asked."),
		{ N_("From which socket is the answer sent?"),
			N_("A new socket gets a new port."),
			N_("Send with the socket that received.") },
		course_server, &server_cable, NEEDS("udp_echo.server.answers"), 2,
		CHECKS({ wl_answers_from, SERVER }) },
	{ "udp_echo.server.unchanged", "udp_echo_server",
		N_("The answer carries the bytes of the question, no more and no fewer."),
		N_("An echo that changes what it hears is none."),
		{ N_("Is what you send the very object that you received?"),
			N_("Look at what happens to the data between receiving and sending."),
			N_("Keep the bytes for the answer; decode only a copy for printing.") },
		course_server, &server_cable, NEEDS("udp_echo.server.answers"), 2,
		CHECKS({ wl_answers_same, SERVER }) },
	{ "udp_echo.server.once", "udp_echo_server", N_("The server sends one answer and nothing else."),
		N_("A second datagram would be read as the answer to the next question."),
		{ N_("How many datagrams leave the server for one that comes in?"),
			N_("Count the sending calls on the way through the program."),
			N_("One received datagram, one sendto().") },
		course_server, &server_cable, NEEDS("udp_echo.server.answers"), 1,
		CHECKS({ wl_answers_once, SERVER }) },
	{ "udp_echo.server.prints_address", "udp_echo_server",
		N_("The server prints the client's address and port behind \"addr =\"."),
		N_("Who asked is the first thing to look at when something goes wrong."),
		{ N_("What does the terminal show of the client?"),
			N_("The address comes with the datagram, as a pair."),
			N_("Print the pair as it came, behind the label of the task.") },
		course_server, &server_cable, NEEDS("udp_echo.server.answers"), 1,
		CHECKS({ wl_prints_asker, SERVER, .label = "addr =" }) },
	{ "udp_echo.server.prints_data", "udp_echo_server",
		N_("The server prints the text behind \"data =\"."),
		N_("Bytes become text only when somebody decodes them."),
		{ N_("What does the terminal show of the data?"), N_("Bytes and text are two things."),
			N_("Decode the bytes as UTF-8 and print them behind the label of the task.") },
		course_server, &server_cable, NEEDS("udp_echo.server.answers"), 1,
		CHECKS({ wl_prints_value, SERVER, .label = "data =" }) },
	{ "udp_echo.server.ends", "udp_echo_server", N_("The server ends after one datagram."),
		N_("This server shows one exchange; one that goes on is the next lesson."),
		{ N_("What comes behind the answer?"), N_("Is there a loop around it?"),
			N_("Receive once, answer once, close, and let the program reach its end.") },
		course_server, &server_cable, NEEDS("udp_echo.server.answers"), 1,
		CHECKS({ wl_ends_itself, SERVER }) },
	{ "udp_echo.server.korean", "udp_echo_server",
		N_("Korean text comes back unchanged and is printed."),
		N_("One character of Hangul is three bytes in UTF-8."),
		{ N_("Does anything count characters where bytes are meant?"),
			N_("Look at the encoding that is used for printing."),
			N_("Echo the bytes; decode them as UTF-8 for the terminal.") },
		course_server, &server_korean,
		NEEDS("udp_echo.server.unchanged", "udp_echo.server.prints_data"), 1,
		CHECKS(ECHOES, { wl_prints_value, SERVER, .label = "data =" }) },
	{ "udp_echo.server.empty", "udp_echo_server", N_("An empty datagram is answered with an empty one."),
		N_("On UDP an empty datagram is a message; only on TCP does an empty read mean the end."),
		{ N_("What does your program do when nothing is in the datagram?"),
			N_("An empty message is false in many languages."),
			N_("Answer whatever was received, even when its length is 0.") },
		"RFC 768; course, udp_echo_server", &server_empty, NEEDS("udp_echo.server.unchanged"), 1,
		CHECKS(ECHOES) },
	{ "udp_echo.server.large", "udp_echo_server", N_("1500 bytes come back whole."),
		N_("What does not fit into the receive buffer is lost: UDP cuts it off."),
		{ N_("How much does one receive take at most?"),
			N_("The course's buffer holds a whole Ethernet payload."),
			N_("Give the receiving call room for 1500 bytes.") },
		course_server, &server_large, NEEDS("udp_echo.server.unchanged"), 1, CHECKS(ECHOES) },
	{ "udp_echo.server.blanks", "udp_echo_server",
		N_("Blanks at both ends of the text come back and are printed."),
		N_("Blanks are data too."),
		{ N_("Does anything trim the text?"), N_("Look for strip(), split() or scanf(\"%s\")."),
			N_("Echo and print the data as they came.") },
		course_server, &server_blanks,
		NEEDS("udp_echo.server.unchanged", "udp_echo.server.prints_data"), 1,
		CHECKS(ECHOES, { wl_prints_value, SERVER, .label = "data =" }) },
	{ "udp_echo.server.nul", "udp_echo_server", N_("NUL bytes inside and at the end come back."),
		N_("A datagram has a length; a NUL byte does not end it."),
		{ N_("How does your program know how long the answer is?"),
			N_("In C, strlen() stops at the first NUL byte."),
			N_("Use the number that the receiving call returned.") },
		"RFC 768; course, udp_echo_server", &server_nul, NEEDS("udp_echo.server.unchanged"), 1,
		CHECKS(ECHOES) },
	{ "udp_echo.server.loopback", "udp_echo_server",
		N_("The server can be reached at 127.0.0.1 as well as over the cable."),
		N_("A socket that is bound to one address hears that address alone."),
		{ N_("To which address is the socket bound?"), N_("There is an address that stands for all."),
			N_("Compare binding to one interface with binding to 0.0.0.0.") },
		course_server, &server_loopback, NEEDS("udp_echo.server.unchanged"), 2, CHECKS(ECHOES) },
	{ "udp_echo.server.waits", "udp_echo_server",
		N_("The server waits as long as it takes for the datagram (3 seconds are tried)."),
		N_("A server cannot know when somebody will ask."),
		{ N_("What happens when nobody asks for a while?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever.") },
		course_server, &server_waits, NEEDS("udp_echo.server.unchanged"), 1, CHECKS(ECHOES) },
	{ "udp_echo.server.not_utf8", "udp_echo_server",
		N_("Bytes that are not UTF-8 come back unchanged, too."),
		N_("A server that can be stopped by one strange datagram will be."),
		{ N_("What if the bytes cannot be decoded?"), N_("Which comes first, the answer or the printing?"),
			N_("Answer first; print in a way that cannot fail.") },
		"RFC 768", &server_not_utf8, NEEDS("udp_echo.server.unchanged"), 0, CHECKS(ECHOES) },

	{ "udp_echo.client.sends", "udp_echo_client",
		N_("The client sends a datagram to UDP port 49002 when a line was typed."),
		N_("The server hears only what is sent to its port."),
		{ N_("Where does the datagram go?"), N_("Address and port go together in one call."),
			N_("Check the kind of the socket, the port number, and that the line is encoded and sent.") },
		course_client, &client_cable, NULL, 1, CHECKS({ wl_sends_udp, CLIENT }) },
	{ "udp_echo.client.line", "udp_echo_client",
		N_("The datagram carries the typed line, without its newline and with nothing else."),
		N_("What is sent is what the server will send back."),
		{ N_("What exactly is in the datagram?"), N_("Compare its length with that of the line."),
			N_("Some ways of reading a line keep the newline; some ways of sending add a byte.") },
		course_client, &client_cable, NEEDS("udp_echo.client.sends"), 1,
		CHECKS({ wl_sends_same, CLIENT }) },
	{ "udp_echo.client.prompt", "udp_echo_client",
		N_("The client asks for the line with \"payload: \"."),
		N_("Whoever sits at the terminal must know that it is their turn."),
		{ N_("What does the terminal show before you type?"),
			N_("A prompt without a newline may stay in a buffer."),
			N_("Print the prompt of the task and make sure it is out before reading.") },
		course_client, &client_cable, NEEDS("udp_echo.client.sends"), 1,
		CHECKS({ wl_prompts, CLIENT, .label = "payload:" }) },
	{ "udp_echo.client.once", "udp_echo_client",
		N_("The client sends one datagram, and none before the line is typed."),
		N_("Every datagram is a question that the server answers."),
		{ N_("How many datagrams leave for one line?"), N_("Look for a loop around the sending call."),
			N_("One line, one sendto().") },
		course_client, &client_cable, NEEDS("udp_echo.client.sends"), 1,
		CHECKS({ wl_sends_once, CLIENT }, { wl_sends_after_line, CLIENT }) },
	{ "udp_echo.client.prints_reply", "udp_echo_client",
		N_("The client prints the answer that it received behind \"recv_data =\"."),
		N_("Only what came back shows that somebody answered."),
		{ N_("Is what you print what you received, or what you sent?"),
			N_("Follow the received bytes to the print."),
			N_("Decode what the receiving call returned and print that behind the label of the task.") },
		course_client, &client_other, NEEDS("udp_echo.client.sends"), 2,
		CHECKS({ wl_sends_udp, CLIENT }, PRINTS_REPLY) },
	{ "udp_echo.client.ends", "udp_echo_client", N_("The client ends after one answer."),
		N_("One question, one answer: then the program is done."),
		{ N_("What does the program do behind the print?"), N_("Is there a loop around it?"),
			N_("Send once, receive once, print, close.") },
		course_client, &client_cable, NEEDS("udp_echo.client.prints_reply"), 1,
		CHECKS({ wl_sends_udp, CLIENT }, { wl_ends_itself, CLIENT }) },
	{ "udp_echo.client.korean", "udp_echo_client",
		N_("Korean text is sent as UTF-8 and printed when it comes back."),
		N_("The network carries bytes, so both sides must agree on the encoding."),
		{ N_("In which encoding does the text leave?"), N_("One character of Hangul is three bytes."),
			N_("Encode and decode as UTF-8, and count bytes, not characters.") },
		course_client, &client_korean, ECHOED, 1, CHECKS(SENDS_ECHO) },
	{ "udp_echo.client.empty", "udp_echo_client", N_("An empty line is sent as an empty datagram."),
		N_("On UDP an empty datagram is a message like any other."),
		{ N_("What happens when only Enter is pressed?"), N_("Is a newline sent, or nothing at all?"),
			N_("Send the line without its newline, whatever its length.") },
		"RFC 768; course, udp_echo_client", &client_empty, ECHOED, 1,
		CHECKS(SENDS_ECHO) },
	{ "udp_echo.client.large", "udp_echo_client",
		N_("A line of 1500 bytes is sent in one datagram and printed whole."),
		N_("A message on UDP is one datagram; the network layer may cut it and puts it together again."),
		{ N_("How long a line can your program read, send and receive?"), N_("Look at the sizes of buffers."),
			N_("Give reading, sending and receiving room for 1500 bytes.") },
		course_client, &client_large, ECHOED, 1, CHECKS(SENDS_ECHO) },
	{ "udp_echo.client.blanks", "udp_echo_client",
		N_("Blanks at both ends of the line are sent and printed."), N_("Blanks are data too."),
		{ N_("Does anything trim the line?"), N_("Look for strip(), split() or scanf(\"%s\")."),
			N_("Cut off the newline and nothing else.") },
		course_client, &client_blanks, ECHOED, 1, CHECKS(SENDS_ECHO) },
	{ "udp_echo.client.loopback", "udp_echo_client",
		N_("With the server on the same machine, the exchange goes over 127.0.0.1."),
		N_("The first try of a network program is on one machine."),
		{ N_("Which address does the client call?"), N_("One address always means this machine."),
			N_("Check the server address of the task.") },
		course_client, &client_loopback, ECHOED, 1, CHECKS(SENDS_ECHO) },
	{ "udp_echo.client.waits_line", "udp_echo_client",
		N_("The client waits for the line as long as it takes (3 seconds are tried)."),
		N_("People type slowly."),
		{ N_("What happens while nothing is typed?"), N_("Is there a timeout or a default text?"),
			N_("Reading a line waits by itself.") },
		course_client, &client_waits_line,
		NEEDS("udp_echo.client.line", "udp_echo.client.prints_reply", "udp_echo.client.once"), 1,
		CHECKS({ wl_sends_after_line, CLIENT }, SENDS_ECHO) },
	{ "udp_echo.client.waits_reply", "udp_echo_client",
		N_("The client waits for the answer as long as it takes (3 seconds are tried), and does not ask again."),
		N_("An answer may be slow; a client that gives up has lost it."),
		{ N_("What happens when the answer is late?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever.") },
		course_client, &client_waits_reply,
		NEEDS("udp_echo.client.line", "udp_echo.client.prints_reply", "udp_echo.client.once"), 1,
		CHECKS({ wl_sends_same, CLIENT }, PRINTS_REPLY, { wl_sends_once, CLIENT }) },

	{ "udp_echo.pair", "pair", N_("Server and client work together over the cable."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak to the same port?"), N_("Look at the requirements of each half first."),
			N_("Compare address, port and encoding of the two programs.") },
		"course, udp_echo_server and udp_echo_client", &pair_cable,
		NEEDS("udp_echo.server.unchanged", "udp_echo.client.line", "udp_echo.client.prints_reply", "udp_echo.client.ends"), 1, PAIR },
	{ "udp_echo.pair_alone", "pair", N_("Server and client work together on one machine."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak to the same port?"), N_("Look at the requirements of each half first."),
			N_("Compare address, port and encoding of the two programs.") },
		"course, udp_echo_server and udp_echo_client", &pair_alone,
		NEEDS("udp_echo.pair", "udp_echo.server.loopback", "udp_echo.client.loopback"), 1, PAIR },
	{ NULL },
};

/* The task, sentence by sentence. README.md says it in the same words, in both languages. */
static const struct wl_sentence task[] = {
	{ "udp_echo_server",
		N_("The server waits for one datagram on UDP port 49002, as long as it takes, and can be reached over the cable and at "
			"127.0.0.1."),
		NAMES("udp_echo.server.opens", "udp_echo.server.loopback", "udp_echo.server.waits") },
	{ "udp_echo_server",
		N_("The server sends one answer and nothing else, from port 49002 of the address that was asked to the address and port "
			"that asked."),
		NAMES("udp_echo.server.answers", "udp_echo.server.port", "udp_echo.server.once") },
	{ "udp_echo_server",
		N_("The answer carries the very bytes of the question: Korean text, blanks at both ends, NUL bytes, 1500 bytes, or none "
			"at all."),
		NAMES("udp_echo.server.unchanged", "udp_echo.server.korean", "udp_echo.server.empty", "udp_echo.server.large",
			"udp_echo.server.blanks", "udp_echo.server.nul") },
	{ "udp_echo_server",
		N_("The server prints the client's address and port behind \"addr =\", and the text, as it came, behind \"data =\"."),
		NAMES("udp_echo.server.prints_address", "udp_echo.server.prints_data") },
	{ "udp_echo_server",
		N_("When one datagram is answered the server ends."),
		NAMES("udp_echo.server.ends") },
	{ "udp_echo_server",
		N_("Bytes that are not UTF-8 are answered as well (advice, without points)."),
		NAMES("udp_echo.server.not_utf8") },
	{ "udp_echo_client",
		N_("The client asks for a line with \"payload: \" and waits for it as long as it takes."),
		NAMES("udp_echo.client.prompt", "udp_echo.client.waits_line") },
	{ "udp_echo_client",
		N_("The client sends the line, in UTF-8 and without its newline, as one datagram to UDP port 49002 of 127.0.0.1."),
		NAMES("udp_echo.client.sends", "udp_echo.client.line", "udp_echo.client.once", "udp_echo.client.loopback") },
	{ "udp_echo_client",
		N_("Korean text, an empty line, a line of 1500 bytes and blanks at both ends are sent and printed like any other line."),
		NAMES("udp_echo.client.korean", "udp_echo.client.empty", "udp_echo.client.large", "udp_echo.client.blanks") },
	{ "udp_echo_client",
		N_("The client waits for the answer as long as it takes, without asking again, and prints it behind \"recv_data =\"."),
		NAMES("udp_echo.client.prints_reply", "udp_echo.client.waits_reply") },
	{ "udp_echo_client",
		N_("When one answer is printed the client ends."),
		NAMES("udp_echo.client.ends") },
	{ "pair",
		N_("Your server and your client work together, over a cable and on one machine."),
		NAMES("udp_echo.pair", "udp_echo.pair_alone") },
	{ NULL },
};

const struct wl_lesson lesson_udp_echo = { "udp_echo", N_("UDP echo"), roles, requirements, task };
