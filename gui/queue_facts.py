"""What the queue of analyses is made of, and what it asks of the library and of the packs. No Qt here.

Wishes and outcomes come in; the library's records go out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from gui import ethogram
from screening import pack
from screening.errors import N_, PackRefused, ScreeningError
from screening.library import Library
from screening.library import records as kept
from screening.pack import Pack
from screening.records import PackInfo, Profile, Result, ScoreTimeline, Track

State = Literal["left", "waiting", "running", "stopping", "failed"]
Trim = tuple[float | None, float | None]
Outcome = Result | ScreeningError | Literal["cancelled"]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Item:
    """One analysis in the queue.

    `left`: begun or wished for before the program ended, and waiting for somebody to say "go on". `trim` in seconds,
    None: from the beginning, to the end. `video_id` and `analysis_id` are the library's; None: it is not kept.
    `source` is None until the pack of an item that was left is found again.
    """

    key: int
    video: Path
    pack: PackInfo
    profile: Profile
    track: Track | None = None
    trim: Trim = (None, None)
    video_id: int | None = None
    analysis_id: int | None = None
    source: Pack | None = None
    state: State = "waiting"
    share: float = 0.0  # 0–1
    speed: float = 0.0  # × real time
    left_s: float | None = None  # None: nobody can say yet
    error: ScreeningError | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.video.name

    @property
    def is_queued(self) -> bool:
        """It runs, waits, or was left; not one that failed."""
        return self.state != "failed"

    def asks_the_same(self, other: Item) -> bool:
        """The two would find the same, for the same clip."""
        mine, theirs = (
            (item.video, item.video_id, item.pack.sha256, item.profile, item.track, item.trim) for item in (self, other)
        )
        return mine == theirs


def if_there(work: Callable[[Library], Answer]) -> Callable[[Library], Answer | None]:
    """`work`, with None for an answer when what it asks about was deleted in the meantime."""

    def ask(library: Library) -> Answer | None:
        try:
            return work(library)
        except LookupError as error:
            if type(error) is not LookupError:  # a KeyError or an IndexError is a defect of ours
                raise
            return None

    return ask


def find_pack(key: int, info: PackInfo, in_use: Pack | None) -> tuple[int, Pack | PackRefused]:
    """The pack that an analysis was begun with, or why there is none: `in_use`, else one of those on this computer."""
    if in_use is not None and in_use.info.sha256 == info.sha256:
        return key, in_use
    for path in pack.available():
        try:
            found = pack.read(path)
        except PackRefused:
            continue
        if found.info.sha256 == info.sha256:
            return key, found
    sentence = N_("The model “{name}” {version} is no longer on this computer. Install it again, or analyse anew.")
    return key, PackRefused(sentence, name=info.name, version=info.version)


def write_down(item: Item, video_id: int, library: Library) -> kept.Analysis:
    """Keep the wish at the end of the library's queue."""
    library.videos.get(video_id)
    start_s, end_s = item.trim
    return library.analyses.add(video_id, item.pack, item.profile, region=item.track, start_s=start_s, end_s=end_s)


def start(analysis_id: int, library: Library) -> kept.Analysis:
    """It begins."""
    return library.analyses.start(analysis_id)


def append(analysis_id: int, parts: Sequence[ScoreTimeline], position_s: float, library: Library) -> bool:
    """Keep `parts`, which are new, and how far (s) the video is decoded."""
    library.analyses.append(analysis_id, ethogram.join(parts), position_s)
    return True


def end(analysis_id: int, outcome: Result | ScreeningError | str, library: Library) -> kept.Analysis:
    """Keep how it ended."""
    if isinstance(outcome, Result):
        return library.analyses.finish(analysis_id, outcome)
    if isinstance(outcome, ScreeningError):
        return library.analyses.fail(analysis_id, outcome)
    return library.analyses.cancel(analysis_id)


def cancel(analysis_id: int, library: Library) -> kept.Analysis:
    """Somebody took it out of the queue."""
    return library.analyses.cancel(analysis_id)


def reorder(analysis_ids: Sequence[int], library: Library) -> None:
    """Those named come in this order, and after them whatever else is unfinished."""
    there = [unfinished.id for unfinished in library.analyses.unfinished()]
    named = [analysis_id for analysis_id in analysis_ids if analysis_id in there]
    library.analyses.reorder([*named, *(one for one in there if one not in named)])
