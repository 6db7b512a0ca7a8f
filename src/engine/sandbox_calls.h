/* The two parts of the sandbox that the kernel enforces call by call, for sandbox.c. */
#pragma once

#include <stdbool.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_SANITIZERS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_SANITIZERS 1
#endif
#endif

/* A sanitizer reads files when it reports, and reserves terabytes of addresses, which a limit would
 * count. */
#ifdef SANDBOX_SANITIZERS
#define SANDBOX_HAS_REPORTS true
#else
#define SANDBOX_HAS_REPORTS false
#endif

/* No file may be opened, no port reached. False where the kernel has no Landlock. */
bool sandbox_forbid_files(void);
/* Kills the process at other system calls than those that it needs. False where the kernel, or this
 * build, has no seccomp. */
bool sandbox_filter_calls(void);
