"""The lane under the seek bar: a diamond for each moment at which the child's box was set.

It follows the playback: a click goes to a diamond, the arrows from one to the next, Delete takes the chosen one away.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.player.playback import Playback
from gui.widgets.seek_bar import SeekBar
from screening.records import KeyBox

HEIGHT, HALF, REACH = 18, 5.0, 8.0
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class BoxLane(QWidget):
    """Paints the key boxes below `bar`, at the same places."""

    def __init__(self, playback: Playback, bar: SeekBar) -> None:
        super().__init__()
        self._playback, self._bar = playback, bar
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        playback.track_changed.connect(self._changed)
        playback.shown.connect(self.update)
        playback.closed.connect(self._changed)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setAccessibleName(_("Moments at which the box was set"))
        self._changed()

    def _changed(self) -> None:
        keys = self._playback.keys
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if keys else Qt.FocusPolicy.NoFocus)
        if keys:
            times = ", ".join(current().clock(key.time_s, 1) for key in keys)
            self.setAccessibleDescription(
                _("The box was set at {times}. Arrows go from one to the next, Del removes it.").format(times=times)
            )
        else:
            self.setAccessibleDescription("")
        self.update()

    def chosen(self) -> KeyBox | None:
        """The key box at the cursor."""
        return self._playback.key_here()

    def key_at(self, x: float) -> KeyBox | None:
        """The key box whose diamond is at `x`."""
        near = [key for key in self._playback.keys if abs(self._bar.x_of(key.time_s) - x) <= REACH]
        return min(near, key=lambda key: abs(self._bar.x_of(key.time_s) - x), default=None)

    # ---- events

    def event(self, event: QEvent) -> bool:
        """Arrows and Delete are for the lane that has the focus, not for the player or the whole box."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (*STEPS, Qt.Key.Key_Delete)
            and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another key box, or take the chosen one away."""
        step, here = STEPS.get(Qt.Key(event.key())), self._playback.position_s
        if step is not None:
            # The chosen one may lie a little before or behind the picture that shows it.
            here = chosen.time_s if (chosen := self.chosen()) is not None else here
            others = [key.time_s for key in self._playback.keys if (key.time_s - here) * step > 0]
            if others:
                self._playback.seek(min(others) if step > 0 else max(others))
        elif event.key() == Qt.Key.Key_Delete:
            if (chosen := self.chosen()) is not None:
                self._playback.drop_key(chosen)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the key box under the mouse."""
        key = self.key_at(event.position().x())
        if key is not None:
            self._playback.play(0.0)
            self._playback.seek(key.time_s)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the diamond under the mouse is."""
        key = self.key_at(event.position().x())
        self.setCursor(Qt.CursorShape.PointingHandCursor if key else Qt.CursorShape.ArrowCursor)
        if key is None:
            QToolTip.hideText()
        else:
            text = _("The box was set here, at {time}. Click to go there, Del to remove it.")
            QToolTip.showText(event.globalPosition().toPoint(), text.format(time=current().clock(key.time_s, 1)), self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the focus is."""
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Diamonds, and a line where the box goes from one to the next."""
        keys = self._playback.keys
        if not keys:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, middle, chosen = style.look.theme, self.height() / 2, self.chosen()
        painter.setPen(QPen(QColor(theme.outline), 2))
        painter.drawLine(QLineF(self._bar.x_of(keys[0].time_s), middle, self._bar.x_of(keys[-1].time_s), middle))
        for key in keys:
            x = self._bar.x_of(key.time_s)
            painter.setPen(QPen(QColor(theme.ink), 1.5))
            painter.setBrush(QColor(style.BOX if key == chosen else theme.card))
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x, middle - HALF),
                        QPointF(x + HALF, middle),
                        QPointF(x, middle + HALF),
                        QPointF(x - HALF, middle),
                    ]
                )
            )
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.brand), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 6, 6)
        painter.end()
