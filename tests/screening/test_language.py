"""One catalogue for screen, command line and PDF: complete, compiled, and used for numbers and dates too."""

from __future__ import annotations

import ast
import datetime as dt
import importlib.util
import string
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import language
from screening.errors import N_, ScreeningError, VideoUnusable
from tests.conftest import ROOT

DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_sentence_of_the_sources_is_translated(translations: ModuleType) -> None:
    catalogue = translations.read()
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}
    asked = {m.id if isinstance(m.id, str) else m.id[0] for m in translations.collect() if m.id}
    assert asked - known == set(), "run `python packaging/translations.py` and translate what it lists"
    assert known - asked == set(), "sentences that no source says any more: run `python packaging/translations.py`"
    assert translations.untranslated(catalogue) == []


def test_no_sentence_hides_in_an_f_string() -> None:
    """Before Python 3.12 nothing inside an f-string is collected: it would stay English without a word."""
    for file in [*(ROOT / "screening").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]:
        for text in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(text, ast.JoinedStr):
                calls = [node.func for node in ast.walk(text) if isinstance(node, ast.Call)]
                names = {f.id if isinstance(f, ast.Name) else getattr(f, "attr", "") for f in calls}
                assert not names & {"_", "N_", "ngettext"}, f"{file.name}:{text.lineno}"


def test_the_compiled_catalogue_is_the_one_that_people_edit(translations: ModuleType) -> None:
    compiled = (translations.FOLDER / "viscreen.mo").read_bytes()
    assert compiled == translations.compiled(translations.read()), "run `python packaging/translations.py`"


def test_a_translation_names_the_same_values_as_its_sentence(translations: ModuleType) -> None:
    def values(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}

    for message in translations.read():
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            texts = [message.string] if isinstance(message.string, str) else list(message.string)
            for text in texts:
                assert values(text) == set.union(*map(values, ids)), message.id


def test_numbers_dates_and_positions_follow_the_language() -> None:
    en, vi = language.load("en"), language.load("vi")
    assert (en.number(1234.5, 1), vi.number(1234.5, 1)) == ("1,234.5", "1.234,5")
    assert (en.clock(171.4, 1), vi.clock(171.4, 1)) == ("2:51.4", "2:51,4")
    assert en.clock(3771) == "1:02:51"
    assert en.percent(0.915) == "92 %"
    assert vi.date(DAY) == "22 tháng 11 năm 2026"
    assert (en.date(DAY), en.short_date(DAY)) == ("November 22, 2026", "Nov 22, 2026")
    assert vi.short_date_time(dt.datetime(2026, 11, 22, 8, 9)) == "22/11/2026, 08:09"


@pytest.mark.parametrize(
    ("minutes", "told"), [(420, "GMT+7"), (0, "GMT"), (345, "GMT+5:45"), (-210, "GMT-3:30"), (-300, "GMT-5")]
)
def test_a_clock_tells_how_far_it_is_from_greenwich(minutes: int, told: str) -> None:
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    assert language.offset(dt.datetime(2026, 11, 22, 8, 9, tzinfo=zone)) == told


def test_minutes_are_never_printed_as_seconds() -> None:
    """The prototype did."""
    assert language.load("en").clock(90) == "1:30"


@given(st.floats(0, 1e6), st.integers(0, 3))
def test_a_position_reads_back_as_what_was_written(seconds: float, digits: int) -> None:
    total = 0.0
    for part in language.load("en").clock(seconds, digits).split(":"):
        total = total * 60 + float(part)
    assert total == pytest.approx(seconds, abs=0.5001 * 10**-digits)


def test_an_error_speaks_the_language_of_whoever_shows_it() -> None:
    error = VideoUnusable(N_("“{name}” holds no picture."), name="a.mp4")
    assert str(error) == "“a.mp4” holds no picture."
    assert error.sentence(lambda text: {"“{name}” holds no picture.": "“{name}” không có hình."}[text]) == (
        "“a.mp4” không có hình."
    )


def test_a_sentence_without_values_may_hold_braces() -> None:
    assert ScreeningError("{").sentence(str) == "{"


def test_an_unknown_language_is_a_defect_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no such language"):
        language.load("xx")
