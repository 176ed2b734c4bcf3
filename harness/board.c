/*
 * Rows belong to processes, places in them to their performances. Each place has one writer at a time and is a byte; two that start at the
 * same moment may exceed the most by one, which harms nobody. A row whose owner has died does not count.
 */
#include "harness/board.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BUSY_A_PROCESSOR 4

struct row {
	pid_t owner; /* 0: nobody */
	volatile uint8_t states[BOARD_PLACES];
};

struct board {
	unsigned int most;
	struct row rows[BOARD_ROWS];
};

struct board *board_new(unsigned int most)
{
	struct board *board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (board == MAP_FAILED)
		abort();
	board->most = most ? most : (unsigned int)(cores > 0 ? cores : 1) * BUSY_A_PROCESSOR;
	return board;
}

void board_free(struct board *board)
{
	if (board)
		munmap(board, sizeof(*board));
}

static bool alive(pid_t owner)
{
	return owner > 0 && (kill(owner, 0) == 0 || errno != ESRCH);
}

volatile uint8_t *board_take_row(struct board *board)
{
	for (size_t i = 0;; i = (i + 1) % BOARD_ROWS) {
		struct row *row = &board->rows[i];
		pid_t owner = row->owner;

		if (alive(owner) || !__atomic_compare_exchange_n(&row->owner, &owner, getpid(), false, __ATOMIC_SEQ_CST,
					    __ATOMIC_SEQ_CST))
			continue;
		for (size_t k = 0; k < BOARD_PLACES; k++)
			row->states[k] = BOARD_FREE;
		return row->states;
	}
}

void board_leave_row(struct board *board, volatile uint8_t *states)
{
	for (size_t i = 0; i < BOARD_ROWS; i++)
		if (board->rows[i].states == states)
			board->rows[i].owner = 0;
}

bool board_has_room(const struct board *board)
{
	unsigned int busy = 0;

	for (size_t i = 0; i < BOARD_ROWS; i++) {
		const struct row *row = &board->rows[i];

		if (!row->owner || !alive(row->owner))
			continue;
		for (size_t k = 0; k < BOARD_PLACES; k++)
			busy += row->states[k] == BOARD_BUSY;
	}
	return busy < board->most;
}
