/*
 * multicast_class: multicast again, on classes, and with a client that goes on printing answers until Ctrl-C.
 *
 * The server is asked by the odd peers of the lesson multicast, from other machines and its own; the client is answered by them, by
 * several, late, or not at all. Each kind of payload is a performance of its own, so that what one of them breaks does not
 * spoil the others. Nothing here is about classes: a program without them may behave just as well.
 */
#include "harness/checks.h"
#include "harness/lesson.h"

#define PORT 49003
#define GROUP "224.1.1.1"

#define SERVER_READY { WL_READY_GROUP, .port = PORT, .group = GROUP }

static const struct wl_role roles[] = {
	{ "multicast_echo_server", N_("prints what comes to group 224.1.1.1, port 49003, and answers \"ack\""),
		.ready = SERVER_READY },
	{ "multicast_echo_client", N_("sends \"echo data\" to group 224.1.1.1, port 49003, and prints the answers"),
		.ready = { WL_READY_UDP } },
	{ NULL },
};

static const struct wl_stage lan = { NAMES("near", "far", "other"),
	CABLES({ "near", "10.77.0.1/24" }, { "far", "10.77.0.2/24" }, { "other", "10.77.0.3/24" }) };

static const struct wl_actor servers[] = {
	{ "server", "far", .role = "multicast_echo_server" },
	{ "second", "far", .role = "multicast_echo_server" },
	{ "peer", "near", .program = "multicast/group_asker" },
	{ "peer_there", "other", .program = "multicast/group_asker" },
	{ NULL },
};
static const struct wl_actor server_alone[] = {
	{ "server", "far", .role = "multicast_echo_server" },
	{ "peer", "far", .program = "multicast/group_asker" },
	{ NULL },
};
static const struct wl_actor clients[] = {
	{ "client", "near", .role = "multicast_echo_client" },
	{ "peer", "far", .program = "multicast/group_answerer", .ready = SERVER_READY },
	{ "second", "far", .program = "multicast/group_answerer", .ready = SERVER_READY },
	{ "third", "other", .program = "multicast/group_answerer", .ready = SERVER_READY },
	{ NULL },
};
static const struct wl_actor client_alone[] = {
	{ "client", "near", .role = "multicast_echo_client" },
	{ "peer", "near", .program = "multicast/group_answerer", .ready = SERVER_READY },
	{ NULL },
};
static const struct wl_actor both[] = {
	{ "server", "far", .role = "multicast_echo_server" },
	{ "second", "other", .role = "multicast_echo_server" },
	{ "client", "near", .role = "multicast_echo_client" },
	{ NULL },
};
static const struct wl_actor both_alone[] = {
	{ "server", "near", .role = "multicast_echo_server" },
	{ "second", "near", .role = "multicast_echo_server" },
	{ "client", "near", .role = "multicast_echo_client" },
	{ NULL },
};

/* The plays. A server is seen to have taken all before Ctrl-C is pressed: it may answer first and print then. */
#define BEGIN(actor) { WL_START, actor }, { WL_READY, actor }
#define ASK(actor, ...) { WL_START, actor, .args = { __VA_ARGS__ } }, { WL_PRINTS, actor, "done" }
#define OVER(actor) { WL_KEY, actor, "\x03" }, { WL_END, actor }

static const struct wl_step ask_once[] = {
	BEGIN("server"),
	ASK("peer", "$port", "1", "0", "1", "#message"),
	{ WL_TOOK, "server" },
	OVER("server"),
	{ 0 },
};
static const struct wl_step ask_twice[] = {
	BEGIN("server"),
	ASK("peer", "$port", "1", "0", "1", "#message", "#next"),
	{ WL_TOOK, "server" },
	{ 0 },
};
static const struct wl_step ask_many[] = {
	BEGIN("server"),
	ASK("peer", "$port", "1", "0", "$times", "#message"),
	{ WL_TOOK, "server" },
	{ 0 },
};
static const struct wl_step ask_late[] = {
	BEGIN("server"),
	{ WL_PAUSE, .ms = 3000 },
	ASK("peer", "$port", "1", "0", "1", "#message"),
	{ WL_TOOK, "server" },
	{ 0 },
};
static const struct wl_step ask_again_late[] = {
	BEGIN("server"),
	ASK("peer", "$port", "1", "0", "1", "#message"),
	{ WL_PAUSE, .ms = 3000 },
	ASK("peer_there", "$port_there", "1", "0", "1", "#next"),
	{ WL_TOOK, "server" },
	{ 0 },
};
static const struct wl_step ask_by_turns[] = {
	BEGIN("server"),
	ASK("peer", "$port", "1", "0", "1", "#message"),
	ASK("peer_there", "$port_there", "1", "0", "1", "#next"),
	ASK("peer", "$port_then", "1", "0", "1", "#last"),
	{ WL_TOOK, "server" },
	{ 0 },
};
static const struct wl_step ask_two[] = {
	BEGIN("server"),
	BEGIN("second"),
	ASK("peer", "$port", "2", "0", "1", "#message"),
	{ WL_TOOK, "server" },
	{ WL_TOOK, "second" },
	{ 0 },
};
static const struct wl_step answer_once[] = {
	{ WL_START, "peer", .args = { "0", "0", "1", "#reply" } },
	{ WL_READY, "peer" },
	BEGIN("client"),
	{ WL_PRINTS, "client", "$reply" },
	OVER("client"),
	{ 0 },
};
static const struct wl_step answer_never[] = {
	{ WL_START, "peer", .args = { "0", "0", "1" } },
	{ WL_READY, "peer" },
	BEGIN("client"),
	{ WL_PRINTS, "peer", "answered" },
	{ WL_PAUSE, .ms = 700 },
	OVER("client"),
	{ 0 },
};
static const struct wl_step answer_late[] = {
	{ WL_START, "peer", .args = { "0", "0", "1", "#reply" } },
	{ WL_READY, "peer" },
	{ WL_START, "second", .args = { "3000", "0", "1", "#reply_2" } },
	{ WL_READY, "second" },
	BEGIN("client"),
	{ WL_PAUSE, .ms = 3000 },
	{ WL_PRINTS, "second", "answered" },
	{ WL_PRINTS, "client", "$reply_2" },
	{ 0 },
};
static const struct wl_step answer_by_three[] = {
	{ WL_START, "peer", .args = { "0", "0", "1", "#reply" } },
	{ WL_READY, "peer" },
	{ WL_START, "second", .args = { "0", "0", "1", "#reply" } },
	{ WL_READY, "second" },
	{ WL_START, "third", .args = { "0", "0", "$times", "#reply_2" } },
	{ WL_READY, "third" },
	BEGIN("client"),
	{ WL_PRINTS, "client", "$reply" },
	{ WL_PRINTS, "client", "$reply_2" },
	{ WL_TOOK, "client" },
	{ 0 },
};
static const struct wl_step play_both[] = {
	BEGIN("server"),
	BEGIN("second"),
	BEGIN("client"),
	{ WL_TOOK, "server" },
	{ WL_TOOK, "second" },
	{ WL_TOOK, "client" },
	OVER("client"),
	{ 0 },
};

#define ASKED(...) VALUES({ "port", WL_DRAW_PORT }, __VA_ARGS__)
#define WORDS { "message", WL_DRAW_WORDS }
#define NEXT { "next", WL_DRAW_WORDS }
#define REPLY { "reply", WL_DRAW_WORDS }
#define REPLIES REPLY, { "reply_2", WL_DRAW_WORDS }
/* What a real member says, from two of them, and something else, some times. */
#define OF_THREE { "reply", WL_DRAW_LITERAL, "ack" }, { "reply_2", WL_DRAW_WORDS }, { "times", WL_DRAW_NUMBER, "2..4" }

static const struct wl_scenario server_cable = { "server_cable",
	N_("a peer on another machine asks multicast_echo_server"), &lan, servers, ASKED(WORDS), ask_once };
static const struct wl_scenario server_korean = { "server_korean",
	N_("a peer asks multicast_echo_server with Korean text"), &lan, servers,
	ASKED({ "message", WL_DRAW_KOREAN }), ask_once };
static const struct wl_scenario server_large = { "server_large",
	N_("a peer asks multicast_echo_server with 1500 bytes"), &lan, servers,
	ASKED({ "message", WL_DRAW_WORDS, .len = 1500 }), ask_once };
static const struct wl_scenario server_empty = { "server_empty",
	N_("a peer asks multicast_echo_server with an empty datagram, then with text"), &lan, servers,
	ASKED({ "message", WL_DRAW_LITERAL, "" }, NEXT), ask_twice };
static const struct wl_scenario server_not_utf8 = { "server_not_utf8",
	N_("a peer asks multicast_echo_server with bytes that are not UTF-8, then with text"), &lan, servers,
	ASKED({ "message", WL_DRAW_NOT_UTF8 }, NEXT), ask_twice };
static const struct wl_scenario server_many = { "server_many",
	N_("a peer asks multicast_echo_server more than 20 times"), &lan, servers, 
	ASKED({ "times", WL_DRAW_NUMBER, "22..30" }, WORDS), ask_many };
static const struct wl_scenario server_shorter = { "server_shorter",
	N_("a peer asks multicast_echo_server with 24 bytes, then with 6"), &lan, servers,
	ASKED({ "message", WL_DRAW_WORDS, .len = 24 }, { "next", WL_DRAW_WORDS, .len = 6 }), ask_twice };
static const struct wl_scenario server_peers = { "server_peers",
	N_("peers on two machines ask multicast_echo_server by turns"), &lan, servers,
	ASKED(WORDS, NEXT, { "last", WL_DRAW_WORDS }, { "port_there", WL_DRAW_PORT }, { "port_then", WL_DRAW_NUMBER, "40002..45000" }),
	ask_by_turns };
static const struct wl_scenario server_waits = { "server_waits",
	N_("a peer asks multicast_echo_server after 3 seconds"), &lan, servers, ASKED(WORDS), ask_late };
static const struct wl_scenario server_waits_next = { "server_waits_next",
	N_("a peer asks multicast_echo_server, and another one 3 seconds later"), &lan, servers,
	ASKED(WORDS, NEXT, { "port_there", WL_DRAW_PORT }), ask_again_late };
static const struct wl_scenario server_own_host = { "server_own_host",
	N_("a peer on the same machine asks multicast_echo_server"), &lan, server_alone, ASKED(WORDS), ask_once };
static const struct wl_scenario server_shared = { "server_shared",
	N_("a peer asks two copies of multicast_echo_server on one machine"), &lan, servers, ASKED(WORDS), ask_two };

static const struct wl_scenario client_cable = { "client_cable",
	N_("a member on another machine answers multicast_echo_client"), &lan, clients, VALUES(REPLY), answer_once };
static const struct wl_scenario client_late = { "client_late",
	N_("a member answers multicast_echo_client at once, and another one 3 seconds later"), &lan, clients,
	VALUES(REPLIES), answer_late };
static const struct wl_scenario client_silence = { "client_silence",
	N_("nobody answers multicast_echo_client"), &lan, clients, VALUES(REPLY), answer_never };
static const struct wl_scenario client_several = { "client_several",
	N_("three members on two machines answer multicast_echo_client"), &lan, clients, VALUES(OF_THREE),
	answer_by_three };
static const struct wl_scenario client_own_host = { "client_own_host",
	N_("a member on the same machine answers multicast_echo_client"), &lan, client_alone, VALUES(REPLY),
	answer_once };

static const struct wl_scenario pair_cable = { "pair_cable",
	N_("multicast_echo_client and a multicast_echo_server on each of two other machines"), &lan, both,
	VALUES(REPLY), play_both };
static const struct wl_scenario pair_alone = { "pair_alone",
	N_("multicast_echo_client and two multicast_echo_server on one machine"), &lan, both_alone, VALUES(REPLY),
	play_both };

/* Checks. */
#define MEMBER .actor = "server", .peer = "peer", .group = GROUP, .port = PORT, .answer = "ack"
#define ASKED_FOR(name) MEMBER, .value = name
#define HEARS { wl_answers_group_with, MEMBER }, { wl_prints_heard, MEMBER }
#define CLIENT .actor = "client", .group = GROUP, .port = PORT, .value = "echo data"
#define RIGHT NEEDS("multicast_class.server.ack", "multicast_class.server.prints_address", "multicast_class.server.prints_data")
#define STEADY NEEDS("multicast_class.server.shorter")
#define PRINTING NEEDS("multicast_class.client.prints_address", "multicast_class.client.prints_data")
#define WORKING                                                                                              \
	NEEDS("multicast_class.server.ack", "multicast_class.server.prints_data", "multicast_class.client.data",           \
		"multicast_class.client.prints_data")
/* What the client asks comes first: without it there is no question of which a server could be judged. */
#define PAIRED(actor_name, members)                                                                          \
	{ wl_answers_group_with, .actor = actor_name, .peer = "client", .group = GROUP, .port = PORT,         \
		.value = "echo data", .answer = "ack", .number = members },                                 \
	{ wl_prints_heard, .actor = actor_name, .peer = "client", .group = GROUP, .port = PORT, .value = "echo data" }
#define PAIR(members)                                                                                        \
	{ wl_sends_same, CLIENT }, PAIRED("server", members), PAIRED("second", members)

static const char course_server[] = "course, multicast_echo_server";
static const char course_client[] = "course, multicast_echo_client";

static const struct wl_requirement requirements[] = {
	{ "multicast_class.server.opens", "multicast_echo_server",
		N_("The server opens a UDP socket on port 49003."),
		N_("A group address says which machines hear a datagram; the port says which program."),
		{ N_("Which call gives a socket its own port?"),
			N_("Look at bind() and at the order of address and port."),
			N_("Check that the socket is of the datagram kind and is bound before anything is received.") },
		course_server, &server_cable, NULL, 1, CHECKS({ wl_opens_udp, MEMBER }) },
	{ "multicast_class.server.joins", "multicast_echo_server",
		N_("The server joins the group 224.1.1.1: an IGMP report goes out, and the machine lists the group."),
		N_("Without a member nobody delivers what is sent to a group."),
		{ N_("How does the machine learn that you want what is sent to the group?"),
			N_("There is a socket option that takes the group and an interface."),
			N_("Look at IP_ADD_MEMBERSHIP and at the bytes of group and interface; \"ip maddress\" shows the result.") },
		"RFC 1112 section 7; course, multicast_echo_server", &server_cable, NEEDS("multicast_class.server.opens"), 2,
		CHECKS({ wl_joins_group, MEMBER }) },
	{ "multicast_class.server.answers", "multicast_echo_server",
		N_("A datagram that another machine sends to the group is answered to the address and port that it came from."),
		N_("The group hears the question, but only the one who asked waits for the answer."),
		{ N_("To whom does the answer go?"), N_("Whose address comes with a datagram, the group's or the sender's?"),
			N_("Bind to an address that the group's datagrams reach, and answer to the address of recvfrom().") },
		course_server, &server_cable, NEEDS("multicast_class.server.joins"), 2,
		CHECKS({ wl_answers_group, ASKED_FOR("$message") }) },
	{ "multicast_class.server.ack", "multicast_echo_server", N_("The answer is the three bytes \"ack\"."),
		N_("Both sides must agree on what an answer looks like."),
		{ N_("What exactly is in the answer?"), N_("Compare its length with that of the word."),
			N_("Nothing stands before or behind the word, neither a newline nor a NUL byte.") },
		course_server, &server_cable, NEEDS("multicast_class.server.answers"), 2,
		CHECKS({ wl_answers_group_with, ASKED_FOR("$message") }) },
	{ "multicast_class.server.port", "multicast_echo_server", N_("The answer comes from port 49003."),
		N_("Clients and firewalls drop an answer from a port that nobody asked."),
		{ N_("From which socket is the answer sent?"), N_("A new socket gets a new port."),
			N_("Send with the socket that received.") },
		course_server, &server_cable, NEEDS("multicast_class.server.answers"), 2,
		CHECKS({ wl_answers_group_from, ASKED_FOR("$message") }) },
	{ "multicast_class.server.once", "multicast_echo_server", N_("The server sends one answer and nothing else."),
		N_("Whoever counts answers counts members."),
		{ N_("How many datagrams leave the server for one that comes in?"),
			N_("Count the sending calls on the way through the program."),
			N_("One received datagram, one sendto().") },
		course_server, &server_cable, NEEDS("multicast_class.server.answers"), 1,
		CHECKS({ wl_answers_group_once, ASKED_FOR("$message") }) },
	{ "multicast_class.server.prints_address", "multicast_echo_server",
		N_("The server prints the address and port of the sender behind \"addr =\"."),
		N_("Who asked is the first thing to look at when something goes wrong."),
		{ N_("What does the terminal show of the sender?"), N_("The address comes with the datagram, as a pair."),
			N_("Print the pair as it came, behind the label of the task.") },
		course_server, &server_cable, NEEDS("multicast_class.server.answers"), 1,
		CHECKS({ wl_prints_asker, ASKED_FOR("$message"), .label = "addr =" }) },
	{ "multicast_class.server.prints_data", "multicast_echo_server",
		N_("The server prints the data behind \"data =\"."),
		N_("What was heard shows whether all of it has come."),
		{ N_("What does the terminal show of the data?"), N_("Is the output there before the next datagram comes?"),
			N_("Print the bytes that were received, behind the label of the task, and flush.") },
		course_server, &server_cable, NEEDS("multicast_class.server.answers"), 1,
		CHECKS({ wl_prints_value, ASKED_FOR("$message"), .label = "data =" }) },
	{ "multicast_class.server.ends", "multicast_echo_server", N_("The server runs until Ctrl-C is pressed and ends then."),
		N_("A server has no end of its own; the one who started it stops it."),
		{ N_("What ends the loop?"), N_("Does anything catch Ctrl-C and go on?"),
			N_("Let the interrupt end the program.") },
		course_server, &server_cable, NEEDS("multicast_class.server.answers"), 1,
		CHECKS({ wl_ends_by_key, MEMBER }) },
	{ "multicast_class.server.keeps", "multicast_echo_server",
		N_("The server stays in the group when datagrams have come."),
		N_("A member that leaves hears nothing more."),
		{ N_("How long does a membership last?"), N_("It belongs to the socket."),
			N_("Join once, before the loop, and keep that socket open.") },
		"RFC 1112 section 7", &server_many, NEEDS("multicast_class.server.answers"), 1,
		CHECKS({ wl_keeps_group, MEMBER }) },
	{ "multicast_class.server.many", "multicast_echo_server",
		N_("The server prints and answers any number of datagrams (more than 20 are tried)."),
		N_("A server serves as long as it runs."),
		{ N_("What happens behind the first answer?"), N_("Look at what the loop goes round."),
			N_("Receiving, printing and answering belong into a loop that does not end.") },
		course_server, &server_many,
		NEEDS("multicast_class.server.ack", "multicast_class.server.prints_address", "multicast_class.server.prints_data",
			"multicast_class.server.keeps"),
		1, CHECKS(HEARS) },
	{ "multicast_class.server.shorter", "multicast_echo_server",
		N_("A datagram that is shorter than the one before it is printed without anything of that one."),
		N_("What was in the buffer before does not belong to the message."),
		{ N_("Where does the message end?"), N_("The receiving call says how many bytes have come."),
			N_("Print just as many bytes as were received.") },
		course_server, &server_shorter, NEEDS("multicast_class.server.many"), 1, CHECKS(HEARS) },
	{ "multicast_class.server.peers", "multicast_echo_server",
		N_("Datagrams of several senders are answered each to its own address and port."),
		N_("A socket that hears a group hears all who send to it."),
		{ N_("Where does the second sender's answer go?"), N_("Is an address kept from an earlier datagram?"),
			N_("Answer to the address that came with this very datagram.") },
		course_server, &server_peers, STEADY, 1, CHECKS(HEARS) },
	{ "multicast_class.server.korean", "multicast_echo_server", N_("Korean text is printed and answered."),
		N_("One character of Hangul is three bytes in UTF-8."),
		{ N_("How does your program print what is not ASCII?"), N_("Bytes and text are two things."),
			N_("Print the bytes as your programming language shows them, or decode them as UTF-8.") },
		course_server, &server_korean, RIGHT, 1, CHECKS(HEARS) },
	{ "multicast_class.server.empty", "multicast_echo_server",
		N_("An empty datagram does not stop the server: the next one is printed and answered."),
		N_("On UDP an empty datagram is a message; only on TCP does an empty read mean the end."),
		{ N_("What does your program do when nothing is in the datagram?"),
			N_("An empty message is false in many languages."),
			N_("Answer it or not, but go on receiving.") },
		"RFC 768; course, multicast_echo_server", &server_empty, STEADY, 1,
		CHECKS({ wl_answers_group_with, ASKED_FOR("$next") }, { wl_prints_heard, ASKED_FOR("$next") }) },
	{ "multicast_class.server.large", "multicast_echo_server", N_("1500 bytes are printed whole and answered."),
		N_("What does not fit into the receive buffer is lost: UDP cuts it off."),
		{ N_("How much does one receive take at most?"),
			N_("The course's buffer holds more than a whole Ethernet payload."),
			N_("Give the receiving call room for 1500 bytes.") },
		course_server, &server_large, RIGHT, 1, CHECKS(HEARS) },
	{ "multicast_class.server.not_utf8", "multicast_echo_server",
		N_("Bytes that are not UTF-8 are printed and answered, and the next datagram too."),
		N_("A server that can be stopped by one strange datagram will be."),
		{ N_("What if the bytes cannot be decoded?"), N_("Must the data be text at all?"),
			N_("Print the bytes themselves, in a way that cannot fail.") },
		course_server, &server_not_utf8, NEEDS("multicast_class.server.shorter", "multicast_class.server.korean"), 1,
		CHECKS(HEARS) },
	{ "multicast_class.server.waits", "multicast_echo_server",
		N_("The server waits as long as it takes for the first datagram (3 seconds are tried)."),
		N_("Nobody knows when somebody will send to a group."),
		{ N_("What happens when nobody sends for a while?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever; with one, carry on when it expires.") },
		course_server, &server_waits, NEEDS("multicast_class.server.many"), 1, CHECKS(HEARS) },
	{ "multicast_class.server.waits_next", "multicast_echo_server",
		N_("The server waits as long as it takes for the next datagram (3 seconds are tried)."),
		N_("Nobody knows when somebody will send to a group."),
		{ N_("What happens when nobody sends for a while?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever; with one, carry on when it expires.") },
		course_server, &server_waits_next, NEEDS("multicast_class.server.peers", "multicast_class.server.waits"), 1,
		CHECKS(HEARS) },
	{ "multicast_class.server.own_host", "multicast_echo_server",
		N_("A sender on the same machine is heard and answered, too."),
		N_("The first try of a network program is on one machine."),
		{ N_("On which interface was the group joined?"), N_("To which address is the socket bound?"),
			N_("Leave interface and address to the system, unless you know what you are doing.") },
		course_server, &server_own_host, RIGHT, 1, CHECKS(HEARS) },
	{ "multicast_class.server.shared", "multicast_echo_server",
		N_("Two servers run on one machine; each of them prints the datagram and answers."),
		N_("A port belongs to one program, unless all who want it agree to share it."),
		{ N_("What does the second receiver say when it starts?"), N_("There is a socket option for sharing a port."),
			N_("Look up SO_REUSEADDR, and mind the order of the calls.") },
		course_server, &server_shared, NEEDS("multicast_class.server.many"), 2,
		CHECKS({ wl_answers_group_with, MEMBER, .number = 2 }, { wl_prints_heard, MEMBER },
			{ wl_prints_heard, .actor = "second", .peer = "peer", .group = GROUP, .port = PORT }) },

	{ "multicast_class.client.sends", "multicast_echo_client",
		N_("The client sends a datagram to 224.1.1.1, port 49003, and it goes out on the cable."),
		N_("The members hear only what is sent to their group and port."),
		{ N_("Where does the datagram go?"), N_("Address and port go together in one call."),
			N_("Check the kind of the socket, the group's address and the port.") },
		course_client, &client_cable, NULL, 1, CHECKS({ wl_sends_group, CLIENT }) },
	{ "multicast_class.client.data", "multicast_echo_client", N_("The datagram carries the nine bytes \"echo data\"."),
		N_("What is sent is what every member prints."),
		{ N_("What exactly is in the datagram?"), N_("Compare its length with that of the text."),
			N_("Nothing stands before or behind the text, neither a newline nor a NUL byte.") },
		course_client, &client_cable, NEEDS("multicast_class.client.sends"), 1, CHECKS({ wl_sends_same, CLIENT }) },
	{ "multicast_class.client.once", "multicast_echo_client", N_("The client sends one datagram and nothing else."),
		N_("One datagram reaches all members; that is what a group is for."),
		{ N_("How many datagrams leave the client?"), N_("Look for a loop around the sending call."),
			N_("One sendto() to the group is enough.") },
		course_client, &client_late, NEEDS("multicast_class.client.sends"), 1, CHECKS({ wl_sends_once, CLIENT }) },
	{ "multicast_class.client.ttl", "multicast_echo_client", N_("The datagram leaves with IP TTL 2."),
		N_("The TTL says how many routers away the members may be: 1 reaches no other network."),
		{ N_("How far may the datagram go?"), N_("Multicast has a TTL option of its own."),
			N_("Compare IP_TTL with IP_MULTICAST_TTL.") },
		"RFC 1112 section 6.1; course, multicast_echo_client", &client_cable, NEEDS("multicast_class.client.sends"), 2,
		CHECKS({ wl_sends_ttl, CLIENT, .number = 2 }) },
	{ "multicast_class.client.prints_address", "multicast_echo_client",
		N_("The client prints the address and port of the member that answered behind \"addr =\"."),
		N_("The answers differ in nothing but the address of the member."),
		{ N_("Whose address does the terminal show?"), N_("Each answer comes with an address."),
			N_("Print what recvfrom() returned, not the group's address.") },
		course_client, &client_cable, NEEDS("multicast_class.client.sends"), 1,
		CHECKS({ wl_prints_answerers, CLIENT }) },
	{ "multicast_class.client.prints_data", "multicast_echo_client",
		N_("The client prints the answer that it received behind \"data =\"."),
		N_("Only what came back shows that somebody answered."),
		{ N_("Is what you print what you received?"), N_("Follow the received bytes to the print."),
			N_("Print what the receiving call returned behind the label of the task.") },
		course_client, &client_cable, NEEDS("multicast_class.client.sends"), 1,
		CHECKS({ wl_prints_value, .actor = "client", .value = "$reply", .label = "data =" }) },
	{ "multicast_class.client.several", "multicast_echo_client",
		N_("Answers of several members are all printed, be they on several machines or on one."),
		N_("Nobody knows how many members a group has."),
		{ N_("What happens behind the first answer?"), N_("Is there a loop around the receiving call?"),
			N_("Receive and print again and again.") },
		course_client, &client_several, PRINTING, 2, CHECKS({ wl_prints_answers, CLIENT }) },
	{ "multicast_class.client.late", "multicast_echo_client",
		N_("An answer that comes 3 seconds after the others is printed, too."),
		N_("A member answers when it can."),
		{ N_("What does the program do when no answer has come for a while?"),
			N_("A receive with a timeout may give up; what comes behind it?"),
			N_("Take a timeout for a reason to try again, not for the end.") },
		course_client, &client_late, NEEDS("multicast_class.client.several"), 2, CHECKS({ wl_prints_answers, CLIENT }) },
	{ "multicast_class.client.ends", "multicast_echo_client",
		N_("The client runs until Ctrl-C is pressed and ends then."),
		N_("It cannot know whether one more answer will come; the one who started it decides."),
		{ N_("What ends the loop?"), N_("Does anything catch Ctrl-C and go on?"),
			N_("Let the interrupt end the program.") },
		course_client, &client_cable, PRINTING, 1, CHECKS({ wl_ends_by_key, CLIENT }) },
	{ "multicast_class.client.alone", "multicast_echo_client",
		N_("While nobody answers, the client goes on waiting and prints no answer."),
		N_("A group may be empty, and sending to it is no error."),
		{ N_("What does the program print when a receive gives up?"), N_("Is there always something to print?"),
			N_("Print only what was received.") },
		course_client, &client_silence, NEEDS("multicast_class.client.late", "multicast_class.client.ends"), 1,
		CHECKS({ wl_prints_no_answer, CLIENT, .label = "addr =" },
			{ wl_prints_no_answer, CLIENT, .label = "data =" }, { wl_ends_by_key, CLIENT }) },
	{ "multicast_class.client.own_host", "multicast_echo_client",
		N_("A member on the same machine hears the client, and its answer is printed."),
		N_("The first try of a network program is on one machine."),
		{ N_("Does your own machine get a copy of what it sends to a group?"),
			N_("There is a socket option for that; it is on by default."),
			N_("Look up IP_MULTICAST_LOOP.") },
		course_client, &client_own_host, PRINTING, 1,
		CHECKS({ wl_prints_answers, CLIENT, .peer = "peer" }) },

	{ "multicast_class.pair", "pair", N_("The client works together with servers on two other machines."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak of the same group and port?"),
			N_("Look at the requirements of each half first."),
			N_("Compare group, port and data of the two programs.") },
		"course, multicast_echo_server and multicast_echo_client", &pair_cable, WORKING, 1,
		CHECKS(PAIR(1), { wl_prints_answers, CLIENT }, { wl_ends_by_key, CLIENT }) },
	{ "multicast_class.pair_alone", "pair", N_("The client works together with two servers on its own machine."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak of the same group and port?"),
			N_("Look at the requirements of each half first."),
			N_("Compare group, port and data of the two programs.") },
		"course, multicast_echo_server and multicast_echo_client", &pair_alone,
		NEEDS("multicast_class.pair", "multicast_class.server.own_host", "multicast_class.server.shared", "multicast_class.client.own_host",
			"multicast_class.client.several"),
		1,
		CHECKS(PAIR(2), { wl_prints_answers, CLIENT }, { wl_ends_by_key, CLIENT }) },
	{ NULL },
};

/* The task, sentence by sentence. README.md says it in the same words, in both languages. */
static const struct wl_sentence task[] = {
	{ "multicast_echo_server",
		N_("The server opens a UDP socket on port 49003, and shares it (SO_REUSEADDR): two servers on one machine both print and "
			"answer."),
		NAMES("multicast_class.server.opens", "multicast_class.server.shared") },
	{ "multicast_echo_server",
		N_("The server joins the group 224.1.1.1 and stays a member."),
		NAMES("multicast_class.server.joins", "multicast_class.server.keeps") },
	{ "multicast_echo_server",
		N_("The server answers each datagram that comes to the group once, with the three bytes \"ack\", from port 49003, to the "
			"address and port that it came from, and sends nothing else."),
		NAMES("multicast_class.server.answers", "multicast_class.server.ack", "multicast_class.server.port",
			"multicast_class.server.once") },
	{ "multicast_echo_server",
		N_("Each of several senders, one on the server's own machine too, is answered."),
		NAMES("multicast_class.server.peers", "multicast_class.server.own_host") },
	{ "multicast_echo_server",
		N_("For each datagram the server prints the address and port of its sender behind \"addr =\", and the data behind \"data "
			"=\"."),
		NAMES("multicast_class.server.prints_address", "multicast_class.server.prints_data") },
	{ "multicast_echo_server",
		N_("Whatever the data are, they are printed as they came, and answered: Korean text, 1500 bytes, bytes that are not "
			"UTF-8, a short one behind a long one."),
		NAMES("multicast_class.server.korean", "multicast_class.server.large", "multicast_class.server.not_utf8",
			"multicast_class.server.shorter") },
	{ "multicast_echo_server",
		N_("An empty datagram does not stop the server; whether it is printed and answered is free."),
		NAMES("multicast_class.server.empty") },
	{ "multicast_echo_server",
		N_("The server waits as long as it takes for the first datagram and for the next, takes any number of them, runs until "
			"Ctrl-C is pressed, and ends then."),
		NAMES("multicast_class.server.waits", "multicast_class.server.waits_next", "multicast_class.server.many",
			"multicast_class.server.ends") },
	{ "multicast_echo_client",
		N_("The client sends one datagram with the nine bytes \"echo data\" to 224.1.1.1, port 49003, with IP TTL 2, and nothing "
			"else."),
		NAMES("multicast_class.client.sends", "multicast_class.client.data", "multicast_class.client.once",
			"multicast_class.client.ttl") },
	{ "multicast_echo_client",
		N_("For each answer the client prints the address and port of the member behind \"addr =\", and the answer behind \"data "
			"=\"."),
		NAMES("multicast_class.client.prints_address", "multicast_class.client.prints_data") },
	{ "multicast_echo_client",
		N_("The answers of all members are printed: on several machines, several on one, and one on the client's own."),
		NAMES("multicast_class.client.several", "multicast_class.client.own_host") },
	{ "multicast_echo_client",
		N_("The client goes on taking answers, however late they come, until Ctrl-C is pressed, and ends then; when nobody "
			"answers it prints none."),
		NAMES("multicast_class.client.late", "multicast_class.client.ends", "multicast_class.client.alone") },
	{ "pair",
		N_("Your client works together with your servers: on two other machines, and two on its own."),
		NAMES("multicast_class.pair", "multicast_class.pair_alone") },
	{ NULL },
};

const struct wl_lesson lesson_multicast_class = { "multicast_class", N_("UDP multicast with classes"), roles, requirements, task };
