"""The records that travel between rooms: frozen dataclasses, nothing else.

Times are seconds from the start of the video (presentation timestamp less the stream's start). Every record can be
written to and read from JSON by `pydantic.TypeAdapter`; `screening.exports.result_json` does so for `Result`.
"""

from screening.records.arrays import Flags, Probabilities, Times
from screening.records.findings import Decision, Episode, ScoreTimeline, Verdict, Window
from screening.records.model import InputSpec, Label, OutputSpec, PackInfo, Performance
from screening.records.result import (
    Band,
    BehaviourResult,
    Case,
    Criterion,
    EpisodeRule,
    Evidence,
    Indicators,
    Profile,
    Progress,
    Result,
    Runtime,
    Status,
)
from screening.records.video import DecodeError, KeyBox, Picture, Region, Track, VideoInfo

__all__ = [
    "Band",
    "BehaviourResult",
    "Case",
    "Criterion",
    "Decision",
    "DecodeError",
    "Episode",
    "EpisodeRule",
    "Evidence",
    "Flags",
    "Indicators",
    "InputSpec",
    "KeyBox",
    "Label",
    "OutputSpec",
    "PackInfo",
    "Performance",
    "Picture",
    "Probabilities",
    "Profile",
    "Progress",
    "Region",
    "Result",
    "Runtime",
    "ScoreTimeline",
    "Status",
    "Times",
    "Track",
    "Verdict",
    "VideoInfo",
    "Window",
]
