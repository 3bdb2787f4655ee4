"""How far a clip is, in words: its place in the queue and what was found in it come in, a few words go out."""

from __future__ import annotations

from gui.desks.visit_facts import Clip
from gui.i18n import _


def state(clip: Clip, queued: str | None, analysed: bool) -> str:
    """`queued` is its state in the queue, if it is there; `analysed`: something was found in it, or nothing was."""
    if clip.missing:
        return _("file not found")
    match queued:
        case "running" | "stopping":
            return _("being analysed")
        case "waiting":
            return _("waiting")
        case "left":
            return _("analysis not finished")
        case "failed":
            return _("analysis failed")
    if analysed:
        return _("analysed")
    return _("analysis failed") if clip.analyses and clip.analyses[0].state == "failed" else _("not analysed")
