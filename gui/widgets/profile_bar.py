"""Which profile, which version, and what can be done with a whole profile; the shelf comes in, requests go out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMessageBox, QPushButton

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.card import Card
from gui.widgets.choice import ChoiceBox
from screening.profile.shelf import Entry, Listing

WIDEST = 280  # of the box with the profiles


class ProfileBar(Card):
    """Choosing is possible only while nothing is unsaved, so that no edit is lost by a click."""

    chosen = Signal(object, object)  # Entry, version
    use_requested = Signal()
    duplicate_requested = Signal()
    import_requested = Signal(object)  # Path
    export_requested = Signal(object)  # Path
    delete_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._listing = Listing(())
        self._entry: Entry | None = None
        self._version = 0
        self._unsaved = False
        self._in_use, self._entry_in_use = "", False
        self.column.setContentsMargins(style.MEDIUM, style.SMALL, style.MEDIUM, style.SMALL)
        self.profiles, self.versions = ChoiceBox(), ChoiceBox()
        self.profiles.setMinimumContentsLength(12)
        self.profiles.setMaximumWidth(WIDEST)
        self.versions.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToContents)
        self.use, self.duplicate, self.bring_in = QPushButton(), QPushButton(), QPushButton()
        self.send_out, self.delete = QPushButton(), QPushButton()
        self._used = QLabel()
        style.role(self._used, "caption")
        row = QHBoxLayout()
        row.setSpacing(style.SMALL)
        for widget, share in ((self.profiles, 3), (self.versions, 0), (self.use, 0)):
            row.addWidget(widget, share)
        row.addStretch()
        whole = QHBoxLayout()
        whole.setSpacing(style.TINY)
        for button in (self.duplicate, self.bring_in, self.send_out, self.delete):
            whole.addWidget(button)
        row.addLayout(whole)
        self.column.addLayout(row)
        self.add(self._used)
        self.profiles.activated.connect(self._profile_chosen)
        self.versions.activated.connect(self._version_chosen)
        self.use.clicked.connect(self.use_requested)
        self.duplicate.clicked.connect(self.duplicate_requested)
        self.bring_in.clicked.connect(self._ask_import)
        self.send_out.clicked.connect(self._ask_export)
        self.delete.clicked.connect(self._ask_delete)
        follow(self)

    # ---- told by the page

    def show_shelf(self, listing: Listing) -> None:
        """Offer these profiles."""
        self._listing = listing
        self.retranslate()

    def show_open(
        self, entry: Entry, version: int, *, unsaved: bool, in_use: str, version_in_use: bool, entry_in_use: bool
    ) -> None:
        """`version` of `entry` is on screen; `in_use` names what analyses are judged by now."""
        self._entry, self._version, self._unsaved = entry, version, unsaved
        self._in_use, self._entry_in_use = in_use, entry_in_use
        free = not unsaved
        for widget in (self.profiles, self.versions, self.duplicate, self.bring_in):
            widget.setEnabled(free)
        self.send_out.setEnabled(free)
        self.use.setEnabled(free and not version_in_use)
        self.delete.setEnabled(free and not entry.shipped and not entry_in_use)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text again."""
        t, first = current(), _("Save or revert your edits first.") if self._unsaved else ""
        with QSignalBlocker(self.profiles):
            self.profiles.clear()
            for entry in self._listing.entries:
                shipped = _("{name} (shipped)").format(name=entry.profile.name)
                self.profiles.addItem(shipped if entry.shipped else entry.profile.name)
            if self._entry is not None:
                keys = [entry.key for entry in self._listing.entries]
                self.profiles.setCurrentIndex(keys.index(self._entry.key) if self._entry.key in keys else -1)
        with QSignalBlocker(self.versions):
            self.versions.clear()
            versions = self._entry.versions if self._entry is not None else ()
            for version in reversed(versions):
                text = _("Version {n}").format(n=t.number(version))
                self.versions.addItem(_("{version} (newest)").format(version=text) if version == versions[-1] else text)
            if self._version in versions:
                self.versions.setCurrentIndex(len(versions) - 1 - versions.index(self._version))
        for widget, name, tip in (
            (self.profiles, _("Screening profile"), ""),
            (self.versions, _("Version of the profile"), _("Earlier versions are kept and can be read again.")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(first or tip or name)
        stays = ""
        if self._entry is not None and self._entry.shipped:
            stays = _("What comes with the program cannot be deleted.")
        elif self._entry_in_use:
            stays = _("This profile is in use: choose another for analyses first.")
        for button, text, tip in (
            (self.use, _("Use this profile"), _("Judge the result on screen and later analyses by this version.")),
            (self.duplicate, _("Duplicate"), _("A new profile that begins as this one.")),
            (self.bring_in, _("Import…"), _("Add a profile from a file.")),
            (self.send_out, _("Export…"), _("Write this version to a file, for another computer.")),
            (self.delete, _("Delete…"), stays or _("Remove this profile with all its versions.")),
        ):
            button.setText(text)
            button.setToolTip(first or tip)
        used = _("In use for analyses: {profile}").format(profile=self._in_use) if self._in_use else ""
        self._used.setText(first or " · ".join(text for text in (used, stays) if text))
        self._used.setVisible(bool(self._used.text()))

    # ---- asked by the clinician

    def _profile_chosen(self, number: int) -> None:
        entry = self._listing.entries[number]
        self.chosen.emit(entry, entry.versions[-1])

    def _version_chosen(self, number: int) -> None:
        if self._entry is not None:
            self.chosen.emit(self._entry, self._entry.versions[-1 - number])

    def _ask_import(self) -> None:
        dialog = QFileDialog(self, _("Import a screening profile"), str(Path.home()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_("Screening profiles (*.json)"), _("All files (*)")])
        dialog.fileSelected.connect(self._import_chosen)
        dialog.open()

    def _import_chosen(self, name: str) -> None:
        self.import_requested.emit(Path(name))

    def _ask_export(self) -> None:
        if self._entry is None:
            return
        kept = "".join(c if c.isalnum() or c in " -_()" else "_" for c in self._entry.profile.name).strip()
        proposed = Path.home() / f"{kept or 'viscreen'}.json"
        dialog = QFileDialog(self, _("Export the screening profile"), str(proposed), _("Screening profiles (*.json)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(self._export_chosen)
        dialog.open()

    def _export_chosen(self, name: str) -> None:
        self.export_requested.emit(Path(name))

    def _ask_delete(self) -> None:
        if self._entry is None:
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(_("Delete a screening profile"))
        box.setText(
            current()
            .ngettext(
                "Delete “{name}” with its {n} version? This cannot be undone.",
                "Delete “{name}” with all its {n} versions? This cannot be undone.",
                len(self._entry.versions),
            )
            .format(name=self._entry.profile.name, n=len(self._entry.versions))
        )
        box.setInformativeText(_("Results and reports that were made with it keep a copy of their own."))
        delete = box.addButton(_("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(_("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        delete.clicked.connect(self.delete_requested)
        box.open()
