"""`scripts/refresh_knowledge.py`: what is shipped is what is measured."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from environments import real
from m1doctor.knowledge import pairings

SCRIPTS = real.CHECKOUT / "scripts"
KNOWLEDGE = real.CHECKOUT / "m1doctor" / "knowledge"
if str(SCRIPTS) not in sys.path:  # the script finds its parts beside itself
    sys.path.append(str(SCRIPTS))

import refresh_knowledge  # noqa: E402 - found only now
from refreshing import kernels, layers, links  # noqa: E402
from refreshing.published import Published, Release, Wheel  # noqa: E402
from refreshing.registrations import EmulationError, registrations  # noqa: E402


def _offered() -> Published:
    table = pairings.load()

    def release(name: str, version: str, pythons: tuple[str, ...]) -> Release:
        return Release(name, version, tuple(Wheel(python, "12.0", "", "", 0) for python in pythons))

    return Published(
        tensorflow=tuple(release(each.install, each.version, each.pythons) for each in table.tensorflow),
        plugins=tuple(release("tensorflow-metal", each.version, each.pythons) for each in table.plugins),
        community=table.community.versions,
    )


def test_what_is_known_of_the_links_is_written_as_it_was_read() -> None:
    text = "\n".join(links._verdicts(_offered(), links.known(pairings.load()))) + "\n"
    shipped = (KNOWLEDGE / "links.toml").read_text()
    assert shipped.endswith(text)


def test_a_date_alone_is_no_news(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('date = "2026-01-01"\nx = 1\n')
    assert not list(refresh_knowledge.changed({path: 'date = "2026-02-02"\nx = 1\n'}))
    assert list(refresh_knowledge.changed({path: 'date = "2026-02-02"\nx = 2\n'}))
    assert list(refresh_knowledge.changed({tmp_path / "new.toml": "x = 1\n"}))


@pytest.mark.real_wheels
@pytest.mark.parametrize(("version", "python"), [("1.2.0", "3.11"), ("0.8.0", "3.10")])
def test_the_shipped_tables_are_what_the_plugin_registers(version: str, python: str) -> None:
    folder = real.mac_packages(f"tensorflow-metal=={version}", python=python, dependencies=False)
    text = kernels.table(version, folder / "tensorflow-plugins" / "libmetal_plugin.dylib")
    (shipped,) = (
        path
        for path in (KNOWLEDGE / "kernels").glob(f"{version}*.toml")
        if f'"{python}"' in re.search(r"^pythons = .*$", path.read_text(), re.MULTILINE)[0]  # type: ignore[index]
    )
    assert shipped.read_text().endswith(text)


@pytest.mark.real_wheels
def test_a_library_that_registers_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.dylib").write_bytes(b"no library")
    with pytest.raises(EmulationError, match="cannot be read"):
        registrations(tmp_path / "no.dylib", newer_macos=True)


def _case(name: str, op: str, dtype: str, **more: Any) -> dict[str, Any]:
    group = {"layer": 1, "op": op, "types": {"T": [dtype]}, "times": 1, "served": False}
    found = {
        "kind": "layer",
        "name": name,
        "when": {},
        "layers": [["before", "Dense"], ["it", name]],
        "groups": [group],
    }
    return {**found, **more}


def test_layers_are_written_once_for_releases_that_agree_and_settings_that_change_nothing_not_at_all() -> None:
    def document(tensorflow: str, op: str) -> dict[str, Any]:
        setting = {"option": "unroll", "not": False}
        traced = [
            _case("Soft", op, "float16"),
            _case("Soft", op, "float16", when=setting),
            _case("Same", "Mul", "float32"),
        ]
        return {"tensorflow": tensorflow, "keras": "3.0", "dtype": "float16", "traced": traced}

    text = layers.written([document("2.18.1", "Erf"), document("2.21.0", "Erfc")], "2.18.1", "2026-01-01")
    assert 'Soft = [\n  { traced = ["2.18.1"], ops = "Erf" },\n  { traced = ["2.21.0"], ops = "Erfc" },\n]' in text
    assert 'Same = [\n  { ops = "Mul:float32" },\n]' in text
    assert "unroll" not in text
