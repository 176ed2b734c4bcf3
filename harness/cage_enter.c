/*
 * From a forked child to bubblewrap. The order is forced:
 *  - a session of its own without a controlling terminal, so that Ctrl-C finds neither us nor
 *    bubblewrap; the innermost step, setsid(1), makes a second session, takes the terminal for the
 *    program and becomes the program.
 *  - the death signal is armed again behind topo_enter_host(), since a change of user ids clears
 *    it.
 *  - limits on processes count per user and user namespace, so they are set as the host's root.
 *  - every descriptor is named; what is not named is closed, since bubblewrap hands on what it is
 *    given.
 *  - execve(2) by number: instrumented builds wrap the function and would write to the program's
 *    terminal.
 */
#include "harness/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"

#define MOST_ARGUMENTS 256
#define OPEN_FILES 256
#define ADDRESS_SPACE (16ull << 30) /* much more than is used: a virtual machine reserves a heap by the size of the memory */
#define DATA_BYTES (1ull << 30)
#define STACK_BYTES (8u << 20)
#define CPU_GRACE_SECONDS 5 /* proc_tend() comes first */

/* Where descriptors are in bubblewrap; numbers that the preprocessor can turn into words. */
#define ARGUMENTS_FD 3
#define REPORT_FD 4
#define FILTER_FD 5
#define COMPLAINT_FD 6
#define NUMBER_(number) #number
#define NUMBER(number) NUMBER_(number)

static int die_with(pid_t parent, struct wl_err *err)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return wl_err_errno(err, _("cannot arm the parent-death signal"));
	if (getppid() != parent)
		return wl_err(err, _("the harness has died"));
	return 0;
}

/*
 * When the machine does not let the host have a /sys of its own, no /sys is better than the
 * machine's.
 */
static int enter_host(const struct proc_spec *spec, struct wl_err *err)
{
	struct stat before = { 0 }, after = { 0 };

	stat("/sys", &before);
	if (topo_enter_host(spec->topo, spec->host, err) < 0)
		return -1;
	if (stat("/sys", &after) < 0 || before.st_dev != after.st_dev)
		return 0;
	if (mount("none", "/sys", "tmpfs", MS_RDONLY, NULL) < 0)
		return wl_err_errno(err, _("cannot cover /sys"));
	return 0;
}

static int limit(int what, rlim_t most, struct wl_err *err)
{
	struct rlimit now, then;

	if (getrlimit(what, &now) < 0)
		return wl_err_errno(err, _("cannot read limit %d"), what);
	then.rlim_max = most < now.rlim_max ? most : now.rlim_max;
	then.rlim_cur = then.rlim_max;
	if (setrlimit(what, &then) < 0)
		return wl_err_errno(err, _("cannot set limit %d"), what);
	return 0;
}

static int set_limits(const struct proc_spec *spec, struct wl_err *err)
{
	struct proc_limits limits = cage_limits(spec);
	const struct {
		int what;
		rlim_t most;
	} all[] = {
		{ RLIMIT_NPROC, limits.processes },
		{ RLIMIT_FSIZE, limits.file_bytes },
		{ RLIMIT_CPU, limits.cpu_seconds + CPU_GRACE_SECONDS },
		{ RLIMIT_AS, spec->trusted ? RLIM_INFINITY : ADDRESS_SPACE },
		{ RLIMIT_DATA, spec->trusted ? RLIM_INFINITY : DATA_BYTES },
		{ RLIMIT_NOFILE, OPEN_FILES },
		{ RLIMIT_STACK, STACK_BYTES },
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_MEMLOCK, 0 },
		{ RLIMIT_MSGQUEUE, 0 },
		{ RLIMIT_RTPRIO, 0 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (limit(all[i].what, all[i].most, err) < 0)
			return -1;
	return 0;
}

/* A background shell leaves SIGINT ignored, and that is inherited over exec. */
static void reset_signals(void)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		sigaction(number, &usual, NULL); /* fails for the few that cannot be changed */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* When memory runs out, the machine shall take the program rather than us. */
static void offer_to_oom(void)
{
	wl_auto_fd int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd >= 0 && write(fd, "1000", 4) < 0)
		return; /* a nicety */
}

/*
 * Put the descriptors where bubblewrap is told to find them and close all others but *COMPLAINT,
 * which moves too and closes on exec.
 */
static int place_descriptors(const struct cage_entry *entry, int *complaint, struct wl_err *err)
{
	int from[] = { entry->terminal, entry->terminal, entry->terminal, entry->arguments,
		entry->report, entry->filter, *complaint };
	const int count = sizeof(from) / sizeof(*from);

	for (int to = 0; to < count; to++)
		if (from[to] >= 0 && (from[to] = fcntl(from[to], F_DUPFD_CLOEXEC, count)) < 0)
			return wl_err_errno(err, _("cannot copy a descriptor"));
	*complaint = from[COMPLAINT_FD];
	for (int to = 0; to < count; to++)
		if (from[to] >= 0 ? dup2(from[to], to) < 0 : close(to) < 0 && errno != EBADF)
			return wl_err_errno(err, _("cannot place a descriptor"));
	*complaint = COMPLAINT_FD;
	if (fcntl(COMPLAINT_FD, F_SETFD, FD_CLOEXEC) < 0
		|| syscall(SYS_close_range, count, ~0u, 0) < 0)
		return wl_err_errno(err, _("cannot close the other descriptors"));
	return 0;
}

static int become_bwrap(const struct proc_spec *spec, const struct cage_entry *entry,
	struct wl_err *err)
{
	static const char *const nearly_empty[] = { "PATH=/usr/local/bin:/usr/bin:/bin", NULL };
	const char *words[MOST_ARGUMENTS + 16] = { "bwrap", "--args", NUMBER(ARGUMENTS_FD),
		"--json-status-fd", NUMBER(REPORT_FD) };
	size_t count = 5;

	if (entry->filter >= 0) {
		words[count++] = "--seccomp";
		words[count++] = NUMBER(FILTER_FD);
	}
	words[count++] = "--";
	words[count++] = CAGE_SETSID;
	words[count++] = "--ctty";
	words[count++] = "--";
	for (size_t i = 0; spec->argv[i]; i++) {
		if (i == MOST_ARGUMENTS)
			return wl_err(err, _("more than %d arguments"), MOST_ARGUMENTS);
		words[count++] = spec->argv[i];
	}
	syscall(SYS_execve, CAGE_BWRAP, words, nearly_empty);
	return wl_err_errno(err, _("cannot run %s"), CAGE_BWRAP);
}

static int enter(const struct proc_spec *spec, const struct cage_entry *entry, int *complaint,
	struct wl_err *err)
{
	if (setsid() < 0)
		return wl_err_errno(err, _("cannot make a session"));
	if (die_with(entry->parent, err) < 0)
		return -1;
	umask(022);
	offer_to_oom();
	if (enter_host(spec, err) < 0 || die_with(entry->parent, err) < 0
		|| set_limits(spec, err) < 0 || place_descriptors(entry, complaint, err) < 0)
		return -1;
	reset_signals();
	return become_bwrap(spec, entry, err);
}

void cage_enter(const struct proc_spec *spec, const struct cage_entry *entry)
{
	struct wl_err err = { 0 };
	int complaint = entry->complaint;

	enter(spec, entry, &complaint, &err);
	if (write(complaint, err.text, strlen(err.text)) < 0)
		_exit(126);
	_exit(127);
}
