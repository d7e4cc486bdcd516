/* Reading and writing protocol buffers, as far as a NodeDef and a GraphDef need it. */

#ifndef M1DOCTOR_DOUBLE_PROTO_H
#define M1DOCTOR_DOUBLE_PROTO_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  const uint8_t *data;
  size_t length;
} Bytes;

typedef struct {
  uint32_t number;
  Bytes whole; /* The field with its key. */
  Bytes value; /* The content, where it has a length. */
} Field;

/* Takes the next field off the front of `rest`; 0 at its end, or where it is damaged. */
int next_field(Bytes *rest, Field *field);
/* The content of the first field of that number; empty where there is none. */
Bytes field_of(Bytes message, uint32_t number);
int is_text(Bytes bytes, const char *text);
int are_equal(Bytes one, Bytes other);

typedef struct {
  uint8_t *data;
  size_t length, room;
} Writing;

void put_bytes(Writing *to, Bytes bytes);
void put_field(Writing *to, uint32_t number, Bytes content);
void put_text(Writing *to, uint32_t number, const char *text);
void put_number(Writing *to, uint32_t number, uint64_t value);

#endif
