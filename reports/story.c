/*
 * Two logs, frames by the capture and events by the harness, are merged by time into lines. A frame is told once, where it left its
 * host (or on lo), unless the marked one is another.
 */
#include "reports/story.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "harness/packet.h"

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
		return wl_format(story->arena, _("is typed %s"), shown(story, event));
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

static void add_events(struct story *story)
{
	for (size_t i = 0; i < story->seen->event_count; i++) {
		const struct wl_event *event = &story->seen->events[i];
		const struct wl_performer *performer = &story->seen->performers[event->performer];
		const char *what = event_words(story, event);

		if (what)
			add(story, event->at_ns, event->kind == WL_EVENT_PAUSED ? "" : performer->program, what,
				false);
	}
}

static void add_frames(struct story *story, uint32_t marked)
{
	for (size_t i = 0; i < story->seen->frame_count; i++) {
		const struct wl_frame *frame = &story->seen->frames[i];
		const struct wl_point *point = &story->seen->points[frame->point];
		bool mark = i + 1 == marked;

		if (frame->direction == WL_TO_HOST && !mark)
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

/* The window of MOST lines around the marked one. */
static size_t first_line(const struct story *story, size_t most)
{
	size_t marked = 0;

	for (size_t i = 0; i < story->count; i++)
		if (story->lines[i].marked)
			marked = i;
	if (story->count <= most || marked < most / 2)
		return 0;
	return marked + most / 2 > story->count ? story->count - most : marked - most / 2;
}

void story_tell(FILE *out, const struct wl_observation *seen, uint32_t frame, size_t most,
	const char *indent)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct story story = { .seen = seen, .arena = arena };
	size_t first, until;

	add_events(&story);
	add_frames(&story, frame);
	if (!story.count)
		return;
	qsort(story.lines, story.count, sizeof(*story.lines), by_time);
	first = first_line(&story, most);
	until = first + most < story.count ? first + most : story.count;
	if (first)
		fprintf(out, _("%s  … %zu before\n"), indent, first);
	for (size_t i = first; i < until; i++) {
		const struct line *line = &story.lines[i];

		fprintf(out, "%s%s %7.3f s  %-16s %s\n", indent, line->marked ? "▶" : " ",
			(double)(line->at_ns - story.lines[0].at_ns) / 1e9, line->who, line->what);
	}
	if (until < story.count)
		fprintf(out, _("%s  … %zu more\n"), indent, story.count - until);
}
