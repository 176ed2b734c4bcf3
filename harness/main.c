/*
 * wirelab: the command line. A table of subcommands drives dispatch and help; language and descriptors are set up here, nothing
 * else happens here.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/cli.h"

struct subcommand {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *text;
};

static const struct subcommand subcommands[] = {
	{ "grade", cmd_grade, N_("run and judge what was handed in") },
	{ "judge", cmd_judge, N_("judge kept observations again, without running anything") },
	{ "prove", cmd_prove, N_("prove the grader on programs of which it is known what is wrong with them") },
	{ "list", cmd_list, N_("list the lessons and their programs") },
	{ "show", cmd_show, N_("show what a lesson asks for") },
	{ NULL },
};

const char *cli_home(void)
{
	static char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len <= 0)
		return ".";
	path[len] = '\0';
	return dirname(path);
}

int cli_usage(const char *name, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "wirelab %s: ", name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, _("\nSee \"wirelab %s --help\".\n"), name);
	return EXIT_USAGE;
}

int cli_fail(int status, const char *text)
{
	fprintf(stderr, "wirelab: %s\n", text);
	return status;
}

bool cli_parse_seed(const char *text, uint64_t *seed)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*seed = strtoull(text, &end, 10);
	return !*end && errno == 0;
}

/*
 * The locale decides the language. Where its locale is not installed, C.UTF-8 stands in and the language is taken from its name, so
 * that Korean works on any machine.
 */
static void set_language(void)
{
	const char *wanted = getenv("LC_ALL");
	char language[16], path[PATH_MAX];

	if (!wanted || !*wanted)
		wanted = getenv("LC_MESSAGES");
	if (!wanted || !*wanted)
		wanted = getenv("LANG");
	if (!setlocale(LC_ALL, "") || strcmp(setlocale(LC_MESSAGES, NULL), "C") == 0)
		setlocale(LC_ALL, "C.UTF-8");
	if (wanted && *wanted && !getenv("LANGUAGE")) {
		snprintf(language, sizeof(language), "%.*s", (int)strcspn(wanted, "_.@"), wanted);
		setenv("LANGUAGE", language, 1);
	}
	setlocale(LC_NUMERIC, "C");
	snprintf(path, sizeof(path), "%.*s/locale", PATH_MAX - 16, cli_home());
	bindtextdomain("wirelab", path);
	bind_textdomain_codeset("wirelab", "UTF-8");
	textdomain("wirelab");
}

/* A class has many folders, and each is a descriptor. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static int help(FILE *out, int status)
{
	fputs(_("usage: wirelab SUBCOMMAND ...\n\n"
		"Runs small network programs on real wires and says what is right, what is wrong, and why.\n\n"),
		out);
	for (const struct subcommand *sub = subcommands; sub->name; sub++)
		fprintf(out, "  %-8s %s\n", sub->name, _(sub->text));
	fputs(_("\n\"wirelab SUBCOMMAND --help\" tells more. \"wirelab --version\" prints the version.\n"
		"Exit status: 0 all passed, 1 something failed, 2 wrong arguments, 3 wirelab or the machine is at fault,\n"
		"4 nothing failed but something could not be run here.\n"),
		out);
	return status;
}

int main(int argc, char **argv)
{
	set_language();
	raise_descriptors();
	if (argc < 2)
		return help(stderr, EXIT_USAGE);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return help(stdout, 0);
	if (strcmp(argv[1], "--version") == 0) {
		printf("wirelab %s\n", WL_VERSION);
		return 0;
	}
	for (const struct subcommand *sub = subcommands; sub->name; sub++)
		if (strcmp(argv[1], sub->name) == 0)
			return sub->run(argc - 1, argv + 1);
	fprintf(stderr, _("wirelab: there is no subcommand \"%s\"\n"), argv[1]);
	return help(stderr, EXIT_USAGE);
}
