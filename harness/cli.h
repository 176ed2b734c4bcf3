#pragma once
#include <stdbool.h>

#include "harness/base/arena.h"
#include "harness/base/err.h"
#include "harness/grade.h"

/* The command line: one file a subcommand, main.c is their table. */

#define EXIT_USAGE 2
#define EXIT_BROKEN 3

int cmd_grade(int argc, char **argv);
int cmd_judge(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_prove(int argc, char **argv);
int cmd_show(int argc, char **argv);

/* Say what is wrong with the arguments of subcommand NAME and where help is; returns EXIT_USAGE. */
int cli_usage(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "wirelab: TEXT" on standard error; returns STATUS. */
int cli_fail(int status, const char *text);

/* Parse TEXT as a seed (decimal, up to 2^64 - 1). */
bool cli_parse_seed(const char *text, uint64_t *seed);

/* The folder of the running program, where locale/ and labs/ stand beside it. */
const char *cli_home(void);
