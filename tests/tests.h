#pragma once
#include <CUnit/CUnit.h>
#include <stdbool.h>

/*
 * A test file test_NAME.c defines suite_NAME(), which calls test() once a case. The list of suites is
 * generated from the file names.
 */
struct suite {
	const char *name;
	void (*add)(void);
};

extern const struct suite suites[]; /* ends with a NULL name */

/* Add a case to the suite that is being added. */
void test(const char *name, void (*function)(void));

/*
 * Say that the case cannot run on this machine and why; the case returns behind it. Counted and listed at the end:
 * neither passed nor failed.
 */
void notrun(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * True when the process (after the main program's start) may build stages: it sits in a user namespace of its own with all
 * capabilities, its own mount, network and PID namespace. Otherwise says NOTRUN and returns false.
 */
bool can_stage(void);

/* Lay down, or take up again, the right to read and write what permissions forbid. */
void override_permissions(bool allowed);

/* A folder of this run's own, made anew by each call; gone with the process. */
const char *scratch(void);

/* Remove a folder and all that is in it. */
void remove_folder(const char *path);

/* The folder with the built programs ("build/asan") and the source tree, both absolute. */
const char *built(const char *path);
const char *source(const char *path);
