"""The one page of design: colours (light and dark), spacing, type sizes, and the style sheet made of them.

Every pair of text and ground here has a contrast of at least 4.5 : 1 (a test computes it). Colours never carry a
meaning alone: a word or a mark stands beside each. Scores are drawn in cividis, made for colour-blind eyes.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

# Distances in logical pixels; Qt scales them with the screen.
TINY, SMALL, MEDIUM, LARGE, HUGE = 4, 8, 12, 16, 24
RADIUS = 10
SIDEBAR, WIDEST = 160, 1760
# Type sizes in logical pixels.
CAPTION, BODY, LEAD, HEADING, FIGURE = 12, 13, 15, 20, 34


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one theme, as #RRGGBB."""

    name: str
    background: str
    card: str
    line: str
    outline: str
    ink: str
    quiet: str
    brand: str
    on_brand: str
    brand_soft: str
    warning: str
    warning_ground: str
    error: str
    error_ground: str
    good: str
    good_ground: str
    cursor: str


LIGHT = Theme(
    name="light",
    background="#F5F7F9",
    card="#FFFFFF",
    line="#DDE3E9",
    outline="#7C8B99",
    ink="#17212B",
    quiet="#5B6B7A",
    brand="#0B6477",
    on_brand="#FFFFFF",
    brand_soft="#E2F0F3",
    warning="#8A5A00",
    warning_ground="#FFF4DC",
    error="#A3231B",
    error_ground="#FDECEA",
    good="#1B6E3C",
    good_ground="#E4F4EA",
    cursor="#D5352B",
)

DARK = Theme(
    name="dark",
    background="#11181F",
    card="#18222B",
    line="#2A3742",
    outline="#6D7F8E",
    ink="#E8EEF3",
    quiet="#9DB0BF",
    brand="#5CC1D6",
    on_brand="#0B1A20",
    brand_soft="#15363F",
    warning="#F1C266",
    warning_ground="#3A2E12",
    error="#F4A199",
    error_ground="#3D1F1D",
    good="#7CD3A0",
    good_ground="#16352A",
    cursor="#FF6B5E",
)

# The child's box lies on a picture, whatever its colours: yellow between two dark lines is seen on all of them.
BOX, BOX_SHADOW = "#FFD23F", "#10181F"


class Look(QObject):
    """The theme of now; `changed` tells those that paint by hand."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = LIGHT

    def choose(self, name: str) -> None:
        """Let widgets that are made from now on paint in "light", "dark", or "system" (what the desktop prefers)."""
        if name == "system":
            prefers_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
            name = "dark" if prefers_dark else "light"
        self.theme = DARK if name == "dark" else LIGHT

    def use(self, name: str) -> None:
        """Switch everything to the theme `name`, as in `choose`."""
        self.choose(name)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setPalette(_palette(self.theme))
            app.setStyleSheet(stylesheet(self.theme))
        self.changed.emit()


look = Look()


def role(widget: QWidget, name: str) -> None:
    """Give `widget` a role of the style sheet ("card", "primary", "quiet", …), also when it had another."""
    widget.setProperty("role", name)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    for part, colour in (
        (QPalette.ColorRole.Window, theme.background),
        (QPalette.ColorRole.Base, theme.card),
        (QPalette.ColorRole.AlternateBase, theme.background),
        (QPalette.ColorRole.Button, theme.card),
        (QPalette.ColorRole.ToolTipBase, theme.card),
        (QPalette.ColorRole.WindowText, theme.ink),
        (QPalette.ColorRole.Text, theme.ink),
        (QPalette.ColorRole.ButtonText, theme.ink),
        (QPalette.ColorRole.ToolTipText, theme.ink),
        (QPalette.ColorRole.PlaceholderText, theme.quiet),
        (QPalette.ColorRole.Highlight, theme.brand),
        (QPalette.ColorRole.HighlightedText, theme.on_brand),
        (QPalette.ColorRole.Link, theme.brand),
        (QPalette.ColorRole.Mid, theme.line),
    ):
        palette.setColor(part, QColor(colour))
    for part in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(theme.quiet))
    return palette


def stylesheet(theme: Theme) -> str:
    """The style sheet of the whole application for `theme`."""
    t = theme
    return f"""
    QWidget {{ color: {t.ink}; font-size: {BODY}px; }}
    QMainWindow, QDialog, #pages {{ background: {t.background}; }}
    QToolTip {{ color: {t.ink}; background: {t.card}; border: 1px solid {t.outline}; padding: 4px 6px; }}

    #header {{ background: {t.card}; border-bottom: 1px solid {t.line}; }}
    #sidebar {{ background: {t.card}; border-right: 1px solid {t.line}; }}
    #simulated {{ color: {t.warning}; background: {t.warning_ground}; font-weight: 700;
                  padding: 7px 20px; border-bottom: 1px solid {t.line}; }}
    QLabel[role="brand"] {{ font-size: {LEAD}px; font-weight: 700; }}
    QLabel[role="pill"] {{ color: {t.brand}; background: {t.brand_soft}; border-radius: 12px;
                           padding: 4px 12px; font-weight: 600; }}
    QLabel[role="aid"] {{ color: {t.ink}; font-weight: 600; }}
    QLabel[role="title"] {{ color: {t.quiet}; font-weight: 700; }}
    QLabel[role="welcome"] {{ font-size: {HEADING}px; font-weight: 700; }}
    QLabel[role="lead"] {{ font-size: {LEAD}px; }}
    QLabel[role="figure"] {{ font-size: {FIGURE}px; font-weight: 700; }}
    QLabel[role="index"] {{ font-size: 26px; font-weight: 700; }}
    QLabel[role="quiet"] {{ color: {t.quiet}; }}
    QLabel[role="caption"] {{ color: {t.quiet}; font-size: {CAPTION}px; }}
    QLabel[role="strong"] {{ font-weight: 700; }}
    QLabel[role="level"] {{ color: {t.brand}; background: {t.brand_soft}; border-radius: 13px;
                            padding: 5px 14px; font-weight: 700; }}
    QLabel[role="nolevel"] {{ color: {t.warning}; background: {t.warning_ground}; border-radius: 8px;
                              padding: 7px 10px; font-weight: 600; }}

    QFrame[role="card"] {{ background: {t.card}; border: 1px solid {t.line}; border-radius: {RADIUS}px; }}
    QFrame[role="card"] QLabel, QFrame[role="card"] QScrollArea {{ background: transparent; }}
    QFrame[role="card"] QLabel[role="level"] {{ background: {t.brand_soft}; }}
    QFrame[role="card"] QLabel[role="nolevel"] {{ background: {t.warning_ground}; }}

    QFrame[role="error"] {{ background: {t.error_ground}; border: 1px solid {t.error}; border-radius: 8px; }}
    QFrame[role="error"] QLabel {{ color: {t.error}; font-weight: 600; background: transparent; }}
    QFrame[role="good"] {{ background: {t.good_ground}; border: 1px solid {t.good}; border-radius: 8px; }}
    QFrame[role="good"] QLabel {{ color: {t.good}; font-weight: 600; background: transparent; }}

    QPushButton {{ color: {t.brand}; background: {t.card}; border: 1px solid {t.line}; border-radius: 8px;
                   padding: 7px 14px; font-weight: 600; }}
    QPushButton:hover {{ background: {t.brand_soft}; }}
    QPushButton:focus {{ border: 2px solid {t.brand}; padding: 6px 13px; }}
    QPushButton:disabled {{ color: {t.quiet}; background: {t.background}; border-color: {t.line}; }}
    QPushButton[role="primary"] {{ color: {t.on_brand}; background: {t.brand}; border-color: {t.brand}; }}
    QPushButton[role="primary"]:hover {{ border-color: {t.ink}; }}
    QPushButton[role="primary"]:focus {{ border: 2px solid {t.ink}; }}
    QPushButton[role="primary"]:disabled {{ color: {t.quiet}; background: {t.background}; border-color: {t.line}; }}
    QPushButton[role="record"] {{ color: {t.on_brand}; background: {t.brand}; border: 2px solid {t.brand};
                                  border-radius: {RADIUS}px; padding: 8px 22px; font-size: {LEAD}px; }}
    QPushButton[role="record"]:hover, QPushButton[role="record"]:focus {{ border-color: {t.ink}; }}
    QPushButton[role="stop"] {{ color: {t.error}; background: {t.error_ground}; border: 2px solid {t.error};
                                border-radius: {RADIUS}px; padding: 8px 22px; font-size: {LEAD}px; }}
    QPushButton[role="stop"]:hover, QPushButton[role="stop"]:focus {{ border-color: {t.ink}; }}
    QPushButton[role="record"]:disabled, QPushButton[role="stop"]:disabled {{
        color: {t.quiet}; background: {t.background}; border-color: {t.line}; }}
    QPushButton[role="icon"] {{ padding: 5px; min-width: 24px; min-height: 20px; }}
    QPushButton[role="icon"]:focus {{ padding: 4px; }}
    QPushButton[role="icon-primary"] {{ background: {t.brand}; border-color: {t.brand}; padding: 5px;
                                        min-width: 28px; min-height: 20px; }}
    QPushButton[role="icon-primary"]:focus {{ border: 2px solid {t.ink}; padding: 4px; }}
    QPushButton[role="icon-primary"]:disabled {{ background: {t.background}; border-color: {t.line}; }}
    QPushButton[role="step"] {{ color: {t.quiet}; background: transparent; border: 2px solid transparent;
                                text-align: left; padding: 8px 10px; font-weight: 500; }}
    QPushButton[role="step"]:hover {{ background: {t.background}; }}
    QPushButton[role="step"]:checked {{ color: {t.brand}; background: {t.brand_soft}; font-weight: 700; }}
    QPushButton[role="step"]:disabled {{ color: {t.outline}; background: transparent; }}
    QPushButton[role="step"]:focus {{ border: 2px solid {t.brand}; }}
    QPushButton[role="link"] {{ border: 1px solid transparent; background: transparent; padding: 4px 3px;
                                text-align: left; }}
    QPushButton[role="link"]:disabled {{ background: transparent; border-color: transparent; }}
    QPushButton[role="link"]:focus {{ border: 1px solid {t.brand}; }}

    QPushButton[role="tab"] {{ color: {t.quiet}; background: transparent; border: 2px solid transparent;
                               padding: 4px 10px; font-weight: 600; }}
    QPushButton[role="tab"]:hover {{ background: {t.background}; }}
    QPushButton[role="tab"]:checked {{ color: {t.brand}; background: {t.brand_soft}; font-weight: 700; }}
    QPushButton[role="tab"]:disabled {{ color: {t.outline}; background: transparent; }}
    QPushButton[role="tab"]:focus {{ border: 2px solid {t.brand}; }}
    QPushButton[role="icon"]::menu-indicator, QPushButton[role="link"]::menu-indicator {{ image: none; width: 0; }}
    QPushButton[role="key"] {{ color: {t.ink}; background: transparent; border: 1px solid transparent;
                               border-radius: 6px; padding: 2px 6px; font-weight: 500; }}
    QPushButton[role="key"]:hover {{ background: {t.brand_soft}; }}
    QPushButton[role="key"]:focus {{ border: 1px solid {t.brand}; }}
    QPushButton[role="key"]:disabled {{ color: {t.quiet}; background: transparent; }}

    QLineEdit {{ background: {t.card}; border: 1px solid {t.outline}; border-radius: 6px; padding: 6px 8px;
                 placeholder-text-color: {t.quiet};
                 selection-background-color: {t.brand}; selection-color: {t.on_brand}; }}
    QLineEdit:focus {{ border: 2px solid {t.brand}; padding: 5px 7px; }}
    QComboBox[role="box"], QAbstractSpinBox[role="box"] {{
        background: {t.card}; border: 1px solid {t.outline}; border-radius: 6px; padding: 6px 8px;
        selection-background-color: {t.brand}; selection-color: {t.on_brand}; }}
    QAbstractSpinBox[role="box"] {{ max-height: 20px; }}
    QComboBox[role="box"]:focus, QAbstractSpinBox[role="box"]:focus {{ border: 2px solid {t.brand}; padding: 5px 7px; }}
    QComboBox[role="box"]:disabled, QAbstractSpinBox[role="box"]:disabled {{
        color: {t.quiet}; border-color: {t.line}; }}
    QComboBox[role="box"] {{ combobox-popup: 0; }}
    QComboBox[role="box"] QAbstractItemView {{ background: {t.card}; border: 1px solid {t.outline}; outline: none;
                                               selection-color: {t.ink}; selection-background-color: {t.brand_soft}; }}
    QComboBox[role="box"] QAbstractItemView::item {{ min-height: 26px; padding: 0 6px; }}
    QComboBox[role="box"] QAbstractItemView::item:selected {{ color: {t.ink}; background: {t.brand_soft}; }}
    QComboBox[role="box"]::drop-down, QDateEdit[role="box"]::drop-down {{ border: none; width: 24px; }}
    QAbstractSpinBox[role="box"]::up-button, QAbstractSpinBox[role="box"]::down-button {{
        background: transparent; border: none; width: 20px; }}
    QAbstractSpinBox[role="cell"] {{ background: {t.card}; border: 2px solid {t.brand}; padding: 0 2px;
        selection-background-color: {t.brand}; selection-color: {t.on_brand}; }}
    QRadioButton {{ spacing: {SMALL}px; padding: 2px; border: 1px solid transparent; border-radius: 6px; }}
    QRadioButton:focus {{ border-color: {t.brand}; }}
    QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {t.outline}; border-radius: 8px;
                               background: {t.card}; }}
    QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 5px solid {t.brand}; }}
    QPlainTextEdit {{ background: {t.card}; border: 1px solid {t.outline}; border-radius: 6px; padding: 3px 4px;
                      selection-background-color: {t.brand}; selection-color: {t.on_brand}; }}
    QPlainTextEdit:focus {{ border: 2px solid {t.brand}; padding: 2px 3px; }}

    QCalendarWidget {{ background: {t.card}; }}
    QCalendarWidget #qt_calendar_navigationbar {{ background: {t.card}; border-bottom: 1px solid {t.line}; }}
    QCalendarWidget QToolButton {{ color: {t.ink}; background: transparent; border: 2px solid transparent;
                                   border-radius: 6px; padding: 4px 8px; font-weight: 600; }}
    QCalendarWidget QToolButton:hover {{ background: {t.brand_soft}; }}
    QCalendarWidget QToolButton:focus {{ border-color: {t.brand}; }}
    QCalendarWidget QToolButton::menu-indicator {{ image: none; width: 0; }}
    QCalendarWidget QTableView {{ background: {t.card}; border: none; }}
    QCalendarWidget QTableView::item {{ border: none; padding: 0; }}

    QMenu {{ background: {t.card}; border: 1px solid {t.outline}; padding: {TINY}px; }}
    QMenu::item {{ padding: 6px 36px 6px 12px; border-radius: 6px; }}
    QMenu::item:selected {{ color: {t.ink}; background: {t.brand_soft}; }}
    QMenu::item:disabled {{ color: {t.quiet}; background: transparent; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: {TINY}px {SMALL}px; }}
    QSplitter::handle {{ background: transparent; }}

    QProgressBar {{ background: {t.background}; border: 1px solid {t.line}; border-radius: 6px;
                    min-height: 10px; max-height: 10px; }}
    QProgressBar::chunk {{ background: {t.brand}; border-radius: 5px; }}

    QSlider {{ min-height: 22px; background: transparent; border: 1px solid transparent; border-radius: 6px; }}
    QSlider:focus {{ border-color: {t.brand}; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {t.line}; }}
    QSlider::sub-page:horizontal {{ background: {t.brand}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
                                  background: {t.brand}; }}
    QSlider::sub-page:horizontal:disabled {{ background: {t.line}; }}
    QSlider::handle:horizontal:disabled {{ background: {t.outline}; }}

    QTableView {{ background: transparent; border: 1px solid transparent; border-radius: 6px; gridline-color: {t.line};
                  selection-background-color: {t.brand_soft}; selection-color: {t.ink}; outline: none; }}
    QTableView:focus {{ border: 1px solid {t.brand}; }}
    QTableView::item {{ padding: 0 3px; border-bottom: 1px solid {t.line}; }}
    QTableView::item:selected {{ color: {t.ink}; background: {t.brand_soft}; }}
    QHeaderView {{ background: transparent; border: none; }}
    QHeaderView::section {{ color: {t.quiet}; background: transparent; border: none; font-weight: 600; padding: 3px 4px;
                            border-bottom: 1px solid {t.line}; }}

    QTextBrowser[role="reading"] {{ font-size: {LEAD}px; background: {t.card}; border: 1px solid {t.line};
                                    border-radius: {RADIUS}px; padding: {SMALL}px;
                                    selection-background-color: {t.brand}; selection-color: {t.on_brand}; }}
    QTextBrowser[role="reading"]:focus {{ border-color: {t.brand}; }}

    QListWidget {{ background: {t.card}; border: 1px solid {t.line}; border-radius: {RADIUS}px; padding: {TINY}px;
                   outline: none; }}
    QListWidget:focus {{ border-color: {t.brand}; }}
    QListWidget::item {{ padding: 7px {SMALL}px; border-radius: 6px; }}
    QListWidget[role="choices"]::item {{ padding: 0 {SMALL}px; }}
    QListWidget::item:hover {{ background: {t.background}; }}
    QListWidget::item:selected {{ color: {t.ink}; background: {t.brand_soft}; }}

    QScrollArea {{ border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {t.outline}; border-radius: 4px; min-height: 24px; margin: 1px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {t.outline}; border-radius: 4px; min-width: 24px; margin: 1px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
