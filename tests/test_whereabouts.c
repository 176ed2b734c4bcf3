/*
 * The words on what did not happen: looks and frames made by hand, and what stands behind a failure then. Each row is one program at one
 * moment; words that must not be there stand in the third column.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "harness/whereabouts.h"
#include "tests/golden.h"
#include "tests/made.h"
#include "tests/tests.h"

#define PORT 49002
#define SYN 2
#define RST_ACK 0x14
#define SYN_ACK 0x12
#define PUSH_ACK 0x18

#define ON(family, protocol, address, port) { family, protocol, address, port, "0.0.0.0", 0, TCP_CLOSE }
#define UDP(address, port) ON(AF_INET, IPPROTO_UDP, address, port)
#define UDP_QUEUE(address, port, queue) { AF_INET, IPPROTO_UDP, address, port, "0.0.0.0", 0, TCP_CLOSE, queue }
#define UDP_TO(local, local_port, remote, remote_port) \
	{ AF_INET, IPPROTO_UDP, local, local_port, remote, remote_port, TCP_ESTABLISHED }
#define LISTENS(address, port, queue) { AF_INET6, IPPROTO_TCP, address, port, "::", 0, TCP_LISTEN, queue }
#define TCP_TO(local, local_port, remote, remote_port, queue) \
	{ AF_INET, IPPROTO_TCP, local, local_port, remote, remote_port, TCP_ESTABLISHED, queue }
#define PACKET(type, ifindex) { AF_PACKET, type, "", 0, "", 0, 0, 0, ifindex }

#define WAITS(task, call, on) { 1, 0, 1, task, WL_DOING_WAITS, on, call }
#define RECEIVES(task, call, ...) { 1, 0, 1, task, WL_DOING_WAITS, WL_ON_SOCKET, call, false, false, __VA_ARGS__ }
#define LIMITED(task, call, ...) { 1, 0, 1, task, WL_DOING_WAITS, WL_ON_SOCKET, call, false, true, __VA_ARGS__ }
#define SENDS(task, call, ...) { 1, 0, 1, task, WL_DOING_WAITS, WL_ON_SOCKET, call, true, false, __VA_ARGS__ }
#define HOLDS(...) { 1, 0, 0, 0, WL_DOING_HOLDS, WL_ON_SOCKET, "", false, false, __VA_ARGS__ }
#define DOES(process, task, doing) { 1, 0, process, task, doing, WL_ON_NOTHING, "" }
#define CHILD(process, call, on) { 1, 0, process, 1, WL_DOING_WAITS, on, call }

static const struct {
	struct wl_seen_doing doings[4];
	const char *says;
} rows[] = {
	{ { RECEIVES(1, "recvfrom", UDP("0.0.0.0", PORT)) }, "x It waits in recvfrom() on UDP 0.0.0.0:49002 (nothing has come to it)." },
	{ { RECEIVES(1, "recvfrom", UDP_QUEUE("0.0.0.0", 5, 768)) }, "on UDP 0.0.0.0:5 (something unread is in its queue)." },
	{ { RECEIVES(1, "recvmsg", UDP("0.0.0.0", 0)) }, "It waits in recvmsg() on a UDP socket without a port (" },
	{ { RECEIVES(1, "recvfrom", ON(AF_INET6, IPPROTO_UDP, "::ffff:10.77.0.2", 7)) }, "on UDP 10.77.0.2:7 (" },
	{ { RECEIVES(1, "recvfrom", UDP_TO("10.77.0.2", 7, "10.77.0.1", 8)) }, "on UDP 10.77.0.2:7 > 10.77.0.1:8 (" },
	{ { LIMITED(1, "poll", UDP("0.0.0.0", PORT)) }, "It waits in poll(), with a timeout, on UDP 0.0.0.0:49002 (nothing has come to it)." },
	{ { RECEIVES(1, "accept4", LISTENS("::", 7, 0)) }, "on listening TCP [::]:7 (connections that wait to be accepted: 0)." },
	{ { RECEIVES(1, "accept4", LISTENS("::", 7, 0)), HOLDS(TCP_TO("10.77.0.2", 7, "10.77.0.1", 8, 0)) },
		"(connections that wait to be accepted: 0, already open: 1)." },
	{ { RECEIVES(1, "recvfrom", TCP_TO("10.77.0.2", 7, "10.77.0.1", 8, 3)) }, "on TCP 10.77.0.2:7 > 10.77.0.1:8 (bytes unread: 3)." },
	{ { RECEIVES(1, "recvfrom", ON(AF_INET, IPPROTO_TCP, "0.0.0.0", 0)) }, "on a TCP socket without a port (" },
	{ { RECEIVES(1, "recvfrom", PACKET(3, 0)) }, "on a packet socket for all frames (its queue is empty)." },
	{ { RECEIVES(1, "recvfrom", PACKET(0x800, 1)) }, "on a packet socket for frames of type 0800 on lo (" },
	{ { RECEIVES(1, "recvfrom", PACKET(0, 2)) }, "without a protocol, which gets no frames (" },
	{ { RECEIVES(1, "epoll_wait", UDP("0.0.0.0", 5)), WAITS(1, "epoll_wait", WL_ON_PIPE),
		  RECEIVES(1, "epoll_wait", LISTENS("::", 7, 2)), WAITS(1, "epoll_wait", WL_ON_TERMINAL) },
		"It waits in epoll_wait() on UDP 0.0.0.0:5 (nothing has come to it), listening TCP [::]:7 (connections that wait to be "
		"accepted: 2), its keyboard." },
	{ { WAITS(1, "poll", WL_ON_PIPE) }, "It waits in poll() on a pipe." },
	{ { WAITS(1, "read", WL_ON_TERMINAL) }, "It waits in read() on its keyboard." },
	{ { WAITS(1, "read", WL_ON_TERMINAL), HOLDS(UDP_QUEUE("0.0.0.0", PORT, 9)) },
		"It waits in read() on its keyboard. It does not wait on UDP 0.0.0.0:49002 (something unread is in its queue)." },
	{ { WAITS(1, "read", WL_ON_TERMINAL), HOLDS(LISTENS("::", 7, 1)) },
		"It does not wait on listening TCP [::]:7 (connections that wait to be accepted: 1)." },
	{ { WAITS(1, "futex", WL_ON_TASK) }, "It waits in futex() for another thread or a lock." },
	{ { WAITS(1, "wait4", WL_ON_CHILD) }, "It waits in wait4() for the end of a child process." },
	{ { WAITS(1, "clock_nanosleep", WL_ON_TIME) }, "It sleeps by the clock in clock_nanosleep()." },
	{ { WAITS(1, "pause", WL_ON_SIGNAL) }, "It waits in pause() for a signal." },
	{ { WAITS(1, "recvfrom", WL_ON_CLOSED) }, "It waits in recvfrom() on a socket or file that it has closed meanwhile." },
	{ { WAITS(1, "fsync", WL_ON_NOTHING) }, "It waits in fsync()." },
	{ { SENDS(1, "sendto", TCP_TO("10.77.0.2", 7, "10.77.0.1", 8, 0)) },
		"It waits in sendto() on TCP 10.77.0.2:7 > 10.77.0.1:8 until the other side reads what was sent." },
	{ { SENDS(1, "connect", { AF_INET, IPPROTO_TCP, "10.77.0.2", 7, "10.77.0.9", 8, TCP_SYN_SENT }) },
		"It waits in connect() for an answer from 10.77.0.9:8." },
	{ { { 1, 0, 1, 1, WL_DOING_WAITS, WL_ON_TERMINAL, "write", true } }, "It waits in write() until what it writes is taken." },
	{ { DOES(1, 1, WL_DOING_RUNS) }, "It computes and does not wait for anything." },
	{ { DOES(1, 1, WL_DOING_SLEEPS) }, "It sleeps; the machine does not show in which system call." },
	{ { DOES(1, 1, WL_DOING_STOPPED) }, "It was stopped by a signal." },
	{ { WAITS(1, "futex", WL_ON_TASK), RECEIVES(2, "recvfrom", UDP("0.0.0.0", PORT)) },
		"Of its 2 threads one waits in futex() for another thread or a lock; one waits in recvfrom() on UDP 0.0.0.0:49002 "
		"(nothing has come to it)." },
	{ { WAITS(1, "read", WL_ON_TERMINAL), WAITS(2, "futex", WL_ON_TASK), WAITS(3, "futex", WL_ON_TASK) },
		"Of its 3 threads one waits in read() on its keyboard; 2 (each waits in futex() for another thread or a lock)." },
	{ { CHILD(1, "wait4", WL_ON_CHILD), CHILD(2, "read", WL_ON_TERMINAL) },
		"Of its 2 processes one waits in wait4() for the end of a child process; one waits in read() on its keyboard." },
	{ { HOLDS(UDP("0.0.0.0", PORT)) }, NULL },
};

static const struct made_end peer = { 0, "10.77.0.1", 40000 }, server = { 1, "10.77.0.2", PORT };
static struct made made;

static void look(const struct wl_seen_doing *doings, size_t most, uint64_t at_ns)
{
	for (size_t i = 0; i < most && doings[i].doing; i++) {
		struct wl_seen_doing *noted = wl_append(made.arena, &made.seen.doings, &made.seen.doing_count);

		*noted = doings[i];
		noted->at_ns = at_ns;
	}
}

/* "server" on "far" is the one that is looked at; its lo is point 2. */
static void up(void)
{
	made_up(&made, "udp_echo", "by_hand");
	made_value(&made, "text", "hello");
	made_point(&made, "near", "02:00:00:00:00:01", peer.address);
	made_point(&made, "far", "02:00:00:00:00:02", server.address);
	made_point(&made, "far", "", "");
	made_performer(&made, "server", "far", true);
	made_performer(&made, "peer", "near", false);
}

enum how { MISSED, NOT_SENT, UNANSWERED, UNENDED };

static const char *said(enum how how, uint32_t frame, uint16_t port, const char *actual)
{
	static const struct wl_requirement requirement = { .id = "x" };
	const struct wl_check check = { .actor = "server", .port = port };
	const struct wl_case c = { &made.seen, &requirement, wl_memdup(made.arena, &check, sizeof(check)), made.arena };
	struct wl_finding finding = { 0 };
	enum wl_verdict verdict = how == MISSED ? wl_missed(&c, &finding, 0, frame, "y", actual)
		: how == NOT_SENT ? wl_not_sent(&c, &finding, frame, "y", actual)
		: how == UNANSWERED ? wl_unanswered(&c, &finding, 0, frame, "y", actual)
				  : wl_unended(&c, &finding, "y", actual);

	CU_ASSERT_EQUAL(verdict, WL_FAIL);
	CU_ASSERT_STRING_EQUAL(finding.expected, "y");
	CU_ASSERT_EQUAL(finding.frame, how == UNENDED ? 0 : frame);
	return finding.actual;
}

static void says(const char *text, const char *part)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(text, part));
	if (!strstr(text, part))
		fprintf(stderr, "want: %s\nhave: %s\n", part, text);
}

static void a_look_is_told(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		up();
		look(rows[i].doings, 4, 5);
		if (rows[i].says)
			says(said(UNENDED, 0, 0, "x"), rows[i].says);
		else
			CU_ASSERT_STRING_EQUAL(said(UNENDED, 0, 0, "x"), "x");
		made_down(&made);
	}
}

static void without_a_look_nothing_is_added(void)
{
	up();
	made_carried(&made, peer, server, "hello");
	CU_ASSERT_STRING_EQUAL(said(MISSED, 1, PORT, "x"), "x");
	CU_ASSERT_STRING_EQUAL(said(UNENDED, 0, PORT, "x"), "x");
	made_down(&made);
}

static const struct wl_seen_doing reads_keyboard[] = { WAITS(1, "read", WL_ON_TERMINAL) };
static const struct wl_seen_doing receives[] = { RECEIVES(1, "recvfrom", UDP("0.0.0.0", PORT)) };

/* What came is missed in the first look behind it; an end is missed in the last. */
static void the_right_look_is_told(void)
{
	uint32_t frame;

	up();
	frame = made_carried(&made, peer, server, "hello");
	look(reads_keyboard, 1, made.seen.frames[0].at_ns - 1);
	look(receives, 1, made.seen.frames[0].at_ns + 5);
	look(reads_keyboard, 1, made.seen.frames[0].at_ns + 9);
	says(said(MISSED, frame, PORT, "x"), "x It waits in recvfrom()");
	says(said(UNENDED, 0, PORT, "x"), "x It waits in read()");
	made_event(&made, 0, WL_EVENT_ENDED, 0, "");
	says(said(MISSED, frame, PORT, "x"), "x Seen before its end: It waits in recvfrom()");
	made_down(&made);
}

static const struct {
	struct wl_socket socket;
	const char *says; /* NULL: nothing but the wait */
} unheard[] = {
	{ UDP("0.0.0.0", PORT), NULL },
	{ ON(AF_INET6, IPPROTO_UDP, "::", PORT), NULL },
	{ UDP("10.77.0.2", PORT), NULL },
	{ UDP_TO("10.77.0.2", PORT, "10.77.0.1", 40000), NULL },
	{ UDP("0.0.0.0", 49003), " Datagrams that came to UDP port 49002, where it has no socket: 2." },
	{ LISTENS("::", PORT, 0), " Datagrams that came to UDP port 49002, where it has no socket: 2." },
	{ UDP("127.0.0.1", PORT), " UDP 127.0.0.1:49002 hears only what is sent to that address; datagrams to 10.77.0.2: 2." },
	{ UDP_TO("10.77.0.2", PORT, "10.77.0.1", 5), "is connected and hears nobody else; datagrams from others: 2." },
	{ { AF_INET, IPPROTO_UDP, "0.0.0.0", PORT, "0.0.0.0", 0, TCP_CLOSE, 0, 1 },
		"is bound to one interface; datagrams that came over another one: 2." },
	{ { AF_INET, IPPROTO_UDP, "0.0.0.0", PORT, "0.0.0.0", 0, TCP_CLOSE, 0, 2 }, NULL },
};

static void what_is_not_heard_is_told(void)
{
	for (size_t i = 0; i < sizeof(unheard) / sizeof(*unheard); i++) {
		const struct wl_seen_doing waits = RECEIVES(1, "recvfrom", unheard[i].socket);
		const char *text;

		up();
		made_carried(&made, peer, server, "one");
		made_carried(&made, peer, server, "two");
		look(&waits, 1, made.now_ns + 5);
		text = said(MISSED, 1, PORT, "x");
		if (unheard[i].says)
			says(text, unheard[i].says);
		else
			CU_ASSERT_FALSE(strstr(text, "hears") || strstr(text, "no socket") || strstr(text, "another one"));
		CU_ASSERT_PTR_NULL(strstr(text, "Its other sockets"));
		made_down(&made);
	}
}

/* A socket seems to hear it, and the machine says that nobody does (IPV6_V6ONLY). */
static void what_is_refused_is_told(void)
{
	static const struct wl_seen_doing waits[] = { RECEIVES(1, "recvfrom", ON(AF_INET6, IPPROTO_UDP, "::", PORT)) };
	/* Ethernet, IPv4, ICMP type 3 code 3, then the datagram's IPv4 header and its ports */
	uint8_t frame[14 + 20 + 8 + 20 + 8] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0,
		0x45, 0, 0, 56, 0, 0, 0, 0, 64, 1, 0, 0, 10, 77, 0, 2, 10, 77, 0, 1, 3, 3 };
	uint32_t sum = 0;

	frame[42] = 0x45;
	memcpy(frame + 62, "\x9c\x40\xbf\x6a", 4);
	for (size_t i = 14; i < 34; i += 2)
		sum += (uint32_t)(frame[i] << 8 | frame[i + 1]);
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	frame[24] = (uint8_t)(sum >> 8);
	frame[25] = (uint8_t)sum;
	up();
	made_carried(&made, peer, server, "one");
	look(waits, 1, made.now_ns + 5);
	CU_ASSERT_PTR_NULL(strstr(said(MISSED, 1, PORT, "x"), "refused"));
	made_frame(&made, 1, WL_FROM_HOST, frame, sizeof(frame));
	says(said(MISSED, 1, PORT, "x"), " Datagrams to UDP port 49002 that its machine refused (ICMP port unreachable): 1.");
	made_down(&made);
}

static void other_sockets_are_named(void)
{
	static const struct wl_seen_doing doings[] = { WAITS(1, "read", WL_ON_TERMINAL), HOLDS(UDP("0.0.0.0", 49003)) };

	up();
	made_carried(&made, peer, server, "one");
	look(reads_keyboard, 1, made.now_ns + 5);
	says(said(MISSED, 1, PORT, "x"), "where it has no socket: 1. It has no socket.");
	made_down(&made);
	up();
	made_carried(&made, peer, server, "one");
	look(doings, 2, made.now_ns + 5);
	says(said(MISSED, 1, PORT, "x"), "where it has no socket: 1. Its other sockets: UDP 0.0.0.0:49003.");
	made_down(&made);
}

static void refused_calls_are_counted(void)
{
	static const struct wl_seen_doing doings[] = { RECEIVES(1, "accept4", LISTENS("::", 49003, 0)) };

	up();
	made_segment(&made, 1, WL_TO_HOST, peer, server, SYN, 1, "", 0);
	made_segment(&made, 1, WL_FROM_HOST, server, peer, RST_ACK, 0, "", 0);
	look(doings, 1, made.now_ns + 5);
	says(said(MISSED, 2, PORT, "x"), " TCP connections to port 49002 that were refused: 1.");
	made_down(&made);
}

static void what_the_other_side_sent_is_told(void)
{
	static const struct wl_seen_doing doings[] = { RECEIVES(1, "recvfrom", TCP_TO("10.77.0.2", PORT, "10.77.0.1", 40000, 2)) };

	up();
	made_segment(&made, 1, WL_TO_HOST, peer, server, SYN, 1, "", 0);
	made_segment(&made, 1, WL_FROM_HOST, server, peer, SYN_ACK, 1, "", 0);
	made_segment(&made, 1, WL_TO_HOST, peer, server, PUSH_ACK, 2, "hello", 5);
	look(doings, 1, made.now_ns + 5);
	says(said(MISSED, 1, PORT, "x"), "(bytes that the other side has sent: 5, unread: 2).");
	made_down(&made);
}

static void what_came_to_a_datagram_socket_is_told(void)
{
	struct wl_seen_doing waits = RECEIVES(1, "recvfrom", UDP("0.0.0.0", PORT));

	up();
	made_carried(&made, peer, server, "one");
	made_carried(&made, peer, server, "two");
	waits.socket.receive_queue = 768;
	look(&waits, 1, made.now_ns + 5);
	made_carried(&made, peer, server, "behind the look");
	says(said(MISSED, 1, PORT, "x"), "(datagrams that have come to its port: 2, something unread is in its queue).");
	made.seen.doings[0].socket.receive_queue = 0;
	says(said(MISSED, 1, PORT, "x"), "(datagrams that have come to its port: 2, its queue is empty).");
	made.seen.doings[0].socket.remote_port = 7;
	says(said(UNENDED, 0, PORT, "x"), "(nothing has come to it).");
	made_down(&made);
}

static void a_frame_that_is_not_heard_is_told(void)
{
	static const struct {
		struct wl_socket socket;
		const char *says;
	} frames[] = {
		{ PACKET(3, 0), NULL },
		{ PACKET(0x88b5, 2), NULL },
		{ PACKET(0, 2), NULL },
		{ UDP("0.0.0.0", 7), " It has no packet socket." },
		{ PACKET(0x800, 2), " The frame is of type 88b5, which a packet socket for frames of type 0800 does not hear." },
		{ PACKET(3, 1), " The frame came over another interface than that of a packet socket for all frames on lo." },
	};

	for (size_t i = 0; i < sizeof(frames) / sizeof(*frames); i++) {
		const struct wl_seen_doing waits = RECEIVES(1, "recvfrom", frames[i].socket);
		const char *text;

		up();
		made_ether(&made, 1, WL_TO_HOST, "02:00:00:00:00:02", "02:00:00:00:00:01", 0x88b5, "hello");
		look(&waits, 1, made.now_ns + 5);
		text = said(MISSED, 1, 0, "x");
		if (frames[i].says)
			says(text, frames[i].says);
		else
			CU_ASSERT_FALSE(strstr(text, "The frame") || strstr(text, "no packet socket"));
		made_down(&made);
	}
}

static void what_left_is_told(void)
{
	static const struct made_end far = { 1, "10.77.0.2", 50000 }, other = { 0, "10.77.0.1", 49003 },
				     lo = { 2, "127.0.0.1", 50000 }, lo_other = { 2, "127.0.0.1", 49003 };
	static const uint8_t arp[28] = { 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 10, 77, 0, 2, 0, 0, 0, 0, 0, 0, 10, 77, 0, 9 };
	uint8_t frame[14 + sizeof(arp)] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, 8, 6 };
	const char *text;

	up();
	CU_ASSERT_STRING_EQUAL(said(NOT_SENT, 0, PORT, "x"), "x");
	made_udp(&made, 1, WL_FROM_HOST, far, other, "hello");
	CU_ASSERT_STRING_EQUAL(said(NOT_SENT, 1, PORT, "It sent one to 10.77.0.1:49003."), "It sent one to 10.77.0.1:49003.");
	says(said(NOT_SENT, 0, PORT, "x"), "x What left its machine: UDP to 10.77.0.1:49003.");
	made_udp(&made, 2, WL_WITHIN_HOST, lo, lo_other, "hello");
	made_segment(&made, 1, WL_FROM_HOST, far, other, SYN, 1, "", 0);
	made_segment(&made, 1, WL_TO_HOST, other, far, RST_ACK, 0, "", 0);
	text = said(NOT_SENT, 0, PORT, "x");
	says(text, "UDP to 10.77.0.1:49003; UDP to 127.0.0.1:49003, over lo; TCP to 10.77.0.1:49003, refused (RST).");
	made_down(&made);
	up();
	memcpy(frame + 14, arp, sizeof(arp));
	made_frame(&made, 1, WL_FROM_HOST, frame, sizeof(frame));
	made_ether(&made, 2, WL_WITHIN_HOST, "02:00:00:00:00:02", "02:00:00:00:00:02", 0x800, "text");
	says(said(NOT_SENT, 0, PORT, "x"), "ARP for 10.77.0.9, which nobody has; a frame of type 0800, over lo.");
	frame[21] = 2;
	memcpy(frame + 28, "\x0a\x4d\x00\x09", 4);
	made_frame(&made, 1, WL_TO_HOST, frame, sizeof(frame));
	says(said(NOT_SENT, 0, PORT, "x"), "x What left its machine: a frame of type 0800, over lo.");
	made_down(&made);
}

static void an_answer_on_another_way_is_told(void)
{
	static const struct made_end here = { 1, "10.77.0.2", 50000 }, asker = { 0, "10.77.0.1", 40000 }, lo = { 2, "127.0.0.1", 40000 },
				     port = { 2, "127.0.0.1", PORT };

	up();
	made_segment(&made, 2, WL_WITHIN_HOST, lo, port, SYN, 1, "", 0);
	CU_ASSERT_STRING_EQUAL(said(UNANSWERED, 1, PORT, "x"), "x");
	made_udp(&made, 1, WL_FROM_HOST, here, asker, "hello");
	says(said(UNANSWERED, 1, PORT, "x"), "x What left its machine: UDP to 10.77.0.1:40000.");
	CU_ASSERT_STRING_EQUAL(said(MISSED, 1, PORT, "x"), "x");
	made_down(&made);
}

/* What a look shows would be enough for a PASS: it must not be. */
static void no_verdict_depends_on_a_look(void)
{
	static wl_verb *const verbs[] = { wl_opens_udp, wl_answers_udp, wl_sends_udp, wl_listens_tcp, wl_connects_tcp, wl_joins_group,
		wl_keeps_group, wl_prompts, wl_prints_value, wl_ends_itself, wl_ends_by_key };
	static const struct wl_seen_doing doings[] = { WAITS(1, "read", WL_ON_TERMINAL), HOLDS(UDP("0.0.0.0", PORT)),
		HOLDS(LISTENS("::", PORT, 1)), HOLDS(TCP_TO("10.77.0.2", 50000, "10.77.0.1", PORT, 0)) };

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		const struct wl_check check = { verbs[i], "server", "peer", "$text", "label", PORT, .group = "224.1.1.1" };
		struct wl_finding without, with;

		up();
		made_carried(&made, peer, server, "hello");
		without = made_judge(&made, &check);
		look(doings, 4, made.now_ns + 5);
		with = made_judge(&made, &check);
		CU_ASSERT_EQUAL(without.verdict, with.verdict);
		CU_ASSERT_EQUAL(without.frame, with.frame);
		CU_ASSERT_STRING_EQUAL(without.expected, with.expected);
		CU_ASSERT_EQUAL(strncmp(without.actual, with.actual, strlen(without.actual)), 0);
		made_down(&made);
	}
}

static struct wl_seen_doing any_doing(uint64_t *state)
{
	static const char *const addresses[] = { "", "::", "0.0.0.0", "10.77.0.2", "::ffff:10.77.0.1", "%s%n" };
	static const int families[] = { 0, AF_INET, AF_INET6, AF_PACKET };
	struct wl_seen_doing doing = { golden_random(state) % 3, golden_random(state) % 2, golden_random(state) % 3,
		golden_random(state) % 3, 1 + golden_random(state) % WL_DOING_HOLDS, 1 + golden_random(state) % WL_ON_SIGNAL,
		golden_random(state) % 2 ? "recvfrom" : "", golden_random(state) % 2, golden_random(state) % 2 };

	doing.socket.family = families[golden_random(state) % 4];
	doing.socket.protocol = golden_random(state) % 2 ? IPPROTO_UDP : (int)(golden_random(state) % 7);
	strcpy(doing.socket.local, addresses[golden_random(state) % 6]);
	strcpy(doing.socket.remote, addresses[golden_random(state) % 6]);
	doing.socket.local_port = golden_random(state) % 2 ? PORT : 0;
	doing.socket.remote_port = golden_random(state) % 2 ? 40000 : 0;
	doing.socket.state = (int)(golden_random(state) % 14);
	doing.socket.receive_queue = golden_random(state) % 2;
	doing.socket.ifindex = golden_random(state) % 3;
	return doing;
}

/* A look may come from a file that anybody wrote, and the frames are bytes of the wire. */
static void any_look_is_survived(void)
{
	uint64_t state = 7;

	for (unsigned int round = 0; round < 3000; round++) {
		uint8_t bytes[80];

		up();
		made_carried(&made, peer, server, "hello");
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)golden_random(&state);
		memcpy(bytes + 12, golden_random(&state) % 2 ? "\x08\x06" : "\x08\x00", 2);
		made_frame(&made, 1, WL_FROM_HOST, bytes, golden_random(&state) % sizeof(bytes));
		for (size_t i = golden_random(&state) % 8; i > 0; i--) {
			struct wl_seen_doing *noted = wl_append(made.arena, &made.seen.doings, &made.seen.doing_count);

			*noted = any_doing(&state);
		}
		CU_ASSERT_EQUAL(*said((enum how)(round % 3), round % 4, round % 2 ? PORT : 0, "x"), 'x');
		made_down(&made);
	}
}

static void both_of_a_pair_are_told(void)
{
	struct wl_seen_doing other = RECEIVES(1, "recvfrom", UDP("0.0.0.0", 40000));

	up();
	made.seen.performers[1].program = "udp_echo_client";
	other.performer = 1;
	look(receives, 1, 5);
	look(&other, 1, 6);
	says(said(UNENDED, 0, PORT, "x"), "on UDP 0.0.0.0:49002 (nothing has come to it). And udp_echo_client: It waits in recvfrom() on UDP "
					  "0.0.0.0:40000 (nothing has come to it).");
	made_down(&made);
}

void suite_whereabouts(void);
void suite_whereabouts(void)
{
	test("a look is told", a_look_is_told);
	test("without a look nothing is added", without_a_look_nothing_is_added);
	test("the right look is told", the_right_look_is_told);
	test("what is not heard is told", what_is_not_heard_is_told);
	test("what is refused is told", what_is_refused_is_told);
	test("other sockets are named", other_sockets_are_named);
	test("refused calls are counted", refused_calls_are_counted);
	test("what the other side sent is told", what_the_other_side_sent_is_told);
	test("what came to a datagram socket is told", what_came_to_a_datagram_socket_is_told);
	test("a frame that is not heard is told", a_frame_that_is_not_heard_is_told);
	test("what left is told", what_left_is_told);
	test("an answer on another way is told", an_answer_on_another_way_is_told);
	test("no verdict depends on a look", no_verdict_depends_on_a_look);
	test("any look is survived", any_look_is_survived);
	test("both of a pair are told", both_of_a_pair_are_told);
}
