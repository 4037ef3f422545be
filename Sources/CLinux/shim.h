#ifndef SAMEPAGE_CLINUX_SHIM_H
#define SAMEPAGE_CLINUX_SHIM_H

/* Without _GNU_SOURCE: it would change types that Swift's own module of the C library has, too. */
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* GNU's. */
int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
void *memmem(const void *haystack, size_t haystack_length, const void *needle, size_t needle_length);

/* Variadic: does not import into Swift. */
static inline int samepage_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

/* Cores are bits; 1,024 are enough for glibc, too. The C library's functions for them are GNU's. */
enum { samepage_word_bits = 8 * sizeof(unsigned long), samepage_words = 1024 / samepage_word_bits };

/* A process of 0 is the caller. */
static inline int samepage_pin(pid_t process, unsigned core) {
    unsigned long mask[samepage_words] = {0};
    if (core >= samepage_words * samepage_word_bits) return -1;
    mask[core / samepage_word_bits] = 1ul << (core % samepage_word_bits);
    return (int)syscall(SYS_sched_setaffinity, process, sizeof mask, mask);
}

/* The cores that the caller may run on, as many as there is room for; the count, or -1. */
static inline int samepage_cores(unsigned *cores, int room) {
    unsigned long mask[samepage_words] = {0};
    int count = 0;
    if (syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) < 0) return -1;
    for (unsigned core = 0; core < samepage_words * samepage_word_bits && count < room; core++)
        if (mask[core / samepage_word_bits] >> (core % samepage_word_bits) & 1) cores[count++] = core;
    return count;
}

/* What these limit is of an enumeration type in some versions of the C library and of an integer type in others. */
static inline int samepage_descriptor_limit(struct rlimit *limit) { return getrlimit(RLIMIT_NOFILE, limit); }
static inline int samepage_set_descriptor_limit(const struct rlimit *limit) { return setrlimit(RLIMIT_NOFILE, limit); }
static inline int samepage_set_priority(int nice) { return setpriority(PRIO_PROCESS, 0, nice); }

#endif
