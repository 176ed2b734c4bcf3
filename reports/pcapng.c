/*
 * libpcap reads pcapng but cannot write it; the format is simple enough to do without. A block is
 * its type, its length, its body, and its length again, all in units of 4 bytes; options are code,
 * length and value, closed by code 0. A block is put together in memory, since its length comes
 * first.
 */
#include "reports/pcapng.h"

#include <string.h>

#include "harness/base/arena.h"
#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/utf8.h"

enum block_type {
	SECTION_HEADER = 0x0a0d0d0a,
	INTERFACE_DESCRIPTION = 1,
	ENHANCED_PACKET = 6,
};

enum option {
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_APPLICATION = 4,
	INTERFACE_NAME = 2,
	INTERFACE_TEXT = 3,
	INTERFACE_RESOLUTION = 9,
	PACKET_FLAGS = 2,
};

#define LINKTYPE_ETHERNET 1
#define INBOUND 1
#define OUTBOUND 2

/* The block in the making. */
struct block {
	struct wl_arena *arena;
	uint8_t *bytes;
	size_t len, room;
};

static void put(struct block *block, const void *bytes, size_t len)
{
	if (block->len + len > block->room) {
		size_t room = 2 * (block->len + len);
		uint8_t *larger = wl_alloc(block->arena, room);

		if (block->len)
			memcpy(larger, block->bytes, block->len);
		block->bytes = larger;
		block->room = room;
	}
	if (len)
		memcpy(block->bytes + block->len, bytes, len);
	block->len += len;
}

static void put_le(struct block *block, uint64_t number, size_t size)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(number >> 8 * i);
	put(block, bytes, size);
}

static void put_padded(struct block *block, const void *bytes, size_t len)
{
	put(block, bytes, len);
	put(block, "\0\0\0", (4 - len % 4) % 4);
}

static void put_option(struct block *block, enum option option, const void *bytes, size_t len)
{
	put_le(block, option, 2);
	put_le(block, len, 2);
	put_padded(block, bytes, len);
}

/* Texts longer than an option can be are cut between two characters. */
static void put_text(struct block *block, enum option option, const char *text)
{
	const char *clean = wl_to_utf8(block->arena, text);
	size_t len = strlen(clean);

	if (len > UINT16_MAX)
		for (len = UINT16_MAX; ((uint8_t)clean[len] & 0xc0) == 0x80; len--)
			;
	put_option(block, option, clean, len);
}

static void begin_block(struct block *block, enum block_type type)
{
	block->len = 0;
	put_le(block, type, 4);
	put_le(block, 0, 4); /* the length, filled in at the end */
}

static void end_block(struct block *block, FILE *file)
{
	size_t len = block->len + 4 + 4;

	put_le(block, OPTION_END, 4);
	put_le(block, len, 4);
	memcpy(block->bytes + 4, block->bytes + block->len - 4, 4);
	fwrite(block->bytes, 1, block->len, file);
}

static void write_section(struct block *block, FILE *file, const struct wl_observation *seen)
{
	begin_block(block, SECTION_HEADER);
	put_le(block, 0x1a2b3c4d, 4); /* byte order */
	put_le(block, 1, 2);          /* version 1.0 */
	put_le(block, 0, 2);
	put_le(block, UINT64_MAX, 8); /* length of the section: not said */
	put_text(block, OPTION_COMMENT,
		wl_format(block->arena, _("lesson %s, scenario %s, seed %llu%s%s"), seen->lesson,
			seen->scenario, (unsigned long long)seen->seed, seen->trouble ? ": " : "",
			seen->trouble ? seen->trouble : ""));
	put_text(block, SECTION_APPLICATION, "wirelab " WL_VERSION);
	end_block(block, file);
}

static const char *describe_point(struct wl_arena *arena, const struct wl_point *point)
{
	const char *blank = *point->mac && *point->address ? " " : "";
	const char *ends = wl_format(arena, "%s%s%s", point->mac, blank, point->address);

	if (!point->dropped)
		return ends;
	return wl_format(
		arena, _("%s (%llu frames lost)"), ends, (unsigned long long)point->dropped);
}

static void write_interface(struct block *block, FILE *file, const struct wl_point *point)
{
	begin_block(block, INTERFACE_DESCRIPTION);
	put_le(block, LINKTYPE_ETHERNET, 2);
	put_le(block, 0, 2);
	put_le(block, 0, 4); /* snapshot length: no limit */
	put_text(block, INTERFACE_NAME,
		wl_format(block->arena, "%s:%s", point->host, point->interface));
	put_text(block, INTERFACE_TEXT, describe_point(block->arena, point));
	put_option(block, INTERFACE_RESOLUTION, "\x09", 1); /* 10^-9 s */
	end_block(block, file);
}

static void put_flags(struct block *block, enum wl_direction direction)
{
	if (direction == WL_WITHIN_HOST)
		return;
	put_le(block, PACKET_FLAGS, 2);
	put_le(block, 4, 2);
	put_le(block, direction == WL_FROM_HOST ? OUTBOUND : INBOUND, 4);
}

static void write_frame(struct block *block, FILE *file, const struct wl_frame *frame,
	uint32_t number, const struct pcapng_comment *comments, size_t comment_count)
{
	begin_block(block, ENHANCED_PACKET);
	put_le(block, frame->point, 4);
	put_le(block, frame->at_ns >> 32, 4);
	put_le(block, frame->at_ns, 4);
	put_le(block, frame->len, 4);
	put_le(block, frame->wire_len, 4);
	put_padded(block, frame->bytes, frame->len);
	for (size_t i = 0; i < comment_count; i++)
		if (comments[i].frame == number)
			put_text(block, OPTION_COMMENT, comments[i].text);
	put_flags(block, frame->direction);
	end_block(block, file);
}

int pcapng_write(FILE *file, const struct wl_observation *seen,
	const struct pcapng_comment *comments, size_t comment_count, struct wl_err *err)
{
	struct wl_arena *scratch __attribute__((cleanup(wl_arena_freep))) = wl_arena_new();
	struct block block = { .arena = scratch };
	size_t i;

	write_section(&block, file, seen);
	for (i = 0; i < seen->point_count; i++)
		write_interface(&block, file, &seen->points[i]);
	for (i = 0; i < seen->frame_count; i++)
		write_frame(
			&block, file, &seen->frames[i], (uint32_t)i + 1, comments, comment_count);
	if (fflush(file) || ferror(file))
		return wl_err_errno(err, _("cannot write a capture"));
	return 0;
}
