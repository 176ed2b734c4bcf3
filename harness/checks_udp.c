/*
 * Verbs on a UDP server: who asked, and what came back. Datagrams are looked at where they leave or reach the server's host: at its
 * cable's end, or on its lo when both programs sit on it.
 */
#include "harness/udp_view.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum wl_verdict wl_opens_udp(const struct wl_case *c, struct wl_finding *finding)
{
	int performer = wl_case_performer(c, c->check->actor, 0);
	const char *other = NULL;

	if (performer < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	for (size_t i = 0; i < c->seen->socket_count; i++) {
		const struct wl_seen_socket *noted = &c->seen->sockets[i];

		if ((int)noted->performer != performer || noted->socket.family == AF_PACKET)
			continue;
		if (noted->socket.protocol == IPPROTO_UDP && noted->socket.local_port == c->check->port)
			return wl_passed();
		other = wl_format(c->arena, _("It has a %s socket on port %u."),
			noted->socket.protocol == IPPROTO_UDP ? "UDP" : "TCP", noted->socket.local_port);
		if (noted->socket.protocol == IPPROTO_UDP)
			wl_explain_port(c, finding, c->check->port, noted->socket.local_port);
	}
	return wl_missed(c, finding, 0, 0,
		wl_format(c->arena, _("a UDP socket bound to port %u"), c->check->port),
		udp_with_end(c, other ? other : _("It has no such socket.")));
}

/* The question that the peer asked: the first datagram with the value that comes to the port. */
static const struct wl_datagram *question(const struct udp_view *view)
{
	size_t len;
	const uint8_t *bytes = wl_case_bytes(view->c, view->c->check->value, &len);

	for (size_t i = 0; i < view->count; i++)
		if (udp_asks(view, &view->all[i]) && udp_carries(&view->all[i], bytes, len))
			return &view->all[i];
	return NULL;
}

/* What went back to the asker behind the question, number NTH from 0. */
static const struct wl_datagram *answer(const struct udp_view *view, const struct wl_datagram *asked,
	size_t nth)
{
	for (size_t i = (size_t)(asked - view->all) + 1; i < view->count; i++) {
		const struct wl_datagram *sent = &view->all[i];

		if (udp_goes(view, sent) && strcmp(sent->destination, asked->source) == 0 &&
			sent->destination_port == asked->source_port && nth-- == 0)
			return sent;
	}
	return NULL;
}

/* Anything that left the host behind the question and is not a question itself. */
static const struct wl_datagram *stray(const struct udp_view *view, const struct wl_datagram *asked)
{
	for (size_t i = (size_t)(asked - view->all) + 1; i < view->count; i++)
		if (udp_tells(view, &view->all[i]))
			return &view->all[i];
	return NULL;
}

static enum wl_verdict no_answer(const struct udp_view *view, struct wl_finding *finding,
	const struct wl_datagram *asked)
{
	const struct wl_datagram *elsewhere = stray(view, asked);
	const char *expected = wl_format(view->c->arena, _("an answer to %s"),
		udp_endpoint(view, asked->source, asked->source_port));

	if (elsewhere)
		return wl_failed(view->c, finding, elsewhere->frame, expected,
			wl_format(view->c->arena, _("It sent a datagram to %s instead."),
				udp_endpoint(view, elsewhere->destination, elsewhere->destination_port)));
	return wl_missed(view->c, finding, 0, asked->frame, expected,
		wl_with_last_line(view->c, 0, wl_format(view->c->arena,
			_("The question %s arrived and nothing came back."),
			udp_show(view, asked->payload, asked->payload_len))));
}

/* The play presses the server's key only when it has waited for the answers; what comes behind that was not an answer in time. */
static bool in_time(const struct udp_view *view, const struct wl_datagram *sent)
{
	int performer = wl_case_performer(view->c, view->c->check->actor, 0);
	const struct wl_event *typed = wl_find_event(view->c->seen, (uint32_t)performer, WL_EVENT_TYPED, 0);

	return !typed || sent->at_ns <= typed->at_ns;
}

/* Find question and first answer, or judge that they are not there. */
static enum wl_verdict exchange(const struct wl_case *c, struct wl_finding *finding, struct udp_view *view,
	const struct wl_datagram **asked, const struct wl_datagram **answered)
{
	if (udp_look(view, c, c->check->actor) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	*asked = question(view);
	if (!*asked)
		return wl_unclear(c, finding, _("our own question did not reach the host"));
	*answered = answer(view, *asked, 0);
	return *answered ? wl_passed() : no_answer(view, finding, *asked);
}

enum wl_verdict wl_answers_udp(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *asked, *answered;
	struct udp_view view;
	enum wl_verdict verdict = exchange(c, finding, &view, &asked, &answered);

	if (verdict != WL_PASS || in_time(&view, answered))
		return verdict;
	return wl_late(c, finding, 0, asked->frame, answered->frame,
		wl_format(c->arena, _("an answer to %s"), udp_endpoint(&view, asked->source, asked->source_port)),
		_("The answer came only after the key had been pressed."));
}

enum wl_verdict wl_answers_from(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *asked, *answered;
	struct udp_view view;
	enum wl_verdict verdict = exchange(c, finding, &view, &asked, &answered);

	if (verdict != WL_PASS)
		return verdict;
	if (answered->source_port == c->check->port && strcmp(answered->source, asked->destination) == 0)
		return wl_passed();
	return wl_failed(c, finding, answered->frame,
		wl_format(c->arena, _("an answer from %s"), udp_endpoint(&view, asked->destination, c->check->port)),
		wl_format(c->arena, _("The answer came from %s."),
			udp_endpoint(&view, answered->source, answered->source_port)));
}

enum wl_verdict wl_answers_same(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *asked, *answered;
	struct udp_view view;
	enum wl_verdict verdict = exchange(c, finding, &view, &asked, &answered);

	if (verdict != WL_PASS || udp_carries(answered, asked->payload, asked->payload_len))
		return verdict;
	wl_explain_bytes(c, finding, asked->payload, asked->payload_len, answered->payload, answered->payload_len);
	return wl_failed(c, finding, answered->frame, udp_show(&view, asked->payload, asked->payload_len),
		udp_show(&view, answered->payload, answered->payload_len));
}

/* How many questions came from ADDRESS and PORT before the datagram UNTIL, or how many datagrams went there. */
static size_t tally(const struct udp_view *view, const struct wl_datagram *until, const char *address, uint16_t port,
	bool questions)
{
	size_t count = 0;

	for (const struct wl_datagram *d = view->all; d < until; d++)
		if (questions)
			count += udp_asks(view, d) && d->source_port == port && strcmp(d->source, address) == 0;
		else
			count += udp_tells(view, d) && d->destination_port == port && strcmp(d->destination, address) == 0;
	return count;
}

/* The first datagram to somebody who has had as many as they had asked for; NULL when there is none. */
static const struct wl_datagram *unasked(const struct udp_view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct wl_datagram *sent = &view->all[i];

		if (udp_tells(view, sent) &&
			tally(view, sent, sent->destination, sent->destination_port, false) >=
				tally(view, sent, sent->destination, sent->destination_port, true))
			return sent;
	}
	return NULL;
}

enum wl_verdict wl_answers_once(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *asked, *answered, *more;
	struct udp_view view;
	enum wl_verdict verdict = exchange(c, finding, &view, &asked, &answered);

	if (verdict != WL_PASS)
		return verdict;
	more = unasked(&view);
	if (!more)
		return wl_passed();
	return wl_failed(c, finding, more->frame, _("one answer and no other datagram"),
		wl_format(c->arena, _("One more datagram went to %s: %s."),
			udp_endpoint(&view, more->destination, more->destination_port),
			udp_show(&view, more->payload, more->payload_len)));
}

/* Whether the bytes of the question went back to its asker, in time and in whatever order. One pass: an answerer may never stop. */
static bool echoed(const struct udp_view *view, const struct wl_datagram *asked)
{
	for (const struct wl_datagram *sent = asked + 1; sent < view->all + view->count; sent++)
		if (udp_goes(view, sent) && sent->destination_port == asked->source_port &&
			strcmp(sent->destination, asked->source) == 0 &&
			udp_carries(sent, asked->payload, asked->payload_len))
			return in_time(view, sent);
	return false;
}

static bool same_asker(const struct wl_datagram *one, const struct wl_datagram *other)
{
	return one->source_port == other->source_port && strcmp(one->source, other->source) == 0;
}

/* If its asker got as many answers as it had questions, the one in this question's turn has other bytes. */
static void explain_unechoed(const struct udp_view *view, struct wl_finding *finding, const struct wl_datagram *asked)
{
	const struct wl_datagram *first = NULL, *answered;
	size_t turn = 0;

	for (const struct wl_datagram *at = view->all; at < asked; at++)
		if (udp_asks(view, at) && same_asker(at, asked)) {
			first = first ? first : at;
			turn++;
		}
	answered = answer(view, first ? first : asked, turn);
	if (answered)
		wl_explain_bytes(view->c, finding, asked->payload, asked->payload_len, answered->payload, answered->payload_len);
}

/* COUNT questions were found in order; all that the check means must have been asked. */
static enum wl_verdict all_found(const struct udp_view *view, struct wl_finding *finding, size_t count)
{
	if (count < view->c->check->nth)
		return wl_unclear(view->c, finding, _("our own question did not reach the host"));
	return wl_passed();
}

enum wl_verdict wl_answers_each(const struct wl_case *c, struct wl_finding *finding)
{
	struct udp_view view;
	size_t count = 0;

	if (udp_look(&view, c, c->check->actor) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	for (size_t i = 0; i < view.count; i++) {
		const struct wl_datagram *asked = &view.all[i];

		if (!udp_asks(&view, asked))
			continue;
		count++;
		if (echoed(&view, asked))
			continue;
		explain_unechoed(&view, finding, asked);
		return wl_missed(c, finding, 0, asked->frame,
			wl_format(c->arena, _("an answer to each of %u questions"), c->check->nth),
			wl_with_last_line(c, 0, wl_format(c->arena, _("Question %zu, %s from %s, did not come back."), count,
							udp_show(&view, asked->payload, asked->payload_len),
							udp_endpoint(&view, asked->source, asked->source_port))));
	}
	return all_found(&view, finding, count);
}

/* What stands behind the label in question NTH's turn, from 1. */
static void explain_unprinted(const struct wl_case *c, struct wl_finding *finding, const struct wl_datagram *asked, size_t nth)
{
	size_t len;
	const char *text = wl_case_printed(c, &len);
	ptrdiff_t at = 0;

	while (nth-- > 0 && at >= 0)
		at = wl_find_label(text, len, (size_t)at, c->check->label);
	if (at >= 0)
		wl_explain_printed(c, finding, text, len, (size_t)at, asked->payload, asked->payload_len);
}

enum wl_verdict wl_prints_each(const struct wl_case *c, struct wl_finding *finding)
{
	struct udp_view view;
	size_t len, count = 0;
	const char *text = wl_case_printed(c, &len);

	if (udp_look(&view, c, c->check->actor) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	for (size_t i = 0; i < view.count; i++) {
		const struct wl_datagram *asked = &view.all[i];

		if (!udp_asks(&view, asked))
			continue;
		count++;
		if (wl_shows_value(text, len, c->check->label, asked->payload, asked->payload_len))
			continue;
		finding->line = wl_line_with(text, len, NULL, c->arena);
		explain_unprinted(c, finding, asked, count);
		return wl_missed(c, finding, 0, asked->frame,
			wl_format(c->arena, "%s %s", c->check->label,
				wl_show_bytes(asked->payload, asked->payload_len, 80, c->arena)),
			udp_with_end(c, wl_format(c->arena, _("Question %zu of %u was not printed."), count, c->check->nth)));
	}
	return all_found(&view, finding, count);
}

enum wl_verdict wl_prints_asker(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *asked;
	struct udp_view view;
	const char *text, *line, *expected;
	size_t len;

	if (udp_look(&view, c, c->check->actor) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	asked = question(&view);
	if (!asked)
		return wl_unclear(c, finding, _("our own question did not reach the host"));
	text = wl_case_printed(c, &len);
	if (wl_shows_address(text, len, c->check->label, asked->source, asked->source_port))
		return wl_passed();
	line = wl_line_with(text, len, c->check->label, c->arena);
	finding->line = line;
	wl_explain_address(c, finding, line, asked->source, asked->source_port);
	expected = wl_format(c->arena, "%s ('%s', %u)", c->check->label, asked->source, asked->source_port);
	if (line)
		return wl_failed(c, finding, asked->frame, expected, udp_with_end(c, line));
	return wl_missed(c, finding, 0, asked->frame, expected, udp_with_end(c, _("It printed nothing.")));
}
