"""The kernel version string: the hardware, even for a translated process."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import captures
from m1doctor.collect.parse.kernel import parse_kernel


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("Darwin Kernel Version 23.5.0: …; root:xnu-10063.121.3~5/RELEASE_ARM64_T6000", ("ARM64", "T6000")),
        ("Darwin Kernel Version 23.5.0: …; root:xnu-10063.121.3~5/RELEASE_ARM64_VMAPPLE", ("ARM64", "VMAPPLE")),
        ("Darwin Kernel Version 19.6.0: …; root:xnu-6153.141.1~1/RELEASE_X86_64", ("X86_64", None)),
        ("#1 SMP PREEMPT_DYNAMIC Debian 6.1.0", None),
        ("", None),
    ],
)
def test_architecture_and_platform_are_told_apart(version: str, expected: object) -> None:
    assert parse_kernel(version) == expected


def test_the_capture_of_one_machine_in_both_modes_has_one_kernel() -> None:
    lines = captures.text("rosetta.uname-a.t6000-rosetta-vs-native.macos12.txt").splitlines()
    assert [parse_kernel(line) for line in lines] == [("ARM64", "T6000"), ("ARM64", "T6000")]
    assert [line.split()[-1] for line in lines] == ["x86_64", "arm64"]


@pytest.mark.parametrize("path", captures.each("uname*", "rosetta.*"))
def test_every_capture_is_of_apple_silicon(path: Path) -> None:
    assert parse_kernel(path.read_text())[0] == "ARM64"


@given(st.text(max_size=200))
def test_any_text_gives_a_value_or_none(text: str) -> None:
    parse_kernel(text)
