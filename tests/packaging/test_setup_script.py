"""`packaging/setup.sh` on pretended machines: what it installs, what it skips, and what it says when it cannot.

The pretended Python answers like a real one and writes down what it was asked to do; nothing is downloaded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "setup.sh"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="bash is the way on Linux; Windows has setup.ps1")

PRETENDED_PYTHON = r"""#!/bin/bash
version=__VERSION__
case "$*" in
    "-c import sys; sys.exit"*) case $version in 3.11|3.12|3.13) exit 0 ;; *) exit 1 ;; esac ;;
    "-c import ensurepip"*) [ -e "$MACHINE/has-venv" ] ;;
    "-c "*venv*) echo "python$version-venv" ;;
    --version) echo "Python $version" ;;
    "- "*) cat >/dev/null; [ -e "$MACHINE/has-qt-libraries" ] || echo libxcb-cursor.so.0=libxcb-cursor0 ;;
    "-m venv "*)
        mkdir -p "${@: -1}/bin"
        cp "$0" "${@: -1}/bin/python"
        echo "#!${@: -1}/bin/python" >"${@: -1}/bin/pip" ;;
    "-m pip "*)
        echo "pip $* PIP_USER=$PIP_USER PYTHONPATH=${PYTHONPATH-}" >>"$MACHINE/log"
        [ ! -e "$MACHINE/no-network" ] || exit 1
        printf '#!/bin/bash\necho "viscreen $*"\n' >"${0%/*}/viscreen"
        chmod +x "${0%/*}/viscreen" ;;
esac
"""


@dataclass
class Machine:
    """A machine with a fresh clone, a folder of programs, and nothing else."""

    folder: Path

    @property
    def project(self) -> Path:
        return self.folder / "Bác sĩ's clone"

    def add(self, name: str, text: str) -> None:
        program = self.folder / "bin" / name
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)

    def add_python(self, name: str, version: str) -> None:
        self.add(name, PRETENDED_PYTHON.replace("__VERSION__", version))

    def has(self, *facts: str) -> None:
        for fact in facts:
            (self.folder / fact).touch()

    def lacks(self, fact: str) -> None:
        (self.folder / fact).unlink()

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "bin" / "bash", self.project / "packaging" / "setup.sh", *words],
            env={"PATH": str(self.folder / "bin"), "MACHINE": str(self.folder), **environment},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def log(self) -> list[str]:
        """What was asked of pip and apt-get since the last look."""
        file = self.folder / "log"
        found = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    (made.project / "packaging").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for file in ("setup.sh", "requirements.txt", "requirements-test.txt"):
        shutil.copy(ROOT / "packaging" / file, made.project / "packaging")
    shutil.copy(ROOT / "pyproject.toml", made.project)
    for program in ("bash", "cat", "chmod", "cp", "dirname", "env", "grep", "mkdir", "rm", "sha256sum", "sort"):
        found = shutil.which(program)
        assert found, f"this test needs {program}"
        (tmp_path / "bin" / program).symlink_to(found)
    made.add("id", "#!/bin/bash\necho 1000\n")
    return made


def test_a_wrong_word_is_answered_with_the_right_ones(machine: Machine) -> None:
    for words in ([], ["fly"], ["Demo"]):
        answer = machine.run(*words)
        assert answer.returncode == 2
        assert answer.stderr.startswith("Usage: ")
        assert "demo" in answer.stderr
        assert "test" in answer.stderr


def test_the_demonstration_installs_everything_once_and_then_starts_at_once(machine: Machine) -> None:
    # Given a machine with all that is needed, and a user whose own settings point elsewhere
    machine.add_python("python3", "3.12")
    machine.has("has-venv", "has-qt-libraries")
    own_settings = {"PIP_USER": "1", "PYTHONPATH": "/nonsense", "PYTHONHOME": "/nonsense"}

    # When the demonstration is asked for
    first = machine.run("demo", "--lang", "vi", **own_settings)

    # Then the pinned packages and the project are installed in the clone's own .venv, and the words are passed on
    assert (first.returncode, first.stdout) == (0, "viscreen demo --lang vi\n")
    packages, project = machine.log()
    assert f"-r {machine.project}/packaging/requirements.txt PIP_USER=0 PYTHONPATH=" in packages
    assert packages.endswith("PYTHONPATH=")
    assert f"--no-deps --no-build-isolation -e {machine.project} " in project
    assert sorted(p.name for p in machine.project.iterdir()) == [".venv", "packaging", "pyproject.toml"]

    # And the second time nothing is installed and nothing but the program itself speaks
    second = machine.run("demo")
    assert (second.returncode, second.stdout, second.stderr) == (0, "viscreen demo\n", "")
    assert machine.log() == []

    # And when a pin changes, the packages are brought up to date
    with (machine.project / "packaging" / "requirements.txt").open("a", encoding="utf-8") as file:
        file.write("zzz==1.0\n")
    assert machine.run("demo").returncode == 0
    assert len(machine.log()) == 2


def test_an_interrupted_setup_is_taken_up_again(machine: Machine) -> None:
    # Given a download that failed half-way
    machine.add_python("python3", "3.12")
    machine.has("has-venv", "has-qt-libraries", "no-network")
    failed = machine.run("demo")
    assert failed.returncode == 1
    assert "Check the network connection" in failed.stderr
    machine.log()

    # When the network is back, then the same command finishes the work
    machine.lacks("no-network")
    assert machine.run("demo").returncode == 0
    assert len(machine.log()) == 2

    # And a virtual environment that was left half-made, or came with a moved folder, is made anew
    for spoilt in ("", "#!/elsewhere/.venv/bin/python\n"):
        (machine.project / ".venv" / "bin" / "pip").write_text(spoilt, encoding="utf-8")
        anew = machine.run("demo")
        assert (anew.returncode, "Making the virtual environment" in anew.stderr) == (0, True)
        assert len(machine.log()) == 2


def test_a_python_that_will_do_is_preferred_to_the_first_in_the_path(machine: Machine) -> None:
    machine.has("has-venv", "has-qt-libraries")
    machine.add_python("python3", "3.14")
    machine.add_python("python3.12", "3.12")
    assert "with Python 3.12" in machine.run("demo").stderr


def test_without_a_supported_python_one_sentence_says_so_and_nothing_is_made(machine: Machine) -> None:
    machine.add_python("python3", "3.10")
    answer = machine.run("test")
    assert answer.returncode == 1
    assert answer.stderr.startswith("ViScreen needs Python 3.11, 3.12 or 3.13 and found none (Python 3.10).")
    assert answer.stderr.count("\n") == 1
    assert not (machine.project / ".venv").exists()


def test_an_ordinary_user_is_told_the_exact_command_for_what_is_missing(machine: Machine) -> None:
    machine.add_python("python3", "3.12")
    machine.add("apt-get", '#!/bin/bash\necho "apt-get $*" >>"$MACHINE/log"\n')
    answer = machine.run("demo")
    assert answer.returncode == 1
    assert answer.stderr.endswith("sudo apt-get update && sudo apt-get install -y libxcb-cursor0 python3.12-venv\n")
    assert answer.stderr.count("\n") == 1
    assert machine.log() == []


@pytest.mark.parametrize("may", ["as root", "with sudo"])
def test_what_is_missing_is_installed_where_that_is_allowed(machine: Machine, may: str) -> None:
    machine.add_python("python3", "3.12")
    machine.add(
        "apt-get",
        '#!/bin/bash\necho "$DEBIAN_FRONTEND apt-get $*" >>"$MACHINE/log"\n'
        '>"$MACHINE/has-venv"\n>"$MACHINE/has-qt-libraries"\n',
    )
    if may == "as root":
        machine.add("id", "#!/bin/bash\necho 0\n")
    else:
        machine.add("true", "#!/bin/bash\n")
        machine.add("sudo", '#!/bin/bash\n[ "$1" = -n ] && exec "${@:2}"\n')
    assert machine.run("demo").returncode == 0
    update, install, *_ = machine.log()
    assert update.endswith("apt-get update -qq")
    assert install.startswith("noninteractive apt-get install -y")
    assert install.endswith("libxcb-cursor0 python3.12-venv")


def test_on_a_system_without_apt_the_missing_library_is_named(machine: Machine) -> None:
    machine.add_python("python3", "3.12")
    machine.has("has-venv")
    answer = machine.run("demo")
    assert answer.returncode == 1
    assert "libxcb-cursor.so.0" in answer.stderr
    assert "apt-get" not in answer.stderr


def test_the_tests_fail_when_any_check_fails_though_all_are_run(machine: Machine) -> None:
    # Given a finished set-up in which types and import rules are broken and all else is well
    machine.add_python("python3", "3.12")
    machine.has("has-venv", "has-qt-libraries")
    machine.run("test")
    programs = machine.project / ".venv" / "bin"
    for name in ("ruff", "mypy", "lint-imports", "pytest"):
        program = programs / name
        program.write_text(
            f'#!/bin/bash\necho "{name} $* $QT_QPA_PLATFORM"\nexit {int(name in ("mypy", "lint-imports"))}\n',
            encoding="utf-8",
        )
        program.chmod(0o755)

    # When the tests are run with words for pytest
    answer = machine.run("test", "-k", "two words")

    # Then every check ran, the words arrived, no screen was needed, and the failure is named
    assert answer.stdout.splitlines() == [
        "ruff check . offscreen",
        "mypy  offscreen",
        "lint-imports  offscreen",
        "pytest -k two words offscreen",
    ]
    assert answer.returncode == 1
    assert answer.stderr.endswith("Failed: mypy import-linter\n")


def test_the_scripts_are_sound_shell() -> None:
    for script in (SCRIPT, ROOT / ".ci" / "run"):
        subprocess.run(["bash", "-n", script], check=True, timeout=60)
        if shutil.which("shellcheck"):
            subprocess.run(["shellcheck", script], check=True, timeout=60)


def test_the_windows_script_installs_the_same_files_and_is_plain_ascii() -> None:
    """Windows PowerShell 5.1 reads a script without a byte-order mark in the machine's old code page."""
    text = (ROOT / "packaging" / "setup.ps1").read_bytes().decode("ascii")
    for file in ("requirements.txt", "requirements-test.txt", "pyproject.toml"):
        assert file in text


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="shared libraries of Linux")
@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
def test_the_system_libraries_that_the_script_sees_to_are_all_that_qt_needs(platform: str) -> None:
    """Fails on a freshly set-up machine when a new Qt needs a library that setup.sh does not name."""
    import PySide6

    plugin = Path(PySide6.__file__).parent / "Qt" / "plugins" / "platforms" / f"libq{platform}.so"
    libraries = subprocess.run(
        ["ldd", plugin], env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert "libQt6Gui" in libraries
    assert [line.strip() for line in libraries.splitlines() if "not found" in line] == []
