"""Which NumPy the extension modules were built for, told by words that NumPy's own headers leave in them.

`import_array()` is compiled into every module that uses the C API. NumPy 1 headers make it import
``numpy.core._multiarray_umath``, those of NumPy 2 ``numpy._core._multiarray_umath`` first, and theirs name the oldest
NumPy whose API the module accepts: "… C-API version 0x%x (NumPy 1.20) but the running NumPy …". A module built with
NumPy 1 headers refuses NumPy 2 (`_ARRAY_API not found`); one built with NumPy 2 headers runs with both.
"""

from __future__ import annotations

import mmap
import os
import re
from collections import defaultdict
from stat import S_ISREG

from m1doctor.collect.packages.distributions import Installed
from m1doctor.collect.packages.native_files import Inspected
from m1doctor.model.packages import NumpyNeed

_BUDGET_BYTES = 8 * 1024 * 1024
"""Read of one distribution in a quick look; its modules come from one build, so one that tells is enough."""
_MAX_FILE_BYTES = 64 * 1024 * 1024
_NUMPY_1 = b"numpy.core._multiarray_umath\0"
_NUMPY_2 = b"numpy._core._multiarray_umath\0"
_LEAST = re.compile(rb"C-API version 0x%x \(NumPy (\d+\.\d+)\) but the running NumPy")
_TELLING = ("_pywrap_checkpoint_reader.so", "fast_tensor_util.so")
"""Small modules of TensorFlow that use NumPy's C API in every release: looked at first, among hundreds of megabytes."""
_REQUIRES_NUMPY = re.compile(r"numpy(?![A-Za-z0-9._-])", re.IGNORECASE)


def find_numpy_needs(installed: list[Installed], files: list[Inspected], *, thorough: bool) -> list[NumpyNeed]:
    """Find one need for each distribution that requires NumPy and has native files; `thorough` lifts the budget."""
    asking = {
        item.label
        for item in installed
        if any(_REQUIRES_NUMPY.match(line) for line in item.distribution.requires)
        and item.distribution.normalized_name != "numpy"
    }
    by_label: dict[str, list[Inspected]] = defaultdict(list)
    for file in files:
        if file.label in asking and file.info is not None:
            by_label[file.label].append(file)
    found = (_need_of(of_one, thorough=thorough) for _, of_one in sorted(by_label.items()))
    return [need for need in found if need is not None]


def _need_of(files: list[Inspected], *, thorough: bool) -> NumpyNeed | None:
    """The least demanding need among the modules of one distribution.

    A distribution may carry a module that it loads only beside a newer NumPy (h5py's string type), so a demanding one
    does not end the search.
    """
    sized = []
    for file in files:
        try:
            sized.append((not file.disk_path.endswith(_TELLING), os.path.getsize(file.disk_path), file))  # noqa: PTH202 - as elsewhere, strings
        except OSError:
            continue
    sized.sort(key=lambda entry: entry[:2])
    left = _BUDGET_BYTES
    best: NumpyNeed | None = None
    for _, size, file in sized:
        left -= size
        if size > _MAX_FILE_BYTES or (left < 0 and not thorough):
            break
        need = _read_file(file)
        if need is None:
            continue
        if need.built_for == "1" or need.least is None or need.least.startswith("1."):
            return need
        best = best or need
    return best


def _read_file(file: Inspected) -> NumpyNeed | None:
    """Look through a map of the file: copying the same megabytes takes four times as long as searching them."""
    try:
        descriptor = os.open(file.disk_path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if not S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with mmap.mmap(descriptor, 0, prot=mmap.PROT_READ) as content:
            return read_need(content, file.file.path, file.label)
    except (OSError, ValueError):  # a file that has become empty cannot be mapped
        return None
    finally:
        os.close(descriptor)


def read_need(content: bytes | mmap.mmap, path: str, distribution: str | None) -> NumpyNeed | None:
    """What one module was built for; `None` for one that does not use NumPy's C API."""
    if content.find(_NUMPY_2) >= 0:
        least = _LEAST.search(content)
        version = least.group(1).decode() if least else None
        accepts = f", accepts NumPy {version} and later" if version else ""
        return NumpyNeed(
            path=path,
            distribution=distribution,
            built_for="2",
            evidence=f"it imports numpy._core._multiarray_umath{accepts}",
            least=version,
        )
    if content.find(_NUMPY_1) >= 0 and content.find(b"_ARRAY_API\0") >= 0:
        return NumpyNeed(
            path=path,
            distribution=distribution,
            built_for="1",
            evidence="it imports numpy.core._multiarray_umath only, as NumPy 1 headers make it",
        )
    return None
