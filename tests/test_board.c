/*
 * The board: who is busy counts, who rests or has died does not, and rows go to whoever asks next.
 */
#include "harness/board.h"

#include <sys/wait.h>
#include <unistd.h>

#include "tests/tests.h"

static void the_busy_take_the_room(void)
{
	struct board *board = board_new(2);
	volatile uint8_t *row = board_take_row(board);

	CU_ASSERT_TRUE(board_has_room(board));
	row[0] = row[63] = BOARD_BUSY;
	CU_ASSERT_FALSE(board_has_room(board));
	row[0] = BOARD_RESTING;
	CU_ASSERT_TRUE(board_has_room(board));
	row[1] = BOARD_BUSY;
	CU_ASSERT_FALSE(board_has_room(board));
	row[63] = BOARD_FREE;
	CU_ASSERT_TRUE(board_has_room(board));
	board_leave_row(board, row);
	board_free(board);
}

static void rows_are_counted_together(void)
{
	struct board *board = board_new(2);
	volatile uint8_t *one = board_take_row(board), *other = board_take_row(board);

	CU_ASSERT_TRUE(one != other);
	one[0] = other[0] = BOARD_BUSY;
	CU_ASSERT_FALSE(board_has_room(board));
	board_leave_row(board, one);
	CU_ASSERT_TRUE(board_has_room(board));
	CU_ASSERT_PTR_EQUAL((void *)board_take_row(board), (void *)one);
	CU_ASSERT_EQUAL(one[0], BOARD_FREE);
	board_free(board);
}

/* A child takes a row, is busy, and dies without leaving it. */
static void the_dead_do_not_count(void)
{
	struct board *board = board_new(1);
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		*board_take_row(board) = BOARD_BUSY;
		_exit(board_has_room(board) ? 1 : 0);
	}
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
	CU_ASSERT_TRUE(board_has_room(board));
	for (int i = 0; i < BOARD_ROWS; i++) /* its row is among them */
		CU_ASSERT_EQUAL(*board_take_row(board), BOARD_FREE);
	board_free(board);
}

static void none_means_four_a_processor(void)
{
	struct board *board = board_new(0);
	volatile uint8_t *row = board_take_row(board);
	long cores = sysconf(_SC_NPROCESSORS_ONLN), busy = 0;

	while (busy < BOARD_PLACES && board_has_room(board))
		row[busy++] = BOARD_BUSY;
	CU_ASSERT_EQUAL(busy, cores * 4 < BOARD_PLACES ? cores * 4 : BOARD_PLACES);
	board_free(board);
}

void suite_board(void);
void suite_board(void)
{
	test("the busy take the room", the_busy_take_the_room);
	test("rows are counted together", rows_are_counted_together);
	test("the dead do not count", the_dead_do_not_count);
	test("none means four a processor", none_means_four_a_processor);
}
