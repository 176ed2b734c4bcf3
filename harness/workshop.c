/*
 * Building is running somebody's program too (a Makefile runs anything), so it happens in the same cage: on a stage of one host
 * without a cable, with the limits of proc.h. What is printed is kept for the student up to a bound and drained beyond it.
 */
#include "harness/workshop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/intake.h"
#include "harness/proc.h"
#include "netns/topo.h"

#define STUCK_NS (2 * 1000000000ull)
#define BUILD_NS (60 * 1000000000ull)
#define OUTPUT_MOST 65536

struct workshop {
	struct topo *topo;
	const char *folder;
	struct wl_arena *arena;
};

static const char *const hosts[] = { "workshop", NULL };
static const struct wl_cable cables[] = { { NULL } };
static const struct wl_stage stage = { .hosts = hosts, .cables = cables };

static int lay_out(struct workshop *workshop, const char *copy, struct wl_err *err)
{
	wl_auto_fd int from = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *tree = wl_format(workshop->arena, "%s/tree", workshop->folder);

	if (from < 0)
		return wl_err_errno(err, "%s", copy);
	if (mkdir(workshop->folder, 0755) < 0)
		return wl_err_errno(err, "%s", workshop->folder);
	if (mount("build", workshop->folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=256m") < 0)
		return wl_err_errno(err, _("cannot mount a tmpfs to build in"));
	return intake_copy_folder(from, tree, (int)topo_host_uid(workshop->topo, 0), workshop->arena, NULL,
		err);
}

int workshop_up(struct workshop **out, const char *copy, const char *folder, struct wl_arena *arena,
	struct wl_err *err)
{
	struct workshop *workshop = wl_alloc(arena, sizeof(*workshop));

	workshop->folder = folder;
	workshop->arena = arena;
	*out = NULL;
	if (topo_up(&workshop->topo, &stage, err) < 0)
		return -1;
	if (lay_out(workshop, copy, err) < 0) {
		topo_down(workshop->topo);
		return -1;
	}
	*out = workshop;
	return 0;
}

void workshop_down(struct workshop *workshop)
{
	if (workshop)
		topo_down(workshop->topo);
}

static void keep_output(struct proc *proc, char *output, size_t *len)
{
	char buffer[8192];
	ssize_t got;

	while ((got = proc_read(proc, buffer, sizeof(buffer))) > 0) {
		size_t room = OUTPUT_MOST - *len, kept = (size_t)got < room ? (size_t)got : room;

		memcpy(output + *len, buffer, kept);
		*len += kept;
	}
}

/* Whether everybody in it has waited for input for a while, which nobody will give: it asks for something, or serves. */
static bool stuck(const struct proc *proc, uint64_t *idle_since)
{
	struct proc_activity now;

	proc_activity(proc, &now);
	if (!now.idle)
		*idle_since = wl_monotonic_ns();
	return wl_monotonic_ns() - *idle_since > STUCK_NS;
}

int workshop_run(struct workshop *workshop, const char *subfolder, const char *const *argv,
	const char **output, int *status, struct wl_err *err)
{
	struct proc_spec spec = { .topo = workshop->topo, .host = 0, .argv = argv, .subfolder = subfolder,
		.writable = true, .limits = { .memory_bytes = (size_t)1 << 30, .file_bytes = 64 << 20 } };
	uint64_t idle_since = wl_monotonic_ns(), until = idle_since + BUILD_NS;
	char *kept = wl_alloc(workshop->arena, OUTPUT_MOST + 1);
	struct proc *proc;
	size_t len = 0;
	bool ended;

	spec.folder = wl_format(workshop->arena, "%s/tree", workshop->folder);
	if (proc_start(&proc, &spec, err) < 0)
		return -1;
	do {
		struct pollfd waits[] = { { .fd = proc_pidfd(proc), .events = POLLIN },
			{ .fd = proc_terminal(proc), .events = POLLIN } };

		poll(waits, 2, 20);
		keep_output(proc, kept, &len);
		ended = proc_tend(proc, status);
	} while (!ended && !stuck(proc, &idle_since) && wl_monotonic_ns() < until);
	keep_output(proc, kept, &len);
	if (!ended || proc_limit_hit(proc) != PROC_NO_LIMIT)
		*status = -1;
	proc_stop(proc);
	*output = kept;
	return 0;
}
