from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from m1doctor.collect.environment.kernels import Kernel, is_called_like, parse_kernel, plain


def kernel(name: str = "python3", display: str = "Python 3") -> Kernel:
    return Kernel(name=name, display_name=display, path="/k", command="/x/bin/python", inside=False)


def test_a_python_kernel_gives_its_name_and_command() -> None:
    document = {"argv": ["/x/bin/python", "-m", "ipykernel_launcher"], "display_name": "TF", "language": "python"}
    assert parse_kernel(json.dumps(document)) == ("TF", "/x/bin/python")


def test_a_kernel_without_a_language_is_known_by_its_module() -> None:
    assert parse_kernel('{"argv": ["python", "-m", "ipykernel"]}') == ("", "python")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"argv": [], "language": "python"}',
        '{"argv": [1], "language": "python"}',
        '{"argv": "python", "language": "python"}',
        '{"argv": [""], "language": "python"}',
        '{"argv": ["/usr/bin/julia"], "language": "julia"}',
        "[" * 100_000,
    ],
)
def test_anything_else_is_no_kernel(text: str) -> None:
    assert parse_kernel(text) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["argv", "language", "display_name"]), inner),
)


@given(JSON)
def test_any_document_gives_words_or_nothing(document: object) -> None:
    found = parse_kernel(json.dumps(document))
    assert found is None or (isinstance(found[0], str) and found[1])


@pytest.mark.parametrize("display", ["tf-metal", "Python (tf_metal)", "Python 3.11 (TF Metal)", "TF METAL"])
def test_a_kernel_is_called_like_its_environment_however_it_is_spelt(display: str) -> None:
    assert is_called_like(kernel(display=display), frozenset([plain("tf-metal")]))


def test_the_usual_name_is_nobodys() -> None:
    assert not is_called_like(kernel(), frozenset([plain("tf-metal")]))
