/*
 * pcapng: the bytes of a small one, and what tshark and capinfos, where they are installed, read
 * out of a full one.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "harness/base/cleanup.h"
#include "reports/pcapng.h"
#include "tests/golden.h"
#include "tests/tests.h"

static struct wl_point points[] = {
	{ "near", "eth0", "02:00:00:00:00:01", "10.77.0.1", 0 },
	{ "far", "eth0", "02:00:00:00:00:02", "", 12 },
	{ "near", "lo", "", "127.0.0.1", 0 },
};

static struct wl_observation observe(struct wl_frame *frames, size_t count)
{
	return (struct wl_observation){ .lesson = "udp_echo",
		.scenario = "server_korean",
		.seed = UINT64_MAX,
		.points = points,
		.point_count = 3,
		.frames = frames,
		.frame_count = count };
}

static uint8_t *written(struct wl_arena *arena, const struct wl_observation *seen,
	const struct pcapng_comment *comments, size_t count, size_t *len)
{
	char *bytes = NULL;
	FILE *file = open_memstream(&bytes, len);
	uint8_t *copy;

	CU_ASSERT_EQUAL(pcapng_write(file, seen, comments, count, NULL), 0);
	fclose(file);
	copy = wl_memdup(arena, bytes, *len);
	free(bytes);
	return copy;
}

static size_t le32(const uint8_t *at)
{
	return (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

/* Length before and behind, a multiple of 4, up to the end: returns how many blocks, or 0. */
static size_t count_blocks(const uint8_t *bytes, size_t len)
{
	size_t at, count = 0, size;

	for (at = 0; at < len; at += size, count++) {
		size = len - at < 12 ? 0 : le32(bytes + at + 4);
		if (size < 12 || size % 4 || size > len - at || le32(bytes + at + size - 4) != size)
			return 0;
	}
	return count;
}

static void packet_block_is_exact(void)
{
	static const uint8_t exact[] = {
		6,
		0,
		0,
		0,
		60,
		0,
		0,
		0, /* Enhanced Packet Block */
		1,
		0,
		0,
		0,
		1,
		0,
		0,
		0,
		2,
		0,
		0,
		0, /* interface, time */
		5,
		0,
		0,
		0,
		60,
		0,
		0,
		0, /* kept, on the wire */
		'h',
		'e',
		'l',
		'l',
		'o',
		0,
		0,
		0, /* padded */
		1,
		0,
		3,
		0,
		'w',
		'h',
		'y',
		0, /* opt_comment */
		2,
		0,
		4,
		0,
		1,
		0,
		0,
		0, /* epb_flags: inbound */
		0,
		0,
		0,
		0,
		60,
		0,
		0,
		0,
	};
	struct wl_frame frame = { 0x100000002u, 1, WL_TO_HOST, 60, 5, (const uint8_t *)"hello" };
	const struct wl_observation seen = observe(&frame, 1);
	const struct pcapng_comment comment = { 1, "why" };
	struct wl_arena *arena = wl_arena_new();
	size_t len;
	const uint8_t *bytes = written(arena, &seen, &comment, 1, &len);

	CU_ASSERT_EQUAL(count_blocks(bytes, len), 5);
	CU_ASSERT_TRUE(
		len > sizeof(exact) && !memcmp(bytes + len - sizeof(exact), exact, sizeof(exact)));
	wl_arena_free(arena);
}

static void comments_are_made_fit(void)
{
	struct wl_frame frame = { 1, 0, WL_FROM_HOST, 0, 0, (const uint8_t *)"" };
	const struct wl_observation seen = observe(&frame, 1);
	struct wl_arena *arena = wl_arena_new();
	char *large = wl_alloc(arena, 90001);
	const struct pcapng_comment comments[] = { { 1, "\xff" }, { 2, "not there" }, { 1, large },
		{ 0, "nowhere" } };
	size_t len;
	const uint8_t *bytes;

	for (size_t i = 0; i < 90000; i += 3)
		memcpy(large + i, "안", 3);
	large[0] = 'x'; /* so that the limit falls into a character; the rest of the first one is
			   replaced */
	bytes = written(arena, &seen, comments, 4, &len);
	CU_ASSERT_EQUAL(count_blocks(bytes, len), 5);
	CU_ASSERT_PTR_NOT_NULL(memmem(bytes, len, "\1\0\3\0\xef\xbf\xbd\0", 8));
	CU_ASSERT_PTR_NULL(memmem(bytes, len, "there", 5));
	CU_ASSERT_PTR_NULL(memmem(bytes, len, "nowhere", 7));
	CU_ASSERT_TRUE(len > 65000 && len < 67000);
	wl_arena_free(arena);
}

static void full_disk_is_an_error(void)
{
	const struct wl_observation seen = observe(NULL, 0);
	wl_auto_file FILE *full = fopen("/dev/full", "w");
	struct wl_err err = { "" };

	if (!full) {
		notrun("no /dev/full");
		return;
	}
	CU_ASSERT_EQUAL(pcapng_write(full, &seen, NULL, 0, &err), -1);
	CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "No space"));
}

static bool have(const char *tool)
{
	char command[128];

	snprintf(command, sizeof(command), "command -v %s >/dev/null 2>&1", tool);
	if (!system(command))
		return true;
	notrun("%s is not installed", tool);
	return false;
}

/* What COMMAND says of the golden frames as pcapng; "$F" is the file. */
static char *told(struct wl_arena *arena, const char *command)
{
	static const struct pcapng_comment comments[] = { { 3, "첫 데이터그램, \"hello\"" },
		{ 1, "who?" } };
	int memory = memfd_create("golden.pcapng", 0); /* the command inherits it */
	size_t count, len;
	struct golden *golden = golden_frames(arena, &count);
	struct wl_frame *frames = wl_alloc_array(arena, count, sizeof(*frames));
	struct wl_observation seen = observe(frames, count);
	wl_auto_file FILE *file = fdopen(memory, "w");
	char *text = wl_alloc(arena, 65536);
	FILE *pipe;

	for (size_t i = 0; i < count; i++) {
		frames[i] = golden[i].frame;
		frames[i].at_ns = 1700000000123456789u + i;
		frames[i].point = i % 3;
		frames[i].direction = i % 3 == 2 ? WL_WITHIN_HOST
				      : i % 3    ? WL_TO_HOST
						 : WL_FROM_HOST;
	}
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(pcapng_write(file, &seen, comments, 2, NULL), 0);
	setenv("F", wl_format(arena, "/proc/self/fd/%d", memory), 1);
	pipe = popen(command, "r");
	len = fread(text, 1, 65535, pipe);
	text[len] = 0;
	CU_ASSERT_EQUAL(pclose(pipe), 0);
	return text;
}

/* A line that begins with START and goes on with this number, decimal or hexadecimal (versions
 * differ). */
static bool has_line(const char *text, const char *start, long number)
{
	const char *at = strstr(text, start);

	if (!at)
		return false;
	at += strlen(start);
	return (*at == '\n' ? 0 : strtol(at, NULL, 0)) == number;
}

static void tshark_reads_it(void)
{
	static const char command[] =
		"HOME=/nonexistent tshark -r \"$F\" -T fields -e frame.number "
		"-e frame.time_epoch -e frame.interface_name -e frame.comment "
		"-e frame.packet_flags_direction 2>/dev/null";
	static const char *const lines[] = {
		"1\t1700000000.123456789\tnear:eth0\twho?\t",
		"2\t1700000000.123456790\tfar:eth0\t\t",
		"3\t1700000000.123456791\tnear:lo\t첫 데이터그램, \"hello\"\t",
	};
	static const long directions[] = { 2, 1, 0 };
	struct wl_arena *arena = wl_arena_new();

	if (have("tshark")) {
		const char *text = told(arena, command);

		for (size_t i = 0; i < 3; i++) {
			CU_ASSERT_TRUE(has_line(text, lines[i], directions[i]));
			if (!has_line(text, lines[i], directions[i]))
				fputs(text, stderr);
		}
	}
	wl_arena_free(arena);
}

static void capinfos_reads_it(void)
{
	struct wl_arena *arena = wl_arena_new();
	static const char *const says[] = { "pcapng", "nanoseconds (9)",
		"Capture application: wirelab ", "Name = far:eth0",
		"lesson udp_echo, scenario server_korean, seed 18446744073709551615",
		"Description = 02:00:00:00:00:02 (12 frames lost)" };

	if (have("capinfos")) {
		const char *text = told(arena, "HOME=/nonexistent capinfos \"$F\" 2>/dev/null");

		for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
			CU_ASSERT_PTR_NOT_NULL(strstr(text, says[i]));
			if (!strstr(text, says[i]))
				fputs(text, stderr);
		}
	}
	wl_arena_free(arena);
}

void suite_pcapng(void);
void suite_pcapng(void)
{
	test("a packet block is exact", packet_block_is_exact);
	test("comments are made fit", comments_are_made_fit);
	test("a full disk is an error", full_disk_is_an_error);
	test("tshark reads it", tshark_reads_it);
	test("capinfos reads it", capinfos_reads_it);
}
