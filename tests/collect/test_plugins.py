from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from environments import real
from environments.linkable import Library, Wanted, build
from environments.site_folder import MAC_UNAME, lay_down, mac_interpreter
from m1doctor.collect.packages import collect_packages
from m1doctor.collect.plugins import VARIABLE, collect_plugins
from m1doctor.collect.recorded import RecordedWorld
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.plugins import LinkStatus, Plugins, Provider
from m1doctor.model.unknown import UnknownKind

NAME = "tensorflow-plugins/libmetal_plugin.dylib"
CORE = Library(install_name="@rpath/_pywrap_tensorflow_internal.so", exports=["_TF_NewTensor"])
PLUGIN = Library(
    install_name="bazel-out/darwin_arm64-opt/bin/metal_plugin/libmetal_plugin.dylib",
    needs=["@rpath/_pywrap_tensorflow_internal.so"],
    exports=["_SE_InitPlugin", "_TF_InitKernel"],
    wants=[Wanted("_TF_NewTensor", 1)],
    minimum_macos=(12, 1),
    uuid=b"\xff" * 16,
)
COMMUNITY = replace(
    PLUGIN,
    install_name="@rpath/libmetal_plugin.dylib",
    exports=["_SE_InitPlugin", "_TF_InitProfiler"],
    minimum_macos=(15, 0),
)


def tensorflow(site: Path, version: str = "2.21.0", core: Library = CORE) -> None:
    files = {"tensorflow/__init__.py": b"", "tensorflow/python/_pywrap_tensorflow_internal.so": build(core)}
    lay_down(site, "tensorflow", version, files)


def world(root: Path = Path("/"), cwd: Path = Path("/"), **environ: str) -> RecordedWorld:
    return RecordedWorld(uname=MAC_UNAME, root=root, environ=environ, cwd=cwd)


def collect(*sites: Path, where: RecordedWorld | None = None, target: Interpreter | None = None) -> Plugins:
    where = where or world()
    target = target or mac_interpreter(*sites)
    return collect_plugins(where, target, collect_packages(where, target))


def test_a_plugin_is_told_with_its_owner_its_entry_points_and_its_link(tmp_path: Path) -> None:
    tensorflow(tmp_path)
    lay_down(tmp_path, "tensorflow-metal", "1.2.0", {NAME: build(PLUGIN), "tensorflow-plugins/__init__.py": b""})
    found = collect(tmp_path)
    assert (found.tensorflow_folder, found.tensorflow_version) == (f"{tmp_path}/tensorflow", "2.21.0")
    assert found.links_judged == 1
    (plugin,) = found.libraries
    assert (plugin.path, plugin.origin, plugin.distributions) == (
        f"{tmp_path}/{NAME}",
        "tensorflow-plugins",
        ("tensorflow-metal 1.2.0",),
    )
    assert plugin.registers == ("SE_InitPlugin", "TF_InitKernel")
    assert (plugin.architectures, plugin.minimum_macos) == (("arm64",), "12.1")
    assert plugin.link is not None
    assert plugin.link.status is LinkStatus.LINKS


def test_apples_library_is_known_by_its_name_when_its_content_is_not(tmp_path: Path) -> None:
    lay_down(tmp_path, "somebody", "1.0", {NAME: build(PLUGIN)})
    (plugin,) = collect(tmp_path).libraries
    assert (plugin.provider, plugin.version) == (Provider.APPLE, None)
    assert plugin.identified_by is not None
    assert "install name" in plugin.identified_by


def test_a_library_that_was_signed_anew_is_known_by_its_uuid(tmp_path: Path) -> None:
    own = bytes.fromhex("8B62586BB082311393ABFD766A9960AE")
    lay_down(tmp_path, "tensorflow-metal", "1.1.0", {NAME: build(replace(PLUGIN, uuid=own))})
    (plugin,) = collect(tmp_path).libraries
    assert (plugin.provider, plugin.version) == (Provider.APPLE, "1.2.0")
    assert plugin.distributions == ("tensorflow-metal 1.1.0",)


def test_the_communitys_library_is_known_by_its_profiler(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow-metal-plugin", "0.4.1", {NAME: build(COMMUNITY)})
    (plugin,) = collect(tmp_path).libraries
    assert plugin.provider is Provider.COMMUNITY
    assert plugin.registers == ("SE_InitPlugin", "TF_InitProfiler")


def test_two_records_claim_one_file_and_its_content_says_whose_it_is(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow-metal", "1.2.0", {NAME: build(PLUGIN)})
    plain = build(replace(COMMUNITY, exports=["_SE_InitPlugin"]))
    lay_down(tmp_path, "tensorflow-metal-plugin", "0.4.1", {NAME: plain})
    (plugin,) = collect(tmp_path).libraries
    assert plugin.distributions == ("tensorflow-metal 1.2.0", "tensorflow-metal-plugin 0.4.1")
    assert plugin.provider is Provider.COMMUNITY
    assert plugin.identified_by == "the content is recorded by tensorflow-metal-plugin 0.4.1"


def test_a_library_of_nobody_is_listed_too(tmp_path: Path) -> None:
    place = tmp_path / "tensorflow-plugins" / "libother.dylib"
    place.parent.mkdir()
    place.write_bytes(build(Library(exports=["_SE_InitPlugin"])))
    (plugin,) = collect(tmp_path).libraries
    assert (plugin.provider, plugin.distributions, plugin.identified_by) == (Provider.OTHER, (), None)


def test_only_names_that_tensorflow_loads_are_libraries(tmp_path: Path) -> None:
    folder = tmp_path / "tensorflow-plugins"
    folder.mkdir()
    for name in ("a.dylib", "._a.dylib", "b.so", "c.dylib.bak", "__init__.py"):
        (folder / name).write_bytes(b"x")
    found = collect(tmp_path).libraries
    assert [Path(plugin.path).name for plugin in found] == ["._a.dylib", "a.dylib"]
    linux = replace(mac_interpreter(tmp_path), system="Linux")
    assert [Path(plugin.path).name for plugin in collect(target=linux).libraries] == ["b.so"]


def test_every_site_folder_is_searched_and_one_file_by_two_ways_is_seen_as_one(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    tensorflow(first)
    lay_down(first, "tensorflow-metal", "1.2.0", {NAME: build(PLUGIN)})
    second.symlink_to(first)
    found = collect(first, second)
    assert [plugin.path for plugin in found.libraries] == [f"{first}/{NAME}", f"{second}/{NAME}"]
    assert len({plugin.real_path for plugin in found.libraries}) == 1


def test_what_the_environment_names_is_loaded_besides(tmp_path: Path) -> None:
    place = tmp_path / "own" / "libown.dylib"
    place.parent.mkdir()
    place.write_bytes(build(PLUGIN))
    for value in ("own", str(place), f"{tmp_path}/own/../own"):
        found = collect(tmp_path / "site", where=world(cwd=tmp_path, **{VARIABLE: value}))
        assert [(plugin.path, plugin.origin) for plugin in found.libraries] == [(str(place), VARIABLE)]
        assert found.named_path_exists is True


def test_what_the_environment_names_may_be_missing(tmp_path: Path) -> None:
    found = collect(tmp_path, where=world(**{VARIABLE: "/nowhere/plugin.dylib"}))
    assert (found.libraries, found.named_path, found.named_path_exists) == ((), "/nowhere/plugin.dylib", False)


def test_the_environment_of_whoever_examines_a_folder_is_not_that_of_the_folder(tmp_path: Path) -> None:
    target = replace(mac_interpreter(tmp_path), executable=None)
    found = collect(where=world(**{VARIABLE: "/nowhere/plugin.dylib"}), target=target)
    assert found.named_path is None


def test_a_library_that_is_no_library_has_a_reason(tmp_path: Path) -> None:
    tensorflow(tmp_path)
    lay_down(tmp_path, "tensorflow-metal", "1.2.0", {NAME: b"version https://git-lfs.github.com/spec/v1\n"})
    (plugin,) = collect(tmp_path).libraries
    assert plugin.unknown["architectures"].reason == "neither Mach-O nor ELF"
    assert plugin.link is not None
    assert plugin.link.status is LinkStatus.UNREADABLE
    assert plugin.provider is Provider.APPLE  # by its record, for want of content


def test_without_tensorflow_no_link_is_judged_and_the_reason_is_told(tmp_path: Path) -> None:
    lay_down(tmp_path, "tensorflow-metal", "1.2.0", {NAME: build(PLUGIN)})
    found = collect(tmp_path)
    (plugin,) = found.libraries
    assert plugin.link is None
    assert found.links_judged is None
    assert found.unknown["links_judged"].reason == "there is no TensorFlow to link with"
    assert found.unknown["tensorflow_folder"].kind is UnknownKind.NOT_APPLICABLE


def test_a_tensorflow_that_cannot_be_read_leaves_the_link_unknown(tmp_path: Path) -> None:
    tensorflow(tmp_path)
    (tmp_path / "tensorflow/python/_pywrap_tensorflow_internal.so").write_bytes(build(CORE)[:50])
    lay_down(tmp_path, "tensorflow-metal", "1.2.0", {NAME: build(PLUGIN)})
    found = collect(tmp_path)
    assert found.links_judged is None
    assert "cannot be read" in found.unknown["links_judged"].reason


def test_an_elf_plugin_is_listed_without_a_link(tmp_path: Path) -> None:
    elf = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\xb7\x00" + bytes(44)
    lay_down(tmp_path, "my-device", "0.1", {"tensorflow-plugins/libmine.so": elf})
    found = collect(target=replace(mac_interpreter(tmp_path), system="Linux", machine="aarch64"))
    (plugin,) = found.libraries
    assert (plugin.architectures, plugin.provider, plugin.link) == (("aarch64",), Provider.OTHER, None)
    assert plugin.unknown["link"].kind is UnknownKind.NOT_APPLICABLE
    assert found.links_judged == 0


def test_a_world_in_a_folder_is_told_in_its_own_paths(tmp_path: Path) -> None:
    root = tmp_path / "machine"
    site = root / "Users/someone/site-packages"
    tensorflow(site)
    lay_down(site, "tensorflow-metal", "1.2.0", {NAME: build(replace(PLUGIN, wants=[Wanted("_TF_Gone", 1)]))})
    found = collect(Path("/Users/someone/site-packages"), where=world(root=root))
    (plugin,) = found.libraries
    assert plugin.link is not None
    assert plugin.link.dyld_message is not None
    assert plugin.path == f"/Users/someone/site-packages/{NAME}"
    assert plugin.real_path == plugin.path
    assert str(root) not in plugin.link.dyld_message
    assert f"dlopen({plugin.path}, 0x0006): Symbol not found: _TF_Gone" in plugin.link.dyld_message


def test_there_may_be_no_plugin_at_all(tmp_path: Path) -> None:
    tensorflow(tmp_path)
    found = collect(tmp_path)
    assert (found.libraries, found.links_judged, found.named_path) == ((), 0, None)


@pytest.mark.real_wheels
@pytest.mark.parametrize("python", ["3.9", "3.12"])
def test_apples_wheel_is_known_by_its_content(python: str) -> None:
    site = real.mac_packages("tensorflow-metal==1.2.0", python=python, dependencies=False)
    (plugin,) = collect(site).libraries
    assert (plugin.provider, plugin.version) == (Provider.APPLE, "1.2.0")
    assert plugin.identified_by == "its content is that of tensorflow-metal 1.2.0"
    assert plugin.registers == ("SE_InitPlugin", "TF_InitKernel", "TF_InitGraph")
