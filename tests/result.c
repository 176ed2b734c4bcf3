/* The members are those that are documented as stable; others may stand beside them. */
#include "tests/result.h"

#include <string.h>

#include "harness/registry.h"
#include "tests/tests.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	CU_ASSERT_PTR_NOT_NULL(text);
	return text ? text : "";
}

static json_int_t count_of(const json_t *object, const char *key)
{
	CU_ASSERT_TRUE(json_is_integer(json_object_get(object, key)));
	return json_integer_value(json_object_get(object, key));
}

static void check_requirement(const struct wl_lesson *lesson, const json_t *finding)
{
	const struct wl_requirement *r = requirement_find(lesson, text_of(finding, "id"));
	const json_t *frame = json_object_get(finding, "frame");
	const char *verdict = text_of(finding, "verdict");
	bool failed = strcmp(verdict, "fail") == 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_STRING_EQUAL(text_of(finding, "program"), r->program);
	CU_ASSERT_EQUAL(json_is_true(json_object_get(finding, "scored")), r->points > 0);
	CU_ASSERT_EQUAL(count_of(finding, "out_of"), r->points);
	CU_ASSERT_EQUAL(count_of(finding, "points"), strcmp(verdict, "pass") == 0 ? r->points : 0);
	CU_ASSERT_TRUE(failed || strcmp(verdict, "pass") == 0 || strcmp(verdict, "blocked") == 0 ||
		strcmp(verdict, "notrun") == 0 || strcmp(verdict, "broken") == 0);
	CU_ASSERT_TRUE(json_is_null(frame) || json_integer_value(frame) > 0);
	CU_ASSERT_TRUE(json_is_array(json_object_get(finding, "hints")));
	CU_ASSERT_EQUAL(!*text_of(finding, "expected") && failed, false);
	CU_ASSERT_EQUAL(!*text_of(finding, "actual") && failed, false);
}

static void check_lesson(const json_t *grade, json_int_t *points, json_int_t *out_of)
{
	const struct wl_lesson *lesson = lesson_find(text_of(grade, "lesson"));
	const json_t *findings = json_object_get(grade, "requirements"), *finding;
	size_t index, count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(lesson);
	while (lesson->requirements[count].id)
		count++;
	CU_ASSERT_EQUAL(json_array_size(findings), count);
	json_array_foreach(findings, index, finding)
		check_requirement(lesson, finding);
	CU_ASSERT_PTR_NOT_NULL(json_object_get(grade, "passed"));
	*points += count_of(grade, "points");
	*out_of += count_of(grade, "out_of");
}

static void check_submission(const json_t *submission)
{
	const json_t *lessons = json_object_get(submission, "lessons"), *lesson;
	json_int_t points = 0, out_of = 0;
	size_t index;

	CU_ASSERT(*text_of(submission, "name") && *text_of(submission, "path"));
	CU_ASSERT_TRUE(json_is_array(lessons));
	json_array_foreach(lessons, index, lesson)
		check_lesson(lesson, &points, &out_of);
	CU_ASSERT_EQUAL(count_of(submission, "points"), points);
	CU_ASSERT_EQUAL(count_of(submission, "out_of"), out_of);
}

json_t *result_read(const char *text)
{
	json_error_t error;
	json_t *result = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	const json_t *submissions = json_object_get(result, "submissions"), *submission;
	size_t index;

	CU_ASSERT_PTR_NOT_NULL(result);
	CU_ASSERT_STRING_EQUAL(text_of(result, "schema"), "wirelab/1");
	CU_ASSERT_TRUE(json_is_array(submissions));
	json_array_foreach(submissions, index, submission)
		check_submission(submission);
	return result;
}

const json_t *result_of(const json_t *result, const char *name)
{
	const json_t *submission;
	size_t index;

	json_array_foreach(json_object_get(result, "submissions"), index, submission)
		if (strcmp(json_string_value(json_object_get(submission, "name")), name) == 0)
			return submission;
	return NULL;
}

const char *result_verdict(const json_t *submission, const char *id)
{
	const json_t *lesson, *finding;
	size_t i, k;

	json_array_foreach(json_object_get(submission, "lessons"), i, lesson)
		json_array_foreach(json_object_get(lesson, "requirements"), k, finding)
			if (strcmp(text_of(finding, "id"), id) == 0)
				return text_of(finding, "verdict");
	return "";
}

size_t result_count(const json_t *submission, const char *verdict)
{
	const json_t *lesson, *finding;
	size_t i, k, count = 0;

	json_array_foreach(json_object_get(submission, "lessons"), i, lesson)
		json_array_foreach(json_object_get(lesson, "requirements"), k, finding)
			count += strcmp(text_of(finding, "verdict"), verdict) == 0;
	return count;
}

bool result_passed(const json_t *submission)
{
	const json_t *lessons = json_object_get(submission, "lessons"), *lesson;
	size_t index;

	json_array_foreach(lessons, index, lesson)
		if (!json_is_true(json_object_get(lesson, "passed")))
			return false;
	return json_array_size(lessons) > 0;
}
