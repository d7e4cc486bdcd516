"""Names of distributions: the same as `packaging` has them, for any name and any requirement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from m1doctor.model.names import distribution_name, normalized

NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?", fullmatch=True)


@given(NAMES)
def test_a_name_is_normalized_as_packaging_does_it(name: str) -> None:
    assert normalized(name) == canonicalize_name(name)


@given(
    NAMES, st.sampled_from(["", ">=3,<4", " == 1.0", "[extra]", "; python_version > '3'", " @ https://a.example/b.whl"])
)
def test_a_requirement_is_about_the_name_that_packaging_reads(name: str, rest: str) -> None:
    assert distribution_name(name + rest) == canonicalize_name(Requirement(name + rest).name)


@pytest.mark.parametrize(("text", "name"), [("Keras>=3,<4", "keras"), ("  TF_Keras ", "tf-keras"), ("-e .", "-e -")])
def test_what_begins_with_no_name_is_normalized_whole(text: str, name: str) -> None:
    assert distribution_name(text) == name
