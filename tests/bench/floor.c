/* The work that no checker can be spared: a program that reads a corpus' work list (corpus/make.py)
 * and hashes and verifies what stands there, nothing else. No message is parsed, nothing
 * canonicalised, no DNS answer read, nothing written.
 *
 *	floor bare|library WORK CA
 *
 * bare: S/MIME is a hash of the content and of the attributes and one signature under a kept key.
 * library: S/MIME is CMS_verify() with its chain, message by message.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGEST_OCTETS  32u
#define KEY_OCTETS_MAX 1024u

typedef struct Octets {
	const unsigned char *data;
	uint32_t len;
} Octets;

/* With the verification that was set up at its first use. */
typedef struct Key {
	uint32_t kind;
	uint32_t len;
	unsigned char octets[KEY_OCTETS_MAX];
	EVP_PKEY *pkey;
	EVP_PKEY_CTX *ready;
} Key;

enum { KEY_RSA = 1, KEY_ED25519 = 2 };

typedef struct Floor {
	int fd;
	unsigned char *record; /* the work of one message, reused */
	size_t room;
	const unsigned char *at;
	Key *keys;
	uint32_t key_count;
	EVP_MD *sha256;
	EVP_MD_CTX *digest;
	EVP_MD_CTX *verify;
	X509_STORE *roots; /* NULL: the bare floor */
	uint64_t messages, bodies, signatures, signatures_right, cms, cms_right, octets;
} Floor;

static void need(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "floor: %s\n", what);
	exit(1);
}

static void read_whole(Floor *floor, void *into, size_t len)
{
	unsigned char *to = into;

	while (len > 0) {
		ssize_t got = read(floor->fd, to, len);

		need(got > 0, "the work list ends too early");
		to += got;
		len -= (size_t)got;
		floor->octets += (size_t)got;
	}
}

static uint32_t take_number(Floor *floor)
{
	uint32_t number;

	memcpy(&number, floor->at, sizeof number);
	floor->at += sizeof number;
	return number;
}

static Octets take_octets(Floor *floor)
{
	Octets octets = { .len = take_number(floor) };

	octets.data = floor->at;
	floor->at += octets.len;
	return octets;
}

static void read_keys(Floor *floor)
{
	char magic[8];

	read_whole(floor, magic, sizeof magic);
	need(memcmp(magic, "KBENCH1\n", sizeof magic) == 0, "this is no work list");
	read_whole(floor, &floor->key_count, sizeof floor->key_count);
	floor->keys = calloc(floor->key_count, sizeof *floor->keys);
	need(floor->keys != NULL, "no memory");
	for (uint32_t i = 0; i < floor->key_count; i++) {
		Key *key = &floor->keys[i];

		read_whole(floor, &key->kind, sizeof key->kind);
		read_whole(floor, &key->len, sizeof key->len);
		need(key->len <= KEY_OCTETS_MAX, "a key is too long");
		read_whole(floor, key->octets, key->len);
	}
}

/* From its numbers: a DER decoder takes twenty times as long. */
static EVP_PKEY *make_rsa(const Key *key)
{
	EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *modulus = BN_bin2bn(key->octets, (int)key->len, NULL);
	OSSL_PARAM *params;
	EVP_PKEY *pkey = NULL;

	OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
	OSSL_PARAM_BLD_push_ulong(builder, OSSL_PKEY_PARAM_RSA_E, RSA_F4);
	params = OSSL_PARAM_BLD_to_param(builder);
	need(EVP_PKEY_fromdata_init(maker) > 0 &&
			EVP_PKEY_fromdata(maker, &pkey, EVP_PKEY_PUBLIC_KEY, params) > 0,
		"an RSA key is none");
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(builder);
	BN_free(modulus);
	EVP_PKEY_CTX_free(maker);
	return pkey;
}

static void make_ready(const Floor *floor, Key *key)
{
	if (key->kind == KEY_ED25519) {
		key->pkey =
			EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->octets, key->len);
		need(key->pkey != NULL, "an Ed25519 key is none");
		return;
	}
	key->pkey = make_rsa(key);
	key->ready = EVP_PKEY_CTX_new(key->pkey, NULL);
	need(EVP_PKEY_verify_init(key->ready) > 0 &&
			EVP_PKEY_CTX_set_rsa_padding(key->ready, RSA_PKCS1_PADDING) > 0 &&
			EVP_PKEY_CTX_set_signature_md(key->ready, floor->sha256) > 0,
		"an RSA key cannot verify");
}

static void hash(const Floor *floor, Octets octets, unsigned char *ret_digest)
{
	EVP_DigestInit_ex2(floor->digest, floor->sha256, NULL);
	EVP_DigestUpdate(floor->digest, octets.data, octets.len);
	EVP_DigestFinal_ex(floor->digest, ret_digest, NULL);
}

static bool is_right(const Floor *floor, uint32_t number, Octets data, Octets signature)
{
	unsigned char digest[DIGEST_OCTETS];
	Key *key = &floor->keys[number];

	need(number < floor->key_count, "a key is not there");
	if (key->pkey == NULL)
		make_ready(floor, key);
	hash(floor, data, digest);
	if (key->kind == KEY_RSA)
		return EVP_PKEY_verify(key->ready, signature.data, signature.len, digest,
			       sizeof digest) == 1;
	EVP_MD_CTX_reset(floor->verify);
	return EVP_DigestVerifyInit(floor->verify, NULL, NULL, NULL, key->pkey) == 1 &&
	       EVP_DigestVerify(
		       floor->verify, signature.data, signature.len, digest, sizeof digest) == 1;
}

static bool is_cms_right_by_library(
	const Floor *floor, Octets cms, Octets content, bool is_detached)
{
	const unsigned char *at = cms.data;
	CMS_ContentInfo *info = d2i_CMS_ContentInfo(NULL, &at, (long)cms.len);
	BIO *in = is_detached ? BIO_new_mem_buf(content.data, (int)content.len) : NULL;
	bool is_right =
		info != NULL && CMS_verify(info, NULL, floor->roots, in, NULL, CMS_BINARY) == 1;

	BIO_free(in);
	CMS_ContentInfo_free(info);
	return is_right;
}

static void do_cms(Floor *floor)
{
	uint32_t key = take_number(floor);
	bool is_detached = take_number(floor) != 0;
	Octets content = take_octets(floor);
	Octets cms = take_octets(floor);
	Octets attributes = take_octets(floor);
	Octets signature = take_octets(floor);
	unsigned char digest[DIGEST_OCTETS];
	bool right;

	if (floor->roots != NULL) {
		right = is_cms_right_by_library(floor, cms, content, is_detached);
	} else {
		hash(floor, content, digest);
		right = memmem(attributes.data, attributes.len, digest, sizeof digest) != NULL;
		right = is_right(floor, key, attributes, signature) && right;
	}
	floor->cms++;
	floor->cms_right += right;
}

static void do_message(Floor *floor)
{
	uint32_t bodies = take_number(floor);
	uint32_t signatures = take_number(floor);
	uint32_t cms = take_number(floor);
	unsigned char digest[DIGEST_OCTETS];

	for (uint32_t i = 0; i < bodies; i++)
		hash(floor, take_octets(floor), digest);
	for (uint32_t i = 0; i < signatures; i++) {
		uint32_t key = take_number(floor);
		Octets data = take_octets(floor);
		Octets signature = take_octets(floor);

		floor->signatures_right += is_right(floor, key, data, signature);
	}
	for (uint32_t i = 0; i < cms; i++)
		do_cms(floor);
	floor->messages++;
	floor->bodies += bodies;
	floor->signatures += signatures;
}

/* Each length stands behind the message before, so that a message is one read. */
static void do_messages(Floor *floor)
{
	uint32_t len;

	read_whole(floor, &len, sizeof len);
	while (len > 0) {
		if (len + sizeof len > floor->room) {
			floor->room = 2 * (len + sizeof len);
			free(floor->record);
			floor->record = malloc(floor->room);
			need(floor->record != NULL, "no memory");
		}
		read_whole(floor, floor->record, len + sizeof len);
		floor->at = floor->record;
		do_message(floor);
		memcpy(&len, floor->record + len, sizeof len);
	}
}

static void prepare(Floor *floor, const char *kind, const char *ca)
{
	floor->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	floor->digest = EVP_MD_CTX_new();
	floor->verify = EVP_MD_CTX_new();
	if (strcmp(kind, "bare") == 0)
		return;
	need(strcmp(kind, "library") == 0, "the first word is bare or library");
	floor->roots = X509_STORE_new();
	need(X509_STORE_load_file(floor->roots, ca) == 1, "the roots cannot be read");
}

static void tidy(Floor *floor)
{
	for (uint32_t i = 0; i < floor->key_count; i++) {
		EVP_PKEY_CTX_free(floor->keys[i].ready);
		EVP_PKEY_free(floor->keys[i].pkey);
	}
	free(floor->keys);
	free(floor->record);
	X509_STORE_free(floor->roots);
	EVP_MD_CTX_free(floor->digest);
	EVP_MD_CTX_free(floor->verify);
	EVP_MD_free(floor->sha256);
	close(floor->fd);
}

int main(int argc, char **argv)
{
	Floor floor = { .fd = -1 };

	need(argc == 4, "usage: floor bare|library WORK CA");
	floor.fd = open(argv[2], O_RDONLY);
	need(floor.fd >= 0, "the work list cannot be read");
	prepare(&floor, argv[1], argv[3]);
	read_keys(&floor);
	do_messages(&floor);
	printf("{\"messages\":%" PRIu64 ",\"bodies\":%" PRIu64 ",\"signatures\":%" PRIu64
	       ",\"signatures_right\":%" PRIu64 ",\"cms\":%" PRIu64 ",\"cms_right\":%" PRIu64
	       ",\"octets\":%" PRIu64 "}\n",
		floor.messages, floor.bodies, floor.signatures, floor.signatures_right, floor.cms,
		floor.cms_right, floor.octets);
	tidy(&floor);
	return 0;
}
