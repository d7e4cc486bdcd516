"""The other files of somebody's project: found by their import names, parsed when they are asked for."""

from __future__ import annotations

import ast
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

from m1doctor.lint.canonical import OURS, canonical
from m1doctor.lint.module import External, Local, Meaning, Module, Value
from m1doctor.lint.names import Binding, Kind

_MOST_MODULES = 32
"""Modules that are kept parsed. A script's helpers are few, and memory stays the same for a tree of any size."""
_DEEPEST = 12


class Project:
    """Modules by path, for following what is imported from beside a file."""

    def __init__(self, roots: Sequence[Path], parse: Callable[[Path], ast.Module | None]) -> None:
        """Look for modules in `roots` and beside each file; `parse` gives `None` for what cannot be read."""
        self._roots = tuple(roots)
        self._parse = parse
        self._modules: OrderedDict[Path, Module | None] = OrderedDict()
        self._places: dict[tuple[Path, str], Path | None] = {}

    def module(self, path: Path) -> Module | None:
        """The module of a file; `None` where it cannot be parsed."""
        if path in self._modules:
            self._modules.move_to_end(path)
            return self._modules[path]
        tree = self._parse(path)
        module = None if tree is None else Module(path, tree, self)
        self._keep(path, module)
        return module

    def known(self, path: Path) -> Module | None:
        """The module of a file that was parsed of late; `None` where it was not."""
        return self._modules.get(path)

    def hold(self, path: Path, tree: ast.Module) -> Module:
        """The module of a tree that was parsed already."""
        module = Module(path, tree, self)
        self._keep(path, module)
        return module

    def _keep(self, path: Path, module: Module | None) -> None:
        self._modules[path] = module
        self._modules.move_to_end(path)

    def settle(self) -> None:
        """Between two files: forget what was followed, and give the modules back that were not asked for of late.

        Never in the middle of one: what is known of a file leads into others.
        """
        for module in self._modules.values():
            if module is not None:
                module.forget()
        while len(self._modules) > _MOST_MODULES:
            _, oldest = self._modules.popitem(last=False)
            if oldest is not None:
                oldest.index.release()

    def external(self, path: Path, dotted: str, depth: int = 0) -> Meaning | None:
        """What an import name in the file `path` leads to: something of this project, or something outside."""
        head = dotted.partition(".")[0]
        if head in OURS:
            return External(canonical(dotted))
        found = self._binding(path, dotted)
        if found is None:
            return None if dotted.startswith(".") else External(dotted)
        module, binding = found
        if binding.kind in (Kind.FUNCTION, Kind.CLASS):
            return Local(module, binding.node, binding.region)  # type: ignore[arg-type]  # the kind says which nodes
        if depth < _DEEPEST and binding.kind is Kind.IMPORT and isinstance(binding.value, str):
            return self.external(module.path, binding.value, depth + 1)
        if depth < _DEEPEST and binding.kind is Kind.ASSIGN and isinstance(binding.value, ast.Name | ast.Attribute):
            return module.meaning(binding.value, binding.region, depth + 1)
        return None

    def value(self, path: Path, dotted: str, depth: int) -> list[Value] | None:
        """The values of a variable of another file of this project."""
        if dotted.partition(".")[0] in OURS:
            return None
        found = self._binding(path, dotted)
        if found is None or found[1].kind is not Kind.ASSIGN or not isinstance(found[1].value, ast.expr):
            return None
        module, binding = found
        return module.values(found[1].value, binding.region, depth + 1)

    def _binding(self, path: Path, dotted: str) -> tuple[Module, Binding] | None:
        """The one place where another file of this project binds the last part of `dotted`."""
        owner, _, name = dotted.rpartition(".")
        if not owner.strip("."):
            owner = dotted[: len(dotted) - len(name)]
        place = self.find(path, owner) if owner else None
        if place is None or place == path:
            return None
        module = self.module(place)
        if module is None:
            return None
        bindings = module.index.scope.bindings.get(name, ())
        return (module, bindings[0]) if len(bindings) == 1 else None

    def find(self, path: Path, dotted: str) -> Path | None:
        """The file that an import name stands for in the file `path`; `None` where it is not of this project."""
        key = (path.parent, dotted)
        if key not in self._places:
            self._places[key] = self._find(path, dotted)
        return self._places[key]

    def _find(self, path: Path, dotted: str) -> Path | None:
        level = len(dotted) - len(dotted.lstrip("."))
        parts = [part for part in dotted.split(".") if part]
        if not all(part.isidentifier() for part in parts):
            return None
        if level:
            folder = path.parent
            for _ in range(level - 1):
                folder = folder.parent
            return _file(folder, parts)
        for folder in (path.parent, _above_packages(path), *self._roots):
            found = _file(folder, parts)
            if found is not None:
                return found
        return None


def _file(folder: Path, parts: list[str]) -> Path | None:
    place = folder.joinpath(*parts)
    for candidate in (place / "__init__.py", place.with_suffix(".py") if parts else place / "__init__.py"):
        try:
            if candidate.is_file():
                return candidate
        except (OSError, ValueError):
            return None
    return None


def _above_packages(path: Path) -> Path:
    """The folder from which the package that holds `path` is imported."""
    folder = path.parent
    while folder != folder.parent and (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder
