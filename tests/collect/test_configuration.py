from __future__ import annotations

from pathlib import Path

from m1doctor.collect.configuration import read_settings, telling_environment
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname

LINUX = Uname("Linux", "6", "#1", "x86_64")


def test_only_variables_that_tell_something_are_taken() -> None:
    environ = {
        "TF_USE_LEGACY_KERAS": "1",
        "MY_DIARY": "x",
        "PATH": "/bin",
        "AWS_SECRET_ACCESS_KEY": "y",
        "PIP_NO_INDEX": "1",
    }
    world = RecordedWorld(uname=LINUX, root=Path("/"), environ=environ)
    assert telling_environment(world) == {"PATH": "/bin", "PIP_NO_INDEX": "1", "TF_USE_LEGACY_KERAS": "1"}


def test_settings_of_installers_are_found_where_they_keep_them(tmp_path: Path) -> None:
    for name in (
        "home/me/.config/pip/pip.conf",
        "home/me/.condarc",
        "conda/.condarc",
        "special/pip.ini",
        "etc/uv/uv.toml",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    environ = {"PIP_CONFIG_FILE": "/special/pip.ini", "CONDA_PREFIX": "/conda", "CONDARC": "relative"}
    world = RecordedWorld(uname=LINUX, root=tmp_path, environ=environ, home=Path("/home/me"))
    assert read_settings(world) == {
        "/special/pip.ini": "special/pip.ini",
        "/home/me/.config/pip/pip.conf": "home/me/.config/pip/pip.conf",
        "/home/me/.condarc": "home/me/.condarc",
        "/conda/.condarc": "conda/.condarc",
        "/etc/uv/uv.toml": "etc/uv/uv.toml",
    }


def test_a_machine_without_a_home_has_fewer_settings(tmp_path: Path) -> None:
    assert read_settings(RecordedWorld(uname=LINUX, root=tmp_path)) == {}
