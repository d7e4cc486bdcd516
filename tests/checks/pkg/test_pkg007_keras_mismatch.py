from __future__ import annotations

from pathlib import Path

import pytest

from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg007_keras_mismatch import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import SkipKind, Status
from m1doctor.model.unknown import Unknown


def _facts(folder: Path, tensorflow: str, **others: str) -> Facts:
    lay_down(folder, "tensorflow", tensorflow, {"tensorflow/__init__.py": b""})
    for name, version in others.items():
        lay_down(folder, name, version)
    return facts_of(folder)


@pytest.mark.parametrize(
    ("tensorflow", "keras"),
    [("2.15.1", "2.15.0"), ("2.12.0", "2.12.0"), ("2.16.2", "3.0.5"), ("2.19.1", "3.15.1"), ("2.22.0rc0", "3.12.0")],
)
def test_the_keras_of_the_line_passes(tmp_path: Path, tensorflow: str, keras: str) -> None:
    assert result_of(CHECK, _facts(tmp_path, tensorflow, keras=keras)).status is Status.PASS


@pytest.mark.parametrize(
    ("tensorflow", "keras", "wanted"),
    [
        ("2.15.1", "3.5.0", "keras>=2.15,<2.16"),
        ("2.15.1", "2.14.0", "keras>=2.15,<2.16"),
        ("2.18.1", "2.15.0", "keras>=3"),
    ],
)
def test_another_line_is_an_error(tmp_path: Path, tensorflow: str, keras: str, wanted: str) -> None:
    (finding,) = result_of(CHECK, _facts(tmp_path, tensorflow, keras=keras)).findings
    assert f"tensorflow {tensorflow} takes {wanted}, but keras {keras} is installed." == finding.message
    assert finding.remedy is not None
    assert finding.remedy.steps[0].argv[-1] == wanted


def test_keras_2_beside_keras_3_belongs_to_its_own_minor(tmp_path: Path) -> None:
    assert result_of(CHECK, _facts(tmp_path, "2.18.1", keras="3.5.0", tf_keras="2.18.0")).status is Status.PASS


def test_a_tf_keras_of_another_minor_is_an_error(tmp_path: Path) -> None:
    result = result_of(CHECK, _facts(tmp_path, "2.18.1", keras="3.5.0", tf_keras="2.16.0"))
    assert "tf_keras>=2.18,<2.19" in result.summary


def test_without_keras_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert result_of(CHECK, _facts(tmp_path, "2.18.1")).skip is SkipKind.NOT_APPLICABLE


def test_a_version_that_nobody_can_compare_is_no_mismatch(tmp_path: Path) -> None:
    assert result_of(CHECK, _facts(tmp_path, "git-main", keras="unknown", tf_keras="x")).status is Status.PASS


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED
