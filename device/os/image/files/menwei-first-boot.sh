#!/bin/sh
# Once, at the first start of an image: a name of its own, an identity of its own, and data to the end of the card.
set -eu
done_file=/data/first-boot-done
[ ! -e "$done_file" ] || exit 0
mount -o remount,rw /
[ -s /etc/machine-id ] || systemd-machine-id-setup
systemd-machine-id-setup --commit || true
name="gate-$(sha256sum /etc/machine-id | cut -c1-4)"
printf '%s\n' "$name" >/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost ip6-localhost\n' "$name" >/etc/hosts
hostname "$name"
data="$(findmnt -n -o SOURCE /data)"
disk="/dev/$(lsblk -n -o PKNAME "$data" | head -n 1)"
echo ', +' | sfdisk -N 3 --no-reread --force "$disk" >/dev/null || true
partx -u "$disk" || true
resize2fs "$data" || true
mount -o remount,ro /
: >"$done_file"
sync
