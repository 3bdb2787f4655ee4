"""Files of a stranger's folder or zip: a name and a limit come in, bytes come out, nothing is ever extracted to disk.

No path may leave the folder, no link is followed, and neither the number nor the sizes of files, declared or real,
pass their bounds; what breaks this is refused with a sentence (`PackRefused`).
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import IO, BinaryIO, Protocol

from screening.errors import N_, PackRefused

MEMBERS = 256
"""A zip may list this many files at most."""

_TOTAL = 1 << 30  # bytes that all members of a zip may declare together
_RATIO = 100  # deflate reaches 1000 on zeros; trained weights, pictures and text stay far below 20
_RATIO_MATTERS = 4 << 20  # bytes; a bomb this small does no harm
_END = 22  # bytes of a zip's end record when it carries no comment
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


class Source(Protocol):
    """Where a pack's files come from."""

    def read(self, file: str, limit: int) -> bytes:
        """The whole file, at most `limit` bytes of it; raises PackRefused."""
        ...


def leaves_folder(file: str) -> bool:
    """Whether `file`, as any operating system may read it, can point outside of its folder."""
    path = PureWindowsPath(file)  # knows both kinds of slash, drives and network shares
    return not path.parts or bool(path.anchor) or ".." in path.parts or any(sign in file for sign in "\\:\0")


class Folder:
    """A folder on disk. Only plain files that lie in it are read."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name

    def read(self, file: str, limit: int) -> bytes:
        """See `Source.read`."""
        path, name = self._folder / file, self._name
        try:
            found = path.lstat()
            if stat.S_ISLNK(found.st_mode):
                raise _link(name, file)
            if not stat.S_ISREG(found.st_mode):
                raise _missing(name, file)
            with path.open("rb") as stream:
                return _bounded(stream, found.st_size, limit, name, file)
        except FileNotFoundError as error:
            raise _missing(name, file) from error
        except OSError as error:
            raise _unreadable(name, error) from error


class Zip:
    """A zip file, or one in memory. Its files lie at the top, or all of them in one folder as zip programs like to do.

    `name` is what the user calls it. Members that nobody reads are checked for their names and sizes all the same.
    """

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._name = name
        try:
            _check_directory(stream, name)
            self._zip = zipfile.ZipFile(stream)
        except _DAMAGED as error:
            raise _not_whole(name) from error
        for member in self._zip.infolist():
            _check_member(member, name)
        members = [member for member in self._zip.infolist() if not member.is_dir()]
        if sum(member.file_size for member in members) > _TOTAL:
            raise _bomb(name)
        names = [member.filename for member in members]
        if len({file.casefold() for file in names}) != len(names):
            raise PackRefused(
                N_("The pack “{name}” holds two files of the same name. Ask its maker for a correct one."), name=name
            )
        tops = {file.split("/")[0] for file in names if not file.startswith("__MACOSX/")}
        self._prefix = tops.pop() + "/" if len(tops) == 1 and names[0] not in tops else ""
        self._members = dict(zip(names, members, strict=True))

    def read(self, file: str, limit: int) -> bytes:
        """See `Source.read`."""
        member = self._members.get(self._prefix + file)
        if member is None:
            raise _missing(self._name, file)
        try:
            with self._zip.open(member) as stream:
                return _bounded(stream, member.file_size, limit, self._name, file)
        except _DAMAGED as error:
            raise _not_whole(self._name) from error


class Kept:
    """Another source whose files are kept in `content` as they are read: what was verified can be written as it was."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.content: dict[str, bytes] = {}

    def read(self, file: str, limit: int) -> bytes:
        """See `Source.read`."""
        self.content[file] = self._source.read(file, limit)
        return self.content[file]


def _bounded(stream: IO[bytes], declared: int, limit: int, name: str, file: str) -> bytes:
    # What a header declares may be a lie, so the reading itself is bounded as well.
    data = b"" if declared > limit else stream.read(limit + 1)
    if declared > limit or len(data) > limit:
        raise PackRefused(
            N_("In the pack “{name}”, the file {file} is larger than the {limit} MB that a pack may hold there."),
            name=name, file=file, limit=max(1, limit >> 20),
        )  # fmt: skip
    return data


def _check_directory(stream: BinaryIO, name: str) -> None:
    """Refuse a zip whose list of files is huge before `zipfile` reads all of it into memory."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _END - 20))
    tail = stream.read()
    end = tail[-_END:]
    # A pack has no comment and needs no zip64; without both, this is the one record that `zipfile` goes by.
    if not end.startswith(b"PK\5\6") or end[-2:] != b"\0\0" or tail.startswith(b"PK\6\7"):
        raise zipfile.BadZipFile
    members, directory = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if members > MEMBERS or directory > MEMBERS * 1024:
        raise PackRefused(
            N_("The pack “{name}” lists more files than the {limit} that a pack may hold. It was not opened."),
            name=name, limit=MEMBERS,
        )  # fmt: skip


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    if leaves_folder(member.orig_filename):
        raise PackRefused(
            N_("The pack “{name}” holds a file whose path leaves the pack: “{file}”. It was not opened."),
            name=name, file=member.orig_filename,
        )  # fmt: skip
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _link(name, member.filename)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or member.flag_bits & 1:
        raise PackRefused(
            N_("The pack “{name}” is encrypted or packed in a way that cannot be read here. Ask for a plain zip."),
            name=name,
        )
    if member.file_size > _TOTAL or member.file_size > max(_RATIO_MATTERS, _RATIO * member.compress_size):
        raise _bomb(name)


def _bomb(name: str) -> PackRefused:
    return PackRefused(
        N_("The pack “{name}” would unpack to far more than a pack can hold, as harmful files do. It was not opened."),
        name=name,
    )


def _link(name: str, file: str) -> PackRefused:
    return PackRefused(
        N_("In the pack “{name}”, {file} is a link to another place, not a file. Copy the file itself into the pack."),
        name=name, file=file,
    )  # fmt: skip


def _missing(name: str, file: str) -> PackRefused:
    return PackRefused(
        N_("The pack “{name}” has no file {file}. Copy the whole pack again from its source."), name=name, file=file
    )


def _not_whole(name: str) -> PackRefused:
    return PackRefused(N_("“{name}” is damaged, or is not a model pack. Copy it again from its source."), name=name)


def _unreadable(name: str, error: OSError) -> PackRefused:
    return PackRefused(
        N_("“{name}” cannot be read ({reason}). Check that you may open it."),
        name=name, reason=error.strerror or type(error).__name__,
    )  # fmt: skip


@contextmanager
def open_source(path: Path, name: str) -> Iterator[Source]:
    """The folder or zip at `path`, closed again on leaving; `name` is what the user calls it."""
    if path.is_dir():
        yield Folder(path, name)
        return
    try:
        if path.exists() and not path.is_file():  # a pipe or a device would keep us waiting
            raise _not_whole(name)
        stream = path.open("rb")
    except FileNotFoundError as error:
        raise PackRefused(
            N_("There is no model pack at “{name}”. Choose a pack folder or a .vspack file."), name=str(path)
        ) from error
    except OSError as error:
        raise _unreadable(name, error) from error
    with stream:
        yield Zip(stream, name)
