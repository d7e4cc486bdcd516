"""The whole model stands in a device scope that names the CPU."""

import keras
import numpy as np
import tensorflow as tf

x = np.random.default_rng(0).random((4096, 128), dtype="float32")
y = x.mean(axis=1, keepdims=True)
with tf.device("/CPU:0"):
    model = keras.Sequential([keras.layers.Dense(256, activation="relu"), keras.layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=False)
    model.fit(x, y, batch_size=128, epochs=3, verbose=2)
