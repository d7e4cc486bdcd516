"""Small files of the system."""

from __future__ import annotations

from pathlib import Path

from m1doctor.collect.files import KEEP_BYTES, exists, read_link, read_text
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.collect.world import Uname


def test_files_are_read_below_the_root_of_the_world(tmp_path: Path) -> None:
    world = RecordedWorld(uname=Uname("Linux", "", "", ""), root=tmp_path)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/name").write_bytes(b"value \xff\n" + b"x" * (2 * KEEP_BYTES))
    (tmp_path / "link").symlink_to("/somewhere/else")
    text = read_text(world, "/etc/name")
    assert text is not None
    assert text.startswith("value \N{REPLACEMENT CHARACTER}\n")
    assert len(text) == KEEP_BYTES
    assert read_text(world, "etc/other") is None
    assert read_text(world, "etc") is None
    assert read_link(world, "link") == "/somewhere/else"
    assert read_link(world, "etc/name") is None
    assert exists(world, "/etc/name")
    assert not exists(world, "/etc/other")
