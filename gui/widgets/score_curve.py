"""The curve of one behaviour's score with its two thresholds, and its episodes as bars whose ends can be moved.

Scores, a result or a review come in; the episode that is chosen, and its ends once they were moved, go out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent

from gui import ethogram, style
from gui.i18n import _, current, follow
from gui.widgets.episode_lane import Bar, Episodes
from gui.widgets.plot_items import CurveAxis, Stairs
from gui.widgets.time_plot import CTRL, NONE, SHIFT, TimePlot
from screening import review
from screening.records import Label, PackInfo, Profile, Result
from screening.review import Reviewed

# In units of the score: the bars stand under the curve.
BAR_TOP, BAR_BOTTOM, FLOOR = -0.1, -0.44, -0.48
CEILING = 1.16  # room for the figure 1 beside the axis
HIGHEST = 240  # logical pixels; a curve says no more by being higher, but may fill what other plots leave
GRASP = 6.0  # pixels either side of an end
LEAST_S = 0.1  # an episode is never dragged shorter
NUDGE_S = 0.1  # one press of Ctrl and an arrow

End = Literal["start", "end"]


@dataclass(slots=True)
class Change:
    """An episode whose ends are being moved, and where they are now."""

    item: Reviewed
    start_s: float
    end_s: float


class Bars(Episodes):
    """The episodes of one behaviour; their ends can be dragged."""

    moved = Signal(object, str, float)  # bar, end, seconds
    dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._held: tuple[Bar, End, float] | None = None  # with what the mouse is off the end by, in seconds
        self.setAcceptHoverEvents(True)

    @property
    def is_held(self) -> bool:
        """Whether the mouse holds an end."""
        return self._held is not None

    def end_at(self, where: QPointF) -> tuple[Bar, End] | None:
        """The end of a bar at `where` (scene): the nearest within grasp."""
        to_scene = self.sceneTransform()
        near: list[tuple[float, Bar, End]] = []
        for bar in self.bars:
            place = self.on_screen(bar, to_scene)
            # A short bar is grasped from outside, so that its middle stays for the click.
            grasp = min(GRASP, place.width() / 4)
            if place.top() <= where.y() <= place.bottom():
                for x, end, inward in ((place.left(), "start", 1), (place.right(), "end", -1)):
                    off = (where.x() - x) * inward
                    if -GRASP <= off <= grasp:
                        near.append((abs(off), bar, "start" if end == "start" else "end"))
        best = min(near, key=lambda found: found[0], default=None)
        return best[1:] if best is not None else None

    def hoverEvent(self, event: pg.GraphicsScene.mouseEvents.HoverEvent) -> None:
        """Over an end the mouse can drag it, and looks like it."""
        over = None if event.isExit() else self.end_at(event.scenePos())
        if over is not None and event.acceptDrags(Qt.MouseButton.LeftButton):
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self.unsetCursor()

    def mouseDragEvent(self, event: pg.GraphicsScene.mouseEvents.MouseDragEvent) -> None:
        """From the press on an end to the release."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        if event.isStart():
            self._grasp(event)
        if self._held is None:
            event.ignore()
            return
        event.accept()
        bar, end, off = self._held
        self.moved.emit(bar, end, event.pos().x() - off)
        if event.isFinish():
            self._held = None
            self.dropped.emit()

    def _grasp(self, event: pg.GraphicsScene.mouseEvents.MouseDragEvent) -> None:
        found = self.end_at(event.buttonDownScenePos())
        if found is not None:
            bar, end = found
            at = bar.item.start_s if end == "start" else bar.item.end_s
            self._held = bar, end, event.buttonDownPos().x() - at


class ScoreCurve(TimePlot):
    """The score of the chosen behaviour over time. `times`: with the axis of time under it."""

    episode_chosen = Signal(str)  # target
    adjusted = Signal(str, float, float)  # target, start, end in seconds: once, when both are as the user wants them

    def __init__(self, times: bool = True) -> None:
        self._axis = CurveAxis()
        super().__init__(self._axis, times)
        self._label: Label | None = None
        self._found: tuple[Reviewed, ...] = ()
        self._change: Change | None = None
        self._cancelled = False
        self.view.setYRange(FLOOR, CEILING, padding=0)
        self.room = HIGHEST
        self.curve, self.episodes = Stairs(), Bars()
        self.on_line, self.off_line = pg.InfiniteLine(angle=0), pg.InfiniteLine(angle=0)
        for item in (self.curve, self.on_line, self.off_line, self.episodes):
            self.plot.addItem(item)
        self.hatch.setZValue(-1)
        self.episodes.moved.connect(self._drag)
        self.episodes.dropped.connect(self._drop)
        self.keys |= {
            (Qt.Key.Key_Left, NONE): lambda: self._step(-1),
            (Qt.Key.Key_Right, NONE): lambda: self._step(1),
            (Qt.Key.Key_Left, CTRL): lambda: self._nudge("start", -NUDGE_S),
            (Qt.Key.Key_Right, CTRL): lambda: self._nudge("start", NUDGE_S),
            (Qt.Key.Key_Left, CTRL | SHIFT): lambda: self._nudge("end", -NUDGE_S),
            (Qt.Key.Key_Right, CTRL | SHIFT): lambda: self._nudge("end", NUDGE_S),
        }
        self.colour()
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Score of the chosen behaviour, and its episodes"))
        self.setToolTip(
            _(
                "Click: go there. Drag an end of a bar: move it. ← →: choose an episode. "
                "Ctrl with ← →: move its start, Ctrl and Shift with ← →: move its end; "
                "Enter: keep, Esc: leave it as it was."
            )
        )
        self._axis.setTicks([[(0, "0"), (0.5, current().number(0.5, 1)), (1, "1")]])
        self._say()

    # ---- what comes in

    def empty(self, pack: PackInfo, profile: Profile, start_s: float, total_s: float) -> None:
        """Forget what was shown; which behaviour it is about, `choose` says."""
        self._cancel()
        super().empty(pack, profile, start_s, total_s)
        self._label, self._found = None, ()
        self.episodes.mark("")
        self._draw()

    def show_result(self, result: Result) -> None:
        """All scores, and the model's episodes; the behaviour stays chosen, where the pack has it."""
        label_id = self._label.id if self._label is not None else None
        super().show_result(result)
        first, last = self.bounds()
        self._found = tuple(review.begin(result.episodes, (), first, last).reviewed.values())
        if label_id is not None:
            self.choose(label_id)

    def show_episodes(self, episodes: Sequence[Reviewed]) -> None:
        """These episodes as they stand now; only those of the chosen behaviour are seen."""
        self._found = tuple(episodes)
        if self._change is not None and self._change.item not in self._found:
            self._cancel()
        self._draw_bars()
        self._say()

    def choose(self, label_id: int) -> None:
        """Show the curve of this behaviour."""
        labels = self.pack.labels if self.pack is not None else ()
        label = next((label for label in labels if label.id == label_id), None)
        if label is not None and label != self._label:
            self._cancel()
            self._label = label
            self._draw()

    def mark(self, target: str) -> None:
        """Frame the bar of this episode; "" frames none."""
        if self._change is not None and self._change.item.target != target:
            self._cancel()
        self.episodes.mark(target)
        self._say()

    # ---- what can be asked

    def chosen(self) -> Label | None:
        """The behaviour whose curve is shown."""
        return self._label

    def bars(self) -> list[tuple[float, float]]:
        """Start and end of the bars that are shown, in the order of time."""
        return sorted((bar.item.start_s, bar.item.end_s) for bar in self.episodes.bars)

    def limits(self) -> tuple[float, float]:
        """The on- and the off-threshold of the chosen behaviour."""
        on = self.threshold(self._label) if self._label is not None else 0.0
        return on, on * self._off_ratio

    # ---- painting

    def _draw(self) -> None:
        on, off = self.limits()
        for line, value in ((self.on_line, on), (self.off_line, off)):
            line.setValue(value)
            line.setVisible(self._label is not None)
        self.draw_scores()
        self._draw_bars()
        self._say()

    def draw_scores(self) -> None:
        """Paint what came in."""
        labels = (self._label,) if self._label is not None else ()
        self.picture = picture = self.scores.picture(labels) if self.scores is not None else None
        if picture is not None:
            self.reach(float(picture.edges[-1]))
        self.curve.show_picture(picture)
        first, last = self.bounds()
        for item in (self.hatch, self.curve, self.episodes):
            item.cover(QRectF(first, FLOOR, last - first, CEILING - FLOOR))
        self.hatch.show_boxes([QRectF(start, 0, end - start, 1) for start, end in self.gaps()])

    def _draw_bars(self) -> None:
        mine = sorted((x for x in self._found if self._label is not None and x.label_id == self._label.id), key=_when)
        places = [self._times(item) for item in mine]
        lanes = ethogram.lanes([(item.start_s, item.end_s) for item in mine])
        height = (BAR_TOP - BAR_BOTTOM) / (max(lanes, default=0) + 1)
        self.episodes.show_bars(
            [
                Bar(item, QRectF(start, BAR_TOP - (lane + 1) * height, end - start, height * 0.92))
                for item, (start, end), lane in zip(mine, places, lanes, strict=True)
            ]
        )

    def _times(self, item: Reviewed) -> tuple[float, float]:
        change = self._change
        moving = change is not None and change.item.target == item.target
        return (change.start_s, change.end_s) if change is not None and moving else (item.start_s, item.end_s)

    def _say(self) -> None:
        label, t = self._label, current()
        if label is None:
            self._axis.say("", [])
            self.setAccessibleDescription("")
            return
        on, off = self.limits()
        counts = _("counts from {threshold}").format(threshold=t.number(on, 2))
        ends = _("ends below {threshold}").format(threshold=t.number(off, 2))
        self._axis.say(label.name(t.code), [(Qt.PenStyle.DashLine, counts), (Qt.PenStyle.DotLine, ends)])
        bar = self._marked()
        name = label.name(t.code)
        if self._change is not None:
            told = _("{behaviour}, {start} to {end}: being moved. Enter keeps it, Esc leaves it as it was.").format(
                behaviour=name, start=t.clock(self._change.start_s, 1), end=t.clock(self._change.end_s, 1)
            )
        else:
            told = bar.told(name) if bar is not None else f"{name}, {counts}, {ends}"
        self.setAccessibleDescription(told)

    def colour(self) -> None:
        """Take the colours of the theme."""
        super().colour()
        theme = style.look.theme
        self.on_line.setPen(pg.mkPen(theme.quiet, width=1, style=Qt.PenStyle.DashLine))
        self.off_line.setPen(pg.mkPen(theme.quiet, width=1, style=Qt.PenStyle.DotLine))
        self._axis.setStyle(tickLength=0)
        self._axis.setPen(pg.mkPen(QColor(theme.line)))
        self._axis.setTextPen(pg.mkPen(QColor(theme.quiet)))

    # ---- episodes by mouse and by keyboard

    def _marked(self) -> Bar | None:
        return next((bar for bar in self.episodes.bars if bar.item.target == self.episodes.chosen), None)

    def _choose_bar(self, bar: Bar) -> None:
        self.mark(bar.item.target)
        start, end = self.span()
        if not (start <= bar.item.start_s and bar.item.end_s <= end):
            middle, half = (bar.item.start_s + bar.item.end_s) / 2, (end - start) / 2
            self.show_span(middle - half, middle + half)
        self.episode_chosen.emit(bar.item.target)

    def _step(self, by: int) -> None:
        bars = sorted(self.episodes.bars, key=lambda bar: _when(bar.item))
        if not bars:
            return
        at = next((i for i, bar in enumerate(bars) if bar.item.target == self.episodes.chosen), None)
        if at is None:
            now = self.position()
            after = [i for i, bar in enumerate(bars) if bar.item.start_s > now]
            at = (after[0] if after else len(bars)) - (1 if by > 0 else 0)
        self._choose_bar(bars[(at + by) % len(bars)])

    def _nudge(self, end: End, by: float) -> None:
        bar = self._marked()
        if bar is not None:
            start_s, end_s = self._times(bar.item)
            self._move(bar.item, end, (start_s if end == "start" else end_s) + by)

    def _drag(self, bar: Bar, end: End, seconds: float) -> None:
        if self._cancelled:
            return
        if self._change is None and self.episodes.chosen != bar.item.target:
            self.episodes.mark(bar.item.target)
            self.episode_chosen.emit(bar.item.target)
        self._move(bar.item, end, seconds)

    def _drop(self) -> None:
        if not self._cancelled:
            self._keep()
        self._cancelled = False

    def _move(self, item: Reviewed, end: End, seconds: float) -> None:
        """Move an end: within what was analysed, and never past the other end."""
        first, last = self.bounds()
        start_s, end_s = self._times(item)
        if end == "start":
            start_s = max(first, min(seconds, end_s - LEAST_S))
        else:
            end_s = min(last, max(seconds, start_s + LEAST_S))
        self._change = Change(item, start_s, end_s)
        self.keys |= {
            (Qt.Key.Key_Return, NONE): self._keep,
            (Qt.Key.Key_Enter, NONE): self._keep,
            (Qt.Key.Key_Escape, NONE): self._cancel,
        }
        self._draw_bars()
        self._say()

    def _end_change(self) -> Change | None:
        """Nothing is being moved any more; what was, if anything."""
        change, self._change = self._change, None
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.keys.pop((key, NONE), None)
        return change

    def _keep(self) -> None:
        change = self._end_change()
        if change is not None:
            if (change.start_s, change.end_s) != (change.item.start_s, change.item.end_s):
                self.adjusted.emit(change.item.target, change.start_s, change.end_s)
            self._draw_bars()
            self._say()

    def _cancel(self) -> None:
        self._cancelled = self.episodes.is_held
        self._end_change()
        self._draw_bars()
        self._say()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was moved by keys and not kept stays as it was."""
        if self._change is not None and not self.episodes.is_held:
            self._cancel()
        super().focusOutEvent(event)

    def clicked(self, place: QPointF, on_plot: bool) -> None:
        """A bar is chosen."""
        bar = self.episodes.at(self.view.mapViewToScene(place)) if on_plot else None
        if bar is not None:
            self._choose_bar(bar)

    def tip(self, place: QPointF, on_plot: bool) -> str:
        """What is at the mouse; left of the curve its behaviour in full, in both languages."""
        label, t = self._label, current()
        if label is None:
            return ""
        if not on_plot:
            return "\n".join(ethogram.both_names(label, t.code))
        bar = self.episodes.at(self.view.mapViewToScene(place))
        name = label.name(t.code)
        return bar.told(name) if bar is not None else self.told(name, 0, self.picture, place.x())


def _when(item: Reviewed) -> tuple[float, float]:
    return item.start_s, item.end_s
