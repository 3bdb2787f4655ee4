"""The video page: open, drop or record videos, look at them exactly, set the child's box and the part to analyse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.player.playback import Playback
from gui.widgets.banner import Banner
from gui.widgets.card import Card
from gui.widgets.choice import TickBox
from gui.widgets.clip_list import Clip, ClipList
from gui.widgets.frame_strip import FrameStrip
from gui.widgets.model_view import ModelView
from gui.widgets.player import Player
from gui.widgets.receipt_view import ReceiptView
from gui.widgets.recent_button import RecentButton
from gui.widgets.video_welcome import VideoWelcome
from gui.worker import Crew
from screening import pack
from screening.records import InputSpec, Region

SIDE_WIDTH = 330
# A first box by key: the middle of the picture, where most people hold the child.
FIRST_BOX = 0.6


class VideoPage(QWidget):
    """Before a video is open: three sentences and the sample video."""

    open_requested = Signal()
    sample_requested = Signal()
    record_requested = Signal()
    analyse_requested = Signal()
    mark_first_changed = Signal(bool)
    files_chosen = Signal(list)  # of Path: dropped, or one of the recent ones
    clip_chosen = Signal(object)  # key
    clip_removed = Signal(object)  # key
    clips_reordered = Signal(list)  # keys

    def __init__(self, playback: Playback, crew: Crew) -> None:
        super().__init__()
        self._playback = playback
        self._spec: InputSpec | None = None
        self._reason = ""  # why Analyse may not be pressed
        self.banner = Banner()
        self.player = Player(playback, drawable=True)
        self.receipt = ReceiptView(playback)
        self.strip = FrameStrip(playback, crew)
        self.clips = ClipList()
        self.recent, self._recent_first = RecentButton(), RecentButton()
        self._sees = ModelView()
        self.welcome = VideoWelcome(self._recent_first)
        self.open_first, self.open_sample = self.welcome.open_first, self.welcome.open_sample
        self._work = self._make_work()
        self._stack = QStackedLayout()
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self._work)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(style.MEDIUM)
        layout.addWidget(self.banner)
        layout.addLayout(self._stack, 1)
        self.setAcceptDrops(True)
        self._wire()
        follow(self)

    def _wire(self) -> None:
        playback = self._playback
        self.player.bind_keys(self)
        for keys, slot in (
            ("B", self._first_box),
            ("Del", self._clear_box),
            ("Ctrl+Z", playback.undo_box),
            ("I", playback.trim_start_here),
            ("O", playback.trim_end_here),
            ("X", playback.clear_trim),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        for recent in (self.recent, self._recent_first):
            recent.chosen.connect(self._recent_chosen)
        self.welcome.open_requested.connect(self.open_requested)
        self.welcome.sample_requested.connect(self.sample_requested)
        self.welcome.record_requested.connect(self.record_requested)
        self.clips.clip_chosen.connect(self._show_player)
        self.clips.clip_chosen.connect(self.clip_chosen)
        self.clips.clip_removed.connect(self.clip_removed)
        self.clips.clips_reordered.connect(self.clips_reordered)
        playback.opened.connect(self._opened)
        playback.closed.connect(self._closed)
        playback.shown.connect(self._shown)
        playback.track_changed.connect(self._say_what_is_analysed)
        playback.trim_changed.connect(self._say_what_is_analysed)

    def _make_work(self) -> QWidget:
        page = QWidget()
        watch = Card()
        self.open_other, self.record = QPushButton(), QPushButton()
        self._hint = QLabel()
        style.role(self._hint, "quiet")
        self._hint.setWordWrap(True)
        self.open_other.clicked.connect(self.open_requested)
        self.record.clicked.connect(self.record_requested)
        for place, button in enumerate((self.open_other, self.recent, self.record)):
            watch.top.insertWidget(place, button)
        watch.top.insertWidget(3, self._hint, 1)
        watch.top.insertWidget(4, self.clips, 100)
        watch.add(self.player, 1)
        watch.add(self._make_missing(), 1)
        self.clips.hide()

        below = self._below = Card()
        self._strip_title = below.title
        below.add(self.strip)

        upper = QHBoxLayout()
        upper.setSpacing(style.MEDIUM)
        upper.addWidget(watch, 1)
        upper.addWidget(self._make_side())
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.MEDIUM)
        layout.addLayout(upper, 1)
        layout.addWidget(below)
        return page

    def _make_missing(self) -> QWidget:
        """In the player's place for a clip whose file is not there."""
        self._missing, self._missing_note, self.find_file = QWidget(), QLabel(), QPushButton()
        style.role(self._missing_note, "quiet")
        style.role(self.find_file, "primary")
        self.find_file.setAutoDefault(True)  # Enter presses it too
        self.find_file.clicked.connect(self.clips.choose_again)
        column = QVBoxLayout(self._missing)
        column.setSpacing(style.MEDIUM)
        column.addStretch()
        for widget in (self._missing_note, self.find_file):
            column.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self._missing.hide()
        return self._missing

    def _make_side(self) -> Card:
        side = Card()
        side.setFixedWidth(SIDE_WIDTH)
        self._receipt_title = side.title
        side.top.addWidget(self.receipt.details)
        side.add(self.receipt)
        side.column.addSpacing(style.TINY)
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
        self.mark_first = TickBox()
        self.mark_first.clicked.connect(self.mark_first_changed)
        self._why_not = QLabel()
        self._why_not.setWordWrap(True)
        style.role(self._why_not, "caption")
        side.add(self.mark_first)
        side.add(self.analyse)
        side.add(self._why_not)
        return side

    # ---- told by the window

    def use_spec(self, spec: InputSpec | None) -> None:
        """What the model is given."""
        self._spec = spec
        self.strip.use_spec(spec)
        self.retranslate()

    def allow_analysis(self, allowed: bool, why_not: str) -> None:
        """Whether Analyse may be pressed, and if not, why."""
        self.analyse.setEnabled(allowed)
        self._reason = why_not
        self._say_what_is_analysed()

    def use_mark_first(self, first: bool) -> None:
        """As it was chosen last."""
        self.mark_first.setChecked(first)

    def show_clips(self, clips: Sequence[Clip], current_key: object) -> None:
        """Show (key, name, state) of each clip of the visit; `current_key` is the open one's. None: no visit."""
        self.clips.show_clips(clips, current_key)
        self.clips.setVisible(bool(clips))
        self._show_work()
        self._hint.setVisible(not clips)

    def show_missing(self) -> None:
        """The chosen clip's file is not where it was: offer to find it."""
        self.player.hide()
        self._missing.show()
        if self.isVisible():
            self.find_file.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_player(self) -> None:
        self._missing.hide()
        self.player.show()

    def show_recent(self, videos: Sequence[Path], recordings: Sequence[Path] = ()) -> None:
        """Offer the videos that were open last, the last one first, and the recordings that belong to no visit."""
        for recent in (self.recent, self._recent_first):
            recent.show_recent(videos, recordings)

    def take_focus(self) -> None:
        """Where one begins: at the picture, or with opening a video."""
        first: QWidget = self.open_first
        if self._stack.currentWidget() is self._work:
            lost = self._missing.isVisibleTo(self._work)
            first = self.player.view if self._playback.is_open else self.find_file if lost else self.clips.list
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Write every text again."""
        self.open_other.setText(_("Open video…"))
        self.open_other.setToolTip(_("Open a video (Ctrl+O)"))
        self.record.setText(_("Record…"))
        self.record.setToolTip(_("Record the child with a camera (Ctrl+R)"))
        self._receipt_title.setText(_("What was read"))
        self._receipt_title.show()
        self.analyse.setText(_("Analyse"))
        self.mark_first.setText(_("Mark first, then see the answer"))
        self.mark_first.setToolTip(_("The model's answer stays hidden until you have marked what you see yourself."))
        self.mark_first.setAccessibleDescription(self.mark_first.toolTip())
        self._missing_note.setText(_("The file of this clip is not where it was."))
        self.find_file.setText(_("Find the file…"))
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
        self._say_what_is_analysed()

    # ---- files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Videos may be dropped on the page; a model pack is the window's."""
        if self._dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Videos were dropped, one or several."""
        if files := self._dropped(event):
            event.acceptProposedAction()
            self.files_chosen.emit(files)

    @staticmethod
    def _dropped(event: QDropEvent) -> list[Path]:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        return [] if any(file.suffix == pack.SUFFIX for file in files) else files

    def _recent_chosen(self, video: Path) -> None:
        self.files_chosen.emit([video])

    # ---- the playback

    def _opened(self, _path: Path) -> None:
        self._show_player()
        self._show_what_is_seen(True)
        self._stack.setCurrentWidget(self._work)
        self._say_what_is_analysed()
        self.take_focus()

    def _closed(self) -> None:
        self._show_what_is_seen(False)
        self._sees.show_image(QImage())
        self._show_work()

    def _show_what_is_seen(self, there: bool) -> None:
        for widget in (self._sees_title, self._sees_note, self._below):
            widget.setVisible(there)

    def _show_work(self) -> None:
        """Also for a clip that cannot be opened: it is there to be found again, or removed."""
        there = self._playback.is_open or bool(self.clips.keys())
        self._stack.setCurrentWidget(self._work if there else self.welcome)

    def _shown(self) -> None:
        self._sees.show_image(self._playback.model_image)

    def _say_what_is_analysed(self) -> None:
        keys, clock = len(self._playback.keys), current().clock
        if keys > 1:
            hint = _("The box moves in straight lines between the marks below the picture.")
            note = _("The child's box, shrunk to what the model works with. It moves.")
        elif keys:
            hint = _("The model looks only inside the box.")
            note = _("The child's box, shrunk to what the model works with.")
        else:
            hint = _("Drag on the picture to draw a box round the child.")
            note = _("The whole picture at the model's size. Is the child small? Drag a box on the video.")
        self._hint.setText(hint)
        self._sees_note.setText(note)
        start, end = self._playback.trim
        part = ""
        if start is None and end is None:
            self.analyse.setToolTip(_("Analyse the whole video (Ctrl+Enter)"))
        else:
            self.analyse.setToolTip(_("Analyse this part of the video (Ctrl+Enter)"))
            last = end if end is not None else self._playback.duration_s
            part = _("Only {start} to {end} will be analysed.")
            part = part.format(start=clock(start or 0.0, 1), end=clock(last, 1))
        self._why_not.setText(self._reason or part)
        self._why_not.setVisible(bool(self._reason or part))

    def _clear_box(self) -> None:
        self._playback.use_region(None)

    def _first_box(self) -> None:
        if self._playback.is_open and self._playback.region is None:
            width, height = self._playback.width, self._playback.height
            edge = (1 - FIRST_BOX) / 2
            box = (round(width * edge), round(height * edge), round(width * FIRST_BOX), round(height * FIRST_BOX))
            self._playback.use_region(Region(*box))
