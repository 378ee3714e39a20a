/* The page is plain HTML made from the rows, readable without its script; the
 * style and the script that sends the forms are files beside this one. */
#include "server/docs_page.h"

#include "fmt/json.h"
#include "server/route_param.h"
#include "version.h"

extern const stele_str docs_style, docs_script; /* docs/page.css, docs/page.js */

static void add(stele_buf *out, const char *text) {
  stele_buf_add_cstr(out, text);
}

/* Text where HTML expects some, in an element or between double quotes. */
static void add_text(stele_buf *out, stele_str text) {
  static const char *const escapes[128] = {
      ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;"};
  for (size_t i = 0; i < text.len; i++) {
    unsigned char c = (unsigned char)text.ptr[i];
    if (c < 128 && escapes[c]) {
      add(out, escapes[c]);
    } else {
      stele_buf_add_byte(out, c);
    }
  }
}

static void add_cstr_text(stele_buf *out, const char *text) {
  add_text(out, stele_cstr(text));
}

/* Indents JSON for reading; anything else is left as it is. */
static void add_example(stele_arena *arena, stele_buf *out, const char *text) {
  stele_err err = {0};
  const stele_json *tree = stele_json_parse(arena, stele_cstr(text), NULL, NULL, &err);
  if (!tree) {
    add_cstr_text(out, text);
    return;
  }
  stele_buf pretty;
  stele_json_writer w;
  stele_buf_init(&pretty, arena, 0);
  stele_json_writer_init(&w, &pretty, 2);
  stele_json_write_value(&w, tree);
  add_text(out, stele_buf_str(&pretty));
}

/* "{subject}" in a path stands out. */
static void add_path(stele_buf *out, stele_str path) {
  for (size_t i = 0; i < path.len; i++) {
    if (path.ptr[i] == '{') add(out, "<var>");
    add_text(out, (stele_str){path.ptr + i, 1});
    if (path.ptr[i] == '}') add(out, "</var>");
  }
}

static void add_field(stele_arena *arena, stele_buf *out, const route_param *param) {
  stele_str example = param->example;
  (void)http_percent_decode(arena, param->example, false, &example);
  add(out, "<label><span>");
  add_text(out, param->name);
  add(out, param->in_path ? "</span>" : "<i>optional</i></span>");
  if (strcmp(param->type, "boolean") == 0) {
    add(out, "<select data-in=query name=\"");
    add_text(out, param->name);
    add(out, "\"><option value=\"\">–<option>true<option>false</select>");
  } else {
    stele_buf_printf(out, "<input data-in=%s autocomplete=off spellcheck=false name=\"",
                     param->in_path ? "path required" : "query");
    add_text(out, param->name);
    add(out, "\" value=\"");
    add_text(out, example);
    add(out, "\">");
  }
  if (*param->help) {
    add(out, "<small>");
    add_cstr_text(out, param->help);
    add(out, "</small>");
  }
  add(out, "</label>");
}

static void add_form(stele_arena *arena, stele_buf *out, const api_route *row) {
  route_params params = route_params_of(arena, row);
  add(out, "<form data-method=\"");
  add(out, row->method);
  add(out, "\" data-path=\"");
  add_text(out, route_path_text(arena, row));
  add(out, "\">");
  if (params.count) add(out, "<div class=fields>");
  for (size_t i = 0; i < params.count; i++) add_field(arena, out, &params.at[i]);
  if (params.count) add(out, "</div>");
  if (row->body) {
    add(out, "<label class=body><span>body</span><textarea spellcheck=false>");
    add_example(arena, out, row->body);
    add(out, "</textarea></label>");
  }
  add(out, "<div class=bar><button>Send</button><code class=curl></code></div>"
           "<div class=result hidden><p class=status></p><pre></pre></div></form>");
}

static void add_route(stele_arena *arena, stele_buf *out, const api_route *row, size_t index) {
  stele_buf_printf(out, "<details class=route id=r%zu><summary><b class=\"m %s\">%s</b><code>",
                   index, row->method, row->method);
  add_path(out, route_path_text(arena, row));
  add(out, "</code><span>");
  add_cstr_text(out, row->summary);
  add(out, "</span></summary><div class=inside><p class=role>Needs the role <b>");
  add(out, auth_role_text(row->role));
  add(out, "</b>: ");
  add_cstr_text(out, auth_role_may(row->role));
  add(out, ".");
  if (row->takes) {
    add(out, " Also takes <code>");
    add_cstr_text(out, row->takes);
    add(out, "</code>.");
  }
  if (row->gives) {
    add(out, " Answers <code>");
    add_cstr_text(out, row->gives);
    add(out, "</code>.");
  }
  add(out, "</p><div class=pair><section><h4>Try it</h4>");
  add_form(arena, out, row);
  add(out, "</section><section><h4>Example</h4><pre class=request>");
  stele_buf_printf(out, "%s ", row->method);
  add_text(out, route_example_path(row));
  if (row->body) {
    add(out, "\n\n");
    add_example(arena, out, row->body);
  }
  add(out, "</pre><pre class=answer>");
  if (*row->answer) {
    add_example(arena, out, row->answer);
  } else {
    add(out, "<i>no content</i>");
  }
  add(out, "</pre></section></div></div></details>");
}

/* True when no earlier row has this tag. */
static bool starts_chapter(const router *routes, size_t index) {
  for (size_t i = 0; i < index; i++) {
    if (strcmp(router_row(routes, i)->tag, router_row(routes, index)->tag) == 0) return false;
  }
  return true;
}

static void add_chapters(stele_arena *arena, stele_buf *out, const router *routes,
                         bool links_only) {
  for (size_t i = 0; i < router_count(routes); i++) {
    const char *tag = router_row(routes, i)->tag;
    if (!starts_chapter(routes, i)) continue;
    stele_buf_printf(out, links_only ? "<a href=\"#t%zu\">" : "<h2 id=t%zu>", i);
    add_cstr_text(out, tag);
    add(out, links_only ? "</a>" : "</h2>");
    for (size_t j = i; j < router_count(routes) && !links_only; j++) {
      if (strcmp(router_row(routes, j)->tag, tag) == 0) {
        add_route(arena, out, router_row(routes, j), j);
      }
    }
  }
}

void docs_page_print(stele_arena *arena, const router *routes, stele_buf *out) {
  add(out, "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
           "<meta name=viewport content=\"width=device-width,initial-scale=1\">"
           "<title>Stele API</title><link rel=icon href=\"data:,\"><style>\n");
  stele_buf_add_str(out, docs_style);
  add(out, "</style></head><body><header><h1>Stele <small>" STELE_VERSION "</small></h1>"
           "<input id=find type=search placeholder=\"Find a route\" aria-label=\"Find a route\">"
           "<nav>");
  add_chapters(arena, out, routes, true);
  add(out,
      "<a href=\"openapi.json\">openapi.json</a></nav>"
      "<button id=theme type=button title=\"Light or dark\" aria-label=\"Light or dark\">"
      "◐</button></header><main>"
      "<p class=lead>A Protocol Buffers schema registry: Confluent's REST API and its own. Every "
      "route below can be tried from here. All but the server's own are reached under "
      "<code>/contexts/<var>{context}</var>/…</code> too, where they speak of that tenant. "
      "A refusal is <code>{\"error_code\", \"message\", \"details\"}</code>; the hint in its "
      "details says what to do.</p>");
  add_chapters(arena, out, routes, false);
  add(out, "<p id=none hidden>No route is called that.</p></main><script>\n");
  stele_buf_add_str(out, docs_script);
  add(out, "</script></body></html>\n");
}
