"""What differs between the profile on screen, the saved one and the one of the result: changes in, sentences out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.editing import level_name
from gui.i18n import _, current, follow
from gui.widgets.card import Card
from gui.widgets.conditions_card import EPISODE_CONDITIONS, LEVEL_CONDITIONS
from gui.widgets.criteria_table import amount, field_name
from screening.profile import BandChange, Change, CriterionChange, SettingChange
from screening.records import Band

CONDITIONS = {condition.field: condition for condition in (*LEVEL_CONDITIONS, *EPISODE_CONDITIONS)}
HEIGHT = 90  # five whole lines


def sentence(change: Change, behaviour: Callable[[int], str]) -> str:
    """One change in the language of now; `behaviour` names a label id."""
    match change:
        case CriterionChange():
            return _("{what}: {how}").format(what=behaviour(change.label_id), how=_criterion(change))
        case BandChange():
            return _band(change)
        case SettingChange(field, before, after) if field in CONDITIONS:
            condition = CONDITIONS[field]
            how = _arrow(condition.text(float(before)), condition.text(float(after)))
            return _("{what}: {how}").format(what=_(condition.sentence), how=how)
        case SettingChange(field, before, after):
            what = _("Profile name") if field == "name" else _("Set of behaviours")
            return _("{what}: {how}").format(what=what, how=_arrow(str(before), str(after)))


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}"


def _criterion(change: CriterionChange) -> str:
    if change.before is None:
        return _("added")
    if change.after is None:
        return _("removed")
    return "; ".join(
        f"{field_name(f)} {_arrow(amount(f, getattr(change.before, f)), amount(f, getattr(change.after, f)))}"
        for f in change.fields
    )


def _band(change: BandChange) -> str:
    match change.before, change.after:
        case (None, Band() as shown):
            how = _("added")
        case (Band() as shown, None):
            how = _("removed")
        case (Band() as before, Band() as shown):
            how = "; ".join(_band_values(before, shown))
        case _:
            return ""
    return _("Level “{level}”: {how}").format(level=level_name(shown), how=how)


def _band_values(before: Band, after: Band) -> Iterator[str]:
    t = current()
    if before.upper != after.upper:
        ends = (t.number(band.upper, 0 if band.upper == int(band.upper) else 1) for band in (before, after))
        yield _("up to {change}").format(change=_arrow(*ends))
    for code in dict.fromkeys((*before.names, *after.names)):
        if before.names.get(code) != after.names.get(code):
            yield _arrow(f"“{before.names.get(code, '–')}”", f"“{after.names.get(code, '–')}”")


class ChangesCard(Card):
    """Two lists: what is not saved yet, and what changed since the result was made."""

    def __init__(self) -> None:
        super().__init__()
        self._unsaved: Sequence[Change] = ()
        self._since: Sequence[Change] | None = None
        self._behaviour: Callable[[int], str] = str
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        inside = QWidget()
        inside.setObjectName("changes")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        column.addStretch()
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFixedHeight(HEIGHT)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.add(area)
        follow(self)

    def show_changes(
        self, unsaved: Sequence[Change], since: Sequence[Change] | None, behaviour: Callable[[int], str]
    ) -> None:
        """`since` None: there is no result to compare with."""
        self._unsaved, self._since, self._behaviour = unsaved, since, behaviour
        self.retranslate()

    def unsaved(self) -> list[str]:
        """A sentence for each change that is not saved."""
        return [sentence(change, self._behaviour) for change in self._unsaved]

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("What changed"))
        t = current()
        lines: list[str] = []
        if self._unsaved:
            lines.append("• " + _("Not saved yet ({n}):").format(n=t.number(len(self._unsaved))))
            lines += ["    " + change for change in self.unsaved()]
        else:
            lines.append(_("Everything is saved."))
        if self._since:
            lines.append("◆ " + _("Since the result was made ({n}):").format(n=t.number(len(self._since))))
            lines += ["    " + sentence(change, self._behaviour) for change in self._since]
        elif self._since is not None:
            lines.append(_("The result was judged by these same values."))
        self.text.setText("\n".join(lines))
        self.text.setAccessibleName(_("What changed"))
