/* The graph optimizer: as Apple's plugin does, it makes one op of a product and the BiasAdd and Relu behind it.
 *
 * It therefore shows in graph mode only. The graph comes and goes as a serialized GraphDef.
 */

#include <stdlib.h>
#include <string.h>

#include "plugin.h"
#include "proto.h"
#include "tensorflow/c/c_api.h"
#include "tensorflow/c/experimental/grappler/grappler.h"

enum {
  GRAPH_NODE = 1,
  NODE_NAME = 1,
  NODE_OP = 2,
  NODE_INPUT = 3,
  NODE_DEVICE = 4,
  NODE_ATTR = 5,
  ENTRY_KEY = 1,
  ENTRY_VALUE = 2,
  VALUE_LIST = 1,
  VALUE_INT = 3,
  LIST_TEXT = 2,
  LIST_TYPE = 6,
};

typedef struct {
  Bytes whole, name, op, device, inputs[4];
  int input_count; /* Of all inputs; only the first four are kept. */
  int readers;     /* How many inputs of other nodes read this one. */
  int kept;        /* Whether somebody outside the graph reads it. */
  int gone;
  int bias, product; /* Of a Relu that ends a chain: the places of the other two; else -1. */
} Node;

typedef struct {
  Node *nodes;
  int count;
} Graph;

static Node read_node(Bytes whole) {
  Node node = {.whole = whole, .bias = -1, .product = -1};
  Field field;
  for (Bytes rest = whole; next_field(&rest, &field);) {
    if (field.number == NODE_NAME) node.name = field.value;
    if (field.number == NODE_OP) node.op = field.value;
    if (field.number == NODE_DEVICE) node.device = field.value;
    if (field.number == NODE_INPUT) {
      if (node.input_count < 4) node.inputs[node.input_count] = field.value;
      ++node.input_count;
    }
  }
  return node;
}

/* The name of the node that an input comes from: without "^" and without ":0". */
static Bytes source_of(Bytes input) {
  if (input.length > 0 && input.data[0] == '^') return (Bytes){input.data + 1, input.length - 1};
  for (size_t i = 0; i < input.length; ++i)
    if (input.data[i] == ':') return (Bytes){input.data, i};
  return input;
}

static int find(const Graph *graph, Bytes name) {
  for (int i = 0; i < graph->count; ++i)
    if (are_equal(graph->nodes[i].name, name)) return i;
  return -1;
}

static Graph read_graph(Bytes bytes) {
  Graph graph = {NULL, 0};
  Field field;
  for (Bytes rest = bytes; next_field(&rest, &field);)
    if (field.number == GRAPH_NODE) ++graph.count;
  graph.nodes = calloc((size_t)graph.count + 1, sizeof(Node));
  graph.count = 0;
  for (Bytes rest = bytes; next_field(&rest, &field);)
    if (field.number == GRAPH_NODE) graph.nodes[graph.count++] = read_node(field.value);
  for (int i = 0; i < graph.count; ++i) {
    Field input;
    for (Bytes rest = graph.nodes[i].whole; next_field(&rest, &input);) {
      if (input.number != NODE_INPUT) continue;
      const int source = find(&graph, source_of(input.value));
      if (source >= 0) ++graph.nodes[source].readers;
    }
  }
  return graph;
}

static void keep_what_others_read(Graph *graph, const TF_GrapplerItem *item, TF_Status *status) {
  int count = 0;
  size_t size = 0;
  TF_GetNodesToPreserveListSize(item, &count, &size, status);
  if (TF_GetCode(status) != TF_OK || count == 0) return;
  char **names = malloc((size_t)count * sizeof(char *)), *storage = malloc(size + 1);
  size_t *lengths = malloc((size_t)count * sizeof(size_t));
  TF_GetNodesToPreserveList(item, names, lengths, count, storage, size, status);
  for (int i = 0; i < count && TF_GetCode(status) == TF_OK; ++i) {
    const int node = find(graph, (Bytes){(const uint8_t *)names[i], lengths[i]});
    if (node >= 0) graph->nodes[node].kept = 1;
  }
  free(lengths);
  free(storage);
  free(names);
}

static Bytes attribute(const Node *node, const char *name) {
  Field field;
  for (Bytes rest = node->whole; next_field(&rest, &field);)
    if (field.number == NODE_ATTR && is_text(field_of(field.value, ENTRY_KEY), name))
      return field_of(field.value, ENTRY_VALUE);
  return (Bytes){NULL, 0};
}

static int is_on_gpu(const Node *node) {
  for (size_t i = 0; i + 3 <= node->device.length; ++i)
    if (memcmp(node->device.data + i, "GPU", 3) == 0) return 1;
  return 0;
}

/* The node that feeds the first input, where it feeds nothing else and nothing hinders that it disappears. */
static int sole_source(const Graph *graph, const Node *node) {
  const int source = node->input_count > 0 ? find(graph, node->inputs[0]) : -1;
  if (source < 0) return -1;
  const Node *found = &graph->nodes[source];
  /* Two inputs each: one more would be an order that a fused node has to keep. */
  return found->readers == 1 && !found->kept && !found->gone && found->input_count == 2 && is_on_gpu(found) ? source
                                                                                                             : -1;
}

static void find_chains(Graph *graph) {
  for (int i = 0; i < graph->count; ++i) {
    Node *relu = &graph->nodes[i];
    if (!is_text(relu->op, "Relu") || relu->input_count != 1 || !is_on_gpu(relu)) continue;
    const int bias = sole_source(graph, relu);
    if (bias < 0 || !is_text(graph->nodes[bias].op, "BiasAdd")) continue;
    const int product = sole_source(graph, &graph->nodes[bias]);
    if (product < 0) continue;
    const Node *found = &graph->nodes[product];
    const int is_convolution = is_text(found->op, "Conv2D");
    if (!is_convolution && !is_text(found->op, "MatMul")) continue;
    if (is_convolution && is_text(field_of(attribute(found, "data_format"), 2), "NCHW")) continue;
    relu->bias = bias;
    relu->product = product;
    graph->nodes[bias].gone = graph->nodes[product].gone = 1;
  }
}

static void put_attribute(Writing *node, const char *name, const Writing *value) {
  Writing entry = {NULL, 0, 0};
  put_text(&entry, ENTRY_KEY, name);
  put_field(&entry, ENTRY_VALUE, (Bytes){value->data, value->length});
  put_field(node, NODE_ATTR, (Bytes){entry.data, entry.length});
  free(entry.data);
}

static void put_list(Writing *node, const char *name, const Writing *list) {
  Writing value = {NULL, 0, 0};
  put_field(&value, VALUE_LIST, (Bytes){list->data, list->length});
  put_attribute(node, name, &value);
  free(value.data);
}

/* The fused node takes the Relu's name, so that whoever reads it need not change. */
static Writing fuse(const Graph *graph, const Node *relu) {
  const Node *bias = &graph->nodes[relu->bias], *product = &graph->nodes[relu->product];
  const int is_convolution = is_text(product->op, "Conv2D");
  Writing node = {NULL, 0, 0};
  put_field(&node, NODE_NAME, relu->name);
  put_text(&node, NODE_OP, is_convolution ? "_FusedConv2D" : "_FusedMatMul");
  put_field(&node, NODE_INPUT, product->inputs[0]);
  put_field(&node, NODE_INPUT, product->inputs[1]);
  put_field(&node, NODE_INPUT, bias->inputs[1]);
  put_field(&node, NODE_DEVICE, relu->device);
  static const char *const both[] = {"T", NULL};
  static const char *const of_matmul[] = {"transpose_a", "transpose_b", NULL};
  static const char *const of_convolution[] = {"strides",   "padding",          "explicit_paddings", "data_format",
                                               "dilations", "use_cudnn_on_gpu", NULL};
  const char *const *every[] = {both, is_convolution ? of_convolution : of_matmul};
  for (int i = 0; i < 2; ++i)
    for (const char *const *name = every[i]; *name != NULL; ++name) {
      const Bytes value = attribute(product, *name);
      if (value.data == NULL) continue;
      const Writing copy = {(uint8_t *)value.data, value.length, 0};
      put_attribute(&node, *name, &copy);
    }
  Writing fused = {NULL, 0, 0}, count = {NULL, 0, 0};
  put_text(&fused, LIST_TEXT, "BiasAdd");
  put_text(&fused, LIST_TEXT, "Relu");
  put_list(&node, "fused_ops", &fused);
  put_number(&count, VALUE_INT, 1);
  put_attribute(&node, "num_args", &count);
  if (is_convolution) {
    Writing types = {NULL, 0, 0};
    const Bytes type = attribute(product, "T");
    put_number(&types, LIST_TYPE, type.length > 1 ? type.data[1] : TF_FLOAT);
    put_list(&node, "TArgs", &types);
    free(types.data);
  }
  free(count.data);
  free(fused.data);
  return node;
}

static void release(void *data, size_t length) {
  (void)length;
  free(data);
}

static void optimize(void *optimizer, const TF_Buffer *before, const TF_GrapplerItem *item, TF_Buffer *after,
                     TF_Status *status) {
  (void)optimizer;
  const Bytes bytes = {before->data, before->length};
  Graph graph = read_graph(bytes);
  keep_what_others_read(&graph, item, status);
  if (TF_GetCode(status) == TF_OK) find_chains(&graph);
  Writing out = {NULL, 0, 0};
  Field field;
  int place = 0;
  for (Bytes rest = bytes; next_field(&rest, &field);) {
    const Node *node = field.number == GRAPH_NODE ? &graph.nodes[place++] : NULL;
    if (node == NULL || (!node->gone && node->product < 0)) {
      put_bytes(&out, field.whole);
    } else if (!node->gone) {
      Writing fused = fuse(&graph, node);
      put_field(&out, GRAPH_NODE, (Bytes){fused.data, fused.length});
      free(fused.data);
    }
  }
  free(graph.nodes);
  after->data = out.data;
  after->length = out.length;
  after->data_deallocator = release;
}

static void *create(void) { return NULL; }

static void destroy(void *optimizer) { (void)optimizer; }

void TF_InitGraph(TP_OptimizerRegistrationParams *params, TF_Status *status) {
  params->device_type = "GPU";
  params->optimizer_configs->struct_size = TP_OPTIMIZER_CONFIGS_STRUCT_SIZE;
  /* The kernels know one layout, with the channels last. */
  params->optimizer_configs->layout_optimizer = TF_TriState_Off;
  params->optimizer->struct_size = TP_OPTIMIZER_STRUCT_SIZE;
  params->optimizer->create_func = create;
  params->optimizer->optimize_func = optimize;
  params->optimizer->destroy_func = destroy;
  TF_SetStatus(status, TF_OK, "");
}
