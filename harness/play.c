/*
 * A performance: build the stage, perform the steps, keep the log. The steps come from the lesson's table; each kind is one
 * small function. A step that waits gives up with patience (patience.c) and the play goes on: what a program fails to
 * do is seen and judged later, it never stops the harness.
 *
 * The one hard thing is the end. A frame leaves its host at once, but the capture sees it in a softirq that a busy machine
 * may put off. So the last step compares the interfaces' own counters with the frames captured and waits until they agree.
 */
#include "harness/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/board.h"
#include "harness/registry.h"
#include "harness/stagehand.h"
#include "harness/values.h"

#define READY_LIMIT_MS 10000
#define END_LIMIT_MS 5000
#define HOPELESS_END_LIMIT_MS 1000
#define TOOK_LIMIT_MS 2000
#define QUIET_LIMIT_MS 5000
#define SETTLE_LIMIT_MS 5000
#define TAKES 5
#define ENTER "\r" /* what the key sends; the terminal makes a newline of it unless the program told it not to */

static const char *resolve(struct wl_play *play, const char *text, size_t *len)
{
	return text ? values_resolve(play->seen, play->arena, text, len, &play->err) : NULL;
}

/* A copy of the declared stage with "$name" replaced in addresses and MACs. */
static int resolve_stage(struct wl_play *play)
{
	const struct wl_stage *said = play->plan->scenario->stage;
	struct wl_cable *cables;
	size_t count = 0;

	while (said->cables[count].host)
		count++;
	cables = wl_alloc_array(play->arena, count + 1, sizeof(*cables));
	memcpy(cables, said->cables, count * sizeof(*cables));
	for (size_t i = 0; i < count; i++) {
		cables[i].mac = resolve(play, cables[i].mac, NULL);
		cables[i].address = resolve(play, cables[i].address, NULL);
		if ((said->cables[i].mac && !cables[i].mac) || (said->cables[i].address && !cables[i].address))
			return -1;
	}
	play->stage = *said;
	play->stage.cables = cables;
	return 0;
}

static int set_stage(struct wl_play *play)
{
	if (resolve_stage(play) < 0 || topo_up(&play->topo, &play->stage, &play->err) < 0)
		return -1;
	if (topo_host_count(play->topo) > HOSTS)
		return wl_err(&play->err, "more than %d hosts", HOSTS);
	for (size_t i = 0; i < topo_host_count(play->topo); i++)
		if (sockstate_open(&play->sockets[i], topo_host_netns(play->topo, i), &play->err) < 0)
			return -1;
	return capture_open(&play->capture, play->topo, &play->stage, play->seen, play->arena, &play->err);
}

static const struct wl_actor *find_actor(const struct wl_play *play, const char *name)
{
	for (const struct wl_actor *actor = play->plan->scenario->actors; actor->name; actor++)
		if (strcmp(actor->name, name) == 0)
			return actor;
	return NULL;
}

static const struct play_program *find_program(const struct wl_play *play, const char *role)
{
	for (size_t i = 0; i < play->plan->program_count; i++)
		if (strcmp(play->plan->programs[i].role, role) == 0)
			return &play->plan->programs[i];
	return NULL;
}

/* What to run for an actor of ours: "./PROGRAM" and its arguments, in the lesson's folder or the one that it names. */
static int cast_ours(struct wl_play *play, const struct wl_actor *actor, const struct wl_step *step,
	struct proc_spec *spec)
{
	const char **argv = wl_alloc_array(play->arena, WL_ARGS + 2, sizeof(*argv));
	const char *slash = strchr(actor->program, '/'), *lesson = play->plan->lesson->name;
	size_t count = 0;

	if (slash)
		lesson = wl_format(play->arena, "%.*s", (int)(slash - actor->program), actor->program);
	argv[count++] = wl_format(play->arena, "./%s", slash ? slash + 1 : actor->program);
	for (size_t i = 0; i < WL_ARGS && step->args[i]; i++) {
		argv[count] = resolve(play, step->args[i], NULL);
		if (!argv[count++])
			return -1;
	}
	spec->argv = argv;
	spec->folder = wl_format(play->arena, "%s/%s", play->plan->ours, lesson);
	spec->subfolder = "";
	spec->trusted = true;
	spec->net_raw = true;
	return 0;
}

static int cast_theirs(struct wl_play *play, const struct wl_actor *actor, struct proc_spec *spec)
{
	const struct play_program *program = find_program(play, actor->role);
	const struct wl_role *role = role_find(play->plan->lesson, actor->role);

	if (!program || !role)
		return wl_err(&play->err, "%s is not in the cast", actor->role);
	spec->argv = program->argv;
	spec->folder = program->folder;
	spec->subfolder = program->subfolder;
	spec->net_raw = role->net_raw;
	return 0;
}

static const char *join(struct wl_play *play, const char *const *argv)
{
	const char *line = argv[0];

	for (size_t i = 1; argv[i]; i++)
		line = wl_format(play->arena, "%s %s", line, argv[i]);
	return line;
}

static void bill(struct wl_play *play, const struct wl_actor *actor, size_t host, struct proc *proc)
{
	struct wl_performer *performer =
		wl_append(play->arena, &play->seen->performers, &play->seen->performer_count);

	performer->actor = actor->name;
	performer->host = actor->host;
	performer->program = actor->role ? actor->role : actor->program;
	performer->submitted = actor->role != NULL;
	play->players[play->player_count++] = (struct player){
		.actor = actor,
		.ready = actor->role ? role_find(play->plan->lesson, actor->role)->ready : actor->ready,
		.proc = proc,
		.host = host,
		.linger_ms = actor->role ? find_program(play, actor->role)->linger_ms : 0,
	};
}

static int start(struct wl_play *play, const struct wl_step *step)
{
	const struct wl_actor *actor = find_actor(play, step->actor);
	struct proc_spec spec = { .topo = play->topo };
	struct proc *proc;
	uint64_t started_ns = wl_wall_ns();
	const char *line;
	int host;

	if (!actor)
		return wl_err(&play->err, "no actor %s", step->actor);
	host = topo_find_host(play->topo, actor->host);
	if (host < 0 || play->player_count == PLAYERS)
		return wl_err(&play->err, "no host %s, or too many players", actor->host);
	spec.host = (size_t)host;
	if ((actor->role ? cast_theirs(play, actor, &spec) : cast_ours(play, actor, step, &spec)) < 0)
		return -1;
	if (proc_start(&proc, &spec, &play->err) < 0)
		return -1;
	bill(play, actor, (size_t)host, proc);
	line = join(play, spec.argv);
	hand_log(play, play->player_count - 1, WL_EVENT_STARTED, 0, line, strlen(line));
	play->seen->events[play->seen->event_count - 1].at_ns = started_ns;
	return 0;
}

static void note_waiting(struct wl_play *play, size_t index, bool ready)
{
	struct player *player = &play->players[index];
	const char *doing;

	hand_pump(play, 0);
	hand_note_sockets(play, index);
	player->hopeless = player->hopeless || !ready;
	if (!ready)
		hand_note_doings(play);
	doing = hand_doing(play, index);
	hand_log(play, index, ready && !player->ended ? WL_EVENT_READY : WL_EVENT_UNREADY, 0, doing,
		strlen(doing));
	hand_rest(play, index);
}

/* How long to wait for something that a program that was handed in does. */
static unsigned int at_most(const struct wl_play *play, unsigned int ms)
{
	return play->plan->most_ms && play->plan->most_ms < ms ? play->plan->most_ms : ms;
}

/* A program of ours that is late is the machine's fault, by which nobody may be judged. */
static int await_ready(struct wl_play *play, size_t player)
{
	const struct wl_actor *actor = play->players[player].actor;
	bool ready = patience(play, player, hand_is_ready, actor->role ? at_most(play, READY_LIMIT_MS) : READY_LIMIT_MS);

	note_waiting(play, player, ready);
	if (ready || actor->role)
		return 0;
	return wl_err(&play->err, _("%s of ours was not ready in time"), actor->name);
}

static int await_took(struct wl_play *play, size_t player)
{
	note_waiting(play, player, patience(play, player, hand_took, at_most(play, TOOK_LIMIT_MS)));
	return 0;
}

static bool has_ended(struct wl_play *play, size_t player)
{
	return play->players[player].ended;
}

/* Who is known not to end is let go when nothing has been printed or sent for its time. */
static bool ends_while_it_works(struct wl_play *play, size_t player, unsigned int ms)
{
	uint64_t start = wl_monotonic_ns();
	size_t signs;

	do {
		signs = play->seen->frame_count + play->seen->event_count;
		if (patience(play, player, has_ended, ms))
			return true;
	} while (play->seen->frame_count + play->seen->event_count != signs &&
		 wl_monotonic_ns() - start < HOPELESS_END_LIMIT_MS * 1000000ull);
	return false;
}

static bool ends(struct wl_play *play, size_t player)
{
	if (play->players[player].hopeless)
		return patience(play, player, has_ended, at_most(play, HOPELESS_END_LIMIT_MS));
	if (play->players[player].linger_ms)
		return ends_while_it_works(play, player, play->players[player].linger_ms);
	return patience(play, player, has_ended, at_most(play, END_LIMIT_MS));
}

static int await_end(struct wl_play *play, size_t player)
{
	const char *doing;

	if (ends(play, player))
		return 0;
	hand_note_sockets(play, player);
	hand_note_doings(play);
	doing = hand_doing(play, player);
	hand_log(play, player, WL_EVENT_UNENDED, 0, doing, strlen(doing));
	return 0;
}

static int type(struct wl_play *play, size_t player, const char *text, const char *enter)
{
	size_t len, enter_len = strlen(enter);
	const char *line = resolve(play, text, &len);
	char *typed;

	if (!line)
		return -1;
	if (play->players[player].ended)
		return 0;
	typed = wl_alloc(play->arena, len + enter_len + 1);
	memcpy(typed, line, len);
	memcpy(typed + len, enter, enter_len);
	hand_pump(play, 0); /* what was printed before stands before it in the log */
	if (play->players[player].ended)
		return 0;
	hand_log(play, player, WL_EVENT_TYPED, 0, typed, len + enter_len);
	return proc_type(play->players[player].proc, typed, len + enter_len, &play->err);
}

static void note_state(const struct wl_play *play, enum board_state state)
{
	if (play->plan->state)
		*play->plan->state = state;
}

/* A pause is pointless once every program under test has gone. */
static int pause_for(struct wl_play *play, unsigned int ms)
{
	uint64_t until = wl_monotonic_ns() + (uint64_t)ms * 1000000u, now;

	note_state(play, BOARD_RESTING);
	while ((now = wl_monotonic_ns()) < until && hand_submitted_alive(play))
		hand_pump(play, (int)((until - now) / 1000000u) + 1);
	note_state(play, BOARD_BUSY);
	if (play->player_count)
		hand_log(play, 0, WL_EVENT_PAUSED, ms, NULL, 0);
	return 0;
}

static bool printed_awaited(struct wl_play *play, size_t player)
{
	return play->players[player].ended || hand_printed(play, player, play->awaited);
}

static int await_print(struct wl_play *play, size_t player, const char *text)
{
	play->awaited = resolve(play, text, NULL);
	if (!play->awaited)
		return -1;
	if (!patience(play, player, printed_awaited, END_LIMIT_MS))
		hand_note_doings(play);
	return 0;
}

static int await_quiet(struct wl_play *play, unsigned int ms)
{
	uint64_t start = wl_monotonic_ns(), last = start, now = start;
	size_t frames = play->seen->frame_count;

	while (now - last < (uint64_t)ms * 1000000u && now - start < QUIET_LIMIT_MS * 1000000ull) {
		hand_pump(play, 10);
		now = wl_monotonic_ns();
		if (play->seen->frame_count != frames)
			last = now;
		frames = play->seen->frame_count;
	}
	if (play->player_count)
		hand_log(play, 0, WL_EVENT_QUIET, ms, NULL, 0);
	return 0;
}

static int perform_step(struct wl_play *play, const struct wl_step *step)
{
	int player = step->actor ? hand_find(play, step->actor) : -1;

	if (player < 0 && step->kind != WL_START && step->kind != WL_PAUSE && step->kind != WL_QUIET &&
		step->kind != WL_CALL)
		return wl_err(&play->err, "step %u: %s was not started", play->step, step->actor);
	switch (step->kind) {
	case WL_START:
		return start(play, step);
	case WL_READY:
		return await_ready(play, (size_t)player);
	case WL_TYPE:
		return type(play, (size_t)player, step->text, ENTER);
	case WL_KEY:
		return type(play, (size_t)player, step->text, "");
	case WL_PAUSE:
		return pause_for(play, step->ms);
	case WL_END:
		return await_end(play, (size_t)player);
	case WL_TOOK:
		return await_took(play, (size_t)player);
	case WL_PRINTS:
		return await_print(play, (size_t)player, step->text);
	case WL_QUIET:
		return await_quiet(play, step->ms);
	case WL_STOP:
		hand_stop(play, (size_t)player);
		return 0;
	case WL_CALL:
		return step->call(play, step);
	}
	return wl_err(&play->err, "step %u has no kind", play->step);
}

int wl_play_step(struct wl_play *play, const struct wl_step *said)
{
	struct wl_step step = *said;

	step.actor = resolve(play, said->actor, NULL);
	if (said->actor && !step.actor)
		return -1;
	return perform_step(play, &step);
}

const char *wl_play_value(const struct wl_play *play, const char *name)
{
	const struct wl_value *value = wl_observed_value(play->seen, name);

	return value ? (const char *)value->bytes : "";
}

void wl_play_set(struct wl_play *play, const char *name, const void *bytes, size_t len)
{
	values_set(play->seen, play->arena, name, bytes, len);
}

static int perform_steps(struct wl_play *play)
{
	const struct wl_step *steps = play->plan->scenario->steps;

	for (play->step = 0; steps[play->step].kind; play->step++)
		if (wl_play_step(play, &steps[play->step]) < 0)
			return -1;
	return play->cage_broke ? -1 : 0;
}

/* Whether the capture has every frame that the hosts' interfaces say they sent. */
static bool settled(struct wl_play *play, size_t player)
{
	(void)player;
	return capture_settled(play->capture);
}

static void strike_stage(struct wl_play *play)
{
	hand_note_doings(play);
	for (size_t i = 0; i < play->player_count; i++)
		hand_stop(play, i);
	if (play->capture) {
		patience(play, 0, settled, SETTLE_LIMIT_MS);
		capture_finish(play->capture);
	}
	for (size_t i = 0; i < HOSTS; i++)
		sockstate_close(play->sockets[i]);
	topo_down(play->topo);
}

static struct wl_observation *perform_once(const struct play_plan *plan, struct wl_arena *arena,
	uint32_t take, const char *name, const char *text)
{
	struct wl_play *play = wl_alloc(arena, sizeof(*play));
	struct wl_observation *seen = wl_alloc(arena, sizeof(*seen));

	play->plan = plan;
	play->arena = arena;
	play->seen = seen;
	seen->lesson = plan->lesson->name;
	seen->scenario = plan->scenario->name;
	seen->seed = plan->seed;
	seen->take = take;
	values_draw(plan->scenario->values, seen, arena);
	if (name)
		values_set(seen, arena, name, text, strlen(text));
	if (set_stage(play) < 0 || perform_steps(play) < 0)
		seen->trouble = wl_strdup(arena, play->err.text);
	strike_stage(play);
	return seen;
}

struct wl_observation *play_perform(const struct play_plan *plan, struct wl_arena *arena)
{
	struct wl_observation *seen = perform_once(plan, arena, 1, NULL, NULL);
	const char *name, *text;

	while (!seen->trouble && seen->take < TAKES && plan->scenario->again &&
		plan->scenario->again(seen, arena, &name, &text))
		seen = perform_once(plan, arena, seen->take + 1, name, text);
	return seen;
}
