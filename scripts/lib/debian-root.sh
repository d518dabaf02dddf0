# shellcheck shell=bash
# A Debian root to try packages in. Sourced, after runtime.sh. Mounts only below the root it was given, and unmounts that.

# The oldest that the package is for; an image is of a newer one.
MENWEI_DEBIAN="${MENWEI_DEBIAN:-bookworm}"
# Where Debian comes from, as this machine's own apt has it: `Debian`, or what was mended since, `Debian-Security`.
debian_place() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Label: $1" 2>/dev/null | sed 's|/$||' | sort -u | head -n 1
}
MENWEI_DEBIAN_MIRROR="${MENWEI_DEBIAN_MIRROR:-$(debian_place Debian)}"
# What the package depends on; nothing is fetched while it is proved.
MENWEI_DEBIAN_PACKAGES=systemd,udev,libatomic1,libstdc++6,init-system-helpers

# Prints why no root can be made here; nothing when it can.
why_no_root() {
  ((EUID == 0)) || { echo 'not root'; return; }
  command -v debootstrap >/dev/null || { echo 'no debootstrap (on Debian: debootstrap)'; return; }
  [[ -n "$MENWEI_DEBIAN_MIRROR" ]] || { echo 'no place of Debian in the sources of apt here (set MENWEI_DEBIAN_MIRROR)'; return; }
  [[ "$1" == "$(dpkg --print-architecture)" ]] || emulates "$1" || echo "no user emulation of $1 (on Debian: qemu-user-static, with binfmt_misc)"
}

# Whether the kernel starts the other architecture's programs; a root is never asked for it before.
emulates() {
  local name=qemu-aarch64 interpreter register=/proc/sys/fs/binfmt_misc/register
  [[ "$1" == arm64 ]] || return 1
  interpreter="$(command -v qemu-aarch64-static)" || return 1
  [[ -e /proc/sys/fs/binfmt_misc/$name ]] && return 0
  [[ -e "$register" ]] || mount -t binfmt_misc none /proc/sys/fs/binfmt_misc 2>/dev/null || return 1
  # F: the interpreter is opened now, so that it need not lie within the root.
  # shellcheck disable=SC2028
  echo ":$name:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:$interpreter:OCF" >"$register" 2>/dev/null || return 1
}

# make_root ARCHITECTURE FOLDER; keeps the bare root, since it takes minutes.
make_root() {
  local architecture="$1" root="$2" kept="$MENWEI_ROOT/.cache/package/$MENWEI_DEBIAN-$1.tar"
  if [[ ! -s "$kept" ]]; then
    mkdir -p "${kept%/*}" "$root"
    debootstrap --arch="$architecture" --variant=minbase --include="$MENWEI_DEBIAN_PACKAGES" "$MENWEI_DEBIAN" "$root" "$MENWEI_DEBIAN_MIRROR" >"$root.log" 2>&1 ||
      { tail -5 "$root.log" >&2; die "no Debian root could be made: is $MENWEI_DEBIAN_MIRROR there?"; }
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
    tar -C "$root" --one-file-system -cf "$kept.new" .
    mv "$kept.new" "$kept"
  else
    mkdir -p "$root"
    tar -C "$root" -xf "$kept"
  fi
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"
}

in_root() {
  local root="$1"
  shift
  chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/ LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

unmount_root() {
  local place
  for place in "$1/dev" "$1/proc"; do ! mountpoint -q "$place" || umount "$place" || umount -l "$place"; done
}
