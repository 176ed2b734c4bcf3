/*
 * Verbs on UDP: who asked whom, and what came back. Datagrams are looked at where they leave or reach the host under judgement: at its
 * cable's end, or on its lo when both programs sit on it. On lo a datagram does not tell who sent it, so it is told by its ports.
 */
#include "harness/checks.h"

#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define DNS_PORT 53
#define DNS_HEADER_LEN 12

/* The datagrams of an observation from the point of view of one performer's host. */
struct view {
	const struct wl_case *c;
	const char *host;
	bool shared; /* another program is on that host, too */
	struct wl_datagram *all;
	size_t count;
};

static int look_from(struct view *view, const struct wl_case *c, const char *actor)
{
	int performer = wl_case_performer(c, actor, 0);

	if (performer < 0)
		return -1;
	view->c = c;
	view->host = c->seen->performers[performer].host;
	view->shared = false;
	for (size_t i = 0; i < c->seen->performer_count; i++)
		view->shared = view->shared ||
			       ((int)i != performer && strcmp(c->seen->performers[i].host, view->host) == 0);
	view->all = wl_datagrams(c->seen, c->arena, &view->count);
	return 0;
}

static bool at_host(const struct view *view, const struct wl_datagram *datagram)
{
	return strcmp(view->c->seen->points[datagram->point].host, view->host) == 0;
}

static bool comes(const struct view *view, const struct wl_datagram *datagram)
{
	return at_host(view, datagram) && datagram->direction != WL_FROM_HOST;
}

static bool goes(const struct view *view, const struct wl_datagram *datagram)
{
	return at_host(view, datagram) && datagram->direction != WL_TO_HOST;
}

static bool carries(const struct wl_datagram *datagram, const uint8_t *bytes, size_t len)
{
	return datagram->payload_len == len && (len == 0 || memcmp(datagram->payload, bytes, len) == 0);
}

static const char *endpoint(const struct view *view, const char *address, uint16_t port)
{
	return wl_format(view->c->arena, "%s:%u", address, port);
}

static const char *show(const struct view *view, const uint8_t *bytes, size_t len)
{
	return wl_show_sized(bytes, len, view->c->arena);
}

static const char *with_end(const struct wl_case *c, const char *actual)
{
	return wl_format(c->arena, "%s%s", actual, wl_how_it_went(c, c->check->actor));
}

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
	}
	return wl_failed(c, finding, 0,
		wl_format(c->arena, _("a UDP socket bound to port %u"), c->check->port),
		with_end(c, other ? other : _("It has no such socket.")));
}

/*
 * A library asked for a name or for an address's name (RFC 1035 section 4.1.1: a standard query for one name, without answers):
 * nothing that the program sent on purpose.
 */
static bool name_lookup(const struct view *view, const struct wl_datagram *datagram)
{
	const uint8_t *header = datagram->payload;

	return datagram->destination_port == DNS_PORT && view->c->check->port != DNS_PORT &&
	       datagram->payload_len > DNS_HEADER_LEN && (header[2] & 0xf8) == 0 && header[4] == 0 &&
	       header[5] == 1 && header[6] == 0 && header[7] == 0;
}

/* What a server that is alone on its host sends to its own port, to wake its receive: nobody else's business. */
static bool talks_to_itself(const struct view *view, const struct wl_datagram *datagram)
{
	return datagram->direction == WL_WITHIN_HOST && !view->shared &&
	       datagram->destination_port == view->c->check->port;
}

/* Whether this is a question to the server under judgement. */
static bool asks(const struct view *view, const struct wl_datagram *datagram)
{
	return comes(view, datagram) && datagram->destination_port == view->c->check->port &&
	       !talks_to_itself(view, datagram);
}

/* Whether the server under judgement sent this to somebody, on purpose. */
static bool tells(const struct view *view, const struct wl_datagram *datagram)
{
	return goes(view, datagram) && !asks(view, datagram) && !talks_to_itself(view, datagram) &&
	       !name_lookup(view, datagram);
}

/* The question that the peer asked: the first datagram with the value that comes to the port. */
static const struct wl_datagram *question(const struct view *view)
{
	size_t len;
	const uint8_t *bytes = wl_case_bytes(view->c, view->c->check->value, &len);

	for (size_t i = 0; i < view->count; i++)
		if (asks(view, &view->all[i]) && carries(&view->all[i], bytes, len))
			return &view->all[i];
	return NULL;
}

/* What went back to the asker behind the question, number NTH from 0. */
static const struct wl_datagram *answer(const struct view *view, const struct wl_datagram *asked,
	size_t nth)
{
	for (size_t i = (size_t)(asked - view->all) + 1; i < view->count; i++) {
		const struct wl_datagram *sent = &view->all[i];

		if (goes(view, sent) && strcmp(sent->destination, asked->source) == 0 &&
			sent->destination_port == asked->source_port && nth-- == 0)
			return sent;
	}
	return NULL;
}

/* Anything that left the host behind the question and is not a question itself. */
static const struct wl_datagram *stray(const struct view *view, const struct wl_datagram *asked)
{
	for (size_t i = (size_t)(asked - view->all) + 1; i < view->count; i++)
		if (tells(view, &view->all[i]))
			return &view->all[i];
	return NULL;
}

static enum wl_verdict no_answer(const struct view *view, struct wl_finding *finding,
	const struct wl_datagram *asked)
{
	const struct wl_datagram *elsewhere = stray(view, asked);
	const char *expected = wl_format(view->c->arena, _("an answer to %s"),
		endpoint(view, asked->source, asked->source_port));

	if (elsewhere)
		return wl_failed(view->c, finding, elsewhere->frame, expected,
			wl_format(view->c->arena, _("It sent a datagram to %s instead."),
				endpoint(view, elsewhere->destination, elsewhere->destination_port)));
	return wl_failed(view->c, finding, asked->frame, expected,
		wl_with_last_line(view->c, 0, wl_format(view->c->arena,
			_("The question %s arrived and nothing came back."),
			show(view, asked->payload, asked->payload_len))));
}

/* Find question and first answer, or judge that they are not there. */
static enum wl_verdict exchange(const struct wl_case *c, struct wl_finding *finding, struct view *view,
	const struct wl_datagram **asked, const struct wl_datagram **answered)
{
	if (look_from(view, c, c->check->actor) < 0)
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
	struct view view;

	return exchange(c, finding, &view, &asked, &answered);
}

enum wl_verdict wl_answers_from(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *asked, *answered;
	struct view view;
	enum wl_verdict verdict = exchange(c, finding, &view, &asked, &answered);

	if (verdict != WL_PASS)
		return verdict;
	if (answered->source_port == c->check->port && strcmp(answered->source, asked->destination) == 0)
		return wl_passed();
	return wl_failed(c, finding, answered->frame,
		wl_format(c->arena, _("an answer from %s"), endpoint(&view, asked->destination, c->check->port)),
		wl_format(c->arena, _("The answer came from %s."),
			endpoint(&view, answered->source, answered->source_port)));
}

enum wl_verdict wl_answers_same(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *asked, *answered;
	struct view view;
	enum wl_verdict verdict = exchange(c, finding, &view, &asked, &answered);

	if (verdict != WL_PASS || carries(answered, asked->payload, asked->payload_len))
		return verdict;
	return wl_failed(c, finding, answered->frame, show(&view, asked->payload, asked->payload_len),
		show(&view, answered->payload, answered->payload_len));
}

/* How many questions came from ADDRESS and PORT before the datagram UNTIL, or how many datagrams went there. */
static size_t tally(const struct view *view, const struct wl_datagram *until, const char *address, uint16_t port,
	bool questions)
{
	size_t count = 0;

	for (const struct wl_datagram *d = view->all; d < until; d++)
		if (questions)
			count += asks(view, d) && d->source_port == port && strcmp(d->source, address) == 0;
		else
			count += tells(view, d) && d->destination_port == port && strcmp(d->destination, address) == 0;
	return count;
}

/* The first datagram to somebody who has had as many as they had asked for; NULL when there is none. */
static const struct wl_datagram *unasked(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct wl_datagram *sent = &view->all[i];

		if (tells(view, sent) &&
			tally(view, sent, sent->destination, sent->destination_port, false) >=
				tally(view, sent, sent->destination, sent->destination_port, true))
			return sent;
	}
	return NULL;
}

enum wl_verdict wl_answers_once(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *asked, *answered, *more;
	struct view view;
	enum wl_verdict verdict = exchange(c, finding, &view, &asked, &answered);

	if (verdict != WL_PASS)
		return verdict;
	more = unasked(&view);
	if (!more)
		return wl_passed();
	return wl_failed(c, finding, more->frame, _("one answer and no other datagram"),
		wl_format(c->arena, _("One more datagram went to %s: %s."),
			endpoint(&view, more->destination, more->destination_port),
			show(&view, more->payload, more->payload_len)));
}

/* Whether the bytes of the question went back to its asker, later and in whatever order. One pass: an answerer may never stop. */
static bool echoed(const struct view *view, const struct wl_datagram *asked)
{
	for (const struct wl_datagram *sent = asked + 1; sent < view->all + view->count; sent++)
		if (goes(view, sent) && sent->destination_port == asked->source_port &&
			strcmp(sent->destination, asked->source) == 0 &&
			carries(sent, asked->payload, asked->payload_len))
			return true;
	return false;
}

/* COUNT questions were found in order; all that the check means must have been asked. */
static enum wl_verdict all_found(const struct view *view, struct wl_finding *finding, size_t count)
{
	if (count < view->c->check->nth)
		return wl_unclear(view->c, finding, _("our own question did not reach the host"));
	return wl_passed();
}

enum wl_verdict wl_answers_each(const struct wl_case *c, struct wl_finding *finding)
{
	struct view view;
	size_t count = 0;

	if (look_from(&view, c, c->check->actor) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	for (size_t i = 0; i < view.count; i++) {
		const struct wl_datagram *asked = &view.all[i];

		if (!asks(&view, asked))
			continue;
		count++;
		if (!echoed(&view, asked))
			return wl_failed(c, finding, asked->frame,
				wl_format(c->arena, _("an answer to each of %u questions"), c->check->nth),
				wl_with_last_line(c, 0, wl_format(c->arena, _("Question %zu, %s from %s, did not come back."), count,
						     show(&view, asked->payload, asked->payload_len),
						     endpoint(&view, asked->source, asked->source_port))));
	}
	return all_found(&view, finding, count);
}

enum wl_verdict wl_prints_each(const struct wl_case *c, struct wl_finding *finding)
{
	struct view view;
	size_t len, count = 0;
	const char *text = wl_case_printed(c, &len);

	if (look_from(&view, c, c->check->actor) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	for (size_t i = 0; i < view.count; i++) {
		const struct wl_datagram *asked = &view.all[i];

		if (!asks(&view, asked))
			continue;
		count++;
		if (wl_shows_value(text, len, c->check->label, asked->payload, asked->payload_len))
			continue;
		finding->line = wl_line_with(text, len, NULL, c->arena);
		return wl_failed(c, finding, asked->frame,
			wl_format(c->arena, "%s %s", c->check->label,
				wl_show_bytes(asked->payload, asked->payload_len, 80, c->arena)),
			with_end(c, wl_format(c->arena, _("Question %zu of %u was not printed."), count, c->check->nth)));
	}
	return all_found(&view, finding, count);
}

enum wl_verdict wl_prints_asker(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_datagram *asked;
	struct view view;
	const char *text, *line;
	size_t len;

	if (look_from(&view, c, c->check->actor) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	asked = question(&view);
	if (!asked)
		return wl_unclear(c, finding, _("our own question did not reach the host"));
	text = wl_case_printed(c, &len);
	if (wl_shows_address(text, len, c->check->label, asked->source, asked->source_port))
		return wl_passed();
	line = wl_line_with(text, len, c->check->label, c->arena);
	finding->line = line;
	return wl_failed(c, finding, asked->frame,
		wl_format(c->arena, "%s ('%s', %u)", c->check->label, asked->source, asked->source_port),
		with_end(c, line ? line : _("It printed nothing.")));
}

/* What a client sends: datagrams that leave its host and are not answers from the port. */
static bool is_question(const struct view *view, const struct wl_datagram *datagram)
{
	return goes(view, datagram) && !name_lookup(view, datagram) &&
	       !(datagram->direction == WL_WITHIN_HOST && datagram->source_port == view->c->check->port &&
		       datagram->destination_port != view->c->check->port);
}

static const struct wl_datagram *sent(const struct view *view, size_t nth, bool to_port)
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
	struct view view;
	size_t len;

	if (look_from(&view, c, c->check->actor) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	if (sent(&view, 0, true))
		return wl_passed();
	other = sent(&view, 0, false);
	expected = wl_format(c->arena, _("a datagram to UDP port %u"), c->check->port);
	text = wl_case_printed(c, &len);
	finding->line = wl_line_with(text, len, NULL, c->arena);
	if (other)
		return wl_failed(c, finding, other->frame, expected,
			wl_format(c->arena, _("It sent one to %s."),
				endpoint(&view, other->destination, other->destination_port)));
	return wl_failed(c, finding, 0, expected, with_end(c, _("It sent no datagram.")));
}

enum wl_verdict wl_sends_same(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_sends_udp(c, finding);
	const struct wl_datagram *first;
	const uint8_t *bytes;
	struct view view;
	size_t len;

	if (verdict != WL_PASS || look_from(&view, c, c->check->actor) < 0)
		return verdict;
	first = sent(&view, 0, true);
	bytes = wl_case_bytes(c, c->check->value, &len);
	if (bytes && carries(first, bytes, len))
		return wl_passed();
	return wl_failed(c, finding, first->frame, show(&view, bytes, len),
		show(&view, first->payload, first->payload_len));
}

enum wl_verdict wl_sends_once(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_sends_udp(c, finding);
	const struct wl_datagram *more;
	struct view view;

	if (verdict != WL_PASS || look_from(&view, c, c->check->actor) < 0)
		return verdict;
	more = sent(&view, 1, false);
	if (!more)
		return wl_passed();
	return wl_failed(c, finding, more->frame, _("one datagram"),
		wl_format(c->arena, _("It sent a second one, to %s: %s."),
			endpoint(&view, more->destination, more->destination_port),
			show(&view, more->payload, more->payload_len)));
}

enum wl_verdict wl_sends_after_line(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_sends_udp(c, finding);
	int performer = wl_case_performer(c, c->check->actor, 0);
	const struct wl_event *typed;
	const struct wl_datagram *first;
	struct view view;

	if (verdict != WL_PASS || look_from(&view, c, c->check->actor) < 0)
		return verdict;
	typed = wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_TYPED, 0);
	first = sent(&view, 0, false);
	if (typed && typed->at_ns <= first->at_ns)
		return wl_passed();
	return wl_failed(c, finding, first->frame, _("nothing is sent before the line is typed"),
		_("A datagram was sent before the line was typed."));
}
