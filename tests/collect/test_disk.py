from __future__ import annotations

import os
from pathlib import Path

import pytest

from environments.trees import Tree
from m1doctor.collect.disk import Disk, absolute, below


def test_an_absolute_link_is_followed_inside_the_root(tree: Tree) -> None:
    tree.file("/opt/real/file", "here")
    tree.link("/opt/link", "/opt/real")
    disk = Disk(tree.root)
    assert disk.text("/opt/link/file") == "here"
    assert disk.real("/opt/link/file") == "/opt/real/file"


def test_a_link_that_climbs_out_stays_inside_the_root(tree: Tree) -> None:
    tree.file("/etc/passwd", "ours")
    tree.link("/opt/out", "../../../../../../etc/passwd")
    assert Disk(tree.root).text("/opt/out") == "ours"


@pytest.mark.parametrize("live", [False, True], ids=["in a folder", "on the live root"])
def test_a_loop_of_links_is_nothing(tree: Tree, *, live: bool) -> None:
    one, two = tree.at("/one"), tree.at("/two")
    prefix = str(tree.root) if live else ""
    one.symlink_to(f"{prefix}/two")
    two.symlink_to(f"{prefix}/one")
    disk = Disk(Path("/") if live else tree.root)
    path = f"{prefix}/one"
    assert not disk.exists(path)
    assert disk.real(path) is None
    assert disk.text(path) is None
    assert disk.names(path) == []
    assert disk.is_link(path)


def test_a_link_that_leads_nowhere_still_tells_where_it_leads(tree: Tree) -> None:
    tree.link("/venv/bin/python", "/opt/gone/python3.12")
    disk = Disk(tree.root)
    assert disk.end_of_links("/venv/bin/python") == "/opt/gone/python3.12"
    assert disk.real("/venv/bin/python") is None
    assert disk.is_link("/venv/bin/python")


def test_a_folder_in_place_of_a_file_is_no_text(tree: Tree) -> None:
    tree.folder("/venv/pyvenv.cfg")
    assert Disk(tree.root).text("/venv/pyvenv.cfg") is None
    assert not Disk(tree.root).is_file("/venv/pyvenv.cfg")


def test_a_pipe_in_place_of_a_file_does_not_block(tree: Tree) -> None:
    os.mkfifo(tree.at("/pipe"))
    assert Disk(tree.root).text("/pipe") is None


def test_a_text_longer_than_the_limit_is_not_read(tree: Tree) -> None:
    tree.file("/long", "x" * 101)
    disk = Disk(tree.root)
    assert disk.text("/long", 100) is None
    assert disk.text("/long", 101) == "x" * 101


def test_bytes_that_are_no_text_become_replacement_characters(tree: Tree) -> None:
    tree.file("/bytes", b"\xef\xbb\xbfhome = /x\xff\n")
    assert Disk(tree.root).text("/bytes") == "home = /x\ufffd\n"


@pytest.mark.parametrize("path", ["/a\0b", "\0", "/" + "x" * 5000])
def test_a_path_that_cannot_exist_is_nothing(tree: Tree, path: str) -> None:
    disk = Disk(tree.root)
    assert not disk.exists(path)
    assert disk.text(path) is None
    assert disk.names(path) == []
    assert not disk.is_link(path)
    assert Disk(Path("/")).real(path) is None


def test_names_below_a_folder_are_compared_by_whole_parts() -> None:
    assert below("/opt/x/y", "/opt/x")
    assert below("/opt/x", "/opt/x/")
    assert not below("/opt/xy", "/opt/x")
    assert below("/opt", "/")


def test_a_relative_path_is_taken_from_its_base() -> None:
    assert absolute("../x", "/a/b") == "/a/x"
    assert absolute("/x/./y", "/a") == "/x/y"
