/*
 * The machine-readable result: one grade with everything in it against its exact text, since other
 * tools read it; and submissions whose names, words and prints are no text.
 */
#include <jansson.h>
#include <string.h>

#include "harness/base/version.h"
#include "reports/json.h"
#include "tests/golden.h"
#include "tests/tests.h"

static const struct wl_scenario scenario = { .name = "server_echo" };
static const struct wl_requirement requirements[] = {
	{ .id = "udp_echo.server.port",
		.program = "udp_echo_server",
		.text = "It listens.",
		.points = 2,
		.hints = { "Which port?", NULL, "See bind." },
		.scenario = &scenario },
	{ .id = "udp_echo.pair", .program = "pair", .text = "Both work.", .points = 0 },
};
static const struct wl_lesson lesson = { .name = "udp_echo", .requirements = requirements };

static struct wl_finding findings[] = {
	{ &requirements[0], WL_FAIL, "\"hello\"", "nothing", 7, "addr = ?", NULL, NULL, "own-data", "It is its own." },
	{ &requirements[1], WL_PASS, "", NULL, 0, NULL, NULL },
};
static struct wl_lesson_grade lessons[] = { { &lesson, 0, 1, 3, findings, 2 } };
static struct wl_program programs[] = {
	{ "udp_echo", "udp_echo_server", WL_PROGRAM_FOUND, "udp/udp_echo_server.py", "" },
	{ "udp_echo", "udp_echo_client", WL_PROGRAM_UNBUILT, "c.c", "line 1:\n\terror" },
};
static struct wl_evidence evidence = {
	.name = "kim", .path = "/tmp/kim", .programs = programs, .program_count = 2
};
static struct wl_submission_grade submissions[] = { { &evidence, 1, 3, lessons, 1 } };
static const struct wl_grade grade = { UINT64_MAX, submissions, 1 };

static const char exact[] =
	"{\"schema\":\"wirelab/1\",\"version\":\"" WL_VERSION
	"\",\"seed\":\"18446744073709551615\",\"submissions\":["
	"{\"name\":\"kim\",\"path\":\"/tmp/kim\",\"points\":1,\"out_of\":3,\"lessons\":["
	"{\"lesson\":\"udp_echo\",\"passed\":false,\"points\":1,\"out_of\":3,\"requirements\":["
	"{\"id\":\"udp_echo.server.port\",\"program\":\"udp_echo_server\",\"scored\":true,"
	"\"verdict\":\"fail\","
	"\"points\":0,\"out_of\":2,\"expected\":\"\\\"hello\\\"\",\"actual\":\"nothing\",\"frame\":"
	"7,"
	"\"hints\":[\"Which port?\",\"See bind.\"],\"text\":\"It "
	"listens.\",\"scenario\":\"server_echo\","
	"\"line\":\"addr = ?\",\"label\":\"own-data\",\"explanation\":\"It is its own.\"},"
	"{\"id\":\"udp_echo.pair\",\"program\":\"pair\",\"scored\":false,\"verdict\":\"pass\","
	"\"points\":0,\"out_of\":0,\"expected\":\"\",\"actual\":\"\",\"frame\":null,"
	"\"hints\":[],\"text\":\"Both work.\",\"scenario\":\"\",\"line\":null,\"label\":null,\"explanation\":null}]}],"
	"\"programs\":[{\"program\":\"udp_echo_server\",\"state\":\"found\",\"file\":\"udp/"
	"udp_echo_server.py\","
	"\"words\":\"\"},{\"program\":\"udp_echo_client\",\"state\":\"unbuilt\",\"file\":\"c.c\","
	"\"words\":\"line 1:\\n\\terror\"}]}]}";

/* The report without the blanks between its members, parsed and in the same order. */
static char *compact(const struct wl_grade *graded, struct wl_arena *arena)
{
	json_auto_t *root = json_loads(report_json(graded, arena), JSON_REJECT_DUPLICATES, NULL);
	char *dumped = root ? json_dumps(root, JSON_COMPACT) : NULL;
	char *text = wl_strdup(arena, dumped ? dumped : "no JSON");

	free(dumped);
	return text;
}

static void report_is_exact(void)
{
	struct wl_arena *arena = wl_arena_new();
	const char *text = compact(&grade, arena);

	CU_ASSERT_STRING_EQUAL(text, exact);
	if (strcmp(text, exact))
		fprintf(stderr, "want: %s\nhave: %s\n", exact, text);
	CU_ASSERT_STRING_EQUAL(compact(&(struct wl_grade){ 0 }, arena),
		"{\"schema\":\"wirelab/1\",\"version\":\"" WL_VERSION
		"\",\"seed\":\"0\",\"submissions\":[]}");
	wl_arena_free(arena);
}

static void verdicts_and_points(void)
{
	static const struct {
		enum wl_verdict verdict;
		int passed;
		const char *says[3];
	} cases[] = {
		{ WL_PASS, 1,
			{ "\"verdict\":\"pass\",\"points\":2,\"out_of\":2", "\"passed\":true" } },
		{ WL_BLOCKED, 0,
			{ "\"verdict\":\"blocked\",\"points\":0,\"out_of\":2",
				"\"passed\":false" } },
		{ WL_NOTRUN, -1,
			{ "\"verdict\":\"notrun\",\"points\":0,\"out_of\":2", "\"passed\":null" } },
		{ WL_BROKEN, -1,
			{ "\"verdict\":\"broken\",\"points\":0,\"out_of\":2", "\"passed\":null" } },
		{ 0, -1,
			{ "\"verdict\":\"broken\",\"points\":0,\"out_of\":2", "\"passed\":null" } },
	};
	struct wl_arena *arena = wl_arena_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wl_finding finding = { &requirements[0], cases[i].verdict, "", "", 0, NULL,
			NULL };
		struct wl_lesson_grade judged = { &lesson, cases[i].passed, 0, 0, &finding, 1 };
		struct wl_submission_grade submission = { &evidence, 0, 0, &judged, 1 };
		const char *text = compact(&(struct wl_grade){ 1, &submission, 1 }, arena);

		CU_ASSERT_PTR_NOT_NULL(strstr(text, cases[i].says[0]));
		CU_ASSERT_PTR_NOT_NULL(strstr(text, cases[i].says[1]));
	}
	wl_arena_free(arena);
}

static void trouble_is_told(void)
{
	static const struct wl_program lost[] = {
		{ "raw", "sender", WL_PROGRAM_MISSING, "", "" },
		{ "raw", "receiver", WL_PROGRAM_REFUSED, "receiver.py", "a link" },
	};
	struct wl_evidence troubled = { .name = "lee",
		.path = "lee.zip",
		.trouble = "unreadable",
		.programs = (struct wl_program *)lost,
		.program_count = 2 };
	struct wl_submission_grade submission = { .evidence = &troubled };
	struct wl_arena *arena = wl_arena_new();
	const char *text = compact(&(struct wl_grade){ 1, &submission, 1 }, arena);

	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\"lessons\":[],\"trouble\":\"unreadable\",\"programs\":["));
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, "\"sender\",\"state\":\"missing\",\"file\":\"\",\"words\":\"\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"receiver\",\"state\":\"refused\""));
	wl_arena_free(arena);
}

/* Random bytes wherever a submission has a say: always JSON, always the same number of members. */
static void any_bytes_make_json(void)
{
	uint64_t state = 31;
	char noise[4][40];

	for (unsigned int round = 0; round < 3000; round++) {
		struct wl_arena *arena = wl_arena_new();
		struct wl_program program = { "udp_echo", "p", WL_PROGRAM_REFUSED, noise[0],
			noise[1] };
		struct wl_evidence odd = { .name = noise[2],
			.path = noise[3],
			.programs = &program,
			.program_count = 1,
			.trouble = noise[1] };
		struct wl_finding finding = { &requirements[0], WL_FAIL, noise[0], noise[1], 1,
			noise[2], NULL };
		struct wl_lesson_grade judged = { &lesson, 0, 0, 0, &finding, 1 };
		struct wl_submission_grade submission = { &odd, 0, 0, &judged, 1 };
		const char *text;

		for (size_t i = 0; i < sizeof(noise); i++)
			noise[i / 40][i % 40] = i % 40 == 39 ? 0 : (char)golden_random(&state);
		text = report_json(&(struct wl_grade){ 1, &submission, 1 }, arena);
		CU_ASSERT_TRUE_FATAL(wl_is_utf8((const uint8_t *)text, strlen(text)));
		text = compact(&(struct wl_grade){ 1, &submission, 1 }, arena);
		CU_ASSERT_PTR_NOT_NULL_FATAL(strstr(text, "\"trouble\":"));
		CU_ASSERT_PTR_NOT_NULL_FATAL(strstr(text, "\"line\":"));
		wl_arena_free(arena);
	}
}

void suite_json(void);
void suite_json(void)
{
	test("the report is exact", report_is_exact);
	test("verdicts and their points", verdicts_and_points);
	test("trouble is told", trouble_is_told);
	test("any bytes make JSON", any_bytes_make_json);
}
