from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg008_native_library_clash import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown


def _facts(folder: Path, tensorflow: str, system: str = "Darwin") -> Facts:
    lay_down(folder, "tensorflow", tensorflow, {"tensorflow/__init__.py": b""})
    lay_down(folder, "pyarrow", "21.0.0")
    facts = facts_of(folder)
    assert facts.interpreter is not None
    return replace(facts, interpreter=replace(facts.interpreter, system=system))


def test_pyarrow_beside_tensorflow_2_20_is_a_warning_with_its_sources(tmp_path: Path) -> None:
    (finding,) = result_of(CHECK, _facts(tmp_path, "2.20.0")).findings
    assert "pyarrow 21.0.0 is known to clash with TensorFlow 2.20.0" in finding.message
    assert any("tensorflow/issues/98563" in line for line in finding.evidence)
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv[-1] == "tensorflow<2.20"


@pytest.mark.parametrize("tensorflow", ["2.19.1", "2.15.1"])
def test_an_earlier_tensorflow_is_free_of_it(tmp_path: Path, tensorflow: str) -> None:
    assert result_of(CHECK, _facts(tmp_path, tensorflow)).status is Status.PASS


def test_it_is_a_matter_of_macos(tmp_path: Path) -> None:
    assert result_of(CHECK, _facts(tmp_path, "2.20.0", "Linux")).skip is SkipKind.NOT_APPLICABLE


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED
