"""Joins the page of model packs, the packs on this computer and the session: install, remove, use and remember one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.desks.pack_shelf import PackShelf
from gui.i18n import _
from gui.pages.packs import PacksPage
from gui.session import Session
from gui.settings import Settings
from screening import pack, paths


class PackDesk(QObject):
    """`remember` saves the settings. It hears of the session's model before whoever connects to it later."""

    used = Signal()  # a pack that was chosen kept its promises

    def __init__(
        self, session: Session, page: PacksPage, remembered: Settings, remember: Callable[[], None], window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._page, self._window = session, page, window
        self._settings, self._remember = remembered, remember
        self._used, self._profile = "reference", paths.default_profile()
        self._folder: Path | None = None  # where the pack in use lies
        self._asked: str | None = None  # chosen, and still being checked
        self.shelf = PackShelf(session.crew, self)
        page.use_requested.connect(self.use)
        page.install_requested.connect(self.choose)
        page.remove_requested.connect(self.remove)
        self.shelf.changed.connect(self._show)
        self.shelf.installed.connect(page.show_installed)
        self.shelf.refused.connect(page.banner.show_error)
        session.model_changed.connect(self._model_changed)

    def start(self, name: str | None, profile: Path | None) -> None:
        """Load the pack `name` (else the remembered one, else the shipped one) and `profile` (likewise)."""
        self._used = name or self._settings.pack or self._used
        self._profile = profile or self._settings.profile_path() or self._profile
        self._session.use_model(self._used, self._profile)

    def use(self, key: str) -> None:
        """Load the pack `key`; once it has kept its promises it is remembered, else the one of before works on."""
        self._asked = key
        self._page.banner.clear()
        self._session.use_model(key, self._session.profile_path or self._profile)

    def choose(self) -> None:
        """Ask for a model pack to install."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        dialog = QFileDialog(self._window, _("Install a model pack"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = f"*{pack.SUFFIX} *.zip {pack.MANIFEST}"
        dialog.setNameFilters([_("Model packs ({kinds})").format(kinds=kinds), _("All files (*)")])
        dialog.fileSelected.connect(self.install)
        dialog.open()

    def install(self, name: str) -> None:
        """Install the file `name`; a pack that is a folder is chosen by its manifest."""
        path = Path(name)
        self._page.banner.clear()
        self.shelf.install(path.parent if path.name == pack.MANIFEST else path)

    def remove(self, key: str) -> None:
        """Remove the installed pack `key`, unless it is in use."""
        self._page.banner.clear()
        self.shelf.remove(key, self._folder)

    def _model_changed(self) -> None:
        model, error = self._session.model, self._session.model_error
        if model is not None:
            self._folder = model.pack.folder
        asked = self._asked
        if asked is not None and (model is not None or error is not None):
            self._asked = None
            if error is None:
                self._used = self._settings.pack = asked
                self._remember()
                self.used.emit()
            else:
                self._page.banner.show_error(error)
                if self._folder is not None:
                    self._session.use_model(self._used, self._session.profile_path or self._profile)
        self._show()

    def _show(self) -> None:
        self._page.show_packs(self.shelf.entries, self._folder)
        self._page.show_working(self.shelf.busy)
