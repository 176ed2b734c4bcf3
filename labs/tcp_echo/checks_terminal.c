/*
 * What the programs of tcp_echo print: the server's two lines for each client, the client's word on its echo. Read tolerantly: blanks,
 * quotes, brackets and line ends are free; labels and numbers are not.
 */
#include "labs/tcp_echo/checks_exchange.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINES_TRIED 64
#define REST 3 /* bytes of an earlier question that are no chance */

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
	const char *went;

	finding->line = wl_line_with(printed->text, printed->len, label, c->arena);
	went = wl_how_it_went(c, c->check->actor);
	if (finding->line)
		return wl_failed(c, finding, printed->asked->server.pieces[0].frame, expected,
			wl_format(c->arena, "%s%s", finding->line, went));
	return wl_missed(c, finding, 0, printed->asked->server.pieces[0].frame, expected,
		wl_format(c->arena, "%s%s", _("It printed nothing."), went));
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
	wl_explain_address(c, finding, wl_line_with(printed.text, printed.len, "Client IP:", c->arena), printed.asked->client.address,
		printed.asked->client.port);
	return not_printed(c, finding, &printed, "Client IP:",
		wl_format(c->arena, "Client IP: %s, Port: %s", printed.asked->client.address, port));
}

/* Data stand on a line of their own or behind the stamp: each line is tried. */
static void explain_lines(const struct wl_case *c, struct wl_finding *finding, const struct printed *printed, const uint8_t *data, size_t len)
{
	const char *end = printed->text + printed->len, *at = printed->text, *line;

	for (unsigned int i = 0; i < LINES_TRIED && at < end; i++) {
		line = at;
		at = memchr(line, '\n', (size_t)(end - line));
		at = at ? at + 1 : end;
		line += strspn(line, "0123456789.");
		if (wl_explain_printed(c, finding, printed->text, printed->len, (size_t)(line - printed->text), data, len))
			return;
	}
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
	explain_lines(c, finding, &printed, client->data, client->len);
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
	struct echo_exchange exchange;
	struct printed printed;
	double stamp;
	enum wl_verdict verdict = echo_find_stamp(c, finding, c->check->value, &exchange, &stamp);
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
			memcmp(printed.text + at + len, earlier + len, REST) == 0) {
			wl_explain_printed(c, finding, printed.text, printed.len, (size_t)at, value, len);
			return not_printed(c, finding, &printed, wl_format(c->arena, "%.40s", (const char *)value),
				wl_show_bytes(value, len, 80, c->arena));
		}
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
	if (printed->asked->server.len >= ECHO_STAMP)
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
			echo_show(c, server->data + ECHO_STAMP, server->len - ECHO_STAMP)));
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
	stamp = echo_read_double(printed.asked->server.data, false);
	for (int quarter = -12 * 4; quarter <= 14 * 4; quarter++)
		if (format_time(stamp + quarter * 900, text) && says_time(&printed, text))
			return wl_passed();
	if (!format_time(stamp, text))
		return wl_unclear(c, finding, _("our own server did not answer"));
	return not_printed(c, finding, &printed, "ECHO OK", wl_format(c->arena, "%s: ECHO OK", text));
}
