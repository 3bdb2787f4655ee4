"""The heat map: a row of scores for each behaviour, with its episodes, and one row that the others are folded into.

Scores, a result or a review come in; the behaviour, the place and the span that the user points at go out.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollBar

from gui import ethogram
from gui.ethogram import Picture, Rows
from gui.i18n import _, current, follow
from gui.widgets.episode_lane import Bar, Episodes
from gui.widgets.plot_items import LABEL_WIDTH, LANE, NAME_MARGIN, RowAxis, RowName, ScoreMap
from gui.widgets.time_plot import NONE, TimePlot
from screening import quality, review
from screening.records import Label, PackInfo, Profile, Result
from screening.review import Reviewed

# Pixels: a row is never so low that its name cannot be read, nor so high that few of them fill the window.
LOWEST_ROW, HIGHEST_ROW = 20.0, 34.0
ROWS_KEPT = 10  # as many rows come and go with their episodes without moving what lies above


class HeatMap(TimePlot):
    """Behaviours × time. `times`: with the axis of time under it."""

    label_chosen = Signal(int)  # the id of the behaviour that the user chose

    def __init__(self, times: bool = True) -> None:
        self._axis = RowAxis()
        super().__init__(self._axis, times)
        self._profile: Profile | None = None
        self._found: tuple[Reviewed, ...] = ()
        self._rows = Rows((), (), ())
        self._open = False
        self._at = 0  # the row that the keyboard is at
        self._chosen: int | None = None  # label id
        self._finished = False
        self.view.invertY(True)
        self.map, self.lane = ScoreMap(), Episodes(LANE - 1)
        self.plot.addItem(self.map)
        self.plot.addItem(self.lane)
        self.rows_bar = QScrollBar(Qt.Orientation.Vertical, self)
        self.rows_bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows_bar.valueChanged.connect(self._scrolled)
        self.view.scrolled.connect(self._scroll)
        self.view.sigResized.connect(self._fit_rows)
        self.keys |= {
            (Qt.Key.Key_Up, NONE): lambda: self._step(-1),
            (Qt.Key.Key_Down, NONE): lambda: self._step(1),
        }
        self.colour()
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Behaviours over time"))
        self.rows_bar.setAccessibleName(_("Rows of behaviours"))
        self.setToolTip(
            _(
                "Click: go there. Wheel, + and −: zoom. Drag, Shift with ← →: move. ↑ ↓: choose a behaviour. "
                "Enter: open or close the other behaviours. Double click, 0: all of the video."
            )
        )
        self._draw_names()

    # ---- what comes in

    def begin(self, pack: PackInfo, profile: Profile, start_s: float, total_s: float) -> None:
        """An analysis begins, or a part to mark: empty rows, ready to fill."""
        super().begin(pack, profile, start_s, total_s)
        self._forget(profile)
        self._arrange()
        self._choose_first()

    def show_result(self, result: Result) -> None:
        """All scores, and the model's episodes, about which nothing is decided yet."""
        self._forget(result.profile)
        super().show_result(result)
        self._finished = True
        first, last = self.bounds()
        self.show_episodes(tuple(review.begin(result.episodes, (), first, last).reviewed.values()))
        self._choose_first()

    def _forget(self, profile: Profile) -> None:
        self._profile, self._found = profile, ()
        self._finished = self._open = False
        self._chosen = None  # a choice of before would open the fold

    def show_episodes(self, episodes: Sequence[Reviewed]) -> None:
        """These episodes as they stand now; the chosen behaviour stays chosen."""
        self._found = tuple(episodes)
        self._arrange()

    def choose(self, label_id: int) -> None:
        """Choose this behaviour, where it has a row; opens the fold if it is in there."""
        if any(label.id == label_id for label in self._rows.folded) and not self._open:
            self._open = True
            self._draw_rows()
        for i, label in enumerate(self._labels()):
            if label is not None and label.id == label_id:
                self._chosen, self._at = label_id, i
                self._show_row(i)
                self._draw_names()

    def mark(self, target: str) -> None:
        """Frame the bar of this episode; "" frames none."""
        self.lane.mark(target)

    # ---- what can be asked

    def chosen(self) -> Label | None:
        """The behaviour that is chosen."""
        return next((x for x in self._labels() if x is not None and x.id == self._chosen), None)

    def names(self) -> list[str]:
        """The rows' names from top to bottom, as shown."""
        return [name.text for name in self._names()]

    def filled_s(self) -> float:
        """How far the scores reach, in seconds."""
        return float(self.picture.edges[-1]) if self.picture is not None else 0.0

    # ---- rows

    def _arrange(self) -> None:
        if self.pack is None or self._profile is None:
            return
        model = [item.original for item in self._found if item.original is not None]
        self._rows = ethogram.arrange(self.pack, self._profile, model, {item.label_id for item in self._found})
        at_fold = self._at < len(self._labels()) and self._labels()[self._at] is None
        self._draw_rows()
        if self._chosen is not None and not at_fold:
            self.choose(self._chosen)

    def _choose_first(self) -> None:
        self._chosen = next((label.id for label in self._rows.shown), None)
        self._at = 0
        self._show_row(0)
        self._draw_names()

    def _labels(self) -> list[Label | None]:
        """The behaviour of each row that can be stepped on; None: the fold."""
        labels: list[Label | None] = list(self._rows.shown)
        if self._rows.folded:
            labels.append(None)
            labels += self._rows.folded if self._open else ()
        return labels

    def _count(self) -> int:
        return max(1, self._rows.count + (len(self._rows.folded) if self._open else 0))

    def _names(self) -> list[RowName]:
        t = current()
        names = [
            RowName(label.name(t.code), label.id == self._chosen, indent=i >= len(self._rows.shown))
            if label is not None
            else RowName(self._fold_name(), quiet=True, fold=self._open)
            for i, label in enumerate(self._labels())
        ]
        if self._rows.untrained:
            n = len(self._rows.untrained)
            other = t.ngettext("{n} other: not trained", "{n} others: not trained", n)
            names.append(RowName(other.format(n=n), quiet=True))
        return names

    def _fold_name(self) -> str:
        other = _("{n} others: no episode") if self._finished else _("{n} others")
        return other.format(n=len(self._rows.folded))

    def _step(self, by: int) -> None:
        if self._labels():
            self._go((self._at + by) % len(self._labels()))

    def _go(self, row: int) -> None:
        label = self._labels()[row]
        self._at = row
        self._show_row(row)
        if label is not None and label.id != self._chosen:
            self._chosen = label.id
            self._draw_names()
            self.label_chosen.emit(label.id)
        else:
            self._draw_names()

    def _unfold(self) -> None:
        labels = self._labels()
        if self._at < len(labels) and labels[self._at] is None:
            self._open = not self._open
            self._draw_rows()

    # ---- painting

    def _draw_rows(self) -> None:
        self.room = round(max(self._count(), ROWS_KEPT) * HIGHEST_ROW)
        self.setMaximumHeight(round(self._count() * HIGHEST_ROW))
        self._fit_rows()
        self._draw_names()
        self.draw_scores()
        self._draw_episodes()

    def _draw_names(self) -> None:
        self._axis.show_names(self._names(), self._at)
        label, t = self.chosen(), current()
        told = ""
        if label is not None:
            count = sum(item.label_id == label.id and not item.rejected for item in self._found)
            told = _("Chosen: {behaviour}. Counts from {threshold}. Episodes: {n}.").format(
                behaviour=label.name(t.code), threshold=t.number(self.threshold(label), 2), n=count
            )
        labels = self._labels()
        at_fold = self._at < len(labels) and labels[self._at] is None
        # On the row of a behaviour these keys are left to the page, which may accept an episode by them.
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.keys.pop((key, NONE), None)
            if at_fold:
                self.keys[key, NONE] = self._unfold
        if at_fold:
            closed = _("{others}. Enter closes them.") if self._open else _("{others}. Enter opens them.")
            told = " ".join([closed.format(others=self._fold_name()), told])
        self.setAccessibleDescription(told)

    def colour(self) -> None:
        """Take the colours of the theme."""
        super().colour()
        self._draw_names()  # the axis keeps a picture of them

    def draw_scores(self) -> None:
        """Paint what came in."""
        if self.scores is None:
            return
        known = self._rows.shown + self._rows.folded
        # By id: the picture is kept however the rows are sorted.
        whole = tuple(sorted(known, key=lambda label: label.id))
        self.picture = picture = self.scores.picture(whole)
        if picture is None:
            self.map.show_picture(None)
        else:
            self.reach(float(picture.edges[-1]))
            place = {label.id: i for i, label in enumerate(whole)}
            folded = [place[label.id] for label in self._rows.folded]
            rows = [
                picture.cells[place[label.id]] if label is not None else picture.cells[folded].max(axis=0)
                for label in self._labels()
            ]
            self.map.show_picture(Picture(picture.edges, np.array(rows), picture.assessable))
        self._draw_gaps()

    def _draw_gaps(self) -> None:
        (first, last), scored, rows = self.bounds(), len(self._labels()), self._count()
        boxes = [QRectF(start, 0, end - start, scored) for start, end in self.gaps()]
        if self._rows.untrained:
            boxes.append(QRectF(first, scored, last - first, 1))
        for item in (self.hatch, self.map, self.lane):
            item.cover(QRectF(first, 0, last - first, rows))
        self.hatch.show_boxes(boxes)

    def _draw_episodes(self) -> None:
        row = {label.id: i for i, label in enumerate(self._labels()) if label is not None}
        self.lane.show_bars(
            [
                Bar(item, QRectF(item.start_s, row[item.label_id], item.end_s - item.start_s, 1))
                for item in self._found
                if item.label_id in row
            ]
        )
        self.map.lane = LANE if self._found else 0.0
        self.map.update()

    def _fit_rows(self) -> None:
        """As many rows as can be read; the scroll bar moves through the others."""
        rows, height = self._count(), max(1.0, self.view.height())
        fitting = min(rows, max(1, int(height / LOWEST_ROW)))
        self.rows_bar.setVisible(fitting < rows)
        self.rows_bar.setPageStep(fitting)
        self.rows_bar.setRange(0, rows - fitting)
        self._scrolled()
        self._place_scroll()

    def _scrolled(self) -> None:
        rows, height = self._count(), max(1.0, self.view.height())
        fitting, top = self.rows_bar.pageStep(), self.rows_bar.value()
        shown = fitting if fitting < rows else max(rows, height / HIGHEST_ROW)
        self.view.setYRange(top, top + shown, padding=0)
        self._axis.show_names(self._names(), self._at)

    def _scroll(self, rows: int) -> None:
        self.rows_bar.setValue(self.rows_bar.value() + rows)

    def _show_row(self, row: int) -> None:
        top, fitting = self.rows_bar.value(), self.rows_bar.pageStep()
        self.rows_bar.setValue(min(max(top, row - fitting + 1), row))

    def _place_scroll(self) -> None:
        width = self.rows_bar.sizeHint().width()
        top, height = self.plots.geometry().top() + 1, int(self.view.height())
        self.rows_bar.setGeometry(LABEL_WIDTH - NAME_MARGIN + 4, top, width, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rows fit anew."""
        super().resizeEvent(event)
        self._place_scroll()

    # ---- pointing

    def clicked(self, place: QPointF, on_plot: bool) -> None:
        """A row chooses its behaviour; the fold opens and closes."""
        row = int(np.floor(place.y()))
        if 0 <= row < len(self._labels()):
            self._go(row)
            if not on_plot or not self._open:
                self._unfold()

    def tip(self, place: QPointF, on_plot: bool) -> str:
        """The behaviour in full, in both languages; on the plot what is there, too."""
        row, labels, t = int(np.floor(place.y())), self._labels(), current()
        if row == len(labels) and self._rows.untrained:
            reason = quality.REASONS["not_trained"]
            return _listed(_(reason), self._rows.untrained)
        if not 0 <= row < len(labels):
            return ""
        label = labels[row]
        if not on_plot and label is None:
            note = _("The colour is the highest score of all of them; none stayed high for long enough.")
            return _listed(self._fold_name(), self._rows.folded, note if self._finished else "")
        if not on_plot and label is not None:
            return "\n".join(ethogram.both_names(label, t.code))
        bar = self.lane.at(self.view.mapViewToScene(place))
        name = self._fold_name() if label is None else label.name(t.code)
        return bar.told(name) if bar is not None else self.told(name, row, self.map.picture, place.x())


def _listed(title: str, labels: Sequence[Label], note: str = "") -> str:
    """As rich text, so that a long list is broken into lines."""
    names = "; ".join(html.escape(label.name(current().code)) for label in labels)
    lines = [f"<b>{html.escape(title)}</b>", *([html.escape(note)] if note else []), names]
    return f"<p>{'<br>'.join(lines)}</p>"
