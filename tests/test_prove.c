/*
 * The command that proves the grader, on made tables: what comes out as its row says is proved, and whatever does not is told, in
 * the report and by the exit status.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "tests/ran.h"
#include "tests/tests.h"

#define SERVER(answer)                                                                                       \
	"import socket\n"                                                                                    \
	"s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"                                             \
	"s.bind(('', 49002))\n"                                                                              \
	"data, addr = s.recvfrom(65535)\n"                                                                   \
	"print('addr =', addr, ', data =', data)\n"                                                          \
	"s.sendto(" answer ", addr)\n"
#define RIGHT SERVER("data")
#define CUT SERVER("data[1:]")

static char fixtures[PATH_MAX], state[PATH_MAX];

static void write_text(const char *below, const char *text)
{
	char path[PATH_MAX + 128];
	wl_auto_file FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/%s", fixtures, below);
	file = fopen(path, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
}

static void make_folder(const char *below)
{
	char path[PATH_MAX + 128];

	snprintf(path, sizeof(path), "%s/%s", fixtures, below);
	CU_ASSERT_EQUAL(mkdir(path, 0755), 0);
}

/* A folder like fixtures/, with one program of each kind. */
static bool made(const char *mutants, const char *variants)
{
	if (!can_stage())
		return false;
	snprintf(fixtures, sizeof(fixtures), "%s", scratch());
	snprintf(state, sizeof(state), "%.*s/state", PATH_MAX - 16, fixtures);
	make_folder("mutants");
	make_folder("mutants/made_cut");
	make_folder("variants");
	make_folder("variants/made_right");
	write_text("mutants/TABLE", mutants);
	write_text("variants/TABLE", variants);
	write_text("mutants/made_cut/udp_echo_server.py", CUT);
	write_text("variants/made_right/udp_echo_server.py", RIGHT);
	return true;
}

#define PROVE(...) WIRELAB("prove", "--fixtures", fixtures, "--only", "made_", "--seed", "5", "--state", state, __VA_ARGS__)
#define RIGHT_ROW "made_right\tudp_echo_server\n"

static size_t size_of(const char *path)
{
	struct stat status = { 0 };

	CU_ASSERT_EQUAL(stat(path, &status), 0);
	return (size_t)status.st_size;
}

static void what_comes_out_as_it_must_is_proved(void)
{
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 }, again = { .out_fd = -1, .err_fd = -1 };
	size_t size;

	if (!made("made_cut\tudp_echo_server\tudp_echo.server.unchanged\toff-by-one\n", RIGHT_ROW))
		return;
	run = PROVE("-j", "2");
	CU_ASSERT_EQUAL(run.status, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "✔ udp_echo.server.unchanged"));
	CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "wrong programs: 1 of 1"));
	CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "right programs: 1 of 1"));
	size = size_of(state);
	again = PROVE("--resume"); /* nothing is left to do */
	CU_ASSERT_EQUAL(again.status, 0);
	CU_ASSERT_EQUAL(size_of(state), size);
}

static void what_does_not_is_told(void)
{
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 };

	if (!made("made_cut\tudp_echo_server\tudp_echo.server.port\n", "made_right\tudp_echo_server\tno-such-interpreter\n"))
		return;
	run = PROVE("-j", "2");
	CU_ASSERT_EQUAL(run.status, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "✘ udp_echo.server.port"));
	CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "udp_echo.server.port passes"));
	CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "udp_echo.server.unchanged fails"));
	CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "right programs: 0 of 0 pass; 1 not run"));
}

static void rounds_draw_other_values_and_agree(void)
{
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 };

	if (!made("", RIGHT_ROW))
		return;
	run = PROVE("--rounds", "2", "--hogs", "1");
	CU_ASSERT_EQUAL(run.status, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(run.out, "2 rounds: 0 programs had verdicts that differ"));
}

static void results_of_another_build_are_not_gone_on_with(void)
{
	ran_auto struct ran run = { .out_fd = -1, .err_fd = -1 };

	if (!made("", RIGHT_ROW))
		return;
	write_text("state", "{\"schema\":\"wirelab-proof/1\",\"command\":\"another\"}\n");
	run = PROVE("--resume");
	CU_ASSERT_EQUAL(run.status, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "of another build"));
}

static void wrong_arguments_are_told(void)
{
	static const char *const wrong[][2] = { { "--rounds", "0" }, { "--hogs", "x" }, { "--jobs", "65" }, { "--resume" },
		{ "--seed", "x" }, { "surplus" }, { "--unknown" } };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ran_auto struct ran run = WIRELAB("prove", wrong[i][0], wrong[i][1]);

		CU_ASSERT_EQUAL(run.status, 2);
		CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "wirelab prove --help"));
	}
}

static void missing_tables_are_told(void)
{
	ran_auto struct ran run = WIRELAB("prove", "--fixtures", "/nonexistent");

	CU_ASSERT_EQUAL(run.status, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(run.err, "/nonexistent/mutants/TABLE"));
}

void suite_prove(void);
void suite_prove(void)
{
	test("what comes out as it must is proved", what_comes_out_as_it_must_is_proved);
	test("what does not is told", what_does_not_is_told);
	test("rounds draw other values and agree", rounds_draw_other_values_and_agree);
	test("results of another build are not gone on with", results_of_another_build_are_not_gone_on_with);
	test("wrong arguments are told", wrong_arguments_are_told);
	test("missing tables are told", missing_tables_are_told);
}
