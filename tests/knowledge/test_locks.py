"""Releases that no lock may name."""

from __future__ import annotations

import datetime as dt

from packaging.utils import canonicalize_name
from packaging.version import Version

from m1doctor.knowledge.locks import never_lock


def test_the_release_that_requires_only_itself_is_among_them() -> None:
    assert ("tensorflow-macos", "2.15.1") in {(release.name, release.version) for release in never_lock()}


def test_every_entry_is_well_formed_and_says_where_it_is_from() -> None:
    for release in never_lock():
        assert release.name == canonicalize_name(release.name)
        Version(release.version)
        dt.date.fromisoformat(release.date)
        assert release.reason
        assert release.source
