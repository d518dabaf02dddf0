#!/bin/sh
# menwei-wifi.sh FILE FOLDER: FILE says `ssid=…` and `psk=…`, a line each; a connection of NetworkManager's is made of it in FOLDER.
# What is no name of 1 to 32 bytes or no password of 8 to 63 characters makes none, and ends with 1; neither is ever shown.
set -eu
umask 077
value() { sed -n "s/\r\$//; s/^[[:space:]]*$1=//p" "$file" | head -n 1; }
file="$1" folder="$2"
ssid="$(value ssid)" psk="$(value psk)"
bytes="$(printf %s "$ssid" | od -An -v -tu1 | tr -s ' \n' ';;' | sed 's/^;*//; s/;*$/;/')"
count="$(printf %s "$ssid" | wc -c)"
[ "$count" -ge 1 ] && [ "$count" -le 32 ] || { echo 'wifi.txt: ssid: no name of 1 to 32 bytes; write ssid=NAME'; exit 1; }
printf %s "$psk" | LC_ALL=C grep -Eqx '[ -~]{8,63}' || { echo 'wifi.txt: psk: no password of 8 to 63 letters, figures and signs; write psk=PASSWORD'; exit 1; }
# As bytes, and with its signs escaped: no name and no password can say a line of its own (nm-settings-keyfile(5)).
escaped="$(printf %s "$psk" | sed 's/\\/\\\\/g; s/^ /\\s/')"
printf '[connection]\nid=card\ntype=wifi\n\n[wifi]\nssid=%s\n\n[wifi-security]\nkey-mgmt=wpa-psk\npsk=%s\n\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n' \
  "$bytes" "$escaped" >"$folder/card.nmconnection.new"
mv "$folder/card.nmconnection.new" "$folder/card.nmconnection"
echo 'wifi.txt: taken'
