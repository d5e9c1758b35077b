#!/usr/bin/env bash
# Runs the image's command line without a container engine, as root on Linux: run.sh TREE [ARGUMENT...]
# What tree.sh laid lies at /opt, all is read-only but an empty /tmp, and the process is the image's user without any capability,
# with the image's environment over this one.
# The JRE and the C library are this machine's, and so is the network.
set -euo pipefail

image=$(cd "$(dirname "$0")/.." && pwd)
tree=$(cd "$1" && pwd)
shift
user=$(sed -n 's/^USER \([0-9]*\):.*/\1/p' "$image/Dockerfile")
group=$(sed -n 's/^USER [0-9]*:\([0-9]*\)$/\1/p' "$image/Dockerfile")
mapfile -t variables < <(sed -n 's/^ENV //p' "$image/Dockerfile")
mapfile -t words < <(sed -n 's/^ENTRYPOINT \["\(.*\)"\]$/\1/p' "$image/Dockerfile" | sed 's/", "/\n/g')

# shellcheck disable=SC2016 # expanded by the inner shell
exec env "${variables[@]}" unshare --mount --propagation private -- bash -c '
  set -e
  user=$2
  group=$3
  mount --bind "$1/opt" /opt
  mount -o remount,bind,ro /opt
  shift 3
  # as a pod has it: libraries are unpacked here and loaded, so it must not be noexec
  mount -t tmpfs -o mode=1777,size=512m tmpfs /tmp
  mount -o remount,bind,ro /
  cd /
  exec setpriv --reuid "$user" --regid "$group" --clear-groups --no-new-privs --bounding-set=-all -- "$@"
' run "$tree" "$user" "$group" "${words[@]}" "$@"
