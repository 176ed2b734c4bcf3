/*
 * Verbs on TCP: who called whom, what was sent, who closed. Connections are looked at at the host under judgement: at its cable's
 * end, or on its lo when both programs sit on it. A connection tells by its SYN who is the client, so that on lo, too, both sides
 * are told apart. A question is known by its bytes: connections have no other name, and their ports are the kernel's to choose.
 */
#include "harness/checks.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

static bool at_host(const struct wl_case *c, const struct wl_stream *stream)
{
	int performer = wl_case_performer(c, c->check->actor, 0);

	return performer >= 0 && strcmp(c->seen->points[stream->point].host,
					 c->seen->performers[performer].host) == 0;
}

static bool comes(const struct wl_case *c, const struct wl_stream *stream)
{
	return at_host(c, stream) && stream->direction != WL_FROM_HOST &&
	       stream->server.port == c->check->port;
}

const struct wl_stream *wl_case_connection(const struct wl_case *c, unsigned int nth)
{
	size_t count;
	const struct wl_stream *all = wl_streams(c->seen, c->arena, &count);

	for (size_t i = 0; i < count; i++)
		if (comes(c, &all[i]) && nth-- == 0)
			return &all[i];
	return NULL;
}

const struct wl_stream *wl_case_call(const struct wl_case *c, unsigned int nth, bool to_port)
{
	size_t count;
	const struct wl_stream *all = wl_streams(c->seen, c->arena, &count);

	for (size_t i = 0; i < count; i++)
		if (at_host(c, &all[i]) && all[i].direction != WL_TO_HOST &&
			(!to_port || all[i].server.port == c->check->port) && nth-- == 0)
			return &all[i];
	return NULL;
}

const struct wl_stream *wl_case_talk(const struct wl_case *c)
{
	const struct wl_stream *call;

	for (unsigned int i = 0; (call = wl_case_call(c, i, true)); i++)
		if (call->client.len)
			return call;
	return wl_case_call(c, 0, true);
}

static const char *show(const struct wl_case *c, const uint8_t *bytes, size_t len)
{
	return wl_format(c->arena, _("%s (%zu bytes)"), wl_show_bytes(bytes, len, 60, c->arena), len);
}

static const char *endpoint(const struct wl_case *c, const struct wl_stream_side *side)
{
	return wl_format(c->arena, "%s:%u", side->address, side->port);
}

static const char *with_end(const struct wl_case *c, const char *actual)
{
	return wl_format(c->arena, "%s%s", actual, wl_how_nth_went(c, c->check->actor, c->check->nth));
}

static bool sent_just(const struct wl_stream_side *side, const uint8_t *bytes, size_t len)
{
	return side->len == len && memcmp(side->data, bytes, len) == 0;
}

/* The question is nowhere, and it was not ours: the program at the other end was handed in, too. */
static enum wl_verdict not_asked(const struct wl_case *c, struct wl_finding *finding, const struct wl_stream *last)
{
	size_t len;
	const uint8_t *bytes = wl_case_bytes(c, c->check->value, &len);

	return wl_failed(c, finding, last ? last->client.syn_frame : 0,
		wl_format(c->arena, _("%s sends %s"), c->check->peer, show(c, bytes, len)),
		!last ? _("It made no TCP connection.")
		      : wl_format(c->arena, _("The server got %s and sent %s."),
				show(c, last->client.data, last->client.len),
				show(c, last->server.data, last->server.len)));
}

static bool peer_was_handed_in(const struct wl_case *c)
{
	int performer = c->check->peer ? wl_case_performer(c, c->check->peer, 0) : -1;

	return performer >= 0 && c->seen->performers[performer].submitted;
}

/* Our question is nowhere: the last connection that came tells why. */
static enum wl_verdict no_question(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream *last)
{
	const char *expected = wl_format(c->arena, _("a connection to port %u is accepted"), c->check->port);

	if (peer_was_handed_in(c) && (!last || last->client.len))
		return not_asked(c, finding, last);
	if (!last)
		return wl_unclear(c, finding, _("our own program did not call the port"));
	if (!last->server.syn_frame && last->server.rst_frame)
		return wl_missed(c, finding, c->check->nth, last->server.rst_frame, expected,
			with_end(c, _("It was refused: nobody listened on the port.")));
	if (!last->server.syn_frame)
		return wl_missed(c, finding, c->check->nth, last->client.syn_frame, expected,
			with_end(c, _("It was called and did not answer: its queue of waiting clients was full.")));
	if (!last->client.len && (last->server.rst_frame || last->server.fin_frame))
		return wl_failed(c, finding,
			last->server.rst_frame ? last->server.rst_frame : last->server.fin_frame, expected,
			with_end(c, _("The server ended the connection before anything was sent.")));
	return wl_unclear(c, finding, _("our own question did not reach the host"));
}

enum wl_verdict wl_case_question(const struct wl_case *c, struct wl_finding *finding, const char *value,
	const struct wl_stream **asked)
{
	const struct wl_stream *all, *last = NULL;
	const uint8_t *bytes;
	size_t count, len;

	bytes = wl_case_bytes(c, value, &len);
	if (!bytes)
		return wl_unclear(c, finding, value);
	if (wl_case_performer(c, c->check->actor, c->check->nth) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	all = wl_streams(c->seen, c->arena, &count);
	for (size_t i = 0; i < count; i++) {
		if (!comes(c, &all[i]))
			continue;
		last = *asked = &all[i];
		if (sent_just(&last->client, bytes, len))
			return wl_passed();
	}
	return no_question(c, finding, last);
}

/* A client that only ends its own direction still takes the answer; one that has left refuses it. */
static bool came_too_late(const struct wl_stream *asked)
{
	return asked->client.fin_frame && asked->client.fin_ns < asked->server.pieces[0].at_ns &&
	       asked->client.rst_frame;
}

enum wl_verdict wl_case_answer(const struct wl_case *c, struct wl_finding *finding, const char *value,
	const struct wl_stream **asked)
{
	enum wl_verdict verdict = wl_case_question(c, finding, value, asked);
	const struct wl_stream *stream = *asked;
	const char *expected;

	if (verdict != WL_PASS || (stream->server.len && !came_too_late(stream)))
		return verdict;
	expected = wl_format(c->arena, _("an answer to %s"), endpoint(c, &stream->client));
	if (stream->server.len)
		return wl_late(c, finding, c->check->nth, stream->client.pieces[0].frame, stream->server.pieces[0].frame, expected,
			_("It came only when the client had waited in vain and closed the connection."));
	return wl_unanswered(c, finding, c->check->nth, stream->client.pieces[0].frame, expected,
		wl_with_last_line(c, c->check->nth, wl_format(c->arena, _("The question %s arrived and nothing came back."),
			show(c, stream->client.data, stream->client.len))));
}

static const char *kind_of(const struct wl_socket *socket)
{
	if (socket->protocol == IPPROTO_UDP)
		return "UDP";
	return socket->state == TCP_LISTEN ? _("listening TCP") : "TCP";
}

enum wl_verdict wl_listens_tcp(const struct wl_case *c, struct wl_finding *finding)
{
	int performer = wl_case_performer(c, c->check->actor, c->check->nth);
	const char *other = NULL;

	if (performer < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	for (size_t i = 0; i < c->seen->socket_count; i++) {
		const struct wl_seen_socket *noted = &c->seen->sockets[i];

		if ((int)noted->performer != performer || noted->socket.family == AF_PACKET)
			continue;
		if (noted->socket.protocol == IPPROTO_TCP && noted->socket.state == TCP_LISTEN &&
			noted->socket.local_port == c->check->port)
			return wl_passed();
		other = wl_format(c->arena, _("It has a %s socket on port %u."), kind_of(&noted->socket),
			noted->socket.local_port);
		if (noted->socket.protocol == IPPROTO_TCP)
			wl_explain_port(c, finding, c->check->port, noted->socket.local_port);
	}
	return wl_missed(c, finding, c->check->nth, 0,
		wl_format(c->arena, _("a TCP socket that listens on port %u"), c->check->port),
		with_end(c, other ? other : _("It has no such socket.")));
}

enum wl_verdict wl_answers_tcp(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream *asked;

	return wl_case_answer(c, finding, c->check->value, &asked);
}

/* The frame with which the side ended the connection, 0: it did not; *AT_NS is its time. */
static uint32_t end_of(const struct wl_stream_side *side, uint64_t *at_ns)
{
	bool reset = side->rst_frame && (!side->fin_frame || side->rst_frame < side->fin_frame);

	*at_ns = reset ? side->rst_ns : side->fin_ns;
	return reset ? side->rst_frame : side->fin_frame;
}

enum wl_verdict wl_closes_tcp(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream *asked;
	enum wl_verdict verdict = wl_case_answer(c, finding, c->check->value, &asked);
	uint64_t ours_ns, theirs_ns;
	uint32_t ours, theirs;

	if (verdict != WL_PASS)
		return verdict;
	theirs = end_of(&asked->server, &theirs_ns);
	ours = end_of(&asked->client, &ours_ns);
	if (theirs && (!ours || theirs_ns <= ours_ns))
		return wl_passed();
	return wl_missed(c, finding, c->check->nth, asked->server.pieces[asked->server.piece_count - 1].frame,
		_("the server closes the connection behind its answer"),
		with_end(c, _("It left the connection open.")));
}

static bool is_a_pair(const struct wl_case *c)
{
	for (size_t i = 0; i < c->seen->performer_count; i++)
		if (!c->seen->performers[i].submitted)
			return false;
	return c->seen->performer_count > 1;
}

/* The port was called in vain: a pair's own fault, and otherwise ours. */
static enum wl_verdict not_accepted(const struct wl_case *c, struct wl_finding *finding, const struct wl_stream *call)
{
	if (!is_a_pair(c))
		return wl_unclear(c, finding, _("our own server did not accept the connection"));
	return wl_not_sent(c, finding, call->server.rst_frame ? call->server.rst_frame : call->client.syn_frame,
		wl_format(c->arena, _("a connection to port %u is accepted"), c->check->port),
		call->server.rst_frame ? _("It was refused: nobody listened on the port.")
				       : _("It was called and did not answer: its queue of waiting clients was full."));
}

enum wl_verdict wl_connects_tcp(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream *call = wl_case_talk(c), *other;
	const char *expected, *text;
	size_t len;

	if (wl_case_performer(c, c->check->actor, 0) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	if (call && call->server.syn_frame)
		return wl_passed();
	if (call)
		return not_accepted(c, finding, call);
	other = wl_case_call(c, 0, false);
	expected = wl_format(c->arena, _("a connection to TCP port %u"), c->check->port);
	text = wl_case_printed(c, &len);
	finding->line = wl_line_with(text, len, NULL, c->arena);
	if (other)
		wl_explain_port(c, finding, c->check->port, other->server.port);
	if (other)
		return wl_not_sent(c, finding, other->client.syn_frame, expected,
			with_end(c, wl_format(c->arena, _("It called %s."), endpoint(c, &other->server))));
	return wl_not_sent(c, finding, 0, expected, with_end(c, _("It made no TCP connection.")));
}

enum wl_verdict wl_sends_tcp(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_connects_tcp(c, finding);
	const struct wl_stream_side *client;
	const uint8_t *bytes;
	size_t len;

	if (verdict != WL_PASS)
		return verdict;
	client = &wl_case_talk(c)->client;
	bytes = wl_case_bytes(c, c->check->value, &len);
	if (!bytes)
		return wl_unclear(c, finding, c->check->value);
	if (sent_just(client, bytes, len))
		return wl_passed();
	if (!client->len)
		return wl_missed(c, finding, 0, client->syn_frame, show(c, bytes, len),
			with_end(c, _("It sent nothing.")));
	wl_explain_bytes(c, finding, bytes, len, client->data, client->len);
	return wl_failed(c, finding, client->pieces[client->piece_count - 1].frame, show(c, bytes, len),
		show(c, client->data, client->len));
}

enum wl_verdict wl_connects_once(const struct wl_case *c, struct wl_finding *finding)
{
	enum wl_verdict verdict = wl_connects_tcp(c, finding);
	const struct wl_stream *more;

	if (verdict != WL_PASS)
		return verdict;
	more = wl_case_call(c, 1, false);
	if (!more)
		return wl_passed();
	return wl_failed(c, finding, more->client.syn_frame, _("one connection"),
		wl_format(c->arena, _("It made another one, to %s."), endpoint(c, &more->server)));
}
