#!/bin/sh
# Makes certificates and signed mail for test-smime: make.sh DIRECTORY KEYS [NAME]
#
# KEYS is the folder of RFC 9216's keys, which save the time of making new ones. Everything is dated
# 2021, so that the clock, which is an input, can stand before, within and after. Files end in LF.
set -eu

dir=$1
keys=$2
cd "$dir"

cat > ca.cnf <<'END'
[req]
distinguished_name = dn
prompt = no
utf8 = yes
string_mask = utf8only
[dn]
CN = unused
[ca_common]
database = $ENV::CA/index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = anything
email_in_dn = yes
copy_extensions = none
certificate = $ENV::CA/crt
private_key = $ENV::CA/key
default_crl_days = 30
string_mask = utf8only
utf8 = yes
[anything]
organizationName = optional
commonName = optional
emailAddress = optional
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[inter]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[limited]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical, permitted;email:.elsewhere.example
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
subjectAltName = email:Alice@Example.COM
certificatePolicies = 2.23.140.1.5.3.3
[any-eku]
basicConstraints = CA:FALSE
extendedKeyUsage = anyExtendedKeyUsage
subjectAltName = email:alice@example.com
[no-eku]
basicConstraints = CA:FALSE
subjectAltName = email:alice@example.com
[wrong-eku]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = email:alice@example.com
[wrong-ku]
basicConstraints = CA:FALSE
keyUsage = critical, keyEncipherment
subjectAltName = email:alice@example.com
[critical]
basicConstraints = CA:FALSE
subjectAltName = email:alice@example.com
1.2.3.4 = critical, ASN1:NULL
[other-address]
basicConstraints = CA:FALSE
subjectAltName = email:bob@example.com, email:alice@example.org
[old-address]
basicConstraints = CA:FALSE
[both-addresses]
basicConstraints = CA:FALSE
subjectAltName = email:mallory@example.com
[utf8-address]
basicConstraints = CA:FALSE
subjectAltName = otherName:1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:ælice@example.com
[utf8-ascii]
basicConstraints = CA:FALSE
subjectAltName = otherName:1.3.6.1.5.5.7.8.9;UTF8:alice@example.com
END

export CA=.

# authority NAME KEY ISSUER SECTION [DIGEST]: a folder NAME with key, crt and index.
authority() {
	mkdir "$1"
	cp "$2" "$1/key"
	: > "$1/index"
	openssl req -new -config ca.cnf -key "$1/key" -utf8 -subj "/O=kantei/CN=$1" -out "$1/csr"
	if [ "$3" = self ]; then
		CA=$1 openssl ca -config ca.cnf -name ca_common -batch -notext -selfsign \
			-keyfile "$1/key" -in "$1/csr" -out "$1/crt" -extensions "$4" \
			-startdate 20150101000000Z -enddate 20350101000000Z
	else
		CA=$3 openssl ca -config ca.cnf -name ca_common -batch -notext -md "${5-sha256}" \
			-in "$1/csr" -out "$1/crt" -extensions "$4" \
			-startdate 20160101000000Z -enddate 20300101000000Z
	fi
}

# leaf NAME KEY ISSUER SECTION [SUBJECT]: NAME.crt and NAME.key, of 2021 and 2022.
leaf() {
	cp "$2" "$1.key"
	openssl req -new -config ca.cnf -key "$1.key" -utf8 -subj "${5-/O=kantei/CN=$1}" -out "$1.csr"
	CA=$3 openssl ca -config ca.cnf -name ca_common -batch -notext -in "$1.csr" -out "$1.crt" \
		-extensions "$4" -startdate 20210101000000Z -enddate 20230101000000Z
	cp "$3/crt" "$1.chain"
}

# head [FROM]: the fields of a message, all but those of MIME.
head_fields() {
	printf 'Received: from a.example by b.example; Fri, 3 Dec 2021 09:00:00 +0900\n'
	printf 'From: %s\n' "${1-Alice <alice@example.com>}"
	printf 'To: bob@example.com\nSubject: =?UTF-8?B?44GK55+l44KJ44Gb?=\n'
	printf 'Date: Fri, 3 Dec 2021 09:00:00 +0900\nMIME-Version: 1.0\n'
}

# multipart CONTENT DER: a multipart/signed of the two.
multipart() {
	printf 'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\n'
	printf '\tmicalg=sha-256; boundary="sig"\n\nThis is signed.\n\n--sig\n'
	cat "$1"
	printf '\n--sig\nContent-Type: application/pkcs7-signature; name="smime.p7s"\n'
	printf 'Content-Transfer-Encoding: base64\n\n'
	openssl base64 -in "$2"
	printf '\n--sig--\n'
}

# opaque DER [TYPE]
opaque() {
	printf 'Content-Type: %s; name="smime.p7m"\n' "${2-application/pkcs7-mime}"
	printf 'Content-Transfer-Encoding: base64\n\n'
	openssl base64 -in "$1"
}

# sign OUT CONTENT SIGNER [OPTION...]
sign() {
	out=$1
	content=$2
	who=$3
	shift 3
	openssl cms -sign -in "$content" -signer "$who.crt" -inkey "$who.key" \
		-certfile "$who.chain" -outform DER -out "$out" "$@"
}

# detached NAME SIGNER [OPTION...]: NAME.eml from Alice, over the usual content.
detached() {
	name=$1
	signer=$2
	shift 2
	sign "$name.p7s" content "$signer" "$@"
	{ head_fields; multipart content "$name.p7s"; } > "$name.eml"
}

alice="$keys/Alice_s_Signing_Private_Key_Material.key"
bob="$keys/Bob_s_Signing_Private_Key_Material.key"
openssl genrsa -out weak-rsa 1024
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec

authority root "$keys/RSA_Certification_Authority_Secret_Key.key" self root
authority stranger "$bob" self root
authority inter "$bob" root inter
authority limited "$bob" root limited
authority inter-sha1 "$bob" root inter sha1
cp root/crt root.pem

leaf alice "$alice" inter leaf
leaf ec ec inter leaf
leaf small weak-rsa inter leaf
leaf unknown "$alice" stranger leaf
leaf outside "$alice" limited leaf
leaf sha1-chain "$alice" inter-sha1 leaf
leaf revoked "$alice" inter leaf
leaf name "$alice" inter leaf '/O=株式会社鑑定/CN=a\nb\, c'
leaf old "$alice" inter old-address '/CN=old/emailAddress=ALICE@example.com'
leaf both "$alice" inter both-addresses '/CN=both/emailAddress=alice@example.com'
leaf none "$alice" inter old-address
for kind in any-eku no-eku wrong-eku wrong-ku critical other-address utf8-address utf8-ascii; do
	leaf $kind "$alice" inter $kind
done
authority own "$alice" self root
cp own/crt own.crt && cp own/key own.key && cp root/crt own.chain

CA=inter openssl ca -config ca.cnf -name ca_common -revoke revoked.crt
awk -F '\t' -v OFS='\t' '$1 == "R" { $3 = "210601000000Z" } { print }' inter/index > index.new
mv index.new inter/index
CA=inter openssl ca -config ca.cnf -name ca_common -gencrl -out inter.crl \
	-crl_lastupdate 20211201000000Z -crl_nextupdate 20211231000000Z

printf 'Content-Type: text/plain; charset=utf-8\n\nHello  \n\n\n-- \nAlice\n' > content
printf 'Content-Type: text/plain; hp="clear"\nFrom: %s\nSubject: s\n\nHello\n' \
	'Alice <alice@example.com>' > covered
printf 'Content-Type: text/plain; hp="clear"\nFrom: %s\nSubject: s\n\nHello\n' \
	'Boss <boss@example.com>' > differing

detached good alice
detached sha1 alice -md sha1
detached sha512 alice -md sha512
detached sha384 alice -md sha384
detached pss alice -keyopt rsa_padding_mode:pss
detached keyid alice -keyid
detached no-attributes alice -noattr
detached no-certificate alice -nocerts
for who in ec small unknown outside sha1-chain revoked name old both none any-eku no-eku \
	wrong-eku wrong-ku critical other-address own utf8-address utf8-ascii; do
	detached "is-$who" $who
done

sign opaque.p7m content alice -nodetach
{ head_fields; opaque opaque.p7m; } > opaque.eml
{ head_fields; opaque opaque.p7m application/x-pkcs7-mime; } > opaque-x.eml
{ head_fields; opaque opaque.p7m application/octet-stream; } > opaque-octets.eml
sign opaque-bare.p7m content alice -nodetach -noattr
{ head_fields; opaque opaque-bare.p7m; } > opaque-bare.eml
sign opaque-covered.p7m covered alice -nodetach
{ head_fields; opaque opaque-covered.p7m; } > opaque-covered.eml
{ head_fields; opaque good.p7s; } > opaque-missing.eml

# Signed attributes of the good one as content of an opaque one: as an attacker has them.
openssl asn1parse -inform DER -in good.p7s > good.asn1
offset=$(awk -F: '/cont \[ 0 \]/ { at = $1 } END { print at + 0 }' good.asn1)
openssl asn1parse -inform DER -in good.p7s -strparse "$offset" -noout -out attributes
{ printf '\061'; tail -c +2 attributes; } > attributes.set
sign as-content.p7m attributes.set alice -nodetach -noattr -binary
{ head_fields; opaque as-content.p7m; } > attributes-as-content.eml

{ head_fields; multipart content opaque.p7m; } > content-in-detached.eml
sed 's/^Hello/Hallo/' good.eml > tampered.eml
sed 's/^Hello  $/Hello/' good.eml > stripped.eml
size=$(wc -c < good.p7s)
cp good.p7s bad.p7s
printf '\252\125' | dd of=bad.p7s bs=1 seek=$((size - 2)) conv=notrunc 2> dd.log
{ head_fields; multipart content bad.p7s; } > bad-signature.eml
cp opaque.p7m opaque-tampered.p7m
at=$(LC_ALL=C grep -abo Hello opaque.p7m | head -n 1 | cut -d : -f 1)
printf J | dd of=opaque-tampered.p7m bs=1 seek="$at" conv=notrunc 2> dd.log
{ head_fields; opaque opaque-tampered.p7m; } > opaque-tampered.eml
{ head_fields; head -c 900 good.p7s > cut.p7s; multipart content cut.p7s; } > cut.eml
{ cat good.p7s; printf '\0\0junk'; } > trailing.p7s
{ head_fields; multipart content trailing.p7s; } > trailing.eml

leaf bob ec inter other-address
sign two.p7s content alice -signer bob.crt -inkey bob.key
{ head_fields; multipart content two.p7s; } > two.eml
openssl crl2pkcs7 -nocrl -certfile alice.crt -outform DER -out certs.p7c
{ head_fields; opaque certs.p7c; } > certs-only.eml
{ head_fields; multipart content certs.p7c; } > no-signer.eml
openssl cms -encrypt -aes128 -in content -outform DER -out env.p7m alice.crt
{ head_fields; opaque env.p7m; } > encrypted.eml
{ head_fields; multipart content env.p7m; } > enveloped-in-detached.eml

{ head_fields 'Alice <alice@example.com>, Boss <boss@example.com>'; multipart content good.p7s; } \
	> from-two.eml
{ head_fields; printf 'From: alice@example.com\n'; multipart content good.p7s; } > from-twice.eml
{ head_fields '"alice@example.com" <mallory@example.com>'; multipart content good.p7s; } \
	> from-other.eml
{ head_fields 'ALICE@EXAMPLE.COM'; multipart content good.p7s; } > from-case.eml
{ head_fields 'list@example.org'; printf 'Sender: alice@example.com\n'
	multipart content good.p7s; } > sender.eml
{ head_fields 'nobody'; multipart content good.p7s; } > from-none.eml
{ head_fields 'Ælice <ælice@example.com>'; multipart content is-utf8-address.p7s; } > from-utf8.eml

sign covered.p7s covered alice
{ head_fields; multipart covered covered.p7s; } > covered.eml
sign differing.p7s differing alice
{ head_fields; multipart differing differing.p7s; } > differing.eml

# list NAME: good.eml's body, wrapped as a mailing list wraps it to add a footer.
{
	head_fields
	printf 'Content-Type: multipart/mixed; boundary="list"\n\n--list\n'
	multipart content good.p7s
	printf '\n--list\nContent-Type: text/plain\n\n_____\nlist@example.org\n--list--\n'
} > list-footer.eml
{
	head_fields
	printf 'Content-Type: multipart/mixed; boundary="list"\n\n--list\nContent-Type: text/plain\n'
	printf '\nSee below.\n--list\nContent-Type: message/rfc822\n\n'
	cat good.eml
	printf '\n--list--\n'
} > forwarded.eml
{
	head_fields
	printf 'Content-Type: multipart/mixed; boundary="list"\n\n--list\nContent-Type: text/plain\n'
	printf '\nSee below.\n--list\n'
	opaque certs.p7c
	printf '\n--list--\n'
} > certs-attached.eml
sed 's/^--sig--$/--sig\
Content-Type: text\/plain\
\
footer\
--sig--/' good.eml > three-parts.eml
sed 's,application/pkcs7-signature,application/x-pkcs7-signature,' good.eml > x-type.eml
sed 's,application/pkcs7-signature,application/pgp-signature,' good.eml > openpgp.eml
{
	head_fields
	printf 'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";\n'
	printf '\tboundary=sig\n\n--sig\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--sig--\n'
} > openpgp-encrypted.eml
{ head_fields; cat content; } > plain.eml
