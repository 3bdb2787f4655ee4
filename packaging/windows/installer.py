"""Compiles the Windows installer with NSIS (`makensis`), on Windows or Linux, the same bytes from the same files.

In: the built folder (`dist/viscreen`) with its list `_internal/files.sha256`. Out: `ViScreen-VERSION-setup.exe`.
Exactly the files that the list names are packed, in its order; a folder that disagrees with its list is refused.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LIST = "_internal/files.sha256"
PROGRAMS = ("viscreen.exe", "viscreen-console.exe")


def version() -> str:
    """`screening.__version__`, read without importing the program."""
    found = re.search(r'^__version__ = "(.+)"$', (ROOT / "screening" / "__init__.py").read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit("screening/__init__.py names no __version__.")
    return found.group(1)


def listed_files(payload: Path) -> list[str]:
    """The paths in the payload's list, in order; ends the program where list and folder disagree."""
    try:
        lines = (payload / LIST).read_text("utf-8").splitlines()
    except FileNotFoundError:
        raise SystemExit(f"{payload} has no {LIST}: build the folder with packaging/build.py first.") from None
    named = [line[66:] for line in lines]
    # Whoever reads the list in NSIS reads bytes, not UTF-8.
    if odd := [name for name in named if not re.fullmatch(r"[\x20-\x7e]+", name) or set(name) & set('$\\:*?"<>|')]:
        raise SystemExit(f"NSIS cannot carry a file of this name: {odd[0]!r}.")
    there = {path.relative_to(payload).as_posix() for path in payload.rglob("*") if path.is_file()} - {LIST}
    if disagreement := sorted(there ^ set(named)) or [name for name in PROGRAMS if name not in there]:
        raise SystemExit(f"{LIST} and the folder disagree, or a program is missing: {disagreement[0]}.")
    return named


def file_commands(payload: Path, names: list[str]) -> str:
    """The list as NSIS commands, one folder after the other."""
    commands, folder = [], None
    for name in sorted(names, key=lambda name: (str(PurePosixPath(name).parent), name)):
        parent = PurePosixPath(name).parent
        if parent != folder:
            folder = parent
            commands.append('SetOutPath "$INSTDIR\\{}"'.format("\\".join(parent.parts)))
        commands.append(f'File "{payload / name!s}"')
    return "".join(f"{command}\n" for command in commands)


def sign_command(program: Path) -> str:
    """What NSIS runs, with the file to sign behind it."""
    script = "powershell -NoProfile -ExecutionPolicy Bypass -File " if program.suffix == ".ps1" else ""
    return f'{script}"{program}"'


def compile_installer(
    payload: Path, pictures: Path, output: Path, *, release: str, sign: Path | None = None, target: str | None = None
) -> None:
    """Make `output`; warnings of NSIS are errors. `sign` is a program that signs the file named to it."""
    makensis = shutil.which("makensis") or shutil.which("makensis", path=r"C:\Program Files (x86)\NSIS")
    if makensis is None:
        raise SystemExit("NSIS 3 is needed to make the installer, and no makensis was found.")
    if not re.fullmatch(r"\d+\.\d+\.\d+", release):
        raise SystemExit(f"Windows wants a version of three numbers, not {release}.")
    payload = payload.resolve()
    names = listed_files(payload)
    kilobytes = sum((payload / name).stat().st_size for name in names) // 1024 + 1
    with tempfile.TemporaryDirectory() as scratch:
        files = Path(scratch) / "files.nsh"
        files.write_text(file_commands(payload, names), "utf-8")
        defines = {
            "VERSION": release,
            "OUTPUT": output.resolve(),
            "PAYLOAD": payload,
            "FILES": files,
            "PICTURES": pictures.resolve(),
            "KILOBYTES": kilobytes,
            "MEGABYTES": kilobytes // 1024 + 32,
        }
        if sign is not None:
            defines["SIGN"] = sign_command(sign.resolve())
        if target is not None:
            defines["TARGET"] = target
        words = [f"-D{name}={value}" for name, value in defines.items()]
        output.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([makensis, "-WX", "-V2", *words, str(HERE / "viscreen.nsi")], check=True)


def main() -> int:
    """Read the command line, compile, say what was made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("payload", type=Path, nargs="?", default=ROOT / "dist" / "viscreen")
    parser.add_argument("--pictures", type=Path, required=True, help="folder of viscreen.ico and side.bmp")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for the installer")
    parser.add_argument("--version", default=version(), help="default: screening.__version__")
    parser.add_argument("--sign", type=Path, help="program or .ps1 that signs the file named to it")
    parser.add_argument("--target", help="stubs of NSIS; default: those that every Windows runs")
    arguments = parser.parse_args()
    output = arguments.out / f"ViScreen-{arguments.version}-setup.exe"
    compile_installer(
        arguments.payload,
        arguments.pictures,
        output,
        release=arguments.version,
        sign=arguments.sign,
        target=arguments.target,
    )
    print(f"{output} {output.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
