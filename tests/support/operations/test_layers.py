"""What the configuration of a model alone tells."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_archive import layer, picture_model, sequential
from m1doctor.errors import UserError
from m1doctor.knowledge.kernels import KernelTable, kernel_table
from m1doctor.model.operations import LayerPlaces
from m1doctor.support.operations import layers


def _table(version: str = "1.2.0") -> KernelTable:
    table = kernel_table(version)
    assert table is not None
    return table


def _places(config: dict[str, Any], dtype: str | None = None, *, training: bool = False) -> dict[str, LayerPlaces]:
    found = layers.places_of(config, _table(), tensorflow=None, dtype=dtype, training=training)
    return {each.name: each for each in found}


def _fallen(place: LayerPlaces) -> set[str]:
    return {each.op for each in place.fallen}


def test_a_layer_falls_for_its_activation() -> None:
    places = _places(picture_model())
    assert list(places) == ["sound", "fallen", "flat", "last"]
    assert not places["sound"].fallen
    assert _fallen(places["fallen"]) == {"Elu", "EluGrad"}
    assert all(place.known for place in places.values())


def test_loss_and_optimizer_are_parts_of_the_training() -> None:
    places = _places(picture_model(), training=True)
    assert places["loss"].kind == "mean_squared_error"
    assert places["optimizer"].known


def test_settings_of_a_layer_count() -> None:
    found = _places(sequential(layer("Conv2D", "wide", filters=4, kernel_size=3, dilation_rate=[2, 2])))
    assert _fallen(found["wide"]) == {"BatchToSpaceND", "SpaceToBatchND"}


@pytest.mark.parametrize(("policy", "falls"), [("float32", False), ("mixed_float16", True), ("bfloat16", True)])
def test_a_layer_computes_with_the_type_of_its_policy(policy: str, falls: bool) -> None:  # noqa: FBT001 - a table
    found = _places(sequential(layer("Dense", "gate", units=2, activation="sigmoid", dtype=policy)))
    assert bool(found["gate"].fallen) is falls


def test_another_type_can_be_asked_for() -> None:
    found = _places(sequential(layer("Dense", "all", units=2)), "float64")
    assert _fallen(found["all"]) == {"BiasAdd", "BiasAddGrad", "MatMul"}
    assert {each.types for each in found["all"].fallen} == {("float64",)}


def test_models_in_models_and_wrapped_layers_are_read_by_their_path() -> None:
    inner = sequential(layer("ELU", "soft"), name="inner")
    wrapper = layer("TimeDistributed", "each", layer=layer("Conv3D", "deep", filters=1, kernel_size=1))
    places = _places(sequential(inner, wrapper))
    assert _fallen(places["inner/soft"]) == {"Elu", "EluGrad"}
    assert "Conv3D" in _fallen(places["each/deep"])


def test_of_a_class_of_the_users_own_nothing_is_known() -> None:
    mine = {**layer("Dense", "mine", units=2), "registered_name": "my_package>Dense"}
    places = _places(sequential(mine, layer("MyBlock", "block")))
    assert not places["mine"].known
    assert not places["block"].known
    assert not places["block"].fallen


def test_an_activation_of_the_users_own_is_not_known_and_one_that_is_a_layer_is() -> None:
    own = {"module": "builtins", "class_name": "function", "config": "my_function", "registered_name": "function"}
    soft = layer("ELU", "elu")
    places = _places(sequential(layer("Dense", "own", activation=own), layer("Dense", "soft", activation=soft)))
    assert not places["own"].known
    assert _fallen(places["soft"]) == {"Elu", "EluGrad"}


def test_a_model_that_is_nested_without_end_is_refused() -> None:
    config = layer("Dense", "last")
    for _ in range(layers.MAX_DEPTH + 1):
        config = sequential(config)
    with pytest.raises(UserError, match="nested more deeply"):
        _places(config)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["class_name", "config", "layers", "name", "dtype", "activation", "layer", "compile_config"]
            )
            | st.sampled_from(["loss", "optimizer", "registered_name", "dilation_rate"]),
            inner | st.sampled_from(["Conv2D", "Sequential", "Bidirectional", "LSTM"]),
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(st.dictionaries(st.sampled_from(["class_name", "config", "compile_config"]), _JSON))
def test_whatever_a_configuration_holds_it_is_read_or_refused(config: dict[str, Any]) -> None:
    try:
        found = layers.places_of(config, _table(), tensorflow="2.18.1", dtype=None, training=True)
    except UserError:
        return
    assert all(isinstance(each.name, str) and isinstance(each.kind, str) for each in found)
