"""Our own errors: written to a file that holds no name, path or picture of a video, then shown; the window goes on.

An exception that nobody caught, on any thread, comes in; a report under `paths.user_data()/crashes` and a dialog that
says what to send go out. Errors of the world (`ScreeningError`) never come here: they are a sentence in their place.
"""

from __future__ import annotations

import datetime as dt
import faulthandler
import platform
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QObject, Qt, QUrl, Signal, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout

import screening
from gui import style
from gui.i18n import _
from screening import paths

_ROOT = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Where reports are written."""
    return paths.user_data() / "crashes"


def describe(kind: type[BaseException], trace: TracebackType | None) -> str:
    """What happened and where: versions, the kind of error, lines of program code. No message: it may hold a name."""
    lines = [
        f"ViScreen {screening.__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.machine()}",
        f"Thread: {'window' if threading.current_thread() is threading.main_thread() else 'worker'}",
        f"Error: {kind.__module__}.{kind.__qualname__}",
        "",
    ]
    for frame in traceback.extract_tb(trace):
        lines.append(f"  {_within_program(frame.filename)}:{frame.lineno} {frame.name}")
    return "\n".join(lines) + "\n"


def _within_program(filename: str) -> str:
    """A source file's place inside the program or its library: never the folder that the user installed it in."""
    path = Path(filename)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return path.relative_to(_ROOT).as_posix()
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return path.name


class CrashHandler(QObject):
    """Takes uncaught exceptions of every thread; lives on the GUI thread, where alone it shows anything."""

    reported = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._trace_file: IO[str] | None = None
        self._hooks_before = (sys.excepthook, threading.excepthook)
        self._dialog: CrashDialog | None = None
        self.reported.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch from now on; a crash of native code leaves its trace in `native.txt`."""
        self._hooks_before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.handle
        threading.excepthook = self._from_thread
        try:
            folder().mkdir(parents=True, exist_ok=True)
            self._trace_file = (folder() / "native.txt").open("w", encoding="utf-8")
        except OSError:
            return  # a full disk must not keep the program from starting
        faulthandler.enable(self._trace_file)

    def uninstall(self) -> None:
        """Put back the hooks that were there before."""
        sys.excepthook, threading.excepthook = self._hooks_before
        if self._trace_file is not None:
            faulthandler.disable()
            self._trace_file.close()
            self._trace_file = None

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Write the report on whatever thread this is, then ask the GUI thread to show it."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        report = describe(kind, trace)
        sys.stderr.write(report)
        try:
            folder().mkdir(parents=True, exist_ok=True)
            stamp = dt.datetime.now().strftime("%Y%m%d-%H%M%S-%f")
            (folder() / f"crash-{stamp}.txt").write_text(report, encoding="utf-8")
        except OSError:
            report += "\n(not written: the disk is full or read only)\n"
        self.reported.emit(report)

    def _from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.handle(args.exc_type, args.exc_value, args.exc_traceback)

    def _show(self, report: str) -> None:
        # One dialog at a time: a fault that repeats must not bury the window.
        if self._dialog is None:
            self._dialog = CrashDialog(report, QApplication.activeWindow())
            self._dialog.finished.connect(self._closed)
            self._dialog.open()

    def _closed(self) -> None:
        self._dialog = None


class CrashDialog(QDialog):
    """Says that the program made a mistake, what to send, and that the work goes on."""

    def __init__(self, report: str, parent: QObject | None = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("ViScreen made a mistake"))
        self.resize(620, 380)
        self._report = report
        title = QLabel(_("ViScreen made a mistake. Your video and your files are untouched; you can go on working."))
        style.role(title, "strong")
        what = QLabel(
            _(
                "Please send the text below to the people who look after ViScreen. "
                "It holds no name, no file path and no picture."
            )
        )
        text = QPlainTextEdit(report)
        text.setReadOnly(True)
        text.setAccessibleName(_("Report of the mistake"))
        copy, show, close = QPushButton(_("Copy the text")), QPushButton(_("Show the file")), QPushButton(_("Go on"))
        style.role(close, "primary")
        copy.clicked.connect(self._copy)
        show.clicked.connect(self._show_file)
        close.clicked.connect(self.close)
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addWidget(show)
        buttons.addStretch()
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setSpacing(style.MEDIUM)
        for label in (title, what):
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addWidget(text, 1)
        layout.addLayout(buttons)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report)

    def _show_file(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder())))
