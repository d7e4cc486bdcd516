"""Nothing is wrong: batches from memory, a compiled step, enough work in it."""

import keras
import numpy as np

x = np.random.default_rng(0).random((8192, 256), dtype="float32")
y = x.mean(axis=1, keepdims=True)
model = keras.Sequential([keras.layers.Dense(1024, activation="relu"), keras.layers.Dense(1024), keras.layers.Dense(1)])
model.compile("sgd", "mse", jit_compile=False)
model.fit(x, y, batch_size=256, epochs=4, verbose=2)
