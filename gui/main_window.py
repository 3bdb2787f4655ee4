"""The window: header, warning band, sidebar, pages; it wires the pages to the session by signals."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import i18n, settings, style
from gui.i18n import _, current, follow
from gui.pack_desk import PackDesk
from gui.pages.packs import PacksPage
from gui.pages.result import ResultPage
from gui.pages.video import VideoPage
from gui.session import Model, Session
from gui.settings import Settings
from gui.widgets.chrome import Header, Sidebar, SimulatedBand
from screening import pack, paths
from screening.errors import CannotWrite, ScreeningError
from screening.records import Result

SMALLEST = QSize(1100, 680)
MODELS = 2  # the page's place


class MainWindow(QMainWindow):
    """One window, one session."""

    def __init__(self, remembered: Settings) -> None:
        super().__init__()
        self._settings = remembered
        self._analyse_at_once = False
        self.session = Session(self)
        playback = self.session.playback
        self.header = Header()
        self.band = SimulatedBand()
        self.sidebar = Sidebar()
        self.video_page = VideoPage(playback, self.session.crew)
        self.result_page = ResultPage(playback)
        self.packs_page = PacksPage()
        self.desk = PackDesk(self.session, self.packs_page, remembered, self._remember, self)
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        self.pages.addWidget(self.video_page)
        self.pages.addWidget(self.result_page)
        self.pages.addWidget(self.packs_page)

        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.sidebar)
        body.addWidget(self.pages, 1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.band)
        column.addLayout(body, 1)
        self.setCentralWidget(whole)
        self.setMinimumSize(SMALLEST)
        self.resize(1280, 800)
        self.setAcceptDrops(True)
        self.setWindowIcon(QIcon(str(paths.resources() / "icons" / "viscreen.svg")))

        self._wire()
        self._bind_keys()
        self._model_changed()
        self._update_actions()
        follow(self)

    def _wire(self) -> None:
        session, playback = self.session, self.session.playback
        video, result = self.video_page, self.result_page
        self.header.language_requested.connect(self._switch_language)
        self.header.theme_requested.connect(self._switch_theme)
        self.sidebar.page_chosen.connect(self._go_to)
        video.open_requested.connect(self.choose_video)
        video.sample_requested.connect(self.open_sample)
        video.analyse_requested.connect(session.analyse)
        result.cancel_requested.connect(session.cancel)
        result.export_requested.connect(self.choose_export)
        playback.opened.connect(self._opened)
        playback.failed.connect(self._video_failed)
        session.model_changed.connect(self._model_changed)
        session.receipt_read.connect(video.receipt.show_info)
        session.analysis_began.connect(self._began)
        session.progressed.connect(result.show_progress)
        session.analysed.connect(self._analysed)
        session.analysis_failed.connect(video.banner.show_error)
        session.analysis_cancelled.connect(self._cancelled)
        session.analysis_ended.connect(self._analysis_ended)
        session.exported.connect(result.show_exported)
        session.export_failed.connect(result.banner.show_error)
        session.export_ended.connect(self._update_actions)
        self.desk.used.connect(video.banner.clear)

    def _bind_keys(self) -> None:
        playback = self.session.playback
        for keys, slot in (
            ("Ctrl+O", self.choose_video),
            ("Ctrl+Return", self.session.analyse),
            ("Ctrl+Enter", self.session.analyse),
            ("Ctrl+E", self.choose_export),
            ("Esc", self.session.cancel),
            ("Ctrl+1", self._go_to_video),
            ("Ctrl+2", self._go_to_result),
            ("Ctrl+M", self._go_to_models),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        self._player_keys = []
        for keys, slot in (
            ("Space", playback.toggle),
            ("K", self._pause),
            ("J", self._shuttle_back),
            ("L", self._shuttle_on),
            ("Left", self._step_back),
            ("Right", self._step_on),
        ):
            self._player_keys.append(QShortcut(QKeySequence(keys), self))
            self._player_keys[-1].activated.connect(slot)
        for button in self.findChildren(QAbstractButton):
            button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space presses the button that has the focus; only elsewhere it plays the video."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and isinstance(watched, QAbstractButton)
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def retranslate(self) -> None:
        """Write every text again."""
        playback = self.session.playback
        name = playback.path.name if playback.path is not None and playback.is_open else ""
        self.setWindowTitle(f"{name} – ViScreen" if name else "ViScreen")
        self.header.show_video(name)
        self._model_changed()
        self._update_actions()

    # ---- opening

    def start(self, video: Path | None, pack: str | None, profile: Path | None, *, analyse: bool = False) -> None:
        """Load the model, and the video when there is one; `analyse` it as soon as both are ready."""
        self._analyse_at_once = analyse
        self.desk.start(pack, profile)
        if video is not None:
            self.open_video(video)
        else:
            self.video_page.open_first.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_video(self) -> None:
        """Ask for a video file."""
        dialog = QFileDialog(self, _("Open a video"), self._settings.video_folder or "")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        videos = "*.mp4 *.m4v *.mov *.mkv *.webm *.avi *.mpg *.mpeg *.wmv *.3gp *.mts *.m2ts *.ts"
        dialog.setNameFilters([_("Videos ({kinds})").format(kinds=videos), _("All files (*)")])
        dialog.fileSelected.connect(self._file_chosen)
        dialog.open()

    def _file_chosen(self, name: str) -> None:
        self._settings.video_folder = str(Path(name).parent)
        self._remember()
        self.open_video(Path(name))

    def open_sample(self) -> None:
        """Open the sample video."""
        self.open_video(paths.sample_video())

    def open_video(self, path: Path) -> None:
        """Open `path`, in place of the video of before; an analysis that runs is cancelled."""
        self.session.cancel()
        self.session.forget_result()
        self._warn_of_simulated()
        self.video_page.banner.clear()
        self._go_to(0)
        self.session.playback.open(path)
        self._update_actions()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first file that was dropped; a model pack is installed."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            if files[0].suffix == pack.SUFFIX:
                self.desk.install(str(files[0]))
                self._go_to(MODELS)
            else:
                self.open_video(files[0])

    def _opened(self, _path: Path) -> None:
        self.retranslate()
        self._analyse_when_ready()

    def _video_failed(self, error: ScreeningError) -> None:
        self.video_page.banner.show_error(error)
        self.retranslate()

    # ---- the model

    def _model_changed(self) -> None:
        session = self.session
        info = session.model.pack.info if session.model is not None else None
        if info is not None or session.model_error is not None:  # while one is checked, what is shown stays
            self.sidebar.show_model(info)
            self._warn_of_simulated()
        self.video_page.use_spec(info.input if info is not None else None)
        if session.model_error is not None:
            self.video_page.banner.show_error(session.model_error)
        self._update_actions()
        self._analyse_when_ready()

    def _warn_of_simulated(self) -> None:
        """Of the model that works, and of the one whose result is still shown."""
        models = (self.session.result, self.session.model.pack if self.session.model is not None else None)
        infos = [model.pack if isinstance(model, Result) else model.info for model in models if model is not None]
        self.band.show_for(next((info for info in infos if info.simulated_only), None))

    def _analyse_when_ready(self) -> None:
        if self._analyse_at_once and self.session.can_analyse:
            self._analyse_at_once = False
            self.session.analyse()

    def _update_actions(self) -> None:
        session = self.session
        why_not = ""
        if session.model_error is not None:
            why_not = _("Not possible: the model cannot be used. The reason stands above.")
        elif session.model is None:
            why_not = _("Checking the model…")
        elif session.is_analysing:
            why_not = _("An analysis is running.")
        self.video_page.allow_analysis(session.can_analyse, why_not)
        self.result_page.allow_export(session.result is not None and not session.is_exporting)
        self.sidebar.allow(1, session.is_analysing or session.result is not None)
        checked = session.model is not None or session.model_error is not None
        self.packs_page.allow_use(checked and not session.is_analysing, why_not)

    # ---- the analysis

    def _began(self, model: Model) -> None:
        self.result_page.begin(model.pack, model.profile)
        self._update_actions()
        self._go_to(1)

    def _analysed(self, result: Result) -> None:
        self.result_page.show_result(result)
        self._warn_of_simulated()
        self._update_actions()

    def _cancelled(self) -> None:
        self.video_page.banner.show_done(self._cancelled_sentence)

    def _analysis_ended(self) -> None:
        self.result_page.timeline.stop()
        if self.session.result is None:
            self._go_to(0)
        self._update_actions()

    def _cancelled_sentence(self) -> str:
        return _("The analysis was stopped. Nothing was kept of it.")

    # ---- the report

    def choose_export(self) -> None:
        """Ask where the report is to be written."""
        session = self.session
        if session.result is None or session.is_exporting:
            return
        name = self.result_page.case().pseudonym or Path(session.result.video.path).stem
        proposed = Path(self._settings.export_folder or str(Path.home())) / f"{_file_name(name)}.pdf"
        dialog = QFileDialog(self, _("Export the report"), str(proposed), _("PDF document (*.pdf)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self._export_to)
        dialog.open()

    def _export_to(self, name: str) -> None:
        self._settings.export_folder = str(Path(name).parent)
        self._remember()
        self.result_page.banner.clear()
        self.session.export(Path(name), current().code, self.result_page.case())
        self._update_actions()

    # ---- keys

    def _pause(self) -> None:
        self.session.playback.play(0.0)

    def _shuttle_back(self) -> None:
        self.session.playback.shuttle(-1)

    def _shuttle_on(self) -> None:
        self.session.playback.shuttle(1)

    def _step_back(self) -> None:
        self.session.playback.step(-1)

    def _step_on(self) -> None:
        self.session.playback.step(1)

    def _go_to_video(self) -> None:
        self._go_to(0)

    def _go_to_result(self) -> None:
        self._go_to(1)

    def _go_to_models(self) -> None:
        self._go_to(MODELS)

    def _go_to(self, page: int) -> None:
        if not self.sidebar.show_page(page):
            return
        self.pages.setCurrentIndex(page)
        for shortcut in self._player_keys:  # nobody moves a video that is not to be seen
            shortcut.setEnabled(page != MODELS)
        if page == MODELS:
            self.desk.shelf.refresh()
            self.packs_page.list.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- language, theme, end

    def _switch_language(self) -> None:
        self._settings.language = "en" if current().code == "vi" else "vi"
        i18n.use(self._settings.language)
        self._remember()

    def _switch_theme(self) -> None:
        self._settings.theme = "light" if style.look.theme is style.DARK else "dark"
        style.look.use(self._settings.theme)
        self._remember()

    def _remember(self) -> None:
        try:
            settings.save(self._settings)
        except CannotWrite as error:
            self.video_page.banner.show_error(error)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Cancel what runs, wait for it, then go."""
        self.session.close()
        super().closeEvent(event)


def _file_name(text: str) -> str:
    """`text` without what file systems refuse."""
    return "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in text).strip(" .") or "viscreen"
