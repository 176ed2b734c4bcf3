/*
 * An observation out of JSON, by the tables of observation_form.c. The reader believes nothing: the
 * text may come from anywhere, and what is returned is indexed without another look. It takes in
 * one way alone what the writer writes: every key must be there and none besides, hexadecimal is
 * lower case, the seed has no leading zeros. So writing again gives the same text.
 */
#include "harness/observation.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/observation_form.h"

/* The readers of one member return NULL, or in words what is wrong with VALUE. */

static const char *read_text(
	struct wl_arena *arena, const struct form_field *field, const json_t *value, void *object)
{
	if (!json_is_string(value))
		return N_("not a string");
	if (field->kind != FORM_TEXT_THERE) {
		form_put_pointer(object, field->at, wl_strdup(arena, json_string_value(value)));
		return NULL;
	}
	if (json_string_length(value) >= field->size)
		return N_("too long");
	memcpy((char *)object + field->at, json_string_value(value), json_string_length(value));
	return NULL;
}

/* An integer from 0 to MOST. */
static const char *read_number(
	const struct form_field *field, const json_t *value, uint64_t most, void *object)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value))
		return N_("not an integer");
	if (number < 0 || (uint64_t)number > most)
		return N_("out of range");
	form_put_number(object, field->at, field->size, (uint64_t)number);
	return NULL;
}

static const char *read_signed(const struct form_field *field, const json_t *value, void *object)
{
	if (!json_is_integer(value))
		return N_("not an integer");
	form_put_number(object, field->at, field->size, (uint64_t)json_integer_value(value));
	return NULL;
}

/* What does not come out again as it went in was no plain number, or too large. */
static const char *read_digits(const struct form_field *field, const json_t *value, void *object)
{
	unsigned long long number;
	char again[24];

	if (!json_is_string(value))
		return N_("not a string");
	number = strtoull(json_string_value(value), NULL, 10);
	snprintf(again, sizeof(again), "%llu", number);
	if (strcmp(again, json_string_value(value)))
		return N_("not a decimal number of 64 bits");
	form_put_number(object, field->at, field->size, number);
	return NULL;
}

static const char *read_truth(const struct form_field *field, const json_t *value, void *object)
{
	if (!json_is_boolean(value))
		return N_("neither true nor false");
	form_put_number(object, field->at, field->size, json_is_true(value));
	return NULL;
}

static const char *read_choice(const struct form_field *field, const json_t *value, void *object)
{
	const struct form_name *name;

	if (!json_is_string(value))
		return N_("not a string");
	for (name = field->names; name->name; name++)
		if (!strcmp(name->name, json_string_value(value)))
			break;
	if (!name->name)
		return N_("not one of the words that may stand here");
	form_put_number(object, field->at, field->size, (uint64_t)name->value);
	return NULL;
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static const char *read_bytes(
	struct wl_arena *arena, const struct form_field *field, const json_t *value, void *object)
{
	const char *hex = json_string_value(value);
	size_t len = json_string_length(value) / 2, i;
	uint8_t *bytes;

	if (!json_is_string(value) || json_string_length(value) % 2)
		return N_("not an even number of hexadecimal digits");
	bytes = wl_alloc(arena, len + 1);
	for (i = 0; i < len; i++) {
		int high = hex_value(hex[2 * i]), low = hex_value(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return N_("not in lower-case hexadecimal");
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	if (field->other_size < sizeof(len) && len > UINT32_MAX)
		return N_("too long");
	form_put_pointer(object, field->at, bytes);
	form_put_number(object, field->other, field->other_size, len);
	return NULL;
}

static const char *read_index(const struct form_field *field, const json_t *value,
	const struct wl_observation *seen, void *object)
{
	uint64_t count = form_number(seen, field->other, sizeof(size_t));

	if (!count || (json_is_integer(value) && (uint64_t)json_integer_value(value) >= count))
		return N_("not the index of an element");
	return read_number(field, value, UINT32_MAX, object);
}

static const char *read_field(struct wl_arena *arena, const struct form_field *field,
	const json_t *value, const struct wl_observation *seen, void *object)
{
	switch (field->kind) {
	case FORM_TROUBLE:
		if (json_is_null(value))
			return NULL;
		/* fall through */
	case FORM_TEXT:
	case FORM_TEXT_THERE:
		return read_text(arena, field, value, object);
	case FORM_COUNT:
		return read_number(field, value,
			field->size < 8 ? (1ull << field->size * 8) - 1 : INT64_MAX, object);
	case FORM_POSITIVE:
		return read_number(field, value, INT_MAX, object);
	case FORM_SIGNED:
		return read_signed(field, value, object);
	case FORM_DIGITS:
		return read_digits(field, value, object);
	case FORM_TRUTH:
		return read_truth(field, value, object);
	case FORM_INDEX:
		return read_index(field, value, seen, object);
	case FORM_CHOICE:
		return read_choice(field, value, object);
	case FORM_BYTES:
		return read_bytes(arena, field, value, object);
	}
	return N_("of no known kind");
}

struct reader {
	struct wl_observation *seen;
	struct wl_arena *arena;
	struct wl_err *err;
};

/* All members of OBJECT from JSON, which has EXTRA more keys that are dealt with elsewhere. */
static int read_fields(struct reader *reader, const json_t *json, const struct form_field *fields,
	size_t extra, void *object)
{
	const struct form_field *field;
	const char *wrong;
	size_t count = 0;

	if (!json_is_object(json))
		return wl_err(reader->err, _("not an object"));
	for (field = fields; field->key; field++, count++) {
		const json_t *value = json_object_get(json, field->key);

		wrong = value ? read_field(reader->arena, field, value, reader->seen, object)
			      : N_("missing");
		if (wrong)
			return wl_err(reader->err, "%s: %s", field->key, _(wrong));
	}
	if (json_object_size(json) > count + extra)
		return wl_err(reader->err, _("a key that does not belong here"));
	return 0;
}

static int read_list(struct reader *reader, const json_t *root, const struct form_list *list)
{
	const json_t *array = json_object_get(root, list->key);
	size_t count = json_array_size(array), i;
	char *items;

	if (!array && list->late)
		return 0;
	if (!json_is_array(array))
		return wl_err(reader->err, _("%s: not an array"), list->key);
	items = count ? wl_alloc_array(reader->arena, count, list->size) : NULL;
	for (i = 0; i < count; i++)
		if (read_fields(reader, json_array_get(array, i), list->fields, 0,
			    items + i * list->size))
			return wl_err_prefix(reader->err, "%s[%zu]", list->key, i);
	form_put_pointer(reader->seen, list->items, items);
	form_put_number(reader->seen, list->count, sizeof(size_t), count);
	return 0;
}

/* What no row of a table can say. */
static int check_frames(const struct reader *reader)
{
	const struct wl_observation *seen = reader->seen;
	size_t i;

	for (i = 0; i < seen->frame_count; i++) {
		if (seen->frames[i].len > seen->frames[i].wire_len)
			return wl_err(
				reader->err, _("frames[%zu]: more bytes than were on the wire"), i);
		if (i && seen->frames[i].at_ns < seen->frames[i - 1].at_ns)
			return wl_err(reader->err, _("frames[%zu]: not in the order of time"), i);
	}
	return 0;
}

static int read_root(struct reader *reader, const json_t *root)
{
	const char *schema = json_string_value(json_object_get(root, "schema"));
	size_t lists = 0, there = 0;

	for (lists = 0; observation_lists[lists].key; lists++)
		there += json_object_get(root, observation_lists[lists].key) || !observation_lists[lists].late;
	if (!schema || strcmp(schema, OBSERVATION_SCHEMA))
		return wl_err(reader->err, _("its schema is not %s"), OBSERVATION_SCHEMA);
	if (read_fields(reader, root, observation_heads, 1 + there, reader->seen))
		return -1;
	for (lists = 0; observation_lists[lists].key; lists++)
		if (read_list(reader, root, &observation_lists[lists]))
			return -1;
	return check_frames(reader);
}

struct wl_observation *wl_observation_from_json(
	const char *text, size_t len, struct wl_arena *arena, struct wl_err *err)
{
	struct reader reader = { .arena = arena, .err = err };
	json_error_t error;
	json_auto_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

	if (!root) {
		wl_err(err, _("no JSON: line %d: %s"), error.line, error.text);
		return NULL;
	}
	reader.seen = wl_alloc(arena, sizeof(*reader.seen));
	return read_root(&reader, root) ? NULL : reader.seen;
}
