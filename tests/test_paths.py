"""Where things of our own live."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor import paths


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/home/someone/project/.venv/bin/python", "venv"),
        ("/home/someone/project/.venv/bin/python3.11", "venv"),
        ("/opt/homebrew/Caskroom/miniforge/base/envs/metal/bin/python", "metal"),
        ("/data/mac/lib/python3.11/site-packages", "mac"),
        ("/", "target"),
        ("", "target"),
    ],
)
def test_the_key_of_a_target_begins_with_a_word_that_says_which(path: str, word: str) -> None:
    assert re.fullmatch(rf"{word}-[0-9a-f]{{10}}", paths.target_key(path))


def test_two_targets_have_two_keys() -> None:
    assert paths.target_key("/a/.venv/bin/python") != paths.target_key("/b/.venv/bin/python")


@given(st.text(alphabet=st.characters(blacklist_characters="\0")))
def test_a_key_is_one_harmless_folder_name_whatever_the_path(path: str) -> None:
    key = paths.target_key(path)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,60}", key)
    assert key == paths.target_key(path)


def test_the_requirements_of_a_target_are_in_its_own_folder() -> None:
    path = "/p/.venv/bin/python"
    assert (
        paths.requirements_file(path) == paths.state_folder() / "targets" / paths.target_key(path) / "requirements.txt"
    )


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has its own folder and no XDG settings")
def test_the_state_folder_follows_the_users_setting() -> None:
    code = "from m1doctor.paths import state_folder; print(state_folder())"
    environ = {**os.environ, "XDG_STATE_HOME": "/elsewhere/state"}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "/elsewhere/state/m1doctor\n"
    assert not Path("/elsewhere").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user without a home folder")
def test_a_user_without_a_home_folder_is_told_what_to_set() -> None:
    code = (
        "import os; from m1doctor.errors import UserError; from m1doctor.paths import state_folder\n"
        "state_folder()  # imports what it needs while that can be read\n"
        "os.setuid(54321); del os.environ['HOME']\n"
        "try: state_folder()\n"
        "except UserError as error: print(error)"
    )
    environ = {name: value for name, value in os.environ.items() if name != "XDG_STATE_HOME"}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "there is no home folder to keep anything in: set HOME or XDG_STATE_HOME\n"
