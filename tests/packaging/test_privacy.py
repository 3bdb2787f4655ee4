"""What the libraries that ViScreen is built on do behind its back: nothing may be noted down or sent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_onnxruntime_keeps_no_telemetry(tmp_path: Path) -> None:
    """Since 1.29 its Linux builds note an identifier of the device and a queue of events when imported."""
    # Given a user with an empty home, who chose nothing about telemetry
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY" and not k.startswith("XDG_")}

    # When the room that runs the model is opened
    subprocess.run(
        [sys.executable, "-B", "-c", "import screening.scoring"],
        env={**environment, "HOME": str(home), "TMPDIR": str(temporary)},
        cwd=ROOT,
        timeout=60,
        check=True,
    )

    # Then nothing was noted down anywhere
    assert [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()] == []
