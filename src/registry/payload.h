/* payload: messages held against the schemas that are stored.
 *
 * In:   bytes or text, and which schema and type they are said to be.   Out: the
 * message in another form, or what is wrong with it and where.
 * Deps: registry/layouts.h, proto/{message,binary,text,json}. */
#ifndef STELE_REGISTRY_PAYLOAD_H
#define STELE_REGISTRY_PAYLOAD_H

#include "registry/linked.h"
#include "registry/refusal.h"

/* How a message is spelled, with the names that requests use. */
// clang-format off
#define PAYLOAD_FORMS(X) \
  X(BINARY, "binary")    \
  X(JSON,   "json")      \
  X(TEXT,   "text")
// clang-format on

typedef enum payload_form {
#define X(id, name) PAYLOAD_##id,
  PAYLOAD_FORMS(X)
#undef X
      PAYLOAD_FORM_COUNT
} payload_form;

const char *payload_form_text(payload_form form);
/* False: there is no such form. */
bool payload_form_parse(stele_str text, payload_form *out);

enum { PAYLOAD_NO_VERSION = 0, PAYLOAD_NEWEST = -1 };

typedef struct payload_in {
  stele_str tenant;
  stele_str subject; /* empty: by id */
  int32_t version;   /* of the subject; PAYLOAD_NEWEST */
  int32_t id;        /* 0: the one in the frame */
  stele_str type;    /* full name; empty: what the frame says, else the file's first message */
  bool is_framed;    /* binary, behind a Kafka frame */
  payload_form from, to;
  stele_str bytes;
  bool always_print_defaults, proto_names, enum_numbers, ignore_unknown, pretty;
} payload_in;

/* What is wrong with a message. */
typedef struct payload_fault {
  stele_str message;    /* empty: nothing is */
  stele_str field;      /* "orders[2].symbol"; empty: none in particular */
  int64_t offset;       /* bytes from the start of the message; -1: not known */
  int32_t line, column; /* of text, from 1; 0: not known */
} payload_fault;

typedef struct payload_out {
  int32_t id;        /* of the schema */
  stele_str subject; /* empty when it was found by id */
  int32_t version;
  stele_str type; /* full name */
  payload_fault fault;
  stele_str bytes;                 /* in `to`, when there is no fault */
  const registry_refused *refused; /* no such schema or type; else NULL */
} payload_out;

/* Reads a message, and writes it unless it is at fault. False: the machine
 * failed. Memory: the job's arena. */
bool payload_run(linked_job *job, const payload_in *in, payload_out *out,
                 stele_err *err) STELE_MUST_USE;

/* The parts of a codec's message: "line 1, column 9 (byte 8), field \"a.b\": …",
 * "byte 17, field \"a\": …", "12:7: …". */
payload_fault payload_fault_of(stele_arena *arena, stele_str message);

#endif
