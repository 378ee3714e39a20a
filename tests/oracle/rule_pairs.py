"""Random modules, each in an older and a newer state, to be judged by Stele and by buf.

    pair = rule_pairs.pair(seed, folder)          {"old": {path: text}, "new": {path: text}, "words": [...]}
    rule_pairs.differences(pair, folder)  what the two say differently, by command; {} when nothing

A module is drawn as a tree of Python values, changed in a few places as people change schemas (and as nobody
should), and printed in an untidy hand. The configuration is drawn as well.
"""
import copy
import json
import os
import random
import re
import shutil
import subprocess
from pathlib import Path

from config_cases import BUF, lay
from corpus import STELE

SCALARS = "int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 float double bool string bytes".split()
KEYS = "int32 int64 uint32 sint64 fixed32 sfixed64 bool string".split()
NAMES = ["id", "name", "Foo", "foo_bar", "fooBar", "FOO", "a1", "a_1", "HTTPServer", "x__y", "_z", "value", "descriptor", "URLs",
         "b2b", "Kind", "kind_of", "type", "msg", "iOS"]
HEADS = ['syntax = "proto3";', 'syntax = "proto2";', 'edition = "2023";', "", 'edition = "2024";']
FILE_OPTIONS = {
    "go_package": ['"x/a"', '"x/b"'], "java_package": ['"com.a"', '"com.b"'], "java_multiple_files": ["true", "false"],
    "csharp_namespace": ['"A"', '"B"'], "php_namespace": ['"A\\\\B"', '"C"'], "ruby_package": ['"A::B"', '"C"'],
    "swift_prefix": ['"A"', '"B"'], "optimize_for": ["SPEED", "CODE_SIZE", "LITE_RUNTIME"], "cc_enable_arenas": ["true", "false"],
    "objc_class_prefix": ['"AA"', '"BB"'], "py_generic_services": ["true", "false"], "java_outer_classname": ['"A"', '"B"'],
    "cc_generic_services": ["true", "false"], "java_generic_services": ["true", "false"], "php_class_prefix": ['"P"', '"Q"'],
    "php_metadata_namespace": ['"M"', '"N"'],
}
LINT_IDS = "MINIMAL BASIC STANDARD COMMENTS UNARY_RPC STABLE_PACKAGE_NO_IMPORT_UNSTABLE".split()
BREAKING_IDS = "FILE PACKAGE WIRE_JSON WIRE CSR".split()
PACKAGES = ["a.v1", "a.v2", "b.v1beta1", "c", "", "A.v1", "a.b.v1alpha2", "d_e.v1", "a.v1test", "a.v0", "vendor.v1p1beta1"]
LINT_RULES = """MESSAGE_PASCAL_CASE FIELD_LOWER_SNAKE_CASE ENUM_VALUE_PREFIX PACKAGE_DEFINED COMMENT_FIELD ENUM_ZERO_VALUE_SUFFIX
    RPC_REQUEST_RESPONSE_UNIQUE IMPORT_USED SERVICE_SUFFIX PACKAGE_SAME_GO_PACKAGE COMMENT_MESSAGE ENUM_NO_ALLOW_ALIAS
    DIRECTORY_SAME_PACKAGE PACKAGE_DIRECTORY_MATCH SYNTAX_SPECIFIED ONEOF_LOWER_SNAKE_CASE RPC_REQUEST_STANDARD_NAME""".split()
BREAKING_RULES = """FIELD_SAME_TYPE FIELD_NO_DELETE ENUM_VALUE_NO_DELETE FILE_NO_DELETE FIELD_SAME_NAME FIELD_SAME_ONEOF
    MESSAGE_NO_DELETE RPC_NO_DELETE FIELD_SAME_JSON_NAME FIELD_SAME_CARDINALITY FILE_SAME_PACKAGE FIELD_SAME_DEFAULT""".split()


class Draw:
    """A module while it is drawn. Names of types are kept, so that fields can be of them."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.types = []  # (full name, path, "message" or "enum", syntax)
        self.count = 0

    def chance(self, p):
        return self.r.random() < p

    def name(self, style=None):
        self.count += 1
        r = self.r
        style = style or r.choice(["good", "good", "good", "odd"])
        base = r.choice(NAMES)
        return f"{base}{self.count}" if style == "odd" or base[0] == "_" else base.lower().strip("_").replace("__", "_") + f"_n{self.count}"

    def type_name(self):
        self.count += 1
        return self.r.choice(["Thing", "Order", "thing", "GetThing", "HTTPKind", "Foo_Bar", "Trade"]) + str(self.count)

    def comment(self):
        r = self.r
        if self.chance(0.6):
            return []
        rule = r.choice(LINT_RULES)
        return r.choice([["// Says something."], ["//"], [f"// buf:lint:ignore {rule}"], [f"// Words first.", f"// buf:lint:ignore {rule} with words"],
                         ["/* A block. */"], ["/*", f" * buf:lint:ignore {rule}", " */"], ["// detached", ""], [f"//buf:lint:ignore {rule}"],
                         [f"//  buf:lint:ignore   {rule}"], [f"// buf:lint:ignore {rule}", ""], [f"// buf:lint:ignore {rule}", f"// buf:lint:ignore {r.choice(LINT_RULES)}"]])

    # ---- elements ----

    def field(self, file, numbers, in_oneof=False):
        r = self.r
        number = r.choice([n for n in range(1, 30) if n not in numbers])
        numbers.add(number)
        kind = r.choice(SCALARS)
        named = [t for t in self.types if t[0] != "" and (file["head"] != HEADS[0] or t[2] != "enum" or t[3] == HEADS[0])]
        options, label = [], ""
        if named and self.chance(0.3):
            full, path, _, _ = r.choice(named)
            if path != file["path"] and path not in file["imports"]:
                file["imports"][path] = ""
            kind = "." + full
        elif not in_oneof and self.chance(0.12):
            kind = f"map<{r.choice(KEYS)}, {r.choice(SCALARS)}>"
        is_map = kind.startswith("map<")
        if not in_oneof and not is_map:
            if file["head"] in (HEADS[1], HEADS[3]):
                label = r.choice(["optional", "optional", "repeated", "required"])
            elif file["head"] == HEADS[0]:
                label = r.choice(["", "", "optional", "repeated"])
            else:
                label = r.choice(["", "", "repeated"])
        is_scalar = kind in SCALARS
        if self.chance(0.15):
            options.append(["json_name", f'"{self.name("good")}"'])
        if is_scalar and self.chance(0.15) and label != "repeated" and file["head"] != HEADS[0]:
            options.append(["default", {"string": '"a"', "bytes": '"\\001"', "bool": "true", "float": "1.5", "double": "inf"}.get(kind, "7")])
        if self.chance(0.08):
            options.append(["deprecated", "true"])
        if kind.endswith("64") and self.chance(0.2):
            options.append(["jstype", r.choice(["JS_STRING", "JS_NUMBER"])])
        if kind in ("string", "bytes") and self.chance(0.15) and file["head"] != HEADS[4]:
            options.append(["ctype", r.choice(["CORD", "STRING"])])
        if file["head"].startswith("edition"):
            if not in_oneof and label == "" and not is_map and is_scalar and self.chance(0.2) and not any(o[0] == "default" for o in options):
                options.append(["features.field_presence", r.choice(["IMPLICIT", "EXPLICIT", "LEGACY_REQUIRED"])])
            if kind == "string" and self.chance(0.15):
                options.append(["features.utf8_validation", r.choice(["NONE", "VERIFY"])])
            if label == "repeated" and is_scalar and kind not in ("string", "bytes") and self.chance(0.3):
                options.append(["features.repeated_field_encoding", r.choice(["EXPANDED", "PACKED"])])
        return {"what": "field", "label": label, "type": kind, "name": self.name(), "number": number, "options": options, "comment": self.comment()}

    def message(self, file, prefix, depth=0):
        r = self.r
        name = self.type_name()
        full = f"{prefix}.{name}".strip(".")
        m = {"what": "message", "name": name, "body": [], "comment": self.comment(), "full": full}
        numbers = set()
        self.types.append((full, file["path"], "message", file["head"]))
        for _ in range(r.randint(0, 4)):
            m["body"].append(self.field(file, numbers))
        if self.chance(0.35):
            m["body"].append({"what": "oneof", "name": self.name(), "comment": self.comment(),
                              "body": [self.field(file, numbers, True) for _ in range(r.randint(1, 3))]})
        if self.chance(0.25):
            low = r.randint(100, 120)
            m["body"].append({"what": "reserved", "text": r.choice([f"{low}", f"{low} to {low + 5}", f"{low} to max", f"{low}, {low + 3}"]), "kind": "numbers"})
        if self.chance(0.15):
            m["body"].append({"what": "reserved", "text": self.name("good"), "kind": "names"})
        if file["head"] != HEADS[0] and self.chance(0.15):
            m["body"].append({"what": "extensions", "text": r.choice(["1000 to 1010", "1000 to 1999", "1000, 1005 to 1007"])})
            file["extendable"].append((full, 1000))
        if depth < 2 and self.chance(0.3):
            m["body"].append(self.message(file, full, depth + 1))
        if self.chance(0.2):
            m["body"].append(self.enum(file, full))
        if self.chance(0.06):
            m["body"].append({"what": "option", "text": r.choice(["no_standard_descriptor_accessor = true", "deprecated = true"])})
        return m

    def enum(self, file, prefix):
        r = self.r
        name = self.type_name()
        full = f"{prefix}.{name}".strip(".")
        upper = name.upper() if self.chance(0.5) else self.name("odd").upper()
        self.count += 1
        closed = file["head"] in (HEADS[1], HEADS[3])
        first = r.choice([0, 0, 0, 1]) if closed else 0
        alias = self.chance(0.15)
        values = [{"what": "value", "name": f"{upper}{self.count}_{r.choice(['UNSPECIFIED', 'ZERO', 'unknown'])}", "number": first, "comment": self.comment()}]
        for n in r.sample(range(first + 1, 12), r.randint(0, 3)):
            self.count += 1
            values.append({"what": "value", "name": f"{upper}_V{self.count}", "number": n, "comment": self.comment()})
        if alias:
            self.count += 1
            values.append({"what": "value", "name": f"{upper}_ALIAS{self.count}", "number": values[-1]["number"], "comment": []})
        e = {"what": "enum", "name": name, "body": values, "comment": self.comment(), "alias": alias, "full": full}
        if self.chance(0.2):
            e["body"].append({"what": "reserved", "text": r.choice(["50", "50 to 60", "50 to max", "-5 to -1"]), "kind": "numbers"})
        if file["head"].startswith("edition") and self.chance(0.2) and first == 0:
            e["closed"] = True
        self.types.append((full, file["path"], "enum", file["head"] if not e.get("closed") else HEADS[1]))
        return e

    def service(self, file):
        r = self.r
        messages = [t for t in self.types if t[2] == "message"]
        s = {"what": "service", "name": r.choice(["TradeService", "Trades", "tradeService"]) + str(self.count), "body": [], "comment": self.comment()}
        self.count += 1
        for _ in range(r.randint(0, 3)):
            if not messages:
                break
            types = []
            for _ in range(2):
                full, path, _, _ = r.choice(messages)
                if path != file["path"] and path not in file["imports"]:
                    file["imports"][path] = ""
                types.append("." + full)
            if self.chance(0.1):
                types[r.randint(0, 1)] = ".google.protobuf.Empty"
                file["imports"]["google/protobuf/empty.proto"] = ""
            self.count += 1
            s["body"].append({"what": "rpc", "name": r.choice(["Get", "list", "DoIt"]) + str(self.count), "types": types,
                              "streams": [self.chance(0.15), self.chance(0.15)], "comment": self.comment(),
                              "level": r.choice(["", "", "", "NO_SIDE_EFFECTS", "IDEMPOTENT"])})
        return s

    def file(self, path, package):
        r = self.r
        head = r.choice(HEADS[:4]) if not self.chance(0.06) else HEADS[4]
        f = {"path": path, "head": head, "package": package, "imports": {}, "options": [], "body": [], "extendable": [], "comment": self.comment()}
        for name in r.sample(sorted(FILE_OPTIONS), r.choice([0, 0, 1, 2, 4])):
            if name in ("java_multiple_files",) and head == HEADS[4]:
                continue
            f["options"].append([name, r.choice(FILE_OPTIONS[name])])
        if head == HEADS[4]:
            f["options"] += [["features.enforce_naming_style", "STYLE_LEGACY"], ["features.default_symbol_visibility", "EXPORT_ALL"]]
        if head.startswith("edition") and self.chance(0.2):
            f["options"].append(r.choice([["features.enum_type", "CLOSED"], ["features.json_format", "LEGACY_BEST_EFFORT"],
                                          ["features.utf8_validation", "NONE"], ["features.field_presence", "IMPLICIT"]][:3]))
        for _ in range(r.randint(0, 2)):
            f["body"].append(self.enum(f, package))
        for _ in range(r.randint(0, 4)):
            f["body"].append(self.message(f, package))
        if self.chance(0.4):
            f["body"].append(self.service(f))
        if f["extendable"] and self.chance(0.6):
            full, number = r.choice(f["extendable"])
            f["body"].append({"what": "extend", "of": "." + full, "number": number, "type": r.choice(SCALARS), "name": self.name("good"),
                              "label": "optional" if head in (HEADS[1], HEADS[3]) else ""})
        return f

    def module(self):
        r = self.r
        files = []
        for i in range(r.randint(1, 5)):
            package = r.choice(PACKAGES[:4] if self.chance(0.7) else PACKAGES)
            folder = package.replace(".", "/") if self.chance(0.7) else r.choice(["a", "x/y", "."])
            path = os.path.normpath(f"{folder or '.'}/{r.choice(['one', 'Two', 'three_x', 'fourX'])}{i}.proto")
            f = self.file(path, package)
            if files and self.chance(0.25):
                other = r.choice(files)["path"]
                f["imports"].setdefault(other, r.choice(["", "", "public "]))
            if self.chance(0.1):
                f["imports"].setdefault("google/protobuf/timestamp.proto", "")
            files.append(f)
        return files


# ---- changes -----------------------------------------------------------------

def scopes(files):
    for f in files:
        stack = [f["body"]]
        while stack:
            body = stack.pop()
            yield f, body
            for item in body:
                if isinstance(item.get("body"), list) and item["what"] in ("message", "enum", "service", "oneof"):
                    stack.append(item["body"])


def change(draw, files):
    """One change in place; many leave nothing that compiles, and are then drawn anew."""
    r = draw.r
    f, body = r.choice([x for x in scopes(files)])
    kind = r.choice("drop drop rename renumber retype label option move file_option package head swap json default stream comment reserve "
                    "oneof_out oneof_in import add file_move path".split())
    item = r.choice(body) if body else None
    if kind == "drop" and item:
        body.remove(item)
    elif kind == "rename" and item and "name" in item:
        item["name"] += r.choice(["x", "_y", "Z"])
    elif kind == "renumber" and item and isinstance(item.get("number"), int):
        item["number"] = r.choice([item["number"] + 1, 31, 32, item["number"] + 7])
    elif kind == "retype" and item and item["what"] == "field":
        item["type"] = r.choice(SCALARS)
        item["options"] = [o for o in item["options"] if o[0] in ("json_name", "deprecated")]
    elif kind == "label" and item and item["what"] == "field" and not item["type"].startswith("map"):
        item["label"] = r.choice(["optional", "repeated", "required", ""])
    elif kind == "option" and item and item["what"] == "field":
        item["options"] = [o for o in item["options"] if r.random() < 0.5]
    elif kind == "move" and item and item["what"] in ("message", "enum", "service") and len(files) > 1 and body is f["body"]:
        other = r.choice(files)
        body.remove(item)
        other["body"].append(item)
    elif kind == "file_option":
        name = r.choice(sorted(FILE_OPTIONS))
        f["options"] = [o for o in f["options"] if o[0] != name]
        if r.random() < 0.7:
            f["options"].append([name, r.choice(FILE_OPTIONS[name])])
    elif kind == "package":
        f["package"] = r.choice(PACKAGES[:4])
    elif kind == "head":
        f["head"] = r.choice(HEADS[:4])
    elif kind == "swap" and len(body) > 1:
        r.shuffle(body)
    elif kind == "json" and item and item["what"] == "field":
        item["options"] = [o for o in item["options"] if o[0] != "json_name"] + [["json_name", '"other"']]
    elif kind == "stream" and item and item["what"] == "rpc":
        item["streams"][r.randint(0, 1)] ^= True
        item["level"] = r.choice(["", "IDEMPOTENT"])
    elif kind == "comment" and item and "comment" in item:
        item["comment"] = draw.comment()
    elif kind == "reserve" and item and item["what"] in ("field", "value"):
        body.remove(item)
        if r.random() < 0.8:
            body.append({"what": "reserved", "text": str(item["number"]), "kind": "numbers"})
        if r.random() < 0.5:
            body.append({"what": "reserved", "text": item["name"], "kind": "names"})
    elif kind == "oneof_out" and item and item["what"] == "oneof":
        position = body.index(item)
        body[position:position + 1] = item["body"]
    elif kind == "oneof_in" and item and item["what"] == "field" and not item["type"].startswith("map"):
        item["label"] = ""
        body[body.index(item)] = {"what": "oneof", "name": draw.name(), "comment": [], "body": [item]}
    elif kind == "import" and f["imports"]:
        path = r.choice(sorted(f["imports"]))
        f["imports"][path] = r.choice(["", "public "])
    elif kind == "add":
        f["body"].append(draw.message(f, f["package"]))
    elif kind == "file_move":
        f["path"] = os.path.normpath(os.path.join(os.path.dirname(f["path"]), "moved.proto"))
    elif kind == "path" and len(files) > 1:
        files.remove(f)
    return files


# ---- printing ------------------------------------------------------------------

class Printer:
    def __init__(self, seed, file):
        self.r, self.file, self.lines = random.Random(seed), file, []
        self.unit = self.r.choice(["  ", "  ", "\t", "    ", ""])

    def line(self, depth, text, comment=()):
        for row in comment:
            self.lines.append(self.unit * depth + row if row else "")
        self.lines.append(self.unit * depth + text + (self.r.choice([" // after", ""]) if self.r.random() < 0.1 else ""))

    def options(self, options):
        return " [" + self.r.choice([", ", ",\n "]).join(f"{k} = {v}" for k, v in options) + "]" if options else ""

    def field(self, depth, f):
        label = f["label"] + " " if f["label"] else ""
        self.line(depth, f"{label}{f['type']} {f['name']} = {f['number']}{self.options(f['options'])};", f["comment"])

    def item(self, depth, item):
        what = item["what"]
        if what == "field":
            self.field(depth, item)
        elif what == "value":
            self.line(depth, f"{item['name']} = {item['number']};", item["comment"])
        elif what == "reserved":
            quoted = self.file["head"].startswith("edition")
            text = item["text"] if item["kind"] == "numbers" or quoted else f'"{item["text"]}"'
            self.line(depth, f"reserved {text};")
        elif what == "extensions":
            self.line(depth, f"extensions {item['text']};")
        elif what == "option":
            self.line(depth, f"option {item['text']};")
        elif what == "extend":
            label = item["label"] + " " if item["label"] else ""
            self.line(depth, f"extend {item['of']} {{ {label}{item['type']} {item['name']} = {item['number']}; }}")
        elif what == "rpc":
            a, b = (("stream " if s else "") + t for s, t in zip(item["streams"], item["types"]))
            end = f" {{ option idempotency_level = {item['level']}; }}" if item["level"] else ";"
            self.line(depth, f"rpc {item['name']}({a}) returns ({b}){end}", item["comment"])
        else:
            self.line(depth, f"{what} {item['name']} {{", item.get("comment", ()))
            if item.get("alias"):
                self.line(depth + 1, "option allow_alias = true;")
            if item.get("closed"):
                self.line(depth + 1, "option features.enum_type = CLOSED;")
            for inner in item["body"]:
                self.item(depth + 1, inner)
            self.line(depth, "}")

    def text(self):
        f = self.file
        if f["head"]:
            self.line(0, f["head"], f["comment"])
        if f["package"]:
            self.line(0, f"package {f['package']};")
        for path, kind in f["imports"].items():
            self.line(0, f'import {kind}"{path}";')
        for key, value in f["options"]:
            self.line(0, f"option {key} = {value};")
        for item in f["body"]:
            self.item(0, item)
        return "\n".join(self.lines) + "\n"


def rename_types(files):
    """Fields follow types that moved to another package or file."""
    where = {}
    for f in files:
        def walk(body, prefix):
            for item in body:
                if item["what"] in ("message", "enum"):
                    full = f"{prefix}.{item['name']}".strip(".")
                    where[item["full"]] = (full, f["path"])
                    if item["what"] == "message":
                        walk(item["body"], full)
        walk(f["body"], f["package"])
    old_paths = {f["path"] for f in files}
    for f in files:
        def fix(kind):
            full = kind[1:]
            if full not in where:
                return kind
            name, path = where[full]
            if path != f["path"]:
                f["imports"].setdefault(path, "")
            return "." + name
        for _, body in scopes([f]):
            for item in body:
                if item["what"] == "field" and item["type"].startswith("."):
                    item["type"] = fix(item["type"])
                elif item["what"] == "rpc":
                    item["types"] = [fix(t) for t in item["types"]]
                elif item["what"] == "extend":
                    item["of"] = fix(item["of"])
        f["imports"] = {p: k for p, k in f["imports"].items() if p in old_paths or p.startswith("google/")}
        f["imports"].pop(f["path"], None)
    return files


def rules(r, kind, ids, names, files):
    config = {"use": r.sample(ids, r.randint(1, 2))}
    paths = sorted(f["path"] for f in files)
    if r.random() < 0.25:
        config["except"] = r.sample(names, 2)
    if r.random() < 0.15:
        config["ignore"] = [r.choice(paths + [os.path.dirname(p) for p in paths if os.path.dirname(p)])]
    if r.random() < 0.25:
        config["ignore_only"] = {r.choice(names + ids[:4]): [r.choice(paths + [os.path.dirname(p) for p in paths if os.path.dirname(p)])]}
    return config


def configuration(r, files):
    version = r.choice(["v2", "v2", "v1", "v1beta1"])
    lint = rules(r, "lint", LINT_IDS if version == "v2" else ["DEFAULT", "COMMENTS", "UNARY_RPC", "BASIC"], LINT_RULES, files)
    breaking = rules(r, "breaking", BREAKING_IDS if version == "v2" else BREAKING_IDS[:4], BREAKING_RULES if version == "v2" else BREAKING_RULES[:9], files)
    if version == "v1beta1":
        for part in (lint, breaking):
            for key in ("except", "ignore_only"):
                part.pop(key, None)
    if r.random() < 0.2:
        lint["enum_zero_value_suffix"] = "_ZERO"
    if r.random() < 0.2:
        lint["service_suffix"] = "Trades"
    for key in ("rpc_allow_same_request_response", "rpc_allow_google_protobuf_empty_requests", "rpc_allow_google_protobuf_empty_responses"):
        if r.random() < 0.2:
            lint[key] = True
    if version == "v2" and r.random() < 0.2:
        lint["disallow_comment_ignores"] = True
    if version != "v2" and r.random() < 0.5:
        lint["allow_comment_ignores"] = True
    if r.random() < 0.2:
        breaking["ignore_unstable_packages"] = True
    return {"version": version, "lint": lint, "breaking": breaking}


def printed(files, hand):
    return {f["path"]: Printer(hand + i, f).text() for i, f in enumerate(rename_types(copy.deepcopy(files)))}


def compiles(texts, folder):
    """By Stele's word: buf is asked about what is left, and may differ there too."""
    place = Path(folder, "try")
    shutil.rmtree(place, ignore_errors=True)
    lay(place, texts)
    return run(STELE, ["lint", "try", "--config", '{"version":"v2","lint":{"use":["PACKAGE_DEFINED"]}}'], folder)[1].count('"COMPILE"') == 0


def draw_module(draw, hand, folder):
    while True:
        draw.types.clear()
        files = draw.module()
        if len({f["path"] for f in files}) == len(files) and compiles(printed(files, hand), folder):
            return files


def pair(seed, folder):
    draw = Draw(seed)
    hand = draw.r.randint(0, 1 << 30)
    older = draw_module(draw, hand, folder)
    newer = copy.deepcopy(older)
    wanted = draw.r.choice([1, 2, 3, 5, 8, 12])
    for _ in range(4 * wanted):
        changed = copy.deepcopy(newer)
        changed = change(draw, changed) or changed
        texts = printed(changed, hand)
        if changed and len(texts) == len(changed) and texts != printed(newer, hand) and compiles(texts, folder):
            newer = changed
            wanted -= 1
        if not wanted:
            break
    config = json.dumps(configuration(draw.r, newer))
    breaking = ["breaking", "new", "--against", "old"]
    if draw.chance(0.2):
        breaking += ["--exclude-imports"]
    new = printed(newer, hand)
    if draw.chance(0.15):
        breaking += ["--path", "new/" + draw.r.choice(sorted(new))]
    return {"old": printed(older, hand), "new": new, "config": config, "words": [["lint", "new"], breaking]}


def run(program, words, folder):
    done = subprocess.run([str(program), *words, "--error-format", "json"], cwd=folder, capture_output=True, text=True, timeout=120,
                          check=False, env={**os.environ, "HOME": str(folder)})
    return done.returncode, done.stdout, done.stderr


def settled(found):
    """Where packages import each other in several circles, buf names another one each time: the import itself stays."""
    return re.sub(r"(Package import cycle: \S+ -(?:\\u003e|&gt;|>) \S+)( -(?:\\u003e|&gt;|>) [^ \"&]+)+", r"\1", found)


def differences(drawn, folder):
    """{command: (buf's, Stele's)}, and how many of the commands both could judge."""
    shutil.rmtree(Path(folder, "try"), ignore_errors=True)
    for side in ("old", "new"):
        Path(folder, side).mkdir(parents=True, exist_ok=True)
        lay(Path(folder, side), {**drawn[side], "buf.yaml": drawn["config"]})
    found, judged = {}, 0
    for words in drawn["words"]:
        want, got = run(BUF, words, folder), run(STELE, words, folder)
        if "Sanitizer" in got[2] or "runtime error" in got[2]:
            found[" ".join(words)] = (want, got)
        is_compile = '"COMPILE"' in want[1]
        if is_compile or want[0] == 1:
            if (got[0] == 0 or (got[0] == 100 and '"COMPILE"' not in got[1])) and want[0] != 1:
                found[" ".join(words)] = (want, got)
            continue
        judged += 1
        if (want[0], settled(want[1])) != (got[0], settled(got[1])):
            found[" ".join(words)] = (want, got)
    return found, judged
