"""Our own errors: written to a file that holds no name, path or picture of a video, then shown; the window goes on.

An exception that nobody caught, on any thread, comes in; a report under `paths.user_data()/crashes` and a dialog that
says what to send go out. A crash of native code ends the program; its trace is offered at the next start.
Errors of the world (`ScreeningError`) never come here: they are a sentence in their place.
"""

from __future__ import annotations

import datetime as dt
import faulthandler
import os
import platform
import re
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

import screening
from gui.widgets.crash_dialog import CrashDialog, EarlierCrashDialog
from screening import paths

_ROOT = Path(__file__).resolve().parent.parent
# A fault that repeats a hundred times a second must not fill the disk.
KEPT = 20
# A trace without a crash belongs to a program that still runs, or whose computer lost its power.
_FORGOTTEN_S = 7 * 24 * 3600

_FATAL = re.compile(r"(?:Fatal Python error|Windows fatal exception): [\w ]+$")
_THREAD = re.compile(r"(Current thread|Thread) 0x[0-9a-fA-F]+")
_FRAME = re.compile(r'\s+File "(?P<file>.*)", line (?P<line>\d+|\?\?\?) in (?P<name>[\w<>.]+)$')
_MODULES = re.compile(r"Extension modules: (?P<names>[\w., ]+)")


def folder() -> Path:
    """Where reports are written."""
    return paths.user_data() / "crashes"


def describe(kind: type[BaseException], trace: TracebackType | None) -> str:
    """What happened and where: versions, the kind of error, lines of program code. No message: it may hold a name."""
    lines = [
        *_versions(),
        f"Thread: {'window' if threading.current_thread() is threading.main_thread() else 'worker'}",
        f"Error: {kind.__module__}.{kind.__qualname__}",
        "",
    ]
    for frame in traceback.extract_tb(trace):
        lines.append(f"  {_within_program(frame.filename)}:{frame.lineno} {frame.name}")
    return "\n".join(lines) + "\n"


def describe_native(trace: str) -> str:
    """What faulthandler wrote of a crash, as a report; "" where it holds no crash.

    Only lines of a known form are taken, each rebuilt from its parts: a form that a later Python adds is left out
    rather than shown with a path in it.
    """
    head, fatal, rest = trace, "", ""
    for line in trace.splitlines():
        if _FATAL.match(line):
            head, fatal, rest = trace.split(line, 1)[0], line, trace.split(line, 1)[1]
            break
    if not fatal:
        return ""
    lines = [*head.splitlines()[:2], f"Error: {fatal}", ""]
    for line in rest.splitlines():
        if thread := _THREAD.match(line):
            lines.append(f"{thread[1]}:")
        elif frame := _FRAME.match(line):
            lines.append(f"  {_within_program(frame['file'])}:{frame['line']} {frame['name']}")
        elif modules := _MODULES.match(line):
            lines += ["", f"Modules: {modules['names'].rstrip(', ')}"]
    return "\n".join(lines) + "\n"


def _versions() -> list[str]:
    return [
        f"ViScreen {screening.__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()} {platform.machine()}",
    ]


def _within_program(filename: str) -> str:
    """A source file's place inside the program or its library: never the folder that the user installed it in."""
    path = Path(filename)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return path.relative_to(_ROOT).as_posix()
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return path.name


def _write(report: str, kind: str = "") -> Path:
    """Keep `report` in a file of its own; of all reports the newest stay. Raises OSError."""
    folder().mkdir(parents=True, exist_ok=True)
    stamp = dt.datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    file = folder() / f"crash-{stamp}{kind}.txt"
    file.write_text(report, encoding="utf-8")
    for old in sorted(folder().glob("crash-*.txt"))[:-KEPT]:
        old.unlink(missing_ok=True)
    return file


class CrashHandler(QObject):
    """Takes uncaught exceptions of every thread; lives on the GUI thread, where alone it shows anything."""

    reported = Signal(object)  # the report
    left_behind = Signal(object)  # Path of the report about a crash of an earlier run

    def __init__(self) -> None:
        super().__init__()
        self._trace_file: IO[str] | None = None
        self._hooks_before = (sys.excepthook, threading.excepthook)
        self._dialog: CrashDialog | None = None
        self.reported.connect(self._show, Qt.ConnectionType.QueuedConnection)
        # Queued: at the start there is no window yet; by the time this is heard, there is.
        self.left_behind.connect(self._offer, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch from now on; offer the trace of an earlier crash; a crash of native code leaves one from now on."""
        self._hooks_before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.handle
        threading.excepthook = self._from_thread
        try:
            found = self._collect()
            folder().mkdir(parents=True, exist_ok=True)
            self._trace_file = (folder() / f"native-{os.getpid()}.txt").open("w", encoding="utf-8")
            self._trace_file.write("\n".join(_versions()) + "\n")
            self._trace_file.flush()  # faulthandler writes past Python's buffer
        except OSError:
            return  # a full disk must not keep the program from starting
        faulthandler.enable(self._trace_file)
        if found is not None:
            self.left_behind.emit(found)

    def uninstall(self) -> None:
        """Put back the hooks that were there before; nothing is left of a run that ended well."""
        sys.excepthook, threading.excepthook = self._hooks_before
        if self._trace_file is not None:
            faulthandler.disable()
            self._trace_file.close()
            Path(self._trace_file.name).unlink(missing_ok=True)
            self._trace_file = None

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Write the report on whatever thread this is, then ask the GUI thread to show it."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        report = describe(kind, trace)
        sys.stderr.write(report)
        try:
            _write(report)
        except OSError:
            report += "\n(not written: the disk is full or read only)\n"
        self.reported.emit(report)

    def _from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.handle(args.exc_type, args.exc_value, args.exc_traceback)

    def _show(self, report: str) -> None:
        # One dialog at a time: a fault that repeats must not bury the window.
        if self._dialog is None:
            self._dialog = CrashDialog(report, folder(), QApplication.activeWindow())
            self._dialog.finished.connect(self._closed)
            self._dialog.open()

    def _closed(self) -> None:
        self._dialog = None

    # ---- what an earlier run left

    def _collect(self) -> Path | None:
        """Turn traces of earlier runs into reports without paths; the newest, None where no run crashed."""
        newest = None
        for trace in sorted(folder().glob("native-*.txt"), key=lambda file: file.stat().st_mtime):
            report = describe_native(trace.read_text(encoding="utf-8", errors="replace"))
            if report:
                newest = _write(report, "-native")
            if report or time.time() - trace.stat().st_mtime > _FORGOTTEN_S:
                trace.unlink(missing_ok=True)
        return newest

    def _offer(self, file: Path) -> None:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow) and w.isVisible()]
        parent: QWidget | None = windows[0] if windows else None
        EarlierCrashDialog(file, parent).show()
