/*
 * wirelab show: what a lesson asks for. For a student the sentences of the task, each with its requirements and their points, or
 * all about one requirement; for who keeps the lesson the matrix of what proves each requirement.
 */
#include <stdio.h>
#include <string.h>

#include "harness/cli.h"
#include "harness/registry.h"

static int help(void)
{
	puts(_("usage: wirelab show LESSON | REQUIREMENT\n\n"
		"LESSON: its task, sentence by sentence, with what is judged by each and the points for it.\n"
		"REQUIREMENT, \"udp_echo.server.port\": why it matters, how it is tried, what must pass first.\n"
		"\"wirelab list\" names the lessons."));
	return 0;
}

static unsigned int all_points(const struct wl_lesson *lesson)
{
	unsigned int points = 0;

	for (const struct wl_requirement *r = lesson->requirements; r->id; r++)
		points += r->points;
	return points;
}

static void show_heading(const struct wl_lesson *lesson, const char *program)
{
	const struct wl_role *role = role_find(lesson, program);

	if (role)
		printf("\n%s: %s\n", role->program, _(role->text));
	else
		puts(_("\nall together"));
}

static int show_lesson(const struct wl_lesson *lesson)
{
	const char *program = "";
	unsigned int points = all_points(lesson);

	printf(ngettext("%s: %s (%u point)\n", "%s: %s (%u points)\n", points), lesson->name, _(lesson->title), points);
	for (const struct wl_sentence *s = lesson->task; s->program; s++) {
		if (strcmp(program, s->program) != 0)
			show_heading(lesson, s->program);
		program = s->program;
		printf("\n  %s\n", _(s->text));
		for (const char *const *id = s->ids; *id; id++) {
			const struct wl_requirement *r = requirement_find(lesson, *id);

			printf("    %3u  %s  (%s)\n", r->points, _(r->text), r->id);
		}
	}
	printf(_("\nEach line begins with its points. Its name tells more: \"wirelab show %s\".\n"), lesson->requirements->id);
	return 0;
}

static int show_requirement(const struct wl_requirement *r)
{
	if (r->points)
		printf(ngettext("%s  (%s, %u point)\n", "%s  (%s, %u points)\n", r->points), r->id, r->program, r->points);
	else
		printf(_("%s  (%s, advice)\n"), r->id, r->program);
	printf("    %s\n", _(r->text));
	printf(_("    why: %s\n"), _(r->why));
	printf(_("    play: %s\n"), _(r->scenario->text));
	printf(_("    source: %s\n"), r->source);
	for (const char *const *need = r->needs; need && *need; need++)
		printf(_("    needs: %s\n"), *need);
	return 0;
}

/* The requirement of this id, of whatever lesson, or NULL. */
static const struct wl_requirement *find_anywhere(const char *id)
{
	const struct wl_requirement *found = NULL;

	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson && !found; lesson++)
		found = requirement_find(*lesson, id);
	return found;
}

int cmd_show(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return help();
	if (argc != 2)
		return cli_usage("show", "%s", _("name one lesson, or one requirement"));
	if (lesson_find(argv[1]))
		return show_lesson(lesson_find(argv[1]));
	if (find_anywhere(argv[1]))
		return show_requirement(find_anywhere(argv[1]));
	return cli_usage("show", _("there is no lesson or requirement \"%s\"; \"wirelab list\" names the lessons"), argv[1]);
}
