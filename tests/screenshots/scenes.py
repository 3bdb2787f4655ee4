"""The states of the window that are photographed, in the order in which the walk comes by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gui import help as help_window
from tests.screenshots import pages, reviews, troubles, visit
from tests.screenshots.stage import Stage


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the window: its name, as in the pictures' names and the guide, and how the window comes there.

    `again`: it is entered anew in every language. `aside`: no later one needs it, so that it is left out where its
    pictures are not wanted. `own_size`: it is shown as large as it comes.
    """

    name: str
    enter: Callable[[Stage], None]
    again: bool = False
    aside: bool = False
    own_size: bool = False


GUIDE = tuple(page.name for page in help_window.pages("en"))
SCENES = (
    Scene("start", visit.start),
    Scene("video", visit.video),
    Scene("analysing", visit.analysing),
    Scene("result", visit.result),
    Scene("review_start", visit.review_start),
    Scene("review", visit.review),
    Scene("report", visit.report),
    Scene("cases", pages.cases),
    Scene("case_form", pages.case_form, aside=True),
    Scene("profile", pages.profile, aside=True),
    Scene("no_camera", pages.no_camera),
    Scene("recording", pages.recording, again=True, aside=True),
    Scene("models", pages.models),
    Scene("menu", pages.menu, aside=True),
    Scene("submenus", pages.submenus, again=True, aside=True),
    Scene("help", partial(pages.guide, "reviewing"), aside=True, own_size=True),
    Scene("about", pages.about, aside=True, own_size=True),
    Scene("help_search", pages.guide_search, again=True, aside=True, own_size=True),
    *(Scene(f"help_{name}", partial(pages.whole_guide, name), again=True, aside=True, own_size=True) for name in GUIDE),
    Scene("nothing_marked", reviews.nothing_marked),
    Scene("marking", reviews.marking),
    Scene("reveal_asks", reviews.reveal_asks, again=True, aside=True),
    Scene("revealed", reviews.revealed),
    Scene("agreement", reviews.agreement, aside=True),
    Scene("relabel", reviews.relabel, again=True, aside=True),
    Scene("remark", reviews.remark, again=True, aside=True),
    Scene("finished", reviews.finished),
    Scene("report_before", pages.report_before),
    Scene("report_whole", pages.report_whole, aside=True),
    Scene("pack_installed", troubles.pack_installed),
    Scene("pack_removal", troubles.pack_removal, aside=True),
    Scene("pack_card", troubles.pack_card, aside=True),
    Scene("pack_fingerprint", troubles.pack_fingerprint, aside=True),
    Scene("pack_refused", troubles.pack_refused, aside=True),
    Scene("errors", troubles.errors, aside=True),
    Scene("crashed", troubles.crashed, again=True, aside=True),
    Scene("crashed_before", troubles.crashed_before, again=True, aside=True),
    Scene("crashed_before_told", troubles.crashed_before_told, again=True, aside=True),
    Scene("leaving", troubles.leaving, again=True, aside=True),
)
