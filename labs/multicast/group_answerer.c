/*
 * group_answerer GAP_MS PROBE_MS COUNT [HEX...]: an odd member of 224.1.1.1, port 49003. It answers the first datagram that comes to
 * the group with each payload, COUNT times (with a number behind it if that is more than once), GAP_MS behind what was before it, and prints `answered IP PORT HEX`, of what it answered. With PROBE_MS
 * other than 0 it sends one more datagram that long behind the last: if the asker has gone by then, its machine says so with
 * an ICMP message. It prints `probed` and stays until it is killed.
 *
 * Nothing is printed before the answers: a terminal has a reader, who may want the processor first, and the asker waits for a
 * fifth of a second only. Gaps count from the moment when the datagram before was due, so that one that went late makes no other late; the probe's time
 * counts from the moment when the last one went.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "group_answerer"
#define GROUP "224.1.1.1"
#define PORT 49003
#define LARGEST 65536

static const char usage[] =
	"usage: " PROGRAM " GAP_MS PROBE_MS COUNT [HEX...]\n"
	"Answer one datagram to " GROUP " with each payload, then probe, and stay until killed.\n";

struct answerer {
	int sock;
	struct sockaddr_in to;
	struct timespec at; /* when the last datagram came or was due */
	uint8_t question[LARGEST];
	size_t question_len;
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

static unsigned long parse_number(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (strspn(text, "0123456789") == 0 || *end != '\0' || number > 3600000)
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

static int open_member(void)
{
	struct sockaddr_in own = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	struct ip_mreqn membership = { .imr_ifindex = 0 };
	int sock = socket(AF_INET, SOCK_DGRAM, 0), on = 1;

	inet_pton(AF_INET, GROUP, &membership.imr_multiaddr);
	if (sock < 0 || setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
		bind(sock, (const struct sockaddr *)&own, sizeof(own)) < 0 ||
		setsockopt(sock, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof(membership)) < 0)
		fail("cannot join the group");
	return sock;
}

static void await_question(struct answerer *answerer)
{
	socklen_t to_len = sizeof(answerer->to);
	ssize_t len = recvfrom(answerer->sock, answerer->question, sizeof(answerer->question), 0,
		(struct sockaddr *)&answerer->to, &to_len);

	if (len < 0)
		fail("cannot receive");
	clock_gettime(CLOCK_MONOTONIC, &answerer->at);
	answerer->question_len = (size_t)len;
}

static void print_answered(const struct answerer *answerer)
{
	char address[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &answerer->to.sin_addr, address, sizeof(address));
	printf("answered %s %u ", address, ntohs(answerer->to.sin_port));
	for (size_t i = 0; i < answerer->question_len; i++)
		printf("%02x", answerer->question[i]);
	putchar('\n');
	fflush(stdout);
}

static void send_later(struct answerer *answerer, unsigned long ms, const void *bytes, size_t len)
{
	answerer->at.tv_sec += (time_t)(ms / 1000);
	answerer->at.tv_nsec += (long)(ms % 1000 * 1000000);
	if (answerer->at.tv_nsec >= 1000000000) {
		answerer->at.tv_sec++;
		answerer->at.tv_nsec -= 1000000000;
	}
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &answerer->at, NULL);
	if (sendto(answerer->sock, bytes, len, 0, (const struct sockaddr *)&answerer->to, sizeof(answerer->to)) < 0)
		fail("cannot send");
}

static void answer_often(struct answerer *answerer, unsigned long gap_ms, unsigned long count, uint8_t *bytes, size_t len)
{
	for (unsigned long i = 1; i <= count; i++) {
		size_t more = count > 1 ? (size_t)sprintf((char *)bytes + len, " %lu", i) : 0;

		send_later(answerer, gap_ms, bytes, len + more);
	}
}

int main(int argc, char **argv)
{
	static uint8_t bytes[LARGEST + 32];
	static struct answerer answerer;
	unsigned long gap_ms, probe_ms, count;

	if (argc < 4) {
		fputs(usage, stderr);
		return 2;
	}
	gap_ms = parse_number(argv[1]);
	probe_ms = parse_number(argv[2]);
	count = parse_number(argv[3]);
	answerer.sock = open_member();
	await_question(&answerer);
	for (int i = 4; i < argc; i++)
		answer_often(&answerer, gap_ms, count, bytes, parse_payload(argv[i], bytes, LARGEST));
	print_answered(&answerer);
	clock_gettime(CLOCK_MONOTONIC, &answerer.at);
	if (probe_ms > 0)
		send_later(&answerer, probe_ms, "probe", 5);
	puts("probed");
	fflush(stdout);
	for (;;)
		pause();
}
