#!/bin/sh
# Once, at the first start of an image: a name of its own, an identity of its own, and data to the end of the card.
set -eu
done_file=/data/first-boot-done
[ ! -e "$done_file" ] || exit 0
mount -o remount,rw /
[ -s /etc/machine-id ] || systemd-machine-id-setup
# What systemd has drawn lies over the file until it is written down; --commit would want a namespace, which this unit may not make.
identity="$(cat /etc/machine-id)"
! mountpoint -q /etc/machine-id || umount -l /etc/machine-id
printf '%s\n' "$identity" >/etc/machine-id
name="gate-$(sha256sum /etc/machine-id | cut -c1-4)"
printf '%s\n' "$name" >/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost ip6-localhost\n' "$name" >/etc/hosts
hostname "$name"
mount -o remount,ro / || echo 'the root is still being written to; it is read-only after the next start'
# A power cut in between leaves no half of a key that would be taken for one.
if [ -x /usr/bin/ssh-keygen ] && [ ! -s /data/ssh/host ]; then
  mkdir -p -m 0700 /data/ssh
  rm -f /data/ssh/new /data/ssh/new.pub
  ssh-keygen -q -t ed25519 -N '' -C "$name" -f /data/ssh/new
  sync
  mv /data/ssh/new.pub /data/ssh/host.pub
  mv /data/ssh/new /data/ssh/host
fi
data="$(findmnt -n -o SOURCE /data | sed 's/\[.*//')"
disk="/dev/$(lsblk -n -o PKNAME "$data" | head -n 1)"
# A card that cannot be grown is a gate all the same; it is said, and not tried again.
{ echo ', +' | sfdisk -q -N 3 --no-reread --force "$disk" && partx -u "$disk" && resize2fs "$data"; } || echo 'the data partition could not be grown'
: >"$done_file"
sync
