"""The child: run by the target's Python to see what TensorFlow does there. Standard library only, Python 3.8 or later.

It is called with a JSON object of options and the path of a report file. Every stage is announced in that file before
it begins and answered when it has ended, one JSON object a line, so that whatever kills the process is known by the
stage it happened in. After the stages of this file come the parts of the work, a file each in `parts/`. Standard
output and standard error belong to the target: nothing is told through them. Between the JSON lines the report file
also receives the stacks that faulthandler writes when a fatal signal arrives, when a part takes longer than it may, and
when the parent asks with SIGUSR2 where it stands.
"""

from __future__ import annotations

# The folder of this script must not be searched for modules: drop it before the first import that could look there.
import sys

_HERE = __file__.rpartition("/")[0]
sys.path[:] = [entry for entry in sys.path if entry != _HERE]
_PRELOADED = frozenset(sys.modules)

import faulthandler  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import time  # noqa: E402

TYPE_CHECKING = False  # instead of importing `typing`: the less this child brings in, the more of it is the target
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Tuple

    Facts = Dict[str, Any]

_MESSAGE_CHARACTERS = 4000
_STACK_FRAMES = 40
_CAUSES = 5
_SIGALRM_GRACE_SECONDS = 15
_SHARE_OF_THE_LIMIT = 0.6
"""Of the limit of a part, after which one that measures in rounds ends with those that it has."""
_PARTS = "m1doctor_parts"
"""The name under which the package of the parts is imported here."""


class Report:
    """The private file that the answers go to.

    Each line is written at once and appended. The file is opened again where the target has closed it under our feet.
    """

    def __init__(self, path: str) -> None:
        """Open the report file at `path`."""
        self._path = path
        self.descriptor = self._open()
        self._identity = self._identify()

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0))

    def _identify(self) -> Tuple[int, int]:
        status = os.fstat(self.descriptor)
        return status.st_dev, status.st_ino

    def tell(self, **record: Any) -> None:
        """Write one record; a target that took the file away loses its answer, not its life."""
        record["pid"] = os.getpid()
        line = json.dumps(record, default=str).encode("utf-8", "backslashreplace") + b"\n"
        try:
            if not self._still_ours():
                self.descriptor = self._open()
            os.write(self.descriptor, line)
        except OSError:
            return

    def _still_ours(self) -> bool:
        """Whether the descriptor is open and has not been given to another file since."""
        try:
            return self._identify() == self._identity
        except OSError:
            return False


def describe_exception(error: BaseException) -> Facts:
    """Type, message and the stack of `error`, the frame that raised last, without the frames of this script."""
    import traceback

    frames = [
        'File "%s", line %s, in %s: %s' % (frame.filename, frame.lineno, frame.name, (frame.line or "").strip())
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(_HERE) and not frame.filename.startswith("<frozen importlib")
    ]
    causes: List[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < _CAUSES:
        causes.append(("%s: %s" % (type(cause).__name__, cause))[:_MESSAGE_CHARACTERS])
        cause = cause.__cause__ or cause.__context__
    try:
        message = str(error)
    except Exception as unprintable:  # noqa: BLE001 - a foreign exception may fail to print itself
        message = "<%s while printing the message>" % type(unprintable).__name__
    return {
        "type": type(error).__name__,
        "message": message[:_MESSAGE_CHARACTERS],
        "stack": frames[-_STACK_FRAMES:],
        "causes": causes,
    }


def start(state: Facts) -> Facts:
    """What this interpreter is, before anything foreign is imported."""
    import platform
    import site

    del state
    facts = {
        "version": platform.python_version(),
        "implementation": sys.implementation.name,
        "executable": sys.executable,
        "script": __file__,
        "prefix": sys.prefix,
        "base_prefix": sys.base_prefix,
        "path": [str(entry) for entry in sys.path],
        "mac_version": platform.mac_ver()[0],
        "machine": platform.machine(),
        "user_site": site.getusersitepackages() if site.ENABLE_USER_SITE else None,
    }
    for name in ("sitecustomize", "usercustomize"):
        module = sys.modules.get(name)
        facts[name] = getattr(module, "__file__", None) if module else None
    return facts


def hide_plugins() -> None:
    """Keep plugin libraries out of the import that follows, in this process only.

    TensorFlow asks `os.path.exists` for each `tensorflow-plugins` folder and reads one environment variable.
    """
    os.environ.pop("TF_PLUGGABLE_DEVICE_LIBRARY_PATH", None)
    exists = os.path.exists

    def exists_but_for_plugins(path: Any) -> bool:
        return os.path.basename(os.fspath(path)) != "tensorflow-plugins" and exists(path)

    os.path.exists = exists_but_for_plugins


def import_tensorflow(state: Facts) -> Facts:
    """Import TensorFlow and time it."""
    begin = time.perf_counter()
    import tensorflow as tf  # noqa: TID251 - this is the child in which it is imported

    seconds = time.perf_counter() - begin
    state["tf"] = tf
    file = getattr(tf, "__file__", None)
    cached = getattr(tf, "__cached__", None)
    facts: Facts = {
        "seconds": seconds,
        "file": file,
        "bytecode_cached": cached is not None and os.path.exists(cached),
        "versions": {"tensorflow": getattr(tf, "__version__", None)},
    }
    for name in ("numpy", "keras", "tf_keras"):
        version = getattr(sys.modules.get(name), "__version__", None)
        if isinstance(version, str):
            facts["versions"][name] = version
    facts["shadowed_here"] = shadowed_by(os.getcwd())
    state["partial"] = facts
    # A file called tensorflow.py, or the empty shim of a tensorflow whose body is elsewhere, imports well.
    tf.config.list_physical_devices  # noqa: B018 - raises AttributeError for a TensorFlow without a body
    return facts


def shadowed_by(folder: str) -> List[Facts]:
    """Files in `folder` that would be imported in the place of modules that `import tensorflow` needs.

    A script run from there has it first on its search path. Modules that the interpreter had loaded before the script
    cannot be replaced, and a folder without `__init__.py` never wins over a module.
    """
    suffixes = [".py"]
    try:
        import importlib.machinery

        suffixes += importlib.machinery.EXTENSION_SUFFIXES
        entries = set(os.listdir(folder))
    except OSError:
        return []
    found = []
    for name in sorted(set(sys.modules) - _PRELOADED - set(sys.builtin_module_names)):
        if "." in name or name == "__main__":
            continue
        candidates = [name + suffix for suffix in suffixes if name + suffix in entries]
        if name in entries and os.path.exists(os.path.join(folder, name, "__init__.py")):
            candidates.insert(0, os.path.join(name, "__init__.py"))
        own = getattr(sys.modules[name], "__file__", None)
        for candidate in candidates[:1]:
            path = os.path.join(folder, candidate)
            if own is None or os.path.realpath(own) != os.path.realpath(path):
                found.append({"module": name, "path": path, "instead_of": own})
    return found


def numpy_alone(state: Facts) -> Facts:
    """Import NumPy after an import of TensorFlow that raised, to tell whose fault it is."""
    del state
    import numpy as np  # noqa: TID251 - this is the child in which it is imported

    return {"version": np.__version__, "file": np.__file__}


def devices(state: Facts) -> Facts:
    """List the devices: which there are, and which of them TensorFlow is allowed to use."""
    tf = state["tf"]
    listed = []
    for device in tf.config.list_physical_devices():
        details = {}
        try:
            found = tf.config.experimental.get_device_details(device)
            details = {str(key): str(value) for key, value in found.items()}
        except Exception:  # noqa: BLE001 - details are extra; some devices have none and say so by raising
            details = {}
        listed.append({"name": device.name, "kind": device.device_type, "details": details})
    visible = tf.config.get_visible_devices()
    state["gpus"] = [device for device in visible if device.device_type == "GPU"]
    return {"devices": listed, "visible": [device.name for device in visible]}


def placement(state: Facts) -> Facts:
    """Ask for a small product on the GPU, or on the CPU where there is none, and see where it ran.

    Hard placement first: with TensorFlow's default a product that the GPU cannot do moves to the CPU in silence.
    """
    tf = state["tf"]
    requested = "GPU:0" if state["gpus"] else "CPU:0"
    facts: Facts = {"requested": requested, "refusal": None}
    soft = tf.config.get_soft_device_placement()
    tf.config.set_soft_device_placement(False)
    try:
        facts["device"] = _product_on(tf, requested)
    except Exception as error:  # noqa: BLE001 - the refusal is the answer
        facts["refusal"] = describe_exception(error)
    finally:
        tf.config.set_soft_device_placement(soft)
    if facts["refusal"] is not None:
        tf.config.set_soft_device_placement(True)
        try:
            facts["device"] = _product_on(tf, requested)
        finally:
            tf.config.set_soft_device_placement(soft)
    return facts


def _product_on(tf: Any, device: str) -> str:
    with tf.device("/" + device):
        left = tf.constant([[1.0, 2.0], [3.0, 4.0]])
        result = tf.linalg.matmul(left, left)
    result.numpy()
    return str(result.device)


def load_part(name: str) -> Any:
    """The module ``parts/NAME.py`` beside this script. It is found by its file: no path of ours is ever searched."""
    import importlib
    import importlib.util

    folder = os.path.join(_HERE, "parts")
    if _PARTS not in sys.modules:
        file = os.path.join(folder, "__init__.py")
        spec = importlib.util.spec_from_file_location(_PARTS, file, submodule_search_locations=[folder])
        assert spec is not None  # noqa: S101 - the file name ends in .py
        assert spec.loader is not None  # noqa: S101 - likewise
        package = importlib.util.module_from_spec(spec)
        sys.modules[_PARTS] = package
        spec.loader.exec_module(package)
    return importlib.import_module("%s.%s" % (_PARTS, name))


def run_part(state: Facts, part: Facts) -> Facts:
    """Run one part of the work. The kernel ends this process where the part takes longer than it may, stack first."""
    module = load_part(part["name"])
    device = "GPU:0" if state.get("gpus") else "CPU:0"
    left = signal.getitimer(signal.ITIMER_REAL)[0]
    signal.setitimer(signal.ITIMER_REAL, min(part["limit_seconds"], left))
    begin = time.perf_counter()
    try:
        until = begin + _SHARE_OF_THE_LIMIT * part["limit_seconds"]
        facts: Facts = module.run(state["tf"], device, {**part["options"], "until": until})
    finally:
        signal.setitimer(signal.ITIMER_REAL, max(left - (time.perf_counter() - begin), 1.0))
    return facts


STAGES: Dict[str, Callable[[Facts], Facts]] = {
    "start": start,
    "import tensorflow": import_tensorflow,
    "numpy alone": numpy_alone,
    "devices": devices,
    "placement": placement,
}
"""What comes before the parts, by name; the options say which are wanted, in which order."""


def leave_alone() -> None:
    """Keep what is loaded by now out of every collection of garbage that is still to come.

    The last one, when Python ends, would go through all of TensorFlow for nothing: 0.8 s of 0.9 s with 2.18.1. What
    TensorFlow and its plugins do at their own end happens all the same.
    """
    import gc

    gc.freeze()


def run(options: Facts, report: Report) -> None:
    """Run the wanted stages, then the parts. What needs TensorFlow is left out once the import has failed."""
    state: Facts = {}
    if options.get("without_plugins"):
        hide_plugins()
    failed = False
    parts = {part["name"]: part for part in options["parts"]}
    for name in [*options["stages"], *parts]:
        if failed and name != "numpy alone":
            continue
        if name == "numpy alone" and not failed:
            continue
        report.tell(stage=name)
        state.pop("partial", None)
        begin = time.perf_counter()
        try:
            facts = run_part(state, parts[name]) if name in parts else STAGES[name](state)
        except (KeyboardInterrupt, SystemExit) as error:
            report.tell(raised=name, error=describe_exception(error), seconds=time.perf_counter() - begin)
            raise
        except BaseException as error:  # noqa: BLE001 - whatever the target raises is the answer
            seconds = time.perf_counter() - begin
            report.tell(raised=name, error=describe_exception(error), seconds=seconds, facts=state.get("partial"))
            failed = failed or name == "import tensorflow"
        else:
            report.tell(answer=name, facts=facts, seconds=time.perf_counter() - begin)
    leave_alone()
    report.tell(stage="exit")


def main() -> None:
    """Read the options, arm the watches, run the stages."""
    options, report = json.loads(sys.argv[1]), Report(sys.argv[2])
    del sys.argv[1:]
    limit = options["limit_seconds"]
    faulthandler.enable(report.descriptor)
    # The stack of a hang. Not `dump_traceback_later`: a fork of its process waits for ever for a thread it has not got.
    faulthandler.register(signal.SIGUSR2, file=report.descriptor)
    faulthandler.register(signal.SIGALRM, file=report.descriptor, chain=True)  # the stack, and then the end
    # Where the parent itself is killed, nobody would end a target that hangs: the kernel does, a while later.
    signal.setitimer(signal.ITIMER_REAL, limit + _SIGALRM_GRACE_SECONDS)
    run(options, report)


if __name__ == "__main__":
    main()
