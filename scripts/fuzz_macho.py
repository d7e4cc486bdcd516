"""Fuzz the Mach-O readers with atheris: any bytes give an answer or a typed error, in bounded time and memory.

    python -m pip install atheris
    python scripts/fuzz_macho.py -max_total_time=600 -timeout=10 -rss_limit_mb=2048 CORPUS

Options are those of libFuzzer. CORPUS is a folder, made if need be, that is filled with small sound files at first.
The input drives the whole way: the file is mapped, its header and load commands are read, its imports listed, its
exports looked up and walked, its kind told, and a link verdict made against a TensorFlow that is the same file.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

import atheris

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests")]

with atheris.instrument_imports(include=["m1doctor"]):
    from m1doctor.collect.native_file import NativeFileError, inspect_native
    from m1doctor.macho.demangle import demangle
    from m1doctor.macho.errors import MachOError
    from m1doctor.macho.image import Image
    from m1doctor.macho.link import judge_link
    from m1doctor.macho.process import UnjudgedError

from environments.linkable import Library, Moved, Wanted, build, fat  # noqa: E402 - found by the path set above

NAMES = [b"_a", b"_ab", b"_abc", b"_TF_NewTensor", b"_SE_InitPlugin", b"__ZN3tsl3logEv"]
MAX_WALKED = 2000


def seeds() -> list[bytes]:
    """Small sound files of every form that is read."""
    wants = [Wanted("_a", 1), Wanted("_TF_NewTensor", -2, lazy=True), Wanted("_w", 2, weak=True), Wanted("_s", 0)]
    files = [
        build(
            Library(
                install_name="@rpath/_pywrap_tensorflow_internal.so",
                needs=["/usr/lib/libSystem.B.dylib", ("@rpath/_pywrap_tensorflow_internal.so", "reexport")],
                rpaths=["@loader_path"],
                exports={"_a": 16, "_ab": 32, "_abc": Moved(2, "_a"), "_TF_NewTensor": 48},
                wants=wants,
                tables=tables,
                blank_edges=blank_edges,
            )
        )
        for tables in ("opcodes", "chained1", "chained2", "chained3")
        for blank_edges in (False, True)
    ]
    files.append(build(Library(tables="symbols", exports={"_a": 16}, wants=wants)))
    files.append(build(Library(order=">", bits=32, architecture="i386", exports={"_a": 16}, wants=wants)))
    return [*files, fat(files[0], files[2]), fat(files[0], files[4], wide=True)]


class Target:
    """One input, put where a plugin and TensorFlow would be."""

    def __init__(self, folder: Path) -> None:
        """Lay out a site folder in `folder`."""
        self.plugin = folder / "tensorflow-plugins" / "libplugin.dylib"
        self.core = folder / "tensorflow" / "python" / "_pywrap_tensorflow_internal.so"
        for path in (self.plugin, self.core):
            path.parent.mkdir(parents=True)

    def __call__(self, content: bytes) -> None:
        """Read `content` in every way; whatever is not a typed error comes out and is a defect."""
        self.plugin.write_bytes(content)
        self.core.write_bytes(content)
        with contextlib.suppress(NativeFileError):
            inspect_native(self.plugin)
        for architecture in ("arm64", "i386"):
            with contextlib.suppress(MachOError), Image(self.plugin, architecture) as image:
                for wanted in image.imports()[:200]:
                    demangle(wanted.name.decode("utf-8", "backslashreplace"))
                image.find_exports(NAMES)
                for index, _ in enumerate(image.exports()):
                    if index == MAX_WALKED:
                        break
        with contextlib.suppress(UnjudgedError):
            judge_link(self.plugin, self.core.parents[1])


def main() -> None:
    """Fill the corpus and fuzz."""
    for argument in sys.argv[1:]:
        if not argument.startswith("-"):
            corpus = Path(argument)
            corpus.mkdir(parents=True, exist_ok=True)
            for number, content in enumerate(seeds()):
                (corpus / f"seed-{number}").write_bytes(content)
    with tempfile.TemporaryDirectory() as folder:
        target = Target(Path(folder))
        atheris.Setup(sys.argv, target)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
