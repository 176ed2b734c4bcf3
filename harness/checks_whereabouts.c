/*
 * Verdicts on what did not happen: behind what was there instead stands what the program was doing, what came to its machine and was not heard
 * or what left it instead, and what the other program of a pair was doing.
 */
#include "harness/whereabouts.h"

#include <netinet/in.h>
#include <string.h>

#include "harness/ipv4.h"

bool whereabouts_at_host(const struct wl_case *c, uint32_t performer, uint32_t point)
{
	return strcmp(c->seen->points[point].host, c->seen->performers[performer].host) == 0;
}

/* RFC 792: type 3, code 3; behind it the header and the first bytes of the datagram that it is about. */
bool whereabouts_refused(const struct wl_case *c, const struct wl_datagram *sent)
{
	for (size_t i = sent->frame; i < c->seen->frame_count; i++) {
		struct wl_ether ether;
		struct ipv4 ip;
		size_t header;

		if (!wl_parse_ether(&c->seen->frames[i], &ether) || !ipv4_parse(&ether, &ip) || ip.protocol != IPPROTO_ICMP ||
			ipv4_is_fragment(&ip) || ip.len < 36 || ip.data[0] != 3 || ip.data[1] != 3)
			continue;
		header = (size_t)(ip.data[8] & 0x0f) * 4;
		if (ip.len >= 12 + header && be16(ip.data + 8 + header + 2) == sent->destination_port)
			return true;
	}
	return false;
}

/* In a play of programs that were handed in, the other one's wait is half of the story. */
static const char *partners(const struct wl_case *c, uint32_t performer, uint64_t from_ns)
{
	const char *text = "";

	for (uint32_t i = 0; i < c->seen->performer_count; i++) {
		struct look look = look_at(c, i, from_ns);
		const char *words = doings_words(&look);

		if (i != performer && *words && strcmp(c->seen->performers[i].actor, c->seen->performers[performer].actor) != 0)
			text = wl_format(c->arena, _("%s And %s:%s"), text, c->seen->performers[i].program, words);
	}
	return text;
}

/* Which side of the story is told beside what the program was doing. */
enum side { OWN_WAIT, WHAT_CAME, WHAT_LEFT, CAME_AND_LEFT };

static const char *whereabouts(const struct wl_case *c, unsigned int nth, uint64_t from_ns, enum side side, const char *actual)
{
	int performer = wl_case_performer(c, c->check->actor, nth);
	const char *text, *more = "";
	struct look look;

	if (performer < 0)
		return "";
	look = look_at(c, (uint32_t)performer, from_ns);
	text = doings_words(&look);
	if (side == WHAT_CAME || side == CAME_AND_LEFT)
		more = unheard_words(&look, from_ns);
	if (*more && c->check->port)
		more = wl_format(c->arena, "%s%s", more, sockets_words(&look, wl_format(c->arena, "%s%s", text, more)));
	if (side == WHAT_LEFT || side == CAME_AND_LEFT)
		more = wl_format(c->arena, "%s%s", more, astray_words(c, (uint32_t)performer, actual));
	return wl_format(c->arena, "%s%s%s", text, more, partners(c, (uint32_t)performer, from_ns));
}

static enum wl_verdict failed_with(const struct wl_case *c, struct wl_finding *finding, uint32_t frame, const char *expected,
	const char *actual, const char *words)
{
	return wl_failed(c, finding, frame, expected, wl_format(c->arena, "%s%s", actual, words));
}

static uint64_t time_of(const struct wl_case *c, uint32_t frame)
{
	return frame && frame <= c->seen->frame_count ? c->seen->frames[frame - 1].at_ns : 0;
}

enum wl_verdict wl_missed(const struct wl_case *c, struct wl_finding *finding, unsigned int nth, uint32_t frame,
	const char *expected, const char *actual)
{
	return wl_late(c, finding, nth, frame, frame, expected, actual);
}

enum wl_verdict wl_late(const struct wl_case *c, struct wl_finding *finding, unsigned int nth, uint32_t since, uint32_t frame,
	const char *expected, const char *actual)
{
	return failed_with(c, finding, frame, expected, actual, whereabouts(c, nth, time_of(c, since), WHAT_CAME, actual));
}

enum wl_verdict wl_unanswered(const struct wl_case *c, struct wl_finding *finding, unsigned int nth, uint32_t frame, const char *expected,
	const char *actual)
{
	return failed_with(c, finding, frame, expected, actual, whereabouts(c, nth, time_of(c, frame), CAME_AND_LEFT, actual));
}

enum wl_verdict wl_not_sent(const struct wl_case *c, struct wl_finding *finding, uint32_t frame, const char *expected,
	const char *actual)
{
	return failed_with(c, finding, frame, expected, actual, whereabouts(c, 0, time_of(c, frame), WHAT_LEFT, actual));
}

enum wl_verdict wl_unended(const struct wl_case *c, struct wl_finding *finding, const char *expected, const char *actual)
{
	return failed_with(c, finding, 0, expected, actual, whereabouts(c, 0, UINT64_MAX, OWN_WAIT, actual));
}
