/*
 * Verbs on what a program prints and on how it ends. The order of events is the order in which the harness saw them, so "before"
 * needs no clock: a prompt that was printed before the line was typed stands before it in the log.
 */
#include "harness/whereabouts.h"

#include <string.h>
#include <sys/wait.h>

/* What it was doing says something about a missing prompt only until the line was typed. */
static bool was_looked_at_before(const struct wl_case *c, int performer, const struct wl_event *typed)
{
	struct look look = look_at(c, (uint32_t)performer, 0);

	return look.count && (!typed || look.rows[0]->at_ns <= typed->at_ns);
}

enum wl_verdict wl_prompts(const struct wl_case *c, struct wl_finding *finding)
{
	int performer = wl_case_performer(c, c->check->actor, 0);
	const struct wl_event *typed;
	size_t len, all_len, until = c->seen->event_count;
	const char *text, *all, *expected, *actual;

	if (performer < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	typed = wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_TYPED, 0);
	if (typed)
		until = (size_t)(typed - c->seen->events);
	text = wl_printed_between(c->seen, c->arena, (uint32_t)performer, 0, until, &len);
	text = wl_without_escapes(text, &len, c->arena);
	if (wl_find_label(text, len, 0, c->check->label) >= 0)
		return wl_passed();
	all = wl_case_printed(c, &all_len);
	finding->line = wl_line_with(all, all_len, c->check->label, c->arena);
	expected = wl_format(c->arena, _("\"%s\" on the terminal before the line is typed"), c->check->label);
	actual = wl_find_label(all, all_len, 0, c->check->label) >= 0
			? _("It was printed only after the line had been typed (is the output flushed?).")
			: wl_format(c->arena, _("%s was printed before the line was typed."),
				  len ? wl_show_bytes((const uint8_t *)text, len, 80, c->arena) : _("Nothing"));
	if (was_looked_at_before(c, performer, typed))
		return wl_missed(c, finding, 0, 0, expected, actual);
	return wl_failed(c, finding, 0, expected, actual);
}

enum wl_verdict wl_prints_value(const struct wl_case *c, struct wl_finding *finding)
{
	size_t len, value_len;
	const uint8_t *value = wl_case_bytes(c, c->check->value, &value_len);
	const char *text = wl_case_printed(c, &len), *line, *expected, *went;

	if (!value)
		return wl_unclear(c, finding, c->check->value);
	if (wl_case_performer(c, c->check->actor, 0) < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	if (wl_shows_value(text, len, c->check->label, value, value_len))
		return wl_passed();
	line = wl_line_with(text, len, c->check->label, c->arena);
	finding->line = line;
	wl_explain_text(c, finding, text, len, c->check->label, value, value_len);
	expected = wl_format(c->arena, "%s %s", c->check->label, wl_show_bytes(value, value_len, 80, c->arena));
	went = wl_how_it_went(c, c->check->actor);
	if (line)
		return wl_failed(c, finding, 0, expected, wl_format(c->arena, "%s%s", line, went));
	return wl_missed(c, finding, 0, 0, expected, wl_format(c->arena, "%s%s", _("It printed nothing."), went));
}

static bool threw(const struct wl_case *c)
{
	static const char words[] = "Traceback (most recent call last)";
	size_t len;
	const char *text = wl_case_printed(c, &len);

	return memmem(text, len, words, sizeof(words) - 1) != NULL;
}

/* Its end, by itself or at a limit; NULL when the play had to stop it. */
static const struct wl_event *end_of(const struct wl_case *c, int performer)
{
	const struct wl_event *ended = wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_ENDED, 0);

	return ended ? ended : wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_LIMIT, 0);
}

static enum wl_verdict did_not_end(const struct wl_case *c, struct wl_finding *finding, int performer)
{
	const struct wl_event *waiting =
		wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_UNENDED, 0);

	if (look_at(c, (uint32_t)performer, UINT64_MAX).count)
		waiting = NULL; /* more can be said */
	return wl_unended(c, finding, _("the program ends by itself"),
		waiting ? wl_format(c->arena, _("It went on running (it %s) and had to be stopped."),
				  _((const char *)waiting->bytes))
			: _("It went on running and had to be stopped."));
}

enum wl_verdict wl_ends_itself(const struct wl_case *c, struct wl_finding *finding)
{
	int performer = wl_case_performer(c, c->check->actor, 0);
	const struct wl_event *end;

	if (performer < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	end = end_of(c, performer);
	if (!end)
		return did_not_end(c, finding, performer);
	if (end->kind == WL_EVENT_LIMIT || WIFSIGNALED((int)end->number) || (end->number != 0 && threw(c)))
		return wl_failed(c, finding, 0, _("the program ends by itself, without an error"),
			wl_how_it_went(c, c->check->actor) + 1);
	return wl_passed();
}

enum wl_verdict wl_ends_by_key(const struct wl_case *c, struct wl_finding *finding)
{
	int performer = wl_case_performer(c, c->check->actor, 0);
	const struct wl_event *typed, *end;

	if (performer < 0)
		return wl_unclear(c, finding, _("the program was not started"));
	typed = wl_find_event(c->seen, (uint32_t)performer, WL_EVENT_TYPED, 0);
	end = end_of(c, performer);
	if (!typed)
		return wl_failed(c, finding, 0, _("it runs until the key is pressed"),
			wl_format(c->arena, "%s", end ? wl_how_it_went(c, c->check->actor) + 1
						      : _("It was not running.")));
	if (!end)
		return did_not_end(c, finding, performer);
	return wl_passed();
}
