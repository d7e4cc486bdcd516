"""Four examples a step."""

import keras
import numpy as np

x = np.random.default_rng(0).random((8000, 32), dtype="float32")
y = x.mean(axis=1, keepdims=True)
model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)])
model.compile("sgd", "mse", jit_compile=False)
model.fit(x, y, batch_size=4, epochs=1, verbose=2)
