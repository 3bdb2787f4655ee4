"""What frames every page: the header, the band that warns of a simulated model, the sidebar."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from gui import style
from gui.i18n import _, current, follow
from gui.icons import icon
from gui.steps import RECORDING, TOOLS, WORK
from screening.language import LANGUAGES
from screening.records import PackInfo


class Header(QFrame):
    """The menu, the case and the video that are open; what the program is not; help, theme and language."""

    language_requested = Signal()
    theme_requested = Signal()
    help_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setFixedHeight(48)
        brand = QLabel("ViScreen")
        style.role(brand, "brand")
        self.menu = QPushButton()
        style.role(self.menu, "icon")
        self.menu.setIconSize(QSize(18, 18))
        self._case, self._video = QLabel(), QLabel()
        for pill in (self._case, self._video):
            style.role(pill, "pill")
            pill.hide()
        self.aid = QLabel()
        style.role(self.aid, "aid")
        self.theme, self.help, self.language = QPushButton(), QPushButton(), QPushButton()
        for button in (self.theme, self.help):
            style.role(button, "icon")
            button.setIconSize(QSize(18, 18))
        self.theme.clicked.connect(self.theme_requested)
        self.help.clicked.connect(self.help_requested)
        self.language.clicked.connect(self.language_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(style.MEDIUM, 0, 20, 0)
        row.setSpacing(style.MEDIUM)
        row.addWidget(self.menu)
        row.addWidget(brand)
        row.addWidget(self._case, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._video, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        row.addWidget(self.aid)
        row.addWidget(self.help)
        row.addWidget(self.theme)
        row.addWidget(self.language)
        style.look.changed.connect(self.retranslate)
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        theme = style.look.theme
        self.aid.setText(_("Screening aid. Not a diagnosis."))
        dark = theme is style.DARK
        self.theme.setIcon(icon("sun" if dark else "moon", theme.brand, theme.quiet))
        self.theme.setToolTip(_("Light colours") if dark else _("Dark colours"))
        self.theme.setAccessibleName(self.theme.toolTip())
        self.menu.setIcon(icon("menu", theme.ink, theme.quiet))
        self.menu.setToolTip(_("Menu (F10)"))
        self.menu.setAccessibleName(_("Menu"))
        self.help.setIcon(icon("help", theme.brand, theme.quiet))
        self.help.setToolTip(_("Help about this page (F1)"))
        self.help.setAccessibleName(_("Help"))
        # In its own language: whoever cannot read this one must find the way back.
        self.language.setText(LANGUAGES["en" if current().code == "vi" else "vi"])
        self.language.setToolTip(_("Change the language"))

    def show_case(self, name: str, tip: str) -> None:
        """The case and the visit that are open; "" when nothing is kept."""
        _show(self._case, name, tip)

    def show_video(self, name: str) -> None:
        """The open video; "" when there is none."""
        _show(self._video, name, name)


def _show(pill: QLabel, text: str, tip: str) -> None:
    pill.setText(pill.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 300))
    pill.setToolTip(tip)
    pill.setVisible(bool(text))


class SimulatedBand(QLabel):
    """Nobody overlooks that a model has never seen a real child."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("simulated")
        self.setWordWrap(True)
        self.hide()
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        self.setText(
            "⚠  "
            + _(
                "This model was trained on simulated video only. It has never seen a real child. "
                "For demonstration and training, not for decisions."
            )
        )

    def show_for(self, pack: PackInfo | None) -> None:
        """Shown for a pack that is trained on simulated video only."""
        self.setVisible(pack is not None and pack.simulated_only)


class Sidebar(QFrame):
    """The steps of the work, what it is done with, and the model that does it."""

    page_chosen = Signal(str)  # the step's name

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setFixedWidth(style.SIDEBAR)
        self._pack: PackInfo | None = None
        self._shown = ""
        self.steps = {step.name: QPushButton() for step in (*WORK, *TOOLS)}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(10, 14, 10, 14)
        self.column.setSpacing(style.TINY)
        for step in (*WORK, *TOOLS):  # the buttons are in no group: Tab would reach only one of them
            button = self.steps[step.name]
            style.role(button, "step")
            button.setCheckable(True)
            button.setIconSize(QSize(18, 18))
            button.clicked.connect(self._clicked)
            if step is TOOLS[0]:  # no step of the work, but what it is done with
                self.column.addStretch()
            self.column.addWidget(button)
        self._model = QLabel()
        self._model.setWordWrap(True)
        self._model.setContentsMargins(style.MEDIUM, style.TINY, 0, 0)
        style.role(self._model, "caption")
        self.column.addWidget(self._model)
        style.look.changed.connect(self._draw)
        self._draw()
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        for step in (*WORK, *TOOLS):
            button = self.steps[step.name]
            button.setText(_(step.title))
            tip = _(step.tip)
            button.setToolTip(f"{tip} ({step.keys})")
        self.show_model(self._pack)

    def show_model(self, pack: PackInfo | None) -> None:
        """Name and version of the model that is loaded."""
        self._pack = pack
        self._model.setText(
            _("Model: {name} {version}").format(name=pack.name, version=pack.version) if pack is not None else ""
        )

    def allow(self, name: str, allowed: bool) -> None:
        """Whether this page has something to show."""
        self.steps[name].setEnabled(allowed)

    def allows(self, name: str) -> bool:
        """Whether this page may be shown."""
        return name not in self.steps or self.steps[name].isEnabled()

    def show_page(self, name: str) -> bool:
        """Mark this page, or the one that it belongs to; False where it has nothing to show."""
        if not self.allows(name):
            return False
        name = "video" if name == RECORDING.name else name
        self._shown = name
        for other, button in self.steps.items():
            button.setChecked(other == name)
        self._draw()
        return True

    def _clicked(self) -> None:
        name = next(name for name, button in self.steps.items() if button is self.sender())
        self.steps[name].setChecked(name == self._shown)  # the window says which page is shown
        self.page_chosen.emit(name)

    def _draw(self) -> None:
        theme = style.look.theme
        for step in (*WORK, *TOOLS):
            button = self.steps[step.name]
            button.setIcon(icon(step.icon, theme.brand if button.isChecked() else theme.quiet, theme.quiet))
