"""What the words of the command line come to: the window, the self-test, the language they speak."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from gui import __main__ as entry
from gui import selftest
from screening import cli, language
from screening.language import Translator


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages in which the self-test was asked for; it finds nothing wrong."""
    codes: list[str] = []

    def run(code: str) -> int:
        codes.append(code)
        return 0

    monkeypatch.setattr(selftest, "run", run)
    return codes


def test_the_self_test_is_asked_for_in_a_language(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_language_of_the_system", lambda: "en")
    for words in (["--selftest"], ["--selftest", "--lang", "vi"], ["--lang", "vi", "--selftest"]):
        assert entry.main(words) == 0
    assert asked == ["en", "vi", "vi"]


def test_the_self_test_needs_no_translation(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue that is gone is what it has to tell of, not what it may die of."""
    load = language.load

    def broken(code: str) -> Translator:
        if code == "vi":
            raise FileNotFoundError("viscreen.mo")
        return load(code)

    monkeypatch.setattr(language, "load", broken)
    assert entry.main(["--selftest", "--lang", "vi"]) == 0
    assert asked == ["vi"]


def test_the_self_test_can_be_interrupted(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def cancelled(_: str) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(selftest, "run", cancelled)
    assert entry.main(["--selftest"]) == 130
    assert "Cancelled." in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--lang", "vi"], "vi"),
        (["--lang", "vi", "open"], "vi"),
        (["open", "--lang", "vi"], "vi"),
        (["--lang", "vi", "open", "--lang", "en"], "en"),
        ([], "en"),
    ],
)
def test_the_language_is_named_before_or_after_the_command(
    words: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_language_of_the_system", lambda: "en")
    spoken: list[str] = []

    def open_window(_: argparse.Namespace, translator: Translator) -> int:
        spoken.append(translator.code)
        return 0

    assert cli.main(words, open_window=open_window) == 0
    assert spoken == [code]


def test_the_engine_alone_has_no_self_test(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["--selftest"]) == 2
    assert "is not part of this installation" in capsys.readouterr().err
