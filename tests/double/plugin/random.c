/* Random numbers: a hash of the seed and the place, so that the device has no state of its own. */

#include <math.h>

#include "plugin.h"

static double unit(uint64_t seed, uint64_t place) {
  uint64_t mixed = seed + place * 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  mixed ^= mixed >> 31;
  return (double)(mixed >> 11) * 0x1p-53;
}

static float normal(uint64_t seed, uint64_t place) {
  return (float)(sqrt(-2 * log(1 - unit(seed, 2 * place))) * cos(2 * 3.14159265358979 * unit(seed, 2 * place + 1)));
}

static int wanted_shape(Launch *launch) {
  const Array *shape = &launch->in[0];
  if (!shape->listed || shape->count > MAX_RANK) return 0;
  set_shape(&launch->out[0], launch->attributes.type, (int)shape->count, shape->list);
  return 1;
}

static void uniform_numbers(Launch *launch) {
  for (int64_t i = 0; i < launch->out[0].count; ++i)
    launch->out[0].values[i] = (float)(unit(launch->seed, (uint64_t)i) * (1 - 0x1p-24));
}

static void normal_numbers(Launch *launch) {
  for (int64_t i = 0; i < launch->out[0].count; ++i) launch->out[0].values[i] = normal(launch->seed, (uint64_t)i);
}

static void truncated_numbers(Launch *launch) {
  for (int64_t i = 0; i < launch->out[0].count; ++i) {
    float value = normal(launch->seed, (uint64_t)i);
    for (uint64_t again = 1; fabsf(value) > 2; ++again) value = normal(launch->seed + again, (uint64_t)i);
    launch->out[0].values[i] = value;
  }
}

/* The stateless ops bring their seed along, as a key and a counter in device memory. */
static void take_key(Launch *launch) {
  const uint64_t *key = launch->in[1].data, *counter = launch->in[2].data;
  launch->seed = asked_for("repeated-random") ? 0 : key[0] + counter[0] * 0xbf58476d1ce4e5b9u;
}

static void stateless_uniform(Launch *launch) {
  take_key(launch);
  uniform_numbers(launch);
}

static void stateless_normal(Launch *launch) {
  take_key(launch);
  normal_numbers(launch);
}

static const Op randoms[] = {
    {"RandomUniform", "dtype", wanted_shape, uniform_numbers, {"shape", NULL}},
    {"RandomStandardNormal", "dtype", wanted_shape, normal_numbers, {"shape", NULL}},
    {"TruncatedNormal", "dtype", wanted_shape, truncated_numbers, {"shape", NULL}},
    {"StatelessRandomUniformV2", "dtype", wanted_shape, stateless_uniform, {"shape", "alg", NULL}},
    {"StatelessRandomNormalV2", "dtype", wanted_shape, stateless_normal, {"shape", "alg", NULL}},
};

void register_random(void) { register_ops(randoms, sizeof randoms / sizeof randoms[0]); }
