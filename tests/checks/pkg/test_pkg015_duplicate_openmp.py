from __future__ import annotations

from pathlib import Path

from environments import mach_o
from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg015_duplicate_openmp import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import Status
from m1doctor.model.unknown import Unknown


def _with_runtime(folder: Path, name: str, runtime: str = "libomp.dylib") -> None:
    module = name.replace("-", "_")
    files = {
        f"{module}/core.so": mach_o.library(f"@loader_path/.dylibs/{runtime}"),
        f"{module}/.dylibs/{runtime}": mach_o.library(),
    }
    lay_down(folder, name, "1.0", files)


def test_two_packages_that_each_bring_their_own_are_common_and_pass(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["numpy"])
    _with_runtime(tmp_path, "scikit-learn")
    _with_runtime(tmp_path, "torch")
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.PASS


def test_two_that_tensorflow_itself_loads_are_a_warning(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["numpy", "scipy"])
    _with_runtime(tmp_path, "numpy")
    _with_runtime(tmp_path, "scipy")
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert "numpy/.dylibs/libomp.dylib" in finding.message
    assert "scipy/.dylibs/libomp.dylib" in finding.message
    assert not any("KMP" in step.text for step in finding.remedy.steps)  # type: ignore[union-attr]


def test_intels_beside_llvms_is_a_warning(tmp_path: Path) -> None:
    _with_runtime(tmp_path, "mkl", "libiomp5.dylib")
    _with_runtime(tmp_path, "torch")
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.WARNING


def test_one_runtime_passes(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", requires=["numpy"])
    _with_runtime(tmp_path, "numpy")
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.PASS


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED
