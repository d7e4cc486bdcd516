"""Lines of conda's `dependencies`, held to what py-rattler reads in them."""

from __future__ import annotations

import pytest
import rattler
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.checks.pinned import is_satisfied
from m1doctor.locks.conda_spec import read_spec


@pytest.mark.parametrize(
    ("text", "version", "fuzzy", "spec", "build"),
    [
        ("numpy", None, False, "", None),
        ("numpy=1.26", "1.26", True, None, None),
        ("numpy 1.26", "1.26", False, None, None),
        ("numpy==1.26.4", "1.26.4", False, None, None),
        ("numpy=1.26.4=py312h_0", "1.26.4", False, None, "py312h_0"),
        ("numpy=1.26.4=py312*", "1.26.4", False, None, None),
        ("numpy=1.26.*", "1.26", True, None, None),
        ("numpy * py_0", None, False, "", "py_0"),
        ("numpy >=1.26,<2", None, False, ">=1.26,<2", None),
        ("numpy!=1.2", None, False, "!=1.2", None),
        ("numpy 1.2|1.3", None, False, "1.2|1.3", None),
        ("conda-forge::numpy[version='1.26.*', build=\"x_0\"]", "1.26", True, None, "x_0"),
    ],
)
def test_a_line_pins_a_version_or_asks_something_of_it(
    text: str,
    version: str | None,
    fuzzy: bool,  # noqa: FBT001 - a column of the table
    spec: str | None,
    build: str | None,
) -> None:
    found = read_spec(text)
    assert found is not None
    assert (found.name, found.version, found.fuzzy, found.spec, found.build) == ("numpy", version, fuzzy, spec, build)


def test_a_channel_can_say_the_platform() -> None:
    found = read_spec("conda-forge/osx-arm64::zlib")
    assert found is not None
    assert (found.name, found.subdir) == ("zlib", "osx-arm64")


@pytest.mark.parametrize("text", ["", "[x]", "numpy[", "numpy[x]", "a b c d", "=1", "{{ name }}"])
def test_what_names_no_package_is_none(text: str) -> None:
    assert read_spec(text) is None


VERSIONS = st.lists(st.integers(0, 12).map(str), min_size=1, max_size=3).map(".".join)
CONSTRAINTS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", " ", "=", "==", " =", " ==", "= ", ">=", " >=", "<", " <", "!=", "~="]),
    VERSIONS.filter(lambda version: "." in version),
    st.sampled_from(["", "", "", ".*", ",<9"]),
)


@given(CONSTRAINTS, VERSIONS)
def test_what_satisfies_a_line_is_what_rattler_says(constraint: str, version: str) -> None:
    try:
        judge = rattler.MatchSpec(f"numpy{constraint}")
    except Exception:  # noqa: BLE001 - whatever py-rattler raises, it is no line
        return
    found = read_spec(f"numpy{constraint}")
    assert found is not None
    record = rattler.PackageRecord("numpy", version, rattler.BuildString("x_0"), 0, "noarch")
    # A range that PEP 440 cannot read is let pass, and told as one that pins nothing.
    assert is_satisfied(found, version) in {judge.matches(record), found.version is None}


@given(st.text())
def test_any_text_is_read_or_is_none(text: str) -> None:
    read_spec(text)
