#!/bin/sh
# menwei-kiosk.sh key: notes which key the gate's certificate has.   menwei-kiosk.sh show: one page, full screen, nothing kept.
set -eu
key=/run/menwei-kiosk/key
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
    exec cage -- chromium --kiosk --ozone-platform=wayland --incognito --no-first-run --disable-sync \
      --disable-background-networking --autoplay-policy=no-user-gesture-required --user-data-dir=/tmp/menwei-kiosk --ignore-certificate-errors-spki-list="$(cat "$key")" "$page"
    ;;
  *) exit 2 ;;
esac
