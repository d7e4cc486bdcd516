from __future__ import annotations

from pathlib import Path

import pytest

from environments import real
from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg003_dependency_conflict import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.finding import Level
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
    assert result.summary == "tensorflow 2.13.0 requires tensorflow-macos==2.13.0, which is not installed."


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


@pytest.mark.real_wheels
def test_a_numpy_that_tensorflow_refuses_is_told(tmp_path: Path) -> None:
    folder = real.clone(real.mac_packages("tensorflow==2.17.1", "tensorflow-metal==1.1.0"), tmp_path / "site")
    metadata = next(folder.glob("numpy-1.*.dist-info"))
    text = (metadata / "METADATA").read_bytes().replace(b"\nVersion: 1.26.4\n", b"\nVersion: 2.2.0\n", 1)
    real.replace(metadata / "METADATA", text)
    messages = [finding.message for finding in result_of(CHECK, facts_of(folder)).findings]
    assert "tensorflow 2.17.1 requires numpy<2.0.0,>=1.23.5, but numpy 2.2.0 is installed." in messages
