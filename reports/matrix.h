#pragma once
#include <stdio.h>

#include "harness/matrix.h"

/*
 * The requirement matrices of COUNT lessons for people, in the user's language: each sentence of the task, under it its requirements
 * with what proves them and the last result, and sums at the end. Names and words come from files: they are made fit for a terminal, in
 * ARENA.
 */
void report_matrix(FILE *out, const struct matrix *matrices, size_t count, struct wl_arena *arena);

/*
 * The same as JSON text in ARENA, schema "wirelab-matrix/1"; members are added, never renamed. Texts of lessons are in the user's
 * language; results are "proved", "wrong" and "notrun".
 */
char *report_matrix_json(const struct matrix *matrices, size_t count, struct wl_arena *arena);
