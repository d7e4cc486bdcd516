"""Symbols that the operating system or the running program exports, told by the form of their names.

A symbol of the flat namespace may come from any loaded image. The images of macOS are in the shared cache and not on
disk, so that what they export cannot be looked up; their names have forms of their own. What has none of these forms
and is in none of the images that can be read is missing.
"""

from __future__ import annotations

from m1doctor.model.record import record


@record(frozen=True, slots=True)
class SystemFamily:
    """One family of names, and who exports it."""

    prefixes: tuple[bytes, ...]
    exporter: str


FAMILIES = (
    SystemFamily(
        (b"_objc_", b"__objc_", b"_OBJC_CLASS_$_", b"_OBJC_METACLASS_$_", b"_OBJC_EHTYPE_$_", b"_OBJC_IVAR_$_"),
        "libobjc and the Objective-C frameworks: compilers bind message stubs such as _objc_msgSend without a library",
    ),
    SystemFamily((b"__Block_", b"__NSConcrete"), "the blocks runtime of libSystem"),
    SystemFamily(
        (b"_swift_", b"__swift_", b"_$s", b"_$S"),
        "the Swift runtime and its overlays, which moved between libraries from one macOS to the next",
    ),
    SystemFamily((b"___cxa_", b"___gxx_", b"__Unwind_", b"___stack_chk_", b"dyld_stub_binder"), "libc++abi, libSystem"),
    SystemFamily(
        (b"__Znw", b"__Zna", b"__Zdl", b"__Zda", b"__ZTVN10__cxxabiv1", b"__ZTISt", b"__ZTSSt", b"__ZTVSt"),
        "the C++ runtime: operator new and delete, type information",
    ),
    SystemFamily((b"__ZSt", b"__ZNSt", b"__ZNKSt", b"__ZTINSt", b"__ZTVNSt", b"__ZTSNSt"), "the C++ library"),
    SystemFamily((b"_Py", b"__Py"), "the Python that runs: the program itself, or its libpython"),
)
OURS = (b"tensorflow", b"3tsl", b"3xla", b"4absl", b"6google8protobuf", b"4mlir", b"5Eigen", b"_TF_", b"_TFE_", b"_SE_")
"""Words that make a name TensorFlow's own whatever it begins with: a std::vector of tensors is no symbol of libc++."""

_PREFIXES = tuple(prefix for family in FAMILIES for prefix in family.prefixes)


def system_family(name: bytes) -> SystemFamily | None:
    """Who outside the readable images exports a symbol of this name, or `None` for nobody."""
    if not name.startswith(_PREFIXES) or any(word in name for word in OURS):
        return None
    return next((family for family in FAMILIES if name.startswith(family.prefixes)), None)


def judged(name: bytes, *, two_level: bool) -> bool:
    """Whether a flat symbol that no readable image exports is missing for certain.

    An image linked with `-flat_namespace` (not `two_level`) leaves even `_malloc` to the flat namespace: there only
    TensorFlow's own names can be judged.
    """
    if system_family(name) is not None:
        return False
    return two_level or any(word in name for word in OURS)
