"""The configuration of a `.keras` archive, which may come from anywhere."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import keras_archive
from m1doctor.errors import UserError
from m1doctor.support.operations import archive


def test_the_configuration_and_the_keras_that_wrote_it_are_read(tmp_path: Path) -> None:
    found = archive.read_archive(keras_archive.write(tmp_path / "m.keras", keras_archive.picture_model()))
    assert found.config["class_name"] == "Sequential"
    assert found.keras == "3.8.0"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("{", "its config.json is no JSON"),
        ("[1]", "its config.json is no JSON object"),
        ("[" * 200_000, "its config.json is nested too deeply"),
        ("\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), "its config.json is no JSON"),
    ],
)
def test_a_configuration_that_is_none_is_told_in_one_line(tmp_path: Path, config: str, told: str) -> None:
    path = keras_archive.write(tmp_path / "m.keras", config)
    with pytest.raises(UserError) as error:
        archive.read_archive(path)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_configuration_that_grows_without_end_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("config.json", b" " * (archive.MAX_BYTES + 1))
    assert path.stat().st_size < 100_000
    with pytest.raises(UserError, match="more than 64 MB"):
        archive.read_archive(path)


def test_an_archive_without_a_configuration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("model.weights.h5", b"")
    with pytest.raises(UserError, match=r"holds no config\.json"):
        archive.read_archive(path)


def test_what_cannot_be_opened_is_told_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="No such file"):
        archive.read_archive(tmp_path / "absent.keras")
    with pytest.raises(UserError, match="Is a directory"):
        archive.read_archive(tmp_path)


@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_file_at_all_raises_anything_else(tmp_path_factory: pytest.TempPathFactory, noise: bytes, cut: int) -> None:
    path = tmp_path_factory.mktemp("archive") / "m.keras"
    keras_archive.write(path, {"class_name": "Sequential"})
    whole = path.read_bytes()
    for content in (noise, whole[:cut], whole[:cut] + noise + whole[cut:], noise + whole):
        path.write_bytes(content)
        try:
            found = archive.read_archive(path)
        except UserError as error:
            assert "\n" not in str(error)  # noqa: PT017 - whatever it is, it is one line
        else:
            assert json.dumps(found.config)
