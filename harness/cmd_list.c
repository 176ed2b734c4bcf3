/* wirelab list: the lessons and the programs that a submission supplies for each. */
#include <stdio.h>
#include <string.h>

#include "harness/cli.h"

int cmd_list(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		puts(_("usage: wirelab list\n\nLists the lessons and their programs."));
		return 0;
	}
	if (argc > 1)
		return cli_usage("list", _("unexpected argument \"%s\""), argv[1]);
	for (const struct wl_lesson *const *lesson = wl_lessons; *lesson; lesson++) {
		printf("%s: %s\n", (*lesson)->name, _((*lesson)->title));
		for (const struct wl_role *role = (*lesson)->roles; role->program; role++)
			printf("    %-18s %s\n", role->program, _(role->text));
	}
	return 0;
}
