"""Nothing of the machine that something was written on is in the tree."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

# Each is spelt so that this file does not hold it.
_FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/wor" + "k/",
            r"(?<![\w.])/roo" + "t/",
            r"(?<![\w.])/far" + "m/",
            "/tm" + "p/w/",
            "bash_" + "jobs",
            "py" + r"pi\.org",
            "python" + r"hosted\.",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian",
        ]
    )
)


def _tracked() -> list[str]:
    git = shutil.which("git")
    if git is None or not (CHECKOUT / ".git").exists():
        pytest.skip("this is no git checkout, so there is no list of what is published")
    done = subprocess.run([git, "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_no_path_of_a_machine_and_no_host_of_a_registry_is_published() -> None:
    found = []
    for name in _tracked():
        path = CHECKOUT / name
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found += [f"{name}:{number}" for number, line in enumerate(text.splitlines(), 1) if _FOREIGN.search(line)]
    assert found == []
