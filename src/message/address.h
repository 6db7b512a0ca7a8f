/* Addresses of a field (RFC 5322, 3.4 and 4.4), read by our own grammar: what a verdict rests on
 * must come from the addr-spec itself, never from decoded text. GMime's reading is the second
 * opinion. */
#pragma once

#include "base/finding.h"

typedef struct Address {
	char *display;   /* decoded for people, UTF-8; NULL if there is none */
	char *addr_spec; /* local@domain as written, without comments, UTF-8 */
	char *local;     /* quotes undone */
	char *domain;    /* as domain_name_new() makes it; NULL where it is no name */
	Slice raw;       /* the mailbox's octets in the message */
} Address;

typedef struct AddressList {
	GPtrArray *addresses; /* of Address */
	bool is_malformed;    /* the field breaks the grammar; addresses holds what was found all
			       * the same, every text that a client might take for an address */
} AddressList;

AddressList *address_list_new(void);
void address_list_free(AddressList *list); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AddressList, address_list_free)

/* Adds the addresses of one field's value, which must point into message. */
void address_list_add(AddressList *list, Slice value, Slice message, Findings *findings);
/* The same by our grammar alone, for fields on which no verdict rests: nothing is told. */
void address_list_add_quietly(AddressList *list, Slice value, Slice message);

static inline const Address *address_list_get(const AddressList *list, size_t index)
{
	return (const Address *)g_ptr_array_index(list->addresses, index);
}

/* "<local@domain>" or the bare form of Return-Path and MAIL FROM (RFC 5321, 4.1.2); "" for the
 * null reverse-path, source routes dropped. NULL where there is no path to be read; owned by the
 * caller. A path that begins with "(" is given as it stands: programs that take it for the start of
 * a comment read nothing there, others an address, so that nobody can say whose it is. */
char *address_path(Slice value, bool *ret_is_malformed);
