/*
 * Waiting without punishing a right program for a busy machine. The clock that limits a wait stops while our tasks or
 * the players' were ready to run and got no processor (/proc/PID/schedstat). A wait also ends when the stage is still: every
 * program sleeps in a call that only input can end, and for a second no frame, no output and no switch of a task has been
 * seen; what has not happened by then never will. And one that has computed for two fifths of the limit is in a loop that will
 * not end: a right program that spins while it waits does what is awaited of it long before.
 */
#include "harness/stagehand.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/checks.h"

#define TICK_NS 10000000u
#define SOON_NS 200000000u
#define STILL_NS 1000000000u

static uint64_t own_run_delay_ns(void)
{
	wl_auto_file FILE *file = fopen("/proc/self/schedstat", "re");
	unsigned long long cpu, delay = 0;

	if (!file || fscanf(file, "%llu %llu", &cpu, &delay) != 2)
		return 0;
	return delay;
}

/* What is looked at between two ticks. */
struct glance {
	uint64_t run_delay_ns;
	uint64_t cpu_ns; /* of the awaited player */
	uint64_t moves; /* grows with every frame, event and switch */
	bool idle;      /* everybody alive waits for input without a timeout */
};

static struct glance look(const struct wl_play *play, size_t awaited)
{
	struct glance glance = { .run_delay_ns = own_run_delay_ns(), .idle = true,
		.moves = play->seen->frame_count + play->seen->event_count };

	for (size_t i = 0; i < play->player_count; i++) {
		struct proc_activity activity;

		if (play->players[i].ended || !play->players[i].proc)
			continue;
		proc_activity(play->players[i].proc, &activity);
		glance.run_delay_ns += activity.run_delay_ns;
		glance.cpu_ns += i == awaited ? activity.cpu_ns : 0;
		glance.moves += activity.switches;
		glance.idle = glance.idle && activity.idle && activity.tasks > 0;
	}
	return glance;
}

/* Who has waited long can wait a little longer: a wait in vain is looked at less and less often. */
static uint64_t tick_ns(uint64_t waited_ns)
{
	return waited_ns < SOON_NS ? TICK_NS : waited_ns < 5 * SOON_NS ? 2 * TICK_NS : 4 * TICK_NS;
}

/* Pump until AT or until something happens. */
static void pump_until(struct wl_play *play, uint64_t at)
{
	uint64_t now = wl_monotonic_ns();

	hand_pump(play, now < at ? (int)((at - now) / 1000000u) + 1 : 0);
}

bool patience(struct wl_play *play, size_t player, bool (*done)(struct wl_play *play, size_t player),
	unsigned int limit_ms)
{
	uint64_t limit_ns = (uint64_t)limit_ms * 1000000u, start = wl_monotonic_ns(), still_since = start;
	uint64_t unfair_ns = 0, tick = start, cpu_start_ns, cpu_most_ns = limit_ns / 5 * 2;
	struct glance before;

	hand_pump(play, 0);
	if (done(play, player))
		return true;
	before = look(play, player);
	cpu_start_ns = before.cpu_ns;
	for (;;) {
		struct glance now;
		uint64_t at, delay;

		pump_until(play, tick + tick_ns(tick - start));
		if (done(play, player))
			return true;
		at = wl_monotonic_ns();
		if (at < tick + tick_ns(tick - start))
			continue;
		now = look(play, player);
		at = wl_monotonic_ns();
		delay = now.run_delay_ns > before.run_delay_ns ? now.run_delay_ns - before.run_delay_ns : 0;
		unfair_ns += delay < at - tick ? delay : at - tick;
		tick = at;
		if (!now.idle || now.moves != before.moves)
			still_since = at;
		before = now;
		if (at - start - unfair_ns > limit_ns || at - start > 6 * limit_ns ||
			now.cpu_ns > cpu_start_ns + cpu_most_ns || at - still_since > STILL_NS) {
			hand_pump(play, 0);
			return done(play, player);
		}
	}
}

bool hand_printed(const struct wl_play *play, size_t player, const char *text)
{
	struct wl_arena *arena __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	size_t len;
	const char *all = wl_printed_between(play->seen, arena, (uint32_t)player, 0,
		play->seen->event_count, &len);

	all = wl_without_escapes(all, &len, arena);
	return memmem(all, len, text, strlen(text)) != NULL;
}
