"""Everything that keys do, as actions: the window has their keys, the menu in the header shows them.

In: what is done for each; out: a menu in groups, in the language of the day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gui.i18n import _, follow

GAP = "\u2003\u2003"  # between a line and its key; Qt leaves hardly any
ARROWS = {"Left": "←", "Right": "→"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: its text (English, in the catalogue), its keys, if any (the first is shown), what it does.

    One that is not `listed` has its keys only.
    """

    text: str
    keys: tuple[str, ...]
    does: Callable[[], object]
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together; `title` "" puts them into the menu itself."""

    title: str
    entries: tuple[Entry, ...]


class Menu(QMenu):
    """The window's one menu. Its actions belong to the window, so that their keys work while it is closed."""

    def __init__(self, groups: tuple[Group, ...], window: QWidget) -> None:
        super().__init__(window)
        self._actions: list[tuple[QAction, Entry, Group]] = []
        self._menus: list[tuple[QMenu, str]] = []
        for group, before in zip(groups, (None, *groups), strict=False):
            menu: QMenu = self
            if before is not None and bool(before.title) != bool(group.title):
                self.addSeparator()
            if group.title:
                menu = self.addMenu("")
                self._menus.append((menu, group.title))
            for entry in group.entries:
                action = QAction(window)
                action.setShortcuts([QKeySequence(keys) for keys in entry.keys])
                action.triggered.connect(entry.does)
                window.addAction(action)
                if entry.listed:
                    menu.addAction(action)
                self._actions.append((action, entry, group))
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        for action, entry, _group in self._actions:
            shown = [f"\t{GAP}{ARROWS.get(keys, keys)}" for keys in entry.keys[:1]]
            action.setText("".join([_(entry.text), *shown]))
        for menu, title in self._menus:
            menu.setTitle(_(title))

    def group(self, title: str) -> list[QAction]:
        """The actions of the group with this (English) title."""
        return [action for action, _entry, group in self._actions if group.title == title]

    def action(self, text: str) -> QAction:
        """The action of this (English) text."""
        return next(action for action, entry, _group in self._actions if entry.text == text)
