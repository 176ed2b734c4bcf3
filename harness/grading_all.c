/*
 * Gradings side by side: each is a process that writes its evidence as a bundle (bundle.h) into the room, from where the parent reads
 * it. So what is judged now and what is judged again later come the same way, and a crash costs one grading. Each has a mount
 * namespace of its own, so that what was mounted to build in goes with it.
 */
#include "harness/grading.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/leave.h"
#include "harness/base/text.h"
#include "harness/bundle.h"

#define TELL_MS 200
#define MOST_JOBS 64

struct job {
	size_t place; /* in the orders */
	pid_t pid;
	int pidfd;
};

struct shift {
	const struct grading_plan *plan;
	const struct grading_order *orders;
	const struct grading_listener *listener;
	size_t count, next, finished;
	struct grading_progress *progress; /* shared with the jobs */
	struct job jobs[MOST_JOBS];
	unsigned int busy;
};

static const char *bundle_folder(const struct shift *shift, size_t place, struct wl_arena *arena)
{
	return wl_format(arena, "%s/evidence-%zu", shift->plan->room, place);
}

static void note_progress(void *context, size_t done, size_t total)
{
	struct grading_progress *progress = context;

	progress->done = done;
	progress->total = total;
}

static void __attribute__((noreturn)) grade_in_child(const struct shift *shift, size_t place)
{
	struct wl_arena *arena = wl_arena_new();
	struct wl_evidence evidence;
	struct wl_err err = { "" };
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		wl_leave(1);
	grading_one(shift->plan, &shift->orders[place], arena, note_progress, &shift->progress[place], &evidence);
	status = bundle_write(&evidence, bundle_folder(shift, place, arena), arena, &err) < 0;
	wl_arena_free(arena);
	wl_leave(status);
}

static void start(struct shift *shift)
{
	struct job *job = &shift->jobs[shift->busy];

	job->place = shift->next++;
	job->pid = fork();
	if (job->pid == 0)
		grade_in_child(shift, job->place);
	job->pidfd = job->pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, job->pid, 0);
	shift->progress[job->place].running = true;
	shift->busy++;
}

static void remove_bundle(const char *folder)
{
	DIR *entries = opendir(folder);
	struct dirent *entry;

	while (entries && (entry = readdir(entries)))
		unlinkat(dirfd(entries), entry->d_name, 0);
	if (entries)
		closedir(entries);
	rmdir(folder);
}

/* What the job left; or, when there is nothing to read, why. */
static void take_in(struct shift *shift, size_t place, int status)
{
	const struct grading_order *order = &shift->orders[place];
	struct wl_arena *arena = wl_arena_new();
	const char *folder = bundle_folder(shift, place, arena);
	struct wl_evidence *read = NULL, evidence;
	size_t count = 0;
	struct wl_err err = { "" };

	if (status != 0)
		wl_err(&err, _("the process that graded it crashed or ran out of room"));
	if (status == 0 && bundle_read(folder, arena, &read, &count, &err) == 0)
		evidence = *read;
	else
		evidence = (struct wl_evidence){ .seed = order->seed, .trouble = wl_strdup(arena, err.text),
			.trouble_is_ours = true };
	evidence.name = order->submission->name; /* the very bytes, UTF-8 or not */
	evidence.path = order->submission->path;
	remove_bundle(folder);
	shift->listener->done(shift->listener->context, place, &evidence, arena);
}

static void finish(struct shift *shift, unsigned int which)
{
	struct job job = shift->jobs[which];
	int status = -1;

	while (job.pid > 0 && waitpid(job.pid, &status, 0) < 0 && errno == EINTR)
		;
	if (job.pidfd >= 0)
		close(job.pidfd);
	shift->progress[job.place].running = false;
	shift->jobs[which] = shift->jobs[--shift->busy];
	shift->finished++;
	take_in(shift, job.place, status);
}

/* The job that is over, or -1 when none is yet. */
static int await_one(const struct shift *shift)
{
	struct pollfd waits[MOST_JOBS];

	for (unsigned int i = 0; i < shift->busy; i++)
		waits[i] = (struct pollfd){ .fd = shift->jobs[i].pidfd, .events = POLLIN };
	poll(waits, shift->busy, TELL_MS);
	for (unsigned int i = 0; i < shift->busy; i++)
		if (waits[i].fd < 0 || waits[i].revents)
			return (int)i;
	return -1;
}

static unsigned int job_count(const struct grading_plan *plan, size_t submissions)
{
	size_t jobs = plan->jobs < MOST_JOBS ? plan->jobs : MOST_JOBS;

	if (jobs > submissions)
		jobs = submissions;
	return jobs ? (unsigned int)jobs : 1;
}

void grading_all(const struct grading_plan *plan, const struct grading_order *orders, size_t count,
	const struct grading_listener *listener)
{
	unsigned int jobs = job_count(plan, count);
	struct shift shift = { .plan = plan, .orders = orders, .listener = listener, .count = count };
	size_t size = (count + 1) * sizeof(*shift.progress);

	shift.progress = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shift.progress == MAP_FAILED)
		abort();
	fflush(NULL);
	while (shift.finished < count) {
		int over;

		while (shift.busy < jobs && shift.next < count)
			start(&shift);
		over = await_one(&shift);
		if (over >= 0)
			finish(&shift, (unsigned int)over);
		if (listener->told)
			listener->told(listener->context, shift.finished, shift.progress);
	}
	munmap(shift.progress, size);
}
