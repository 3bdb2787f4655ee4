"""A box to choose from and a box to tick, in the colours of the theme: the platform's own vanish on dark ground."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QComboBox, QStyle, QStyleOptionButton, QStyleOptionComboBox, QWidget

from gui import style

CHEVRON, FROM_RIGHT = 4.0, 16.0
STEP = 3.0
INDICATOR = 16.0
BETWEEN = style.TINY


def draw_drop_arrow(box: QWidget) -> None:
    """The arrow of a box that opens something below it."""
    _draw_arrow(box, QPointF(box.width() - FROM_RIGHT, box.height() / 2), CHEVRON, down=True)


def draw_step_arrows(box: QWidget) -> None:
    """The arrows of a box that steps up and down."""
    x, middle = box.width() - FROM_RIGHT + STEP, box.height() / 2
    _draw_arrow(box, QPointF(x, middle - 2 * STEP), STEP, down=False)
    _draw_arrow(box, QPointF(x, middle + 2 * STEP), STEP, down=True)


def _draw_arrow(box: QWidget, at: QPointF, size: float, *, down: bool) -> None:
    painter = QPainter(box)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    theme = style.look.theme
    painter.setPen(QPen(QColor(theme.ink if box.isEnabled() else theme.outline), 1.6))
    half = size / 2 if down else -size / 2
    painter.drawPolyline([at + QPointF(-size, -half), at + QPointF(0, half), at + QPointF(size, -half)])
    painter.end()


class ChoiceBox(QComboBox):
    """A combo box of the style sheet's role "box", with an arrow of its own."""

    def __init__(self) -> None:
        super().__init__()
        style.role(self, "box")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        style.look.changed.connect(self.update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters look for an entry; with Ctrl they belong to the page."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """What is too long ends in an ellipsis."""
        super().initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, and the arrow on it."""
        super().paintEvent(event)
        draw_drop_arrow(self)


class TickBox(QCheckBox):
    """A check box whose square is drawn here; its words and its size are the platform's."""

    def __init__(self) -> None:
        super().__init__()
        style.look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A little more room between the square and the words than the platform leaves."""
        return super().sizeHint() + QSize(BETWEEN, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Square, tick, words."""
        theme, painter, option = style.look.theme, QPainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        place = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        square = QRectF(0, 0, INDICATOR, INDICATOR)
        square.moveCenter(QRectF(place).center())
        square.moveLeft(max(1.0, square.left()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        checked, used = self.isChecked(), theme.brand if self.isEnabled() else theme.outline
        border = theme.ink if checked and self.hasFocus() else used if checked or self.hasFocus() else theme.outline
        painter.setPen(QPen(QColor(border), 2 if self.hasFocus() else 1.2))
        painter.setBrush(QColor(used if checked else theme.card))
        painter.drawRoundedRect(square, 4, 4)
        if checked:
            painter.setPen(QPen(QColor(theme.on_brand), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            corner = square.topLeft()
            painter.drawPolyline([corner + QPointF(*at) for at in ((3.8, 8.4), (6.8, 11.4), (12.2, 5.2))])
        words = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, self)
        option.rect = words.translated(BETWEEN, 0)
        self.style().drawControl(QStyle.ControlElement.CE_CheckBoxLabel, option, painter, self)
        painter.end()
