#!/usr/bin/env bash
# Tries the Windows installer under wine with a stand-in for the program: installs, replaces, refuses, removes.
# Needs makensis, wine and, for the pictures, a Python with PySide6 (or PICTURES=FOLDER, drawn before).
# Everything lies in a temporary folder, wine's prefix too. Where wine runs no 32-bit programs, the installer is
# compiled with NSIS's 64-bit stubs instead. KEEP=FOLDER keeps the two installers there.
set -euo pipefail

here=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
python=${PYTHON:-python3}
scratch=$(mktemp -d)
export LC_ALL=C.UTF-8 HOME=$scratch/home USER=${USER:-clinician} WINEPREFIX=$scratch/prefix WINEARCH=win64 WINEDEBUG=-all
export WINEDLLOVERRIDES='mscoree=;mshtml=;winemenubuilder.exe=' XDG_RUNTIME_DIR=$scratch
unset DISPLAY
failures=0

clean_up() {
    wineserver -k 2>/dev/null || true
    rm -rf "$scratch"
}
trap clean_up EXIT

ok() { printf 'ok      %s\n' "$1"; }
wrong() { printf 'WRONG   %s\n' "$1"; failures=$((failures + 1)); }
expect() { # WHAT EXPECTED FOUND
    if [[ $2 == "$3" ]]; then ok "$1"; else wrong "$1: expected '$2', found '$3'"; fi
}
there() { if [[ -e $2 ]]; then ok "$1"; else wrong "$1: $2 is missing"; fi; }
holds() { # WHAT COMMAND…
    if "${@:2}" >/dev/null 2>&1; then ok "$1"; else wrong "$1"; fi
}
gone() { if [[ ! -e $2 ]]; then ok "$1"; else wrong "$1: $2 is still there"; fi; }

exit_code() { # COMMAND…: its exit code, never a stop
    local code=0
    "$@" >/dev/null 2>&1 || code=$?
    printf '%s' "$code"
}
pretend() { # WINDOWS
    wine reg add 'HKCU\Software\Wine' /v Version /d "$1" /f >/dev/null 2>&1
}
value() { # ROOT KEY [NAME]: what the 64-bit registry says, nothing where it says nothing
    local name=(/ve)
    [[ $# -lt 3 ]] || name=(/v "$3")
    wine reg query "$1\\Software\\$2" "${name[@]}" /reg:64 2>/dev/null | tr -d '\r' |
        sed -n 's/^ .*REG_[A-Z]* *//p' | grep -vxF '(value not set)' || true
}

# ---------------------------------------------------------------------------------------------------- what is needed

mkdir -p "$HOME" "$WINEPREFIX"
wineserver -p # stays between the steps
wineboot --init >/dev/null 2>&1
c=$WINEPREFIX/drive_c
target=()
if [[ $(exit_code wine "$c/windows/syswow64/cmd.exe" /c exit 0) != 0 ]]; then
    target=(--target amd64-unicode)
    printf 'note    wine runs no 32-bit programs here: 64-bit stubs instead\n'
fi

# The stand-in runs for as long as a file lies beside it, so that an installer can meet a running program.
cat >"$scratch/program.nsi" <<'NSI'
Unicode true
OutFile "program.exe"
RequestExecutionLevel user
SilentInstall silent
Section
  again:
  Sleep 100
  IfFileExists "$EXEDIR\running" again
SectionEnd
NSI
[[ ${#target[@]} == 0 ]] || sed -i "1i Target ${target[1]}" "$scratch/program.nsi"
makensis -V1 "$scratch/program.nsi"

payload() { # VERSION FILES…
    local folder=$scratch/payload-$1 file
    mkdir -p "$folder/_internal"
    cp "$scratch/program.exe" "$folder/viscreen.exe"
    cp "$scratch/program.exe" "$folder/viscreen-console.exe"
    for file in "${@:2}"; do
        mkdir -p "$folder/$(dirname "$file")"
        printf '%s of %s\n' "$file" "$1" >"$folder/$file"
    done
    (cd "$folder" && find . -type f ! -path ./_internal/files.sha256 -printf '%P\0' | sort -z | xargs -0 sha256sum) \
        >"$scratch/list"
    mv "$scratch/list" "$folder/_internal/files.sha256"
}
payload 1.0.0 _internal/base.dll _internal/old/deep/gone.dll '_internal/packs/refe rence/pack.json'
payload 1.10.0 _internal/base.dll _internal/new.dll '_internal/packs/refe rence/pack.json'

pictures=${PICTURES:-$scratch/pictures}
[[ ${PICTURES-} ]] || "$python" "$here/pictures.py" "$pictures"
make_installer() { # VERSION PAYLOAD OUT [MORE…]
    "$python" "$here/installer.py" "$2" --version "$1" --pictures "$pictures" --out "$3" "${target[@]}" "${@:4}" >/dev/null
}
make_installer 1.0.0 "$scratch/payload-1.0.0" "$scratch"
make_installer 1.10.0 "$scratch/payload-1.10.0" "$scratch"
older=$scratch/ViScreen-1.0.0-setup.exe
newer=$scratch/ViScreen-1.10.0-setup.exe
[[ -z ${KEEP-} ]] || cp "$older" "$newer" "$KEEP"

cp -r "$scratch/payload-1.0.0" "$scratch/a copy"
find "$scratch/a copy" -exec touch -d 2001-01-01 {} +
make_installer 1.0.0 "$scratch/a copy" "$scratch/again"
holds "the same files give the same installer, byte for byte" cmp "$older" "$scratch/again/${older##*/}"

# shellcheck disable=SC2016
printf '#!/bin/sh\nhead -c 2 "$1" >>"%s/signed"\n' "$scratch" >"$scratch/sign"
chmod +x "$scratch/sign"
make_installer 1.0.0 "$scratch/a copy" "$scratch/again" --sign "$scratch/sign"
expect "the uninstaller and the installer are given to be signed" MZMZ "$(cat "$scratch/signed")"
echo "not in the list" >"$scratch/a copy/stray.dll"
expect "a folder that is not what its list says is refused" 1 "$(exit_code make_installer 1.0.0 "$scratch/a copy" "$scratch/again")"

# ------------------------------------------------------------------------------------------------------ for one user

uninstall='Microsoft\Windows\CurrentVersion\Uninstall\ViScreen'
user=$c/users/$USER
data=$user/AppData/Local/ViScreen
mine=$user/AppData/Local/Programs/ViScreen
menu="AppData/Roaming/Microsoft/Windows/Start Menu/Programs/ViScreen.lnk"
player='Software\Classes\.mkv'
wine reg add "HKLM\\$player\\OpenWithProgids" /v Other.Player /reg:64 >/dev/null 2>&1
wine reg add "HKLM\\$player" /v "Content Type" /d video/x-matroska /reg:64 >/dev/null 2>&1
mkdir -p "$data/packs"
echo "a case" >"$data/library.sqlite"

pretend win81
expect "refuses a Windows that is too old" 3 "$(exit_code wine "$older" /S)"
pretend win10
expect "installs for one user, silently" 0 "$(exit_code wine "$older" /S)"
there "in the user's own programs" "$mine/viscreen.exe"
there "a folder whose name has a blank" "$mine/_internal/packs/refe rence/pack.json"
holds "every file as its list says" env -C "$mine" sha256sum --quiet -c _internal/files.sha256
there "in the start menu" "$user/$menu"
gone "no desktop shortcut unless asked for" "$user/Desktop/ViScreen.lnk"
expect "Apps shows the version" 1.0.0 "$(value HKCU "$uninstall" DisplayVersion)"
expect "Apps shows the publisher" "The ViScreen developers" "$(value HKCU "$uninstall" Publisher)"
expect "Apps knows how to remove it quietly" "\"C:\\users\\$USER\\AppData\\Local\\Programs\\ViScreen\\uninstall.exe\" /S" \
    "$(value HKCU "$uninstall" QuietUninstallString)"
holds "Apps shows a size" test "$(($(value HKCU "$uninstall" EstimatedSize)))" -gt 0
expect "nothing for all users" "" "$(value HKLM "$uninstall" DisplayVersion)"
expect ".vspack belongs to it" ViScreen.Pack "$(value HKCU 'Classes\.vspack')"
expect "a library belongs to it" ViScreen.Library "$(value HKCU 'Classes\.vslib')"
offered=(wine reg query 'HKCU\Software\Classes\.mp4\OpenWithProgids' /v ViScreen.Video)
holds "a video can be opened with it" "${offered[@]}"
expect "the default for videos is left alone" "" "$(value HKCU 'Classes\.mp4')"

echo "not ours" >"$mine/_internal/old/notes.txt"
touch "$mine/running"
wine "$mine/viscreen.exe" &
sleep 1
expect "refuses while the program runs" 4 "$(exit_code wine "$newer" /S)"
expect "…and has changed nothing" 1.0.0 "$(value HKCU "$uninstall" DisplayVersion)"
there "…not one file" "$mine/_internal/old/deep/gone.dll"
expect "the uninstaller refuses too" 4 "$(exit_code wine "$mine/uninstall.exe" /S "_?=C:\\users\\$USER\\AppData\\Local\\Programs\\ViScreen")"
rm "$mine/running"
wait

expect "a newer version replaces an older one" 0 "$(exit_code wine "$newer" /S /DESKTOP)"
expect "Apps shows the newer version" 1.10.0 "$(value HKCU "$uninstall" DisplayVersion)"
there "what is new came" "$mine/_internal/new.dll"
gone "what the newer version has no more is gone" "$mine/_internal/old/deep"
there "a file that is not ours stays" "$mine/_internal/old/notes.txt"
expect "the user's data stays" "a case" "$(cat "$data/library.sqlite")"
there "a desktop shortcut where asked for" "$user/Desktop/ViScreen.lnk"

expect "an older version is refused" 5 "$(exit_code wine "$older" /S)"
expect "…and changed nothing" 1.10.0 "$(value HKCU "$uninstall" DisplayVersion)"
expect "unless told to" 0 "$(exit_code wine "$older" /S /DOWNGRADE)"
expect "the folder of the data is no folder for the program" 7 "$(exit_code wine "$newer" /S "/D=C:\\users\\$USER\\AppData\\Local\\ViScreen\\bin")"

letters="$c/Phòng khám/Sàng lọc trẻ"
# Word by word: NSIS wants this path without quotes, and wine puts quotes round an argument with blanks.
words=('C:\Phòng' 'khám\Sàng' 'lọc' 'trẻ')
expect "moves to a folder with blanks and Vietnamese letters" 0 "$(exit_code wine "$newer" /S "/D=${words[0]}" "${words[@]:1}")"
there "the program is there" "$letters/_internal/new.dll"
gone "and no longer where it was" "$mine/viscreen.exe"
there "but what is not ours is" "$mine/_internal/old/notes.txt"
expect "the folder is remembered" 0 "$(exit_code wine "$newer" /S)"
wine reg export "HKCU\\Software\\$uninstall" "$scratch/entry.reg" /y >/dev/null 2>&1
iconv -f utf-16 -t utf-8 "$scratch/entry.reg" >"$scratch/entry.txt"
holds "…in Apps" grep -F '="C:\\Phòng khám\\Sàng lọc trẻ"' "$scratch/entry.txt"
gone "…and used again" "$mine/viscreen.exe"

mv "$letters/_internal/files.sha256" "$scratch/list"
expect "without its list nothing is removed" 2 "$(exit_code wine "$letters/uninstall.exe" /S "_?=${words[0]}" "${words[@]:1}")"
there "…no program" "$letters/viscreen.exe"
mv "$scratch/list" "$letters/_internal/files.sha256"
rm "$letters/_internal/new.dll"
mkdir "$letters/_internal/new.dll" # what Windows will not delete as a file, as if it were open
expect "the uninstaller says when a file resists" 2 "$(exit_code wine "$letters/uninstall.exe" /S "_?=${words[0]}" "${words[@]:1}")"
there "…keeps the list for another try" "$letters/_internal/files.sha256"
rmdir "$letters/_internal/new.dll"
printf '%064d  ../outside.txt\n' 0 >>"$letters/_internal/files.sha256"
echo "not ours" >"$c/Phòng khám/outside.txt"
expect "is removed silently" 0 "$(exit_code wine "$letters/uninstall.exe" /S "_?=${words[0]}" "${words[@]:1}")"
gone "with all its files" "$letters/_internal"
there "a list that leads out of the folder is not followed" "$c/Phòng khám/outside.txt"
gone "start menu" "$user/$menu"
gone "desktop" "$user/Desktop/ViScreen.lnk"
expect "Apps forgets it" "" "$(value HKCU "$uninstall" DisplayName)"
expect ".vspack is free" "" "$(value HKCU 'Classes\.vspack')"
expect "a library is free" "" "$(value HKCU 'Classes\.vslib')"
expect "videos no longer offer it" 1 "$(exit_code "${offered[@]}")"
expect "the user's data stays when nobody says otherwise" "a case" "$(cat "$data/library.sqlite")"

# ------------------------------------------------------------------------------------------------------ for everybody

expect "installs for everybody" 0 "$(exit_code wine "$newer" /S /ALLUSERS)"
there "in the 64-bit programs" "$c/Program Files/ViScreen/viscreen.exe"
there "in everybody's start menu" "$c/ProgramData/Microsoft/Windows/Start Menu/Programs/ViScreen.lnk"
expect "Apps shows it for everybody" 1.10.0 "$(value HKLM "$uninstall" DisplayVersion)"
expect "and not for one" "" "$(value HKCU "$uninstall" DisplayVersion)"
expect ".vspack belongs to it for everybody" ViScreen.Pack "$(value HKLM 'Classes\.vspack')"
expect "a repair finds it without being told" 0 "$(exit_code wine "$newer" /S)"
gone "…and makes no second copy" "$mine/viscreen.exe"

# As Apps starts it: the uninstaller goes on as a copy of itself, which also removes the folder.
wine "$c/Program Files/ViScreen/uninstall.exe" /S /DELETEDATA
for _ in {1..100}; do
    [[ -e $data || -e "$c/Program Files/ViScreen" ]] || break
    sleep 0.1
done
gone "is removed for everybody, folder and all" "$c/Program Files/ViScreen"
expect "Apps forgets it for everybody" "" "$(value HKLM "$uninstall" DisplayName)"
holds "what other programs say of videos stays" wine reg query "HKLM\\$player\\OpenWithProgids" /v Other.Player /reg:64
holds "…all of it" wine reg query "HKLM\\$player" /v "Content Type" /reg:64
gone "/DELETEDATA deletes the user's data" "$data"

((failures == 0)) || { printf '%s checks failed\n' "$failures"; exit 1; }
printf 'all as it should be\n'
