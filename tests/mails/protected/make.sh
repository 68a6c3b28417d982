#!/usr/bin/env bash
# Makes the mails of this folder anew with real programs: openssl (smime, cms) and gpg. Debian has both.
# Ann's certificate is of the authority "Velo Test CA"; the mailbox is support@velo.example. All keys are for tests only.
set -euo pipefail
cd "$(dirname "$0")"
rm -f ./*.pem ./*.p12 ./*.asc ./*.eml
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
days=36500

head() { printf 'From: Ann Peeters <%s>\nTo: support@velo.example\nSubject: %s\nDate: Sun, 22 Nov 2026 10:00:00 +0000\nMessage-ID: <%s@customers.example>\n' "${3:-ann@customers.example}" "$1" "$2"; }

# --- S/MIME
authority() { openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tmp/$1.key" -out "$1.pem" -subj "/O=Velo/CN=$2" -days $days \
  -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null; }
# name, subject, address, authority ("" signs itself), key, days
certificate() {
  openssl req -new -newkey "$5" ${7:+-pkeyopt "$7"} -nodes -keyout "$tmp/$1.key" -out "$tmp/$1.csr" -subj "/CN=$2" 2>/dev/null
  printf 'subjectAltName=email:%s\nextendedKeyUsage=emailProtection\nkeyUsage=digitalSignature,keyEncipherment,keyAgreement\nsubjectKeyIdentifier=hash\n' "$3" > "$tmp/ext"
  if [ -n "$4" ]; then openssl x509 -req -in "$tmp/$1.csr" -CA "$4.pem" -CAkey "$tmp/$4.key" -CAcreateserial -CAserial "$tmp/serial" -days "$6" -extfile "$tmp/ext" -out "$1.pem" 2>/dev/null
  else openssl x509 -req -in "$tmp/$1.csr" -signkey "$tmp/$1.key" -days "$6" -extfile "$tmp/ext" -out "$1.pem" 2>/dev/null; fi
}
authority authority "Velo Test CA"
authority stranger "Unheard-of CA"
certificate ann "Ann Peeters" ann@customers.example authority rsa:2048 $days
certificate ann-ec "Ann Peeters" ann@customers.example authority ec $days ec_paramgen_curve:P-256
certificate mallory "Mallory" mallory@elsewhere.example authority rsa:2048 $days
certificate strange "Ann Peeters" ann@customers.example stranger rsa:2048 $days
certificate self "Ann Peeters" ann@customers.example "" rsa:2048 $days
certificate vouched "Ann Peeters" ann@customers.example authority rsa:2048 $days
certificate support "Velo Support" support@velo.example authority rsa:2048 $days
certificate support-ec "Velo Support" support@velo.example authority ec $days ec_paramgen_curve:P-256
# Only "openssl ca" takes dates in the past.
printf '[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=%s\ndatabase=%s/index\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=email:ann@customers.example\nextendedKeyUsage=emailProtection\n' "$tmp" "$tmp" > "$tmp/ca.cnf"
touch "$tmp/index"
openssl ca -batch -notext -config "$tmp/ca.cnf" -in "$tmp/ann.csr" -cert authority.pem -keyfile "$tmp/authority.key" \
  -startdate 20200101000000Z -enddate 20210101000000Z -extensions e -out expired.pem 2>/dev/null
cp "$tmp/ann.key" "$tmp/expired.key"
openssl pkcs12 -export -in support.pem -inkey "$tmp/support.key" -certfile authority.pem -passout pass:velo -out support.p12
openssl pkcs12 -export -in support-ec.pem -inkey "$tmp/support-ec.key" -passout pass:velo -out support-ec.p12

printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nThe brakes are worn. Grüße, Ann\n' > "$tmp/body"
sign() { # file, signer, options
  local name=$1 signer=$2; shift 2
  { head "$name" "$name"; openssl cms -sign -in "$tmp/body" -signer "$signer.pem" -inkey "$tmp/$signer.key" "$@" | tr -d '\r'; } > "$name.eml"; }
sign smime_signed ann -md sha256
sign smime_signed_pss ann -md sha256 -keyopt rsa_padding_mode:pss
sign smime_signed_ec ann-ec -md sha384
sign smime_opaque ann -md sha256 -nodetach
sign smime_opaque_streamed ann -md sha256 -nodetach -stream
sign smime_sha1 ann -md sha1
sign smime_expired expired -md sha256
sign smime_self_signed self -md sha256
sign smime_unknown_authority strange -md sha256
sign smime_other_address mallory -md sha256
sed 's/worn/fine/' smime_signed.eml > smime_changed.eml
encrypt() { # file, input, options
  local name=$1 input=$2; shift 2
  { head "$name" "$name"; openssl cms -encrypt -in "$input" "$@" | tr -d '\r'; } > "$name.eml"; }
encrypt smime_3des "$tmp/body" -des3 support.pem
encrypt smime_aes "$tmp/body" -aes256 -stream support.pem
encrypt smime_gcm "$tmp/body" -aes-256-gcm support.pem
encrypt smime_oaep "$tmp/body" -aes128 -recip support.pem -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256
encrypt smime_ec "$tmp/body" -aes256 -recip support-ec.pem
encrypt smime_for_another "$tmp/body" -aes256 ann.pem
openssl cms -sign -in "$tmp/body" -signer ann.pem -inkey "$tmp/ann.key" -md sha256 > "$tmp/signed"
encrypt smime_signed_then_encrypted "$tmp/signed" -aes256 support.pem
rm -f ann-ec.pem mallory.pem strange.pem vouched.pem expired.pem support-ec.pem stranger.pem ann.pem

# --- OpenPGP
export GNUPGHOME=$tmp/gnupg; mkdir -m 700 "$GNUPGHOME"
pgp() { gpg --batch --quiet --yes --pinentry-mode loopback --trust-model always "$@" 2>/dev/null; }
pgp --passphrase '' --quick-gen-key 'Ann Peeters <ann@customers.example>' default default never
pgp --passphrase '' --quick-gen-key 'Mallory <mallory@elsewhere.example>' rsa2048 sign never
pgp --passphrase velo --quick-gen-key 'Velo Support <support@velo.example>' default default never
pgp --faked-system-time 20200101T000000 --passphrase '' --quick-gen-key 'Ann Peeters <old@customers.example>' default default 30d
pgp --armor --export ann@customers.example > ann.asc
pgp --armor --export mallory@elsewhere.example > mallory.asc
pgp --armor --export old@customers.example > old.asc
pgp --armor --passphrase velo --export-secret-keys support@velo.example > support.asc

sed 's/$/\r/' "$tmp/body" > "$tmp/body.crlf"
# gpg is asked for CRLF because that is what is signed (RFC 3156 section 5).
pgp_signed() { # name, key, address, options
  local name=$1 key=$2 address=$3; shift 3
  pgp "$@" -u "$key" --armor --detach-sign --output "$tmp/sig" "$tmp/body.crlf"
  { head "$name" "$name" "$address"
    printf 'MIME-Version: 1.0\nContent-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature"; boundary="b1"\n\nThis is a signed mail.\n--b1\n'
    cat "$tmp/body"; printf '\n--b1\nContent-Type: application/pgp-signature; name="signature.asc"\nContent-Description: OpenPGP digital signature\n\n'
    cat "$tmp/sig"; printf '\n--b1--\n'; } > "$name.eml"; }
pgp_signed pgp_signed ann@customers.example ann@customers.example
pgp_signed pgp_other_address mallory@elsewhere.example ann@customers.example
pgp_signed pgp_expired old@customers.example old@customers.example --faked-system-time 20200110T000000
sed 's/worn/fine/' pgp_signed.eml > pgp_changed.eml
{ head pgp_inline pgp_inline; printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
  printf 'The brakes are worn.\n- the front one\nFrom Ann, Grüße\n' | pgp -u ann@customers.example --clear-sign; } > pgp_inline.eml
{ sed '/BEGIN PGP SIGNED/,$d' pgp_inline.eml; printf 'Please pay to another account.\n\n'; sed -n '/BEGIN PGP SIGNED/,$p' pgp_inline.eml; } |
  sed 's/pgp_inline/pgp_inline_partly/' > pgp_inline_partly.eml
encrypted() { # name, extra
  { head "${3:-...}" "$1"
    printf 'MIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b2"\n\n--b2\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b2\nContent-Type: application/octet-stream; name="encrypted.asc"\n\n'
    cat "$2"; printf '\n--b2--\n'; } > "$1.eml"; }
{ printf 'Subject: About my brakes\r\n'; cat "$tmp/body.crlf"; } > "$tmp/inner"
pgp -u ann@customers.example --armor --compress-algo none --sign --encrypt -r support@velo.example --output "$tmp/enc" "$tmp/inner"; encrypted pgp_encrypted "$tmp/enc"
pgp -u ann@customers.example --armor --sign --encrypt -r support@velo.example --output "$tmp/enc1" "$tmp/inner"; encrypted pgp_encrypted_packed "$tmp/enc1"
pgp --armor --encrypt -r ann@customers.example --output "$tmp/enc2" "$tmp/inner"; encrypted pgp_for_another "$tmp/enc2"
pgp --armor --encrypt -r support@velo.example --output "$tmp/enc3" "$tmp/inner"; encrypted pgp_encrypted_unsigned "$tmp/enc3"
{ head pgp_inline_encrypted pgp_inline_encrypted; printf 'Content-Type: text/plain; charset=us-ascii\n\n'
  printf 'The brakes are worn. Grüße\n' | pgp --armor --encrypt -r support@velo.example; } > pgp_inline_encrypted.eml
# Newer keys, as gpg makes them by itself since 2.3.
pgp --passphrase '' --quick-gen-key 'Ann Peeters <ann@new.example>' ed25519 sign never
pgp --passphrase velo --quick-gen-key 'Velo Support <new@velo.example>' ed25519 sign never
pgp --passphrase velo --quick-add-key "$(gpg --batch --with-colons --list-keys new@velo.example | awk -F: '/^fpr/{print $10; exit}')" cv25519 encr never
pgp --armor --export ann@new.example > ann-25519.asc
pgp --armor --passphrase velo --export-secret-keys new@velo.example > support-25519.asc
pgp -u ann@new.example --armor --sign --encrypt -r new@velo.example --output "$tmp/enc4" "$tmp/inner"; encrypted pgp_encrypted_packed_25519 "$tmp/enc4"
sed -i 's/ann@customers.example/ann@new.example/' pgp_encrypted_packed_25519.eml
# A gigabyte of nothing in three kilobytes: compressed by us, and compressed again by gpg (which says that this is not for normal use).
python3 - <<'PACK' | pgp --no-literal --compress-algo zlib -z 9 --armor --encrypt -r support@velo.example --output "$tmp/bomb"
import sys, zlib
size, head = 1 << 30, b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
packer = zlib.compressobj(9)
body = b"\x02" + packer.compress(b"\xcb\xff" + (6 + len(head) + size).to_bytes(4, "big") + b"b\0\0\0\0\0" + head)
body += b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()
sys.stdout.buffer.write(b"\xc8\xff" + len(body).to_bytes(4, "big") + body)
PACK
encrypted pgp_bomb "$tmp/bomb"
gpgconf --kill all 2>/dev/null || true
