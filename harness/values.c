/*
 * Values are drawn with dice whose state hashes seed, lesson, scenario, take and name (FNV-1a), so that a value depends on nothing
 * else: not on the order of drawing, not on other scenarios, not on the machine.
 */
#include "harness/values.h"

#include <stdio.h>
#include <string.h>

static uint64_t hash(uint64_t state, const char *text)
{
	for (; *text; text++)
		state = (state ^ (unsigned char)*text) * 0x100000001b3u;
	return (state ^ 0xff) * 0x100000001b3u;
}

static struct dice dice_for(const struct wl_observation *seen, const char *name)
{
	uint64_t state = 0xcbf29ce484222325u ^ seen->seed;

	if (seen->take > 1) /* what was learnt in the first take is worth nothing */
		state = hash(state, "again");
	return (struct dice){ hash(hash(hash(state, seen->lesson), seen->scenario), name) };
}

/* LEN printable ASCII characters: words of letters and digits with single blanks, none at the ends. */
static char *draw_words(struct dice *dice, struct wl_arena *arena, size_t len)
{
	static const char letters[] = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	char *text;
	size_t word = 0;

	if (!len)
		len = dice_between(dice, 8, 24);
	text = wl_alloc(arena, len + 1);
	for (size_t i = 0; i < len; i++) {
		if (word >= 3 && i + 1 < len && dice_between(dice, 0, 3) == 0) {
			text[i] = ' ';
			word = 0;
		} else {
			text[i] = letters[dice_between(dice, 0, sizeof(letters) - 2)];
			word++;
		}
	}
	return text;
}

/* Of a drawn length, if the rule leaves it open. */
static char *draw_text_of(const struct wl_draw_rule *rule, struct dice *dice, struct wl_arena *arena)
{
	unsigned int step = rule->step ? (unsigned int)rule->step : 1;
	size_t len = rule->len;

	if (rule->most > len)
		len += step * (size_t)dice_between(dice, 0, (unsigned int)(rule->most - len) / step);
	return draw_words(dice, arena, len);
}

/* Hangul syllables (U+AC00 to U+D7A3), three bytes each, with blanks between words. */
static char *draw_korean(struct dice *dice, struct wl_arena *arena, size_t len)
{
	size_t at = 0;
	char *text;

	if (!len)
		len = dice_between(dice, 12, 40);
	text = wl_alloc(arena, len + 1);
	while (at + 3 <= len) {
		unsigned int code = dice_between(dice, 0xac00, 0xd7a3);

		text[at++] = (char)(0xe0 | code >> 12);
		text[at++] = (char)(0x80 | (code >> 6 & 0x3f));
		text[at++] = (char)(0x80 | (code & 0x3f));
		if (at + 4 <= len && dice_between(dice, 0, 4) == 0)
			text[at++] = ' ';
	}
	return text;
}

/* Ethertypes that a kernel takes up by itself, or that carry tags: never drawn. */
static bool taken_type(unsigned int type)
{
	static const unsigned int taken[] = { 0x8035, 0x8100, 0x86dd, 0x8809, 0x88a8, 0x88e5, 0x88cc,
		0x8847, 0x8848, 0x8863, 0x8864, 0x888e, 0x8902, 0x8906, 0x9100, 0x9200, 0x9300 };

	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (taken[i] == type)
			return true;
	return false;
}

static char *draw_type(struct dice *dice, struct wl_arena *arena)
{
	unsigned int type;

	do
		type = dice_between(dice, 0x0900, 0xfffe);
	while (taken_type(type) || (type & 0xff) == type >> 8); /* both byte orders differ */
	return wl_format(arena, "%04x", type);
}

static char *draw_mac(struct dice *dice, struct wl_arena *arena)
{
	uint64_t bits = dice_roll(dice);

	return wl_format(arena, "06:%02x:%02x:%02x:%02x:%02x", (unsigned int)(bits & 0xff),
		(unsigned int)(bits >> 8 & 0xff), (unsigned int)(bits >> 16 & 0xff),
		(unsigned int)(bits >> 24 & 0xff), (unsigned int)(bits >> 32 & 0xff));
}

/* RFC 1112 section 6.4: 01:00:5e and 23 bits. */
static char *draw_group(struct dice *dice, struct wl_arena *arena)
{
	unsigned int bits = dice_between(dice, 0x010102, 0x7ffffe);

	return wl_format(arena, "01:00:5e:%02x:%02x:%02x", bits >> 16, bits >> 8 & 0xff, bits & 0xff);
}

/* ASCII around bytes that UTF-8 does not have: a lone continuation, 0xff, an unfinished sequence. */
static char *draw_not_utf8(struct dice *dice, struct wl_arena *arena)
{
	static const char *const bad[] = { "\x80", "\xff\xfe", "\xed\xa0\x80", "\xc3" };

	return wl_format(arena, "%s%s%s", draw_words(dice, arena, 6), bad[dice_between(dice, 0, 3)],
		draw_words(dice, arena, 4));
}

static const char *draw_nul(struct dice *dice, struct wl_arena *arena, size_t *len)
{
	size_t first = dice_between(dice, 6, 12);
	char *text = wl_format(arena, "%s %s ", draw_words(dice, arena, first), draw_words(dice, arena, 4));

	*len = strlen(text);
	text[first] = text[*len - 1] = '\0';
	return text;
}

static const char *draw_blanks(struct dice *dice, struct wl_arena *arena, size_t len)
{
	int before = (int)dice_between(dice, 3, 6), behind = (int)dice_between(dice, 2, 6);

	return wl_format(arena, "%*s%s%*s", before, "", draw_words(dice, arena, len), behind, "");
}

static const char *draw_digits(struct dice *dice, struct wl_arena *arena, const char *pattern)
{
	char *text = wl_strdup(arena, pattern);

	for (char *at = text; *at; at++)
		if (*at == '#')
			*at = (char)('0' + dice_between(dice, 1, 9));
	return text;
}

static const char *draw_text(const struct wl_draw_rule *rule, const struct wl_observation *seen,
	struct dice *dice, struct wl_arena *arena, size_t *len)
{
	switch (rule->draw) {
	case WL_DRAW_NUL:
		return draw_nul(dice, arena, len);
	case WL_DRAW_BLANKS:
		return draw_blanks(dice, arena, rule->len);
	case WL_DRAW_LITERAL:
		return rule->text;
	case WL_DRAW_WORDS:
		return draw_text_of(rule, dice, arena);
	case WL_DRAW_KOREAN:
		return draw_korean(dice, arena, rule->len);
	case WL_DRAW_PORT:
		return wl_format(arena, "%u", dice_between(dice, 20000, 32000));
	case WL_DRAW_MAC:
		return draw_mac(dice, arena);
	case WL_DRAW_GROUP:
		return draw_group(dice, arena);
	case WL_DRAW_TYPE:
		return draw_type(dice, arena);
	case WL_DRAW_NOT_UTF8:
		return draw_not_utf8(dice, arena);
	case WL_DRAW_NUMBER:
		return values_number(arena, rule->text, dice);
	case WL_DRAW_TURN:
		return values_turn(arena, rule->text, rule->len, dice);
	case WL_DRAW_DIGITS:
		return draw_digits(dice, arena, rule->text);
	case WL_DRAW_FORMAT:
		return values_format(seen, arena, rule->text);
	case WL_DRAW_PACKED:
		return values_packed(seen, arena, rule->text, len);
	}
	return "";
}

void values_set(struct wl_observation *seen, struct wl_arena *arena, const char *name,
	const void *bytes, size_t len)
{
	struct wl_value *value = NULL;

	for (size_t i = 0; i < seen->value_count && !value; i++)
		if (strcmp(seen->values[i].name, name) == 0)
			value = &seen->values[i];
	if (!value)
		value = wl_append(arena, &seen->values, &seen->value_count);
	value->name = name;
	value->bytes = wl_memdup(arena, bytes, len);
	value->len = len;
}

void values_draw(const struct wl_draw_rule *rules, struct wl_observation *seen, struct wl_arena *arena)
{
	for (const struct wl_draw_rule *rule = rules; rule && rule->name; rule++) {
		struct dice dice = dice_for(seen, rule->draw == WL_DRAW_TURN ? rule->text : rule->name);

		if (rule->bytes) {
			values_set(seen, arena, rule->name, rule->bytes, rule->len);
		} else {
			size_t len = SIZE_MAX; /* unless said otherwise, up to the NUL byte */
			const char *text = draw_text(rule, seen, &dice, arena, &len);

			values_set(seen, arena, rule->name, text, len == SIZE_MAX ? strlen(text) : len);
		}
	}
}

static const char *hex(const struct wl_value *value, struct wl_arena *arena)
{
	char *text = wl_alloc(arena, value->len * 2 + 1);

	for (size_t i = 0; i < value->len; i++)
		sprintf(text + 2 * i, "%02x", value->bytes[i]);
	return text;
}

const char *values_resolve(const struct wl_observation *seen, struct wl_arena *arena,
	const char *text, size_t *len, struct wl_err *err)
{
	const struct wl_value *value;
	const char *resolved = text;

	if (*text == '$' || *text == '#') {
		value = wl_observed_value(seen, text + 1);
		if (!value) {
			wl_err(err, "scenario %s has no value \"%s\"", seen->scenario, text + 1);
			return NULL;
		}
		resolved = *text == '$' ? (const char *)value->bytes : hex(value, arena);
		if (len && *text == '$') {
			*len = value->len;
			return resolved;
		}
	}
	if (len)
		*len = strlen(resolved);
	return resolved;
}
