#ifndef SAMEPAGE_CLINUX_SHIM_H
#define SAMEPAGE_CLINUX_SHIM_H

/* CPU_SET and its relatives are GNU's. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Variadic: does not import into Swift. */
static inline int samepage_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

/* Macros, which do not import either. A process of 0 is the caller. */
static inline int samepage_pin(pid_t process, unsigned core) {
    unsigned long mask[16] = {0};
    if (core >= 8 * sizeof mask) return -1;
    mask[core / (8 * sizeof mask[0])] = 1ul << (core % (8 * sizeof mask[0]));
    return sched_setaffinity(process, sizeof mask, (const cpu_set_t *)mask);
}

/* The cores that the caller may run on, as many as there is room for; the count, or -1. */
static inline int samepage_cores(unsigned *cores, int room) {
    unsigned long mask[16] = {0};
    int count = 0;
    if (sched_getaffinity(0, sizeof mask, (cpu_set_t *)mask) != 0) return -1;
    for (unsigned core = 0; core < 8 * sizeof mask && count < room; core++)
        if (mask[core / (8 * sizeof mask[0])] >> (core % (8 * sizeof mask[0])) & 1) cores[count++] = core;
    return count;
}

/* RLIMIT_NOFILE is of an enumeration type here and of an integer type there. */
static inline int samepage_descriptor_limit(struct rlimit *limit) { return getrlimit(RLIMIT_NOFILE, limit); }
static inline int samepage_set_descriptor_limit(const struct rlimit *limit) { return setrlimit(RLIMIT_NOFILE, limit); }

/* GNU's, and not in Swift's module of the C library. */
int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);

#endif
