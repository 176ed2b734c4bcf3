#pragma once
#include <stdbool.h>
#include <stdint.h>

/*
 * What all processes that perform share: who is busy. So several gradings side by side keep together within what the machine bears, and a
 * play that only lets time pass keeps nobody waiting. In memory shared with the children of the process that made it.
 */

#define BOARD_ROWS 64
#define BOARD_PLACES 64 /* performances at a time in one row */

enum board_state { BOARD_FREE = 0, BOARD_BUSY, BOARD_RESTING };

struct board;

/* MOST: how many may be busy at a time; 0: four for each processor. Never returns NULL. */
struct board *board_new(unsigned int most);
void board_free(struct board *board); /* NULL is fine */

/* A row of BOARD_PLACES states for the calling process, all free; that of a process that died is taken over. Blocks nobody. */
volatile uint8_t *board_take_row(struct board *board);
void board_leave_row(struct board *board, volatile uint8_t *row);

/* Whether fewer than the most are busy now. */
bool board_has_room(const struct board *board);
