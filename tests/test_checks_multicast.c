/*
 * The verbs on multicast, each on a right performance and on performances that differ from it in one
 * thing. A row's letters are the verdicts of all verbs, in the order of the table of verbs.
 *
 * A member on "far" is asked over the cable: the question is frame 1 (leaves the peer) and 2 (comes
 * to the member), the IGMP report frame 3, the answer 4 and 5. The sender on "near" asks: its question
 * is frame 1, the answers follow.
 */
#include <stdio.h>
#include <string.h>

#include "harness/packet.h"
#include "tests/golden.h"
#include "tests/made.h"
#include "tests/tests.h"

#define PORT 49003
#define GROUP "224.1.1.1"
#define MS 1000000u

enum fault {
	NONE,
	NOT_STARTED, NO_MEMBERSHIP, OTHER_GROUP, NO_REPORT, ON_LO, LEFT, /* the group */
	SILENT, TO_GROUP, TO_OTHER, OTHER_BYTES, OTHER_PORT, TWICE, STRAY, LOOKUP, GREETED, UNASKED, FLOODED,
	PRINTS_NOTHING, PRINTS_OTHER_ADDRESS, PRINTS_OTHER_DATA, PRINTS_APART, PRINTS_DATA_FIRST,
	UNICAST, OTHER_TTL, LATE, TOO_LATE, STILL_OPEN, UNPROBED, PRINTS_ONE, /* the sender */
};

static const struct made_end near = { 0, "10.77.0.1", 40000 }, far = { 1, "10.77.0.2", PORT };
static const struct made_end group = { 1, GROUP, PORT };

static void base(struct made *made)
{
	made_up(made, "multicast", "by_hand");
	made_value(made, "text", "hello");
	made_point(made, "near", "02:00:00:00:00:01", near.address);
	made_point(made, "far", "02:00:00:00:00:02", far.address);
}

static void note_membership(struct made *made, uint64_t at_ns, const char *interface, const char *address)
{
	struct wl_seen_membership *noted =
		wl_append(made->arena, &made->seen.memberships, &made->seen.membership_count);

	noted->at_ns = at_ns;
	noted->membership.users = 1;
	snprintf(noted->membership.interface, sizeof(noted->membership.interface), "%s", interface);
	snprintf(noted->membership.group, sizeof(noted->membership.group), "%s", address);
}

static void report(struct made *made)
{
	static const char hex[] = "01005e010101020000000002080046c00020000040000102f8c60a4d0002e0010101"
				  "94040000160008fde0010101";
	size_t len;
	const uint8_t *bytes = golden_bytes(made->arena, hex, &len);

	made_frame(made, 1, WL_FROM_HOST, bytes, len);
}

static void join(struct made *made, enum fault fault)
{
	const char *interface = fault == ON_LO ? "lo" : "eth0";

	note_membership(made, 5, "eth0", "224.0.0.1");
	if (fault == OTHER_GROUP)
		note_membership(made, 5, interface, "224.1.1.2");
	else if (fault != NO_MEMBERSHIP)
		note_membership(made, 5, interface, GROUP);
	note_membership(made, 9, "eth0", "224.0.0.1");
	if (fault != NO_MEMBERSHIP && fault != OTHER_GROUP && fault != LEFT)
		note_membership(made, 9, interface, GROUP);
	if (fault != NO_MEMBERSHIP && fault != OTHER_GROUP && fault != ON_LO && fault != NO_REPORT)
		report(made);
}

static void answer(struct made *made, enum fault fault)
{
	struct made_end from = far, to = near;

	if (fault == SILENT)
		return;
	from.port = fault == OTHER_PORT ? 5000 : PORT;
	to.port = fault == TO_OTHER ? 5000 : near.port;
	made_carried(made, from, fault == TO_GROUP ? group : to, fault == OTHER_BYTES ? "ACK" : "ack");
	if (fault == TWICE)
		made_carried(made, from, to, "ack");
	to.port = fault == LOOKUP ? 53 : 5000;
	if (fault == STRAY || fault == LOOKUP)
		made_carried(made, from, to, "ack");
}

static void print_heard(struct made *made, enum fault fault)
{
	if (fault == PRINTS_NOTHING)
		return;
	made_print(made, 0, fault == PRINTS_OTHER_ADDRESS ? "addr =('10.77.0.1', 4000), data = b'hello'\n" :
		fault == PRINTS_OTHER_DATA ? "addr =('10.77.0.1', 40000), data = b'hell'\n" :
		fault == PRINTS_DATA_FIRST ? "data = other, addr = 10.77.0.9 1\ndata = hello, addr = 10.77.0.1 40000\n" :
		fault == PRINTS_APART ? "addr =('10.77.0.1', 40000)\naddr =('10.77.0.9', 1) data = b'hello'\n" :
		"addr =('10.77.0.1', 40000),\n data = b'hello'\n");
}

static void make_member(struct made *made, enum fault fault)
{
	base(made);
	if (fault != NOT_STARTED)
		made_performer(made, "member", "far", true);
	made_performer(made, "peer", "near", false);
	if (fault == GREETED)
		made_udp(made, 1, WL_FROM_HOST, far, group, "hello, here I am");
	made_udp(made, 0, WL_FROM_HOST, near, group, fault == UNASKED || fault == FLOODED ? "other" : "hello");
	made_udp(made, 1, WL_TO_HOST, near, group, fault == UNASKED || fault == FLOODED ? "other" : "hello");
	join(made, fault);
	print_heard(made, fault);
	answer(made, fault);
	if (fault == FLOODED)
		made_event(made, 0, WL_EVENT_LIMIT, 0, "output");
}

#define ANYTHING .actor = "member", .peer = "peer", .group = GROUP, .port = PORT, .answer = "ack"
#define MEMBER ANYTHING, .value = "$text"
static const struct wl_check member_checks[] = {
	{ wl_joins_group, MEMBER },
	{ wl_keeps_group, MEMBER },
	{ wl_answers_group, MEMBER },
	{ wl_answers_group_with, MEMBER },
	{ wl_answers_group_from, MEMBER },
	{ wl_answers_group_once, MEMBER },
	{ wl_prints_heard, MEMBER },
	{ NULL },
};
struct row {
	enum fault fault;
	const char *verdicts;
	unsigned int check; /* which of them is asked for its words */
	uint32_t frame;
	const char *expected, *actual;
};
static const struct row member_rows[] = {
	{ NONE, "ppppppp" },
	{ LOOKUP, "ppppppp" },
	{ PRINTS_DATA_FIRST, "ppppppp" },
	{ NOT_STARTED, "xxxxxxx" },
	{ UNASKED, "ppxxxxx" },
	{ FLOODED, "ppfffff", 2, 0, "runs until the key is pressed", "used too much: output" },
	{ NO_MEMBERSHIP, "ffppppp", 0, 0, "224.1.1.1 in the list", "The machine is in no such group." },
	{ OTHER_GROUP, "ffppppp", 0, 0, "224.1.1.1 in the list", "in the group 224.1.1.2 instead" },
	{ NO_REPORT, "xpppppp" },
	{ ON_LO, "fpppppp", 0, 0, "an IGMP report for 224.1.1.1", "joined on lo alone" },
	{ LEFT, "pfppppp", 1, 0, "still in 224.1.1.1", "It has left the group." },
	{ SILENT, "ppffffp", 2, 2, "an answer to 10.77.0.1:40000", "\"hello\" (5 bytes) arrived and nothing came back." },
	{ TO_GROUP, "ppffffp", 2, 4, "an answer to 10.77.0.1:40000", "It sent a datagram to 224.1.1.1:49003 instead." },
	{ TO_OTHER, "ppffffp", 2, 4, "an answer to 10.77.0.1:40000", "It sent a datagram to 10.77.0.1:5000 instead." },
	{ OTHER_BYTES, "pppfppp", 3, 4, "\"ack\" (3 bytes)", "\"ACK\" (3 bytes)" },
	{ OTHER_PORT, "ppppfpp", 4, 4, "an answer from port 49003", "The answer came from 10.77.0.2:5000." },
	{ TWICE, "pppppfp", 5, 2, "one answer and no other", "2 answers came back." },
	{ STRAY, "pppppfp", 5, 6, "one answer and no other", "One more datagram went to 10.77.0.1:5000" },
	{ GREETED, "pppppfp", 5, 1, "one answer and no other", "One more datagram went to 224.1.1.1:49003" },
	{ PRINTS_NOTHING, "ppppppf", 6, 2, "addr =('10.77.0.1', 40000), data = b\"hello\"", "It had printed nothing" },
	{ PRINTS_OTHER_ADDRESS, "ppppppf", 6, 2, "40000", "('10.77.0.1', 4000)" },
	{ PRINTS_OTHER_DATA, "ppppppf", 6, 2, "hello", "b'hell'" },
	{ PRINTS_APART, "ppppppf", 6, 2, "hello", "('10.77.0.1', 40000)" },
};

static void judge_rows(const struct wl_check *checks, void (*make)(struct made *made, enum fault fault),
	const struct row *row, size_t count)
{
	for (; count-- > 0; row++) {
		struct made made;
		char have[16] = "";

		make(&made, row->fault);
		for (size_t i = 0; checks[i].verb; i++)
			have[i] = made_letter(&made, &checks[i]);
		CU_ASSERT_STRING_EQUAL(have, row->verdicts);
		if (strcmp(have, row->verdicts) != 0)
			fprintf(stderr, "fault %d: wanted %s, have %s\n", (int)row->fault, row->verdicts, have);
		if (row->expected)
			CU_ASSERT_TRUE(made_fails(&made, &checks[row->check], row->frame, row->expected, row->actual));
		made_down(&made);
	}
}

static void faults_of_members_are_told_apart(void)
{
	judge_rows(member_checks, make_member, member_rows, sizeof(member_rows) / sizeof(*member_rows));
}

/* On the asker's own machine the question is seen on its way out, and the answer on lo. */
static void a_member_on_the_own_machine_is_asked_too(void)
{
	static const struct made_end own = { 0, "10.77.0.1", PORT }, lo_own = { 2, "10.77.0.1", PORT };
	static const struct made_end lo_near = { 2, "10.77.0.1", 40000 };

	for (int strayed = 0; strayed < 2; strayed++) {
		struct made made;

		base(&made);
		made_point(&made, "near", "", "");
		made_performer(&made, "member", "near", true);
		made_performer(&made, "peer", "near", false);
		made_udp(&made, 0, WL_FROM_HOST, near, group, "hello");
		if (strayed)
			made_udp(&made, 0, WL_FROM_HOST, own, group, "ack");
		else
			made_udp(&made, 2, WL_WITHIN_HOST, lo_own, lo_near, "ack");
		for (size_t i = 2; i < 6; i++)
			CU_ASSERT_EQUAL(made_letter(&made, &member_checks[i]), strayed ? 'f' : 'p');
		made_down(&made);
	}
}

/* Two receivers on one machine, NTH of three questions answered by one of them alone. */
static void answers_of_two_are_counted(void)
{
	static const struct wl_check two[] = {
		{ wl_answers_group, ANYTHING, .number = 2 },
		{ wl_answers_group_once, ANYTHING, .number = 2 },
	};

	for (int lonely = 0; lonely < 4; lonely++) {
		struct made made;

		base(&made);
		made_performer(&made, "member", "far", true);
		made_performer(&made, "peer", "near", false);
		for (int i = 0; i < 3; i++) {
			made_udp(&made, 1, WL_TO_HOST, near, group, "hello");
			made_carried(&made, far, near, "ack");
			if (i != lonely)
				made_carried(&made, far, near, "ack");
		}
		CU_ASSERT_EQUAL(made_letter(&made, &two[0]), lonely == 3 ? 'p' : 'f');
		CU_ASSERT_EQUAL(made_letter(&made, &two[1]), lonely == 3 ? 'p' : 'f');
		if (lonely < 3)
			CU_ASSERT_TRUE(made_fails(&made, &two[0], 1 + 5 * (uint32_t)lonely,
				"2 answers to 10.77.0.1:40000", "1 came."));
		made_down(&made);
	}
}

static void pass_time(struct made *made, unsigned int ms)
{
	made->now_ns += ms * MS;
}

/* "Port unreachable" about the datagram from far to near, as near sends it. */
static void unreachable(struct made *made)
{
	static const char hex[] = "020000000002020000000001080045000038000000004001e7020000000000000000"
				  "0303000000000000" "4500002100000000401100000a4d00020a4d0001"
				  "bf6b9c40000d0000";
	static const uint8_t addresses[] = { 10, 77, 0, 1, 10, 77, 0, 2 };
	size_t len;
	uint8_t *bytes = golden_bytes(made->arena, hex, &len);
	uint32_t sum = 0;

	memcpy(bytes + 26, addresses, sizeof(addresses));
	bytes[24] = bytes[25] = 0;
	for (size_t i = 14; i < 34; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	sum = ~((sum & 0xffff) + (sum >> 16));
	bytes[24] = (uint8_t)(sum >> 8);
	bytes[25] = (uint8_t)sum;
	made_frame(made, 0, WL_FROM_HOST, bytes, len);
}

static void answer_sender(struct made *made, enum fault fault)
{
	pass_time(made, fault == LATE ? 300 : 50);
	if (fault != SILENT)
		made_carried(made, far, near, "ack");
	pass_time(made, 150);
	if (fault != SILENT)
		made_carried(made, far, near, "two");
	if (fault == UNPROBED)
		return;
	pass_time(made, fault == TOO_LATE ? 500 : 1000);
	made_carried(made, far, near, "probe");
	if (fault != STILL_OPEN)
		unreachable(made);
}

static void make_sender(struct made *made, enum fault fault)
{
	const struct made_end to = fault == UNICAST ? far : group;

	base(made);
	if (fault != NOT_STARTED)
		made_performer(made, "sender", "near", true);
	if (fault != UNASKED)
		made_udp(made, 0, WL_FROM_HOST, near, to, "echo data");
	answer_sender(made, fault);
	made_print(made, 0, fault == PRINTS_NOTHING ? "over\n" :
		fault == PRINTS_ONE ? "addr =('10.77.0.2', 49003), data = b'ack'\n" :
		fault == PRINTS_OTHER_ADDRESS ? "addr =('224.1.1.1', 49003), data = b'ack'\n"
						"addr =('224.1.1.1', 49003), data = b'two'\n" :
		fault == PRINTS_OTHER_DATA ? "addr =('10.77.0.2', 49003), data = b'ack'\n"
					     "addr =('10.77.0.2', 49003), data = b'ack'\n" :
		"addr =('10.77.0.2', 49003), data = b'ack'\naddr =('10.77.0.2', 49003), data = b'two'\n");
}

#define SENDER .actor = "sender", .group = GROUP, .port = PORT
static const struct wl_check sender_checks[] = {
	{ wl_sends_group, SENDER },
	{ wl_sends_ttl, SENDER, .number = 64 },
	{ wl_prints_answerers, SENDER, .number = 1 },
	{ wl_prints_answers, SENDER, .number = 1 },
	{ wl_ends_quietly, SENDER },
	{ wl_prints_no_answer, SENDER, .label = "addr =" },
	{ NULL },
};
static const struct row sender_rows[] = {
	{ NONE, "pppppf", 5, 0, "no \"addr =\" while no answer comes", "b'ack'" },
	{ NOT_STARTED, "xxxxxx" },
	{ UNASKED, "ffffff", 0, 0, "a datagram to 224.1.1.1:49003", "It sent no datagram." },
	{ UNICAST, "ffffff", 0, 1, "a datagram to 224.1.1.1:49003", "It sent one to 10.77.0.2:49003." },
	{ SILENT, "ppxxpf" },
	{ LATE, "ppxxpf" },     /* our own answer came too late for a verdict */
	{ TOO_LATE, "ppxxxf" }, /* our own probe came too soon */
	{ UNPROBED, "ppppxf" },
	{ STILL_OPEN, "ppppff", 4, 7, "closed within a second", "ms after the last answer a datagram was still taken" },
	{ PRINTS_NOTHING, "ppffpp", 3, 3, "addr =('10.77.0.2', 49003), data = b\"ack\"", "over" },
	{ PRINTS_ONE, "pppfpf" },
	{ PRINTS_OTHER_ADDRESS, "ppffpf", 2, 3, "addr =('10.77.0.2', 49003)", "224.1.1.1" },
	{ PRINTS_OTHER_DATA, "pppfpf", 3, 5, "\"two\"", "b'ack'" },
};

static void faults_of_senders_are_told_apart(void)
{
	static const struct wl_check other_ttl = { wl_sends_ttl, SENDER, .number = 2 };
	struct made made;

	judge_rows(sender_checks, make_sender, sender_rows, sizeof(sender_rows) / sizeof(*sender_rows));
	make_sender(&made, NONE);
	CU_ASSERT_TRUE(made_fails(&made, &other_ttl, 1, "IP TTL 2", "IP TTL 64"));
	made_down(&made);
}

/* What stands behind the key is no answer, and a peer on the sender's own machine must have heard it. */
static void keys_and_neighbours_are_minded(void)
{
	static const struct wl_check silent = { wl_prints_no_answer, SENDER, .label = "addr =" };
	static const struct wl_check heard = { wl_prints_answers, SENDER, .peer = "peer" };

	for (int said = 0; said < 2; said++) {
		struct made made;

		base(&made);
		made_performer(&made, "sender", "near", true);
		made_performer(&made, "peer", "near", false);
		made_udp(&made, 0, WL_FROM_HOST, near, group, "echo data");
		if (said)
			made_print(&made, 1, "got\n");
		made_event(&made, 0, WL_EVENT_TYPED, 0, "\x03");
		made_print(&made, 0, "    data, addr = sock.recvfrom(9)\n");
		CU_ASSERT_EQUAL(made_letter(&made, &silent), 'p');
		CU_ASSERT_EQUAL(made_letter(&made, &heard), said ? 'x' : 'f');
		made_down(&made);
	}
}

/* What a member on the same machine answers on lo is not what the sender sent. */
static void answers_on_lo_are_not_the_senders(void)
{
	static const struct made_end own = { 2, "10.77.0.1", PORT }, lo_near = { 2, "10.77.0.1", 40000 };
	struct made made;

	base(&made);
	made_point(&made, "near", "", "");
	made_performer(&made, "sender", "near", true);
	made_udp(&made, 2, WL_WITHIN_HOST, own, lo_near, "ack");
	CU_ASSERT_TRUE(made_fails(&made, &sender_checks[0], 0, "a datagram to 224.1.1.1:49003", "It sent no datagram."));
	made_down(&made);
}

static void answers_that_lag_are_noticed(void)
{
	static const struct {
		enum fault fault;
		bool lag;
	} rows[] = { { NONE, false }, { SILENT, false }, { LATE, true }, { TOO_LATE, true } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct made made;

		make_sender(&made, rows[i].fault);
		CU_ASSERT_EQUAL(wl_answers_lag(&made.seen, made.arena, PORT), rows[i].lag);
		made_down(&made);
	}
}

void suite_checks_multicast(void);
void suite_checks_multicast(void)
{
	test("faults of members are told apart", faults_of_members_are_told_apart);
	test("a member on the own machine is asked too", a_member_on_the_own_machine_is_asked_too);
	test("answers of two are counted", answers_of_two_are_counted);
	test("faults of senders are told apart", faults_of_senders_are_told_apart);
	test("keys and neighbours are minded", keys_and_neighbours_are_minded);
	test("answers on lo are not the sender's", answers_on_lo_are_not_the_senders);
	test("answers that lag are noticed", answers_that_lag_are_noticed);
}
