"""Single members of wheels on the index, read by range requests and kept by the wheel's hash."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from remotezip import RemoteZip

from m1doctor.macho.image import Image
from refreshing.published import Wheel

PLUGIN = "tensorflow-plugins/libmetal_plugin.dylib"
CORE = "tensorflow/python/_pywrap_tensorflow_internal.so"


def plugin_library(wheel: Wheel, cache: Path) -> Path:
    """The library of a wheel of the plugin; it stays in the cache."""
    kept = cache / "plugins" / f"{wheel.sha256}.dylib"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with RemoteZip(wheel.url) as archive:
            member = next(name for name in archive.namelist() if name.endswith(PLUGIN))
            beside = kept.with_suffix(".part")
            beside.write_bytes(archive.read(member))
        beside.rename(kept)
    return kept


@contextmanager
def tensorflow_libraries(wheel: Wheel, cache: Path) -> Iterator[Path]:
    """The `tensorflow` folder of a wheel with the libraries in it that an import loads; it is removed at the end.

    They are found as dyld finds them: the module that is imported first, what it asks for, and so on. A gigabyte.
    """
    folder = cache / "unpacked" / wheel.sha256
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with RemoteZip(wheel.url) as archive:
            by_name = {name.rpartition("/")[2]: name for name in archive.namelist() if name.endswith((".so", ".dylib"))}
            wanted, seen = [CORE], set()
            while wanted:
                member = wanted.pop()
                if member in seen:
                    continue
                seen.add(member)
                archive.extract(member, folder)
                with Image(folder / member) as image:
                    names = [each.install_name.rpartition("/")[2] for each in image.commands.dependencies]
                wanted += [by_name[name] for name in names if name in by_name]
        yield folder / "tensorflow"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
