"""Builds the installed program from this source tree: `python packaging/build.py [--out DIR]`.

Out, in DIR (`dist`): the folder `viscreen`, frozen by PyInstaller, with the list of its files' hashes; on Linux also
the portable .tar.gz and the .deb; and the source. Two builds from one commit with the same Python on the same system
are equal byte for byte: every file is dated with the commit. PyInstaller and the pinned packages are installed into
`build/`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from linux import deb, elf

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"
WORK = ROOT / "build"
WINDOWS = sys.platform == "win32"
LIST = "files.sha256"
LARGEST_PARTS = 15
MEGABYTE = 1e6


class BuildError(Exception):
    """Why nothing came of the build: one sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """Build all that this system can; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="default: dist")
    out = parser.parse_args(argv).out.resolve()
    try:
        build(out)
    except (BuildError, elf.TooNew, deb.PackageImpossible) as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"build: {error.filename or out} cannot be written or read: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def build(out: Path) -> None:
    """All steps, one after the other."""
    number, moment = version(), moment_of_the_commit()
    if not WINDOWS:
        check_tools("dpkg-deb", "objdump", "strip")
        deb.check_changelog(number)
    say(f"ViScreen {number}, dated {moment}")
    python = environment()
    icons = draw_icons(python)
    folder = freeze(python, icons, out, moment)
    needs = None if WINDOWS else fit(folder)
    write_licences(python, folder, moment)
    settle(folder, moment)
    write_hashes(folder, moment)
    say_parts(folder)
    if needs is not None:
        name = f"viscreen-{number}"
        pack_archive(folder, name, moment, out / f"{name}-linux-x86_64.tar.gz")
        pack_debian(folder, icons, number, needs, moment, out / f"viscreen_{number}_amd64.deb")
    pack_source(number, moment, out)


def say(line: str) -> None:
    """A line about how far it is."""
    print(line, flush=True)


# ---- what is built, and with what


def version() -> str:
    """`screening.__version__`, read and not imported: the engine's packages need not be installed here."""
    text = (ROOT / "screening" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    if found is None:
        raise BuildError("screening/__init__.py names no __version__.")
    return found[1]


def moment_of_the_commit() -> int:
    """Seconds since 1970 that every file is dated with: SOURCE_DATE_EPOCH, else the commit's."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    if git("status", "--porcelain"):
        say("The source tree holds changes that no commit has: this build cannot be repeated from a commit.")
    return int(git("log", "-1", "--format=%ct"))


def git(*words: str) -> str:
    """What git answers about the source tree."""
    try:
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=True).stdout.strip()
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        raise BuildError(
            "The date of the build comes from git, and this is no git checkout: set SOURCE_DATE_EPOCH."
        ) from error


def check_tools(*names: str) -> None:
    """Raise BuildError where a program that is needed is not there."""
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        raise BuildError(f"Not found: {', '.join(missing)}. Install the packages dpkg and binutils.")


def run(what: str, command: Sequence[str | Path], moment: int | None = None, **more: str) -> None:
    """Run one step in the same small environment everywhere, its output in `build/`. Raises BuildError."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    fixed = {
        "PYTHONHASHSEED": "0", "PYTHONNOUSERSITE": "1", "PYTHONUNBUFFERED": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC",
    }  # fmt: skip
    if moment is not None:
        fixed["SOURCE_DATE_EPOCH"] = str(moment)
    log = WORK / f"{what}.log"
    with log.open("wb") as output:
        status = subprocess.run(
            command, cwd=ROOT, env={**kept, **fixed, **more}, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    if status:
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        raise BuildError(f"The step “{what}” failed with {status} ({' '.join(last)}): see {log}.")


def environment() -> Path:
    """The Python of an environment that holds the pinned packages and nothing else; made where it is not there."""
    folder = WORK / "environment"
    python = folder / ("Scripts/python.exe" if WINDOWS else "bin/python")
    files = [PACKAGING / "requirements.txt", PACKAGING / "requirements-build.txt"]
    stamp, wanted = folder / "installed", hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        say("Installing the pinned packages into build/environment")
        shutil.rmtree(folder, ignore_errors=True)
        WORK.mkdir(exist_ok=True)
        run("environment", [sys.executable, "-m", "venv", folder])
        run("install", [python, "-m", "pip", "install", "--disable-pip-version-check", "-r", files[-1]])
        stamp.write_text(wanted)
    return python


# ---- the steps


def draw_icons(python: Path) -> Path:
    """The icon in all sizes, or as .ico for Windows; their folder."""
    script = "windows/pictures.py" if WINDOWS else "linux/icons.py"
    (WORK / "icons").mkdir(exist_ok=True)
    run("icons", [python, PACKAGING / script, WORK / "icons"])
    return WORK / "icons"


def freeze(python: Path, icons: Path, out: Path, moment: int) -> Path:
    """PyInstaller's folder."""
    say("Freezing (a minute or two)")
    words = ["--noconfirm", "--clean", "--distpath", out, "--workpath", WORK / "work"]
    command = [python, "-m", "PyInstaller", *words, PACKAGING / "viscreen.spec"]
    run(
        "freeze", command, moment,
        VISCREEN_ICON=str(icons / "viscreen.ico"), PYINSTALLER_CONFIG_DIR=str(WORK / "pyinstaller"),
    )  # fmt: skip
    return out / "viscreen"


def fit(folder: Path) -> elf.Demands:
    """What all files together ask of a Linux; an error where it is more than the oldest one has.

    The debugger's tables, three quarters of it, are taken out of Python's own library; wheels are left as they came.
    """
    for library in (folder / "_internal").glob("libpython3*.so.*"):
        run("strip", ["strip", "--strip-unneeded", library])
    needs = elf.demands(folder)
    for kind, (newest, name) in sorted(needs.newest.items()):
        say(f"newest {kind} symbol: {elf.written(newest)} ({name})")
    return needs


def write_licences(python: Path, folder: Path, moment: int) -> None:
    """The licences of all that is inside, and the list of it."""
    say("Writing the licences")
    run("licences", [python, PACKAGING / "sbom.py", folder / "_internal" / "licences"], moment)


def settle(folder: Path, moment: int) -> None:
    """Give every file and folder the mode that it has when installed, and the date of the commit."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or path.parent == folder
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=WINDOWS)


def write_hashes(folder: Path, moment: int) -> None:
    """`_internal/files.sha256`: what `viscreen --selftest` and `sha256sum -c` hold the files against."""
    listing = folder / "_internal" / LIST
    lines = (f"{digest}  {name}\n" for name, digest in hashes(folder))
    listing.write_text("".join(lines), encoding="utf-8", newline="\n")
    for path in (listing, listing.parent):
        os.utime(path, (moment, moment))


def hashes(folder: Path) -> Iterator[tuple[str, str]]:
    """(name from `folder`, SHA-256) of every file but the list, sorted by name."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name in sorted(files.keys() - {f"_internal/{LIST}"}):
        with files[name].open("rb") as content:
            yield name, hashlib.file_digest(content, "sha256").hexdigest()


def say_parts(folder: Path) -> None:
    """What the folder's size is made of."""
    sizes: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            parts = path.relative_to(folder).parts
            sizes["/".join(parts[1:2] if len(parts) > 1 else parts)] += path.stat().st_size
    for name, size in sizes.most_common(LARGEST_PARTS):
        say(f"{size / MEGABYTE:8.1f} MB  {name}")
    say(f"{sizes.total() / MEGABYTE:8.1f} MB  all of {len(sizes)} parts")


def pack_archive(folder: Path, name: str, moment: int, target: Path) -> None:
    """The portable archive: one folder `name`, owned by nobody in particular."""
    say(f"Packing {target.name}")

    def same_everywhere(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = moment
        return entry

    with (
        target.open("wb") as file,
        gzip.GzipFile("", "wb", 9, file, mtime=moment) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for path in [folder, *sorted(folder.rglob("*"))]:
            inside = Path(name, path.relative_to(folder))
            archive.add(path, inside.as_posix(), recursive=False, filter=same_everywhere)
    say(f"{target.stat().st_size / MEGABYTE:8.1f} MB  {target.name}")


def pack_debian(folder: Path, icons: Path, number: str, needs: elf.Demands, moment: int, target: Path) -> None:
    """The .deb."""
    say(f"Packing {target.name} (a few minutes)")
    with tempfile.TemporaryDirectory(dir=WORK) as scratch:
        root = Path(scratch) / "viscreen"
        root.mkdir()
        deb.tree(folder, icons, root)
        for path in [root, *root.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
            os.utime(path, (moment, moment), follow_symlinks=False)
        deb.build(root, number, needs, moment, target)
    say(f"{target.stat().st_size / MEGABYTE:8.1f} MB  {target.name}")


def pack_source(number: str, moment: int, out: Path) -> None:
    """The source code, to lie beside the installers as the licence asks."""
    target = out / f"viscreen-{number}-source.tar.gz"
    try:
        plain = subprocess.run(
            ["git", "-C", ROOT, "archive", f"--prefix=viscreen-{number}/", "HEAD"], capture_output=True, check=True
        ).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        say("This is no git checkout: the archive of the source is to be taken from where this one came from.")
        return
    with target.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=moment) as packed:
        packed.write(plain)
    say(f"{target.stat().st_size / MEGABYTE:8.1f} MB  {target.name}")


if __name__ == "__main__":
    sys.exit(main())
