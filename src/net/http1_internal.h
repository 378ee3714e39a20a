/* net/http1_internal: what the files of the parser share.
 * Deps: net/http1.h. */
#ifndef STELE_NET_HTTP1_INTERNAL_H
#define STELE_NET_HTTP1_INTERNAL_H

#include "net/http1.h"

/* A view of what has arrived. */
typedef struct http1_input {
  char *data;
  size_t len;
} http1_input;

/* Ends the message: answers false, "no further step". */
bool http1_refuse(http1 *parser, int status, const char *why);

/* Takes the line that starts at parser->at, without its CR LF. False when it is
 * not there yet, or bad: longer than `most` bytes with its end (`status` and
 * `why` then say so), ended by LF alone. */
bool http1_take_line(http1 *parser, http1_input *in, size_t most, int status, const char *why,
                     stele_str *line);

/* Checks "name: value" and finds its parts, as offsets from `base`. */
bool http1_split_field(http1 *parser, stele_str line, const char *base, http_field *out);

/* Which known header a name is; HTTP_NAME_COUNT for the others. */
http_name http1_known_name(stele_str name);

/* Looks at the headers as a whole and chooses how the body is framed. */
bool http1_end_head(http1 *parser);

/* The steps of a chunked body. Each moves what it keeps to in->data[`*out`]. */
bool http1_chunk(http1 *parser, http1_input *in, size_t *out);
bool http1_chunk_data(http1 *parser, http1_input *in, size_t *out);
bool http1_chunk_end(http1 *parser, http1_input *in, size_t *out);
bool http1_trailers(http1 *parser, http1_input *in, size_t *out);

#endif
