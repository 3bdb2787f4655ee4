"""The language of the window: one current translator, and a signal when it changes.

`_("…")` translates into the current language; a widget that shows text has `retranslate()` and calls `follow(self)`.
"""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal

from screening import language
from screening.errors import ScreeningError
from screening.language import Translator


class Retranslated(Protocol):
    """A widget that can write its text again in the current language."""

    def retranslate(self) -> None:
        """Write every text again."""
        ...


class _Current(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.translator = language.load("en")


_current = _Current()


def current() -> Translator:
    """The translator of now, for numbers, dates and clock times too."""
    return _current.translator


def use(code: str) -> None:
    """Switch the whole window to `code` ("vi" or "en")."""
    speak(language.load(code))


def speak(translator: Translator) -> None:
    """Switch the whole window to `translator`."""
    if translator is not _current.translator:
        _current.translator = translator
        _current.changed.emit()


def _(sentence: str) -> str:
    """`sentence` in the current language."""
    return _current.translator(sentence)


def sentence(error: ScreeningError) -> str:
    """What an error of the world says, in the current language."""
    return error.sentence(_current.translator)


def follow(widget: Retranslated) -> None:
    """Let `widget` write its text now, and again at each change of language, for as long as it lives."""
    widget.retranslate()
    _current.changed.connect(widget.retranslate)
