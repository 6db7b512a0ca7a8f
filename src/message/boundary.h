/* The envelope from captured headers: the line that our outermost host wrote, the rule that found
 * it, and who is believed for what (DESIGN.md, 5). */
#pragma once

#include "base/finding.h"
#include "base/inet_addr.h"

typedef struct BorderNet {
	InetNet net;
	bool is_outside; /* "!NET": not ours, though a net that comes later may hold it */
} BorderNet;

typedef struct BoundaryOptions {
	GPtrArray *border_hosts; /* of char *: our own MX hosts, domain names in normal form */
	GArray *border_nets;     /* of BorderNet; the first that holds an address counts */
	GPtrArray *authserv_ids; /* of char *, lower case */
	InetAddr client_ip;      /* family 0: not given */
	char *helo;              /* NULL: not given */
	char *mail_from;         /* NULL: not given; "" the null reverse-path */
} BoundaryOptions;

BoundaryOptions *boundary_options_new(void);
void boundary_options_free(BoundaryOptions *options); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BoundaryOptions, boundary_options_free)

typedef enum BoundaryRule {
	BOUNDARY_NONE,            /* no line to be believed */
	BOUNDARY_OPTION,          /* --client-ip */
	BOUNDARY_BORDER,          /* --border */
	BOUNDARY_TRUSTED_RESULTS, /* directly below the results that our organisation recorded */
	BOUNDARY_INFERRED,
} BoundaryRule;

typedef enum MailFromRule {
	MAIL_FROM_NONE,
	MAIL_FROM_OPTION,
	MAIL_FROM_RETURN_PATH,
	MAIL_FROM_RECORDED,  /* a trusted Received-SPF or Authentication-Results */
	MAIL_FROM_MBOX_LINE, /* weak */
} MailFromRule;

#define NO_HOP   ((size_t)-1)
#define NO_FIELD ((size_t)-1)

/* What a Received line says is proven only as far down as each client above it is a host of ours:
 * one of --border, one without a public address, one of Exchange Online's own network. By inference
 * a line is passed over for less: a name or a network near that of "by", or an authenticated
 * submission. Customers of a provider and tenants of a cloud have those, too, and would then write
 * all that stands below. So the topmost client that was passed over for less is the doubt: it may
 * have been the outside itself. */
typedef struct Envelope {
	InetAddr client_ip; /* family 0: not known */
	char *helo;         /* NULL: not known. A claim of the client's */
	char *mail_from;    /* without angle brackets; "" null reverse-path; NULL: not known */
	BoundaryRule rule;
	size_t hop;       /* index into the hops of the boundary line; NO_HOP */
	size_t believed;  /* the lowest line that is surely ours; NO_HOP where there is none */
	bool is_in_doubt; /* the client in the line believed was passed over for less than proof */
	bool is_below_submission; /* such a client had authenticated itself */
	MailFromRule mail_from_rule;
	size_t mail_from_field; /* NO_FIELD where no field gave it */
	/* Other hops whose client might have been the outside, topmost first; at most
	 * LIMIT_SPF_HOPS indices into the hops. Those above hop are in doubt. */
	size_t plausible[8];
	size_t plausible_count;
} Envelope;

void envelope_clear(Envelope *envelope);

const char *boundary_rule_word(BoundaryRule rule);
const char *mail_from_rule_word(MailFromRule rule);
