"""Single numbers of a screening profile, each with its sentence: a profile comes in, edited values go out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLabel

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.card import Card
from gui.widgets.number_box import NumberBox
from screening.errors import N_
from screening.profile.differences import SettingField
from screening.records import Profile


@dataclass(frozen=True, slots=True)
class Condition:
    """A number of the profile. `sentence` says what it does; it is shown as value × `scale`, with `unit` behind it."""

    field: SettingField
    sentence: str
    unit: str
    scale: float
    lowest: float
    highest: float
    digits: int
    step: float

    def shown(self, profile: Profile) -> float:
        """The value as it is shown."""
        holder = profile if hasattr(profile, self.field) else profile.episodes
        value: float = getattr(holder, self.field)
        return value * self.scale

    def text(self, value: float) -> str:
        """A value of the profile in words of now, with its unit."""
        shown = value * self.scale
        digits = self.digits if round(shown, self.digits) == round(shown, 6) else 4
        return _(self.unit).format(n=current().number(shown, digits))


LEVEL_CONDITIONS = (
    Condition("minimum_coverage", N_("Share of the video that must be assessable"), N_("{n} %"), 100, 0, 100, 0, 5),
    Condition("minimum_assessable_s", N_("Assessable video, at least"), N_("{n} min"), 1 / 60, 0, 600, 1, 0.5),
    Condition(
        "minimum_weight_share", N_("Share of the weights that must be assessable"), N_("{n} %"), 100, 0, 100, 0, 5
    ),
)
EPISODE_CONDITIONS = (
    Condition(
        "off_ratio",
        N_("It ends where the score falls below this share of the threshold"),
        N_("{n} %"),
        100,
        1,
        100,
        0,
        5,
    ),
    Condition("merge_gap_s", N_("A pause up to this long does not end it"), N_("{n} s"), 1, 0, 600, 1, 0.5),
    Condition("minimum_length_s", N_("A shorter episode is dropped"), N_("{n} s"), 1, 0, 600, 1, 0.5),
)


class ConditionsCard(Card):
    """A title, a sentence that holds for all, and one row for each condition."""

    edited = Signal(object, object)  # field, value

    def __init__(self, conditions: Sequence[Condition], title: Callable[[], str], lead: Callable[[], str]) -> None:
        super().__init__()
        self._conditions, self._title, self._lead_says = tuple(conditions), title, lead
        self._profile: Profile | None = None
        self._saved: Profile | None = None
        self._lead = QLabel()
        self._lead.setWordWrap(True)
        style.role(self._lead, "caption")
        self.add(self._lead)
        grid = QGridLayout()
        grid.setSpacing(6)
        grid.setColumnStretch(0, 1)
        self._labels: dict[SettingField, QLabel] = {}
        self.boxes: dict[SettingField, NumberBox] = {}
        for row, condition in enumerate(self._conditions):
            label, box = QLabel(), NumberBox(condition.highest, condition.digits, condition.step)
            label.setWordWrap(True)
            label.setBuddy(box)
            box.setMinimum(condition.lowest)
            box.valueChanged.connect(lambda value, c=condition: self.edited.emit(c.field, round(value / c.scale, 6)))
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
            self._labels[condition.field], self.boxes[condition.field] = label, box
        self.column.addLayout(grid)
        follow(self)

    def show_profile(self, profile: Profile, saved: Profile) -> None:
        """Show the values of `profile`; those that differ from `saved` are marked."""
        self._profile, self._saved = profile, saved
        for condition in self._conditions:
            self.boxes[condition.field].show_value(condition.shown(profile))
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(self._title())
        self._lead.setText(self._lead_says())
        for condition in self._conditions:
            box = self.boxes[condition.field]
            box.setSuffix(_(condition.unit).replace("{n}", ""))
            box.setAccessibleName(_(condition.sentence))
            marked = (
                self._profile is not None
                and self._saved is not None
                and condition.shown(self._profile) != condition.shown(self._saved)
            )
            self._labels[condition.field].setText(("• " if marked else "") + _(condition.sentence))
