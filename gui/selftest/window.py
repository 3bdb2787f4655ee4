"""Checks of what is seen: Qt's plugins, the fonts, the window itself, all without a display.

Qt is loaded by each check and not by this module: where it cannot be loaded, only these checks fail.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from gui.selftest.outcome import Failed
from screening import paths
from screening.errors import N_
from screening.language import Translator
from screening.report.fonts import FILES

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from gui.main_window import MainWindow

# The window on a screen and without one; icons, and the guide's pictures; on Linux the keyboards that write Vietnamese.
_EVERYWHERE = ("platforms/qoffscreen", "imageformats/qsvg", "imageformats/qjpeg", "iconengines/qsvgicon")
_ON_LINUX = (
    "platforms/qxcb",
    "platforminputcontexts/composeplatforminputcontextplugin",
    "platforminputcontexts/ibusplatforminputcontextplugin",
)
_ON_WINDOWS = ("platforms/qwindows",)

FAMILIES = frozenset({"Noto Sans", "Noto Sans Mono"})
_VOWELS = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")

SIZE = (1280, 800)
_PATIENCE_S = 60.0
_COLOURS = 20  # an empty window has fewer


def plugin_names() -> tuple[str, ...]:
    """The plugins' files that the window needs here, from Qt's folder of plugins."""
    if sys.platform == "win32":
        return tuple(f"{name}.dll" for name in (*_EVERYWHERE, *_ON_WINDOWS))
    names = (Path(name) for name in (*_EVERYWHERE, *_ON_LINUX))
    return tuple(f"{name.parent.as_posix()}/lib{name.name}.so" for name in names)


def plugins(_: Translator) -> str:
    """Each plugin of Qt that is needed is there, and loads with all that it needs itself."""
    from PySide6.QtCore import QLibraryInfo, QPluginLoader

    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    names = plugin_names()
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise Failed(N_("missing: {files}"), files=", ".join(missing))
    for name in names:
        loader = QPluginLoader(str(folder / name))
        if not loader.load():
            raise Failed(N_("{file} cannot be loaded: {why}"), file=name, why=loader.errorString())
    return _("{n} loaded: {files}").format(n=len(names), files=", ".join(names))


def fonts(_: Translator) -> str:
    """Each shipped font registers and has every letter of Vietnamese itself, without help from the system's fonts."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QFontDatabase, QGuiApplication, QRawFont

    application = QGuiApplication([])
    families: set[str] = set()
    for file in FILES.values():
        path = paths.resources() / "fonts" / file
        if not path.is_file():
            raise Failed(N_("missing: {files}"), files=file)
        number = QFontDatabase.addApplicationFont(str(path))
        face = QRawFont(str(path), 13)
        if number < 0 or not face.isValid():
            raise Failed(N_("{file} is no font that can be used"), file=file)
        families |= set(QFontDatabase.applicationFontFamilies(number))
        lacking = [letter for letter in vietnamese() if not face.supportsCharacter(ord(letter))]
        if lacking:
            raise Failed(N_("{file} lacks letters of Vietnamese: {letters}"), file=file, letters="".join(lacking[:10]))
    if families != FAMILIES:
        raise Failed(N_("other fonts than ours are used: {families}"), families=", ".join(sorted(families)))
    del application
    return _("{n} fonts with {letters} letters of Vietnamese").format(n=len(FILES), letters=len(vietnamese()))


def vietnamese() -> str:
    """Every letter of Vietnamese, small and capital, each as one character (TCVN 6909:2001)."""
    vowels = [unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in _TONES]
    small = "".join(vowels) + "đbcdghklmnpqrstvx"
    return small + small.upper()


def draw(_: Translator) -> str:
    """The window opens the sample on a data folder of its own; its picture has the right size, and something in it."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory(prefix="viscreen-", ignore_cleanup_errors=True) as folder:
        os.environ["VISCREEN_DATA"] = folder  # settings, library and crash reports of the user stay as they are
        from gui import app

        app.make_application()
        window = app.make_window(_.code)
        window.resize(*SIZE)
        try:
            return _shown(window, _)
        finally:
            app.dismiss(window)


def _shown(window: MainWindow, _: Translator) -> str:
    from PySide6.QtGui import QFontInfo

    from gui import app

    used = QFontInfo(window.font()).family()
    if used not in FAMILIES:
        raise Failed(N_("other fonts than ours are used: {families}"), families=used)
    session = window.session
    window.start(paths.sample_video(), None, None)
    window.show()
    until = time.monotonic() + _PATIENCE_S
    while session.playback.image.isNull() or (session.model is None and session.model_error is None):
        if time.monotonic() > until:
            raise Failed(N_("the sample's picture did not appear in the window"))
        app.settle(50)
    if session.model_error is not None:
        raise session.model_error
    app.settle()
    _check_pictures()
    picture = window.grab().toImage()
    size = (round(picture.width() / picture.devicePixelRatio()), round(picture.height() / picture.devicePixelRatio()))
    colours = _colours(picture)
    if size != SIZE or colours < _COLOURS:
        raise Failed(
            N_("the window was drawn wrongly: {width} × {height} points, {colours} colours"),
            width=size[0], height=size[1], colours=colours,
        )  # fmt: skip
    return _("drawn: {width} × {height} points, {colours} colours").format(
        width=size[0], height=size[1], colours=_.number(colours)
    )


def _check_pictures() -> None:
    """The program's icon and a picture of the guide: what Qt reads by its plugins."""
    from PySide6.QtGui import QIcon, QImage

    icon = QIcon(str(paths.resources() / "icons" / "viscreen.svg")).pixmap(64).toImage()
    page = QImage(str(min((paths.resources() / "help" / "pictures" / "en").glob("*.jpg"), default="")))
    if page.isNull() or icon.isNull() or _colours(icon, 4) < 2:
        raise Failed(N_("the icon, or a picture of the guide, cannot be drawn"))


def _colours(picture: QImage, step: int = 8) -> int:
    """How many colours there are at every `step`th point."""
    return len({picture.pixel(x, y) for x in range(0, picture.width(), step) for y in range(0, picture.height(), step)})
