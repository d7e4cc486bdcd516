from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg013_archived_fork import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import Status
from m1doctor.model.unknown import Unknown


def _facts(folder: Path, name: str, version: str, machine: str = "arm64", *, ml_compute: bool = False) -> Facts:
    files = {"tensorflow/__init__.py": b""}
    if ml_compute:
        files["tensorflow/python/compiler/mlcompute/mlcompute.py"] = b""
    lay_down(folder, name, version, files)
    facts = facts_of(folder)
    assert facts.interpreter is not None
    return replace(facts, interpreter=replace(facts.interpreter, machine=machine))


@pytest.mark.parametrize(
    ("name", "version"),
    [("tensorflow-macos", "0.1a0"), ("tensorflow_macos", "0.1a3"), ("tensorflow", "2.4.0rc0"), ("tensorflow", "2.4")],
)
def test_the_fork_is_told_on_apple_silicon(tmp_path: Path, name: str, version: str) -> None:
    result = result_of(CHECK, _facts(tmp_path, name, version))
    assert result.status is Status.ERROR
    assert version in result.summary
    assert "archived" in result.summary


def test_on_an_intel_mac_a_stock_2_4_is_no_fork_but_ml_compute_is(tmp_path: Path) -> None:
    assert result_of(CHECK, _facts(tmp_path / "a", "tensorflow", "2.4.1", "x86_64")).status is Status.PASS
    fork = _facts(tmp_path / "b", "tensorflow", "2.4.0rc0", "x86_64", ml_compute=True)
    assert result_of(CHECK, fork).status is Status.ERROR


@pytest.mark.parametrize(("name", "version"), [("tensorflow-macos", "2.5.0"), ("tensorflow", "2.18.1")])
def test_later_releases_pass(tmp_path: Path, name: str, version: str) -> None:
    assert result_of(CHECK, _facts(tmp_path, name, version)).status is Status.PASS


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED
