#pragma once
#include <stdbool.h>
#include <sys/types.h>

/* Programs that are run as a person runs them, outside of any enclave, with all they say kept. */

struct ran {
	pid_t pid;      /* 0 once it was waited for */
	int status;     /* exit status, 128 + N when signal N ended it, -1 when it took too long and was killed */
	char *out, *err; /* all it said; NULL until ran_end() */
	int out_fd, err_fd;
};

/*
 * Start WORDS (ends with NULL; the first is a path, or looked for in PATH) with a short environment, C.UTF-8, no terminal and
 * nothing to read. SETTING, "NAME=VALUE" or NULL, is added to the environment.
 */
struct ran ran_start(const char *setting, const char *const *words);

/* Wait for it; at most 300 s. */
void ran_end(struct ran *ran);

/* Both. */
struct ran ran(const char *setting, const char *const *words);

void ran_free(struct ran *ran);
#define ran_auto __attribute__((cleanup(ran_free)))

/* The built command with these arguments. */
const char *wirelab(void);
#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define WIRELAB(...) ran(NULL, WORDS(wirelab(), __VA_ARGS__))
