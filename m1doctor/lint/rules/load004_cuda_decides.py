"""LOAD004 cuda-decides: whether there is CUDA decides which device is used."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from m1doctor.checks.check import Source
from m1doctor.lint.devices import names_device
from m1doctor.lint.module import Module
from m1doctor.lint.names import Region
from m1doctor.lint.rule import Rule, RulePage, Seen
from m1doctor.lint.target import Versions
from m1doctor.model.finding import Level

_ASKED = ("tensorflow.test.is_built_with_cuda", "tensorflow.test.is_built_with_gpu_support")
_AVAILABLE = "tensorflow.test.is_gpu_available"
_DEVICE_CALLS = ("tensorflow.device", "tensorflow.config.set_visible_devices")


def judge(module: Module, versions: Versions) -> Iterator[Seen]:
    """Conditions on CUDA whose branches name a device."""
    del versions
    if next(module.calls_of(*_ASKED, _AVAILABLE), None) is None:
        return
    for condition, region in module.index.conditions:
        asked = _asks_for_cuda(module, condition.test, region)
        if asked is not None and _chooses_a_device(module, condition, region):
            yield Seen(
                node=asked,
                message="This asks for CUDA to choose the device: with Metal it is False, and the GPU is not used.",
            )


def _asks_for_cuda(module: Module, test: ast.expr, region: Region) -> ast.expr | None:
    parts = [part for part in ast.walk(test) if isinstance(part, ast.Call | ast.Name)]
    for part in parts:
        values = module.values(part, region) if isinstance(part, ast.Name) else None
        call = values[0].node if values is not None and len(values) == 1 else part
        if not isinstance(call, ast.Call):
            continue
        name = module.name_of(call.func, region)
        if name in _ASKED:
            return part
        if name == _AVAILABLE:
            only = module.argument(call, "cuda_only", 0)
            if only is not None and module.literal(only, region) is True:
                return part
    return None


def _chooses_a_device(module: Module, condition: ast.If | ast.IfExp, region: Region) -> bool:
    branches = [condition.body, condition.orelse]
    nodes = [part for branch in branches for part in (branch if isinstance(branch, list) else [branch])]
    for part in (each for node in nodes for each in ast.walk(node)):
        if isinstance(part, ast.Constant) and names_device(part.value):
            return True
        if isinstance(part, ast.Call) and module.name_of(part.func, region) in _DEVICE_CALLS:
            return True
    return False


RULE = Rule(
    id="LOAD004",
    slug="cuda-decides",
    level=Level.ERROR,
    judge=judge,
    words=("is_built_with_cuda", "is_built_with_gpu_support", "is_gpu_available"),
    page=RulePage(
        what=(
            "`tf.test.is_built_with_cuda()`, `is_built_with_gpu_support()` or `is_gpu_available(cuda_only=True)` "
            "decides which device is used."
        ),
        why=(
            "TensorFlow for a Mac is a CPU build that loads the Metal GPU as a plugin: each of these answers False, "
            "and the program takes its path for machines without a GPU."
        ),
        example="device = '/GPU:0' if tf.test.is_built_with_cuda() else '/CPU:0'",
        better="device = '/GPU:0' if tf.config.list_physical_devices('GPU') else '/CPU:0'",
        fix="Ask `tf.config.list_physical_devices('GPU')`. Better still, name no device: the GPU is the default.",
        versions="Every TensorFlow 2.",
        sources=(
            Source(
                "TensorFlow: tf.test.is_built_with_cuda",
                "https://www.tensorflow.org/api_docs/python/tf/test/is_built_with_cuda",
                "2026-11-23",
            ),
            Source("Seen: all three are False in TensorFlow 2.21 for a CPU", None, "2026-11-23"),
        ),
    ),
)
