/*
 * What every task of the program waits for, descriptor by descriptor, for people to read: activity.c asks whether it waits, this says
 * on what. The name of a system call is libseccomp's, so that no number of an architecture stands here but for the calls
 * that wait for something else than input.
 *
 * No read is atomic. The call is read before and behind its descriptors: when it is not the same, the task was busy with something else
 * in between, and it is told as running.
 */
#include "harness/doings.h"

#include <errno.h>
#include <netinet/in.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "harness/proc_private.h"
#include "harness/waits.h"

/* Calls that wait, but not for input; the others' descriptors waits.c knows. */
static const struct other_wait {
	long number;
	enum wl_awaited on;
	bool sends; /* on the descriptor that is the first argument */
} other_waits[] = {
	{ SYS_write, WL_ON_NOTHING, true },
	{ SYS_writev, WL_ON_NOTHING, true },
	{ SYS_sendto, WL_ON_NOTHING, true },
	{ SYS_sendmsg, WL_ON_NOTHING, true },
	{ SYS_sendmmsg, WL_ON_NOTHING, true },
	{ SYS_connect, WL_ON_NOTHING, true },
	{ SYS_nanosleep, WL_ON_TIME },
	{ SYS_clock_nanosleep, WL_ON_TIME },
	{ SYS_restart_syscall, WL_ON_TIME },
	{ SYS_futex, WL_ON_TASK },
	{ SYS_wait4, WL_ON_CHILD },
	{ SYS_waitid, WL_ON_CHILD },
#ifdef SYS_pause /* older architectures alone */
	{ SYS_pause, WL_ON_SIGNAL },
#endif
	{ SYS_rt_sigsuspend, WL_ON_SIGNAL },
	{ SYS_rt_sigtimedwait, WL_ON_SIGNAL },
};

struct list {
	struct doing *doings;
	size_t count, most;
	pid_t pid; /* of the process whose tasks are being looked at */
	uint32_t process, task;
};

static const struct other_wait *find_other(const struct task_call *call)
{
	for (size_t i = 0; i < sizeof(other_waits) / sizeof(*other_waits); i++)
		if (other_waits[i].number == call->number)
			return &other_waits[i];
	return NULL;
}

static struct doing *add(struct list *list, enum wl_doing what, enum wl_awaited on)
{
	struct doing *doing;

	if (list->count == list->most)
		return NULL;
	doing = &list->doings[list->count++];
	*doing = (struct doing){ .process = list->process, .task = list->task, .doing = what, .on = on };
	return doing;
}

static void name_call(struct doing *doing, const struct task_call *call)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, (int)call->number);

	snprintf(doing->call, sizeof(doing->call), "%s", name ? name : "");
	free(name);
}

/* A socket's protocol has a name, "UDPv6"; sockets between processes do what pipes do. */
static enum wl_awaited kind_of_socket(const char *path, struct doing *doing)
{
	char name[32] = "";

	if (getxattr(path, "system.sockprotoname", name, sizeof(name) - 1) < 0)
		return WL_ON_SOCKET;
	if (strncmp(name, "UNIX", 4) == 0)
		return WL_ON_PIPE;
	doing->protocol = strncmp(name, "UDP", 3) == 0 ? IPPROTO_UDP : strncmp(name, "TCP", 3) == 0 ? IPPROTO_TCP : 0;
	return WL_ON_SOCKET;
}

/* What a descriptor is; of a socket, its inode and protocol too. */
static enum wl_awaited kind_of(const struct proc *proc, pid_t pid, int fd, struct doing *doing)
{
	struct stat file;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	if (stat(path, &file) < 0)
		return errno == ENOENT ? WL_ON_CLOSED : WL_ON_NOTHING;
	if (S_ISSOCK(file.st_mode)) {
		doing->inode = file.st_ino;
		return kind_of_socket(path, doing);
	}
	if (S_ISFIFO(file.st_mode))
		return WL_ON_PIPE;
	if (S_ISCHR(file.st_mode) && (file.st_rdev == makedev(5, 0) /* /dev/tty */ ||
					     (file.st_dev == proc->tty_dev && file.st_ino == proc->tty_ino)))
		return WL_ON_TERMINAL;
	return WL_ON_NOTHING;
}

static void add_descriptors(struct list *list, const struct proc *proc, const struct task_call *call, const int *fds,
	int count, bool sends)
{
	for (int i = 0; i < count; i++) {
		struct doing *doing = add(list, WL_DOING_WAITS, WL_ON_NOTHING);

		if (!doing)
			return;
		doing->on = kind_of(proc, list->pid, fds[i], doing);
		name_call(doing, call);
		doing->sends = sends;
		doing->limited = !sends && !waits_endless(call);
	}
}

static void add_call(struct list *list, const struct proc *proc, const struct task_call *call)
{
	const struct other_wait *other = find_other(call);
	int fds[WAITS_MOST], count = waits_descriptors(call, list->pid, fds);
	size_t before = list->count;
	struct doing *doing;

	if (other && other->sends) {
		fds[0] = (int)call->arguments[0];
		count = 1;
	}
	add_descriptors(list, proc, call, fds, count, other && other->sends);
	if (list->count > before)
		return;
	doing = add(list, WL_DOING_WAITS, other ? other->on : WL_ON_NOTHING);
	if (doing)
		name_call(doing, call);
}

static bool same_call(const struct task_call *one, const struct task_call *other)
{
	return one->number == other->number && memcmp(one->arguments, other->arguments, sizeof(one->arguments)) == 0;
}

static void add_sleeper(struct list *list, const struct proc *proc, const struct proc_task *task)
{
	size_t before = list->count;
	struct task_call call, then;

	waits_read(&call, task->pid, task->tid);
	if (!call.readable || call.number < 0) {
		add(list, call.readable ? WL_DOING_RUNS : WL_DOING_SLEEPS, WL_ON_NOTHING);
		return;
	}
	add_call(list, proc, &call);
	waits_read(&then, task->pid, task->tid);
	if (same_call(&call, &then))
		return;
	list->count = before;
	add(list, WL_DOING_RUNS, WL_ON_NOTHING);
}

static bool is_listed(const struct list *list, uint64_t inode)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->doings[i].inode == inode)
			return true;
	return false;
}

/* The sockets of the process that has been looked at and that none of its tasks waits on. */
static void add_held(struct list *list, const struct proc *proc)
{
	int fds[WAITS_MOST];
	char folder[64];
	size_t count;

	snprintf(folder, sizeof(folder), "/proc/%d/fd", list->pid);
	count = list->pid ? proctree_numbers(folder, fds, WAITS_MOST) : 0;
	for (size_t i = 0; i < count; i++) {
		struct doing held = { .doing = WL_DOING_HOLDS, .on = WL_ON_SOCKET }, *doing;

		if (kind_of(proc, list->pid, fds[i], &held) != WL_ON_SOCKET || is_listed(list, held.inode))
			continue;
		doing = add(list, WL_DOING_HOLDS, WL_ON_SOCKET);
		if (!doing)
			return;
		*doing = held;
	}
}

static bool add_task(const struct proc *proc, const struct proc_task *task, void *context)
{
	struct list *list = context;

	if (task->pid != list->pid) {
		add_held(list, proc);
		list->pid = task->pid;
		list->process++;
		list->task = 0;
	}
	list->task++;
	if (task->stat.state == 'S')
		add_sleeper(list, proc, task);
	else
		add(list, strchr("Tt", task->stat.state) ? WL_DOING_STOPPED : WL_DOING_RUNS, WL_ON_NOTHING);
	return list->count == list->most;
}

/* A socket that one process holds while another one waits on it is waited on. */
static size_t without_shared(struct doing *doings, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		bool shared = false;

		for (size_t k = i + 1; k < count && doings[i].doing == WL_DOING_HOLDS; k++)
			shared = shared || doings[k].inode == doings[i].inode;
		if (!shared)
			doings[kept++] = doings[i];
	}
	return kept;
}

size_t doings_look(const struct proc *proc, struct doing *doings, size_t most)
{
	struct list list = { doings, .most = most };

	proc_each_task(proc, add_task, &list);
	add_held(&list, proc);
	return without_shared(doings, list.count);
}
