/*
 * A server is judged by what it prints of a format and data that were drawn: the text wherever it stands, behind it the next number is
 * the whole one, behind that the next is the real, which must be the drawn one rounded to 3 significant digits when read
 * as a number (2 and 2.0 are the same). A program that prints raw bytes first and the line of the task later is found too: every place
 * where the text stands is tried.
 *
 * A client is judged by its bytes: the format is the first of them, what it means on this machine (size, order, padding) is asked of
 * harness/base/structfmt.h. Which bytes came in which segment, and when, says the capture at the client's own host.
 */
#include "labs/tcp_struct/checks.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/structfmt.h"

#define APART_NS 50000000u
#define SOON_NS 1000000000u

static const char *with_end(const struct wl_case *c, const char *actual)
{
	return wl_format(c->arena, "%s%s", actual, wl_how_it_went(c, c->check->actor));
}

static const char *show(const struct wl_case *c, const uint8_t *bytes, size_t len)
{
	const char *shown = wl_show_bytes(bytes, len, 60, c->arena);

	return len > 60 ? shown : wl_format(c->arena, _("%s (%zu bytes)"), shown, len);
}

/* The connection of the one client, or the verdict that the server did not take it. */
static enum wl_verdict connection(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream **stream)
{
	const char *expected = wl_format(c->arena, _("a connection to port %u is accepted"), c->check->port);

	if (wl_case_performer(c, c->check->actor, 0) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	*stream = wl_case_connection(c, 0);
	if (!*stream)
		return wl_unclear(c, finding, _("our own program did not call the port"));
	if ((*stream)->server.syn_frame)
		return wl_passed();
	if ((*stream)->server.rst_frame)
		return wl_failed(c, finding, (*stream)->server.rst_frame, expected,
			with_end(c, _("It was refused: nobody listened on the port.")));
	return wl_failed(c, finding, (*stream)->client.syn_frame, expected,
		with_end(c, _("It was called and did not answer: its queue of waiting clients was full.")));
}

enum wl_verdict struct_accepts(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream *stream;

	return connection(c, finding, &stream);
}

/* As connection(), and format and data came through it. */
static enum wl_verdict told(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream **stream)
{
	enum wl_verdict verdict = connection(c, finding, stream);
	const struct wl_stream_side *server;
	size_t format, packed;

	if (verdict != WL_PASS)
		return verdict;
	wl_case_bytes(c, "$format", &format);
	wl_case_bytes(c, "$packed", &packed);
	if ((*stream)->client.len >= format + packed)
		return wl_passed();
	server = &(*stream)->server;
	if (!server->fin_frame && !server->rst_frame)
		return wl_unclear(c, finding, _("our own data did not reach the host"));
	return wl_failed(c, finding, server->rst_frame ? server->rst_frame : server->fin_frame,
		_("the server keeps the connection until the data have come"),
		with_end(c, _("It ended the connection before.")));
}

/* A line that was printed, and how it went if that says more. */
static const char *line_and_end(const struct wl_case *c, const char *line)
{
	const char *end = wl_how_it_went(c, c->check->actor);
	int performer = wl_case_performer(c, c->check->actor, 0);
	const struct wl_event *ended = wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_ENDED, 0);

	if (ended && ended->number == 0)
		return line;
	return strstr(end, line) ? end + 1 : wl_format(c->arena, "%s%s", line, end);
}

static enum wl_verdict prints_other(const struct wl_case *c, struct wl_finding *finding, const char *expected,
	const char *near)
{
	size_t len;
	const char *text = wl_case_printed(c, &len), *line = wl_line_with(text, len, near, c->arena);

	finding->line = line;
	return wl_failed(c, finding, 0, expected,
		line ? line_and_end(c, line) : with_end(c, _("It printed nothing.")));
}

enum wl_verdict struct_prints_client(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream *stream;
	enum wl_verdict verdict = told(c, finding, &stream);
	const char *text;
	size_t len;

	if (verdict != WL_PASS)
		return verdict;
	text = wl_case_printed(c, &len);
	if (wl_find_address(text, len, 0, stream->client.address, stream->client.port) >= 0)
		return wl_passed();
	return prints_other(c, finding,
		wl_format(c->arena, "('%s', %u)", stream->client.address, stream->client.port), NULL);
}

/* How far what was printed agrees with what was sent. */
enum level { NOTHING, TEXT, INTEGER, REAL };

static const char *value_text(const struct wl_case *c, const char *name)
{
	size_t len;
	const uint8_t *bytes = wl_case_bytes(c, name, &len);

	return bytes ? (const char *)bytes : "";
}

static double real_of(const struct wl_case *c)
{
	return strtod(value_text(c, "$real"), NULL);
}

/* A value ends here, and nothing sticks to it. */
static bool field_ends(const char *text, size_t len, size_t at)
{
	return at >= len || isspace((unsigned char)text[at]) || (text[at] && strchr(",;:|)]}<>'\"`", text[at])) ||
	       (text[at] == '.' && (at + 1 >= len || isspace((unsigned char)text[at + 1])));
}

/*
 * The digit at AT only counts or names what follows it: "2: ", "2) ", "[2] ", "#2 ", "data[1][2] = ", "(2, ", or a line's own
 * "2 ". It is passed over only when it is not the value itself.
 */
static bool is_ordinal(const char *text, size_t len, size_t at)
{
	size_t end = at + 1;

	if (at >= len || !isdigit((unsigned char)text[at]))
		return false;
	if (at > 0 && text[at - 1] == '#')
		return end >= len || !isdigit((unsigned char)text[end]);
	if (at > 0 && text[at - 1] && strchr("\n(", text[at - 1]) && end < len && text[end] && strchr(" ,\t", text[end]))
		return true;
	while (end < len && text[end] == ' ')
		end++;
	if (end < len && text[end] == '.')
		return end + 1 < len && isspace((unsigned char)text[end + 1]);
	return end < len && text[end] && strchr("])=:-", text[end]);
}

/* Where the whole number ends that is the first from AT on, 0: it is another one. */
static size_t integer_behind(const struct wl_case *c, const char *text, size_t len, size_t at)
{
	size_t end;

	at = wl_find_number(text, len, at);
	while (!(end = wl_integer_at(text, len, at, value_text(c, "$integer"))) && is_ordinal(text, len, at))
		at = wl_find_number(text, len, at + 1);
	return end;
}

static size_t real_behind(const struct wl_case *c, const char *text, size_t len, size_t at)
{
	size_t end;

	at = wl_find_number(text, len, at);
	while (!(end = wl_real_at(text, len, at, wl_rounded(real_of(c)))) && is_ordinal(text, len, at))
		at = wl_find_number(text, len, at + 1);
	return end;
}

/* Read on behind a place where the text stood. */
static enum level read_behind(const struct wl_case *c, const char *text, size_t len, size_t at)
{
	size_t end;

	if (!field_ends(text, len, at))
		return NOTHING;
	end = integer_behind(c, text, len, at);
	if (!end)
		return TEXT;
	return real_behind(c, text, len, end) ? REAL : INTEGER;
}

static enum level read_printed(const struct wl_case *c)
{
	size_t len, value_len;
	const char *text = wl_case_printed(c, &len);
	const uint8_t *value = wl_case_bytes(c, "$text", &value_len);
	enum level best = NOTHING;

	if (!value || !value_len)
		return NOTHING;
	for (ptrdiff_t at = wl_find_bytes(text, len, 0, value, value_len); at >= 0;
		at = wl_find_bytes(text, len, (size_t)at, value, value_len)) {
		enum level level = read_behind(c, text, len, (size_t)at);

		if (level > best)
			best = level;
	}
	return best;
}

/* What the line of the task says behind the client, up to what is in question. */
static const char *line_up_to(const struct wl_case *c, enum level level)
{
	size_t len;
	const uint8_t *value = wl_case_bytes(c, "$text", &len);
	const char *text = wl_show_bytes(value, len, 80, c->arena);

	if (level == TEXT)
		return text;
	if (level == INTEGER)
		return wl_format(c->arena, "%s, %s", text, value_text(c, "$integer"));
	return wl_format(c->arena, _("%s, %s, %.3g (%s to 3 significant digits)"), text, value_text(c, "$integer"),
		wl_rounded(real_of(c)), value_text(c, "$real"));
}

static enum wl_verdict prints(const struct wl_case *c, struct wl_finding *finding, enum level level)
{
	const struct wl_stream *stream;
	enum wl_verdict verdict = told(c, finding, &stream);

	if (verdict != WL_PASS || read_printed(c) >= level)
		return verdict;
	return prints_other(c, finding,
		wl_format(c->arena, _("%s; the format was \"%s\""), line_up_to(c, level), value_text(c, "$format")),
		level == TEXT ? stream->client.address : value_text(c, "$text"));
}

enum wl_verdict struct_prints_text(const struct wl_case *c, struct wl_finding *finding)
{
	return prints(c, finding, TEXT);
}

enum wl_verdict struct_prints_integer(const struct wl_case *c, struct wl_finding *finding)
{
	return prints(c, finding, INTEGER);
}

enum wl_verdict struct_prints_real(const struct wl_case *c, struct wl_finding *finding)
{
	return prints(c, finding, REAL);
}

/* The client's call, or the verdict that it made none. */
static enum wl_verdict call(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream_side **client)
{
	enum wl_verdict verdict = wl_connects_tcp(c, finding);

	if (verdict == WL_PASS)
		*client = &wl_case_talk(c)->client;
	return verdict;
}

/* How many of its first bytes the client sent before it paused for the first time. */
static size_t first_burst(const struct wl_stream_side *client)
{
	for (size_t i = 1; i < client->piece_count; i++)
		if (client->pieces[i].at_ns >= client->pieces[i - 1].at_ns + APART_NS)
			return client->pieces[i].offset;
	return client->len;
}

static enum wl_verdict format_first(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream_side **client, size_t *len)
{
	enum wl_verdict verdict = call(c, finding, client);
	const uint8_t *format = wl_case_bytes(c, c->check->value, len);
	size_t burst;

	if (verdict != WL_PASS)
		return verdict;
	burst = first_burst(*client);
	if (burst >= *len && memcmp((*client)->data, format, *len) == 0 &&
		(burst == *len || burst == (*client)->len))
		return wl_passed();
	return wl_failed(c, finding, (*client)->piece_count ? (*client)->pieces[0].frame : 0, show(c, format, *len),
		with_end(c, burst ? show(c, (*client)->data, burst) : _("It sent nothing.")));
}

enum wl_verdict struct_sends_format(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream_side *client;
	size_t len;

	return format_first(c, finding, &client, &len);
}

/* The first piece that has data behind the format, which is LEN bytes long, or NULL. */
static const struct wl_piece *data_piece(const struct wl_stream_side *client, size_t len)
{
	return len < client->len ? wl_piece_at(client, len) : NULL;
}

static int plan_of(const struct wl_case *c, struct wl_struct *plan)
{
	size_t len;
	const uint8_t *format = wl_case_bytes(c, c->check->value, &len);

	return wl_struct_compile(plan, (const char *)format, len, c->arena, NULL);
}

/* The data behind the format, of the size that it means; or the verdict that they are not. */
static enum wl_verdict packed(const struct wl_case *c, struct wl_finding *finding, const uint8_t **data,
	const struct wl_piece **piece, struct wl_struct *plan)
{
	const struct wl_stream_side *client;
	size_t len;
	enum wl_verdict verdict = format_first(c, finding, &client, &len);

	if (verdict != WL_PASS)
		return verdict;
	if (plan_of(c, plan) < 0)
		return wl_unclear(c, finding, c->check->value);
	*data = client->data + len;
	*piece = data_piece(client, len);
	if (client->len - len == plan->size)
		return wl_passed();
	return wl_failed(c, finding, *piece ? (*piece)->frame : 0,
		wl_format(c->arena, _("%zu bytes behind the format, in this machine's alignment"), plan->size),
		with_end(c, client->len > len ? show(c, *data, client->len - len) : _("It sent nothing behind it.")));
}

enum wl_verdict struct_sends_size(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_piece *piece;
	struct wl_struct plan;
	const uint8_t *data;

	return packed(c, finding, &data, &piece, &plan);
}

static enum wl_verdict one_segment(const struct wl_case *c, struct wl_finding *finding,
	const struct wl_stream_side *client, size_t len)
{
	if (client->pieces[0].len == len)
		return wl_passed();
	return wl_failed(c, finding, client->pieces[0].frame,
		wl_format(c->arena, _("a segment with the %zu bytes of the format and no others"), len),
		wl_format(c->arena, _("The first segment carries %s."), show(c, client->data, client->pieces[0].len)));
}

/* The time between the format and what follows it. */
static enum wl_verdict gap(const struct wl_case *c, struct wl_finding *finding, uint64_t *gap_ns,
	uint32_t *frame)
{
	const struct wl_stream_side *client;
	size_t len;
	enum wl_verdict verdict = format_first(c, finding, &client, &len);
	const struct wl_piece *piece;

	if (verdict == WL_PASS)
		verdict = one_segment(c, finding, client, len);
	if (verdict != WL_PASS)
		return verdict;
	piece = data_piece(client, len);
	if (!piece)
		return wl_failed(c, finding, client->pieces[0].frame, _("data behind the format"),
			_("It sent nothing behind it."));
	*gap_ns = piece->at_ns > client->pieces[0].at_ns ? piece->at_ns - client->pieces[0].at_ns : 0;
	*frame = piece->frame;
	return wl_passed();
}

enum wl_verdict struct_sends_apart(const struct wl_case *c, struct wl_finding *finding)
{
	uint32_t frame;
	uint64_t gap_ns;
	enum wl_verdict verdict = gap(c, finding, &gap_ns, &frame);

	if (verdict != WL_PASS || gap_ns >= APART_NS)
		return verdict;
	return wl_failed(c, finding, frame, _("at least 50 ms between the format and the data"),
		wl_format(c->arena, _("The data came %.1f ms behind the format."), (double)gap_ns / 1e6));
}

enum wl_verdict struct_sends_soon(const struct wl_case *c, struct wl_finding *finding)
{
	uint32_t frame;
	uint64_t gap_ns;
	enum wl_verdict verdict = gap(c, finding, &gap_ns, &frame);

	if (verdict != WL_PASS || gap_ns <= SOON_NS)
		return verdict;
	return wl_failed(c, finding, frame, _("at most 1 second between the format and the data"),
		wl_format(c->arena, _("The data came %.1f ms behind the format."), (double)gap_ns / 1e6));
}

/* The three values that the client packed: the kinds are those of the format. */
static enum wl_verdict unpacked(const struct wl_case *c, struct wl_finding *finding,
	struct wl_struct_value values[3], uint32_t *frame)
{
	const struct wl_piece *piece;
	struct wl_struct plan;
	const uint8_t *data;
	enum wl_verdict verdict = packed(c, finding, &data, &piece, &plan);

	if (verdict != WL_PASS)
		return verdict;
	if (plan.value_count != 3 || wl_struct_unpack(&plan, data, plan.size, values, NULL) < 0)
		return wl_unclear(c, finding, c->check->value);
	*frame = piece->frame;
	return wl_passed();
}

enum wl_verdict struct_sends_text(const struct wl_case *c, struct wl_finding *finding)
{
	struct wl_struct_value values[3];
	uint32_t frame;
	enum wl_verdict verdict = unpacked(c, finding, values, &frame);
	size_t len;
	const uint8_t *text = wl_case_bytes(c, "$text", &len);

	if (verdict != WL_PASS || (values[0].len == len && memcmp(values[0].bytes, text, len) == 0))
		return verdict;
	return wl_failed(c, finding, frame, show(c, text, len), show(c, values[0].bytes, values[0].len));
}

static uint32_t swapped(uint64_t number)
{
	return __builtin_bswap32((uint32_t)number);
}

enum wl_verdict struct_sends_integer(const struct wl_case *c, struct wl_finding *finding)
{
	struct wl_struct_value values[3];
	uint32_t frame;
	enum wl_verdict verdict = unpacked(c, finding, values, &frame);
	uint64_t number = strtoull(value_text(c, "$integer"), NULL, 10);

	if (verdict != WL_PASS || values[1].natural == number)
		return verdict;
	return wl_failed(c, finding, frame,
		wl_format(c->arena, _("%llu in bytes 13 to 16 of the data"), (unsigned long long)number),
		swapped(values[1].natural) == number
			? _("It is there with its bytes in the other order.")
			: wl_format(c->arena, _("These bytes mean %llu."), (unsigned long long)values[1].natural));
}

enum wl_verdict struct_sends_real(const struct wl_case *c, struct wl_finding *finding)
{
	struct wl_struct_value values[3];
	uint32_t frame;
	enum wl_verdict verdict = unpacked(c, finding, values, &frame);
	float real = (float)real_of(c);

	if (verdict != WL_PASS || values[2].real == real)
		return verdict;
	return wl_failed(c, finding, frame,
		wl_format(c->arena, _("%.7g as a float in bytes 17 to 20 of the data"), real),
		wl_format(c->arena, _("These bytes mean %.7g."), values[2].real));
}

/* When the harness gave up waiting for the client's end: what was closed behind that was closed by us. */
static uint64_t given_up_ns(const struct wl_case *c)
{
	int performer = wl_case_performer(c, c->check->actor, 0);
	const struct wl_event *event = wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_UNENDED, 0);

	return event ? event->at_ns : UINT64_MAX;
}

enum wl_verdict struct_closes(const struct wl_case *c, struct wl_finding *finding)
{
	const struct wl_stream_side *client;
	size_t len;
	enum wl_verdict verdict = format_first(c, finding, &client, &len);
	const char *expected = _("the connection is ended (FIN) behind the data, without waiting for an answer");

	if (verdict != WL_PASS)
		return verdict;
	if (client->rst_frame && (!client->fin_frame || client->rst_frame < client->fin_frame))
		return wl_failed(c, finding, client->rst_frame, expected, with_end(c, _("It reset the connection.")));
	if (client->fin_frame && client->fin_ns < given_up_ns(c))
		return wl_passed();
	return wl_failed(c, finding, client->pieces[client->piece_count - 1].frame, expected,
		with_end(c, _("It left the connection open.")));
}
