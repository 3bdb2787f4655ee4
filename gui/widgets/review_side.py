"""The right side of the review page: the episodes or the agreement, how far the review is, and what it comes to.

Counts, remarks and names come in; its table, fields and buttons are there for the page to wire.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui import style
from gui.i18n import _, current, follow
from gui.widgets.agreement_view import AgreementView
from gui.widgets.card import Card
from gui.widgets.episode_table import EpisodeTable
from gui.widgets.index_pair import IndexPair
from gui.widgets.label_search import LabelSearch, Prompt

WIDTH, WIDEST = 420, 720
EPISODES, AGREEMENT = 0, 1


class ReviewSide(QWidget):
    """Two tabs under each other's place, fields that open below them, and the two indices."""

    def __init__(self) -> None:
        super().__init__()
        self.table = EpisodeTable()
        self.agreement = AgreementView()
        self.search, self.remark = LabelSearch(), Prompt()
        self.indices = IndexPair()
        self.finish, self.report = QPushButton(), QPushButton()
        style.role(self.report, "primary")
        self.tabs = (QPushButton(), QPushButton())
        self._counted = (0, 0, False, False)
        self._places: int | None = None
        self._indices_allowed = True
        self._none, self._remarks, self.counts = QLabel(), QLabel(), QLabel()
        self._none.setWordWrap(True)
        self._remarks.setWordWrap(True)
        self._remarks.setTextFormat(Qt.TextFormat.PlainText)
        style.role(self._none, "quiet")
        style.role(self._remarks, "caption")
        style.role(self.counts, "strong")
        card = Card()
        group = QButtonGroup(self)
        for i, tab in enumerate(self.tabs):
            tab.setCheckable(True)
            style.role(tab, "tab")
            group.addButton(tab, i)
            card.top.insertWidget(i, tab)
        self.tabs[EPISODES].setChecked(True)
        self._episodes = QWidget()
        column = QVBoxLayout(self._episodes)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        # As high as there is room: its wish alone would press a search together.
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        for widget, stretch in ((self._none, 0), (self.table, 1), (self._remarks, 0)):
            column.addWidget(widget, stretch)
        column.addStretch()
        # No stack: that would be as high as the higher of the two, seen or not.
        self._pages = (self._episodes, self.agreement)
        group.idClicked.connect(self._show_page)
        for page in self._pages:
            card.add(page, 1)
        card.add(self.search)
        card.add(self.remark)
        row = QHBoxLayout()
        row.addWidget(self.counts, 1)
        row.addWidget(self.finish)
        row.addWidget(self.report)
        card.column.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(style.MEDIUM)
        whole.addWidget(card, 1)
        whole.addWidget(self.indices)
        self.setMinimumWidth(WIDTH)
        self.setMaximumWidth(WIDEST)
        for prompt in (self.search, self.remark):
            prompt.opened.connect(self._arrange)
            prompt.closed.connect(self._arrange)
        self._show_page(EPISODES)
        follow(self)

    def _show_page(self, shown: int) -> None:
        for number, page in enumerate(self._pages):
            page.setVisible(number == shown)
        self._arrange()

    def _arrange(self) -> None:
        """The indices give their room to the figures of the agreement, and to a search."""
        taken = self.tabs[AGREEMENT].isChecked() or self.search.is_open
        self.indices.setVisible(self._indices_allowed and not taken)

    def show_tab(self, tab: int) -> None:
        """The episodes, or the agreement."""
        self.tabs[tab].click()

    def allow_agreement(self, allowed: bool) -> None:
        """Not while the reviewer is to mark without seeing any answer."""
        self.tabs[AGREEMENT].setEnabled(allowed)

    def allow_indices(self, allowed: bool) -> None:
        """Not while the model's answer is hidden: it counts in both."""
        self._indices_allowed = allowed
        self._arrange()

    def show_counts(self, opens: int, shown: int, *, hidden: bool, finished: bool) -> None:
        """So many of the `shown` episodes are open; `hidden`: those of the model are not among them."""
        self._counted = opens, shown, hidden, finished
        self.retranslate()

    def show_places(self, places: int | None) -> None:
        """In so many places two reviews differ; None: nothing is compared."""
        self._places = places
        self.retranslate()

    def show_remarks(self, remarks: tuple[str, ...]) -> None:
        """What was remarked about the selected episode."""
        self._remarks.setText("  ".join(f"“{remark}”" for remark in remarks))
        self._remarks.setVisible(bool(remarks))

    def retranslate(self) -> None:
        """Write every text again."""
        t = current()
        opens, shown, hidden, finished = self._counted
        self.tabs[EPISODES].setText(_("Episodes: {n}").format(n=t.number(shown)))
        self.tabs[EPISODES].setToolTip(_("The episodes and what you decided"))
        self.tabs[AGREEMENT].setText(self._agreement())
        self.tabs[AGREEMENT].setToolTip(_("How well two reviews agree, and in how many places they differ"))
        says = _("{n} marked").format(n=t.number(shown))
        if not hidden:
            says = _("{n} open · {decided} decided").format(n=t.number(opens), decided=t.number(shown - opens))
        self.counts.setText(_("Finished") + " ✓   " + says if finished else says)
        self.finish.setText(_("Finish the review"))
        self.finish.setToolTip(_("You are through. If you decide anything afterwards, the review is open again."))
        style.role(self.finish, "primary" if shown and not opens else "")
        self.finish.setEnabled(not hidden)
        self.report.setText(_("On to the report"))
        self.report.setVisible(finished)
        if finished and self.finish.hasFocus():
            self.report.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finish.setVisible(not finished and not hidden)
        self._none.setText(
            _("Watch the video. Press B to choose a behaviour, then M where it begins, and M again where it ends.")
            if hidden
            else _("The model found no episode. If you see one, press M where it begins, and again where it ends.")
        )
        self._none.setVisible(not shown)
        self.table.setVisible(bool(shown))

    def _agreement(self) -> str:
        t, places = current(), self._places
        if places is None:
            return _("Agreement")
        if not places:
            return _("Agreement (no difference)")
        return _("Agreement (differences: {n})").format(n=t.number(places))
