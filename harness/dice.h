#pragma once
#include <stdint.h>

/* A source of numbers that follows from its state alone. */
struct dice {
	uint64_t state;
};

/* The next 64 bits. */
uint64_t dice_roll(struct dice *dice);

/* A number from LOW to HIGH, both possible. */
unsigned int dice_between(struct dice *dice, unsigned int low, unsigned int high);
