/*
 * Verbs on a program that asks a multicast group and prints the answers of its members. It ends by itself when no answer has come
 * for a while. An end sends no packet: a probe of our own, a datagram that comes to its port well behind the last answer, draws an
 * ICMP port unreachable from its machine if the socket is closed by then, and silence if it is still open.
 */
#include "harness/multicast_view.h"

#include <netinet/in.h>
#include <string.h>

#include "harness/ipv4.h"

#define MS 1000000u
#define IN_TIME_NS (170 * MS)   /* an answer so soon behind the one before it comes in time for the course's 0.2 s */
#define SLOW_NS (400 * MS)      /* no busy machine is as slow as that in every take */
#define LAST_TAKE 5
#define TOO_LATE_NS (1000 * MS) /* and behind this the program must have ended */

/* The first datagram to the group that left over the cable, or NULL. */
static const struct wl_datagram *question(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (view_to_group(view, &view->all[i]) && view->all[i].direction == WL_FROM_HOST)
			return &view->all[i];
	return NULL;
}

/* On lo, what comes from the port is a member's answer. */
static const struct wl_datagram *elsewhere(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (view_goes(view, &view->all[i]) && (view->all[i].direction == WL_FROM_HOST ||
							      view->all[i].source_port != view->c->check->port))
			return &view->all[i];
	return NULL;
}

static enum wl_verdict sent_none(const struct view *view, struct wl_finding *finding)
{
	const struct wl_case *c = view->c;
	const struct wl_datagram *other = elsewhere(view);
	const char *expected = wl_format(c->arena, _("a datagram to %s on the cable"),
		view_endpoint(view, c->check->group, c->check->port));

	if (!other)
		return wl_not_sent(c, finding, 0, expected, view_with_end(c, _("It sent no datagram.")));
	return wl_not_sent(c, finding, other->frame, expected,
		wl_format(c->arena, _("It sent one to %s."),
			view_endpoint(view, other->destination, other->destination_port)));
}

/* Find the view and the question, or judge that there is none. */
static enum wl_verdict asked(const struct wl_case *c, struct wl_finding *finding, struct view *view,
	const struct wl_datagram **first)
{
	if (!view_open(view, c))
		return view_not_started(c, finding);
	*first = question(view);
	return *first ? wl_passed() : sent_none(view, finding);
}

enum wl_verdict wl_sends_group(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *first;
	struct view view;

	return asked(c, finding, &view, &first);
}

enum wl_verdict wl_sends_ttl(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *first;
	struct view view;
	enum wl_verdict verdict = asked(c, finding, &view, &first);

	if (verdict != WL_PASS || first->ttl == c->check->number)
		return verdict;
	return wl_failed(c, finding, first->frame, wl_format(c->arena, _("IP TTL %u"), c->check->number),
		wl_format(c->arena, _("IP TTL %u"), first->ttl));
}

/* The next datagram behind AT that comes to the port that asked, or NULL. */
static const struct wl_datagram *next_answer(const struct view *view, const struct wl_datagram *first,
	const struct wl_datagram *at)
{
	for (at++; at < view->all + view->count; at++)
		if (view_comes(view, at) && at->destination_port == first->source_port &&
			strcmp(at->destination, view->c->check->group) != 0)
			return at;
	return NULL;
}

/* How often the same answer came up to the one at LAST. */
static size_t times_came(const struct view *view, const struct wl_datagram *first, const struct wl_datagram *last)
{
	size_t times = 0;

	for (const struct wl_datagram *at = next_answer(view, first, first); at && at <= last;
		at = next_answer(view, first, at))
		times += at->source_port == last->source_port && strcmp(at->source, last->source) == 0 &&
			 view_same(at, last->payload, last->payload_len);
	return times;
}

/* In a pair the members are no programs of ours: whose answers come far behind the 0.2 s, take after take, is too slow for its asker. */
static bool members_are_slow(const struct wl_case *c, const struct wl_datagram *first, const struct wl_datagram *late)
{
	for (size_t i = 0; i < c->seen->performer_count; i++)
		if (!c->seen->performers[i].submitted)
			return false;
	return late && late->at_ns - first->at_ns >= SLOW_NS && c->seen->take >= LAST_TAKE;
}

/* No answer came: by our fault, or because the peer on the asker's own host got no copy of the question. */
static enum wl_verdict unanswered(const struct view *view, struct wl_finding *finding, const struct wl_datagram *first,
	const struct wl_datagram *late)
{
	const struct wl_case *c = view->c;
	int peer = c->check->peer ? wl_case_performer(c, c->check->peer, 0) : -1;
	size_t len;

	if (peer >= 0 && strcmp(c->seen->performers[peer].host, view->host) == 0 &&
		!*wl_printed_between(c->seen, c->arena, (uint32_t)peer, 0, c->seen->event_count, &len))
		return wl_failed(c, finding, first->frame, _("a member on the same machine hears the datagram"),
			_("It went out on the cable, but the machine got no copy of it."));
	if (members_are_slow(c, first, late))
		return wl_failed(c, finding, late->frame, _("an answer within the 0.2 seconds that are waited for it"),
			wl_format(c->arena, _("The first answer came %u ms behind the question."),
				(unsigned int)((late->at_ns - first->at_ns) / MS)));
	return wl_unclear(c, finding, _("our own answer did not come in time"));
}

static enum wl_verdict prints(const struct wl_case *c, struct wl_finding *finding, bool bytes_too)
{
	const struct wl_datagram *first, *before, *at;
	struct view view;
	enum wl_verdict verdict = asked(c, finding, &view, &first);

	if (verdict != WL_PASS)
		return verdict;
	for (before = first; (at = next_answer(&view, first, before)); before = at) {
		uint64_t gap = at->at_ns - before->at_ns;

		if (c->check->number && gap > IN_TIME_NS)
			break;
		if (view_times_printed(&view, at, bytes_too) < times_came(&view, first, at))
			return view_not_printed(&view, finding, at, bytes_too);
	}
	if (before == first)
		return unanswered(&view, finding, first, at);
	if (at && at->at_ns - before->at_ns < TOO_LATE_NS)
		return wl_unclear(c, finding, _("our own answers did not come in time"));
	return wl_passed();
}

enum wl_verdict wl_prints_answerers(const struct wl_case *c, struct wl_finding *finding)
{
	return prints(c, finding, false);
}

enum wl_verdict wl_prints_answers(const struct wl_case *c, struct wl_finding *finding)
{
	return prints(c, finding, true);
}

/* What it printed before a key was pressed: what an interrupted program says of itself is no answer. */
static const char *printed_by_itself(const struct view *view, size_t *len)
{
	const struct wl_case *c = view->c;
	const struct wl_event *typed = wl_find_event(c->seen, view->performer, WL_EVENT_TYPED, 0);
	size_t until = typed ? (size_t)(typed - c->seen->events) : c->seen->event_count;
	const char *text = wl_printed_between(c->seen, c->arena, view->performer, 0, until, len);

	return wl_without_escapes(text, len, c->arena);
}

enum wl_verdict wl_prints_no_answer(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *first;
	struct view view;
	enum wl_verdict verdict = asked(c, finding, &view, &first);
	const char *text;
	size_t len;

	if (verdict != WL_PASS)
		return verdict;
	text = printed_by_itself(&view, &len);
	if (wl_find_label(text, len, 0, c->check->label) < 0)
		return wl_passed();
	finding->line = wl_line_with(text, len, c->check->label, c->arena);
	return wl_failed(c, finding, 0, wl_format(c->arena, _("no \"%s\" while no answer comes"), c->check->label),
		finding->line);
}

/* RFC 792: type 3, code 3, four bytes, then the header and the first 8 bytes of the datagram that it is about. */
static bool unreachable(const struct wl_frame *frame, const struct wl_datagram *probe)
{
	struct wl_ether ether;
	struct ipv4 ip;
	size_t header;

	if (!wl_parse_ether(frame, &ether) || !ipv4_parse(&ether, &ip) || ip.protocol != IPPROTO_ICMP ||
		ipv4_is_fragment(&ip) || ip.len < 8 + 20 + 8 || ip.data[0] != 3 || ip.data[1] != 3)
		return false;
	header = (size_t)(ip.data[8] & 0x0f) * 4;
	return ip.len >= 8 + header + 8 && be16(ip.data + 8 + header) == probe->source_port &&
	       be16(ip.data + 8 + header + 2) == probe->destination_port;
}

static bool refused(const struct view *view, const struct wl_datagram *probe)
{
	const struct wl_observation *seen = view->c->seen;

	for (size_t i = probe->frame; i < seen->frame_count; i++)
		if (strcmp(seen->points[seen->frames[i].point].host, view->host) == 0 &&
			seen->frames[i].direction != WL_TO_HOST && unreachable(&seen->frames[i], probe))
			return true;
	return false;
}

enum wl_verdict wl_ends_quietly(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *first, *last, *probe;
	struct view view;
	enum wl_verdict verdict = asked(c, finding, &view, &first);

	if (verdict != WL_PASS)
		return verdict;
	for (last = first; (probe = next_answer(&view, first, last)); last = probe)
		if (probe->at_ns - last->at_ns >= TOO_LATE_NS)
			break;
	if (!probe)
		return wl_unclear(c, finding, _("our own probe did not come"));
	if (refused(&view, probe))
		return wl_passed();
	return wl_missed(c, finding, 0, probe->frame, _("the socket is closed within a second of the last answer"),
		wl_format(c->arena, _("%u ms after the last answer a datagram was still taken."),
			(unsigned int)((probe->at_ns - last->at_ns) / MS)));
}

bool wl_answers_lag(const struct wl_observation *seen, struct wl_arena *arena, uint16_t port)
{
	size_t count;
	const struct wl_datagram *all = wl_datagrams(seen, arena, &count), *before = NULL;

	for (size_t i = 0; i < count; i++) {
		uint64_t gap = before ? all[i].at_ns - before->at_ns : 0;

		if (all[i].source_port == port && gap > IN_TIME_NS && gap < TOO_LATE_NS)
			return true;
		if (all[i].source_port == port || all[i].destination_port == port)
			before = &all[i];
	}
	return false;
}
