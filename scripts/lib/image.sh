# shellcheck shell=bash
# Furnishes a Debian root as an appliance, and writes it into an image. Sourced, after runtime.sh and debian-root.sh.

IMAGE_FILES="$MENWEI_ROOT/device/os/image"
# The screen and its letters, the name in the network, the network, the time, the UPS, and what checks file systems and grows the card.
IMAGE_PACKAGES='cage chromium chromium-sandbox fonts-noto-cjk avahi-daemon network-manager wpasupplicant wireless-regdb dbus libpam-systemd
  e2fsprogs dosfstools chrony nut openssl zstd polkitd ffmpeg v4l-utils util-linux-extra fdisk ca-certificates nano'
# Somebody with a key of their own may come in; without one there is no login at all.
IMAGE_ADMIN_PACKAGES='openssh-server sudo'
# A kernel that boots on the machine. A Pi 5 has its pins, its network and its USB behind a chip that Debian 13's own kernel does
# not know: for a Pi it comes from the backports.
IMAGE_KERNEL_amd64='linux-image-amd64 grub-efi-amd64-bin firmware-iwlwifi firmware-realtek'
IMAGE_KERNEL_arm64="linux-image-arm64/$MENWEI_DEBIAN-backports raspi-firmware firmware-brcm80211/$MENWEI_DEBIAN-backports initramfs-tools"
IMAGE_PI_BOARDS='bcm2711-rpi-4-b bcm2712-rpi-5-b bcm2712-d-rpi-5-b bcm2837-rpi-zero-2-w'
# What cannot be done on a root that is read-only; and a terminal that the display needs, at which nobody could log in.
IMAGE_UNITS_OFF='apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service getty@tty1.service'
# What is written lies on the data partition; where it is bound to stands in fstab. The rest keeps the owner that its package gave it.
IMAGE_DATA='menwei update etc cache log systemd connections network-manager chrony'
IMAGE_OWNERS='menwei:menwei:menwei update:root:root etc:menwei:menwei cache:menwei:menwei'

# furnish_root ROOT ARCHITECTURE PACKAGE BARE; asks image_rtc, image_country, image_admin_key and image_release_key.
furnish_root() {
  local root="$1" architecture="$2" package="$3" bare="$4" hurry="$1/etc/dpkg/dpkg.cfg.d/image"
  # What is being made here is made anew after a power cut.
  echo force-unsafe-io >"$hurry"
  cp "$package" "$root/package.deb"
  in_root "$root" dpkg -i /package.deb >&2
  rm "$root/package.deb"
  [[ "$bare" == yes ]] || furnish_system "$root" "$architecture"
  install_files "$root"
  # No card is another's twin: identity and name are made at the first start.
  : >"$root/etc/machine-id"
  # systemd would take D-Bus's for it, which was made with the image.
  [[ ! -d "$root/var/lib/dbus" ]] || ln -sfn /etc/machine-id "$root/var/lib/dbus/machine-id"
  # Time goes on from when the image was made, not from when systemd was.
  touch "$root/usr/lib/clock-epoch"
  # A gate on its own machine is set up from another one.
  sed -i 's/host: 127.0.0.1/host: 0.0.0.0/' "$root/etc/menwei/gate.yaml"
  mkdir -p "$root/boot/firmware" "$root/data"
  [[ -z "$image_release_key" ]] || install -D -m 0644 "$image_release_key" "$root/etc/menwei-release/release.pub"
  rm "$hurry"
  move_data "$root"
}

furnish_system() {
  local root="$1" architecture="$2" kernel="IMAGE_KERNEL_$2" suite security
  # Debian's own places, each with what was mended since.
  security="${MENWEI_DEBIAN_SECURITY_MIRROR:-$(debian_place Debian-Security)}"
  [[ -n "$security" ]] || die 'no place of Debian’s security updates in the sources of apt here: set MENWEI_DEBIAN_SECURITY_MIRROR'
  for suite in "$MENWEI_DEBIAN_MIRROR $MENWEI_DEBIAN" "$MENWEI_DEBIAN_MIRROR $MENWEI_DEBIAN-updates" "$MENWEI_DEBIAN_MIRROR $MENWEI_DEBIAN-backports" "$security $MENWEI_DEBIAN-security"; do
    printf 'deb %s main non-free-firmware\n' "$suite"
  done >"$root/etc/apt/sources.list"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  # A Pi 5 that starts from USB has its disk behind these; the initial file system is made as the kernel comes.
  install -D -m 0644 "$IMAGE_FILES/initramfs-modules" "$root/usr/share/initramfs-tools/modules.d/menwei"
  install -D -m 0644 "$IMAGE_FILES/initramfs.conf" "$root/usr/share/initramfs-tools/conf.d/menwei"
  install -D -m 0755 "$IMAGE_FILES/initramfs-hook" "$root/usr/share/initramfs-tools/hooks/menwei"
  mkdir -p "$root/var/lib/menwei-image"
  in_root "$root" apt-get update -q >&2
  in_root "$root" apt-get upgrade -qy >&2
  # shellcheck disable=SC2086
  in_root "$root" apt-get install -qy --no-install-recommends $IMAGE_PACKAGES ${!kernel} >&2
  in_root "$root" useradd --system --create-home --groups video,render,input menwei-kiosk
  # shellcheck disable=SC2086
  in_root "$root" systemctl mask $IMAGE_UNITS_OFF >&2
  [[ -z "$image_admin_key" ]] || let_admin_in "$root"
  "boot_$architecture" "$root"
  in_root "$root" apt-get clean
  rm -rf "$root"/var/lib/apt/lists/*
  ln -sfn /run/NetworkManager/resolv.conf "$root/etc/resolv.conf"
  install -D -m 0644 "$IMAGE_FILES/files/chrony.conf" "$root/etc/chrony/chrony.conf"
  # -s: where no real-time clock is, time goes on from the last that was known.
  printf 'DAEMON_OPTS="-F 1 -s"\n' >"$root/etc/default/chrony"
}

# By key alone, as root by sudo; the host's own keys are made at the first start.
let_admin_in() {
  local root="$1" home
  # shellcheck disable=SC2086
  in_root "$root" apt-get install -qy --no-install-recommends $IMAGE_ADMIN_PACKAGES >&2
  rm -f "$root"/etc/ssh/ssh_host_*
  in_root "$root" useradd --create-home --shell /bin/bash --groups sudo,systemd-journal,dialout,video admin
  home="$(in_root "$root" getent passwd admin | cut -d: -f6)"
  in_root "$root" install -d -o admin -g admin -m 0700 "$home/.ssh"
  install -m 0600 "$image_admin_key" "$root$home/.ssh/authorized_keys"
  in_root "$root" chown admin:admin "$home/.ssh/authorized_keys"
  printf 'admin ALL=(ALL) NOPASSWD: ALL\n' >"$root/etc/sudoers.d/60-menwei"
  chmod 0440 "$root/etc/sudoers.d/60-menwei"
  install -m 0644 "$IMAGE_FILES/files/sshd.conf" "$root/etc/ssh/sshd_config.d/60-menwei.conf"
}

# Debian's hook writes the firmware's files anew with each kernel: what is ours is asked for there.
boot_arm64() {
  local root="$1" chip='' overlay
  local firmware="$root/boot/firmware" custom="$root/etc/default/raspi-firmware-custom"
  install -m 0644 "$IMAGE_FILES/firmware.conf" "$root/etc/default/raspi-firmware"
  install -m 0644 "$IMAGE_FILES/config.txt" "$custom"
  sed "s/@COUNTRY@/$image_country/" "$IMAGE_FILES/cmdline" >"$root/etc/default/raspi-extra-cmdline"
  mkdir -p "$firmware/overlays"
  case "$image_rtc" in ds3231) chip=maxim,ds3231 ;; pcf8523) chip=nxp,pcf8523 ;; esac
  for overlay in bcm2712d0 ${chip:+menwei-rtc menwei-rtc-pi5}; do
    sed "s/@CHIP@/$chip/" "$IMAGE_FILES/overlays/$overlay.dts" | dtc -@ -q -I dts -O dtb -o "$firmware/overlays/$overlay.dtbo" -
  done
  [[ -z "$chip" ]] || printf '[pi4]\ndtoverlay=menwei-rtc\n[pi02]\ndtoverlay=menwei-rtc\n[pi5]\ndtoverlay=menwei-rtc-pi5\n[all]\n' >>"$custom"
  in_root "$root" DEB_MAINT_PARAMS=configure /etc/kernel/postinst.d/z50-raspi-firmware >&2
  check_boards "$firmware"
}

# A firmware that finds a tree or a place in it missing starts nothing, or leaves the overlay out without a word.
check_boards() {
  local firmware="$1" board overlay
  for board in $IMAGE_PI_BOARDS; do
    [[ -s "$firmware/$board.dtb" ]] || die "the kernel has no device tree of $board"
    for overlay in "$firmware"/overlays/*.dtbo; do
      case "$overlay:$board" in */bcm2712d0.dtbo:bcm2712* | *-pi5.dtbo:bcm2712* | */menwei-rtc.dtbo:bcm2711* | */menwei-rtc.dtbo:bcm2837*) ;; *) continue ;; esac
      fdtoverlay -i "$firmware/$board.dtb" -o /dev/null "$overlay" || die "${overlay##*/} does not fit the device tree of $board"
    done
  done
}

# The one place where every UEFI looks on a disk that it does not know.
boot_amd64() {
  local root="$1"
  mkdir -p "$root/boot/firmware/EFI/BOOT"
  cp "$IMAGE_FILES/grub.cfg" "$root/grub.cfg"
  in_root "$root" grub-mkstandalone -O x86_64-efi -o /boot/firmware/EFI/BOOT/BOOTX64.EFI boot/grub/grub.cfg=/grub.cfg >&2
  rm "$root/grub.cfg"
}

install_files() {
  local root="$1" file unit
  install -m 0644 "$IMAGE_FILES/fstab" "$root/etc/fstab"
  for file in menwei-first-boot.sh menwei-kiosk.sh menwei-wifi.sh; do install -D -m 0644 "$IMAGE_FILES/files/$file" "$root/usr/lib/menwei-image/$file"; done
  for unit in menwei-first-boot.service menwei-kiosk.service menwei-wifi.service menwei-time-sources.service menwei-time-sources.path; do install -D -m 0644 "$IMAGE_FILES/files/$unit" "$root/usr/lib/systemd/system/$unit"; done
  install -D -m 0644 "$IMAGE_FILES/files/menwei-kiosk.rules" "$root/usr/lib/udev/rules.d/70-menwei-kiosk.rules"
  install -D -m 0644 "$IMAGE_FILES/files/menwei.avahi.service" "$root/etc/avahi/services/menwei.service"
  install -D -m 0644 "$IMAGE_FILES/files/watchdog.conf" "$root/usr/lib/systemd/system.conf.d/60-menwei.conf"
  install -D -m 0644 "$IMAGE_FILES/files/networkmanager.rules" "$root/usr/share/polkit-1/rules.d/60-menwei.rules"
  install -D -m 0644 "$IMAGE_FILES/files/chromium-policy.json" "$root/etc/chromium/policies/managed/menwei.json"
  install -D -m 0644 "$IMAGE_FILES/files/emergency.conf" "$root/usr/lib/systemd/system/emergency.service.d/60-menwei.conf"
  install -D -m 0644 "$IMAGE_FILES/files/logind.conf" "$root/usr/lib/systemd/logind.conf.d/60-menwei.conf"
  install -D -m 0644 "$IMAGE_FILES/files/sysctl.conf" "$root/usr/lib/sysctl.d/60-menwei.conf"
  in_root "$root" systemctl mask ctrl-alt-del.target >&2
  in_root "$root" systemctl enable menwei-first-boot.service menwei-wifi.service menwei-time-sources.path >&2
}

# What the packages made below /var and /etc is where the data partition begins.
move_data() {
  local root="$1" name target line owner group
  for name in $IMAGE_DATA; do
    target="$(awk -v from="/data/$name" '$1 == from { print $2 }' "$root/etc/fstab")"
    mkdir -p "$root/data/$name" "$root$target"
    cp -a "$root$target/." "$root/data/$name/"
    find "$root$target" -mindepth 1 -delete
  done
  for line in $IMAGE_OWNERS; do
    IFS=: read -r name owner group <<<"$line"
    in_root "$root" chown "$owner:$group" "/data/$name"
  done
  mkdir -p "$root/data/time-sources"
  in_root "$root" chown menwei:menwei /data/time-sources
  chmod 0750 "$root/data/menwei" "$root/data/etc" "$root/data/cache"
  chmod 0700 "$root/data/update" "$root/data/connections"
}

# write_image ROOT FILE ARCHITECTURE BOOT_MB ROOT_MB DATA_MB; needs no loop device: mke2fs fills its file from a folder.
write_image() {
  local root="$1" file="$2" architecture="$3" boot_mb="$4" root_mb="$5" parts
  local data_mb="$6" boot_type='type=c, bootable'
  parts="$(mktemp -d "$(dirname "$file")/parts.XXXXXX")"
  rm -f "$file"
  truncate -s "$((1 + boot_mb + root_mb + data_mb))M" "$file"
  # The partition that a UEFI looks for.
  [[ "$architecture" == arm64 ]] || boot_type='type=ef'
  sed -e "s/size=524288, .*/size=$((boot_mb * 2048)), $boot_type/" -e "s/size=7340032/size=$((root_mb * 2048))/" "$IMAGE_FILES/partitions.sfdisk" |
    sfdisk --quiet "$file" >&2
  truncate -s "${boot_mb}M" "$parts/boot"
  mkfs.vfat -n MENWEI-BOOT "$parts/boot" >&2
  if [[ -n "$(ls -A "$root/boot/firmware")" ]]; then mcopy -s -i "$parts/boot" "$root"/boot/firmware/* ::; fi
  rm -rf "$root"/boot/firmware/*
  mv "$root/data" "$parts/data-files"
  mkdir "$root/data"
  mke2fs -q -F -t ext4 -L menwei-data -d "$parts/data-files" "$parts/data" "${data_mb}M" >&2
  mke2fs -q -F -t ext4 -L menwei-root -d "$root" "$parts/root" "${root_mb}M" >&2
  dd if="$parts/boot" of="$file" bs=1M seek=1 conv=notrunc,sparse status=none
  dd if="$parts/root" of="$file" bs=1M seek="$((1 + boot_mb))" conv=notrunc,sparse status=none
  dd if="$parts/data" of="$file" bs=1M seek="$((1 + boot_mb + root_mb))" conv=notrunc,sparse status=none
  rm -rf "$parts"
}
