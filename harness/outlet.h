#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "harness/base/err.h"

/*
 * How results leave the enclave. The outer process opens the places for results before anything is read from a submission;
 * the inner one hands it finished files. A file appears whole or not at all, under its name, and belongs to
 * the user who started the program (SUDO_UID under sudo).
 */
struct outlet;

struct outlet *outlet_new(void);
void outlet_free(struct outlet *outlet); /* NULL is fine */

/*
 * Open a place: a file at PATH (its folder must exist), or a folder at PATH (made if missing; its parent must
 * exist). Returns its number, or -1 with ERR filled. To be called outside, before the enclave is made.
 */
int outlet_add_file(struct outlet *outlet, const char *path, struct wl_err *err);
int outlet_add_folder(struct outlet *outlet, const char *path, struct wl_err *err);

/*
 * Outside: give up all rights that writing results does not need, and put files in place as they are handed out, until DONE (a
 * descriptor) is readable and nothing waits.
 */
void outlet_serve(struct outlet *outlet, int done);

/*
 * Inside: hand out LEN bytes to place number PLACE; BELOW is the path under a folder ("kim/raw.sender.pcapng", folders are
 * made) and "" for a file. Replaces what is there. Returns 0 once the file is in place, or -1.
 */
int outlet_put(struct outlet *outlet, int place, const char *below, const void *bytes, size_t len,
	struct wl_err *err);

/* The same for a process that has made no enclave: it writes by itself. */
int outlet_put_here(struct outlet *outlet, int place, const char *below, const void *bytes, size_t len,
	struct wl_err *err);

/*
 * Open PATH for lines that are appended as they come, made if it is not there, emptied if FRESH; it belongs to the user who started the
 * program. For what must be there even when the run is cut off. Returns the descriptor, or -1 with ERR filled.
 */
int outlet_open_log(const char *path, bool fresh, struct wl_err *err);
