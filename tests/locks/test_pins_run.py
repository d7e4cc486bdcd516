"""The pins of a published environment with TensorFlow for Linux: they import, train, save and start TensorBoard.

This tries what is above the plugin: Python packages at the versions of the lock. It says nothing of Metal.
"""

from __future__ import annotations

import subprocess

import pytest

from environments import real
from m1doctor.knowledge.environments import published
from m1doctor.locks.reading import read_lock

PROGRAM = """
import os, tempfile
import numpy as np
import tensorflow as tf
from tensorboard import program
model = tf.keras.Sequential([tf.keras.layers.Dense(4, activation="relu"), tf.keras.layers.Dense(1)])
model.compile("adam", "mse")
x = np.arange(32, dtype="float32").reshape(8, 4) / 32
model.fit(x, x.sum(1), epochs=3, verbose=0)
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "m.keras")
    model.save(path)
    again = tf.keras.models.load_model(path)
    assert np.allclose(again.predict(x, verbose=0), model.predict(x, verbose=0))
    board = program.TensorBoard()
    board.configure(argv=[None, "--logdir", folder, "--port", "0"])
print(tf.__version__, np.__version__)
"""
ONLY_MAC = ("tensorflow", "tensorflow-metal")


@pytest.mark.real_tensorflow
def test_the_locked_versions_work_together_on_linux() -> None:
    best = next(environment for environment in published() if environment.python == "3.11")
    pins = {package.name: package.version for package in read_lock(str(best.requirements)).packages}
    requirements = [f"{name}=={version}" for name, version in pins.items() if name not in ONLY_MAC]
    environment = real.linux_environment(f"tensorflow-cpu=={pins['tensorflow']}", *requirements)
    argv = [str(environment / "bin" / "python"), "-c", PROGRAM]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == [pins["tensorflow"], pins["numpy"]]
