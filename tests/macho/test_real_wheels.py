"""The reader and its verdicts on the published wheels, with LIEF as the judge of the reader."""

from __future__ import annotations

import random
from pathlib import Path

import lief
import pytest

from environments import real
from m1doctor.macho.image import Image
from m1doctor.macho.link import judge_link
from m1doctor.model.plugins import LinkStatus, LinkVerdict

pytestmark = pytest.mark.real_wheels

PLUGIN = "tensorflow-plugins/libmetal_plugin.dylib"
LINKS, NOT_LOADED, NOT_FOUND = LinkStatus.LINKS, LinkStatus.LIBRARY_NOT_LOADED, LinkStatus.SYMBOL_NOT_FOUND
SHAPE = ("__ZN10tensorflow16TensorShapeProtoC1ERKS0_", "__ZN10tensorflow16TensorShapeProtoD1Ev")


def plugin(version: str) -> Path:
    python = "3.10" if version.startswith("0.") else "3.11"
    return real.mac_packages(f"tensorflow-metal=={version}", python=python, dependencies=False) / PLUGIN


def tensorflow(version: str) -> Path:
    numbers = tuple(int(part) for part in version.split("rc", 1)[0].split("."))
    name = "tensorflow-macos" if numbers <= (2, 15, 0) else "tensorflow"
    python = "3.10" if numbers < (2, 12) else "3.12" if numbers >= (2, 22) else "3.11"
    return real.mac_packages(f"{name}=={version}", python=python, dependencies=False) / "tensorflow"


def verdict(plugin_version: str, tensorflow_version: str) -> LinkVerdict:
    return judge_link(plugin(plugin_version), tensorflow(tensorflow_version))


@pytest.mark.parametrize(
    ("metal", "version"),
    [
        ("1.2.0", "2.18.0"),
        ("1.2.0", "2.18.1"),
        ("1.2.0", "2.19.0"),
        ("1.2.0", "2.19.1"),
        ("1.1.0", "2.14.1"),
        ("1.1.0", "2.17.0"),
        ("1.0.1", "2.13.1"),
        ("0.5.0", "2.9.2"),
        ("0.5.0", "2.10.0"),
        ("0.7.1", "2.11.0"),
    ],
)
def test_the_pairs_that_load_on_macs_link(metal: str, version: str) -> None:
    found = verdict(metal, version)
    assert (found.status, found.missing_symbols) == (LINKS, ())
    assert found.symbols_checked > 50


@pytest.mark.parametrize("version", ["2.20.0", "2.21.0", "2.22.0rc0"])
def test_from_2_20_on_no_plugin_of_apples_finds_its_library(version: str) -> None:
    found = verdict("1.2.0", version)
    assert (found.status, found.missing_library) == (NOT_LOADED, "@rpath/_pywrap_tensorflow_internal.so")
    assert found.dyld_message is not None
    lines = found.dyld_message.split("\n")
    assert lines[0].endswith("0x0006): Library not loaded: @rpath/_pywrap_tensorflow_internal.so")
    assert lines[1].startswith("  Referenced from: <8B62586B-B082-3113-93AB-FD766A9960AE> ")
    assert lines[2].startswith("  Reason: tried: '")
    assert lines[2].count("_solib_darwin_arm64/") == 2


@pytest.mark.parametrize(
    ("metal", "version", "count", "first"),
    [
        ("1.1.0", "2.18.0", 1, "__ZN3tsl8internal10LogMessageC1EPKcii"),
        ("1.1.0", "2.19.0", 1, "__ZN3tsl8internal10LogMessageC1EPKcii"),
        ("1.0.1", "2.14.1", 2, SHAPE[0]),
        ("1.0.1", "2.16.1", 2, SHAPE[0]),
        ("0.5.0", "2.12.0", 9, "__ZN10tensorflow8internal10LogMessage16VmoduleActivatedEPKci"),
        ("0.7.1", "2.10.0", 9, "__ZN3tsl8internal10LogMessage16VmoduleActivatedEPKci"),
    ],
)
def test_the_pairs_that_fail_on_macs_miss_the_symbols_that_users_saw(
    metal: str, version: str, count: int, first: str
) -> None:
    found = verdict(metal, version)
    assert found.status is NOT_FOUND
    assert found.missing_symbols[0].name == first
    assert len(found.missing_symbols) == count
    assert found.dyld_message is not None
    two_level = found.missing_symbols[0].library is not None
    said = f"Symbol not found: {first}\n" if two_level else f"symbol not found in flat namespace '{first}'"
    assert said in found.dyld_message


def test_a_newer_plugin_on_tensorflow_2_11_misses_twelve_symbols_of_one_library() -> None:
    found = verdict("1.1.0", "2.11.0")
    two_level = [symbol for symbol in found.missing_symbols if symbol.library]
    assert {symbol.library for symbol in two_level} == {"@rpath/_pywrap_tensorflow_internal.so"}
    assert len(two_level) == 12
    assert two_level[0].name == "__ZN10tensorflow7NodeDefC1EPN6google8protobuf5ArenaEb"


def test_the_missing_symbols_of_one_pair_are_all_told() -> None:
    assert [symbol.name for symbol in verdict("1.0.1", "2.14.1").missing_symbols] == list(SHAPE)


def parsed(path: Path) -> lief.MachO.Binary:
    fat = lief.MachO.parse(str(path))
    assert fat is not None
    return fat.at(0)


LIBRARIES = [
    pytest.param(lambda: plugin("1.2.0"), id="metal 1.2.0, opcodes"),
    pytest.param(lambda: plugin("0.8.0"), id="metal 0.8.0, opcodes"),
    pytest.param(lambda: plugin("0.5.0"), id="metal 0.5.0, chained fixups"),
    pytest.param(lambda: tensorflow("2.18.1") / "python/_pywrap_tensorflow_internal.so", id="core of 2.18.1"),
    pytest.param(lambda: tensorflow("2.18.1") / "python/_pywrap_tfe.so", id="an extension module of 2.18.1"),
    pytest.param(lambda: tensorflow("2.20.0") / "python/_pywrap_tensorflow_internal.so", id="core of 2.20.0"),
]


@pytest.mark.parametrize("place", LIBRARIES)
def test_the_load_commands_are_those_that_lief_reads(place) -> None:  # noqa: ANN001 - a function that lays the wheel
    path = place()
    judge = parsed(path)
    with Image(path) as image:
        commands = image.commands
        libraries = [library for library in judge.libraries if library.command != lief.MachO.LoadCommand.TYPE.ID_DYLIB]
        assert [each.install_name for each in commands.dependencies] == [library.name for library in libraries]
        assert [each.weak for each in commands.dependencies] == [
            library.command == lief.MachO.LoadCommand.TYPE.LOAD_WEAK_DYLIB for library in libraries
        ]
        assert commands.rpaths == [each.path for each in judge.rpaths]
        assert commands.uuid == (bytes(judge.uuid.uuid) if judge.has_uuid else None)
        if judge.has_build_version:
            minimum = judge.build_version.minos[:2]
            assert commands.minimum_macos == f"{minimum[0]}.{minimum[1]}"
        assert image.header.file_type == judge.header.file_type.value


@pytest.mark.parametrize("place", LIBRARIES)
def test_the_exports_are_those_that_lief_reads(place) -> None:  # noqa: ANN001 - as above
    path = place()
    judge = parsed(path)
    table = judge.dyld_exports_trie if judge.has_dyld_exports_trie else judge.dyld_info
    expected = {each.symbol.name.encode(): each.address for each in table.exports if each.has_symbol}
    assert expected
    with Image(path) as image:
        # LIEF gives a re-export the address 0.
        walked = {each.name: each.address or 0 for each in image.exports()}
        found = {name: each.address or 0 for name, each in image.find_exports(expected).items()}
        assert image.find_exports(name + b"_is_not_there" for name in expected) == {}
    assert walked == expected
    assert found == expected


@pytest.mark.parametrize("place", LIBRARIES)
def test_the_imports_are_those_that_lief_reads(place) -> None:  # noqa: ANN001 - as above
    path = place()
    judge = parsed(path)
    expected = {
        (each.symbol.name.encode(), each.library_ordinal)
        for each in judge.bindings
        if each.has_symbol and not _coalesces(each)
    }
    with Image(path) as image:
        found = {(each.name, each.ordinal) for each in image.imports()}
    assert found == expected


def _coalesces(binding: lief.MachO.BindingInfo) -> bool:
    """Whether it stands in the weak bind opcodes, which ask for nothing."""
    weak = lief.MachO.DyldBindingInfo.CLASS.WEAK
    return isinstance(binding, lief.MachO.DyldBindingInfo) and binding.binding_class == weak


def test_every_export_of_the_largest_library_that_is_sampled_is_found() -> None:
    path = tensorflow("2.18.1") / "libtensorflow_cc.2.dylib"
    with Image(path) as image:
        names = [each.name for each in image.exports()]
        assert len(names) == len(set(names)) == 259_009
        sample = random.Random(20261123).sample(names, 2000)  # noqa: S311 - a sample, no secret
        assert set(image.find_exports(sample)) == set(sample)
        assert image.find_exports(name[:-1] + b"~" for name in sample) == {}


def test_a_framework_of_forty_megabytes_exports_what_lief_reads() -> None:
    path = tensorflow("2.18.1") / "libtensorflow_framework.2.dylib"
    judge = parsed(path)
    table = judge.dyld_exports_trie if judge.has_dyld_exports_trie else judge.dyld_info
    expected = {each.symbol.name.encode() for each in table.exports if each.has_symbol}
    with Image(path) as image:
        assert {each.name for each in image.exports()} == expected
