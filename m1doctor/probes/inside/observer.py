"""The observer: sits in the process of a training script and counts what it does. Python 3.8 or later.

It waits until TensorFlow and Keras have been imported by the script, then listens at their doors: `fit`, the iterators
of tf.data, `GradientTape.gradient`, `tf.function`, `set_visible_devices`. Nothing is changed in what they do. Once a
second the whole state goes to a private report file as one JSON line; the last line counts, so that a script that is
killed has told all but its last second.

Time blocked on input is measured where the data is asked for. In a compiled step that is inside the graph, so two
timestamps and a sum on the CPU are added around the request, which costs some microseconds a step.
"""

from __future__ import annotations

import atexit
import importlib.abc
import importlib.util
import json
import os
import sys
import threading
import time

TYPE_CHECKING = False  # instead of importing `typing` in the user's process
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

TELL_SECONDS = 1.0
MOST_PERIODS = 20_000
TOLD_PERIODS = 400
MOST_SITES = 20
WARM_UP_STEPS = 3
"""Steps whose time is left out: they trace, allocate and fill buffers."""
_STANDS_FOR = 10
ITERATOR_MODULE = "tensorflow.python.data.ops.iterator_ops"
_FLOATS = ("float16", "bfloat16", "float32", "float64")
_HEAVY = ("MatMul", "BatchMatMulV2", "BatchMatMulV3", "Conv2D", "Conv3D", "DepthwiseConv2dNative", "Einsum")


class Steps:
    """Steps of one kind, and the time between the beginnings of two of them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0
        self.periods: List[float] = []
        self.stride = 1
        self._last: Optional[float] = None

    def begin(self, now: float) -> None:
        """A step begins."""
        self.count += 1
        if self._last is not None and self.count > WARM_UP_STEPS and self.count % self.stride == 0:
            self.periods.append(now - self._last)
            if len(self.periods) >= MOST_PERIODS:  # a long run keeps every other one, and from now on only such
                self.periods = self.periods[::2]
                self.stride *= 2
        self._last = now

    def pause(self) -> None:
        """Something else begins: the time until the next step is no step's."""
        self._last = None

    def told(self) -> Dict[str, Any]:
        """Count, median, and a bounded choice of the periods in their order."""
        periods = list(self.periods)
        every = max(1, -(-len(periods) // TOLD_PERIODS))
        return {
            "count": self.count,
            "median_seconds": sorted(periods)[len(periods) // 2] if periods else None,
            "periods": [round(period, 6) for period in periods[::every]],
        }


class Wait:
    """Time blocked on input: asked for eagerly (measured here) or in a graph (measured there)."""

    def __init__(self) -> None:
        """Begin with none."""
        self.seconds = 0.0
        self.requests = 0
        self.examples = 0
        self.in_graph: Any = None

    def add(self, seconds: float, examples: Optional[int]) -> None:
        """One request that was answered after `seconds`."""
        self.requests += 1
        if self.requests > WARM_UP_STEPS:
            self.seconds += seconds
        self.examples += examples or 0

    def told(self) -> Dict[str, Any]:
        """Both kinds together."""
        seconds, requests, examples = self.seconds, self.requests, self.examples
        if self.in_graph is not None:
            seconds += float(self.in_graph["seconds"].numpy())
            requests += int(self.in_graph["requests"].numpy())
            examples += int(self.in_graph["examples"].numpy())
        return {"seconds": seconds, "requests": requests, "examples": examples}


class Observer:
    """All that is known of the script, from within."""

    def __init__(self, report: str) -> None:
        """Write to the file `report`."""
        self._report = report
        self._pid = os.getpid()
        self._begin = time.perf_counter()
        self._telling = threading.Lock()
        self.tf: Any = None
        self.versions: Dict[str, str] = {}
        self.fit_steps = Steps()
        self.loop_steps = Steps()
        self.eager_gradients = 0
        self.eager_site: Optional[str] = None
        self.wait = Wait()
        self.fit_depth = 0
        self.first_step: Optional[float] = None
        self.last_step: Optional[float] = None
        self.model: Dict[str, Any] = {}
        self.gpu_hidden_at: Optional[str] = None
        self.gradient_device: Optional[str] = None
        self.graph: Any = None
        self._told_graph: Optional[Dict[str, Any]] = None
        self.functions: Dict[str, Dict[str, Any]] = {}
        self.iterator: Any = None
        self.stages: List[Dict[str, Any]] = []
        self.troubles: List[str] = []

    # -- telling

    def start(self) -> None:
        """Tell once a second, and at the end."""
        threading.Thread(target=self._tell_for_ever, name="m1doctor observer", daemon=True).start()
        atexit.register(self._last_word)

    def _tell_for_ever(self) -> None:
        while True:
            time.sleep(TELL_SECONDS)
            if os.getpid() != self._pid:  # a fork: its process is another one
                return
            self.tell(last=False)

    def _last_word(self) -> None:
        if os.getpid() == self._pid:
            self.tell(last=True)

    def tell(self, *, last: bool) -> None:
        """Append the state to the report."""
        with self._telling:
            try:
                line = json.dumps(self.state(last=last), default=str)
                with open(self._report, "a", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(line + "\n")
            except Exception as error:  # noqa: BLE001 - the script goes on, whatever becomes of the watching
                self.trouble(error)

    def trouble(self, error: BaseException) -> None:
        """Note what could not be observed."""
        words = "%s: %s" % (type(error).__name__, str(error)[:200])
        if words not in self.troubles and len(self.troubles) < MOST_SITES:
            self.troubles.append(words)

    def state(self, *, last: bool) -> Dict[str, Any]:
        """Everything so far."""
        told: Dict[str, Any] = {
            "seconds": time.perf_counter() - self._begin,
            "last": last,
            "versions": self.versions,
            "fit": self.fit_steps.told(),
            "loop": self.loop_steps.told(),
            "wait": self.wait.told(),
            "eager_gradients": self.eager_gradients,
            "eager_site": self.eager_site,
            "first_step_seconds": self.first_step,
            "last_step_seconds": self.last_step,
            "model": self.model,
            "gpu_hidden_at": self.gpu_hidden_at,
            "gradient_device": self.gradient_device,
            "functions": self.told_functions(),
            "troubles": list(self.troubles),
        }
        for name, ask in (("stages", self.told_stages), ("devices", self.told_devices), ("graph", self.told_graph)):
            try:
                told[name] = ask()
            except Exception as error:  # noqa: BLE001 - one answer less
                self.trouble(error)
        return told

    def told_functions(self) -> List[Dict[str, Any]]:
        """The compiled functions that were made or traced most often."""
        told: List[Dict[str, Any]] = []
        for site, entry in list(self.functions.items()):
            traces = 0
            for reference in list(entry["made"]):
                function = reference()
                if function is not None:
                    traces = max(traces, int(function.experimental_get_tracing_count()))
            told.append({"site": site, "name": entry["name"], "made": entry["count"], "traces": traces})
        told.sort(key=lambda entry: entry["made"] + entry["traces"], reverse=True)
        return told[:MOST_SITES]

    def told_stages(self) -> List[Dict[str, Any]]:
        """The stages of the pipeline in tf.data's own model, the slowest first; the last answer where it is over."""
        iterator = self.iterator() if self.iterator is not None else None
        ask = getattr(self.tf.data.experimental, "get_model_proto", None) if self.tf is not None else None
        if iterator is None or ask is None:
            return self.stages
        nodes = ask(iterator).nodes
        found: List[Dict[str, Any]] = []
        for node in nodes.values():
            elements = int(node.num_elements)
            busy = float(node.processing_time) / 1e9
            if elements and busy:
                found.append(
                    {
                        "name": str(node.name),
                        "elements": elements,
                        "busy_seconds": busy,
                        "parallelism": next((float(p.value) for p in node.parameters if p.name == "parallelism"), None),
                    }
                )
        found.sort(key=lambda stage: float(stage["busy_seconds"]), reverse=True)
        self.stages = found[:MOST_SITES] or self.stages
        return self.stages

    def told_devices(self) -> Optional[Dict[str, Any]]:
        """The GPUs that there are and that the script may use. Asked only after its first step: asking has effects."""
        if self.tf is None or self.first_step is None:
            return None
        return {
            "gpus": [device.name for device in self.tf.config.list_physical_devices("GPU")],
            "visible_gpus": [device.name for device in self.tf.config.get_visible_devices("GPU")],
        }

    def told_graph(self) -> Optional[Dict[str, Any]]:
        """The ops of the training step: which have no kernel for a GPU, and where the heavy ones were sent."""
        if self.graph is None:
            return self._told_graph
        from tensorflow.python.framework import kernels  # noqa: TID251 - the script's own; the registry has no public door

        on_gpu = bool(self.tf.config.list_physical_devices("GPU"))
        heavy: Dict[str, int] = {}
        without: Dict[str, int] = {}
        known: Dict[Tuple[str, str], bool] = {}
        operations = self.graph.get_operations()
        for operation in operations:
            if operation.type in _HEAVY:
                device = operation.device.rpartition("device:")[2] or operation.device.strip("/")
                heavy[device.upper()] = heavy.get(device.upper(), 0) + 1
            # A single number costs nothing, wherever it is computed.
            arrays = [output for output in operation.outputs if output.shape.rank != 0]
            kinds = {output.dtype.base_dtype.name for output in arrays} & set(_FLOATS)
            for kind in kinds if on_gpu else ():
                if (operation.type, kind) not in known:
                    known[operation.type, kind] = _on_gpu(kernels, operation.type, kind)
                if not known[operation.type, kind]:
                    name = "%s (%s)" % (operation.type, kind)
                    without[name] = without.get(name, 0) + 1
        self.graph = None  # asked once: a graph does not change after its trace
        self._told_graph = {"operations": len(operations), "heavy_devices": heavy, "without_gpu_kernel": without}
        return self._told_graph

    # -- listening

    def step(self, steps: Steps, now: Optional[float] = None) -> None:
        """A training step begins, or began at `now`."""
        now = time.perf_counter() if now is None else now
        steps.begin(now)
        if steps.count == WARM_UP_STEPS + 1 or self.first_step is None:
            self.first_step = now - self._begin
        self.last_step = now - self._begin

    def on_tensorflow(self, tf: Any) -> None:
        """TensorFlow has been imported."""
        self.tf = tf
        self.versions["tensorflow"] = str(getattr(tf, "__version__", "?"))
        self._listen_to_iterators(tf, sys.modules[ITERATOR_MODULE].OwnedIterator)
        self._listen_to_gradients(tf)
        self._listen_to_functions(tf)
        for place in (tf.config, tf.config.experimental):
            self._listen_to_visible_devices(place)

    def on_keras(self, keras: Any) -> None:
        """A Keras has been imported (`keras` or `tf_keras`)."""
        self.versions[keras.__name__] = str(getattr(keras, "__version__", "?"))
        original = keras.Model.fit
        observer = self

        def fit(self: Any, *args: Any, **kwargs: Any) -> Any:
            if observer.fit_depth:  # an override that calls the one above it
                return original(self, *args, **kwargs)
            observer.fit_depth += 1
            try:
                observer.note_model(self)
                return original(self, *args, **observer.with_callback(keras, kwargs, args))
            finally:
                observer.fit_depth -= 1
                observer.fit_steps.pause()
                observer.note_model(self)

        keras.Model.fit = _like(original, fit)

    def with_callback(self, keras: Any, options: Dict[str, Any], arguments: Tuple[Any, ...]) -> Dict[str, Any]:
        """The options of `fit` with a callback that hears every step."""
        if len(arguments) > 5:  # noqa: PLR2004 - callbacks given by their place: x, y, batch_size, epochs, verbose, ...
            return options
        given = options.get("callbacks")
        if given is not None and not isinstance(given, (list, tuple)):  # one callback, or a CallbackList of their own
            if not isinstance(given, keras.callbacks.Callback) or hasattr(given, "append"):
                return options
            given = [given]
        observer = self

        class Hearing(keras.callbacks.Callback):  # type: ignore[misc]
            # Neither line's step may wait for its logs because we listen: Keras 3 and Keras 2 ask by these names.
            async_safe = True
            _supports_tf_logs = True

            def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
                del batch, logs
                observer.step(observer.fit_steps)

            def on_epoch_begin(self, epoch: int = 0, logs: Any = None) -> None:
                del epoch, logs
                observer.fit_steps.pause()

            on_test_begin = on_epoch_begin

        return {**options, "callbacks": [*(given or ()), Hearing()]}

    def note_model(self, model: Any) -> None:
        """What is known of the model and its optimizer; a model that says nothing is no fault."""
        try:
            optimizer = getattr(model, "optimizer", None)
            weights = list(getattr(model, "trainable_variables", ()))
            value = getattr(weights[0], "value", None) if weights else None
            first = value if hasattr(value, "device") else (weights[0] if weights else None)
            self.model = {
                "class": type(model).__name__,
                "optimizer": "%s.%s" % (type(optimizer).__module__, type(optimizer).__name__) if optimizer else None,
                "variables": len(weights),
                "device": str(getattr(first, "device", "") or "") or None,
                "run_eagerly": bool(getattr(model, "run_eagerly", False)),
                "jit_compile": bool(getattr(model, "jit_compile", False)),
            }
        except Exception as error:  # noqa: BLE001 - a model of the user's may raise anything
            self.trouble(error)

    def _listen_to_iterators(self, tf: Any, iterators: Any) -> None:
        import weakref

        observer = self
        made, asked = iterators.__init__, iterators._next_internal  # noqa: SLF001 - both ways to the next end here

        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 - it becomes that method
            made(self, *args, **kwargs)
            if not tf.executing_eagerly():
                return
            observer.iterator = weakref.ref(self)
            if observer.wait.in_graph is None and not tf.distribute.has_strategy():
                with tf.device("/CPU:0"):
                    observer.wait.in_graph = {
                        "seconds": tf.Variable(0.0, dtype=tf.float64, trainable=False),
                        "requests": tf.Variable(0, dtype=tf.int64, trainable=False),
                        "examples": tf.Variable(0, dtype=tf.int64, trainable=False),
                    }

        def _next_internal(self: Any) -> Any:
            if not tf.executing_eagerly():
                return observer.asked_in_graph(tf, asked, self)
            begin = time.perf_counter()
            element = asked(self)  # raises at the end of the data
            observer.wait.add(time.perf_counter() - begin, _examples(tf, element))
            if not observer.fit_depth:
                observer.step(observer.loop_steps, begin)
            return element

        iterators.__init__ = _like(made, __init__)
        iterators._next_internal = _like(asked, _next_internal)  # noqa: SLF001 - as above
        optional = iterators.get_next_as_optional  # Keras from 3.16 on asks for data that may have come to its end

        def get_next_as_optional(self: Any) -> Any:
            if not tf.executing_eagerly():
                return observer.asked_in_graph(tf, optional, self)
            begin = time.perf_counter()
            element = optional(self)
            seconds = time.perf_counter() - begin
            # Looking into it costs two launches: every tenth is looked at and stands for ten.
            looked_at = observer.wait.requests % _STANDS_FOR == 0 and bool(element.has_value())
            examples = _examples(tf, element.get_value()) if looked_at else None
            observer.wait.add(seconds, examples * _STANDS_FOR if examples else None)
            return element

        iterators.get_next_as_optional = _like(optional, get_next_as_optional)

    def asked_in_graph(self, tf: Any, asked: Callable[[Any], Any], iterator: Any) -> Any:
        """A request for data in the graph of a compiled step, between two timestamps."""
        counters = self.wait.in_graph
        if counters is None:
            return asked(iterator)
        with tf.device("/CPU:0"):
            begin = tf.timestamp()
        with tf.control_dependencies([begin]):
            element = asked(iterator)
        tensors = [leaf for leaf in tf.nest.flatten(element, expand_composites=True) if tf.is_tensor(leaf)]
        with tf.control_dependencies(tensors), tf.device("/CPU:0"):
            count = None
            try:
                count = self._examples_in_graph(tf, element)
            except Exception as error:  # noqa: BLE001 - an element of an unusual kind is not counted
                self.trouble(error)
            if count is not None:
                counters["examples"].assign_add(count)
            blocked = tf.timestamp() - begin
            warm = counters["requests"].read_value() >= WARM_UP_STEPS
            counters["seconds"].assign_add(tf.where(warm, blocked, tf.zeros_like(blocked)))
            counters["requests"].assign_add(1)
        return element

    def _examples_in_graph(self, tf: Any, element: Any) -> Any:
        """The number of examples in an element, as a tensor; `None` where its first part has no dimensions."""
        if hasattr(element, "has_value"):  # an optional element: what it holds can be asked for only where it is
            spec = next(iter(tf.nest.flatten(element.element_spec, expand_composites=True)), None)
            if spec is None or not getattr(spec.shape, "rank", None):
                return None
            return tf.cond(
                element.has_value(),
                lambda: tf.shape(_first_leaf(tf, element.get_value()), out_type=tf.int64)[0],
                lambda: tf.constant(0, tf.int64),
            )
        first = _first_leaf(tf, element)
        return tf.shape(first, out_type=tf.int64)[0] if first is not None and first.shape.rank else None

    def _listen_to_gradients(self, tf: Any) -> None:
        observer = self
        original = tf.GradientTape.gradient

        def gradient(self: Any, *args: Any, **kwargs: Any) -> Any:
            gradients = original(self, *args, **kwargs)
            if tf.executing_eagerly():
                observer.eager_gradients += 1
                if observer.first_step is None:
                    observer.step(observer.loop_steps)
                if observer.eager_site is None:
                    observer.eager_site = _caller()
                first = next((g for g in tf.nest.flatten(gradients) if g is not None), None)
                observer.gradient_device = str(getattr(first, "device", "") or "") or observer.gradient_device
            else:
                observer.graph = tf.compat.v1.get_default_graph()
            return gradients

        tf.GradientTape.gradient = _like(original, gradient)

    def _listen_to_functions(self, tf: Any) -> None:
        import inspect
        import weakref

        observer = self
        original = tf.function

        def note(function: Any) -> Any:
            python = inspect.unwrap(getattr(function, "python_function", None) or function)
            code = getattr(python, "__code__", None)
            if code is not None and "site-packages" not in code.co_filename:
                site = "%s:%d" % (code.co_filename, code.co_firstlineno)
                entry = observer.functions.setdefault(site, {"name": code.co_name, "count": 0, "made": []})
                entry["count"] += 1
                if len(entry["made"]) < MOST_SITES:
                    entry["made"].append(weakref.ref(function))
            return function

        def function(*args: Any, **kwargs: Any) -> Any:
            made = original(*args, **kwargs)
            if hasattr(made, "python_function"):
                return note(made)
            return lambda *inner, **more: note(made(*inner, **more))

        tf.function = _like(original, function)

    def _listen_to_visible_devices(self, place: Any) -> None:
        observer = self
        original = place.set_visible_devices

        def set_visible_devices(devices: Any, device_type: Any = None) -> Any:
            if device_type == "GPU" and not devices:
                observer.gpu_hidden_at = _caller()
            return original(devices, device_type)

        place.set_visible_devices = _like(original, set_visible_devices)


def _like(original: Any, ours: Any) -> Any:
    """`ours` with the name, the documentation and the signature of `original`."""
    import functools

    return functools.wraps(original)(ours)


def _first_leaf(tf: Any, element: Any) -> Any:
    return next((leaf for leaf in tf.nest.flatten(element, expand_composites=True) if tf.is_tensor(leaf)), None)


def _examples(tf: Any, element: Any) -> Optional[int]:
    for leaf in tf.nest.flatten(element, expand_composites=True):
        shape = getattr(leaf, "shape", None)
        if shape is not None and len(shape):
            return int(shape[0]) if shape[0] is not None else None
    return None


def _on_gpu(kernels: Any, op: str, kind: str) -> bool:
    """Whether the live registry has a kernel for a GPU, or for every device, that takes `kind`."""
    import tensorflow as tf  # noqa: TID251 - the script's own TensorFlow, which is loaded

    wanted = tf.as_dtype(kind).as_datatype_enum
    registered = kernels.get_registered_kernels_for_op(op).kernel
    if not registered:
        return True  # no kernel of its own: a function, or an op that the runtime replaces
    for kernel in registered:
        if kernel.device_type not in ("GPU", "DEFAULT"):
            continue
        floats = [
            set(constraint.allowed_values.list.type)
            for constraint in kernel.constraint
            if set(constraint.allowed_values.list.type) & {tf.as_dtype(name).as_datatype_enum for name in _FLOATS}
        ]
        if all(wanted in allowed for allowed in floats):
            return True
    return False


def _caller() -> Optional[str]:
    """``file:line`` of the innermost frame that is the user's: no frame of ours, of TensorFlow or of Keras."""
    frame = sys._getframe(1)  # noqa: SLF001 - the cheap way to a caller; `inspect` reads source files
    while frame is not None:
        file = frame.f_code.co_filename
        if file != __file__ and "site-packages" not in file and not file.startswith("<"):
            return "%s:%d" % (file, frame.f_lineno)
        frame = frame.f_back  # type: ignore[assignment]
    return None


class _Door(importlib.abc.MetaPathFinder):
    """Calls a listener when the script has imported a module for the first time."""

    def __init__(self, listeners: Dict[str, Callable[[Any], None]], observer: Observer) -> None:
        self._listeners = listeners
        self._observer = observer
        self._looking = threading.local()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec that the others find, with a loader that calls the listener; some ask for it and import nothing."""
        del path, target
        listener = self._listeners.get(name)
        if listener is None or getattr(self._looking, "now", False):
            return None
        self._looking.now = True
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._looking.now = False
        if spec is not None and spec.loader is not None:
            spec.loader = _Listening(spec.loader, listener, self._observer)
        return spec


class _Listening(importlib.abc.Loader):
    """A loader that tells when the module is there."""

    def __init__(self, loader: Any, listener: Callable[[Any], None], observer: Observer) -> None:
        self._loader = loader
        self._listener = listener
        self._observer = observer

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        try:
            self._listener(module)
        except Exception as error:  # noqa: BLE001 - the script goes on, whatever becomes of the watching
            self._observer.trouble(error)


def observe(report: str) -> None:
    """Begin to observe this process, and write to the file `report`."""
    observer = Observer(report)
    listeners = {"tensorflow": observer.on_tensorflow, "keras": observer.on_keras, "tf_keras": observer.on_keras}
    sys.meta_path.insert(0, _Door(listeners, observer))
    observer.start()
