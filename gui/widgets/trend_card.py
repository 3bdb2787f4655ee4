"""How a child's index went from visit to visit: findings come in; what cannot be compared says so."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy

from gui.desks.case_facts import Finding
from gui.i18n import _, current, follow
from gui.widgets import case_words
from gui.widgets.card import Card
from gui.widgets.table import Row, Table
from screening.records import Indicators
from screening.report import words

FEWEST = 2  # one result is no course
MOST_ROWS = 6  # more are scrolled to


class TrendCard(Card):
    """Hidden until there are two findings; the latest is what the others are compared with."""

    def __init__(self) -> None:
        super().__init__()
        self._findings: tuple[Finding, ...] = ()
        self.table = Table(stretch=4, right=(1, 2, 3), rows_at_least=2, rows_at_most=MOST_ROWS)
        for part in (self.table, self):  # as high as its rows where there is room
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.add(self.table, 1)
        follow(self)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these, the latest first."""
        self._findings = tuple(findings)
        self.setVisible(len(findings) >= FEWEST)
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("The index from visit to visit"))
        self.table.setAccessibleName(self.title.text())
        heads = (_("visit"), _("clip"), _("as found"), _("as reviewed"), _("measured"))
        self.table.fill(heads, [self._row(finding) for finding in self._findings])

    def _row(self, finding: Finding) -> Row:
        t, latest = current(), self._findings[0]
        if finding is latest:
            compared = _("the latest")
        elif finding.pack_sha256 != latest.pack_sha256:
            compared = _("with another model: do not compare")
        elif finding.profile != latest.profile:
            compared = _("with another profile: do not compare")
        elif None in (finding.indicators.level, latest.indicators.level):
            compared = _("without an index")
        else:
            compared = _("in the same way")
        found, reviewed = (self._index(one, finding) for one in (finding.indicators, finding.reviewed))
        return Row((case_words.day(finding.date), t.number(finding.clip), found, reviewed, compared))

    @staticmethod
    def _index(indicators: Indicators | None, finding: Finding) -> str:
        if indicators is None or indicators.level is None:  # as on the page of results and in the report
            return "–"
        return words.index(indicators, finding.profile, current())
