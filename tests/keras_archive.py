"""Small `.keras` archives, as Keras 3 writes them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any


def layer(kind: str, name: str, **config: Any) -> dict[str, Any]:
    """One layer of a Sequential model."""
    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": config.pop("dtype", "float32")}}
    return {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": name, "trainable": True, "dtype": policy, **config},
        "registered_name": None,
    }


def sequential(*layers: dict[str, Any], name: str = "sequential", **more: Any) -> dict[str, Any]:
    """A Sequential model for pictures of 16 by 16."""
    first = {
        "module": "keras.layers",
        "class_name": "InputLayer",
        "config": {"batch_shape": [None, 16, 16, 3], "dtype": "float32", "sparse": False, "name": "input"},
        "registered_name": None,
    }
    config = {"name": name, "trainable": True, "dtype": "float32", "layers": [first, *layers]}
    return {"module": "keras", "class_name": "Sequential", "config": config, "registered_name": "Sequential", **more}


def write(path: Path, config: object, **members: str) -> Path:
    """An archive with this configuration."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.8.0"}))
        archive.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def picture_model() -> dict[str, Any]:
    """A model with a layer that has a kernel and one that has not."""
    return sequential(
        layer("Conv2D", "sound", filters=4, kernel_size=[3, 3], activation="relu"),
        layer("Conv2D", "fallen", filters=4, kernel_size=[3, 3], activation="elu"),
        layer("Flatten", "flat"),
        layer("Dense", "last", units=2),
        compile_config={"optimizer": "sgd", "loss": "mean_squared_error"},
    )
