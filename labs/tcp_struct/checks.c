/*
 * A server is judged by what it prints of a format and data that were drawn: the text wherever it stands, behind it the next number is
 * the whole one, behind that the next is the real, which must be the drawn one rounded to 3 significant digits when read
 * as a number (2 and 2.0 are the same). A program that prints raw bytes first and the line of the task later is found too: every place
 * where the text stands is tried.
 */
#include "labs/tcp_struct/checks.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *struct_with_end(const struct wl_case *c, const char *actual)
{
	return wl_format(c->arena, "%s%s", actual, wl_how_it_went(c, c->check->actor));
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
		return wl_missed(c, finding, 0, (*stream)->server.rst_frame, expected,
			struct_with_end(c, _("It was refused: nobody listened on the port.")));
	return wl_missed(c, finding, 0, (*stream)->client.syn_frame, expected,
		struct_with_end(c, _("It was called and did not answer: its queue of waiting clients was full.")));
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
		struct_with_end(c, _("It ended the connection before.")));
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
	if (line)
		return wl_failed(c, finding, 0, expected, line_and_end(c, line));
	return wl_missed(c, finding, 0, 0, expected, struct_with_end(c, _("It printed nothing.")));
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
	wl_explain_address(c, finding, wl_line_with(text, len, NULL, c->arena), stream->client.address, stream->client.port);
	return prints_other(c, finding,
		wl_format(c->arena, "('%s', %u)", stream->client.address, stream->client.port), NULL);
}

/* How far what was printed agrees with what was sent. */
enum level { NOTHING, TEXT, INTEGER, REAL };

const char *struct_value_text(const struct wl_case *c, const char *name)
{
	size_t len;
	const uint8_t *bytes = wl_case_bytes(c, name, &len);

	return bytes ? (const char *)bytes : "";
}

double struct_real_of(const struct wl_case *c)
{
	return strtod(struct_value_text(c, "$real"), NULL);
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
	while (!(end = wl_integer_at(text, len, at, struct_value_text(c, "$integer"))) && is_ordinal(text, len, at))
		at = wl_find_number(text, len, at + 1);
	return end;
}

static size_t real_behind(const struct wl_case *c, const char *text, size_t len, size_t at)
{
	size_t end;

	at = wl_find_number(text, len, at);
	while (!(end = wl_real_at(text, len, at, wl_rounded(struct_real_of(c)))) && is_ordinal(text, len, at))
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
		return wl_format(c->arena, "%s, %s", text, struct_value_text(c, "$integer"));
	return wl_format(c->arena, _("%s, %s, %.3g (%s to 3 significant digits)"), text, struct_value_text(c, "$integer"),
		wl_rounded(struct_real_of(c)), struct_value_text(c, "$real"));
}

static enum wl_verdict prints(const struct wl_case *c, struct wl_finding *finding, enum level level)
{
	const struct wl_stream *stream;
	enum wl_verdict verdict = told(c, finding, &stream);

	if (verdict != WL_PASS || read_printed(c) >= level)
		return verdict;
	struct_explain_printed(c, finding, stream);
	return prints_other(c, finding,
		wl_format(c->arena, _("%s; the format was \"%s\""), line_up_to(c, level), struct_value_text(c, "$format")),
		level == TEXT ? stream->client.address : struct_value_text(c, "$text"));
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
