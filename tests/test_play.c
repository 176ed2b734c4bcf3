/*
 * Plays in real namespaces: small scenarios of the test's own with programs of a few lines. All of
 * them are performed once, side by side, when the first case asks for one; each case then looks at
 * its observation. Waits that must be given up are for what can never come (everybody waits for
 * input), so that they end soon however slow the machine is.
 */
#include "harness/play.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/packet.h"
#include "harness/perform.h"
#include "tests/tests.h"

#define NEAR "10.77.0.1"
#define FAR "10.77.0.2"
#define SHELL(name, script) { name, { "/bin/sh", "-c", script, NULL } }
#define PYTHON(name, script) { name, { "/usr/bin/python3", "-u", "-c", script, NULL } }

/* Prints what it receives on a packet socket, after some work: RECEIVE gives a frame. */
#define RECEIVER(receive)                                                                          \
	"import socket\n"                                                                          \
	"s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))\n"                  \
	"s.bind(('eth0', 0))\n" receive                                                            \
	"while True:\n"                                                                            \
	" frame = receive()\n"                                                                     \
	" sum(range(2000000))\n"                                                                   \
	" print('got', frame[14:].decode())\n"

#define GROUP "224.1.1.1"

/* The same on a UDP socket of the group, which it joins late. */
#define MEMBER(receive)                                                                            \
	"import socket, time\n"                                                                    \
	"s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"                                   \
	"s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"                                \
	"s.bind(('', 7000))\n"                                                                     \
	"time.sleep(0.3)\n"                                                                        \
	"s.setsockopt(0, 35, socket.inet_aton('" GROUP "') + bytes(4))\n" receive                  \
	"while True:\n"                                                                            \
	" data = receive()\n"                                                                      \
	" sum(range(2000000))\n"                                                                   \
	" print('got', data.decode())\n"

static const struct {
	const char *role;
	const char *argv[6];
} scripts[] = {
	SHELL("reader", "printf 'payload: '; read -r line; echo \"got $line\""),
	SHELL("quitter", "exit 3"),
	SHELL("counter", "echo one; read -r line; echo two; read -r line"),
	PYTHON("flood", "import socket\n"
			"s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
			"for i in range(200): s.sendto(b'%d' % i, ('" FAR "', 7000))\n"),
	PYTHON("blocker", RECEIVER("receive = lambda: s.recv(2000)\n")),
	PYTHON("poller", RECEIVER("s.settimeout(0.01)\n"
				  "def receive():\n"
				  " while True:\n"
				  "  try: return s.recv(2000)\n"
				  "  except socket.timeout: pass\n")),
	PYTHON("queuer", "import queue, socket, threading, time\n"
			 "q = queue.Queue()\n"
			 "def show():\n"
			 " while True:\n"
			 "  text = q.get()\n"
			 "  time.sleep(0.15)\n"
			 "  print('got', text)\n"
			 "threading.Thread(target=show, daemon=True).start()\n"
			 "s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))\n"
			 "s.bind(('eth0', 0))\n"
			 "while True: q.put(s.recv(2000)[14:].decode())\n"),
	PYTHON("flusher", "import os, termios, time\n"
			  "print('payload: ')\n"
			  "time.sleep(0.2)\n"
			  "new = termios.tcgetattr(0)\n"
			  "new[0] &= ~termios.ICRNL\n"
			  "new[3] &= ~termios.ICANON\n"
			  "termios.tcsetattr(0, termios.TCSAFLUSH, new)\n"
			  "line = b''\n"
			  "while not line.endswith(b'\\r'): line += os.read(0, 1)\n"
			  "print('got', line[:-1].decode())\n"),
	PYTHON("member", MEMBER("receive = lambda: s.recv(2000)\n")),
	PYTHON("impatient", MEMBER("s.settimeout(0.2)\n"
				   "def receive():\n"
				   " while True:\n"
				   "  try: return s.recv(2000)\n"
				   "  except socket.timeout: pass\n")),
	PYTHON("spinner", MEMBER("s.setblocking(False)\n"
				 "def receive():\n"
				 " while True:\n"
				 "  try: return s.recv(2000)\n"
				 "  except BlockingIOError: pass\n")),
	PYTHON("server", "import socket, time\n"
			 "s = socket.create_server(('', 7001))\n"
			 "c, a = s.accept()\n"
			 "time.sleep(0.5)\n"
			 "c.recv(100)\n"
			 "time.sleep(100)\n"),
	PYTHON("binder", "import select, socket, time\n"
			 "def bound(address):\n"
			 " s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
			 " s.bind((address, 7000))\n"
			 " return s\n"
			 "first = bound('127.0.0.1')\n"
			 "time.sleep(0.3)\n"
			 "select.select([first, bound('" NEAR "')], [], [])\n"),
};
#define SCRIPTS (sizeof(scripts) / sizeof(*scripts))

/*
 * Ours: sends one frame with its argument as payload, with two arguments a datagram to the group, with three the first over TCP, and
 * says so once it has arrived.
 */
static const char injector[] =
	"#!/usr/bin/python3\n"
	"import array, fcntl, socket, sys\n"
	"if sys.argv[3:]:\n"
	" t = socket.create_connection((sys.argv[3], int(sys.argv[2])))\n"
	" t.send(sys.argv[1].encode())\n"
	" left = array.array('i', [1])\n"
	" while left[0]: fcntl.ioctl(t, 0x5411, left)\n" /* TIOCOUTQ */
	" print('sent', flush=True)\n"
	" sys.exit(input())\n"
	"if sys.argv[2:]:\n"
	" u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
	" sys.exit(u.sendto(sys.argv[1].encode(), ('" GROUP "', int(sys.argv[2]))) - len(sys.argv[1]))\n"
	"s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)\n"
	"s.bind(('eth0', 0))\n"
	"s.send(bytes.fromhex('020000000001' '020000000002' '88b5') + sys.argv[1].encode())\n";

static const struct wl_role roles[] = {
	{ "reader", "", .ready = { WL_READY_PROMPT, .prompt = "payload:" } },
	{ "quitter", "", .ready = { WL_READY_UDP, .port = 7000 } },
	{ "counter", "", .ready = { WL_READY_UDP, .port = 7000 } },
	{ "flood", "" },
	{ "blocker", "", .net_raw = true, .ready = { WL_READY_PACKET } },
	{ "poller", "", .net_raw = true, .ready = { WL_READY_PACKET } },
	{ "queuer", "", .net_raw = true, .ready = { WL_READY_PACKET } },
	{ "flusher", "", .ready = { WL_READY_PROMPT, .prompt = "payload:" } },
	{ "member", "", .ready = { WL_READY_GROUP, .port = 7000, .group = GROUP } },
	{ "impatient", "", .ready = { WL_READY_GROUP, .port = 7000, .group = GROUP } },
	{ "spinner", "", .ready = { WL_READY_GROUP, .port = 7000, .group = GROUP } },
	{ "server", "", .ready = { WL_READY_TCP, .port = 7001 } },
	{ "binder", "", .ready = { WL_READY_UDP, .port = 7000 } },
	{ NULL },
};
static const struct wl_lesson lesson = { "playtest", "", roles, NULL };

static const char *const hosts[] = { "near", "far", NULL };
static const struct wl_cable no_cables[] = { { NULL } };
static const struct wl_cable cables[] = { { "near", "$address" }, { "far", FAR "/24" }, { NULL } };
static const struct wl_stage bare = { hosts, no_cables };
static const struct wl_stage cabled = { hosts, cables };
static const struct wl_draw_rule values[] = { { "text", WL_DRAW_WORDS },
	{ "address", WL_DRAW_LITERAL, NEAR "/24" }, { NULL } };
static const struct wl_actor actors[] = {
	{ "reader", "near", .role = "reader" },
	{ "quitter", "near", .role = "quitter" },
	{ "counter", "near", .role = "counter" },
	{ "flood", "near", .role = "flood" },
	{ "blocker", "near", .role = "blocker" },
	{ "poller", "near", .role = "poller" },
	{ "queuer", "near", .role = "queuer" },
	{ "flusher", "near", .role = "flusher" },
	{ "member", "near", .role = "member" },
	{ "second", "near", .role = "member" },
	{ "impatient", "near", .role = "impatient" },
	{ "spinner", "near", .role = "spinner" },
	{ "server", "near", .role = "server" },
	{ "binder", "near", .role = "binder" },
	{ "injector", "far", .program = "injector" },
	{ "caller", "far", .program = "playtest/injector" }, /* as another lesson would name it */
	{ "dawdler", "far", .program = "injector", .ready = { WL_READY_UDP, .port = 7000 } },
	{ "stranger", "near", .role = "stranger" },
	{ "lost", "nowhere", .role = "reader" },
	{ NULL },
};

static int set_and_type(struct wl_play *play, const struct wl_step *step)
{
	const struct wl_step type = { WL_TYPE, "reader", "$called" };

	(void)step;
	wl_play_set(play, "called", "by call", 7);
	return wl_play_step(play, &type);
}

static int give_up(struct wl_play *play, const struct wl_step *step)
{
	const struct wl_step unknown = { WL_TYPE, "reader", "$nothing" };

	(void)step;
	return wl_play_step(play, &unknown);
}

static bool with_another_address(const struct wl_observation *seen, struct wl_arena *arena,
	const char **name, const char **text)
{
	*name = "address";
	*text = wl_format(arena, "10.77.0.%zu/24", 8 + seen->point_count / 4);
	return true;
}

enum play { TYPED, IDLE, QUIT, ENDLESS, PAUSED, PRINTS, KEYED, CALLED, AGAIN, FLOODED, BLOCKING,
	POLLING, QUEUING, FLUSHED, MEMBER, IMPATIENT, SPINNING, MEMBERS, ACCEPTING, BINDING,
	NO_ACTOR, NOT_STARTED, NO_ROLE, NO_HOST, NO_VALUE, NO_CALL, OURS_LATE, PLAYS };

#define STEPS(...) ((const struct wl_step[]){ __VA_ARGS__, { 0 } })
#define BEGIN(actor) { WL_START, actor }, { WL_READY, actor }
#define FRAME(text) { WL_START, "injector", .args = { text } }, { WL_END, "injector" }
#define TAKEN(receiver, text) FRAME(text), { WL_TOOK, receiver }
#define DATAGRAM(text) { WL_START, "caller", .args = { text, "7000" } }, { WL_END, "caller" }
#define HEARD(receiver, text) DATAGRAM(text), { WL_TOOK, receiver }
#define SCENARIO(stage, ...) { "play", "", stage, actors, values, STEPS(__VA_ARGS__) }
static const struct wl_scenario scenarios[PLAYS] = {
	[TYPED] = SCENARIO(&bare, BEGIN("reader"), { WL_TYPE, "reader", "$text" }, { WL_END,
		"reader" }),
	[IDLE] = SCENARIO(&bare, BEGIN("counter"), { WL_STOP, "counter" }, { WL_TYPE, "counter",
		"x" }),
	[QUIT] = SCENARIO(&bare, BEGIN("quitter"), { WL_TYPE, "quitter", "x" }, { WL_END,
		"quitter" }),
	[ENDLESS] = SCENARIO(&bare, BEGIN("reader"), { WL_END, "reader" }),
	[PAUSED] = SCENARIO(&bare, { WL_START, "quitter" }, { WL_PAUSE, .ms = 300000 }),
	[PRINTS] = SCENARIO(&bare, { WL_START, "counter" }, { WL_PRINTS, "counter", "one" },
		{ WL_TYPE, "counter", "x" }, { WL_PRINTS, "counter", "two" }, { WL_PRINTS,
			"counter", "three" },
		{ WL_QUIET, .ms = 20 }),
	[KEYED] = SCENARIO(&bare, BEGIN("reader"), { WL_KEY, "reader", "\x03" }, { WL_END,
		"reader" }),
	[CALLED] = SCENARIO(&bare, BEGIN("reader"), { WL_CALL, .call = set_and_type }, { WL_END,
		"reader" }),
	[AGAIN] = { "play", "", &cabled, actors, values, STEPS({ WL_QUIET, .ms = 1 }),
		with_another_address },
	[FLOODED] = SCENARIO(&cabled, { WL_START, "flood" }, { WL_END, "flood" }),
	[BLOCKING] = SCENARIO(&cabled, BEGIN("blocker"), TAKEN("blocker", "one"), TAKEN("blocker",
		"two")),
	[POLLING] = SCENARIO(&cabled, BEGIN("poller"), TAKEN("poller", "one"), TAKEN("poller",
		"two")),
	[QUEUING] = SCENARIO(&cabled, BEGIN("queuer"), TAKEN("queuer", "one"), TAKEN("queuer",
		"two")),
	[FLUSHED] = SCENARIO(&bare, BEGIN("flusher"), { WL_TYPE, "flusher", "$text" }, { WL_END,
		"flusher" }),
	[MEMBER] = SCENARIO(&cabled, BEGIN("member"), HEARD("member", "one"), HEARD("member", "two")),
	[IMPATIENT] = SCENARIO(&cabled, BEGIN("impatient"), HEARD("impatient", "one"), HEARD("impatient",
		"two")),
	[SPINNING] = SCENARIO(&cabled, BEGIN("spinner"), HEARD("spinner", "one"), HEARD("spinner", "two")),
	[MEMBERS] = SCENARIO(&cabled, BEGIN("member"), BEGIN("second")),
	[ACCEPTING] = SCENARIO(&cabled, BEGIN("server"), { WL_START, "injector", .args = { "text", "7001", NEAR } },
		{ WL_PRINTS, "injector", "sent" }, { WL_TOOK, "server" }),
	[BINDING] = SCENARIO(&cabled, BEGIN("binder")),
	[NO_ACTOR] = SCENARIO(&bare, { WL_START, "ghost" }),
	[NOT_STARTED] = SCENARIO(&bare, { WL_TYPE, "reader", "x" }),
	[NO_ROLE] = SCENARIO(&bare, { WL_START, "stranger" }),
	[NO_HOST] = SCENARIO(&bare, { WL_START, "lost" }),
	[NO_VALUE] = SCENARIO(&bare, BEGIN("reader"), { WL_TYPE, "reader", "$nothing" }),
	[NO_CALL] = SCENARIO(&bare, BEGIN("reader"), { WL_CALL, .call = give_up }),
	[OURS_LATE] = SCENARIO(&cabled, BEGIN("server"), { WL_START, "dawdler", .args = { "text", "7001", NEAR } },
		{ WL_READY, "dawdler" }),
};

static struct wl_observation *all_seen[PLAYS];

/* A folder with our program in it, in the place where a play looks for it. */
static const char *make_ours(struct wl_arena *arena)
{
	const char *ours = wl_strdup(arena, scratch());
	const char *folder = wl_format(arena, "%s/%s", ours, lesson.name);
	wl_auto_fd int fd = -1;

	CU_ASSERT_EQUAL(mkdir(folder, 0755), 0);
	fd = open(wl_format(arena, "%s/injector", folder), O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
	CU_ASSERT_EQUAL(write(fd, injector, strlen(injector)), (ssize_t)strlen(injector));
	return ours;
}

static void perform_plays(void)
{
	static struct wl_arena *arena; /* for the rest of the process */
	struct play_program programs[SCRIPTS];
	struct play_plan plans[PLAYS];
	struct board *board;
	const char *ours, *folder;

	arena = wl_arena_new();
	ours = make_ours(arena);
	folder = wl_strdup(arena, scratch());
	for (size_t i = 0; i < SCRIPTS; i++)
		programs[i] = (struct play_program){ scripts[i].role, scripts[i].argv, folder, "" };
	for (size_t i = 0; i < PLAYS; i++)
		plans[i] = (struct play_plan){ &lesson, &scenarios[i], 42, programs, SCRIPTS,
			ours, NULL };
	board = board_new(0);
	perform_all(plans, PLAYS, board, arena, all_seen, NULL, NULL);
	board_free(board);
}

/* The observation of PLAY, or NULL (with NOTRUN said) where there can be none. */
static const struct wl_observation *watch(enum play play)
{
	if (!can_stage())
		return NULL;
	if (!all_seen[0])
		perform_plays();
	if (all_seen[play]->trouble && play < NO_ACTOR)
		fprintf(stderr, "play %d: %s\n", (int)play, all_seen[play]->trouble);
	CU_ASSERT_TRUE(play >= NO_ACTOR || !all_seen[play]->trouble);
	return all_seen[play];
}

/*
 * The log as letters: S(tarted) R(eady) U(nready) P(rinted) T(yped) A (paused) E(nded) N (not
 * ended) L(imit) K (killed at the end) Q(uiet); prints in a row count once.
 */
static const char *log_of(const struct wl_observation *seen, char *letters, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < seen->event_count && len + 1 < size; i++) {
		char letter = " SRUPTAENLKQ"[seen->events[i].kind];

		if (letter != 'P' || !len || letters[len - 1] != 'P')
			letters[len++] = letter;
	}
	letters[len] = '\0';
	return letters;
}

static bool went(const struct wl_observation *seen, const char *expected)
{
	char letters[64];

	if (strcmp(log_of(seen, letters, sizeof(letters)), expected) == 0)
		return true;
	fprintf(stderr, "wanted %s, have %s\n", expected, letters);
	return false;
}

static const struct wl_event *event(const struct wl_observation *seen, enum wl_event_kind kind)
{
	static const struct wl_event none = { .bytes = (const uint8_t *)"" };
	const struct wl_event *found = wl_find_event(seen, 0, kind, 0);

	CU_ASSERT_PTR_NOT_NULL(found);
	return found ? found : &none;
}

static bool printed(const struct wl_observation *seen, const char *text)
{
	struct wl_arena *arena = wl_arena_new();
	size_t len;
	bool same = strcmp(wl_printed_between(seen, arena, 0, 0, SIZE_MAX, &len), text) == 0;

	wl_arena_free(arena);
	return same;
}

static void a_line_is_typed_at_the_prompt(void)
{
	const struct wl_observation *seen = watch(TYPED);
	const char *text;
	char expected[128];

	if (!seen)
		return;
	text = (const char *)wl_observed_value(seen, "text")->bytes;
	CU_ASSERT_TRUE(went(seen, "SPRTPE"));
	snprintf(expected, sizeof(expected), "%s\r", text); /* Enter */
	CU_ASSERT_STRING_EQUAL(event(seen, WL_EVENT_TYPED)->bytes, expected);
	snprintf(expected, sizeof(expected), "payload: got %s\n", text);
	CU_ASSERT_TRUE(printed(seen, expected)); /* what was typed is not printed too */
	CU_ASSERT_EQUAL(event(seen, WL_EVENT_ENDED)->number, 0);
	CU_ASSERT_TRUE(seen->seed == 42 && seen->take == 1);
	CU_ASSERT_TRUE(seen->performer_count == 1 && seen->performers[0].submitted);
	CU_ASSERT_STRING_EQUAL(seen->performers[0].host, "near");
}

/* Nothing is typed before the program has set its terminal up; then Enter is what the key sends. */
static void raw_keys_are_typed_when_they_are_read(void)
{
	const struct wl_observation *seen = watch(FLUSHED);
	char expected[128];

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SPRTPE"));
	snprintf(expected, sizeof(expected), "payload: \ngot %s\n",
		(const char *)wl_observed_value(seen, "text")->bytes);
	CU_ASSERT_TRUE(printed(seen, expected));
}

static void who_never_gets_ready_is_given_up(void)
{
	const struct wl_observation *seen = watch(IDLE);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SPUK")); /* stopped, and not typed at any more */
	CU_ASSERT_STRING_EQUAL(event(seen, WL_EVENT_UNREADY)->bytes, "reads its terminal");
}

static void who_exits_at_once_is_not_waited_for(void)
{
	const struct wl_observation *seen = watch(QUIT);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SEU"));
	CU_ASSERT_EQUAL(WEXITSTATUS((int)event(seen, WL_EVENT_ENDED)->number), 3);
	CU_ASSERT_STRING_EQUAL(event(seen, WL_EVENT_UNREADY)->bytes, "ended");
}

static void an_end_that_never_comes_is_given_up(void)
{
	const struct wl_observation *seen = watch(ENDLESS);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SPRNK"));
	CU_ASSERT_STRING_EQUAL(event(seen, WL_EVENT_UNENDED)->bytes, "reads its terminal");
}

/* Five minutes are longer than a performance may last: it would be trouble. */
static void a_pause_ends_with_the_last_program(void)
{
	const struct wl_observation *seen = watch(PAUSED);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SEA"));
	CU_ASSERT_EQUAL(event(seen, WL_EVENT_PAUSED)->number, 300000);
}

static void prints_and_quiet_are_waited_for(void)
{
	const struct wl_observation *seen = watch(PRINTS);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SPTPQK")); /* "three" is given up without a word */
	CU_ASSERT_TRUE(printed(seen, "one\ntwo\n"));
	CU_ASSERT_EQUAL(event(seen, WL_EVENT_QUIET)->number, 20);
}

static void a_key_is_pressed(void)
{
	const struct wl_observation *seen = watch(KEYED);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SPRTE") || went(seen, "SPRTPE"));
	CU_ASSERT_EQUAL(event(seen, WL_EVENT_TYPED)->len, 1);
	CU_ASSERT_NOT_EQUAL(event(seen, WL_EVENT_ENDED)->number, 0);
}

static void a_call_sets_and_performs(void)
{
	const struct wl_observation *seen = watch(CALLED);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SPRTPE"));
	CU_ASSERT_TRUE(printed(seen, "payload: got by call\n"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(wl_observed_value(seen, "called"));
	CU_ASSERT_STRING_EQUAL(wl_observed_value(seen, "called")->bytes, "by call");
}

/* Its scenario would have it played again for ever. */
static void another_take_has_the_changed_value(void)
{
	const struct wl_observation *seen = watch(AGAIN);

	if (!seen)
		return;
	CU_ASSERT_EQUAL(seen->take, 5);
	CU_ASSERT_STRING_EQUAL(wl_observed_value(seen, "address")->bytes, "10.77.0.9/24");
	CU_ASSERT_EQUAL_FATAL(seen->point_count, 4); /* two cables, two lo */
	CU_ASSERT_STRING_EQUAL(seen->points[0].address, "10.77.0.9");
}

static size_t count_datagrams(const struct wl_observation *seen, const char *host,
	enum wl_direction direction)
{
	struct wl_arena *arena = wl_arena_new();
	size_t count, found = 0;
	const struct wl_datagram *all = wl_datagrams(seen, arena, &count);

	for (size_t i = 0; i < count; i++)
		found += all[i].direction == direction && all[i].destination_port == 7000 &&
			strcmp(seen->points[all[i].point].host, host) == 0;
	wl_arena_free(arena);
	return found;
}

/* The program is gone before the capture has seen its last frames. */
static void the_capture_is_complete(void)
{
	const struct wl_observation *seen = watch(FLOODED);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SE"));
	CU_ASSERT_EQUAL(event(seen, WL_EVENT_ENDED)->number, 0);
	CU_ASSERT_EQUAL(count_datagrams(seen, "near", WL_FROM_HOST), 200);
	CU_ASSERT_EQUAL(count_datagrams(seen, "far", WL_TO_HOST), 200);
	for (size_t i = 1; i < seen->frame_count; i++)
		CU_ASSERT_TRUE(seen->frames[i - 1].at_ns <= seen->frames[i].at_ns);
}

/* The event that starts injection NTH, or the number of events. */
static size_t injection(const struct wl_observation *seen, size_t nth)
{
	for (size_t at = 0; at < seen->event_count; at++)
		if (seen->events[at].kind == WL_EVENT_STARTED && seen->events[at].performer > 0 &&
			nth-- == 0)
			return at;
	return seen->event_count;
}

/* TEXT was printed between injection NTH and the next one, and nothing else. */
static bool taken(const struct wl_observation *seen, size_t nth, const char *text)
{
	struct wl_arena *arena = wl_arena_new();
	size_t from = injection(seen, nth), to = injection(seen, nth + 1), len;
	const char *said = wl_printed_between(seen, arena, 0, from, to, &len);
	bool same = strcmp(said, text) == 0;

	if (!same)
		fprintf(stderr, "injection %zu: \"%s\" was printed\n", nth, said);
	wl_arena_free(arena);
	return same;
}

static void frames_are_taken_one_by_one(void)
{
	static const enum play plays[] = { BLOCKING, POLLING, QUEUING };

	for (size_t i = 0; i < 3; i++) {
		const struct wl_observation *seen = watch(plays[i]);

		if (!seen)
			return;
		event(seen, WL_EVENT_READY);
		CU_ASSERT_TRUE(taken(seen, 0, "got one\n") && taken(seen, 1, "got two\n"));
	}
}

static void datagrams_are_taken_one_by_one(void)
{
	static const enum play plays[] = { MEMBER, IMPATIENT, SPINNING };

	for (size_t i = 0; i < 3; i++) {
		const struct wl_observation *seen = watch(plays[i]);

		if (!seen)
			return;
		event(seen, WL_EVENT_READY);
		CU_ASSERT_TRUE(taken(seen, 0, "got one\n") && taken(seen, 1, "got two\n"));
	}
}

/* The users of the group that were noted when PERFORMER was ready. */
static unsigned int users_of(const struct wl_observation *seen, uint32_t performer)
{
	for (size_t i = 0; i < seen->membership_count; i++)
		if (seen->memberships[i].performer == performer &&
			strcmp(seen->memberships[i].membership.group, GROUP) == 0)
			return seen->memberships[i].membership.users;
	return 0;
}

/* The server reads half a second after it has accepted, so at least that long after the call's first frame; its machine had the bytes long before. */
static void bytes_are_taken_when_they_are_read(void)
{
	const struct wl_observation *seen = watch(ACCEPTING);
	const struct wl_event *accepted, *took;

	if (!seen)
		return;
	CU_ASSERT_TRUE_FATAL(went(seen, "SRSPRKK"));
	accepted = wl_find_event(seen, 0, WL_EVENT_READY, 0);
	took = wl_find_event(seen, 0, WL_EVENT_READY, (size_t)(accepted - seen->events) + 1);
	CU_ASSERT_TRUE_FATAL(accepted && took && seen->frame_count > 0);
	CU_ASSERT_TRUE(took->at_ns > seen->frames[0].at_ns + 450000000);
}

/* A socket that hears one address alone may be the first of several. */
static void a_server_is_ready_when_all_sockets_are_bound(void)
{
	const struct wl_observation *seen = watch(BINDING);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SRK"));
	CU_ASSERT_EQUAL(seen->socket_count, 2);
}

/* The socket is bound long before the group is joined. */
static void a_member_is_ready_when_it_has_joined(void)
{
	const struct wl_observation *seen = watch(MEMBERS);

	if (!seen)
		return;
	CU_ASSERT_TRUE(went(seen, "SRSRKK"));
	CU_ASSERT_TRUE(users_of(seen, 0) == 1 && users_of(seen, 1) == 2);
}

static void what_cannot_be_played_is_trouble(void)
{
	static const char *const words[] = { "no actor ghost", "reader was not started",
		"stranger is not in the cast", "no host nowhere", "has no value \"nothing\"",
		"has no value \"nothing\"", "dawdler of ours was not ready in time" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const struct wl_observation *seen = watch(NO_ACTOR + (enum play)i);

		if (!seen)
			return;
		CU_ASSERT_PTR_NOT_NULL_FATAL(seen->trouble);
		CU_ASSERT_PTR_NOT_NULL(strstr(seen->trouble, words[i]));
		CU_ASSERT_EQUAL(seen->take, 1);
	}
}

void suite_play(void);
void suite_play(void)
{
	test("a line is typed at the prompt", a_line_is_typed_at_the_prompt);
	test("raw keys are typed when they are read", raw_keys_are_typed_when_they_are_read);
	test("who never gets ready is given up", who_never_gets_ready_is_given_up);
	test("who exits at once is not waited for", who_exits_at_once_is_not_waited_for);
	test("an end that never comes is given up", an_end_that_never_comes_is_given_up);
	test("a pause ends with the last program", a_pause_ends_with_the_last_program);
	test("prints and quiet are waited for", prints_and_quiet_are_waited_for);
	test("a key is pressed", a_key_is_pressed);
	test("a call sets and performs", a_call_sets_and_performs);
	test("another take has the changed value", another_take_has_the_changed_value);
	test("the capture is complete", the_capture_is_complete);
	test("frames are taken one by one", frames_are_taken_one_by_one);
	test("datagrams are taken one by one", datagrams_are_taken_one_by_one);
	test("bytes are taken when they are read", bytes_are_taken_when_they_are_read);
	test("a server is ready when all its sockets are bound", a_server_is_ready_when_all_sockets_are_bound);
	test("a member is ready when it has joined", a_member_is_ready_when_it_has_joined);
	test("what cannot be played is trouble", what_cannot_be_played_is_trouble);
}
