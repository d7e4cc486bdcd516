"""Wishes of the command line beside those of the settings."""

from __future__ import annotations

import pytest

from m1doctor.cli.wishes import depth_of
from m1doctor.settings import Settings


@pytest.mark.parametrize(
    ("typed_quick", "typed_deep", "set_deep", "deep"),
    [
        (False, False, None, False),
        (False, False, True, True),
        (False, True, False, True),
        (True, False, True, False),
        (True, True, None, True),
    ],
)
def test_what_is_typed_is_heard_before_the_settings(
    *, typed_quick: bool, typed_deep: bool, set_deep: bool | None, deep: bool
) -> None:
    depth = depth_of(Settings(deep=set_deep), quick=typed_quick, no_bench=False, deep=typed_deep, limit=None)
    assert (depth.quick, depth.deep) == (typed_quick, deep)


def test_a_typed_limit_is_the_limit_and_else_that_of_the_settings() -> None:
    settings = Settings(limit=7.0)
    assert depth_of(settings, quick=False, no_bench=False, deep=False, limit=3.0).limit_seconds == 3.0
    assert depth_of(settings, quick=False, no_bench=False, deep=False, limit=None).limit_seconds == 7.0
