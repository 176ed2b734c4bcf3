/*
 * Two logs, frames by the capture and events by the harness, are merged by time into lines. A frame is told once, where it left its
 * host (or on lo), unless the marked one is another; bare acknowledgements are left out. Of a long story the lines around the marked one
 * are told or, when none is marked, the beginning and the end: what is missing shows at the end.
 */
#include "reports/story.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "harness/packet.h"

#define OPENING 3 /* lines of the beginning, when the end is what counts */

struct line {
	uint64_t at_ns;
	const char *who, *what;
	bool marked;
};

struct story {
	const struct wl_observation *seen;
	struct wl_arena *arena;
	struct line *lines;
	size_t count;
};

static void add(struct story *story, uint64_t at_ns, const char *who, const char *what, bool marked)
{
	struct line *line = wl_append(story->arena, &story->lines, &story->count);

	*line = (struct line){ at_ns, who, what, marked };
}

static const char *shown(struct story *story, const struct wl_event *event)
{
	return wl_show_bytes(event->bytes, event->len, 72, story->arena);
}

/* Keys by their names. */
static const char *typed(struct story *story, const struct wl_event *event)
{
	size_t len = event->len;
	bool enter = len && (event->bytes[len - 1] == '\r' || event->bytes[len - 1] == '\n');

	if (len == 1 && *event->bytes < 0x20)
		return enter ? _("is typed Enter") : wl_format(story->arena, _("is typed Ctrl-%c"), *event->bytes + '@');
	return wl_format(story->arena, enter ? _("is typed %s and Enter") : _("is typed %s"),
		wl_show_bytes(event->bytes, len - enter, 72, story->arena));
}

static const char *how_ended(struct story *story, int status)
{
	if (WIFSIGNALED(status))
		return wl_format(story->arena, _("was killed by signal %d"), WTERMSIG(status));
	return wl_format(story->arena, _("ended with exit status %d"), WEXITSTATUS(status));
}

/* One line for an event, or NULL when it tells a reader nothing. */
static const char *event_words(struct story *story, const struct wl_event *event)
{
	switch (event->kind) {
	case WL_EVENT_STARTED:
		return wl_format(story->arena, "$ %.*s", (int)(event->len < 72 ? event->len : 72),
			(const char *)event->bytes);
	case WL_EVENT_PRINTED:
		return wl_format(story->arena, _("prints %s"), shown(story, event));
	case WL_EVENT_TYPED:
		return typed(story, event);
	case WL_EVENT_PAUSED:
		return wl_format(story->arena, _("(a pause of %lld ms)"), (long long)event->number);
	case WL_EVENT_ENDED:
		return how_ended(story, (int)(long long)event->number);
	case WL_EVENT_UNENDED:
		return wl_format(story->arena, _("does not end: it %s"), _((const char *)event->bytes));
	case WL_EVENT_UNREADY:
		return wl_format(story->arena, _("is not ready: it %s"), _((const char *)event->bytes));
	case WL_EVENT_LIMIT:
		return wl_format(story->arena, _("is stopped: too much %s"), _((const char *)event->bytes));
	case WL_EVENT_READY:
	case WL_EVENT_STOPPED:
	case WL_EVENT_QUIET:
		break;
	}
	return NULL;
}

/* A program of another lesson's folder is named with it: the name alone is enough here. */
static const char *own_name(const char *program)
{
	const char *slash = strrchr(program, '/');

	return slash ? slash + 1 : program;
}

static void add_events(struct story *story)
{
	for (size_t i = 0; i < story->seen->event_count; i++) {
		const struct wl_event *event = &story->seen->events[i];
		const struct wl_performer *performer = &story->seen->performers[event->performer];
		const char *what = event_words(story, event);

		if (what)
			add(story, event->at_ns, event->kind == WL_EVENT_PAUSED ? "" : own_name(performer->program),
				what, false);
	}
}

static void add_frames(struct story *story, uint32_t marked)
{
	for (size_t i = 0; i < story->seen->frame_count; i++) {
		const struct wl_frame *frame = &story->seen->frames[i];
		const struct wl_point *point = &story->seen->points[frame->point];
		bool mark = i + 1 == marked;

		if (!mark && (frame->direction == WL_TO_HOST || wl_is_bare_ack(frame)))
			continue;
		add(story, frame->at_ns, wl_format(story->arena, "%s:%s", point->host, point->interface),
			wl_format(story->arena, _("frame %zu: %s"), i + 1,
				wl_describe_frame(frame, story->arena)),
			mark);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return x->at_ns < y->at_ns ? -1 : x->at_ns > y->at_ns;
}

/* The lines that are told: up to FIRST_END, and from SECOND on up to SECOND_END. */
struct window {
	size_t first_end, second, second_end;
};

static struct window window_of(const struct story *story, size_t most)
{
	size_t marked = story->count;

	for (size_t i = 0; i < story->count; i++)
		if (story->lines[i].marked)
			marked = i;
	if (story->count <= most)
		return (struct window){ 0, 0, story->count };
	if (marked == story->count)
		return (struct window){ OPENING, story->count - (most - OPENING), story->count };
	if (marked < most / 2)
		return (struct window){ 0, 0, most };
	if (marked + most / 2 > story->count)
		return (struct window){ 0, story->count - most, story->count };
	return (struct window){ 0, marked - most / 2, marked + most / 2 };
}

static void tell(FILE *out, const struct story *story, size_t from, size_t to, const char *indent)
{
	for (size_t i = from; i < to; i++) {
		const struct line *line = &story->lines[i];

		fprintf(out, "%s%s %7.3f s  %-16s %s\n", indent, line->marked ? "▶" : " ",
			(double)(line->at_ns - story->lines[0].at_ns) / 1e9, line->who, line->what);
	}
}

void story_tell(FILE *out, const struct wl_observation *seen, uint32_t frame, size_t most,
	const char *indent)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct story story = { .seen = seen, .arena = arena };
	struct window window;

	add_events(&story);
	add_frames(&story, frame);
	if (!story.count)
		return;
	qsort(story.lines, story.count, sizeof(*story.lines), by_time);
	window = window_of(&story, most);
	tell(out, &story, 0, window.first_end, indent);
	if (window.second > window.first_end)
		fprintf(out, _("%s  … %zu left out\n"), indent, window.second - window.first_end);
	tell(out, &story, window.second, window.second_end, indent);
	if (window.second_end < story.count)
		fprintf(out, _("%s  … %zu more\n"), indent, story.count - window.second_end);
}
