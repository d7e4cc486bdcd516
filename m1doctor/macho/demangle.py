"""C++ names as people write them, by the demangler of the system's C++ runtime (`__cxa_demangle`, through ctypes).

There is no maintained pure-Python demangler for the Itanium names that Mach-O uses; the runtime's own is on every Mac
and nearly every Linux. Where it is missing, names stay as they are.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache

MAX_NAME_CHARACTERS = 2048
MAX_SUBSTITUTIONS = 48
"""Back-references that a name may have. Each can double what is printed, so that a hostile name of a hundred of them
would fill the memory; the longest real names of the plugins have about twenty."""
_RUNTIMES = {
    "darwin": ("/usr/lib/libc++abi.dylib", "/usr/lib/libc++.1.dylib"),
    "linux": ("libstdc++.so.6", "libc++abi.so.1", "libc++.so.1"),
}
_SUBSTITUTION = re.compile(r"S[0-9A-Z]*_|T[0-9]*_")
_MANGLED = re.compile(r"_{1,2}Z[A-Za-z0-9_.$]+")


def demangle(symbol: str) -> str | None:
    """The C++ declaration of a Mach-O symbol such as ``"__ZN3tsl8internal10LogMessageC1EPKcii"``.

    `None` for a name that is not mangled, one too involved to be real, or a system without a C++ runtime.
    """
    if len(symbol) > MAX_NAME_CHARACTERS or _MANGLED.fullmatch(symbol) is None:
        return None
    if len(_SUBSTITUTION.findall(symbol)) > MAX_SUBSTITUTIONS:
        return None
    function = _runtime_demangler()
    return function(symbol[1:] if symbol.startswith("__") else symbol) if function else None


@cache
def _runtime_demangler() -> Callable[[str], str | None] | None:
    import ctypes  # noqa: PLC0415 - only a run that has a missing symbol to explain pays for it

    def load() -> ctypes.CDLL | None:
        for name in _RUNTIMES.get(sys.platform, ()):
            try:
                library = ctypes.CDLL(name)
            except OSError:
                continue
            if hasattr(library, "__cxa_demangle"):
                return library
        return None

    runtime = load()
    if runtime is None:
        return None
    function = runtime["__cxa_demangle"]
    function.restype = ctypes.c_void_p
    function.argtypes = [ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)]
    free = ctypes.CDLL(None).free
    free.argtypes = [ctypes.c_void_p]
    free.restype = None

    def call(name: str) -> str | None:
        status = ctypes.c_int(-1)
        buffer = function(name.encode("ascii"), None, None, ctypes.byref(status))
        if not buffer:
            return None
        try:
            return ctypes.string_at(buffer).decode("utf-8", "replace")
        finally:
            free(buffer)

    return call
