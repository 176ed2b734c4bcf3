/*
 * Verbs on a UDP client: what it sends, to which port and when. Datagrams are looked at where they leave its host.
 */
#include "harness/udp_view.h"

#include <netinet/in.h>
#include <string.h>

/* What a client sends: datagrams that leave its host and are not answers from the port. */
static bool is_question(const struct udp_view *view, const struct wl_datagram *datagram)
{
	return udp_goes(view, datagram) && !udp_name_lookup(view, datagram) &&
	       !(datagram->direction == WL_WITHIN_HOST && datagram->source_port == view->c->check->port &&
		       datagram->destination_port != view->c->check->port);
}

static const struct wl_datagram *sent(const struct udp_view *view, size_t nth, bool to_port)
{
	for (size_t i = 0; i < view->count; i++)
		if (is_question(view, &view->all[i]) &&
			(!to_port || view->all[i].destination_port == view->c->check->port) && nth-- == 0)
			return &view->all[i];
	return NULL;
}

enum wl_verdict wl_sends_udp(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *other;
	const char *expected, *text;
	struct udp_view view;
	size_t len;

	if (udp_look(&view, c, c->check->actor) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	if (sent(&view, 0, true))
		return wl_passed();
	other = sent(&view, 0, false);
	expected = wl_format(c->arena, _("a datagram to UDP port %u"), c->check->port);
	text = wl_case_printed(c, &len);
	finding->line = wl_line_with(text, len, NULL, c->arena);
	if (other)
		wl_explain_port(c, finding, c->check->port, other->destination_port);
	if (other)
		return wl_not_sent(c, finding, other->frame, expected,
			wl_format(c->arena, _("It sent one to %s."),
				udp_endpoint(&view, other->destination, other->destination_port)));
	return wl_not_sent(c, finding, 0, expected, udp_with_end(c, _("It sent no datagram.")));
}

/* That there is another datagram, too, is for wl_sends_once to say. */
enum wl_verdict wl_sends_same(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_sends_udp(c, finding);
	const struct wl_datagram *first, *any;
	const uint8_t *bytes;
	struct udp_view view;
	size_t len;

	if (verdict != WL_PASS || udp_look(&view, c, c->check->actor) < 0)
		return verdict;
	first = sent(&view, 0, true);
	bytes = wl_case_bytes(c, c->check->value, &len);
	for (size_t i = 0; bytes && (any = sent(&view, i, true)); i++)
		if (udp_carries(any, bytes, len))
			return wl_passed();
	wl_explain_bytes(c, finding, bytes, len, first->payload, first->payload_len);
	return wl_failed(c, finding, first->frame, udp_show(&view, bytes, len),
		udp_show(&view, first->payload, first->payload_len));
}

enum wl_verdict wl_sends_once(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_sends_udp(c, finding);
	const struct wl_datagram *more;
	struct udp_view view;

	if (verdict != WL_PASS || udp_look(&view, c, c->check->actor) < 0)
		return verdict;
	more = sent(&view, 1, false);
	if (!more)
		return wl_passed();
	return wl_failed(c, finding, more->frame, _("one datagram"),
		wl_format(c->arena, _("It sent a second one, to %s: %s."),
			udp_endpoint(&view, more->destination, more->destination_port),
			udp_show(&view, more->payload, more->payload_len)));
}

enum wl_verdict wl_sends_after_line(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_sends_udp(c, finding);
	int performer = wl_case_performer(c, c->check->actor, 0);
	const struct wl_event *typed;
	const struct wl_datagram *first;
	struct udp_view view;

	if (verdict != WL_PASS || udp_look(&view, c, c->check->actor) < 0)
		return verdict;
	typed = wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_TYPED, 0);
	first = sent(&view, 0, false);
	if (typed && typed->at_ns <= first->at_ns)
		return wl_passed();
	return wl_failed(c, finding, first->frame, _("nothing is sent before the line is typed"),
		_("A datagram was sent before the line was typed."));
}
