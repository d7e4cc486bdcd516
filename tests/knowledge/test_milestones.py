from __future__ import annotations

from datetime import date

import pytest
from packaging.version import Version

from m1doctor.knowledge.milestones import first_release, milestones


@pytest.mark.parametrize("entry", list(milestones().values()), ids=lambda entry: entry.name)
def test_each_has_a_release_a_source_and_a_date(entry: object) -> None:
    assert Version(entry.tensorflow).release[0] == 2  # type: ignore[attr-defined]  # an entry
    assert entry.what.endswith(".")  # type: ignore[attr-defined]  # as above
    assert entry.source  # type: ignore[attr-defined]  # as above
    date.fromisoformat(entry.date)  # type: ignore[attr-defined]  # as above


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        first_release("keras-9")
