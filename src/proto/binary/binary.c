/* The public calls: guards, required fields, and where the bytes go. */
#include "proto/binary/binary.h"

#include <stdlib.h>

#include "base/guard.h"
#include "proto/binary/decode_internal.h"
#include "proto/binary/encode_internal.h"

static const stele_decode_options no_decode_options;
static const stele_encode_options no_encode_options;

/* ---- Decoding -------------------------------------------------------------------- */

typedef struct decode_job {
  stele_arena *arena;
  const stele_layout *layout; /* of a new object, or NULL */
  stele_object *o;
  stele_bytes in;
  const stele_decode_options *options;
  stele_err *err;
  bool ok, is_partial;
} decode_job;

/* Frames for the depth that is allowed unless told otherwise; their memory is
 * touched as far as it is used. */
typedef struct decode_memory {
  decoder d;
  decode_frame frames[STELE_DECODE_DEPTH + 1];
} decode_memory;

/* Makes a new object, and answers where the input begins: a small one is copied with it, or moved,
 * to where SLOP bytes may be read behind. */
static const uint8_t *begin_decode(decode_job *job, decoder *d) {
  stele_bytes in = job->in;
  bool is_small = in.len <= SMALL, aliases = job->options->alias_input;
  size_t size = job->layout ? job->layout->size : 0;
  size_t copied = is_small && !aliases && in.len ? in.len + SLOP : 0;
  uint8_t *memory = stele_arena_alloc(job->arena, size + copied, 8), *moved = d->rest;
  if (job->layout) job->o = object_init(memory, job->layout);
  d->arena = job->arena;
  d->shift = d->piece_shift = 0;
  d->input = d->start = d->piece = in.ptr;
  if (!is_small) {
    d->end = in.ptr + in.len;
    d->safe_end = d->end - SLOP;
    d->piece_end = aliases ? d->end : NULL;
    if (!aliases) decode_texts_init(d, in);
    return in.ptr;
  }
  if (copied) moved = memory + size;
  if (in.len) memcpy(moved, in.ptr, in.len);
  memset(moved + in.len, 0, SLOP);
  d->shift = in.ptr - moved;
  if (aliases) d->piece_shift = d->shift;
  d->start = d->piece = moved;
  d->end = d->safe_end = d->piece_end = moved + in.len;
  return moved;
}

static void decode(void *arg) {
  decode_job *job = arg;
  decode_memory memory;
  decoder *d = &memory.d;
  uint32_t depth = job->options->depth ? job->options->depth : STELE_DECODE_DEPTH;
  const uint8_t *p = begin_decode(job, d);
  job->is_partial = object_layout(job->o)->required != NULL;
  job->ok = true;
  if (job->in.len == 0) return;
  d->frames = memory.frames;
  d->frames_end = memory.frames + 1 + (depth < STELE_DECODE_DEPTH ? depth : STELE_DECODE_DEPTH);
  d->depth = depth;
  d->discard_unknown = job->options->discard_unknown;
  d->is_partial = false;
  d->what = NULL;
  d->path_at = PATH_BYTES;
  job->ok = decode_message(d, p, job->o);
  if (!d->piece_end) texts_end(&d->texts);
  job->is_partial = d->is_partial;
  if (!job->ok) (void)decode_tell(d, job->err);
}

static bool fits(stele_bytes in, stele_err *err) {
  if (in.len <= STELE_CODEC_MAX) return true;
  return stele_fail(err, STELE_LIMIT, "%zu bytes are more than a message may have", in.len);
}

bool binary_decode(stele_arena *arena, stele_object *o, stele_bytes in,
                   const stele_decode_options *options, bool *is_partial, stele_err *err) {
  decode_job job = {.arena = arena, .o = o, .in = in, .options = options, .err = err};
  if (!fits(in, err)) return false;
  decode(&job);
  *is_partial = job.is_partial;
  return job.ok;
}

static bool run_decode(decode_job *job) {
  if (!job->options) job->options = &no_decode_options;
  if (!fits(job->in, job->err)) return false;
  if (!stele_guard_run(job->arena, decode, job, job->err) || !job->ok) return false;
  /* What an object held before was not looked at. */
  bool is_whole = job->layout && !job->is_partial;
  return is_whole || job->options->allow_partial || stele_object_check_required(job->o, job->err);
}

stele_object *stele_binary_decode(stele_arena *arena, const stele_layout *layout, stele_bytes in,
                                  const stele_decode_options *options, stele_err *err) {
  decode_job job = {.arena = arena, .layout = layout, .in = in, .options = options, .err = err};
  return run_decode(&job) ? job.o : NULL;
}

bool stele_binary_merge(stele_object *into, stele_arena *arena, stele_bytes in,
                        const stele_decode_options *options, stele_err *err) {
  decode_job job = {.arena = arena, .o = into, .in = in, .options = options, .err = err};
  return run_decode(&job);
}

/* ---- Encoding ---------------------------------------------------------------------- */

typedef struct encode_job {
  stele_arena *arena;
  const stele_object *o;
  const stele_encode_options *options;
  encode_buffer *buffer; /* an encoder's, or NULL */
  stele_bytes out;
  bool is_whole;
} encode_job;

static void encode(void *arg) {
  encode_job *job = arg;
  if (job->buffer) {
    job->is_whole = encode_object(job->buffer, job->o, job->options);
  } else {
    job->is_whole = binary_encode(job->arena, job->o, job->options, &job->out);
  }
}

/* What a failure leaves behind in the arena is forgotten. */
static bool run_encode(encode_job *job, stele_err *err) {
  stele_mark mark = stele_arena_mark(job->arena);
  if (!job->options) job->options = &no_encode_options;
  bool ok =
      stele_guard_run(job->arena, encode, job, err) &&
      (job->is_whole || job->options->allow_partial || stele_object_check_required(job->o, err));
  if (!ok) stele_arena_rewind(job->arena, mark);
  return ok;
}

bool stele_binary_encode(stele_arena *arena, const stele_object *object,
                         const stele_encode_options *options, stele_bytes *out, stele_err *err) {
  encode_job job = {.arena = arena, .o = object, .options = options};
  if (!run_encode(&job, err)) return false;
  *out = job.out;
  return true;
}

struct stele_encoder {
  stele_arena *arena;
  encode_buffer out;
};

typedef struct encoder_job {
  stele_arena *arena;
  stele_encoder *made;
} encoder_job;

static void make_encoder(void *arg) {
  encoder_job *job = arg;
  job->made = STELE_NEW(job->arena, stele_encoder);
  job->made->arena = job->arena;
  job->made->out.arena = job->arena;
}

stele_encoder *stele_encoder_new(stele_err *err) {
  encoder_job job = {stele_arena_new(0), NULL};
  if (!job.arena) {
    (void)stele_fail(err, STELE_NO_MEMORY, "no memory for an encoder");
    return NULL;
  }
  if (stele_guard_run(job.arena, make_encoder, &job, err)) return job.made;
  stele_arena_free(job.arena);
  return NULL;
}

void stele_encoder_free(stele_encoder *self) {
  if (self) stele_arena_free(self->arena);
}

bool stele_encoder_binary(stele_encoder *self, const stele_object *object,
                          const stele_encode_options *options, stele_bytes *out, stele_err *err) {
  encode_buffer buffer = self->out;
  encode_job job = {.arena = self->arena, .o = object, .options = options, .buffer = &buffer};
  buffer.at = buffer.end;
  stele_mark mark = stele_arena_mark(self->arena);
  if (!run_encode(&job, err)) return false;
  if (buffer.start != self->out.start) {
    self->out = buffer; /* larger: kept for the next one */
  } else if (self->arena->at != mark.at) {
    stele_arena_rewind(self->arena, mark); /* tables of sorted maps */
  }
  *out = (stele_bytes){buffer.at, (size_t)(buffer.end - buffer.at)};
  return true;
}
