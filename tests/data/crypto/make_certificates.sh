#!/usr/bin/env bash
# Makes the certificates of this folder anew. Needs OpenSSL 3.5 or newer (x509 -not_before, ML-DSA):
#   OPENSSL=build/openssl35/openssl tests/data/crypto/make_certificates.sh
# The private keys are thrown away.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
OPENSSL=$(realpath "$(command -v "${OPENSSL:-openssl}")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
validity=(-not_before 20250101000000Z -not_after 21250101000000Z)

key() { "$OPENSSL" genpkey "${@:2}" -out "$work/$1.key" 2>/dev/null; }

# sign NAME SUBJECT ISSUER|- EXTENSIONS [OPTION...]
sign() {
  printf '%b' "$4" >"$work/$1.ext"
  "$OPENSSL" req -new -utf8 -key "$work/$1.key" -subj "$2" -out "$work/$1.csr" -config /dev/null 2>/dev/null
  local issuer=(-key "$work/$1.key")
  [ "$3" = - ] || issuer=(-CA "$3.pem" -CAkey "$work/$3.key")
  "$OPENSSL" x509 -req -in "$work/$1.csr" "${issuer[@]}" -extfile "$work/$1.ext" "${validity[@]}" "${@:5}" -out "$1.pem" 2>/dev/null
}

ca='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n'
leaf='basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:www.example.com\nauthorityKeyIdentifier=keyid\n'

key root -algorithm RSA -pkeyopt rsa_keygen_bits:2048
sign root '/CN=tlsgauge test root' - "$ca" -sha256
key intermediate -algorithm RSA -pkeyopt rsa_keygen_bits:2048
sign intermediate '/CN=tlsgauge test intermediate' root "$ca" -sha256
key constrained -algorithm RSA -pkeyopt rsa_keygen_bits:2048
sign constrained '/CN=tlsgauge test constrained' root "${ca}nameConstraints=critical,permitted;DNS:example.org\n" -sha256

key leaf -algorithm EC -pkeyopt ec_paramgen_curve:P-256
sign leaf '/C=DE/O=Example, Inc./CN=www.example.com' intermediate 'basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid
subjectAltName=DNS:www.example.com,DNS:*.example.net,IP:192.0.2.1,IP:2001:db8::1,URI:https://example.com/,email:a@example.com
authorityInfoAccess=OCSP;URI:http://ocsp.example.com/one,caIssuers;URI:http://ca.example.com/,OCSP;URI:http://ocsp.example.com/two
' -sha256 -set_serial 0x1A2B3C

for name in client_only sha1 outside; do key $name -algorithm EC -pkeyopt ec_paramgen_curve:P-256; done
sign client_only '/CN=client' intermediate "${leaf/serverAuth/clientAuth}" -sha256
sign sha1 '/CN=sha1' intermediate "$leaf" -sha1
sign outside '/CN=outside' constrained "$leaf" -sha256
key weak -algorithm RSA -pkeyopt rsa_keygen_bits:1024
sign weak '/CN=weak' intermediate "$leaf" -sha256
# Issued by an end entity.
key below -algorithm EC -pkeyopt ec_paramgen_curve:P-256
sign below '/CN=below' leaf "$leaf" -sha256

key ed25519 -algorithm ED25519
key ed448 -algorithm ED448
key rsa_pss -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
key secp384r1 -algorithm EC -pkeyopt ec_paramgen_curve:P-384
key secp224r1 -algorithm EC -pkeyopt ec_paramgen_curve:P-224
key brainpool -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1
key ml_dsa_65 -algorithm ML-DSA-65
"$OPENSSL" genpkey -genparam -algorithm DSA -pkeyopt pbits:2048 -pkeyopt qbits:256 -out "$work/dsa.params" 2>/dev/null
key dsa -paramfile "$work/dsa.params"
for name in ed25519 ed448 rsa_pss; do sign $name "/CN=$name" - "$leaf"; done
sign ml_dsa_65 /CN=ml-dsa-65 - "$leaf"
for name in secp224r1 brainpool dsa; do sign $name "/CN=$name" - "$leaf" -sha256; done
sign secp384r1 /CN=secp384r1 - "$leaf" -sha384

"$OPENSSL" x509 -in root.pem -pubkey -noout | "$OPENSSL" pkey -pubin -outform DER | sha256sum | cut -d' ' -f1 >root.spki_sha256
