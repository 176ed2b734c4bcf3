/*
 * What a program was doing, in words: each of its tasks waits for something, computes, or is stopped. Tasks that do the same are told
 * together. Of a set of descriptors those that only wake a loop (pipes) are left out where there is something else to say.
 */
#include "harness/whereabouts.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#define MOST_CLAUSES 3

struct look look_at(const struct wl_case *c, uint32_t performer, uint64_t from_ns)
{
	const struct wl_observation *seen = c->seen;
	struct look look = { c, performer };
	uint64_t at_ns = 0;

	for (size_t i = 0; i < seen->doing_count; i++)
		if (seen->doings[i].performer == performer &&
			(from_ns == UINT64_MAX || (!at_ns && seen->doings[i].at_ns >= from_ns)))
			at_ns = seen->doings[i].at_ns;
	look.rows = wl_alloc_array(c->arena, seen->doing_count + 1, sizeof(*look.rows));
	for (size_t i = 0; i < seen->doing_count && at_ns; i++)
		if (seen->doings[i].performer == performer && seen->doings[i].at_ns == at_ns)
			look.rows[look.count++] = &seen->doings[i];
	return look;
}

static const char *row_words(const struct look *look, const struct wl_seen_doing *row)
{
	if (row->on == WL_ON_SOCKET)
		return socket_and_queue(look, &row->socket);
	return row->on == WL_ON_TERMINAL ? _("its keyboard") : row->on == WL_ON_PIPE ? _("a pipe") : NULL;
}

static bool same_task(const struct wl_seen_doing *one, const struct wl_seen_doing *other)
{
	return one->process == other->process && one->task == other->task && other->doing != WL_DOING_HOLDS;
}

/* All that the task of row AT waits on, joined; NULL when that is not known. */
static const char *set_words(const struct look *look, size_t at)
{
	const char *words = NULL;
	bool pipes = true;

	for (size_t i = at; i < look->count && same_task(look->rows[at], look->rows[i]); i++)
		pipes = pipes && look->rows[i]->on != WL_ON_SOCKET && look->rows[i]->on != WL_ON_TERMINAL;
	for (size_t i = at; i < look->count && same_task(look->rows[at], look->rows[i]); i++) {
		const char *one = row_words(look, look->rows[i]);

		if (one && (pipes || look->rows[i]->on != WL_ON_PIPE))
			words = words ? wl_format(look->c->arena, "%s, %s", words, one) : one;
	}
	return words;
}

static const char *sends_words(const struct look *look, const struct wl_seen_doing *row)
{
	struct wl_arena *arena = look->c->arena;
	const struct wl_socket *socket = &row->socket;

	if (row->on != WL_ON_SOCKET)
		return wl_format(arena, _("waits in %s() until what it writes is taken"), row->call);
	if (socket->protocol == IPPROTO_TCP && socket->state == TCP_SYN_SENT)
		return wl_format(arena, _("waits in %s() for an answer from %s"), row->call,
			socket_end(look->c, socket->remote, socket->remote_port));
	return wl_format(arena, _("waits in %s() on %s until the other side reads what was sent"), row->call,
		socket_words(look->c, socket));
}

/* A wait for something that has no descriptor, or for one that says nothing. */
static const char *other_wait_words(const struct look *look, const struct wl_seen_doing *row)
{
	struct wl_arena *arena = look->c->arena;

	switch (row->on) {
	case WL_ON_CLOSED:
		return wl_format(arena, _("waits in %s() on a socket or file that it has closed meanwhile"), row->call);
	case WL_ON_TASK:
		return wl_format(arena, _("waits in %s() for another thread or a lock"), row->call);
	case WL_ON_CHILD:
		return wl_format(arena, _("waits in %s() for the end of a child process"), row->call);
	case WL_ON_TIME:
		return wl_format(arena, _("sleeps by the clock in %s()"), row->call);
	case WL_ON_SIGNAL:
		return wl_format(arena, _("waits in %s() for a signal"), row->call);
	case WL_ON_NOTHING:
	case WL_ON_SOCKET:
	case WL_ON_TERMINAL:
	case WL_ON_PIPE:
		break;
	}
	return wl_format(arena, row->limited ? _("waits in %s(), with a timeout") : _("waits in %s()"), row->call);
}

static const char *wait_words(const struct look *look, size_t at)
{
	const struct wl_seen_doing *row = look->rows[at];
	const char *set = set_words(look, at);

	if (row->sends)
		return sends_words(look, row);
	if (!set)
		return other_wait_words(look, row);
	return wl_format(look->c->arena, row->limited ? _("waits in %s(), with a timeout, on %s") : _("waits in %s() on %s"), row->call,
		set);
}

/* What the task of row AT does. */
static const char *clause(const struct look *look, size_t at)
{
	switch (look->rows[at]->doing) {
	case WL_DOING_RUNS:
		return _("computes and does not wait for anything");
	case WL_DOING_WAITS:
		return wait_words(look, at);
	case WL_DOING_SLEEPS:
		return _("sleeps; the machine does not show in which system call");
	case WL_DOING_STOPPED:
		return _("was stopped by a signal");
	case WL_DOING_HOLDS:
		break;
	}
	return "";
}

/* The tasks of a look: a clause each. */
struct tasks {
	const char **clauses;
	size_t count;
	bool processes; /* some are in different processes */
};

static struct tasks tasks_of(const struct look *look)
{
	struct tasks tasks = { wl_alloc_array(look->c->arena, look->count + 1, sizeof(*tasks.clauses)) };

	for (size_t i = 0; i < look->count; i++) {
		if (look->rows[i]->doing == WL_DOING_HOLDS || (i > 0 && same_task(look->rows[i - 1], look->rows[i])))
			continue;
		tasks.processes = tasks.processes || look->rows[i]->process > 1;
		tasks.clauses[tasks.count++] = clause(look, i);
	}
	return tasks;
}

/* How many tasks do what task AT does; 0 when an earlier one does, too, and has been told. */
static size_t how_many(const struct tasks *tasks, size_t at)
{
	size_t same = 0;

	for (size_t i = 0; i < tasks->count; i++) {
		bool equal = strcmp(tasks->clauses[i], tasks->clauses[at]) == 0;

		if (equal && i < at)
			return 0;
		same += equal;
	}
	return same;
}

static const char *tell_tasks(const struct look *look, const struct tasks *tasks)
{
	struct wl_arena *arena = look->c->arena;
	const char *text;
	size_t told = 0;

	if (tasks->count == 1)
		return wl_format(arena, _(" It %s."), tasks->clauses[0]);
	text = wl_format(arena, tasks->processes ? _(" Of its %zu processes") : _(" Of its %zu threads"), tasks->count);
	for (size_t i = 0; i < tasks->count && told < MOST_CLAUSES; i++) {
		size_t same = how_many(tasks, i);
		const char *mark = told ? ";" : "";

		if (same == 1)
			text = wl_format(arena, _("%s%s one %s"), text, mark, tasks->clauses[i]);
		else if (same > 1)
			text = wl_format(arena, _("%s%s %zu (each %s)"), text, mark, same, tasks->clauses[i]);
		told += same > 0;
	}
	return wl_format(arena, "%s.", text);
}

/* Sockets with something in their queue on which nobody waits. */
static const char *neglected(const struct look *look)
{
	const char *text = "";

	for (size_t i = 0; i < look->count; i++)
		if (look->rows[i]->doing == WL_DOING_HOLDS && look->rows[i]->socket.receive_queue)
			text = wl_format(look->c->arena, _("%s It does not wait on %s."), text,
				socket_and_queue(look, &look->rows[i]->socket));
	return text;
}

static bool ended_later(const struct look *look)
{
	const struct wl_observation *seen = look->c->seen;

	return wl_find_event(seen, look->performer, WL_EVENT_ENDED, 0) || wl_find_event(seen, look->performer, WL_EVENT_LIMIT, 0);
}

const char *doings_words(const struct look *look)
{
	struct tasks tasks = tasks_of(look);

	if (!tasks.count)
		return "";
	return wl_format(look->c->arena, "%s%s%s", ended_later(look) ? _(" Seen before its end:") : "", tell_tasks(look, &tasks),
		neglected(look));
}
