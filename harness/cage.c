/*
 * What is in the cage, in bubblewrap's words. The words go through a memory file, so that no
 * command line shows paths of the harness; /proc/1, which is bubblewrap's own process inside, is
 * covered as well: it has the program's user id, and who writes its memory forges the exit status.
 *
 * Order matters: bubblewrap does these things one by one. /dev is a writable tmpfs of half the
 * machine's memory until it is made read-only, and the root is closed last.
 *
 * Names in the submission's folder are bytes of a stranger: they are only ever whole arguments
 * behind an option that takes two.
 */
#include "harness/cage.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"

#define MOST_LINKS 200
#define SHM_BYTES "4194304"

/* Patterns as of glob(7). */
static const char *const readable[] = {
	"/etc/alternatives", "/etc/ld.so.cache", "/etc/protocols", "/etc/services", "/etc/hosts",
	"/etc/nsswitch.conf", "/etc/java-[0-9]*", "/etc/perl", "/sys/class/net", "/sys/devices/virtual/net",
};

/*
 * Where an installed wirelab keeps references, tables and itself: not for the eyes of a submission.
 */
static const char *const masked_folders[] = {
	"/usr/lib/wirelab", "/usr/libexec/wirelab", "/usr/share/wirelab", "/usr/local/lib/wirelab",
	"/usr/local/libexec/wirelab", "/usr/local/share/wirelab",
};
static const char *const masked_files[] = { "/usr/bin/wirelab", "/usr/local/bin/wirelab" };

static const char *const environment[][2] = {
	{ "LANG", "C.UTF-8" }, { "TZ", "UTC0" }, { "HOME", "/tmp" }, { "TERM", "dumb" },
	{ "PATH", "/usr/local/bin:/usr/bin:/bin" },
};

struct proc_limits cage_limits(const struct proc_spec *spec)
{
	struct proc_limits limits = spec->limits;

	limits.output_bytes = limits.output_bytes ?: 1u << 20;
	limits.memory_bytes = limits.memory_bytes ?: 512u << 20;
	limits.cpu_seconds = limits.cpu_seconds ?: 60;
	limits.processes = limits.processes ?: 160;
	limits.tmp_bytes = limits.tmp_bytes ?: 16u << 20;
	limits.file_bytes = limits.file_bytes ?: 16u << 20;
	return limits;
}

/* Write each text up to NULL as one argument. */
static void __attribute__((sentinel)) say(FILE *out, ...)
{
	const char *text;
	va_list args;

	va_start(args, out);
	while ((text = va_arg(args, const char *))) {
		fputs(text, out);
		putc('\0', out);
	}
	va_end(args);
}

static void say_readable(FILE *out, const char *pattern)
{
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		say(out, "--ro-bind-try", found.gl_pathv[i], found.gl_pathv[i], NULL);
	globfree(&found);
}

static void say_system(FILE *out)
{
	say(out, "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink",
		"usr/sbin", "/sbin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64",
		"/lib64", NULL);
	for (size_t i = 0; i < sizeof(readable) / sizeof(*readable); i++)
		say_readable(out, readable[i]);
	for (size_t i = 0; i < sizeof(masked_folders) / sizeof(*masked_folders); i++)
		if (access(masked_folders[i], F_OK) == 0)
			say(out, "--tmpfs", masked_folders[i], "--remount-ro", masked_folders[i],
				NULL);
	for (size_t i = 0; i < sizeof(masked_files) / sizeof(*masked_files); i++)
		if (access(masked_files[i], F_OK) == 0)
			say(out, "--ro-bind", "/dev/null", masked_files[i], NULL);
}

static void say_kernel(FILE *out)
{
	say(out, "--proc", "/proc", "--perms", "0555", "--tmpfs", "/proc/1", "--remount-ro",
		"/proc/1", "--dev", "/dev", "--size", SHM_BYTES, "--tmpfs", "/dev/shm",
		"--remount-ro", "/dev", NULL);
}

static void say_tmp(FILE *out, const struct proc_limits *limits)
{
	char bytes[32];

	snprintf(bytes, sizeof(bytes), "%zu", limits->tmp_bytes);
	say(out, "--size", bytes, "--tmpfs", "/tmp", NULL);
}

static void say_environment(FILE *out)
{
	say(out, "--clearenv", NULL);
	for (size_t i = 0; i < sizeof(environment) / sizeof(*environment); i++)
		say(out, "--setenv", environment[i][0], environment[i][1], NULL);
}

/* The name is one that /etc/hosts knows on every machine, for programs that look up their own. */
static void say_confinement(FILE *out, const struct proc_spec *spec)
{
	say(out, "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
		"--hostname", "localhost", "--die-with-parent", "--cap-drop", "ALL", NULL);
	if (spec->net_raw)
		say(out, "--cap-add", "CAP_NET_RAW", NULL);
}

/* --symlink /sub/SUBFOLDER/NAME /tmp/NAME */
static void say_link(FILE *out, const char *subfolder, const char *name)
{
	say(out, "--symlink", NULL);
	fprintf(out, "/sub/%s%s%s", subfolder, *subfolder ? "/" : "", name);
	putc('\0', out);
	fprintf(out, "/tmp/%s", name);
	putc('\0', out);
}

/* The program's own files must not fall to the cap: does an argument name NAME? */
static bool is_argument(const char *const *argv, const char *name)
{
	for (; *argv; argv++)
		if (strcmp(strncmp(*argv, "./", 2) == 0 ? *argv + 2 : *argv, name) == 0)
			return true;
	return false;
}

static int say_links(FILE *out, const struct proc_spec *spec, struct wl_err *err)
{
	wl_auto_fd int folder = open(spec->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	wl_auto_fd int own = -1;
	struct dirent *entry;
	size_t links = 0;
	DIR *entries;

	if (folder >= 0)
		own = openat(folder, *spec->subfolder ? spec->subfolder : ".",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	entries = own < 0 ? NULL : fdopendir(own);
	if (!entries)
		return wl_err_errno(err, _("cannot list %s/%s"), spec->folder, spec->subfolder);
	wl_steal_fd(&own);
	while ((entry = readdir(entries))) {
		const char *name = entry->d_name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		if (is_argument(spec->argv, name) || links++ < MOST_LINKS)
			say_link(out, spec->subfolder, name);
	}
	closedir(entries);
	return 0;
}

static int say_folder(FILE *out, const struct proc_spec *spec, struct wl_err *err)
{
	if (!spec->folder) {
		say(out, "--chdir", "/tmp", NULL);
		return 0;
	}
	say(out, spec->writable ? "--bind" : "--ro-bind", spec->folder, "/sub", "--chdir", NULL);
	if (spec->writable) {
		fprintf(out, "/sub%s%s", *spec->subfolder ? "/" : "", spec->subfolder);
		putc('\0', out);
		return 0;
	}
	say(out, "/tmp", NULL);
	return say_links(out, spec, err);
}

static int say_all(FILE *out, const struct proc_spec *spec, struct wl_err *err)
{
	struct proc_limits limits = cage_limits(spec);

	say_system(out);
	say_kernel(out);
	say_tmp(out, &limits);
	if (say_folder(out, spec, err) < 0)
		return -1;
	say(out, "--remount-ro", "/", NULL);
	say_environment(out);
	say_confinement(out, spec);
	if (fflush(out) != 0)
		return wl_err_errno(err, _("cannot write the cage's description"));
	return 0;
}

int cage_arguments(const struct proc_spec *spec, struct wl_err *err)
{
	wl_auto_fd int fd = memfd_create("cage", MFD_CLOEXEC);
	wl_auto_fd int second = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	wl_auto_file FILE *out = second < 0 ? NULL : fdopen(second, "w");

	if (!out)
		return wl_err_errno(err, _("cannot make a memory file"));
	wl_steal_fd(&second);
	if (say_all(out, spec, err) < 0)
		return -1;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return wl_err_errno(err, _("cannot rewind a memory file"));
	return wl_steal_fd(&fd);
}
