"""The profile page: what is asked of each behaviour, levels, conditions; every save is a new version.

It is given the shelf, a profile, the model and the result, and asks by signals; it touches no file itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui import style
from gui.editing import Editing
from gui.i18n import _, current, follow
from gui.widgets.banner import Banner
from gui.widgets.card import Card
from gui.widgets.changes_card import ChangesCard
from gui.widgets.choice import ChoiceBox
from gui.widgets.conditions_card import EPISODE_CONDITIONS, LEVEL_CONDITIONS, ConditionsCard
from gui.widgets.criteria_table import CriteriaTable
from gui.widgets.levels_card import LevelsCard
from gui.widgets.profile_bar import ProfileBar
from screening import language
from screening.errors import N_
from screening.profile import edits, shelf
from screening.profile.differences import SettingField
from screening.profile.shelf import Entry, Listing
from screening.records import Band, Criterion, Label, PackInfo, Profile, Result

SIDE_WIDTH, NARROW_SIDE_WIDTH = 452, 408
ROOMY = 1000  # a page that is less wide leaves more of its width to the behaviours
NAME_WIDTH, DIALOG_WIDTH = 280, 420
NEW_LEVEL = N_("New level")


class ProfilePage(QWidget):
    """Left: behaviours, and what changed. Right: levels and conditions. Below: what is wrong, revert, save."""

    version_requested = Signal(object, object)  # Entry, version
    use_requested = Signal(object, object)  # Profile, Path of its file
    save_requested = Signal(object, object)  # Entry, Profile
    save_as_requested = Signal(object, object)  # Profile, name
    duplicate_requested = Signal(object, object)  # Entry, name
    import_requested = Signal(object)  # Path
    export_requested = Signal(object, object)  # Profile, Path
    delete_requested = Signal(object)  # Entry

    def __init__(self) -> None:
        super().__init__()
        self._listing = Listing(())
        self._open: Editing | None = None
        self._pack: PackInfo | None = None
        self._result: Result | None = None
        self._in_use: tuple[Profile, Path] | None = None
        self.banner = Banner()
        self.bar = ProfileBar()
        self.name = QLineEdit()
        self.name.setMaxLength(shelf.LONGEST_NAME)
        self.table = CriteriaTable()
        self.levels = LevelsCard()
        self.level_conditions = ConditionsCard(LEVEL_CONDITIONS, self._level_title, self._level_lead)
        self.episode_rule = ConditionsCard(EPISODE_CONDITIONS, self._rule_title, self._rule_lead)
        self.changes = ChangesCard()
        self._make_layout()
        self._wire()
        follow(self)

    def _make_layout(self) -> None:
        asked = Card()
        self._asked = asked
        self._name_label = QLabel()
        self._name_label.setBuddy(self.name)
        self._other_set = QLabel()
        self._other_set.setWordWrap(True)
        style.role(self._other_set, "nolevel")
        self.to_add = ChoiceBox()
        self.to_add.setMinimumContentsLength(24)
        self.add_behaviour, self.remove_behaviour = QPushButton(), QPushButton()
        self.name.setMaximumWidth(NAME_WIDTH)
        asked.top.addSpacing(style.LARGE)
        asked.top.addWidget(self._name_label)
        asked.top.addWidget(self.name, 4)
        asked.add(self._other_set)
        asked.add(self.table, 1)
        below = QHBoxLayout()
        below.setSpacing(style.SMALL)
        below.addWidget(self.to_add, 1)
        below.addWidget(self.add_behaviour)
        below.addStretch()
        below.addWidget(self.remove_behaviour)
        asked.column.addLayout(below)
        left = QVBoxLayout()
        left.setSpacing(style.MEDIUM)
        left.addWidget(asked, 1)
        left.addWidget(self.changes)

        side = QWidget()
        cards = QVBoxLayout(side)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(style.MEDIUM)
        for card in (self.levels, self.level_conditions, self.episode_rule):
            cards.addWidget(card)
        cards.addStretch()
        area = QScrollArea()
        area.setWidget(side)
        area.setWidgetResizable(True)
        area.verticalScrollBar().rangeChanged.connect(  # away from the bar, where there is one
            lambda _least, most: cards.setContentsMargins(0, 0, style.TINY if most else 0, 0)
        )
        self._side = area
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        columns = QHBoxLayout()
        columns.setSpacing(style.MEDIUM)
        columns.addLayout(left, 1)
        columns.addWidget(area)

        self.fault, self.state = QLabel(), QLabel()
        for label, role in ((self.fault, "nolevel"), (self.state, "quiet")):
            label.setWordWrap(True)
            style.role(label, role)
        self.reset, self.revert, self.save_as, self.save = (QPushButton() for _button in range(4))
        style.role(self.save, "primary")
        actions = QHBoxLayout()
        actions.setSpacing(style.SMALL)
        actions.addWidget(self.fault, 1)
        actions.addWidget(self.state, 1)
        for button in (self.reset, self.revert, self.save_as, self.save):
            actions.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self.banner)
        layout.addWidget(self.bar)
        layout.addLayout(columns, 1)
        layout.addLayout(actions)

    def _wire(self) -> None:
        self.bar.chosen.connect(self.version_requested)
        self.bar.use_requested.connect(self._use)
        self.bar.duplicate_requested.connect(self._duplicate)
        self.bar.import_requested.connect(self.import_requested)
        self.bar.export_requested.connect(self._export)
        self.bar.delete_requested.connect(self._delete)
        self.name.textEdited.connect(self._rename)
        self.table.edited.connect(self._criterion_edited)
        self.table.removed.connect(self._remove)
        self.table.selection_changed.connect(self._allow)
        self.add_behaviour.clicked.connect(self._add)
        self.remove_behaviour.clicked.connect(self._remove_chosen)
        self.levels.edited.connect(self._band_edited)
        self.levels.added.connect(self._add_level)
        self.levels.removed.connect(self._remove_level)
        self.level_conditions.edited.connect(self._condition_edited)
        self.episode_rule.edited.connect(self._condition_edited)
        self.reset.clicked.connect(self._reset)
        self.revert.clicked.connect(self._revert)
        self.save_as.clicked.connect(self._ask_name)
        self.save.clicked.connect(self._save)
        for keys, slot in (("Ctrl+S", self._save), ("Ctrl+Shift+S", self._ask_name)):
            context = Qt.ShortcutContext.WidgetWithChildrenShortcut
            QShortcut(QKeySequence(keys), self, context=context).activated.connect(slot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The behaviours come before what is beside them."""
        super().resizeEvent(event)
        self._side.setFixedWidth(SIDE_WIDTH if self.width() >= ROOMY else NARROW_SIDE_WIDTH)

    # ---- told by the window

    @property
    def has_edits(self) -> bool:
        """Something is not saved."""
        return self._open is not None and self._open.unsaved

    @property
    def draft(self) -> Profile | None:
        """The profile as it stands on screen."""
        return self._open.draft if self._open is not None else None

    def show_shelf(self, listing: Listing) -> None:
        """These profiles there are; what could not be read is told."""
        self._listing = listing
        self.bar.show_shelf(listing)
        if listing.faults:
            self.banner.show_error(listing.faults[0])
        self._change(listing=listing)

    def open_profile(self, entry: Entry, version: Profile) -> None:
        """Show this version of `entry`, ready to be edited."""
        self._open = Editing(entry, version, version, self._listing, self._pack, self._result)
        self._show()

    def use_pack(self, pack: PackInfo | None) -> None:
        """The model whose behaviours are named, and whose thresholds hold where a profile sets none."""
        self._pack = pack
        self._change(pack=pack)

    def compare_with(self, result: Result | None) -> None:
        """Mark what changed since `result` was judged; None: nothing to compare with."""
        self._result = result
        self._change(result=result)

    def show_in_use(self, used: Profile, path: Path) -> None:
        """Analyses are judged by `used`, the profile in the file `path`."""
        self._in_use = (used, path)
        self._allow()

    def follow_saved(self, entry: Entry) -> None:
        """`entry` has a new version: where one before was in use, this one is from now on."""
        if self._in_use is not None and self._in_use[1].parent == entry.path.parent:
            self.use_requested.emit(entry.profile, entry.path)

    def _change(self, **changes: Any) -> None:
        if self._open is not None:
            self._open = dataclasses.replace(self._open, **changes)
            self._show()

    def take_focus(self) -> None:
        """At the criteria."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- edits

    def _edit(self, edit: Callable[[Profile], Profile]) -> None:
        if self._open is not None:
            self._change(draft=edit(self._open.draft))

    def _rename(self, name: str) -> None:
        self._edit(lambda draft: edits.with_setting(draft, "name", name.strip()))

    def _criterion_edited(self, criterion: Criterion) -> None:
        self._edit(lambda draft: edits.with_criterion(draft, criterion))

    def _add(self) -> None:
        label_id = self.to_add.currentData()
        if label_id is not None:
            self._edit(lambda draft: edits.add_behaviour(draft, label_id))
            self.table.show_behaviour(label_id)

    def _remove_chosen(self) -> None:
        self._remove(self.table.chosen())

    def _remove(self, label_ids: set[int]) -> None:
        self._edit(lambda draft: edits.without_behaviours(draft, label_ids))

    def _band_edited(self, band: Band) -> None:
        self._edit(lambda draft: edits.with_band(draft, band))

    def _add_level(self) -> None:
        names = {code: language.load(code)(NEW_LEVEL) for code in language.LANGUAGES}
        self._edit(lambda draft: edits.add_band(draft, names))

    def _remove_level(self, code: str) -> None:
        self._edit(lambda draft: edits.without_band(draft, code))

    def _condition_edited(self, field: SettingField, value: float) -> None:
        self._edit(lambda draft: edits.with_setting(draft, field, value))

    def _reset(self) -> None:
        shipped = self._open.shipped if self._open is not None else None
        if shipped is not None:
            self._edit(lambda draft: edits.reset(draft, shipped))

    def _revert(self) -> None:
        if self._open is not None:
            self._change(draft=self._open.saved)

    # ---- requests

    def _save(self) -> None:
        if self._open is not None and self.save.isEnabled():
            self.banner.clear()
            self.save_requested.emit(self._open.entry, self._open.draft)

    def _ask_name(self) -> None:
        if self._open is None or not self.save_as.isEnabled():
            return
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(_("Save as a new profile"))
        dialog.setLabelText(_("Name of the new profile"))
        dialog.setTextValue(shelf.free_name(self._open.draft.name, self._listing.entries))
        dialog.setOkButtonText(_("Save"))
        dialog.setCancelButtonText(_("Cancel"))
        dialog.textValueSelected.connect(self._save_under)
        dialog.resize(DIALOG_WIDTH, dialog.sizeHint().height())
        dialog.open()

    def _save_under(self, name: str) -> None:
        if self._open is not None:
            self.banner.clear()
            self.save_as_requested.emit(self._open.draft, name)

    def _use(self) -> None:
        if self._open is not None:
            self.use_requested.emit(self._open.saved, self._open.path)

    def _duplicate(self) -> None:
        if self._open is not None:
            name = _("{name} – copy").format(name=self._open.entry.profile.name)
            self.duplicate_requested.emit(self._open.entry, name)

    def _export(self, path: Path) -> None:
        if self._open is not None:
            self.export_requested.emit(self._open.saved, path)

    def _delete(self) -> None:
        if self._open is not None:
            self.delete_requested.emit(self._open.entry)

    # ---- what is shown

    def _show(self) -> None:
        now = self._open
        if now is not None:
            draft, saved = now.draft, now.saved
            if self.name.text().strip() != draft.name:
                self.name.setText(draft.name)
            self.table.fill(now.rows())
            self.levels.show_bands(draft.bands, saved.bands)
            self.level_conditions.show_profile(draft, saved)
            self.episode_rule.show_profile(draft, saved)
            self.changes.show_changes(now.unsaved_changes(), now.changes_since_result(), now.behaviour)
            self._offer(now.offered())
        self._allow()

    def _offer(self, labels: list[Label]) -> None:
        before = self.to_add.currentData()
        with QSignalBlocker(self.to_add):
            self.to_add.clear()
            for label in labels:
                name = label.name(current().code)
                self.to_add.addItem(name if label.trained else _("{name} (not trained)").format(name=name), label.id)
            self.to_add.setCurrentIndex(max(0, self.to_add.findData(before)))

    def _allow(self) -> None:
        now = self._open
        if now is None:
            for widget in (self.save, self.save_as, self.revert, self.reset, self.add_behaviour, self.remove_behaviour):
                widget.setEnabled(False)
            self._other_set.hide()
            self.fault.hide()
            return
        used, path = self._in_use or (None, None)
        self.bar.show_open(
            now.entry,
            now.saved.version,
            unsaved=now.unsaved,
            in_use=_("{name}, version {n}").format(name=used.name, n=used.version) if used is not None else "",
            version_in_use=path == now.path,
            entry_in_use=path is not None and self._listing.holding(path) == now.entry,
        )
        fault, shipped = now.fault(), now.entry.shipped
        self.name.setReadOnly(shipped)
        self.to_add.setEnabled(self.to_add.count() > 0)
        self.add_behaviour.setEnabled(self.to_add.count() > 0)
        self.remove_behaviour.setEnabled(bool(self.table.chosen()))
        self.revert.setEnabled(now.unsaved)
        self.reset.setEnabled(now.shipped is not None and edits.reset(now.draft, now.shipped) != now.draft)
        self.save.setEnabled(not shipped and not fault and (now.unsaved or now.is_old))
        self.save_as.setEnabled(not fault)
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        self.state.setText(now.state())
        self.state.setVisible(not fault)
        self.save.setText(_("Save") if shipped else _("Save as version {n}").format(n=now.entry.versions[-1] + 1))
        self._other_set.setVisible(self._pack is not None and not now.labels)

    # ---- texts

    def _level_title(self) -> str:
        return _("What a level needs")

    def _level_lead(self) -> str:
        return _("Below any of these there is no level, only “not enough assessable video”.")

    def _rule_title(self) -> str:
        return _("How scores become episodes")

    def _rule_lead(self) -> str:
        return _("An episode begins where a behaviour's score reaches its threshold.")

    def retranslate(self) -> None:
        """Write every text again."""
        self._asked.entitle(_("What is asked of each behaviour"))
        self._name_label.setText(_("Profile name"))
        self.name.setAccessibleName(_("Profile name"))
        self.to_add.setAccessibleName(_("Behaviour to add"))
        self.to_add.setToolTip(_("Behaviour to add"))
        self._other_set.setText(
            _("The model in use numbers its behaviours otherwise: none of these criteria can be judged by it.")
        )
        for button, text, tip in (
            (self.add_behaviour, _("Add"), _("Ask for this behaviour too.")),
            (self.remove_behaviour, _("Remove"), _("Ask no longer for the chosen behaviours (Del).")),
            (self.reset, _("Reset"), _("Every value as in the profile that comes with the program.")),
            (self.revert, _("Revert"), _("Undo everything since it was saved.")),
            (self.save_as, _("Save as…"), _("Keep it as a new profile (Ctrl+Shift+S).")),
        ):
            button.setText(text)
            button.setToolTip(tip)
        self.save.setToolTip(_("Keep it as the next version (Ctrl+S)."))
        self._show()
