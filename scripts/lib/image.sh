# shellcheck shell=bash
# Furnishes a Debian root as an appliance, and writes it into an image. Sourced, after runtime.sh and debian-root.sh.

IMAGE_FILES="$MENWEI_ROOT/device/os/image"
# The screen, the name in the network, the network, the time; a kernel that boots on the machine.
IMAGE_PACKAGES='cage chromium avahi-daemon network-manager chrony nut openssl polkitd ffmpeg v4l-utils util-linux-extra'
IMAGE_KERNEL_amd64='linux-image-amd64 grub-efi-amd64'
IMAGE_KERNEL_arm64='linux-image-arm64 raspi-firmware firmware-brcm80211'
# What is written lies on the data partition; where it is bound to, and whose it is.
IMAGE_DATA='menwei:menwei:menwei update:root:root etc:menwei:menwei cache:menwei:menwei log:root:root systemd:root:root connections:root:root network-manager:root:root chrony:root:root'

# furnish_root ROOT ARCHITECTURE PACKAGE RTC BARE
furnish_root() {
  local root="$1" architecture="$2" package="$3" rtc="$4" bare="$5" kernel="IMAGE_KERNEL_$2" file
  cp "$package" "$root/package.deb"
  in_root "$root" dpkg -i /package.deb >&2
  rm "$root/package.deb"
  if [[ "$bare" == no ]]; then
    printf 'deb %s %s main non-free-firmware\n' "$MENWEI_DEBIAN_MIRROR" "$MENWEI_DEBIAN" >"$root/etc/apt/sources.list"
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    in_root "$root" apt-get update -q >&2
    # shellcheck disable=SC2086
    in_root "$root" apt-get install -qy --no-install-recommends $IMAGE_PACKAGES ${!kernel} >&2
    in_root "$root" useradd --system --create-home --groups video,render,input menwei-kiosk
    ln -sfn /run/NetworkManager/resolv.conf "$root/etc/resolv.conf"
    install -D -m 0644 "$IMAGE_FILES/files/chrony.conf" "$root/etc/chrony/chrony.conf"
    in_root "$root" systemctl enable menwei-kiosk.service >&2 || true
  fi
  install -m 0644 "$IMAGE_FILES/fstab" "$root/etc/fstab"
  for file in menwei-first-boot.sh menwei-kiosk.sh; do install -D -m 0644 "$IMAGE_FILES/files/$file" "$root/usr/lib/menwei-image/$file"; done
  for file in menwei-first-boot menwei-kiosk; do install -D -m 0644 "$IMAGE_FILES/files/$file.service" "$root/usr/lib/systemd/system/$file.service"; done
  install -D -m 0644 "$IMAGE_FILES/files/menwei.avahi.service" "$root/etc/avahi/services/menwei.service"
  install -D -m 0644 "$IMAGE_FILES/files/watchdog.conf" "$root/usr/lib/systemd/system.conf.d/60-menwei.conf"
  install -D -m 0644 "$IMAGE_FILES/files/networkmanager.rules" "$root/usr/share/polkit-1/rules.d/60-menwei.rules"
  install -D -m 0600 "$MENWEI_ROOT/device/os/ups/upsmon.conf" "$root/usr/share/menwei/ups/upsmon.conf"
  install -D -m 0644 "$MENWEI_ROOT/device/os/ups/ups.conf" "$root/usr/share/menwei/ups/ups.conf"
  in_root "$root" systemctl enable menwei-first-boot.service >&2
  # No card is another's twin: identity and name are made at the first start.
  : >"$root/etc/machine-id"
  # A gate on its own machine is set up from another one.
  sed -i 's/host: 127.0.0.1/host: 0.0.0.0/' "$root/etc/menwei/gate.yaml"
  mkdir -p "$root/boot/firmware" "$root/data"
  if [[ "$architecture" == arm64 ]]; then
    cp "$IMAGE_FILES/config.txt" "$root/boot/firmware/config-menwei.txt"
    [[ "$rtc" == none ]] || printf 'dtparam=i2c_arm=on\ndtoverlay=i2c-rtc,%s\n' "$rtc" >>"$root/boot/firmware/config-menwei.txt"
    # The firmware's own file takes ours in, last.
    printf 'include config-menwei.txt\n' >>"$root/boot/firmware/config.txt"
  fi
  move_data "$root"
}

# What the package made below /var and /etc is where the data partition begins.
move_data() {
  local root="$1" line name owner group target
  for line in $IMAGE_DATA; do
    IFS=: read -r name owner group <<<"$line"
    target="$(awk -v from="/data/$name" '$1 == from { print $2 }' "$root/etc/fstab")"
    mkdir -p "$root/data/$name" "$root$target"
    cp -a "$root$target/." "$root/data/$name/"
    in_root "$root" chown "$owner:$group" "/data/$name"
    find "$root$target" -mindepth 1 -delete
  done
  mkdir -p "$root/data/time-sources"
  chmod 0750 "$root/data/menwei" "$root/data/etc" "$root/data/cache"
  chmod 0700 "$root/data/update" "$root/data/connections"
}

# write_image ROOT FILE BOOT_MB ROOT_MB DATA_MB; needs no loop device: mke2fs fills its file from a folder.
write_image() {
  local root="$1" file="$2" boot_mb="$3" root_mb="$4" data_mb="$5" parts
  parts="$(mktemp -d "$(dirname "$file")/parts.XXXXXX")"
  rm -f "$file"
  truncate -s "$((1 + boot_mb + root_mb + data_mb))M" "$file"
  sed -e "s/size=524288/size=$((boot_mb * 2048))/" -e "s/size=7340032/size=$((root_mb * 2048))/" "$IMAGE_FILES/partitions.sfdisk" |
    sfdisk --quiet "$file" >&2
  truncate -s "${boot_mb}M" "$parts/boot"
  mkfs.vfat -n MENWEI-BOOT "$parts/boot" >&2
  if command -v mcopy >/dev/null && [[ -n "$(ls -A "$root/boot/firmware")" ]]; then mcopy -s -i "$parts/boot" "$root"/boot/firmware/* ::; fi
  mv "$root/data" "$parts/data-files"
  mkdir "$root/data"
  mke2fs -q -F -t ext4 -L menwei-data -d "$parts/data-files" "$parts/data" "${data_mb}M" >&2
  mke2fs -q -F -t ext4 -L menwei-root -d "$root" "$parts/root" "${root_mb}M" >&2
  dd if="$parts/boot" of="$file" bs=1M seek=1 conv=notrunc,sparse status=none
  dd if="$parts/root" of="$file" bs=1M seek="$((1 + boot_mb))" conv=notrunc,sparse status=none
  dd if="$parts/data" of="$file" bs=1M seek="$((1 + boot_mb + root_mb))" conv=notrunc,sparse status=none
  rm -rf "$parts"
}
