/*
 * An observation as JSON, by the tables of observation_form.c; observation_read.c is the way back.
 * Integers stay below 2^63, jansson's limit; the seed, which uses all 64 bits, is a string. One
 * member a line, so that two observations can be compared with diff(1).
 */
#include "harness/observation.h"

#include <jansson.h>
#include <stdlib.h>

#include "harness/observation_form.h"
#include "harness/utf8.h"

static json_t *text_json(struct wl_arena *arena, const char *text)
{
	return json_string(wl_to_utf8(arena, text));
}

static json_t *hex_json(struct wl_arena *arena, const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = wl_alloc(arena, 2 * len + 1);
	size_t i;

	for (i = 0; i < len; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	return json_stringn_nocheck(hex, 2 * len);
}

static json_t *choice_json(const struct form_name *names, int value)
{
	for (; names->name; names++)
		if (names->value == value)
			return json_string(names->name);
	return json_null(); /* the reader refuses it */
}

static json_t *field_json(
	struct wl_arena *arena, const struct form_field *field, const void *object)
{
	uint64_t number = field->size <= 8 ? form_number(object, field->at, field->size) : 0;

	switch (field->kind) {
	case FORM_TEXT:
		return text_json(arena, form_pointer(object, field->at));
	case FORM_TROUBLE:
		return number ? text_json(arena, form_pointer(object, field->at)) : json_null();
	case FORM_TEXT_THERE:
		return text_json(arena, (const char *)object + field->at);
	case FORM_COUNT:
	case FORM_POSITIVE:
	case FORM_SIGNED:
	case FORM_INDEX:
		return json_integer((json_int_t)number);
	case FORM_DIGITS:
		return json_string(wl_format(arena, "%llu", (unsigned long long)number));
	case FORM_TRUTH:
		return json_boolean(number);
	case FORM_CHOICE:
		return choice_json(field->names, (int)number);
	case FORM_BYTES:
		return hex_json(arena, form_pointer(object, field->at),
			form_number(object, field->other, field->other_size));
	}
	return json_null();
}

static void write_fields(
	struct wl_arena *arena, json_t *to, const struct form_field *field, const void *object)
{
	for (; field->key; field++)
		json_object_set_new(to, field->key, field_json(arena, field, object));
}

static json_t *list_json(
	struct wl_arena *arena, const struct form_list *list, const struct wl_observation *seen)
{
	size_t count = form_number(seen, list->count, sizeof(size_t)), i;
	const char *items = form_pointer(seen, list->items);
	json_t *array = json_array();

	for (i = 0; i < count; i++) {
		json_t *item = json_object();

		write_fields(arena, item, list->fields, items + i * list->size);
		json_array_append_new(array, item);
	}
	return array;
}

char *wl_observation_to_json(const struct wl_observation *seen, struct wl_arena *arena)
{
	struct wl_arena *scratch __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	json_auto_t *root = json_object();
	const struct form_list *list;
	char *dumped, *text;

	json_object_set_new(root, "schema", json_string(OBSERVATION_SCHEMA));
	write_fields(scratch, root, observation_heads, seen);
	for (list = observation_lists; list->key; list++)
		json_object_set_new(root, list->key, list_json(scratch, list, seen));
	dumped = json_dumps(root, JSON_INDENT(1));
	text = wl_format(arena, "%s\n", dumped);
	free(dumped);
	return text;
}
