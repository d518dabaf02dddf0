#!/bin/sh
# menwei-kiosk.sh key: notes which key the gate's certificate has.   menwei-kiosk.sh show: one page, full screen, nothing kept.
# menwei-kiosk.sh watch PORT PROCESS SECONDS: ends the process once nobody of its user is connected to the port for so long.
set -eu
key=/run/menwei-kiosk/key
# A display that shows its page is always connected to its gate. A browser that starts on a busy
# machine may be left with an empty window: it is begun anew. The first start from a slow card takes a minute or two.
ALONE_SECONDS_MAX=300
# A part of the browser that has not found the others after 15 s would end itself. The part that fetches pages is among them: it is begun
# again, what it had been asked for is not, and the window stays empty.
PARTS_SECONDS_MAX=180
# As the kernel lists them: the remote end, the state (established), the user.
is_connected() {
  awk -v port=":$(printf '%04X' "$1")" -v user="$(id -u)" \
    '$4 == "01" && $8 == user && substr($3, length($3) - 4) == port { found = 1 } END { exit !found }' /proc/net/tcp /proc/net/tcp6
}
case "${1:-}" in
  key)
    certificate=/var/lib/menwei/gate/keys/http.pem
    : >"$key"
    [ ! -e "$certificate" ] || openssl x509 -in "$certificate" -pubkey -noout | openssl pkey -pubin -outform der |
      openssl dgst -sha256 -binary | base64 >"$key"
    chmod 0644 "$key"
    ;;
  show)
    page="$KIOSK_PAGE"
    # Without a certificate the gate listens on the loopback alone, in the clear.
    [ -s "$key" ] || page="http://127.0.0.1:8443/${page#*://*/}"
    # The user's own place in /run is shut to the service, as the homes are.
    export XDG_RUNTIME_DIR="${key%/*}"
    place="${page#*://}"
    place="${place%%/*}"
    case "$place" in *:*) port="${place##*:}" ;; *) port=443 ;; esac
    sh "$0" watch "$port" "$$" "$ALONE_SECONDS_MAX" &
    # No folder of shared memory is large enough for Debian's start script, which sends the browser to the smaller one of temporary files.
    export TMPDIR=/dev/shm
    exec cage -- chromium --kiosk --app="$page" --ozone-platform=wayland --incognito --no-first-run --disable-sync --disable-extensions \
      --disable-background-networking --disable-component-update --password-store=basic --ipc-connection-timeout="$PARTS_SECONDS_MAX" \
      --autoplay-policy=no-user-gesture-required --user-data-dir=/tmp/menwei-kiosk --ignore-certificate-errors-spki-list="$(cat "$key")"
    ;;
  watch)
    port="$2" process="$3" seconds="$4" alone=0
    while kill -0 "$process" 2>/dev/null; do
      if is_connected "$port"; then alone=0; else alone=$((alone + 1)); fi
      if [ "$alone" -ge "$seconds" ]; then
        echo "no page is connected to the gate: the browser is begun anew" >&2
        kill "$process"
        exit 0
      fi
      sleep 1
    done
    ;;
  *) exit 2 ;;
esac
