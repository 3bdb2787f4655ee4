"""The other pages, the menu and the guide; whoever comes here has a visit open that was analysed and reviewed."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit

from gui import icons, recorder, style
from gui.about import AboutWindow
from gui.desks.report_work import Choices
from gui.help import HelpWindow, Reader
from gui.widgets.case_form import CaseForm
from screening import paths
from tests.screenshots import invented
from tests.screenshots.stage import Stage


def cases(stage: Stage) -> None:
    """The child of the visit that is open, with its earlier visits."""
    found = stage.window.session.result
    if found is not None:
        stage.ask(lambda library: invented.add_earlier(library, found))
    stage.go_to("cases")
    stage.window.cases.refresh()
    stage.settle(1000)


def case_form(stage: Stage) -> None:
    stage.window.cases_page.begin_case()
    stage.shown = next(form for form in stage.window.findChildren(CaseForm) if form.isVisible())


def profile(stage: Stage) -> None:
    stage.go_to("profile")


def no_camera(stage: Stage) -> None:
    stage.rest.callback(setattr, recorder, "cameras", recorder.cameras)
    recorder.cameras = tuple  # what is plugged into this computer is nobody's business
    stage.go_to("recording")


def recording(stage: Stage) -> None:
    """A network camera of this computer shows the sample video, and a guided recording runs."""
    page = stage.window.recording_page
    if page.is_recording:  # its steps are in the language that it was begun in
        _end_recording(stage)
    else:
        page.camera.address.setText(stage.rest.enter_context(invented.filming(paths.sample_video())))
    page.camera.turn_on()
    stage.wait_for(lambda: not page.view.image.isNull() and page.bar.record.isEnabled())
    page.bar.record.click()
    stage.settle(6000)
    page.bar.mark.click()


def _end_recording(stage: Stage) -> None:
    page = stage.window.recording_page
    page.bar.stop_requested.emit()
    stage.wait_for(lambda: not page.is_recording)
    page.bar.put_aside.emit()
    page.banner.clear()


def models(stage: Stage) -> None:
    if stage.window.recording_page.is_recording:
        _end_recording(stage)
    stage.go_to("models")
    stage.settle(1500)


def menu(stage: Stage) -> None:
    stage.shown = stage.window.menu
    stage.shown.popup(stage.window.header.menu.mapToGlobal(stage.window.header.menu.rect().bottomLeft()))


def submenus(stage: Stage) -> None:
    """The menu as it lies over the window, with what is folded into it."""
    stage.clear()
    menu(stage)
    stage.over, stage.shown = [stage.window.menu], stage.window
    for action in stage.window.menu.actions():
        if action.menu() is not None:
            below = stage.over[-1].geometry().bottomRight() if len(stage.over) > 1 else None
            place = stage.window.menu.mapToGlobal(stage.window.menu.actionGeometry(action).topRight())
            action.menu().popup(place if below is None else QPoint(place.x(), below.y() + style.SMALL))
            stage.over.append(action.menu())


def guide(page: str, stage: Stage) -> None:
    """A page of the guide in its window."""
    shown = HelpWindow(stage.window)
    shown.open_at(page)
    stage.shown = shown


def about(stage: Stage) -> None:
    stage.window.open_about()
    stage.shown = stage.window.findChild(AboutWindow)


def whole_guide(page: str, stage: Stage) -> None:
    """All of a page of the guide, as high as it is."""
    stage.clear()
    guide(page, stage)
    stage.settle(50)
    reader = stage.window.findChildren(Reader)[-1]
    stage.shown.resize(stage.shown.width(), round(reader.document().size().height()) + 3 * style.HUGE)


def guide_search(stage: Stage) -> None:
    """Words of two languages that are found with and without their marks."""
    stage.clear()
    guide("cases", stage)
    stage.shown.findChildren(QLineEdit)[0].setText("video")


REPORTED = 6


def report_before(stage: Stage) -> None:
    """A clinic and a clinician with long names, a logo, full pictures; several reports before, one of them gone."""
    window, folder = stage.window, paths.user_data()
    logo = folder / "bieu-trung-benh-vien-nhi.png"
    mark = icons.pixmap("tick", style.LIGHT.brand, 256)
    mark.save(str(logo))
    stage.go_to("report")
    window.reports.use_choices(
        Choices("vi", "full", "Khoa Tâm lý – Bệnh viện Nhi đồng tỉnh", str(logo), "BS. CKII. Nguyễn Thị Minh Nguyệt")
    )
    for number in range(len(window.report_page.older), REPORTED):
        file = folder / f"MT-014-{number}.pdf"
        stage.wait_for(lambda: not window.reports.is_busy)
        window.reports.export_to(str(file))
        stage.wait_for(lambda file=file: file.is_file() and not window.reports.is_busy)  # type: ignore[misc]
    (folder / f"MT-014-{REPORTED - 1}.pdf").unlink()
    window.report_page.banner.clear()
    stage.go_to("cases")
    stage.go_to("report")
    stage.settle(1000)


def report_whole(stage: Stage) -> None:
    """Later pages, each whole."""
    view = stage.window.report_page.view
    stage.window.report_page.whole_page.click()
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    stage.settle(800)
