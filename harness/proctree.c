/*
 * Processes read from /proc. A process may end between any two reads: whatever has gone is skipped,
 * never an error. Children are asked of each task, since /proc lists them by the thread that forked
 * them.
 */
#include "harness/proctree.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"

#define SURE_END 2048 /* a read of less was the last */

ssize_t proctree_read(char *text, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	size_t len = 0;
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof(path), format, args);
	va_end(args);
	wl_auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	while (len < size - 1) {
		ssize_t got = read(fd, text + len, size - 1 - len);

		if (got < 0)
			return -1;
		len += (size_t)got;
		if (got < SURE_END) /* the kernel fills a page as far as it can */
			break;
	}
	text[len] = '\0';
	return (ssize_t)len;
}

int proctree_stat(pid_t pid, pid_t tid, struct task_stat *stat)
{
	unsigned long long user_ticks, system_ticks, tick_ns;
	long long pages;
	char text[1024];
	const char *behind_name;
	ssize_t len = tid ? proctree_read(text, sizeof(text), "/proc/%d/task/%d/stat", pid, tid)
			  : proctree_read(text, sizeof(text), "/proc/%d/stat", pid);

	if (len < 0)
		return -1;
	behind_name = strrchr(text, ')'); /* the name may hold anything */
	if (!behind_name
		|| sscanf(behind_name + 1,
			   " %c %*s %*s %d %*s %*s %*s %*s %*s %*s %*s %llu %llu"
			   " %*s %*s %*s %*s %zu %*s %*s %*s %lld",
			   &stat->state, &stat->session, &user_ticks, &system_ticks, &stat->tasks, &pages)
			!= 6)
		return -1;
	tick_ns = 1000000000ull / (unsigned long long)sysconf(_SC_CLK_TCK);
	stat->cpu_ns = (user_ticks + system_ticks) * tick_ns;
	stat->resident_bytes = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
	return 0;
}

size_t proctree_numbers(const char *folder, pid_t *numbers, size_t most)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	if (!entries)
		return 0;
	while (count < most && (entry = readdir(entries)))
		if (*entry->d_name >= '0' && *entry->d_name <= '9')
			numbers[count++] = atoi(entry->d_name);
	closedir(entries);
	return count;
}

static size_t children_of_task(pid_t pid, pid_t tid, pid_t *children, size_t most)
{
	char text[16384], *rest = text, *end;
	size_t count = 0;

	if (proctree_read(text, sizeof(text), "/proc/%d/task/%d/children", pid, tid) < 0)
		return 0;
	while (count < most) {
		long child = strtol(rest, &end, 10);

		if (end == rest)
			break;
		children[count++] = (pid_t)child;
		rest = end;
	}
	return count;
}

size_t proctree_children(pid_t pid, pid_t *children, size_t most)
{
	char folder[64];
	pid_t tasks[1024];
	size_t task_count, count = 0;

	snprintf(folder, sizeof(folder), "/proc/%d/task", pid);
	task_count = proctree_numbers(folder, tasks, sizeof(tasks) / sizeof(*tasks));
	for (size_t i = 0; i < task_count; i++)
		count += children_of_task(pid, tasks[i], children + count, most - count);
	return count;
}

size_t proctree_children_of_one(pid_t pid, pid_t *children, size_t most)
{
	return children_of_task(pid, pid, children, most);
}

size_t proctree_descendants(pid_t pid, pid_t *descendants, size_t most)
{
	size_t count = proctree_children(pid, descendants, most);

	for (size_t i = 0; i < count; i++)
		count += proctree_children(descendants[i], descendants + count, most - count);
	return count;
}

uint64_t proctree_fair_share(pid_t pid)
{
	unsigned long long kibibytes = 0;
	char text[4096];
	const char *line;

	if (proctree_read(text, sizeof(text), "/proc/%d/smaps_rollup", pid) < 0)
		return 0;
	line = strstr(text, "\nPss:");
	if (line)
		sscanf(line, "\nPss: %llu", &kibibytes);
	return kibibytes * 1024;
}
