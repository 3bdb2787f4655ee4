"""The video page: open or drop a video, look at it exactly, draw the child's box, see what the model will see."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui import style
from gui.i18n import _, current, follow
from gui.playback import Playback
from gui.widgets.banner import Banner
from gui.widgets.card import Card
from gui.widgets.frame_strip import FrameStrip
from gui.widgets.model_view import ModelView
from gui.widgets.player import Player
from gui.widgets.receipt_view import ReceiptView
from gui.worker import Crew
from screening.records import InputSpec, Region

SIDE_WIDTH = 330
# A first box by key: the middle of the picture, where most people hold the child.
FIRST_BOX = 0.6


class VideoPage(QWidget):
    """Before a video is open: three sentences and the sample video."""

    open_requested = Signal()
    sample_requested = Signal()
    analyse_requested = Signal()

    def __init__(self, playback: Playback, crew: Crew) -> None:
        super().__init__()
        self._playback = playback
        self._spec: InputSpec | None = None
        self.banner = Banner()
        self.player = Player(playback, drawable=True)
        self.receipt = ReceiptView(playback)
        self.strip = FrameStrip(playback, crew)
        self._sees = ModelView()
        self._welcome = self._make_welcome()
        self._work = self._make_work()
        self._stack = QStackedLayout()
        self._stack.addWidget(self._welcome)
        self._stack.addWidget(self._work)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self.banner)
        layout.addLayout(self._stack, 1)
        for key, slot in (
            (Qt.Key.Key_B, self._first_box),
            (Qt.Key.Key_Delete, self._clear_box),
        ):
            QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(
                slot
            )
        playback.opened.connect(self._opened)
        playback.closed.connect(self._closed)
        playback.shown.connect(self._shown)
        playback.region_changed.connect(self._region_changed)
        follow(self)

    def _make_welcome(self) -> QWidget:
        page, card = QWidget(), Card()
        card.setMaximumWidth(640)
        self._hello = QLabel()
        style.role(self._hello, "welcome")
        self._sentences = tuple(QLabel() for _sentence in range(3))
        self.open_first, self.open_sample = QPushButton(), QPushButton()
        style.role(self.open_first, "primary")
        self.open_first.clicked.connect(self.open_requested)
        self.open_sample.clicked.connect(self.sample_requested)
        self._drop_hint = QLabel()
        style.role(self._drop_hint, "quiet")
        card.column.setContentsMargins(40, 36, 40, 36)
        card.column.setSpacing(style.LARGE)
        card.add(self._hello)
        for label in self._sentences:
            label.setWordWrap(True)
            style.role(label, "lead")
            card.add(label)
        row = QHBoxLayout()
        row.setSpacing(style.MEDIUM)
        row.addWidget(self.open_first)
        row.addWidget(self.open_sample)
        row.addStretch()
        card.column.addSpacing(style.SMALL)
        card.column.addLayout(row)
        card.add(self._drop_hint)
        outer = QVBoxLayout(page)
        outer.addStretch(2)
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(card, 3)
        middle.addStretch()
        outer.addLayout(middle)
        outer.addStretch(3)
        return page

    def _make_work(self) -> QWidget:
        page = QWidget()
        watch = Card()
        self.open_other = QPushButton()
        self.clear_box = QPushButton()
        self._box_hint = QLabel()
        style.role(self._box_hint, "quiet")
        self._box_hint.setWordWrap(True)
        self.open_other.clicked.connect(self.open_requested)
        self.clear_box.clicked.connect(self._clear_box)
        watch.top.insertWidget(0, self.open_other)
        watch.top.insertWidget(1, self._box_hint, 1)
        watch.top.addWidget(self.clear_box)
        watch.add(self.player, 1)

        side = Card()
        side.setFixedWidth(SIDE_WIDTH)
        self._receipt_title = side.title
        side.add(self.receipt)
        side.column.addSpacing(style.SMALL)
        self._sees_title, self._sees_note = QLabel(), QLabel()
        style.role(self._sees_title, "title")
        style.role(self._sees_note, "caption")
        self._sees_note.setWordWrap(True)
        side.add(self._sees_title)
        side.add(self._sees_note)
        side.add(self._sees, 1)
        self.analyse = QPushButton()
        style.role(self.analyse, "primary")
        self.analyse.clicked.connect(self.analyse_requested)
        self._why_not = QLabel()
        self._why_not.setWordWrap(True)
        style.role(self._why_not, "caption")
        side.add(self.analyse)
        side.add(self._why_not)

        below = Card()
        self._strip_title = below.title
        below.add(self.strip)

        upper = QHBoxLayout()
        upper.setSpacing(style.MEDIUM)
        upper.addWidget(watch, 1)
        upper.addWidget(side)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MEDIUM)
        layout.addLayout(upper, 1)
        layout.addWidget(below)
        return page

    # ---- told by the window

    def use_spec(self, spec: InputSpec | None) -> None:
        """What the model is given."""
        self._spec = spec
        self.strip.use_spec(spec)
        self.retranslate()

    def allow_analysis(self, allowed: bool, why_not: str) -> None:
        """Whether Analyse may be pressed, and if not, why."""
        self.analyse.setEnabled(allowed)
        self._why_not.setText(why_not)
        self._why_not.setVisible(bool(why_not))

    def retranslate(self) -> None:
        """Write every text again."""
        self._hello.setText(_("Screen a child's behaviour from a video"))
        first, second, third = self._sentences
        first.setText(_("Open a video of the child; it never leaves this computer."))
        second.setText(_("ViScreen looks for repeated behaviours, shows when each was seen, and writes a report."))
        third.setText(_("It supports your own judgement: it is a screening aid and never a diagnosis."))
        self.open_first.setText(_("Open video…"))
        self.open_first.setToolTip(_("Open a video (Ctrl+O)"))
        self.open_sample.setText(_("Open the sample video"))
        self._drop_hint.setText(_("You can also drop a video file anywhere in this window."))
        self.open_other.setText(_("Open video…"))
        self.open_other.setToolTip(_("Open a video (Ctrl+O)"))
        self.clear_box.setText(_("Clear the box"))
        self.clear_box.setToolTip(_("Look at the whole picture again (Del)"))
        self._receipt_title.setText(_("What was read"))
        self._receipt_title.show()
        self.analyse.setText(_("Analyse"))
        self.analyse.setToolTip(_("Analyse the whole video (Ctrl+Return)"))
        spec = self._spec
        if spec is None:
            self._sees_title.setText(_("What the model sees"))
        else:
            self._sees_title.setText(
                _("What the model sees ({width} × {height})").format(width=spec.width, height=spec.height)
            )
        rate = current().number(self.strip.fps, 1 if self.strip.fps % 1 else 0)
        self._strip_title.setText(_("Sampled pictures, {n} a second").format(n=rate))
        self._strip_title.show()
        self._region_changed()

    # ---- the playback

    def _opened(self, _path: Path) -> None:
        self._stack.setCurrentWidget(self._work)
        self.player.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _closed(self) -> None:
        self._stack.setCurrentWidget(self._welcome)

    def _shown(self) -> None:
        self._sees.show_image(self._playback.model_image)

    def _region_changed(self) -> None:
        boxed = self._playback.region is not None
        self.clear_box.setVisible(boxed)
        if boxed:
            self._box_hint.setText(_("The model looks only inside the box."))
            self._sees_note.setText(_("The child's box, shrunk to what the model works with."))
        else:
            self._box_hint.setText(_("Drag on the picture to draw a box round the child."))
            self._sees_note.setText(_("The whole picture, shrunk to what the model works with. Small? Draw a box."))

    def _clear_box(self) -> None:
        self._playback.use_region(None)

    def _first_box(self) -> None:
        if self._playback.is_open and self._playback.region is None:
            width, height = self._playback.width, self._playback.height
            edge = (1 - FIRST_BOX) / 2
            box = (round(width * edge), round(height * edge), round(width * FIRST_BOX), round(height * FIRST_BOX))
            self._playback.use_region(Region(*box))
