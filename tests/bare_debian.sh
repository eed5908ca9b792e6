#!/bin/bash
# A newcomer's first minutes, for real: a bare Debian with nothing but git, a clean clone of the last commit in it, and the
# commands of the README with their times. No part of `./dimple test`: it needs root, debootstrap and a mirror of Debian
# (this machine's own), and takes as long as a newcomer waits.
#   tests/bare_debian.sh 12|13 FOLDER [VERB...]   FOLDER does not exist yet, and is kept; verbs: predict test
set -euo pipefail

tree=$(cd "$(dirname "$0")/.." && pwd)
say() { printf '%s\n' "$*" >&2; }
usage() {
  sed -n 's/^# \{3\}//p' "$0" >&2
  exit 2
}

(($# >= 2)) || usage
case $1 in
  12) suite=bookworm ;;
  13) suite=trixie ;;
  *) usage ;;
esac
bare=$(realpath -m "$2")
verbs=("${@:3}")
((${#verbs[@]})) || verbs=(predict test)
[[ $bare != "$tree"/* ]] || { say "$bare lies inside of the tree" && exit 2; }
[[ ! -e $bare ]] || { say "$bare is there already" && exit 2; }
((EUID == 0)) || { say "this needs root: it mounts and changes its root" && exit 2; }

# shellcheck disable=SC2016  # apt fills these in
mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
  sed -n 's/^Debian Debian //p' | head -n 1)
[[ -n $mirror ]] || { say "this machine's apt knows no mirror of Debian" && exit 1; }
add=git
[[ $mirror != https:* ]] || add+=,ca-certificates

install_bare() {
  say "installing a bare Debian $1 into $bare"
  debootstrap --variant=minbase --include="$add" "$suite" "$bare" "$mirror" > "$bare.debootstrap.log" 2>&1 ||
    { tail "$bare.debootstrap.log" >&2 && return 1; }
  rm -f "$bare.debootstrap.log"
  cp /etc/resolv.conf "$bare/etc/"
  rm -rf "$bare"/var/lib/apt/lists/* "$bare"/var/cache/apt/archives/*.deb # a newcomer has neither
  [[ -z $(git -C "$tree" status --porcelain) ]] || say "what is not committed stays out"
  git clone -q --no-hardlinks "$tree" "$bare/dimple"
  trap 'umount -q "$bare/dev/shm" "$bare/proc" || true' EXIT
  mount -t proc proc "$bare/proc"
  mount -t tmpfs tmpfs "$bare/dev/shm"
}

inside() { chroot "$bare" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 TERM=dumb "$@"; }

install_bare "$1"
failed=0
TIMEFORMAT='  %0R s, of which processors worked %0U + %0S s'
for verb in "${verbs[@]}"; do
  say "./dimple $verb on Debian $1, $(inside nproc) cores:"
  time inside bash -c 'cd /dimple && exec ./dimple "$@"' - "$verb" || failed=1
done
exit $failed
