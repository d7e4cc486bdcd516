"""Which of the ops that all training uses have no kernel on the GPU, asked of TensorFlow's own registry."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict


def run(tf: Any, device: str, options: Dict[str, Any]) -> Dict[str, Any]:
    """Look up each op for each type. `GPU` and `DEFAULT` kernels both serve a plugin's device."""
    from tensorflow.python.framework import kernels  # noqa: TID251 - this is the child in which it is imported

    without = []
    if device.startswith("GPU"):
        for op, attribute in options["ops"].items():
            found = kernels.get_registered_kernels_for_op(op).kernel
            serving = [kernel for kernel in found if kernel.device_type in ("GPU", "DEFAULT")]
            for dtype in options["dtypes"]:
                number = tf.as_dtype(dtype).as_datatype_enum
                if found and not any(_takes(kernel, attribute, number) for kernel in serving):
                    without.append({"op": op, "dtype": dtype})
    return {"device": device, "asked": len(options["ops"]) * len(options["dtypes"]), "without": without}


def _takes(kernel: Any, attribute: str, number: int) -> bool:
    """Whether a kernel is for a type."""
    allowed = {each.name: each.allowed_values.list.type for each in kernel.constraint}
    return number in allowed.get(attribute, [number])
