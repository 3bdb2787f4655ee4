"""Zoom and the grips of the box: arithmetic that must hold for every picture, window and drag; and sharp pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.box_grips import CURSORS, MOVE, SMALLEST, dragged, grip_at, handles
from gui.widgets.picture_view import PictureView
from gui.widgets.viewport import Viewport
from gui.worker import image_of
from screening.records import Region

LENGTHS = st.integers(60, 3000)


def viewport(full: tuple[int, int], room: tuple[int, int], ratio: float = 1.0) -> Viewport:
    port = Viewport()
    port.full, port.room, port.ratio = QSize(*full), QSizeF(*room), ratio
    return port


@given(st.tuples(LENGTHS, LENGTHS), st.tuples(LENGTHS, LENGTHS), st.sampled_from([1.0, 1.25, 2.0]), st.integers(1, 30))
def test_zoom_leads_in_and_out_again_and_enlarges_by_whole_pixels(
    full: tuple[int, int], room: tuple[int, int], ratio: float, steps: int
) -> None:
    port = viewport(full, room, ratio)
    whole = port.place()
    assert QRectF(-0.001, -0.001, room[0] + 0.002, room[1] + 0.002).contains(whole), "all of it is seen at first"
    for _step in range(steps):
        port.zoom(1)
        enlarged = port.scale * ratio
        if port.is_zoomed and enlarged > 1 + 1e-9:
            assert enlarged == pytest.approx(round(enlarged)), "an enlarged pixel is a square of whole screen pixels"
    port.zoom(-100)
    assert not port.is_zoomed
    assert port.place() == whole


@given(st.tuples(LENGTHS, LENGTHS), st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.integers(1, 8))
def test_what_is_under_the_mouse_stays_there_unless_an_edge_would_come_in(
    full: tuple[int, int], x: float, y: float, steps: int
) -> None:
    port = viewport(full, (800, 600))
    at = QPointF(800 * x, 600 * y)
    before = port.to_picture(at)
    port.zoom(steps, at)
    place = port.place()
    after = port.to_picture(at)
    if place.left() < -1 and place.right() > 801 and place.width() > 800:
        assert after.x() == pytest.approx(before.x(), abs=2 / port.scale)
    if place.top() < -1 and place.bottom() > 601 and place.height() > 600:
        assert after.y() == pytest.approx(before.y(), abs=2 / port.scale)
    # No strip of nothing beside a picture that is larger than its place.
    if place.width() > 800:
        assert place.left() <= 0
        assert place.right() >= 800 - 1e-6


@given(
    st.integers(20, 4000),
    st.integers(20, 4000),
    st.data(),
    st.sampled_from(sorted(CURSORS)),
    st.integers(-5000, 5000),
    st.integers(-5000, 5000),
)
def test_a_dragged_box_stays_in_the_picture_and_its_other_edges_where_they_are(
    width: int, height: int, data: st.DataObject, grip: tuple[int, int], right: int, down: int
) -> None:
    x, y = data.draw(st.integers(0, width - SMALLEST)), data.draw(st.integers(0, height - SMALLEST))
    region = Region(x, y, data.draw(st.integers(SMALLEST, width - x)), data.draw(st.integers(SMALLEST, height - y)))
    new = dragged(region, grip, right, down, width, height)
    left, top, end, bottom = new.sides
    assert 0 <= left <= end - SMALLEST <= width - SMALLEST
    assert 0 <= top <= bottom - SMALLEST <= height - SMALLEST
    if grip == MOVE:
        assert (new.width, new.height) == (region.width, region.height)
    else:
        kept = [side for side, moves in zip((0, 1, 2, 3), (-1, -1, 1, 1), strict=True) if grip[side % 2] != moves]
        assert all(new.sides[side] == region.sides[side] for side in kept)
    assert dragged(region, grip, 0, 0, width, height) == region


def test_every_handle_can_be_taken_hold_of() -> None:
    rect = QRectF(100, 100, 60, 40)
    assert {grip_at(rect, handle) for handle in handles(rect)} == set(CURSORS) - {MOVE}
    assert grip_at(rect, rect.center()) == MOVE
    assert grip_at(rect, QPointF(90, 90)) is None
    # A box of a few pixels can still be moved.
    assert grip_at(QRectF(100, 100, 9, 9), QPointF(104.5, 104.5)) == MOVE


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    """A view of 400 × 300 with noise of 100 × 75 pixels in it."""
    view = PictureView(drawable=True)
    qtbot.addWidget(view)
    view.resize(400, 300)
    noise = np.random.default_rng(3).integers(0, 255, (75, 100, 3), dtype=np.uint8)
    view.show_image(image_of(noise), 100, 75)
    view.show()
    qtbot.waitExposed(view)
    return view


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def test_an_enlarged_picture_shows_each_pixel_as_a_sharp_square(qtbot: QtBot, view: PictureView) -> None:
    # When the picture is enlarged to six screen pixels for each,
    while view.zoom_scale < 6:
        view.zoom(1, QPointF(0, 0))
    assert view.zoom_scale == 6
    # then each is a square of one colour: nothing was smoothed.
    seen = pixels(view.grab().toImage())[6:-6, 6:-6]  # inside the frame of the focus
    seen = seen[: len(seen) // 6 * 6, : seen.shape[1] // 6 * 6]
    blocks = seen.reshape(len(seen) // 6, 6, seen.shape[1] // 6, 6, 3)
    assert (blocks == blocks[:, :1, :, :1]).all()
    assert len(np.unique(blocks[:, 0, :, 0].reshape(-1, 3), axis=0)) > 100


def test_the_enlarged_picture_is_moved_by_the_middle_button_and_whole_again_by_a_double_click(
    qtbot: QtBot, view: PictureView
) -> None:
    view.zoom(2)
    before = pixels(view.grab().toImage())
    middle = Qt.MouseButton.MiddleButton
    qtbot.mousePress(view, middle, pos=QPoint(200, 150))
    qtbot.mouseMove(view, QPoint(150, 120))
    qtbot.mouseRelease(view, middle, pos=QPoint(150, 120))
    after = pixels(view.grab().toImage())
    assert (before[60:280, 80:380] == after[30:250, 30:330]).all()
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert not view.is_zoomed


def test_the_wheel_enlarges_where_the_mouse_is(qtbot: QtBot, view: PictureView) -> None:
    at, corner = QPointF(400, 300), view._port.to_picture(QPointF(400, 300))
    for turn in (60, 60, 240):  # a touchpad sends parts of a notch
        wheel = QWheelEvent(
            at,
            view.mapToGlobal(at),
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view, wheel)
    assert view.zoom_scale == 12, "three notches: 6, 8, 12 screen pixels for one of the picture"
    assert view._port.to_picture(at) == corner


def test_alt_and_arrows_move_the_enlarged_picture(qtbot: QtBot, view: PictureView) -> None:
    view.zoom(2)
    before = pixels(view.grab().toImage())
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    after = pixels(view.grab().toImage())
    shift = round(0.15 * 400)
    assert (before[10:290, 10 + shift : 390] == after[10:290, 10 : 390 - shift]).all()


def test_the_box_is_moved_resized_and_a_drag_given_up(qtbot: QtBot, view: PictureView) -> None:
    # Given a box of 40 × 30 pixels, four screen pixels for each,
    drawn: list[Region] = []
    view.box_drawn.connect(drawn.append)
    view.show_region(Region(20, 20, 40, 30))
    left = Qt.MouseButton.LeftButton

    def drag(start: QPoint, end: QPoint, *, give_up: bool = False) -> None:
        qtbot.mousePress(view, left, pos=start)
        qtbot.mouseMove(view, end)
        if give_up:
            qtbot.keyClick(view, Qt.Key.Key_Escape)
        qtbot.mouseRelease(view, left, pos=end)

    # when its inside, its corner and its left edge are dragged,
    drag(QPoint(160, 140), QPoint(200, 120))
    drag(QPoint(240, 200), QPoint(280, 240))
    drag(QPoint(80, 140), QPoint(120, 240))
    # then it moves as a whole, grows, and only that edge moves;
    assert drawn == [Region(30, 15, 40, 30), Region(20, 20, 50, 40), Region(30, 20, 30, 30)]
    # Esc gives a drag up, and a click changes nothing.
    drag(QPoint(160, 140), QPoint(200, 120), give_up=True)
    qtbot.mouseClick(view, left, pos=QPoint(160, 140))
    assert len(drawn) == 3
    # Ctrl moves by exactly one pixel, Shift resizes by one.
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert drawn[3:] == [Region(19, 20, 40, 30), Region(20, 20, 40, 31)]
