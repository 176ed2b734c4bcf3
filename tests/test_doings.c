/*
 * What tasks wait for, seen from outside: each program comes to one wait, which must be told with its system call, what it is on, whether
 * it has a timeout. Names of calls differ between machines (poll, ppoll): a part of the name is enough.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/doings.h"
#include "tests/caged.h"
#include "tests/tests.h"

#define MOST 64
#define SOCKETS                                                                                    \
	"import os, select, signal, socket, subprocess, sys, threading, time\n"                    \
	"a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a.bind(('127.0.0.1', 0))\n"         \
	"l = socket.create_server(('127.0.0.1', 0))\n"                                             \
	"t = socket.create_connection(l.getsockname())\n"                                          \
	"print(os.fstat(a.fileno()).st_ino, os.fstat(l.fileno()).st_ino, os.fstat(t.fileno()).st_ino, 'are the sockets', " \
	"flush=True)\n"

static struct caged c;
static struct doing seen[MOST];
static size_t count;
static unsigned long long inodes[3];

/* Which socket a row should be on. */
enum where { NO_SOCKET, DATAGRAMS, LISTENER, CONNECTION };

static const struct {
	const char *script;
	enum wl_doing doing;
	enum wl_awaited on;
	const char *call;
	enum where where;
	bool sends, limited;
	int protocol; /* 0: any */
} rows[] = {
	{ "a.recvfrom(9)", WL_DOING_WAITS, WL_ON_SOCKET, "recvfrom", DATAGRAMS },
	{ "a.recvmsg(9)", WL_DOING_WAITS, WL_ON_SOCKET, "recvmsg", DATAGRAMS },
	{ "a.settimeout(1000); a.recv(9)", WL_DOING_WAITS, WL_ON_SOCKET, "poll", DATAGRAMS, .limited = true },
	{ "os.read(t.fileno(), 9)", WL_DOING_WAITS, WL_ON_SOCKET, "read", CONNECTION },
	{ "t.sendall(bytes(1 << 26))", WL_DOING_WAITS, WL_ON_SOCKET, "send", CONNECTION, .sends = true },
	{ "select.select([l, a], [], [a]) and l.accept(); select.select([l], [], [])", WL_DOING_WAITS, WL_ON_SOCKET, "select", LISTENER },
	{ "p = select.epoll(); p.register(t, select.EPOLLIN); p.poll(1000)", WL_DOING_WAITS, WL_ON_SOCKET, "epoll", CONNECTION,
		.limited = true },
	{ "input('? ')", WL_DOING_WAITS, WL_ON_TERMINAL, "", NO_SOCKET },
	{ "open('/dev/tty').read()", WL_DOING_WAITS, WL_ON_TERMINAL, "read", NO_SOCKET },
	{ "r, w = os.pipe(); os.read(r, 9)", WL_DOING_WAITS, WL_ON_PIPE, "read", NO_SOCKET },
	{ "r, w = os.pipe(); os.write(w, bytes(1 << 20))", WL_DOING_WAITS, WL_ON_PIPE, "write", NO_SOCKET, .sends = true },
	{ "u, v = socket.socketpair(); u.recv(9)", WL_DOING_WAITS, WL_ON_PIPE, "recvfrom", NO_SOCKET },
	{ "u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.recv(9)", WL_DOING_WAITS, WL_ON_SOCKET, "recvfrom", NO_SOCKET,
		.protocol = IPPROTO_UDP },
	{ "u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); u.recv(9)", WL_DOING_WAITS, WL_ON_SOCKET, "recvfrom", NO_SOCKET,
		.protocol = IPPROTO_UDP },
	{ "l.accept(); l.accept()", WL_DOING_WAITS, WL_ON_SOCKET, "accept", LISTENER, .protocol = IPPROTO_TCP },
	{ "time.sleep(1000)", WL_DOING_WAITS, WL_ON_TIME, "sleep", NO_SOCKET },
	{ "signal.pause()", WL_DOING_WAITS, WL_ON_SIGNAL, "", NO_SOCKET },
	{ "x = threading.Lock(); x.acquire(); x.acquire()", WL_DOING_WAITS, WL_ON_TASK, "futex", NO_SOCKET },
	{ "subprocess.run(['sleep', '1000'])", WL_DOING_WAITS, WL_ON_CHILD, "wait", NO_SOCKET },
	{ "while True: pass", WL_DOING_RUNS, WL_ON_NOTHING, "", NO_SOCKET },
	{ "os.kill(os.getpid(), signal.SIGSTOP)", WL_DOING_STOPPED, WL_ON_NOTHING, "", NO_SOCKET },
	{ "threading.Thread(target=lambda: (time.sleep(0.2), os.close(a.detach()))).start(); a.recv(9)", WL_DOING_WAITS, WL_ON_CLOSED,
		"recvfrom", NO_SOCKET },
};

static bool is_row(const struct doing *doing, size_t row)
{
	uint64_t inode = rows[row].where ? inodes[rows[row].where - 1] : 0;

	return doing->doing == rows[row].doing && doing->on == rows[row].on && strstr(doing->call, rows[row].call) &&
	       doing->sends == rows[row].sends && doing->limited == rows[row].limited &&
	       (!rows[row].protocol || doing->protocol == rows[row].protocol) && (!inode || doing->inode == inode);
}

static bool is_told(size_t row)
{
	count = doings_look(c.proc, seen, MOST);
	for (size_t i = 0; i < count; i++)
		if (is_row(&seen[i], row))
			return true;
	return false;
}

static bool begin(const char *script)
{
	return caged_python(&c, script, (struct proc_spec){ 0 }) && caged_hears(&c, "are the sockets\n") &&
	       sscanf(c.said, "%llu %llu %llu", &inodes[0], &inodes[1], &inodes[2]) == 3;
}

static void check_row(size_t row)
{
	char script[2048];

	snprintf(script, sizeof(script), "%s%s\n", SOCKETS, rows[row].script);
	if (begin(script)) {
		CU_ASSERT_TRUE(caged_until(&c, is_told(row)));
		if (!is_told(row))
			fprintf(stderr, "%s: %zu, %d %d %s\n", rows[row].script, count, seen[0].doing, seen[0].on, seen[0].call);
	} else {
		CU_FAIL("not started");
	}
	caged_down(&c);
}

static void waits_are_told(void)
{
	if (!can_stage())
		return;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(i);
}

/* The first row that does this with this socket (0: any), or NULL. */
static const struct doing *row_of(enum wl_doing doing, enum wl_awaited on, uint64_t inode)
{
	for (size_t i = 0; i < count; i++)
		if (seen[i].doing == doing && seen[i].on == on && (!inode || seen[i].inode == inode))
			return &seen[i];
	return NULL;
}

/* Rows of a task stand together; tasks and processes are counted from 1. */
static void tasks_and_processes_are_numbered(void)
{
	static const char script[] = SOCKETS "pid = os.fork()\nif not pid: time.sleep(1000)\n"
					     "threading.Thread(target=lambda: select.select([a, t, 0], [], [])).start()\n"
					     "os.waitpid(pid, 0)\n";
	bool numbered;

	if (!can_stage())
		return;
	numbered = begin(script) && caged_until(&c, (count = doings_look(c.proc, seen, MOST)) == 6 && seen[0].on == WL_ON_CHILD &&
							    seen[1].on == WL_ON_TERMINAL && seen[5].on == WL_ON_TIME);
	CU_ASSERT_TRUE(numbered);
	CU_ASSERT_TRUE(numbered && seen[0].process == 1 && seen[0].task == 1);
	for (size_t i = 1; numbered && i < 4; i++)
		CU_ASSERT_TRUE(seen[i].process == 1 && seen[i].task == 2);
	CU_ASSERT_TRUE(numbered && seen[4].doing == WL_DOING_HOLDS && seen[4].inode == inodes[1] && seen[4].process == 0);
	CU_ASSERT_TRUE(numbered && seen[5].process == 2 && seen[5].task == 1);
	CU_ASSERT_EQUAL(doings_look(c.proc, seen, 2), 2);
	caged_down(&c);
}

static void what_a_child_waits_on_is_waited_on(void)
{
	static const char script[] = SOCKETS "pid = os.fork()\nif not pid: a.recv(9)\nos.waitpid(pid, 0)\n";
	bool told;

	if (!can_stage())
		return;
	told = begin(script) && caged_until(&c, (count = doings_look(c.proc, seen, MOST)) && row_of(WL_DOING_WAITS, WL_ON_SOCKET, inodes[0]) &&
							row_of(WL_DOING_WAITS, WL_ON_CHILD, 0));
	CU_ASSERT_TRUE(told);
	CU_ASSERT_TRUE(told && row_of(WL_DOING_WAITS, WL_ON_SOCKET, inodes[0])->process == 2);
	CU_ASSERT_TRUE(told && row_of(WL_DOING_HOLDS, WL_ON_SOCKET, inodes[1]) && row_of(WL_DOING_HOLDS, WL_ON_SOCKET, inodes[2]));
	CU_ASSERT_PTR_NULL(row_of(WL_DOING_HOLDS, WL_ON_SOCKET, inodes[0]));
	caged_down(&c);
}

static void nothing_is_done_behind_the_end(void)
{
	if (!can_stage())
		return;
	if (caged_python(&c, "pass", (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_EQUAL(doings_look(c.proc, seen, MOST), 0);
	}
	caged_down(&c);
}

void suite_doings(void);
void suite_doings(void)
{
	test("waits are told", waits_are_told);
	test("tasks and processes are numbered", tasks_and_processes_are_numbered);
	test("what a child waits on is waited on", what_a_child_waits_on_is_waited_on);
	test("nothing is done behind the end", nothing_is_done_behind_the_end);
}
