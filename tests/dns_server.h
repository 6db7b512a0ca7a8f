/* A DNS server of the tests' own, on loopback, in a thread: how it behaves is the first label of
 * the name that it is asked. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef struct DnsServer DnsServer;

DnsServer *dns_server_new(void);
/* "127.0.0.1@PORT"; lives as long as the server. */
const char *dns_server_address(const DnsServer *server);
/* Packets that it got, over UDP and TCP. */
unsigned dns_server_packets(DnsServer *server);
/* Whether from now on it says nothing at all. */
void dns_server_set_silent(DnsServer *server, bool is_silent);
void dns_server_free(DnsServer *server);

/* A port of 127.0.0.1 on which nobody listens. */
uint16_t dns_server_closed_port(void);
