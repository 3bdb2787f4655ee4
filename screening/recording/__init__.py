"""Camera → crash-safe video file. In: a camera of this computer or of the network. Out: states, and a Matroska file.

The caller's worker thread opens a `Camera`, walks through `preview` and then `record`, and asks for pauses, marks and
the end through a `Control`; at the start of the program it calls `recover` on the folder of the recordings.
"""

from __future__ import annotations

from screening.recording.cameras import Camera, Source, Wish, cameras, network_camera
from screening.recording.finishing import Recorded, Recovery, recover
from screening.recording.hints import CODES, Hints
from screening.recording.scenario import STANDARD, Scenario, Stage, Step
from screening.recording.session import Control, State, preview, record
from screening.recording.writer import Mark

__all__ = [
    "CODES",
    "STANDARD",
    "Camera",
    "Control",
    "Hints",
    "Mark",
    "Recorded",
    "Recovery",
    "Scenario",
    "Source",
    "Stage",
    "State",
    "Step",
    "Wish",
    "cameras",
    "network_camera",
    "preview",
    "record",
    "recover",
]
