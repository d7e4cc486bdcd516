"""How every check judges every machine. A change here is a change of what users are told: see `review.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from m1doctor.checks.registry import built_in_checks
from machines import loading, review

EXPECTED = review.expected()
REVIEW = "run `python tests/machines/review.py`, read the changes, then add --write"
HEALTHY = [name for name in loading.names() if name.startswith("healthy")]


def test_the_matrix_names_every_machine() -> None:
    assert sorted(EXPECTED) == loading.names(), REVIEW


@pytest.mark.parametrize("name", loading.names())
def test_every_check_judges_the_machine_as_expected(name: str, tmp_path: Path) -> None:
    results, verdict = loading.examine(name, tmp_path)
    seen = {result.id: loading.shortly(result) for result in results}
    assert sorted(seen) == sorted(check.id for check in built_in_checks())
    assert seen == EXPECTED[name]["results"], REVIEW
    assert (str(verdict.status), list(verdict.causes)) == (EXPECTED[name]["verdict"], EXPECTED[name]["causes"]), REVIEW


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_machine_is_called_healthy_and_nothing_about_it_is_remarked(name: str, tmp_path: Path) -> None:
    results, verdict = loading.examine(name, tmp_path)
    assert str(verdict.status) == "healthy", verdict.headline
    remarked = [result.summary for result in results if result.findings]
    assert not remarked
    unknown = [f"{result.id}: {result.reason}" for result in results if str(result.skip) == "unknown"]
    assert not unknown


@pytest.mark.parametrize("name", loading.names())
def test_no_check_crashes_and_every_skipped_one_says_why(name: str, tmp_path: Path) -> None:
    results, _ = loading.examine(name, tmp_path)
    assert [result.reason for result in results if str(result.status) == "crashed"] == []
    assert all(result.reason for result in results if str(result.status) == "skipped")


def test_linux_is_healthy_with_a_remark(tmp_path: Path) -> None:
    for name in ("linux-x86_64", "linux-aarch64"):
        results, verdict = loading.examine(name, tmp_path / name)
        assert str(verdict.status) == "note"
        assert [result.id for result in results if result.findings] == ["MAC001"]


def test_only_the_emulated_machines_are_called_emulated(tmp_path: Path) -> None:
    for name in loading.names():
        results, _ = loading.examine(name, tmp_path / name)
        emulated = next(result for result in results if result.id == "MAC009").findings
        assert bool(emulated) == name.startswith("emulated")
