"""Variables that hide the GPU."""

from __future__ import annotations

from m1doctor.knowledge.hiding import hiding_variables
from m1doctor.model.plugins import Provider


def test_every_variable_has_a_source_and_a_provider_that_exists() -> None:
    for variable in hiding_variables():
        assert variable.url.startswith("https://")
        assert variable.provider is None or variable.provider in set(Provider)


def test_a_variable_hides_unless_its_value_is_harmless() -> None:
    (metal,) = [variable for variable in hiding_variables() if variable.name == "TF_DISABLE_METAL"]
    assert metal.hides("1")
    assert metal.hides("false")  # the plugin compares with "0" and the empty string only
    assert not metal.hides("0")
    assert not metal.hides("")


def test_what_cuda_devices_read_is_no_cause_on_a_mac() -> None:
    assert not any("CUDA" in variable.name for variable in hiding_variables())
