"""What a model's configuration alone tells: each of its layers, looked up in the table of layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from m1doctor.errors import UserError
from m1doctor.knowledge import layers as known
from m1doctor.knowledge.kernels import KernelTable
from m1doctor.knowledge.layers import Kind, Layers
from m1doctor.model.operations import Fallen, LayerPlaces

MAX_DEPTH = 30
MAX_LAYERS = 100_000
DEFAULT_DTYPE = "float32"
_CONTAINERS = ("Functional", "Sequential", "Model")
_NOTHING = ("InputLayer",)
_ACTIVATIONS = ("activation", "recurrent_activation")
_OWN_ACTIVATIONS = ("LSTM", "GRU", "SimpleRNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
"""Layers whose usual activations are part of what was traced of them."""


def places_of(
    config: Mapping[str, Any], table: KernelTable, *, tensorflow: str | None, dtype: str | None, training: bool
) -> tuple[LayerPlaces, ...]:
    """Where the layers of a model run, by its configuration.

    `dtype` is the type to compute with, in the place of each layer's own. Raises `UserError` for a document that is no
    model's.
    """
    reader = _Reader(known.load(), table, tensorflow, dtype)
    found = tuple(reader.model(config, "", 0))
    return (*found, *reader.training(config)) if training else found


class _Reader:
    """One reading of a configuration."""

    def __init__(self, layers: Layers, table: KernelTable, tensorflow: str | None, dtype: str | None) -> None:
        self._layers = layers
        self._table = table
        self._tensorflow = tensorflow
        self._dtype = dtype
        self._count = 0

    def model(self, entry: Mapping[str, Any], path: str, depth: int) -> Iterator[LayerPlaces]:
        """The layers of a model, those of the models and wrappers in it after it."""
        if depth > MAX_DEPTH:
            raise UserError("the model's layers are nested more deeply than any real model's")
        inner = _mapping(entry.get("config"))
        listed = inner.get("layers")
        if entry.get("class_name") not in _CONTAINERS or not isinstance(listed, list):
            yield from self._layer(entry, path, depth)
            return
        for each in listed:
            if isinstance(each, dict):
                yield from self.model(each, path if depth == 0 else f"{path}{_name(entry)}/", depth + 1)

    def _layer(self, entry: Mapping[str, Any], path: str, depth: int) -> Iterator[LayerPlaces]:
        self._count += 1
        if self._count > MAX_LAYERS:
            raise UserError(f"the model has more than {MAX_LAYERS} layers")
        kind, config = str(entry.get("class_name", "")), _mapping(entry.get("config"))
        if kind in _NOTHING:
            return
        name = f"{path}{_name(entry)}"
        dtype = self._dtype or _dtype(config)
        # A class of the user's own may be called like one of Keras: only what is registered by nobody is Keras's.
        parts = () if entry.get("registered_name") not in (None, "", kind) else self._find(Kind.LAYER, kind, config)
        gaps = [gap for part in parts for gap in part.without_kernel(self._table, dtype)]
        known_activations = True
        for told in self._activations(kind, config):
            known_activations = known_activations and bool(told)
            gaps += [gap for part in told for gap in part.without_kernel(self._table, dtype)]
        yield LayerPlaces(
            name=name,
            kind=kind,
            known=bool(parts) and known_activations,
            fallen=tuple(Fallen(op=op, types=(dtype,), times=None) for op in dict.fromkeys(gaps)),
        )
        wrapped = config.get("layer")
        if isinstance(wrapped, dict):
            yield from self.model(wrapped, f"{name}/", depth + 1)

    def _activations(self, kind: str, config: Mapping[str, Any]) -> Iterator[tuple[known.Operations, ...]]:
        """What each activation function of a layer is made of."""
        for option in _ACTIVATIONS:
            given = config.get(option)
            if given is None or (kind in _OWN_ACTIVATIONS and given in ("tanh", "sigmoid")):
                continue
            if isinstance(given, str):
                yield self._find(Kind.ACTIVATION, given, {})
            elif isinstance(given, dict):
                name = given.get("config") if given.get("class_name") == "function" else given.get("class_name")
                yield self._find(Kind.ACTIVATION, str(name), {}) or self._find(Kind.LAYER, str(name), {})

    def training(self, entry: Mapping[str, Any]) -> Iterator[LayerPlaces]:
        """The loss and the optimizer that the model was compiled with."""
        compiled = _mapping(entry.get("compile_config"))
        for kind, given in ((Kind.LOSS, compiled.get("loss")), (Kind.OPTIMIZER, compiled.get("optimizer"))):
            if given is None:
                continue
            name = given if isinstance(given, str) else str(_mapping(given).get("class_name", ""))
            spellings = (name, _as_function(name), name.upper(), name.capitalize())
            parts = next(filter(None, (self._find(kind, each, {}) for each in spellings)), ())
            gaps = dict.fromkeys(gap for part in parts for gap in part.without_kernel(self._table, DEFAULT_DTYPE))
            yield LayerPlaces(
                name=kind.value,
                kind=name,
                known=bool(parts),
                fallen=tuple(Fallen(op=op, types=(DEFAULT_DTYPE,), times=None) for op in gaps),
            )

    def _find(self, kind: Kind, name: str, config: Mapping[str, Any]) -> tuple[known.Operations, ...]:
        return self._layers.find(kind, name, config, self._tensorflow)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _name(entry: Mapping[str, Any]) -> str:
    return str(_mapping(entry.get("config")).get("name") or entry.get("name") or entry.get("class_name") or "?")


def _dtype(config: Mapping[str, Any]) -> str:
    """The type that a layer computes with: that of its policy."""
    given = config.get("dtype")
    if isinstance(given, dict):
        given = _mapping(given.get("config")).get("name")
    return given.removeprefix("mixed_") if isinstance(given, str) else DEFAULT_DTYPE


def _as_function(name: str) -> str:
    """``"mean_squared_error"`` of ``"MeanSquaredError"``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
