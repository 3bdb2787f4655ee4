"""The report page: the PDF as it will print, the choices beside it, the export, and the reports made before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import style
from gui.desks.report_work import FileState
from gui.i18n import _, current, follow
from gui.icons import icon
from gui.widgets.banner import Banner
from gui.widgets.card import Card
from gui.widgets.pages_view import FIT_WIDTH, WHOLE_PAGE, PagesView
from gui.widgets.report_choices import ReportChoices
from gui.widgets.table import Row, Table
from screening.language import LANGUAGES
from screening.library.records import Report

SIDE_WIDTH, WIDE_SIDE_WIDTH = 372, 440
WIDE = 1500  # a page so wide has room for the wider side


class ReportPage(QWidget):
    """Shows what the `ReportDesk` tells it; asks by its signals."""

    shown = Signal()  # the page has come to be seen
    export_requested = Signal()
    open_requested = Signal()  # the PDF that was exported last
    older_requested = Signal(object)  # library Report

    def __init__(self) -> None:
        super().__init__()
        self._older: tuple[Report, ...] = ()
        self._states: tuple[FileState, ...] = ()
        self._working = False
        self._open: tuple[int, bool] | None = None  # episodes still open, finished
        self._changed_since: str | None = None
        self._exported: Path | None = None
        self.banner = Banner()
        self.view = PagesView()
        self.choices = ReportChoices()
        self.export, self.open = QPushButton(), QPushButton()
        style.role(self.export, "primary")
        self.previous = Table(stretch=2)
        # As high as there is room: its wish alone would make the side scroll.
        self.previous.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._make_view()
        self._make_side()
        self.export.clicked.connect(self.export_requested)
        self.open.clicked.connect(self.open_requested)
        self.previous.activated.connect(self._older_activated)
        self.view.moved.connect(self._tell_place)
        for keys, slot in (
            ("Ctrl++", self.larger.click),
            ("Ctrl+=", self.larger.click),
            ("Ctrl+-", self.smaller.click),
            ("Ctrl+0", self.fit_width.click),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
        style.look.changed.connect(self._draw)
        self._draw()
        follow(self)
        self.allow_export(False)

    def _make_view(self) -> None:
        self._place, self._percent, self._nothing = QLabel(), QLabel(), QLabel()
        style.role(self._place, "quiet")
        style.role(self._percent, "quiet")
        style.role(self._nothing, "quiet")
        self._percent.setMinimumWidth(48)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self.smaller, self.larger = QPushButton(), QPushButton()
        self.fit_width, self.whole_page = QPushButton(), QPushButton()
        for button, slot in ((self.smaller, self._zoom_out), (self.larger, self._zoom_in)):
            style.role(button, "icon")
            button.clicked.connect(slot)
        for button, slot in ((self.fit_width, self._fit_width), (self.whole_page, self._fit_page)):
            style.role(button, "tab")
            button.setCheckable(True)
            button.clicked.connect(slot)

    def _make_side(self) -> None:
        self.warning = QLabel()
        style.role(self.warning, "nolevel")
        self.warning.setWordWrap(True)
        bar = QHBoxLayout()
        bar.setSpacing(style.SMALL)
        bar.addWidget(self._place)
        bar.addStretch()
        for widget in (self.smaller, self._percent, self.larger, self.fit_width, self.whole_page):
            bar.addWidget(widget)
        paper = Card()
        paper.column.addLayout(bar)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.view)
        paper.add(self._stack, 1)

        keep = Card()
        keep.add(self.warning)
        row = QHBoxLayout()
        row.setSpacing(style.SMALL)
        row.addWidget(self.export, 1)
        row.addWidget(self.open)
        keep.column.addLayout(row)

        self._previous_card = Card()
        self._no_previous = QLabel()
        self._no_previous.setWordWrap(True)
        style.role(self._no_previous, "quiet")
        self._previous_card.add(self._no_previous)
        self._previous_card.add(self.previous, 1)
        self._previous_card.column.addStretch()

        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.MEDIUM)
        column.addWidget(self.choices)
        column.addWidget(keep)
        column.addWidget(self._previous_card, 1)
        columns = QHBoxLayout()
        columns.setSpacing(style.MEDIUM)
        columns.addWidget(paper, 1)
        self._side = scrolled = QScrollArea()  # a long warning or a banner must not squeeze the fields
        scrolled.setWidgetResizable(True)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setWidget(side)
        columns.addWidget(scrolled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self.banner)
        layout.addLayout(columns, 1)

    # ---- told by the desk

    def show_document(self, sizes: Sequence[tuple[float, float]], texts: Sequence[str]) -> None:
        """Show these pages (sizes in points), or none; their pictures are asked for by `view.wanted`."""
        self._stack.setCurrentWidget(self.view if sizes else self._nothing)
        self.view.show_document(sizes, texts) if sizes else self.view.clear()
        self._tell_place()

    def show_working(self, working: bool) -> None:
        """The report is being made."""
        self._working = working
        self._tell_place()

    def allow_export(self, allowed: bool) -> None:
        """Whether there is a report that can be written."""
        self.export.setEnabled(allowed)

    def show_review(self, still_open: int, finished: bool) -> None:
        """So many episodes are undecided, and whether the reviewer is through."""
        self._open = (still_open, finished)
        self._warn()

    def show_no_review(self) -> None:
        """Nobody reviews this result."""
        self._open = None
        self._warn()

    def show_changed_since(self, made: str | None) -> None:
        """The index is another than in the report that was made at `made` (ISO 8601 in UTC); None: it is not."""
        self._changed_since = made
        self._warn()

    def show_exported(self, path: Path | None) -> None:
        """The report was written to `path`; None: it is about something else now."""
        self._exported = path
        self.open.setVisible(path is not None)
        if path is not None:
            self.banner.show_done(self._exported_sentence)

    def show_previous(self, older: Sequence[Report], states: Sequence[FileState]) -> None:
        """These reports of the case were made before, the newest first."""
        self._older, self._states = tuple(older), tuple(states)
        self._fill_previous()

    @property
    def older(self) -> tuple[Report, ...]:
        """The reports made before that are listed."""
        return self._older

    def take_focus(self) -> None:
        """The report is looked at, then written."""
        (self.export if self.export.isEnabled() else self.view).setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        self.export.setText(_("Export PDF…"))
        self.export.setToolTip(_("Write the report (Ctrl+E)"))
        self.open.setText(_("Open the PDF"))
        self.open.setToolTip(_("Open it in the program for PDF files, to print it"))
        self.open.setVisible(self._exported is not None)
        for button, text, keys in (
            (self.smaller, _("Smaller"), "Ctrl+−"),
            (self.larger, _("Larger"), "Ctrl++"),
        ):
            button.setToolTip(f"{text} ({keys})")
            button.setAccessibleName(text)
        self.fit_width.setText(_("Width"))
        self.fit_width.setToolTip(_("As wide as there is room (Ctrl+0)"))
        self.whole_page.setText(_("Whole page"))
        self.previous.setAccessibleName(_("Reports made before"))
        self._no_previous.setText(_("None of this case yet."))
        self._tell_place()
        self._warn()
        self._fill_previous()

    def _exported_sentence(self) -> str:
        name = self._exported.name if self._exported is not None else ""
        return _("The report was written: “{name}”.").format(name=name)

    def _tell_place(self) -> None:
        place = _("Page {page} of {total}").format(page=self.view.page + 1, total=self.view.pages)
        parts = [place] if self.view.pages else []
        if self._working:
            parts.append(_("making the report…"))
        self._place.setText(" · ".join(parts))
        self._nothing.setText(_("Making the report…") if self._working else _("There is no report to show."))
        self._percent.setText(current().percent(self.view.factor()) if self.view.pages else "")
        self.fit_width.setChecked(self.view.zoom == FIT_WIDTH)
        self.whole_page.setChecked(self.view.zoom == WHOLE_PAGE)
        for button in (self.smaller, self.larger, self.fit_width, self.whole_page):
            button.setEnabled(self.view.pages > 0)

    def _warn(self) -> None:
        lines = []
        if self._open is not None:
            still_open, finished = self._open
            if still_open:
                sentence = current().ngettext(
                    "The review is not finished: {n} episode is still open, and the report says so.",
                    "The review is not finished: {n} episodes are still open, and the report says so.",
                    still_open,
                )
                lines.append(sentence.format(n=still_open))
            elif not finished:
                lines.append(_("Every episode is decided, but the review was not ended yet."))
        if self._changed_since is not None:
            when = current().date_time(_local(self._changed_since))
            lines.append(_("The index has changed since the report of {when}.").format(when=when))
        self.warning.setText("\n".join(lines))
        self.warning.setVisible(bool(lines))

    def _fill_previous(self) -> None:
        files = {"there": "{name}", "gone": _("file gone: {name}"), "changed": _("file changed: {name}")}
        rows = [
            Row(
                (
                    current().short_date_time(_local(older.made)),
                    LANGUAGES.get(older.language, older.language),
                    files[state].format(name=older.path.name),
                ),
                quiet=state == "gone",
                tip=str(older.path),
            )
            for older, state in zip(self._older, self._states, strict=True)
        ]
        self._previous_card.entitle(_("Reports made before"))
        self._no_previous.setVisible(not rows)
        self.previous.setVisible(bool(rows))
        self.previous.fill((_("made"), _("language"), _("file")), rows)

    # ---- asked

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a large screen the side takes a part of what the paper leaves empty."""
        super().resizeEvent(event)
        self._side.setFixedWidth(WIDE_SIDE_WIDTH if event.size().width() >= WIDE else SIDE_WIDTH)

    def showEvent(self, event: QShowEvent) -> None:
        """What changed while the page was not to be seen is made up for."""
        super().showEvent(event)
        self.shown.emit()
        self.view.ask()

    def _older_activated(self) -> None:
        row = self.previous.currentIndex().row()
        if 0 <= row < len(self._older):
            self.older_requested.emit(self._older[row])

    def _zoom_in(self) -> None:
        self.view.zoom_by(1)

    def _zoom_out(self) -> None:
        self.view.zoom_by(-1)

    def _fit_width(self) -> None:
        self.view.use_zoom(FIT_WIDTH)
        self._tell_place()

    def _fit_page(self) -> None:
        self.view.use_zoom(WHOLE_PAGE)
        self._tell_place()

    def _draw(self) -> None:
        for name, button in (("zoom_out", self.smaller), ("zoom_in", self.larger)):
            button.setIcon(icon(name, style.look.theme.ink, style.look.theme.quiet))


def _local(made: str) -> dt.datetime:
    """A moment of the library (ISO 8601 in UTC) by this computer's clock."""
    return dt.datetime.fromisoformat(made).astimezone()
