/* Matrix products and convolutions, plain and fused with what follows them. */

#include <stdlib.h>
#include <string.h>

#include "plugin.h"

enum { ROWS = 8, COLUMNS = 16 };

typedef float Row __attribute__((vector_size(COLUMNS * sizeof(float)), aligned(sizeof(float))));

/* One block of the answer: ROWS x COLUMNS sums at a time, which stay in registers. */
static void multiply_block(const float *left, int64_t row_step, int64_t inner_step, const float *panel, int64_t inner,
                           Row *sums) {
  Row held[ROWS] = {{0}};
  for (int64_t k = 0; k < inner; ++k) {
    const Row right = *(const Row *)(panel + k * COLUMNS);
    for (int r = 0; r < ROWS; ++r) held[r] += left[r * row_step + k * inner_step] * right;
  }
  memcpy(sums, held, sizeof held);
}

/* The rows at the end that fill no block. */
static void multiply_row(const float *left, int64_t inner_step, const float *panel, int64_t inner, Row *sums) {
  Row held = {0};
  for (int64_t k = 0; k < inner; ++k) held += left[k * inner_step] * *(const Row *)(panel + k * COLUMNS);
  *sums = held;
}

void multiply(const float *left, const float *right, float *out, int64_t rows, int64_t inner, int64_t columns,
              int left_transposed, int right_transposed) {
  const int64_t row_step = left_transposed ? 1 : inner, inner_step = left_transposed ? rows : 1;
  float *panel = calloc((size_t)(inner * COLUMNS + 1), sizeof(float));
  for (int64_t j = 0; j < columns; j += COLUMNS) {
    const int64_t width = columns - j < COLUMNS ? columns - j : COLUMNS;
    for (int64_t k = 0; k < inner; ++k)
      for (int64_t c = 0; c < width; ++c)
        panel[k * COLUMNS + c] = right_transposed ? right[(j + c) * inner + k] : right[k * columns + j + c];
    for (int64_t i = 0, done; i < rows; i += done) {
      Row sums[ROWS];
      done = rows - i < ROWS ? 1 : ROWS;
      if (done == ROWS)
        multiply_block(left + i * row_step, row_step, inner_step, panel, inner, sums);
      else
        multiply_row(left + i * row_step, inner_step, panel, inner, sums);
      for (int64_t r = 0; r < done; ++r) memcpy(out + (i + r) * columns + j, &sums[r], (size_t)width * sizeof(float));
    }
  }
  free(panel);
}

/* ---- What is fused with a product: BiasAdd, then Relu -------------------------------------------------------------- */

static void finish(Launch *launch, const float *bias) {
  Array *out = &launch->out[0];
  const int64_t channels = out->dims[out->rank - 1];
  for (int i = 0; i < launch->attributes.fused_count; ++i) {
    const char *name = launch->attributes.fused[i];
    if (strcmp(name, "BiasAdd") == 0)
      for (int64_t j = 0; j < out->count; ++j) out->values[j] += bias[j % channels];
    if (strcmp(name, "Relu") == 0)
      for (int64_t j = 0; j < out->count; ++j) out->values[j] = out->values[j] > 0 ? out->values[j] : 0;
  }
}

/* ---- MatMul ------------------------------------------------------------------------------------------------------- */

static int matmul_shape(Launch *launch) {
  const Attributes *attributes = &launch->attributes;
  const Array *left = &launch->in[0], *right = &launch->in[1];
  if (left->rank != 2 || right->rank != 2) return 0;
  const int64_t inner = left->dims[attributes->transpose_a ? 0 : 1];
  if (inner != right->dims[attributes->transpose_b ? 1 : 0]) return 0;
  const int64_t dims[2] = {left->dims[attributes->transpose_a ? 1 : 0], right->dims[attributes->transpose_b ? 0 : 1]};
  set_shape(&launch->out[0], left->type, 2, dims);
  return 1;
}

static void matmul_work(Launch *launch) {
  const Attributes *attributes = &launch->attributes;
  Array *out = &launch->out[0];
  const int64_t inner = launch->in[0].dims[attributes->transpose_a ? 0 : 1];
  launch->operations = 2.0 * (double)out->count * (double)inner;
  multiply(launch->in[0].values, launch->in[1].values, out->values, out->dims[0], inner, out->dims[1],
           attributes->transpose_a, attributes->transpose_b);
  finish(launch, launch->in[2].values);
}

/* ---- BatchMatMulV2, for equal batch dimensions --------------------------------------------------------------------- */

static int batch_matmul_shape(Launch *launch) {
  const Attributes *attributes = &launch->attributes;
  const Array *left = &launch->in[0], *right = &launch->in[1];
  const int rank = left->rank;
  if (rank < 2 || right->rank != rank) return 0;
  int64_t dims[MAX_RANK];
  for (int i = 0; i < rank - 2; ++i) {
    if (left->dims[i] != right->dims[i]) return 0;
    dims[i] = left->dims[i];
  }
  const int64_t inner = left->dims[attributes->transpose_a ? rank - 2 : rank - 1];
  if (inner != right->dims[attributes->transpose_b ? rank - 1 : rank - 2]) return 0;
  dims[rank - 2] = left->dims[attributes->transpose_a ? rank - 1 : rank - 2];
  dims[rank - 1] = right->dims[attributes->transpose_b ? rank - 2 : rank - 1];
  set_shape(&launch->out[0], left->type, rank, dims);
  return 1;
}

static void batch_matmul_work(Launch *launch) {
  const Attributes *attributes = &launch->attributes;
  Array *out = &launch->out[0];
  const int rank = out->rank;
  const int64_t rows = out->dims[rank - 2], columns = out->dims[rank - 1];
  const int64_t inner = launch->in[0].dims[attributes->transpose_a ? rank - 2 : rank - 1];
  const int64_t batches = rows * columns > 0 ? out->count / (rows * columns) : 0;
  launch->operations = 2.0 * (double)out->count * (double)inner;
  for (int64_t i = 0; i < batches; ++i)
    multiply(launch->in[0].values + i * rows * inner, launch->in[1].values + i * inner * columns,
             out->values + i * rows * columns, rows, inner, columns, attributes->transpose_a, attributes->transpose_b);
}

/* ---- Convolutions: the patches under the filter become the rows of a matrix ---------------------------------------- */

typedef struct {
  int64_t batch, height, width, channels;      /* of the image */
  int64_t rows, columns, filters;              /* of the filter: rows, columns, outputs */
  int64_t out_height, out_width;
  int64_t step_down, step_right, above, left;  /* strides, and the padding before the first row and column */
} Window;

static int place(const Attributes *attributes, int axis, int64_t size, int64_t filter, int64_t *out, int64_t *before) {
  const int64_t step = attributes->strides[axis];
  if (step < 1 || attributes->dilations[axis] != 1) return 0;
  int64_t padding = 0;
  if (strcmp(attributes->padding, "SAME") == 0) {
    *out = (size + step - 1) / step;
    padding = (*out - 1) * step + filter - size;
    if (padding < 0) padding = 0;
    *before = padding / 2;
  } else if (strcmp(attributes->padding, "VALID") == 0) {
    *out = (size - filter + step) / step;
    *before = 0;
  } else {
    *before = attributes->paddings[2 * axis];
    *out = (size + *before + attributes->paddings[2 * axis + 1] - filter + step) / step;
  }
  return *out > 0;
}

static int open_window(const Attributes *attributes, const int64_t *image, const int64_t *filter, Window *window) {
  *window = (Window){.batch = image[0],
                     .height = image[1],
                     .width = image[2],
                     .channels = image[3],
                     .rows = filter[0],
                     .columns = filter[1],
                     .filters = filter[3],
                     .step_down = attributes->strides[1],
                     .step_right = attributes->strides[2]};
  return strcmp(attributes->format, "NHWC") == 0 && filter[2] == image[3] &&
         place(attributes, 1, image[1], filter[0], &window->out_height, &window->above) &&
         place(attributes, 2, image[2], filter[1], &window->out_width, &window->left);
}

static int64_t patch_size(const Window *window) { return window->rows * window->columns * window->channels; }

static int64_t patch_count(const Window *window) { return window->out_height * window->out_width; }

/* Takes the patches out of one image, or adds them up into it. */
static void patches(const Window *window, float *image, float *matrix, int into_image) {
  for (int64_t y = 0; y < window->out_height; ++y)
    for (int64_t x = 0; x < window->out_width; ++x)
      for (int64_t r = 0; r < window->rows; ++r)
        for (int64_t c = 0; c < window->columns; ++c, matrix += window->channels) {
          const int64_t row = y * window->step_down + r - window->above;
          const int64_t column = x * window->step_right + c - window->left;
          const int inside = row >= 0 && row < window->height && column >= 0 && column < window->width;
          float *pixel = inside ? image + (row * window->width + column) * window->channels : NULL;
          for (int64_t i = 0; i < window->channels; ++i) {
            if (!into_image)
              matrix[i] = inside ? pixel[i] : 0;
            else if (inside)
              pixel[i] += matrix[i];
          }
        }
}

static double convolution_operations(const Window *window) {
  return 2.0 * (double)(window->batch * patch_count(window) * patch_size(window) * window->filters);
}

static int convolution_shape(Launch *launch) {
  Window window;
  if (launch->in[0].rank != 4 || launch->in[1].rank != 4) return 0;
  if (!open_window(&launch->attributes, launch->in[0].dims, launch->in[1].dims, &window)) return 0;
  const int64_t dims[4] = {window.batch, window.out_height, window.out_width, window.filters};
  set_shape(&launch->out[0], launch->in[0].type, 4, dims);
  return 1;
}

static void convolution_work(Launch *launch) {
  Window window;
  open_window(&launch->attributes, launch->in[0].dims, launch->in[1].dims, &window);
  launch->operations = convolution_operations(&window);
  const int64_t count = patch_count(&window), size = patch_size(&window);
  float *matrix = malloc((size_t)(count * size + 1) * sizeof(float));
  for (int64_t i = 0; i < window.batch; ++i) {
    patches(&window, launch->in[0].values + i * window.height * window.width * window.channels, matrix, 0);
    multiply(matrix, launch->in[1].values, launch->out[0].values + i * count * window.filters, count, size,
             window.filters, 0, 0);
  }
  free(matrix);
  finish(launch, launch->in[2].values);
}

static int image_gradient_shape(Launch *launch) {
  Window window;
  const Array *sizes = &launch->in[0];
  if (sizes->listed == 0 || sizes->count != 4 || launch->in[1].rank != 4) return 0;
  if (!open_window(&launch->attributes, sizes->list, launch->in[1].dims, &window)) return 0;
  set_shape(&launch->out[0], launch->in[1].type, 4, sizes->list);
  return 1;
}

static void image_gradient_work(Launch *launch) {
  Window window;
  open_window(&launch->attributes, launch->in[0].list, launch->in[1].dims, &window);
  launch->operations = convolution_operations(&window);
  const int64_t count = patch_count(&window), size = patch_size(&window);
  float *matrix = malloc((size_t)(count * size + 1) * sizeof(float));
  memset(launch->out[0].values, 0, (size_t)launch->out[0].count * sizeof(float));
  for (int64_t i = 0; i < window.batch; ++i) {
    multiply(launch->in[2].values + i * count * window.filters, launch->in[1].values, matrix, count, window.filters,
             size, 0, 1);
    patches(&window, launch->out[0].values + i * window.height * window.width * window.channels, matrix, 1);
  }
  free(matrix);
}

static int filter_gradient_shape(Launch *launch) {
  Window window;
  const Array *sizes = &launch->in[1];
  if (sizes->listed == 0 || sizes->count != 4 || launch->in[0].rank != 4) return 0;
  if (!open_window(&launch->attributes, launch->in[0].dims, sizes->list, &window)) return 0;
  set_shape(&launch->out[0], launch->in[0].type, 4, sizes->list);
  return 1;
}

static void filter_gradient_work(Launch *launch) {
  Window window;
  open_window(&launch->attributes, launch->in[0].dims, launch->in[1].list, &window);
  launch->operations = convolution_operations(&window);
  const int64_t count = patch_count(&window), size = patch_size(&window);
  Array *out = &launch->out[0];
  float *matrix = malloc((size_t)(count * size + 1) * sizeof(float));
  float *share = malloc((size_t)(out->count + 1) * sizeof(float));
  memset(out->values, 0, (size_t)out->count * sizeof(float));
  for (int64_t i = 0; i < window.batch; ++i) {
    patches(&window, launch->in[0].values + i * window.height * window.width * window.channels, matrix, 0);
    multiply(matrix, launch->in[2].values + i * count * window.filters, share, size, count, window.filters, 1, 0);
    for (int64_t j = 0; j < out->count; ++j) out->values[j] += share[j];
  }
  free(share);
  free(matrix);
}

static const Op products[] = {
    {"MatMul", "T", matmul_shape, matmul_work, {NULL}},
    {"_FusedMatMul", "T", matmul_shape, matmul_work, {NULL}},
    {"BatchMatMulV2", "T", batch_matmul_shape, batch_matmul_work, {NULL}},
    {"Conv2D", "T", convolution_shape, convolution_work, {NULL}},
    {"_FusedConv2D", "T", convolution_shape, convolution_work, {NULL}},
    {"Conv2DBackpropInput", "T", image_gradient_shape, image_gradient_work, {"input_sizes", NULL}},
    {"Conv2DBackpropFilter", "T", filter_gradient_shape, filter_gradient_work, {"filter_sizes", NULL}},
};

void register_products(void) { register_ops(products, sizeof products / sizeof products[0]); }
