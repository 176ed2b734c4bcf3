/*
 * What a submitted program may not ask of the kernel. Namespaces, capabilities and a read-only root
 * do the confining; the filter takes away what lies beside them: memory that no limit counts
 * (memfd, System V IPC), new user namespaces and with them a wider kernel, other processes' memory,
 * odd address families that reach out of the network namespace (vsock), and typing on one's own
 * terminal.
 *
 * clone3(2) hides its flags behind a pointer that a filter cannot follow: it "does not exist", and
 * libc falls back to clone(2). An int argument is compared in its low 32 bits alone, as the kernel
 * reads it. The filter is compiled once per process; each user gets its own descriptor, because a
 * shared one would share its read offset.
 */
#include "harness/seccomp.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/text.h"

#define LOW_32_BITS 0xffffffffu

static const char *const refused[] = {
	/* memory that nothing counts */
	"memfd_create", "memfd_secret", "shmget", "msgget", "semget",
	/* namespaces and mounts */
	"unshare", "setns", "chroot", "pivot_root", "mount", "umount", "umount2", "mount_setattr",
	"open_tree", "open_tree_attr", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick",
	"open_by_handle_at", "name_to_handle_at",
	/* other processes */
	"ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "process_madvise",
	/* wide or rarely needed parts of the kernel */
	"bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
	"io_uring_register", "keyctl", "add_key", "request_key", "personality", "mbind",
	"move_pages", "migrate_pages", "kexec_load", "kexec_file_load", "init_module",
	"finit_module", "delete_module", "swapon", "swapoff", "reboot", "acct", "syslog",
	"quotactl",
};

static const int namespace_flags[] = {
	CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWPID, CLONE_NEWIPC, CLONE_NEWUTS,
	CLONE_NEWCGROUP,
};

static int refuse(scmp_filter_ctx filter, const char *name, int error)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR) /* libseccomp is older than the call */
		return 0;
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)error), number, 0);
}

static int refuse_namespaces(scmp_filter_ctx filter)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof(namespace_flags) / sizeof(*namespace_flags); i++) {
		scmp_datum_t flag = (scmp_datum_t)namespace_flags[i];

		failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
			SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
	}
	return failed;
}

static bool allowed_family(int family)
{
	return family == AF_UNIX || family == AF_INET || family == AF_INET6 || family == AF_NETLINK
		|| family == AF_PACKET;
}

static int refuse_families(scmp_filter_ctx filter)
{
	int failed = 0;

	for (int family = 0; family < AF_MAX + 8; family++) {
		if (allowed_family(family))
			continue;
		failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket),
			1, SCMP_A0(SCMP_CMP_MASKED_EQ, LOW_32_BITS, (scmp_datum_t)family));
	}
	return failed;
}

static int refuse_typing(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
		SCMP_A1(SCMP_CMP_MASKED_EQ, LOW_32_BITS, TIOCSTI));
}

static int add_rules(scmp_filter_ctx filter)
{
	int failed = refuse(filter, "clone3", ENOSYS);

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		failed |= refuse(filter, refused[i], EPERM);
	failed |= refuse_namespaces(filter);
	failed |= refuse_families(filter);
	failed |= refuse_typing(filter);
	return failed ? -1 : 0;
}

static int compile(int fd)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int failed;

	if (!filter)
		return -1;
	failed = add_rules(filter) < 0 || seccomp_export_bpf(filter, fd) < 0;
	seccomp_release(filter);
	return failed ? -1 : 0;
}

/* The compiled filter, kept for the life of the process; NULL when it cannot be made. */
static const void *instructions(size_t *len)
{
	static void *kept;
	static size_t kept_len;
	wl_auto_fd int fd = -1;
	struct stat size;

	*len = kept_len;
	if (kept)
		return kept;
	fd = memfd_create("filter", MFD_CLOEXEC);
	if (fd < 0 || compile(fd) < 0 || fstat(fd, &size) < 0 || size.st_size <= 0)
		return NULL;
	kept_len = (size_t)size.st_size;
	kept = malloc(kept_len);
	if (kept && pread(fd, kept, kept_len, 0) != (ssize_t)kept_len) {
		free(kept);
		kept = NULL;
	}
	*len = kept_len;
	return kept;
}

int seccomp_filter(struct wl_err *err)
{
	size_t len;
	const void *bytes = instructions(&len);
	wl_auto_fd int fd = -1;

	if (!bytes)
		return wl_err(err, _("cannot compile the system call filter (libseccomp)"));
	fd = memfd_create("filter", MFD_CLOEXEC);
	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) < 0)
		return wl_err_errno(err, _("cannot store the system call filter"));
	return wl_steal_fd(&fd);
}
