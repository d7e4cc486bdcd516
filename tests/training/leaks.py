"""Something large is kept from every step."""

import time

import tensorflow as tf

weight = tf.Variable(tf.random.normal([1000, 100]))
kept = []


@tf.function
def step(inputs):
    with tf.GradientTape() as tape:
        output = tf.matmul(inputs, weight)
        loss = tf.reduce_mean(output**2)
    weight.assign_sub(0.001 * tape.gradient(loss, weight))
    return output


for batch in tf.data.Dataset.from_tensors(tf.ones([20_000, 1000])).repeat(70):
    kept.append(step(batch))
    time.sleep(0.15)
