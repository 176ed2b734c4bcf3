/*
 * Tests of the cage need a stage, a program and patience. All waiting is for something to be seen,
 * with one generous deadline.
 */
#include "tests/caged.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/proctree.h"
#include "tests/tests.h"

static const char *const hosts[] = { "alpha", "beta", NULL };
static const struct wl_cable no_cables[] = { { NULL } };
static const struct wl_stage stage = { .hosts = hosts, .cables = no_cables };

/* A host's root is nobody in our user namespace; what it may write must be its own. */
static void give(const char *folder, uid_t uid)
{
	if (chown(folder, uid, uid) < 0)
		CU_FAIL("cannot give the folder to the host's root");
}

bool caged_up(struct caged *caged, struct proc_spec spec)
{
	struct wl_err err = { "" };

	memset(caged, 0, sizeof(*caged));
	if (topo_up(&caged->topo, &stage, &err) == 0) {
		spec.topo = caged->topo;
		spec.folder = spec.folder ?: scratch();
		spec.subfolder = spec.subfolder ?: "";
		if (spec.writable)
			give(spec.folder, topo_host_uid(caged->topo, spec.host));
		if (proc_start(&caged->proc, &spec, &err) == 0)
			return true;
	}
	fprintf(stderr, "%s\n", err.text);
	CU_FAIL("the cage does not come up");
	return false;
}

void caged_down(struct caged *caged)
{
	proc_stop(caged->proc);
	topo_down(caged->topo);
	caged->proc = NULL;
	caged->topo = NULL;
}

bool caged_python(struct caged *caged, const char *script, struct proc_spec spec)
{
	const char *const argv[] = { "/usr/bin/python3", "-c", script, NULL };

	spec.argv = argv;
	return caged_up(caged, spec);
}

bool caged_shell(struct caged *caged, const char *script, struct proc_spec spec)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	spec.argv = argv;
	return caged_up(caged, spec);
}

void caged_turn(struct caged *caged)
{
	struct pollfd fds[] = {
		{ .fd = caged->drained ? -1 : proc_terminal(caged->proc), .events = POLLIN },
		{ .fd = caged->ended ? -1 : proc_pidfd(caged->proc), .events = POLLIN },
	};
	ssize_t got = 0;

	poll(fds, 2, 20);
	if (!caged->drained)
		got = proc_read(caged->proc, caged->said + caged->len,
			sizeof(caged->said) - 1 - caged->len);
	if (got < 0)
		caged->drained = true;
	else
		caged->len += (size_t)got;
	caged->said[caged->len] = '\0';
	caged->ended = proc_tend(caged->proc, &caged->status);
}

bool caged_hears(struct caged *caged, const char *text)
{
	bool heard = caged_until(caged,
		memmem(caged->said, caged->len, text, strlen(text)) || caged->drained);

	heard = heard && memmem(caged->said, caged->len, text, strlen(text));
	if (!heard)
		fprintf(stderr, "not heard: %s\nbut: %.2000s\n", text, caged->said);
	return heard;
}

bool caged_ends(struct caged *caged)
{
	return caged_until(caged, caged->ended && caged->drained);
}

bool caged_exited(const struct caged *caged, int code)
{
	return caged->ended && WIFEXITED(caged->status) && WEXITSTATUS(caged->status) == code;
}

bool caged_killed(const struct caged *caged, int signal)
{
	return caged->ended && WIFSIGNALED(caged->status) && WTERMSIG(caged->status) == signal;
}

bool caged_reads(struct caged *caged)
{
	struct proc_activity now;

	return caged_until(caged, (proc_activity(caged->proc, &now), now.reads_terminal));
}

void caged_type(struct caged *caged, const char *text)
{
	struct wl_err err = { "" };

	if (proc_type(caged->proc, text, strlen(text), &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		CU_FAIL("typing failed");
	}
}

const char *caged_folder(const char *name, const char *content, mode_t mode)
{
	const char *folder = scratch();
	char path[4096];
	wl_auto_fd int fd = -1;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
	if (fd < 0 || write(fd, content, strlen(content)) != (ssize_t)strlen(content) ||
		fchmod(fd, mode) < 0)
		CU_FAIL("cannot write a file of the scratch folder");
	return folder;
}

size_t caged_processes(void)
{
	pid_t pids[4096];
	size_t all = proctree_numbers("/proc", pids, 4096), living = 0;
	struct task_stat stat;

	for (size_t i = 0; i < all; i++)
		living += proctree_stat(pids[i], 0, &stat) == 0 && stat.state != 'Z';
	return living;
}

size_t caged_descriptors(void)
{
	int fds[4096];

	return proctree_numbers("/proc/self/fd", fds, 4096);
}
