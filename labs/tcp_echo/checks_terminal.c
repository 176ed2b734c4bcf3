/*
 * What the server of tcp_echo prints: two lines for each client. Read tolerantly: blanks,
 * quotes, brackets and line ends are free; labels and numbers are not.
 */
#include "labs/tcp_echo/checks_exchange.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LINES_TRIED 64
#define REST 3 /* bytes of an earlier question that are no chance */

/* What the actor printed and the question, or the verdict. */
static enum wl_verdict find_printed(const struct wl_case *c, struct wl_finding *finding, struct echo_printed *printed)
{
	enum wl_verdict verdict = wl_case_answer(c, finding, c->check->value, &printed->asked);

	printed->text = wl_case_printed(c, &printed->len);
	return verdict;
}

enum wl_verdict echo_not_printed(const struct wl_case *c, struct wl_finding *finding, const struct echo_printed *printed,
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

size_t echo_skip_marks(const struct echo_printed *printed, size_t at)
{
	while (at < printed->len && printed->text[at] &&
		(isspace((unsigned char)printed->text[at]) || strchr("'\"`()[]{}<>,;", printed->text[at])))
		at++;
	return at;
}

size_t echo_word_at(const struct echo_printed *printed, size_t at, const char *word)
{
	size_t len = strlen(word);

	if (printed->len - at < len || memcmp(printed->text + at, word, len) != 0)
		return 0;
	at += len;
	return at < printed->len && isdigit((unsigned char)printed->text[at]) ? 0 : at;
}

/* Behind "Client IP:" stand ADDRESS, "Port:" and PORT. A dual-stack socket shows the address behind "::ffff:". */
static bool client_at(const struct echo_printed *printed, size_t at, const char *address, const char *port)
{
	at = echo_skip_marks(printed, at);
	if (printed->len - at > 7 && memcmp(printed->text + at, "::ffff:", 7) == 0)
		at += 7;
	at = echo_word_at(printed, at, address);
	if (!at)
		return false;
	at = echo_skip_marks(printed, at);
	at = echo_word_at(printed, at, "Port:");
	return at && echo_word_at(printed, echo_skip_marks(printed, at), port);
}

enum wl_verdict echo_prints_client(const struct wl_case *c, struct wl_finding *finding)
{
	struct echo_printed printed;
	enum wl_verdict verdict = find_printed(c, finding, &printed);
	const char *port, *label = "Client IP:";
	ptrdiff_t at = 0;

	if (verdict != WL_PASS)
		return verdict;
	port = wl_format(c->arena, "%u", printed.asked->client.port);
	while ((at = wl_find_label(printed.text, printed.len, (size_t)at, "Client IP:")) >= 0)
		if (client_at(&printed, (size_t)at, printed.asked->client.address, port))
			return wl_passed();
	wl_explain_address(c, finding, wl_line_with(printed.text, printed.len, "Client IP:", c->arena), printed.asked->client.address,
		printed.asked->client.port);
	if (wl_find_label(printed.text, printed.len, 0, "Client IP:") < 0)
		label = printed.asked->client.address; /* behind another label */
	return echo_not_printed(c, finding, &printed, label,
		wl_format(c->arena, "Client IP: %s, Port: %s", printed.asked->client.address, port));
}

/* Data stand on a line of their own or behind the stamp: each line is tried. */
static void explain_lines(const struct wl_case *c, struct wl_finding *finding, const struct echo_printed *printed, const uint8_t *data, size_t len)
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
	struct echo_printed printed;
	enum wl_verdict verdict = find_printed(c, finding, &printed);
	const struct wl_stream_side *client;

	if (verdict != WL_PASS)
		return verdict;
	client = &printed.asked->client;
	if (wl_find_value(printed.text, printed.len, 0, client->data, client->len) >= 0)
		return wl_passed();
	explain_lines(c, finding, &printed, client->data, client->len);
	return echo_not_printed(c, finding, &printed, NULL, wl_show_bytes(client->data, client->len, 80, c->arena));
}

/* The number that ends before AT, blanks, quotes, marks and a b prefix between them; 0 when there is none. */
static double number_before(const struct wl_case *c, const struct echo_printed *printed, size_t at)
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
	struct echo_printed printed;
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
	return echo_not_printed(c, finding, &printed, wl_format(c->arena, "%.40s", (const char *)exchange.question),
		wl_format(c->arena, "%.3f %s", stamp, wl_show_bytes(exchange.question, exchange.question_len, 80, c->arena)));
}

/* A program that prints a buffer to its end, wherever the data in it ended, shows the rest of an earlier, longer question. */
enum wl_verdict echo_prints_no_rest(const struct wl_case *c, struct wl_finding *finding)
{
	struct echo_printed printed;
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
			return echo_not_printed(c, finding, &printed, wl_format(c->arena, "%.40s", (const char *)value),
				wl_show_bytes(value, len, 80, c->arena));
		}
	return wl_passed();
}
