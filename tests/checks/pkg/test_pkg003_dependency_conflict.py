from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments import real
from environments.site_folder import facts_of, lay_down
from environments.verdicts import family, result_of
from m1doctor.checks.pkg.pkg003_dependency_conflict import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Level
from m1doctor.model.interpreter import SearchPathLeak
from m1doctor.model.report import Status
from m1doctor.model.unknown import Unknown


def test_both_sides_of_a_conflict_are_named(tmp_path: Path) -> None:
    lay_down(tmp_path, "pip", "26.0")
    lay_down(tmp_path, "tensorflow", "2.16.2", requires=["ml-dtypes~=0.3.1"])
    lay_down(tmp_path, "ml_dtypes", "0.5.1")
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert finding.level is Level.ERROR
    assert finding.message == "tensorflow 2.16.2 requires ml-dtypes~=0.3.1, but ml_dtypes 0.5.1 is installed."
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv == ("/env/bin/python", "-m", "pip", "install", "ml-dtypes~=0.3.1")


def test_a_missing_requirement_is_told(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.13.0", requires=["tensorflow-macos==2.13.0; platform_machine == 'arm64'"])
    result = result_of(CHECK, facts_of(tmp_path))
    assert result.summary == (
        "tensorflow 2.13.0 is an empty package on Apple silicon: its code is in tensorflow-macos==2.13.0, which it "
        "requires and which is not installed."
    )


def test_a_missing_code_explains_the_missing_tensorflow(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.13.0", requires=["tensorflow-macos==2.13.0; platform_machine == 'arm64'"])
    results = family(facts_of(tmp_path), "PKG")
    assert results["PKG003"].status is Status.ERROR
    assert results["PKG001"].root == "PKG003"
    assert results["PKG002"].root == "PKG003"


def test_any_other_conflict_does_not_hide_that_tensorflow_is_gone(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["six"])
    results = family(facts_of(tmp_path), "PKG")
    assert results["PKG003"].status is Status.ERROR
    assert results["PKG001"].status is Status.ERROR


def test_a_keras_of_another_line_is_told_once(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.16.2", {"tensorflow/__init__.py": b""}, requires=["keras>=3.0.0"])
    lay_down(tmp_path, "keras", "2.15.0")
    results = family(facts_of(tmp_path), "PKG")
    assert results["PKG007"].status is Status.ERROR
    assert results["PKG003"].status is Status.PASS


def test_two_tensorflows_in_one_folder_are_told_without_their_consequences(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow-macos", "2.5.0", {"tensorflow/__init__.py": b"b"}, requires=["numpy~=1.19.2"])
    lay_down(tmp_path, "tensorflow", "2.5.0", {"tensorflow/__init__.py": b"stock"}, requires=["numpy~=1.19.2"])
    lay_down(tmp_path, "tensorflow-text", "2.5.0", requires=["tensorflow<2.6,>=2.5.0"])
    results = family(facts_of(tmp_path), "PKG")
    assert [name for name, result in results.items() if result.status.failed] == ["PKG005"]
    assert results["PKG002"].root == "PKG005"
    remedy = results["PKG005"].findings[0].remedy
    assert remedy is not None
    assert remedy.steps[1].argv[-1] == "tensorflow-macos==2.5.0"  # the stock one has no arm64 wheel
    assert "tensorflow-text 2.5.0 requires tensorflow<2.6,>=2.5.0" in remedy.steps[2].text


def test_a_conflict_that_tensorflow_does_not_stand_on_is_a_warning(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["numpy"])
    lay_down(tmp_path, "pandas", "2.2.0", requires=["numpy<1"])
    lay_down(tmp_path, "numpy", "2.0.2")
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.WARNING


def test_requirements_that_hold_or_cannot_be_judged_pass(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["numpy", "b; platform_release > 'x' and foo", "c === x"])
    lay_down(tmp_path, "numpy", "2.0.2")
    lay_down(tmp_path, "c", "x")
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.PASS


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED


def test_what_a_folder_in_front_brings_is_not_mended_by_installing(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["numpy<2.1"])
    lay_down(tmp_path, "numpy", "2.2.0")
    facts = facts_of(tmp_path)
    assert facts.interpreter is not None
    leak = SearchPathLeak(source="PYTHONPATH", folder=str(tmp_path))
    leaking = replace(facts, interpreter=replace(facts.interpreter, leaks=(leak,)))
    remedy = result_of(CHECK, leaking).findings[0].remedy
    assert remedy is not None
    assert "PYTHONPATH puts it in front" in remedy.steps[0].text


@pytest.mark.real_wheels
def test_a_numpy_that_tensorflow_refuses_is_told(tmp_path: Path) -> None:
    folder = real.clone(real.mac_packages("tensorflow==2.17.1", "tensorflow-metal==1.1.0"), tmp_path / "site")
    metadata = next(folder.glob("numpy-1.*.dist-info"))
    text = (metadata / "METADATA").read_bytes().replace(b"\nVersion: 1.26.4\n", b"\nVersion: 2.2.0\n", 1)
    real.replace(metadata / "METADATA", text)
    results = family(facts_of(folder), "PKG")
    assert "tensorflow 2.17.1 was built for NumPy 1, but NumPy 2.2.0 is installed" in results["PKG006"].summary
    assert all("tensorflow 2.17.1" not in finding.message for finding in results["PKG003"].findings)
    assert "left to PKG006" in results["PKG003"].summary
