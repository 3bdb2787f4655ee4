"""A number with its unit: typed, stepped by keys or wheel; speaks the language of now, takes comma and point alike."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QPaintEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from gui import style
from gui.i18n import current, follow
from gui.widgets.choice import draw_step_arrows


class NumberBox(QDoubleSpinBox):
    """The wheel turns only the box that has the focus: scrolling past must not change a profile."""

    def __init__(self, highest: float, digits: int, step: float = 1.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        style.role(self, "box")
        self.setRange(0.0, highest)
        self.setDecimals(digits)
        self.setSingleStep(step)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        follow(self)

    def show_value(self, value: float) -> None:
        """Show `value` without telling anybody; what is being typed stays as it is when it means the same."""
        if round(value, self.decimals()) != round(self.value(), self.decimals()):
            self.blockSignals(True)
            self.setValue(value)
            self.blockSignals(False)

    def retranslate(self) -> None:
        """Write every text again."""
        language = QLocale(current().code)
        language.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator)
        self.setLocale(language)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """A point is as good as a comma."""
        return super().validate(self._own(text), position)

    def valueFromText(self, text: str) -> float:
        """What `text` says."""
        return super().valueFromText(self._own(text))

    def fixup(self, text: str) -> str:
        """Nothing typed: the value of before."""
        return super().fixup(self._own(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, and its arrows."""
        super().paintEvent(event)
        if self.buttonSymbols() != self.ButtonSymbols.NoButtons:
            draw_step_arrows(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _own(self, text: str) -> str:
        own = self.locale().decimalPoint()
        return text.replace("." if own == "," else ",", own)
