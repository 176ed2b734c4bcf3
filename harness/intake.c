/*
 * Folders are walked by descriptors (openat with O_NOFOLLOW), so nothing that changes while we look can lead us elsewhere, and
 * files are opened with O_NONBLOCK and checked afterwards, so that a FIFO does not hold us up. Every bound is per
 * submission; beyond one the rest is refused by name instead of failing the whole.
 */
#include "harness/intake.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"
#include "harness/lesson.h"

#define CLASS_DEPTH 4

struct copying {
	int owner;
	struct wl_arena *arena;
	struct intake_submission *submission;
	size_t bytes, entries;
	struct wl_err *err;
};

bool intake_is_program(const char *file, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(file, name, len) != 0)
		return false;
	file += len;
	return !*file || !strcmp(file, ".py") || !strcmp(file, ".sh") || !strcmp(file, ".c");
}

bool intake_is_any_program(const char *file)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_role *role = (*lesson)->roles; role->program; role++)
			if (intake_is_program(file, role->program))
				return true;
	return false;
}

static bool passed_over(const char *name)
{
	static const char *const names[] = { ".", "..", ".git", ".svn", "__pycache__", "__MACOSX",
		".venv", "venv", "node_modules", ".idea", ".vscode", ".DS_Store" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static DIR *open_folder(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (!folder && fd >= 0)
		close(fd);
	return folder;
}

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

#define auto_folder __attribute__((cleanup(close_folder)))

static void refuse(struct copying *copying, const char *path, const char *why)
{
	struct intake_refusal *refusal;

	if (!copying->submission)
		return;
	refusal = wl_append(copying->arena, &copying->submission->refusals,
		&copying->submission->refusal_count);
	refusal->path = wl_strdup(copying->arena, path);
	refusal->why = wl_strdup(copying->arena, why);
}

static int pour(int from, int to, struct copying *copying)
{
	char buffer[65536];
	size_t file_bytes = 0;
	ssize_t len;

	while ((len = read(from, buffer, sizeof(buffer))) > 0) {
		file_bytes += (size_t)len;
		copying->bytes += (size_t)len;
		if (file_bytes > INTAKE_FILE_BYTES || copying->bytes > INTAKE_BYTES) {
			errno = EFBIG;
			return -1;
		}
		for (ssize_t done = 0; done < len;) {
			ssize_t wrote = write(to, buffer + done, (size_t)(len - done));

			if (wrote <= 0)
				return -1;
			done += wrote;
		}
	}
	return len < 0 ? -1 : 0;
}

static int copy_file(int from, const char *name, int to, const char *path, struct copying *copying)
{
	wl_auto_fd int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	wl_auto_fd int out = -1;
	struct stat status;

	if (in < 0 || fstat(in, &status) < 0 || !S_ISREG(status.st_mode)) {
		refuse(copying, path, wl_format(copying->arena, _("cannot be read: %s"), strerror(errno)));
		return 0;
	}
	out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0 || (copying->owner >= 0 && fchown(out, (uid_t)copying->owner, (gid_t)copying->owner) < 0) ||
		fchmod(out, status.st_mode & 0111 ? 0755 : 0644) < 0)
		return wl_err_errno(copying->err, _("cannot copy %s"), path);
	if (pour(in, out, copying) == 0)
		return 0;
	refuse(copying, path, errno == EFBIG ? _("is too large, or all files together are")
					     : wl_format(copying->arena, _("cannot be read: %s"), strerror(errno)));
	unlinkat(to, name, 0);
	return 0;
}

static const char *kind_words(mode_t mode)
{
	if (S_ISLNK(mode))
		return _("is a symbolic link; hand in the file itself");
	if (S_ISFIFO(mode))
		return _("is a named pipe, not a file");
	if (S_ISSOCK(mode))
		return _("is a socket, not a file");
	return _("is a device, not a file");
}

static int copy_entries(DIR *folder, int to, const char *prefix, unsigned int depth,
	struct copying *copying);

static int copy_subfolder(int from, const char *name, int to, const char *path, unsigned int depth,
	struct copying *copying)
{
	auto_folder DIR *folder = open_folder(from, name);
	wl_auto_fd int made = -1;

	if (!folder || depth >= INTAKE_DEPTH) {
		refuse(copying, path, folder ? _("is too deep")
					     : wl_format(copying->arena, _("cannot be read: %s"), strerror(errno)));
		return 0;
	}
	if (mkdirat(to, name, 0755) < 0)
		return wl_err_errno(copying->err, _("cannot copy %s"), path);
	made = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (made < 0 || fchmod(made, 0755) < 0 ||
		(copying->owner >= 0 && fchown(made, (uid_t)copying->owner, (gid_t)copying->owner) < 0))
		return wl_err_errno(copying->err, _("cannot copy %s"), path);
	return copy_entries(folder, made, path, depth + 1, copying);
}

static int copy_entries(DIR *folder, int to, const char *prefix, unsigned int depth,
	struct copying *copying)
{
	struct dirent *entry;

	while ((entry = readdir(folder))) {
		const char *name = entry->d_name, *path;
		struct stat status;
		int result = 0;

		if (passed_over(name))
			continue;
		path = *prefix ? wl_format(copying->arena, "%s/%s", prefix, name) : name;
		if (++copying->entries > INTAKE_ENTRIES) {
			refuse(copying, path, _("comes after too many other files"));
			return 0;
		}
		if (fstatat(dirfd(folder), name, &status, AT_SYMLINK_NOFOLLOW) < 0)
			refuse(copying, path, strerror(errno));
		else if (S_ISREG(status.st_mode))
			result = copy_file(dirfd(folder), name, to, path, copying);
		else if (S_ISDIR(status.st_mode))
			result = copy_subfolder(dirfd(folder), name, to, path, depth, copying);
		else
			refuse(copying, path, kind_words(status.st_mode));
		if (result < 0)
			return -1;
	}
	return 0;
}

int intake_copy_folder(int from, const char *to, int owner, struct wl_arena *arena,
	struct intake_submission *submission, struct wl_err *err)
{
	struct copying copying = { .owner = owner, .arena = arena, .submission = submission, .err = err };
	auto_folder DIR *folder = open_folder(from, ".");
	wl_auto_fd int made = -1;

	if (!folder)
		return wl_err_errno(err, _("the folder cannot be read"));
	if (mkdir(to, 0755) < 0)
		return wl_err_errno(err, _("cannot make %s"), to);
	made = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (made < 0 || fchmod(made, 0755) < 0 || (owner >= 0 && fchown(made, (uid_t)owner, (gid_t)owner) < 0))
		return wl_err_errno(err, _("cannot make %s"), to);
	return copy_entries(folder, made, "", 0, &copying);
}

/* Mark in FOUND (one flag a role of any lesson) which programs' names occur in FOLDER or below it. */
static void find_names(DIR *folder, unsigned int depth, bool *found)
{
	struct dirent *entry;

	while ((entry = readdir(folder))) {
		size_t index = 0;

		for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
			for (const struct wl_role *role = (*lesson)->roles; role->program; role++, index++)
				if (intake_is_program(entry->d_name, role->program))
					found[index] = true;
		if (!passed_over(entry->d_name) && depth < CLASS_DEPTH && entry->d_type != DT_REG) {
			auto_folder DIR *below = open_folder(dirfd(folder), entry->d_name);

			if (below)
				find_names(below, depth + 1, found);
		}
	}
}

#define ROLES_MOST 256

/* A class: some program's name occurs below two of its subfolders, and none in the folder itself. */
static bool is_class(int at)
{
	unsigned int times[ROLES_MOST] = { 0 };
	auto_folder DIR *folder = open_folder(at, ".");
	struct dirent *entry;
	bool twice = false;

	while (folder && (entry = readdir(folder))) {
		auto_folder DIR *below = NULL;
		bool found[ROLES_MOST] = { false };

		if (passed_over(entry->d_name))
			continue;
		below = open_folder(dirfd(folder), entry->d_name);
		if (!below && intake_is_any_program(entry->d_name))
			return false;
		if (!below)
			continue;
		find_names(below, 0, found);
		for (size_t i = 0; i < ROLES_MOST; i++)
			twice = (found[i] && ++times[i] > 1) || twice;
	}
	return twice;
}

static void add(struct intake *intake, const char *name, const char *path, int folder,
	const char *trouble)
{
	size_t count = intake->count;
	struct intake_submission *submission =
		wl_append(intake->arena, &intake->submissions, &intake->count);
	int *kept = wl_append(intake->arena, &intake->folders, &count);

	submission->name = wl_strdup(intake->arena, name);
	submission->path = wl_strdup(intake->arena, path);
	submission->trouble = wl_strdup(intake->arena, trouble);
	*kept = folder;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool leads_to_folder(int at, const char *name)
{
	struct stat status;

	return fstatat(at, name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

static void open_class(struct intake *intake, const char *path, int at)
{
	auto_folder DIR *folder = open_folder(at, ".");
	const char **names = NULL;
	size_t count = 0;
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (!passed_over(entry->d_name)) {
			const char **name = wl_append(intake->arena, &names, &count);

			*name = wl_strdup(intake->arena, entry->d_name);
		}
	if (count)
		qsort(names, count, sizeof(*names), by_name);
	for (size_t i = 0; i < count; i++) {
		const char *whole = wl_format(intake->arena, "%s/%s", path, names[i]);
		int below = openat(at, names[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		bool is_file = below < 0 && errno == ENOTDIR;

		if (is_file && leads_to_folder(at, names[i]))
			*(const char **)wl_append(intake->arena, &intake->links, &intake->link_count) = whole;
		else if (!is_file)
			add(intake, names[i], whole, below,
				below < 0 ? wl_format(intake->arena, _("cannot be opened: %s"), strerror(errno))
					  : NULL);
	}
}

void intake_open(struct intake *intake, const char *path, bool as_class)
{
	wl_auto_fd int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *why = strerror(errno);
	char *resolved = realpath(path, NULL);
	const char *name = resolved ? basename(resolved) : path;

	if (folder < 0)
		add(intake, name, path, -1, wl_format(intake->arena, _("cannot be opened: %s"), why));
	else if (as_class || is_class(folder))
		open_class(intake, path, folder);
	else
		add(intake, name, path, wl_steal_fd(&folder), NULL);
	free(resolved);
}

int intake_copy(struct intake *intake, const char *room, int owner, struct wl_err *err)
{
	const char *parent = wl_format(intake->arena, "%s/sub", room);

	if (mkdir(parent, 0755) < 0 || (owner >= 0 && chown(parent, (uid_t)owner, (gid_t)owner) < 0))
		return wl_err_errno(err, _("cannot make %s"), parent);
	for (size_t i = 0; i < intake->count; i++) {
		struct intake_submission *submission = &intake->submissions[i];
		struct wl_err why = { "" };

		submission->copy = wl_format(intake->arena, "%s/%04zu", parent, i + 1);
		if (!submission->trouble && intake_copy_folder(intake->folders[i], submission->copy, owner,
						    intake->arena, submission, &why) < 0)
			submission->trouble = wl_strdup(intake->arena, why.text);
		if (intake->folders[i] >= 0)
			close(intake->folders[i]);
		intake->folders[i] = -1;
	}
	return 0;
}

int intake_copy_ours(const char *home, const char *to, struct wl_arena *arena, struct wl_err *err)
{
	const char *labs = wl_format(arena, "%s/labs", home);
	wl_auto_fd int from = open(labs, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (from < 0)
		return wl_err_errno(err, _("%s: the reference programs are not there; was everything built?"), labs);
	return intake_copy_folder(from, to, -1, arena, NULL, err);
}
