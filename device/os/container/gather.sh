#!/bin/sh
# gather.sh PACKAGES OUT: the newest package's program, the libraries that it loads, sh, and a user of its own, below OUT.
set -eu
packages="$1" out="$2"

package="$(ls -v "$packages"/menwei_*.deb | tail -n 1)"
mkdir -p "$out"
dpkg-deb --fsys-tarfile "$package" | tar -x -C "$out" ./usr/lib/menwei ./usr/bin/menwei ./usr/share/doc/menwei
cp "$packages/healthcheck.ts" "$out/usr/lib/menwei/"

# The runtime and its add-ons; sh is what guards the relay when the gate's process is killed.
if ! ldd "$out/usr/lib/menwei/bin/node" | grep -q 'libatomic.so.1 =>'; then
  apt-get update && apt-get install -y --no-install-recommends libatomic1 libstdc++6
fi
mkdir -p "$out/bin" "$out/etc/menwei" "$out/var/lib/menwei" "$out/tmp"
cp -L /bin/sh "$out/bin/sh"
{
  printf '%s\n' /bin/sh "$out/usr/lib/menwei/bin/node"
  find "$out/usr/lib/menwei/node_modules" -name '*.node'
} | while read -r program; do ldd "$program" 2>/dev/null || true; done |
  sed -n 's/^.*=> \(\/[^ ]*\) .*$/\1/p; s/^[[:space:]]*\(\/[^ ]*ld-linux[^ ]*\) .*$/\1/p' | sort -u |
  while read -r library; do
    mkdir -p "$out$(dirname "$library")"
    [ -e "$out$library" ] || cp -L "$library" "$out$library"
  done

printf 'root:x:0:0:root:/:/usr/sbin/nologin\nmenwei:x:10001:10001:Menwei:/var/lib/menwei:/usr/sbin/nologin\n' >"$out/etc/passwd"
printf 'root:x:0:\nmenwei:x:10001:\n' >"$out/etc/group"
chown -R 10001:10001 "$out/var/lib/menwei"
chmod 0750 "$out/var/lib/menwei"
chmod 1777 "$out/tmp"
