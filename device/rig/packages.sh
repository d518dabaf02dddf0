# shellcheck shell=bash
# Debian's packages, fetched into $folder/debs and unpacked where they are wanted: never installed, no root needed.

told="$(date +%s)"
step() { printf 'rig: %3d s  %s\n' "$(($(date +%s) - told))" "$*" >&2; }
stop() { printf 'rig: %s\n' "$*" >&2; exit 1; }

with_needs() { # the packages, and what they need
  apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" |
    grep '^[a-z]' | sort -u
}

fetch() { # into debs/; a package that is there is not fetched again
  local package wanted=()
  mkdir -p "$folder/debs"
  for package in "$@"; do compgen -G "$folder/debs/${package}_*.deb" >/dev/null || wanted+=("$package"); done
  ((${#wanted[@]})) || return 0
  # apt drops its rights where it can and then cannot write here: it says so, and fetches all the same.
  (cd "$folder/debs" && apt-get download -qq "${wanted[@]}" 2>&1 | grep -v unsandboxed >&2 || true)
  for package in "${wanted[@]}"; do
    compgen -G "$folder/debs/${package}_*.deb" >/dev/null || stop "the package $package could not be fetched"
  done
}
unpack() { dpkg-deb -x "$folder"/debs/"$1"_*.deb "$2"; }
