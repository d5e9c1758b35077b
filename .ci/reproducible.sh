#!/usr/bin/env bash
# Builds the last commit twice, in two folders and two time zones, and compares the project's own jars byte by byte:
#   .ci/reproducible.sh [MAVEN OPTION]...      -Prelease: also sources, Javadoc and SBOM; -o: offline, without SBOM
set -euo pipefail
cd "$(dirname "$0")/.."

commit=$(git rev-parse HEAD)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() {
  local folder="$work/$1" zone=$2
  shift 2
  mkdir -p "$folder"
  git archive "$commit" | tar -x -C "$folder"
  (
    cd "$folder"
    TZ=$zone mvn -B -ntp -q -Dmaven.test.skip=true "$@" package >&2
    find . -path '*/target/*' \( -name 'dimee-*.jar' -o -name 'dimee-*-sbom.*' \) -type f -exec sha256sum {} + | LC_ALL=C sort -k 2
  )
}

build one UTC "$@" >"$work/one.txt"
build another/place Asia/Tokyo "$@" >"$work/another.txt"

if ! diff "$work/one.txt" "$work/another.txt"; then
  trap - EXIT
  echo "the builds differ; they are kept in $work" >&2
  exit 1
fi
echo "$(wc -l <"$work/one.txt") files, equal byte by byte"
