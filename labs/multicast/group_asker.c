/*
 * group_asker SOURCE_PORT ANSWERS GAP_MS COUNT HEX...: an odd peer of the members of 224.1.1.1, port 49003. It sends each payload
 * to the group, COUNT times (with a number behind it if that is more than once), from a port of the play's choice; behind each it
 * waits until ANSWERS answers have come, at most a second, and then GAP_MS. It prints `reply IP PORT HEX` for each answer and `done`
 * at the end, and stays until it is killed. Behind three questions that were not answered it asks no more.
 *
 * The socket is not connected, so that an answer from a wrong address or port is seen too.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "group_asker"
#define GROUP "224.1.1.1"
#define PORT 49003
#define LARGEST 65536
#define WAIT_MS 1000
#define MOST_UNANSWERED 3

static const char usage[] =
	"usage: " PROGRAM " SOURCE_PORT ANSWERS GAP_MS COUNT HEX...\n"
	"Ask the members of " GROUP " from SOURCE_PORT and print what comes back, until killed.\n";

struct asker {
	int sock;
	unsigned long answers, gap_ms, count, unanswered;
};

static void fail(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void bad_argument(const char *what, const char *text)
{
	fprintf(stderr, PROGRAM ": %s: '%s'\n%s", what, text, usage);
	exit(2);
}

static unsigned long parse_number(const char *text, unsigned long most)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (strspn(text, "0123456789") == 0 || *end != '\0' || number > most)
		bad_argument("not a number, or too large", text);
	return number;
}

static int digit_value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = digit == '\0' ? NULL : strchr(digits, digit | 0x20);

	return found ? (int)(found - digits) : -1;
}

/* Returns the number of bytes that TEXT stands for; ends the program when it is not hexadecimal. */
static size_t parse_payload(const char *text, uint8_t *bytes, size_t size)
{
	size_t len = strlen(text) / 2;

	if (strlen(text) % 2 != 0 || len > size)
		bad_argument("not a payload in hexadecimal", text);
	for (size_t i = 0; i < len; i++) {
		int high = digit_value(text[2 * i]), low = digit_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			bad_argument("not a payload in hexadecimal", text);
		bytes[i] = high << 4 | low;
	}
	return len;
}

static void open_socket(struct asker *asker, uint16_t port)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(port) };
	int ttl = 2;

	asker->sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (asker->sock < 0 || bind(asker->sock, (const struct sockaddr *)&own, sizeof(own)) < 0 ||
		setsockopt(asker->sock, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)) < 0)
		fail("cannot open the socket");
}

static void print_answer(int sock)
{
	static uint8_t bytes[LARGEST];
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t len = recvfrom(sock, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);
	char address[INET_ADDRSTRLEN];

	if (len < 0)
		fail("cannot receive");
	inet_ntop(AF_INET, &from.sin_addr, address, sizeof(address));
	printf("reply %s %u ", address, ntohs(from.sin_port));
	for (ssize_t i = 0; i < len; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
	fflush(stdout);
}

static int left_ms(const struct timespec *since)
{
	struct timespec now;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (now.tv_sec - since->tv_sec) * 1000 + (now.tv_nsec - since->tv_nsec) / 1000000;
	return ms < WAIT_MS ? (int)(WAIT_MS - ms) : 0;
}

static bool await_answers(const struct asker *asker)
{
	struct pollfd wait = { .fd = asker->sock, .events = POLLIN };
	struct timespec since;

	clock_gettime(CLOCK_MONOTONIC, &since);
	for (unsigned long came = 0; came < asker->answers; came++) {
		if (poll(&wait, 1, left_ms(&since)) <= 0)
			return false;
		print_answer(asker->sock);
	}
	return true;
}

static void ask(struct asker *asker, const uint8_t *bytes, size_t len)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct timespec gap = { (time_t)(asker->gap_ms / 1000), (long)(asker->gap_ms % 1000 * 1000000) };

	if (asker->unanswered >= MOST_UNANSWERED)
		return;
	inet_pton(AF_INET, GROUP, &to.sin_addr);
	if (sendto(asker->sock, bytes, len, 0, (const struct sockaddr *)&to, sizeof(to)) < 0)
		fail("cannot send");
	asker->unanswered += !await_answers(asker);
	nanosleep(&gap, NULL);
}

static void ask_often(struct asker *asker, uint8_t *bytes, size_t len)
{
	for (unsigned long i = 1; i <= asker->count; i++) {
		size_t more = asker->count > 1 ? (size_t)sprintf((char *)bytes + len, " %lu", i) : 0;

		ask(asker, bytes, len + more);
	}
}

int main(int argc, char **argv)
{
	static uint8_t bytes[LARGEST + 32];
	struct asker asker = { .sock = -1 };

	if (argc < 6) {
		fputs(usage, stderr);
		return 2;
	}
	asker.answers = parse_number(argv[2], 100);
	asker.gap_ms = parse_number(argv[3], 3600000);
	asker.count = parse_number(argv[4], 1000);
	open_socket(&asker, (uint16_t)parse_number(argv[1], 65535));
	for (int i = 5; i < argc; i++)
		ask_often(&asker, bytes, parse_payload(argv[i], bytes, LARGEST));
	puts("done");
	fflush(stdout);
	for (;;)
		pause();
}
