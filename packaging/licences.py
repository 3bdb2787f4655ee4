#!/usr/bin/env python3
"""The gate: nothing ships under a licence that is unknown or does not fit GPL-3.0-or-later. Also collects the texts.

In: what `parts.py` finds in the running environment, or in the folder of the built program. Out: one line for each
thing wrong and exit status 1; the conflicts that `parts.toml` admits are printed and do not fail.

    python packaging/licences.py [PROGRAM]
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import parts
from inside.part import HERE, OUR_LICENCE, OURS, ROOT, Found, Part, table
from license_expression import ExpressionError, LicenseWithExceptionSymbol, Licensing

TEXTS = HERE / "texts"
# Texts that are kept elsewhere in the source tree.
_OURS = {"GPL-3.0": ROOT / "LICENSE", "OFL-1.1": ROOT / "resources" / "fonts" / "OFL.txt"}
_COPYLEFT = ("GPL-", "LGPL-", "MPL-")
_SPDX = Licensing()


def fits(expression: str, known: Mapping[str, Any]) -> bool:
    """Whether a part under `expression` (SPDX) may be in a work under GPL-3.0-or-later."""

    def may(name: str, exception: str) -> bool:
        return name in known["compatible"] and exception in ("", *known["exceptions"])

    return _holds(expression, may, either=any, both=all)


def asks_for_source(expression: str) -> bool:
    """Whether whoever passes on a part under `expression` must offer its source code, whichever licence is chosen."""
    return _holds(expression, lambda name, _exception: name.startswith(_COPYLEFT), either=all, both=any)


def _holds(
    expression: str,
    of_one: Callable[[str, str], bool],
    *,
    either: Callable[[Iterable[bool]], bool],
    both: Callable[[Iterable[bool]], bool],
) -> bool:
    """`of_one` asked of each licence and its exception; `either` joins alternatives, `both` what holds together."""

    def ask(node: Any) -> bool:
        if isinstance(node, _SPDX.OR | _SPDX.AND):
            return (either if isinstance(node, _SPDX.OR) else both)(ask(one) for one in node.args)
        if isinstance(node, LicenseWithExceptionSymbol):
            return of_one(str(node.license_symbol.key), str(node.exception_symbol.key))
        return of_one(str(node.key), "")

    try:
        parsed = _SPDX.parse(expression)
    except ExpressionError:
        return False
    return parsed is not None and ask(parsed)


def judge(found: Found, known: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What is wrong, one sentence each, and the conflicts that the table admits."""
    wrong, admitted, met = list(found.problems), [], set()
    for part in found.parts:
        where = f"{part.name} {part.version}".strip() + (f" (in {part.inside})" if part.inside else "")
        conflict = next(
            (one for one in known["conflict"] if (one["part"], one["of"]) == (part.name, part.inside)), None
        )
        if asks_for_source(part.licence) and not (part.source or OURS in (part.inside, part.name.lower())):
            wrong.append(f"{where} is under {part.licence}: name the place of its source code in parts.toml")
        if re.search(r"\bAGPL", part.licence):
            wrong.append(f"{where} is under the AGPL ({part.licence}): it may not ship")
        elif fits(part.licence, known):
            continue
        elif conflict is not None:
            met.add((part.name, part.inside))
            admitted.append(f"{where}, {part.licence}: {conflict['why']}")
        elif part.licence:
            wrong.append(f"{where} is under {part.licence}, which does not fit {OUR_LICENCE}: leave it out")
    for one in known["conflict"]:
        if (one["part"], one["of"]) not in met and one["of"] in {part.name for part in found.parts}:
            admitted.append(f"{one['part']} (in {one['of']}) is not here: the conflict in parts.toml may go")
    return wrong, admitted


# ---- the texts


def names_in(expression: str) -> list[str]:
    """The licences and exceptions that `expression` names."""
    parsed = _SPDX.parse(expression)
    symbols = parsed.symbols if parsed is not None else ()
    pairs = [
        (s.license_symbol, s.exception_symbol) if isinstance(s, LicenseWithExceptionSymbol) else (s,) for s in symbols
    ]
    return sorted({str(symbol.key) for pair in pairs for symbol in pair})


def text_of(name: str) -> tuple[str, Path] | None:
    """The text of one licence or exception, its name and where it lies; “or later” and “only” share it."""
    base = name.removesuffix("-only").removesuffix("-or-later")
    path = _OURS.get(base, TEXTS / f"{base}.txt")
    return (f"texts/{base}.txt", path) if path.is_file() else None


def texts(part: Part) -> Iterator[tuple[str, Path]]:
    """The texts that go with `part`: their names in the folder of the licences, and where they lie here.

    First those that came with it, then the standard texts of its licences.
    """
    folder = re.sub(r"[^\w.+-]+", "-", f"{part.inside}-{part.name}" if part.inside else part.name)
    for name, path in part.notices:
        yield f"{folder}/{name}", path
    for name in names_in(part.licence) if part.licence else ():
        text = text_of(name)
        if text is not None:
            yield text


def without_text(found: Found) -> list[str]:
    """The parts for which there is no licence text at all."""
    return [
        f"no text of {part.licence} ({part.name}): put it into inside/texts"
        for part in found.parts
        if not list(texts(part))
    ]


def report(found: Found, known: Mapping[str, Any]) -> int:
    """Print the verdict; the exit status: 1 where something is wrong."""
    wrong, admitted = judge(found, known)
    wrong += without_text(found)
    for sentence in admitted:
        print(f"admitted: {sentence}")
    for sentence in wrong:
        print(f"wrong: {sentence}", file=sys.stderr)
    print(f"{len(found.parts)} parts, {len(wrong)} wrong, {len(admitted)} admitted")
    return 1 if wrong else 0


def main(arguments: Sequence[str]) -> int:
    """The gate."""
    parser = argparse.ArgumentParser(prog="licences.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("program", nargs="?", type=Path, help="the folder of the built program, instead of this Python")
    asked = parser.parse_args(arguments)
    found, known = parts.everything(asked.program), table()
    return report(found, known)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
