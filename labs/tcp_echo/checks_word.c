/*
 * The client's word on its echo: ECHO OK behind the time of the stamp, in whatever time zone, or ECHO FAIL.
 */
#include "labs/tcp_echo/checks_exchange.h"

#include <string.h>
#include <time.h>

#define OWN_S 3        /* the client's clock is read so soon before or behind its question */
#define LEAST_S 1e8    /* a swapped stamp before 1973 is as good as 0, which is no evidence */

/* What the client printed about the answer that it got, or the verdict that it cannot be judged. */
static enum wl_verdict find_answered(const struct wl_case *c, struct wl_finding *finding, struct echo_printed *printed)
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

static bool says(const struct echo_printed *printed, const char *label)
{
	return wl_find_label(printed->text, printed->len, 0, label) >= 0;
}

static enum wl_verdict judge_word(const struct wl_case *c, struct wl_finding *finding, const char *word,
	const char *other)
{
	struct echo_printed printed;
	enum wl_verdict verdict = find_answered(c, finding, &printed);
	const struct wl_stream_side *server;

	if (verdict != WL_PASS || (says(&printed, word) && !says(&printed, other)))
		return verdict;
	server = &printed.asked->server;
	return echo_not_printed(c, finding, &printed, says(&printed, other) ? other : NULL,
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
static bool says_time(const struct echo_printed *printed, const char *time)
{
	ptrdiff_t at = 0;

	while ((at = wl_find_label(printed->text, printed->len, (size_t)at, time)) >= 0) {
		size_t colon = echo_skip_marks(printed, (size_t)at);

		if (colon < printed->len && printed->text[colon] == ':' &&
			echo_word_at(printed, echo_skip_marks(printed, colon + 1), "ECHO OK"))
			return true;
	}
	return false;
}

/* Whether the time of STAMP is said, in any time zone: offsets from -12:00 to +14:00 lie on quarters of an hour. */
static bool says_stamp(const struct echo_printed *printed, double stamp)
{
	char text[64];

	for (int quarter = -12 * 4; quarter <= 14 * 4; quarter++)
		if (format_time(stamp + quarter * 900, text) && says_time(printed, text))
			return true;
	return false;
}

/* The stamp read in the other byte order, or a time of the client's own. */
static void explain_time(struct wl_finding *finding, const struct echo_printed *printed)
{
	double turned = echo_read_double(printed->asked->server.data, true);
	uint64_t asked_ns = printed->asked->client.piece_count ? printed->asked->client.pieces[0].at_ns : 0;

	if (turned > LEAST_S && says_stamp(printed, turned))
		wl_explain_as(finding, "byte-order", _("It is the time that the stamp means in the other byte order."));
	for (int more = -OWN_S; asked_ns && more <= OWN_S; more++)
		if (says_stamp(printed, (double)asked_ns / 1e9 + more))
			wl_explain_as(finding, "own-data", _("It is the time of the program's own clock, not that of the stamp."));
}

enum wl_verdict echo_says_time(const struct wl_case *c, struct wl_finding *finding)
{
	struct echo_printed printed;
	enum wl_verdict verdict = find_answered(c, finding, &printed);
	char text[64] = "";
	double stamp;

	if (verdict != WL_PASS)
		return verdict;
	stamp = echo_read_double(printed.asked->server.data, false);
	if (says_stamp(&printed, stamp))
		return wl_passed();
	if (!format_time(stamp, text))
		return wl_unclear(c, finding, _("our own server did not answer"));
	explain_time(finding, &printed);
	return echo_not_printed(c, finding, &printed, "ECHO OK", wl_format(c->arena, "%s: ECHO OK", text));
}
