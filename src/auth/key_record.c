/* The text of a key record (RFC 6376, 3.6.1). */
#include "auth/base64.h"
#include "auth/pubkey.h"
#include "auth/tag_list.h"

/* A colon-separated list of names; absent holds none. */
static bool lists(Slice list, const char *name)
{
	while (list.len > 0)
		if (slice_is(slice_trim(slice_take_until(&list, ':')), name))
			return true;
	return false;
}

/* v= "MUST be the first tag in the record" if it is there. */
static bool is_version_right(const TagList *tags)
{
	Slice version = tag_list_get(tags, "v");
	Slice name;
	Slice value;

	tag_list_at(tags, 0, &name, &value);
	return version.data == NULL || (slice_is(name, "v") && slice_is(version, "DKIM1"));
}

/* k=, whose default is rsa; unknown types "MUST be ignored". */
static bool read_type(const TagList *tags, KeyAlgorithm *ret_algorithm)
{
	Slice type = tag_list_get(tags, "k");

	*ret_algorithm = slice_is(type, "ed25519") ? KEY_ED25519 : KEY_RSA;
	return type.data == NULL || slice_is(type, "rsa") || slice_is(type, "ed25519");
}

static void read_restrictions(KeyRecord *record, const TagList *tags)
{
	Slice hashes = tag_list_get(tags, "h");
	Slice services = tag_list_get(tags, "s");
	Slice flags = tag_list_get(tags, "t");

	record->allows_sha1 = hashes.data == NULL || lists(hashes, "sha1");
	record->allows_sha256 = hashes.data == NULL || lists(hashes, "sha256");
	record->is_for_email =
		services.data == NULL || lists(services, "*") || lists(services, "email");
	record->is_testing = lists(flags, "y");
	record->forbids_subdomain = lists(flags, "s");
}

static KeyProblem read_data(KeyRecord *record, const TagList *tags)
{
	Slice data = tag_list_get(tags, "p");
	g_autoptr(GBytes) octets = NULL;

	if (data.data == NULL)
		return KEY_NO_DATA;
	if (data.len == 0)
		return KEY_EMPTY;
	if (!read_type(tags, &record->algorithm))
		return KEY_WRONG_TYPE;
	octets = base64_decode(data);
	if (octets == NULL)
		return KEY_NOT_BASE64;
	record->key = pubkey_new(record->algorithm, slice_of_bytes(octets));
	return record->key != NULL ? KEY_OK : KEY_BROKEN;
}

KeyProblem key_record_parse(Slice text, KeyRecord **ret_record)
{
	g_autoptr(TagList) tags = NULL;
	g_autoptr(KeyRecord) record = g_new0(KeyRecord, 1);
	Slice where;
	KeyProblem problem;

	if (tag_list_parse(text, &tags, &where) != TAG_OK)
		return KEY_NO_LIST;
	if (!is_version_right(tags))
		return KEY_WRONG_VERSION;
	problem = read_data(record, tags);
	if (problem != KEY_OK)
		return problem;
	read_restrictions(record, tags);
	*ret_record = g_steal_pointer(&record);
	return KEY_OK;
}

void key_record_free(KeyRecord *record)
{
	if (record == NULL)
		return;
	pubkey_free(record->key);
	g_free(record);
}

KeyProblem key_record_fit(const KeyRecord *record, KeyAlgorithm algorithm, DigestKind digest)
{
	if (record->algorithm != algorithm)
		return KEY_OTHER_ALGORITHM;
	if (!(digest == DIGEST_SHA1 ? record->allows_sha1 : record->allows_sha256))
		return KEY_OTHER_HASH;
	if (!record->is_for_email)
		return KEY_OTHER_SERVICE;
	if (algorithm == KEY_RSA && pubkey_bits(record->key) < KEY_RSA_BITS_LEAST)
		return KEY_WEAK;
	return KEY_OK;
}
