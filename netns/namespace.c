/*
 * How namespaces are made without anybody who stays in them. A child is cloned into the new namespaces with the
 * caller's memory and descriptor table while the caller stands still (CLONE_VM, CLONE_FILES, CLONE_VFORK, as
 * posix_spawn(3) does): it opens /proc/self/ns/NAME and a netlink socket, which are thereby the caller's, sets what only a process
 * inside can set, and ends. The caller then writes its id maps through /proc/PID, for a process that
 * has ended but was not waited for still has credentials, and reaps it. No pipe, no holder, no race.
 *
 * The child has no exit signal, so that nobody's SIGCHLD handler or wait() for any child hears of it. All signals are
 * blocked around it, since a handler would run in the caller's memory.
 */
#include "netns/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdalign.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"
#include "netns/userns.h"

#define HOST_NAMESPACES (CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)
#define BORROWED (CLONE_VM | CLONE_FILES | CLONE_VFORK)
#define STACK_SIZE 65536

/* What the child has to do, and where it failed. */
struct birth {
	struct namespaces *out;
	const char *hostname;
	const char *step; /* being done, or what failed */
	int error;        /* errno of it, 0 when all is well */
};

static int hold(struct birth *birth, const char *path)
{
	birth->step = path;
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int hold_net(struct birth *birth)
{
	birth->out->net = hold(birth, "/proc/self/ns/net");
	if (birth->out->net < 0)
		return -1;
	birth->step = "socket(AF_NETLINK)";
	birth->out->rtnl = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	return birth->out->rtnl;
}

static int set(struct birth *birth, const char *sysctl, const char *value)
{
	wl_auto_fd int fd = -1;

	birth->step = sysctl;
	fd = open(sysctl, O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, value, strlen(value)) < 0 ? -1 : 0;
}

/* Absent where the kernel has no bridge netfilter, and then not needed. */
static int set_if_there(struct birth *birth, const char *sysctl, const char *value)
{
	return set(birth, sysctl, value) < 0 && errno != ENOENT ? -1 : 0;
}

static int born_host(void *arg)
{
	struct birth *birth = arg;
	struct namespaces *out = birth->out;

	if ((out->user = hold(birth, "/proc/self/ns/user")) < 0 ||
		(out->ipc = hold(birth, "/proc/self/ns/ipc")) < 0 ||
		(out->uts = hold(birth, "/proc/self/ns/uts")) < 0 || hold_net(birth) < 0 ||
		set(birth, "/proc/sys/user/max_user_namespaces", "0") < 0)
		birth->error = errno;
	birth->step = birth->error ? birth->step : "sethostname";
	if (!birth->error && sethostname(birth->hostname, strlen(birth->hostname)) < 0)
		birth->error = errno;
	return 0;
}

static int born_wire(void *arg)
{
	struct birth *birth = arg;

	if (hold_net(birth) < 0 ||
		set_if_there(birth, "/proc/sys/net/bridge/bridge-nf-call-iptables", "0") < 0 ||
		set_if_there(birth, "/proc/sys/net/bridge/bridge-nf-call-ip6tables", "0") < 0)
		birth->error = errno;
	return 0;
}

/* Returns the pid of the child, which has ended and must be reaped, or -1. */
static pid_t bear(int (*child)(void *), int flags, struct birth *birth, struct wl_err *err)
{
	alignas(16) char stack[STACK_SIZE];
	sigset_t all, before;
	pid_t pid;

	*birth->out = (struct namespaces)NAMESPACES_NONE;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = clone(child, stack + sizeof(stack), BORROWED | flags, birth);
	if (pid < 0)
		wl_err_errno(err, _("cannot make namespaces for a host (see sysctl user.max_net_namespaces, user.max_user_namespaces)"));
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

/* Wait for the child and say what it did not manage. */
static int reap(pid_t pid, const struct birth *birth, struct wl_err *err)
{
	while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
	if (!birth->error)
		return 0;
	errno = birth->error;
	return wl_err_errno(err, _("cannot set up a namespace: %s"), birth->step);
}

int namespaces_make_host(struct namespaces *out, const char *hostname, unsigned int id,
	struct wl_err *err)
{
	struct birth birth = { .out = out, .hostname = hostname };
	pid_t pid = bear(born_host, HOST_NAMESPACES, &birth, err);
	int mapped;

	if (pid < 0)
		return -1;
	mapped = userns_map(pid, id, id, 1, err);
	if (reap(pid, &birth, err) == 0 && mapped == 0)
		return 0;
	namespaces_drop(out);
	return -1;
}

int namespaces_make_wire(struct namespaces *out, struct wl_err *err)
{
	struct birth birth = { .out = out };
	pid_t pid = bear(born_wire, CLONE_NEWNET, &birth, err);

	if (pid < 0)
		return -1;
	if (reap(pid, &birth, err) == 0)
		return 0;
	namespaces_drop(out);
	return -1;
}

void namespaces_drop(struct namespaces *spaces)
{
	wl_close_fd(&spaces->rtnl);
	wl_close_fd(&spaces->uts);
	wl_close_fd(&spaces->ipc);
	wl_close_fd(&spaces->net);
	wl_close_fd(&spaces->user);
	*spaces = (struct namespaces)NAMESPACES_NONE;
}

/* sysfs shows the interfaces of the network namespace it was mounted in. Some machines forbid to mount it. */
static void show_own_interfaces(void)
{
	if (mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, NULL) < 0)
		return;
}

int namespaces_enter(const struct namespaces *spaces, struct wl_err *err)
{
	if (setns(spaces->user, CLONE_NEWUSER) < 0)
		return wl_err_errno(err, _("cannot enter a host's user namespace"));
	if (setns(spaces->net, CLONE_NEWNET) < 0 || setns(spaces->ipc, CLONE_NEWIPC) < 0 ||
		setns(spaces->uts, CLONE_NEWUTS) < 0)
		return wl_err_errno(err, _("cannot enter a host's namespaces"));
	if (setgroups(0, NULL) < 0 && errno != EPERM)
		return wl_err_errno(err, "setgroups");
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return wl_err_errno(err, _("cannot become root of a host"));
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
		return wl_err_errno(err, _("cannot make mounts of a host's own"));
	show_own_interfaces();
	return 0;
}
