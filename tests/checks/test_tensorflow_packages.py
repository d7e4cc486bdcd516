from __future__ import annotations

from pathlib import Path

from environments.site_folder import collect, lay_down
from m1doctor.checks.tensorflow_packages import needed_for_tensorflow, tensorflow_distribution, tensorflow_folder

CODE = {"tensorflow/__init__.py": b""}


def test_the_distribution_with_the_code_is_tensorflow_and_not_the_shim(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.14.0")
    lay_down(tmp_path, "tensorflow-macos", "2.14.0", CODE)
    found = tensorflow_distribution(collect(tmp_path))
    assert found is not None
    assert found.name == "tensorflow-macos"


def test_a_shim_alone_still_has_a_version(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.14.0")
    found = tensorflow_distribution(collect(tmp_path))
    assert found is not None
    assert found.version == "2.14.0"


def test_an_importable_folder_wins_over_a_namespace_in_front(tmp_path: Path) -> None:
    (tmp_path / "one/tensorflow").mkdir(parents=True)
    lay_down(tmp_path / "two", "tensorflow", "2.18.1", CODE)
    found = tensorflow_folder(collect(tmp_path / "one", tmp_path / "two"))
    assert found is not None
    assert found.folder == str(tmp_path / "two")


def test_what_tensorflow_needs_is_followed_and_extras_are_not(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow", "2.18.1", CODE, requires=["Keras>=3.5", "nvidia-x; extra == 'and-cuda'"])
    lay_down(tmp_path, "keras", "3.5.0", requires=["ml_dtypes"])
    lay_down(tmp_path, "pandas", "2.2", requires=["numpy"])
    needed = needed_for_tensorflow(collect(tmp_path))
    assert needed == {"tensorflow", "keras", "ml-dtypes"}
