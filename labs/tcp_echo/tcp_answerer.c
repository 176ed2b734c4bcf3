/*
 * tcp_answerer PORT NUMBER HOW [MS]: an odd peer of tcp_echo_client, a server whose answers are not
 * always right:
 *
 *   same     the stamp and the bytes that came
 *   changed  ... with the last one another
 *   swapped  ... with two neighbours swapped
 *   shorter  ... without the last
 *   longer   ... with one more
 *   late     as same, MS milliseconds after the question
 *   chopped  as same, but in two segments; NUMBER says where the answer is cut
 *
 * The stamp is no present time: it follows from NUMBER (20000 to 32000), lies between 2008 and 2030 and
 * always on a day of the month that has one digit, in every time zone. It prints `got` when a question has come.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PROGRAM "tcp_answerer"
#define QUESTION 10 /* bytes that a right client sends */
#define LARGEST 65536

static const char usage[] = "usage: " PROGRAM " PORT NUMBER same|changed|swapped|shorter|longer|late|chopped [MS]\n"
	"Answer tcp_echo_client, rightly or not.\n";

static void fail(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static unsigned long parse_number(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (strspn(text, "0123456789") == 0 || *end != '\0') {
		fprintf(stderr, PROGRAM ": not a number: '%s'\n%s", text, usage);
		exit(2);
	}
	return number;
}

static void wait_ms(unsigned long ms)
{
	struct timespec time = { (time_t)(ms / 1000), (long)(ms % 1000) * 1000000 };

	nanosleep(&time, NULL);
}

/*
 * A moment on the 2nd to 8th of a month, so that 14 hours more or less change no number of digits. The lowest
 * two bytes of the double, 13 ms at most, make it another likely time (2012) for those who read it in the other byte order.
 */
static double stamp_of(unsigned long number)
{
	static const uint8_t lowest[] = { 0x41, 0xd4 }, highest[] = { 0xd4, 0x41 };
	const uint16_t one = 1;
	bool little = *(const uint8_t *)&one == 1;
	time_t time = (time_t)number * 60000;
	struct tm parts;
	double stamp;

	gmtime_r(&time, &parts);
	parts.tm_mday = 2 + (int)(number % 7);
	stamp = (double)timegm(&parts) + 0.25;
	memcpy((uint8_t *)&stamp + (little ? 0 : 6), little ? lowest : highest, 2);
	return stamp;
}

/* Reads until the question is there, or the client has closed. */
static size_t read_question(int sock, uint8_t *bytes, size_t size)
{
	size_t len = 0;
	ssize_t got;

	while (len < QUESTION && (got = recv(sock, bytes + len, size - len, 0)) > 0)
		len += (size_t)got;
	return len;
}

/* What the answer holds behind its stamp; there is room for one byte more. Returns its length. */
static size_t spoil(const char *how, unsigned long number, uint8_t *bytes, size_t len)
{
	size_t at = len > 3 ? 1 + number % (len - 2) : 0;
	uint8_t byte = bytes[at];

	if (strcmp(how, "changed") == 0 && len > 0)
		bytes[len - 1] ^= 1;
	if (strcmp(how, "swapped") == 0 && len > 3) {
		bytes[at] = bytes[at + 1];
		bytes[at + 1] = byte;
	}
	if (strcmp(how, "longer") == 0)
		bytes[len++] = 'x';
	return strcmp(how, "shorter") == 0 && len > 0 ? len - 1 : len;
}

static void answer(int sock, const char *how, unsigned long number, unsigned long late_ms)
{
	static uint8_t bytes[8 + LARGEST + 1];
	size_t len = read_question(sock, bytes + 8, LARGEST);
	double stamp = stamp_of(number);
	int on = 1;

	puts("got");
	fflush(stdout);
	memcpy(bytes, &stamp, 8);
	len = spoil(how, number, bytes + 8, len);
	if (late_ms)
		wait_ms(late_ms);
	if (strcmp(how, "chopped") == 0) {
		setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		size_t first = 1 + number % (7 + len);

		send(sock, bytes, first, MSG_NOSIGNAL);
		wait_ms(200);
		send(sock, bytes + first, 8 + len - first, MSG_NOSIGNAL);
	} else {
		send(sock, bytes, 8 + len, MSG_NOSIGNAL);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	int listening = socket(AF_INET, SOCK_STREAM, 0), sock, on = 1;
	unsigned long number;

	if (argc < 4 || argc > 5) {
		fputs(usage, stderr);
		return 2;
	}
	own.sin_port = htons((uint16_t)parse_number(argv[1]));
	number = parse_number(argv[2]);
	setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listening, (struct sockaddr *)&own, sizeof(own)) < 0 || listen(listening, 5) < 0)
		fail("cannot listen");
	while ((sock = accept(listening, NULL, NULL)) >= 0) {
		answer(sock, argv[3], number, argc > 4 ? parse_number(argv[4]) : 0);
		close(sock);
	}
	fail("cannot accept");
}
