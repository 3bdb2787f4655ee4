"""Makes the Debian package from the frozen folder: `tree` lays out what is installed, `build` packs it.

In: the frozen folder, the icons, the moment that every file is dated with. Out: one .deb, the same byte for byte
whenever it is made from the same folder. What the package depends on is found in the files themselves.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from string import Template

from linux.elf import Demands, written

HERE = Path(__file__).resolve().parent
PROGRAM = "usr/lib/viscreen"

# The package that holds each library which is taken from the system; the newer name first where Debian 13 and Ubuntu
# 24.04 renamed it.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libc.so.6": "libc6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdl.so.2": "libc6",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libm.so.6": "libc6",
    "libmvec.so.1": "libc6",
    "libpthread.so.0": "libc6",
    "librt.so.1": "libc6",
    "libstdc++.so.6": "libstdc++6",
    "libutil.so.1": "libc6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    "ld-linux-x86-64.so.2": "libc6",
}


class PackageImpossible(Exception):
    """Something that the package needs is not known, or does not fit."""


def depends(needs: Demands) -> str:
    """The line `Depends:`: the packages of every needed system library. Raises PackageImpossible."""
    unknown = sorted(needs.libraries - PACKAGES.keys())
    if unknown:
        raise PackageImpossible(
            f"No Debian package is known for {', '.join(unknown)}: name it in {Path(__file__).name}, or leave out what "
            "needs it in viscreen.spec."
        )
    packages = {PACKAGES[name] for name in needs.libraries} - {"libc6"}
    return ", ".join([f"libc6 (>= {written(needs.newest['GLIBC'][0])})", *sorted(packages)])


def check_changelog(version: str) -> None:
    """Raise PackageImpossible where the first entry of the changelog speaks of another version."""
    first = (HERE / "changelog").read_text(encoding="utf-8").partition("\n")[0]
    if not first.startswith(f"viscreen ({version}) "):
        raise PackageImpossible(
            f"The changelog of the Debian package begins with “{first}”, and this is version {version}. Add an entry "
            "to packaging/linux/changelog."
        )


def tree(frozen: Path, icons: Path, root: Path) -> None:
    """Lay out in the empty folder `root` all that is installed."""
    shutil.copytree(frozen, root / PROGRAM, symlinks=True)
    program = root / "usr/bin/viscreen"
    program.parent.mkdir(parents=True)
    program.symlink_to("../lib/viscreen/viscreen")
    placed = {
        "viscreen.desktop": "usr/share/applications/viscreen.desktop",
        "viscreen.metainfo.xml": "usr/share/metainfo/viscreen.metainfo.xml",
        "viscreen.mime.xml": "usr/share/mime/packages/viscreen.xml",
        "copyright": "usr/share/doc/viscreen/copyright",
        "lintian-overrides": "usr/share/lintian/overrides/viscreen",
    }
    for name, place in placed.items():
        _put((HERE / name).read_bytes(), root / place)
    for name, place in (("viscreen.1", "man/man1/viscreen.1.gz"), ("changelog", "doc/viscreen/changelog.gz")):
        _put(gzip.compress((HERE / name).read_bytes(), mtime=0), root / "usr/share" / place)
    hicolor = root / "usr/share/icons/hicolor"
    for picture in icons.glob("*.png"):
        _put(picture.read_bytes(), hicolor / f"{picture.stem}x{picture.stem}/apps/viscreen.png")
    drawing = frozen / "_internal/resources/icons/viscreen.svg"
    _put(drawing.read_bytes(), hicolor / "scalable/apps/viscreen.svg")


def build(root: Path, version: str, needs: Demands, moment: int, target: Path) -> None:
    """Pack `root`, whose files are already dated and have their modes, as `target`. Adds its DEBIAN folder."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    sums = [(hashlib.md5(path.read_bytes()).hexdigest(), path.relative_to(root)) for path in files]  # noqa: S324
    size = sum(path.lstat().st_size for path in root.rglob("*"))
    control = Template((HERE / "control").read_text(encoding="utf-8")).substitute(
        version=version, depends=depends(needs), size=-(-size // 1024)
    )
    _put(control.encode(), root / "DEBIAN/control")
    _put("".join(f"{digest}  {name.as_posix()}\n" for digest, name in sums).encode(), root / "DEBIAN/md5sums")
    (root / "DEBIAN").chmod(0o755)
    # One thread: how xz cuts its blocks, and with them every byte, depends on their number.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(moment), "DPKG_DEB_THREADS_MAX": "1"}
    made = subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--build", root, target],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise PackageImpossible("dpkg-deb could not pack: " + re.sub(r"\s+", " ", made.stderr).strip())


def _put(content: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o644)
