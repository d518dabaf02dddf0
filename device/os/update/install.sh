#!/bin/sh
# install.sh STATE            installs STATE/next.deb; goes back to what was there when the new one is not healthy
# install.sh --settle STATE   ends what a power cut interrupted: keeps the new one when it is healthy, else goes back
# install.sh --close          makes the root read-only again where the machine's own table says so; once the updater has ended
# Ends with 0 when the new one runs, 10 when the old one runs again, 11 when neither is sure, 12 when nothing was changed.
# Only `menwei update` calls it, with a package whose release it has verified.
set -u

close() {
  findmnt -n -s -o OPTIONS / | grep -Eq '^(.*,)?ro(,.*)?$' || exit 0
  sync
  mount -o remount,ro /
}
[ "${1:-}" != --close ] || { close; exit "$?"; }
settle=no
if [ "${1:-}" = --settle ]; then settle=yes; shift; fi
state="${1:?no state folder}"
# A unit may take so long to be ready, and must then stay so without being started again.
READY_SECONDS="${MENWEI_UPDATE_READY_SECONDS:-120}"
STEADY_SECONDS="${MENWEI_UPDATE_STEADY_SECONDS:-60}"
UNITS='menwei-gate.service menwei-district.service'
was_read_only=no

say() { printf 'menwei update: %s\n' "$*"; }

begin_writing() {
  grep -Eq '^[^ ]+ / [^ ]+ ([^ ]*,)?ro(,| )' /proc/mounts || return 0
  # By the kernel's own table: what fstab names by its label is found by nobody in a sandbox without disks.
  mount --options-source=mtab -o remount,rw / && was_read_only=yes
}
# The kernel refuses it while a program runs whose file was replaced, as the one that called this: then it is done when that has ended.
end_writing() {
  sync
  [ "$was_read_only" = no ] || mount --options-source=mtab -o remount,ro / 2>/dev/null ||
    systemd-run --quiet --collect --on-active=20 /bin/sh /usr/lib/menwei/update/install.sh --close ||
    say 'the root could not be made read-only again; it is after a restart'
}

property() { systemctl show --value -p "$2" "$1"; }

# What ran before must run again; what was off is not asked for.
note_running() {
  : >"$state/running"
  [ -d /run/systemd/system ] || return 0
  for unit in $UNITS; do [ "$(property "$unit" ActiveState)" != active ] || echo "$unit" >>"$state/running"; done
}

is_steady() {
  unit="$1" left="$READY_SECONDS"
  while [ "$(property "$unit" ActiveState)" != active ]; do
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    sleep 1
  done
  restarts="$(property "$unit" NRestarts)" left="$STEADY_SECONDS"
  while [ "$left" -gt 0 ]; do
    [ "$(property "$unit" ActiveState)" = active ] && [ "$(property "$unit" NRestarts)" = "$restarts" ] || return 1
    left=$((left - 1))
    sleep 1
  done
}

is_healthy() {
  menwei --version >/dev/null 2>&1 || { say 'the program does not start'; return 1; }
  [ -d /run/systemd/system ] || return 0
  while read -r unit; do
    # One that ended too often rests for minutes, or was not running when dpkg would have started it again.
    systemctl reset-failed "$unit" 2>/dev/null
    systemctl --no-block start "$unit"
    is_steady "$unit" || { say "$unit is not in order"; return 1; }
  done <"$state/running"
}

# The package of what is installed, made of its files as they are: a first update has a way back, too.
keep_present() {
  keeping="$state/keeping" tree="$state/keeping/tree"
  # Also what a power cut left of the last time.
  rm -rf "$keeping"
  mkdir -p "$tree/DEBIAN"
  # Not a program for each file: on a slow card they were most of an update.
  dpkg -L menwei | while read -r path; do [ ! -e "$path" ] || printf '.%s\n' "$path"; done >"$keeping/files"
  { tar -C / --no-recursion -T "$keeping/files" -c; echo "$?" >"$keeping/read"; } | tar -C "$tree" -xp && [ "$(cat "$keeping/read")" = 0 ] &&
    pack_present
  result=$?
  rm -rf "$keeping"
  return "$result"
}
pack_present() {
  for part in preinst postinst prerm postrm md5sums conffiles; do
    [ ! -e "/var/lib/dpkg/info/menwei.$part" ] || cp -a "/var/lib/dpkg/info/menwei.$part" "$tree/DEBIAN/$part" || return 1
  done
  dpkg-query -s menwei | sed '/^Status:/d' >"$tree/DEBIAN/control"
  # What dpkg-deb packs lies in a temporary file, for which memory has no room on an image.
  TMPDIR="$keeping" dpkg-deb --root-owner-group -Zzstd -z1 --build "$tree" "$keeping/previous.deb" >/dev/null &&
    mv "$keeping/previous.deb" "$state/previous.deb"
}

go_back() {
  say 'going back to the version before'
  # A power cut from here on does not begin with the new one again.
  : >"$state/back"
  sync
  dpkg --force-confold -i "$state/previous.deb" || { end_writing; exit 11; }
  if is_healthy; then end_writing; mv "$state/pending" "$state/gone-back"; rm -f "$state/back"; sync; exit 10; fi
  end_writing
  exit 11
}

if [ "$settle" = yes ]; then
  [ -e "$state/pending" ] || exit 0
  say 'an update was interrupted; it is looked at again'
  begin_writing || { say 'the root cannot be made writable'; exit 11; }
  [ ! -e "$state/back" ] || go_back
  # Whole or not, what dpkg had begun is begun anew from the package, which is whole.
  if dpkg --force-confold -i "$state/next.deb" && is_healthy; then
    end_writing
    mv "$state/pending" "$state/settled"
    exit 0
  fi
  go_back
fi

note_running
keep_present || { say 'what is installed could not be kept; nothing is changed'; exit 12; }
begin_writing || { say 'the root cannot be made writable; nothing is changed'; exit 12; }
rm -f "$state/back"
: >"$state/pending"
sync
if dpkg --force-confold -i "$state/next.deb" && is_healthy; then
  end_writing
  mv "$state/pending" "$state/settled"
  sync
  exit 0
fi
go_back
