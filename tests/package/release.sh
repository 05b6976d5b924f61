# For the other scripts of this folder, which are called with the folder of the sources.
set -euo pipefail
shopt -s nullglob
sources=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch

# quietly COMMAND...: what it says is shown only when it fails
quietly() {
    "$@" >"$scratch/said" 2>&1 </dev/null || { cat "$scratch/said"; echo "FAILED: $*"; exit 1; } >&2
}
# release DIR: the tarball of the release, made and unpacked there; prints the name of what was unpacked
release() {
    mkdir -p "$1"
    quietly meson setup "$scratch/release" "$sources" -Dtests=false
    quietly meson dist -C "$scratch/release" --no-tests --allow-dirty --formats xztar
    cp "$scratch"/release/meson-dist/*.tar.xz "$1"
    tar -xf "$1"/*.tar.xz -C "$1"
    basename "$1"/*.tar.xz .tar.xz
}
