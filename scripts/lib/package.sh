# shellcheck shell=bash
# Lays out and packs one Debian package. Sourced, after runtime.sh; needs dist/server and dist/ui as they should be.

# As Node and npm say it.
node_arch() { case "$1" in amd64) echo x64 ;; arm64) echo arm64 ;; esac }

# Prints the folder of the runtime for the architecture; another machine's is brought by npm and never started.
runtime_of() {
  local arch="$1" name target staging
  name="node-linux-$arch"
  target="$MENWEI_ROOT/.runtime/$name-$MENWEI_NODE_VERSION"
  [[ -x "$target/bin/node" ]] || with_lock bring_runtime "$name" "$target" || exit 1
  printf '%s\n' "$target"
}

bring_runtime() {
  local name="$1" target="$2" staging
  [[ -x "$target/bin/node" ]] && return 0
  say "bringing Node.js $MENWEI_NODE_VERSION ($name), about 60 MB, once …"
  staging="$(mktemp -d "$MENWEI_ROOT/.runtime/staging.XXXXXX")" || die "cannot write to $MENWEI_ROOT/.runtime."
  (cd "$staging" && run_npm install --prefix "$staging" --no-save --no-package-lock --ignore-scripts --force "$name@$MENWEI_NODE_VERSION") >&2 ||
    { rm -rf "$staging"; die "could not bring $name: is the network there, and does 'npm ping' answer?"; }
  mv "$staging/node_modules/$name" "$target"
  rm -rf "$staging"
}

# Prints the folder with the packages that are made for the architecture and are not in node_modules.
fetched_for() {
  local arch="$1" folder names stamp
  mapfile -t names < <(node "$MENWEI_ROOT/scripts/lib/package-tree.ts" foreign "$arch")
  stamp="${names[*]}"
  folder="$MENWEI_ROOT/.cache/package/$arch"
  if [[ "$(cat "$folder/.stamp" 2>/dev/null)" != "$stamp" ]]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    (cd "$folder" && run_npm install --prefix "$folder" --no-save --no-package-lock --ignore-scripts --force --cpu="$arch" --os=linux "${names[@]}") >&2 ||
      die "could not bring the packages for $arch: is the network there, and does 'npm ping' answer?"
    printf '%s' "$stamp" >"$folder/.stamp"
  fi
  printf '%s\n' "$folder"
}

# make_package ARCHITECTURE REVISION OUT; prints the package's file.
make_package() {
  local architecture="$1" revision="$2" out="$3" arch runtime fetched version tree file
  arch="$(node_arch "$architecture")"
  runtime="$(runtime_of "$arch")"
  fetched="$(fetched_for "$arch")"
  version="$(node -p 'require(process.argv[1]).version' "$MENWEI_ROOT/package.json")-$revision"
  tree="$(mktemp -d "${TMPDIR:-/tmp}/menwei-package-XXXXXX")"
  # shellcheck disable=SC2064
  trap "rm -rf '$tree'" RETURN
  say "laying out menwei $version for $architecture …"
  lay_out_program "$tree" "$arch" "$runtime" "$fetched"
  lay_out_system "$tree" "$architecture" "$version"
  file="$out/menwei_${version}_$architecture.deb"
  # zstd: a Pi unpacks it in a tenth of xz's time; every dpkg since Debian 12 reads it.
  dpkg-deb --root-owner-group -Zzstd -z"${MENWEI_PACKAGE_LEVEL:-12}" --build "$tree" "$file.new" >&2
  mv "$file.new" "$file"
  printf '%s\n' "$file"
}

lay_out_program() {
  local tree="$1" arch="$2" runtime="$3" fetched="$4" lib="$1/usr/lib/menwei"
  node "$MENWEI_ROOT/scripts/lib/package-tree.ts" "$arch" "$fetched" "$lib"
  install -D -m 0755 "$runtime/bin/node" "$lib/bin/node"
  cp "$runtime/LICENSE" "$lib/bin/LICENSE"
  cp "$MENWEI_ROOT/package.json" "$lib/package.json"
  find "$lib" -type d -exec chmod 0755 {} +
  find "$lib" -type f ! -path "$lib/bin/node" -exec chmod 0644 {} +
}

lay_out_system() {
  local tree="$1" architecture="$2" version="$3" os="$MENWEI_ROOT/device/os" unit file
  install -D -m 0755 "$os/package/menwei" "$tree/usr/bin/menwei"
  for unit in "$os"/systemd/*.service "$os"/systemd/*.path; do install -D -m 0644 "$unit" "$tree/usr/lib/systemd/system/${unit##*/}"; done
  install -D -m 0644 "$os/systemd/60-menwei-journald.conf" "$tree/usr/lib/systemd/journald.conf.d/60-menwei.conf"
  install -D -m 0644 "$os/package/sysusers.conf" "$tree/usr/lib/sysusers.d/menwei.conf"
  install -D -m 0644 "$os/package/tmpfiles.conf" "$tree/usr/lib/tmpfiles.d/menwei.conf"
  install -D -m 0644 "$os/udev/70-menwei.rules" "$tree/usr/lib/udev/rules.d/70-menwei.rules"
  install -D -m 0755 "$os/update/install.sh" "$tree/usr/lib/menwei/update/install.sh"
  install -D -m 0644 "$os/package/gate.new.yaml" "$tree/usr/share/menwei/gate.new.yaml"
  for file in "$os"/ups/*; do install -D -m 0644 "$file" "$tree/usr/share/menwei/ups/${file##*/}"; done
  install -D -m 0644 "$MENWEI_ROOT/config/gate.example.yaml" "$tree/usr/share/doc/menwei/gate.example.yaml"
  install -D -m 0644 "$MENWEI_ROOT/config/district.example.yaml" "$tree/usr/share/doc/menwei/district.example.yaml"
  install -D -m 0644 "$MENWEI_ROOT/docs/appliance.md" "$tree/usr/share/doc/menwei/appliance.md"
  install -D -m 0644 "$MENWEI_ROOT/LICENSE" "$tree/usr/share/doc/menwei/copyright"
  mv "$tree/usr/lib/menwei/third-party-licenses.txt" "$tree/usr/share/doc/menwei/third-party-licenses.txt"
  chmod 0755 "$tree"
  mkdir -p "$tree/DEBIAN"
  sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$architecture/" -e "s/@NODE@/$MENWEI_NODE_VERSION/" \
    -e "s/@KILOBYTES@/$(du -sk --exclude=DEBIAN "$tree" | cut -f1)/" "$os/package/control" >"$tree/DEBIAN/control"
  for script in postinst prerm postrm; do install -m 0755 "$os/package/$script" "$tree/DEBIAN/$script"; done
  (cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
}
