#!/bin/sh
# install.sh STATE            installs STATE/next.deb; goes back to what was there when the new one is not healthy
# install.sh --settle STATE   ends what a power cut interrupted: keeps the new one when it is healthy, else goes back
# Ends with 0 when the new one runs, 10 when the old one runs again, 11 when neither is sure. Only `menwei update` calls it, with a
# package whose release it has verified.
set -u

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
  mount -o remount,rw / && was_read_only=yes
}
end_writing() { sync; [ "$was_read_only" = no ] || mount -o remount,ro / || say 'the root could not be made read-only again'; }

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
    is_steady "$unit" || { say "$unit is not in order"; return 1; }
  done <"$state/running"
}

# The package of what is installed, made of its files as they are: a first update has a way back, too.
keep_present() {
  tree="$state/tree"
  rm -rf "$tree"
  mkdir -p "$tree/DEBIAN"
  dpkg -L menwei | while read -r path; do
    if [ -d "$path" ] && [ ! -L "$path" ]; then mkdir -p "$tree$path"; elif [ -e "$path" ]; then cp -a "$path" "$tree$path"; fi
  done
  for part in preinst postinst prerm postrm md5sums conffiles; do
    [ ! -e "/var/lib/dpkg/info/menwei.$part" ] || cp -a "/var/lib/dpkg/info/menwei.$part" "$tree/DEBIAN/$part"
  done
  dpkg-query -s menwei | sed '/^Status:/d' >"$tree/DEBIAN/control"
  dpkg-deb --root-owner-group -Zzstd -z1 --build "$tree" "$state/previous.new" >/dev/null &&
    mv "$state/previous.new" "$state/previous.deb"
  result=$?
  rm -rf "$tree"
  return "$result"
}

go_back() {
  say 'going back to the version before'
  dpkg --force-confold -i "$state/previous.deb" || { end_writing; exit 11; }
  if is_healthy; then end_writing; mv "$state/pending" "$state/gone-back"; sync; exit 10; fi
  end_writing
  exit 11
}

if [ "$settle" = yes ]; then
  [ -e "$state/pending" ] || exit 0
  say 'an update was interrupted; it is looked at again'
  begin_writing
  # Whole or not, what dpkg had begun is begun anew from the package, which is whole.
  if dpkg --force-confold -i "$state/next.deb" && is_healthy; then
    end_writing
    mv "$state/pending" "$state/settled"
    exit 0
  fi
  go_back
fi

note_running
keep_present || { say 'what is installed could not be kept; nothing is changed'; exit 10; }
: >"$state/pending"
sync
begin_writing
if dpkg --force-confold -i "$state/next.deb" && is_healthy; then
  end_writing
  rm -f "$state/pending"
  sync
  exit 0
fi
go_back
