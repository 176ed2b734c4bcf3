/* SplitMix64 (Steele, Lea, Flood 2014): a counter with an odd step, and a mix of its bits. */
#include "harness/dice.h"

uint64_t dice_roll(struct dice *dice)
{
	uint64_t z = dice->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

unsigned int dice_between(struct dice *dice, unsigned int low, unsigned int high)
{
	return low + (unsigned int)(dice_roll(dice) % (high - low + 1));
}
