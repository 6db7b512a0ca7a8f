/* Every limit on what input may make us do, each with its reason. Reaching one is a finding. */
#pragma once

/* Reading. A message is held whole while it is judged; 256 MiB is ten times what large providers
 * accept. What lies beyond is hashed, not analysed. */
#define LIMIT_MESSAGE ((size_t)256 * 1024 * 1024)
/* The largest header block among 7,909 real messages is 133 kB; GMime turns quadratic at 25 MB. */
#define LIMIT_HEADER ((size_t)1024 * 1024)
/* Real messages have up to 156 fields. */
#define LIMIT_FIELDS 2000u
/* GMime overflows its stack on 40,116 nested groups (80 kB); real address fields are far below. */
#define LIMIT_ADDRESS_FIELD ((size_t)32 * 1024)
/* GMime's decoder is quadratic on an unterminated encoded word: 11 kB take 5 ms, 1.1 MB 43 s. */
#define LIMIT_DECODED_FIELD ((size_t)32 * 1024)
/* Addresses read from one field; the largest real recipient lists have some hundreds. */
#define LIMIT_ADDRESSES 1000u
/* IANA's longest charset name has 45 octets; GMime puts the name on the stack. */
#define LIMIT_CHARSET ((size_t)64)
/* RFC 2046, 5.1.1 allows 70; GMime finds none beyond 4 kB. */
#define LIMIT_BOUNDARY ((size_t)256)
/* Cost of a scan is lines times depth. */
#define LIMIT_MIME_DEPTH 100u
#define LIMIT_MIME_PARTS 10000u
/* Attached messages that are read as messages (--attached), one in another: what is forwarded as an
 * attachment at every step gets five deep. A message within them stays part of what carries it. */
#define LIMIT_ATTACHED_DEPTH 10u
/* Of one stored message, at all depths: digests of lists hold some tens. */
#define LIMIT_ATTACHED 1000u
/* Octets of them all; one in another counts for both. The largest message, forwarded twice. */
#define LIMIT_ATTACHED_OCTETS ((uint64_t)2 * LIMIT_MESSAGE)
/* Received fields; RFC 5321, 6.3 wants loops stopped at 100. */
#define LIMIT_HOPS 100u
/* Authentication-Results, Received-SPF and ARC-Authentication-Results fields of a message, and
 * results in one of them: real ones hold under twenty. */
#define LIMIT_RECORDED         200u
#define LIMIT_RECORDED_RESULTS 100u

/* Archives. Octets that come out for each octet of the archive: gzip reaches 1,032 and xz 7,000 on
 * nothing but zeros; mailboxes with the same attachment in every message stay below 100. */
#define LIMIT_ARCHIVE_RATIO UINT64_C(500)
/* What comes out of one member, and of all of an archive, before that counts: a message of
 * LIMIT_MESSAGE that is all one letter is no bomb, and some of them are none either. */
#define LIMIT_ARCHIVE_FREE       ((uint64_t)LIMIT_MESSAGE)
#define LIMIT_ARCHIVE_FREE_TOTAL ((uint64_t)16 * LIMIT_MESSAGE)
/* Octets that come out of one archive at all: the mail of an organisation in one file has less. */
#define LIMIT_ARCHIVE_OCTETS ((uint64_t)4 * 1024 * 1024 * 1024 * 1024)
/* Archives one in another. A mailbox in gzip in tar in gzip in zip is three deep. */
#define LIMIT_ARCHIVE_DEPTH 8u
/* Octets of a member's name with those of the archives it lies in; Linux has no longer paths. */
#define LIMIT_ARCHIVE_NAME ((size_t)4096)
/* Names that are remembered, to say which come again, at 20 to 40 octets each. Of what lies behind
 * them none is said to. */
#define LIMIT_ARCHIVE_NAMES 10000000u
/* Entries in a row that cannot be read, after which an archive is given up. */
#define LIMIT_ARCHIVE_FAILURES 100u
/* Address space of the process that unpacks: xz -9 takes 65 MiB and zstd --ultra 128 MiB, at each
 * depth. */
#define LIMIT_ARCHIVE_MEMORY ((uint64_t)2 * 1024 * 1024 * 1024)

/* Signatures. Thirty signatures are legal (RFC 6376, 4); each costs a hash and a key operation. */
#define LIMIT_SIGNATURES 32u
/* RFC 8617, 4.2.1: at most 50 sets. */
#define LIMIT_ARC_SETS 50u
/* Names in an h= tag; a signer names each field at most a few times. */
#define LIMIT_SIGNED_NAMES 500u
/* A public operation grows with the square of the modulus. RFC 8301, 3.2 asks for 1,024 to 4,096.
 */
#define LIMIT_RSA_BITS 8192
/* A CMS object; real ones with their chains stay under 30 kB, opaque ones carry the message. */
#define LIMIT_CMS_CERTIFICATES 100
#define LIMIT_SIGNER_INFOS     16

/* DNS. A TXT rdata has at most 65,535 octets. */
#define LIMIT_TXT ((size_t)64 * 1024)
/* Resolvers follow 8 to 16. */
#define LIMIT_CNAME_CHAIN 8u
/* RFC 7208, 4.6.4. */
#define LIMIT_SPF_LOOKUPS      10u
#define LIMIT_SPF_VOID_LOOKUPS 2u
#define LIMIT_SPF_NAMES        10u /* MX and PTR */
/* Terms of one SPF record; a record of 64 kB cannot hold more that mean something. */
#define LIMIT_SPF_TERMS 1024u
/* RFC 9989, 4.10: a tree walk asks at most 8 names. */
#define LIMIT_TREE_WALK 8u
/* Author domains of one message that are each evaluated (RFC 9989, 4.1 lets us bound them). */
#define LIMIT_AUTHOR_DOMAINS 8u
/* Evaluations of a message until nothing is lacking: 10 look-ups deep, twice, and the tree walks.
 */
#define LIMIT_ROUNDS 40u
/* Terms that ask the DNS after which a survey stops to go through a record: one that is so far over
 * the ten is wrong, how far is of no account. */
#define LIMIT_SURVEY_LOOKUPS 50u
/* Selectors of one sender: a list of senders names the few that are known. */
#define LIMIT_SURVEY_SELECTORS 32u
/* Plausible hops for which SPF is evaluated besides the chosen one. */
#define LIMIT_SPF_HOPS 8u

/* The search of what changed, when a message is explained. It is counted and not timed, so that its
 * result is the same on every machine; together the two counts are meant to stay below 2 s.
 * Texts compared with what was signed: twelve microseconds each for a letter. */
#define LIMIT_CHANGE_TRIES 2000u
/* Octets gone through, made or hashed for one signature: bodies of the worst kind (nothing but line
 * ends) go at 145 MB/s, letters at 500. A letter of 20 kB needs some megabytes; of 5 MB, every kind
 * of change is tried alone. */
#define LIMIT_CHANGE_OCTETS ((uint64_t)256 * 1024 * 1024)
/* Signatures of one message for which it is made: a message has one or two that fail. */
#define LIMIT_CHANGE_SIGNATURES 4u
/* Parts of text that are changed: plain and HTML text, and what a list puts around them. */
#define LIMIT_CHANGE_PARTS 8u
/* Lines of a footer: legal notices of companies have some forty. */
#define LIMIT_CHANGE_FOOTER_LINES 100u
/* Lines of a banner ("this came from outside"): under ten. */
#define LIMIT_CHANGE_BANNER_LINES 24u
/* Places at which octets differ that are told one by one. */
#define LIMIT_CHANGE_PLACES 16u
/* What is imported into evidence: a zone file or the output of other tools. It is held in memory,
 * and so is what it becomes; larger ones come in parts. A line of passive DNS holds a record of at
 * most 64 kB, each octet escaped in up to ten. */
#define LIMIT_IMPORT      ((size_t)1024 * 1024 * 1024)
#define LIMIT_IMPORT_LINE ((size_t)1024 * 1024)

/* Saved results. A record repeats texts of the header block, each octet escaped in up to six. */
#define LIMIT_RECORD_LINE ((size_t)64 * 1024 * 1024)
/* Records are seven deep; the largest list the fields of 32 signatures and what was found. A value
 * costs some hundred octets of memory. */
#define LIMIT_RECORD_DEPTH  32u
#define LIMIT_RECORD_VALUES 500000u

/* What a worker keeps of the messages before: the keys and certificates of some hundred senders,
 * and which of their hosts match which terms of SPF. A decoded certificate takes about ten times
 * its octets, a term's match 150. */
#define LIMIT_MEMO_ENTRIES 8000u
#define LIMIT_MEMO_OCTETS  ((size_t)1024 * 1024)

/* Workers. Nothing real takes a tenth of a second; a build for tests has a smaller limit. */
#ifndef LIMIT_MESSAGE_MS
#define LIMIT_MESSAGE_MS INT64_C(10000) /* processor time of a message */
#endif
/* The same where it is explained: the search of what changed (above) may take most of the former.
 */
#ifndef LIMIT_EXPLAIN_MS
#define LIMIT_EXPLAIN_MS INT64_C(60000)
#endif
/* A worker that stands still for so long with a message waits for what will not come. */
#ifndef LIMIT_STILL_MS
#define LIMIT_STILL_MS INT64_C(60000)
#endif
/* Address space that a worker may take besides what there was when it began: a message of
 * LIMIT_MESSAGE, its two un-quoted forms, its canonical and its decoded text, twice that for what
 * the parts are known by. */
#define LIMIT_WORKER_MEMORY ((uint64_t)4 * 1024 * 1024 * 1024)
/* A resolver that is started again is back within seconds, a line within a minute. */
#ifndef LIMIT_OUTAGE_MS
#define LIMIT_OUTAGE_MS 120000u
#endif
