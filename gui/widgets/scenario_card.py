"""The steps of a guided recording: edited before it, and shown while it runs with the time left and what comes next.

A `Scenario` comes in and goes out. The standard steps are kept by their English names, so that they follow the language
of the window for as long as nobody has given them another.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import style
from gui.i18n import _, current, follow
from gui.icons import icon
from gui.widgets.card import Card
from gui.widgets.choice import TickBox
from gui.widgets.number_box import NumberBox
from screening.errors import N_
from screening.recording import STANDARD, Scenario, Stage, Step

LONGEST_MIN = 240.0  # of one step
SHORTEST_MIN = 0.1
MINUTES_WIDTH = 84
MARK = 16
NEW_STEP = Step(N_("New step"), 2.0)
OURS = {*(step.name for step in (*STANDARD.steps, NEW_STEP)), STANDARD.afterwards}


def spoken(scenario: Scenario) -> Scenario:
    """`scenario` with the names that are ours in the language of now."""
    steps = tuple(replace(step, name=_spoken(step.name)) for step in scenario.steps)
    return replace(scenario, steps=steps, afterwards=_spoken(scenario.afterwards))


def _spoken(name: str) -> str:
    return _(name) if name in OURS else name


def _minutes(value: float) -> str:
    return current().number(value, 0 if value == int(value) else 1)


class _MinutesBox(NumberBox):
    """Whole minutes are shown without a decimal; arrow keys and the wheel step by half a minute."""

    def __init__(self, minutes: float) -> None:
        super().__init__(LONGEST_MIN, 1, 0.5)
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setMinimum(SHORTEST_MIN)
        self.setValue(minutes)

    def textFromValue(self, value: float) -> str:
        """The number as it is shown."""
        return _minutes(value)


class _StepRow(QWidget):
    """A step's name and minutes, and the button that takes it away."""

    remove_requested = Signal()
    edited = Signal()

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._name = step.name
        self.name, self.minutes, self.remove = QLineEdit(), _MinutesBox(step.minutes), QPushButton()
        self.minutes.setFixedWidth(MINUTES_WIDTH)
        self.name.setMaxLength(80)
        style.role(self.remove, "icon")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.SMALL)
        row.addWidget(self.name, 1)
        row.addWidget(self.minutes)
        row.addWidget(self.remove)
        self.name.textEdited.connect(self._named)
        self.minutes.valueChanged.connect(self.edited)
        self.remove.clicked.connect(self.remove_requested)
        style.look.changed.connect(self._draw)
        follow(self)

    def step(self) -> Step:
        """The step as it is now; its name is English where it is ours."""
        return Step(self._name, round(self.minutes.value(), 1))

    def retranslate(self) -> None:
        """Write every text again."""
        if self._name in OURS:
            self.name.setText(_(self._name))
        elif not self.name.text():
            self.name.setText(self._name)
        self.name.setPlaceholderText(_("Name of the step"))
        self.name.setAccessibleName(_("Name of the step"))
        self.minutes.setSuffix(" " + _("min"))
        self.minutes.setAccessibleName(_("Minutes of this step"))
        self.minutes.setToolTip(_("Minutes of this step"))
        self.remove.setToolTip(_("Take this step out"))
        self.remove.setAccessibleName(_("Take this step out"))
        self._draw()

    def _named(self, text: str) -> None:
        self._name = text.strip()
        self.edited.emit()

    def _draw(self) -> None:
        self.remove.setIcon(icon("close", style.look.theme.ink, style.look.theme.quiet))


class ScenarioCard(Card):
    """`scenario` is what to record by; None when nobody wants to be guided."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[_StepRow] = []
        self._names: tuple[str, ...] = ()
        self._lengths: tuple[float, ...] = ()
        self._stage: Stage | None = None
        self._drawn: object = None
        self.guided = TickBox()
        self.guided.setChecked(True)
        self.guided.toggled.connect(self._draw)
        style.look.changed.connect(self._draw_plan)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_editor())
        self._stack.addWidget(self._make_course())
        self.add(self._stack, 1)
        self.use(STANDARD)
        follow(self)

    def _make_editor(self) -> QWidget:
        page, inside = QWidget(), QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, style.TINY, 0)
        self._list.setSpacing(style.TINY)
        self._list.addStretch()
        self._scroll = _scrolled(inside)
        self._total, self._free = QLabel(), QLabel()
        self._free.setWordWrap(True)
        for label in (self._total, self._free):
            style.role(label, "caption")
        self.top.addWidget(self._total)
        self.add_step, self.standard = QPushButton(), QPushButton()
        for button in (self.add_step, self.standard):
            style.role(button, "link")
        self.add_step.clicked.connect(self._add)
        self.standard.clicked.connect(self._reset)
        self._buttons = QWidget()
        buttons = QHBoxLayout(self._buttons)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self.add_step)
        buttons.addWidget(self.standard)
        buttons.addStretch()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.TINY)
        column.addWidget(self.guided)
        column.addWidget(self._free)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._buttons)
        column.addStretch()
        return page

    def _make_course(self) -> QWidget:
        page = QWidget()
        self._which, self._present, self._left, self._next = QLabel(), QLabel(), QLabel(), QLabel()
        for label, name in ((self._which, "quiet"), (self._present, "welcome"), (self._left, "figure")):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            style.role(label, name)
        self._next.setWordWrap(True)
        self._next.setTextFormat(Qt.TextFormat.PlainText)
        style.role(self._next, "lead")
        self._plan = QGridLayout()
        self._plan.setHorizontalSpacing(style.SMALL)
        self._plan.setVerticalSpacing(style.SMALL)
        self._plan.setColumnStretch(1, 1)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.SMALL)
        for widget in (self._which, self._present, self._left, self._bar, self._next):
            column.addWidget(widget)
        column.addSpacing(style.MEDIUM)
        column.addLayout(self._plan)
        column.addStretch()
        return _scrolled(page)

    # ---- told by the page

    def use(self, scenario: Scenario) -> None:
        """Edit this one."""
        for row in self._rows:
            self._drop(row)
        self._rows = []
        for step in scenario.steps:
            self._append(step)
        self._draw()

    def scenario(self) -> Scenario | None:
        """What is on screen, names that are ours in English; `WrongUsage` where a step has no name."""
        if not self.guided.isChecked() or not self._rows:
            return None
        return Scenario(tuple(row.step() for row in self._rows))

    def begin(self, scenario: Scenario) -> None:
        """`scenario` is recorded now."""
        self._names = (*(step.name for step in scenario.steps), scenario.afterwards)
        self._lengths = tuple(step.minutes for step in scenario.steps)
        self._drawn = None
        self.show_stage(Stage(1, len(scenario.steps), scenario.steps[0].name, scenario.steps[0].minutes * 60))
        self._stack.setCurrentIndex(1)

    def show_stage(self, stage: Stage | None) -> None:
        """The recording is here; None after the last step."""
        self._stage = stage
        self._draw_course()

    def end(self) -> None:
        """Nothing is recorded any more."""
        self._stack.setCurrentIndex(0)

    def course(self) -> str:
        """What is said about the step and the next one."""
        return "\n".join(label.text() for label in (self._which, self._present, self._left, self._next))

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("Steps of the visit"))
        self.guided.setText(_("Guide me through these steps"))
        self.guided.setToolTip(_("Shows the present step and the next one, and leaves a chapter mark for each"))
        self.add_step.setText(_("Add a step"))
        self.standard.setText(_("Standard steps"))
        self.standard.setToolTip(_("Go back to the steps that came with the program"))
        self._bar.setAccessibleName(_("Time that has passed in this step"))
        self._draw()
        self._draw_course()

    def _draw(self) -> None:
        guided = self.guided.isChecked()
        for widget in (self._scroll, self._buttons, self._total):
            widget.setVisible(guided)
        self._free.setVisible(not guided)
        total = sum(row.step().minutes for row in self._rows)
        self._total.setText(_("{n} minutes in all").format(n=_minutes(total)))
        self._free.setText(_("Recorded until you stop. You can mark moments as you go."))
        self.standard.setEnabled(tuple(row.step() for row in self._rows) != STANDARD.steps)
        for row in self._rows:
            row.remove.setEnabled(len(self._rows) > 1)

    def _draw_plan(self) -> None:
        """Every step with its minutes: over, present, to come; drawn when that changes, not with every picture."""
        number = self._stage.number if self._stage is not None else len(self._lengths) + 1
        drawn = (number, current().code, style.look.theme.name, self._names)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        while (item := self._plan.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        theme = style.look.theme
        for n, minutes in enumerate(self._lengths, start=1):
            name, colour = ("tick", theme.good) if n < number else ("next_stage", theme.brand)
            mark, words, length = QLabel(), QLabel(self._names[n - 1]), QLabel()
            mark.setFixedSize(MARK, MARK)
            if n <= number:
                mark.setPixmap(icon(name, colour, colour).pixmap(MARK, MARK))
            words.setWordWrap(True)
            words.setTextFormat(Qt.TextFormat.PlainText)
            unit = _("min")
            length.setText(f"{_minutes(minutes)} {unit}")
            length.setAlignment(Qt.AlignmentFlag.AlignRight)
            for label in (words, length):
                style.role(label, "strong" if n == number else "quiet")
            for column, label in enumerate((mark, words, length)):
                self._plan.addWidget(label, n, column)

    def _draw_course(self) -> None:
        self._draw_plan()
        stage = self._stage
        if stage is None:
            self._which.setText(_("All steps are over."))
            self._present.setText(self._names[-1] if self._names else "")
            self._left.setText("")
            self._next.setText(_("Stop when you are done."))
            self._bar.setVisible(False)
            return
        whole = self._lengths[stage.number - 1] * 60
        self._which.setText(_("Step {n} of {all}").format(n=stage.number, all=stage.count))
        self._present.setText(stage.name)
        self._left.setText(_("{time} left").format(time=current().clock(stage.left_s)))
        self._bar.setVisible(True)
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * (1 - stage.left_s / whole)))
        last = stage.number == stage.count
        following = _("This is the last step.") if last else _("Next: {step}").format(step=self._names[stage.number])
        self._next.setText(following)

    # ---- the person

    def _append(self, step: Step) -> _StepRow:
        row = _StepRow(step)
        row.edited.connect(self._draw)
        row.remove_requested.connect(self._remove)
        self._rows.append(row)
        self._list.insertWidget(self._list.count() - 1, row)
        return row

    def _drop(self, row: _StepRow) -> None:
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _add(self) -> None:
        row = self._append(NEW_STEP)
        self._draw()
        row.name.setFocus()
        row.name.selectAll()

    def _remove(self) -> None:
        row = self.sender()
        if isinstance(row, _StepRow) and len(self._rows) > 1:
            self._rows.remove(row)
            self._drop(row)
            self._draw()

    def _reset(self) -> None:
        self.use(STANDARD)


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    inside.setAutoFillBackground(False)
    return area
