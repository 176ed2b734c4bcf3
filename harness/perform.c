/*
 * Performances mostly wait, so several run side by side. Each is a process: a crash costs one observation, and a
 * process may enter network namespaces as it likes. The observation comes back through a pipe in the same form in which it
 * is kept, so that what is judged now and what is judged again later are the same.
 *
 * The process closes the pipe before it dies: its end takes longer (closing a packet socket waits for the
 * kernel), and nobody needs to wait for that.
 */
#include "harness/perform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/leave.h"

#define WATCHDOG_NS (180 * 1000000000ull)
#define OBSERVATION_MOST ((size_t)256 << 20)
#define MOST_PARALLEL 32 /* at a time, resting ones too */
#define LOOK_MS 20 /* how often to look whether there is room again */

struct performance {
	const struct play_plan *plan;
	size_t place; /* in the caller's arrays */
	unsigned int pauses_ms;
	volatile uint8_t *state; /* its place on the board */
	pid_t pid;
	int from;
	uint64_t started_ns;
	char *text;
	size_t len, room;
};

static unsigned int pauses_ms(const struct wl_scenario *scenario)
{
	unsigned int sum = 0;

	for (const struct wl_step *step = scenario->steps; step->kind; step++)
		if (step->kind == WL_PAUSE)
			sum += step->ms;
	return sum;
}

static int longest_first(const void *a, const void *b)
{
	const struct performance *x = a, *y = b;

	if (x->pauses_ms != y->pauses_ms)
		return x->pauses_ms < y->pauses_ms ? 1 : -1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void __attribute__((noreturn)) perform_in_child(const struct performance *performance, int to)
{
	struct play_plan plan = *performance->plan;
	struct wl_arena *arena = wl_arena_new();
	const char *text;
	size_t len;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	plan.state = performance->state;
	text = wl_observation_to_json(play_perform(&plan, arena), arena);
	len = strlen(text);
	while (len > 0) {
		ssize_t wrote = write(to, text, len);

		if (wrote <= 0)
			wl_leave(1);
		text += wrote;
		len -= (size_t)wrote;
	}
	close(to);
	wl_arena_free(arena);
	wl_leave(0);
}

static void start(struct performance *performance)
{
	int ends[2];

	performance->started_ns = wl_monotonic_ns();
	performance->pid = -1;
	performance->from = -1;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return;
	performance->pid = fork();
	if (performance->pid == 0) {
		close(ends[0]);
		perform_in_child(performance, ends[1]);
	}
	close(ends[1]);
	performance->from = ends[0];
}

/* True while there may be more. */
static bool take_in(struct performance *performance)
{
	ssize_t len;

	if (performance->from < 0)
		return false;
	if (performance->room - performance->len < 65536) {
		performance->room = performance->room * 2 + 131072;
		performance->text = realloc(performance->text, performance->room);
		if (!performance->text)
			abort();
	}
	len = read(performance->from, performance->text + performance->len, 65536);
	if (len > 0)
		performance->len += (size_t)len;
	return len > 0 && performance->len < OBSERVATION_MOST;
}

static struct wl_observation *troubled(const struct play_plan *plan, struct wl_arena *arena,
	const char *why)
{
	struct wl_observation *seen = wl_alloc(arena, sizeof(*seen));

	seen->lesson = plan->lesson->name;
	seen->scenario = plan->scenario->name;
	seen->seed = plan->seed;
	seen->take = 1;
	seen->trouble = wl_strdup(arena, why);
	return seen;
}

static struct wl_observation *finish(struct performance *performance, struct wl_arena *arena,
	const char *why)
{
	struct wl_observation *seen = NULL;
	struct wl_err err = { "" };

	if (why && performance->pid > 0)
		kill(performance->pid, SIGKILL);
	if (!why)
		seen = wl_observation_from_json(performance->text, performance->len, arena, &err);
	if (!seen)
		seen = troubled(performance->plan, arena,
			why ? why : performance->len ? err.text : "the performance's process crashed");
	if (performance->from >= 0)
		close(performance->from);
	free(performance->text);
	performance->from = -1;
	*performance->state = BOARD_FREE;
	return seen;
}

struct troupe {
	struct performance *all;
	size_t count, next, done;
	struct performance *running[MOST_PARALLEL];
	unsigned int busy;
	const struct board *board;
	volatile uint8_t *states; /* our row on it */
};

static volatile uint8_t *free_state(const struct troupe *troupe)
{
	volatile uint8_t *state = troupe->states;

	while (*state != BOARD_FREE)
		state++;
	return state;
}

/* One at least runs, however busy the others are. */
static void fill(struct troupe *troupe)
{
	while (troupe->busy < MOST_PARALLEL && troupe->next < troupe->count &&
		(!troupe->busy || board_has_room(troupe->board))) {
		struct performance *performance = &troupe->all[troupe->next++];

		performance->state = free_state(troupe);
		*performance->state = BOARD_BUSY;
		start(performance);
		troupe->running[troupe->busy++] = performance;
	}
}

/* Wait for one of the running ones; returns its place in `running`, with the reason when it was given up, or -1. */
static int await_one(struct troupe *troupe, const char **why)
{
	struct pollfd waits[MOST_PARALLEL];

	*why = NULL;
	for (unsigned int i = 0; i < troupe->busy; i++)
		waits[i] = (struct pollfd){ .fd = troupe->running[i]->from, .events = POLLIN };
	poll(waits, troupe->busy, troupe->next < troupe->count ? LOOK_MS : 1000);
	for (unsigned int i = 0; i < troupe->busy; i++) {
		if (waits[i].fd < 0 || (waits[i].revents && !take_in(troupe->running[i])))
			return (int)i;
		if (wl_monotonic_ns() - troupe->running[i]->started_ns > WATCHDOG_NS) {
			*why = "the performance did not end in time";
			return (int)i;
		}
	}
	return -1;
}

static void reap_all(const struct troupe *troupe)
{
	for (size_t i = 0; i < troupe->next; i++)
		while (troupe->all[i].pid > 0 && waitpid(troupe->all[i].pid, NULL, 0) < 0 && errno == EINTR)
			;
}

void perform_all(const struct play_plan *plans, size_t count, struct board *board, struct wl_arena *arena,
	struct wl_observation **seen, perform_progress *progress, void *context)
{
	struct troupe troupe = { .all = wl_alloc_array(arena, count, sizeof(*troupe.all)), .count = count,
		.board = board, .states = board_take_row(board) };

	for (size_t i = 0; i < count; i++)
		troupe.all[i] = (struct performance){ .plan = &plans[i], .place = i,
			.pauses_ms = pauses_ms(plans[i].scenario) };
	qsort(troupe.all, count, sizeof(*troupe.all), longest_first);
	fflush(NULL);
	for (fill(&troupe); troupe.busy; fill(&troupe)) {
		const char *why;
		int which = await_one(&troupe, &why);

		if (which < 0)
			continue;
		seen[troupe.running[which]->place] = finish(troupe.running[which], arena, why);
		troupe.running[which] = troupe.running[--troupe.busy];
		if (progress)
			progress(context, ++troupe.done, count);
	}
	reap_all(&troupe);
	board_leave_row(board, troupe.states);
}
