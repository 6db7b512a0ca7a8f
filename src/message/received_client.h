/* The client as a Received field's from clause tells it, in the forms of many hosts. */
#pragma once

#include "base/inet_addr.h"

/* Texts point into the field and are absent where it does not say. */
typedef struct ReceivedClient {
	Slice helo;
	Slice rdns;
	bool rdns_verified;
	InetAddr ip;    /* family 0: none */
	size_t told_at; /* index behind the token that gave the address: what stands before it may
			 * be the client's own words */
} ReceivedClient;

/* How the writer is known by the rest of the field: it decides what a lone name means. */
typedef struct ReceivedWriter {
	bool is_exim;      /* names a host by its looked-up name, the HELO only if it differs */
	bool is_microsoft; /* "name (192.0.2.1)" holds the HELO */
	bool is_smtpd;     /* "name(192.0.2.1) via SMTP": the looked-up name, no HELO */
	bool has_no_helo;  /* no HELO in HTTP and other protocols than SMTP */
} ReceivedWriter;

/* tokens: an array of ReceivedToken, those of the from clause being [first, end). */
ReceivedClient received_client(
	const GArray *tokens, size_t first, size_t end, const ReceivedWriter *writer);

/* "192.0.2.1", "[192.0.2.1]", "[192.0.2.1]:25", "[IPv6:2001:db8::1]", "192.0.2.1:25",
 * "192.0.2.1.25"; *ret_has_port tells the last two. */
bool received_endpoint(Slice text, InetAddr *ret_ip, bool *ret_has_port);

/* TCP-info (RFC 5321, 4.4) in a comment's text: "name [192.0.2.1] …" or "[192.0.2.1] …". */
bool received_tcp_info(Slice comment, InetAddr *ret_ip, Slice *ret_name);
