/*
 * The harness is killed at moments drawn by chance (but the same in each run), and once while it puts results in place. Nothing
 * may stay behind.
 *
 * How that is known: this process is a subreaper, so whatever the killed one leaves becomes its child, however deep it
 * sat, and "no child left" means no process left. Namespaces live by processes, descriptors of processes and
 * mounts; so with no process and no mount there is no namespace either, and with it no interface of it.
 *
 * WL_KILLS=N kills N times (otherwise 10).
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "tests/inside.h"
#include "tests/ran.h"
#include "tests/result.h"
#include "tests/tests.h"

#define PATIENCE_MS 60000
#define STUDENT "udp_client_c_getline"

static char folder[PATH_MAX]; /* of one grading: kept/, result.json, tmp/ */

static struct ran start(void)
{
	char keep[PATH_MAX + 16], json[PATH_MAX + 16], tmp[PATH_MAX + 32];

	snprintf(folder, sizeof(folder), "%s", scratch());
	snprintf(keep, sizeof(keep), "%s/kept", folder);
	snprintf(json, sizeof(json), "%s/result.json", folder);
	CU_ASSERT_EQUAL(mkdir(keep, 0755), 0);
	snprintf(tmp, sizeof(tmp), "TMPDIR=%s", folder);
	return ran_start(tmp, WORDS(wirelab(), "grade", "--keep", keep, "--json", json,
		source("fixtures/variants/" STUDENT)));
}

/* Wait until PIDFD has ended, or FD (-1: none) is readable, or MS are over. */
static void await(int pidfd, int fd, int ms)
{
	struct pollfd waits[] = { { .fd = pidfd, .events = POLLIN }, { .fd = fd, .events = POLLIN } };

	while (poll(waits, 2, ms) < 0 && errno == EINTR)
		;
}

static int pidfd_of(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* True when all children, and with them all that they left, are gone in time. */
static bool all_gone(void)
{
	uint64_t deadline = wl_monotonic_ns() + PATIENCE_MS * 1000000ull;
	char path[64], line[32];

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	while (wl_monotonic_ns() < deadline) {
		wl_auto_file FILE *children = fopen(path, "re");
		wl_auto_fd int pidfd = -1;

		if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
			return true;
		if (!children || fscanf(children, "%31s", line) != 1)
			continue;
		pidfd = pidfd_of(atoi(line));
		await(pidfd, -1, PATIENCE_MS);
	}
	return false;
}

/* What of the machine could have been left changed: one line a mount of ours, an interface, a file where we mount. */
static char *world(void)
{
	static const char *const folders[] = { "/sys/class/net", "/mnt", "/media", "/srv", "/opt", NULL };
	wl_auto_file FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char *text = NULL, line[4096];
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_TRUE_FATAL(mounts && out);
	while (fgets(line, sizeof(line), mounts))
		if (strstr(line, "wirelab") || strstr(line, " nsfs "))
			fputs(line, out);
	for (const char *const *name = folders; *name; name++) {
		struct dirent **entries = NULL;
		int count = scandir(*name, &entries, NULL, alphasort);

		for (int i = 0; i < count; i++) {
			fprintf(out, "%s/%s\n", *name, entries[i]->d_name);
			free(entries[i]);
		}
		free(entries);
	}
	fclose(out);
	return text;
}

/* A pcapng is whole when its blocks fill it: type, length, body, length. */
static bool whole_pcapng(const char *path)
{
	wl_auto_file FILE *file = fopen(path, "re");
	uint32_t head[2], tail;
	long at = 0, size;

	if (!file || fseek(file, 0, SEEK_END) != 0)
		return false;
	for (size = ftell(file); at < size; at += head[1])
		if (fseek(file, at, SEEK_SET) != 0 || fread(head, 4, 2, file) != 2 || head[1] < 12 ||
			fseek(file, at + (long)head[1] - 4, SEEK_SET) != 0 || fread(&tail, 4, 1, file) != 1 ||
			tail != head[1])
			return false;
	return size > 0;
}

static void check_file(const char *path)
{
	const char *ending = strrchr(path, '.');
	json_auto_t *json = NULL;
	bool whole = false;

	if (ending && strcmp(ending, ".pcapng") == 0) {
		whole = whole_pcapng(path);
	} else if (ending && strcmp(ending, ".json") == 0) {
		json = json_load_file(path, 0, NULL);
		whole = json != NULL;
	}
	CU_ASSERT_TRUE(whole);
	if (!whole)
		fprintf(stderr, "left behind: %s\n", path);
}

/* Every file below PATH is a whole result. Returns how many there are. */
static size_t check_files(const char *path)
{
	DIR *entries = opendir(path);
	struct dirent *entry;
	size_t count = 0;

	while (entries && (entry = readdir(entries))) {
		char below[PATH_MAX];

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		CU_ASSERT_FATAL(snprintf(below, sizeof(below), "%s/%s", path, entry->d_name) < PATH_MAX);
		if (entry->d_type == DT_DIR) {
			count += check_files(below);
		} else {
			check_file(below);
			count++;
		}
	}
	if (entries)
		closedir(entries);
	return count;
}

static void kill_it(struct ran *run)
{
	kill(run->pid, SIGKILL);
	CU_ASSERT_EQUAL(waitpid(run->pid, NULL, 0), run->pid);
	run->pid = 0;
	ran_end(run);
	CU_ASSERT_TRUE(all_gone());
	check_files(folder);
}

/* How long one grading takes when it is left alone. */
static int time_one(void)
{
	uint64_t started = wl_monotonic_ns();
	ran_auto struct ran run = start();

	ran_end(&run);
	CU_ASSERT_EQUAL(run.status, 1); /* the server is missing */
	CU_ASSERT_TRUE(all_gone());
	CU_ASSERT_TRUE(check_files(folder) > 10);
	return (int)((wl_monotonic_ns() - started) / 1000000);
}

static int kills(void)
{
	const char *wish = getenv("WL_KILLS");

	return wish && atoi(wish) > 0 ? atoi(wish) : 10;
}

static void nothing_is_left_at_any_moment(void)
{
	uint32_t chance = 2463534242u; /* xorshift32: the same moments in each run */
	char *before, *after;
	size_t descriptors;
	int whole_ms;

	if (!can_stage())
		return;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	before = world();
	whole_ms = time_one();
	descriptors = inside_count_descriptors();
	for (int i = 0; i < kills(); i++) {
		ran_auto struct ran run = start();
		wl_auto_fd int pidfd = pidfd_of(run.pid);
		double moment;

		chance ^= chance << 13;
		chance ^= chance >> 17;
		chance ^= chance << 5;
		moment = (double)chance / UINT32_MAX;
		await(pidfd, -1, (int)(moment * moment * whole_ms)); /* most happens early */
		kill_it(&run);
	}
	after = world();
	CU_ASSERT_EQUAL(inside_count_descriptors(), descriptors);
	CU_ASSERT_STRING_EQUAL(before, after);
	free(before);
	free(after);
}

/* The folder of the submission appears with the first of its files; the others are still to come. */
static void results_are_whole_or_not_there(void)
{
	wl_auto_fd int watch = inotify_init1(IN_CLOEXEC);
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 };
	wl_auto_fd int pidfd = -1;
	char keep[PATH_MAX + 64];
	size_t count;

	if (!can_stage())
		return;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	run = start();
	pidfd = pidfd_of(run.pid);
	snprintf(keep, sizeof(keep), "%s/kept", folder);
	CU_ASSERT_TRUE(inotify_add_watch(watch, keep, IN_CREATE | IN_MOVED_TO) >= 0);
	await(pidfd, watch, PATIENCE_MS);
	kill_it(&run);
	count = check_files(folder);
	snprintf(keep, sizeof(keep), "%s/kept/" STUDENT "/submission.json", folder);
	CU_ASSERT_TRUE(access(keep, F_OK) < 0 || count > 10); /* it is written last */
}

void suite_kill(void)
{
	test("nothing is left, whenever it is killed", nothing_is_left_at_any_moment);
	test("results are whole or not there", results_are_whole_or_not_there);
}
