/* A set of addresses, of which each counts once however many networks hold it. */
#pragma once

#include "base/inet_addr.h"

typedef struct AddressSpace AddressSpace;

AddressSpace *address_space_new(void);
void address_space_free(AddressSpace *space); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AddressSpace, address_space_free)

/* IPv6 goes by networks of 64 bits, the least that anybody is given: a narrower one counts as the
 * one that it lies in. */
#define ADDRESS_SPACE_BITS6 64u

void address_space_add(AddressSpace *space, const InetNet *net);
void address_space_add_everything(AddressSpace *space);
/* space becomes what is in either, or what is in space and not in other. */
void address_space_join(AddressSpace *space, const AddressSpace *other);
void address_space_remove(AddressSpace *space, const AddressSpace *other);

/* How many addresses of IPv4 are in it, and how many networks of 64 bits of IPv6, at most
 * INT64_MAX. */
uint64_t address_space_ip4(const AddressSpace *space);
uint64_t address_space_ip6(const AddressSpace *space);
