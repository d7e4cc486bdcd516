"""What takes the GPU out of TensorFlow's sight: environment variables and start-up files, read without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from m1doctor.collect.disk import Disk, absolute
from m1doctor.collect.world import World
from m1doctor.knowledge.hiding import HidingVariable, hiding_variables
from m1doctor.model.interpreter import Interpreter
from m1doctor.model.runtime import HidingCause

MAX_SOURCE_BYTES = 256 * 1024
"""A start-up file longer than this is not read."""
INTERACTIVE = "in interactive sessions"
_MAX_FILES_A_FOLDER = 200


def hiding_causes(world: World, interpreter: Interpreter, search_path: Sequence[str] | None) -> tuple[HidingCause, ...]:
    """Everything that hides the GPU from the target, in the order in which Python would come upon it.

    `search_path` is `sys.path` of the target where it is known; otherwise the site folders and `PYTHONPATH` serve.
    """
    disk = Disk(world.root)
    causes = list(_from_environment(world))
    for path in _start_up_modules(world, disk, interpreter, search_path):
        causes += hidden_in_source(disk.text(path, MAX_SOURCE_BYTES) or "", path)
    for folder in interpreter.site_folders:
        causes += _from_path_files(disk, folder)
    for path in _interactive_files(world, disk):
        causes += hidden_in_source(disk.text(path, MAX_SOURCE_BYTES) or "", path, when=INTERACTIVE)
    return tuple(causes)


def _from_environment(world: World) -> Iterator[HidingCause]:
    for variable in hiding_variables():
        value = world.environ.get(variable.name)
        if value is not None and variable.hides(value):
            yield HidingCause(source="environment", what=f"{variable.name}={value}", provider=variable.provider)


def _start_up_modules(
    world: World, disk: Disk, interpreter: Interpreter, search_path: Sequence[str] | None
) -> Iterator[str]:
    """The `sitecustomize` and the `usercustomize` that Python imports: the first of each on the path."""
    if search_path is None:
        entries = [entry for entry in world.environ.get("PYTHONPATH", "").split(":") if entry]
        search_path = [*entries, *interpreter.site_folders]
    for name in ("sitecustomize", "usercustomize"):
        candidates = [
            absolute(candidate, str(world.cwd))
            for folder in search_path
            for candidate in (f"{folder}/{name}/__init__.py", f"{folder}/{name}.py")
        ]
        found = next((candidate for candidate in candidates if disk.is_file(candidate)), None)
        if found is not None:
            yield found


def _from_path_files(disk: Disk, folder: str) -> Iterator[HidingCause]:
    """`.pth` files: lines that begin with `import` are run at every start, with the modules that they name."""
    names = [name for name in disk.names(folder) if name.endswith(".pth")]
    for name in names[:_MAX_FILES_A_FOLDER]:
        path = f"{folder}/{name}"
        for number, line in enumerate((disk.text(path, MAX_SOURCE_BYTES) or "").splitlines(), start=1):
            if not line.startswith(("import ", "import\t")):
                continue
            for cause in hidden_in_source(line, path):
                yield HidingCause(source=path, what=cause.what, line=number, provider=cause.provider)
            for module in _imported_modules(line):
                source = f"{folder}/{module}.py"
                if module not in ("os", "sys") and disk.is_file(source):
                    yield from hidden_in_source(disk.text(source, MAX_SOURCE_BYTES) or "", source)


def _imported_modules(line: str) -> list[str]:
    tree = _parsed(line)
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return [name for name in names if name.isidentifier()]


def _interactive_files(world: World, disk: Disk) -> Iterator[str]:
    startup = world.environ.get("PYTHONSTARTUP")
    if startup:
        yield absolute(startup, str(world.cwd))
    base = world.environ.get("IPYTHONDIR") or (str(world.home / ".ipython") if world.home else None)
    if base is not None:
        folder = f"{base}/profile_default/startup"
        for name in disk.names(folder)[:_MAX_FILES_A_FOLDER]:
            if name.endswith((".py", ".ipy")):
                yield f"{folder}/{name}"


def hidden_in_source(source: str, path: str, when: str = "always") -> list[HidingCause]:
    """Calls and assignments in Python source that hide every GPU, by the line they stand in.

    Only what is certain from the text counts: `set_visible_devices` with an empty list (or with CPUs alone) for the
    GPU or for every kind, and a variable of the known ones set to a hiding value.
    """
    tree = _parsed(source)
    lines = source.splitlines()
    variables = {variable.name: variable for variable in hiding_variables()}
    causes = []
    for node in ast.walk(tree):
        variable = _hiding_assignment(node, variables)
        if variable is None and not (isinstance(node, ast.Call) and _hides_devices(node)):
            continue
        assert isinstance(node, (ast.Call, ast.Assign))  # noqa: S101 - the two kinds that the tests above let through
        text = lines[node.lineno - 1].strip() if node.lineno <= len(lines) else ""
        causes.append(
            HidingCause(
                source=path,
                what=text[:400],
                line=node.lineno,
                when=when,
                provider=variable.provider if variable else None,
            )
        )
    return sorted(causes, key=lambda cause: cause.line or 0)


def _parsed(source: str) -> ast.AST:
    """The syntax tree, or an empty one for what is no Python (or too deeply nested to be read)."""
    import warnings  # noqa: PLC0415 - wanted only here

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in a user's file is not our business
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])


def _hides_devices(call: ast.Call) -> bool:
    """Whether a call is `….set_visible_devices` with no GPU left."""
    if _last_name(call.func) != "set_visible_devices":
        return False
    arguments = dict(zip(("devices", "device_type"), call.args, strict=False))
    arguments |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    kind = arguments.get("device_type")
    if not (kind is None or (isinstance(kind, ast.Constant) and kind.value in (None, "GPU"))):
        return False
    devices = arguments.get("devices")
    if isinstance(devices, (ast.List, ast.Tuple)):
        return not devices.elts
    return kind is None and isinstance(devices, ast.Call) and _lists_cpus(devices)


def _lists_cpus(call: ast.Call) -> bool:
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    return (
        _last_name(call.func) in ("list_physical_devices", "get_visible_devices")
        and len(arguments) == 1
        and isinstance(arguments[0], ast.Constant)
        and arguments[0].value == "CPU"
    )


def _hiding_assignment(node: ast.AST, variables: dict[str, HidingVariable]) -> HidingVariable | None:
    """The variable that `os.environ[NAME] = VALUE`, `environ.setdefault(…)` or `os.putenv(…)` sets to hide the GPU."""
    key: ast.AST | None = None
    value: ast.AST | None = None
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Subscript):
        if _last_name(node.targets[0].value) == "environ":
            key, value = node.targets[0].slice, node.value
    elif isinstance(node, ast.Call) and _last_name(node.func) in ("setdefault", "putenv") and len(node.args) == 2:  # noqa: PLR2004 - key and value
        key, value = node.args
    if not (isinstance(key, ast.Constant) and isinstance(value, ast.Constant)):
        return None
    variable = variables.get(key.value) if isinstance(key.value, str) else None
    if variable is not None and isinstance(value.value, str) and variable.hides(value.value):
        return variable
    return None


def _last_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None
