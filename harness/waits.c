/*
 * What a sleeping task waits for. A table says of each system call that waits which descriptor or
 * set it names and where its timeout is. The descriptors of poll and select lie in the task's
 * memory, those of an epoll instance in /proc/PID/fdinfo; both can be read by whoever may read the
 * call itself.
 *
 * The task may have woken up between the reads; then what is found is garbage but harmless, and its
 * switches have been counted (see proc_activity).
 */
#include "harness/waits.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "harness/proctree.h"

enum wait_for {
	ONE = 1, /* the descriptor that is the first argument */
	POLL,    /* struct pollfd[second] at the first */
	SELECT,  /* descriptors below the first, in the set at the second */
	EPOLL,   /* what the epoll instance that is the first argument holds */
	OTHER,   /* no descriptor: a task, a child, a signal */
};

enum timeout {
	NEVER = 1, /* has none */
	POINTER,   /* none when the argument is NULL */
	NUMBER,    /* none when the argument is a negative int */
};

struct wait {
	long number;
	enum wait_for what;
	enum timeout timeout;
	int timeout_argument;
};

static const struct wait waits[] = {
	{ SYS_read, ONE, NEVER },
	{ SYS_readv, ONE, NEVER },
	{ SYS_recvfrom, ONE, NEVER },
	{ SYS_recvmsg, ONE, NEVER },
	{ SYS_recvmmsg, ONE, POINTER, 4 },
	{ SYS_accept, ONE, NEVER },
	{ SYS_accept4, ONE, NEVER },
	{ SYS_ppoll, POLL, POINTER, 2 },
	{ SYS_pselect6, SELECT, POINTER, 4 },
	{ SYS_epoll_pwait, EPOLL, NUMBER, 3 },
#ifdef SYS_epoll_pwait2
	{ SYS_epoll_pwait2, EPOLL, POINTER, 3 },
#endif
#ifdef SYS_poll /* the rest of this group: older architectures alone */
	{ SYS_poll, POLL, NUMBER, 2 },
#endif
#ifdef SYS_select
	{ SYS_select, SELECT, POINTER, 4 },
#endif
#ifdef SYS_epoll_wait
	{ SYS_epoll_wait, EPOLL, NUMBER, 3 },
#endif
#ifdef SYS_pause
	{ SYS_pause, OTHER, NEVER },
#endif
	{ SYS_futex, OTHER, POINTER, 3 },
	{ SYS_wait4, OTHER, NEVER },
	{ SYS_waitid, OTHER, NEVER },
	{ SYS_rt_sigsuspend, OTHER, NEVER },
	{ SYS_rt_sigtimedwait, OTHER, POINTER, 2 },
};

static const struct wait *find_wait(const struct task_call *call)
{
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++)
		if (waits[i].number == call->number)
			return &waits[i];
	return NULL;
}

void waits_read(struct task_call *call, pid_t pid, pid_t tid)
{
	unsigned long long a[6] = { 0 };
	char text[256];

	*call = (struct task_call){ .number = -1 };
	if (proctree_read(text, sizeof(text), "/proc/%d/task/%d/syscall", pid, tid) <= 0)
		return;
	call->readable = true;
	if (sscanf(text, "%ld %llx %llx %llx %llx %llx %llx", &call->number, &a[0], &a[1], &a[2],
		    &a[3], &a[4], &a[5])
		!= 7) {
		call->number = -1; /* "running", or asleep outside of any call */
		return;
	}
	for (int i = 0; i < 6; i++)
		call->arguments[i] = a[i];
}

bool waits_endless(const struct task_call *call)
{
	const struct wait *wait = find_wait(call);

	if (!call->readable)
		return true;
	if (!wait)
		return false;
	if (wait->timeout == POINTER)
		return call->arguments[wait->timeout_argument] == 0;
	if (wait->timeout == NUMBER)
		return (int)call->arguments[wait->timeout_argument] < 0;
	return true;
}

/* Returns true when all LEN bytes at ADDRESS of the process were read. */
static bool peek(pid_t pid, uint64_t address, void *bytes, size_t len)
{
	struct iovec here = { bytes, len }, there = { (void *)(uintptr_t)address, len };

	return process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)len;
}

/*
 * The functions below store the descriptors of a call at FDS and return how many, or -1 when they
 * cannot be read.
 */

static int polled(const struct task_call *call, pid_t pid, int *fds)
{
	struct pollfd set[WAITS_MOST];
	uint64_t len = call->arguments[1];
	int count = 0;

	if (len > WAITS_MOST || !peek(pid, call->arguments[0], set, len * sizeof(*set)))
		return -1;
	for (uint64_t i = 0; i < len; i++)
		if (set[i].fd >= 0 && set[i].events & (POLLIN | POLLRDNORM))
			fds[count++] = set[i].fd;
	return count;
}

static int selected(const struct task_call *call, pid_t pid, int *fds)
{
	unsigned long set[WAITS_MOST / (8 * sizeof(unsigned long))] = { 0 };
	const unsigned int bits = 8 * sizeof(*set);
	unsigned int limit = (unsigned int)call->arguments[0];
	int count = 0;

	if (call->arguments[1] == 0)
		return 0;
	if (limit > WAITS_MOST)
		limit = WAITS_MOST;
	if (!peek(pid, call->arguments[1], set, (limit + bits - 1) / bits * sizeof(*set)))
		return -1;
	for (unsigned int fd = 0; fd < limit; fd++)
		if (set[fd / bits] >> fd % bits & 1)
			fds[count++] = (int)fd;
	return count;
}

static int epolled(const struct task_call *call, pid_t pid, int *fds)
{
	char text[65536];
	const char *line = text;
	unsigned int events;
	int count = 0, fd = (int)call->arguments[0];

	if (proctree_read(text, sizeof(text), "/proc/%d/fdinfo/%d", pid, fd) < 0)
		return -1;
	while ((line = strstr(line, "tfd:")) && count < WAITS_MOST) {
		if (sscanf(line, "tfd: %d events: %x", &fd, &events) == 2
			&& events & (EPOLLIN | EPOLLRDNORM))
			fds[count++] = fd;
		line++;
	}
	return count;
}

static int any(pid_t pid, int *fds)
{
	char folder[64];

	snprintf(folder, sizeof(folder), "/proc/%d/fd", pid);
	return (int)proctree_numbers(folder, fds, WAITS_MOST);
}

int waits_descriptors(const struct task_call *call, pid_t pid, int *fds)
{
	const struct wait *wait = find_wait(call);

	if (!call->readable)
		return -1;
	if (!wait)
		return 0;
	switch (wait->what) {
	case ONE:
		*fds = (int)call->arguments[0];
		return 1;
	case POLL:
		return polled(call, pid, fds);
	case SELECT:
		return selected(call, pid, fds);
	case EPOLL:
		return epolled(call, pid, fds);
	case OTHER:
		break;
	}
	return 0;
}

bool waits_for_input(const struct task_call *call, pid_t pid,
	bool (*wanted)(pid_t pid, int fd, const void *context), const void *context)
{
	int fds[WAITS_MOST];
	int count = waits_descriptors(call, pid, fds);

	if (count < 0)
		count = any(pid, fds);
	for (int i = 0; i < count; i++)
		if (wanted(pid, fds[i], context))
			return true;
	return false;
}
