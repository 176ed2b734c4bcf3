/*
 * Three processes. The outer one is what the user started; it stays outside, serves the outlet and waits.
 * The door makes the namespaces and waits. The inner one is process 1 of the new PID namespace and does the work:
 * when it dies the kernel kills everything in that namespace, and it dies when the door dies, which dies
 * when the outer one does (PR_SET_PDEATHSIG). So SIGKILL anywhere leaves nothing.
 *
 *   outer ──fork──▶ door: [root: private mounts, tmpfs, gather] unshare ──fork──▶ inner: [user: tmpfs, gather] work
 *     └── writes the door's id maps; serves the outlet
 *
 * An ordinary user becomes root of a namespace with one id, his own. Root first copies in what only root may
 * read and then becomes id 61000, which owns nothing on the machine, for good.
 *
 * The hard thing is the death signal: every change of credentials clears it, so it is armed again behind
 * each, and a byte from the parent behind that proves that the parent had not died in between.
 */
#include "harness/enclave.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <mntent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/leave.h"
#include "harness/base/text.h"
#include "netns/namespace.h"
#include "netns/userns.h"

#define EXIT_DOOR_FAILED 125 /* never an exit status of the work */

static bool by_root; /* whoever called enclave_run(); inside, everybody is root */

bool enclave_started_by_root(void)
{
	return by_root;
}

/* A folder that every system has and that holds neither this program nor its data. */
static const char *room_place(void)
{
	static const char *const places[] = { "/mnt", "/media", "/srv", "/opt", "/tmp" };
	char self[PATH_MAX] = "";
	struct stat status;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		self[0] = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		size_t len = strlen(places[i]);

		if (strncmp(self, places[i], len) == 0 && self[len] == '/')
			continue;
		if (stat(places[i], &status) == 0 && S_ISDIR(status.st_mode))
			return places[i];
	}
	return NULL;
}

/* ID: user and group id that the room belongs to. */
static int make_room(const char *room, unsigned int id, struct wl_err *err)
{
	char options[64];

	snprintf(options, sizeof(options), "mode=0755,size=50%%,uid=%u,gid=%u", id, id);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return wl_err_errno(err, _("cannot make the mounts private"));
	if (mount("wirelab", room, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
		return wl_err_errno(err, _("cannot mount a private tmpfs on %s"), room);
	return 0;
}

/* Die when the parent does. A byte from it, sent behind this, proves that it still lived then. */
static int follow_parent(int from_parent)
{
	char byte;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return read(from_parent, &byte, 1) == 1 ? 0 : -1;
}

static void tell(int to, char byte)
{
	ssize_t sent = send(to, &byte, 1, MSG_NOSIGNAL);

	(void)sent; /* the other side is gone: its own read says so */
}

/* /proc and terminals of our own, so that pids are those of this namespace and nothing shows outside. */
static int own_system_mounts(struct wl_err *err)
{
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return wl_err_errno(err, _("cannot mount /proc in a PID namespace"));
	if (mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620") < 0)
		return wl_err_errno(err, _("cannot mount a private /dev/pts"));
	if (mount("/dev/pts/ptmx", "/dev/ptmx", NULL, MS_BIND, NULL) < 0)
		return wl_err_errno(err, _("cannot bind a private /dev/ptmx"));
	return 0;
}

static void __attribute__((noreturn)) inner(const struct enclave_plan *plan, const char *room,
	int from_door, int trouble)
{
	struct wl_err err = { "" };
	int status;

	if (follow_parent(from_door) < 0)
		wl_leave(EXIT_DOOR_FAILED);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (own_system_mounts(&err) < 0 ||
		(!by_root && (make_room(room, 0, &err) < 0 || plan->gather(plan->context, room, &err) < 0))) {
		dprintf(trouble, "%s", err.text);
		wl_leave(EXIT_DOOR_FAILED);
	}
	close(trouble);
	namespaces_keep_tables_small();
	status = plan->work(plan->context, room);
	fflush(NULL);
	wl_leave(status);
}

static int enter_namespaces(int outer, struct wl_err *err)
{
	if (unshare(CLONE_NEWUSER) < 0)
		return wl_err_errno(err,
			_("this machine does not permit user namespaces (see sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)"));
	tell(outer, 'u'); /* the outer process writes the maps now */
	if (follow_parent(outer) < 0)
		return wl_err(err, _("cannot map user ids into a namespace"));
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return wl_err_errno(err, _("cannot become root of a user namespace"));
	prctl(PR_SET_DUMPABLE, 1); /* else /proc/PID of our children belongs to somebody else */
	tell(outer, 'd');
	if (follow_parent(outer) < 0)
		return wl_err(err, _("the parent process has gone"));
	if (unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC) < 0)
		return wl_err_errno(err, _("cannot make mount, PID and network namespaces"));
	return 0;
}

/*
 * Each cage copies all mounts that there are, and bubblewrap reads their list for each of its own. Nobody inside looks at what is
 * mounted below /sys. Who is not root may not take it away.
 */
static void drop_system_mounts(void)
{
	wl_auto_file FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *entry;

	while (mounts && (entry = getmntent(mounts)))
		if (strncmp(entry->mnt_dir, "/sys/", 5) == 0)
			umount2(entry->mnt_dir, MNT_DETACH | UMOUNT_NOFOLLOW);
}

static int gather_as_root(const struct enclave_plan *plan, const char *room, struct wl_err *err)
{
	if (unshare(CLONE_NEWNS) < 0)
		return wl_err_errno(err, _("cannot make a mount namespace"));
	if (make_room(room, USERNS_ROOT_FIRST_ID, err) < 0 || plan->gather(plan->context, room, err) < 0)
		return -1;
	drop_system_mounts();
	if (setgroups(0, NULL) < 0)
		return wl_err_errno(err, _("cannot give up supplementary groups"));
	return 0;
}

static void __attribute__((noreturn)) door(const struct enclave_plan *plan, int outer, int trouble)
{
	const char *room = room_place();
	struct wl_err err = { "" };
	int pair[2], status;
	pid_t child;

	if (follow_parent(outer) < 0)
		wl_leave(EXIT_DOOR_FAILED);
	if (!room)
		wl_err(&err, _("there is no folder to mount a private tmpfs on"));
	if (!room || (by_root && gather_as_root(plan, room, &err) < 0) ||
		enter_namespaces(outer, &err) < 0 ||
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0) {
		dprintf(trouble, "%s", err.text);
		wl_leave(EXIT_DOOR_FAILED);
	}
	child = fork();
	if (child == 0) {
		close(outer);
		close(pair[0]);
		inner(plan, room, pair[1], trouble);
	}
	close(pair[1]);
	close(trouble);
	tell(pair[0], 'g');
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	wl_leave(child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_DOOR_FAILED);
}

static int map_ids(pid_t door_pid, struct wl_err *err)
{
	if (by_root)
		return userns_map(door_pid, USERNS_ROOT_FIRST_ID, USERNS_ROOT_FIRST_ID, USERNS_ROOT_IDS, err);
	return userns_map(door_pid, geteuid(), getegid(), 1, err);
}

/* The outer side of the handshake: 'u' asks for the maps, 'd' for a sign of life. */
static int admit(pid_t door_pid, int to_door, struct wl_err *err)
{
	char byte;

	tell(to_door, 'g');
	while (read(to_door, &byte, 1) == 1) {
		if (byte == 'u' && map_ids(door_pid, err) < 0)
			return -1;
		tell(to_door, 'g');
		if (byte == 'd')
			return 0;
	}
	return 0; /* the door died: the trouble pipe says why */
}

static int pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int enclave_run(const struct enclave_plan *plan, struct wl_err *err)
{
	int pair[2], pipe_ends[2], status, admitted;
	wl_auto_fd int trouble = -1, to_door = -1, done = -1;
	ssize_t len;
	pid_t child;

	by_root = geteuid() == 0;
	fflush(NULL);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return wl_err_errno(err, "socketpair");
	to_door = pair[0];
	if (pipe2(pipe_ends, O_CLOEXEC) < 0) {
		close(pair[1]);
		return wl_err_errno(err, "pipe");
	}
	trouble = pipe_ends[0];
	child = fork();
	if (child == 0) {
		close(pair[0]);
		close(pipe_ends[0]);
		door(plan, pair[1], pipe_ends[1]);
	}
	close(pair[1]);
	close(pipe_ends[1]);
	if (child < 0)
		return wl_err_errno(err, "fork");
	done = pidfd_of(child);
	admitted = admit(child, to_door, err);
	if (admitted < 0)
		kill(child, SIGKILL);
	else if (plan->serve && done >= 0)
		plan->serve(plan->context, done);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (admitted < 0)
		return -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) != EXIT_DOOR_FAILED)
		return WEXITSTATUS(status);
	len = read(trouble, err->text, sizeof(err->text) - 1);
	if (len <= 0) {
		wl_err(err, _("the harness was killed or crashed"));
		return ENCLAVE_DIED;
	}
	err->text[len] = '\0';
	return -1;
}
