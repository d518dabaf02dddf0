# shellcheck shell=bash
# The system programs that tests start by themselves. Installed from Debian's archive where that is allowed, else named.

# stage(s) | proof that it is there | Debian package. One line each.
MENWEI_TEST_TOOLS='
unit,scenario,fault,e2e | command -v mosquitto     | mosquitto
scenario,fault     | command -v mosquitto_pub      | mosquitto-clients
unit,scenario      | command -v python3            | python3
e2e                | command -v chromium           | chromium
e2e                | fc-list | grep -qi "Noto.*CJK" | fonts-noto-cjk
unit,scenario,e2e  | command -v openssl            | openssl
scenario           | command -v nats-server        | nats-server
unit,scenario      | ls /usr/lib/postgresql/*/bin/initdb | postgresql
rig,appliance      | command -v qemu-system-x86_64 | qemu-system-x86
rig,appliance      | command -v busybox           | busybox-static
rig,appliance      | command -v mksquashfs        | squashfs-tools
rig,appliance      | command -v depmod            | kmod
rig,appliance      | command -v gcc-12            | gcc-12
rig,appliance      | command -v make              | make
rig,appliance      | command -v xz                | xz-utils
rig,appliance      | command -v cpio              | cpio
rig,appliance      | command -v mke2fs            | e2fsprogs
appliance          | command -v sqfstar           | squashfs-tools
appliance          | command -v dpkg-deb          | dpkg
appliance          | command -v debootstrap       | debootstrap
'

# Prints the packages whose proof fails, for the stages given as words.
missing_tools() {
  local line stages proof package stage
  while IFS= read -r line; do
    [[ -n "$line" ]] || continue
    stages="$(trim "${line%%|*}")" package="$(trim "${line##*|}")"
    proof="${line#*|}" proof="${proof%|*}"
    for stage in "$@"; do
      [[ ",$stages," == *",$stage,"* ]] || continue
      PATH="$PATH:/usr/sbin:/sbin" bash -c "$proof" >/dev/null 2>&1 || printf '%s\n' "$package"
      break
    done
  done <<<"$MENWEI_TEST_TOOLS"
}

trim() { local text="$1"; text="${text#"${text%%[![:space:]]*}"}"; printf '%s' "${text%"${text##*[![:space:]]}"}"; }

as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

# Installs the packages without letting Debian start their services: tests start their own on free ports.
install_tools() {
  local policy=/usr/sbin/policy-rc.d placed=0 result=0
  if [[ ! -e "$policy" ]]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && as_root chmod 755 "$policy" && placed=1
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@" </dev/null || result=1
  ((placed == 0)) || as_root rm -f "$policy"
  return "$result"
}

# Sees to it that everything the given stages need is there; says what is missing and returns 1 when it cannot.
ensure_tools() {
  local missing
  mapfile -t missing < <(missing_tools "$@")
  ((${#missing[@]})) || return 0
  if command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; then
    say "installing what the tests start: ${missing[*]}"
    install_tools "${missing[@]}" >&2 || true
    mapfile -t missing < <(missing_tools "$@")
    ((${#missing[@]})) || return 0
  fi
  say "missing for the tests: ${missing[*]} (on Debian: sudo apt-get install ${missing[*]})"
  return 1
}
