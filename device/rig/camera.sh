#!/usr/bin/env bash
# Builds FOLDER/camera.sqfs, a layer for the virtual Pi's root: Debian's ffmpeg and the libraries that it loads, no more.
#   camera.sh FOLDER
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
folder="$(mkdir -p "$1" && cd "$1" && pwd -P)"
umask 022
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
# shellcheck source=packages.sh
. "$here/packages.sh"

# They come by name, and nothing of them is loaded: that no library is missed is seen below.
NOT_NEEDED='^(perl.*|lib.*perl.*|cdebconf|debconf|adduser|dpkg|passwd|tar|libc6|gcc-12-base|fonts-.*|ttf-.*|xfonts-.*|fontconfig|fontconfig-config|libgl1-mesa-dri|libllvm15|shared-mime-info|xkb-data|x11-common|libopenal-data|lib(blis|atlas|openblas).*|libasound2-data|libdrm-(amdgpu1|intel1|nouveau2|radeon1)|libx11-data|install-info|lsb-base|sysvinit-utils|libpam.*|libnewt.*|libelogind0|libdebian-installer4|lib(avcodec|avformat|avfilter)-extra.*|libtesseract5|liblept5)$'
LIBRARIES=usr/lib/x86_64-linux-gnu

build() {
  local from="$folder/camera.from" to="$folder/camera.new" package name file path
  rm -rf "$from" "$to" && mkdir -p "$from" "$to/usr/bin" "$to/$LIBRARIES"
  fetch "${packages[@]}"
  for package in "${packages[@]}"; do unpack "$package" "$from"; done
  path="$from/$LIBRARIES:$from/lib/x86_64-linux-gnu:$from/$LIBRARIES/blas:$from/$LIBRARIES/lapack:$from/$LIBRARIES/pulseaudio:$from/$LIBRARIES/samba"
  # `name => file (address)`, or `name => not found`.
  while read -r name _ file _; do
    [[ "$file" != not ]] || stop "ffmpeg would miss $name"
    [[ "$file" != "$from"/* ]] || cp -L "$file" "$to/$LIBRARIES/$name"
  done < <(LD_LIBRARY_PATH="$path" ldd "$from/usr/bin/ffmpeg" | grep '=>')
  cp "$from/usr/bin/ffmpeg" "$to/usr/bin/ffmpeg"
  # Not compressed: what is loaded at each start is quicker read than unpacked in the emulator.
  mksquashfs "$to" "$folder/camera.sqfs.new" -all-root -noI -noD -noF -noX -no-progress -quiet -noappend >&2
  mv "$folder/camera.sqfs.new" "$folder/camera.sqfs"
  rm -rf "$from" "$to"
}

exec 9>"$folder/lock"
flock 9
mapfile -t packages < <(with_needs ffmpeg | grep -Ev "$NOT_NEEDED")
wanted="$({ printf '%s\n' "${packages[@]}"; sha256sum "$here"/{camera,packages}.sh | cut -d' ' -f1; } | sha256sum | cut -d' ' -f1)"
if [[ "$(cat "$folder/camera.stamp" 2>/dev/null)" != "$wanted" ]]; then
  step 'laying ffmpeg'
  build
  printf '%s\n' "$wanted" >"$folder/camera.stamp"
  step "done: $(du -h --apparent-size "$folder/camera.sqfs" | cut -f1)"
fi
