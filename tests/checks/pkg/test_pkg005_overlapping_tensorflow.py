from __future__ import annotations

from pathlib import Path

import pytest

from environments import real
from environments.site_folder import facts_of, lay_down
from environments.verdicts import result_of
from m1doctor.checks.pkg.pkg005_overlapping_tensorflow import CHECK
from m1doctor.model.facts import Facts
from m1doctor.model.report import Status
from m1doctor.model.unknown import Unknown


def test_two_owners_of_the_folder_are_named(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.16.2", {"tensorflow/__init__.py": b"a"})
    lay_down(tmp_path, "tensorflow-macos", "2.12.0", {"tensorflow/__init__.py": b"b"})
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert "tensorflow 2.16.2 and tensorflow-macos 2.12.0 both own the tensorflow folder" in finding.message
    assert finding.remedy is not None
    remove, install = finding.remedy.steps
    assert remove.argv[-2:] == ("tensorflow", "tensorflow-macos")
    assert install.argv[-1] == "tensorflow==2.16.2"


def test_a_shim_beside_its_code_is_no_overlap(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.14.0")
    lay_down(tmp_path, "tensorflow-macos", "2.14.0", {"tensorflow/__init__.py": b"b"})
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.PASS


def test_two_records_of_tensorflow_are_told(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.17.1", record=False)
    lay_down(tmp_path, "tensorflow", "2.18.1", {"tensorflow/__init__.py": b"b"})
    result = result_of(CHECK, facts_of(tmp_path))
    assert result.status is Status.ERROR
    assert "recorded twice in one folder, as 2.18.1 and 2.17.1" in result.summary


def test_two_names_with_code_overlap_also_where_no_record_shows_the_files(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.5.0", record=False)
    lay_down(tmp_path, "tensorflow-macos", "2.5.0", {"tensorflow/__init__.py": b"b"})
    (finding,) = result_of(CHECK, facts_of(tmp_path)).findings
    assert "tensorflow 2.5.0 and tensorflow-macos 2.5.0 both install into the tensorflow folder" in finding.message


@pytest.mark.parametrize("version", ["2.16.1", "2.15.1"])
def test_an_empty_release_without_a_record_is_no_overlap(tmp_path: Path, version: str) -> None:
    lay_down(tmp_path, "tensorflow", version, record=False)
    lay_down(tmp_path, "tensorflow-macos", version, record=False)
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.PASS


def test_an_overlap_of_other_packages_is_another_matter(tmp_path: Path) -> None:
    lay_down(tmp_path, "opencv-python", "4.8", {"cv2/__init__.py": b"a"})
    lay_down(tmp_path, "opencv-python-headless", "4.8", {"cv2/__init__.py": b"b"})
    assert result_of(CHECK, facts_of(tmp_path)).status is Status.PASS


def test_unknown_packages_are_not_a_pass() -> None:
    assert result_of(CHECK, Facts(unknown={"packages": Unknown("not read")})).status is Status.SKIPPED


@pytest.mark.real_wheels
def test_real_tensorflow_over_real_tensorflow_macos_is_told(tmp_path: Path) -> None:
    folder = real.clone(real.mac_packages("tensorflow-macos==2.15.0", dependencies=False), tmp_path / "site")
    other = real.mac_packages("tensorflow==2.18.1", "tensorflow-metal==1.2.0")
    info = "tensorflow-2.18.1.dist-info"
    (folder / info).mkdir()
    for path in (other / info).iterdir():
        if path.is_file():
            (folder / info / path.name).write_bytes(path.read_bytes())
    finding = result_of(CHECK, facts_of(folder)).findings[0]
    assert "tensorflow 2.18.1 and tensorflow-macos 2.15.0 both own the tensorflow folder" in finding.message
