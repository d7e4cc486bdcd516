"""An `environment.yml`, ours and by hand."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.errors import UserError
from m1doctor.knowledge.environments import PublishedEnvironment, published
from m1doctor.locks.conda_environment import read_environment
from m1doctor.locks.reading import read_lock
from m1doctor.model.given_lock import LockForm, Manager

BY_HAND = """\
name: training  # ours
channels:
  - conda-forge
dependencies:
  - python=3.12
  - conda-forge::zlib=1.2.13=hz_0
  - numpy >=1.26,<2   # a range
  - pip
  - pip:
      - six==1.17.0
      - keras>=3
      - -e .
      - --extra-index-url elsewhere
      - -r more.txt
prefix: /somewhere/else
variables:
  KERAS_BACKEND: tensorflow
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "environment.yml"
    path.write_text(text)
    return path


def test_one_by_hand_is_read_with_its_pip_section_and_the_file_beside_it(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("wrapt==1.0 \\\n  --hash=sha256:00\n")
    found = read_lock(str(written(tmp_path, BY_HAND)))
    assert (found.form, found.python) == (LockForm.ENVIRONMENT, "3.12")
    assert [(each.manager.value, each.name, each.version, each.spec, each.build) for each in found.packages] == [
        ("conda", "python", "3.12", None, None),
        ("conda", "zlib", "1.2.13", None, "hz_0"),
        ("conda", "numpy", None, ">=1.26,<2", None),
        ("conda", "pip", None, "", None),
        ("pip", "six", "1.17.0", None, None),
        ("pip", "keras", None, ">=3", None),
        ("pip", "wrapt", "1.0", None, None),
    ]
    assert found.unnamed == ("-e .",)
    assert found.whole == (), "what pip brings along is not named"


@pytest.mark.parametrize("environment", published(), ids=lambda environment: environment.name)
def test_every_published_environment_is_read_with_the_hashes_beside_it(environment: PublishedEnvironment) -> None:
    found = read_lock(str(environment.requirements.with_name("environment.yml")))
    assert {package.name for package in found.packages} >= {"python", "pip", "tensorflow", "tensorflow-metal"}
    assert (found.whole, found.unnamed, found.macos) == ((Manager.PIP,), (), "12.1")
    assert all(package.version for package in found.packages if package.manager is Manager.PIP)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dependencies: [\n", "environment.yml:2: bad YAML: "),
        ("dependencies:\n  - python\n - pip\n", "environment.yml:3: bad YAML: "),
        ("name: x\ndependencies:\n  - \x07\n", "environment.yml:3: bad YAML: "),
        ("dependencies:\n  - *python\n", "environment.yml:2: bad YAML: "),
        ("name: x\n", "environment.yml:1: not a lock: there are no dependencies in it"),
        ("- python\n", "environment.yml:1: not a lock: an environment.yml is a mapping"),
        ("name: x\ndependencies: python\n", "environment.yml:2: not a lock: dependencies is not a list"),
        ("dependencies:\n  - python=3.12\n  - {{ x }}\n", "environment.yml:3: "),
        ("dependencies:\n  - npm:\n    - x\n", "environment.yml:2: not a lock: a dependency is neither"),
        ("dependencies:\n  - pip:\n    - [x]\n", "environment.yml:3: not a lock: a line below pip:"),
        ("dependencies:\n  - 'a b c d'\n", "environment.yml:2: not a lock: 'a b c d' is no package of conda"),
        ("dependencies:\n  - pip:\n    - -r absent.txt\n", "environment.yml:3: cannot read "),
        ("", "environment.yml: bad YAML: there is nothing in it"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line_with_its_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        read_lock(str(written(tmp_path, text)))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_reads_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("-r more.txt\n")
    with pytest.raises(UserError, match=r"more.txt:1: more.txt is read within itself"):
        read_lock(str(written(tmp_path, BY_HAND)))


@given(st.text() | st.text().map(lambda text: f"dependencies:\n  - {text}\n  - pip:\n    - {text}\n"))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UserError):
        read_environment(Path("environment.yml"), text)
