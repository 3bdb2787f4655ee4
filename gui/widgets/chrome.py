"""What frames every page: the header, the band that warns of a simulated model, the sidebar."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from gui import style
from gui.i18n import _, current, follow
from gui.icons import icon
from screening.language import LANGUAGES
from screening.records import PackInfo


class Header(QFrame):
    """Name of the program and of the video; what the program is not; theme and language."""

    language_requested = Signal()
    theme_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setFixedHeight(48)
        brand = QLabel("ViScreen")
        style.role(brand, "brand")
        self._video = QLabel()
        style.role(self._video, "pill")
        self._video.hide()
        self.aid = QLabel()
        style.role(self.aid, "aid")
        self.theme, self.language = QPushButton(), QPushButton()
        style.role(self.theme, "icon")
        self.theme.setIconSize(QSize(18, 18))
        self.theme.clicked.connect(self.theme_requested)
        self.language.clicked.connect(self.language_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(style.LARGE)
        row.addWidget(brand)
        row.addWidget(self._video, alignment=Qt.AlignmentFlag.AlignVCenter)
        row.addStretch()
        row.addWidget(self.aid)
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
        # In its own language: whoever cannot read this one must find the way back.
        self.language.setText(LANGUAGES["en" if current().code == "vi" else "vi"])
        self.language.setToolTip(_("Change the language"))

    def show_video(self, name: str) -> None:
        """The open video; "" when there is none."""
        shown = self._video.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 320)
        self._video.setText(shown)
        self._video.setToolTip(name)
        self._video.setVisible(bool(name))


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
    """The steps of the work, and the model that does it."""

    page_chosen = Signal(object)  # index

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setFixedWidth(style.SIDEBAR)
        self._pack: PackInfo | None = None
        self.steps = (QPushButton(), QPushButton(), QPushButton())
        self._icons = ("film", "chart", "package")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 14, 10, 14)
        column.setSpacing(style.TINY)
        for button in self.steps:  # in no group: Tab would reach only one of them
            style.role(button, "step")
            button.setCheckable(True)
            button.setIconSize(QSize(18, 18))
            button.clicked.connect(self._clicked)
            if button is self.steps[-1]:  # no step of the work, but what it is done with
                column.addStretch()
            column.addWidget(button)
        self._model = QLabel()
        self._model.setWordWrap(True)
        style.role(self._model, "caption")
        column.addWidget(self._model)
        style.look.changed.connect(self._draw)
        self.steps[0].setChecked(True)
        self._draw()
        follow(self)

    def retranslate(self) -> None:
        """Write every text again."""
        texts = (_("Video"), _("Result"), _("Models"))
        tips = (
            _("The video and the child's box (Ctrl+1)"),
            _("What was found (Ctrl+2)"),
            _("The model packs on this computer (Ctrl+M)"),
        )
        for button, text, tip in zip(self.steps, texts, tips, strict=True):
            button.setText(text)
            button.setToolTip(tip)
        self.show_model(self._pack)

    def show_model(self, pack: PackInfo | None) -> None:
        """Name and version of the model that is loaded."""
        self._pack = pack
        self._model.setText(
            _("Model: {name} {version}").format(name=pack.name, version=pack.version) if pack is not None else ""
        )

    def allow(self, page: int, allowed: bool) -> None:
        """Whether this page has something to show."""
        self.steps[page].setEnabled(allowed)

    def show_page(self, page: int) -> bool:
        """Mark this page; False where it has nothing to show."""
        if not self.steps[page].isEnabled():
            return False
        for i, button in enumerate(self.steps):
            button.setChecked(i == page)
        self._draw()
        return True

    def _clicked(self) -> None:
        self.page_chosen.emit(next(i for i, button in enumerate(self.steps) if button is self.sender()))

    def _draw(self) -> None:
        theme = style.look.theme
        for button, name in zip(self.steps, self._icons, strict=True):
            button.setIcon(icon(name, theme.brand if button.isChecked() else theme.quiet, theme.quiet))
