# shellcheck shell=bash
# Tells whether dist/server was made of the sources as they are. Sourced; needs MENWEI_ROOT as the current folder.

SERVER_SOURCES=(src device config package-lock.json package.json scripts/lib/server-bundle.ts)

server_stamp() {
  find "${SERVER_SOURCES[@]}" -path src/ui -prune -o -type f ! -name '*.test.*' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}
server_is_fresh() { [[ "$(cat dist/server/.stamp 2>/dev/null)" == "$1" ]]; }
