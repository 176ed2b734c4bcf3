#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "netns/topo.h"

/*
 * Sockets and files of the test process inside the namespaces of a stage, and waiting for what
 * must come. A wait that ends without it is a failure, never a way to tell the time.
 */

/*
 * A socket that was opened in NETNS, -1 on failure. It waits at most 10 s for whatever it waits
 * for.
 */
int inside_socket(int netns, int domain, int type, int protocol);

/* A UDP socket in NETNS bound to ADDRESS:PORT; PORT 0: any. */
int inside_udp(int netns, const char *address, uint16_t port);

/* A TCP socket in NETNS that listens on ADDRESS:PORT. */
int inside_listener(int netns, const char *address, uint16_t port);

/* A packet socket in NETNS for all frames of interface NAME; NULL: of all interfaces. */
int inside_sniffer(int netns, const char *name);

/* Send TEXT to ADDRESS:PORT; true when the kernel took it all. */
bool inside_send(int udp, const char *address, uint16_t port, const char *text);

/* The next datagram is TEXT; *FROM (may be NULL) is who sent it. */
bool inside_takes(int udp, const char *text, struct sockaddr_in *from);

/*
 * All of a small file as NETNS shows it, into TEXT (NUL byte behind it). Returns its length or
 * -1.
 */
ssize_t inside_read(int netns, const char *path, char *text, size_t size);

struct sockaddr_in inside_address(const char *address, uint16_t port);

/* How many descriptors this process has open. */
size_t inside_count_descriptors(void);

/* How many children this process has, running or not waited for. */
size_t inside_count_children(void);

/*
 * STAGE, up; else a failed assertion that ends the test, with the reason on the terminal. End
 * with topo_down().
 */
struct topo *inside_stage(const struct wl_stage *stage);
#define topo_auto __attribute__((cleanup(topo_downp)))

/* A datagram of host FROM arrives at port 7000 of ADDRESS on host TO. */
bool inside_passes(const struct topo *topo, size_t from, size_t to, const char *address);
