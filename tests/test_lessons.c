/*
 * Every registered lesson is consistent: its tables name only what is there. What a table gets
 * wrong would otherwise be seen as BROKEN, in front of a class.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/checks.h"
#include "harness/registry.h"
#include "tests/tests.h"

/* Fails the test and names the place where the lesson is wrong. */
static void check(bool holds, const char *lesson, const char *place, const char *what)
{
	CU_ASSERT_TRUE(holds);
	if (!holds)
		fprintf(stderr, "%s: %s: %s\n", lesson, place, what);
}

static bool said(const char *text)
{
	return text && *text;
}

typedef void of_requirement(const struct wl_lesson *lesson, const struct wl_requirement *r);

static void each_requirement(of_requirement *function)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
			function(*lesson, r);
}

static void id_is_unique(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	size_t len = strlen(lesson->name), times = 0;

	check(strncmp(r->id, lesson->name, len) == 0 && r->id[len] == '.', lesson->name, r->id,
		"does not begin with the lesson's name");
	for (const struct wl_lesson *const *other = wl_lessons; *other; other++)
		for (const struct wl_requirement *o = (*other)->requirements; o->id; o++)
			times += strcmp(o->id, r->id) == 0;
	check(times == 1, lesson->name, r->id, "is not unique");
}

static void ids_are_unique(void)
{
	each_requirement(id_is_unique);
}

static void names_are_unique(void)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++) {
		CU_ASSERT_PTR_EQUAL(lesson_find((*lesson)->name), *lesson);
		CU_ASSERT_TRUE(said((*lesson)->title));
		for (const struct wl_role *role = (*lesson)->roles; role->program; role++) {
			check(role_find(*lesson, role->program) == role, (*lesson)->name,
				role->program,
				"is there twice");
			check(said(role->text), (*lesson)->name, role->program, "has no text");
		}
	}
	CU_ASSERT_PTR_NOT_NULL(wl_lessons[0]);
}

static void is_complete(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	check(said(r->text) && said(r->why) && said(r->source), lesson->name, r->id,
		"lacks text, why or source");
	for (size_t i = 0; i < 3; i++)
		check(said(r->hints[i]), lesson->name, r->id, "lacks a hint");
	check(r->check && r->check->verb, lesson->name, r->id, "has no verb");
	check(r->scenario && said(r->scenario->name) && said(r->scenario->text), lesson->name,
		r->id,
		"has no scenario, or one without name or text");
}

static void requirements_are_complete(void)
{
	each_requirement(is_complete);
}

static void blames_somebody(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	bool plays = strcmp(r->program, "pair") == 0;

	check(plays || role_find(lesson, r->program), lesson->name, r->id, "is nobody's");
	for (const struct wl_actor *actor = r->scenario->actors; actor->name; actor++)
		plays = plays || (actor->role && strcmp(actor->role, r->program) == 0);
	check(plays, lesson->name, r->id, "blames a program that does not take part");
}

static void somebody_is_blamed(void)
{
	each_requirement(blames_somebody);
}

static void needs_come_earlier(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	for (const char *const *id = r->needs; id && *id; id++) {
		bool earlier = false;

		for (const struct wl_requirement *o = lesson->requirements; o != r; o++)
			earlier = earlier || strcmp(o->id, *id) == 0;
		check(earlier, lesson->name, r->id, *id);
	}
}

static void needs_are_met_before(void)
{
	each_requirement(needs_come_earlier);
}

static void every_role_has_a_root(void)
{
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++)
		for (const struct wl_role *role = (*lesson)->roles; role->program; role++) {
			bool rooted = false;

			for (const struct wl_requirement *r = (*lesson)->requirements; r->id; r++)
				rooted = rooted || (!r->needs && r->points > 0 &&
							   strcmp(r->program, role->program) == 0);
			check(rooted, (*lesson)->name, role->program,
				"has no requirement to begin with");
		}
}

static bool has_value(const struct wl_scenario *scenario, const char *name)
{
	for (const struct wl_draw_rule *rule = scenario->values; rule && rule->name; rule++)
		if (strcmp(rule->name, name) == 0)
			return true;
	return false;
}

static const struct wl_actor *actor_of(const struct wl_scenario *scenario, const char *name)
{
	for (const struct wl_actor *actor = scenario->actors; actor->name; actor++)
		if (strcmp(actor->name, name) == 0)
			return actor;
	return NULL;
}

/* An actor, or a value that is one of several actors in turn. */
static bool acts(const struct wl_scenario *scenario, const char *name)
{
	if (*name != '$')
		return actor_of(scenario, name) != NULL;
	for (const struct wl_draw_rule *rule = scenario->values; rule && rule->name; rule++) {
		char words[256], *rest = words, *word;

		if (strcmp(rule->name, name + 1) != 0 || rule->draw != WL_DRAW_TURN)
			continue;
		snprintf(words, sizeof(words), "%s", rule->text);
		while ((word = strsep(&rest, " ")))
			if (!actor_of(scenario, word))
				return false;
		return true;
	}
	return false;
}

static bool resolves(const struct wl_scenario *scenario, const char *text)
{
	return !text || (*text != '$' && *text != '#') || has_value(scenario, text + 1);
}

static void scenario_is_unique(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	check(scenario_find(lesson, r->scenario->name) == r->scenario, lesson->name,
		r->scenario->name,
		"is the name of two scenarios");
	for (const struct wl_actor *actor = r->scenario->actors; actor->name; actor++)
		check(actor_of(r->scenario, actor->name) == actor, lesson->name, r->scenario->name,
			actor->name);
}

static void scenarios_are_unique(void)
{
	each_requirement(scenario_is_unique);
}

static void steps_are_known(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	const struct wl_scenario *scenario = r->scenario;

	for (const struct wl_step *step = scenario->steps; step->kind; step++) {
		bool lonely = step->kind == WL_PAUSE || step->kind == WL_QUIET ||
			step->kind == WL_CALL;

		check(step->actor ? acts(scenario, step->actor) : lonely, lesson->name,
			scenario->name, "a step's actor is unknown");
		check(resolves(scenario, step->text), lesson->name, scenario->name,
			step->text ? step->text : "");
		for (size_t i = 0; i < WL_ARGS && step->args[i]; i++)
			check(resolves(scenario, step->args[i]), lesson->name, scenario->name,
				step->args[i]);
		check((step->kind == WL_CALL) == (step->call != NULL), lesson->name, scenario->name,
			"a call without a function, or the other way round");
	}
}

static void plays_name_what_is_there(void)
{
	each_requirement(steps_are_known);
}

static void check_is_known(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	for (const struct wl_check *c = r->check; c->verb; c++) {
		check(said(c->actor) && actor_of(r->scenario, c->actor), lesson->name, r->id,
			"a check's actor does not take part");
		check(!c->peer || actor_of(r->scenario, c->peer), lesson->name, r->id,
			"a check's peer does not take part");
		check(resolves(r->scenario, c->value), lesson->name, r->id,
			c->value ? c->value : "");
		check(resolves(r->scenario, c->answer), lesson->name, r->id,
			c->answer ? c->answer : "");
	}
}

static void checks_name_what_is_there(void)
{
	each_requirement(check_is_known);
}

static bool has_host(const struct wl_stage *stage, const char *name)
{
	for (const char *const *host = stage->hosts; *host; host++)
		if (strcmp(*host, name) == 0)
			return true;
	return false;
}

static void stage_is_known(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	const struct wl_scenario *scenario = r->scenario;

	for (const struct wl_cable *cable = scenario->stage->cables; cable->host; cable++) {
		check(has_host(scenario->stage, cable->host), lesson->name, scenario->name,
			cable->host);
		check(resolves(scenario, cable->mac) && resolves(scenario, cable->address),
			lesson->name,
			scenario->name, "a cable names an unknown value");
	}
	for (const struct wl_actor *actor = scenario->actors; actor->name; actor++) {
		check(has_host(scenario->stage, actor->host), lesson->name, scenario->name,
			actor->host);
		check(!actor->role != !actor->program, lesson->name, actor->name,
			"plays a role and a program of ours, or neither");
		check(!actor->role || role_find(lesson, actor->role), lesson->name, scenario->name,
			"an actor's role is unknown");
		check((actor->ready.kind == WL_READY_GROUP) == (actor->ready.group != NULL),
			lesson->name, actor->name, "waits for a group without a name");
	}
}

static void stages_name_what_is_there(void)
{
	each_requirement(stage_is_known);
}

static void ours_has_a_source(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	for (const struct wl_actor *actor = r->scenario->actors; actor->name; actor++) {
		char path[512];

		if (!actor->program)
			continue;
		snprintf(path, sizeof(path), "labs/%s/%s.c", strchr(actor->program, '/') ? "." : lesson->name,
			actor->program);
		check(access(source(path), R_OK) == 0, lesson->name, actor->program,
			"has no source");
	}
}

static void our_programs_have_sources(void)
{
	if (access(source("labs"), R_OK | X_OK) < 0)
		notrun("the source tree cannot be read from here");
	else
		each_requirement(ours_has_a_source);
}

static void ours_is_built(const struct wl_lesson *lesson, const struct wl_requirement *r)
{
	for (const struct wl_actor *actor = r->scenario->actors; actor->name; actor++) {
		char path[512];

		if (!actor->program)
			continue;
		snprintf(path, sizeof(path), "labs/%s/%s", strchr(actor->program, '/') ? "." : lesson->name,
			actor->program);
		check(access(built(path), X_OK) == 0, lesson->name, actor->program, "is not built");
	}
}

/* They are built with the command that needs them. */
static void our_programs_are_built(void)
{
	if (access(built("wirelab"), X_OK) < 0)
		notrun("the command was not built along with the tests");
	else
		each_requirement(ours_is_built);
}

void suite_lessons(void);
void suite_lessons(void)
{
	test("ids are unique", ids_are_unique);
	test("names are unique", names_are_unique);
	test("requirements are complete", requirements_are_complete);
	test("somebody is blamed", somebody_is_blamed);
	test("needs are met before", needs_are_met_before);
	test("every role has a root", every_role_has_a_root);
	test("scenarios are unique", scenarios_are_unique);
	test("plays name what is there", plays_name_what_is_there);
	test("checks name what is there", checks_name_what_is_there);
	test("stages name what is there", stages_name_what_is_there);
	test("our programs have sources", our_programs_have_sources);
	test("our programs are built", our_programs_are_built);
}
