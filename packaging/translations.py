"""Keeps the gettext catalogue: collects the sentences of the sources into `viscreen.po` and compiles `viscreen.mo`.

Run `python packaging/translations.py` after changing a sentence, translate what it lists, run it again.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations" / "vi" / "LC_MESSAGES"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "translate": None}


def collect() -> Catalog:
    """Every sentence that the engine and the window mark, in the order of the sources."""
    catalogue = Catalog(project="ViScreen", charset="utf-8")
    for package in ("screening", "gui"):
        found = extract_from_dir(
            ROOT / package, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
        )
        for file, _line, message, _comments, _context in sorted(found, key=lambda item: (item[0], item[1])):
            catalogue.add(message, locations=[(f"{package}/{file}", None)])
    return catalogue


def read() -> Catalog:
    """The Vietnamese catalogue as it lies on the disk."""
    with (FOLDER / "viscreen.po").open("rb") as file:
        return read_po(file, locale="vi")


def compiled(catalogue: Catalog) -> bytes:
    """What `viscreen.mo` must hold."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """Sentences without a translation, or with one that nobody has looked at."""
    return [str(m.id) for m in catalogue if m.id and (m.fuzzy or not all(m.string if m.pluralizable else [m.string]))]


def main() -> int:
    """Update the catalogue from the sources, compile it, list what is missing."""
    sources = collect()
    catalogue = (
        read() if (FOLDER / "viscreen.po").exists() else Catalog(locale="vi", project="ViScreen", charset="utf-8")
    )
    catalogue.update(sources, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with (FOLDER / "viscreen.po").open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=False, omit_header=False, include_lineno=False)
    (FOLDER / "viscreen.mo").write_bytes(compiled(catalogue))
    missing = untranslated(catalogue)
    for sentence in missing:
        print(sentence)
    print(f"{len(list(catalogue)) - 1} sentences, {len(missing)} without a translation", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
