"""The input is made row by row in Python."""

import time

import keras
import numpy as np
import tensorflow as tf


def rows():
    for _ in range(1200):
        time.sleep(0.001)
        yield np.zeros(32, "float32"), np.zeros(1, "float32")


signature = (tf.TensorSpec((32,)), tf.TensorSpec((1,)))
data = tf.data.Dataset.from_generator(rows, output_signature=signature).batch(16)
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dense(1)])
model.compile("sgd", "mse", jit_compile=False)
model.fit(data, epochs=1, verbose=2)
