/* IP addresses and networks, as values. */
#pragma once

#include "base/slice.h"

#include <stdint.h>

/* family is 4, 6, or 0 for "none". octets holds 4 or 16 of them, the rest are zero. */
typedef struct InetAddr {
	int family;
	unsigned char octets[16];
} InetAddr;

typedef struct InetNet {
	InetAddr addr;
	unsigned prefix;
} InetNet;

#define INET_ADDR_TEXT 46 /* room for any address and a NUL */

/* An address in its usual text form, also with "IPv6:" before it (RFC 5321, 4.1.3) or in square
 * brackets, and a zone index behind it (dropped). An IPv4-mapped one becomes IPv4 (RFC 7208, 5). */
bool inet_addr_parse(Slice text, InetAddr *ret_addr);
InetAddr inet_addr_from_octets(int family, const unsigned char *octets);
/* Into a buffer of the caller's; returns it. "" for none. IPv6 as RFC 5952 has it. */
const char *inet_addr_text(const InetAddr *addr, char buffer[INET_ADDR_TEXT]);
bool inet_addr_equal(const InetAddr *a, const InetAddr *b);
/* Not routed on the Internet: RFC 1918, loopback, link-local, RFC 6598, ULA, unspecified. */
bool inet_addr_is_private(const InetAddr *addr);
/* 127.0.0.0/8 (RFC 1122, 3.2.1.3) and ::1 (RFC 4291, 2.5.3). */
bool inet_addr_is_loopback(const InetAddr *addr);
/* The first bits bits are the same, and so is the family. */
bool inet_addr_same_bits(const InetAddr *a, const InetAddr *b, unsigned bits);
/* The name to ask for PTR: 4.3.2.1.in-addr.arpa; owned by the caller. */
char *inet_addr_reverse_name(const InetAddr *addr);

/* "192.0.2.0/24", or an address alone for all its bits. */
bool inet_net_parse(Slice text, InetNet *ret_net);
bool inet_net_contains(const InetNet *net, const InetAddr *addr);
