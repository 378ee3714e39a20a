"""Damages files: every token and every statement may be lost, said twice, moved or become another.

    mutant = mutator.mutate(seed)        the same seed gives the same file, as long as the corpora stay

A source is a file of a corpus, or a case of tests/golden/diagnostics, that is small and imports little.
The blunt changes work on tokens, the sharp ones on statements: they know what a field, a number or an
option is, and so get past the parser to the rules behind it.
"""
import functools
import random
import re
from dataclasses import dataclass
from pathlib import Path

import corpus
import generator
import verdict

CASES = corpus.ROOT / "tests/golden/diagnostics"
LARGEST, LARGEST_WITH_IMPORTS = 6000, 60000
GENERATED = 400  # random files beside those that people wrote

TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_]\w*|\d[\w.]*|\s+|.""",
                   re.S)
IMPORT = re.compile(r'^\s*import\s+(?:public\s+|weak\s+|option\s+)?"([^"]+)"\s*;', re.M)
SPACE = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.S)

WORDS = """int32 string bytes double bool uint64 sint32 fixed64 message enum optional repeated required oneof map
    group reserved extensions extend option import public weak default json_name packed deprecated features max
    to stream returns rpc service syntax edition true false inf nan export local google.protobuf.Any Foo .Foo
    0 1 -1 19000 536870911 536870912 99999999999 2147483647 2147483648 -2147483649 18446744073709551616 0x10
    0xFFFFFFFFFFFFFFFFF 017 08 1e3 1.5 .5 1e 0x 1a "x" 'y' "" "\\x" "\\8" "\\u12" "\\xff" "a b" { } [ ] ( ) < >
    ; , . = - + / : # @ ? \u00e9 \x01 \ufeff // /* */ " '""".split(" ")
WORDS = [word for word in (part.strip() for part in WORDS) if word]

NUMBERS = """0 1 2 3 -1 -2 15 16 100 1000 18999 19000 19999 20000 536870910 536870911 536870912 2147483646
    2147483647 2147483648 4294967295 4294967296 9223372036854775807 9223372036854775808 18446744073709551615
    18446744073709551616 -2147483648 -2147483649 0x7fffffff 0x80000000 01 0777 1e2 1.0 max""".split()
SCALARS = generator.SCALARS
TYPES = [*SCALARS, "group", "Missing", ".Missing", "google.protobuf.Timestamp", "google.protobuf.FieldOptions",
         "map<string, int32>", "map<int32, Missing>", "map<bytes, string>", "map<double, bool>"]
LABELS = ["", "optional", "repeated", "required"]
HEADS = ['syntax = "proto2";', 'syntax = "proto3";', 'edition = "2023";', 'edition = "2024";', 'edition = "2026";',
         "", 'syntax = "proto4";', 'edition = "2022";', "edition = 2023;", 'syntax = "editions";',
         'edition = "UNSTABLE";', 'syntax = "pro" "to3";']

# Statements to put anywhere, by nobody's rules about where they belong.
STATEMENTS = """
option deprecated = true; | option deprecated = 1; | option packed = true; | option java_package = "p";
option java_package = p; | option optimize_for = SPEED; | option optimize_for = FAST; | option allow_alias = true;
option allow_alias = false; | option message_set_wire_format = true; | option map_entry = true;
option no_standard_descriptor_accessor = true; | option (missing) = 1; | option (.missing.x).y = "s";
option features.field_presence = IMPLICIT; | option features.field_presence = LEGACY_REQUIRED;
option features.field_presence = FIELD_PRESENCE_UNKNOWN; | option features = { field_presence: EXPLICIT };
option features.enum_type = CLOSED; | option features.enum_type = OPEN; | option features.nothing = X;
option features.repeated_field_encoding = EXPANDED; | option features.utf8_validation = NONE;
option features.message_encoding = DELIMITED; | option features.json_format = LEGACY_BEST_EFFORT;
option features.enforce_naming_style = STYLE_LEGACY; | option features.enforce_naming_style = STYLE2024;
option features.enforce_naming_style = STYLE2026; | option features.default_symbol_visibility = STRICT;
option features.default_symbol_visibility = LOCAL_ALL; | option features.default_symbol_visibility = EXPORT_ALL;
option features.enforce_proto_limits = PROTO_LIMITS2026; | option cc_enable_arenas = true;
option java_generic_services = true; | option idempotency_level = NO_SIDE_EFFECTS; | option uninterpreted_option = { };
option deprecated_legacy_json_field_conflicts = true; | option java_multiple_files = true;
option php_generic_services = true; | option lazy = true; | option targets = TARGET_TYPE_FIELD;
option features.(pb.cpp).string_type = VIEW; | option features.(pb.go).api_level = API_OPEN;
option features.(pb.java).utf8_validation = VERIFY; | option deprecated = true; option deprecated = false;
reserved 1; | reserved 1 to max; | reserved 5 to 3; | reserved 0; | reserved -1 to 4; | reserved "a", "b"; | reserved a, b;
reserved 1, 1; | reserved 19000 to 19999; | reserved max; | reserved "1bad"; | reserved 2147483647; | reserved "a" "b";
reserved 536870911 to 536870912; | reserved 2 to 2147483647; | reserved;
extensions 100 to max; | extensions 4; | extensions 0 to 5; | extensions 5 to 4; | extensions max; | extensions 1 to 536870911;
extensions 100 to 199 [verification = UNVERIFIED]; | extensions 100 [declaration = { number: 100 full_name: ".a.b" type: "int32" }];
extensions 100 to 102 [verification = DECLARATION, declaration = { number: 100, full_name: ".x", type: ".M", repeated: true },
declaration = { number: 101 reserved: true }]; | extensions 300 to 310 [declaration = { number: 5 full_name: "x" }];
extensions 1000 to 536870912; | extensions 7, 8, 7;
import "google/protobuf/any.proto"; | import public "google/protobuf/empty.proto"; | import weak "google/protobuf/any.proto";
import option "google/protobuf/cpp_features.proto"; | import "missing.proto"; | import "google/protobuf/descriptor.proto";
import "in.proto"; | import ""; | package x.y; | package a; | package .a; | package a..b; | package a.;
message Foo { } | message Foo { int32 a = 1; } | enum Foo { ZERO = 0; } | enum Bar { ONE = 1; } | enum Bar { } | enum E { A = 0; B = 0; }
enum E { option allow_alias = true; A = 0; B = 0; } | enum F { X = -1; Y = 2147483647; } | enum G { a = 0; A = 1; } | enum H { H_Z = 0; Z = 1; }
local message L { } | export message X { } | export enum XE { XE_UNKNOWN = 0; } | local enum LE { LE_UNKNOWN = 0; }
service S { } | service S { rpc M(Foo) returns (Foo); } | service S { rpc M(int32) returns (Foo); } | service T { rpc M(stream Foo) returns (stream Foo) { } }
service U { rpc A(Foo) returns (Foo); rpc A(Foo) returns (Foo); } | service google { } | message google { } | rpc M(Foo) returns (Foo);
extend Foo { optional int32 ext = 100; } | extend Foo { } | extend Missing { int32 e = 100; } | extend Foo { required int32 r = 101; }
extend google.protobuf.FieldOptions { optional int32 fo = 50000; } | extend google.protobuf.MessageOptions { optional string mo = 50001; }
extend Foo { repeated group Gr = 102 { optional int32 a = 1; } } | extend Foo { optional string json = 103 [json_name = "x"]; }
optional int32 a = 1; | int32 a = 1; | required string b = 2; | repeated int32 c = 3 [packed = true]; | repeated string d = 4 [packed = true];
optional string e = 5 [default = "x"]; | optional int32 f = 6 [default = "x"]; | optional bool g = 7 [default = 1]; | optional int32 h = 8 [default = 2147483648];
optional uint32 u = 9 [default = -1]; | optional float fl = 10 [default = nan]; | optional double db = 10 [default = -inf]; | optional bytes by = 11 [default = "\\xff"];
optional group Grp = 12 { optional int32 x = 1; } | optional group grp = 12 { } | group Grp = 13 { } | map<string, int32> m = 14; | map<string, Foo> mf = 15;
repeated map<string, int32> rm = 16; | map<float, int32> mm = 17; | oneof o { int32 p = 20; } | oneof o { } | oneof o { optional int32 q = 21; } | oneof o { map<int32, int32> r = 22; }
oneof oo { option deprecated = true; string s1 = 23; group Gg = 24 { } } | int32 fooBar = 31; | int32 foo_bar = 32; | int32 foo_Bar = 33; | string x = 34 [json_name = "fooBar"];
string y = 35 [json_name = "[y]"]; | string z = 36 [json_name = "a\\0b"]; | string w = 37 [json_name = "w", json_name = "w"]; | string lz = 38 [lazy = true]; | Foo lz = 39 [lazy = true];
int64 js = 40 [jstype = JS_STRING]; | string js = 41 [jstype = JS_STRING]; | string ct = 42 [ctype = CORD]; | int32 ct = 43 [ctype = CORD]; | string dep = 44 [deprecated = true, deprecated = true];
string fp = 45 [features.field_presence = IMPLICIT]; | Foo fq = 46 [features.field_presence = IMPLICIT]; | repeated int32 re = 47 [features.repeated_field_encoding = EXPANDED];
string re = 48 [features.repeated_field_encoding = PACKED]; | Foo me = 49 [features.message_encoding = DELIMITED]; | int32 me = 50 [features.message_encoding = DELIMITED];
string uv = 51 [features.utf8_validation = NONE]; | int32 uv = 52 [features.utf8_validation = VERIFY]; | optional string os = 53; | int32 opt = 54 [(missing).x = 1];
string tg = 55 [targets = TARGET_TYPE_FIELD]; | string rt = 56 [retention = RETENTION_SOURCE]; | string ed = 57 [edition_defaults = { edition: EDITION_2023, value: "x" }];
string fs = 58 [feature_support = { edition_introduced: EDITION_2024 }]; | string dr = 59 [debug_redact = true]; | string uo = 60 [unverified_lazy = true]; | string wk = 61 [weak = true];
VALUE = 0; | VALUE = 1; | VALUE = -1 [deprecated = true]; | VALUE = 2147483648; | value = 3; | VALUE = 4 [features.enum_type = OPEN]; | VALUE = 5 [debug_redact = false];
; | { } | = 1; | /* open | "open | // note
"""
STATEMENTS = [piece.strip() for line in STATEMENTS.replace("},\ndecl", "}, decl").splitlines() for piece in line.split(" | ")
              if piece.strip()]
BRACKETS = """deprecated = true | packed = true | packed = false | default = 1 | default = "x" | default = -1 | default = FOO
    default = true | default = inf | json_name = "x" | json_name = "" | ctype = STRING_PIECE | jstype = JS_NUMBER | lazy = true | weak = true
    features.field_presence = EXPLICIT | features.field_presence = IMPLICIT | features.field_presence = LEGACY_REQUIRED
    features.utf8_validation = NONE | features.message_encoding = DELIMITED | features.enum_type = CLOSED | (missing) = { a: 1 }
    features.repeated_field_encoding = EXPANDED | features = { json_format: ALLOW } | deprecated = TRUE | deprecated = "true"
    retention = RETENTION_SOURCE | targets = TARGET_TYPE_ENUM | uninterpreted_option = 1 | verification = DECLARATION
    feature_support.edition_removed = EDITION_2023 | features.(pb.cpp).string_type = CORD | features.enforce_naming_style = STYLE_LEGACY"""
BRACKETS = [piece.strip() for line in BRACKETS.splitlines() for piece in line.split(" | ")]


@dataclass(frozen=True)
class Source:
    name: str    # where it comes from, for people
    text: str
    roots: tuple  # where its imports are looked for


@dataclass(frozen=True)
class Mutant:
    source: Source
    text: str

    def bytes(self):
        return self.text.encode("utf-8", "surrogateescape")

    def title(self):
        return self.source.name


def load(path):
    return path.read_bytes().decode("utf-8", "surrogateescape")


def weight(name, roots, seen):
    """The bytes of a file and of what it imports; what is not there weighs nothing."""
    if name in seen:
        return 0
    seen.add(name)
    for root in [*roots, corpus.INCLUDE]:
        path = root / name
        if path.is_file():
            text = load(path)
            return len(text) + sum(weight(other, roots, seen) for other in IMPORT.findall(text))
    return 0


def corpus_sources():
    for title, tree in corpus.CORPORA.items():
        names = corpus.drawn_files() if title == "google" else tree.files()
        for name in names:
            path = tree.path(name)
            light = path.stat().st_size < LARGEST and weight(name, tree.roots, set()) < LARGEST_WITH_IMPORTS
            if light:
                yield Source(f"{title}/{name}", load(path), tuple(tree.roots))


def case_sources():
    """Cases of one file, which is all that a change can keep whole."""
    for case in sorted(CASES.iterdir()):
        path = case / "in.proto"
        if len(list(case.glob("*.proto"))) == 1 and path.stat().st_size < LARGEST:
            yield Source(f"diagnostics/{case.name}", load(path), ())


def generated_sources():
    for seed in range(GENERATED):
        yield Source(f"generated/{seed}", generator.generate(seed), (corpus.OWN,))


@functools.cache
def sources():
    return [*corpus_sources(), *case_sources(), *generated_sources()]


# ---- Tokens


def is_word(token):
    return not SPACE.fullmatch(token)


class Text:
    """A file as tokens, with the gaps between them among them."""

    def __init__(self, text, draw):
        self.tokens = TOKEN.findall(text)
        self.draw = draw

    def places(self, wanted=is_word):
        return [i for i, token in enumerate(self.tokens) if wanted(token)]

    def place(self, wanted=is_word):
        places = self.places(wanted)
        return self.draw.choice(places) if places else None

    def statements(self):
        """(first, last) of each statement: up to its `;`, or through its braces."""
        found, starts, start, brackets = [], [], None, 0
        for i, token in enumerate(self.tokens):
            if not is_word(token):
                continue
            brackets = max(0, brackets + (token in "[(") - (token in "])"))
            if start is None and token not in "{};":
                start = i
            if token == "{":
                starts.append(start if start is not None else i)
                start = None
            elif token == "}" and starts:
                found.append((starts.pop(), i))
                start = None
            elif token == ";" and not brackets:
                found.append((start if start is not None else i, i))
                start = None
        return sorted(found)

    def gaps(self):
        """Where a statement may stand: after these tokens."""
        return self.places(lambda token: token in ("{", "}", ";"))

    def run(self, first, last):
        return "".join(self.tokens[first:last + 1])

    def clear(self, first, last):
        self.tokens[first:last + 1] = [""] * (last + 1 - first)

    def text(self):
        return "".join(self.tokens)


# ---- Blunt changes


def lose(t):
    t.tokens[t.place()] = ""


def repeat(t):
    place = t.place()
    t.tokens[place] += " " + t.tokens[place]


def overwrite(t):
    t.tokens[t.place()] = t.tokens[t.place()]


def replace(t):
    t.tokens[t.place()] = t.draw.choice(WORDS)


def insert(t):
    t.tokens[t.place()] += t.draw.choice([" ", " ", ""]) + t.draw.choice(WORDS)


def swap(t):
    one, other = t.place(), t.place()
    t.tokens[one], t.tokens[other] = t.tokens[other], t.tokens[one]


def repeat_run(t):
    one, other = sorted((t.place(), t.place()))
    other = min(other, one + 30)
    t.tokens[other] += " " + t.run(one, other)


def lose_run(t):
    one, other = sorted((t.place(), t.place()))
    t.clear(one, min(other, one + t.draw.choice([2, 5, 20])))


def splice(t):
    donor = Text(t.draw.choice(sources()).text, t.draw)
    first = donor.place()
    if first is not None:
        t.tokens[t.place()] += " " + donor.run(first, first + t.draw.choice([2, 6, 20])) + " "


def cut_short(t):
    place = t.place()
    t.clear(place, len(t.tokens) - 1)


def join_tokens(t):
    """Space lost between two tokens, or put into one."""
    gap = t.place(lambda token: token.isspace())
    if gap is not None and t.draw.random() < 0.5:
        t.tokens[gap] = ""
        return
    place = t.place()
    token = t.tokens[place]
    at = t.draw.randrange(len(token) + 1) if token else 0
    t.tokens[place] = token[:at] + t.draw.choice([" ", "\n", "_", "0", ".", "\t", "/**/"]) + token[at:]


def change_number(t):
    place = t.place(lambda token: token[:1].isdigit())
    if place is not None:
        t.tokens[place] = t.draw.choice(NUMBERS)


BLUNT = [lose, repeat, overwrite, replace, insert, swap, repeat_run, lose_run, splice, cut_short, join_tokens,
         change_number]

# ---- Sharp changes


def draw_statement(t):
    statements = t.statements()
    return t.draw.choice(statements) if statements else None


def put(t, text):
    gaps = t.gaps()
    if gaps:
        t.tokens[t.draw.choice(gaps)] += "\n" + text + t.draw.choice(["\n", " ", ""])


SCOPES = {"message": "message", "group": "message", "enum": "enum", "service": "service", "oneof": "oneof",
          "extend": "extend", "rpc": "rpc"}
HOMES = [  # where a statement that begins so belongs
    (r"option", ("file", "message", "enum", "service", "oneof", "rpc")), (r"reserved", ("message", "enum")),
    (r"extensions|oneof|map", ("message",)), (r"import|package|service", ("file",)), (r"rpc", ("service",)),
    (r"message|enum|extend|export|local", ("file", "message")), (r"[A-Z]+ ?=", ("enum",)), (r";", ("file",)),
    (r".*", ("message", "oneof", "extend")),
]


def scope_gaps(t):
    """(place, what it is in) of every place where a statement may stand."""
    found, scopes, start = [], ["file"], None
    for i, token in enumerate(t.tokens):
        if not is_word(token):
            continue
        if token == "{":
            words = [t.tokens[k] for k in range(start or i, i) if t.tokens[k] in SCOPES]
            scopes.append(SCOPES[words[0]] if words else "other")
        elif token == "}" and len(scopes) > 1:
            scopes.pop()
        if token in "{};":
            found.append((i, scopes[-1]))
            start = None
        elif start is None:
            start = i
    return found


def put_statement(t):
    """Mostly to where it belongs, so that more than the parser has a say."""
    text = t.draw.choice(STATEMENTS)
    if t.draw.random() < 0.2:
        put(t, text)
        return
    homes = next(homes for pattern, homes in HOMES if re.match(pattern, text))
    places = [place for place, scope in scope_gaps(t) if scope in homes]
    if places:
        t.tokens[t.draw.choice(places)] += "\n" + text + "\n"


def move_statement(t):
    found = draw_statement(t)
    if found:
        text = t.run(*found)
        t.clear(*found)
        put(t, text)


def copy_statement(t):
    found = draw_statement(t)
    if found:
        put(t, t.run(*found))


def lose_statement(t):
    found = draw_statement(t)
    if found:
        t.clear(*found)


def take_statement(t):
    donor = Text(t.draw.choice(sources()).text, t.draw)
    statements = [found for found in donor.statements() if found[1] - found[0] < 200]
    if statements:
        put(t, donor.run(*t.draw.choice(statements)))


NAME = re.compile(r"[A-Za-z_]\w*")


def rename(t):
    """One name becomes another one of the file."""
    one, other = t.place(NAME.fullmatch), t.place(NAME.fullmatch)
    if one is not None:
        t.tokens[one] = t.tokens[other]


def rename_everywhere(t):
    one, other = t.place(NAME.fullmatch), t.place(NAME.fullmatch)
    if one is None:
        return
    old, new = t.tokens[one], t.tokens[other]
    t.tokens = [new if token == old else token for token in t.tokens]


def twist_name(t):
    """The same name in another dress, for whoever folds case or underscores."""
    place = t.place(NAME.fullmatch)
    if place is None:
        return
    name = t.tokens[place]
    t.tokens[place] = t.draw.choice([name.upper(), name.lower(), name.capitalize(), "_" + name, name + "_",
                                     name.replace("_", ""), name.replace("_", "__"), name + "1", name + "_1",
                                     "." + name, name + ".x", name[:1].upper() + name[1:], name * 2, name + "Entry",
                                     "has_" + name, name + "_value", "x" * 300])


def change_type(t):
    place = t.place(lambda token: token in SCALARS)
    if place is None or t.draw.random() < 0.3:
        place = t.place(NAME.fullmatch)
    if place is not None:
        t.tokens[place] = t.draw.choice(TYPES)


def change_label(t):
    place = t.place(lambda token: token in LABELS)
    if place is None or t.draw.random() < 0.3:
        found = draw_statement(t)
        if found:
            t.tokens[found[0]] = t.draw.choice(LABELS) + " " + t.tokens[found[0]]
        return
    t.tokens[place] = t.draw.choice(LABELS)


def change_head(t):
    """Another syntax or edition: what was legal may no longer be."""
    for first, last in t.statements():
        if t.tokens[first] in ("syntax", "edition"):
            t.clear(first, last)
            t.tokens[first] = t.draw.choice(HEADS)
            return
    t.tokens[:0] = [t.draw.choice(HEADS) + "\n"]


def put_option(t):
    """An option into brackets that are there, or into new ones."""
    option = t.draw.choice(BRACKETS)
    place = t.place(lambda token: token == "]") if t.draw.random() < 0.5 else None
    if place is not None:
        t.tokens[place] = ", " + option + "]"
        return
    place = t.place(lambda token: token == ";")
    if place is not None:
        t.tokens[place] = " [" + option + "];"


def change_value(t):
    """What stands after `=` or `:` becomes something of another kind."""
    places = [i for i in t.places() if t.tokens[i] in ("=", ":")]
    if not places:
        return
    after = [i for i in t.places() if i > t.draw.choice(places)]
    if after:
        t.tokens[after[0]] = t.draw.choice([*NUMBERS, "true", "inf", "-inf", "nan", "FOO", '"text"', '"\\377"', "{ }",
                                            "{ a: 1 }", "[1, 2]", "<a: 1>", "{ [x.y]: 1 }", "- 1", '"a" "b"'])


def wrap(t):
    """A statement goes one scope deeper."""
    found = draw_statement(t)
    if found:
        opening = t.draw.choice(["message Wrap {", "oneof wrap {", "extend Wrap {", "enum Wrap {", "service Wrap {",
                                 "local message Wrap {", "message Foo {", "optional group Wrap = 77 {"])
        t.tokens[found[0]] = opening + " " + t.tokens[found[0]]
        t.tokens[found[1]] += " }"


def unwrap(t):
    """A scope loses its head and its braces; what was in it stays."""
    blocks = [found for found in t.statements() if t.tokens[found[1]] == "}"]
    if blocks:
        first, last = t.draw.choice(blocks)
        opening = next(i for i in range(first, last) if t.tokens[i] == "{")
        t.clear(first, opening)
        t.tokens[last] = ""


SHARP = [put_statement, put_statement, put_statement, move_statement, copy_statement, lose_statement, take_statement,
         rename, rename, rename_everywhere, twist_name, change_type, change_label, change_head, put_option, put_option,
         change_value, change_number, wrap, unwrap]

# ---- Mutants


def generated(seed):
    """No mutant: a random file as it was made."""
    text = generator.generate(seed)
    return Mutant(Source(f"generated/{seed}", text, (corpus.OWN,)), text)


def judge(mutant, folder, seed, binary):
    """Both compilers' answers, in one of the eight modes."""
    Path(folder, "in.proto").write_bytes(mutant.bytes())
    return verdict.compare(folder, "in.proto", mutant.source.roots, source_info=seed % 4 != 3,
                           retain=seed % 2 == 1, imports=seed % 8 > 5, binary=binary)


def mutate(seed, sharp=None):
    """The mutant of a seed; `sharp` is the share of sharp changes (None: drawn)."""
    draw = random.Random(seed)
    source = draw.choice(sources())
    share = draw.choice([0, 0, 0.5, 1, 1]) if sharp is None else sharp
    text = source.text
    for _ in range(draw.choice([1, 1, 1, 2, 2, 3, 5])):
        t = Text(text, draw)
        if not t.places():
            break
        draw.choice(SHARP if draw.random() < share else BLUNT)(t)
        text = t.text()
    return Mutant(source, text)
