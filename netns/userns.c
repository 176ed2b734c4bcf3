/*
 * User namespaces. The maps of a namespace are written from outside, by a process of the
 * namespace above it, through /proc/PID of a living process inside; its files belong to its user
 * only while it is dumpable (PR_SET_DUMPABLE).
 *
 * Who is not root may map one id, his own, and a gid only after it gave up setgroups(2) for the
 * namespace (user_namespaces(7), "Defining user and group ID mappings").
 */
#include "netns/userns.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"

static int write_proc(pid_t pid, const char *file, const char *text, struct wl_err *err)
{
	char path[64];
	wl_auto_fd int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return wl_err_errno(err, _("cannot open %s"), path);
	if (write(fd, text, strlen(text)) < 0)
		return wl_err_errno(err, _("cannot write \"%s\" to %s"), text, path);
	return 0;
}

static int write_map(
	pid_t pid, const char *file, unsigned int outside, unsigned int count, struct wl_err *err)
{
	char map[64];

	snprintf(map, sizeof(map), "0 %u %u", outside, count);
	return write_proc(pid, file, map, err);
}

int userns_map(pid_t pid, uid_t uid, gid_t gid, unsigned int count, struct wl_err *err)
{
	if (geteuid() != 0 && write_proc(pid, "setgroups", "deny", err) < 0)
		return -1;
	if (write_map(pid, "uid_map", uid, count, err) < 0)
		return -1;
	return write_map(pid, "gid_map", gid, count, err);
}

unsigned int userns_id_count(void)
{
	wl_auto_file FILE *map = fopen("/proc/self/uid_map", "re");
	unsigned int inside, outside, count, sum = 0;

	while (map && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3)
		sum += count;
	return sum;
}
