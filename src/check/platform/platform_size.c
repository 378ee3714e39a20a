/* How large a message can become on the wire, at a guess.
 *
 * A string or bytes field counts 64 bytes unless (stele.max_len) says more or
 * less, a repeated field or a map 100 elements unless (stele.max_count) does;
 * numbers count what their type needs at most. A message that can hold itself
 * has no bound. Sizes are worked out once for each message, innermost first. */
#include "check/platform/platform_internal.h"

enum { MOST_BYTES = 1 << 20, USUAL_LEN = 64, USUAL_COUNT = 100, MOST_DEPTH = 256 };

#define UNBOUNDED UINT64_MAX
#define WORKING (UINT64_MAX - 1) /* on the way: meeting it again is a circle */

typedef struct sizes {
  rule_run *run;
  stele_map known; /* of messages, by address: size + 1 */
} sizes;

static uint64_t add(uint64_t a, uint64_t b) {
  return a == UNBOUNDED || b == UNBOUNDED || a > WORKING / 2 || b > WORKING / 2 ? UNBOUNDED : a + b;
}

static uint64_t times(uint64_t a, uint64_t b) {
  if (a == 0 || b == 0) return 0;
  return a == UNBOUNDED || b == UNBOUNDED || a > WORKING / 2 / b ? UNBOUNDED : a * b;
}

static uint64_t varint_len(uint64_t value) {
  uint64_t len = 1;
  for (; value >= 0x80; value >>= 7) len++;
  return len;
}

static uint64_t scalar_len(const stele_field *field, const stele_field *options_of) {
  switch ((int)field->type) {
  case STELE_TYPE_BOOL: return 1;
  case STELE_TYPE_FIXED32:
  case STELE_TYPE_SFIXED32:
  case STELE_TYPE_FLOAT: return 4;
  case STELE_TYPE_UINT32:
  case STELE_TYPE_SINT32: return 5;
  case STELE_TYPE_FIXED64:
  case STELE_TYPE_SFIXED64:
  case STELE_TYPE_DOUBLE: return 8;
  case STELE_TYPE_STRING:
  case STELE_TYPE_BYTES: {
    uint64_t len = stele_options_varint(options_of->options, PLATFORM_OPTION_MAX_LEN, USUAL_LEN);
    return add(len, varint_len(len));
  }
  default: return 10; /* int32 too: a negative one takes ten */
  }
}

static uint64_t message_size(sizes *s, const stele_message *message, int depth);

static uint64_t one_value(sizes *s, const stele_field *field, const stele_field *options_of,
                          int depth) {
  uint64_t tag = varint_len((uint64_t)(uint32_t)field->number << 3);
  if (!field->type_message) return add(tag, scalar_len(field, options_of));
  uint64_t size = message_size(s, field->type_message, depth + 1);
  return size == UNBOUNDED ? UNBOUNDED : add(add(tag, size), varint_len(size));
}

static uint64_t field_size(sizes *s, const stele_field *field, int depth) {
  uint64_t count = 1;
  if (field->label == STELE_LABEL_REPEATED) {
    count = stele_options_varint(field->options, PLATFORM_OPTION_MAX_COUNT, USUAL_COUNT);
  }
  if (!stele_field_is_map(field)) return times(count, one_value(s, field, field, depth));
  /* An entry's texts are as long as the map field says. */
  const stele_message *entry = field->type_message;
  uint64_t size = 0;
  for (uint32_t i = 0; i < entry->field_count; i++) {
    size = add(size, one_value(s, &entry->fields[i], field, depth + 1));
  }
  return times(
      count, add(add(size, varint_len((uint64_t)(uint32_t)field->number << 3)), varint_len(size)));
}

/* Of a oneof, the largest member counts. */
static uint64_t message_size(sizes *s, const stele_message *message, int depth) {
  void **place = stele_map_add_u64(&s->known, (uint64_t)(uintptr_t)message);
  uint64_t known = (uint64_t)(uintptr_t)*place;
  if (known == WORKING || depth > MOST_DEPTH) return UNBOUNDED;
  if (known != 0) return known == UNBOUNDED ? UNBOUNDED : known - 1;
  *place = (void *)(uintptr_t)WORKING;
  uint64_t total = 0;
  uint64_t *largest = STELE_NEW_ARRAY(s->run->arena, uint64_t, message->oneof_count);
  for (uint32_t i = 0; i < message->field_count; i++) {
    const stele_field *field = &message->fields[i];
    uint64_t size = field_size(s, field, depth);
    if (!field->oneof) {
      total = add(total, size);
    } else if (size > largest[field->oneof_index]) {
      largest[field->oneof_index] = size;
    }
  }
  for (uint32_t i = 0; i < message->oneof_count; i++) total = add(total, largest[i]);
  *stele_map_add_u64(&s->known, (uint64_t)(uintptr_t)message) =
      (void *)(uintptr_t)(total == UNBOUNDED ? UNBOUNDED : total + 1);
  return total;
}

static void judge(sizes *s, const stele_message *messages, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const stele_message *message = &messages[i];
    if (message->is_map_entry) continue;
    judge(s, message->messages, message->message_count);
    uint64_t size = message_size(s, message, 0);
    if (size <= MOST_BYTES) continue;
    rule_spot spot = rule_spot_name(s->run, &s->run->now, STELE_SYMBOL_MESSAGE, message);
    if (size == UNBOUNDED) {
      rule_found_hint(s->run, spot, RULE_NOWHERE,
                      STELE_STR("Refer to the inner ones by id, or bound their depth where they "
                                "are written and excuse the message."),
                      "Message \"" STELE_STR_FMT
                      "\" is unbounded: it can hold itself, or holds what can.",
                      STELE_STR_ARG(message->name));
    } else {
      rule_found_hint(s->run, spot, RULE_NOWHERE,
                      STELE_STR("Say how long and how many with (stele.max_len) and "
                                "(stele.max_count), or send it in pages."),
                      "Message \"" STELE_STR_FMT "\" may take about %llu bytes, more than 1 MiB.",
                      STELE_STR_ARG(message->name), (unsigned long long)size);
    }
  }
}

/* Sizes are kept from file to file. */
void platform_message_size(rule_run *run, const void *element, const void *against) {
  (void)against;
  const stele_file *file = element;
  sizes *s = run->memo;
  if (!s) {
    run->memo = s = STELE_NEW(run->arena, sizes);
    s->run = run;
    stele_map_init(&s->known, run->arena, 0);
  }
  judge(s, file->messages, file->message_count);
}
