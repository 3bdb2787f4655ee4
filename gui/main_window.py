"""The window: header, warning band, sidebar, pages; it wires the pages to what does their work by signals."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QIcon
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui import commands, i18n, opening, settings, style
from gui.about import AboutWindow
from gui.closing import Closing
from gui.desks.cases import CasesDesk
from gui.desks.clips import ClipDesk
from gui.desks.packs import PackDesk
from gui.desks.profiles import ProfileDesk
from gui.desks.reports import ReportDesk
from gui.desks.results import ResultDesk
from gui.desks.reviews import ReviewDesk
from gui.desks.visits import VisitDesk
from gui.help import HelpWindow
from gui.i18n import _, current, follow
from gui.menu import Menu
from gui.opening import Kind
from gui.pages.cases import CasesPage
from gui.pages.packs import PacksPage
from gui.pages.profile import ProfilePage
from gui.pages.recording import RecordingPage
from gui.pages.report import ReportPage
from gui.pages.result import ResultPage
from gui.pages.review import ReviewPage
from gui.pages.video import VideoPage
from gui.recorder import Recorder
from gui.review.reviewing import Reviewing
from gui.session import Session
from gui.settings import Settings
from gui.steps import OF_A_VISIT, PLAYER, QUEUED, RECORDING, step
from gui.widgets import case_words
from gui.widgets.chrome import Header, Sidebar, SimulatedBand
from gui.widgets.queue_panel import QueuePanel
from screening import library, pack, paths
from screening.errors import CannotWrite, ScreeningError
from screening.library.records import Case, Visit
from screening.records import Result

SMALLEST = QSize(1100, 680)
QUEUE_HEIGHT = 190


class MainWindow(QMainWindow):
    """One window, one visit at a time."""

    def __init__(self, remembered: Settings) -> None:
        super().__init__()
        self._settings = remembered
        self._analyse_at_once = False
        self._left_at = ""  # the page at which the visit was left, until it has something to show
        self._help: HelpWindow | None = None
        self._about: AboutWindow | None = None
        self.session = session = Session(self)
        playback = session.playback
        self.recorder = Recorder(session.crew, self)
        self.reviewing = Reviewing(self)
        self.header, self.band, self.sidebar = Header(), SimulatedBand(), Sidebar()
        self.cases_page = CasesPage()
        self.video_page = VideoPage(playback, session.crew)
        self.recording_page = RecordingPage(self.recorder)
        self.result_page = ResultPage(playback)
        self.review_page = ReviewPage(self.reviewing, playback, session.crew)
        self.report_page = ReportPage()
        self.profile_page = ProfilePage()
        self.packs_page = PacksPage()
        self._pages: dict[str, QWidget] = {
            "cases": self.cases_page,
            "video": self.video_page,
            "recording": self.recording_page,
            "result": self.result_page,
            "review": self.review_page,
            "report": self.report_page,
            "profile": self.profile_page,
            "models": self.packs_page,
        }
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        for page in self._pages.values():
            self.pages.addWidget(page)
        for page in (self.cases_page, self.profile_page, self.packs_page):
            page.setMaximumWidth(style.WIDEST)
        self.queue_panel = QueuePanel()
        self.queue_panel.setMaximumHeight(QUEUE_HEIGHT)
        self.queue_panel.hide()
        self._lay_out()

        # The desks do the pages' work; they hear of the library and of the model before the window does.
        self.visits = VisitDesk(session, self)
        self.clips = ClipDesk(self.visits, session.librarian, self.video_page, remembered, self._remember, self)
        self.cases = CasesDesk(session.librarian, self.cases_page, self)
        self.cases.mark_first(remembered.mark_first)
        self.packs = PackDesk(session, self.packs_page, remembered, self._remember, self)
        self.profiles = ProfileDesk(session, self.profile_page, remembered, self._remember, self)
        self.reviews = ReviewDesk(self.visits, session.librarian, self.review_page, remembered, self._remember, self)
        self.reports = ReportDesk(session.crew, self.report_page, self)
        pages = (self.video_page, self.result_page, self.review_page)
        panel = self.queue_panel
        self.results = ResultDesk(session, self.visits, pages, panel, self.reports, remembered, self._remember, self)

        self.closing = Closing(self.recorder, self.profile_page, self)
        self._wire()
        self.menu = Menu(commands.of(self), self)
        self.header.menu.setMenu(self.menu)
        self._show("cases")
        self._model_changed()
        self._update_actions()
        follow(self)

    # ---- layout and wiring

    def _lay_out(self) -> None:
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.pages, 1)
        beside.addWidget(self.queue_panel)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.sidebar)
        body.addLayout(beside, 1)
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

    def _wire(self) -> None:
        session, visits = self.session, self.visits
        video, cases, results = self.video_page, self.cases_page, self.results
        record = partial(self.show_page, "recording")
        self.header.language_requested.connect(self._switch_language)
        self.header.theme_requested.connect(self._switch_theme)
        self.header.help_requested.connect(self.open_help)
        self.sidebar.page_chosen.connect(self.show_page)

        cases.visit_opened.connect(visits.open_visit)
        cases.quick_look_requested.connect(self._quick_look)
        cases.sample_requested.connect(self.open_sample)
        visits.opened.connect(self._visit_opened)
        visits.described.connect(self.retranslate)
        self.cases.case_kept.connect(visits.case_changed)
        self.cases.visit_kept.connect(visits.visit_changed)
        visits.page_wanted.connect(self._go_back_to)
        visits.videos_changed.connect(self._update_actions)
        self.clips.opening.connect(partial(self.show_page, "video"))
        visits.failed.connect(self._trouble)
        visits.file_missing.connect(self._file_missing)

        video.sample_requested.connect(self.open_sample)
        video.mark_first_changed.connect(self.cases.mark_first)
        video.record_requested.connect(record)
        self.recording_page.recorded.connect(self._recorded)
        for page in (self.result_page, self.review_page):
            page.player.bind_keys(page)

        session.playback.opened.connect(self._opened)
        session.model_changed.connect(self._model_changed)
        session.receipt_read.connect(video.receipt.show_info)
        session.analysis_began.connect(self._began)
        session.analysis_ended.connect(self._update_actions)
        session.analysed.connect(self._warn_of_simulated)
        visits.result_changed.connect(self._warn_of_simulated)
        session.queue.changed.connect(self._update_actions)
        results.changed.connect(self._update_actions)
        results.page_wanted.connect(self.show_page)
        self.review_page.report_requested.connect(partial(self.show_page, "report"))
        self.closing.agreed.connect(self.close)
        self.closing.page_wanted.connect(self.show_page)
        for place in (cases, video):
            self.packs.used.connect(place.banner.clear)

    def retranslate(self) -> None:
        """Write every text again."""
        self._name_what_is_open()
        self._model_changed()
        self._update_actions()

    def _name_what_is_open(self) -> None:
        """The case, the visit and the clip, over every page; a recording is none of the clips yet."""
        playback, visits = self.session.playback, self.visits
        shown = playback.path is not None and playback.is_open and self.page != RECORDING.name
        name = playback.path.name if shown and playback.path is not None else ""
        case = ""
        if visits.case is not None and visits.visit is not None:
            case = _("{case}, visit of {date}").format(
                case=visits.case.pseudonym, date=case_words.day(visits.visit.date)
            )
        title = " – ".join(part for part in (case, name, "ViScreen") if part)
        self.setWindowTitle(title)
        self.header.show_case(case, _("Everything about this visit is kept as it is made."))
        self.header.show_video(name)

    # ---- pages

    @property
    def page(self) -> str:
        """The name of the page that is shown."""
        return next(name for name, page in self._pages.items() if page is self.pages.currentWidget())

    def show_page(self, name: str) -> None:
        """Go to the page `name`, if it has something to show."""
        if name in self._pages and self.sidebar.show_page(name):
            self._show(name)

    def _go_back_to(self, name: str) -> None:
        """Where the visit was left, as soon as there is something to show."""
        self._left_at = name
        self._update_actions()

    def _show(self, name: str) -> None:
        self._left_at = ""
        self.sidebar.show_page(name)
        self.pages.setCurrentWidget(self._pages[name])
        for action in self.menu.group("Player"):
            action.setEnabled(name in PLAYER)  # nobody moves a video that is not to be seen
        self._name_what_is_open()
        self._update_actions()
        if name == "video":
            self.clips.look_up_recent()
        elif name == "models":
            self.packs.shelf.refresh()
        if name in OF_A_VISIT:
            self.visits.at_page(name)
        self.take_focus()

    def take_focus(self) -> None:
        """The keyboard goes to where one begins on the page that is shown."""
        page: Any = self.pages.currentWidget()
        page.take_focus()

    def open_help(self) -> None:
        """The guide, at what it says about this page."""
        if self._help is None:
            self._help = HelpWindow(self)
        self._help.open_at(step(self.page).help)

    def open_about(self) -> None:
        """What ViScreen is, and all that it is made of, with the licences."""
        if self._about is None:
            self._about = AboutWindow(self)
        self._about.open()

    # ---- opening

    def start(self, file: Path | None, pack: str | None, profile: Path | None, *, analyse: bool = False) -> None:
        """Open the library, load the model, and `file` when there is one; `analyse` it as soon as both are ready.

        `file` is a video, a model pack to be installed, or a library to be opened in place of the user's own.
        """
        self._analyse_at_once = analyse
        data, kind = paths.user_data(), opening.kind(file) if file is not None else None
        own = file if kind in (Kind.LIBRARY, Kind.DATABASE) else None
        self.session.librarian.open(own or library.place(data))
        self.recording_page.use_steps_file(data / "recording-steps.json")
        self.recording_page.use_folder(paths.recordings())
        self.packs.start(pack, profile)
        self.profiles.start(profile)
        if file is None or own is not None:
            self.cases_page.take_focus()
        elif kind is Kind.PACK:
            self._install_pack(file)
        else:
            self.open_video(file)

    def open_sample(self) -> None:
        """Look at the sample video; it belongs to no case."""
        self.visits.close_visit()
        self.open_video(paths.sample_video())

    def open_video(self, path: Path) -> None:
        """Open `path`, as a clip of the visit that is open, or of none."""
        self.clips.open([path])

    def _quick_look(self) -> None:
        self.visits.close_visit()
        self.show_page("video")

    def _recorded(self, path: Path, _marks: object) -> None:
        self.clips.open([path])

    def _visit_opened(self, case: Case | None, visit: Visit | None) -> None:
        self.cases_page.show_open(visit.id if visit is not None else None)
        self.result_page.pseudonym.setVisible(visit is None)  # a visit has its case's own
        self.video_page.banner.clear()
        if case is not None:
            self.show_page("video")
        self.retranslate()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the files that were dropped; a model pack is installed."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            if files[0].suffix.lower() == pack.SUFFIX:
                self._install_pack(files[0])
            else:
                self.clips.open(files)

    def _install_pack(self, path: Path) -> None:
        self.packs.install(str(path))
        self.show_page("models")

    def _opened(self, _path: Path) -> None:
        self.retranslate()
        self._analyse_when_ready()

    def _file_missing(self) -> None:
        self._left_at = ""
        self.show_page("video")
        self.retranslate()

    def _trouble(self, error: ScreeningError) -> None:
        """Say it where somebody looks, and stay there."""
        self._left_at = ""
        banner = getattr(self.pages.currentWidget(), "banner", self.video_page.banner)
        banner.show_error(error)
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
            for page in (self.cases_page, self.video_page):
                page.banner.show_error(session.model_error)
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
        elif session.is_waiting:
            why_not = _("This clip waits for its turn.")
        self.video_page.allow_analysis(session.can_analyse and not why_not, why_not)
        self.menu.action("Analyse").setEnabled(self.page == "video" and self.video_page.analyse.isEnabled())
        self.menu.action("Stop the analysis").setEnabled(session.is_analysing or session.is_waiting)
        for name in ("result", "review", "report"):
            self.sidebar.allow(name, self.results.has(name))
        self.menu.action("Export the report…").setEnabled(self.results.has("report"))
        self.results.show_queue(self.page in QUEUED)
        checked = session.model is not None or session.model_error is not None
        self.packs_page.allow_use(checked and not session.is_analysing, why_not)
        self._leave_empty_page()
        if self._left_at and self.sidebar.allows(self._left_at):
            self.show_page(self._left_at)

    def _leave_empty_page(self) -> None:
        """Away from a page that has nothing to show any more, or may not show it."""
        settled = self.results.answer.is_settled
        if settled and self.page in ("result", "review", "report") and not self.sidebar.allows(self.page):
            self.show_page("review" if self.sidebar.allows("review") else "video")

    # ---- the analysis

    def _began(self) -> None:
        if self.page == "video":  # who works elsewhere is left there
            self.show_page("result")
        self._update_actions()

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

    def end(self) -> None:
        """Close without a question."""
        self.closing.end()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what is to be kept, stop what runs, wait for it, then go."""
        if self.closing.asks():
            event.ignore()
            return
        for beside in (self._help, self._about):
            if beside is not None:
                beside.close()
        self.visits.keep_videos(self.recording_page.take_offers())
        self.reports.close()
        self.visits.close()
        self.session.close()
        super().closeEvent(event)
