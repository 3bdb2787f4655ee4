"""Joins the video page and the clips of the visit: opens, finds, lists and removes them, and asks before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui.desks.visit_facts import Clip
from gui.desks.visits import VisitDesk
from gui.i18n import _, follow
from gui.librarian import Librarian
from gui.pages.video import VideoPage
from gui.settings import Settings
from screening import paths
from screening.errors import ScreeningError
from screening.library import Library
from screening.recording.writer import RAW

RECORDINGS = 10  # that no visit has; the rest are found by "Open videos…"
VIDEOS = "*.mp4 *.m4v *.mov *.mkv *.webm *.avi *.mpg *.mpeg *.wmv *.3gp *.mts *.m2ts *.ts"


class ClipDesk(QObject):
    """`remember` saves the settings, in which the folder of the last video is."""

    opening = Signal()  # a clip is about to be opened: its page should be seen

    def __init__(
        self,
        visits: VisitDesk,
        librarian: Librarian,
        page: VideoPage,
        remembered: Settings,
        remember: Callable[[], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._visits, self._librarian, self._page, self._window = visits, librarian, page, window
        self._settings, self._remember = remembered, remember
        page.open_requested.connect(self.choose)
        page.files_chosen.connect(self.open)
        page.clip_chosen.connect(self._choose_clip)
        page.clip_removed.connect(self._remove)
        page.clips_reordered.connect(visits.reorder)
        visits.videos_changed.connect(self._clips_changed)
        visits.file_missing.connect(self._missing)
        follow(self)

    def retranslate(self) -> None:
        """Write what each clip's state is called again."""
        self._clips_changed(None)

    def open(self, files: Sequence[Path]) -> None:
        """Add these videos to the visit that is open, or look at them without one, and show the first."""
        self._page.banner.clear()
        self.opening.emit()
        self._visits.add_videos(files)

    def choose(self) -> None:
        """Ask for video files."""
        dialog = QFileDialog(self._window, _("Open videos"), self._settings.video_folder or "")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([_("Videos ({kinds})").format(kinds=VIDEOS), _("All files (*)")])
        dialog.filesSelected.connect(self._chosen)
        dialog.open()

    def look_up_recent(self) -> None:
        """Offer the videos that were opened last."""
        self._librarian.ask(_recent, self._show_recent)

    def _show_recent(self, found: tuple[list[Path], list[Path]]) -> None:
        self._page.show_recent(*found)

    def _chosen(self, names: list[str]) -> None:
        if names:
            self._settings.video_folder = str(Path(names[0]).parent)
            self._remember()
            self.open([Path(name) for name in names])

    def _choose_clip(self, key: int) -> None:
        """One that is open already stays as it is; one whose file is missing is asked for again."""
        current = self._visits.current
        if current is None or current.key != key or current.missing:
            self._visits.choose_video(key)

    def _clips_changed(self, _clips: object) -> None:
        current = self._visits.current
        self._page.show_clips(self._visits.lines(), current.key if current is not None else None)

    def _remove(self, key: int) -> None:
        """Ask first where something was found in it: that would be lost."""
        clip = next((clip for clip in self._visits.clips if clip.key == key), None)
        if clip is None or not clip.analyses:
            self._visits.remove_video(key)
            return
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setText(_("Remove “{name}” from the visit?").format(name=clip.name))
        box.setInformativeText(_("What was found in it and decided about it is lost. The video file stays."))
        remove = box.addButton(_("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(_("Keep it"), QMessageBox.ButtonRole.RejectRole))
        remove.clicked.connect(partial(self._visits.remove_video, key))
        box.open()

    def _missing(self, clip: Clip, error: ScreeningError) -> None:
        self._page.banner.show_error(error)
        self._page.show_missing()
        dialog = QFileDialog(self._window, _("Find “{name}”").format(name=clip.name), str(clip.path.parent))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(partial(self._found, clip.key))
        dialog.open()

    def _found(self, key: int, name: str) -> None:
        self._page.banner.clear()
        self._visits.find_file(key, Path(name))


def _recent(library: Library) -> tuple[list[Path], list[Path]]:
    """The clips that were added last, and the recordings that no visit has yet: put aside, or left by a crash."""
    recordings = sorted(paths.recordings().glob("*.mkv"), reverse=True)  # named after their time
    finished = [path for path in recordings if not path.name.endswith(RAW)]
    return [video.path for video in library.videos.recent()], library.videos.strangers(finished)[:RECORDINGS]
