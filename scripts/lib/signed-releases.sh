# shellcheck shell=bash
# Releases to try updates with, by a maker of their own. Sourced, after runtime.sh.

# new_maker FILE: a maker's key, and FILE.pub.
new_maker() { node "$MENWEI_ROOT/src/main/cli.ts" root new --out "$1" >/dev/null; }

# sign_release FOLDER MAKER NUMBER: of the packages that lie there.
sign_release() { node "$MENWEI_ROOT/src/main/cli.ts" release sign "$1" --key "$2" --number "$3" >/dev/null; }

# revise PACKAGE REVISION FOLDER [broken]: the same as a later revision; broken, its program ends at once.
revise() {
  local tree="$3.tree" name
  name="$(basename "$1")"
  mkdir -p "$3"
  dpkg-deb -R "$1" "$tree"
  sed -i "s/^\(Version: .*\)-[0-9]*\$/\1-$2/" "$tree/DEBIAN/control"
  [[ "${4:-}" != broken ]] || echo 'throw new Error("broken");' >"$tree/usr/lib/menwei/dist/server/cli.js"
  # shellcheck disable=SC2001
  dpkg-deb --root-owner-group -Zzstd -z1 --build "$tree" "$3/$(sed "s/-[0-9]*_/-$2_/" <<<"$name")" >/dev/null
  rm -rf "$tree"
}
