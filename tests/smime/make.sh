#!/bin/sh
# Makes certificates and signed mail for test-smime: make.sh DIRECTORY SCRIPTS CORPORA
#
# SCRIPTS is this script's folder; CORPORA that of the published objects, which are made messages,
# and of RFC 9216's keys, which save the time of making new ones. Everything else is dated 2021, so
# that the clock, which is an input, can stand before, within and after. Files end in LF.
set -eu

dir=$1
scripts=$2
corpora=$3
keys=$corpora/rfc9216/pem
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
subjectAltName = @utf8-names
[utf8-names]
otherName.0 = 1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:ælice@example.com
[ca-mail]
basicConstraints = critical, CA:TRUE
keyUsage = critical, digitalSignature, keyCertSign
subjectAltName = email:alice@example.com
[utf8-ascii]
basicConstraints = CA:FALSE
subjectAltName = otherName:1.3.6.1.5.5.7.8.9;UTF8:alice@example.com
END

export CA=.

# authority NAME KEY ISSUER SECTION [DIGEST]: a folder NAME with key, crt and index. $common_name
# is its name where that is another; $until its end where that is not far away.
authority() {
	mkdir "$1"
	cp "$2" "$1/key"
	: > "$1/index"
	openssl req -new -config ca.cnf -key "$1/key" -utf8 -subj "/O=kantei/CN=${common_name-$1}" \
		-out "$1/csr"
	if [ "$3" = self ]; then
		CA=$1 openssl ca -config ca.cnf -name ca_common -batch -notext -selfsign \
			-keyfile "$1/key" -in "$1/csr" -out "$1/crt" -extensions "$4" \
			-startdate 20150101000000Z -enddate 20350101000000Z
	else
		CA=$3 openssl ca -config ca.cnf -name ca_common -batch -notext -md "${5-sha256}" \
			-in "$1/csr" -out "$1/crt" -extensions "$4" \
			-startdate 20160101000000Z -enddate "${until-20300101000000Z}"
	fi
}

# leaf NAME KEY ISSUER SECTION [SUBJECT]: NAME.crt and NAME.key, of 2021 and 2022, or from $since
# to $until.
leaf() {
	cp "$2" "$1.key"
	openssl req -new -config ca.cnf -key "$1.key" -utf8 -subj "${5-/O=kantei/CN=$1}" -out "$1.csr"
	CA=$3 openssl ca -config ca.cnf -name ca_common -batch -notext -in "$1.csr" -out "$1.crt" \
		-extensions "$4" -startdate "${since-20210101000000Z}" \
		-enddate "${until-20230101000000Z}"
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
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out ec521
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-192 -out ec192
openssl genpkey -algorithm ED448 -out ed448

authority root "$keys/RSA_Certification_Authority_Secret_Key.key" self root
authority stranger "$bob" self root
authority inter "$bob" root inter
authority limited "$bob" root limited
authority inter-sha1 "$bob" root inter sha1
authority withdrawn "$bob" root inter
until=20211101000000Z
authority inter-over "$bob" root inter
unset until
common_name=root
authority impostor "$bob" self root
common_name=inter
authority forger "$alice" self root
unset common_name
cp root/crt root.pem

leaf alice "$alice" inter leaf
leaf ec ec inter leaf
leaf ec521 ec521 inter leaf
leaf ec192 ec192 inter leaf
leaf ed448 ed448 inter leaf
leaf small weak-rsa inter leaf
leaf unknown "$alice" stranger leaf
leaf outside "$alice" limited leaf
leaf sha1-chain "$alice" inter-sha1 leaf
leaf over-chain "$alice" inter-over leaf
leaf impostor "$alice" impostor leaf
leaf withdrawn "$alice" withdrawn leaf
for kind in revoked compromised held; do
	leaf $kind "$alice" inter leaf
done
until=20211202000000Z
leaf over "$alice" inter leaf
unset until
since=20211204000000Z
leaf future "$alice" inter leaf
unset since
leaf ca "$alice" inter ca-mail
leaf name "$alice" inter leaf '/O=株式会社鑑定/CN=a\nb\, c'
leaf old "$alice" inter old-address '/CN=old/emailAddress=ALICE@example.com'
leaf both "$alice" inter both-addresses '/CN=both/emailAddress=alice@example.com'
leaf none "$alice" inter old-address
for kind in any-eku no-eku wrong-eku wrong-ku critical other-address utf8-address utf8-ascii; do
	leaf $kind "$alice" inter $kind
done
authority own "$alice" self root
cp own/crt own.crt && cp own/key own.key && cp root/crt own.chain

# The certificates of RFC 9216, of 2019 to 2052.
openssl x509 -in "$keys/RSA_Certification_Authority_Root_Certificate.crt" > rfc9216.pem
openssl x509 -in "$keys/Ed25519_Certification_Authority_Root_Certificate.crt" > ed25519.pem
openssl x509 -in "$keys/Ed25519_Certification_Authority_Cross_Signed_Certificate.crt" \
	> ed25519-cross.pem
for person in Alice Carlos; do
	small=$(printf %s "$person" | tr AC ac)
	openssl x509 -in "$keys/${person}_s_Signature_Verification_End_Entity_Certificate.crt" \
		> "$small-9216.crt"
	cp "$keys/${person}_s_Signing_Private_Key_Material.key" "$small-9216.key"
	cp rfc9216.pem "$small-9216.chain"
done
openssl x509 -in "$keys/Alice_s_Encryption_End_Entity_Certificate.crt" > encryption.crt
cp "$keys/Alice_s_Decryption_Private_Key_Material.key" encryption.key
cp rfc9216.pem encryption.chain
mv carlos-9216.crt carlos.crt
mv carlos-9216.key carlos.key

# revoke AUTHORITY CERTIFICATE [OPTION...]
revoke() {
	by=$1
	which=$2
	shift 2
	CA=$by openssl ca -config ca.cnf -name ca_common -revoke "$which" "$@"
}

# crl AUTHORITY: AUTHORITY.crl, of December 2021; what it revokes is revoked from June on.
crl() {
	awk -F '\t' -v OFS='\t' '$1 == "R" { sub(/^[0-9]+Z/, "210601000000Z", $3) } { print }' \
		"$1/index" > index.new
	mv index.new "$1/index"
	CA=$1 openssl ca -config ca.cnf -name ca_common -gencrl -out "$1.crl" \
		-crl_lastupdate 20211201000000Z -crl_nextupdate 20211231000000Z
}

revoke inter revoked.crt
revoke inter compromised.crt -crl_compromise 20210301000000Z
revoke inter held.crt -crl_reason certificateHold
revoke root withdrawn/crt
cp inter/index forger/index
crl inter
crl root
crl withdrawn
revoke forger alice.crt
crl forger
cat root.pem inter.crl root.crl withdrawn.crl > crl.pem
cat root.pem forger.crl > crl-forged.pem

printf 'Content-Type: text/plain; charset=utf-8\n\nHello  \n\n\n-- \nAlice\n' > content
printf 'Content-Type: text/plain; hp="clear"\nFrom: %s\nSubject: s\n\nHello\n' \
	'Alice <alice@example.com>' > covered
printf 'Content-Type: text/plain; hp="clear"\nFrom: %s\nSubject: s\n\nHello\n' \
	'Boss <boss@example.com>' > differing

detached good alice
detached sha1 alice -md sha1
detached sha512 alice -md sha512
detached sha384 alice -md sha384
detached md5 alice -md md5
detached pss alice -keyopt rsa_padding_mode:pss
detached pss-sha512 alice -md sha512 -keyopt rsa_padding_mode:pss
detached pss-sha1 alice -md sha1 -keyopt rsa_padding_mode:pss
detached ec-sha1 ec -md sha1
detached ec-sha512 ec521 -md sha512
detached keyid alice -keyid
detached no-attributes alice -noattr
detached no-certificate alice -nocerts
for who in ec ec192 small unknown impostor outside sha1-chain over over-chain future revoked \
	compromised held withdrawn ca name old both none any-eku no-eku wrong-eku wrong-ku critical \
	other-address own utf8-address utf8-ascii; do
	detached "is-$who" $who
done
sign rfc9216.p7s content alice-9216
{ head_fields 'Alice <alice@smime.example>'; multipart content rfc9216.p7s; } > rfc9216.eml
sign encryption.p7s content encryption
{ head_fields 'Alice <alice@smime.example>'; multipart content encryption.p7s; } > is-encryption.eml
openssl cms -sign -in content -signer alice.crt -inkey alice.key -outform DER -out no-chain.p7s
{ head_fields; multipart content no-chain.p7s; } > no-chain.eml

sign opaque.p7m content alice -nodetach
{ head_fields; opaque opaque.p7m; } > opaque.eml
{ head_fields; opaque opaque.p7m application/x-pkcs7-mime; } > opaque-x.eml
{ head_fields; opaque opaque.p7m application/octet-stream; } > opaque-octets.eml
# opaque_of NAME SIGNER [OPTION...]: NAME.eml from Alice, with the usual content inside.
opaque_of() {
	name=$1
	signer=$2
	shift 2
	sign "$name.p7m" content "$signer" -nodetach "$@"
	{ head_fields; opaque "$name.p7m"; } > "$name.eml"
}

opaque_of opaque-sha1 alice -md sha1
opaque_of opaque-sha512 alice -md sha512
opaque_of opaque-pss alice -keyopt rsa_padding_mode:pss
opaque_of opaque-ec ec
opaque_of opaque-over over
opaque_of opaque-unknown unknown
opaque_of opaque-revoked revoked
opaque_of opaque-other other-address
opaque_of opaque-wrong-eku wrong-eku
opaque_of opaque-pss-bare alice -noattr -keyopt rsa_padding_mode:pss
opaque_of opaque-ec-bare ec -noattr
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
printf 'Content-Type: text/plain\n\nPay the invoice.\n' > bait
{ head_fields; multipart bait opaque.p7m; } > other-content-in-detached.eml
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
sign two-first-other.p7s content bob -signer alice.crt -inkey alice.key
{ head_fields; multipart content two-first-other.p7s; } > two-first-other.eml
sign two-others.p7s content bob -signer wrong-eku.crt -inkey wrong-eku.key
{ head_fields; multipart content two-others.p7s; } > two-others.eml
sign two-opaque.p7m content alice -signer bob.crt -inkey bob.key -nodetach
{ head_fields; opaque two-opaque.p7m; } > two-opaque.eml
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
{ head_fields 'Ælice <ælice@example.com>'; multipart content is-utf8-address.p7s; } > from-utf8.eml

sign covered.p7s covered alice
{ head_fields; multipart covered covered.p7s; } > covered.eml
sign differing.p7s differing alice
{ head_fields; multipart differing differing.p7s; } > differing.eml

# wrapped NAME BEFORE AFTER: what stands on standard input as a part of a multipart that nobody
# signed, after the part BEFORE and before the part AFTER, each of which may be empty.
wrapped() {
	{
		head_fields
		printf 'Content-Type: multipart/mixed; boundary="list"\n\n'
		[ -z "$2" ] || printf -- '--list\nContent-Type: text/plain\n\n%s\n' "$2"
		printf -- '--list\n'
		cat
		[ -z "$3" ] || printf -- '\n--list\nContent-Type: text/plain\n\n%s' "$3"
		printf '\n--list--\n'
	} > "$1.eml"
}

multipart content good.p7s | wrapped list-footer '' '_____
list@example.org'
multipart content good.p7s | wrapped wrapper '' ''
multipart bait bad.p7s | wrapped wrapper-bad '' ''
opaque opaque.p7m | wrapped wrapper-opaque '' ''
opaque opaque.p7m | wrapped opaque-attached 'Pay the invoice.' ''
multipart content good.p7s | wrapped nested-below 'Pay the invoice.' ''
opaque certs.p7c | wrapped certs-attached 'See below.' ''
{ printf 'Content-Type: message/rfc822\n\n'; cat good.eml; } | wrapped forwarded 'See below.' ''
sed 's/^--sig--$/&\
_____\
list@example.org/' good.eml > epilogue.eml
sed 's/^Alice$/&\
_____\
list@example.org/' good.eml > footer-in-part.eml
sed 's/^Subject: /Subject: [list] /' good.eml > subject-tag.eml

# Lines that an mbox quotes: as a store finds them, as it may have left them, and both.
printf 'Content-Type: text/plain\n\nHello,\nFrom here on it is new.\n' > from-line
printf 'Content-Type: text/plain\n\nHello,\n>From a quotation.\n' > quoted-line
printf 'Content-Type: text/plain\n\nHello,\nFrom here.\n>From there.\n' > from-lines
for lines in from-line quoted-line from-lines; do
	sign $lines.p7s $lines alice
	{ head_fields; multipart $lines $lines.p7s; } > $lines.eml
done
sign from-line-unknown.p7s from-line unknown
{ head_fields; multipart from-line from-line-unknown.p7s; } > from-line-unknown.eml

# A signature of Alice within one of nobody we know, and the other way round.
multipart content good.p7s | sed 's/sig\(["-]\)/inner\1/; s/^--sig$/--inner/' > inner-good
sign outer-unknown.p7s inner-good unknown
{ head_fields; multipart inner-good outer-unknown.p7s; } > signed-by-unknown.eml
multipart content is-unknown.p7s | sed 's/sig\(["-]\)/inner\1/; s/^--sig$/--inner/' > inner-unknown
sign outer-good.p7s inner-unknown alice
{ head_fields; multipart inner-unknown outer-good.p7s; } > signed-twice.eml

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

{ head_fields 'nobody'; multipart content good.p7s; } > from-none.eml
{ head_fields 'Friends: alice@example.com;'; multipart content good.p7s; } > from-group.eml
{ head_fields; printf 'Content-Type: application/pkcs7-mime\n\nnothing\n'; } > no-base64.eml
for python in /usr/bin/python3 python3; do
	"$python" -c 'import cryptography' 2> python.log && break
done
"$python" "$scripts/build.py"
for object in built/*; do
	name=$(basename "$object")
	case $name in
	ed25519*) address='Carlos <carlos@smime.example>' ;;
	*) address='Alice <alice@example.com>' ;;
	esac
	{
		head_fields "$address"
		case $name in
		*.p7m) opaque "$object" ;;
		*) multipart content "$object" ;;
		esac
	} > "${name%.p7?}.eml"
done
sed 's/^Hello/Hallo/' ed25519.eml > ed25519-tampered.eml

# published NAME FROM: the object on standard input as an opaque message.
published() {
	cat > published.der
	{ head_fields "$2"; opaque published.der; } > "$1.eml"
}

for number in 4.1 4.2 4.3 4.4 4.5 4.6 4.7 4.10 4.11 5.1 5.2 6.0 7.1 7.2; do
	case $number in
	4.2 | 4.5) address=AliceRSA@example.com ;;
	*) address=AliceDSS@example.com ;;
	esac
	published "rfc4134-$number" "$address" < "$corpora/rfc4134/$number.bin"
done
{ head_fields AliceDSS@example.com
	multipart "$corpora/rfc4134/ExContent.bin" "$corpora/rfc4134/4.3.bin"
} > rfc4134-4.3-detached.eml
for number in 4.8 4.9 5.3; do
	tr -d '\r' < "$corpora/rfc4134/$number.eml" > "rfc4134-$number.eml"
done
for name in CarlDSSSelf CarlRSASelf; do
	openssl x509 -inform DER -in "$corpora/rfc4134/$name.cer"
done > rfc4134.pem
for file in "$corpora"/openssl/80-test_cms_data/*.cms; do
	name=$(basename "$file" .cms)
	published "openssl-$name" steve@openssl.org < "$file"
done
for name in authenticated_attrs authenveloped_attrs bad_authenveloped_attrs pkcs7-md4; do
	sed '/^-----/d' "$corpora/openssl/80-test_cms_data/$name.pem" | openssl base64 -d |
		published "openssl-$name" steve@openssl.org
done
cp "$corpora/openssl/smime-certs/smroot.pem" openssl.pem
for file in "$corpora"/thunderbird/*.eml; do
	name=$(basename "$file")
	tr -d '\r' < "$file" > "thunderbird-$name"
done
cp "$corpora/thunderbird/TestCA.pem" thunderbird.pem
