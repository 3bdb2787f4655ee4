"""Which camera, at what size and rate: those of this computer by name, or one of the network by its address.

The cameras that were found come in; a `Source` and a `Wish` go out.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton

from gui import style
from gui.i18n import _, current, follow
from gui.icons import icon
from gui.recorder import Live
from gui.widgets.card import Card
from gui.widgets.choice import ChoiceBox, TickBox
from screening.errors import WrongUsage
from screening.recording import Source, Wish, network_camera

SIZES = ((640, 480), (1280, 720), (1920, 1080))
RATES = (15, 25, 30)


class CameraCard(Card):
    """Choosing another camera, size or rate turns it on at once; a network camera when its address was entered."""

    on_requested = Signal(object, object)  # Source, Wish
    off_requested = Signal()
    look_requested = Signal()
    mirror_requested = Signal(bool)
    refused = Signal(object)  # WrongUsage

    def __init__(self) -> None:
        super().__init__()
        self._sources: tuple[Source, ...] = ()
        self._on = False
        self._live: Live | None = None
        self.which, self.size_box, self.rate_box = ChoiceBox(), ChoiceBox(), ChoiceBox()
        self.look = QPushButton()
        style.role(self.look, "icon")
        self.address = QLineEdit()
        self.switch = QPushButton()
        self.mirrored = TickBox()
        self._gives = QLabel()
        self._gives.setWordWrap(True)
        style.role(self._gives, "caption")
        for width, height in SIZES:
            self.size_box.addItem(f"{width} × {height}")
        for _rate in RATES:
            self.rate_box.addItem("")
        usual = Wish()
        self.size_box.setCurrentIndex(SIZES.index((usual.width, usual.height)))
        self.rate_box.setCurrentIndex(RATES.index(round(usual.rate)))
        for widgets in ((self.which, self.look), (self.address,), (self.size_box, self.rate_box)):
            row = QHBoxLayout()
            row.setSpacing(style.SMALL)
            for widget in widgets:
                row.addWidget(widget, 0 if widget is self.look else 1)
            self.column.addLayout(row)
        self.add(self._gives)
        last = QHBoxLayout()
        last.addWidget(self.mirrored, 1)
        last.addWidget(self.switch)
        self.column.addLayout(last)
        self.which.activated.connect(self._chosen)
        self.size_box.activated.connect(self._wished)
        self.rate_box.activated.connect(self._wished)
        self.address.returnPressed.connect(self.turn_on)
        self.look.clicked.connect(self.look_requested)
        self.switch.clicked.connect(self._switched)
        self.mirrored.toggled.connect(self.mirror_requested)
        style.look.changed.connect(self._draw)
        follow(self)

    # ---- told by the page

    def show_cameras(self, sources: Sequence[Source]) -> None:
        """These are there; the one that was chosen stays chosen, else the first is."""
        chosen = self._source_or_none()
        network = self._is_network and bool(self._sources or self.address.text())
        self._sources = tuple(sources)
        self._fill()
        if network or not sources:
            self.which.setCurrentIndex(len(sources))
        else:
            self.which.setCurrentIndex(self._sources.index(chosen) if chosen in self._sources else 0)
        self._draw()

    def show_on(self, on: bool) -> None:
        """Whether a camera is on, or about to be."""
        self._on = on
        if not on:
            self._live = None
        self._draw()

    def show_live(self, live: Live) -> None:
        """What the camera really gives."""
        before, self._live = self._live, live
        if before is None or (before.size, round(before.state.rate)) != (live.size, round(live.state.rate)):
            self._draw_truth()

    @property
    def ready(self) -> bool:
        """Whether a camera can be turned on without asking for anything."""
        return bool(self.address.text().strip()) if self._is_network else bool(self._sources)

    def turn_on(self) -> None:
        """Ask for the chosen camera, or say why it cannot be one."""
        try:
            source = network_camera(self.address.text()) if self._is_network else self._source_or_none()
        except WrongUsage as error:
            self.refused.emit(error)
            return
        if source is not None:
            width, height = SIZES[self.size_box.currentIndex()]
            self.on_requested.emit(source, Wish(width, height, RATES[self.rate_box.currentIndex()]))

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("Camera"))
        self.which.setAccessibleName(_("Camera"))
        self.which.setToolTip(_("The camera that is recorded"))
        self.look.setToolTip(_("Look for cameras again"))
        self.address.setPlaceholderText(_("Address, for example rtsp://…"))
        self.address.setToolTip(_("The address of a network camera: http://… or rtsp://…"))
        self.size_box.setToolTip(_("Size of the picture that is asked of the camera"))
        self.rate_box.setToolTip(_("Pictures per second that are asked of the camera"))
        for widget in (self.look, self.address, self.size_box, self.rate_box):
            widget.setAccessibleName(widget.toolTip())
        for n, rate in enumerate(RATES):
            self.rate_box.setItemText(n, _("{n} per second").format(n=rate))
        self.mirrored.setText(_("Mirrored"))
        self.mirrored.setToolTip(_("Show the live picture as in a mirror; the recording is not mirrored"))
        self._fill()
        self._draw()

    def _fill(self) -> None:
        at = self.which.currentIndex()
        self.which.clear()
        self.which.addItems([*(source.name for source in self._sources), _("Network camera…")])
        self.which.setCurrentIndex(max(0, at))

    def _draw(self) -> None:
        self.look.setIcon(icon("reload", style.look.theme.brand, style.look.theme.quiet))
        network = self._is_network
        self.address.setVisible(network)
        self.size_box.setVisible(not network)
        self.rate_box.setVisible(not network)
        self.switch.setText(_("Turn off") if self._on else _("Turn on"))
        self.switch.setToolTip(_("Turn the camera off") if self._on else _("Turn the camera on"))
        self.switch.setAccessibleName(self.switch.toolTip())
        self.switch.setEnabled(self._on or network or bool(self._sources))
        self._draw_truth()

    def _draw_truth(self) -> None:
        if self._live is not None:
            (width, height), rate = self._live.size, current().number(self._live.state.rate)
            text = _("It gives {width} × {height}, {rate} pictures a second.")
            self._gives.setText(text.format(width=width, height=height, rate=rate))
        elif self._is_network:
            self._gives.setText(_("A network camera gives the size and rate that it is set to."))
        else:
            self._gives.setText(_("The camera gives what it can of this."))

    # ---- the person

    @property
    def _is_network(self) -> bool:
        return self.which.currentIndex() == len(self._sources)

    def _source_or_none(self) -> Source | None:
        at = self.which.currentIndex()
        return self._sources[at] if 0 <= at < len(self._sources) else None

    def _chosen(self) -> None:
        self._draw()
        if self._is_network:
            self.off_requested.emit()
            self.address.setFocus()
        else:
            self.turn_on()

    def _wished(self) -> None:
        if self._on:
            self.turn_on()

    def _switched(self) -> None:
        if self._on:
            self.off_requested.emit()
        else:
            self.turn_on()
