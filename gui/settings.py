"""What the program remembers between two starts: typed, with its defaults in one place, in one small JSON file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from pydantic import TypeAdapter, ValidationError

from gui.desks.report_work import Choices
from screening import exports, paths
from screening.errors import N_, CannotWrite


@dataclass(slots=True)
class Settings:
    """Choices of the person at this computer. Paths are None until one was chosen."""

    language: Literal["vi", "en"] | None = None
    theme: Literal["system", "light", "dark"] = "system"
    pack: str | None = None
    profile: str | None = None
    video_folder: str | None = None
    export_folder: str | None = None
    reviewer: str | None = None
    mark_first: bool = False
    report: Choices = field(default_factory=Choices)

    def profile_path(self) -> Path | None:
        """Where the profile lies that was chosen last; one that came with the program lies where the program is now."""
        if self.profile is None:
            return None
        chosen = Path(self.profile)
        ours = paths.default_profile().with_name(chosen.name)
        return ours if ours.exists() and not chosen.exists() else chosen


_ADAPTER = TypeAdapter(Settings)


def _file() -> Path:
    return paths.user_data() / "settings.json"


def load() -> Settings:
    """The settings as saved; the defaults where there are none or the file is damaged (it is kept aside)."""
    try:
        return _ADAPTER.validate_json(_file().read_bytes())
    except FileNotFoundError:
        return Settings()
    except ValidationError:
        _file().replace(_file().with_suffix(".damaged.json"))
        return Settings()


def save(settings: Settings) -> None:
    """Write `settings` beside the old file, then in its place. Raises CannotWrite."""

    def fill(file: IO[str]) -> None:
        file.write(_ADAPTER.dump_json(settings, indent=2).decode())

    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(N_("The folder for settings cannot be made ({why})."), why=error.strerror or "?") from error
    exports.replace(_file(), fill)
