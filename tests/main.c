/*
 * The unit tests' main program. All suites run inside an enclave, as the harness does, with its private tmpfs as scratch;
 * where the machine does not permit one, what needs it says NOTRUN. CUnit knows no skipping, so that is kept here.
 *
 * usage: unit [SUITE ...]     (from any folder; all suites when none is named)
 */
#include "tests/tests.h"

#include <CUnit/Basic.h>
#include <libgen.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/enclave.h"

static CU_pSuite suite_now;
static const char *room_now;
static struct wl_err why_no_stage;
static char build_folder[PATH_MAX];
static size_t notrun_count;
static char notrun_list[8192];

struct arguments {
	int count;
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

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	notrun_count++;
	snprintf(notrun_list + len, sizeof(notrun_list) - len, "NOTRUN %s: %s\n",
		CU_get_current_test()->pName, reason);
}

bool can_stage(void)
{
	if (room_now)
		return true;
	notrun("%s", why_no_stage.text);
	return false;
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

static bool named(const struct arguments *arguments, const char *suite)
{
	for (int i = 1; i < arguments->count; i++)
		if (strcmp(arguments->words[i], suite) == 0)
			return true;
	return arguments->count <= 1;
}

static int run(const struct arguments *arguments)
{
	unsigned int failed;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	for (const struct suite *suite = suites; suite->name; suite++) {
		if (!named(arguments, suite->name))
			continue;
		suite_now = CU_add_suite(suite->name, NULL, NULL);
		suite->add();
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	failed = CU_get_number_of_failures();
	printf("\n%s%zu not run\n", notrun_list, notrun_count);
	failed += CU_get_number_of_tests_run() == 0;
	CU_cleanup_registry();
	fflush(NULL);
	return failed != 0;
}

static int gather(void *context, const char *room, struct wl_err *err)
{
	(void)context;
	(void)room;
	(void)err;
	return 0;
}

static int work(void *context, const char *room)
{
	room_now = room;
	return run(context);
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
	return status == -1 ? run(&arguments) : status != 0;
}
