"""Every operation of a step is started by Python."""

import tensorflow as tf

x = tf.random.normal([4096, 32])
y = tf.reduce_sum(x, axis=1, keepdims=True)
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(64).prefetch(2)
weights = [tf.Variable(tf.random.normal([32, 64]) / 8), tf.Variable(tf.random.normal([64, 1]) / 8)]
for _ in range(3):
    for inputs, wanted in data:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((tf.nn.relu(inputs @ weights[0]) @ weights[1] - wanted) ** 2)
        for variable, gradient in zip(weights, tape.gradient(loss, weights), strict=True):
            variable.assign_sub(0.001 * gradient)
