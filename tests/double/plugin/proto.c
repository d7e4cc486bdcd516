/* Protocol buffers: keys, variable-length numbers, fields with a length. */

#include "proto.h"

#include <stdlib.h>
#include <string.h>

enum { VARINT = 0, FIXED64 = 1, LENGTH = 2, FIXED32 = 5 };

static int take_number(Bytes *rest, uint64_t *value) {
  *value = 0;
  for (int shift = 0; shift < 64 && rest->length > 0; shift += 7) {
    const uint8_t byte = *rest->data;
    ++rest->data;
    --rest->length;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return 1;
  }
  return 0;
}

int next_field(Bytes *rest, Field *field) {
  const uint8_t *begin = rest->data;
  uint64_t key, size;
  if (!take_number(rest, &key)) return 0;
  field->number = (uint32_t)(key >> 3);
  switch (key & 7) {
    case VARINT:
      field->value = (Bytes){rest->data, 0};
      if (!take_number(rest, &size)) return 0;
      size = 0;
      break;
    case FIXED64:
      size = 8;
      break;
    case LENGTH:
      if (!take_number(rest, &size)) return 0;
      break;
    case FIXED32:
      size = 4;
      break;
    default:
      return 0;
  }
  if (size > rest->length) return 0;
  if ((key & 7) != VARINT) field->value = (Bytes){rest->data, size};
  rest->data += size;
  rest->length -= size;
  field->whole = (Bytes){begin, (size_t)(rest->data - begin)};
  return 1;
}

Bytes field_of(Bytes message, uint32_t number) {
  Field field;
  while (next_field(&message, &field))
    if (field.number == number) return field.value;
  return (Bytes){NULL, 0};
}

int is_text(Bytes bytes, const char *text) {
  return bytes.length == strlen(text) && memcmp(bytes.data, text, bytes.length) == 0;
}

int are_equal(Bytes one, Bytes other) {
  return one.length == other.length && memcmp(one.data, other.data, one.length) == 0;
}

void put_bytes(Writing *to, Bytes bytes) {
  if (to->length + bytes.length > to->room) {
    to->room = 2 * (to->length + bytes.length);
    to->data = realloc(to->data, to->room);
  }
  if (bytes.length > 0) memcpy(to->data + to->length, bytes.data, bytes.length);
  to->length += bytes.length;
}

static void put_varint(Writing *to, uint64_t value) {
  uint8_t bytes[10];
  size_t length = 0;
  do {
    bytes[length++] = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>= 7;
  } while (value > 0);
  put_bytes(to, (Bytes){bytes, length});
}

void put_field(Writing *to, uint32_t number, Bytes content) {
  put_varint(to, (uint64_t)number << 3 | LENGTH);
  put_varint(to, content.length);
  put_bytes(to, content);
}

void put_text(Writing *to, uint32_t number, const char *text) {
  put_field(to, number, (Bytes){(const uint8_t *)text, strlen(text)});
}

void put_number(Writing *to, uint32_t number, uint64_t value) {
  put_varint(to, (uint64_t)number << 3 | VARINT);
  put_varint(to, value);
}
