"""What a file is that the program is started with: a path comes in, the kind of file goes out.

The content of a video is the player's to judge, that of a pack the installer's, that of a library the library's: each
has its own sentence for what it cannot use.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from screening import pack
from screening.library import ladder

_SQLITE = b"SQLite format 3\0"
_APPLICATION_ID = slice(68, 72)  # of SQLite's header, https://www.sqlite.org/fileformat.html#the_database_header
_DATABASES = frozenset({".vslib", ".db", ".sqlite"})


class Kind(Enum):
    """`DATABASE` looks like a library and is none of ours, or damaged."""

    VIDEO = "video"
    PACK = "pack"
    LIBRARY = "library"
    DATABASE = "database"


def kind(path: Path) -> Kind:
    """The kind of the file at `path`; one that is not there, or cannot be read, counts as a video.

    Not for a library that is open in this process: closing a second handle would drop its lock.
    """
    if path.suffix.lower() == pack.SUFFIX:
        return Kind.PACK
    try:
        with path.open("rb") as file:
            header = file.read(_APPLICATION_ID.stop)
    except OSError:
        return Kind.VIDEO
    if header.startswith(_SQLITE) and header[_APPLICATION_ID] == ladder.APPLICATION_ID.to_bytes(4, "big"):
        return Kind.LIBRARY
    return Kind.DATABASE if header.startswith(_SQLITE) or path.suffix.lower() in _DATABASES else Kind.VIDEO
