#!/usr/bin/env bash
# fetch_openssl35.sh [FOLDER]: leaves an OpenSSL 3.5 at FOLDER/openssl (default build/openssl35/openssl), for tests.
#
# Where the system's own openssl is new enough, FOLDER/openssl only calls it. Elsewhere the packages of the next Debian are
# unpacked below FOLDER and run with their own loader; mirrors come from the machine's apt configuration, and nothing
# outside FOLDER is changed. Exit 3: it cannot be had here, with the reason on standard error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

FOLDER=$(realpath -m "${1:-build/openssl35}")
RELEASE=trixie
PACKAGES=(openssl libssl3t64 libc6 zlib1g libzstd1)
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

cannot() { echo "OpenSSL 3.5: $*" >&2; exit 3; }

is_new_enough() { "$1" version 2>/dev/null | grep -qE '^OpenSSL (3\.([5-9]|[1-9][0-9])|[4-9])'; }

# wrapper COMMAND...: FOLDER/openssl runs that command.
wrapper() {
  printf '#!/bin/sh\nexec %s "$@"\n' "$(printf '%q ' "$@")" >"$FOLDER/openssl.new"
  chmod +x "$FOLDER/openssl.new"
  mv "$FOLDER/openssl.new" "$FOLDER/openssl"
}

[ -x "$FOLDER/openssl" ] && is_new_enough "$FOLDER/openssl" && exit 0
mkdir -p "$FOLDER"
if is_new_enough openssl; then
  wrapper "$(command -v openssl)"
  exit 0
fi

command -v apt-get >/dev/null || cannot "there is no apt here"
# shellcheck disable=SC1091
here=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[ -n "$here" ] || cannot "the release of this system is unknown"

# One source line for each mirror that serves this release, with the suite changed.
mapfile -t mirrors < <(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  awk -v release="$here" '$2 == release && $3 == "main" { print $1 }' | sort -u)
[ ${#mirrors[@]} -gt 0 ] || cannot "apt knows no mirror of $here"

apt_in() {
  apt-get -qq -o Dir::State="$FOLDER/apt/state" -o Dir::Cache="$FOLDER/apt/cache" -o Dir::Etc::sourcelist="$FOLDER/apt/sources.list" \
    -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Dir::State::status="$FOLDER/apt/status" -o APT::Sandbox::User= -o APT::Install-Recommends=false \
    -o Acquire::Retries=2 -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 "$@"
}

fetch_from() {
  rm -rf "$FOLDER/apt" "$FOLDER/root" "$FOLDER/packages"
  mkdir -p "$FOLDER/apt/state/lists/partial" "$FOLDER/apt/cache/archives/partial" "$FOLDER/packages"
  : >"$FOLDER/apt/status"
  local options=""
  [ -r "$KEYRING" ] && options="[signed-by=$KEYRING] "
  echo "deb ${options}$1 $RELEASE main" >"$FOLDER/apt/sources.list"
  apt_in update && (cd "$FOLDER/packages" && apt_in download "${PACKAGES[@]}")
}

log="$FOLDER/fetch.log"
: >"$log"
fetched=no
for mirror in "${mirrors[@]}"; do
  if fetch_from "$mirror" >>"$log" 2>&1; then
    fetched=yes
    break
  fi
done
[ "$fetched" = yes ] || cannot "the packages of $RELEASE cannot be fetched: $(grep -E '^[EW]:' "$log" | tail -n 1)"

for package in "$FOLDER"/packages/*.deb; do dpkg -x "$package" "$FOLDER/root"; done
rm -rf "$FOLDER/apt" "$FOLDER/packages"

loader=$(find "$FOLDER/root" -name 'ld-linux*.so.*' | head -n 1)
crypto=$(find "$FOLDER/root" -name 'libcrypto.so.3' | head -n 1)
libc=$(find "$FOLDER/root" -name 'libc.so.6' | head -n 1)
if [ -z "$loader" ] || [ -z "$crypto" ] || [ -z "$libc" ]; then cannot "the packages of $RELEASE are not laid out as expected"; fi
wrapper env OPENSSL_MODULES="${crypto%/*}/ossl-modules" OPENSSL_CONF=/dev/null \
  "$loader" --library-path "${crypto%/*}:${libc%/*}" "$FOLDER/root/usr/bin/openssl"
is_new_enough "$FOLDER/openssl" || cannot "what was fetched does not run: $("$FOLDER/openssl" version 2>&1 | head -n 1)"
