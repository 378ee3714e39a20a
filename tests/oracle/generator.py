"""Random .proto files that protoc accepts: every construct, in every layout.

A file is made as a list of tokens; a second pass puts spaces, tabs, line ends and comments of all
kinds between them. The same seed gives the same file.

    python3 tests/oracle/generator.py SEED > x.proto
"""
import random
import sys

SCALARS = ["double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32",
           "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes"]
KEYS = ["int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32",
        "sfixed64", "bool", "string"]
WORDS = ["alpha", "beta", "gamma", "delta", "id", "name", "value", "item", "user", "price", "_lead",
         "trail_", "two__us", "UPPER", "camelCase", "x1", "a_1b", "message", "optional", "to", "max",
         "option", "map", "stream", "rpc", "syntax", "oneof", "default", "group"]
TEXTS = ['"text"', "'single'", '"esc \\n \\x41 \\101 \\""', '""', '"caf\\u00e9"', "'// no comment'",
         '"é☃"', '"\\U0001F600 \\uD83D\\uDE00 \\a\\?\\0"']
INTS = {"int32": (-2**31, 2**31 - 1), "sint32": (-2**31, 2**31 - 1), "sfixed32": (-2**31, 2**31 - 1),
        "int64": (-2**63, 2**63 - 1), "sint64": (-2**63, 2**63 - 1), "sfixed64": (-2**63, 2**63 - 1),
        "uint32": (0, 2**32 - 1), "fixed32": (0, 2**32 - 1), "uint64": (0, 2**64 - 1),
        "fixed64": (0, 2**64 - 1)}
FLOATS = ["0", "1", "1.5", "-1.5", ".5", "1.", "1e10", "-2.5E-7", "inf", "-inf", "nan", "-nan",
          "123456789", "0.1", "1e300", "3.4028235e38", "16777217", "-0.0"]

# What tests/oracle/files/options_base.proto declares in opts.Sub, by kind of value.
SUB_SCALARS = {"i": "int32", "s": "string", "d": "double", "f": "float", "b": "bool", "by": "bytes",
               "s32": "sint32", "s64": "sint64", "f32": "fixed32", "f64": "fixed64",
               "sf32": "sfixed32", "sf64": "sfixed64", "u32": "uint32", "u64": "uint64",
               "i64": "int64", "color": "color"}
TARGETS = {  # options of opts.Sub, singular and repeated, and one scalar, by element
    "message": ("m_m", "m_rm", ("m_s", "string")), "field": ("d_m", None, ("d_i", "int32")),
    "oneof": ("o_m", None, ("o_i", "int32")), "enum": ("e_m", None, ("e_i", "int32")),
    "value": ("v_m", None, ("v_s", "string")), "service": ("s_m", None, ("s_s", "string")),
    "method": ("t_m", None, ("t_s", "string")), "range": ("x_m", None, None),
    "file": ("f_m", "f_rm", ("f_s", "string")),
}


EDITIONS = ("2023", "2024", "2026")
STYLED = ("2024", "2026")  # where names have a style, and visibility is said


class Generator:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.tokens = []
        self.kind = self.rng.choice(["proto2", "proto2", "proto3", "proto3", "2023", "2024", "2026"])
        self.serial = 0
        self.messages = []   # full names that may be referred to
        self.enums = []      # (full name, first value)
        self.extensible = []
        self.package = ""
        self.options = self.rng.random() < 0.7
        self.delimited = False  # every message field of the file, so that a MessageSet has no items
        self.sees_types = True  # of what is imported; not when it is imported for options only
        self.cpp = self.kind in EDITIONS and self.rng.random() < 0.4
        self.deepest = self.rng.choice([3, 3, 3, 9, 20])  # of literals within literals

    # ---- small things

    def chance(self, p):
        return self.rng.random() < p

    def put(self, *tokens):
        for token in tokens:
            self.tokens.append(str(token))

    def dotted(self, name):
        for i, part in enumerate(name.split(".")):
            if i:
                self.put(".")
            if part:
                self.put(part)

    def fresh(self, stem=None):
        self.serial += 1
        return f"{stem or self.rng.choice(WORDS)}{self.serial}"

    def field_name(self):
        word = self.rng.choice(WORDS)
        self.serial += 1
        return f"{word}{self.serial}" if self.kind not in STYLED else f"f{self.serial}"

    def integer(self, low, high):
        value = self.rng.choice([0, 1, low, high, self.rng.randint(low, high), 7])
        if value < 0:
            return ["-", self.rng.choice([str(-value), hex(-value)])]
        return [self.rng.choice([str(value), hex(value), f"0{value:o}"])]

    def scalar(self, kind):
        if kind in INTS:
            return self.integer(*INTS[kind])
        if kind in ("double", "float"):
            text = self.rng.choice(FLOATS)
            return ["-", text[1:]] if text[0] == "-" else [text]
        if kind == "bool":
            return [self.rng.choice(["true", "false"])]
        if kind == "color":
            return [self.rng.choice(["RED", "GREEN", "BLUE"])]
        if self.chance(0.1):
            return ['"a"', "'b'", '"c"']
        return [self.rng.choice(TEXTS)] if self.chance(0.4) else ['"x"']

    # ---- options

    def text_value(self, kind):
        if kind in ("double", "float"):
            text = self.rng.choice(FLOATS)
            return ["-", text[1:]] if text[0] == "-" else [text]
        return self.scalar(kind)

    def text(self, depth=0):
        """The fields of an opts.Sub in text format."""
        out = []
        names = self.rng.sample(sorted(SUB_SCALARS), self.rng.randint(0, 4))
        for name in names:
            out.append([name, ":", *self.text_value(SUB_SCALARS[name])])
        for name in ("r", "rp"):
            if self.chance(0.2):
                values = [self.text_value("int32") for _ in range(self.rng.randint(0, 3))]
                joined = [t for i, v in enumerate(values) for t in ([","] if i else []) + v]
                out.append([name, ":", "[", *joined, "]"])
            if self.chance(0.2):
                out.append([name, ":", *self.text_value("int32")])
        if depth < self.deepest:
            if depth > 2 and self.chance(0.8):
                out.append(self.text_message(self.rng.choice(["sub", "subs"]), depth))
            for name in ("sub", "Grp", "subs", "subs", "ms") if depth < 3 else ():
                if self.chance(0.15) and not (name == "sub" and out and out[-1][0] == "sub"):
                    out.append(self.text_message(name, depth))
            if self.chance(0.1):
                out.append(["[", "opts", ".", "ext_sub", "]", *self.braces(depth)])
            if self.chance(0.1) and self.sees_types:
                out.append(["any", "{", "[", "type", ".", "googleapis", ".", "com", "/", "opts", ".",
                            "Sub", "]", *self.braces(depth), "}"])
        if self.chance(0.1):
            out.append(["m", *self.entry("m", depth)])
        if self.chance(0.15):
            out.append(["[", "opts", ".", "ext_i", "]", ":", *self.text_value("int32")])
        if self.chance(0.2):
            out.append(self.rng.choice([["oa", ":", "1"], ["ob", ":", '"o"'], ["oc", "{", "}"]]))
        self.rng.shuffle(out)
        flat = []
        for field in out:
            flat += field
            if self.chance(0.3):
                flat.append(self.rng.choice([",", ";"]))
        return flat

    def braces(self, depth):
        body = self.text(depth + 1)
        colon = [":"] if self.chance(0.3) else []
        return [*colon, "<", *body, ">"] if self.chance(0.3) else [*colon, "{", *body, "}"]

    def text_message(self, name, depth):
        if name == "Grp":
            return [name, "{", "g", ":", "1", "}"]
        if name == "ms":
            return [name, *self.entry(name, depth)]
        return [name, *self.braces(depth)]

    def entry(self, name, depth=0):
        """An entry of a map: both its fields, one or none, in any order."""
        key = ["key", ":", '"k"' if name == "m" else str(self.rng.randint(0, 9))]
        value = ["value", ":", "1"] if name == "m" else ["value", *self.braces(depth)]
        parts = [part for part in (key, value) if self.chance(0.75)]
        self.rng.shuffle(parts)
        return ["{", *(token for part in parts for token in part), "}"]

    def custom(self, element):
        """Custom options of an element: each a list of tokens `name = value`."""
        out = []
        single, repeated, scalar = TARGETS[element]
        if not self.options:
            return out
        if self.chance(0.3):
            out.append(["(", "opts", ".", single, ")", "=", "{", *self.text(), "}"])
        elif self.chance(0.4):
            for name in self.rng.sample(sorted(SUB_SCALARS), self.rng.randint(1, 3)):
                out.append(["(", ".", "opts", ".", single, ")", ".", name, "=",
                            *self.scalar(SUB_SCALARS[name])])
            if self.chance(0.3):
                out.append(["(", "opts", ".", single, ")", ".", "sub", ".", "(", "opts", ".", "ext_sub",
                            ")", ".", "i", "=", *self.scalar("int32")])
            for _ in range(self.rng.choice([0, 0, 1, 3])):
                out.append(["(", "opts", ".", single, ")", ".", self.rng.choice(["r", "rp"]), "=",
                            *self.scalar("int32")])
            for _ in range(self.rng.choice([0, 0, 1, 2])):
                name = self.rng.choice(["m", "ms", "subs"])
                value = ["{", *self.text(), "}"] if name == "subs" else self.entry(name)
                out.append(["(", "opts", ".", single, ")", ".", name, "=", *value])
        if repeated:
            for _ in range(self.rng.choice([0, 0, 1, 2])):
                out.append(["(", "opts", ".", repeated, ")", "=", "{", *self.text(), "}"])
        if scalar and self.chance(0.3):
            out.append(["(", "opts", ".", scalar[0], ")", "=", *self.scalar(scalar[1])])
        self.rng.shuffle(out)
        return out

    def features(self, element):
        """Features of an element in an edition that has them."""
        rows = {"message": [["json_format", "=", self.rng.choice(["ALLOW", "LEGACY_BEST_EFFORT"])]],
                "enum": [["json_format", "=", "LEGACY_BEST_EFFORT"], ["enum_type", "=", self.rng.choice(["OPEN", "CLOSED"])]],
                "file": [["json_format", "=", "ALLOW"], ["utf8_validation", "=", "NONE"],
                         ["message_encoding", "=", "DELIMITED"], ["repeated_field_encoding", "=", "EXPANDED"]],
                }.get(element, [])
        if self.kind in STYLED:
            rows = [*rows, ["enforce_naming_style", "=", "STYLE_LEGACY"]] if element != "file" else rows
        if self.kind not in EDITIONS or not rows or not self.chance(0.25):
            return []
        row = self.rng.choice(rows)
        self.delimited |= row[0] == "message_encoding"
        return [["features", ".", *row]]

    def statements(self, element, known=()):
        todo = self.custom(element) + self.features(element) + [option for option in known if self.chance(0.2)]
        self.rng.shuffle(todo)
        for option in todo:
            self.put("option", *option, ";")

    def brackets(self, element, extra=()):
        todo = self.custom(element) + [list(option) for option in extra]
        todo += self.features(element) if element in ("value", "range") else []
        if element in ("field", "value") and self.chance(0.2):
            todo.append(["deprecated", "=", self.rng.choice(["true", "false"])])
        self.rng.shuffle(todo)
        if not todo:
            return
        self.put("[")
        for i, option in enumerate(todo):
            if i:
                self.put(",")
            self.put(*option)
        self.put("]")

    # ---- declarations

    def reference(self, name):
        if self.chance(0.3):
            self.put(".")
        self.dotted(name)

    def field_options(self, kind, repeated, implicit, extension=False, enum=None):
        extra = []
        if kind and not repeated and not implicit and self.kind != "proto3" and self.chance(0.25):
            extra.append(["default", "=", *self.default(kind, enum)])
        if not extension and self.chance(0.15):
            extra.append(["json_name", "=", f'"j{self.serial}"'])
        if repeated and kind in INTS and self.kind in ("proto2", "proto3") and self.chance(0.3):
            extra.append(["packed", "=", self.rng.choice(["true", "false"])])
        if self.kind == "2023" and repeated and kind in INTS and self.chance(0.3):
            extra.append(["features", ".", "repeated_field_encoding", "=",
                          self.rng.choice(["PACKED", "EXPANDED"])])
        if self.kind in EDITIONS and kind in ("string", "bytes") and self.cpp and self.chance(0.3):
            extra.append(["features", ".", "(", "pb", ".", "cpp", ")", ".", "string_type", "=", "VIEW"])
        if self.kind in EDITIONS and kind == "string" and self.chance(0.2):
            extra.append(["features", ".", "utf8_validation", "=", self.rng.choice(["NONE", "VERIFY"])])
        if self.kind in STYLED and self.chance(0.1):
            extra.append(["features", ".", "enforce_naming_style", "=", "STYLE_LEGACY"])
        return extra

    def default(self, kind, enum):
        if kind == "enum":
            return [enum]
        return self.scalar(kind)

    def field(self, number, *, oneof=False, extension=False):
        label, repeated = None, False
        if not oneof:
            if self.kind == "proto2":
                label = self.rng.choice(["optional", "repeated", "optional"] if extension else
                                        ["optional", "required", "repeated"])
            else:
                choices = [None, "repeated"] + (["optional"] if self.kind == "proto3" else [])
                label = self.rng.choice(choices)
            repeated = label == "repeated"
        roll = self.rng.random()
        if roll < 0.12 and not oneof and not extension and self.messages:
            self.put("map", "<", self.rng.choice(KEYS), ",")
            if self.chance(0.5):
                self.put(self.rng.choice(SCALARS))
            else:
                self.reference(self.rng.choice(self.messages))
            self.put(">", self.field_name(), "=", number)
            self.brackets("field", self.field_options(None, False, False))
            self.put(";")
            return
        if label:
            self.put(label)
        if roll < 0.2 and self.kind == "proto2":
            self.put("group", self.fresh("Group"), "=", number)
            self.brackets("field")
            self.message_body(2)
            return
        kind = enum = None
        if roll < 0.4 and self.messages:
            self.reference(self.rng.choice(self.messages))
        elif roll < 0.5 and self.enums and not (extension and self.kind == "proto3"):
            name, enum = self.rng.choice(self.enums)
            self.reference(name)
            kind = "enum"
        else:
            kind = self.rng.choice(SCALARS)
            self.put(kind)
        self.put(self.field_name(), "=", number)
        self.brackets("field", self.field_options(kind, repeated, self.kind == "proto3", extension, enum))
        self.put(";")

    def numbers(self, count):
        number = 0
        for _ in range(count):
            number += self.rng.choice([1, 1, 1, 2, 5])
            yield number

    def message_body(self, depth, scope=None):
        self.put("{")
        last = 0
        for number in self.numbers(self.rng.randint(0, 5)):
            last = number
            roll = self.rng.random()
            if roll < 0.1 and depth < 3:
                self.oneof(number)
            else:
                self.field(number)
            if self.chance(0.1):
                self.put(";")
            if scope and self.chance(0.12) and depth < 3:
                self.message(depth + 1, scope)
            if scope and self.chance(0.1):
                self.enum(scope)
        if self.chance(0.3):
            self.reserved(last + 1)
        if self.kind != "proto3" and self.chance(0.15):
            self.declarations(last + 40)
        if self.kind != "proto3" and self.chance(0.3):
            self.put("extensions", last + 100, "to", self.rng.choice([last + 200, "max"]))
            if self.chance(0.3):
                self.brackets("range", [["verification", "=", "UNVERIFIED"]])
            self.put(";")
            if scope and self.tokens[-2] != "]":
                self.extensible.append((scope, last + 100))
        if scope and self.extensible and self.chance(0.2):
            self.extend()
        self.statements("message", [["deprecated", "=", "true"]])
        self.put("}")

    def declarations(self, first):
        """A range whose extensions are declared, none of which is there."""
        self.put("extensions", first, "to", first + 9, "[", "verification", "=", "DECLARATION")
        for number in self.rng.sample(range(first, first + 10), self.rng.randint(1, 3)):
            body = ["number", ":", number, "full_name", ":", f'".x.y{number}"', "type", ":",
                    self.rng.choice(['"int32"', '".x.M"', '"string"'])]
            if self.chance(0.3):
                body += ["repeated", ":", "true"]
            if self.chance(0.3):
                body = ["number", ":", number, "reserved", ":", "true"]
            self.put(",", "declaration", "=", "{", *body, "}")
        self.put("]", ";")

    def oneof(self, number):
        self.put("oneof", self.fresh("choice" if self.kind in STYLED else None), "{")
        self.statements("oneof")
        self.field(number, oneof=True)
        self.put("}")

    def reserved(self, first):
        roll = self.rng.random()
        if roll < 0.5:
            self.put("reserved", first)
            if self.chance(0.5):
                self.put("to", first + 3)
            if self.chance(0.5):
                self.put(",", first + 10, "to", first + 20)
        elif self.kind in ("proto2", "proto3"):
            self.put("reserved", '"gone_a"', ",", "'gone'", '"_b"')
        else:
            self.put("reserved", "gone_a", ",", "gone_b")
        self.put(";")

    def message(self, depth=0, scope=None):
        if self.kind in STYLED and self.chance(0.3):
            self.put(self.rng.choice(["export", "local"]) if depth == 0 else "local")
        name = self.fresh("Message")
        full = f"{scope}.{name}" if scope else f"{self.package}.{name}".strip(".")
        self.messages.append(full)
        self.put("message", name)
        self.message_body(depth, full)

    def enum(self, scope=None):
        name = self.fresh("Enum")
        full = f"{scope}.{name}" if scope else f"{self.package}.{name}".strip(".")
        first = self.fresh("VALUE_")
        self.put("enum", name, "{")
        closed = self.kind == "proto2"
        number = self.rng.choice([-3, 0, 5]) if closed else 0
        aliased = self.chance(0.15)
        if aliased:
            self.put("option", "allow_alias", "=", "true", ";")
        self.statements("enum", [["deprecated", "=", "true"]])
        for i in range(self.rng.randint(2 if aliased else 1, 4)):
            self.put(first if i == 0 else self.fresh("VALUE_"), "=", *([str(number)] if number >= 0 else ["-", str(-number)]))
            self.brackets("value")
            self.put(";")
            number += 0 if aliased and i == 0 else self.rng.choice([1, 2, 10])
        if self.chance(0.3):
            self.put("reserved", number + 1, "to", self.rng.choice([number + 5, "max"]), ",", "-", "100", ";")
        self.put("}")
        if not closed or number:
            self.enums.append((full, first))

    def service(self):
        self.put("service", self.fresh("Service"), "{")
        self.statements("service", [["deprecated", "=", "true"]])
        for _ in range(self.rng.randint(0, 3)):
            self.put("rpc", self.fresh("Call"), "(")
            if self.chance(0.3):
                self.put("stream")
            self.reference(self.rng.choice(self.messages))
            self.put(")", "returns", "(")
            if self.chance(0.3):
                self.put("stream")
            self.reference(self.rng.choice(self.messages))
            self.put(")")
            if self.chance(0.5):
                self.put(";")
            else:
                self.put("{")
                self.statements("method", [["idempotency_level", "=", "IDEMPOTENT"], ["deprecated", "=", "true"]])
                self.put("}")
        self.put("}")

    def message_set(self):
        """A MessageSet and an item of it, which has a number that no other message could give."""
        name, number = self.fresh("Set"), self.rng.choice([4, 1000, 536870912, 2147483646])
        self.put("message", name, "{", "option", "message_set_wire_format", "=", "true", ";")
        self.put("extensions", 4, "to", "max", ";", "}", "extend", name, "{")
        if self.kind == "proto2":
            self.put("optional")
        self.reference(self.rng.choice(self.messages))
        self.put(self.field_name(), "=", number, ";", "}")

    def extend(self):
        name, number = self.rng.choice(self.extensible)
        self.extensible.remove((name, number))
        self.put("extend")
        self.reference(name)
        self.put("{")
        for i in range(self.rng.randint(1, 3)):
            self.field(number + i, extension=True)
        self.put("}")

    def file(self):
        if self.kind in EDITIONS:
            self.put("edition", "=", f'"{self.kind}"', ";")
        elif self.kind == "proto3" or self.chance(0.7):
            self.put("syntax", "=", f'"{self.kind}"', ";")
        self.package = self.rng.choice(["", "p", "a.b.c"])
        if self.package:
            self.put("package")
            self.dotted(self.package)
            self.put(";")
        for_options = ["option"] * (self.kind in STYLED and self.chance(0.5))
        self.sees_types = not for_options
        imports = [["import", *for_options, '"options_base.proto"', ";"]] * self.options
        if self.chance(0.3):
            kinds = [[], ["public"]] + [["weak"]] * (self.kind not in STYLED)
            imports.insert(0, ["import", *self.rng.choice(kinds), '"google/protobuf/any.proto"', ";"])
        if self.cpp:
            imports.insert(0, ["import", '"google/protobuf/cpp_features.proto"', ";"])
        for statement in imports:
            self.put(*statement)
        known = [["java_package", "=", '"j"'], ["go_package", "=", "'g'"], ["optimize_for", "=", "SPEED"],
                 ["deprecated", "=", "false"], ["cc_enable_arenas", "=", "true"]]
        if self.kind == "2026":
            known.pop()  # cc_enable_arenas is no more
        if self.kind in STYLED:
            known.append(["features", ".", "enforce_naming_style", "=", "STYLE_LEGACY"])
            self.put("option", *known.pop(), ";")
        self.statements("file", known)
        self.message()
        for _ in range(self.rng.randint(0, 6)):
            what = self.rng.choice(["message", "message", "enum", "service", "extend", ";", "message_set"])
            if what == "message_set":
                if self.kind != "proto3" and not self.delimited and self.chance(0.4):
                    self.message_set()
            elif what == ";":
                self.put(";")
            elif what == "extend":
                if self.extensible:
                    self.extend()
            else:
                getattr(self, what)()
        return self.tokens


# ---- Layout


def glued(a, b):
    """Would the two become one token, or a mistake?"""
    if a == "." or b == ".":
        return (a + b)[0].isdigit() or (a + b)[-1].isdigit()
    return (a[-1].isalnum() or a[-1] in "_.") and (b[0].isalnum() or b[0] in "_.")


class Layout:
    def __init__(self, seed):
        self.rng = random.Random(seed * 31 + 7)
        self.comments = self.rng.choice([0, 0.05, 0.15, 0.4])
        self.newline = self.rng.choice(["\n", "\n", "\n", "\r\n"])
        self.tabs = self.rng.random() < 0.2
        self.tight = self.rng.random() < 0.15

    def words(self):
        pool = ["note", "TODO", "é", "* star", "a\tb", "/", "# x", "{", "\"q", "end ", ""]
        return " ".join(self.rng.choice(pool) for _ in range(self.rng.randint(0, 4)))

    def line_comment(self):
        return "//" + self.rng.choice(["", " ", "/", "  "]) + self.words() + self.newline

    def block_comment(self):
        lines = [self.words() for _ in range(self.rng.choice([1, 1, 2, 4]))]
        middle = self.newline + self.rng.choice(["", " * ", " *", "\t", "   "])
        body = self.rng.choice(["", "*", " "]) + middle.join(lines)
        while "*/" in body or "/*" in body:
            body = body.replace("*/", "* ").replace("/*", "  ")
        body = " " + body if body[:1] == "/" else body
        return "/*" + body + (" */" if body[-1:] == "/" else self.rng.choice([" */", "*/"]))

    def blank(self):
        space = "\t" if self.tabs and self.rng.random() < 0.5 else " "
        return space * self.rng.choice([1, 1, 2, 4])

    def gap(self, a, b):
        out = ""
        if self.rng.random() < self.comments * (2 if a in (";", "{", "}") else 0.3):
            for _ in range(self.rng.choice([1, 1, 2, 3])):
                out += self.rng.choice([" ", "", self.newline, self.newline * 2, self.blank()])
                if a[-1:] == "/" and not out:
                    out = " "
                out += self.line_comment() if self.rng.random() < 0.6 else self.block_comment()
        if a in (";", "{", "}"):
            out += self.newline * self.rng.choice([0, 1, 1, 1, 2]) if not self.tight else ""
            out += "" if self.tight else self.blank() * self.rng.choice([0, 1, 2])
        elif not self.tight:
            out += self.rng.choice(["", " ", " ", " ", self.blank(), self.newline])
        if not out and (glued(a, b) or (a[-1] in "/\"'" and b[0] in "/*") or a[-1] + b[0] in ("//", "/*")):
            out = " "
        return out

    def lay_out(self, tokens):
        text = self.gap(";", tokens[0])
        if self.rng.random() < 0.05:
            text = "\ufeff" + text
        for a, b in zip(tokens, tokens[1:]):
            text += a + self.gap(a, b)
        return text + tokens[-1] + self.gap(";", "x")


def generate(seed):
    return Layout(seed).lay_out(Generator(seed).file())


if __name__ == "__main__":
    sys.stdout.write(generate(int(sys.argv[1])))
