"""The result: the index with its arithmetic, the level or why there is none, each criterion, and what was left out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.card import Card
from gui.widgets.table import Row, Table
from screening import quality
from screening.records import BehaviourResult, Criterion, Indicators, PackInfo, Result
from screening.report import words

_ORDER = ("met", "not_met", "not_assessable")


class ResultCard(Card):
    """Shown once an analysis is done."""

    behaviour_chosen = Signal(object)  # label id

    def __init__(self) -> None:
        super().__init__()
        self._result: Result | None = None
        self._behaviours: list[tuple[BehaviourResult, Criterion]] = []
        self._figure, self._of, self.level = QLabel(), QLabel(), QLabel()
        self._meaning, self._why, self._coverage = QLabel(), QLabel(), QLabel()
        style.role(self._figure, "figure")
        style.role(self.level, "level")
        style.role(self._of, "quiet")
        style.role(self._meaning, "caption")
        style.role(self._why, "nolevel")
        style.role(self._coverage, "caption")
        for label in (self._meaning, self._why, self._coverage):
            label.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(style.SMALL)
        row.addWidget(self._figure)
        row.addWidget(self._of)
        row.addWidget(self.level, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        self.column.addLayout(row)
        self.criteria = Table(stretch=0, right=(1, 2, 3), rows_at_least=5)
        self.criteria.row_chosen.connect(self._row_chosen)
        self.add(self._why)
        self.add(self._meaning)
        self.add(self.criteria, 1)
        self.add(self._coverage)
        follow(self)

    def show_result(self, result: Result) -> None:
        """Show this result."""
        self._result = result
        self._behaviours = [(b, b.criterion) for b in result.indicators.behaviours if b.criterion is not None]
        self._behaviours.sort(key=lambda pair: _ORDER.index(pair[0].status or "not_assessable"))
        self.criteria.clearSelection()
        self.retranslate()

    def text(self) -> str:
        """Everything that is said about the index, for a reader of the screen."""
        labels = (self._figure, self._of, self.level, self._why, self._meaning, self._coverage)
        return " ".join(label.text() for label in labels if not label.isHidden())

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("Index of observed behaviour"))
        self.criteria.setAccessibleName(_("What the screening profile asks for"))
        if self._result is None:
            return
        t, result = current(), self._result
        numbers, profile = result.indicators, result.profile
        has_index = numbers.level is not None  # without a level there is no index either: the report agrees
        self._figure.setText(words.index(numbers, profile, t) if has_index else "–")
        self._of.setText(_("of 100"))
        self._of.setVisible(has_index)
        band = next((band for band in profile.bands if band.code == numbers.level), None)
        self.level.setVisible(band is not None)
        self._why.setVisible(band is None)
        if band is not None:
            self.level.setText(band.names.get(t.code) or band.names.get("en") or band.code)
        else:
            short, reason = words.no_level(numbers, profile, t)
            self._why.setText(_("No level. {short}: {reason}").format(short=short, reason=reason))
        meaning = words.arithmetic(numbers, profile, t) + ". " if has_index else ""
        self._meaning.setText(meaning + _("It is not a probability of autism."))
        self._coverage.setText(_covered(numbers))
        self.criteria.fill((_("behaviour"), _("asked"), _("seen"), _("points")), self._rows(result.pack))

    def _rows(self, pack: PackInfo) -> list[Row]:
        t = current()
        labels = {label.id: label for label in pack.labels}
        rows = []
        for b, criterion in self._behaviours:
            label = labels.get(b.label_id)
            name = label.name(t.code) if label is not None else _("Behaviour {id}").format(id=b.label_id)
            asked, points = words.asked(criterion, t), words.weight(criterion.weight, t)
            if b.status == "not_assessable":
                why = t(quality.REASONS.get(b.reason, b.reason))
                cells = (name, asked, _("not assessable"), f"– / {points}")
                rows.append(Row(cells, quiet=True, tip=f"{name}: {why}"))
                continue
            met = b.status == "met"
            tip = _("{behaviour}: {judged}. Episodes: {n}, {seconds} s in all.").format(
                behaviour=name,
                judged=_("met") if met else _("not met"),
                n=b.episodes,
                seconds=t.number(b.total_s, 1),
            )
            counted = f"{b.counted} ✓" if met else f"{b.counted} –"
            rows.append(Row((name, asked, counted, f"{points if met else 0} / {points}"), tip=tip))
        return rows

    def _row_chosen(self, row: int) -> None:
        self.behaviour_chosen.emit(self._behaviours[row][0].label_id)


def _covered(numbers: Indicators) -> str:
    """How much could be assessed, and what was left out and why."""
    t = current()
    text = _("{assessable} of {requested} assessable ({share}).").format(
        assessable=t.clock(numbers.assessable_s),
        requested=t.clock(numbers.requested_s),
        share=t.percent(numbers.coverage),
    )
    excluded = sorted(numbers.excluded.items(), key=lambda item: -item[1])
    if excluded:
        reasons = "; ".join(f"{t(quality.REASONS.get(code, code))} {_length(s)}" for code, s in excluded)
        text += " " + _("Left out: {reasons}.").format(reasons=reasons)
    return text


def _length(seconds: float) -> str:
    """`1.6 s`; from a minute on `2:05`."""
    return current().clock(seconds) if seconds >= 60 else _("{n} s").format(n=current().number(seconds, 1))
