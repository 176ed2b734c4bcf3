/*
 * The cage from inside: what a hostile or a merely curious program sees, and what it is refused.
 * Each program says what happened to it, and the words are compared.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "tests/caged.h"
#include "tests/tests.h"

static struct caged c;

/* Run it to its end; what it printed is in c.said. */
static void shell(const char *script, struct proc_spec spec)
{
	if (caged_shell(&c, script, spec))
		CU_ASSERT_TRUE(caged_ends(&c));
}

static void python(const char *script, struct proc_spec spec)
{
	if (caged_python(&c, script, spec))
		CU_ASSERT_TRUE(caged_ends(&c));
}

static void check_said(const char *expected)
{
	if (strcmp(c.said, expected) != 0)
		fprintf(stderr, "expected: %s\nactual: %.3000s\n", expected, c.said);
	CU_ASSERT_STRING_EQUAL(c.said, expected);
	caged_down(&c);
}

static void environment_is_fixed(void)
{
	if (!can_stage())
		return;
	setenv("WIRELAB_SECRET", "secret", 1);
	shell("env | sort; pwd; hostname; id -u; umask", (struct proc_spec){ .host = 1 });
	unsetenv("WIRELAB_SECRET");
	check_said("HOME=/tmp\nLANG=C.UTF-8\nPATH=/usr/local/bin:/usr/bin:/bin\nPWD=/tmp\n"
		   "TERM=dumb\nTZ=UTC0\n/tmp\nlocalhost\n0\n0022\n");
}

static void own_name_has_an_address(void)
{
	if (!can_stage())
		return;
	python("import socket\nprint(socket.gethostbyname(socket.gethostname()))", (struct proc_spec){ .host = 1 });
	check_said("127.0.0.1\n");
}

static void files_of_the_machine_are_not_there(void)
{
	if (!can_stage())
		return;
	shell("echo /*; ls -d /home /root /work /var /run /etc/shadow /etc/passwd 2>/dev/null;"
	      "cat /proc/1/environ /proc/1/cmdline /proc/1/root/etc/shadow 2>/dev/null;"
	      "grep -c . /proc/self/mountinfo >/dev/null && echo end",
		(struct proc_spec){ 0 });
	check_said("/bin /dev /etc /lib /lib64 /proc /sbin /sub /sys /tmp /usr\nend\n");
}

static void other_processes_are_not_there(void)
{
	if (!can_stage())
		return;
	python("import os\n"
	       "pids = sorted(int(n) for n in os.listdir('/proc') if n.isdigit())\n"
	       "print(pids == [1, os.getpid()])\n"
	       "print(os.listdir('/proc/1'), os.getppid())\n"
	       "for pid in range(3, 2000):\n"
	       " try: os.kill(pid, 0); print('sees', pid)\n"
	       " except ProcessLookupError: pass\n"
	       "try: open('/proc/1/mem', 'r+b')\n"
	       "except OSError as e: print(e.strerror)\n",
		(struct proc_spec){ 0 });
	check_said("True\n[] 1\nNo such file or directory\n");
}

static void no_descriptor_leaks_in(void)
{
	int pair[2];

	if (!can_stage())
		return;
	CU_ASSERT_EQUAL_FATAL(pipe(pair), 0); /* without O_CLOEXEC */
	shell("ls /proc/self/fd | tr '\\n' ' '", (struct proc_spec){ 0 });
	check_said("0 1 2 3 "); /* 3 is the folder that ls reads */
	shell("ls /proc/self/fd | tr '\\n' ' '", (struct proc_spec){ .trusted = true });
	check_said("0 1 2 3 ");
	close(pair[0]);
	close(pair[1]);
}

static void only_small_folders_can_be_written(void)
{
	struct proc_spec spec = { .limits = { .tmp_bytes = 1 << 20, .file_bytes = 1 << 19 } };

	if (!can_stage())
		return;
	spec.folder = caged_folder("own.txt", "mine\n", 0666);
	python("import os, signal\n"
	       "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
	       "for place in '/', '/sub', '/usr', '/usr/bin', '/etc', '/dev', '/proc', '/proc/1':\n"
	       " try: open(place + '/new', 'w'); print('wrote to', place)\n"
	       " except OSError: pass\n"
	       "def fill(name):\n"
	       " n = 0\n"
	       " try:\n"
	       "  with open(name, 'wb', 0) as f:\n"
	       "   while n < 1 << 28: n += f.write(bytes(65536))\n"
	       " except OSError: pass\n"
	       " return n\n"
	       "print(fill('/tmp/a') == 1 << 19, fill('/tmp/b') + fill('/tmp/c') <= 1 << 19)\n"
	       "print(sum(fill('/dev/shm/%d' % i) for i in range(20)) <= 4 << 20)\n"
	       "os.remove('/tmp/a')\n"
	       "try: open('own.txt', 'a'); print('changed')\n"
	       "except OSError as e: print(e.strerror)\n"
	       "print(open('own.txt').read(), open('/sub/own.txt').read())\n",
		spec);
	check_said("True True\nTrue\nRead-only file system\nmine\n mine\n\n");
}

static void make_file(const char *folder, const char *name)
{
	wl_auto_fd int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	wl_auto_fd int fd = openat(at, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	CU_ASSERT_TRUE(fd >= 0);
}

/* Names in the folder are a stranger's: they become links and nothing else. */
static void hostile_names_are_only_names(void)
{
	static const char *const names[] = { "--bind", "-h", "a b", "new\nline", "quo'te\"",
		"\xff\xfe", "$(id)", "..x", "한글", NULL };
	const char *folder;

	if (!can_stage())
		return;
	folder = scratch();
	for (size_t i = 0; names[i]; i++)
		make_file(folder, names[i]);
	python("import os\n"
	       "tmp = os.listdir(b'/tmp')\n"
	       "print(len(tmp), sorted(tmp) == sorted(os.listdir(b'/sub')))\n"
	       "print(all(os.readlink(b'/tmp/' + n) == b'/sub/' + n for n in tmp))\n"
	       "print(sorted(os.listdir('/')))\n",
		(struct proc_spec){ .folder = folder });
	check_said("9 True\nTrue\n['bin', 'dev', 'etc', 'lib', 'lib64', 'proc', 'sbin', 'sub', "
		   "'sys', 'tmp', 'usr']\n");
}

static void own_program_is_linked_among_many(void)
{
	static const char *const argv[] = { "./zz.sh", "here", NULL };
	char folder[4096], own[4200], path[8400];
	wl_auto_fd int fd = -1;

	if (!can_stage())
		return;
	snprintf(folder, sizeof(folder), "%s", scratch());
	snprintf(own, sizeof(own), "%s/udp", folder);
	CU_ASSERT_EQUAL(mkdir(own, 0755), 0);
	for (int i = 0; i < 400; i++) {
		snprintf(path, sizeof(path), "file%d", i);
		make_file(own, path);
	}
	snprintf(path, sizeof(path), "%s/zz.sh", own);
	fd = open(path, O_WRONLY | O_CREAT, 0755);
	CU_ASSERT_TRUE(dprintf(fd, "#!/bin/sh\necho $1 $(ls | wc -l) $(readlink -f zz.sh)\n") > 0);
	close(wl_steal_fd(&fd));
	if (caged_up(&c, (struct proc_spec){ .argv = argv, .folder = folder, .subfolder = "udp" }))
		CU_ASSERT_TRUE(caged_ends(&c));
	CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "here 20")); /* 200 or 201 */
	CU_ASSERT_PTR_NOT_NULL(strstr(c.said, "/sub/udp/zz.sh"));
	caged_down(&c);
}

/* Compiled as the harness would: in a cage that may write to the folder. Returns the folder. */
static const char *compiled(const char *text)
{
	static const char *const cc[] = { "cc", "-o", "attack", "attack.c", NULL };
	static char folder[4096];

	snprintf(folder, sizeof(folder), "%s", caged_folder("attack.c", text, 0644));
	if (caged_up(&c, (struct proc_spec){ .argv = cc, .folder = folder, .writable = true })) {
		CU_ASSERT_TRUE(caged_ends(&c));
		CU_ASSERT_EQUAL(c.status, 0);
		CU_ASSERT_STRING_EQUAL(c.said, "");
	}
	caged_down(&c);
	return folder;
}

static void building_writes_to_the_folder(void)
{
	const char *folder;

	if (!can_stage())
		return;
	folder = caged_folder("x", "", 0644);
	shell("pwd; echo new > made; ls -1",
		(struct proc_spec){ .folder = folder, .writable = true });
	check_said("/sub\nmade\nx\n");
}

static void system_calls_are_refused(void)
{
	static const char *const argv[] = { "./attack", NULL };
	static const char text[] =
		"#define _GNU_SOURCE\n"
		"#include <errno.h>\n#include <sched.h>\n#include <signal.h>\n#include <stdio.h>\n"
		"#include <string.h>\n#include <sys/ioctl.h>\n#include <sys/mman.h>\n"
		"#include <sys/mount.h>\n#include <sys/ptrace.h>\n#include <sys/socket.h>\n"
		"#include <sys/syscall.h>\n#include <unistd.h>\n"
		"#define TRY(what, call) printf(\"%s %s\\n\", what,"
		" (long)(call) == -1 ? strerrorname_np(errno) : \"works\")\n"
		"#define HIGH (1l << 32)\n"
		"int main(void) {\n"
		"TRY(\"memfd\", memfd_create(\"x\", 0));\n"
		"TRY(\"unshare\", unshare(CLONE_NEWUSER));\n"
		"TRY(\"clone\", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));\n"
		"TRY(\"clone3\", syscall(SYS_clone3, 0, 0));\n"
		"TRY(\"setns\", setns(0, 0));\n"
		"TRY(\"mount\", mount(\"none\", \"/tmp\", \"tmpfs\", 0, 0));\n"
		"TRY(\"ptrace\", ptrace(PTRACE_TRACEME, 0, 0, 0));\n"
		"TRY(\"process_vm\", syscall(SYS_process_vm_readv, 1, 0, 0, 0, 0, 0));\n"
		"TRY(\"io_uring\", syscall(SYS_io_uring_setup, 1, 0));\n"
		"TRY(\"shm\", syscall(SYS_shmget, 0, 4096, 0600));\n"
		"TRY(\"bpf\", syscall(SYS_bpf, 0, 0, 0));\n"
		"TRY(\"mlock\", mlock(stdout, 1));\n"
		"TRY(\"hostname\", sethostname(\"x\", 1));\n"
		"TRY(\"vsock\", socket(AF_VSOCK, SOCK_STREAM, 0));\n"
		"TRY(\"vsock, high bits\", syscall(SYS_socket, HIGH | AF_VSOCK, SOCK_STREAM, 0));\n"
		"TRY(\"alg\", socket(AF_ALG, SOCK_SEQPACKET, 0));\n"
		"TRY(\"packet\", socket(AF_PACKET, SOCK_RAW, 0));\n"
		"TRY(\"typing\", ioctl(0, TIOCSTI, \"x\"));\n"
		"TRY(\"typing, high bits\", syscall(SYS_ioctl, 0, HIGH | TIOCSTI, \"x\"));\n"
		"TRY(\"inet\", socket(AF_INET, SOCK_STREAM, 0));\n"
		"TRY(\"inet6\", socket(AF_INET6, SOCK_STREAM, 0));\n"
		"TRY(\"unix\", socket(AF_UNIX, SOCK_STREAM, 0));\n"
		"TRY(\"netlink\", socket(AF_NETLINK, SOCK_RAW, 0));\n"
		"return 0; }\n";
	struct proc_spec spec = { .argv = argv };

	if (!can_stage())
		return;
	spec.folder = compiled(text);
	if (caged_up(&c, spec))
		CU_ASSERT_TRUE(caged_ends(&c));
	check_said("memfd EPERM\nunshare EPERM\nclone EPERM\nclone3 ENOSYS\nsetns EPERM\n"
		   "mount EPERM\nptrace EPERM\nprocess_vm EPERM\nio_uring EPERM\nshm EPERM\n"
		   "bpf EPERM\nmlock EPERM\nhostname EPERM\nvsock EAFNOSUPPORT\n"
		   "vsock, high bits EAFNOSUPPORT\nalg EAFNOSUPPORT\npacket EPERM\n"
		   "typing EPERM\ntyping, high bits EPERM\ninet works\ninet6 works\nunix works\n"
		   "netlink works\n");
}

/* Our own programs run under sanitizers in the tests: the shadow needs address space. */
static void trusted_program_may_be_sanitized(void)
{
	static const char text[] = "int main(void) { return 3; }\n";
	struct proc_spec spec = { .trusted = true };

	if (!can_stage())
		return;
	spec.folder = caged_folder("a.c", text, 0644);
	shell("cc -fsanitize=address,undefined -o /tmp/a /sub/a.c && exec /tmp/a", spec);
	CU_ASSERT_TRUE(caged_exited(&c, 3));
	check_said("");
}

static void packet_sockets_need_the_role(void)
{
	static const char script[] =
		"import socket\n"
		"for family, protocol in (socket.AF_PACKET, 0), (socket.AF_INET, 1):\n"
		" try: socket.socket(family, socket.SOCK_RAW, protocol); print('works')\n"
		" except OSError as e: print(e.strerror)\n"
		"try: socket.sethostname('x')\n"
		"except OSError as e: print(e.strerror)\n";

	if (!can_stage())
		return;
	python(script, (struct proc_spec){ .net_raw = true });
	check_said("works\nworks\nOperation not permitted\n");
	python(script, (struct proc_spec){ 0 });
	check_said("Operation not permitted\nOperation not permitted\nOperation not permitted\n");
}

/*
 * A listener at both a port and an abstract name of the network namespace that the test itself sits
 * in.
 */
static void network_of_the_machine_is_out_of_reach(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "\0wirelab-test" };
	struct sockaddr_in port = { .sin_family = AF_INET };
	wl_auto_fd int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	wl_auto_fd int abstract = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(port);
	char script[512];

	if (!can_stage())
		return;
	CU_ASSERT_EQUAL(bind(tcp, (struct sockaddr *)&port, sizeof(port)), 0);
	CU_ASSERT_EQUAL(bind(abstract, (struct sockaddr *)&name, sizeof(name)), 0);
	CU_ASSERT_EQUAL(listen(tcp, 1) | listen(abstract, 1), 0);
	CU_ASSERT_EQUAL(getsockname(tcp, (struct sockaddr *)&port, &len), 0);
	snprintf(script, sizeof(script),
		"import socket\n"
		"def call(family, to):\n"
		" try: socket.socket(family).connect(to); print('reached')\n"
		" except OSError as e: print(e.strerror)\n"
		"call(socket.AF_INET, ('127.0.0.1', %d))\n"
		"call(socket.AF_INET, ('8.8.8.8', 53))\n"
		"call(socket.AF_UNIX, b'\\0wirelab-test'.ljust(108, b'\\0'))\n",
		ntohs(port.sin_port));
	python(script, (struct proc_spec){ 0 });
	check_said("Connection refused\nNetwork is unreachable\nConnection refused\n");
}

static void limits_are_set(void)
{
	static const char script[] =
		"from resource import *\n"
		"print([getrlimit(r)[1] for r in (RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_MEMLOCK,"
		" RLIMIT_MSGQUEUE, RLIMIT_NPROC, RLIMIT_FSIZE, RLIMIT_CPU)],"
		" getrlimit(RLIMIT_AS)[1] == 16 << 30, getrlimit(RLIMIT_DATA)[1] == 1 << 30)\n";

	if (!can_stage())
		return;
	python(script, (struct proc_spec){ .limits = { .processes = 99, .cpu_seconds = 7 } });
	check_said("[256, 0, 0, 0, 99, 16777216, 12] True True\n");
	python(script, (struct proc_spec){ .trusted = true });
	check_said("[256, 0, 0, 0, 160, 16777216, 65] False False\n");
}

static void installed_references_are_covered(void)
{
	wl_auto_fd int fd = -1;

	if (!can_stage())
		return;
	CU_ASSERT_EQUAL_FATAL(mount("test", "/usr/local/share", "tmpfs", 0, NULL), 0);
	CU_ASSERT_EQUAL(mkdir("/usr/local/share/wirelab", 0755), 0);
	fd = open("/usr/local/share/wirelab/solution", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	CU_ASSERT_TRUE(fd >= 0);
	close(wl_steal_fd(&fd));
	shell("ls -A /usr/local/share /usr/local/share/wirelab", (struct proc_spec){ 0 });
	umount2("/usr/local/share", MNT_DETACH);
	check_said("/usr/local/share:\nwirelab\n\n/usr/local/share/wirelab:\n");
}

static void interfaces_are_the_host_s(void)
{
	if (!can_stage())
		return;
	shell("ls /sys/class/net 2>/dev/null || echo lo; ls /sys | grep -v -e class -e devices",
		(struct proc_spec){ 0 });
	check_said("lo\n");
}

void suite_cage(void);
void suite_cage(void)
{
	test("the environment is fixed", environment_is_fixed);
	test("its own name has an address", own_name_has_an_address);
	test("files of the machine are not there", files_of_the_machine_are_not_there);
	test("other processes are not there", other_processes_are_not_there);
	test("no descriptor leaks in", no_descriptor_leaks_in);
	test("only small private folders can be written", only_small_folders_can_be_written);
	test("hostile names are only names", hostile_names_are_only_names);
	test("the own program is linked among many", own_program_is_linked_among_many);
	test("building writes to the folder", building_writes_to_the_folder);
	test("system calls are refused", system_calls_are_refused);
	test("a trusted program may be sanitized", trusted_program_may_be_sanitized);
	test("packet sockets need the role", packet_sockets_need_the_role);
	test("the network of the machine is out of reach", network_of_the_machine_is_out_of_reach);
	test("limits are set", limits_are_set);
	test("installed references are covered", installed_references_are_covered);
	test("interfaces are the host's", interfaces_are_the_host_s);
}
