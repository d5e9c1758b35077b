#!/usr/bin/env bash
# Lays the files of the image below a folder, from a built project: tree.sh FOLDER [BUNDLE,...]
set -euo pipefail

home=$(cd "$(dirname "$0")/../.." && pwd)
target=$1
bundles=${2:-sst2}
dimee="$target/opt/dimee"

rm -rf "$dimee"
mkdir -p "$dimee/lib" "$dimee/models"
cp "$home"/deploy/target/lib/*.jar "$home"/deploy/target/dimee-deploy-*.jar "$dimee/lib/"
cp -r "$home/models/bundles" "$dimee/models/"
cp "$home/deploy/image/jvm.options" "$dimee/"
# everybody may read the image, and the process that runs in it may write nothing
java -Ddimee.home="$dimee" -cp "$dimee/lib/*" io.dimee.deploy.cli.Dimee assemble \
  --bundle "$bundles" --cache-dir "$dimee/cache"
chmod -R u=rwX,go=rX "$dimee"
