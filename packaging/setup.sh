#!/usr/bin/env bash
# Sets ViScreen up in .venv in the project's own folder, then runs its demonstration or its tests.
# Needs bash and Python 3.11 to 3.13; a second run finds everything done and starts at once.
set -euo pipefail

usage="Usage: bash packaging/setup.sh demo [ARGUMENTS OF viscreen demo] | test [ARGUMENTS OF pytest]"
root=$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv

# What Qt's "offscreen" and "xcb" platforms load from the system: the library, and the Debian package that holds it.
qt_libraries=(
    libEGL.so.1=libegl1 libGL.so.1=libgl1 libxcb-glx.so.0=libxcb-glx0
    libdbus-1.so.3=libdbus-1-3 libfontconfig.so.1=libfontconfig1 libfreetype.so.6=libfreetype6
    libglib-2.0.so.0=libglib2.0-0 libgthread-2.0.so.0=libglib2.0-0
    libX11.so.6=libx11-6 libX11-xcb.so.1=libx11-xcb1
    libxkbcommon.so.0=libxkbcommon0 libxkbcommon-x11.so.0=libxkbcommon-x11-0
    libxcb.so.1=libxcb1 libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4
    libxcb-image.so.0=libxcb-image0 libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-randr.so.0=libxcb-randr0
    libxcb-render.so.0=libxcb-render0 libxcb-render-util.so.0=libxcb-render-util0 libxcb-shape.so.0=libxcb-shape0
    libxcb-shm.so.0=libxcb-shm0 libxcb-sync.so.1=libxcb-sync1 libxcb-util.so.1=libxcb-util1
    libxcb-xfixes.so.0=libxcb-xfixes0 libxcb-xkb.so.1=libxcb-xkb1
)

say() { printf '%s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# A virtual environment is whole when its own pip starts in this very place: not half-made, not moved or copied here.
venv_is_whole() { grep -qsF "$venv/bin/python" "$venv/bin/pip" && supported "$venv/bin/python"; }

choose_python() {
    local name fallback=
    for name in python3 python3.13 python3.12 python3.11 python; do
        supported "$name" || continue
        if can_make_venv "$name"; then
            printf '%s' "$name"
            return
        fi
        fallback=${fallback:-$name}
    done
    printf '%s' "$fallback"
}

missing_libraries() {
    "$1" - "${qt_libraries[@]}" <<'EOF'
import sys
for pair in sys.argv[1:]:
    try:
        import ctypes  # absent from Debian's python3-minimal
        ctypes.CDLL(pair.partition("=")[0])
    except (ImportError, OSError):
        print(pair)
EOF
}

# Sees to what only the system's administrator may install, in one go, before anything is downloaded.
prepare_system() {
    local python=$1 libraries packages=() as_root=() pair
    libraries=$(missing_libraries "$python")
    for pair in $libraries; do packages+=("${pair#*=}"); done
    if ! can_make_venv "$python"; then
        packages+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")
    fi
    ((${#packages[@]})) || return 0
    mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)

    if ! command -v apt-get >/dev/null; then
        can_make_venv "$python" || die "This Python cannot make virtual environments (no module venv or ensurepip): $(command -v "$python")." \
            "Install them with the system's package manager, then run the same command again."
        die "Qt needs system libraries that are missing here:" "${libraries//$'\n'/, }." \
            "Install them with the system's package manager, then run the same command again."
    fi
    if [[ $(id -u) == 0 ]]; then
        as_root=(env)
    elif sudo -n true 2>/dev/null; then
        as_root=(sudo -n env)
    else
        die "Some system packages are missing, and installing them needs an administrator." \
            "Run this, then the same command again: sudo apt-get update && sudo apt-get install -y ${packages[*]}"
    fi
    say "Installing ${#packages[@]} system packages with apt-get: ${packages[*]}"
    "${as_root[@]}" apt-get update -qq || true # a broken third-party source need not stop us; a missing package will
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null ||
        die "apt-get could not install the system packages (its reason is above)." \
            "Put that right, or run this yourself: sudo apt-get update && sudo apt-get install -y ${packages[*]}"
}

pip_install() {
    "$venv/bin/python" -m pip install --quiet "$@" ||
        die "Installing the Python packages failed (the reason is above)." \
            "Check the network connection and the space on the disk, then run the same command again."
}

# Brings .venv to what the named requirement files say, one after the other.
set_up() {
    local python file stamp digest

    # A user's own settings must not lead Python or pip out of .venv; index, proxy and certificate settings stay.
    unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX PIP_ROOT
    export PYTHONNOUSERSITE=1 PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1

    if venv_is_whole; then
        prepare_system "$venv/bin/python"
    else
        python=$(choose_python)
        [[ $python ]] || die "ViScreen needs Python 3.11, 3.12 or 3.13 and found none ($(python3 --version 2>/dev/null || echo "no python3"))." \
            "Install one, then run the same command again."
        prepare_system "$python"
        say "Making the virtual environment .venv with $("$python" --version)"
        rm -rf "$venv"
        "$python" -m venv "$venv" || die "The virtual environment $venv could not be made (the reason is above)."
    fi

    for file in "$@"; do
        stamp=$venv/.installed-$file
        digest=$(cat "$root/packaging/$file" "$root/pyproject.toml" | sha256sum)
        [[ $(cat "$stamp" 2>/dev/null) == "$digest" ]] && continue
        say "Installing $(grep -c == "$root/packaging/$file") Python packages from $file (a few minutes the first time)"
        pip_install -r "$root/packaging/$file"
        [[ $file != requirements.txt ]] || pip_install --no-deps --no-build-isolation -e "$root"
        printf '%s\n' "$digest" >"$stamp"
    done
}

run_tests() {
    local failed=()
    cd "$root"
    export QT_QPA_PLATFORM=offscreen
    say "ruff";          "$venv/bin/ruff" check . || failed+=(ruff)
    say "mypy";          "$venv/bin/mypy" || failed+=(mypy)
    say "import-linter"; "$venv/bin/lint-imports" || failed+=(import-linter)
    say "pytest";        "$venv/bin/pytest" "$@" || failed+=(pytest)
    ((${#failed[@]} == 0)) || die "Failed: ${failed[*]}"
}

case ${1-} in
    demo)
        set_up requirements.txt
        exec "$venv/bin/viscreen" "$@"
        ;;
    test)
        set_up requirements.txt requirements-test.txt
        run_tests "${@:2}"
        ;;
    *)
        say "$usage"
        exit 2
        ;;
esac
