from __future__ import annotations

from datetime import date
from itertools import chain

import pytest
from packaging.specifiers import SpecifierSet

from m1doctor.knowledge.known_faults import SAME_MINOR, in_range, known_faults


def test_every_range_is_one_that_packaging_reads() -> None:
    faults = known_faults()
    ranges = chain(
        (shim.versions for shim in faults.shims),
        (fork.versions for fork in faults.archived_forks),
        (line.tensorflow for line in faults.keras_lines),
        (line.keras for line in faults.keras_lines if line.keras != SAME_MINOR),
        (part for clash in faults.clashes for part in (clash.versions, clash.tensorflow, clash.instead)),
    )
    assert all(SpecifierSet(each) is not None for each in ranges)


def test_every_entry_has_a_source_with_a_title_and_what_is_dated_is_a_date() -> None:
    faults = known_faults()
    sources = [
        *(shim.source for shim in faults.shims),
        *(fork.source for fork in faults.archived_forks),
        *(line.source for line in faults.keras_lines),
        *(source for clash in faults.clashes for source in clash.sources),
        *(source for build in faults.conda_builds for source in build.sources),
    ]
    assert sources
    for source in sources:
        assert source.title
        assert source.url is None or source.url.startswith("https://")
        if source.date is not None:
            date.fromisoformat(source.date)


@pytest.mark.parametrize(
    ("name", "version", "provided_by"),
    [
        ("tensorflow", "2.13.0", "tensorflow-macos"),
        ("tensorflow", "2.15.0", "tensorflow-macos"),
        ("tensorflow", "2.15.1", None),
        ("tensorflow", "2.12.0", None),
        ("tensorflow-macos", "2.15.0", None),
        ("tensorflow-macos", "2.15.1", "tensorflow"),
        ("tensorflow-macos", "2.16.2", "tensorflow"),
    ],
)
def test_the_empty_releases_are_known(name: str, version: str, provided_by: str | None) -> None:
    found = [
        shim.provided_by for shim in known_faults().shims if shim.name == name and in_range(version, shim.versions)
    ]
    assert found == ([provided_by] if provided_by else [])


def test_what_is_no_version_lies_in_no_range() -> None:
    assert in_range("nightly", ">=1") is None
