/*
 * A message is one packet on a socket pair: the number of the place, the path below it, and a descriptor of the finished
 * contents (a memfd). The answer is an empty packet, or the words of an error. The outer process copies the
 * contents into an unnamed file (O_TMPFILE) and links it; where something of that name is there already, or the file system
 * has no unnamed files, it goes through a hidden name and rename(2).
 *
 * Started by root, the outer process is the one that keeps root's right to write into the caller's folders, so it keeps nothing
 * else: no capability but those to write and own files, no new privileges, and it reads nothing but the packets. Paths are
 * taken apart and checked: no component may be empty, "." or "..", and no link is followed.
 */
#include "harness/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"

#define PLACES 64
#define BELOW_MAX 1024

struct place {
	int folder;          /* descriptor of the folder; or of what is there already and is no file, as /dev/null: it is written to */
	bool stream;         /* the latter */
	char name[NAME_MAX + 1]; /* of the file in it; "" when the place is a folder */
	char path[PATH_MAX]; /* for error messages */
};

struct outlet {
	struct place places[PLACES];
	size_t count;
	int outside, inside; /* the two ends of the socket pair */
	uid_t owner;         /* of what is written; -1: the process's own */
	gid_t group;
};

struct message {
	int place;
	char below[BELOW_MAX];
};

static unsigned int env_id(const char *name)
{
	const char *text = getenv(name);
	char *end;
	unsigned long id;

	if (!text || !*text)
		return (unsigned int)-1;
	id = strtoul(text, &end, 10);
	return *end ? (unsigned int)-1 : (unsigned int)id;
}

struct outlet *outlet_new(void)
{
	struct outlet *outlet = calloc(1, sizeof(*outlet));
	int pair[2];

	if (!outlet || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		free(outlet);
		return NULL;
	}
	outlet->outside = pair[0];
	outlet->inside = pair[1];
	outlet->owner = geteuid() == 0 ? env_id("SUDO_UID") : (uid_t)-1;
	outlet->group = geteuid() == 0 ? env_id("SUDO_GID") : (gid_t)-1;
	return outlet;
}

void outlet_free(struct outlet *outlet)
{
	if (!outlet)
		return;
	for (size_t i = 0; i < outlet->count; i++)
		close(outlet->places[i].folder);
	close(outlet->outside);
	close(outlet->inside);
	free(outlet);
}

static int add_place(struct outlet *outlet, const char *folder, const char *name, const char *path,
	struct wl_err *err)
{
	struct place *place = &outlet->places[outlet->count];

	if (outlet->count == PLACES)
		return wl_err(err, _("too many outputs"));
	if (strlen(name) > NAME_MAX || strlen(path) >= sizeof(place->path))
		return wl_err(err, _("%s: the name is too long"), path);
	place->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (place->folder < 0)
		return wl_err_errno(err, _("%s: cannot open the folder for results"), folder);
	if (faccessat(place->folder, ".", W_OK | X_OK, AT_EACCESS) < 0) {
		wl_err_errno(err, _("%s: cannot write into this folder"), folder);
		close(place->folder);
		return -1;
	}
	snprintf(place->name, sizeof(place->name), "%s", name);
	snprintf(place->path, sizeof(place->path), "%s", path);
	return (int)outlet->count++;
}

/* A device, a pipe: to be written to, not to be replaced. */
static int add_stream(struct outlet *outlet, const char *path, struct wl_err *err)
{
	struct place *place = &outlet->places[outlet->count];

	if (outlet->count == PLACES)
		return wl_err(err, _("too many outputs"));
	place->folder = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	if (place->folder < 0)
		return wl_err_errno(err, _("cannot write %s"), path);
	place->stream = true;
	snprintf(place->path, sizeof(place->path), "%s", path);
	return (int)outlet->count++;
}

int outlet_add_file(struct outlet *outlet, const char *path, struct wl_err *err)
{
	char head[PATH_MAX], tail[PATH_MAX];
	struct stat status;

	if (!*path || strlen(path) >= sizeof(head))
		return wl_err(err, _("the name of the output file is empty or too long"));
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return wl_err(err, _("%s is a folder; name a file"), path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return add_stream(outlet, path, err);
	strcpy(head, path);
	strcpy(tail, path);
	return add_place(outlet, dirname(head), basename(tail), path, err);
}

static void give(const struct outlet *outlet, int fd)
{
	if (outlet->owner != (uid_t)-1 && fchown(fd, outlet->owner, outlet->group) < 0)
		fprintf(stderr, "wirelab: fchown: %s\n", strerror(errno));
}

int outlet_add_folder(struct outlet *outlet, const char *path, struct wl_err *err)
{
	bool made = mkdir(path, 0777) == 0;
	int place;

	if (!made && errno != EEXIST)
		return wl_err_errno(err, _("%s: cannot make the folder for results"), path);
	place = add_place(outlet, path, "", path, err);
	if (place >= 0 && made)
		give(outlet, outlet->places[place].folder);
	return place;
}

/* Keep only the capabilities to write into any folder and to give files away. */
static void give_up_rights(void)
{
	static const cap_value_t needed[] = { CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_CHOWN, CAP_FOWNER };
	cap_t caps = cap_init();

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (geteuid() == 0 && caps) {
		cap_set_flag(caps, CAP_PERMITTED, 4, needed, CAP_SET);
		cap_set_flag(caps, CAP_EFFECTIVE, 4, needed, CAP_SET);
		if (cap_set_proc(caps) < 0)
			fprintf(stderr, "wirelab: cap_set_proc: %s\n", strerror(errno));
	}
	cap_free(caps);
}

static bool safe_component(const char *name)
{
	return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strlen(name) <= NAME_MAX;
}

/* Open (making it) the folder that BELOW names under FOLDER and leave the last component in NAME. */
static int open_below(const struct outlet *outlet, int folder, char *below, char name[NAME_MAX + 1])
{
	int at = fcntl(folder, F_DUPFD_CLOEXEC, 3);
	char *rest = below, *part;

	while (at >= 0 && (part = strsep(&rest, "/"))) {
		int next;
		bool made;

		if (!safe_component(part)) {
			close(at);
			errno = EINVAL;
			return -1;
		}
		if (!rest) {
			strcpy(name, part);
			return at;
		}
		made = mkdirat(at, part, 0777) == 0;
		next = openat(at, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (made && next >= 0)
			give(outlet, next);
		close(at);
		at = next;
	}
	return at;
}

static int copy_contents(int from, int to)
{
	off_t at = 0;
	ssize_t sent;

	while ((sent = sendfile(to, from, &at, 1 << 20)) > 0)
		;
	return sent < 0 ? -1 : 0;
}

static int link_in_place(int file, int folder, const char *name)
{
	char path[64], hidden[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW) == 0)
		return 0;
	if (errno != EEXIST)
		return -1;
	snprintf(hidden, sizeof(hidden), ".wirelab-%d.part", (int)getpid());
	if (linkat(AT_FDCWD, path, folder, hidden, AT_SYMLINK_FOLLOW) < 0)
		return -1;
	if (renameat(folder, hidden, folder, name) == 0)
		return 0;
	unlinkat(folder, hidden, 0);
	return -1;
}

/* For file systems without unnamed files (some network ones). */
static int rename_in_place(const struct outlet *outlet, int contents, int folder, const char *name)
{
	wl_auto_fd int file = -1;
	char hidden[64];

	snprintf(hidden, sizeof(hidden), ".wirelab-%d.part", (int)getpid());
	file = openat(folder, hidden, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (file < 0)
		return -1;
	give(outlet, file);
	if (copy_contents(contents, file) == 0 && renameat(folder, hidden, folder, name) == 0)
		return 0;
	unlinkat(folder, hidden, 0);
	return -1;
}

static int place_file(const struct outlet *outlet, int contents, int folder, const char *name)
{
	wl_auto_fd int file = openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);

	if (file < 0)
		return rename_in_place(outlet, contents, folder, name);
	give(outlet, file);
	if (copy_contents(contents, file) < 0)
		return -1;
	return link_in_place(file, folder, name);
}

static int put_outside(const struct outlet *outlet, struct message *message, int contents,
	struct wl_err *err)
{
	const struct place *place;
	char name[NAME_MAX + 1];
	wl_auto_fd int folder = -1;

	message->below[BELOW_MAX - 1] = '\0';
	if (contents < 0 || message->place < 0 || (size_t)message->place >= outlet->count)
		return wl_err(err, "outlet: malformed message");
	place = &outlet->places[message->place];
	if (place->stream)
		return copy_contents(contents, place->folder) == 0 ? 0 : wl_err_errno(err, _("cannot write %s"), place->path);
	if (*place->name) {
		folder = fcntl(place->folder, F_DUPFD_CLOEXEC, 3);
		strcpy(name, place->name);
	} else {
		folder = open_below(outlet, place->folder, message->below, name);
	}
	if (folder < 0 || place_file(outlet, contents, folder, name) < 0)
		return wl_err_errno(err, _("cannot write %s"), place->path);
	return 0;
}

/* One packet in, one out. False when the other end is gone. */
static bool serve_one(struct outlet *outlet)
{
	struct message message;
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { &message, sizeof(message) };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control) };
	struct wl_err err = { "" };
	wl_auto_fd int contents = -1;
	struct cmsghdr *header;
	ssize_t len = recvmsg(outlet->outside, &packet, MSG_CMSG_CLOEXEC);

	if (len <= 0)
		return false;
	header = CMSG_FIRSTHDR(&packet);
	if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&contents, CMSG_DATA(header), sizeof(contents));
	if (len == sizeof(message))
		put_outside(outlet, &message, contents, &err);
	return send(outlet->outside, err.text, strlen(err.text) + 1, MSG_NOSIGNAL) > 0;
}

void outlet_serve(struct outlet *outlet, int done)
{
	struct pollfd waits[] = { { .fd = outlet->outside, .events = POLLIN },
		{ .fd = done, .events = POLLIN } };

	give_up_rights();
	for (;;) {
		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			return;
		if (waits[0].revents & POLLIN) {
			if (!serve_one(outlet))
				return;
		} else if (waits[1].revents) {
			return;
		}
	}
}

/* LEN bytes in a memfd, read from its start. */
static int hold(const void *bytes, size_t len, struct wl_err *err)
{
	wl_auto_fd int contents = memfd_create("result", MFD_CLOEXEC);

	if (contents < 0)
		return wl_err_errno(err, "memfd_create");
	for (size_t done = 0; done < len;) {
		ssize_t wrote = write(contents, (const char *)bytes + done, len - done);

		if (wrote <= 0)
			return wl_err_errno(err, _("cannot hold a result in memory"));
		done += (size_t)wrote;
	}
	return wl_steal_fd(&contents);
}

static int name_below(struct message *message, const char *below, struct wl_err *err)
{
	if (strlen(below) >= sizeof(message->below))
		return wl_err(err, _("%s: the name is too long"), below);
	strcpy(message->below, below);
	return 0;
}

int outlet_put_here(struct outlet *outlet, int place, const char *below, const void *bytes, size_t len,
	struct wl_err *err)
{
	wl_auto_fd int contents = hold(bytes, len, err);
	struct message message = { .place = place };

	if (contents < 0 || name_below(&message, below, err) < 0)
		return -1;
	return put_outside(outlet, &message, contents, err);
}

int outlet_put(struct outlet *outlet, int place, const char *below, const void *bytes, size_t len,
	struct wl_err *err)
{
	wl_auto_fd int contents = hold(bytes, len, err);
	struct message message = { .place = place };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { { 0 } };
	struct iovec part = { &message, sizeof(message) };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control) };
	struct wl_err answer = { "" };

	if (contents < 0 || name_below(&message, below, err) < 0)
		return -1;
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &contents, sizeof(contents));
	if (sendmsg(outlet->inside, &packet, MSG_NOSIGNAL) < 0)
		return wl_err_errno(err, _("cannot hand out a result"));
	if (recv(outlet->inside, answer.text, sizeof(answer.text) - 1, 0) <= 0)
		return wl_err(err, _("the process that writes results has gone"));
	return *answer.text ? wl_err(err, "%s", answer.text) : 0;
}

int outlet_open_log(const char *path, bool fresh, struct wl_err *err)
{
	struct outlet *outlet = outlet_new();
	int log = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | (fresh ? O_TRUNC : 0), 0666);

	if (log < 0 || !outlet)
		wl_err_errno(err, _("cannot write %s"), path);
	else
		give(outlet, log);
	outlet_free(outlet);
	return log;
}
