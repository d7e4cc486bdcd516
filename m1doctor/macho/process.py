"""The images that a process has loaded, and how dyld would find another: by install name first, then by path.

The rules are those of dyld-1378 (`dyld/Loader.cpp`, `dyld/JustInTimeLoader.cpp`): a library that was asked for is
compared with the names of everything already loaded before any path is tried; `@rpath` runs through the LC_RPATHs of
the asking image and of those that led to it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from m1doctor.macho.errors import MachOError
from m1doctor.macho.exports import Export
from m1doctor.macho.image import Image
from m1doctor.macho.load_commands import Dependency
from m1doctor.model.record import record

MAX_IMAGES = 512
"""A process with TensorFlow has about a hundred images that are not the system's."""
MAX_TRIED = 64
_LIBRARY = 6
_SYSTEM_FOLDERS = ("/usr/lib/", "/System/")
_CRYPTEX = "/System/Volumes/Preboot/Cryptexes/OS"


class UnjudgedError(Exception):
    """The link cannot be judged, through no fault of the plugin; the message is a clause that says why."""


@record(frozen=True, slots=True)
class Outside:
    """A library that is taken on trust: the system's, or one on a disk that cannot be looked at."""

    install_name: str


@record(frozen=True, slots=True)
class Absent:
    """A library that dyld would not find."""

    install_name: str
    reason: str
    """What dyld would say of the paths that it tried."""


@dataclass(slots=True, eq=False)
class Loaded:
    """One loaded image."""

    image: Image
    path: str
    """As dyld would print it."""
    leads: tuple[Loaded, ...] = ()
    """The images whose LC_RPATHs also count: the one that asked for it first, and so on up."""
    dependencies: list[Loaded | Outside | Absent] = field(default_factory=list)

    def answers_to(self, name: str) -> bool:
        """Whether dyld would take this image for a library asked for by `name`. Only libraries have install names."""
        if name == self.path:
            return True
        return self.image.header.file_type == _LIBRARY and name == self.image.commands.install_name


class Process:
    """Images loaded one after another. Close it, or use it as a context manager."""

    def __init__(self, architecture: str = "arm64", *, disk_is_its_own: bool = True) -> None:
        """Begin with no image.

        Where the disk is not the process's own (a folder of a Mac's packages looked at elsewhere), libraries by
        absolute path are taken on trust.
        """
        self.architecture = architecture
        self.images: list[Loaded] = []
        self._disk_is_its_own = disk_is_its_own
        self._by_real_path: dict[str, Loaded] = {}

    def load(self, path: Path, leads: tuple[Loaded, ...] = ()) -> Loaded:
        """Load one file and, breadth first, what it asks for.

        Raises `OSError` or `MachOError` where the file itself cannot be loaded; what it asks for and does not get is
        an `Absent` among its dependencies.
        """
        top = self._load_one(path, leads)
        queue = [top]
        while queue:
            asking = queue.pop(0)
            if asking.dependencies or not asking.image.commands.dependencies:
                continue
            for wanted in asking.image.commands.dependencies:
                before = len(self.images)
                asking.dependencies.append(self._find(wanted, asking))
                queue += self.images[before:]
        return top

    def _load_one(self, path: Path, leads: tuple[Loaded, ...]) -> Loaded:
        real = os.path.realpath(path)
        known = self._by_real_path.get(real)
        if known is not None:
            return known
        if len(self.images) >= MAX_IMAGES:
            raise UnjudgedError(f"more than {MAX_IMAGES} libraries ask for each other")
        loaded = Loaded(Image(Path(real), self.architecture), str(path), leads)
        self._by_real_path[real] = loaded
        self.images.append(loaded)
        return loaded

    def _find(self, wanted: Dependency, asking: Loaded) -> Loaded | Outside | Absent:
        """What dyld would take for one library that `asking` wants."""
        name = wanted.install_name
        known = self._already(name)
        if known is not None:
            return known
        absolute = name.startswith("/")
        if name.startswith(_SYSTEM_FOLDERS) or (absolute and not self._disk_is_its_own):
            return Outside(name)
        tried: list[str] = []
        for candidate in islice(self._candidates(name, asking), MAX_TRIED):
            found = self._try(candidate, asking)
            if not isinstance(found, str):
                return found
            tried.append(f"'{candidate}' ({found})")
        if not tried:
            rpaths = any(image.image.commands.rpaths for image in (asking, *asking.leads))
            return Absent(name, "no LC_RPATH's used" if rpaths else "no LC_RPATH's found")
        # dyld goes through the paths twice, without and with the shared cache, and prints both times.
        again = [f"'{_CRYPTEX}{name}' (no such file)"] if absolute else []
        return Absent(name, f"tried: {', '.join([*tried, *again, *tried])}")

    def _already(self, name: str) -> Loaded | None:
        return next((image for image in self.images if image.answers_to(name)), None)

    def _try(self, candidate: str, asking: Loaded) -> Loaded | Outside | str:
        """The image at one path, or what dyld would say of that path."""
        if candidate.startswith(_SYSTEM_FOLDERS):
            return Outside(candidate)
        known = self._already(candidate)
        if known is not None:
            return known
        try:
            return self._load_one(Path(candidate), (asking, *asking.leads))
        except (FileNotFoundError, NotADirectoryError):
            return "no such file"
        except OSError as error:
            return f"errno={error.errno}"
        except MachOError as error:
            return str(error)

    def _candidates(self, name: str, asking: Loaded) -> Iterator[str]:
        """Absolute paths that dyld would try, in its order."""
        if name.startswith("@rpath/"):
            places = [(rpath, image) for image in (asking, *asking.leads) for rpath in image.image.commands.rpaths]
            paths = [_at_loader(rpath, image).rstrip("/") + name[len("@rpath") :] for rpath, image in places]
        else:
            paths = [_at_loader(name, asking)]
        return (path for path in paths if path.startswith("/"))

    def exported(self, image: Loaded, names: Iterable[bytes], *, through_libraries: bool) -> set[bytes]:
        """Those of `names` that `image` exports, itself or by re-export.

        `through_libraries` follows LC_REEXPORT_DYLIB as a lookup in one library does; a flat lookup does not. A name
        that a library outside may re-export counts as exported. Raises `UnjudgedError` for an image whose tables are
        broken.
        """
        return self._exported(image, set(names), through_libraries=through_libraries, seen=set())

    def _exported(self, image: Loaded, names: set[bytes], *, through_libraries: bool, seen: set[int]) -> set[bytes]:
        if id(image) in seen or not names:
            return set()
        seen = seen | {id(image)}
        try:
            direct = image.image.find_exports(names)
        except MachOError as error:
            raise UnjudgedError(f"the exports of {image.path} cannot be read: {error}") from error
        found = {name for name, export in direct.items() if export.library_ordinal is None}
        found |= self._moved(image, [export for export in direct.values() if export.library_ordinal is not None], seen)
        if through_libraries:
            for wanted, place in zip(image.image.commands.dependencies, image.dependencies, strict=False):
                if wanted.reexport and isinstance(place, Outside):
                    return names
                if wanted.reexport and isinstance(place, Loaded):
                    found |= self._exported(place, names - found, through_libraries=True, seen=seen)
        return found

    def _moved(self, image: Loaded, exports: list[Export], seen: set[int]) -> set[bytes]:
        """Those of the symbols that the trie re-exports which are there, under the names that they have there."""
        found: set[bytes] = set()
        for ordinal in {export.library_ordinal or 0 for export in exports}:
            place = image.dependencies[ordinal - 1] if 0 < ordinal <= len(image.dependencies) else None
            names = {each.name: each.imported_name or each.name for each in exports if each.library_ordinal == ordinal}
            if isinstance(place, Outside):
                found |= names.keys()
            elif isinstance(place, Loaded):
                there = self._exported(place, set(names.values()), through_libraries=True, seen=seen)
                found.update(name for name, moved in names.items() if moved in there)
        return found

    def close(self) -> None:
        """Give every map back."""
        for loaded in self.images:
            loaded.image.close()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def _at_loader(path: str, image: Loaded) -> str:
    """`path` with `@loader_path` put in; `@executable_path` stays, since the program is not known here."""
    if path == "@loader_path" or path.startswith("@loader_path/"):
        return f"{Path(image.path).parent}{path[len('@loader_path') :]}"
    return path
