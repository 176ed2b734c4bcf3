/*
 * What is copied of a submission and what is left behind by name: links and special files, what
 * cannot be read, what is too large, too deep or too many. And which folder is a class.
 */
#include "harness/intake.h"

#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "netns/userns.h"
#include "tests/tests.h"

static char from[PATH_MAX];
static struct wl_arena *arena;
static struct intake intake;

static void begin(void)
{
	snprintf(from, sizeof(from), "%s", scratch());
	arena = wl_arena_new();
	intake = (struct intake){ .arena = arena };
}

static const char *at(const char *format, ...) __attribute__((format(printf, 1, 2)));
static const char *at(const char *format, ...)
{
	char below[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(below, sizeof(below), format, args);
	va_end(args);
	return wl_format(arena, "%s/%s", from, below);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	wl_auto_fd int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	CU_ASSERT_EQUAL(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	CU_ASSERT_EQUAL(fchmod(fd, mode), 0);
}

static void make_folders(const char *const *names)
{
	for (; *names; names++)
		CU_ASSERT_EQUAL(mkdir(at("%s", *names), 0755), 0);
}

/* Copy what was opened for OWNER; returns the first submission. */
static struct intake_submission *copy(int owner)
{
	struct wl_err err = { "" };

	CU_ASSERT_EQUAL_FATAL(intake_copy(&intake, scratch(), owner, &err), 0);
	CU_ASSERT_TRUE_FATAL(intake.count > 0);
	return &intake.submissions[0];
}

static const char *copied(const struct intake_submission *submission, const char *name)
{
	return wl_format(arena, "%s/%s", submission->copy, name);
}

static bool is_there(const struct intake_submission *submission, const char *name)
{
	struct stat status;

	return lstat(copied(submission, name), &status) == 0;
}

static bool refused(const struct intake_submission *submission, const char *path, const char *why)
{
	for (size_t i = 0; i < submission->refusal_count; i++)
		if (strcmp(submission->refusals[i].path, path) == 0)
			return strstr(submission->refusals[i].why, why) && !is_there(submission,
				path);
	return false;
}

static void end(void)
{
	wl_arena_free(arena);
}

static void names_are_told(void)
{
	CU_ASSERT_TRUE(intake_is_program("sender", "sender"));
	CU_ASSERT_TRUE(intake_is_program("sender.py", "sender"));
	CU_ASSERT_TRUE(intake_is_program("sender.sh", "sender"));
	CU_ASSERT_TRUE(intake_is_program("sender.c", "sender"));
	CU_ASSERT_FALSE(intake_is_program("sender.txt", "sender"));
	CU_ASSERT_FALSE(intake_is_program("sender.py.bak", "sender"));
	CU_ASSERT_FALSE(intake_is_program("Sender.py", "sender"));
	CU_ASSERT_FALSE(intake_is_program("sende", "sender"));
	CU_ASSERT_FALSE(intake_is_program("udp_sender.py", "sender"));
	CU_ASSERT_TRUE(intake_is_any_program("udp_echo_server.c"));
	CU_ASSERT_TRUE(intake_is_any_program("receiver"));
	CU_ASSERT_FALSE(intake_is_any_program("README.md"));
}

static void files_are_copied(void)
{
	struct intake_submission *submission;
	struct stat status;

	begin();
	make_folders((const char *const[]){ "sub folder", "sub folder/한글", ".git", "__pycache__",
		NULL });
	write_file(at("sender.py"), "print(1)\n", 0600);
	write_file(at("run"), "#!/bin/sh\n", 0711);
	write_file(at("sub folder/한글/이름 a.c"), "int x;\n", 0644);
	write_file(at(".git/config"), "x", 0644);
	intake_open(&intake, from, false);
	submission = copy(-1);
	CU_ASSERT_STRING_EQUAL(submission->name, strrchr(from, '/') + 1);
	CU_ASSERT_STRING_EQUAL(submission->path, from);
	CU_ASSERT_TRUE(intake.count == 1 && !submission->trouble && !submission->refusal_count);
	CU_ASSERT_TRUE(stat(copied(submission, "sender.py"), &status) == 0 && status.st_size == 9);
	CU_ASSERT_EQUAL(status.st_mode & 07777, 0644);
	CU_ASSERT_TRUE(stat(copied(submission, "run"), &status) == 0);
	CU_ASSERT_EQUAL(status.st_mode & 07777, 0755);
	CU_ASSERT_TRUE(is_there(submission, "sub folder/한글/이름 a.c"));
	CU_ASSERT_FALSE(is_there(submission, ".git"));
	CU_ASSERT_FALSE(is_there(submission, "__pycache__"));
	end();
}

static void copies_have_their_owner(void)
{
	int owner = geteuid() == 0 && userns_id_count() > 10 ? 10 : (int)geteuid();
	struct intake_submission *submission;
	struct stat file, folder;

	begin();
	make_folders((const char *const[]){ "a", NULL });
	write_file(at("a/sender.py"), "x", 0644);
	intake_open(&intake, from, false);
	submission = copy(owner);
	CU_ASSERT_EQUAL(stat(copied(submission, "a/sender.py"), &file), 0);
	CU_ASSERT_EQUAL(stat(copied(submission, "a"), &folder), 0);
	CU_ASSERT_EQUAL((int)file.st_uid, owner);
	CU_ASSERT_EQUAL((int)folder.st_uid, owner);
	end();
}

static void open_socket_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	wl_auto_fd int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	CU_ASSERT_TRUE_FATAL(strlen(path) < sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

static void special_files_stay_behind(void)
{
	struct intake_submission *submission;
	bool device;

	begin();
	make_folders((const char *const[]){ "real", NULL });
	write_file(at("real/x"), "x", 0644);
	CU_ASSERT_EQUAL(symlink("/etc/passwd", at("sender.py")), 0);
	CU_ASSERT_EQUAL(symlink("real", at("linked")), 0);
	CU_ASSERT_EQUAL(symlink("nowhere", at("real/dangling")), 0);
	CU_ASSERT_EQUAL(mkfifo(at("pipe"), 0644), 0);
	open_socket_at(at("socket"));
	device = mknod(at("device"), S_IFCHR | 0644,
		0) == 0; /* the one device that anybody may make */
	intake_open(&intake, from, false);
	submission = copy(-1);
	CU_ASSERT_TRUE(refused(submission, "sender.py", "symbolic link"));
	CU_ASSERT_TRUE(refused(submission, "linked", "symbolic link"));
	CU_ASSERT_TRUE(refused(submission, "real/dangling", "symbolic link"));
	CU_ASSERT_TRUE(refused(submission, "pipe", "named pipe"));
	CU_ASSERT_TRUE(refused(submission, "socket", "socket"));
	CU_ASSERT_TRUE(!device || refused(submission, "device", "device"));
	CU_ASSERT_TRUE(is_there(submission, "real/x"));
	end();
}

static void what_cannot_be_read_stays_behind(void)
{
	struct intake_submission *submission;

	begin();
	make_folders((const char *const[]){ "closed", NULL });
	write_file(at("secret.py"), "x", 0);
	write_file(at("open.py"), "x", 0644);
	CU_ASSERT_EQUAL(chmod(at("closed"), 0), 0);
	override_permissions(false);
	intake_open(&intake, from, false);
	submission = copy(-1);
	override_permissions(true);
	CU_ASSERT_TRUE(refused(submission, "secret.py", "cannot be read: Permission denied"));
	CU_ASSERT_TRUE(refused(submission, "closed", "cannot be read: Permission denied"));
	CU_ASSERT_TRUE(is_there(submission, "open.py"));
	end();
}

static void make_large(const char *path, off_t size)
{
	write_file(path, "", 0644);
	CU_ASSERT_EQUAL(truncate(path, size), 0);
}

static void large_files_stay_behind(void)
{
	struct intake_submission *submission;

	begin();
	make_large(at("fits"), INTAKE_FILE_BYTES);
	make_large(at("large"), INTAKE_FILE_BYTES + 1);
	intake_open(&intake, from, false);
	submission = copy(-1);
	CU_ASSERT_TRUE(is_there(submission, "fits"));
	CU_ASSERT_TRUE(refused(submission, "large", "too large"));
	CU_ASSERT_EQUAL(submission->refusal_count, 1);
	end();
}

static void all_files_together_are_bounded(void)
{
	struct intake_submission *submission;
	size_t copies = 0;

	begin();
	for (unsigned int i = 0; i < 6; i++)
		make_large(at("file%u", i), 12 << 20);
	intake_open(&intake, from, false);
	submission = copy(-1);
	for (unsigned int i = 0; i < 6; i++)
		copies += is_there(submission, wl_format(arena, "file%u", i));
	CU_ASSERT_EQUAL(copies, 5); /* 60 of 64 MiB */
	CU_ASSERT_EQUAL(submission->refusal_count, 1);
	remove_folder(submission->copy);
	end();
}

static void many_files_are_bounded(void)
{
	struct intake_submission *submission;
	size_t copies = 0;

	begin();
	for (unsigned int i = 0; i < INTAKE_ENTRIES + 3; i++)
		write_file(at("file%u", i), "", 0644);
	intake_open(&intake, from, false);
	submission = copy(-1);
	for (unsigned int i = 0; i < INTAKE_ENTRIES + 3; i++)
		copies += is_there(submission, wl_format(arena, "file%u", i));
	CU_ASSERT_EQUAL(copies, INTAKE_ENTRIES);
	CU_ASSERT_TRUE_FATAL(submission->refusal_count > 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(submission->refusals[0].why, "too many"));
	end();
}

static void depth_is_bounded(void)
{
	struct intake_submission *submission;
	char path[256] = "", last[256] = "";

	begin();
	for (unsigned int i = 0; i <= INTAKE_DEPTH; i++) {
		strcpy(last, path);
		strcat(path, i ? "/d" : "d");
		CU_ASSERT_EQUAL(mkdir(at("%s", path), 0755), 0);
	}
	intake_open(&intake, from, false);
	submission = copy(-1);
	CU_ASSERT_TRUE(refused(submission, path, "too deep"));
	CU_ASSERT_TRUE(is_there(submission, last));
	end();
}

static void what_is_no_folder_is_trouble(void)
{
	struct intake_submission *submission;

	begin();
	write_file(at("file.zip"), "x", 0644);
	intake_open(&intake, at("missing"), false);
	intake_open(&intake, at("file.zip"), false);
	CU_ASSERT_EQUAL(intake.count, 2);
	submission = copy(-1);
	CU_ASSERT_STRING_EQUAL(submission[0].trouble,
		"cannot be opened: No such file or directory");
	CU_ASSERT_STRING_EQUAL(submission[1].trouble, "cannot be opened: Not a directory");
	CU_ASSERT_STRING_EQUAL(submission[1].name, "file.zip");
	end();
}

/* FILES are made in a new folder; how many submissions it is taken for. */
static size_t count_in(const char *const *folders, const char *const *files, bool as_class)
{
	begin();
	make_folders(folders);
	for (; *files; files++)
		write_file(at("%s", *files), "x", 0644);
	intake_open(&intake, from, as_class);
	return intake.count;
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
static const struct {
	const char *const *folders, *const *files;
	size_t count;
} folders[] = {
	{ LIST("kim", "lee"), LIST("kim/sender.py", "lee/sender.c"), 2 },
	{ LIST("kim", "lee", "park"), LIST("kim/sender.py", "lee/sender.c"), 3 },
	{ LIST("kim", "kim/raw", "kim/raw/x", "lee"), LIST("kim/raw/x/sender", "lee/sender.sh"),
		2 },
	{ LIST("kim", "lee"), LIST("kim/sender.py", "lee/sender.c", "README.md"), 2 },
	{ LIST("raw", "udp"), LIST("raw/sender.py", "udp/udp_echo_server.py"), 1 },
	{ LIST("raw", "old"), LIST("raw/sender.py", "old/sender.py", "receiver.py"), 1 },
	{ LIST("raw", ".git"), LIST("raw/sender.py", ".git/sender.py"), 1 },
	{ LIST("kim"), LIST("kim/sender.py"), 1 },
	{ LIST("kim", "lee"), LIST("kim/other.py", "lee/other.py"), 1 },
	{ LIST("a b"), LIST("sender.py"), 1 },
};

static void classes_are_found_out(void)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		size_t count = count_in(folders[i].folders, folders[i].files, false);

		CU_ASSERT_EQUAL(count, folders[i].count);
		if (count != folders[i].count)
			fprintf(stderr, "row %zu: %zu submissions\n", i, count);
		copy(-1); /* closes what was opened */
		end();
	}
}

/* A link to a submission is not one more. */
static void links_make_no_class(void)
{
	CU_ASSERT_EQUAL(count_in(LIST("kim"), LIST("kim/sender.py"), false), 1);
	copy(-1);
	CU_ASSERT_EQUAL(symlink("kim", at("lee")), 0);
	intake.count = 0;
	intake_open(&intake, from, false);
	CU_ASSERT_EQUAL(intake.count, 1);
	CU_ASSERT_TRUE(refused(copy(-1), "lee", "symbolic link"));
	end();
}

/* In a class a link to a folder is told, one to a file is a file. */
static void links_in_a_class_are_told(void)
{
	CU_ASSERT_EQUAL(count_in(LIST("kim", "lee"), LIST("kim/sender.py", "lee/sender.py"), false), 2);
	CU_ASSERT_EQUAL(intake.link_count, 0);
	copy(-1);
	CU_ASSERT_EQUAL(symlink("kim", at("park")), 0);
	CU_ASSERT_EQUAL(symlink("kim/sender.py", at("readme")), 0);
	CU_ASSERT_EQUAL(symlink("nowhere", at("dangling")), 0);
	intake.count = 0;
	intake_open(&intake, from, false);
	CU_ASSERT_EQUAL(intake.count, 2);
	CU_ASSERT_EQUAL_FATAL(intake.link_count, 1);
	CU_ASSERT_STRING_EQUAL(intake.links[0], at("park"));
	copy(-1);
	end();
}

static void a_class_is_said(void)
{
	CU_ASSERT_EQUAL(count_in(LIST("이 서연", "b", "__MACOSX"), LIST("b/x", "sender.py"), true), 2);
	copy(-1);
	CU_ASSERT_STRING_EQUAL(intake.submissions[0].name, "b");
	CU_ASSERT_STRING_EQUAL(intake.submissions[1].name, "이 서연");
	CU_ASSERT_STRING_EQUAL(intake.submissions[1].path, at("%s", "이 서연"));
	CU_ASSERT_TRUE(is_there(&intake.submissions[0], "x"));
	CU_ASSERT_STRING_NOT_EQUAL(intake.submissions[0].copy, intake.submissions[1].copy);
	end();
}

void suite_intake(void);
void suite_intake(void)
{
	test("names are told", names_are_told);
	test("files are copied", files_are_copied);
	test("copies have their owner", copies_have_their_owner);
	test("special files stay behind", special_files_stay_behind);
	test("what cannot be read stays behind", what_cannot_be_read_stays_behind);
	test("large files stay behind", large_files_stay_behind);
	test("all files together are bounded", all_files_together_are_bounded);
	test("many files are bounded", many_files_are_bounded);
	test("depth is bounded", depth_is_bounded);
	test("what is no folder is trouble", what_is_no_folder_is_trouble);
	test("classes are found out", classes_are_found_out);
	test("links make no class", links_make_no_class);
	test("links in a class are told", links_in_a_class_are_told);
	test("a class is said", a_class_is_said);
}
