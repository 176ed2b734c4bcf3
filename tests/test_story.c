/*
 * What happened, told: a long story around its marked frame, or its beginning and end; frames once, bare acknowledgements not at all.
 */
#include "reports/story.h"

#include <stdlib.h>
#include <string.h>

#include "tests/made.h"
#include "tests/tests.h"

#define MAC "00:15:5d:11:c9:ca"

static struct made made;
static char *told;

static void begin(void)
{
	made_up(&made, "raw", "receiver_frame");
	made_point(&made, "own", MAC, "10.77.0.1");
	made_performer(&made, "receiver", "own", true);
	made_event(&made, 0, WL_EVENT_STARTED, 0, "./receiver");
}

static const char *tell(uint32_t frame, size_t most)
{
	size_t len;
	FILE *out = open_memstream(&told, &len);

	story_tell(out, &made.seen, frame, most, "");
	fclose(out);
	return told;
}

static void end(void)
{
	free(told);
	made_down(&made);
}

static bool tells(const char *words)
{
	return strstr(told, words) != NULL;
}

static size_t lines(void)
{
	size_t count = 0;

	for (const char *at = told; (at = strchr(at, '\n')); at++)
		count++;
	return count;
}

static void a_short_story_is_told_whole(void)
{
	begin();
	made_ether(&made, 0, WL_FROM_HOST, MAC, MAC, 0x0800, "hello");
	made_ether(&made, 0, WL_TO_HOST, MAC, MAC, 0x0800, "hello");
	made_print(&made, 0, "payload = 'hello'");
	made_event(&made, 0, WL_EVENT_ENDED, 0, "");
	tell(1, 16);
	CU_ASSERT_EQUAL(lines(), 4);
	CU_ASSERT_TRUE(tells("▶") && tells("frame 1:") && !tells("frame 2:") && tells("$ ./receiver"));
	CU_ASSERT_TRUE(tells("ended with exit status 0"));
	free(told);
	tell(2, 16);
	CU_ASSERT_TRUE(tells("frame 2:"));
	end();
}

static void a_long_one_is_cut(void)
{
	begin();
	for (int i = 0; i < 40; i++)
		made_ether(&made, 0, WL_FROM_HOST, MAC, MAC, 0x0800, "hello");
	made_event(&made, 0, WL_EVENT_ENDED, 256, "");
	tell(0, 10);
	CU_ASSERT_EQUAL(lines(), 11);
	CU_ASSERT_TRUE(tells("$ ./receiver") && tells("32 left out") && tells("exit status 1") && !tells("more"));
	free(told);
	tell(20, 10);
	CU_ASSERT_TRUE(tells("frame 20:") && tells("left out") && tells("more") && !tells("frame 1:"));
	free(told);
	tell(2, 10);
	CU_ASSERT_TRUE(tells("$ ./receiver") && tells("32 more") && !tells("left out"));
	free(told);
	tell(40, 10);
	CU_ASSERT_TRUE(tells("frame 40:") && tells("exit status 1") && !tells("more"));
	end();
}

static void keys_have_names(void)
{
	begin();
	made_event(&made, 0, WL_EVENT_TYPED, 0, "\r");
	made_event(&made, 0, WL_EVENT_TYPED, 0, "\x03");
	made_event(&made, 0, WL_EVENT_TYPED, 0, "hello\r");
	tell(0, 16);
	CU_ASSERT_TRUE(tells("is typed Enter\n") && tells("is typed Ctrl-C\n") && tells("is typed \"hello\" and Enter\n"));
	end();
}

/* An IPv4 header (checked sum) and a TCP header with FLAGS and LEN bytes of data; 54 bytes before the data. */
static void add_segment(uint8_t flags, size_t len)
{
	uint8_t frame[64] = { 0 };
	uint32_t sum = 0;

	frame[12] = 0x08;
	frame[14] = 0x45;
	frame[17] = (uint8_t)(40 + len);
	frame[22] = 64;
	frame[23] = 6;
	for (size_t i = 14; i < 34; i += 2)
		sum += (uint32_t)frame[i] << 8 | frame[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	frame[24] = (uint8_t)(~sum >> 8);
	frame[25] = (uint8_t)~sum;
	frame[46] = 0x50;
	frame[47] = flags;
	made_frame(&made, 0, WL_FROM_HOST, frame, 54 + len);
}

static void bare_acknowledgements_are_left_out(void)
{
	begin();
	add_segment(0x02, 0);
	add_segment(0x10, 0);
	add_segment(0x18, 4);
	add_segment(0x11, 0);
	tell(0, 16);
	CU_ASSERT_TRUE(tells("[SYN]") && tells("[PSH ACK]") && tells("[FIN ACK]") && !tells("[ACK]"));
	free(told);
	tell(2, 16);
	CU_ASSERT_TRUE(tells("[ACK]"));
	end();
}

void suite_story(void);
void suite_story(void)
{
	test("a short story is told whole", a_short_story_is_told_whole);
	test("a long one is cut", a_long_one_is_cut);
	test("keys have names", keys_have_names);
	test("bare acknowledgements are left out", bare_acknowledgements_are_left_out);
}
