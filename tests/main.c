/*
 * The unit tests' main program. Suites run inside an enclave, as the harness does, with its private tmpfs as scratch; where the
 * machine does not permit one, what needs it says NOTRUN. Those that try the finished command run outside of it, since
 * the command makes its own; their scratch is a folder in /tmp that goes with the process. CUnit knows no skipping, so that is
 * kept here.
 *
 * usage: unit [SUITE ...]     (from any folder; all suites when none is named)
 *
 * Each of the two runs closes with a line "N passed, N failed, N skipped".
 */
#include "tests/tests.h"

#include <CUnit/Basic.h>
#include <ftw.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/enclave.h"

static const char *const outside[] = { "command", "grading", "hostile", "kill", "stuck", "prove", NULL };

static CU_pSuite suite_now;
static const char *room_now;
static bool may_stage;
static struct wl_err why_no_stage;
static char build_folder[PATH_MAX];
static CU_pTest notrun_last;
static unsigned int notrun_count;
static char notrun_list[65536];

struct arguments {
	int count; /* with the program's name */
	char **words;
};

void test(const char *name, void (*function)(void))
{
	CU_add_test(suite_now, name, function);
}

void notrun(const char *format, ...)
{
	char reason[512];
	size_t len = strlen(notrun_list);
	va_list args;

	if (CU_get_current_test() == notrun_last)
		return; /* its first reason is enough */
	notrun_last = CU_get_current_test();
	notrun_count++;
	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	snprintf(notrun_list + len, sizeof(notrun_list) - len, "\nNOTRUN %s: %s", notrun_last->pName, reason);
}

bool can_stage(void)
{
	if (may_stage)
		return true;
	notrun("%s", why_no_stage.text);
	return false;
}

void override_permissions(bool allowed)
{
	static const cap_value_t rights[] = { CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH };
	cap_t caps = cap_get_proc();

	cap_set_flag(caps, CAP_EFFECTIVE, 2, rights, allowed ? CAP_SET : CAP_CLEAR);
	cap_set_proc(caps);
	cap_free(caps);
}

const char *scratch(void)
{
	static char path[PATH_MAX];
	static unsigned int number;

	snprintf(path, sizeof(path), "%s/scratch-%u-%d", room_now ? room_now : "/nonexistent", number++,
		(int)getpid());
	mkdir(path, 0755);
	return path;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

void remove_folder(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *built(const char *path)
{
	static char full[PATH_MAX + 256];

	snprintf(full, sizeof(full), "%s/%s", build_folder, path);
	return full;
}

const char *source(const char *path)
{
	static char full[PATH_MAX + 256];

	snprintf(full, sizeof(full), "%s/../../%s", build_folder, path);
	return full;
}

static bool in(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words;
}

/* Run the suites that the arguments name (none: all) and that belong outside of the enclave, or inside. */
static int run(const struct arguments *arguments, bool are_outside)
{
	unsigned int run, failed, suite_count = 0;

	notrun_last = NULL;
	notrun_list[0] = '\0';
	notrun_count = 0;
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	for (const struct suite *suite = suites; suite->name; suite++) {
		if (in(suite->name, outside) != are_outside || (arguments->count > 1 &&
			!in(suite->name, (const char *const *)arguments->words + 1)))
			continue;
		suite_count++;
		suite_now = CU_add_suite(suite->name, NULL, NULL);
		suite->add();
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	if (suite_count > 0)
		CU_basic_run_tests();
	failed = CU_get_number_of_tests_failed();
	run = CU_get_number_of_tests_run();
	CU_cleanup_registry();
	if (suite_count > 0)
		printf("%s\n%u passed, %u failed, %u skipped\n", notrun_list, run - failed - notrun_count,
			failed, notrun_count);
	fflush(NULL);
	return failed != 0 || (suite_count > 0 && run == 0);
}

static int gather(void *context, const char *room, struct wl_err *err)
{
	(void)context;
	/* Started by root, the work is done by somebody who owns nothing here yet. */
	return chmod(room, 01777) < 0 ? wl_err_errno(err, "chmod %s", room) : 0;
}

static int work(void *context, const char *room)
{
	room_now = room;
	may_stage = true;
	return run(context, false);
}

/* Without an enclave: what needs none. */
static int run_bare(const struct arguments *arguments, bool are_outside)
{
	char folder[] = "/tmp/wirelab-unit-XXXXXX";
	int status;

	room_now = mkdtemp(folder);
	status = run(arguments, are_outside);
	remove_folder(folder);
	return status;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { argc, argv };
	const struct enclave_plan plan = { .gather = gather, .work = work, .context = &arguments };
	ssize_t len = readlink("/proc/self/exe", build_folder, sizeof(build_folder) - 1);
	int status;

	if (len <= 0)
		return 1;
	build_folder[len] = '\0';
	dirname(build_folder);
	setvbuf(stdout, NULL, _IOLBF, 0);
	status = enclave_run(&plan, &why_no_stage);
	if (status == ENCLAVE_DIED)
		fprintf(stderr, "unit: %s\n", why_no_stage.text);
	may_stage = status >= 0;
	if (status == -1)
		status = run_bare(&arguments, false);
	return run_bare(&arguments, true) != 0 || status != 0;
}
