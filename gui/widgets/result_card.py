"""The result: the index with its arithmetic, the level or why there is none, each criterion, and what was left out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.card import Card
from gui.widgets.table import Row, Table
from screening import quality
from screening.records import BehaviourResult, Criterion, Indicators, PackInfo, Profile, Result
from screening.report import words

_ORDER = ("met", "not_met", "not_assessable")
NAMED = 4  # behaviours that the profile does not ask for, at most; their number is told of the others


class _Figure(QWidget):
    """One index with its level, or that there is none; a title above it when there are two."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.number, self.of, self.level = QLabel(), QLabel(), QLabel(), QLabel()
        style.role(self.title, "caption")
        style.role(self.number, "figure")
        style.role(self.of, "quiet")
        style.role(self.level, "level")
        row = QHBoxLayout()
        row.setSpacing(style.SMALL)
        row.addWidget(self.number)
        row.addWidget(self.of)
        row.addWidget(self.level, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addLayout(row)

    def show_index(self, title: str, numbers: Indicators, profile: Profile) -> None:
        """`title` "": this index stands alone."""
        t = current()
        has_index = numbers.level is not None  # without a level there is no index either: the report agrees
        band = next((band for band in profile.bands if band.code == numbers.level), None)
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.number.setText(words.index(numbers, profile, t) if has_index else "–")
        self.of.setText(_("of 100"))
        self.of.setVisible(has_index and not title)  # beside another there is no room, and nothing to doubt
        self.level.setText((band.names.get(t.code) or band.names.get("en") or band.code) if band is not None else "")
        self.level.setVisible(band is not None)

    def texts(self) -> list[QLabel]:
        """In the order of reading."""
        return [self.title, self.number, self.of, self.level]


class ResultCard(Card):
    """Shown once an analysis is done; after a review both indices, the model's and the reviewed one."""

    behaviour_chosen = Signal(object)  # label id

    def __init__(self) -> None:
        super().__init__()
        self._result: Result | None = None
        self._reviewed: Indicators | None = None
        self._behaviours: list[tuple[BehaviourResult, Criterion]] = []
        self._found, self._after = _Figure(), _Figure()
        self._caution, self._meaning, self._why, self._coverage = QLabel(), QLabel(), QLabel(), QLabel()
        style.role(self._why, "nolevel")
        for label in (self._caution, self._meaning, self._coverage):
            style.role(label, "caption")
        for label in (self._caution, self._meaning, self._why, self._coverage):
            label.setWordWrap(True)
        self._figures = QHBoxLayout()
        self._figures.setSpacing(style.MEDIUM)
        self._figures.addWidget(self._found)
        for beside in (self._after, self._caution):
            self._figures.addWidget(beside, 1)
        self.column.addLayout(self._figures)
        self.level = self._found.level
        self.criteria = Table(stretch=0, right=(1, 2, 3), rows_at_least=5)
        self.criteria.row_chosen.connect(self._row_chosen)
        self.add(self._why)
        self.add(self._meaning)
        self.add(self.criteria, 1)
        self.add(self._coverage)
        follow(self)

    def show_result(self, result: Result) -> None:
        """Show this result; nobody has reviewed it."""
        self._result, self._reviewed = result, None
        self._behaviours = [(b, b.criterion) for b in result.indicators.behaviours if b.criterion is not None]
        self._behaviours.sort(key=lambda pair: _ORDER.index(pair[0].status or "not_assessable"))
        self.criteria.clearSelection()
        self.retranslate()

    def show_reviewed(self, indicators: Indicators | None) -> None:
        """What the review makes of it, beside the model's; None: there is no review."""
        if indicators is not self._reviewed:
            self._reviewed = indicators
            self.retranslate()

    def text(self) -> str:
        """Everything that is said about the index, for a reader of the screen."""
        figures = [*self._found.texts(), *(self._after.texts() if not self._after.isHidden() else [])]
        labels = (*figures, self._caution, self._why, self._meaning, self._coverage)
        return " ".join(label.text() for label in labels if not label.isHidden())

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("Index of observed behaviour"))
        self.criteria.setAccessibleName(_("What the screening profile asks for"))
        result, after = self._result, self._reviewed
        self._after.setVisible(after is not None)
        self._figures.setStretchFactor(self._found, int(after is not None))
        self._caution.setText(_("It is not a probability of autism."))
        self._caution.setVisible(after is None)  # beside a second index there is no room for it
        if result is None:
            return
        numbers, profile = result.indicators, result.profile
        titles = (_("As the model found it"), _("As reviewed")) if after is not None else ("", "")
        self._found.show_index(titles[0], numbers, profile)
        if after is not None:
            self._after.show_index(titles[1], after, profile)
        why = [_why_no_level(each, profile) for each in (numbers, after) if each is not None and each.level is None]
        self._why.setText("\n".join(dict.fromkeys(why)))
        self._why.setVisible(bool(why))
        lines = _sums(numbers, after, profile) + ([self._caution.text()] if after is not None else [])
        self._meaning.setText("\n".join(lines))
        self._meaning.setVisible(bool(lines))
        uncounted = _uncounted(after or numbers, result.pack)
        self._coverage.setText("\n".join([_covered(numbers), *_outside(uncounted[:NAMED], len(uncounted))]))
        self._coverage.setToolTip("\n".join(_outside(uncounted, len(uncounted))))
        last = _("points") if after is None else _("reviewed")
        third = _("seen") if after is None else _("model")
        self.criteria.fill((_("behaviour"), _("asked"), third, last), self._rows(result.pack))

    def _rows(self, pack: PackInfo) -> list[Row]:
        t = current()
        labels = {label.id: label for label in pack.labels}
        reviewed = {b.label_id: b for b in self._reviewed.behaviours} if self._reviewed is not None else {}
        rows = []
        for b, criterion in self._behaviours:
            label = labels.get(b.label_id)
            name = label.name(t.code) if label is not None else _("Behaviour {id}").format(id=b.label_id)
            asked, points = words.asked(criterion, t), words.weight(criterion.weight, t)
            after = reviewed.get(b.label_id)
            if b.status == "not_assessable":
                why = t(quality.REASONS.get(b.reason, b.reason))
                cells = (name, _("not assessable"), "–", f"– / {points}")  # in the widest column: names need the rest
                rows.append(Row(cells, quiet=True, tip=f"{name} ({asked}): {why}"))
            elif after is None:
                rows.append(Row((name, asked, _counted(b), _points(b, points)), tip=_judged(name, b)))
            else:
                both = (f"{_counted(each)} {_points(each, points).replace(' ', '')}" for each in (b, after))
                tips = (_("Model: {arithmetic}"), b), (_("Reviewed: {arithmetic}"), after)
                tip = "\n".join(line.format(arithmetic=_judged(name, each)) for line, each in tips)
                rows.append(Row((name, asked, *both), tip=tip))
        return rows

    def _row_chosen(self, row: int) -> None:
        self.behaviour_chosen.emit(self._behaviours[row][0].label_id)


def _sums(found: Indicators, after: Indicators | None, profile: Profile) -> list[str]:
    """Of each index that there is: the sum of the points of all lines."""
    t = current()
    if after is None:
        return [words.arithmetic(found, profile, t) + "."] if found.level is not None else []
    return [
        line.format(arithmetic=words.arithmetic(numbers, profile, t))
        for line, numbers in ((_("Model: {arithmetic}"), found), (_("Reviewed: {arithmetic}"), after))
        if numbers.level is not None
    ]


def _uncounted(numbers: Indicators, pack: PackInfo) -> list[str]:
    """The behaviours found that the profile does not ask for, with their episodes; most episodes first."""
    t = current()
    names = {label.id: label.name(t.code) for label in pack.labels}
    found = sorted((b for b in numbers.behaviours if b.criterion is None and b.episodes), key=lambda b: -b.episodes)
    return [
        t.ngettext("{behaviour} ({n} episode)", "{behaviour} ({n} episodes)", b.episodes).format(
            behaviour=names[b.label_id], n=b.episodes
        )
        for b in found
    ]


def _outside(named: list[str], all_of_them: int) -> list[str]:
    """What was found and adds nothing to the index, where there is any: nobody takes the table for all of it."""
    if not named:
        return []
    t, more = current(), all_of_them - len(named)
    behaviours = ", ".join(named)
    if more:
        behaviours = t.ngettext("{behaviours} and {n} other", "{behaviours} and {n} others", more).format(
            behaviours=behaviours, n=more
        )
    return [_("Outside the profile, not counted: {behaviours}.").format(behaviours=behaviours)]


def _counted(behaviour: BehaviourResult) -> str:
    return f"{behaviour.counted} {'✓' if behaviour.status == 'met' else '–'}"


def _points(behaviour: BehaviourResult, points: str) -> str:
    return f"{points if behaviour.status == 'met' else 0} / {points}"


def _judged(name: str, behaviour: BehaviourResult) -> str:
    return _("{behaviour}: {judged}. Episodes: {n}, {seconds} s in all.").format(
        behaviour=name,
        judged=_("met") if behaviour.status == "met" else _("not met"),
        n=behaviour.episodes,
        seconds=current().number(behaviour.total_s, 1),
    )


def _why_no_level(numbers: Indicators, profile: Profile) -> str:
    short, reason = words.no_level(numbers, profile, current())
    return _("No level. {short}: {reason}").format(short=short, reason=reason)


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
