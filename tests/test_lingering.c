/* How long a program that does not end is waited for: a play of START, and then END, in which it prints or sends after a while. */
#include "harness/lingering.h"

#include "tests/made.h"
#include "tests/tests.h"

#define MS 1000000ull
#define WAITED_MS 5000

static const struct {
	unsigned int printed_ms, sent_ms; /* 0: not */
	unsigned int other_ms; /* prints of the other one */
	bool arp, ends;
	unsigned int linger_ms;
} rows[] = {
	{ .linger_ms = 250 },
	{ .printed_ms = 10, .linger_ms = 270 },
	{ .sent_ms = 700, .linger_ms = 1650 },
	{ .printed_ms = 10, .sent_ms = 700, .linger_ms = 1650 },
	{ .printed_ms = 700, .sent_ms = 10, .linger_ms = 1650 },
	{ .sent_ms = 3900, .linger_ms = 3000 },
	{ .sent_ms = 4100, .linger_ms = 1000 },
	{ .printed_ms = 4900, .linger_ms = 1000 },
	{ .sent_ms = 3000, .arp = true, .linger_ms = 250 },
	{ .other_ms = 3000, .linger_ms = 250 },
	{ .printed_ms = 10, .ends = true, .linger_ms = 0 },
};

static void event(struct made *made, uint32_t performer, enum wl_event_kind kind, uint32_t step, uint64_t at_ns)
{
	struct wl_event *last;

	made_event(made, performer, kind, 0, "x");
	last = &made->seen.events[made->seen.event_count - 1];
	last->step = step;
	last->at_ns = at_ns;
}

static void transmit(struct made *made, uint64_t at_ns, bool arp)
{
	static const uint8_t ipv4[14] = { [12] = 8, [13] = 0 }, request[14] = { [12] = 8, [13] = 6 };
	struct wl_frame *frame = wl_append(made->arena, &made->seen.frames, &made->seen.frame_count);

	*frame = (struct wl_frame){ .at_ns = at_ns, .wire_len = 14, .len = 14, .bytes = arp ? request : ipv4 };
}

static void play(struct made *made, size_t row, uint64_t start_ns)
{
	made_up(made, "lesson", "by_hand");
	made_performer(made, "one", "here", true);
	made_performer(made, "other", "here", true);
	event(made, 0, WL_EVENT_STARTED, 0, start_ns - 2000 * MS);
	transmit(made, start_ns - 1000 * MS, false);
	event(made, 1, WL_EVENT_STARTED, 1, start_ns);
	if (rows[row].printed_ms)
		event(made, 0, WL_EVENT_PRINTED, 2, start_ns + rows[row].printed_ms * MS);
	if (rows[row].other_ms)
		event(made, 1, WL_EVENT_PRINTED, 2, start_ns + rows[row].other_ms * MS);
	if (rows[row].sent_ms)
		transmit(made, start_ns + rows[row].sent_ms * MS, rows[row].arp);
	event(made, 0, rows[row].ends ? WL_EVENT_ENDED : WL_EVENT_UNENDED, 2, start_ns + WAITED_MS * MS);
	transmit(made, start_ns + (WAITED_MS + 10) * MS, false);
}

static void what_it_did_is_allowed_for(void)
{
	struct made made;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		play(&made, i, 1795356460ull * 1000 * MS);
		CU_ASSERT_EQUAL(lingering_ms(&made.seen, 0), rows[i].linger_ms);
		CU_ASSERT_EQUAL(lingering_ms(&made.seen, 1), 0);
		made_down(&made);
	}
}

void suite_lingering(void);
void suite_lingering(void)
{
	test("what it did is allowed for", what_it_did_is_allowed_for);
}
