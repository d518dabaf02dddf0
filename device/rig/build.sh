#!/usr/bin/env bash
# Builds the virtual Pi from Debian's packages into FOLDER: vmlinuz, initrd.gz and root.sqfs. Needs no root: packages are
# fetched and unpacked, never installed. Builds anew only what changed; a part that failed leaves the last good one.
#   build.sh FOLDER NODE
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
folder="$(mkdir -p "$1" && cd "$1" && pwd -P)" node="$2"
umask 022
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"

# What runs in the guest. Perl, the login programs and the installer's parts come with them by name alone and are left out.
GUEST=(bash dash coreutils util-linux mount kmod udev libstdc++6 libatomic1 socat v4l-utils procps grep sed findutils iproute2)
NOT_NEEDED='^(perl.*|lib.*perl.*|cdebconf|debconf|adduser|dpkg|libdebian-installer4|libgdbm.*|original-awk|gawk|install-info|libpam.*|libnewt.*|libslang.*|libtextwrap.*|usrmerge|usr-is-merged|passwd|tar|libelogind0|init-system-helpers|gcc-12-base|readline-common|libdb5.3)$'
# What the guest's kernel may be asked to load.
MODULES=(virtio_pci virtio_blk virtio_net virtio_rng virtio_console squashfs overlay ext4 crc32c_generic evdev usbhid hid_generic
  xhci_pci usbserial ftdi_sio cdc_acm pl2303 ch341 cp210x dummy_hcd libcomposite usb_f_hid usb_f_acm vivid i6300esb softdog
  loop)
# What Debian's kernel for PCs is without, built beside it: the chip, the board's sensors, and the kernel's own driver of one of them.
OWN_MODULES=(gpio-sim rpi-board raspberrypi-hwmon)
BOOT_MODULES=(virtio_pci virtio_blk squashfs overlay crc32c_generic ext4 i6300esb)

# shellcheck source=packages.sh
. "$here/packages.sh"

kernel_image="$(apt-cache depends linux-image-6.12-amd64 2>/dev/null | awk '/Depends/{print $2; exit}')"
[[ -n "$kernel_image" ]] || stop 'the package lists name no linux-image-6.12-amd64; apt-get update may help'
version="${kernel_image#linux-image-}" base="${kernel_image#linux-image-}"
base="${base%-amd64}"
kernel_packages=("$kernel_image" "linux-headers-$version" "linux-headers-$base-common" "linux-kbuild-$base" linux-source-6.12)

guest_packages() { with_needs "${GUEST[@]}" | grep -Ev "$NOT_NEEDED"; }
stamp() {
  { guest_packages; echo "$version"; sha256sum "$here"/{build,packages,watch-lines}.sh "$here/guest/first" "$here/board/rpi-board.c" | cut -d' ' -f1; "$node" --version; } | sha256sum | cut -d' ' -f1
}

are_built() { # of what they are made of now
  local name
  for name in "${OWN_MODULES[@]}"; do
    [[ "$folder/$name-$version.ko" -nt "$here/watch-lines.sh" && "$folder/$name-$version.ko" -nt "$here/board/rpi-board.c" ]] || return 1
  done
}

build_modules() { # three files of the kernel's source and one of ours, built against Debian's headers
  local at="$folder/modules.new" package headers name source=linux-source-6.12
  rm -rf "$at" && mkdir -p "$at/headers" "$at/module"
  for package in "${kernel_packages[@]:1:3}"; do unpack "$package" "$at/headers"; done
  { dpkg-deb --fsys-tarfile "$folder"/debs/${source}_*.deb || true; } 2>/dev/null | tar -xO "./usr/src/$source.tar.xz" | xz -dcq -T2 2>/dev/null |
    tar -x -C "$at" --occurrence=1 "$source/"{kernel/irq/irq_sim.c,drivers/gpio/gpio-sim.c,drivers/hwmon/raspberrypi-hwmon.c} 2>/dev/null || true
  headers="$at/headers/usr/src/linux-headers-$version"
  sed -i "s#^include .*#include $at/headers/usr/src/linux-headers-$base-common/Makefile#" "$headers/Makefile"
  rm -f "$headers/vmlinux" # no type data: it would need more tools
  # The interrupt simulator is linked in, for that kernel has none; one call in it is not exported, its inline twin is.
  sed 's/irq_to_desc(irqnum)/irq_data_to_desc(irq_get_irq_data(irqnum))/' "$at/$source/kernel/irq/irq_sim.c" >"$at/module/irq_sim.c"
  "$here/watch-lines.sh" <"$at/$source/drivers/gpio/gpio-sim.c" >"$at/module/gpio_sim_main.c"
  # The driver of the supply's sensor is the kernel's, as it is; whom it asks is ours.
  cp "$at/$source/drivers/hwmon/raspberrypi-hwmon.c" "$here/board/rpi-board.c" "$at/module/"
  {
    echo "obj-m := ${OWN_MODULES[*]/%/.o}"
    echo 'gpio-sim-y := gpio_sim_main.o irq_sim.o'
    printf 'CFLAGS_%s.o := -DCONFIG_RASPBERRYPI_FIRMWARE=1\n' rpi-board raspberrypi-hwmon
  } >"$at/module/Makefile"
  make -s -C "$headers" M="$at/module" modules >"$folder/modules.log" 2>&1 || { tail -20 "$folder/modules.log" >&2; stop "the board's drivers could not be built"; }
  for name in "${OWN_MODULES[@]}"; do
    strip --strip-debug "$at/module/$name.ko"
    mv "$at/module/$name.ko" "$folder/$name-$version.ko"
  done
  rm -rf "$at"
}

lay_modules() { # of kernel tree $1 into root $2
  local from="$1/lib/modules/$version" to="$2/lib/modules/$version" name file part
  mkdir -p "$to/extra"
  cp "$from"/modules.{builtin,builtin.modinfo,order} "$to/"
  [[ -e "$from/modules.dep" ]] || depmod -b "$1" "$version"
  for name in "${MODULES[@]}"; do
    modprobe -d "$1" -S "$version" --show-depends "$name" 2>/dev/null | awk '$1=="insmod"{print $2}' || true
  done | sort -u | while read -r file; do
    part="${file#*lib/modules/"$version"/}"
    mkdir -p "$to/$(dirname "$part")"
    xz -dcq "$file" >"$to/${part%.xz}"
  done
  for name in "${OWN_MODULES[@]}"; do cp "$folder/$name-$version.ko" "$to/extra/$name.ko"; done
  depmod -b "$2" "$version"
}

build_root() {
  local root="$folder/root.new" package kernel="$folder/kernel.new"
  rm -rf "$root" "$kernel" && mkdir -p "$root"/{dev,proc,sys,run,tmp,var,data,opt,root,rig,etc}
  # Debian's merged /usr, as the package base-files makes it when it is installed.
  for package in bin sbin lib lib64; do mkdir -p "$root/usr/$package" && ln -s "usr/$package" "$root/$package"; done
  mapfile -t packages < <(guest_packages)
  fetch "${packages[@]}"
  for package in "${packages[@]}"; do
    dpkg-deb --fsys-tarfile "$folder"/debs/"$package"_*.deb | tar -x -C "$root" --keep-directory-symlink --no-same-owner \
      --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale --exclude=./usr/share/i18n --exclude=./usr/share/zoneinfo
  done
  install -m755 "$node" "$root/usr/bin/node"
  [[ -e "$root/usr/bin/sh" ]] || ln -s dash "$root/usr/bin/sh"
  mkdir -p "$kernel"
  unpack "$kernel_image" "$kernel"
  lay_modules "$kernel" "$root"
  lay_initrd "$root" "$kernel"
  mksquashfs "$root" "$folder/root.sqfs.new" -all-root -comp lz4 -no-progress -quiet -noappend >&2
  cp "$kernel/boot/vmlinuz-$version" "$folder/vmlinuz"
  mv "$folder/initrd.gz.new" "$folder/initrd.gz"
  mv "$folder/root.sqfs.new" "$folder/root.sqfs"
  rm -rf "$root" "$kernel"
}

lay_initrd() { # busybox, the drivers of the disks, and the script that hands over
  local at="$folder/initrd.new" name
  rm -rf "$at" && mkdir -p "$at"/{bin,modules}
  cp "$(command -v busybox)" "$at/bin/busybox"
  install -m755 "$here/guest/first" "$at/init"
  for name in "${BOOT_MODULES[@]}"; do
    modprobe -d "$1" -S "$version" --show-depends "$name" 2>/dev/null | awk '$1=="insmod"{print $2}' || true
  done | awk '!seen[$0]++' | while read -r name; do
    cp "$name" "$at/modules/" && basename "$name" >>"$at/modules/order"
  done
  (cd "$at" && find . | cpio -o -H newc --quiet -R 0:0) | gzip -1 >"$folder/initrd.gz.new"
  rm -rf "$at"
}

exec 9>"$folder/lock"
flock 9
wanted="$(stamp)"
if [[ "$(cat "$folder/stamp" 2>/dev/null)" != "$wanted" ]]; then
  step "fetching Debian's kernel $version"
  fetch "${kernel_packages[@]}"
  are_built || { step "building the board's drivers"; build_modules; }
  step 'laying the root'
  build_root
  printf '%s\n' "$wanted" >"$folder/stamp"
  step "done: $(du -ch --apparent-size "$folder"/{vmlinuz,initrd.gz,root.sqfs} | tail -1 | cut -f1)"
fi
