/*
 * raw: Ethernet frames by hand.
 *
 * The sender's frames are looked at where its cable ends. It may use its own machine's MAC, whatever that is, in both fields: eth0 has
 * the course's address first, and if the first frame carries another usable source, the play is repeated with that on eth0. The
 * receiver is fed by injector, one frame at a time, each when the receiver waits again.
 */
#include "labs/raw/checks.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/play.h"

#define MAC "00:15:5d:11:c9:ca"
#define OTHER_MAC "02:00:00:00:00:0b"

static const struct wl_role roles[] = {
	{ "sender", N_("sends the typed line in one Ethernet frame"), .net_raw = true,
		.ready = { WL_READY_PROMPT, .prompt = "payload:" } },
	{ "receiver", N_("prints every frame on eth0 whose payload is UTF-8"), .net_raw = true,
		.ready = { WL_READY_PACKET } },
	{ NULL },
};

/* "own" is the machine of the program on judgement. */
static const struct wl_stage cable = { NAMES("own", "other"),
	CABLES({ "own", "10.77.0.1/24", "$mac" }, { "other", "10.77.0.2/24", OTHER_MAC }) };

static const struct wl_actor sender[] = { { "sender", "own", .role = "sender" }, { NULL } };
static const struct wl_actor receiver[] = {
	{ "receiver", "own", .role = "receiver" },
	{ "injector", "other", .program = "injector" },
	{ NULL },
};
static const struct wl_actor receiver_lo_too[] = {
	{ "receiver", "own", .role = "receiver" },
	{ "injector", "other", .program = "injector" },
	{ "injector_lo", "own", .program = "injector" },
	{ NULL },
};
static const struct wl_actor receiver_alone[] = {
	{ "receiver", "own", .role = "receiver" },
	{ "injector", "own", .program = "injector" },
	{ NULL },
};
static const struct wl_actor both[] = {
	{ "receiver", "other", .role = "receiver" },
	{ "sender", "own", .role = "sender" },
	{ NULL },
};
static const struct wl_actor both_alone[] = {
	{ "receiver", "own", .role = "receiver" },
	{ "sender", "own", .role = "sender" },
	{ NULL },
};

/* The plays of the sender. */
#define BEGIN(actor) { WL_START, actor }, { WL_READY, actor }
static const struct wl_step send_line[] = {
	BEGIN("sender"), { WL_TYPE, "sender", "$text" }, { WL_END, "sender" }, { 0 } };
static const struct wl_step send_line_late[] = {
	BEGIN("sender"), { WL_PAUSE, .ms = 3000 }, { WL_TYPE, "sender", "$text" }, { WL_END, "sender" }, { 0 } };

/* The plays of the receiver: a frame is injected and taken. */
#define INJECT(injector, interface, dst, src, type, text)                                           \
	{ WL_START, injector, .args = { interface, dst, src, type, text } }, { WL_END, injector }
#define FRAME(dst, src, type, text)                                                                 \
	INJECT("injector", "eth0", dst, src, type, text), { WL_TOOK, "receiver" }
#define PLAIN(text) FRAME("$mac", "$mac", "0800", text)

static const struct wl_step one_frame[] = { BEGIN("receiver"), PLAIN("#text"), { 0 } };
static const struct wl_step two_frames[] = {
	BEGIN("receiver"), PLAIN("#text"), PLAIN("#text2"), { 0 } };
static const struct wl_step three_frames[] = {
	BEGIN("receiver"), PLAIN("#text"), PLAIN("#bad"), PLAIN("#text2"), { 0 } };
static const struct wl_step frame_on_lo[] = {
	BEGIN("receiver"),
	INJECT("injector_lo", "lo", "00:00:00:00:00:00", "00:00:00:00:00:00", "$type", "#bad"),
	{ WL_QUIET, .ms = 100 }, PLAIN("#text"), { 0 } };
static const struct wl_step three_destinations[] = {
	BEGIN("receiver"), FRAME("$dst", "$src", "0800", "#text"),
	FRAME("ff:ff:ff:ff:ff:ff", "$src", "0800", "#text2"),
	FRAME("$group", "$src", "0800", "#text3"), { 0 } };
static const struct wl_step three_types[] = {
	BEGIN("receiver"), FRAME("$mac", "$src", "$type", "#text"), FRAME("$mac", "$src", "$type3", "#text2"),
	FRAME("$mac", "$src", "$type2", "#text3"), { 0 } };
/* As many frames as were drawn, one when the former was taken. */
static int inject_many(struct wl_play *play, const struct wl_step *step)
{
	static const struct wl_step taken = { WL_TOOK, "receiver" }, injected = { WL_END, "injector" };
	int count = atoi(wl_play_value(play, "frames"));

	for (int i = 1; i <= count; i++) {
		char name[16];
		const struct wl_step inject = { WL_START, "injector", .args = { "eth0", "$mac", "$mac", "0800", name } };

		snprintf(name, sizeof(name), "#text%d", i);
		if (wl_play_step(play, &inject) < 0 || wl_play_step(play, &injected) < 0 || wl_play_step(play, &taken) < 0)
			return -1;
	}
	(void)step;
	return 0;
}
static const struct wl_step many_frames[] = { BEGIN("receiver"), { WL_CALL, .call = inject_many }, { 0 } };
static const struct wl_step frame_late[] = {
	BEGIN("receiver"), { WL_PAUSE, .ms = 3000 }, PLAIN("#text"), { 0 } };
static const struct wl_step frame_again_late[] = {
	BEGIN("receiver"), PLAIN("#text"), { WL_PAUSE, .ms = 3000 }, PLAIN("#text2"), { 0 } };
static const struct wl_step press_ctrl_c[] = {
	BEGIN("receiver"), PLAIN("#text"), { WL_KEY, "receiver", "\x03" }, { WL_END, "receiver" }, { 0 } };

static const struct wl_step play_both[] = {
	BEGIN("receiver"), BEGIN("sender"), { WL_TYPE, "sender", "$text" }, { WL_END, "sender" },
	{ WL_TOOK, "receiver" }, { 0 } };

#define DRAWN(...) VALUES({ "mac", WL_DRAW_LITERAL, MAC }, __VA_ARGS__)
#define TEXT(draw) { "text", draw }
#define WORDS TEXT(WL_DRAW_WORDS)
#define KOREAN TEXT(WL_DRAW_KOREAN)
#define BLANKS TEXT(WL_DRAW_BLANKS)
#define NUL TEXT(WL_DRAW_NUL)
#define EMPTY { "text", WL_DRAW_LITERAL, "" }
#define LARGE { "text", WL_DRAW_WORDS, .len = 1500 }
#define MORE(name) { name, WL_DRAW_WORDS }
#define ADDRESSES { "dst", WL_DRAW_MAC }, { "src", WL_DRAW_MAC }, { "group", WL_DRAW_GROUP }
#define TYPE(name) { name, WL_DRAW_TYPE }

#define SENDER(name, text, values, steps)                                                           \
	static const struct wl_scenario name = { #name, text, &cable, sender, values, steps, raw_other_mac }
#define RECEIVER(name, text, actors, values, steps)                                                 \
	static const struct wl_scenario name = { #name, text, &cable, actors, values, steps }

SENDER(sender_line, N_("a line is typed into sender"), DRAWN(WORDS), send_line);
SENDER(sender_korean, N_("Korean text is typed into sender"), DRAWN(KOREAN), send_line);
SENDER(sender_empty, N_("an empty line is typed into sender"), DRAWN(EMPTY), send_line);
SENDER(sender_large, N_("a line of 1500 bytes is typed into sender"), DRAWN(LARGE), send_line);
SENDER(sender_blanks, N_("a line with blanks at both ends is typed into sender"), DRAWN(BLANKS),
	send_line);
SENDER(sender_waits, N_("the line is typed into sender after 3 seconds"), DRAWN(WORDS), send_line_late);

RECEIVER(receiver_frame, N_("one frame comes to receiver"), receiver, DRAWN(WORDS), one_frame);
/* The second is shorter: what is left of the first must not show. */
RECEIVER(receiver_again, N_("two frames come to receiver"), receiver,
	DRAWN({ "text", WL_DRAW_WORDS, .len = 24 }, { "text2", WL_DRAW_WORDS, .len = 12 }), two_frames);
RECEIVER(receiver_destinations, N_("frames to another machine, to all and to a group come by"), receiver,
	DRAWN(WORDS, MORE("text2"), MORE("text3"), ADDRESSES), three_destinations);
RECEIVER(receiver_types, N_("frames of three other types come to receiver"), receiver,
	DRAWN(WORDS, MORE("text2"), MORE("text3"), ADDRESSES, TYPE("type"), TYPE("type2"), TYPE("type3")), three_types);
RECEIVER(receiver_own, N_("receiver's own machine sends a frame"), receiver_alone, DRAWN(WORDS), one_frame);
RECEIVER(receiver_lo, N_("a frame goes over lo, then one over eth0"), receiver_lo_too,
	DRAWN(WORDS, MORE("bad"), TYPE("type")), frame_on_lo);
RECEIVER(receiver_skips, N_("a frame that is not text comes between two that are"), receiver,
	DRAWN(WORDS, { "bad", WL_DRAW_NOT_UTF8 }, MORE("text2")), three_frames);
RECEIVER(receiver_korean, N_("a frame with Korean text comes to receiver"), receiver, DRAWN(KOREAN),
	one_frame);
RECEIVER(receiver_empty, N_("a frame without payload comes to receiver"), receiver, DRAWN(EMPTY),
	one_frame);
RECEIVER(receiver_large, N_("a frame with 1500 bytes comes to receiver"), receiver, DRAWN(LARGE),
	one_frame);
RECEIVER(receiver_blanks, N_("a frame with blanks at both ends comes to receiver"), receiver,
	DRAWN(BLANKS), one_frame);
RECEIVER(receiver_nul, N_("a frame with NUL bytes comes to receiver"), receiver, DRAWN(NUL), one_frame);
RECEIVER(receiver_many, N_("more than ten frames come to receiver, one after the other"), receiver,
	DRAWN({ "frames", WL_DRAW_NUMBER, "12..16" }, MORE("text1"), MORE("text2"), MORE("text3"), MORE("text4"),
		MORE("text5"), MORE("text6"), MORE("text7"), MORE("text8"), MORE("text9"), MORE("text10"), MORE("text11"),
		MORE("text12"), MORE("text13"), MORE("text14"), MORE("text15"), MORE("text16")),
	many_frames);
RECEIVER(receiver_waits, N_("the first frame comes to receiver after 3 seconds"), receiver, DRAWN(WORDS),
	frame_late);
RECEIVER(receiver_waits_again, N_("3 seconds pass between two frames"), receiver,
	DRAWN(WORDS, MORE("text2")), frame_again_late);
RECEIVER(receiver_ends, N_("Ctrl-C is pressed at receiver"), receiver, DRAWN(WORDS), press_ctrl_c);

static const struct wl_scenario pair_cable = { "pair_cable",
	N_("sender and receiver together, over the cable"), &cable, both, DRAWN(WORDS), play_both,
	raw_other_mac };
static const struct wl_scenario pair_alone = { "pair_alone",
	N_("sender and receiver together, on one machine"), &cable, both_alone, DRAWN(WORDS), play_both,
	raw_other_mac };

/* Checks. */
#define SENT .actor = "sender", .value = "$text"
#define GOT(n, name) .actor = "receiver", .nth = n, .value = name
#define PAYLOAD(n, name) { raw_prints_value, GOT(n, name), .label = "payload =" }
#define ADDRESSED(n, dst, src)                                                                      \
	{ raw_prints_value, GOT(n, dst), .label = "dst =" }, { raw_prints_value, GOT(n, src), .label = "src =" }
#define TYPED(n, type) { raw_prints_value, GOT(n, type), .label = "type =" }

static const char course_sender[] = "course, raw sender";
static const char course_receiver[] = "course, raw receiver";
static const char ethernet[] = "course, raw sender; RFC 894";

#define SENDS NEEDS("raw.sender.sends")
#define LINE NEEDS("raw.sender.payload")
#define PRINTS NEEDS("raw.receiver.prints")
#define AGAIN NEEDS("raw.receiver.again")

static const struct wl_requirement requirements[] = {
	{ "raw.sender.sends", "sender", N_("The sender puts a frame on the cable of eth0 when a line was typed."),
		N_("A raw socket sends nothing until it is tied to an interface."),
		{ N_("Which interface does the socket belong to?"), N_("Look at socket(AF_PACKET, ...) and bind()."),
			N_("Bind the packet socket to eth0 and send the whole frame, header and payload.") },
		course_sender, &sender_line, NULL, 1, CHECKS({ raw_sends, SENT }) },
	{ "raw.sender.prompt", "sender", N_("The sender asks for the line with \"payload: \"."),
		N_("Whoever sits at the terminal must know that it is their turn."),
		{ N_("What does the terminal show before you type?"),
			N_("A prompt without a newline may stay in a buffer."),
			N_("Print the prompt of the task and make sure it is out before reading.") },
		course_sender, &sender_line, SENDS, 1, CHECKS({ wl_prompts, SENT, .label = "payload:" }) },
	{ "raw.sender.once", "sender", N_("One line gives one frame, and none before the line is typed."),
		N_("Every frame on a cable reaches everybody."),
		{ N_("How many frames leave for one line?"), N_("Look for a loop around the sending call."),
			N_("One line, one send().") },
		course_sender, &sender_line, SENDS, 1, CHECKS({ raw_sends_once, SENT }, { raw_after_line, SENT }) },
	{ "raw.sender.source", "sender", N_("The source address, bytes 7 to 12, is the MAC of eth0."),
		N_("Switches learn from the source where a machine is."),
		{ N_("Which of the two addresses comes first in a frame?"),
			N_("\"ip link\" shows the MAC of an interface."),
			N_("Destination first, then source, six bytes each, as bytes and not as text.") },
		ethernet, &sender_line, SENDS, 2, CHECKS({ raw_source, SENT }) },
	{ "raw.sender.destination", "sender",
		N_("The destination address, bytes 1 to 6, is that of one machine."),
		N_("The destination decides who takes the frame up."),
		{ N_("What do the first six bytes of the frame say?"),
			N_("The lowest bit of the first byte tells a group from one machine."),
			N_("Put the MAC of a machine there; your own is fine.") },
		ethernet, &sender_line, SENDS, 1, CHECKS({ raw_destination, SENT }) },
	{ "raw.sender.type", "sender", N_("The type, bytes 13 and 14, is 08 00, the high byte first."),
		N_("The type tells the receiver what the payload is."),
		{ N_("In which order do the two bytes leave?"), N_("Networks put the high byte first."),
			N_("Look at htons(), or write the two bytes one by one.") },
		ethernet, &sender_line, SENDS, 2, CHECKS({ raw_type, SENT, .label = "0800" }) },
	{ "raw.sender.payload", "sender",
		N_("Behind the header there is the line in UTF-8: no newline and nothing else."),
		N_("A frame has no length field here: whatever is sent counts."),
		{ N_("How many bytes does the frame have, and how many does the line?"),
			N_("Compare the frame's length with 14 plus the line's."),
			N_("Look for a kept newline, a closing NUL byte, or a buffer that is sent whole.") },
		course_sender, &sender_line, SENDS, 2, CHECKS({ raw_payload, SENT }) },
	{ "raw.sender.ends", "sender", N_("The sender ends after one frame."),
		N_("One line, one frame: then the program is done."),
		{ N_("What comes behind the sending?"), N_("Is there a loop around it?"),
			N_("Read once, send once, close.") },
		course_sender, &sender_line, SENDS, 1, CHECKS({ wl_ends_itself, SENT }) },
	{ "raw.sender.korean", "sender", N_("Korean text leaves as UTF-8."),
		N_("A frame carries bytes, so both sides must agree on the encoding."),
		{ N_("In which encoding does the text leave?"), N_("One character of Hangul is three bytes."),
			N_("Encode as UTF-8, and count bytes, not characters.") },
		course_sender, &sender_korean, LINE, 1, CHECKS({ raw_payload, SENT }) },
	{ "raw.sender.empty", "sender", N_("An empty line gives a frame of 14 bytes."),
		N_("A header without payload is a frame, too."),
		{ N_("What happens when only Enter is pressed?"), N_("Is a newline sent, or nothing at all?"),
			N_("Send header and line, whatever the line's length.") },
		course_sender, &sender_empty, LINE, 1, CHECKS({ raw_payload, SENT }) },
	{ "raw.sender.large", "sender", N_("A line of 1500 bytes leaves whole in one frame."),
		N_("1500 bytes is what an Ethernet frame carries at most."),
		{ N_("How long a line can your program read and send?"), N_("Look at the sizes of buffers."),
			N_("Give reading and sending room for 1500 bytes and the header.") },
		ethernet, &sender_large, LINE, 1, CHECKS({ raw_payload, SENT }) },
	{ "raw.sender.blanks", "sender", N_("Blanks at both ends of the line are sent."),
		N_("Blanks are data too."),
		{ N_("Does anything trim the line?"), N_("Look for strip(), split() or scanf(\"%s\")."),
			N_("Cut off the newline and nothing else.") },
		course_sender, &sender_blanks, LINE, 1, CHECKS({ raw_payload, SENT }) },
	{ "raw.sender.waits", "sender",
		N_("The sender waits for the line as long as it takes (3 seconds are tried)."),
		N_("People type slowly."),
		{ N_("What happens while nothing is typed?"), N_("Is there a timeout or a default text?"),
			N_("Reading a line waits by itself.") },
		course_sender, &sender_waits, LINE, 1, CHECKS({ raw_after_line, SENT }, { raw_payload, SENT }) },

	{ "raw.receiver.prints", "receiver", N_("The receiver prints a frame's payload behind \"payload =\"."),
		N_("Whoever listens wants to see what came."),
		{ N_("Does the program wait for frames on eth0?"), N_("Where does the payload begin?"),
			N_("Receive on a packet socket bound to eth0, cut off the header, decode, print.") },
		course_receiver, &receiver_frame, NULL, 2, CHECKS(PAYLOAD(0, "$text")) },
	{ "raw.receiver.once", "receiver", N_("The receiver prints each frame once, and sends none."),
		N_("A list with duplicates is wrong, and who listens must not add to what is heard."),
		{ N_("How often does one frame show up?"), N_("Count sockets and print calls."),
			N_("One receive, one print.") },
		course_receiver, &receiver_frame, PRINTS, 1,
		CHECKS({ raw_prints_once, GOT(0, "$text") }, { raw_sends_none, .actor = "receiver" }) },
	{ "raw.receiver.again", "receiver", N_("The receiver goes on and prints the next frame, too."),
		N_("On a cable one frame follows the other."),
		{ N_("What does the program do behind the first frame?"), N_("Look at the loop."),
			N_("Receive and print again and again.") },
		course_receiver, &receiver_again, PRINTS, 1,
		CHECKS(PAYLOAD(0, "$text"), PAYLOAD(1, "$text2")) },
	{ "raw.receiver.any_destination", "receiver",
		N_("The receiver prints frames to other machines, to all and to groups, too."),
		N_("A packet socket sees the cable, not just what is meant for its machine."),
		{ N_("Is anything left out?"), N_("Look for a comparison with your own address."),
			N_("Print whatever the socket gives.") },
		course_receiver, &receiver_destinations, AGAIN, 1,
		CHECKS(PAYLOAD(0, "$text"), PAYLOAD(1, "$text2"), PAYLOAD(2, "$text3")) },
	{ "raw.receiver.any_type", "receiver", N_("The receiver prints frames of any type."),
		N_("IPv4 is only one of the things that Ethernet carries."),
		{ N_("Which protocol did the socket ask for?"), N_("One protocol number stands for all."),
			N_("Compare the protocol argument of socket() with ETH_P_ALL.") },
		"course, raw receiver; packet(7)", &receiver_types, AGAIN, 1,
		CHECKS(PAYLOAD(0, "$text"), PAYLOAD(1, "$text2"), PAYLOAD(2, "$text3")) },
	{ "raw.receiver.addresses", "receiver",
		N_("The receiver prints both addresses behind \"dst =\" and \"src =\", as aa:bb:cc:dd:ee:ff."),
		N_("Who sent to whom is what the header is for."),
		{ N_("Which six bytes are which?"), N_("The first address in a frame is not the sender's."),
			N_("Print bytes 1 to 6 and 7 to 12, two hexadecimal digits each, with colons.") },
		course_receiver, &receiver_destinations, NEEDS("raw.receiver.any_destination"), 2,
		CHECKS(ADDRESSED(0, "$dst", "$src"), ADDRESSED(1, "ff:ff:ff:ff:ff:ff", "$src"),
			ADDRESSED(2, "$group", "$src")) },
	{ "raw.receiver.type", "receiver",
		N_("The receiver prints the type as four hexadecimal digits behind \"type =\"."),
		N_("The type tells what the payload is."),
		{ N_("Which two bytes are the type?"), N_("Mind the order of the two bytes."),
			N_("Print bytes 13 and 14 in the order in which they came.") },
		course_receiver, &receiver_types, NEEDS("raw.receiver.any_type"), 2,
		CHECKS(TYPED(0, "$type"), TYPED(1, "$type3"), TYPED(2, "$type2")) },
	{ "raw.receiver.own", "receiver", N_("The receiver prints frames that its own machine sends, too."),
		N_("On one machine, sender and receiver share the interface."),
		{ N_("Do outgoing frames show up?"), N_("Only a socket for all protocols sees them."),
			N_("Compare the protocol argument of socket() and bind() with ETH_P_ALL.") },
		"course, raw receiver; packet(7)", &receiver_own, PRINTS, 1, CHECKS(PAYLOAD(0, "$text")) },
	{ "raw.receiver.not_lo", "receiver", N_("The receiver prints nothing that goes over lo."),
		N_("lo is another interface than eth0."),
		{ N_("Which interfaces does the socket hear?"), N_("A socket that is not bound hears all."),
			N_("Bind the socket to eth0.") },
		course_receiver, &receiver_lo, NEEDS("raw.receiver.once"), 1,
		CHECKS({ raw_prints_none, GOT(0, "$bad") }, PAYLOAD(1, "$text"),
			{ raw_prints_once, GOT(1, "$text") }) },
	{ "raw.receiver.skips", "receiver",
		N_("A frame whose payload is not UTF-8 is skipped in silence, and the next one is printed."),
		N_("On a real cable most frames are not text."),
		{ N_("What happens when the bytes cannot be decoded?"), N_("Is that an error that ends the program?"),
			N_("Catch the failure to decode and go on with the next frame.") },
		course_receiver, &receiver_skips, AGAIN, 2,
		CHECKS(PAYLOAD(0, "$text"), PAYLOAD(2, "$text2"), { raw_prints_none, GOT(1, "$bad") }) },
	{ "raw.receiver.korean", "receiver", N_("Korean text is printed."),
		N_("One character of Hangul is three bytes in UTF-8."),
		{ N_("Which encoding do you decode with?"), N_("ASCII ends at 127."), N_("Decode as UTF-8.") },
		course_receiver, &receiver_korean, PRINTS, 1, CHECKS(PAYLOAD(0, "$text")) },
	{ "raw.receiver.empty", "receiver", N_("A frame without payload is printed with an empty one."),
		N_("A header without payload is a frame, too."),
		{ N_("What if nothing comes behind the header?"), N_("An empty text is false in many languages."),
			N_("Print the four lines for every frame that has a header.") },
		course_receiver, &receiver_empty, PRINTS, 1, CHECKS(PAYLOAD(0, "$text")) },
	{ "raw.receiver.large", "receiver", N_("A payload of 1500 bytes is printed whole."),
		N_("1500 bytes is what an Ethernet frame carries at most."),
		{ N_("How much does one receive take at most?"), N_("The header needs room, too."),
			N_("Give the receiving call room for 1514 bytes.") },
		course_receiver, &receiver_large, PRINTS, 1, CHECKS(PAYLOAD(0, "$text")) },
	{ "raw.receiver.blanks", "receiver", N_("Blanks at both ends of the payload are printed."),
		N_("Blanks are data too."),
		{ N_("Does anything trim the text?"), N_("Look for strip() and split()."),
			N_("Print the payload as it came.") },
		course_receiver, &receiver_blanks, PRINTS, 1, CHECKS(PAYLOAD(0, "$text")) },
	{ "raw.receiver.nul", "receiver", N_("NUL bytes in the payload do not end it."),
		N_("A frame has a length; a NUL byte does not end it."),
		{ N_("How does your program know how long the payload is?"),
			N_("In C, printing with %s stops at the first NUL byte."),
			N_("Use the number that the receiving call returned.") },
		course_receiver, &receiver_nul, PRINTS, 1, CHECKS(PAYLOAD(0, "$text")) },
	{ "raw.receiver.many", "receiver", N_("The receiver prints any number of frames (more than 10 are tried)."),
		N_("Whoever listens does not know how much will come."),
		{ N_("How many frames does your program take?"), N_("Look at the loop."),
			N_("Receive and print in a loop without a count.") },
		course_receiver, &receiver_many, NEEDS("raw.receiver.again", "raw.receiver.once"), 2,
		CHECKS({ raw_prints_many, .actor = "receiver", .value = "$frames" }) },
	{ "raw.receiver.waits", "receiver",
		N_("The receiver waits as long as it takes for the first frame (3 seconds are tried)."),
		N_("Nobody knows when the next frame comes."),
		{ N_("What happens when nothing comes for a while?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever.") },
		course_receiver, &receiver_waits, PRINTS, 1, CHECKS(PAYLOAD(0, "$text")) },
	{ "raw.receiver.waits_again", "receiver",
		N_("The receiver waits as long as it takes for the next frame (3 seconds are tried)."),
		N_("Nobody knows when the next frame comes."),
		{ N_("What happens when nothing comes for a while?"), N_("Is there a timeout on the socket?"),
			N_("A receive without a timeout waits for ever.") },
		course_receiver, &receiver_waits_again, NEEDS("raw.receiver.again", "raw.receiver.waits"), 1, CHECKS(PAYLOAD(0, "$text"), PAYLOAD(1, "$text2")) },
	{ "raw.receiver.ends", "receiver", N_("The receiver ends when Ctrl-C is pressed."),
		N_("A program that cannot be stopped holds the terminal for ever."),
		{ N_("What does Ctrl-C do to your program?"), N_("Is the interrupt caught and then ignored?"),
			N_("Leave the loop when the interrupt comes.") },
		course_receiver, &receiver_ends, AGAIN, 1,
		CHECKS(PAYLOAD(0, "$text"), { wl_ends_by_key, GOT(0, "$text") }) },

	{ "raw.pair", "pair", N_("Sender and receiver work together over the cable."),
		N_("In the end the two halves must meet."),
		{ N_("Do both halves lay out the header alike?"), N_("Look at the requirements of each half first."),
			N_("Compare the header that one writes with the one that the other reads.") },
		"course, raw sender and receiver", &pair_cable, NEEDS("raw.sender.payload", "raw.receiver.prints"), 1,
		CHECKS({ raw_payload, SENT },
			{ wl_prints_value, .actor = "receiver", .value = "$text", .label = "payload =" }) },
	{ "raw.pair_alone", "pair", N_("Sender and receiver work together on one machine."),
		N_("In the end the two halves must meet."),
		{ N_("Does the receiver see what its own machine sends?"),
			N_("Look at the requirements of each half first."),
			N_("Compare the header that one writes with the one that the other reads.") },
		"course, raw sender and receiver", &pair_alone, NEEDS("raw.pair", "raw.receiver.own"), 1,
		CHECKS({ raw_payload, SENT },
			{ wl_prints_value, .actor = "receiver", .value = "$text", .label = "payload =" }) },
	{ NULL },
};

/* The task, sentence by sentence. README.md says it in the same words, in both languages. */
static const struct wl_sentence task[] = {
	{ "sender",
		N_("The sender asks for a line with \"payload: \", waits for it as long as it takes, and then sends it on eth0 as one "
			"frame."),
		NAMES("raw.sender.prompt", "raw.sender.waits", "raw.sender.sends", "raw.sender.once") },
	{ "sender",
		N_("The frame begins with 14 bytes: the MAC of one machine as its destination, the MAC of eth0 as its source, and the "
			"type 08 00."),
		NAMES("raw.sender.destination", "raw.sender.source", "raw.sender.type") },
	{ "sender",
		N_("Behind these 14 bytes stands the line in UTF-8, without its newline and with nothing behind it: Korean text, an "
			"empty line, 1500 bytes, blanks at both ends."),
		NAMES("raw.sender.payload", "raw.sender.korean", "raw.sender.empty", "raw.sender.large", "raw.sender.blanks") },
	{ "sender",
		N_("When one frame is sent the sender ends."),
		NAMES("raw.sender.ends") },
	{ "receiver",
		N_("The receiver prints, for each frame on eth0, both MACs behind \"dst =\" and \"src =\", the type as four hexadecimal "
			"digits behind \"type =\", and the payload as text behind \"payload =\"."),
		NAMES("raw.receiver.prints", "raw.receiver.addresses", "raw.receiver.type") },
	{ "receiver",
		N_("The receiver takes frames to any destination and of any type, those that its own machine sends too, but nothing that "
			"goes over lo."),
		NAMES("raw.receiver.any_destination", "raw.receiver.any_type", "raw.receiver.own", "raw.receiver.not_lo") },
	{ "receiver",
		N_("The payload is printed as it came: Korean text, no bytes at all, 1500 bytes, blanks at both ends, NUL bytes."),
		NAMES("raw.receiver.korean", "raw.receiver.empty", "raw.receiver.large", "raw.receiver.blanks", "raw.receiver.nul") },
	{ "receiver",
		N_("A frame whose payload is not UTF-8 is passed over in silence."),
		NAMES("raw.receiver.skips") },
	{ "receiver",
		N_("The receiver waits as long as it takes for the first frame and for the next, prints any number of them, each once, "
			"and sends none itself."),
		NAMES("raw.receiver.once", "raw.receiver.again", "raw.receiver.many", "raw.receiver.waits", "raw.receiver.waits_again") },
	{ "receiver",
		N_("When Ctrl-C is pressed the receiver ends."),
		NAMES("raw.receiver.ends") },
	{ "pair",
		N_("Your sender and your receiver work together, over a cable and on one machine."),
		NAMES("raw.pair", "raw.pair_alone") },
	{ NULL },
};

const struct wl_lesson lesson_raw = { "raw", N_("Raw frames"), roles, requirements, task };
