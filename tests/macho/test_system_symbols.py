from __future__ import annotations

import pytest

from m1doctor.macho.system_symbols import judged, system_family


@pytest.mark.parametrize(
    "name",
    [
        b"_objc_msgSend",
        b"_OBJC_CLASS_$_MTLComputePipelineDescriptor",
        b"__NSConcreteStackBlock",
        b"_swift_retain",
        b"__swift_FORCE_LOAD_$_swiftMetal",
        b"_$sSS9FoundationE",
        b"___cxa_throw",
        b"__ZdlPv",
        b"__ZNSt3__112basic_stringIcE6appendEPKc",
        b"_PyErr_SetString",
    ],
)
def test_what_only_the_system_or_python_exports_is_taken_on_trust(name: bytes) -> None:
    family = system_family(name)
    assert family is not None
    assert family.exporter
    assert not judged(name, two_level=True)


@pytest.mark.parametrize(
    "name",
    [
        b"_TF_NewTensor",
        b"_SE_InitPlugin",
        b"__ZN3tsl8internal10LogMessageD1Ev",
        b"__ZN6google8protobuf5Arena9AllocateEv",
        b"__ZNSt3__16vectorIN10tensorflow6TensorENS_9allocatorIS2_EEE9push_backEOS2_",
        b"_no_such_function",
    ],
)
def test_tensorflows_own_and_unknown_symbols_are_judged(name: bytes) -> None:
    assert system_family(name) is None
    assert judged(name, two_level=True)


def test_in_a_library_without_two_levels_only_tensorflows_own_symbols_are_judged() -> None:
    assert judged(b"_TF_NewTensor", two_level=False)
    assert not judged(b"_malloc", two_level=False)
