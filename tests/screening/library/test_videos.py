"""Clips of a visit: their order, their receipt, and how a file that was moved is found again."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from screening.errors import VideoUnusable, WrongUsage
from screening.library import Library
from screening.library.records import Video
from screening.library.videos import fingerprint, look_for
from tests.screening import results


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "home" / "library.sqlite") as library:
        yield library


@pytest.fixture
def visit_id(library: Library) -> int:
    return library.visits.add(library.cases.add("K-0147").id, dt.date(2026, 11, 22)).id


def clip(path: Path, content: bytes = b"a film") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def read_through(library: Library, video: Video) -> Video:
    found = fingerprint(video.path)
    receipt = dataclasses.replace(
        results.video_info(60.0), path=video.path.name, sha256=found.sha256, size_bytes=found.size_bytes
    )
    return library.videos.received(video.id, receipt)


def test_clips_keep_their_order_and_a_new_one_comes_last(library: Library, visit_id: int, tmp_path: Path) -> None:
    one, two, three = (library.videos.add(visit_id, clip(tmp_path / f"{n}.mp4")).id for n in range(3))
    library.videos.reorder(visit_id, [three, one, two])
    library.videos.delete(one)
    four = library.videos.add(visit_id, clip(tmp_path / "4.mp4")).id
    assert [video.id for video in library.videos.of_visit(visit_id)] == [three, two, four]
    with pytest.raises(ValueError, match="the visit's videos are"):
        library.videos.reorder(visit_id, [three, two])


def test_the_receipt_is_kept_with_hash_and_length(library: Library, visit_id: int, tmp_path: Path) -> None:
    video = library.videos.add(visit_id, clip(tmp_path / "a.mp4"))
    assert (video.sha256, video.duration_s, video.receipt, video.size_bytes) == (None, None, None, 6)
    read = read_through(library, video)
    assert read.receipt is not None
    assert (read.sha256, read.duration_s) == (read.receipt.sha256, 60.0)


def test_recent_videos_name_each_file_once(library: Library, visit_id: int, tmp_path: Path) -> None:
    a, b = clip(tmp_path / "a.mp4"), clip(tmp_path / "b.mp4")
    for path in (a, b, a):
        library.videos.add(visit_id, path)
    assert [video.path for video in library.videos.recent()] == [a, b]
    assert [video.path for video in library.videos.recent(1)] == [a]


def test_a_moved_file_is_found_by_its_content_though_others_have_its_name_and_size(
    library: Library, visit_id: int, tmp_path: Path
) -> None:
    video = read_through(library, library.videos.add(visit_id, clip(tmp_path / "a.mp4")))
    assert look_for(video, [tmp_path / "empty"]) is None
    moved = clip(tmp_path / "elsewhere" / "deep" / "renamed.mp4")
    clip(tmp_path / "elsewhere" / "a.mp4", b"b film")
    video.path.unlink()

    found = look_for(video, [tmp_path / "elsewhere"])

    assert found == moved
    assert library.videos.relink(video.id, found, fingerprint(found)).path == moved


def test_a_video_never_read_through_is_found_by_name_and_size(library: Library, visit_id: int, tmp_path: Path) -> None:
    video = library.videos.add(visit_id, clip(tmp_path / "a.mp4"))
    clip(tmp_path / "elsewhere" / "b.mp4")
    assert look_for(video, [tmp_path / "elsewhere"]) is None
    moved = clip(tmp_path / "elsewhere" / "x" / "a.mp4")
    assert look_for(video, [tmp_path / "elsewhere"]) == moved


def test_another_video_is_not_taken_for_the_moved_one(library: Library, visit_id: int, tmp_path: Path) -> None:
    video = read_through(library, library.videos.add(visit_id, clip(tmp_path / "a.mp4")))
    for content in (b"b film", b"a longer film"):
        other = clip(tmp_path / "other.mp4", content)
        with pytest.raises(WrongUsage, match=r"“other\.mp4” is not the video of this visit"):
            library.videos.relink(video.id, other, fingerprint(other))
    assert library.videos.get(video.id) == video


def test_a_library_that_moves_takes_the_videos_in_its_folder_along(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Library(home / "library.sqlite") as library:
        visit = library.visits.add(library.cases.add("K-0147").id, dt.date(2026, 11, 22))
        library.videos.add(visit.id, clip(home / "videos" / "a.mp4"))
        outside = library.videos.add(visit.id, clip(tmp_path / "b.mp4")).path
    shutil.move(home, tmp_path / "new home")
    with Library(tmp_path / "new home" / "library.sqlite") as library:
        assert [video.path for video in library.videos.of_visit(visit.id)] == [
            tmp_path / "new home" / "videos" / "a.mp4",
            outside,
        ]


def test_a_file_that_is_not_there_gets_a_sentence(library: Library, visit_id: int, tmp_path: Path) -> None:
    with pytest.raises(VideoUnusable, match=r"no file “gone\.mp4”"):
        library.videos.add(visit_id, tmp_path / "gone.mp4")
    with pytest.raises(VideoUnusable, match=r"“gone\.mp4” cannot be read"):
        fingerprint(tmp_path / "gone.mp4")
    assert library.videos.of_visit(visit_id) == []
