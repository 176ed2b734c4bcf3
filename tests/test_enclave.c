/*
 * Enclaves. The tests themselves run inside one, so these are one level down: a child becomes an
 * ordinary user (id 1000 of a user namespace of its own), as that user runs an enclave, and notes
 * what it sees in memory that it shares with the test.
 */
#include "harness/enclave.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/leave.h"
#include "netns/userns.h"
#include "tests/tests.h"

/* What processes of the enclave, and the one that runs it, have seen. */
struct notes {
	bool ordinary;     /* the child became an ordinary user */
	int returned;      /* by enclave_run() */
	struct wl_err err;
	unsigned int gathered, worked, served; /* how often; worked: gather had come before */
	bool done_at_end;  /* serve was told when the work was over */
	char room[PATH_MAX];
	bool room_is_writable, file_is_there, root_by_id, first_process, started_by_root;
	unsigned int ids;
};

static struct notes *notes;

static int gather(void *context, const char *room, struct wl_err *err)
{
	char path[PATH_MAX + 16];
	wl_auto_fd int fd = -1;

	(void)context;
	notes->gathered++;
	snprintf(notes->room, sizeof(notes->room), "%s", room);
	snprintf(path, sizeof(path), "%s/gathered", room);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	return fd < 0 ? wl_err_errno(err, "%s", path) : 0;
}

static int gather_nothing(void *context, const char *room, struct wl_err *err)
{
	(void)context;
	(void)room;
	return wl_err(err, "nothing to be had");
}

static int work(void *context, const char *room)
{
	char path[PATH_MAX + 16];
	wl_auto_fd int fd = -1;

	notes->worked += notes->gathered;
	snprintf(path, sizeof(path), "%s/gathered", room);
	notes->file_is_there = access(path, R_OK) == 0;
	snprintf(path, sizeof(path), "%s/worked", room);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	notes->room_is_writable = fd >= 0 && write(fd, "x", 1) == 1;
	notes->root_by_id = getuid() == 0 && geteuid() == 0 && getegid() == 0;
	notes->first_process = getpid() == 1;
	notes->started_by_root = enclave_started_by_root();
	notes->ids = userns_id_count();
	return *(const int *)context;
}

static int crash(void *context, const char *room)
{
	(void)context;
	(void)room;
	signal(SIGILL, SIG_DFL);
	__builtin_trap();
}

static void serve(void *context, int done)
{
	struct pollfd waits = { .fd = done, .events = POLLIN };

	(void)context;
	notes->served++;
	while (poll(&waits, 1, -1) < 0 && errno == EINTR)
		;
	notes->done_at_end = waits.revents & POLLIN;
}

static bool write_map(const char *path, const char *text)
{
	wl_auto_fd int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static bool become_ordinary(void)
{
	char uids[64], gids[64];

	snprintf(uids, sizeof(uids), "1000 %u 1", geteuid());
	snprintf(gids, sizeof(gids), "1000 %u 1", getegid());
	return unshare(CLONE_NEWUSER) == 0 && write_map("/proc/self/setgroups", "deny") &&
	       write_map("/proc/self/uid_map", uids) && write_map("/proc/self/gid_map", gids);
}

/* Run PLAN one level down. False, with NOTRUN said, when that cannot be done here. */
static bool nested(const struct enclave_plan *plan)
{
	pid_t child;

	notes = mmap(NULL, sizeof(*notes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		0);
	CU_ASSERT_TRUE_FATAL(notes != MAP_FAILED);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		notes->ordinary = become_ordinary();
		notes->returned = notes->ordinary ? enclave_run(plan, &notes->err) : -1;
		wl_leave(0);
	}
	CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
	if (notes->ordinary && (notes->returned != -1 || notes->gathered ||
		*notes->err.text == 'n'))
		return true;
	notrun("no enclave inside this one: %s",
		notes->ordinary ? notes->err.text : "no user namespace of an ordinary user");
	return false;
}

static void statuses_come_through(void)
{
	static const int statuses[] = { 0, 1, 4, 77 };

	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		int status = statuses[i];
		const struct enclave_plan plan = { .gather = gather, .work = work,
			.context = &status };

		if (!nested(&plan))
			return;
		CU_ASSERT_EQUAL(notes->returned, status);
		CU_ASSERT_STRING_EQUAL(notes->err.text, "");
	}
}

static void the_work_finds_its_place(void)
{
	int status = 0;
	const struct enclave_plan plan = { gather, work, serve, &status };
	char path[PATH_MAX + 16];

	if (!nested(&plan))
		return;
	CU_ASSERT_TRUE(notes->gathered == 1 && notes->worked == 1);
	CU_ASSERT_TRUE(notes->room_is_writable && notes->file_is_there);
	CU_ASSERT_TRUE(notes->root_by_id && notes->first_process);
	CU_ASSERT_EQUAL(notes->ids, 1);
	CU_ASSERT_FALSE(notes->started_by_root);
	CU_ASSERT_TRUE(notes->served == 1 && notes->done_at_end);
	snprintf(path, sizeof(path), "%s/worked", notes->room);
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0); /* gone with the enclave, never seen outside */
	snprintf(path, sizeof(path), "%s/gathered", notes->room);
	CU_ASSERT_NOT_EQUAL(access(path, F_OK), 0);
}

static void a_failed_gathering_ends_it(void)
{
	int status = 0;
	const struct enclave_plan plan = { .gather = gather_nothing, .work = work,
		.context = &status };

	if (!nested(&plan))
		return;
	CU_ASSERT_EQUAL(notes->returned, -1);
	CU_ASSERT_STRING_EQUAL(notes->err.text, "nothing to be had");
	CU_ASSERT_EQUAL(notes->worked, 0);
}

static void a_crash_is_told_apart(void)
{
	const struct enclave_plan plan = { .gather = gather, .work = crash };

	if (!nested(&plan))
		return;
	CU_ASSERT_EQUAL(notes->returned, ENCLAVE_DIED);
	CU_ASSERT_STRING_EQUAL(notes->err.text, "the harness was killed or crashed");
	CU_ASSERT_EQUAL(notes->gathered, 1);
}

/* The enclave that these tests run in: root of it, with one id or a hundred, the first process. */
static void this_one_is_as_it_should_be(void)
{
	char text[256] = "";
	wl_auto_fd int fd = -1;

	if (!can_stage())
		return;
	CU_ASSERT_EQUAL(geteuid(), 0);
	CU_ASSERT_EQUAL(getpid(), 1);
	CU_ASSERT_EQUAL(userns_id_count(), enclave_started_by_root() ? USERNS_ROOT_IDS : 1);
	fd = open("/proc/self/uid_map", O_RDONLY | O_CLOEXEC);
	CU_ASSERT_TRUE(read(fd, text, sizeof(text) - 1) > 0);
	if (enclave_started_by_root())
		CU_ASSERT_PTR_NOT_NULL(strstr(text, "61000"));
}

void suite_enclave(void);
void suite_enclave(void)
{
	test("this one is as it should be", this_one_is_as_it_should_be);
	test("statuses come through", statuses_come_through);
	test("the work finds its place", the_work_finds_its_place);
	test("a failed gathering ends it", a_failed_gathering_ends_it);
	test("a crash is told apart", a_crash_is_told_apart);
}
