"""Imports go down only; the drawing is in CONTRIBUTING.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "m1doctor"

MAY_IMPORT = {
    "model": set(),
    "errors": set(),
    "files": set(),
    "paths": {"errors"},
    "probes": set(),
    "knowledge": {"model", "errors"},
    "macho": {"knowledge", "model", "errors"},
    "documents": {"model", "errors"},
    "settings": {"model", "errors"},
    "collect": {"macho", "knowledge", "model", "errors", "files", "paths"},
    "bench": {"knowledge", "model", "errors"},
    "checks": {"bench", "knowledge", "model", "errors"},
    "locks": {"collect", "knowledge", "model", "errors", "files", "paths"},
    "lint": {"checks", "collect", "knowledge", "model", "errors", "files"},
    "render": {"bench", "checks", "lint", "knowledge", "model", "errors"},
    "support": {"render", "bench", "checks", "collect", "macho", "knowledge", "model", "errors", "files", "paths",
                "documents"},
    "setup": {"locks", "collect", "checks", "knowledge", "model", "errors", "files", "paths"},
    "diagnosis": {"support", "checks", "locks", "documents", "model", "errors"},
    "cli": {"diagnosis", "render", "lint", "support", "setup", "locks", "bench", "checks", "collect", "knowledge",
            "documents", "settings", "model", "errors", "files", "paths"},
    "__main__": {"cli"},
    "__init__": set(),
}  # fmt: skip
"""What each part may import of the others. `checks` and `collect` never know each other."""

ONLY_IN = {
    "rich": ("render/", "cli/"),
    "typer": ("cli/",),
    "platformdirs": ("paths.py",),
    "msgspec": ("documents.py", "collect/answer.py"),
    "vl_convert": ("render/plot.py",),
    "uv": ("locks/",),
    "tomli_w": ("locks/",),
    "rattler": ("locks/",),
    "yaml": ("locks/",),
    "libcst": ("lint/mending.py",),
    "multiprocessing": ("lint/workers.py",),
    "subprocess": ("collect/runner.py", "collect/profile/foreground.py"),
    "tensorflow": ("probes/",),
    "numpy": ("probes/",),
}
"""Where a module from outside may be imported, at the top of a file or inside a function."""


def _files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # The parts of the probe are imported in the target under a name of their own, so they say "my neighbour".
            if node.level == 1 and path.parent == PACKAGE / "probes" / "parts":
                continue
            assert node.level == 0, f"{path}:{node.lineno} is relative"
            assert node.module is not None
            yield node.module, node.lineno
            if node.module == "m1doctor":
                yield from (
                    (f"m1doctor.{alias.name}", node.lineno) for alias in node.names if alias.name != "__version__"
                )


def test_there_is_something_to_look_at() -> None:
    assert len(_files()) > 60


@pytest.mark.parametrize("path", _files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_lies_below(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for name, line in _imports(path):
        if name.startswith("m1doctor."):
            other = name.split(".")[1]
            assert other == own or other in MAY_IMPORT[own], f"{path}:{line} imports {name}"


@pytest.mark.parametrize("path", _files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_from_outside_stays_in_its_place(path: Path) -> None:
    place = path.relative_to(PACKAGE).as_posix()
    for name, line in _imports(path):
        allowed = ONLY_IN.get(name.split(".")[0])
        assert allowed is None or place.startswith(allowed), f"{path}:{line} imports {name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "checks").glob("*/*.py")), ids=lambda path: path.name)
def test_a_check_reads_facts_and_nothing_else(path: Path) -> None:
    outside = {"os", "sys", "pathlib", "time", "random", "datetime", "platform", "socket", "shutil", "io", "threading"}
    for name, line in _imports(path):
        assert name.split(".")[0] not in outside, f"{path}:{line} imports {name}"
