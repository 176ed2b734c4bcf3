/*
 * multicast: one datagram to a group, and an answer from each of its members.
 *
 * The receiver is asked by group_asker, from other machines and its own; the sender is answered by group_answerer, with data of its
 * own, several times, late, or not at all. Each kind of payload is a performance of its own, so that what one of them breaks does
 * not spoil the others.
 */
#include "harness/checks.h"
#include "harness/lesson.h"

#define PORT 49003
#define GROUP "224.1.1.1"

#define RECEIVER_READY { WL_READY_GROUP, .port = PORT, .group = GROUP }

static const struct wl_role roles[] = {
	{ "multicast_receiver", N_("prints what comes to group 224.1.1.1, port 49003, and answers \"ack\""),
		.ready = RECEIVER_READY },
	{ "multicast_sender", N_("sends \"echo data\" to group 224.1.1.1, port 49003, and prints the answers") },
	{ NULL },
};

static const struct wl_stage lan = { NAMES("near", "far", "other"),
	CABLES({ "near", "10.77.0.1/24" }, { "far", "10.77.0.2/24" }, { "other", "10.77.0.3/24" }) };

static const struct wl_actor receivers[] = {
	{ "receiver", "far", .role = "multicast_receiver" },
	{ "second", "far", .role = "multicast_receiver" },
	{ "peer", "near", .program = "group_asker" },
	{ "peer_there", "other", .program = "group_asker" },
	{ NULL },
};
static const struct wl_actor receiver_alone[] = {
	{ "receiver", "far", .role = "multicast_receiver" },
	{ "peer", "far", .program = "group_asker" },
	{ NULL },
};
static const struct wl_actor senders[] = {
	{ "sender", "near", .role = "multicast_sender" },
	{ "peer", "far", .program = "group_answerer", .ready = RECEIVER_READY },
	{ "second", "far", .program = "group_answerer", .ready = RECEIVER_READY },
	{ "third", "other", .program = "group_answerer", .ready = RECEIVER_READY },
	{ NULL },
};
static const struct wl_actor sender_alone[] = {
	{ "sender", "near", .role = "multicast_sender" },
	{ "peer", "near", .program = "group_answerer", .ready = RECEIVER_READY },
	{ NULL },
};
static const struct wl_actor both[] = {
	{ "receiver", "far", .role = "multicast_receiver" },
	{ "second", "other", .role = "multicast_receiver" },
	{ "sender", "near", .role = "multicast_sender" },
	{ NULL },
};
static const struct wl_actor both_alone[] = {
	{ "receiver", "near", .role = "multicast_receiver" },
	{ "second", "near", .role = "multicast_receiver" },
	{ "sender", "near", .role = "multicast_sender" },
	{ NULL },
};

/* The plays. A receiver is seen to have taken all before Ctrl-C is pressed: it may answer first and print then. */
#define BEGIN(actor) { WL_START, actor }, { WL_READY, actor }
#define ASK(actor, ...) { WL_START, actor, .args = { __VA_ARGS__ } }, { WL_PRINTS, actor, "done" }
#define OVER(actor) { WL_KEY, actor, "\x03" }, { WL_END, actor }

static const struct wl_step ask_once[] = {
	BEGIN("receiver"),
	ASK("peer", "$port", "1", "0", "1", "#message"),
	{ WL_TOOK, "receiver" },
	OVER("receiver"),
	{ 0 },
};
static const struct wl_step ask_twice[] = {
	BEGIN("receiver"),
	ASK("peer", "$port", "1", "0", "1", "#message", "#next"),
	{ WL_TOOK, "receiver" },
	{ 0 },
};
static const struct wl_step ask_many[] = {
	BEGIN("receiver"),
	ASK("peer", "$port", "1", "0", "$times", "#message"),
	{ WL_TOOK, "receiver" },
	{ 0 },
};
static const struct wl_step ask_late[] = {
	BEGIN("receiver"),
	{ WL_PAUSE, .ms = 3000 },
	ASK("peer", "$port", "1", "0", "1", "#message"),
	{ WL_TOOK, "receiver" },
	{ 0 },
};
static const struct wl_step ask_again_late[] = {
	BEGIN("receiver"),
	ASK("peer", "$port", "1", "0", "1", "#message"),
	{ WL_PAUSE, .ms = 3000 },
	ASK("peer_there", "$port_there", "1", "0", "1", "#next"),
	{ WL_TOOK, "receiver" },
	{ 0 },
};
static const struct wl_step ask_by_turns[] = {
	BEGIN("receiver"),
	ASK("peer", "$port", "1", "0", "1", "#message"),
	ASK("peer_there", "$port_there", "1", "0", "1", "#next"),
	ASK("peer", "$port_then", "1", "0", "1", "#last"),
	{ WL_TOOK, "receiver" },
	{ 0 },
};
static const struct wl_step ask_two[] = {
	BEGIN("receiver"),
	BEGIN("second"),
	ASK("peer", "$port", "2", "0", "1", "#message"),
	{ WL_TOOK, "receiver" },
	{ WL_TOOK, "second" },
	{ 0 },
};
static const struct wl_step answer_once[] = {
	{ WL_START, "peer", .args = { "0", "0", "1", "#reply" } },
	{ WL_READY, "peer" },
	{ WL_START, "sender" },
	{ WL_END, "sender" },
	{ 0 },
};
static const struct wl_step answer_and_probe[] = {
	{ WL_START, "peer", .args = { "0", "1010", "1", "#reply" } },
	{ WL_READY, "peer" },
	{ WL_START, "sender" },
	{ WL_PRINTS, "peer", "probed" },
	{ WL_END, "sender" },
	{ 0 },
};
static const struct wl_step answer_slowly[] = {
	{ WL_START, "peer", .args = { "150", "0", "3", "#reply" } },
	{ WL_READY, "peer" },
	{ WL_START, "sender" },
	{ WL_PRINTS, "peer", "probed" },
	{ WL_END, "sender" },
	{ 0 },
};
static const struct wl_step answer_never[] = {
	{ WL_START, "peer", .args = { "0", "1010", "1" } },
	{ WL_READY, "peer" },
	{ WL_START, "sender" },
	{ WL_PRINTS, "peer", "probed" },
	{ WL_END, "sender" },
	{ 0 },
};
static const struct wl_step answer_by_three[] = {
	{ WL_START, "peer", .args = { "0", "0", "1", "#reply" } },
	{ WL_READY, "peer" },
	{ WL_START, "second", .args = { "0", "0", "1", "#reply" } },
	{ WL_READY, "second" },
	{ WL_START, "third", .args = { "0", "0", "$times", "#reply_2" } },
	{ WL_READY, "third" },
	{ WL_START, "sender" },
	{ WL_END, "sender" },
	{ 0 },
};
static const struct wl_step play_both[] = {
	BEGIN("receiver"),
	BEGIN("second"),
	{ WL_START, "sender" },
	{ WL_END, "sender" },
	{ WL_TOOK, "receiver" },
	{ WL_TOOK, "second" },
	{ 0 },
};

#define ASKED(...) VALUES({ "port", WL_DRAW_PORT }, __VA_ARGS__)
#define WORDS { "message", WL_DRAW_WORDS }
#define NEXT { "next", WL_DRAW_WORDS }
#define REPLY { "reply", WL_DRAW_WORDS }
/* What a real member says, from two of them, and something else, some times. */
#define REPLIES { "reply", WL_DRAW_LITERAL, "ack" }, { "reply_2", WL_DRAW_WORDS }, { "times", WL_DRAW_NUMBER, "2..4" }

static const struct wl_scenario receiver_cable = { "receiver_cable",
	N_("a peer on another machine asks multicast_receiver"), &lan, receivers, ASKED(WORDS), ask_once };
static const struct wl_scenario receiver_korean = { "receiver_korean",
	N_("a peer asks multicast_receiver with Korean text"), &lan, receivers,
	ASKED({ "message", WL_DRAW_KOREAN }), ask_once };
static const struct wl_scenario receiver_large = { "receiver_large",
	N_("a peer asks multicast_receiver with 1500 bytes"), &lan, receivers,
	ASKED({ "message", WL_DRAW_WORDS, .len = 1500 }), ask_once };
static const struct wl_scenario receiver_empty = { "receiver_empty",
	N_("a peer asks multicast_receiver with an empty datagram, then with text"), &lan, receivers,
	ASKED({ "message", WL_DRAW_LITERAL, "" }, NEXT), ask_twice };
static const struct wl_scenario receiver_not_utf8 = { "receiver_not_utf8",
	N_("a peer asks multicast_receiver with bytes that are not UTF-8, then with text"), &lan, receivers,
	ASKED({ "message", WL_DRAW_NOT_UTF8 }, NEXT), ask_twice };
static const struct wl_scenario receiver_many = { "receiver_many",
	N_("a peer asks multicast_receiver more than 20 times"), &lan, receivers, 
	ASKED({ "times", WL_DRAW_NUMBER, "22..30" }, WORDS), ask_many };
static const struct wl_scenario receiver_shorter = { "receiver_shorter",
	N_("a peer asks multicast_receiver with 24 bytes, then with 6"), &lan, receivers,
	ASKED({ "message", WL_DRAW_WORDS, .len = 24 }, { "next", WL_DRAW_WORDS, .len = 6 }), ask_twice };
static const struct wl_scenario receiver_peers = { "receiver_peers",
	N_("peers on two machines ask multicast_receiver by turns"), &lan, receivers,
	ASKED(WORDS, NEXT, { "last", WL_DRAW_WORDS }, { "port_there", WL_DRAW_PORT }, { "port_then", WL_DRAW_NUMBER, "40002..45000" }),
	ask_by_turns };
static const struct wl_scenario receiver_waits = { "receiver_waits",
	N_("a peer asks multicast_receiver after 3 seconds"), &lan, receivers, ASKED(WORDS), ask_late };
static const struct wl_scenario receiver_waits_next = { "receiver_waits_next",
	N_("a peer asks multicast_receiver, and another one 3 seconds later"), &lan, receivers,
	ASKED(WORDS, NEXT, { "port_there", WL_DRAW_PORT }), ask_again_late };
static const struct wl_scenario receiver_own_host = { "receiver_own_host",
	N_("a peer on the same machine asks multicast_receiver"), &lan, receiver_alone, ASKED(WORDS), ask_once };
static const struct wl_scenario receiver_shared = { "receiver_shared",
	N_("a peer asks two copies of multicast_receiver on one machine"), &lan, receivers, ASKED(WORDS), ask_two };

static bool lagged(const struct wl_observation *seen, struct wl_arena *arena, const char **name, const char **text)
{
	*name = "take";
	*text = wl_format(arena, "%u", seen->take + 1);
	return wl_answers_lag(seen, arena, PORT);
}

/* Or it had not ended in time: the machine may have been busy, so that a right program gets another try. */
static bool lagged_or_late(const struct wl_observation *seen, struct wl_arena *arena, const char **name,
	const char **text)
{
	static const struct wl_check check = { wl_ends_quietly, .actor = "sender", .group = GROUP, .port = PORT };
	const struct wl_case c = { .seen = seen, .check = &check, .arena = arena };
	struct wl_finding finding = { 0 };

	return lagged(seen, arena, name, text) || (seen->take == 1 && wl_ends_quietly(&c, &finding) != WL_PASS);
}

static const struct wl_scenario sender_cable = { "sender_cable",
	N_("a member on another machine answers multicast_sender"), &lan, senders, VALUES(REPLY), answer_once, lagged };
static const struct wl_scenario sender_ends = { "sender_ends",
	N_("a member answers multicast_sender once and sends one datagram more than a second later"), &lan, senders,
	VALUES(REPLY), answer_and_probe, lagged_or_late };
static const struct wl_scenario sender_slow = { "sender_slow",
	N_("a member answers multicast_sender several times, 0.15 seconds apart"), &lan, senders,
	VALUES(REPLY),
	answer_slowly, lagged };
static const struct wl_scenario sender_silence = { "sender_silence",
	N_("nobody answers multicast_sender"), &lan, senders, VALUES(REPLY), answer_never,
	lagged_or_late };
static const struct wl_scenario sender_several = { "sender_several",
	N_("three members on two machines answer multicast_sender"), &lan, senders, VALUES(REPLIES), answer_by_three,
	lagged };
static const struct wl_scenario sender_own_host = { "sender_own_host",
	N_("a member on the same machine answers multicast_sender"), &lan, sender_alone, VALUES(REPLY), answer_once,
	lagged };

static const struct wl_scenario pair_cable = { "pair_cable",
	N_("multicast_sender and a multicast_receiver on each of two other machines"), &lan, both, VALUES(WORDS),
	play_both, lagged };
static const struct wl_scenario pair_alone = { "pair_alone",
	N_("multicast_sender and two multicast_receiver on one machine"), &lan, both_alone, VALUES(WORDS), play_both,
	lagged };

/* Checks. */
#define MEMBER .actor = "receiver", .peer = "peer", .group = GROUP, .port = PORT, .answer = "ack"
#define ASKED_FOR(name) MEMBER, .value = name
#define HEARS { wl_answers_group_with, MEMBER }, { wl_prints_heard, MEMBER }
#define SENDER .actor = "sender", .group = GROUP, .port = PORT, .value = "echo data"
#define SOON .number = 1
#define RIGHT NEEDS("multicast.receiver.ack", "multicast.receiver.prints_address", "multicast.receiver.prints_data")
#define STEADY NEEDS("multicast.receiver.shorter")
#define PRINTING NEEDS("multicast.sender.prints_address", "multicast.sender.prints_data")
#define WORKING                                                                                              \
	NEEDS("multicast.receiver.ack", "multicast.receiver.prints_data", "multicast.sender.data",           \
		"multicast.sender.prints_data")
/* What the sender asks comes first: without it there is no question of which a receiver could be judged. */
#define PAIRED(actor_name, members)                                                                          \
	{ wl_answers_group_with, .actor = actor_name, .peer = "sender", .group = GROUP, .port = PORT,         \
		.value = "echo data", .answer = "ack", .number = members },                                 \
	{ wl_prints_heard, .actor = actor_name, .peer = "sender", .group = GROUP, .port = PORT, .value = "echo data" }
#define PAIR(members)                                                                                        \
	{ wl_sends_same, SENDER }, PAIRED("receiver", members), PAIRED("second", members)

static const char course_receiver[] = "course, multicast_receiver";
static const char course_sender[] = "course, multicast_sender";

static const struct wl_requirement requirements[] = {
	{ "multicast.receiver.opens", "multicast_receiver",
		N_("The receiver opens a UDP socket on port 49003."),
		N_("A group address says which machines hear a datagram; the port says which program."),
		{ N_("Which call gives a socket its own port?"),
			N_("Look at bind() and at the order of address and port."),
			N_("Check that the socket is of the datagram kind and is bound before anything is received.") },
		course_receiver, &receiver_cable, NULL, 1, CHECKS({ wl_opens_udp, MEMBER }) },
	{ "multicast.receiver.joins", "multicast_receiver",
		N_("The receiver joins the group 224.1.1.1: an IGMP report goes out, and the machine lists the group."),
		N_("Without a member nobody delivers what is sent to a group."),
		{ N_("How does the machine learn that you want what is sent to the group?"),
			N_("There is a socket option that takes the group and an interface."),
			N_("Look at IP_ADD_MEMBERSHIP and at the bytes of group and interface; \"ip maddress\" shows the result.") },
		"RFC 1112 section 7; course, multicast_receiver", &receiver_cable, NEEDS("multicast.receiver.opens"), 2,
		CHECKS({ wl_joins_group, MEMBER }) },
	{ "multicast.receiver.answers", "multicast_receiver",
		N_("A datagram that another machine sends to the group is answered to the address and port that it came from."),
		N_("The group hears the question, but only the one who asked waits for the answer."),
		{ N_("To whom does the answer go?"), N_("Whose address comes with a datagram, the group's or the sender's?"),
			N_("Bind to an address that the group's datagrams reach, and answer to the address of recvfrom().") },
		course_receiver, &receiver_cable, NEEDS("multicast.receiver.joins"), 2,
		CHECKS({ wl_answers_group, ASKED_FOR("$message") }) },
	{ "multicast.receiver.ack", "multicast_receiver", N_("The answer is the three bytes \"ack\"."),
		N_("Both sides must agree on what an answer looks like."),
		{ N_("What exactly is in the answer?"), N_("Compare its length with that of the word."),
			N_("Nothing stands before or behind the word, neither a newline nor a NUL byte.") },
		course_receiver, &receiver_cable, NEEDS("multicast.receiver.answers"), 2,
		CHECKS({ wl_answers_group_with, ASKED_FOR("$message") }) },
	{ "multicast.receiver.port", "multicast_receiver", N_("The answer comes from port 49003."),
		N_("Clients and firewalls drop an answer from a port that nobody asked."),
		{ N_("From which socket is the answer sent?"), N_("A new socket gets a new port."),
			N_("Send with the socket that received.") },
		course_receiver, &receiver_cable, NEEDS("multicast.receiver.answers"), 2,
		CHECKS({ wl_answers_group_from, ASKED_FOR("$message") }) },
	{ "multicast.receiver.once", "multicast_receiver", N_("The receiver sends one answer and nothing else."),
		N_("Whoever counts answers counts members."),
		{ N_("How many datagrams leave the receiver for one that comes in?"),
			N_("Count the sending calls on the way through the program."),
			N_("One received datagram, one sendto().") },
		course_receiver, &receiver_cable, NEEDS("multicast.receiver.answers"), 1,
		CHECKS({ wl_answers_group_once, ASKED_FOR("$message") }) },
	{ "multicast.receiver.prints_address", "multicast_receiver",
		N_("The receiver prints the address and port of the sender behind \"addr =\"."),
		N_("Who asked is the first thing to look at when something goes wrong."),
		{ N_("What does the terminal show of the sender?"), N_("The address comes with the datagram, as a pair."),
			N_("Print the pair as it came, behind the label of the task.") },
		course_receiver, &receiver_cable, NEEDS("multicast.receiver.answers"), 1,
		CHECKS({ wl_prints_asker, ASKED_FOR("$message"), .label = "addr =" }) },
	{ "multicast.receiver.prints_data", "multicast_receiver",
		N_("The receiver prints the data behind \"data =\"."),
		N_("What was heard shows whether all of it has come."),
		{ N_("What does the terminal show of the data?"), N_("Is the output there before the next datagram comes?"),
			N_("Print the bytes that were received, behind the label of the task, and flush.") },
		course_receiver, &receiver_cable, NEEDS("multicast.receiver.answers"), 1,
		CHECKS({ wl_prints_value, ASKED_FOR("$message"), .label = "data =" }) },
	{ "multicast.receiver.ends", "multicast_receiver", N_("The receiver runs until Ctrl-C is pressed and ends then."),
		N_("A receiver has no end of its own; the one who started it stops it."),
		{ N_("What ends the loop?"), N_("Does anything catch Ctrl-C and go on?"),
			N_("Let the interrupt end the program.") },
		course_receiver, &receiver_cable, NEEDS("multicast.receiver.answers"), 1,
		CHECKS({ wl_ends_by_key, MEMBER }) },
	{ "multicast.receiver.keeps", "multicast_receiver",
		N_("The receiver stays in the group when datagrams have come."),
		N_("A member that leaves hears nothing more."),
		{ N_("How long does a membership last?"), N_("It belongs to the socket."),
			N_("Join once, before the loop, and keep that socket open.") },
		"RFC 1112 section 7", &receiver_many, NEEDS("multicast.receiver.answers"), 1,
		CHECKS({ wl_keeps_group, MEMBER }) },
	{ "multicast.receiver.many", "multicast_receiver",
		N_("The receiver prints and answers any number of datagrams (more than 20 are tried)."),
		N_("A receiver serves as long as it runs."),
		{ N_("What happens behind the first answer?"), N_("Look at what the loop goes round."),
			N_("Receiving, printing and answering belong into a loop that does not end.") },
		course_receiver, &receiver_many,
		NEEDS("multicast.receiver.ack", "multicast.receiver.prints_address", "multicast.receiver.prints_data",
			"multicast.receiver.keeps"),
		1, CHECKS(HEARS) },
	{ "multicast.receiver.shorter", "multicast_receiver",
		N_("A datagram that is shorter than the one before it is printed without anything of that one."),
		N_("What was in the buffer before does not belong to the message."),
		{ N_("Where does the message end?"), N_("The receiving call says how many bytes have come."),
			N_("Print just as many bytes as were received.") },
		course_receiver, &receiver_shorter, NEEDS("multicast.receiver.many"), 1, CHECKS(HEARS) },
	{ "multicast.receiver.peers", "multicast_receiver",
		N_("Datagrams of several senders are answered each to its own address and port."),
		N_("A socket that hears a group hears all who send to it."),
		{ N_("Where does the second sender's answer go?"), N_("Is an address kept from an earlier datagram?"),
			N_("Answer to the address that came with this very datagram.") },
		course_receiver, &receiver_peers, STEADY, 1, CHECKS(HEARS) },
	{ "multicast.receiver.korean", "multicast_receiver", N_("Korean text is printed and answered."),
		N_("One character of Hangul is three bytes in UTF-8."),
		{ N_("How does your program print what is not ASCII?"), N_("Bytes and text are two things."),
			N_("Print the bytes as your programming language shows them, or decode them as UTF-8.") },
		course_receiver, &receiver_korean, RIGHT, 1, CHECKS(HEARS) },
	{ "multicast.receiver.empty", "multicast_receiver",
		N_("An empty datagram is printed and answered, and the next one too."),
		N_("On UDP an empty datagram is a message; only on TCP does an empty read mean the end."),
		{ N_("What does your program do when nothing is in the datagram?"),
			N_("An empty message is false in many languages."),
			N_("Answer whatever was received, even when its length is 0.") },
		"RFC 768; course, multicast_receiver", &receiver_empty, STEADY, 1, CHECKS(HEARS) },
	{ "multicast.receiver.large", "multicast_receiver", N_("1500 bytes are printed whole and answered."),
		N_("What does not fit into the receive buffer is lost: UDP cuts it off."),
		{ N_("How much does one receive take at most?"),
			N_("The course's buffer holds more than a whole Ethernet payload."),
			N_("Give the receiving call room for 1500 bytes.") },
		course_receiver, &receiver_large, RIGHT, 1, CHECKS(HEARS) },
	{ "multicast.receiver.not_utf8", "multicast_receiver",
		N_("Bytes that are not UTF-8 are printed and answered, and the next datagram too."),
		N_("A receiver that can be stopped by one strange datagram will be."),
		{ N_("What if the bytes cannot be decoded?"), N_("Must the data be text at all?"),
			N_("Print the bytes themselves, in a way that cannot fail.") },
		course_receiver, &receiver_not_utf8, NEEDS("multicast.receiver.shorter", "multicast.receiver.korean"), 1,
		CHECKS(HEARS) },
	{ "multicast.receiver.waits", "multicast_receiver",
		N_("The receiver waits as long as it takes for the first datagram (3 seconds are tried)."),
		N_("Nobody knows when somebody will send to a group."),
		{ N_("What happens when nobody sends for a while?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever; with one, carry on when it expires.") },
		course_receiver, &receiver_waits, NEEDS("multicast.receiver.many"), 1, CHECKS(HEARS) },
	{ "multicast.receiver.waits_next", "multicast_receiver",
		N_("The receiver waits as long as it takes for the next datagram (3 seconds are tried)."),
		N_("Nobody knows when somebody will send to a group."),
		{ N_("What happens when nobody sends for a while?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever; with one, carry on when it expires.") },
		course_receiver, &receiver_waits_next, NEEDS("multicast.receiver.peers", "multicast.receiver.waits"), 1,
		CHECKS(HEARS) },
	{ "multicast.receiver.own_host", "multicast_receiver",
		N_("A sender on the same machine is heard and answered, too."),
		N_("The first try of a network program is on one machine."),
		{ N_("On which interface was the group joined?"), N_("To which address is the socket bound?"),
			N_("Leave interface and address to the system, unless you know what you are doing.") },
		course_receiver, &receiver_own_host, RIGHT, 1, CHECKS(HEARS) },
	{ "multicast.receiver.shared", "multicast_receiver",
		N_("Two receivers run on one machine; each of them prints the datagram and answers."),
		N_("A port belongs to one program, unless all who want it agree to share it."),
		{ N_("What does the second receiver say when it starts?"), N_("There is a socket option for sharing a port."),
			N_("Look up SO_REUSEADDR, and mind the order of the calls.") },
		course_receiver, &receiver_shared, NEEDS("multicast.receiver.many"), 2,
		CHECKS({ wl_answers_group_with, MEMBER, .number = 2 }, { wl_prints_heard, MEMBER },
			{ wl_prints_heard, .actor = "second", .peer = "peer", .group = GROUP, .port = PORT }) },

	{ "multicast.sender.sends", "multicast_sender",
		N_("The sender sends a datagram to 224.1.1.1, port 49003, and it goes out on the cable."),
		N_("The members hear only what is sent to their group and port."),
		{ N_("Where does the datagram go?"), N_("Address and port go together in one call."),
			N_("Check the kind of the socket, the group's address and the port.") },
		course_sender, &sender_cable, NULL, 1, CHECKS({ wl_sends_group, SENDER }) },
	{ "multicast.sender.data", "multicast_sender", N_("The datagram carries the nine bytes \"echo data\"."),
		N_("What is sent is what every member prints."),
		{ N_("What exactly is in the datagram?"), N_("Compare its length with that of the text."),
			N_("Nothing stands before or behind the text, neither a newline nor a NUL byte.") },
		course_sender, &sender_cable, NEEDS("multicast.sender.sends"), 1, CHECKS({ wl_sends_same, SENDER }) },
	{ "multicast.sender.once", "multicast_sender", N_("The sender sends one datagram and nothing else."),
		N_("One datagram reaches all members; that is what a group is for."),
		{ N_("How many datagrams leave the sender?"), N_("Look for a loop around the sending call."),
			N_("One sendto() to the group is enough.") },
		course_sender, &sender_cable, NEEDS("multicast.sender.sends"), 1, CHECKS({ wl_sends_once, SENDER }) },
	{ "multicast.sender.ttl", "multicast_sender", N_("The datagram leaves with IP TTL 2."),
		N_("The TTL says how many routers away the members may be: 1 reaches no other network."),
		{ N_("How far may the datagram go?"), N_("Multicast has a TTL option of its own."),
			N_("Compare IP_TTL with IP_MULTICAST_TTL.") },
		"RFC 1112 section 6.1; course, multicast_sender", &sender_cable, NEEDS("multicast.sender.sends"), 2,
		CHECKS({ wl_sends_ttl, SENDER, .number = 2 }) },
	{ "multicast.sender.prints_address", "multicast_sender",
		N_("The sender prints the address and port of the member that answered behind \"addr =\"."),
		N_("The answers differ in nothing but the address of the member."),
		{ N_("Whose address does the terminal show?"), N_("Each answer comes with an address."),
			N_("Print what recvfrom() returned, not the group's address.") },
		course_sender, &sender_cable, NEEDS("multicast.sender.sends"), 1,
		CHECKS({ wl_prints_answerers, SENDER, SOON }) },
	{ "multicast.sender.prints_data", "multicast_sender",
		N_("The sender prints the answer that it received behind \"data =\"."),
		N_("Only what came back shows that somebody answered."),
		{ N_("Is what you print what you received?"), N_("Follow the received bytes to the print."),
			N_("Print what the receiving call returned behind the label of the task.") },
		course_sender, &sender_cable, NEEDS("multicast.sender.sends"), 1,
		CHECKS({ wl_prints_value, .actor = "sender", .value = "$reply", .label = "data =" }) },
	{ "multicast.sender.several", "multicast_sender",
		N_("Answers of several members are all printed, be they on several machines or on one."),
		N_("Nobody knows how many members a group has."),
		{ N_("What happens behind the first answer?"), N_("Is there a loop around the receiving call?"),
			N_("Go on receiving until no answer comes any more.") },
		course_sender, &sender_several, PRINTING, 2, CHECKS({ wl_prints_answers, SENDER, SOON }) },
	{ "multicast.sender.waits", "multicast_sender",
		N_("The 0.2 seconds begin anew with each answer: answers 0.15 seconds apart are all printed."),
		N_("Members answer when they can, not all at once."),
		{ N_("From when do the 0.2 seconds count?"), N_("What does a timeout on a socket measure?"),
			N_("Give each receive its own 0.2 seconds, instead of one limit for all.") },
		course_sender, &sender_slow, NEEDS("multicast.sender.several"), 2,
		CHECKS({ wl_prints_answers, SENDER, SOON }) },
	{ "multicast.sender.ends", "multicast_sender",
		N_("The sender ends by itself 0.2 seconds after the last answer (within a second)."),
		N_("As nobody knows how many answers will come, only a time without one can be the end."),
		{ N_("What ends the loop?"), N_("Is there a timeout on the socket?"),
			N_("Set a timeout of 0.2 seconds and leave the loop when it strikes.") },
		course_sender, &sender_ends, PRINTING, 2,
		CHECKS({ wl_ends_quietly, SENDER }, { wl_ends_itself, SENDER }) },
	{ "multicast.sender.alone", "multicast_sender",
		N_("When nobody answers, the sender ends as well, and prints no answer."),
		N_("A group may be empty, and sending to it is no error."),
		{ N_("What does the program do when nobody answers?"), N_("Does the timeout hold for the first answer, too?"),
			N_("Print only what was received; take a timeout for the end, not for an error.") },
		course_sender, &sender_silence, NEEDS("multicast.sender.ends"), 1,
		CHECKS({ wl_prints_no_answer, SENDER, .label = "addr =" },
			{ wl_prints_no_answer, SENDER, .label = "data =" }, { wl_ends_quietly, SENDER },
			{ wl_ends_itself, SENDER }) },
	{ "multicast.sender.own_host", "multicast_sender",
		N_("A member on the same machine hears the sender, and its answer is printed."),
		N_("The first try of a network program is on one machine."),
		{ N_("Does your own machine get a copy of what it sends to a group?"),
			N_("There is a socket option for that; it is on by default."),
			N_("Look up IP_MULTICAST_LOOP.") },
		course_sender, &sender_own_host, PRINTING, 1,
		CHECKS({ wl_prints_answers, SENDER, SOON, .peer = "peer" }) },

	{ "multicast.pair", "pair", N_("The sender works together with receivers on two other machines."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak of the same group and port?"),
			N_("Look at the requirements of each half first."),
			N_("Compare group, port and data of the two programs.") },
		"course, multicast_receiver and multicast_sender", &pair_cable, WORKING, 1,
		CHECKS(PAIR(1), { wl_prints_answers, SENDER, SOON },
			{ wl_ends_itself, SENDER }) },
	{ "multicast.pair_alone", "pair", N_("The sender works together with two receivers on its own machine."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves speak of the same group and port?"),
			N_("Look at the requirements of each half first."),
			N_("Compare group, port and data of the two programs.") },
		"course, multicast_receiver and multicast_sender", &pair_alone,
		NEEDS("multicast.pair", "multicast.receiver.own_host", "multicast.receiver.shared", "multicast.sender.own_host",
			"multicast.sender.several"),
		1,
		CHECKS(PAIR(2), { wl_prints_answers, SENDER, SOON },
			{ wl_ends_itself, SENDER }) },
	{ NULL },
};

/* The task, sentence by sentence. README.md says it in the same words, in both languages. */
static const struct wl_sentence task[] = {
	{ "multicast_receiver",
		N_("The receiver opens a UDP socket on port 49003, and shares it (SO_REUSEADDR): two receivers on one machine both print "
			"and answer."),
		NAMES("multicast.receiver.opens", "multicast.receiver.shared") },
	{ "multicast_receiver",
		N_("The receiver joins the group 224.1.1.1 and stays a member."),
		NAMES("multicast.receiver.joins", "multicast.receiver.keeps") },
	{ "multicast_receiver",
		N_("The receiver answers each datagram that comes to the group once, with the three bytes \"ack\", from port 49003, to "
			"the address and port that it came from, and sends nothing else."),
		NAMES("multicast.receiver.answers", "multicast.receiver.ack", "multicast.receiver.port", "multicast.receiver.once") },
	{ "multicast_receiver",
		N_("Each of several senders, one on the receiver's own machine too, is answered."),
		NAMES("multicast.receiver.peers", "multicast.receiver.own_host") },
	{ "multicast_receiver",
		N_("For each datagram the receiver prints the address and port of its sender behind \"addr =\", and the data behind "
			"\"data =\"."),
		NAMES("multicast.receiver.prints_address", "multicast.receiver.prints_data") },
	{ "multicast_receiver",
		N_("Whatever the data are, they are printed as they came, and answered: Korean text, 1500 bytes, bytes that are not "
			"UTF-8, no bytes at all, a short one behind a long one."),
		NAMES("multicast.receiver.korean", "multicast.receiver.large", "multicast.receiver.not_utf8", "multicast.receiver.shorter",
			"multicast.receiver.empty") },
	{ "multicast_receiver",
		N_("The receiver waits as long as it takes for the first datagram and for the next, takes any number of them, runs until "
			"Ctrl-C is pressed, and ends then."),
		NAMES("multicast.receiver.waits", "multicast.receiver.waits_next", "multicast.receiver.many", "multicast.receiver.ends") },
	{ "multicast_sender",
		N_("The sender sends one datagram with the nine bytes \"echo data\" to 224.1.1.1, port 49003, with IP TTL 2, and nothing "
			"else."),
		NAMES("multicast.sender.sends", "multicast.sender.data", "multicast.sender.once", "multicast.sender.ttl") },
	{ "multicast_sender",
		N_("For each answer the sender prints the address and port of the member behind \"addr =\", and the answer behind \"data "
			"=\"."),
		NAMES("multicast.sender.prints_address", "multicast.sender.prints_data") },
	{ "multicast_sender",
		N_("The answers of all members are printed: on several machines, several on one, and one on the sender's own."),
		NAMES("multicast.sender.several", "multicast.sender.own_host") },
	{ "multicast_sender",
		N_("The sender takes answers until none has come for 0.2 seconds, which begin anew with each."),
		NAMES("multicast.sender.waits") },
	{ "multicast_sender",
		N_("Then, within a second of the last answer, the sender ends; it ends and prints no answer when nobody answers."),
		NAMES("multicast.sender.ends", "multicast.sender.alone") },
	{ "pair",
		N_("Your sender works together with your receivers: on two other machines, and two on its own."),
		NAMES("multicast.pair", "multicast.pair_alone") },
	{ NULL },
};

const struct wl_lesson lesson_multicast = { "multicast", N_("UDP multicast"), roles, requirements, task };
