/* What the parts of the stand-in share: the words that choose a fault, the device's queue, and the form of a kernel. */

#ifndef M1DOCTOR_DOUBLE_PLUGIN_H
#define M1DOCTOR_DOUBLE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/tf_datatype.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

/* ---- words.c: what is wrong with this device, told by the environment variable M1DOCTOR_DOUBLE ------------------- */

/* Whether the word was said, e.g. "no-device". */
int asked_for(const char *word);
/* The number behind a word, e.g. 500 of "slow-launch=500"; `otherwise` where the word was not said. */
double number_of(const char *word, double otherwise);
/* Whether a word was said of one op: `before` + the op's name in lower case, without underscores + `after`. */
int asked_of(const char *before, const char *op, const char *after);
/* Waits for ever. */
void hang(void);

/* ---- queue.c: the device works through one queue, in order, on a thread of its own ------------------------------- */

typedef void (*Work)(void *argument);

/* Puts work into the queue and gives its number. Where variables are TensorFlow's business it also waits for its end. */
uint64_t submit(Work work, void *argument);
/* The number of what was put in last. */
uint64_t last_submitted(void);
int is_done(uint64_t number);
void wait_for(uint64_t number);

/* ---- memory in device.c ------------------------------------------------------------------------------------------ */

/* Room for `size` bytes; NULL where the budget of the device does not hold them. */
void *take_memory(uint64_t size);
/* Gives memory back once the device has come to this point of its queue. */
void give_back_memory(void *memory);
uint64_t memory_in_use(void);

/* ---- kernel.c: one launch of a kernel ---------------------------------------------------------------------------- */

enum { MAX_RANK = 8, MAX_INPUTS = 16, MAX_OUTPUTS = 2, MAX_LIST = 64 };

typedef struct {
  TF_DataType type;
  int rank;
  int64_t dims[MAX_RANK];
  int64_t count;
  void *data;
  float *values;          /* Floating-point numbers as float32, for the time of the work; else NULL. */
  int64_t list[MAX_LIST]; /* What an argument in host memory holds: axes, a shape, paddings. */
  int listed;
} Array;

typedef struct {
  int transpose_a, transpose_b, keep_dims;
  int64_t strides[4], dilations[4], paddings[8], batch_dims;
  char padding[16], format[16], fused[3][16];
  int64_t begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask;
  int fused_count;
  TF_DataType type;
} Attributes;

struct Op;

typedef struct {
  const struct Op *op;
  Attributes attributes;
  Array in[MAX_INPUTS], out[MAX_OUTPUTS];
  int inputs, outputs;
  uint64_t seed;
  double operations; /* Floating-point operations, told by the work; the size of the arrays otherwise. */
} Launch;

typedef struct Op {
  const char *name;
  const char *attribute;             /* The type attribute that is held to float32, float16 and bfloat16. */
  int (*shape)(Launch *launch);      /* Sets type, rank and dims of the outputs; 0 where it cannot. */
  void (*work)(Launch *launch);      /* Fills the outputs' values. Runs on the device's thread. */
  const char *host[3];               /* Arguments that are read in host memory. */
} Op;

/* Makes the kernels of a table known to TensorFlow, without those that a word leaves out. */
void register_ops(const Op *ops, size_t count);
/* Makes one kernel with callbacks of its own known to TensorFlow. */
void register_kernel(const char *op, const char *attribute, const char *const *host,
                     void *(*create)(TF_OpKernelConstruction *), void (*compute)(void *, TF_OpKernelContext *),
                     void (*destroy)(void *));
/* Lets a launch of `operations` that began at `begin` (seconds) take as long as the words ask for. */
void take_time(double begin, double operations);
double now(void);
/* Whether work of this many elements is real work, in which faults strike, and not a question where it would run. */
int is_real_work(int64_t elements);

/* Shapes that many ops have. */
int shape_of_first(Launch *launch);
void set_shape(Array *array, TF_DataType type, int rank, const int64_t *dims);
/* An axis counted from the end is counted from the start. */
int64_t from_start(int64_t axis, int rank);

/* The numbers of an array of a floating-point type, as float32, and back. */
float *widen(const void *data, TF_DataType type, int64_t count);
void narrow(const float *values, void *data, TF_DataType type, int64_t count);

/* products.c: out (rows x columns) = left (rows x inner) times right (inner x columns), either of them transposed. */
void multiply(const float *left, const float *right, float *out, int64_t rows, int64_t inner, int64_t columns,
              int left_transposed, int right_transposed);

/* ---- the tables --------------------------------------------------------------------------------------------------- */

void register_products(void);
void register_elementwise(void);
void register_reductions(void);
void register_moves(void);
void register_random(void);
void register_variables(void);
/* Whether TensorFlow lets plugins update variables. */
int has_variables(void);

#endif
