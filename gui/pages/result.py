"""The result page: the timeline fills while the analysis runs; then index, criteria, episodes, and the report."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.player.playback import Playback
from gui.widgets.banner import Banner
from gui.widgets.card import Card
from gui.widgets.legend import Legend
from gui.widgets.model_view import ModelView
from gui.widgets.player import Player
from gui.widgets.progress_card import ProgressCard
from gui.widgets.result_card import ResultCard
from gui.widgets.table import Row, Table
from gui.widgets.time_card import TimeCard
from gui.widgets.timeline import Timeline
from screening.pack import Pack
from screening.records import Case, Indicators, Profile, Progress, Result

SIDE_WIDTH, NARROW_SIDE_WIDTH = 404, 356
SEES, NARROW_SEES = 168, 112  # three and two screen pixels for each of the model's
ROOMY, HIGH = 1000, 600  # a page that is smaller leaves more of it to the player and to the scores
LONGEST_PSEUDONYM = 40


class ResultPage(QWidget):
    """Left: player and timeline under one cursor. Right: progress while it runs, then the result."""

    cancel_requested = Signal()
    export_requested = Signal()
    review_requested = Signal()

    def __init__(self, playback: Playback) -> None:
        super().__init__()
        self._playback = playback
        self._result: Result | None = None
        self._hides = False
        self.banner = Banner()
        self.player = Player(playback, drawable=False)
        self.timeline = Timeline()
        self.progress = ProgressCard()
        self.result_card = ResultCard()
        self.episodes = Table(stretch=1, right=(2, 3), rows_at_least=3)
        self._sees = ModelView()
        self._paint = QTimer(self)
        self._paint.setSingleShot(True)
        self._paint.setInterval(0)
        self._paint.timeout.connect(self._paint_again)
        self._make_layout()

        self.progress.cancel_requested.connect(self.cancel_requested)
        self.export.clicked.connect(self.export_requested)
        self.review.clicked.connect(self.review_requested)
        self.pseudonym.returnPressed.connect(self.export_requested)
        self.timeline.position_chosen.connect(playback.seek)
        self.result_card.behaviour_chosen.connect(self.timeline.choose)
        self.episodes.row_chosen.connect(self._episode_chosen)
        playback.shown.connect(self._shown)
        playback.closed.connect(self._closed)
        follow(self)

    def _make_layout(self) -> None:
        watch = Card()
        self._sees_title, self._sees_note = QLabel(), QLabel()
        style.role(self._sees_title, "title")
        style.role(self._sees_note, "caption")
        sees = QVBoxLayout()
        sees.setSpacing(style.TINY)
        sees.addWidget(self._sees_title)
        sees.addWidget(self._sees_note)
        sees.addWidget(self._sees)
        sees.addStretch()
        pictures = QHBoxLayout()
        pictures.setSpacing(style.MEDIUM)
        pictures.addWidget(self.player, 1)
        pictures.addLayout(sees)
        watch.column.addLayout(pictures, 1)

        over_time = self._over_time = TimeCard()
        self._over_time_title = over_time.title
        over_time.top.addWidget(Legend())
        over_time.hold(self.timeline, 1, self.timeline.map, self.timeline.curve)

        self.hidden = Card()
        self._hidden_note = QLabel()
        self._hidden_note.setWordWrap(True)
        self._hidden_note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.hidden.add(self._hidden_note, 1)
        self.hidden.hide()

        self._episodes_card = Card()
        self._nothing_found = QLabel()
        self._nothing_found.setWordWrap(True)
        style.role(self._nothing_found, "quiet")
        self._episodes_card.add(self._nothing_found)
        self._episodes_card.add(self.episodes, 1)

        self.pseudonym = QLineEdit()
        self.pseudonym.setMaxLength(LONGEST_PSEUDONYM)
        self.review, self.export = QPushButton(), QPushButton()
        style.role(self.review, "primary")
        keep = Card()
        keep.column.setContentsMargins(style.MEDIUM, style.SMALL, style.MEDIUM, style.SMALL)
        row = QHBoxLayout()
        row.setSpacing(style.SMALL)
        row.addWidget(self.export, 1)
        row.addWidget(self.review, 1)
        keep.column.addWidget(self.pseudonym)
        keep.column.addLayout(row)

        done = QWidget()
        results = QVBoxLayout(done)
        results.setContentsMargins(0, 0, 0, 0)
        results.setSpacing(style.MEDIUM)
        results.addWidget(self.result_card, 6)
        results.addWidget(self._episodes_card, 5)
        results.addWidget(keep)
        self._side = QStackedWidget()
        self._side.addWidget(self.progress)
        self._side.addWidget(done)
        self._done = done

        left = QVBoxLayout()
        left.setSpacing(style.MEDIUM)
        left.addWidget(watch, 9)
        left.addWidget(over_time, 12)
        left.addWidget(self.hidden)
        columns = QHBoxLayout()
        columns.setSpacing(style.MEDIUM)
        columns.addLayout(left, 1)
        columns.addWidget(self._side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self.banner)
        layout.addLayout(columns, 1)

    # ---- told by the window

    def begin(self, pack: Pack, profile: Profile, *, hidden: bool = False) -> None:
        """An analysis begins; `hidden`: nothing of what the model finds is shown."""
        self._result = None
        self._hide_answer(hidden)
        self.banner.clear()
        self.timeline.begin(pack.info, profile, 0.0, self._playback.duration_s)
        self.player.view.show_region(self._playback.region)
        self._side.setCurrentWidget(self.progress)
        self.progress.begin()

    def show_progress(self, progress: Progress) -> None:
        """It came so far."""
        self.progress.show_progress(progress)
        if not self._hides:
            self.timeline.extend(progress.scores)

    def _hide_answer(self, hidden: bool) -> None:
        self._hides = hidden
        self.hidden.setVisible(hidden)
        self._over_time.setVisible(not hidden)

    def show_result(self, result: Result) -> None:
        """It is done."""
        self._result = result
        self._paint_later()
        self._hide_answer(False)
        self.timeline.finish(result)
        self.result_card.show_result(result)
        self.episodes.clearSelection()
        self._fill_episodes()
        self.player.play.setFocus(Qt.FocusReason.OtherFocusReason)  # before the Cancel button that has it goes
        self._side.setCurrentWidget(self._done)  # only now: filled while it is seen, it would be laid out many times

    def show_reviewed(self, indicators: Indicators | None) -> None:
        """What a review makes of the result, beside the model's index; None: there is no review."""
        self.result_card.show_reviewed(indicators)

    # ---- painting

    def showEvent(self, event: QShowEvent) -> None:
        """Laid out now, painted when the keys that were pressed meanwhile have been heard."""
        self._paint_later()
        super().showEvent(event)

    def _paint_later(self) -> None:
        """In the next turn of the event loop: to fill this page and to paint it takes long while an analysis runs."""
        self.setUpdatesEnabled(False)
        self._paint.start()

    def _paint_again(self) -> None:
        self.setUpdatesEnabled(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The player and the scores come before what is beside them."""
        super().resizeEvent(event)
        roomy, high = self.width() >= ROOMY, self.height() >= HIGH
        self._side.setFixedWidth(SIDE_WIDTH if roomy else NARROW_SIDE_WIDTH)
        sees = SEES if roomy and high else NARROW_SEES
        self._sees.setFixedSize(sees, sees)
        self.result_card.criteria.keep_rows(4 if high else 2)
        self.episodes.keep_rows(4 if high else 2)

    def take_focus(self) -> None:
        """At what can be done now: stop the analysis, or look at what it found."""
        running = self._side.currentWidget() is self.progress
        (self.progress.cancel if running else self.player.play).setFocus(Qt.FocusReason.OtherFocusReason)

    def allow_export(self, allowed: bool) -> None:
        """Whether a report may be written now."""
        self.export.setEnabled(allowed)

    def show_exported(self, path: Path) -> None:
        """The report was written."""
        self._exported = path
        self.banner.show_done(self._exported_sentence, path)

    def case(self) -> Case:
        """Whom the report is about, as far as it was typed."""
        return Case(pseudonym=self.pseudonym.text().strip())

    # ---- texts

    def _exported_sentence(self) -> str:
        return _("The report was written: “{name}”.").format(name=self._exported.name)

    def retranslate(self) -> None:
        """Write every text again."""
        self._sees_title.setText(_("What the model sees"))
        self._sees_note.setText(_("at the cursor"))
        self._over_time_title.setText(_("Behaviours over time"))
        self._over_time_title.show()
        self.hidden.entitle(_("You mark first"))
        self._hidden_note.setText(
            _(
                "The model's answer is hidden until you have marked what you see yourself. "
                "The review opens when the analysis is done."
            )
        )
        self.pseudonym.setPlaceholderText(_("Case pseudonym (optional)"))
        self.pseudonym.setAccessibleName(_("Case pseudonym (optional)"))
        self.pseudonym.setToolTip(_("A name that only you understand; never the child's own."))
        self.review.setText(_("Review the episodes"))
        self.review.setToolTip(_("Decide about each episode (Ctrl+4)"))
        self.export.setText(_("Export PDF…"))
        self.export.setToolTip(_("Write the report (Ctrl+E)"))
        self.episodes.setAccessibleName(_("Episodes"))
        self._fill_episodes()

    def _fill_episodes(self) -> None:
        found = self._result.episodes if self._result is not None else ()
        t = current()
        names = {label.id: label.name(t.code) for label in self._result.pack.labels} if self._result else {}
        rows = [
            Row(
                (
                    t.clock(e.start_s),
                    names[e.label_id],
                    _("{n} s").format(n=t.number(e.duration_s, 1)),
                    t.number(e.peak, 2) if e.peak is not None else "–",
                ),
                tip=_("{behaviour}, {start} to {end}. Press to go there.").format(
                    behaviour=names[e.label_id], start=t.clock(e.start_s, 1), end=t.clock(e.end_s, 1)
                ),
            )
            for e in found
        ]
        self._episodes_card.entitle(_("Episodes: {n}").format(n=len(rows)))
        self._nothing_found.setText(_("No episode of any behaviour was found in the assessable video."))
        self._nothing_found.setVisible(not rows)
        self.episodes.setVisible(bool(rows))
        self.episodes.fill((_("at"), _("behaviour"), _("long"), _("peak")), rows)

    # ---- pointing

    def _shown(self) -> None:
        self.timeline.show_position(self._playback.position_s)
        self._sees.show_image(self._playback.model_image)

    def _closed(self) -> None:
        self._sees.show_image(QImage())

    def _episode_chosen(self, row: int) -> None:
        if self._result is not None:
            episode = self._result.episodes[row]
            self.timeline.choose(episode.label_id)
            self._playback.seek(episode.start_s)
