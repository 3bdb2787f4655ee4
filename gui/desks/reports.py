"""Joins the report page and the work behind it: preview while the choices change, export, and the reports made before.

In: a `Subject` and the library's older reports. Out: `exported`, with what the library keeps of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.desks import report_work
from gui.desks.report_work import Choices, FileState, Made, Subject, complete
from gui.i18n import _, current
from gui.pages.report import ReportPage
from gui.worker import Crew, Task
from screening import report
from screening.errors import N_, ScreeningError, WrongUsage
from screening.library.records import Report

__all__ = ["Choices", "ReportDesk", "Subject"]

SETTLE_MS = 300  # so long nothing must be typed before the report is made again


class ReportDesk(QObject):
    """Makes one report at a time, and the newest wish last; nothing is made while the page is not to be seen."""

    choices_changed = Signal(object)  # Choices, to be remembered
    exported = Signal(object, object, str)  # Path, settings, SHA-256

    def __init__(self, crew: Crew, page: ReportPage, window: QWidget) -> None:
        super().__init__(window)
        self._crew, self._page, self._window = crew, page, window
        self._subject: Subject | None = None
        self._made: Made | None = None
        self._older: tuple[Report, ...] = ()
        self._stale = False  # what is shown is not what was chosen last
        self._making: Task | None = None
        self._drawing: Task | None = None
        self._listing: Task | None = None
        self._writing: Task | None = None
        self._write_to: Path | None = None  # as soon as the report is made
        self._pdf: Path | None = None
        self._today = dt.date.today
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._make)
        page.shown.connect(self._page_shown)
        page.choices.changed.connect(self._chosen)
        page.choices.logo_chosen.connect(self._check_logo)
        page.view.wanted.connect(self._draw)
        page.export_requested.connect(self.choose_file)
        page.open_requested.connect(self._open_exported)
        page.older_requested.connect(self.open_older)
        page.choices.use(Choices())

    # ---- told

    @property
    def choices(self) -> Choices:
        """As chosen now."""
        return self._page.choices.choices

    def use_choices(self, choices: Choices) -> None:
        """Those that were remembered."""
        self._page.choices.use(choices)
        self._renew()

    def show(self, subject: Subject | None) -> None:
        """Report about `subject` from now on; the same again after its review or its profile has changed."""
        if subject is None or self._subject is None or subject.result.created != self._subject.result.created:
            self._made = None
            self._pdf = None
            self._page.show_exported(None)
            self._page.show_document((), ())
            self._page.show_no_review()
            self._page.show_changed_since(None)
        self._subject = subject
        review = subject.review if subject is not None else None
        self._page.choices.show_reviewer(review.reviewer if review is not None else "")
        self._page.banner.clear()
        self._renew()

    def show_previous(self, older: Sequence[Report]) -> None:
        """The reports of the case, the newest first."""
        self._older = tuple(older)
        self._look_at_older()
        self._compare()

    @property
    def is_busy(self) -> bool:
        """Something is being made, drawn or written."""
        return bool(self._making or self._drawing or self._writing or self._settle.isActive())

    def close(self) -> None:
        """The window goes: nothing new is begun."""
        self._settle.stop()
        self._stale = False

    # ---- making

    def _renew(self) -> None:
        self._stale = self._subject is not None
        self._page.allow_export(self._stale)
        self._page.show_working(self._stale)
        if self._stale and self._page.isVisible():
            self._settle.start()

    def _page_shown(self) -> None:
        if self._stale and self._making is None:
            self._make()
        self._look_at_older()

    def _make(self) -> None:
        if self._subject is None or self._making is not None:
            return  # what is being made is followed by what was chosen meanwhile
        self._settle.stop()
        self._stale = False
        choices = complete(self.choices, current().code)
        task = Task(partial(report_work.make, self._subject, choices, self._today(), self._made))
        task.succeeded.connect(self._was_made)
        task.failed.connect(self._was_not_made)
        task.finished.connect(self._making_ended)
        self._making = task
        self._crew.start(task)

    def _was_made(self, made: Made) -> None:
        if self._stale:
            return
        self._made = made
        self._page.show_working(False)
        self._page.show_document(made.sizes, made.texts)
        if made.review is not None:
            self._page.show_review(made.review.open, bool(made.review.finished))
        else:
            self._page.show_no_review()
        self._compare()
        self._write()

    def _was_not_made(self, error: ScreeningError) -> None:
        if self._stale:
            return
        self._made = self._write_to = None
        self._page.show_working(False)
        self._page.allow_export(False)
        self._page.show_document((), ())
        self._page.banner.show_error(error)

    def _making_ended(self) -> None:
        self._making = None
        if self._stale:
            self._make()

    def _compare(self) -> None:
        """Whether the last report about this video gave another index."""
        since = None
        if self._made is not None:
            video = self._made.settings["video"]
            last = next((older for older in self._older if older.settings.get("video") == video), None)
            if last is not None and report_work.figures(last.settings) != report_work.figures(self._made.settings):
                since = last.made
        self._page.show_changed_since(since)

    # ---- drawing

    def _draw(self, pages: Sequence[int], pixels: int) -> None:
        if self._made is None or self._drawing is not None:
            return  # asked again when what is being drawn has come
        task = Task(partial(self._pictures, self._made, tuple(pages), pixels))
        task.succeeded.connect(self._drawn)
        task.finished.connect(self._drawing_ended)
        self._drawing = task
        self._crew.start(task)

    @staticmethod
    def _pictures(made: Made, pages: Sequence[int], pixels: int) -> tuple[Made, list[tuple[int, QImage]]]:
        return made, report_work.drawn(made.document, pages, pixels)

    def _drawn(self, answer: tuple[Made, list[tuple[int, QImage]]]) -> None:
        made, images = answer
        if made is self._made:
            for page, image in images:
                self._page.view.show_page(page, image)

    def _drawing_ended(self) -> None:
        self._drawing = None
        self._page.view.ask()

    # ---- choices

    def _chosen(self) -> None:
        self._page.banner.clear()
        self.choices_changed.emit(self.choices)
        self._renew()

    def _check_logo(self, path: Path) -> None:
        """Take it only when it is a picture."""
        task = Task(partial(self._logo, path))
        task.succeeded.connect(self._logo_taken)
        task.failed.connect(self._page.banner.show_error)
        self._crew.start(task)

    @staticmethod
    def _logo(path: Path) -> Path:
        report.read_logo(path)
        return path

    def _logo_taken(self, path: Path) -> None:
        self._page.choices.use(replace(self.choices, logo=str(path)))
        self._chosen()

    # ---- writing

    def choose_file(self) -> None:
        """Ask where the report is to be written."""
        if self._subject is None or self._writing is not None:
            return
        name = self._subject.case.pseudonym or Path(self._subject.result.video.path).stem
        folder = Path(self.choices.folder or Path.home())
        proposed = folder / f"{_file_name(name)} {self._today().isoformat()}.pdf"
        dialog = QFileDialog(self._window, _("Export the report"), str(proposed), _("PDF document (*.pdf)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self.export_to)
        dialog.open()

    def export_to(self, name: str) -> None:
        """Write the report as chosen now to the file `name`; `exported` follows."""
        self._page.banner.clear()
        self._page.choices.use(replace(self.choices, folder=str(Path(name).parent)))
        self.choices_changed.emit(self.choices)
        self._write_to = Path(name)
        if self._stale:
            self._make()
        elif self._making is None:
            self._write()

    def _write(self) -> None:
        if self._write_to is None or self._made is None:
            return
        task = Task(partial(self._keep, self._made, self._write_to))
        task.succeeded.connect(self._written)
        task.failed.connect(self._page.banner.show_error)
        task.finished.connect(self._writing_ended)
        self._write_to, self._writing = None, task
        self._crew.start(task)

    @staticmethod
    def _keep(made: Made, path: Path) -> tuple[Made, Path, str]:
        return made, *report_work.keep(made, path)

    def _written(self, answer: tuple[Made, Path, str]) -> None:
        made, path, sha256 = answer
        self._pdf = path
        self._page.show_exported(path)
        self._page.show_changed_since(None)
        self.exported.emit(path, made.settings, sha256)

    def _writing_ended(self) -> None:
        self._writing = None

    # ---- what was written

    def _open_exported(self) -> None:
        if self._pdf is None:
            return
        if self._pdf.exists():
            _open(self._pdf)
        else:
            self._page.banner.show_error(_gone(self._pdf))

    def open_older(self, older: Report) -> None:
        """Open a report that was made before; say so when its file is gone, or is not what it was."""
        task = Task(partial(self._state, older))
        task.succeeded.connect(self._open_in_state)
        self._crew.start(task)

    @staticmethod
    def _state(older: Report) -> tuple[Report, FileState]:
        return older, report_work.state_of(older)

    def _open_in_state(self, answer: tuple[Report, FileState]) -> None:
        older, state = answer
        self._page.banner.clear()
        if state == "changed":
            self._page.banner.show_error(
                WrongUsage(
                    N_("“{name}” was changed after it was made here. Do not rely on what it says."),
                    name=older.path.name,
                )
            )
        if state == "gone":
            self._page.banner.show_error(_gone(older.path))
        else:
            _open(older.path)
        self._look_at_older()

    def _look_at_older(self) -> None:
        """The files are looked at away from the window: they may lie on a disk that is far, or asleep."""
        if self._listing is not None:
            return
        task = Task(partial(self._states, self._older))
        task.succeeded.connect(self._looked)
        task.finished.connect(self._listing_ended)
        self._listing = task
        self._crew.start(task)

    @staticmethod
    def _states(older: tuple[Report, ...]) -> tuple[tuple[Report, ...], list[FileState]]:
        return older, report_work.states_of(older)

    def _looked(self, answer: tuple[tuple[Report, ...], list[FileState]]) -> None:
        if answer[0] == self._older:
            self._page.show_previous(*answer)

    def _listing_ended(self) -> None:
        self._listing = None
        if self._older != self._page.older:
            self._look_at_older()


def _gone(path: Path) -> ScreeningError:
    return WrongUsage(
        N_("“{name}” is no longer in its folder ({folder}). Export the report again."),
        name=path.name,
        folder=path.parent,
    )


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _file_name(text: str) -> str:
    """`text` without what file systems refuse."""
    return "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in text).strip(" .") or "viscreen"
