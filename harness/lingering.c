/*
 * A program that does not end costs a full wait once. In the plays that follow, waiting for its end only gives it the time to do
 * what it has to; how much that is shows in the play that waited in vain: from the step before to the last thing that was
 * printed or sent. Twice that and a bit more is enough. One that was still at it when the wait was over has shown nothing and gets
 * a fixed time.
 */
#include "harness/lingering.h"

#define BIT_MS 250u
#define MOST_MS 3000u
#define TALKER_MS 1000u
#define TALKER_NS 1000000000u
#define ARP 0x0806 /* the kernel's own, at times of its choice */

static bool is_arp(const struct wl_frame *frame)
{
	return frame->len >= 14 && (frame->bytes[12] << 8 | frame->bytes[13]) == ARP;
}

/* When the last thing happened between BEGIN_NS and UNENDED; BEGIN_NS: nothing did. */
static uint64_t last_sign_ns(const struct wl_observation *seen, const struct wl_event *unended, uint64_t begin_ns)
{
	uint64_t last_ns = begin_ns;

	for (const struct wl_event *event = seen->events; event < unended; event++)
		if (event->kind == WL_EVENT_PRINTED && event->performer == unended->performer &&
			event->at_ns > last_ns)
			last_ns = event->at_ns;
	for (size_t i = 0; i < seen->frame_count; i++)
		if (seen->frames[i].at_ns > last_ns && seen->frames[i].at_ns < unended->at_ns &&
			!is_arp(&seen->frames[i]))
			last_ns = seen->frames[i].at_ns;
	return last_ns;
}

static unsigned int after(const struct wl_observation *seen, const struct wl_event *unended)
{
	uint64_t begin_ns = seen->events[0].at_ns, last_ns, ms;

	for (const struct wl_event *event = seen->events; event < unended; event++)
		if (event->step < unended->step && event->at_ns > begin_ns)
			begin_ns = event->at_ns;
	last_ns = last_sign_ns(seen, unended, begin_ns);
	if (last_ns + TALKER_NS > unended->at_ns)
		return TALKER_MS;
	ms = BIT_MS + 2 * ((last_ns - begin_ns) / 1000000u);
	return ms < MOST_MS ? (unsigned int)ms : MOST_MS;
}

unsigned int lingering_ms(const struct wl_observation *seen, uint32_t performer)
{
	unsigned int most = 0;

	for (size_t i = 0; i < seen->event_count; i++) {
		const struct wl_event *event = &seen->events[i];
		unsigned int ms = event->kind == WL_EVENT_UNENDED && event->performer == performer ? after(seen, event) : 0;

		most = ms > most ? ms : most;
	}
	return most;
}
