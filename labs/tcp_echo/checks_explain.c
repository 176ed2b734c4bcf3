/*
 * What is wrong with an answer's stamp, whose value is known as far as the moment that it lies in, and with what stands behind the data.
 */
#include "labs/tcp_echo/checks_exchange.h"

#include <string.h>

double echo_asked_at(const struct echo_exchange *exchange)
{
	return (double)exchange->stream->client.pieces[0].at_ns / 1e9;
}

double echo_byte_at(const struct echo_exchange *exchange, size_t at)
{
	return (double)wl_piece_at(&exchange->stream->server, at)->at_ns / 1e9;
}

/* What would explain the bytes that stand where the stamp should. */
void echo_explain_stamp(const struct wl_case *c, struct wl_finding *finding, const struct echo_exchange *exchange)
{
	double from = echo_asked_at(exchange) - ECHO_SLACK_S, to = echo_byte_at(exchange, exchange->answer_len - 1) + ECHO_SLACK_S;
	size_t end = exchange->question_len, len = exchange->before < exchange->answer_len ? exchange->before : exchange->answer_len;
	struct wl_explanation found;

	if (len && wl_explain_stamp(exchange->answer, len, from, to, c->arena, &found))
		wl_explain_as(finding, found.label, found.sentence);
	if (!exchange->echoed || exchange->before)
		return;
	if (exchange->answer_len == end)
		wl_explain_as(finding, "field-missing", _("The data are there, and the stamp is missing."));
	else if (exchange->answer_len == end + ECHO_STAMP && echo_read_double(exchange->answer + end, false) >= from &&
		 echo_read_double(exchange->answer + end, false) <= to)
		wl_explain_as(finding, "field-order", _("Stamp and data are right, but in each other's place."));
}

/* Behind the data: the whole answer once more, or what may stand behind any data. */
void echo_explain_more(const struct wl_case *c, struct wl_finding *finding, const struct echo_exchange *exchange)
{
	const uint8_t *data = exchange->answer + exchange->before;
	size_t len = exchange->answer_len - exchange->before, whole = exchange->before + exchange->question_len;

	wl_explain_bytes(c, finding, exchange->question, exchange->question_len, data, len);
	if (exchange->answer_len == 2 * whole && memcmp(exchange->answer + whole + exchange->before, data, exchange->question_len) == 0)
		wl_explain_as(finding, "twice", _("The whole answer stands there twice."));
}
