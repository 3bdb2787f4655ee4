"""What goes to support names no folder of the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from gui.selftest.places import program, unnamed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Cannot load library {program}/_internal/libqxcb.so: (libxcb.so.0: no such file)",
         "Cannot load library ‹program›/_internal/libqxcb.so: (libxcb.so.0: no such file)"),
        ("the folder “{data}/packs” cannot be written", "the folder “‹data›/packs” cannot be written"),
        ("{home}/Nguyễn Văn An/a.mp4 is empty", "‹home›/…/a.mp4 is empty"),
        ("in /media/an/usb/film.mp4", "in …/film.mp4"),
        ("in D:\\" + r"Users\an\film.mp4", "in …/film.mp4"),
        (r"in \\server\an\film.mp4", "in …/film.mp4"),
        ("1/3 and 3/4 of km/h, and/or", "1/3 and 3/4 of km/h, and/or"),
        ("two\nlines", "two lines"),
    ],
)  # fmt: skip
def test_folders_are_named_by_what_they_are(
    text: str, told: str, tmp_path: Path, user_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "an")
    assert unnamed(text.format(program=program(), data=user_data, home=tmp_path / "an")) == told
