"""A case's visits: summaries come in; the visit to open, to change or to delete goes out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton

from gui import style
from gui.desks.case_facts import Losses
from gui.i18n import _, current, follow
from gui.widgets import case_words
from gui.widgets.ask_row import AskRow
from gui.widgets.card import Card
from gui.widgets.table import Row, Table
from screening.library.records import VisitSummary

ROW = 34  # height of a row in logical pixels
ROWS = 4  # that come before the index from visit to visit; the others where there is room
UNFINISHED = 3  # a column that is there only when it has something to say


class VisitsCard(Card):
    """One line for each visit: day, how far it has come, clips, analyses that are not finished."""

    new_requested = Signal()
    opened = Signal(int)  # a visit's id, and likewise below
    edit_requested = Signal()
    delete_asked = Signal(int)
    delete_confirmed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._visits: tuple[VisitSummary, ...] | None = None  # None: not here yet
        self._chosen: int | None = None
        self._open: int | None = None
        self._asked: int | None = None
        self._lost = Losses(0, 0, 0, 0, 0)
        self.table = Table(stretch=1, right=(2,), rows_at_least=2, rows_at_most=ROWS)
        self.table.verticalHeader().setDefaultSectionSize(ROW)
        self._none = QLabel()
        self._none.setWordWrap(True)
        style.role(self._none, "quiet")
        self.new, self.open, self.edit, self.delete = (QPushButton() for _button in range(4))
        self.asking = AskRow((self.delete, self.edit), (self.new, self.open))
        self._reason = QLabel()
        self._reason.setWordWrap(True)
        style.role(self._reason, "caption")
        self.add(self._none)
        self.add(self.table, 1)
        self.column.addStretch()
        self.add(self.asking)
        self.add(self._reason)
        self.table.row_chosen.connect(self._row_chosen)
        self.table.activated.connect(self._open_chosen)
        self.new.clicked.connect(self.new_requested)
        self.open.clicked.connect(self._open_chosen)
        self.edit.clicked.connect(self.edit_requested)
        self.delete.clicked.connect(self.ask_to_delete)
        self.asking.confirmed.connect(self._confirmed)
        self.asking.kept.connect(self.take_focus)
        follow(self)

    # ---- told by the page

    def show_visits(self, visits: Sequence[VisitSummary] | None) -> None:
        """Show these, the latest chosen unless another was; None: they are being looked up."""
        ids = [summary.visit.id for summary in visits or ()]
        before = next((row for row, s in enumerate(self._visits or ()) if s.visit.id == self._chosen), 0)
        self._visits = tuple(visits) if visits is not None else None
        if self._chosen not in ids:
            self._chosen = ids[min(before, len(ids) - 1)] if ids else None
        if self._asked not in ids:
            self._asked = None
            self.asking.drop()
        self.retranslate()

    def show_open(self, visit_id: int | None) -> None:
        """The visit that is open now cannot be deleted under the clinician's hands."""
        self._open = visit_id
        self.retranslate()

    def choose(self, visit_id: int) -> None:
        """Choose this one, as soon as it is shown."""
        self._chosen = visit_id

    def ask(self, visit_id: int, lost: Losses) -> None:
        """Ask whether to delete the visit, which would lose this."""
        if visit_id == self._chosen:
            self._asked, self._lost = visit_id, lost
            self.asking.ask(self._question)

    def chosen(self) -> VisitSummary | None:
        """The visit that the buttons are about."""
        return next((s for s in self._visits or () if s.visit.id == self._chosen), None)

    def holds_open(self) -> bool:
        """Whether the visit that is open now is one of these."""
        return any(summary.visit.id == self._open for summary in self._visits or ())

    def take_focus(self) -> None:
        """Where the clinician goes on: the list, or the button that makes the first visit."""
        (self.table if self._visits else self.new).setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_to_delete(self) -> None:
        """Begin to delete the chosen visit; the question follows when it is known what would be lost."""
        if self.delete.isEnabled() and self._chosen is not None:
            self.delete_asked.emit(self._chosen)

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("Visits"))
        self.table.setAccessibleName(_("Visits"))
        self._none.setText(_("No visit yet. A visit holds the videos of one sitting, and what comes of them."))
        self.new.setText(_("New visit"))
        self.new.setToolTip(_("Begin a visit with today's date, and open it"))
        self.open.setText(_("Open visit"))
        self.open.setToolTip(_("Go on where this visit was left (Enter in the list)"))
        self.edit.setText(_("Edit visit…"))
        self.edit.setToolTip(_("Change the day or the notes (F2 in the list)"))
        self.delete.setText(_("Delete visit…"))
        rows = [self._row(summary) for summary in self._visits or ()]
        self._none.setVisible(self._visits is not None and not rows)
        self.table.setVisible(bool(rows))
        self.table.fill((_("day"), _("how far it has come"), _("clips"), _("unfinished")), rows)
        self.table.setColumnHidden(UNFINISHED, not any(row.cells[UNFINISHED] for row in rows))
        ids = [summary.visit.id for summary in self._visits or ()]
        if self._chosen in ids:
            self.table.selectRow(ids.index(self._chosen))
        self._update_actions()

    def _row(self, summary: VisitSummary) -> Row:
        t = current()
        clips = t.number(summary.videos)
        if summary.state != "open" and summary.analysed < summary.videos:
            clips = _("{all} ({analysed} analysed)").format(all=clips, analysed=t.number(summary.analysed))
        running = ""
        if summary.unfinished:
            text = t.ngettext("{n} analysis", "{n} analyses", summary.unfinished)
            running = text.format(n=t.number(summary.unfinished))
        far = case_words.progress(summary)
        if summary.visit.id == self._open:
            far = _("{progress} (open now)").format(progress=far)
        day = case_words.day(summary.visit.date)
        tip = "\n".join(part for part in (f"{day}: {far}", summary.visit.notes) if part)
        return Row((day, far, clips, running), tip=case_words.tooltip(tip))

    def _question(self) -> str:
        summary = next((s for s in self._visits or () if s.visit.id == self._asked), None)
        if summary is None:
            return ""
        day, lost = current().date(summary.visit.date), case_words.losses(self._lost)
        if not lost:
            return _("Delete the visit of {day}? There is no video in it.").format(day=day)
        return _("Delete the visit of {day} and with it {lost}? This cannot be undone. Files on the disk stay.").format(
            day=day, lost=lost
        )

    # ---- the chosen one

    def _update_actions(self) -> None:
        chosen = self.chosen() is not None
        is_open = chosen and self._chosen == self._open
        for button in (self.open, self.edit):
            button.setEnabled(chosen)
        self.delete.setEnabled(chosen and not is_open)
        why_not = _("This visit is open. Open another one before you delete it.") if is_open else ""
        self.delete.setToolTip(why_not or _("Forget this visit and what came of it (Del in the list)"))
        self._reason.setText(why_not)
        self._reason.setVisible(is_open)
        for button in (self.open, self.edit, self.delete):
            button.setVisible(bool(self._visits))
        self.new.setEnabled(self._visits is not None)
        style.role(self.new, "" if self._visits else "primary")
        style.role(self.open, "primary")

    def _row_chosen(self, row: int) -> None:
        if self._visits and self._visits[row].visit.id != self._chosen:
            self._chosen = self._visits[row].visit.id
            self._asked = None
            self.asking.drop()
            self._update_actions()

    def _open_chosen(self) -> None:
        if self._chosen is not None and self.open.isEnabled():
            self.opened.emit(self._chosen)

    def _confirmed(self) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self.take_focus()
            self.delete_confirmed.emit(asked)
