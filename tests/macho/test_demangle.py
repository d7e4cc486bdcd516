from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.macho import demangle as module
from m1doctor.macho.demangle import demangle

needs_runtime = pytest.mark.skipif(module._runtime_demangler() is None, reason="no C++ runtime on this system")


@needs_runtime
@pytest.mark.parametrize(
    ("symbol", "declaration"),
    [
        ("__ZN3tsl8internal10LogMessageC1EPKcii", "tsl::internal::LogMessage::LogMessage(char const*, int, int)"),
        (
            "__ZN10tensorflow16TensorShapeProtoC1ERKS0_",
            "tensorflow::TensorShapeProto::TensorShapeProto(tensorflow::TensorShapeProto const&)",
        ),
        ("__ZN10tensorflow16TensorShapeProtoD1Ev", "tensorflow::TensorShapeProto::~TensorShapeProto()"),
    ],
)
def test_the_symbols_of_the_plugins_are_told_as_cpp(symbol: str, declaration: str) -> None:
    assert demangle(symbol) == declaration


@pytest.mark.parametrize("symbol", ["_TF_NewTensor", "_objc_msgSend", "", "_", "__Z", "__ZN", "_$sSS", "__Zabc\x00d"])
def test_what_is_not_mangled_has_no_declaration(symbol: str) -> None:
    assert demangle(symbol) is None


def test_a_name_that_would_print_without_end_is_left_alone() -> None:
    bomb = "__Z1fI" + "1A" + "".join(f"S{'' if index == 0 else index - 1}_" * 2 for index in range(60)) + "Evv"
    assert demangle(bomb) is None
    assert demangle("__ZN" + "1a" * 5000 + "E") is None


@given(st.text(max_size=60))
def test_any_text_gives_a_declaration_or_nothing(text: str) -> None:
    for symbol in (text, "__Z" + text):
        found = demangle(symbol)
        assert found is None or isinstance(found, str)
