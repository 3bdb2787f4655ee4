"""Screening profiles: read, checked and written (`form`), kept in versions (`shelf`), edited, and told apart.

Files and edits come in, checked `Profile` records and typed differences go out. Nothing unchecked is read or written.
"""

from __future__ import annotations

from screening.profile.differences import BandChange, Change, CriterionChange, SettingChange, differences
from screening.profile.form import MAX_BYTES, SCHEMA, check, read, write

__all__ = [
    "MAX_BYTES",
    "SCHEMA",
    "BandChange",
    "Change",
    "CriterionChange",
    "SettingChange",
    "check",
    "differences",
    "read",
    "write",
]
