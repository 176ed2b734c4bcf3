/*
 * Tests look into a stage by going there for the moment in which a socket or a file of /proc is
 * opened: both stay in the namespace in which they were opened.
 */
#include "tests/inside.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "tests/tests.h"

static int go(int netns)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (home >= 0 && setns(netns, CLONE_NEWNET) < 0) {
		close(home);
		return -1;
	}
	return home;
}

static void come_back(int home)
{
	if (setns(home, CLONE_NEWNET) < 0)
		perror("setns");
	close(home);
}

int inside_socket(int netns, int domain, int type, int protocol)
{
	const struct timeval patience = { .tv_sec = 10 };
	int home = go(netns), fd;

	if (home < 0)
		return -1;
	fd = socket(domain, type | SOCK_CLOEXEC, protocol);
	come_back(home);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return fd;
}

struct sockaddr_in inside_address(const char *address, uint16_t port)
{
	struct sockaddr_in built = { .sin_family = AF_INET, .sin_port = htons(port) };

	inet_pton(AF_INET, address, &built.sin_addr);
	return built;
}

static int bound(int netns, int type, const char *address, uint16_t port)
{
	struct sockaddr_in own = inside_address(address, port);
	wl_auto_fd int fd = inside_socket(netns, AF_INET, type, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0)
		return -1;
	return wl_steal_fd(&fd);
}

int inside_udp(int netns, const char *address, uint16_t port)
{
	return bound(netns, SOCK_DGRAM, address, port);
}

int inside_listener(int netns, const char *address, uint16_t port)
{
	wl_auto_fd int fd = bound(netns, SOCK_STREAM, address, port);

	return fd < 0 || listen(fd, 5) < 0 ? -1 : wl_steal_fd(&fd);
}

int inside_sniffer(int netns, const char *name)
{
	struct sockaddr_ll point = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	wl_auto_fd int fd = inside_socket(netns, AF_PACKET, SOCK_RAW, 0);
	struct ifreq request = { 0 };

	if (fd < 0)
		return -1;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name ? name : "");
	if (name && ioctl(fd, SIOCGIFINDEX, &request) < 0)
		return -1;
	point.sll_ifindex = name ? request.ifr_ifindex : 0;
	if (bind(fd, (struct sockaddr *)&point, sizeof(point)) < 0)
		return -1;
	return wl_steal_fd(&fd);
}

bool inside_send(int udp, const char *address, uint16_t port, const char *text)
{
	struct sockaddr_in to = inside_address(address, port);
	size_t len = strlen(text);

	return sendto(udp, text, len, 0, (struct sockaddr *)&to, sizeof(to)) == (ssize_t)len;
}

bool inside_takes(int udp, const char *text, struct sockaddr_in *from)
{
	struct sockaddr_in sender = { 0 };
	socklen_t sender_len = sizeof(sender);
	char got[2048];
	ssize_t len = recvfrom(udp, got, sizeof(got), 0, (struct sockaddr *)&sender, &sender_len);

	if (from)
		*from = sender;
	return len == (ssize_t)strlen(text) && memcmp(got, text, (size_t)len) == 0;
}

ssize_t inside_read(int netns, const char *path, char *text, size_t size)
{
	int home = go(netns);
	wl_auto_fd int fd = home < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got, len = 0;

	if (home >= 0)
		come_back(home);
	text[0] = '\0';
	if (fd < 0)
		return -1;
	while ((got = read(fd, text + len, size - 1 - (size_t)len)) > 0)
		len += got;
	text[len] = '\0';
	return len;
}

size_t inside_count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	while (folder && readdir(folder))
		count++;
	if (folder)
		closedir(folder);
	return count;
}

size_t inside_count_children(void)
{
	char path[64], byte;
	wl_auto_fd int fd = -1;
	size_t count = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && read(fd, &byte, 1) == 1)
		count += byte == ' ';
	return count;
}

struct topo *inside_stage(const struct wl_stage *stage)
{
	struct wl_err err = { "" };
	struct topo *topo = NULL;

	if (topo_up(&topo, stage, &err) < 0)
		fprintf(stderr, "topo_up: %s\n", err.text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(topo);
	return topo;
}

bool inside_passes(const struct topo *topo, size_t from, size_t to, const char *address)
{
	wl_auto_fd int sender = inside_socket(topo_host_netns(topo, from), AF_INET, SOCK_DGRAM, 0);
	wl_auto_fd int receiver = inside_udp(topo_host_netns(topo, to), "0.0.0.0", 7000);

	return inside_send(sender, address, 7000, "hello") && inside_takes(receiver, "hello", NULL);
}
