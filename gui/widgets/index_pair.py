"""Two indices side by side, the model's and the reviewed one, each with its level or why it has none."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.card import Card
from screening.records import Indicators, Profile
from screening.report import words


class IndexPair(Card):
    """Small: the review changes it as it goes."""

    def __init__(self) -> None:
        super().__init__()
        self._profile: Profile | None = None
        self._shown: tuple[Indicators | None, Indicators | None] = (None, None)
        self._heads, self._figures, self._levels = (tuple(QLabel() for _side in range(2)) for _row in range(3))
        self._note = QLabel()
        style.role(self._note, "caption")
        self._note.setWordWrap(True)
        for figure in self._figures:
            style.role(figure, "index")
        for head in self._heads:
            style.role(head, "caption")
        for level in self._levels:
            style.role(level, "strong")
            level.setWordWrap(True)
        pair = QHBoxLayout()
        pair.setSpacing(style.MEDIUM)
        for head, figure, level in zip(self._heads, self._figures, self._levels, strict=True):
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(head)
            words.addWidget(level)
            pair.addWidget(figure)
            pair.addLayout(words, 1)
        self.column.setSpacing(2)
        self.column.addLayout(pair)
        self.add(self._note)
        follow(self)

    def show_indices(self, model: Indicators | None, reviewed: Indicators | None, profile: Profile | None) -> None:
        """The model's and the reviewed one, judged by `profile`."""
        self._shown, self._profile = (model, reviewed), profile
        self.retranslate()

    def text(self) -> str:
        """Everything that is said, for a reader of the screen."""
        sides = zip(self._heads, self._figures, self._levels, strict=True)
        return " ".join(label.text() for side in sides for label in side)

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("Index of observed behaviour"))
        for label, head in zip(self._heads, (_("as the model found"), _("as reviewed")), strict=True):
            label.setText(head)
        caution, t = _("Of 100. It is not a probability of autism."), current()
        last = next((numbers for numbers in reversed(self._shown) if numbers is not None), None)
        outside = sum(b.episodes for b in last.behaviours if b.criterion is None) if last is not None else 0
        if outside:
            said = t.ngettext("{n} episode is outside the profile.", "{n} episodes are outside the profile.", outside)
            caution += " " + said.format(n=outside)
        self._note.setText(caution)
        if self._profile is None:
            return
        for i, numbers in enumerate(self._shown):
            if numbers is not None:
                figure, level, tip = _said(numbers, self._profile)
                self._figures[i].setText(figure)
                self._levels[i].setText(level)
                self._figures[i].setToolTip(tip)
                self._levels[i].setToolTip(tip)
        self.setAccessibleName(self.text())


def _said(numbers: Indicators, profile: Profile) -> tuple[str, str, str]:
    """The figure, its level, and its arithmetic; without a level there is no figure either, as in the report."""
    t = current()
    band = next((band for band in profile.bands if band.code == numbers.level), None)
    if band is None:
        short, reason = words.no_level(numbers, profile, t)
        return "–", short, reason
    return (
        words.index(numbers, profile, t),
        band.names.get(t.code) or band.names.get("en") or band.code,
        words.arithmetic(numbers, profile, t),
    )
