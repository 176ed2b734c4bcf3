/*
 * Output goes to memory files, so that nobody has to read while the program runs. The end is awaited on a pidfd with a deadline that
 * only a hang reaches.
 */
#include "tests/ran.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "tests/tests.h"

#define PATIENCE_MS 300000

const char *wirelab(void)
{
	static char path[4096];

	if (!*path)
		snprintf(path, sizeof(path), "%s", built("wirelab"));
	return path;
}

static void spawn(struct ran *ran, const char *const *words, const char *const *environment)
{
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ran->out_fd, 1);
	posix_spawn_file_actions_adddup2(&actions, ran->err_fd, 2);
	if (posix_spawnp(&ran->pid, words[0], &actions, NULL, (char *const *)words, (char *const *)environment) != 0) {
		ran->pid = 0;
		CU_FAIL("the program cannot be started");
	}
	posix_spawn_file_actions_destroy(&actions);
}

struct ran ran_start(const char *setting, const char *const *words)
{
	const char *environment[] = { "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/tmp",
		"ASAN_OPTIONS=color=never", setting, NULL };
	struct ran ran = { .status = -1, .out_fd = memfd_create("out", MFD_CLOEXEC),
		.err_fd = memfd_create("err", MFD_CLOEXEC) };

	CU_ASSERT_FATAL(ran.out_fd >= 0 && ran.err_fd >= 0);
	spawn(&ran, words, environment);
	return ran;
}

static char *read_all(int *fd)
{
	struct stat status;
	char *text = NULL;

	if (fstat(*fd, &status) == 0)
		text = calloc(1, (size_t)status.st_size + 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	if (pread(*fd, text, (size_t)status.st_size, 0) != status.st_size)
		CU_FAIL("the output cannot be read");
	wl_close_fd(fd);
	return text;
}

void ran_end(struct ran *ran)
{
	wl_auto_fd int pidfd = ran->pid ? (int)syscall(SYS_pidfd_open, ran->pid, 0) : -1;
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int raw = 0;

	if (ran->pid) {
		bool late = pidfd < 0 || poll(&end, 1, PATIENCE_MS) <= 0;

		if (late)
			kill(ran->pid, SIGKILL);
		waitpid(ran->pid, &raw, 0);
		ran->status = late ? -1 : WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
		ran->pid = 0;
	}
	if (!ran->out) {
		ran->out = read_all(&ran->out_fd);
		ran->err = read_all(&ran->err_fd);
	}
}

struct ran ran(const char *setting, const char *const *words)
{
	struct ran ran = ran_start(setting, words);

	ran_end(&ran);
	return ran;
}

void ran_free(struct ran *ran)
{
	if (ran->pid) {
		kill(ran->pid, SIGKILL);
		waitpid(ran->pid, NULL, 0);
	}
	wl_close_fd(&ran->out_fd);
	wl_close_fd(&ran->err_fd);
	free(ran->out);
	free(ran->err);
}
