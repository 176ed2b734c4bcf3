/*
 * Many clients of tcp_echo_server: one after the other, and at once. What counts is on the wire: who was answered, and who was still
 * connected then.
 */
#include "labs/tcp_echo/checks.h"

#include <stdlib.h>
#include <string.h>

/* How many the play wanted; without such a value no number is enough. */
static size_t drawn(const struct wl_case *c, const char *name)
{
	size_t len;
	const uint8_t *number = wl_case_bytes(c, name, &len);

	return number ? strtoul((const char *)number, NULL, 10) : SIZE_MAX;
}

/* How many connections to the port carried the question, and how many of them were answered with it. */
static size_t count_served(const struct wl_case *c, const uint8_t *question, size_t len, size_t *asked,
	const struct wl_stream **unserved)
{
	const struct wl_stream *stream = NULL, *all;
	size_t count, served = 0;

	all = wl_streams(c->seen, c->arena, &count);
	*asked = 0;
	for (size_t i = 0; i < count; i++) {
		stream = &all[i];
		if (stream->direction == WL_FROM_HOST || stream->server.port != c->check->port ||
			stream->client.len != len || memcmp(stream->client.data, question, len) != 0)
			continue;
		++*asked;
		if (memmem(stream->server.data, stream->server.len, question, len))
			served++;
		else if (!*unserved)
			*unserved = stream;
	}
	return served;
}

enum wl_verdict echo_serves_all(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream *first, *unserved = NULL;
	enum wl_verdict verdict = wl_case_answer(c, finding, c->check->value, &first);
	size_t asked, served;

	if (verdict != WL_PASS)
		return verdict;
	served = count_served(c, first->client.data, first->client.len, &asked, &unserved);
	if (served >= drawn(c, "$clients"))
		return wl_passed();
	return wl_missed(c, finding, 0, unserved ? unserved->client.syn_frame : 0,
		wl_format(c->arena, _("%zu clients, one after the other, are answered"), drawn(c, "$clients")),
		wl_format(c->arena, _("%zu were answered.%s"), served, wl_how_it_went(c, c->check->actor)));
}

/* When one side ended the connection, and the frame that did; never: the end of time and 0. */
static uint64_t end_of(const struct wl_stream_side *side, uint32_t *frame)
{
	bool reset = side->rst_frame && (!side->fin_frame || side->rst_frame < side->fin_frame);

	*frame = reset ? side->rst_frame : side->fin_frame;
	return !*frame ? UINT64_MAX : reset ? side->rst_ns : side->fin_ns;
}

/* Connected when the question came, and never says a word. */
static bool is_silent(const struct wl_stream *stream, const struct wl_stream *asked)
{
	uint32_t frame;

	return !stream->client.len && stream->server.syn_frame && stream->client.syn_ns < asked->client.syn_ns &&
	       end_of(&stream->client, &frame) > asked->client.pieces[0].at_ns;
}

/* A silent client must still be connected when the answer comes. */
static enum wl_verdict judge_silent(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream *silent, const struct wl_stream *asked)
{
	const struct wl_piece *answer = &asked->server.pieces[0];
	uint32_t by_server, by_client;
	uint64_t server_ns = end_of(&silent->server, &by_server), client_ns = end_of(&silent->client, &by_client);

	if (server_ns < answer->at_ns && server_ns <= client_ns)
		return wl_failed(c, finding, by_server, _("a client that says nothing yet is waited for"),
			_("The server ended its connection before it had said anything."));
	if (client_ns < answer->at_ns)
		return wl_late(c, finding, 0, asked->client.pieces[0].frame, answer->frame, _("an answer while the others are silent"),
			_("The answer came only when the silent clients had left."));
	return wl_passed();
}

enum wl_verdict echo_holds_nobody(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream *asked, *stream;
	enum wl_verdict verdict = wl_case_answer(c, finding, c->check->value, &asked);
	unsigned int silent = 0;

	for (unsigned int i = 0; verdict == WL_PASS && (stream = wl_case_connection(c, i)); i++) {
		if (!is_silent(stream, asked))
			continue;
		verdict = judge_silent(c, finding, stream, asked);
		silent++;
	}
	if (verdict != WL_PASS || silent >= drawn(c, "$silent"))
		return verdict;
	return wl_unclear(c, finding, _("our own silent clients were not all connected"));
}
