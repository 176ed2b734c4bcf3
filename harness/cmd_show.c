/* wirelab show LESSON: what a lesson asks for, requirement by requirement, with points and sources. */
#include <stdio.h>
#include <string.h>

#include "harness/cli.h"
#include "harness/registry.h"

static void show_requirement(const struct wl_requirement *r)
{
	if (r->points)
		printf(ngettext("\n  %s  (%s, %u point)\n", "\n  %s  (%s, %u points)\n", r->points), r->id, r->program,
			r->points);
	else
		printf(_("\n  %s  (%s, advice)\n"), r->id, r->program);
	printf("      %s\n", _(r->text));
	printf(_("      play: %s\n"), _(r->scenario->text));
	printf(_("      source: %s\n"), r->source);
	for (const char *const *need = r->needs; need && *need; need++)
		printf(_("      needs: %s\n"), *need);
}

int cmd_show(int argc, char **argv)
{
	const struct wl_lesson *lesson;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		puts(_("usage: wirelab show LESSON\n\n"
			"Shows what the lesson asks for: its programs and each requirement with its points.\n"
			"\"wirelab list\" names the lessons."));
		return 0;
	}
	if (argc != 2)
		return cli_usage("show", "%s", _("name one lesson"));
	lesson = lesson_find(argv[1]);
	if (!lesson)
		return cli_usage("show", _("there is no lesson \"%s\"; \"wirelab list\" names them"), argv[1]);
	printf("%s: %s\n", lesson->name, _(lesson->title));
	for (const struct wl_role *role = lesson->roles; role->program; role++)
		printf("    %-18s %s\n", role->program, _(role->text));
	for (const struct wl_requirement *r = lesson->requirements; r->id; r++)
		show_requirement(r);
	return 0;
}
