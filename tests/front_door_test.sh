#!/bin/bash
# The front door with a pretended Debian: what it asks apt for, when it builds, and what it leaves alone.
# shellcheck disable=SC2016  # the pretenders' own words expand when they run
set -uo pipefail

door=$(cd "$(dirname "$0")/.." && pwd)/dimple
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
passed=0
failed=0

# A tree with the front door in it, and a PATH with nothing but plain tools and our pretenders.
set_stage() {
  rm -rf "${stage:?}"/*
  mkdir -p "$stage"/tree/{src,apps/cli,cmake,models,targets,pictures} "$stage/bin"
  touch "$stage"/tree/{CMakeLists.txt,CMakePresets.json} "$stage/calls"
  cp "$door" "$stage/tree/dimple"
  cp "$(dirname "$door")/apps/cli/verb_list.h" "$stage/tree/apps/cli"
  local tool
  for tool in bash env cat cp mv rm mkdir mktemp dirname basename readlink find grep sed tee tail touch flock sleep chmod id head; do
    ln -s "$(command -v "$tool")" "$stage/bin/$tool"
  done
  pretend cmake 'case " $* " in *" --build "*)
    mkdir -p "$2/apps/cli"
    printf "#!/bin/bash\necho \"ran: \$*\"\necho \"sample: \$DIMPLE_SAMPLE\" >&2\n" > "$2/apps/cli/dimple"
    chmod +x "$2/apps/cli/dimple";; esac; echo "noise of a build"'
  pretend dpkg-query 'grep -qx "${*: -1}" '"$stage/lacking"' 2> /dev/null && exit 1; printf installed'
  pretend apt-get 'case $1 in install) : > '"$stage/lacking"';; download) : > "$2_1_all.deb";; esac'
  pretend apt-cache '[[ $2 != "$(cat '"$stage/unknown"')" ]]'
  pretend dpkg-deb 'mkdir -p usr && echo portrait > usr/astronaut.png'
  : > "$stage/unknown"
  : > "$stage/lacking"
  chmod -R a+rwX "$stage"
}

pretend() {
  printf '#!/bin/bash\necho "%s $*" >> %s\n%s\n' "$1" "$stage/calls" "$2" > "$stage/bin/$1"
  chmod +x "$stage/bin/$1"
}

open_door() { (cd "$stage/tree/pictures" && PATH=$stage/bin "${as[@]}" "$stage/tree/dimple" "$@" > "$stage/out" 2> "$stage/err"); }
called() { grep -q "^$1" "$stage/calls"; }
forget_calls() { : > "$stage/calls"; }

claim() {
  local name=$1
  shift
  as=()
  set_stage
  (set -e; "$@")
  # shellcheck disable=SC2181  # inside an if, set -e would be asleep
  if (($? == 0)); then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $name"
    sed 's/^/  /' "$stage/calls" "$stage/out" "$stage/err"
  fi
}

installs_only_what_lacks() {
  echo libfmt-dev > "$stage/lacking"
  open_door predict -
  called 'apt-get install -y --no-install-recommends libfmt-dev$'
  grep -q 'downloading.*1 Debian packages' "$stage/err"
}

knows_what_the_next_debian_calls_a_package() {
  printf '%s\n' libdlib19.1 libdlib19.2 > "$stage/lacking"
  echo libdlib19.1 > "$stage/unknown"
  open_door predict -
  called 'apt-get install -y --no-install-recommends libdlib19.2$'
}

is_content_with_either_name() {
  echo libdlib19.1 > "$stage/lacking"
  open_door predict -
  ! called apt-get || return 1
}

unpacks_headers_once() {
  echo libdlib-dev > "$stage/lacking"
  open_door predict -
  called 'apt-get download libdlib-dev '
  ! called 'apt-get install' || return 1
  [[ -f $stage/tree/build/unpacked/usr/astronaut.png ]]
  forget_calls
  open_door predict -
  touch "$stage/tree/src/edited.cc"
  open_door predict -
  ! called apt-get || return 1
}

# The first call of this word is refused: another program holds the lock.
is_locked_at_first() {
  echo libfmt-dev > "$stage/lacking"
  pretend apt-get '[[ $1 != '"$1"' || -e '"$stage/was-locked"' ]] && exit 0
    touch '"$stage/was-locked"'
    echo "E: Could not get lock '"$2"'. It is held by process 812 (unattended-upgr)"; exit 100'
  open_door predict -
  grep -q 'another program is installing packages (unattended-upgr, process 812); waiting' "$stage/err"
  grep -q 'ran: predict' "$stage/out"
}

waits_for_the_lock_of_lists() { is_locked_at_first update /var/lib/apt/lists/lock; }
waits_for_the_lock_of_packages() { is_locked_at_first install /var/lib/dpkg/lock-frontend; }

fails_at_once_when_no_lock_is_to_blame() {
  echo libfmt-dev > "$stage/lacking"
  pretend apt-get 'echo "E: Unable to locate package libfmt-dev"; [[ $1 != install ]]'
  ! open_door predict - || return 1
  grep -q 'cannot be installed on .*; a container of Debian works' "$stage/err"
  (($(grep -c '^apt-get install' "$stage/calls") == 1))
}

asks_apt_for_nothing() {
  touch "$stage/tree/pictures/me.jpg"
  open_door predict me.jpg
  ! called apt-get || return 1
}

keeps_stdout_for_the_verb() {
  open_door predict --json -
  [[ $(< "$stage/out") == 'ran: predict --json -' ]]
}

starts_at_once_the_second_time() {
  open_door --version
  forget_calls
  open_door --version
  [[ ! -s $stage/calls ]]
}

builds_again_after_an_edit() {
  open_door --version
  forget_calls
  sleep 0.05
  touch "$stage/tree/src/edited.cc"
  open_door --version
  called 'cmake --build'
}

fetches_the_portrait_once() {
  open_door predict
  called 'apt-get download python3-imageio'
  [[ $(< "$stage/tree/build/sample/astronaut.png") == portrait ]]
  grep -q "sample: $stage/tree/build/sample/astronaut.png" "$stage/err"
  forget_calls
  open_door predict
  ! called apt-get || return 1
}

takes_the_portrait_from_where_it_is() {
  pretend dpkg-deb '[[ $2 == *skimage* ]] && mkdir -p usr && echo portrait > usr/astronaut.png; true'
  open_door predict
  called 'apt-get download python3-skimage'
  [[ -s $stage/tree/build/sample/astronaut.png ]]
}

runs_though_the_portrait_cannot_be_had() {
  pretend apt-get 'exit 100'
  open_door predict
  grep -q 'ran: predict' "$stage/out"
}

never_downloads_when_told_not_to() {
  echo libfmt-dev > "$stage/lacking"
  open_door --no-setup predict
  ! called apt-get || return 1
}

trains_in_the_lab() {
  echo libtorch-dev > "$stage/lacking"
  open_door train
  called 'apt-get install .*libtorch-dev'
  [[ -x $stage/tree/build/lab/apps/cli/dimple ]]
}

builds_the_machines_for_their_signature() {
  echo qemu-user > "$stage/lacking"
  open_door signature --all
  called 'apt-get install .*qemu-user'
  called 'cmake --build .* --target dimple images'
}

says_when_this_is_no_debian() {
  rm "$stage/bin/apt-get" "$stage/bin/dpkg-query"
  ! open_door predict || return 1
  grep -q 'set-up needs .* has no apt-get; a container of Debian works' "$stage/err"
}

says_when_there_is_no_sudo() {
  ((EUID == 0)) && as=("$(command -v setpriv)" --reuid=65534 --clear-groups)
  echo libfmt-dev > "$stage/lacking"
  ! open_door predict || return 1
  grep -q 'as root: apt-get install --no-install-recommends libfmt-dev' "$stage/err"
}

shows_the_end_of_a_failed_build() {
  pretend cmake 'echo "error: no such thing"; exit 1'
  ! open_door predict - || return 1
  grep -q 'error: no such thing' "$stage/err"
  ! called apt-get || return 1
}

# Root may write everywhere.
says_when_the_tree_belongs_to_another_user() {
  ((EUID == 0)) && as=("$(command -v setpriv)" --reuid=65534 --clear-groups)
  chmod -R go-w "$stage"
  ((EUID == 0)) || chmod a-w "$stage/tree"
  ! open_door predict || return 1
  chmod u+w "$stage/tree"
  grep -q 'cannot write to .*/build, .* belongs to another user' "$stage/err"
  (($(wc -l < "$stage/err") == 2))
  ! called apt-get || return 1
}

says_what_was_deleted() {
  rm -r "$stage/tree/targets"
  ! open_door predict || return 1
  grep -q 'targets is missing: this copy of Dimple is not whole' "$stage/err"
  ! called apt-get || return 1
}

builds_again_what_was_deleted() {
  open_door --version
  rm "$stage/tree/build/release/apps/cli/dimple"
  open_door --version
  grep -q 'ran: --version' "$stage/out"
}

survives_a_moved_folder() {
  mkdir -p "$stage/tree/build/release/CMakeFiles"
  echo 'CMAKE_HOME_DIRECTORY:INTERNAL=/elsewhere' > "$stage/tree/build/release/CMakeCache.txt"
  open_door --version
  [[ ! -e $stage/tree/build/release/CMakeCache.txt ]]
}

claim "installs only what lacks, and says so" installs_only_what_lacks
claim "knows what the next Debian calls a package" knows_what_the_next_debian_calls_a_package
claim "is content with either name" is_content_with_either_name
claim "unpacks headers, once" unpacks_headers_once
claim "waits for the lock of lists" waits_for_the_lock_of_lists
claim "waits for the lock of packages" waits_for_the_lock_of_packages
claim "fails at once when no lock is to blame" fails_at_once_when_no_lock_is_to_blame
claim "asks apt for nothing when all is there" asks_apt_for_nothing
claim "keeps stdout for the verb" keeps_stdout_for_the_verb
claim "starts at once the second time" starts_at_once_the_second_time
claim "builds again after an edit" builds_again_after_an_edit
claim "fetches the portrait once, when no picture is named" fetches_the_portrait_once
claim "takes the portrait from where it is" takes_the_portrait_from_where_it_is
claim "runs though the portrait cannot be had" runs_though_the_portrait_cannot_be_had
claim "never downloads when told not to" never_downloads_when_told_not_to
claim "trains in the lab" trains_in_the_lab
claim "builds the machines for their signature" builds_the_machines_for_their_signature
claim "says when this is no Debian" says_when_this_is_no_debian
claim "says when there is no sudo" says_when_there_is_no_sudo
claim "shows the end of a failed build" shows_the_end_of_a_failed_build
claim "says when the tree belongs to another user" says_when_the_tree_belongs_to_another_user
claim "says what was deleted" says_what_was_deleted
claim "builds again what was deleted" builds_again_what_was_deleted
claim "survives a moved folder" survives_a_moved_folder

echo "$passed passed, $failed failed"
((failed == 0))
