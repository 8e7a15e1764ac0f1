#!/usr/bin/env bash
# Finds the distribution, or downloads a release and compares its checksum; tells where it is.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=outputs.sh
. "$here/outputs.sh"

fail() {
  printf '::error title=kubeproof::%s\n' "$1"
  exit 2
}

if [ -n "$INPUT_HOME" ]; then
  [ -f "$INPUT_HOME/bin/kubeproof" ] || fail "kubeproof-home holds no bin/kubeproof"
  output home "$INPUT_HOME"
  exit
fi

[[ $INPUT_VERSION =~ ^[0-9A-Za-z][0-9A-Za-z.+-]*$ ]] || fail "version is not one of a release"
case $RUNNER_OS-$RUNNER_ARCH in
  Linux-X64) platform=linux-x64 ;;
  Linux-ARM64) platform=linux-arm64 ;;
  macOS-X64) platform=mac-x64 ;;
  macOS-ARM64) platform=mac-arm64 ;;
  Windows-X64) platform=windows-x64 ;;
  *) fail "there is no release for $RUNNER_OS $RUNNER_ARCH" ;;
esac

archive=kubeproof-$INPUT_VERSION-$platform.tar.gz
wanted=$INPUT_SHA256
if [ -z "$wanted" ]; then
  while read -r checksum name; do
    [ "$name" = "$archive" ] && wanted=$checksum
  done <"$here/checksums.txt"
fi
[[ $wanted =~ ^[0-9a-f]{64}$ ]] || fail "no checksum is known for $archive; give one as sha256"

url=$GITHUB_SERVER_URL/${ACTION_REPOSITORY:-kubeproof/kubeproof}/releases/download/v$INPUT_VERSION/$archive
target=$RUNNER_TEMP/kubeproof-$INPUT_VERSION
mkdir -p "$target"
curl --fail --silent --show-error --location --retry 3 --output "$target/$archive" "$url"
if command -v sha256sum >/dev/null; then
  found=$(sha256sum <"$target/$archive")
else
  found=$(shasum -a 256 <"$target/$archive")
fi
[ "${found%% *}" = "$wanted" ] || fail "the checksum of $archive is ${found%% *}, not $wanted"
tar -xzf "$target/$archive" -C "$target"
output home "$target/kubeproof"
