/*
 * What every verb is made of: its answers, the values and performers it asks for, and the sentence on how a program
 * came to its end, which stands behind every failure.
 */
#include "harness/checks.h"

#include <string.h>
#include <sys/wait.h>

enum wl_verdict wl_passed(void)
{
	return WL_PASS;
}

enum wl_verdict wl_failed(const struct wl_case *c, struct wl_finding *finding, uint32_t frame,
	const char *expected, const char *actual)
{
	finding->expected = wl_strdup(c->arena, expected);
	finding->actual = wl_strdup(c->arena, actual);
	finding->frame = frame;
	return WL_FAIL;
}

enum wl_verdict wl_unclear(const struct wl_case *c, struct wl_finding *finding, const char *why)
{
	finding->expected = "";
	finding->actual = wl_strdup(c->arena, why);
	finding->label = finding->explanation = NULL;
	return WL_BROKEN;
}

const uint8_t *wl_case_bytes(const struct wl_case *c, const char *text, size_t *len)
{
	const struct wl_value *value;

	if (*text != '$') {
		*len = strlen(text);
		return (const uint8_t *)text;
	}
	value = wl_observed_value(c->seen, text + 1);
	*len = value ? value->len : 0;
	return value ? value->bytes : NULL;
}

int wl_case_performer(const struct wl_case *c, const char *actor, unsigned int nth)
{
	for (size_t i = 0; i < c->seen->performer_count; i++)
		if (strcmp(c->seen->performers[i].actor, actor) == 0 && nth-- == 0)
			return (int)i;
	return -1;
}

const char *wl_case_printed(const struct wl_case *c, size_t *len)
{
	int performer = wl_case_performer(c, c->check->actor, 0);
	const char *text;

	*len = 0;
	if (performer < 0)
		return "";
	text = wl_printed_between(c->seen, c->arena, (uint32_t)performer, 0, c->seen->event_count, len);
	text = wl_without_escapes(text, len, c->arena);
	return wl_without_source(text, *len, c->arena);
}

static const struct wl_event *last_end(const struct wl_case *c, uint32_t performer)
{
	const struct wl_event *found = NULL;

	for (size_t i = 0; i < c->seen->event_count; i++) {
		const struct wl_event *event = &c->seen->events[i];

		if (event->performer == performer &&
			(event->kind == WL_EVENT_ENDED || event->kind == WL_EVENT_LIMIT))
			found = event;
	}
	return found;
}

/* Whether nothing but Enter was typed into it at some time before END: then it may have been meant to end. */
static bool enter_was_pressed(const struct wl_case *c, const struct wl_event *end)
{
	for (const struct wl_event *event = c->seen->events; event < end; event++)
		if (event->kind == WL_EVENT_TYPED && event->performer == end->performer && event->len == 1 &&
			*event->bytes == '\r')
			return true;
	return false;
}

static const char *how_it_ended(const struct wl_case *c, const struct wl_event *end)
{
	int status = (int)end->number;

	if (end->kind == WL_EVENT_LIMIT)
		return wl_format(c->arena, _("It was stopped because it used too much: %s."),
			_((const char *)end->bytes));
	if (WIFSIGNALED(status))
		return wl_format(c->arena, _("It was killed by signal %d (%s)."), WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	return wl_format(c->arena,
		enter_was_pressed(c, end) ? _("When Enter was pressed it ended with exit status %d.")
					  : _("It ended with exit status %d."),
		WEXITSTATUS(status));
}

const char *wl_how_nth_went(const struct wl_case *c, const char *actor, unsigned int nth)
{
	int performer = wl_case_performer(c, actor, nth);
	const struct wl_event *end = performer < 0 ? NULL : last_end(c, (uint32_t)performer);
	const char *text, *line;
	size_t len;

	if (!end)
		return "";
	text = wl_printed_between(c->seen, c->arena, (uint32_t)performer, 0, c->seen->event_count, &len);
	text = wl_without_escapes(text, &len, c->arena);
	line = wl_line_with(text, len, NULL, c->arena);
	if (!line)
		return wl_format(c->arena, " %s", how_it_ended(c, end));
	return wl_format(c->arena, _(" %s Its last line: %s"), how_it_ended(c, end), line);
}

const char *wl_how_it_went(const struct wl_case *c, const char *actor)
{
	return wl_how_nth_went(c, actor, 0);
}

const char *wl_with_last_line(const struct wl_case *c, unsigned int nth, const char *actual)
{
	int performer = wl_case_performer(c, c->check->actor, nth);
	const char *went = wl_how_nth_went(c, c->check->actor, nth), *line;
	size_t len = 0;

	if (*went || performer < 0)
		return wl_format(c->arena, "%s%s", actual, went);
	line = wl_printed_between(c->seen, c->arena, (uint32_t)performer, 0, c->seen->event_count, &len);
	line = wl_line_with(wl_without_escapes(line, &len, c->arena), len, NULL, c->arena);
	return line ? wl_format(c->arena, _("%s The last line on its terminal: %s"), actual, line) : actual;
}
