"""Joins the page of profiles, the profiles on this computer and the session: open, keep, use and remember one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from gui.desks.profile_shelf import ProfileShelf
from gui.pages.profile import ProfilePage
from gui.session import Session
from gui.settings import Settings
from screening import paths
from screening.records import Profile


class ProfileDesk(QObject):
    """`remember` saves the settings. A profile that is put to use judges what is shown anew; the model is not run."""

    def __init__(
        self, session: Session, page: ProfilePage, remembered: Settings, remember: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._page = session, page
        self._settings, self._remember = remembered, remember
        self._path = paths.default_profile()
        self.shelf = shelf = ProfileShelf(session.crew, self)
        shelf.listed.connect(page.show_shelf)
        shelf.opened.connect(page.open_profile)
        shelf.saved.connect(page.follow_saved)
        shelf.done.connect(page.banner.show_done)
        shelf.failed.connect(page.banner.show_error)
        page.version_requested.connect(shelf.open)
        page.save_requested.connect(shelf.save)
        page.save_as_requested.connect(shelf.save_as)
        page.duplicate_requested.connect(shelf.duplicate)
        page.import_requested.connect(shelf.bring_in)
        page.export_requested.connect(shelf.send_out)
        page.delete_requested.connect(shelf.delete)
        page.use_requested.connect(self.use)
        session.model_changed.connect(self._model_changed)
        session.analysed.connect(page.compare_with)
        session.revised.connect(page.compare_with)
        session.revise_failed.connect(page.banner.show_error)

    def start(self, path: Path | None) -> None:
        """List the profiles, the one at `path` (else the remembered one, else ours) open."""
        kept = self._settings.profile_path()
        self._path = path or (kept if kept is not None and kept.exists() else paths.default_profile())
        self.shelf.load(self._path)

    def use(self, profile: Profile, path: Path) -> None:
        """Judge by `profile`, which lies at `path`, from now on and after the next start."""
        self._path = path
        self._page.banner.clear()
        self._session.use_profile(profile, path)
        self._settings.profile = str(path)
        self._remember()

    def _model_changed(self) -> None:
        model = self._session.model
        self._page.use_pack(model.pack.info if model is not None else None)
        if model is not None:
            self._page.show_in_use(model.profile, self._session.profile_path or self._path)
