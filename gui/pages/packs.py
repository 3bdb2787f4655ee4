"""The page of model packs: which are on this computer, what each one states, and which one works."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, follow, sentence
from gui.widgets.banner import Banner
from gui.widgets.card import Card
from gui.widgets.pack_view import PackView
from gui.widgets.table import Row, Table
from screening.pack.install import Entry

TWO_LINES = 46  # height of a row in logical pixels


class PacksPage(QWidget):
    """Told by `show_packs` what there is; asks for everything else by its signals."""

    use_requested = Signal(str)  # a pack's key
    install_requested = Signal()
    remove_requested = Signal(str)  # a pack's key

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()
        self._current: Path | None = None
        self._chosen: str | None = None
        self._working = False
        self._why_no_other = ""
        self.banner = Banner()
        self.list = Table(stretch=0)
        self.list.verticalHeader().setDefaultSectionSize(TWO_LINES)
        self.install = QPushButton()
        self._note = QLabel()
        self._note.setWordWrap(True)
        style.role(self._note, "caption")
        self._make_details()
        self._lay_out()
        self.list.row_chosen.connect(self._choose_row)
        self.list.activated.connect(self._use)
        self.install.clicked.connect(self.install_requested)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self)
        delete.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        delete.activated.connect(self._ask_to_remove)
        follow(self)

    def _make_details(self) -> None:
        self._name, self._place, self._refusal = QLabel(), QLabel(), QLabel()
        style.role(self._name, "welcome")
        style.role(self._place, "quiet")
        style.role(self._refusal, "nolevel")
        for label in (self._name, self._place, self._refusal):
            label.setWordWrap(True)
            if label is not self._refusal:
                label.setContentsMargins(style.TINY, 0, 0, 0)  # in line with the text below
            label.setTextFormat(Qt.TextFormat.PlainText)  # a stranger's words
        self._refusal.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.view = PackView()
        self.card, self.fingerprint = QPushButton(), QPushButton()
        for button, toggled in ((self.card, self._show_card), (self.fingerprint, self._show_fingerprint)):
            button.setCheckable(True)
            style.role(button, "link")
            button.toggled.connect(toggled)
        self.use, self.remove = QPushButton(), QPushButton()
        style.role(self.use, "primary")
        self.use.clicked.connect(self._use)
        self.remove.clicked.connect(self._ask_to_remove)
        self._why_not = QLabel()
        self._why_not.setWordWrap(True)
        self._why_not.setContentsMargins(style.TINY, 0, 0, 0)
        style.role(self._why_not, "caption")
        self._question = QLabel()
        self._question.setWordWrap(True)
        self._question.setContentsMargins(style.TINY, 0, 0, 0)
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self.confirm, self.keep = QPushButton(), QPushButton()
        self.confirm.clicked.connect(self._remove)
        self.keep.clicked.connect(self._stop_asking)

    def _lay_out(self) -> None:
        shelf = Card()
        self._title = shelf.title
        shelf.add(self.list, 1)
        shelf.add(self._note)
        shelf.add(self.install)

        details = Card()
        details.add(self._name)
        details.add(self._place)
        refusal = QHBoxLayout()
        refusal.setContentsMargins(style.TINY, 0, 0, 0)  # its ground, too, in line with the text
        refusal.addWidget(self._refusal)
        details.column.addLayout(refusal)
        details.add(self.view, 1)
        self._blank = QWidget()  # where a refused model has nothing to say
        details.add(self._blank, 1)
        links = QHBoxLayout()
        links.addWidget(self.card)
        links.addWidget(self.fingerprint)
        links.addStretch()
        details.column.addLayout(links)
        self._actions = QStackedWidget()
        self._actions.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for widgets in ((self._why_not, self.remove, self.use), (self._question, self.confirm, self.keep)):
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(style.SMALL)
            line.addWidget(widgets[0], 1)
            for button in widgets[1:]:
                line.addWidget(button)
            self._actions.addWidget(row)
        details.add(self._actions)

        columns = QHBoxLayout()
        columns.setSpacing(style.MEDIUM)
        columns.addWidget(shelf, 5)
        columns.addWidget(details, 7)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self.banner)
        layout.addLayout(columns, 1)

    # ---- told by the window

    def take_focus(self) -> None:
        """At the packs."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_packs(self, entries: Sequence[Entry], current: Path | None) -> None:
        """These packs; the one that lies in the folder `current` is in use."""
        self._entries, self._current = tuple(entries), current
        self.retranslate()

    def show_working(self, working: bool) -> None:
        """Packs are being read, checked, written or removed; what is asked for meanwhile comes after it."""
        self._working = working
        self._update_actions()

    def allow_use(self, allowed: bool, why_not: str) -> None:
        """Whether another pack may be put to use now, and if not, why."""
        self._why_no_other = "" if allowed else why_not
        self._update_actions()

    def show_installed(self, key: str, is_new: bool) -> None:
        """The pack `key` was brought: show it, with the button that puts it to use within reach."""
        self._chosen = key
        self.retranslate()
        self.banner.show_done(self._installed_sentence if is_new else self._known_sentence)
        (self.use if self.use.isEnabled() else self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        self._title.setText(_("Models on this computer"))
        self._title.show()
        self.list.setAccessibleName(_("Models on this computer"))
        self.install.setText(_("Install from file…"))
        self.install.setToolTip(_("Choose a model pack (.vspack) that you were given; it is checked before it is kept"))
        self.use.setText(_("Use this model"))
        self.use.setToolTip(_("Analyse with this model from now on (Enter in the list)"))
        self.remove.setText(_("Remove"))
        self.remove.setToolTip(_("Remove this model from this computer (Del)"))
        self.confirm.setText(_("Yes, remove it"))
        self.keep.setText(_("Keep it"))
        self._name_links()
        self.card.setToolTip(_("Read the text that the maker wrote about the model"))
        self.fingerprint.setToolTip(_("The SHA-256 that tells this very pack from every other"))
        self._fill()
        self._show_chosen()

    def _installed_sentence(self) -> str:
        return _("The model is installed. Press “Use this model” to work with it.")

    def _known_sentence(self) -> str:
        return _("This very model is on this computer already; nothing was added.")

    def _fill(self) -> None:
        self.list.fill((_("model"), _("trained"), _("state")), [self._row(entry) for entry in self._entries])
        found = [i for i, entry in enumerate(self._entries) if entry.key == self._chosen]
        found = found or [i for i, entry in enumerate(self._entries) if entry.folder == self._current]
        if self._entries:
            self.list.selectRow(found[0] if found else 0)

    def _row(self, entry: Entry) -> Row:
        info = entry.info
        if info is None:
            why = sentence(entry.refused) if entry.refused is not None else ""
            return Row((f"{entry.folder.name}\n{_origin(entry)}", "", _("cannot be used")), quiet=True, tip=why)
        behaviours = [label for label in info.labels if label.id != info.output.other_id]
        trained = _("{trained} of {all} behaviours").format(
            trained=sum(label.trained for label in behaviours), all=len(behaviours)
        )
        seen = _("simulated only") if info.simulated_only else ""
        state = _("in use") if entry.folder == self._current else ""
        return Row((f"{info.name} {info.version}\n{_origin(entry)}", f"{trained}\n{seen}".strip(), state))

    # ---- the chosen one

    def _entry(self) -> Entry | None:
        return next((entry for entry in self._entries if entry.key == self._chosen), None)

    def _choose_row(self, row: int) -> None:
        if self._entries[row].key != self._chosen:
            self._chosen = self._entries[row].key
            self._actions.setCurrentIndex(0)
            self._show_chosen()

    def _show_chosen(self) -> None:
        entry = self._entry()
        info = entry.info if entry is not None else None
        self._name.setText(f"{info.name} {info.version}" if info is not None else entry.folder.name if entry else "")
        self._place.setText(_origin(entry) if entry is not None else "")
        self._place.setToolTip(str(entry.folder) if entry is not None else "")
        refused = entry.refused if entry is not None else None
        self._refusal.setText(sentence(refused) if refused is not None else "")
        self._refusal.setVisible(refused is not None)
        for widget in (self.view, self.card, self.fingerprint):
            widget.setVisible(info is not None)
        self._blank.setVisible(info is None)
        self.view.show_entry(entry)
        self._update_actions()

    def _update_actions(self) -> None:
        entry = self._entry()
        used = entry is not None and entry.folder == self._current
        sound = entry is not None and entry.info is not None
        mine = entry is not None and not entry.shipped
        self.use.setEnabled(sound and not used and not self._why_no_other)
        self.remove.setEnabled(mine and not used)
        self._note.setText(_("Checking…") if self._working else _("A model pack is checked wholly before it is kept."))
        if used:
            why = _("In use. Choose another model before you remove this one.") if mine else _("In use.")
        elif sound and self._why_no_other:
            why = self._why_no_other
        elif entry is not None and not sound:
            why = _("This model cannot be used: the reason stands above.")
        else:
            why = ""
        self._why_not.setText(why)
        name = f"{entry.info.name} {entry.info.version}" if entry is not None and entry.info else ""
        self._question.setText(
            _("Remove “{name}”? To have it again you need its file.").format(
                name=name or (entry.folder.name if entry is not None else "")
            )
        )

    def _name_links(self) -> None:
        self.card.setText(_("Back to the summary") if self.card.isChecked() else _("The maker's own card"))
        self.fingerprint.setText(_("Hide the fingerprint") if self.fingerprint.isChecked() else _("Fingerprint"))

    def _show_card(self, shown: bool) -> None:
        self.view.show_card(shown)
        self._name_links()

    def _show_fingerprint(self, shown: bool) -> None:
        self.card.setChecked(False)
        self.view.show_fingerprint(shown)
        self._name_links()

    def _use(self) -> None:
        if self.use.isEnabled() and self._chosen is not None:
            self.use_requested.emit(self._chosen)

    def _ask_to_remove(self) -> None:
        if self.remove.isEnabled():
            self._actions.setCurrentIndex(1)
            self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stop_asking(self) -> None:
        self._actions.setCurrentIndex(0)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self) -> None:
        self._stop_asking()
        if self._chosen is not None:
            self.remove_requested.emit(self._chosen)


def _origin(entry: Entry) -> str:
    if entry.refused is not None:
        return _("On this computer")
    return _("Came with the program") if entry.shipped else _("Installed")
