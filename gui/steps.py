"""The pages of the window in the order of the clinician's work: what the sidebar, the menu and the keys are made of."""

from __future__ import annotations

from dataclasses import dataclass

from screening.errors import N_


@dataclass(frozen=True, slots=True)
class Step:
    """One page: its name in the program, what it is called and what is done there, its icon and its key."""

    name: str
    title: str
    tip: str
    icon: str
    keys: str
    help: str  # the page of the guide that tells about it


WORK = (
    Step("cases", N_("Cases"), N_("The cases and their visits"), "people", "Ctrl+1", "cases"),
    Step("video", N_("Video"), N_("The clips of the visit, and the child's box"), "film", "Ctrl+2", "video"),
    Step("result", N_("Result"), N_("What the model found, and the index"), "chart", "Ctrl+3", "result"),
    Step("review", N_("Review"), N_("Decide about each episode"), "tick", "Ctrl+4", "reviewing"),
    Step("report", N_("Report"), N_("The report as it will print"), "page", "Ctrl+5", "report"),
)
TOOLS = (
    Step("profile", N_("Profile"), N_("The criteria that the index is made of"), "sliders", "Ctrl+6", "result"),
    Step("models", N_("Models"), N_("The model packs on this computer"), "package", "Ctrl+M", "models"),
)
RECORDING = Step("recording", N_("Record"), N_("Record a video with a camera"), "camera", "Ctrl+R", "recording")

OF_A_VISIT = frozenset({"video", "result", "review", "report"})  # a visit is opened at the one where it was left
PLAYER = frozenset({"video", "result", "review"})  # pages with a player: its keys work there and nowhere else


def step(name: str) -> Step:
    """The page of this name."""
    return next(one for one in (*WORK, *TOOLS, RECORDING) if one.name == name)


QUEUED = frozenset({"cases", "result"})  # pages beside which the queue of analyses is shown
