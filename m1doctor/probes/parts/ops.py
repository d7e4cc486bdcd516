"""Part of the child: the operations of a model, layer by layer. Standard library and the target's TensorFlow, 3.8+.

Nothing is computed and no weights are read: a Keras model is made from its configuration and traced, as `fit` traces
it, once forward and (for training) once backward; of a SavedModel the graph is read from its file. What is answered is
how often each operation occurs, with which types, in which layer, whether this TensorFlow has a kernel of its own for
any device, and how the operations feed each other.
"""

from __future__ import annotations

import contextlib
import functools
import re

TYPE_CHECKING = False  # instead of importing `typing`: the less this child brings in, the more of it is the target
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

    Facts = Dict[str, Any]
    Names = Dict[str, Tuple[str, str]]

_CONFIGURATION_BYTES = 64 << 20
_OPTIMIZER, _LOSS, _LAYER = "m1doctor_optimizer", "m1doctor_loss", "m1doctor_layer_"
"""Scopes of ours in the graph. A layer's own does not tell it: that of a second call of `dense` is `dense_1`, too."""
_SCOPE = re.compile("%s|%s|%s[0-9]+" % (_OPTIMIZER, _LOSS, _LAYER))
_DEPTH = 20
"""How deep functions may call each other."""


def run(tf: Any, device: str, options: Facts) -> Facts:
    """Trace the model that the options name, and say which operations it is made of."""
    counted = _Operations(tf)
    notes: List[str] = []
    facts: Facts = {"gpu": device.startswith("GPU"), "tensorflow": tf.__version__, "keras": None, "notes": notes}
    if options["kind"] == "saved_model":
        _saved_model(options["path"], counted)
    else:
        if options["dtype"]:
            tf.keras.mixed_precision.set_global_policy(options["dtype"])
        model = _made(options) if options["kind"] == "script" else _configured(tf, options)
        _keras_model(tf, model, counted, notes, training=options["training"])
        facts["keras"] = _keras_version(tf)
    facts.update(counted.told())
    return facts


def _keras_version(tf: Any) -> str:
    return str(getattr(_keras(tf), "__version__", ""))


def _keras(tf: Any) -> Any:
    """The Keras behind `tf.keras`, which is a package of its own and offers more than that."""
    import importlib

    return importlib.import_module(tf.keras.Model.__module__.partition(".")[0])


def _made(options: Facts) -> Any:
    """What the function of the user's script returns. Its folder is searched for modules, as when it is run."""
    import os
    import runpy
    import sys

    sys.path.insert(0, os.path.dirname(os.path.abspath(options["path"])))
    made = runpy.run_path(options["path"], run_name="m1doctor_ops")
    if not callable(made.get(options["function"])):
        raise LookupError("%s has no function %s" % (options["path"], options["function"]))  # noqa: TRY004 - it may be missing
    model = made[options["function"]]()
    if not hasattr(model, "trainable_variables") or not callable(model):
        raise TypeError("%s returned %s, which is no Keras model" % (options["function"], type(model).__name__))
    return model


def _configured(tf: Any, options: Facts) -> Any:
    """The model of a .keras archive, made from its configuration alone: without its code, without its weights."""
    import json
    import zipfile

    with zipfile.ZipFile(options["path"]) as archive, archive.open("config.json") as file:
        text = file.read(_CONFIGURATION_BYTES + 1)
    if len(text) > _CONFIGURATION_BYTES:
        raise ValueError("config.json is larger than any model's")
    document = json.loads(text)
    if options["dtype"]:
        document = _retyped(document, options["dtype"])
    return _keras(tf).saving.deserialize_keras_object(document, safe_mode=True)


def _retyped(document: Any, dtype: str) -> Any:
    """The configuration with another policy for every layer: a policy is an object, or a text beside `trainable`."""
    if isinstance(document, list):
        return [_retyped(item, dtype) for item in document]
    if not isinstance(document, dict):
        return document
    changed = {key: _retyped(value, dtype) for key, value in document.items()}
    policy = document.get("dtype")
    if isinstance(policy, dict) or ("trainable" in document and isinstance(policy, str)):
        changed["dtype"] = dtype
    return changed


def _keras_model(tf: Any, model: Any, counted: Any, notes: List[str], *, training: bool) -> None:
    """Trace one call of a model, and for training its gradients, its loss and its optimizer."""
    arguments = _inputs(tf, model)
    flat = tf.nest.flatten(arguments)
    optimizer = getattr(model, "optimizer", None) if training else None

    def step(*values: Any) -> None:
        given = tf.nest.pack_sequence_as(arguments, values)
        if not training:
            model(given, training=False)
            return
        with tf.GradientTape() as tape:
            answer = model(given, training=True)
            loss = _loss(tf, model, given, answer, notes)
        variables = model.trainable_variables
        gradients = tape.gradient(answer if loss is None else loss, variables)
        if optimizer is not None:
            both = zip(gradients, variables)  # noqa: B905 - Python 3.8 has no strict
            pairs = [(gradient, variable) for gradient, variable in both if gradient is not None]
            with tf.name_scope(_OPTIMIZER):
                optimizer.apply_gradients(pairs)

    if optimizer is not None and hasattr(optimizer, "build"):
        optimizer.build(model.trainable_variables)
    layers = list(model._flatten_layers(include_self=False))  # noqa: SLF001 - `layers` leaves out what is nested
    for place, layer in enumerate(layers):
        layer.call = _scoped(tf, layer.call, _LAYER + str(place))
    with _gpu_in_sight(tf):
        graph = tf.function(step).get_concrete_function(*flat).graph.as_graph_def()
    names = {_LAYER + str(place): (layer.name, type(layer).__name__) for place, layer in enumerate(layers)}
    names[_OPTIMIZER] = _OPTIMIZER, type(optimizer).__name__
    names[_LOSS] = _LOSS, _loss_name(getattr(model, "loss", None))
    counted.count(graph.node, {function.signature.name: function for function in graph.library.function}, names)


def _scoped(tf: Any, call: Any, scope: str) -> Any:
    """A layer's `call` that puts what it makes into a scope."""

    @functools.wraps(call)
    def scoped(*args: Any, **kwargs: Any) -> Any:
        with tf.name_scope(scope):
            return call(*args, **kwargs)

    return scoped


def _loss_name(loss: Any) -> str:
    if isinstance(loss, str) or loss is None:
        return loss or ""
    return str(getattr(loss, "__name__", type(loss).__name__))


@contextlib.contextmanager
def _gpu_in_sight(tf: Any) -> Iterator[None]:
    """Let Keras see a GPU while it traces: with one it makes a recurrent layer of one fused operation."""
    physical, logical = tf.config.list_physical_devices, tf.config.list_logical_devices
    if not physical("GPU"):
        listed = [tf.config.PhysicalDevice("/physical_device:GPU:0", "GPU")]
        usable = [tf.config.LogicalDevice("/device:GPU:0", "GPU")]
        tf.config.list_physical_devices = lambda kind=None: physical(kind) + (listed if kind in (None, "GPU") else [])
        tf.config.list_logical_devices = lambda kind=None: logical(kind) + (usable if kind in (None, "GPU") else [])
    try:
        yield
    finally:
        tf.config.list_physical_devices, tf.config.list_logical_devices = physical, logical


def _inputs(tf: Any, model: Any) -> Any:
    """What the model is called with, as it was built."""
    try:
        given = model.inputs
        structure = getattr(model, "_inputs_struct", None)
        if structure is None:
            structure = given[0] if len(given) == 1 else list(given)
    except (AttributeError, ValueError):
        structure = None
    if structure is None:
        shape = getattr(model, "_build_shapes_dict", None)
        shape = (shape or {}).get("input_shape") if isinstance(shape, dict) else None
        if shape is None:
            raise ValueError("the model was never called or built, so that nothing says what it is called with")
        return tf.TensorSpec([None, *shape[1:]], tf.float32)
    return tf.nest.map_structure(
        lambda tensor: tf.TensorSpec([None, *tensor.shape[1:]], tf.as_dtype(tensor.dtype)), structure
    )


def _loss(tf: Any, model: Any, given: Any, answer: Any, notes: List[str]) -> Any:
    """The loss that the model was compiled with, for a target that it takes; `None` where there is none."""
    if not getattr(model, "loss", None) or not hasattr(model, "compute_loss"):
        return None
    outputs = tf.nest.flatten(answer)
    shaped = [tf.zeros_like(output) for output in outputs]
    indices = [tf.zeros(tf.shape(output)[:-1], tf.int32) for output in outputs if output.shape.rank]
    for targets in (shaped, indices):
        try:
            with tf.name_scope(_LOSS):
                return model.compute_loss(given, tf.nest.pack_sequence_as(answer, targets), answer)
        except Exception as error:  # noqa: BLE001 - the loss wants another target, or none that can be made up
            reason = "%s: %s" % (type(error).__name__, str(error).splitlines()[0] if str(error) else "")
    notes.append("its loss was not traced (%s)" % reason[:300])
    return None


def _saved_model(folder: str, counted: Any) -> None:
    """Read the graph of the first signature that serves, without loading the model."""
    import os

    from tensorflow.core.protobuf import saved_model_pb2  # noqa: TID251 - this is the child in which it is imported

    document = saved_model_pb2.SavedModel()
    with open(os.path.join(folder, "saved_model.pb"), "rb") as file:
        document.ParseFromString(file.read())
    for graph in document.meta_graphs:
        signatures = {name: each for name, each in graph.signature_def.items() if each.outputs and "__init" not in name}
        if signatures:
            break
    else:
        raise ValueError("the SavedModel has no signature with outputs")
    chosen = signatures.get("serving_default") or signatures[min(signatures)]
    wanted = {output.name.partition(":")[0] for output in chosen.outputs.values()}
    nodes = {node.name: node for node in graph.graph_def.node}
    reached: Set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in nodes and name not in reached:
            reached.add(name)
            wanted.update(_source(each) for each in nodes[name].input)
    functions = {function.signature.name: function for function in graph.graph_def.library.function}
    counted.count([nodes[name] for name in sorted(reached)], functions, None)


def _source(reference: str) -> str:
    """The node that an input comes from: `^name`, `name:0`, or `name:output:0` within a function."""
    return reference.lstrip("^").partition(":")[0]


class _Operations:
    """How often each operation occurs in each layer, with its types, and what feeds what."""

    def __init__(self, tf: Any) -> None:
        self._tf = tf
        self._places: Dict[str, int] = {}
        self._layers: List[Tuple[str, str]] = []
        self._groups: Dict[Any, int] = {}
        self._counts: List[int] = []
        self._edges: Dict[Tuple[int, int], int] = {}
        self._kernels = _kernels()

    def count(self, nodes: Any, functions: Dict[str, Any], names: Optional[Names]) -> None:
        """Count a graph and the functions that it calls. Without names of layers, the scopes serve as layers."""
        self._walk(nodes, functions, names, None, 0)

    def _walk(
        self, nodes: Any, functions: Dict[str, Any], names: Optional[Names], caller: Optional[int], depth: int
    ) -> None:
        placed: Dict[str, int] = {}
        listed = list(nodes)
        for node in listed:
            layer = self._layer(node.name, names, caller)
            placed[node.name] = self._group(node, layer)
            for called in _called(node):
                if called in functions and depth < _DEPTH:
                    self._walk(functions[called].node_def, functions, names, layer, depth + 1)
        for node in listed:
            for reference in node.input:
                source = placed.get(_source(reference))
                if source is not None and not reference.startswith("^"):
                    edge = source, placed[node.name]
                    self._edges[edge] = self._edges.get(edge, 0) + 1

    def _layer(self, path: str, names: Optional[Names], caller: Optional[int]) -> Optional[int]:
        parts = path.split("/")[:-1]
        if names is None:
            parts = [part for part in parts if part != "gradient_tape"]
            found = "/".join(parts[:2])
            return self._numbered(found, found, "") if found else caller
        for part in reversed(parts):
            # A scope that is opened again has a number more.
            scope = _SCOPE.match(part)
            if scope is not None and scope.group() in names:
                return self._numbered(scope.group(), *names[scope.group()])
        return caller

    def _numbered(self, scope: str, name: str, kind: str) -> int:
        if scope not in self._places:
            self._places[scope] = len(self._layers)
            self._layers.append((name, kind))
        return self._places[scope]

    def _group(self, node: Any, layer: Optional[int]) -> int:
        types = {**_defaults(node.op), **{name: _types(value) for name, value in node.attr.items()}}
        types = {name: listed for name, listed in types.items() if listed and name[:1] != "_"}
        key = layer, node.op, tuple(sorted(types.items()))
        if key not in self._groups:
            self._groups[key] = len(self._counts)
            self._counts.append(0)
        self._counts[self._groups[key]] += 1
        return self._groups[key]

    def told(self) -> Facts:
        """All of it, as JSON can hold it."""
        name_of = self._tf.dtypes.as_dtype
        groups = []
        for (layer, op, types), number in self._groups.items():
            served = any(_serves(constraints, dict(types)) for constraints in self._kernels.get(op, ()))
            named = {attribute: [name_of(value).name for value in values] for attribute, values in types}
            group = {"layer": layer, "op": op, "types": named, "times": self._counts[number], "served": served}
            groups.append(group)
        return {
            "layers": self._layers,
            "groups": groups,
            "edges": [[source, sink, times] for (source, sink), times in sorted(self._edges.items())],
        }


def _called(node: Any) -> Iterator[str]:
    """Names of the functions that a node calls."""
    for value in node.attr.values():
        if value.HasField("func"):
            yield value.func.name
        for function in value.list.func:
            yield function.name


def _types(value: Any) -> Tuple[int, ...]:
    """The types that an attribute names, by number."""
    if value.HasField("type"):
        return (value.type,)
    return tuple(value.list.type)


def _defaults(op: str) -> Dict[str, Tuple[int, ...]]:
    """The types that an operation has where a graph does not say: a saved one leaves out what is as usual."""
    from tensorflow.python.framework import op_def_registry  # noqa: TID251 - this is the child in which it is imported

    definition = op_def_registry.get(op)
    listed = definition.attr if definition is not None else ()
    return {each.name: _types(each.default_value) for each in listed if each.HasField("default_value")}


def _kernels() -> Dict[str, List[Dict[str, Set[int]]]]:
    """What may run on a GPU of this process, by op: the types that each registered kernel takes."""
    from tensorflow.python.framework import kernels  # noqa: TID251 - this is the child in which it is imported

    found: Dict[str, List[Dict[str, Set[int]]]] = {}
    for kernel in kernels.get_all_registered_kernels().kernel:
        if kernel.device_type in ("GPU", "DEFAULT") and not kernel.label:
            constraints = {each.name: set(each.allowed_values.list.type) for each in kernel.constraint}
            found.setdefault(kernel.op, []).append(constraints)
    return found


def _serves(constraints: Dict[str, Set[int]], types: Dict[str, Tuple[int, ...]]) -> bool:
    return all(set(types.get(name, ())) <= allowed and name in types for name, allowed in constraints.items())
