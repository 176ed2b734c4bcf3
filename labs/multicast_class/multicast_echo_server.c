/*
 * multicast_echo_server: multicast_receiver again, written on the class of simple_multicast.h. What is left to the program is what
 * it is for: print what comes, answer "ack".
 *
 * Each recv() gives up after 0.2 seconds, so that the loop comes round even if nobody sends. There it looks whether Ctrl-C was
 * pressed: the handler only sets a flag, as little else is safe to do in one, and the way out goes through term().
 */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>

#include "simple_multicast.h"

#define PROGRAM "multicast_echo_server"
#define LARGEST 65536

static const char usage[] =
	"usage: " PROGRAM " [--group GROUP] [--port PORT]\n"
	"Print what comes to a multicast group and answer \"ack\", until Ctrl-C.\n"
	"  --group GROUP  IPv4 address of the group (" SIMPLE_MULTICAST_GROUP ")\n"
	"  --port PORT    port to wait on (49003)\n"
	"  --help         print this\n";

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static int failed(const char *what)
{
	fprintf(stderr, PROGRAM ": %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static void bad_argument(const char *what, const char *text)
{
	fprintf(stderr, PROGRAM ": %s: '%s'\n%s", what, text, usage);
	exit(2);
}

static uint16_t parse_port(const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	if (strspn(text, "0123456789") == 0 || *end != '\0' || port < 1 || port > 65535)
		bad_argument("a port is a number from 1 to 65535", text);
	return port;
}

static void parse_options(int argc, char **argv, const char **group, uint16_t *port)
{
	static const struct option names[] = {
		{ "group", required_argument, NULL, 'g' },
		{ "port", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int name;

	while ((name = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (name == 'g') {
			*group = optarg;
		} else if (name == 'p') {
			*port = parse_port(optarg);
		} else if (name == 'h') {
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		} else {
			fputs(usage, stderr);
			exit(2);
		}
	}
	if (optind < argc)
		bad_argument("unexpected argument", argv[optind]);
}

/* Until Ctrl-C. Returns 0, or -1 when a call failed. */
static int serve(struct simple_multicast *group)
{
	static uint8_t bytes[LARGEST];

	while (!stopped) {
		struct sockaddr_in from;
		ssize_t len = group->recv(group, bytes, sizeof(bytes), &from);

		if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			continue;
		if (len < 0)
			return -1;
		simple_multicast_print(&from, bytes, len);
		if (group->send(group, "ack", 3, &from) < 0)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *group = SIMPLE_MULTICAST_GROUP;
	uint16_t port = SIMPLE_MULTICAST_PORT;
	struct simple_multicast_receiver receiver;
	int status = EXIT_SUCCESS;

	parse_options(argc, argv, &group, &port);
	sigaction(SIGINT, &(struct sigaction){ .sa_handler = stop }, NULL);
	if (simple_multicast_receiver_init(&receiver, group, port) < 0)
		return failed("cannot join the group");
	if (serve(&receiver.base) < 0)
		status = failed("cannot receive or answer");
	simple_multicast_receiver_term(&receiver);
	return status;
}
