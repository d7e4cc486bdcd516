"""Tools that a user may take for the same environment: pip and python on PATH, Jupyter kernels, the editor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from m1doctor.collect.disk import Disk, absolute, below
from m1doctor.collect.environment import pyvenv
from m1doctor.collect.environment.command import CommandError, behind_script, interpreter_behind, on_path, search_path
from m1doctor.collect.environment.editor import find_editor_setting
from m1doctor.collect.environment.installed import installed_versions
from m1doctor.collect.environment.kernels import find_kernels, is_called_like, plain
from m1doctor.collect.environment.layout import Layout, base_prefix_of, locate, vendor
from m1doctor.collect.environment.own import is_tool_environment
from m1doctor.collect.environment.site_folders import SearchFolder, search_folders
from m1doctor.collect.world import World
from m1doctor.model.interpreter import Neighbour, NeighbourKind

_GENERIC = frozenset(("venv", "env", "virtualenv", "base", "python", "python3", ""))
"""Names of environments that name nothing."""
_NATIVE_KERNEL = "python3"
"""The kernel of the environment that Jupyter runs in. Kernels of other names may lie there on purpose, for others."""


def find_neighbours(
    world: World, disk: Disk, layout: Layout, folders: list[SearchFolder], *, why: str, own_prefix: str
) -> list[Neighbour]:
    """The neighbours of the environment that `layout` describes, chosen as `why` says.

    Commands of `own_prefix`, the environment that m1doctor itself runs from, are passed over where uv or pipx made it.
    """
    look = _Look(world, disk, layout, folders, why, own_prefix if is_tool_environment(disk, own_prefix) else None)
    return [*look.pips(), *look.pythons(), *look.kernels(), *look.editor()]


@dataclass(slots=True)
class _Look:
    """One search, with what it has learnt of other environments."""

    world: World
    disk: Disk
    layout: Layout
    folders: list[SearchFolder]
    why: str
    own_prefix: str | None
    _tensorflow: dict[str, tuple[str, ...] | None] = field(default_factory=dict)

    @property
    def activated(self) -> str | None:
        """The variable that the environment is activated by."""
        return activated_by(self.world, self.why, self.layout.prefix)

    @property
    def from_path(self) -> str | None:
        """The command on PATH that the environment was chosen by."""
        return next((name for name in ("python3", "python") if self.why.startswith(f"{name} on PATH")), None)

    @property
    def isolated(self) -> bool:
        """Whether it is an environment with a `bin` and `share` of its own, not a Python among other programs."""
        return self.layout.environment is not None or self.layout.conda is not None

    def pips(self) -> Iterator[Neighbour]:
        """`pip` of the environment itself, then `pip` and `pip3` on PATH."""
        own = f"{self.layout.prefix}/bin/pip"
        if self.isolated and self.disk.is_file(own):
            interpreter = behind_script(self.world, self.disk, own)
            yield self._neighbour(
                NeighbourKind.PIP, "pip of this environment", own, interpreter, f"it lies in {self.layout.prefix}"
            )
        for name in ("pip", "pip3"):
            path = self._on_path(name)
            if path is not None and path != own:
                interpreter = behind_script(self.world, self.disk, path)
                yield self._neighbour(NeighbourKind.PIP, f"{name} on PATH", path, interpreter, self._pip_claim(name))

    def _pip_claim(self, name: str) -> str | None:
        if self.activated is not None:
            # Environments of uv have no pip: `pip` is then somebody else's, and their users know `uv pip`.
            if self._has_pip() or not self.layout.exists:
                return f"{self.activated} says that {self.layout.prefix} is active"
            return None
        if self.from_path is not None:
            return f"{name} and {self.from_path} are both what PATH offers"
        return None

    def _has_pip(self) -> bool:
        return any("pip" in installed_versions(self.disk, folder.path) for folder in self.folders)

    def pythons(self) -> Iterator[Neighbour]:
        """`python` and `python3` on PATH."""
        for name in ("python", "python3"):
            if name == self.from_path:
                continue
            path = self._on_path(name)
            if path is None:
                continue
            try:
                interpreter = interpreter_behind(self.world, self.disk, path).path
            except CommandError:
                interpreter = None
            claim = None
            if self.activated is not None:
                claim = f"{self.activated} says that {self.layout.prefix} is active"
            elif self.from_path is not None:
                claim = f"{name} and {self.from_path} are both what PATH offers"
            yield self._neighbour(NeighbourKind.PYTHON, f"{name} on PATH", path, interpreter, claim)

    def kernels(self) -> Iterator[Neighbour]:
        """Kernels that start a Python by its path; what a bare ``python`` means only Jupyter knows."""
        names = self._names()
        for kernel in find_kernels(self.world, self.disk, self.layout.prefix):
            if "/" not in kernel.command:
                continue
            claim = None
            if kernel.inside and self.isolated and kernel.name == _NATIVE_KERNEL:
                claim = f"it is the {_NATIVE_KERNEL} kernel in {self.layout.prefix}"
            elif is_called_like(kernel, names):
                claim = f"it is called {kernel.display_name or kernel.name!r}, like this environment"
            yield self._neighbour(
                NeighbourKind.KERNEL, f"Jupyter kernel {kernel.name}", kernel.path, absolute(kernel.command, "/"), claim
            )

    def editor(self) -> Iterator[Neighbour]:
        """The interpreter that Visual Studio Code is told to use."""
        setting = find_editor_setting(self.world, self.disk)
        if setting is None:
            return
        path, folder, wanted = setting
        interpreter: str | None = wanted
        if "/" not in wanted:
            interpreter = self._on_path(wanted)
        elif self.disk.is_folder(wanted):
            interpreter = f"{wanted}/bin/python"
        claim = None
        if below(self.layout.prefix, folder):
            claim = f"{self.layout.prefix} is the environment in {folder}"
        elif self.activated is not None and not self._is_conda_base():
            claim = f"{self.activated} says that {self.layout.prefix} is active in {folder}"
        yield self._neighbour(NeighbourKind.EDITOR, f"VS Code in {folder}", path, interpreter, claim)

    def _is_conda_base(self) -> bool:
        """Whether it is the environment that conda itself lives in, which many shells activate by themselves."""
        return self.layout.environment is None and self.disk.is_folder(f"{self.layout.prefix}/condabin")

    def _names(self) -> frozenset[str]:
        """Names under which a user would know this environment; none where it is no environment of its own."""
        prefix = self.layout.prefix
        own = prefix.rpartition("/")[2]
        names = {own}
        if plain(own) in _GENERIC:
            names.add(absolute("..", prefix).rpartition("/")[2])
        if self.layout.environment is not None:
            names.add(pyvenv.read_settings(self.disk, prefix).get("prompt", "").strip("'\"() "))
        if not self.isolated:
            return frozenset()
        return frozenset(plain(name) for name in names) - _GENERIC

    def _on_path(self, name: str) -> str | None:
        for path in on_path(self.world, self.disk, name):
            if self.own_prefix is None or not below(path, self.own_prefix):
                return path
        return None

    def _neighbour(
        self, kind: NeighbourKind, role: str, path: str, interpreter: str | None, claim: str | None
    ) -> Neighbour:
        same: bool | None = None
        exists = None
        tensorflow = None
        if interpreter is not None:
            exists = self.disk.is_executable(interpreter)
            same = exists and identity(self.disk, interpreter) == self._own_identity()
            if exists and not same and claim is not None:
                tensorflow = self._tensorflow_of(interpreter)
        return Neighbour(
            kind=kind,
            role=role,
            path=path,
            interpreter=interpreter,
            same_environment=same,
            interpreter_exists=exists,
            claim=claim,
            tensorflow=tensorflow,
        )

    def _own_identity(self) -> str | None:
        return identity(self.disk, self.layout.executable)

    def _tensorflow_of(self, interpreter: str) -> tuple[str, ...] | None:
        if interpreter not in self._tensorflow:
            other = locate(self.disk, interpreter)
            home = None if self.world.home is None else str(self.world.home)
            folders = search_folders(self.world, self.disk, other, vendor(other, home))
            self._tensorflow[interpreter] = tensorflow_in(self.disk, folders) if folders else None
        return self._tensorflow[interpreter]


def activated_by(world: World, why: str, prefix: str) -> str | None:
    """The variable by which the user's shell has the environment activated, or `None`.

    Activation sets a variable and puts the `bin` folder on PATH. The variable alone is a way to name an environment to
    a tool, and says nothing of what the shell would start.
    """
    for name in ("$VIRTUAL_ENV", "$CONDA_PREFIX"):
        if why.startswith(name):
            return name if f"{prefix}/bin" in search_path(world) else None
    return None


def tensorflow_in(disk: Disk, folders: list[SearchFolder]) -> tuple[str, ...]:
    """``"name version"`` of the TensorFlow distributions and plugins in some folders."""
    found: dict[str, str] = {}
    for folder in folders:
        for name, version in installed_versions(disk, folder.path).items():
            if name == "tensorflow" or name.startswith("tensorflow-"):
                found.setdefault(name, version)
    return tuple(f"{name} {version}" for name, version in sorted(found.items()))


def identity(disk: Disk, interpreter: str) -> str | None:
    """What makes two interpreters the same environment: the virtual environment, else the real prefix."""
    prefix = pyvenv.find_prefix(disk, interpreter)
    if prefix is not None:
        return disk.real(prefix)
    base = base_prefix_of(disk, interpreter)
    if base is not None:
        return disk.real(base)
    return disk.real(absolute("../..", interpreter))
