"""A screening profile while it is edited: beside its saved version, the model and the result. No Qt here.

Records come in; rows to show, what is wrong, and what may be added go out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gui.i18n import _, current, sentence
from screening import profile
from screening.errors import WrongUsage
from screening.profile import Change, shelf
from screening.profile.differences import CriterionField
from screening.profile.shelf import Entry, Listing
from screening.records import Band, Criterion, Label, PackInfo, Profile, Result


@dataclass(frozen=True, slots=True)
class Asked:
    """One row: a criterion beside what the saved profile and the result of now ask of the same behaviour.

    `saved` and `reported` are None where they ask nothing; `reported` counts only if `has_result`. `default` is the
    pack's threshold, None where it has none; `note` says why the behaviour cannot be judged.
    """

    criterion: Criterion
    name: str
    note: str
    default: float | None
    saved: Criterion | None
    reported: Criterion | None
    has_result: bool

    def unsaved(self, field: CriterionField) -> bool:
        """Whether this value differs from the saved profile's."""
        return self.saved is None or getattr(self.saved, field) != getattr(self.criterion, field)

    @property
    def changed_since(self) -> bool:
        """The result of now was judged otherwise."""
        return self.has_result and self.reported != self.criterion


def level_name(band: Band) -> str:
    """The level's name in the language of now, else in another, else its code."""
    return band.names.get(current().code) or next(iter(band.names.values()), band.code)


@dataclass(frozen=True, slots=True)
class Editing:
    """`draft` is on screen; it began as `saved`, a version of `entry`."""

    entry: Entry
    saved: Profile
    draft: Profile
    listing: Listing
    pack: PackInfo | None
    result: Result | None

    @property
    def unsaved(self) -> bool:
        """Something is not saved."""
        return self.draft != self.saved

    @property
    def is_old(self) -> bool:
        """An earlier version was opened."""
        return self.saved.version != self.entry.versions[-1]

    @property
    def path(self) -> Path:
        """The file of the version that was opened."""
        return shelf.path_of(self.entry, self.saved.version)

    @property
    def shipped(self) -> Profile | None:
        """What a reset goes back to: the first shipped profile of the same label set."""
        shipped = (entry.profile for entry in self.listing.entries if entry.shipped)
        return next((p for p in shipped if p.label_set == self.draft.label_set), None)

    @property
    def labels(self) -> dict[int, Label]:
        """The model's behaviours by id; none when the profile speaks of another label set."""
        if self.pack is None or self.pack.label_set != self.draft.label_set:
            return {}
        return {label.id: label for label in self.pack.labels}

    def behaviour(self, label_id: int) -> str:
        """Its name in the language of now."""
        label = self.labels.get(label_id)
        return label.name(current().code) if label is not None else _("Behaviour {id}").format(id=label_id)

    def rows(self) -> tuple[Asked, ...]:
        """A row for each criterion, in the profile's order."""
        saved = {c.label_id: c for c in self.saved.criteria}
        reported = {c.label_id: c for c in self.result.profile.criteria} if self.result is not None else {}
        labels = self.labels
        return tuple(
            Asked(
                criterion,
                self.behaviour(criterion.label_id),
                self._note(criterion.label_id),
                labels[criterion.label_id].threshold if criterion.label_id in labels else None,
                saved.get(criterion.label_id),
                reported.get(criterion.label_id),
                self.result is not None,
            )
            for criterion in self.draft.criteria
        )

    def offered(self) -> list[Label]:
        """Behaviours with a meaning in the label set that are not asked for yet, trained ones first."""
        other = self.pack.output.other_id if self.pack is not None else None
        asked = {c.label_id for c in self.draft.criteria}
        free = [label for label in self.labels.values() if label.id != other and label.id not in asked]
        return sorted(free, key=lambda label: (not label.trained, label.id))

    def unsaved_changes(self) -> tuple[Change, ...]:
        """From what was opened to what is on screen."""
        return profile.differences(self.saved, self.draft)

    def changes_since_result(self) -> tuple[Change, ...] | None:
        """From what the result was judged by to what is on screen; None without a result."""
        return profile.differences(self.result.profile, self.draft) if self.result is not None else None

    def fault(self) -> str:
        """What keeps the draft from being saved, in one sentence; empty when nothing does."""
        begin = 0.0
        for band in self.draft.bands:
            if not band.names:
                return _("Each level needs a name.")
            if band.upper <= begin:
                return _("“{level}” must end above {n}, where the level before it ends.").format(
                    level=level_name(band), n=current().number(begin, 0 if begin == int(begin) else 1)
                )
            begin = band.upper
        try:
            profile.check(self.draft)
            if not self.entry.shipped:
                others = (entry for entry in self.listing.entries if entry.key != self.entry.key)
                shelf.check_name(self.draft.name, others)
        except WrongUsage as error:
            return sentence(error)
        return ""

    def state(self) -> str:
        """How things stand, in one sentence, when nothing is wrong."""
        if self.entry.shipped:
            return _("This profile comes with the program and stays as it is; “Save as…” makes it your own.")
        if self.unsaved:
            return _("Not saved yet. Saving makes a new version; the earlier ones are kept.")
        return _("This is an earlier version; saving it makes it the newest.") if self.is_old else ""

    def _note(self, label_id: int) -> str:
        labels = self.labels
        if labels and label_id not in labels:
            return _("The model does not know this behaviour: it cannot be judged.")
        if labels and not labels[label_id].trained:
            return _("The model is not trained for this behaviour: it cannot be judged.")
        return ""
