/*
 * The answer of tcp_echo_server: 8 bytes, a double in the byte order of the machine with the seconds since the epoch, and
 * then the question's bytes. The question's bytes are looked for in the answer, so that a stamp of another size
 * spoils the verdict on the stamp alone.
 *
 * A double betrays itself: read in the right order, a time lies in a narrow range of numbers; the bytes of an integer, a float, a
 * text or a swapped double, read as a double, are far outside. So each requirement names one fault: size and type, then order,
 * then clock, then fraction and moment.
 */
#include "labs/tcp_echo/checks.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STAMP 8 /* bytes */
#define SLACK_S 0.010
#define CLOCK_S 3600.0
#define REST 3 /* bytes of an earlier question that are no chance */

/* An exchange: the question, and the answer taken apart. */
struct exchange {
	const struct wl_stream *stream;
	const uint8_t *question, *answer;
	size_t question_len, answer_len;
	bool echoed;  /* the question's bytes are in the answer, behind .before bytes */
	size_t before;
};

static double read_double(const uint8_t *bytes, bool swapped)
{
	uint8_t own[STAMP];
	double value;

	for (size_t i = 0; i < STAMP; i++)
		own[i] = bytes[swapped ? STAMP - 1 - i : i];
	memcpy(&value, own, STAMP);
	return value;
}

static enum wl_verdict find_exchange(const struct wl_case *c, struct wl_finding *finding, const char *value,
	struct exchange *exchange)
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
	exchange->echoed = found != NULL;
	exchange->before = found ? (size_t)(found - exchange->answer) : STAMP;
	return WL_PASS;
}

static uint32_t first_frame(const struct exchange *exchange)
{
	return exchange->stream->server.pieces[0].frame;
}

static const char *show(const struct wl_case *c, const uint8_t *bytes, size_t len)
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

/* Seconds since the epoch, of a wall clock or of one that counts from the start of the machine, in any unit. */
static bool is_likely(double value)
{
	return value > 1e-3 && value < 1e13;
}

/* ... and of a swapped double this century's alone: other numbers give such bytes, too. */
static bool is_this_century(double value)
{
	return value > 9e8 && value < 5e9;
}

enum wl_verdict echo_stamp_type(const struct wl_case *c, struct wl_finding *finding)
{
	struct exchange exchange;
	enum wl_verdict verdict = find_exchange(c, finding, c->check->value, &exchange);
	const char *expected = _("8 bytes before the data: the seconds since the epoch as a C double");

	if (verdict != WL_PASS)
		return verdict;
	if (exchange.before != STAMP || exchange.answer_len < STAMP)
		return wl_failed(c, finding, first_frame(&exchange), expected,
			wl_format(c->arena, _("%zu bytes stand before the data: %s"),
				exchange.echoed ? exchange.before : exchange.answer_len,
				hex(c, exchange.answer,
					exchange.echoed ? exchange.before : exchange.answer_len)));
	if (is_likely(read_double(exchange.answer, false)) || is_this_century(read_double(exchange.answer, true)))
		return wl_passed();
	return wl_failed(c, finding, first_frame(&exchange), expected,
		wl_format(c->arena, _("The first 8 bytes are %s; as a double they are %g."),
			hex(c, exchange.answer, STAMP), read_double(exchange.answer, false)));
}

/* The stamp of the exchange of VALUE, or the verdict that there is none. */
static enum wl_verdict find_stamp(const struct wl_case *c, struct wl_finding *finding, const char *value,
	struct exchange *exchange, double *stamp)
{
	enum wl_verdict verdict = find_exchange(c, finding, value, exchange);

	if (verdict != WL_PASS)
		return verdict;
	if (exchange->answer_len < STAMP)
		return wl_failed(c, finding, first_frame(exchange), _("8 bytes and the data"),
			wl_format(c->arena, _("Only %zu bytes came back."), exchange->answer_len));
	*stamp = read_double(exchange->answer, false);
	return WL_PASS;
}

enum wl_verdict echo_stamp_order(const struct wl_case *c, struct wl_finding *finding)
{
	struct exchange exchange;
	double stamp;
	enum wl_verdict verdict = find_stamp(c, finding, c->check->value, &exchange, &stamp);

	if (verdict != WL_PASS || is_likely(stamp))
		return verdict;
	return wl_failed(c, finding, first_frame(&exchange),
		_("a double in the byte order of the machine, as C has it in memory"),
		wl_format(c->arena, _("The bytes are %s: %f with the order turned round."),
			hex(c, exchange.answer, STAMP), read_double(exchange.answer, true)));
}

/* When the stamp's last byte was seen, and when the question was, in seconds. */
static double answered_at(const struct exchange *exchange)
{
	return (double)wl_piece_at(&exchange->stream->server, STAMP - 1)->at_ns / 1e9;
}

static double asked_at(const struct exchange *exchange)
{
	return (double)exchange->stream->client.pieces[0].at_ns / 1e9;
}

enum wl_verdict echo_stamp_clock(const struct wl_case *c, struct wl_finding *finding)
{
	struct exchange exchange;
	double stamp;
	enum wl_verdict verdict = find_stamp(c, finding, c->check->value, &exchange, &stamp);

	if (verdict != WL_PASS || fabs(stamp - answered_at(&exchange)) < CLOCK_S)
		return verdict;
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
	struct exchange exchange;
	double stamp = 0;

	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
		enum wl_verdict verdict = find_stamp(c, finding, questions[i], &exchange, &stamp);

		if (verdict != WL_PASS || !is_whole(stamp))
			return verdict;
	}
	return wl_failed(c, finding, first_frame(&exchange), _("seconds with their fraction"),
		wl_format(c->arena, _("The stamps of three answers are whole numbers, the last one %.1f."), stamp));
}

enum wl_verdict echo_stamp_moment(const struct wl_case *c, struct wl_finding *finding)
{
	struct exchange exchange;
	double stamp;
	enum wl_verdict verdict = find_stamp(c, finding, c->check->value, &exchange, &stamp);

	if (verdict != WL_PASS)
		return verdict;
	if (stamp >= asked_at(&exchange) - SLACK_S && stamp <= answered_at(&exchange) + SLACK_S)
		return wl_passed();
	return wl_failed(c, finding, first_frame(&exchange), _("the time at which the data were there"),
		stamp < asked_at(&exchange)
			? wl_format(c->arena, _("The stamp is %.3f s before the arrival of the data."),
				  asked_at(&exchange) - stamp)
			: wl_format(c->arena, _("The stamp is %.3f s behind the answer."),
				  stamp - answered_at(&exchange)));
}

enum wl_verdict echo_same(const struct wl_case *c, struct wl_finding *finding)
{
	struct exchange exchange;
	enum wl_verdict verdict = find_exchange(c, finding, c->check->value, &exchange);
	size_t stamp;

	if (verdict != WL_PASS || (exchange.echoed && exchange.before == STAMP))
		return verdict;
	stamp = exchange.answer_len < STAMP ? exchange.answer_len : STAMP;
	return wl_failed(c, finding, first_frame(&exchange),
		wl_format(c->arena, _("behind the 8 bytes of the stamp: %s"),
			show(c, exchange.question, exchange.question_len)),
		wl_format(c->arena, "%s%s",
			show(c, exchange.answer + stamp, exchange.answer_len - stamp),
			wl_how_it_went(c, c->check->actor)));
}

enum wl_verdict echo_nothing_else(const struct wl_case *c, struct wl_finding *finding)
{
	struct exchange exchange;
	enum wl_verdict verdict = find_exchange(c, finding, c->check->value, &exchange);
	size_t end;

	if (verdict != WL_PASS)
		return verdict;
	end = exchange.before + exchange.question_len;
	if (!exchange.echoed || exchange.answer_len <= end)
		return wl_passed();
	return wl_failed(c, finding, wl_piece_at(&exchange.stream->server, end)->frame,
		_("the stamp, the data and nothing else"),
		wl_format(c->arena, _("Behind the data came %s."),
			show(c, exchange.answer + end, exchange.answer_len - end)));
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
	if (served >= ECHO_CLIENTS)
		return wl_passed();
	return wl_failed(c, finding, unserved ? unserved->client.syn_frame : 0,
		wl_format(c->arena, _("%d clients, one after the other, are answered"), ECHO_CLIENTS),
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
		return wl_failed(c, finding, answer->frame, _("an answer while the others are silent"),
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
	if (verdict != WL_PASS || silent >= ECHO_SILENT)
		return verdict;
	return wl_unclear(c, finding, _("our own silent clients were not all connected"));
}

/* What the actor printed and the question, or the verdict. */
struct printed {
	const struct wl_stream *asked;
	const char *text;
	size_t len;
};

static enum wl_verdict find_printed(const struct wl_case *c, struct wl_finding *finding, struct printed *printed)
{
	enum wl_verdict verdict = wl_case_answer(c, finding, c->check->value, &printed->asked);

	printed->text = wl_case_printed(c, &printed->len);
	return verdict;
}

static enum wl_verdict not_printed(const struct wl_case *c, struct wl_finding *finding, const struct printed *printed,
	const char *label, const char *expected)
{
	finding->line = wl_line_with(printed->text, printed->len, label, c->arena);
	return wl_failed(c, finding, printed->asked->server.pieces[0].frame, expected,
		wl_format(c->arena, "%s%s", finding->line ? finding->line : _("It printed nothing."),
			wl_how_it_went(c, c->check->actor)));
}

/* Behind blanks, line ends, quotes, commas and brackets. */
static size_t skip_marks(const struct printed *printed, size_t at)
{
	while (at < printed->len && printed->text[at] &&
		(isspace((unsigned char)printed->text[at]) || strchr("'\"`()[]{}<>,;", printed->text[at])))
		at++;
	return at;
}

/* The end of WORD when it stands at AT and no digit follows it, or 0. */
static size_t word_at(const struct printed *printed, size_t at, const char *word)
{
	size_t len = strlen(word);

	if (printed->len - at < len || memcmp(printed->text + at, word, len) != 0)
		return 0;
	at += len;
	return at < printed->len && isdigit((unsigned char)printed->text[at]) ? 0 : at;
}

/* Behind "Client IP:" stand ADDRESS, "Port:" and PORT. A dual-stack socket shows the address behind "::ffff:". */
static bool client_at(const struct printed *printed, size_t at, const char *address, const char *port)
{
	at = skip_marks(printed, at);
	if (printed->len - at > 7 && memcmp(printed->text + at, "::ffff:", 7) == 0)
		at += 7;
	at = word_at(printed, at, address);
	if (!at)
		return false;
	at = skip_marks(printed, at);
	at = word_at(printed, at, "Port:");
	return at && word_at(printed, skip_marks(printed, at), port);
}

enum wl_verdict echo_prints_client(const struct wl_case *c, struct wl_finding *finding)
{
	struct printed printed;
	enum wl_verdict verdict = find_printed(c, finding, &printed);
	const char *port;
	ptrdiff_t at = 0;

	if (verdict != WL_PASS)
		return verdict;
	port = wl_format(c->arena, "%u", printed.asked->client.port);
	while ((at = wl_find_label(printed.text, printed.len, (size_t)at, "Client IP:")) >= 0)
		if (client_at(&printed, (size_t)at, printed.asked->client.address, port))
			return wl_passed();
	return not_printed(c, finding, &printed, "Client IP:",
		wl_format(c->arena, "Client IP: %s, Port: %s", printed.asked->client.address, port));
}

enum wl_verdict echo_prints_data(const struct wl_case *c, struct wl_finding *finding)
{
	struct printed printed;
	enum wl_verdict verdict = find_printed(c, finding, &printed);
	const struct wl_stream_side *client;

	if (verdict != WL_PASS)
		return verdict;
	client = &printed.asked->client;
	if (wl_find_value(printed.text, printed.len, 0, client->data, client->len) >= 0)
		return wl_passed();
	return not_printed(c, finding, &printed, NULL, wl_show_bytes(client->data, client->len, 80, c->arena));
}

/* The number that ends before AT, blanks, quotes, marks and a b prefix between them; 0 when there is none. */
static double number_before(const struct wl_case *c, const struct printed *printed, size_t at)
{
	size_t end = at, start;

	while (end > 0 && !isalnum((unsigned char)printed->text[end - 1]) && !(printed->text[end - 1] & 0x80))
		end--;
	if (end > 0 && end < at && (printed->text[end - 1] == 'b' || printed->text[end - 1] == 'u') &&
		strchr("'\"`", printed->text[end]))
		end--;
	while (end > 0 && !isalnum((unsigned char)printed->text[end - 1]) && !(printed->text[end - 1] & 0x80))
		end--;
	start = end;
	while (start > 0 && (isdigit((unsigned char)printed->text[start - 1]) ||
				    (printed->text[start - 1] && strchr(".+-eE", printed->text[start - 1]))))
		start--;
	return strtod(wl_memdup(c->arena, printed->text + start, end - start), NULL);
}

enum wl_verdict echo_prints_stamp(const struct wl_case *c, struct wl_finding *finding)
{
	struct exchange exchange;
	struct printed printed;
	double stamp;
	enum wl_verdict verdict = find_stamp(c, finding, c->check->value, &exchange, &stamp);
	ptrdiff_t at = -1;

	if (verdict == WL_PASS)
		verdict = find_printed(c, finding, &printed);
	if (verdict != WL_PASS)
		return verdict;
	while ((at = wl_find_value(printed.text, printed.len, (size_t)(at + 1), exchange.question,
			exchange.question_len)) >= 0)
		if (fabs(number_before(c, &printed, (size_t)at) - stamp) <= 1.0)
			return wl_passed();
	return not_printed(c, finding, &printed, wl_format(c->arena, "%.40s", (const char *)exchange.question),
		wl_format(c->arena, "%.3f %s", stamp, wl_show_bytes(exchange.question, exchange.question_len, 80, c->arena)));
}

/* A program that prints a buffer to its end, wherever the data in it ended, shows the rest of an earlier, longer question. */
enum wl_verdict echo_prints_no_rest(const struct wl_case *c, struct wl_finding *finding)
{
	struct printed printed;
	enum wl_verdict verdict = find_printed(c, finding, &printed);
	size_t len, earlier_len;
	const uint8_t *value = wl_case_bytes(c, c->check->value, &len);
	const uint8_t *earlier = wl_case_bytes(c, "$message", &earlier_len);
	ptrdiff_t at = -1;

	if (verdict != WL_PASS || !earlier || earlier_len < len + REST)
		return verdict;
	while ((at = wl_find_value(printed.text, printed.len, (size_t)(at + 1), value, len)) >= 0)
		if (printed.len - (size_t)at >= len + REST &&
			memcmp(printed.text + at + len, earlier + len, REST) == 0)
			return not_printed(c, finding, &printed, wl_format(c->arena, "%.40s", (const char *)value),
				wl_show_bytes(value, len, 80, c->arena));
	return wl_passed();
}

/* What the client printed about the answer that it got, or the verdict that it cannot be judged. */
static enum wl_verdict find_answered(const struct wl_case *c, struct wl_finding *finding, struct printed *printed)
{
	enum wl_verdict verdict = wl_connects_tcp(c, finding);
	uint32_t gone;

	if (verdict != WL_PASS)
		return verdict;
	printed->asked = wl_case_talk(c);
	printed->text = wl_case_printed(c, &printed->len);
	if (printed->asked->server.len >= STAMP)
		return WL_PASS;
	gone = printed->asked->client.rst_frame ? printed->asked->client.rst_frame : printed->asked->client.fin_frame;
	if (!gone)
		return wl_unclear(c, finding, _("our own server did not answer"));
	return wl_failed(c, finding, gone, _("the client waits for the answer"),
		wl_format(c->arena, _("It ended the connection before the answer came.%s"),
			wl_how_it_went(c, c->check->actor)));
}

static bool says(const struct printed *printed, const char *label)
{
	return wl_find_label(printed->text, printed->len, 0, label) >= 0;
}

static enum wl_verdict judge_word(const struct wl_case *c, struct wl_finding *finding, const char *word,
	const char *other)
{
	struct printed printed;
	enum wl_verdict verdict = find_answered(c, finding, &printed);
	const struct wl_stream_side *server;

	if (verdict != WL_PASS || (says(&printed, word) && !says(&printed, other)))
		return verdict;
	server = &printed.asked->server;
	return not_printed(c, finding, &printed, says(&printed, other) ? other : NULL,
		wl_format(c->arena, _("%s (behind the stamp, %s came back)"), word,
			show(c, server->data + STAMP, server->len - STAMP)));
}

enum wl_verdict echo_says_ok(const struct wl_case *c, struct wl_finding *finding)
{
	return judge_word(c, finding, "ECHO OK", "ECHO FAIL");
}

enum wl_verdict echo_says_fail(const struct wl_case *c, struct wl_finding *finding)
{
	return judge_word(c, finding, "ECHO FAIL", "ECHO OK");
}

/* "Sat Nov  7 09:05:00 2026": 24 characters, English in every locale. */
static bool format_time(double stamp, char text[64])
{
	time_t seconds;
	struct tm parts;

	if (!(stamp > 0 && stamp < 1e11))
		return false;
	seconds = (time_t)stamp;
	if (!gmtime_r(&seconds, &parts) || !asctime_r(&parts, text))
		return false;
	text[strcspn(text, "\n")] = '\0';
	return true;
}

/* TIME, a colon and ECHO OK stand somewhere, blanks and line ends between them. */
static bool says_time(const struct printed *printed, const char *time)
{
	ptrdiff_t at = 0;

	while ((at = wl_find_label(printed->text, printed->len, (size_t)at, time)) >= 0) {
		size_t colon = skip_marks(printed, (size_t)at);

		if (colon < printed->len && printed->text[colon] == ':' &&
			word_at(printed, skip_marks(printed, colon + 1), "ECHO OK"))
			return true;
	}
	return false;
}

/* Offsets of time zones from -12:00 to +14:00 lie on quarters of an hour. */
enum wl_verdict echo_says_time(const struct wl_case *c, struct wl_finding *finding)
{
	struct printed printed;
	enum wl_verdict verdict = find_answered(c, finding, &printed);
	char text[64] = "";
	double stamp;

	if (verdict != WL_PASS)
		return verdict;
	stamp = read_double(printed.asked->server.data, false);
	for (int quarter = -12 * 4; quarter <= 14 * 4; quarter++)
		if (format_time(stamp + quarter * 900, text) && says_time(&printed, text))
			return wl_passed();
	if (!format_time(stamp, text))
		return wl_unclear(c, finding, _("our own server did not answer"));
	return not_printed(c, finding, &printed, "ECHO OK", wl_format(c->arena, "%s: ECHO OK", text));
}
