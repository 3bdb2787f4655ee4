"""A day: typed, stepped by keys, or taken from a calendar; in the order and the names of the language of now."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate, QLocale, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPaintEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import QCalendarWidget, QDateEdit, QToolButton

from gui import style
from gui.i18n import current, follow
from gui.icons import icon
from gui.widgets.choice import draw_drop_arrow

FORMATS = {"vi": "dd/MM/yyyy", "en": "MMMM d, yyyy"}
CALENDAR = QSize(320, 260)


class DayBox(QDateEdit):
    """Shows `day` at first; never later than `latest`."""

    def __init__(self, day: dt.date, latest: dt.date) -> None:
        super().__init__()
        style.role(self, "box")
        self.setCalendarPopup(True)
        self.setMaximumDate(QDate(latest.year, latest.month, latest.day))
        self.setDate(QDate(day.year, day.month, day.day))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        calendar = self.calendarWidget()
        calendar.setMinimumSize(CALENDAR)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        style.look.changed.connect(self._paint)
        self._paint()
        follow(self)

    def day(self) -> dt.date:
        """The day that is shown."""
        day = self.date()
        return dt.date(day.year(), day.month(), day.day())

    def retranslate(self) -> None:
        """Write every text again."""
        code = current().code
        self.setLocale(QLocale(code))
        self.calendarWidget().setLocale(QLocale(code))
        self.calendarWidget().setFirstDayOfWeek(QLocale(code).firstDayOfWeek())
        self.setDisplayFormat(FORMATS[code])

    def _paint(self) -> None:
        theme, calendar = style.look.theme, self.calendarWidget()
        for name, sign in (("qt_calendar_prevmonth", "step_back"), ("qt_calendar_nextmonth", "step_forward")):
            button = calendar.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(icon(sign, theme.brand, theme.quiet))
        weekend = QTextCharFormat()
        weekend.setForeground(QBrush(QColor(theme.ink)))  # the platform's red is hard to read on dark
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, weekend)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, and the arrow on it."""
        super().paintEvent(event)
        draw_drop_arrow(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus: scrolling past must not change a day."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
