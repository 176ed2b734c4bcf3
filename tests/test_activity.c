/*
 * What a program is doing, seen from outside. Each program prints the inode number of its socket
 * first; the number is asked for in its activity.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "tests/caged.h"
#include "tests/tests.h"

#define SOCKETS                                                                                    \
	"import os, select, signal, socket, sys, threading, time\n"                                \
	"a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a.bind(('127.0.0.1', 0))\n"         \
	"b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"                                   \
	"print(os.fstat(a.fileno()).st_ino, os.fstat(b.fileno()).st_ino, 'are the sockets', "      \
	"flush=True)\n"

static struct caged c;
static unsigned long long inode_a, inode_b;

static struct proc_activity now(void)
{
	struct proc_activity activity;

	proc_activity(c.proc, &activity);
	return activity;
}

static bool start(const char *script)
{
	if (!caged_python(&c, script, (struct proc_spec){ 0 }) ||
		!caged_hears(&c, "are the sockets\n"))
		return false;
	return sscanf(c.said, "%llu %llu", &inode_a, &inode_b) == 2;
}

/* SCRIPT shall come to receive on the first socket and not on the second. */
static void check_receiving(const char *script, bool idle, bool reads_terminal)
{
	if (!can_stage())
		return;
	CU_ASSERT_TRUE_FATAL(start(script));
	CU_ASSERT_TRUE(caged_until(&c, proc_receives_on(c.proc, inode_a)));
	CU_ASSERT_FALSE(proc_receives_on(c.proc, inode_b));
	CU_ASSERT_TRUE(caged_until(&c, now().idle == idle));
	CU_ASSERT_TRUE(caged_until(&c, now().reads_terminal == reads_terminal));
	CU_ASSERT_TRUE(proc_holds(c.proc, inode_a));
	CU_ASSERT_TRUE(proc_holds(c.proc, inode_b));
	CU_ASSERT_FALSE(proc_holds(c.proc, 1));
	CU_ASSERT_FALSE(c.ended);
	caged_down(&c);
}

static void recv_waits(void)
{
	check_receiving(SOCKETS "a.recv(9)", true, false);
	check_receiving(SOCKETS "a.recvfrom(9)", true, false);
	check_receiving(SOCKETS "a.recvmsg(9)", true, false);
	check_receiving(SOCKETS "os.read(a.fileno(), 9)", true, false);
}

static void recv_with_timeout_is_not_idle(void)
{
	check_receiving(SOCKETS "a.settimeout(1000); a.recv(9)", false, false);
}

static void sets_are_read(void)
{
	check_receiving(SOCKETS "select.select([a], [], [b])", true, false);
	check_receiving(SOCKETS "select.select([a], [], [], 1000)", false, false);
	check_receiving(SOCKETS "select.select([a, sys.stdin], [], [])", true, true);
	check_receiving(SOCKETS "p = select.poll(); p.register(b, select.POLLPRI)\n"
				"p.register(a, select.POLLIN); p.poll()", true, false);
	check_receiving(SOCKETS "p = select.epoll(); p.register(b, select.EPOLLPRI)\n"
				"p.register(a, select.EPOLLIN); p.poll()", true, false);
	check_receiving(SOCKETS "p = select.epoll(); p.register(a, select.EPOLLIN); p.poll(1000)",
		false, false);
}

static void accept_waits(void)
{
	check_receiving("import os, socket\n"
			"a = socket.create_server(('127.0.0.1', 0)); b = socket.socket()\n"
			"print(os.fstat(a.fileno()).st_ino, os.fstat(b.fileno()).st_ino,"
			" 'are the sockets', flush=True)\n"
			"a.accept()",
		true, false);
}

static void threads_and_children_count(void)
{
	check_receiving(SOCKETS "t = threading.Thread(target=lambda: a.recv(9))\n"
				"t.start(); t.join()",
		true, false);
	check_receiving(SOCKETS "os.fork() or a.recv(9)\nos.wait()", true, false);
	check_receiving(SOCKETS "t = threading.Thread(target=lambda: time.sleep(1000)); t.start()\n"
				"a.recv(9)",
		false, false);
}

static void c_program_waits(void)
{
	static const char source_text[] =
		"#include <stdio.h>\n#include <sys/socket.h>\n#include <sys/stat.h>\n"
		"int main(void) { struct stat x, y; char text[9];\n"
		"int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0);\n"
		"fstat(a, &x); fstat(b, &y);\n"
		"printf(\"%lu %lu are the sockets\\n\", (long)x.st_ino, (long)y.st_ino);\n"
		"recvfrom(a, text, 9, 0, 0, 0); return 0; }\n";
	const char *folder;

	if (!can_stage())
		return;
	folder = caged_folder("waits.c", source_text, 0644);
	if (caged_shell(&c, "cc -o /tmp/waits /sub/waits.c && exec /tmp/waits",
		    (struct proc_spec){ .folder = folder })) {
		CU_ASSERT_TRUE_FATAL(caged_hears(&c, "are the sockets\n"));
		sscanf(c.said, "%llu %llu", &inode_a, &inode_b);
		CU_ASSERT_TRUE(caged_until(&c, proc_receives_on(c.proc, inode_a) && now().idle));
		CU_ASSERT_FALSE(proc_receives_on(c.proc, inode_b));
		CU_ASSERT_EQUAL(now().tasks, 1);
	}
	caged_down(&c);
}

static void terminal_is_read(void)
{
	if (!can_stage())
		return;
	if (caged_python(&c, "input('? ')\nopen('/dev/tty').readline()", (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_until(&c, now().reads_terminal && now().idle));
		CU_ASSERT_EQUAL(now().switches, now().switches);
		caged_type(&c, "one\n");
		CU_ASSERT_TRUE(caged_until(&c, now().reads_terminal && now().idle)); /* /dev/tty */
		caged_type(&c, "two\n");
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_EQUAL(c.status, 0);
	}
	caged_down(&c);
}

static void other_terminal_is_not_its_own(void)
{
	if (!can_stage())
		return;
	if (caged_python(&c,
		    "import os\nm, s = os.openpty()\nprint('open', flush=True)\nos.read(s, 9)",
		    (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_hears(&c, "open"));
		CU_ASSERT_TRUE(caged_until(&c, now().idle));
		CU_ASSERT_FALSE(now().reads_terminal);
	}
	caged_down(&c);
}

static void sleep_is_neither(void)
{
	struct proc_activity seen;

	if (!can_stage())
		return;
	if (caged_shell(&c, "echo up; exec sleep 1000", (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_hears(&c, "up"));
		CU_ASSERT_TRUE(caged_until(&c, (seen = now(), seen.tasks == 1 && !seen.computing)));
		CU_ASSERT_FALSE(seen.idle);
		CU_ASSERT_FALSE(seen.reads_terminal);
	}
	caged_down(&c);
}

static void spinning_is_computing(void)
{
	struct proc_activity first, then;

	if (!can_stage())
		return;
	if (caged_python(&c, "print('up', flush=True)\nwhile True: pass",
		    (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_hears(&c, "up"));
		CU_ASSERT_TRUE(caged_until(&c, (first = now()).computing));
		CU_ASSERT_FALSE(first.idle);
		CU_ASSERT_TRUE(caged_until(&c, (then = now()).cpu_ns > first.cpu_ns + 20000000
			&& then.switches > first.switches));
		CU_ASSERT_TRUE(then.run_delay_ns >= first.run_delay_ns);
	}
	caged_down(&c);
}

static void nothing_runs_before_and_behind(void)
{
	struct proc_activity seen;

	if (!can_stage())
		return;
	if (caged_python(&c, "input('? ')", (struct proc_spec){ 0 })) {
		CU_ASSERT_TRUE(caged_until(&c, (seen = now()).tasks > 0 || seen.idle));
		CU_ASSERT_TRUE(caged_until(&c, now().idle));
		caged_type(&c, "\n");
		CU_ASSERT_TRUE(caged_ends(&c));
		seen = now();
		CU_ASSERT_EQUAL(seen.tasks, 0);
		CU_ASSERT_FALSE(seen.idle);
		CU_ASSERT_FALSE(proc_receives_on(c.proc, 1));
		CU_ASSERT_FALSE(proc_holds(c.proc, 1));
	}
	caged_down(&c);
}

void suite_activity(void);
void suite_activity(void)
{
	test("recv and its kin wait on a socket", recv_waits);
	test("recv with a timeout is not idle", recv_with_timeout_is_not_idle);
	test("the sets of select, poll and epoll are read", sets_are_read);
	test("accept waits", accept_waits);
	test("threads and children count", threads_and_children_count);
	test("a C program waits", c_program_waits);
	test("the terminal is read", terminal_is_read);
	test("another terminal is not its own", other_terminal_is_not_its_own);
	test("sleep is neither idle nor computing", sleep_is_neither);
	test("spinning is computing", spinning_is_computing);
	test("nothing runs before and behind", nothing_runs_before_and_behind);
}
