"""The library's cases: children by pseudonym."""

from __future__ import annotations

import datetime as dt
import sqlite3
import unicodedata

from screening.errors import N_, WrongUsage
from screening.library.codec import decode, encode
from screening.library.records import Case, CaseSummary, Consent, Month
from screening.library.store import Store


class Cases:
    """Add, find, change and delete cases."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(
        self, pseudonym: str, *, born: Month | None = None, consent: Consent | None = None, notes: str = ""
    ) -> Case:
        """A new case; WrongUsage when the pseudonym is empty or another child's."""
        name = _tidy(pseudonym)
        try:
            new = self._store.add(
                "INSERT INTO cases (pseudonym, same_name, born, consent, notes) VALUES (?, ?, ?, ?, ?)",
                *_columns(name, born, consent, notes),
            )
        except sqlite3.IntegrityError as error:
            raise _taken(name) from error
        return self.get(new)

    def get(self, case_id: int) -> Case:
        """The case; LookupError when there is none."""
        return _case(self._store.row("SELECT * FROM cases WHERE id = ?", case_id))

    def update(self, case: Case) -> Case:
        """Write every field of `case`; WrongUsage as in `add`."""
        name = _tidy(case.pseudonym)
        try:
            self._store.change(
                "UPDATE cases SET pseudonym = ?, same_name = ?, born = ?, consent = ?, notes = ? WHERE id = ?",
                *_columns(name, case.born, case.consent, case.notes),
                case.id,
            )
        except sqlite3.IntegrityError as error:
            raise _taken(name) from error
        return self.get(case.id)

    def delete(self, case_id: int) -> None:
        """Forget the case and everything under it. Videos and PDF files on the disk are not touched."""
        self._store.change("DELETE FROM cases WHERE id = ?", case_id)

    def list(self, search: str = "") -> list[CaseSummary]:
        """Cases whose pseudonym holds `search` (case and accents do not matter), the latest visit first."""
        wanted = _plain(search.strip())
        found = [
            CaseSummary(_case(row), row["visits"], dt.date.fromisoformat(row["last"]) if row["last"] else None)
            for row in self._store.rows(
                """
                SELECT cases.*, count(visits.id) AS visits, max(visits.date) AS last
                FROM cases LEFT JOIN visits ON visits.case_id = cases.id
                GROUP BY cases.id ORDER BY last DESC NULLS LAST, same_name
                """
            )
        ]
        return [summary for summary in found if wanted in _plain(summary.case.pseudonym)]


def _case(row: sqlite3.Row) -> Case:
    return Case(
        row["id"],
        row["pseudonym"],
        Month.parse(row["born"]) if row["born"] else None,
        decode(Consent, row["consent"]),
        row["notes"],
    )


def _columns(name: str, born: Month | None, consent: Consent | None, notes: str) -> tuple[str | None, ...]:
    same_name = unicodedata.normalize("NFC", name.casefold())
    return name, same_name, str(born) if born else None, encode(Consent, consent), notes


def _tidy(pseudonym: str) -> str:
    name = unicodedata.normalize("NFC", pseudonym).strip()
    if not name:
        raise WrongUsage(N_("A case needs a pseudonym. Enter one that does not tell who the child is."))
    return name


def _taken(name: str) -> WrongUsage:
    return WrongUsage(N_("There is already a case “{name}”. Choose another pseudonym."), name=name)


def _plain(text: str) -> str:
    """Without case and accents: "bong" finds "Bông", "duc" finds "Đức"."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
