"""The plugin libraries that an import of TensorFlow would load: which, whose, and whether they link.

TensorFlow looks into the folder `tensorflow-plugins` of every site folder and at what TF_PLUGGABLE_DEVICE_LIBRARY_PATH
names, and loads every library there (`tensorflow/__init__.py`, `load_library.py`). Nothing is run to find out.
"""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from m1doctor.collect.disk import Disk, absolute
from m1doctor.collect.native_file import NativeFileError, NativeInfo, inspect_native
from m1doctor.collect.world import World
from m1doctor.knowledge import pairings
from m1doctor.macho.errors import MachOError
from m1doctor.macho.image import Image
from m1doctor.macho.link import judge_link
from m1doctor.macho.process import UnjudgedError
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.packages import Distribution, Packages
from m1doctor.model.plugins import LinkVerdict, Plugin, Plugins, Provider
from m1doctor.model.record import record
from m1doctor.model.unknown import Unknown, UnknownKind, not_applicable

FOLDER = "tensorflow-plugins"
VARIABLE = "TF_PLUGGABLE_DEVICE_LIBRARY_PATH"
MAX_LIBRARIES = 64
MAX_HASHED_BYTES = 512 * 1024 * 1024
MAX_RECORD_BYTES = 16 * 1024 * 1024
_UNAVAILABLE = UnknownKind.UNAVAILABLE
_ENTRY_POINTS = ("SE_InitPlugin", "TF_InitKernel", "TF_InitGraph", "TF_InitProfiler")
_COMMUNITY_ENTRY_POINT = "TF_InitProfiler"
_APPLE_INSTALL_NAME = "/metal_plugin/libmetal_plugin.dylib"
"""End of the install name that Apple's build gives the library, in every release."""


def collect_plugins(world: World, interpreter: Interpreter, packages: Packages) -> Plugins:
    """Look at every plugin library of the target."""
    return _Collector(world, interpreter, packages).collect()


@record(frozen=True, slots=True)
class _Claim:
    """A distribution whose RECORD lists a library."""

    distribution: Distribution
    sha256: str | None

    @property
    def label(self) -> str:
        return f"{self.distribution.name} {self.distribution.version}"


class _Collector:
    def __init__(self, world: World, interpreter: Interpreter, packages: Packages) -> None:
        self._world = world
        self._interpreter = interpreter
        self._packages = packages
        self._disk = Disk(world.root)
        self._root = "" if str(world.root) == "/" else str(world.root)
        self._table = pairings.load()

    def collect(self) -> Plugins:
        unknown: dict[str, Unknown] = {}
        tensorflow, version = self._tensorflow()
        if tensorflow is None:
            unknown["tensorflow_folder"] = not_applicable("there is no tensorflow package in the site folders")
        if version is None:
            unknown["tensorflow_version"] = Unknown("no distribution claims the tensorflow package")
        named = self._named_path()
        libraries: list[Plugin] = []
        for path, origin in self._libraries(named):
            if len(libraries) == MAX_LIBRARIES:
                unknown["more_libraries"] = Unknown(f"there are more than {MAX_LIBRARIES} plugin libraries")
                break
            libraries.append(self._examine(path, origin, tensorflow))
        judged = [library for library in libraries if library.link is not None]
        unjudged = [why for each in libraries if (why := each.unknown.get("link")) and why.kind is _UNAVAILABLE]
        if unjudged:
            unknown["links_judged"] = unjudged[0]
        return Plugins(
            libraries=tuple(libraries),
            links_judged=None if unjudged else len(judged),
            tensorflow_folder=tensorflow,
            tensorflow_version=version,
            named_path=named,
            named_path_exists=None if named is None else self._disk.exists(named),
            unknown=unknown,
        )

    def _tensorflow(self) -> tuple[str | None, str | None]:
        """The folder that `import tensorflow` would use, and the version of whoever put it there."""
        for module in self._packages.modules:
            if module.name == "tensorflow" and module.importable:
                owners = [owner.rpartition(" ") for owner in module.owners]
                versions = [version for name, _, version in owners if name.lower().startswith("tensorflow")]
                return f"{module.folder}/tensorflow", next(iter(versions), None)
        return None, None

    def _named_path(self) -> str | None:
        """What the environment variable names. A folder of packages has no environment of its own."""
        value = self._world.environ.get(VARIABLE, "")
        if not value or self._interpreter.executable is None:
            return None
        return absolute(value, str(self._world.cwd))

    def _libraries(self, named: str | None) -> Iterator[tuple[str, str]]:
        """Path and origin of every library, in the order of the site folders and of the names in them."""
        for site in dict.fromkeys((*self._interpreter.site_folders, *self._interpreter.site_aliases)):
            yield from ((path, FOLDER) for path in self._in_folder(f"{site}/{FOLDER}"))
        if named is not None:
            paths = self._in_folder(named) if self._disk.is_folder(named) else [named]
            yield from ((path, VARIABLE) for path in paths if self._disk.exists(path))

    def _in_folder(self, folder: str) -> list[str]:
        return [f"{folder}/{name}" for name in self._disk.names(folder) if self._is_library_name(name)]

    def _is_library_name(self, name: str) -> bool:
        """TensorFlow goes by the name alone, also for the ``._`` files that macOS leaves on foreign disks."""
        if self._interpreter.system == "Linux":
            return name.endswith(".so") or name.rpartition(".so.")[2][:1].isdecimal()
        return name.endswith(".dylib")

    def _examine(self, path: str, origin: str, tensorflow: str | None) -> Plugin:
        unknown: dict[str, Unknown] = {}
        real = self._disk.end_of_links(path) or path
        place = Path(self._root + real)
        claims = self._claims(path) or self._claims(real)
        contents = _look_into(place, self._machine)
        plugin = Plugin(
            path=path,
            origin=origin,
            real_path=real,
            provider=Provider.OTHER,
            distributions=tuple(claim.label for claim in claims),
            architectures=contents.info.architectures if contents.info else (),
            minimum_macos=contents.info.minimum_macos if contents.info else None,
            install_name=contents.info.install_name if contents.info else None,
            registers=contents.entry_points,
            sha256=contents.sha256,
            unknown=unknown,
        )
        plugin = self._with_provider(plugin, contents, claims)
        if contents.sha256 is None:
            unknown["sha256"] = Unknown("the file cannot be read, or is larger than any plugin")
        if contents.info is None:
            unknown["architectures"] = Unknown(contents.fault or "the file cannot be read")
        if plugin.minimum_macos is None:
            unknown["minimum_macos"] = Unknown("the library does not say which macOS it was built for")
        if contents.info is not None and contents.info.format != "mach-o" and self._interpreter.system != "Darwin":
            unknown["link"] = not_applicable("only the link of Mach-O libraries is judged; the import shows this one's")
            return plugin
        try:
            return replace(plugin, link=self._link(place, tensorflow))
        except UnjudgedError as error:
            unknown["link"] = Unknown(self._shown(str(error)))
            return plugin

    def _with_provider(self, plugin: Plugin, contents: _Contents, claims: list[_Claim]) -> Plugin:
        """Say whose library it is, by its content first and by what is recorded last."""
        apple = self._table.apple_distribution
        for known, words in (
            (self._table.identified(sha256=contents.sha256), "its content is that of {}"),
            (self._table.identified(uuid=contents.uuid), "its LC_UUID is that of {}, signed or altered since"),
        ):
            if known is not None:
                by = words.format(f"{apple} {known.version}")
                return replace(plugin, provider=Provider.APPLE, version=known.version, identified_by=by)
        if _COMMUNITY_ENTRY_POINT in plugin.registers:
            by = f"it exports {_COMMUNITY_ENTRY_POINT}, which no library of Apple's does"
            return replace(plugin, provider=Provider.COMMUNITY, identified_by=by)
        if plugin.install_name and plugin.install_name.endswith(_APPLE_INSTALL_NAME):
            return replace(plugin, provider=Provider.APPLE, identified_by=f"its install name is {plugin.install_name}")
        return self._by_claim(plugin, claims)

    def _by_claim(self, plugin: Plugin, claims: list[_Claim]) -> Plugin:
        """Whose RECORD lists the library; where several do, the one whose hash is the library's."""
        owners = [claim for claim in claims if claim.sha256 == plugin.sha256] or claims
        if len(owners) != 1:
            return plugin
        provider = {
            self._table.apple_distribution: Provider.APPLE,
            self._table.community.distribution: Provider.COMMUNITY,
        }.get(owners[0].distribution.normalized_name, Provider.OTHER)
        same = owners[0].sha256 is not None and owners[0].sha256 == plugin.sha256
        words = f"{'the content' if same else 'the path'} is recorded by {owners[0].label}"
        return replace(plugin, provider=provider, identified_by=words)

    def _claims(self, path: str) -> list[_Claim]:
        """Distributions of the same site folder whose RECORD lists `path`."""
        found: list[_Claim] = []
        for distribution in self._packages.distributions:
            folder = distribution.folder
            if not path.startswith(f"{folder}/{FOLDER}/"):
                continue
            content = self._disk.head(f"{folder}/{distribution.metadata_path}/RECORD", MAX_RECORD_BYTES) or b""
            relative = path[len(folder) + 1 :]
            if os.fsencode(relative) not in content:
                continue  # nearly every RECORD: not worth decoding
            for line in content.decode("utf-8", "replace").splitlines():
                name, _, rest = line.rpartition(",")[0].rpartition(",")
                if name.strip('"') == relative:
                    found.append(_Claim(distribution, _hexadecimal(rest)))
                    break
        return found

    def _link(self, place: Path, tensorflow: str | None) -> LinkVerdict:
        if tensorflow is None:
            raise UnjudgedError("there is no TensorFlow to link with")
        own = self._world.uname.sysname == "Darwin" and not self._root
        folder = Path(self._root + tensorflow)
        verdict = judge_link(place, folder, architecture=self._machine, disk_is_its_own=own)
        if verdict.dyld_message is None or not self._root:
            return verdict
        return replace(verdict, dyld_message=self._shown(verdict.dyld_message))

    def _shown(self, text: str) -> str:
        """The text with the paths as the examined machine would have them."""
        return text.replace(self._root, "") if self._root else text

    @property
    def _machine(self) -> str:
        return self._interpreter.machine or "arm64"


@record(frozen=True, slots=True, kw_only=True)
class _Contents:
    """What the file itself tells."""

    info: NativeInfo | None = None
    fault: str | None = None
    """Why there is no `info`."""
    sha256: str | None = None
    uuid: str | None = None
    entry_points: tuple[str, ...] = ()


def _look_into(place: Path, architecture: str) -> _Contents:
    digest = _sha256(place)
    try:
        info = inspect_native(place, architecture)
    except NativeFileError as error:
        return _Contents(fault=error.reason, sha256=digest)
    if info.format != "mach-o":
        return _Contents(info=info, sha256=digest)
    for readable in dict.fromkeys((architecture, *info.architectures)):
        try:
            with Image(place, readable) as image:
                own = image.commands.uuid
                found = image.find_exports(f"_{name}".encode() for name in _ENTRY_POINTS)
        except (OSError, MachOError):
            continue
        return _Contents(
            info=info,
            sha256=digest,
            uuid=str(uuid.UUID(bytes=own)).upper() if own else None,
            entry_points=tuple(name for name in _ENTRY_POINTS if f"_{name}".encode() in found),
        )
    return _Contents(info=info, sha256=digest)


def _sha256(place: Path) -> str | None:
    try:
        if not place.is_file() or place.stat().st_size > MAX_HASHED_BYTES:
            return None
        import hashlib  # noqa: PLC0415 - brings OpenSSL; only where there is a plugin

        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _hexadecimal(recorded: str) -> str | None:
    """The hash of a RECORD line (``sha256=`` and URL-safe base64 without padding) in hexadecimal."""
    algorithm, _, text = recorded.partition("=")
    if algorithm != "sha256":
        return None
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).hex()
    except ValueError:
        return None
