"""The review page: what the model found, under one cursor with the player, and what the clinician decides about it.

Shows and drives the review of `Reviewing`, by keyboard alone or by mouse; who begins one, and where it is kept, is for
the window.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import style
from gui.i18n import _, current, follow
from gui.player.playback import Playback
from gui.review.reviewing import Reviewing
from gui.review.second_opinion import SecondOpinion
from gui.widgets.banner import Banner
from gui.widgets.card import Card
from gui.widgets.episode_lane import StateKey
from gui.widgets.heat_map import HeatMap
from gui.widgets.key_strip import Action, KeyStrip
from gui.widgets.mark_note import MarkNote
from gui.widgets.player import Player
from gui.widgets.reveal_card import RevealCard
from gui.widgets.review_side import AGREEMENT, EPISODES, ReviewSide
from gui.widgets.review_start import ReviewStart
from gui.widgets.score_curve import ScoreCurve
from gui.widgets.time_card import TimeCard
from gui.worker import Crew
from screening.errors import N_
from screening.library.records import Review

LOOP_MARGIN_S = 1.0
NOTHING, START, WORK = range(3)


class ReviewPage(QWidget):
    """Before there is a result: one sentence. Before a review has begun: who reviews, and how."""

    begin_requested = Signal(str, bool)  # reviewer, mark first
    reviewer_changed = Signal(str)
    report_requested = Signal()

    def __init__(self, reviewing: Reviewing, playback: Playback, crew: Crew) -> None:
        super().__init__()
        self.reviewing = reviewing
        self.opinion = SecondOpinion(reviewing, crew, self)
        self._playback = playback
        self._onset_s: float | None = None  # where the mark began whose behaviour is being searched
        self.banner = Banner()
        self.start = ReviewStart()
        self.player = Player(playback, drawable=False)
        self.heat_map, self.curve = HeatMap(times=False), ScoreCurve()
        self.mark_note = MarkNote()
        self.side = ReviewSide()
        self.table, self.search, self.remark = self.side.table, self.side.search, self.side.remark
        self._make_layout()
        self._wire()
        self._offered()
        follow(self)

    # ---- layout

    def _make_layout(self) -> None:
        self.strip = KeyStrip(self._actions(), self)
        self._nothing = QLabel()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        style.role(self._nothing, "lead")
        first = QWidget()
        middle = QHBoxLayout(first)
        middle.addStretch()
        middle.addWidget(self.start, 3, Qt.AlignmentFlag.AlignVCenter)
        middle.addStretch()

        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        columns.setHandleWidth(style.MEDIUM)
        columns.addWidget(self._make_left())
        columns.addWidget(self.side)
        columns.setSizes([600, 420])
        columns.setStretchFactor(0, 3)
        columns.setStretchFactor(1, 1)
        work = QWidget()
        lines = QVBoxLayout(work)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(style.SMALL)
        lines.addWidget(columns, 1)
        lines.addWidget(self.strip)

        self._stack = QStackedWidget()
        for page in (self._nothing, first, work):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 10)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)

    def _make_left(self) -> QWidget:
        watch = Card()
        seen = QHBoxLayout()
        seen.setSpacing(style.MEDIUM)
        seen.addWidget(self.player, 1)
        seen.addWidget(self.mark_note)
        watch.column.addLayout(seen, 1)
        self._over_time = TimeCard()
        self._over_time.top.addWidget(StateKey())
        self._over_time.hold(self.heat_map, 3)
        self._over_time.hold(self.curve, 2)
        self._hidden = RevealCard()
        self.reveal = self._hidden.reveal
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.MEDIUM)
        column.addWidget(watch, 10)
        column.addWidget(self._over_time, 11)
        column.addWidget(self._hidden)
        return left

    def _actions(self) -> tuple[Action, ...]:
        do = self.reviewing
        return (
            Action(N_("Next"), N_("Next episode; ↓ in the table"), "N", ("N",), self._next),
            Action(N_("Previous"), N_("Previous episode; ↑ in the table"), "P", ("P",), self._previous),
            Action(N_("Loop"), N_("Play it again and again, with a second before and after"), "↵", (), self._loop),
            Action(N_("Accept"), N_("Accept the selected episodes"), "A", ("A",), do.accept),
            Action(N_("Reject"), N_("Reject the selected episodes"), "R", ("R",), do.reject),
            Action(N_("Relabel"), N_("Give the selected episodes another behaviour"), "C", ("C",), self._relabel),
            Action(N_("Mark"), N_("A missing episode begins here; again: it ends here"), "M", ("M", "Ins"), self._mark),
            Action(N_("Behaviour"), N_("Choose the behaviour to mark"), "B", ("B",), self._choose_behaviour),
            Action(N_("Starts here"), N_("The selected episode starts at the cursor"), "[", ("[",), self._starts_here),
            Action(N_("Ends here"), N_("The selected episode ends at the cursor"), "]", ("]",), self._ends_here),
            Action(N_("Remark"), N_("Write a remark about the selected episodes"), "T", ("T",), self._comment),
            Action(N_("Differs"), N_("Go to the next place where the two differ"), "D", ("D",), self._differs),
            Action(N_("Finish"), N_("Finish the review"), "F", ("F",), do.finish),
            Action(N_("Undo"), N_("Take the last step back"), "Ctrl+Z", ("Ctrl+Z",), do.undo),
            Action(N_("Redo"), N_("Take it again"), "Ctrl+Y", ("Ctrl+Y", "Ctrl+Shift+Z"), do.redo),
        )

    def _wire(self) -> None:
        reviewing, side = self.reviewing, self.side
        self.start.begin_requested.connect(self._begin)
        reviewing.offered.connect(self._offered)
        reviewing.begun.connect(self._begun)
        reviewing.changed.connect(self._changed)
        reviewing.selection_changed.connect(self._selection_changed)
        reviewing.marking_changed.connect(self._marking_changed)
        reviewing.jumped.connect(self._go)
        reviewing.failed.connect(self.banner.show_error)
        self.opinion.changed.connect(self._opinion_changed)
        self.table.selected.connect(reviewing.select)
        self.table.loop_requested.connect(self._loop)
        side.agreement.place_chosen.connect(self.opinion.go_to)
        side.agreement.other_chosen.connect(self._compare_with)
        side.finish.clicked.connect(reviewing.finish)
        side.report.clicked.connect(self.report_requested)
        self.search.label_taken.connect(self._label_taken)
        self.search.closed.connect(self._listen)
        self.remark.taken.connect(reviewing.comment)
        self.remark.closed.connect(self._listen)
        self.mark_note.behaviour_wanted.connect(self._choose_behaviour)
        self._hidden.agreed.connect(reviewing.reveal)
        self.heat_map.label_chosen.connect(reviewing.choose)
        self.heat_map.span_changed.connect(self.curve.show_span)
        self.curve.span_changed.connect(self.heat_map.show_span)
        self.curve.episode_chosen.connect(self._bar_chosen)
        self.curve.adjusted.connect(reviewing.adjust)
        for plot in (self.heat_map, self.curve):
            plot.position_chosen.connect(self._playback.seek)
        self._playback.shown.connect(self._shown)

    # ---- told by the window

    def use_reviewer(self, name: str) -> None:
        """Who reviewed last; asked no more than once."""
        self.start.name.setText(name)

    def use_mark_first(self, first: bool) -> None:
        """What a review that is begun now is proposed to be; it can still be chosen otherwise."""
        (self.start.mark_first if first else self.start.at_once).setChecked(True)

    def show_others(self, others: Sequence[Review]) -> None:
        """Every review of this analysis, to compare with; one's own among them is left out."""
        self.opinion.show_others(others)

    def take_focus(self) -> None:
        """Where the review goes on, or where it begins."""
        if self._stack.currentIndex() == WORK:
            self._listen()
        else:
            self.start.start()

    # ---- what is shown

    def _offered(self) -> None:
        self.banner.clear()
        offered = self.reviewing.result is not None
        self._stack.setCurrentIndex(START if offered else NOTHING)
        if offered:
            self.start.start()

    def _begun(self) -> None:
        result, hidden = self.reviewing.result, self.reviewing.hides_model
        if result is None:
            return
        self.banner.clear()
        self.table.show_names(self._names())
        self._hidden.setVisible(hidden)
        self._over_time.setVisible(not hidden)
        self.player.give_bar_a_line(hidden)  # there is no other axis of time then
        self.side.allow_agreement(not hidden)
        self.side.show_tab(AGREEMENT if self.opinion.with_model else EPISODES)
        if not hidden:
            self.heat_map.show_result(result)
            self.curve.show_result(result)
        self._changed()
        self._marking_changed()  # of another review, or of none
        self._stack.setCurrentIndex(WORK)
        self._listen()

    def _changed(self) -> None:
        reviewing = self.reviewing
        if not reviewing.is_begun:
            return
        hidden = reviewing.hides_model
        self.table.show_items(reviewing.items, reviewing.selected, hidden=hidden)
        self._hidden.show_marks(len(reviewing.items))
        if not hidden:
            self.heat_map.show_episodes(reviewing.items)
            self.curve.show_episodes(reviewing.items)
        self.side.allow_indices(not hidden)
        self.side.indices.show_indices(reviewing.model_indicators, reviewing.indicators, reviewing.profile)
        self.side.show_counts(len(reviewing.open), len(reviewing.items), hidden=hidden, finished=reviewing.is_finished)
        self.strip.allow("Ctrl+Z", reviewing.can_undo)
        self.strip.allow("Ctrl+Y", reviewing.can_redo)
        self.strip.allow("F", not hidden and not reviewing.is_finished)
        self._selection_changed()
        self._opinion_changed()

    def _selection_changed(self) -> None:
        reviewing = self.reviewing
        item = reviewing.current
        self.table.show_selected(reviewing.selected)
        self.side.show_remarks(item.comments if item is not None else ())
        self.curve.mark(item.target if item is not None else "")
        for cap in ("↵", "A", "R", "C", "[", "]", "T"):
            self.strip.allow(cap, item is not None)
        for cap in ("N", "P"):
            self.strip.allow(cap, bool(reviewing.items))

    def _marking_changed(self) -> None:
        label = self.reviewing.label
        self.mark_note.show_mark(label, self.reviewing.onset_s)
        self._hidden.show_begun(self.reviewing.onset_s)
        if label is not None and not self.reviewing.hides_model:
            self.heat_map.choose(label.id)
            self.curve.choose(label.id)

    def _opinion_changed(self) -> None:
        opinion, agreement = self.opinion, self.side.agreement
        names = [other.reviewer for other in opinion.others]
        against = opinion.others.index(opinion.against) if opinion.against in opinion.others else None
        agreement.show_choices(opinion.with_model, names, against)
        agreement.show_comparison(opinion.comparison, self._names(), opinion.decided, opinion.place)
        places = len(opinion.comparison.disagreements) if opinion.comparison is not None else None
        self.side.show_places(places)
        self.strip.allow("D", bool(places))

    def _names(self) -> dict[int, str]:
        result, code = self.reviewing.result, current().code
        return {label.id: label.name(code) for label in result.pack.labels} if result is not None else {}

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Review"))
        self._nothing.setText(_("There is nothing to review yet. Analyse a video first."))
        self._over_time.entitle(_("Behaviours over time"))
        self.table.show_names(self._names())
        self._changed()

    # ---- what the user does

    def _begin(self, name: str, mark_first: bool) -> None:
        self.reviewer_changed.emit(name)
        self.begin_requested.emit(name, mark_first)

    def _next(self) -> None:
        self.reviewing.move(1)

    def _previous(self) -> None:
        self.reviewing.move(-1)

    def _go(self, seconds: float) -> None:
        if self._playback.looped is not None and self._playback.rate:
            self._loop()
        else:
            self._playback.seek(seconds)

    def _loop(self) -> None:
        item = self.reviewing.current
        if item is not None:
            self._playback.loop(item.start_s - LOOP_MARGIN_S, item.end_s + LOOP_MARGIN_S)

    def _bar_chosen(self, target: str) -> None:
        self.reviewing.select((target,))

    def _shown(self) -> None:
        for plot in (self.heat_map, self.curve):
            plot.show_position(self._playback.position_s)

    def _starts_here(self) -> None:
        self.reviewing.adjust_current(start_s=self._playback.position_s)

    def _ends_here(self) -> None:
        self.reviewing.adjust_current(end_s=self._playback.position_s)

    def _differs(self) -> None:
        self.side.show_tab(AGREEMENT)
        self.opinion.next()

    def _compare_with(self, other: int | None) -> None:
        self.opinion.compare_with(self.opinion.others[other] if other is not None else None)

    # ---- what is typed

    def _mark(self) -> None:
        if self.reviewing.label is not None:
            self.reviewing.mark(self._playback.position_s)
        elif self.reviewing.is_begun:
            self._search(_("Which behaviour begins here?"))
            self._onset_s = self._playback.position_s

    def _choose_behaviour(self) -> None:
        self._search(_("Which behaviour do you mark?"))

    def _relabel(self) -> None:
        self._search(_("Which behaviour is it?"), relabel=True)

    def _search(self, title: str, *, relabel: bool = False) -> None:
        self._relabels, self._onset_s = relabel, None
        self.remark.give_up()
        self.search.search(self.reviewing.labels, title)

    def _label_taken(self, label_id: int) -> None:
        if self._relabels:
            self.reviewing.relabel(label_id)
            return
        self.reviewing.choose(label_id)
        if self._onset_s is not None:
            self.reviewing.mark(self._onset_s)

    def _comment(self) -> None:
        self.search.give_up()
        one, several = _("A remark about the selected episode"), _("A remark about the selected episodes")
        title = one if len(self.reviewing.selected) == 1 else several
        self.remark.ask(title, _("Enter to keep it, Esc to cancel."))

    def _listen(self) -> None:
        """The keyboard goes where all keys work: to the table, or, where that is not to be seen, to the page."""
        (self.table if self.table.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- keys that are not in the strip

    def _is_ours(self, event: QKeyEvent) -> bool:
        """Esc, while there is something to give up."""
        busy = self.reviewing.onset_s is not None or self._playback.looped is not None
        return event.key() == Qt.Key.Key_Escape and busy

    def event(self, event: QEvent) -> bool:
        """Esc stops the analysis in the window, but here first what is begun."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter plays the loop, Esc gives up the mark or the loop, Ctrl+A selects all."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._loop()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.reviewing.select_all()
        elif self._is_ours(event) and self.reviewing.onset_s is not None:
            self.reviewing.give_up_mark()
        elif self._is_ours(event):
            self._playback.stop_loop()
            self._playback.play(0.0)
        else:
            super().keyPressEvent(event)
