"""`environment.yml`, as it is written."""

from __future__ import annotations

import pytest
import yaml
from packaging.pylock import Package
from packaging.utils import NormalizedName
from packaging.version import Version

from m1doctor.locks.forms.environment import render
from m1doctor.locks.lock import Lock, Target


@pytest.mark.parametrize(
    ("pins", "name"),
    [
        ({"tensorflow": "2.19.1", "tensorflow-metal": "1.2.0", "numpy": "2.1.3"}, "tensorflow-2.19.1-metal-1.2.0"),
        (
            {"tensorflow": "2.14.0", "tensorflow-macos": "2.14.0", "tensorflow-metal": "1.1.0"},
            "tensorflow-2.14.0-metal-1.1.0",
        ),
        ({"tensorflow": "2.21.0"}, "tensorflow-2.21.0"),
        ({"numpy": "2.1.3", "tensorflow-metal": "1.2.0"}, "pinned"),
        ({}, "pinned"),
    ],
)
def test_conda_is_told_a_name_so_that_the_plain_command_works(pins: dict[str, str], name: str) -> None:
    packages = [Package(name=NormalizedName(key), version=Version(value)) for key, value in sorted(pins.items())]
    text = render(Lock(title="A lock.", target=Target(python="3.12"), packages=packages))
    document = yaml.safe_load(text)
    assert document["name"] == name
    assert document["dependencies"][0] == "python=3.12.*"
    assert "# Install: conda env create --file environment.yml\n" in text
