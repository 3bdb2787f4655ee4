"""What a report shows and who signs it: language, pictures, clinic, logo, clinician. `Choices` in, `Choices` out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from gui import style
from gui.desks.report_work import Choices, complete
from gui.i18n import _, current, follow
from gui.widgets import case_words
from gui.widgets.card import Card
from gui.widgets.choice import ChoiceBox
from gui.widgets.elided_label import ElidedLabel
from screening.language import LANGUAGES
from screening.report import Pictures

PICTURES: tuple[Pictures, ...] = ("model", "full", "none")
LONGEST = 80


class ReportChoices(Card):
    """`choices` is what is chosen now; a logo comes back by `use`, once it was found to be a picture."""

    changed = Signal()
    logo_chosen = Signal(object)  # Path

    def __init__(self) -> None:
        super().__init__()
        self._choices, self._reviewer = Choices(), ""
        self.language, self.pictures = ChoiceBox(), ChoiceBox()
        self.clinic, self.clinician = QLineEdit(), QLineEdit()
        self.logo, self.no_logo = QPushButton(), QPushButton()
        self._logo_name, self._note = ElidedLabel(), QLabel()
        self._labels = {name: QLabel() for name in ("language", "pictures", "clinician", "clinic", "logo")}
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        for box in (self.language, self.pictures):
            box.setMinimumContentsLength(8)
        for field in (self.clinic, self.clinician):
            field.setMaxLength(LONGEST)
            field.editingFinished.connect(self._show_beginnings)
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        for kind in PICTURES:
            self.pictures.addItem("", kind)
        self._lay_out()
        self.language.currentIndexChanged.connect(self._language_chosen)
        self.pictures.currentIndexChanged.connect(self._changed)
        self.clinic.textChanged.connect(self._changed)
        self.clinician.textChanged.connect(self._changed)
        self.logo.clicked.connect(self._ask_for_logo)
        self.no_logo.clicked.connect(self._drop_logo)
        follow(self)

    def _lay_out(self) -> None:
        logo = QHBoxLayout()
        logo.setSpacing(style.SMALL)
        logo.addWidget(self._logo_name, 1)
        logo.addWidget(self.no_logo)
        logo.addWidget(self.logo)
        form = QFormLayout()
        form.setHorizontalSpacing(style.MEDIUM)
        form.setVerticalSpacing(style.SMALL)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(self._labels["language"], self.language)
        pictures = QVBoxLayout()
        pictures.setSpacing(style.SMALL)
        pictures.addWidget(self.pictures)
        pictures.addWidget(self._note)
        form.addRow(self._labels["pictures"], pictures)
        self._labels["pictures"].setBuddy(self.pictures)
        for name, field in (("clinician", self.clinician), ("clinic", self.clinic)):
            form.addRow(self._labels[name])  # above it: names need the whole width
            form.addRow(field)
            self._labels[name].setBuddy(field)
        form.addRow(self._labels["logo"], logo)
        self._labels["logo"].setBuddy(self.logo)
        self.column.addLayout(form)

    # ---- told

    @property
    def choices(self) -> Choices:
        """As chosen now."""
        return self._choices

    def use(self, choices: Choices) -> None:
        """Show `choices`; nothing is asked for by it."""
        self._choices = choices
        with QSignalBlocker(self.pictures), QSignalBlocker(self.clinic), QSignalBlocker(self.clinician):
            self.pictures.setCurrentIndex(self.pictures.findData(choices.pictures))
            for field, text in ((self.clinic, choices.clinic), (self.clinician, choices.clinician)):
                if field.text().strip() != text:  # a space that is being typed is no change
                    field.setText(text)
                    field.setCursorPosition(0)  # a long name is read from its beginning
        self._show_language()
        self._write()

    def show_reviewer(self, name: str) -> None:
        """Who reviewed the result and signs unless another name is typed; "" when nobody did."""
        self._reviewer = name
        self._write()

    def _show_language(self) -> None:
        with QSignalBlocker(self.language):
            self.language.setCurrentIndex(self.language.findData(complete(self._choices, current().code).language))

    # ---- texts

    def retranslate(self) -> None:
        """Write every text again."""
        self.entitle(_("The report"))
        for name, text, field in (
            ("language", _("Language"), self.language),
            ("pictures", _("Evidence"), self.pictures),
            ("clinician", _("Clinician"), self.clinician),
            ("clinic", _("Clinic"), self.clinic),
            ("logo", _("Logo"), self.logo),
        ):
            self._labels[name].setText(text)
            field.setAccessibleName(text)
        for kind, text in zip(
            PICTURES, (_("As the model saw them"), _("Full pictures"), _("No pictures")), strict=True
        ):
            self.pictures.setItemText(self.pictures.findData(kind), text)
        self.clinic.setPlaceholderText(_("Name on every page"))
        self.logo.setText(_("Choose…"))
        self.logo.setToolTip(_("A PNG or JPEG picture for the first page"))
        self.logo.setAccessibleName(_("Choose a logo"))
        self.no_logo.setText(_("Remove"))
        self.no_logo.setAccessibleName(_("Remove the logo"))
        self._write()
        before = self.language.currentIndex()
        self._show_language()
        if self.language.currentIndex() != before:  # the report follows the window until a language is chosen
            self.changed.emit()

    def _write(self) -> None:
        chosen = self._choices
        notes = {
            "model": _("Coarse: faces can hardly be recognised."),
            "full": _("Faces are seen: only if the consent covers it."),
            "none": _("The report shows no picture of anybody."),
        }
        self._note.setText(notes[chosen.pictures])
        style.role(self._note, "nolevel" if chosen.pictures == "full" else "caption")
        for field, text in ((self.clinician, chosen.clinician), (self.clinic, chosen.clinic)):
            field.setToolTip(case_words.tooltip(text))
        self.clinician.setPlaceholderText(self._reviewer or _("Name of who signs"))
        name = Path(chosen.logo).name if chosen.logo else _("none")
        self._logo_name.show_text(name)
        self.no_logo.setVisible(chosen.logo is not None)

    # ---- chosen

    def _changed(self) -> None:
        self._choices = replace(
            self._choices,
            pictures=self.pictures.currentData(),
            clinic=self.clinic.text().strip(),
            clinician=self.clinician.text().strip(),
        )
        self._write()
        self.changed.emit()

    def _show_beginnings(self) -> None:
        """A long name is read from its beginning as soon as nobody types it any more."""
        for field in (self.clinician, self.clinic):
            if not field.hasFocus():
                field.setCursorPosition(0)

    def _language_chosen(self) -> None:
        self._choices = replace(self._choices, language=self.language.currentData())
        self._changed()

    def _ask_for_logo(self) -> None:
        folder = str(Path(self._choices.logo).parent) if self._choices.logo else ""
        dialog = QFileDialog(self.window(), _("Choose a logo"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_("Pictures ({kinds})").format(kinds="*.png *.jpg *.jpeg"), _("All files (*)")])
        dialog.fileSelected.connect(self._logo_was_chosen)
        dialog.open()

    def _logo_was_chosen(self, name: str) -> None:
        self.logo_chosen.emit(Path(name))

    def _drop_logo(self) -> None:
        self.use(replace(self._choices, logo=None))
        self.logo.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
