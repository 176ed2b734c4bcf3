/*
 * Small questions to an observation, which checks and reports ask again and again. Linear searches:
 * a performance has a handful of values and performers, and some hundred events.
 */
#include "harness/observation.h"

#include <string.h>

const struct wl_value *wl_observed_value(const struct wl_observation *seen, const char *name)
{
	size_t i;

	for (i = 0; i < seen->value_count; i++)
		if (!strcmp(seen->values[i].name, name))
			return &seen->values[i];
	return NULL;
}

int wl_observed_actor(const struct wl_observation *seen, const char *actor)
{
	size_t i;

	for (i = 0; i < seen->performer_count; i++)
		if (!strcmp(seen->performers[i].actor, actor))
			return (int)i;
	return -1;
}

static bool is_print_of(const struct wl_event *event, uint32_t performer)
{
	return event->kind == WL_EVENT_PRINTED && event->performer == performer && event->len;
}

const char *wl_printed_between(const struct wl_observation *seen, struct wl_arena *arena,
	uint32_t performer, size_t from, size_t to, size_t *len)
{
	size_t end = to < seen->event_count ? to : seen->event_count;
	size_t total = 0, used = 0, i;
	char *text;

	for (i = from; i < end; i++)
		if (is_print_of(&seen->events[i], performer))
			total += seen->events[i].len;
	text = wl_alloc(arena, total + 1);
	for (i = from; i < end; i++) {
		if (!is_print_of(&seen->events[i], performer))
			continue;
		memcpy(text + used, seen->events[i].bytes, seen->events[i].len);
		used += seen->events[i].len;
	}
	*len = total;
	return text;
}

const struct wl_event *wl_find_event(
	const struct wl_observation *seen, uint32_t performer, enum wl_event_kind kind, size_t from)
{
	size_t i;

	for (i = from; i < seen->event_count; i++)
		if (seen->events[i].kind == kind && seen->events[i].performer == performer)
			return &seen->events[i];
	return NULL;
}
