from __future__ import annotations

from pathlib import Path

from environments.site_folder import conda_records, facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg009_conda_pip_mix import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown

CODE = {"tensorflow/__init__.py": b""}
BASE = {"python": "3.11.9", "six": "1.17.0"}


def _facts(folder: Path, *, numpy: str, numpy_by: str, conda: dict[str, str]) -> Facts:
    """TensorFlow by pip, six by conda, NumPy by either, and what conda itself records."""
    site = folder / "site"
    lay_down(site, "tensorflow", "2.18.1", CODE, requires=["numpy", "six"])
    lay_down(site, "numpy", numpy, installer=numpy_by)
    lay_down(site, "six", "1.17.0", installer="conda")
    return facts_of(site, conda=conda_records(folder / "env", conda))


def test_pips_tensorflow_on_condas_numpy_is_a_warning(tmp_path: Path) -> None:
    result = result_of(CHECK, _facts(tmp_path, numpy="1.26.4", numpy_by="conda", conda={**BASE, "numpy": "1.26.4"}))
    assert result.status is Status.WARNING
    assert "come from conda: numpy 1.26.4" in result.summary


def test_all_from_pip_but_python_and_pure_packages_is_no_mix(tmp_path: Path) -> None:
    assert result_of(CHECK, _facts(tmp_path, numpy="1.26.4", numpy_by="pip", conda=BASE)).status is Status.PASS


def test_a_numpy_that_pip_laid_over_condas_is_a_warning(tmp_path: Path) -> None:
    result = result_of(CHECK, _facts(tmp_path, numpy="2.0.2", numpy_by="pip", conda={**BASE, "numpy": "1.26.4"}))
    assert result.status is Status.WARNING
    assert "numpy is 1.26.4 for conda, and 2.0.2 by pip" in result.summary


def test_apples_own_conda_dependencies_are_meant_so(tmp_path: Path) -> None:
    conda = {**BASE, "numpy": "1.22.3", "tensorflow-deps": "2.10.0"}
    assert result_of(CHECK, _facts(tmp_path, numpy="1.22.3", numpy_by="conda", conda=conda)).status is Status.PASS


def test_a_plain_environment_has_no_conda(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", CODE)
    assert result_of(CHECK, facts_of(tmp_path)).skip is SkipKind.NOT_APPLICABLE


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED
