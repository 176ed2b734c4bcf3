/*
 * The answer of tcp_echo_server: 8 bytes, a double in the byte order of the machine with the seconds since the epoch, and
 * then the question's bytes. The question's bytes are looked for in the answer, so that a stamp of another size
 * spoils the verdict on the stamp alone.
 *
 * A double betrays itself: read in the right order, a time lies in a narrow range of numbers; the bytes of an integer, a float, a
 * text or a swapped double, read as a double, are far outside. So each requirement names one fault: size and type, then order,
 * then clock, then fraction and moment.
 */
#include "labs/tcp_echo/checks_exchange.h"

#include <math.h>
#include <string.h>

#define CLOCK_S 3600.0

double echo_read_double(const uint8_t *bytes, bool swapped)
{
	uint8_t own[ECHO_STAMP];
	double value;

	for (size_t i = 0; i < ECHO_STAMP; i++)
		own[i] = bytes[swapped ? ECHO_STAMP - 1 - i : i];
	memcpy(&value, own, ECHO_STAMP);
	return value;
}

/* When the stamp's last byte was seen, in seconds. */
static double answered_at(const struct echo_exchange *exchange)
{
	return echo_byte_at(exchange, ECHO_STAMP - 1);
}

/* The answer begins with a right stamp: what else stands before the data is no part of it. */
static bool is_stamped(const struct echo_exchange *exchange)
{
	return exchange->answer_len >= ECHO_STAMP &&
	       fabs(echo_read_double(exchange->answer, false) - answered_at(exchange)) < CLOCK_S;
}

enum wl_verdict echo_find_exchange(const struct wl_case *c, struct wl_finding *finding, const char *value,
	struct echo_exchange *exchange)
{
	enum wl_verdict verdict = wl_case_answer(c, finding, value, &exchange->stream);
	const uint8_t *found;

	if (verdict != WL_PASS)
		return verdict;
	exchange->question = exchange->stream->client.data;
	exchange->question_len = exchange->stream->client.len;
	exchange->answer = exchange->stream->server.data;
	exchange->answer_len = exchange->stream->server.len;
	found = memmem(exchange->answer, exchange->answer_len, exchange->question, exchange->question_len);
	if (found != exchange->answer + ECHO_STAMP && is_stamped(exchange))
		found = NULL;
	exchange->echoed = found != NULL;
	exchange->before = found ? (size_t)(found - exchange->answer) : ECHO_STAMP;
	return WL_PASS;
}

static uint32_t first_frame(const struct echo_exchange *exchange)
{
	return exchange->stream->server.pieces[0].frame;
}

const char *echo_show(const struct wl_case *c, const uint8_t *bytes, size_t len)
{
	return wl_format(c->arena, _("%s (%zu bytes)"), wl_show_bytes(bytes, len, 60, c->arena), len);
}

static const char *hex(const struct wl_case *c, const uint8_t *bytes, size_t len)
{
	const char *text = "";

	for (size_t i = 0; i < len && i < 24; i++)
		text = wl_format(c->arena, "%s%s%02x", text, i ? " " : "", bytes[i]);
	return len > 24 ? wl_format(c->arena, "%s ...", text) : text;
}

/* Seconds since the epoch, of a swapped double this century's alone: other numbers give such bytes, too. */
static bool is_this_century(double value)
{
	return value > 9e8 && value < 5e9;
}

static bool is_swapped(const uint8_t *bytes)
{
	return is_this_century(echo_read_double(bytes, true)) && !is_this_century(echo_read_double(bytes, false));
}

/* A time of a wall clock or of one that counts from the start of the machine, in any unit from seconds to nanoseconds. */
static bool is_likely(const uint8_t *bytes)
{
	double value = echo_read_double(bytes, false);

	return value > 1e-3 && value < 1e19 && !is_swapped(bytes);
}

static bool is_a_stamp(const uint8_t *bytes)
{
	return is_likely(bytes) || is_swapped(bytes);
}

enum wl_verdict echo_stamp_type(const struct wl_case *c, struct wl_finding *finding)
{
	struct echo_exchange exchange;
	enum wl_verdict verdict = echo_find_exchange(c, finding, c->check->value, &exchange);
	const char *expected = _("8 bytes before the data: the seconds since the epoch as a C double");

	if (verdict != WL_PASS)
		return verdict;
	if (exchange.before != ECHO_STAMP || exchange.answer_len < ECHO_STAMP || !is_a_stamp(exchange.answer))
		echo_explain_stamp(c, finding, &exchange);
	if (exchange.before != ECHO_STAMP || exchange.answer_len < ECHO_STAMP)
		return wl_failed(c, finding, first_frame(&exchange), expected,
			wl_format(c->arena, _("%zu bytes stand before the data: %s"),
				exchange.echoed ? exchange.before : exchange.answer_len,
				hex(c, exchange.answer,
					exchange.echoed ? exchange.before : exchange.answer_len)));
	if (is_a_stamp(exchange.answer))
		return wl_passed();
	return wl_failed(c, finding, first_frame(&exchange), expected,
		wl_format(c->arena, _("The first 8 bytes are %s; as a double they are %g."),
			hex(c, exchange.answer, ECHO_STAMP), echo_read_double(exchange.answer, false)));
}

enum wl_verdict echo_find_stamp(const struct wl_case *c, struct wl_finding *finding, const char *value,
	struct echo_exchange *exchange, double *stamp)
{
	enum wl_verdict verdict = echo_find_exchange(c, finding, value, exchange);

	if (verdict != WL_PASS)
		return verdict;
	if (exchange->answer_len < ECHO_STAMP)
		return wl_failed(c, finding, first_frame(exchange), _("8 bytes and the data"),
			wl_format(c->arena, _("Only %zu bytes came back."), exchange->answer_len));
	*stamp = echo_read_double(exchange->answer, false);
	return WL_PASS;
}

enum wl_verdict echo_stamp_order(const struct wl_case *c, struct wl_finding *finding)
{
	struct echo_exchange exchange;
	double stamp;
	enum wl_verdict verdict = echo_find_stamp(c, finding, c->check->value, &exchange, &stamp);

	if (verdict != WL_PASS || is_likely(exchange.answer))
		return verdict;
	echo_explain_stamp(c, finding, &exchange);
	return wl_failed(c, finding, first_frame(&exchange),
		_("a double in the byte order of the machine, as C has it in memory"),
		wl_format(c->arena, _("The first 8 bytes are %s; as a double they are %g."),
			hex(c, exchange.answer, ECHO_STAMP), stamp));
}

enum wl_verdict echo_stamp_clock(const struct wl_case *c, struct wl_finding *finding)
{
	struct echo_exchange exchange;
	double stamp;
	enum wl_verdict verdict = echo_find_stamp(c, finding, c->check->value, &exchange, &stamp);

	if (verdict != WL_PASS || fabs(stamp - answered_at(&exchange)) < CLOCK_S)
		return verdict;
	echo_explain_stamp(c, finding, &exchange);
	return wl_failed(c, finding, first_frame(&exchange),
		wl_format(c->arena, _("the seconds since the epoch, about %.0f"), answered_at(&exchange)),
		wl_format(c->arena, _("The stamp is %f."), stamp));
}

static bool is_whole(double value)
{
	return value > -1e15 && value < 1e15 && value == (double)(int64_t)value;
}

enum wl_verdict echo_stamp_fraction(const struct wl_case *c, struct wl_finding *finding)
{
	static const char *const questions[] = { "$message", "$second", "$third" };
	struct echo_exchange exchange;
	double stamp = 0;

	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
		enum wl_verdict verdict = echo_find_stamp(c, finding, questions[i], &exchange, &stamp);

		if (verdict != WL_PASS || !is_whole(stamp))
			return verdict;
	}
	echo_explain_stamp(c, finding, &exchange);
	return wl_failed(c, finding, first_frame(&exchange), _("seconds with their fraction"),
		wl_format(c->arena, _("The stamps of three answers are whole numbers, the last one %.1f."), stamp));
}

enum wl_verdict echo_stamp_moment(const struct wl_case *c, struct wl_finding *finding)
{
	struct echo_exchange exchange;
	double stamp;
	enum wl_verdict verdict = echo_find_stamp(c, finding, c->check->value, &exchange, &stamp);

	if (verdict != WL_PASS)
		return verdict;
	if (stamp >= echo_asked_at(&exchange) - ECHO_SLACK_S && stamp <= answered_at(&exchange) + ECHO_SLACK_S)
		return wl_passed();
	return wl_failed(c, finding, first_frame(&exchange), _("the time at which the data were there"),
		stamp < echo_asked_at(&exchange)
			? wl_format(c->arena, _("The stamp is %.3f s before the arrival of the data."),
				  echo_asked_at(&exchange) - stamp)
			: wl_format(c->arena, _("The stamp is %.3f s after the answer."),
				  stamp - answered_at(&exchange)));
}

/* It was not cut short by a client that had left. */
static bool server_ended_first(const struct wl_stream *stream)
{
	return stream->server.fin_frame && !stream->client.rst_frame &&
	       (!stream->client.fin_frame || stream->server.fin_ns <= stream->client.fin_ns);
}

enum wl_verdict echo_same(const struct wl_case *c, struct wl_finding *finding)
{
	struct echo_exchange exchange;
	enum wl_verdict verdict = echo_find_exchange(c, finding, c->check->value, &exchange);
	size_t stamp;

	if (verdict != WL_PASS || (exchange.echoed && exchange.before == ECHO_STAMP))
		return verdict;
	stamp = exchange.answer_len < ECHO_STAMP ? exchange.answer_len : ECHO_STAMP;
	if (exchange.answer_len == ECHO_STAMP && server_ended_first(exchange.stream))
		wl_explain_as(finding, "field-missing", _("The stamp is there, and the data are missing."));
	wl_explain_bytes(c, finding, exchange.question, exchange.question_len, exchange.answer + stamp, exchange.answer_len - stamp);
	return wl_failed(c, finding, first_frame(&exchange),
		wl_format(c->arena, _("behind the 8 bytes of the stamp: %s"),
			echo_show(c, exchange.question, exchange.question_len)),
		wl_format(c->arena, "%s%s",
			echo_show(c, exchange.answer + stamp, exchange.answer_len - stamp),
			wl_how_it_went(c, c->check->actor)));
}

enum wl_verdict echo_nothing_else(const struct wl_case *c, struct wl_finding *finding)
{
	struct echo_exchange exchange;
	enum wl_verdict verdict = echo_find_exchange(c, finding, c->check->value, &exchange);
	size_t end;

	if (verdict != WL_PASS)
		return verdict;
	end = exchange.before + exchange.question_len;
	if (!exchange.echoed || exchange.answer_len <= end)
		return wl_passed();
	echo_explain_more(c, finding, &exchange);
	return wl_failed(c, finding, wl_piece_at(&exchange.stream->server, end)->frame,
		_("the stamp, the data and nothing else"),
		wl_format(c->arena, _("Behind the data came %s."),
			echo_show(c, exchange.answer + end, exchange.answer_len - end)));
}
