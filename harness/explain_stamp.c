/*
 * A time of which only the moment is known that it lies in: what came is read as each kind of number in turn, and must be that moment.
 */
#include "harness/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

struct moment {
	const uint8_t *bytes;
	size_t len;
	double from, to;
};

static const double units[] = { 1, 1e3, 1e6, 1e9 };

static bool within(const struct moment *m, double seconds)
{
	return seconds >= m->from && seconds <= m->to;
}

/* Cut off or rounded to whole seconds. */
static bool within_whole(const struct moment *m, double seconds)
{
	return seconds >= floor(m->from) && seconds <= ceil(m->to);
}

/* The bytes as a number of SIZE bytes, in this machine's order or turned round. */
static void take(const struct moment *m, bool turned, void *number, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((uint8_t *)number)[i] = m->bytes[turned ? size - 1 - i : i];
}

static bool is_float(const struct moment *m)
{
	for (int turned = 0; turned < 2; turned++) {
		float value;

		take(m, turned, &value, sizeof(value));
		if (value >= (float)m->from && value <= (float)m->to)
			return true;
	}
	return false;
}

static bool is_integer(const struct moment *m)
{
	for (int turned = 0; turned < 2; turned++) {
		uint32_t small;
		int64_t large;

		take(m, turned, &small, sizeof(small));
		if (m->len == sizeof(small) && within_whole(m, small))
			return true;
		if (m->len != sizeof(large))
			continue;
		take(m, turned, &large, sizeof(large));
		for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
			if (i ? within(m, (double)large / units[i]) : within_whole(m, (double)large))
				return true;
	}
	return false;
}

static bool is_text(const struct moment *m, struct wl_arena *arena)
{
	const char *text = wl_memdup(arena, m->bytes, m->len);
	char *end;
	double value = strtod(text, &end);

	while (end < text + m->len && (*end == ' ' || *end == '\n' || !*end))
		end++;
	return m->len >= 10 && end == text + m->len && within_whole(m, value);
}

static bool explain_double(const struct moment *m, struct wl_explanation *found)
{
	double value, turned;

	take(m, false, &value, sizeof(value));
	take(m, true, &turned, sizeof(turned));
	if (within(m, turned)) {
		*found = (struct wl_explanation){ "byte-order", _("It is the right time as a double, but in the other byte order.") };
		return true;
	}
	for (size_t i = 1; i < sizeof(units) / sizeof(*units); i++)
		if (within(m, value / units[i])) {
			*found = (struct wl_explanation){ "other-unit",
				_("It is the right time, but in milliseconds or smaller parts, not in seconds.") };
			return true;
		}
	if (value != floor(value) || !within_whole(m, value))
		return false;
	*found = (struct wl_explanation){ "rounding", _("It is the right time, but in whole seconds.") };
	return true;
}

bool wl_explain_stamp(const uint8_t *bytes, size_t len, double from, double to, struct wl_arena *arena,
	struct wl_explanation *found)
{
	const struct moment m = { bytes, len, from, to };

	if (len == sizeof(double) && explain_double(&m, found))
		return true;
	if (len == sizeof(float) && is_float(&m))
		*found = (struct wl_explanation){ "float-for-double", _("It is the right time as a float of 4 bytes, not as a double of 8.") };
	else if ((len == 4 || len == 8) && is_integer(&m))
		*found = (struct wl_explanation){ "integer-for-float", _("It is the right time as a whole number, not as a double.") };
	else if (is_text(&m, arena))
		*found = (struct wl_explanation){ "text-for-binary", _("It is the right time in decimal digits, not in binary.") };
	else
		return false;
	return true;
}
