"""The link verdict: what dyld would say when TensorFlow loads a plugin.

The words are dyld's own (dyld-1378, `Loader::resolveSymbol`, `JustInTimeLoader::loadDependents`), so that they can be
compared with what a user saw. TensorFlow opens a plugin with RTLD_NOW | RTLD_LOCAL, hence the 0x0006: every symbol is
bound at once, and the first that is missing ends the import of TensorFlow.
"""

from __future__ import annotations

import os
import time
import uuid
from dataclasses import replace
from pathlib import Path

from m1doctor.macho.demangle import demangle
from m1doctor.macho.errors import MachOError, NotMachOError
from m1doctor.macho.image import Image, NoSuchSliceError
from m1doctor.macho.imports import FLAT_LOOKUP, MAIN_EXECUTABLE, SELF, WEAK_LOOKUP, Import
from m1doctor.macho.process import Absent, Loaded, Outside, Process, UnjudgedError
from m1doctor.macho.system_symbols import judged
from m1doctor.model.plugins import LinkStatus, LinkVerdict, MissingSymbol

MAX_DEMANGLED = 200
"""Missing symbols that are demangled; more are listed as they are."""
_CORE = "python/_pywrap_tensorflow_internal.so"
"""The extension module that every import of TensorFlow loads first, in all releases from 2.5 to 2.22."""
_TWO_LEVEL = 0x80
_CRYPTEX = "/System/Volumes/Preboot/Cryptexes/OS"


def judge_link(
    plugin: Path, tensorflow: Path, *, architecture: str = "arm64", disk_is_its_own: bool = True
) -> LinkVerdict:
    """Judge whether `plugin` would load into a process that has imported the package folder `tensorflow`.

    Reads what the question touches and runs nothing. `disk_is_its_own` is false where the folders of a Mac are looked
    at on another machine: libraries by absolute path are then taken on trust. Raises `UnjudgedError` where TensorFlow
    itself cannot be read, because then nothing can be said of the plugin.
    """
    start = time.perf_counter()
    imports = _imports(plugin, architecture)
    if isinstance(imports, LinkVerdict):
        verdict = imports
    else:
        with Process(architecture, disk_is_its_own=disk_is_its_own) as process:
            _load_tensorflow(process, tensorflow)
            verdict = _judge(process, plugin, imports, tensorflow)
    return replace(verdict, seconds=time.perf_counter() - start)


def _imports(plugin: Path, architecture: str) -> list[Import] | LinkVerdict:
    """What the plugin asks for, or the verdict on a file that no process of this architecture can take at all."""
    opening = _opening(plugin)
    try:
        with Image(plugin, architecture) as image:
            return image.imports()
    except NoSuchSliceError as error:
        said = opening + _incompatible(error, plugin)
        return LinkVerdict(status=LinkStatus.WRONG_ARCHITECTURE, dyld_message=said, reason=str(error))
    except NotMachOError as error:
        said = f"{opening}tried: '{plugin}' (slice is not valid mach-o file)"
        return LinkVerdict(status=LinkStatus.UNREADABLE, dyld_message=said, reason=str(error))
    except MachOError as error:
        return LinkVerdict(status=LinkStatus.UNREADABLE, reason=str(error))
    except OSError as error:
        return LinkVerdict(status=LinkStatus.UNREADABLE, reason=error.strerror or str(error))


def _load_tensorflow(process: Process, tensorflow: Path) -> None:
    """Load what an import of TensorFlow loads before any plugin."""
    core = tensorflow / _CORE
    try:
        process.load(core)
    except FileNotFoundError as error:
        raise UnjudgedError(f"{core} is missing, so that TensorFlow itself cannot be imported") from error
    except (OSError, MachOError) as error:
        raise UnjudgedError(f"{core} cannot be read: {error}") from error
    for image in process.images:
        for wanted, place in zip(image.image.commands.dependencies, image.dependencies, strict=False):
            if isinstance(place, Absent) and not wanted.weak:
                name = os.path.relpath(image.path, tensorflow.parent)
                raise UnjudgedError(f"TensorFlow itself cannot be loaded: {name} asks for {place.install_name}")


def _judge(process: Process, file: Path, imports: list[Import], tensorflow: Path) -> LinkVerdict:
    before = tuple(process.images)
    against = tuple(os.path.relpath(image.path, tensorflow.parent) for image in before)
    opening = _opening(file)
    plugin = process.load(file, _callers(before))
    for wanted, place in zip(plugin.image.commands.dependencies, plugin.dependencies, strict=True):
        if isinstance(place, Absent) and not wanted.weak:
            said = f"Library not loaded: {place.install_name}\n  Referenced from: {_named(plugin)}\n"
            said += f"  Reason: {place.reason}"
            return LinkVerdict(
                status=LinkStatus.LIBRARY_NOT_LOADED,
                dyld_message=opening + said,
                missing_library=place.install_name,
                against=against,
            )
    missing, trusted = _missing(process, plugin, imports)
    symbols = tuple(
        MissingSymbol(
            name=_text(each.name),
            demangled=demangle(_text(each.name)) if index < MAX_DEMANGLED else None,
            library=_library_of(plugin, each),
        )
        for index, each in enumerate(missing)
    )
    return LinkVerdict(
        status=LinkStatus.SYMBOL_NOT_FOUND if missing else LinkStatus.LINKS,
        dyld_message=opening + _symbol_message(plugin, missing[0]) if missing else None,
        missing_symbols=symbols,
        symbols_checked=len(imports) - trusted,
        symbols_trusted=trusted,
        against=against,
    )


def _missing(process: Process, plugin: Loaded, imports: list[Import]) -> tuple[list[Import], int]:
    """The imports that nothing exports, in the order of binding, and how many were taken on trust."""
    absent: set[Import] = set()
    trusted = 0
    for ordinal in dict.fromkeys(each.ordinal for each in imports):
        group = [each for each in imports if each.ordinal == ordinal]
        names = {each.name for each in group}
        if ordinal in (FLAT_LOOKUP, WEAK_LOOKUP):
            lost = names - _anywhere(process, plugin, names)
            two_level = bool(plugin.image.header.flags & _TWO_LEVEL)
            elsewhere = {name for name in lost if not judged(name, two_level=two_level)}
            trusted += len(elsewhere)
            lost -= elsewhere
        elif ordinal == MAIN_EXECUTABLE:
            trusted += len(group)
            continue
        else:
            place = plugin if ordinal == SELF else _dependency(plugin, ordinal)
            if isinstance(place, Outside):
                trusted += len(group)
                continue
            lost = (
                names - process.exported(place, names, through_libraries=True) if isinstance(place, Loaded) else names
            )
        absent.update(each for each in group if each.name in lost and not each.weak)
    return [each for each in imports if each in absent], trusted


def _anywhere(process: Process, plugin: Loaded, names: set[bytes]) -> set[bytes]:
    """Those of `names` that any loaded image exports; the plugin itself counts too."""
    found: set[bytes] = set()
    for image in (plugin, *process.images):
        if len(found) == len(names):
            break
        found |= process.exported(image, names - found, through_libraries=False)
    return found


def _opening(plugin: Path) -> str:
    return f"dlopen({plugin}, 0x0006): "


def _callers(images: tuple[Loaded, ...]) -> tuple[Loaded, ...]:
    """The image that calls dlopen: its LC_RPATHs count too."""
    framework = [image for image in images if Path(image.path).name.startswith("libtensorflow_framework")]
    return tuple(framework[:1])


def _dependency(plugin: Loaded, ordinal: int) -> Loaded | Outside | Absent | None:
    return plugin.dependencies[ordinal - 1] if 0 < ordinal <= len(plugin.dependencies) else None


def _library_of(plugin: Loaded, symbol: Import) -> str | None:
    """Install name of the library that a symbol is bound to, as the plugin spells it."""
    if 0 < symbol.ordinal <= len(plugin.image.commands.dependencies):
        return plugin.image.commands.dependencies[symbol.ordinal - 1].install_name
    return None


def _symbol_message(plugin: Loaded, symbol: Import) -> str:
    """What dyld says of the first symbol that it cannot bind."""
    name = _text(symbol.name)
    if symbol.ordinal == FLAT_LOOKUP:
        return f"symbol not found in flat namespace '{name}'"
    head = f"Symbol not found: {name}\n  Referenced from: {_named(plugin)}"
    if symbol.ordinal == WEAK_LOOKUP:
        return f"{head}\n  Expected as weak-def export from some loaded dylib"
    place = plugin if symbol.ordinal == SELF else _dependency(plugin, symbol.ordinal)
    if place is None:
        return f"unknown library ordinal {symbol.ordinal} in {plugin.path} when binding '{name}'"
    expected = _named(place) if isinstance(place, Loaded) else "<no uuid> unknown"
    return f"{head}\n  Expected in:     {expected}"


def _named(image: Loaded) -> str:
    """``<UUID> path``, as dyld names an image."""
    own = image.image.commands.uuid
    return f"<{str(uuid.UUID(bytes=own)).upper() if own else 'no uuid'}> {image.path}"


def _incompatible(error: NoSuchSliceError, plugin: Path) -> str:
    have = ",".join(error.architectures)
    if len(error.architectures) > 1:
        what = f"fat file, but missing compatible architecture (have '{have}', need '{error.wanted}')"
    else:
        what = f"mach-o file, but is an incompatible architecture (have '{have}', need '{error.wanted}')"
    return f"tried: '{plugin}' ({what}), '{_CRYPTEX}{plugin}' (no such file), '{plugin}' ({what})"


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
