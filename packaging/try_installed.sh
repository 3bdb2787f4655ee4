#!/usr/bin/env bash
# Tries the Debian package as a clinic would meet it: into a clean, minimal Debian 12 in a folder of its own, by apt;
# started by an ordinary user, the sample through the window (on an Xvfb of this machine) to a PDF, upgraded, removed.
# Prints what was done with times, sizes and exit codes; ends at the first thing that is not as it should be.
set -euo pipefail

usage="Usage (as root): bash packaging/try_installed.sh [--deb FILE] [--mirror ADDRESS] [--folder DIR] [--pictures DIR]"
root=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
deb='' mirror='' folder='' pictures=''
while (($#)); do
    case $1 in
        --deb) deb=$2 ;;
        --mirror) mirror=$2 ;;
        --folder) folder=$2 ;;
        --pictures) pictures=$2 ;;
        *) printf '%s\n' "$usage" >&2; exit 2 ;;
    esac
    shift 2 || { printf '%s\n' "$usage" >&2; exit 2; }
done

die() { printf 'try_installed: %s\n' "$*" >&2; exit 1; }

[[ $(id -u) == 0 ]] || die "Making another system needs the administrator: run it as root."
for tool in debootstrap:debootstrap Xvfb:xvfb xdotool:xdotool import:imagemagick; do
    command -v "${tool%:*}" >/dev/null || die "${tool%:*} is missing: apt-get install debootstrap xvfb xdotool imagemagick"
done
if [[ ! $mirror ]]; then # the one that this machine itself uses
    mirror=$(sed -nE 's/^URIs:[[:space:]]*//p; s/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]].*/\2/p' \
        /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | head -1 || true)
    [[ $mirror ]] || die "No Debian mirror is configured on this machine: name one with --mirror."
fi

scratch=$(mktemp -d)
system=${folder:-$scratch/system}
pictures=${pictures:-$scratch/pictures}
display=:93
mkdir -p "$system" "$pictures"
started=$SECONDS jobs=()

leave() {
    local job
    for job in "${jobs[@]}"; do kill "$job" 2>/dev/null || true; done
    umount "$system/proc" 2>/dev/null || true
    [[ $folder ]] || rm -rf "$system"
    printf 'Pictures: %s\n' "$pictures"
}
trap leave EXIT

# try TITLE COMMAND…: the command's own words are set in, its exit code and time follow; a failure ends the trial.
try() {
    local title=$1 from status=0
    shift
    printf '\n── %s\n' "$title"
    from=$(date +%s.%N)
    "$@" 2>&1 | sed 's/^/   /' || status=${PIPESTATUS[0]}
    printf '   exit %d, %.1f s\n' "$status" "$(bc <<<"$(date +%s.%N) - $from")"
    ((status == 0)) || die "“$title” went wrong."
}

inside() { chroot "$system" /usr/bin/env -i LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
person=clinician home=/home/$person
user=(chroot "--userspec=$person:$person" "$system" /usr/bin/env -i -C "$home" "HOME=$home"
    "USER=$person" LANG=C.UTF-8 PATH=/usr/bin:/bin)
as_user() { "${user[@]}" "$@"; }
apt() { # its many lines are told only where it fails
    inside apt-get -y -qq -o Dpkg::Use-Pty=0 "$@" >"$scratch/apt.log" 2>&1 || { cat "$scratch/apt.log"; return 1; }
    grep -E '^(Setting up|Removing|Purging configuration files for) ' "$scratch/apt.log" | cut -d' ' -f1 | sort | uniq -c || true
}

every_file() { find "$system" -xdev \( -path "$system/proc" -o -path "$system/var" -o -path "$system/tmp" -o -path "$system/home" \) -prune -o -print | sort; }
data() { (cd "$system$home/.local/share/ViScreen" && find . -type f -exec sha256sum {} + | sort -k 2); }

nothing_missing() { # what the package brings is found in the folder that the program names to the linker
    local missing
    missing=$(inside LD_LIBRARY_PATH=/usr/lib/viscreen/_internal find /usr/lib/viscreen -type f \( -name '*.so*' -o -name viscreen \) -exec ldd {} + 2>/dev/null | grep 'not found' || true)
    [[ ! $missing ]] || { printf '%s\n' "$missing"; return 1; }
    echo "every library of every file is found"
}

window() { DISPLAY=$display xdotool search --onlyvisible --name "$1" 2>/dev/null | tail -1; }
wait_for_window() { # NAME SECONDS
    local i
    for ((i = 0; i < 10 * $2; i++)); do
        [[ $(window "$1") ]] && return
        sleep 0.1
    done
    echo "no window “$1” came within $2 s"
    return 1
}
picture() { DISPLAY=$display import -window root "$pictures/$1.png" && echo "picture $1.png"; }
keys() { # WINDOW KEYS…
    DISPLAY=$display xdotool windowfocus --sync "$1" key --clearmodifiers "${@:2}"
}

# The sample is analysed in the window, and the report is exported from it as a person would do it, by keyboard.
sample_through_the_window() { # NAME
    local pid window dialog i pdf=$system$home/$1.pdf
    "${user[@]}" DISPLAY="$display" viscreen demo &
    pid=$!
    jobs+=("$pid")
    wait_for_window 'sample.mp4.*ViScreen' 60 || return 1
    window=$(window 'sample.mp4.*ViScreen')
    for ((i = 0; i < 120; i++)); do # until there is a result, the key does nothing
        keys "$window" ctrl+e
        wait_for_window 'Export the report' 1 >/dev/null && break
    done
    dialog=$(window 'Export the report')
    [[ $dialog ]] || { echo "there was never a report to export"; return 1; }
    picture "$1-result"
    keys "$dialog" ctrl+a
    DISPLAY=$display xdotool type --delay 30 "$home/$1.pdf"
    DISPLAY=$display xdotool key Return
    for ((i = 0; i < 300; i++)); do
        [[ -s $pdf ]] && break
        sleep 0.1
    done
    sleep 1
    picture "$1-report"
    [[ $(head -c 5 "$pdf") == %PDF- ]] || { echo "no PDF was written"; return 1; }
    echo "PDF of $(stat -c %s "$pdf") bytes"
    keys "$window" ctrl+q
    wait "$pid" && echo "closed with Ctrl+Q"
}

associations() {
    local there=$system$home file kind opener wanted=0
    cp -r "$system/usr/lib/viscreen/_internal/packs/reference" "$scratch/clinic"
    sed -i 's/"version": "[0-9.]*"/"version": "9.9.9"/' "$scratch/clinic/pack.json" # the clinic's own: another version
    python3 -m zipfile -c "$there/clinic.vspack" "$scratch"/clinic/*
    for file in clinic.vspack .local/share/ViScreen/library.vslib; do
        kind=$(as_user gio info -a standard::content-type "$file" | sed -n 's/.*content-type: //p')
        opener=$(as_user gio mime "$kind" | sed -n 's/^Default application.*: //p')
        echo "$file is $kind, opened with $opener"
        [[ $opener == viscreen.desktop ]] || wanted=1
    done
    return "$wanted"
}

data_is_kept() {
    data >"$scratch/after"
    diff "$scratch/before" "$scratch/after" >/dev/null || { diff "$scratch/before" "$scratch/after"; return 1; }
    sed -E 's/^(.{12})\S+/kept: \1…/' "$scratch/after"
}

own_pack() { as_user viscreen pack list | grep -F 9.9.9; }

only_data_is_left() {
    every_file >"$scratch/end"
    diff "$scratch/clean" "$scratch/end" | grep '^[<>]' >"$scratch/left" || true
    if [[ -s $scratch/left ]]; then
        sed "s#$system##" "$scratch/left"
        return 1
    fi
    echo "outside of /home and /var nothing is left and nothing is missing"
    (cd "$system" && find ".$home" -type f -printf 'left: %p, %s bytes\n' | sort)
}

# The package as an older version, whose only difference is its number.
make_older() {
    dpkg-deb -R "$deb" "$scratch/older"
    sed -i 's/^Version: .*/Version: 0.0.1/' "$scratch/older/DEBIAN/control"
    dpkg-deb --root-owner-group -Zgzip -z1 -b "$scratch/older" "$system/older.deb" >/dev/null
    rm -r "$scratch/older"
}

if [[ ! $deb ]]; then
    try "Build" python3 "$root/packaging/build.py" --out "$scratch/dist"
    deb=$(echo "$scratch"/dist/*.deb)
fi
printf 'Package: %s, %s bytes, SHA-256 %s\n' "$(basename "$deb")" "$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -d' ' -f1)"
dpkg-deb -f "$deb" Version Installed-Size Depends Recommends

if [[ ! -x $system/usr/bin/apt-get ]]; then
    try "A minimal Debian 12" debootstrap --variant=minbase bookworm "$system" "$mirror" >"$scratch/debootstrap.log" || die "debootstrap failed: $(tail -1 "$scratch/debootstrap.log")"
fi
cp /etc/resolv.conf "$system/etc/resolv.conf"
mount -t proc proc "$system/proc"
inside useradd --create-home --shell /bin/sh "$person" 2>/dev/null || true
try "apt-get update" apt update
every_file >"$scratch/clean"

try "An older version, for later" make_older
try "Install the older version (apt)" apt install --no-install-recommends /older.deb
rm "$system/older.deb"
printf '   installed: %s\n' "$(du -sh "$system/usr/lib/viscreen" | cut -f1)"
try "Every library is found in the minimal system" nothing_missing
try "viscreen --version" as_user viscreen --version
try "viscreen --selftest, as an ordinary user" as_user viscreen --selftest
try "viscreen demo without a display" as_user viscreen --lang vi demo --out unseen

Xvfb "$display" -screen 0 1440x900x24 -nolisten tcp -ac >/dev/null 2>&1 &
jobs+=("$!")
sleep 1
try "The sample through the window, to a PDF" sample_through_the_window older
try "Programs that tell what opens a file" apt install --no-install-recommends shared-mime-info desktop-file-utils libglib2.0-bin
try "What a double click on a pack or a library would do" associations
try "viscreen pack install" as_user viscreen pack install clinic.vspack
data >"$scratch/before"

cp "$deb" "$system/newer.deb"
try "Upgrade (apt)" apt install --no-install-recommends /newer.deb
rm "$system/newer.deb"
try "The user's data is as it was" data_is_kept
try "The clinic's own pack is still there" own_pack
try "viscreen --selftest" as_user viscreen --selftest
try "The sample through the window, after the upgrade" sample_through_the_window newer

try "Remove (apt)" apt purge viscreen shared-mime-info desktop-file-utils libglib2.0-bin
try "What came with it" apt autoremove --purge
try "Nothing is left but the user's data" only_data_is_left
printf '\nAll as it should be, %d s.\n' $((SECONDS - started))
