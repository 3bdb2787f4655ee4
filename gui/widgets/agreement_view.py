"""Agreement of two reviews, or of a review and the model: the figures with how sure they are, and where they differ.

A `Comparison` comes in; the place to look at, and whom to compare with, go out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.review.comparing import Comparison
from gui.widgets.choice import ChoiceBox
from gui.widgets.table import ROW_HEIGHT, Row, Table
from screening.errors import N_
from screening.review.agreement import BLOCK_S, Disagreement, Estimate, Kind, LabelAgreement, Reason

_REASONS: dict[Reason, str] = {
    "no_time": N_("no second could be assessed"),
    "constant": N_("both say the same of every second: kappa cannot be computed"),
    "no_episodes": N_("there are no episodes to compare"),
    "too_short": N_("no interval: the video is too short"),
    "rare": N_("no interval: too few episodes"),
    "no_variation": N_("no interval: the two never differ, or always"),
}
_KINDS: dict[Kind, str] = {
    "only_first": N_("only {first}"),
    "only_second": N_("only {second}"),
    "different_label": N_("other behaviour"),
    "shifted_ends": N_("other times"),
}


class AgreementView(QWidget):
    """Figures above, places below; says in a sentence when there is nothing to compare."""

    place_chosen = Signal(object)  # its number
    other_chosen = Signal(object)  # number among the names given to `show_choices`, None: the model

    def __init__(self) -> None:
        super().__init__()
        self._comparison: Comparison | None = None
        self._names: Mapping[int, str] = {}
        self._decided: frozenset[int] = frozenset()
        self._others: tuple[str, ...] = ()
        self._with_model = False
        self._against: int | None = None
        self._head, self._missing, self._note = QLabel(), QLabel(), QLabel()
        style.role(self._head, "caption")
        style.role(self._missing, "quiet")
        style.role(self._note, "caption")
        self.choice = ChoiceBox()
        self.choice.activated.connect(self._chosen)
        self.kappa, self.found = QLabel(), QLabel()
        self._kappa_name, self._found_name, self._pairs = QLabel(), QLabel(), QLabel()
        for label in (self._missing, self._note, self.kappa, self.found, self._pairs):
            label.setWordWrap(True)
        for label in (self._kappa_name, self._found_name, self._pairs):
            style.role(label, "caption")
        for label in (self.kappa, self.found):
            style.role(label, "strong")
        self._figures = QWidget()
        grid = QGridLayout(self._figures)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(style.MEDIUM)
        grid.setVerticalSpacing(2)
        for column, (name, figure) in enumerate(((self._kappa_name, self.kappa), (self._found_name, self.found))):
            grid.addWidget(name, 0, column)
            grid.addWidget(figure, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self._pairs, 2, 0, 1, 2)
        self.behaviours = Table(stretch=0, right=(1, 2), rows_at_least=2)
        self._places_title = QLabel()
        style.role(self._places_title, "title")
        self.places = Table(stretch=(1, 2), right=(), rows_at_least=3)
        self.places.row_chosen.connect(self.place_chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        with_whom = QHBoxLayout()
        with_whom.setSpacing(style.SMALL)
        with_whom.addWidget(self._head)
        with_whom.addWidget(self.choice, 1)
        layout.addLayout(with_whom)
        for widget in (self._missing, self._figures, self._note):
            layout.addWidget(widget)
        layout.addWidget(self.behaviours, 2)
        layout.addWidget(self._places_title)
        layout.addWidget(self.places, 3)
        layout.addStretch()
        follow(self)

    # ---- told by the page

    def show_choices(self, with_model: bool, others: Sequence[str], against: int | None) -> None:
        """Whom one can compare with: the model, and `others` by name; `against` is who it is now (None: the model)."""
        shown = with_model, tuple(others), against
        if shown != (self._with_model, self._others, self._against):
            self._with_model, self._others, self._against = shown
            self.retranslate()

    def show_comparison(
        self, comparison: Comparison | None, names: Mapping[int, str], decided: frozenset[int], place: int | None
    ) -> None:
        """Show `comparison` (None: there is none yet); places in `decided` step back; `place` is where one is."""
        shown = comparison, names, decided
        if shown != (self._comparison, self._names, self._decided):
            self._comparison, self._names, self._decided = shown
            self.retranslate()
        if place is not None and place != self.places.currentIndex().row():
            self.places.blockSignals(True)
            self.places.selectRow(place)
            self.places.blockSignals(False)

    def text(self) -> str:
        """The figures and what they rest on, for a reader of the screen."""
        labels = (self._missing, self.kappa, self.found, self._pairs, self._note)
        return " ".join(label.text() for label in labels if not label.isHidden())

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        comparison = self._comparison
        several = self._with_model + len(self._others) > 1
        self._head.setText(_("Compared with"))
        self._head.setVisible(several)
        self.choice.setVisible(several)
        self.choice.setAccessibleName(_("Compared with"))
        self.choice.clear()
        self.choice.addItems([_("the model")] * self._with_model + list(self._others))
        self.choice.setCurrentIndex(self._with_model + self._against if self._against is not None else 0)
        can = self._with_model or bool(self._others)
        self._missing.setText(_("Working out the agreement…") if can else _missing())
        self._missing.setVisible(comparison is None)
        for widget in (self._figures, self._note, self.behaviours, self.places, self._places_title):
            widget.setVisible(comparison is not None)
        self._kappa_name.setText(_("Cohen's kappa"))
        self._found_name.setText(_("Episodes found by both (F1)"))
        self._kappa_name.setToolTip(
            _("Agreement about each second beyond what chance alone would give: 1 is perfect, 0 is chance.")
        )
        self.behaviours.setAccessibleName(_("Agreement by behaviour"))
        self.places.setAccessibleName(_("Where they differ"))
        if comparison is not None:
            self._show(comparison)

    def _show(self, comparison: Comparison) -> None:
        whole = comparison.agreement.overall
        first, second = self._sides(comparison)
        self.kappa.setText(estimate(whole.kappa))
        self.found.setText(estimate(whole.f1))
        self._pairs.setText(
            _("Found by both: {n}. In all {first} has {one}, {second} {two}.").format(
                n=whole.matched, first=first, one=whole.first, second=second, two=whole.second
            )
        )
        self._note.setText(self._rests_on(comparison))
        self._note.setToolTip(
            _(
                "Each behaviour in each second is one decision. Intervals hold 95 % of resamples of {block}-second "
                "blocks. Two episodes are a pair from an overlap of {overlap} on."
            ).format(block=BLOCK_S, overlap=current().percent(comparison.agreement.minimum_iou))
        )
        labels = comparison.agreement.labels
        self.behaviours.fill(
            (_("behaviour"), _("kappa (95 %)"), _("found by both")),
            [
                Row(
                    (self._name(label.label_id), _short(label.kappa), _both(label)),
                    tip=self._told(label, first, second),
                )
                for label in labels
            ],
        )
        self.behaviours.setVisible(len(labels) > 1)
        self.behaviours.setMaximumHeight(max(_height(len(labels)), self.behaviours.minimumHeight()))
        places = comparison.disagreements
        self._places_title.setText(_("Where they differ: {n} (D: next)").format(n=len(places)))
        self.places.setVisible(bool(places))
        self.places.setMaximumHeight(max(_height(len(places)), self.places.minimumHeight()))
        self.places.fill(
            (_("at"), first, second),
            [self._row(i, place, first, second) for i, place in enumerate(places)],
        )

    def _sides(self, comparison: Comparison) -> tuple[str, str]:
        return comparison.first, comparison.second if comparison.second is not None else _("the model")

    def _rests_on(self, comparison: Comparison) -> str:
        t = current()
        says = _("{n} assessable seconds; in brackets 95 % intervals.").format(
            n=t.number(comparison.agreement.assessable_s)
        )
        counted = zip(self._sides(comparison), comparison.undecided, strict=True)
        opens = [f"{name}: {t.number(n)}" for name, n in counted if n]
        if opens:
            says += " " + _(
                "Episodes still open ({who}): the model's answer stands for them, and makes the agreement look better."
            ).format(who=", ".join(opens))
        return says

    def _name(self, label_id: int | None) -> str:
        return self._names.get(label_id, str(label_id)) if label_id is not None else _("all")

    def _told(self, label: LabelAgreement, first: str, second: str) -> str:
        return "{}\n{}\n{}".format(
            self._name(label.label_id),
            _("Cohen's kappa: {kappa}").format(kappa=estimate(label.kappa)),
            _("Seconds: both {both}, only {first} {one}, only {second} {two}, neither {neither}.").format(
                both=label.both_s,
                first=first,
                one=label.first_only_s,
                second=second,
                two=label.second_only_s,
                neither=label.neither_s,
            ),
        )

    def _row(self, number: int, place: Disagreement, first: str, second: str) -> Row:
        t = current()
        named = [self._name(episode.label_id) for episode in (place.first, place.second) if episode is not None]
        behaviour = named[0]
        if len(set(named)) > 1:
            behaviour = _("{first}: {one}; {second}: {two}").format(
                first=first, one=named[0], second=second, two=named[1]
            )
        kind = _(_KINDS[place.kind]).format(first=first, second=second)
        tip = _("{behaviour}, {start} to {end}: {kind}").format(
            behaviour=behaviour, start=t.clock(place.start_s, 1), end=t.clock(place.end_s, 1), kind=kind
        )
        said = [self._name(episode.label_id) if episode is not None else "–" for episode in (place.first, place.second)]
        if place.kind == "shifted_ends":
            said[1] = kind
        return Row((t.clock(place.start_s, 1), *said), quiet=number in self._decided, tip=tip)

    def _chosen(self, row: int) -> None:
        other = row - self._with_model
        self.other_chosen.emit(other if other >= 0 else None)


def _height(rows: int) -> int:
    """Of a table that shows so many rows and nothing below them."""
    return ROW_HEIGHT * (rows + 1) + style.SMALL


def _missing() -> str:
    return _(
        "There is nothing to compare with. Mark first, without seeing the model's answer, or have a colleague review "
        "the same analysis under a name of their own."
    )


def estimate(figure: Estimate) -> str:
    """`0.62 (0.41 – 0.78)`, or why there is no figure or no interval."""
    if figure.value is None:
        return _(_REASONS[figure.reason])
    if figure.low is None or figure.high is None:
        why = _(_REASONS[figure.reason])
        return f"{_in_figures(figure.value)} ({why})"
    return f"{_in_figures(figure.value)} ({_in_figures(figure.low)} – {_in_figures(figure.high)})"


def _in_figures(value: float) -> str:
    """Two decimals and a true minus; never a zero with a sign."""
    return current().number(round(value, 2) + 0.0, 2).replace("-", "−")


def _short(figure: Estimate) -> str:
    """As `estimate`, where there is no room for reasons."""
    if figure.value is None:
        return "–"
    return estimate(figure) if figure.low is not None else _in_figures(figure.value)


def _both(label: LabelAgreement) -> str:
    return f"{label.matched} / {label.first + label.second - label.matched}"
