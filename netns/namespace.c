/*
 * How namespaces are made without anybody who stays in them. A child is cloned into the new
 * namespaces with the caller's memory and descriptor table (CLONE_VM, CLONE_FILES): it opens
 * /proc/self/ns/NAME and a netlink socket, which are thereby the caller's, sets what only a
 * process inside can set, and stops itself. The caller, who did nothing but wait for that, writes
 * its id maps, which needs a living process, and kills it.
 *
 *   caller   clone ── waits ─────────────────────────── maps, SIGKILL, reaps
 *   child          └─ opens, sets, SIGSTOP ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┘
 *
 * So only one of the two ever runs, although both have one memory and one errno; that the child
 * is dead or stopped is what waitpid(2) says, so that nothing can hang. All signals are blocked
 * meanwhile, since a handler would run in the caller's memory; the child has no exit signal, so
 * that it is nobody else's to wait for.
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
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"
#include "netns/userns.h"

#define HOST_NAMESPACES (CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)
#define BORROWED (CLONE_VM | CLONE_FILES)
#define STACK_SIZE 65536
#define TCP_ENTRIES "4096" /* half as many may be in TIME_WAIT */
#define UDP_ENTRIES "256"

/* What is to be made, and where it failed. */
struct birth {
	struct namespaces *out;
	int flags;            /* of clone(2): the namespaces */
	const char *hostname; /* of a host; NULL: the wire */
	unsigned int id;      /* the caller's, that becomes root of the host */
	const char *step;     /* being done by the child, or what failed */
	int error;            /* errno of it, 0 when all is well */
};

static int hold(struct birth *birth, int *fd, const char *path)
{
	birth->step = path;
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	return *fd;
}

static int hold_net(struct birth *birth)
{
	if (hold(birth, &birth->out->net, "/proc/self/ns/net") < 0)
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

static int set_up_host(struct birth *birth)
{
	struct namespaces *out = birth->out;

	if (hold(birth, &out->user, "/proc/self/ns/user") < 0 ||
		hold(birth, &out->ipc, "/proc/self/ns/ipc") < 0 ||
		hold(birth, &out->uts, "/proc/self/ns/uts") < 0 || hold_net(birth) < 0 ||
		set(birth, "/proc/sys/user/max_user_namespaces", "0") < 0)
		return -1;
	birth->step = "sethostname";
	return sethostname(birth->hostname, strlen(birth->hostname));
}

static int set_up_wire(struct birth *birth)
{
	if (hold_net(birth) < 0 ||
		set_if_there(birth, "/proc/sys/net/bridge/bridge-nf-call-iptables", "0") < 0)
		return -1;
	return set_if_there(birth, "/proc/sys/net/bridge/bridge-nf-call-ip6tables", "0");
}

/* The child. */
static int born(void *arg)
{
	struct birth *birth = arg;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if ((birth->hostname ? set_up_host(birth) : set_up_wire(birth)) < 0)
		birth->error = errno;
	kill(getpid(), SIGSTOP);
	return 0;
}

static int await(pid_t pid, int options)
{
	int result;

	do
		result = waitpid(pid, NULL, options | __WALL);
	while (result < 0 && errno == EINTR);
	return result;
}

/* Run the child. Returns 0, or -1 when there was none or it could not be given its ids. */
static int bear(struct birth *birth, struct wl_err *err)
{
	alignas(16) char stack[STACK_SIZE];
	pid_t pid = clone(born, stack + sizeof(stack), BORROWED | birth->flags, birth);
	int result = 0;

	if (pid < 0)
		return wl_err_errno(err, _("cannot make the namespaces of a host (see sysctl "
					   "user.max_net_namespaces, user.max_user_namespaces)"));
	if (await(pid, WUNTRACED) < 0)
		result = wl_err_errno(err, "waitpid");
	else if (birth->hostname)
		result = userns_map(pid, birth->id, birth->id, 1, err);
	kill(pid, SIGKILL);
	await(pid, 0);
	return result;
}

static int make(struct birth *birth, struct wl_err *err)
{
	sigset_t all, before;
	int result;

	*birth->out = (struct namespaces)NAMESPACES_NONE;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	result = bear(birth, err);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (birth->error) {
		errno = birth->error;
		result = wl_err_errno(err, _("cannot set up a namespace: %s"), birth->step);
	}
	if (result < 0)
		namespaces_drop(birth->out);
	return result;
}

int namespaces_make_host(
	struct namespaces *out, const char *hostname, unsigned int id, struct wl_err *err)
{
	struct birth birth = {
		.out = out, .flags = HOST_NAMESPACES, .hostname = hostname, .id = id
	};

	return make(&birth, err);
}

int namespaces_make_wire(struct namespaces *out, struct wl_err *err)
{
	struct birth birth = { .out = out, .flags = CLONE_NEWNET };

	return make(&birth, err);
}

void namespaces_keep_tables_small(void)
{
	static const char *const tables[][2] = {
		{ "/proc/sys/net/ipv4/tcp_child_ehash_entries", TCP_ENTRIES },
		{ "/proc/sys/net/ipv4/udp_child_hash_entries", UDP_ENTRIES },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		wl_auto_fd int fd = open(tables[i][0], O_WRONLY | O_CLOEXEC);

		if (fd >= 0 && write(fd, tables[i][1], strlen(tables[i][1])) < 0)
			return; /* a kernel that shares them is slower, no more */
	}
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

/*
 * sysfs shows the interfaces of the network namespace it was mounted in. Some machines forbid to
 * mount it.
 */
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
