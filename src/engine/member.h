/* A worker as the engine has it: a process, the channel to it, what it is at. Where the process is
 * replaced the member stays. */
#pragma once

#include "engine/frame.h"
#include "engine/worker.h"

#include <sys/types.h>

typedef struct Item Item; /* engine/item.h */

typedef struct Member {
	pid_t pid; /* 0: there is no process */
	Channel *channel;
	GQueue sent;   /* of Item: frames that nothing was said to yet, in order */
	size_t octets; /* of the messages among them */
	Item *alone;   /* it is to have no other message than this; NULL */
	bool is_ready; /* it has begun */
	unsigned confinement;

	/* How long it has been at the first of sent. */
	const Item *watched;
	int64_t cpu_ms;   /* its processor time when last looked at */
	int64_t still_ms; /* for so long it has used none */
} Member;

/* How a process ended. */
typedef enum MemberEnd { MEMBER_CRASHED, MEMBER_OUT_OF_MEMORY } MemberEnd;

/* Starts a process, which serves by options; false and the error where the system refuses. */
bool member_start(Member *member, const WorkerOptions *options, GError **reterr_error);
/* Ends the process, if it has not ended; sent is forgotten. *ret_how, which may be NULL, gets words
 * for a person, owned by the caller. */
MemberEnd member_stop(Member *member, char **ret_how);
/* Nothing more will come: the process is to end by itself, and is not to be served any more. */
void member_dismiss(Member *member);
/* Waits for a process that was dismissed. False where it did not end as it should, or in time; then
 * *ret_how has words for a person, owned by the caller. */
bool member_await(Member *member, char **ret_how);
/* Processor time that the process has used; 0 where it cannot be told. */
int64_t member_cpu_ms(const Member *member);
