/*
 * The start of a program: its terminal, the words that describe its cage, a child that becomes
 * bubblewrap. What fails before that is told through a pipe that closes on exec: silence on it
 * means success.
 *
 * The caller becomes a subreaper, because a part of the cage may outlive bubblewrap (see proc.c).
 */
#include "harness/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"
#include "harness/cage.h"
#include "harness/proc_private.h"
#include "harness/seccomp.h"
#include "harness/terminal.h"

/* Descriptors that only the start needs. */
struct start {
	int slave, arguments, filter;
	int report[2], complaint[2];
};

static void close_start(struct start *start)
{
	int *all = (int *)start;

	for (size_t i = 0; i < sizeof(*start) / sizeof(int); i++)
		wl_close_fd(&all[i]);
}

static int prepare(struct start *start, struct proc *proc, const struct proc_spec *spec,
	struct wl_err *err)
{
	struct stat tty;

	memset(start, -1, sizeof(*start));
	if (terminal_open(&proc->master, &start->slave, err) < 0)
		return -1;
	if (fstat(start->slave, &tty) < 0)
		return wl_err_errno(err, _("cannot look at the terminal"));
	proc->tty_dev = tty.st_dev;
	proc->tty_ino = tty.st_ino;
	if ((start->arguments = cage_arguments(spec, err)) < 0)
		return -1;
	if (!spec->trusted && (start->filter = seccomp_filter(err)) < 0)
		return -1;
	if (pipe2(start->report, O_CLOEXEC) < 0 || pipe2(start->complaint, O_CLOEXEC) < 0)
		return wl_err_errno(err, _("cannot make a pipe"));
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return wl_err_errno(err, _("cannot become a subreaper"));
	return 0;
}

static int launch(struct start *start, struct proc *proc, const struct proc_spec *spec,
	struct wl_err *err)
{
	struct cage_entry entry = { .parent = getpid(), .terminal = start->slave,
		.arguments = start->arguments, .filter = start->filter,
		.report = start->report[1], .complaint = start->complaint[1] };
	pid_t pid = fork();

	if (pid < 0)
		return wl_err_errno(err, _("cannot fork"));
	if (pid == 0)
		cage_enter(spec, &entry);
	proc->bwrap = pid;
	proc->report = wl_steal_fd(&start->report[0]);
	fcntl(proc->report, F_SETFL, O_NONBLOCK);
	proc->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (proc->pidfd < 0)
		return wl_err_errno(err, _("cannot open a pidfd"));
	return 0;
}

/* Wait until the child has become bubblewrap: then its end of the pipe closes without a word. */
static int hear_complaint(struct start *start, struct wl_err *err)
{
	struct wl_err told = { 0 };
	ssize_t len;

	wl_close_fd(&start->complaint[1]);
	start->complaint[1] = -1;
	do
		len = read(start->complaint[0], told.text, sizeof(told.text) - 1);
	while (len < 0 && errno == EINTR);
	if (len == 0)
		return 0;
	return wl_err(err, _("cannot start a program: %s"), told.text);
}

int proc_start(struct proc **out, const struct proc_spec *spec, struct wl_err *err)
{
	__attribute__((cleanup(close_start))) struct start start;
	struct proc *proc = calloc(1, sizeof(*proc));

	*out = NULL;
	if (!proc)
		return wl_err(err, _("out of memory"));
	proc->master = proc->report = proc->pidfd = -1;
	proc->limits = cage_limits(spec);
	if (prepare(&start, proc, spec, err) < 0 || launch(&start, proc, spec, err) < 0
		|| hear_complaint(&start, err) < 0) {
		proc_stop(proc);
		return -1;
	}
	*out = proc;
	return 0;
}
