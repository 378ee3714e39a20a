"""Folders, configurations and flags: what `stele lint` and `stele breaking` are compared with buf on.

A case is a label, the files of a folder, and the words after the program's name. tools/oracle_config
runs buf 1.75 on each and writes what it said to tests/oracle/config/recorded.json;
test_config.py holds Stele to that, and a few cases to the buf that is installed.
"""
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NPM = Path(os.environ.get("STELE_NPM", ROOT / ".deps/npm/node_modules"))
BUF = next((path for name in ("linux-x64", "linux-aarch64")
            if (path := NPM / f"@bufbuild/buf-{name}/bin/buf").exists()), NPM / "@bufbuild/buf-linux-x64/bin/buf")
RECORDED = Path(__file__).parent / "config/recorded.json"

A = 'syntax = "proto3";\npackage a.v1;\nmessage foo { string Bar = 1; }\n'
B = A.replace("a.v1", "b.v1").replace("foo", "bar")
SERVICE = A + "service S { rpc Get(foo) returns (foo); }\n"
COMMENTED = 'syntax = "proto3";\npackage a.v1;\n// buf:lint:ignore MESSAGE_PASCAL_CASE\nmessage foo {}\n'
REQUIRED = 'syntax = "proto2";\npackage a.v1;\nmessage Foo { required int32 a = 1; }\n'
NEW_A = 'syntax = "proto3";\npackage a.v1;\nimport "b/v1/b.proto";\nmessage Foo { string bar = 1; b.v1.Bar b = 2; }\n'
OLD_A = ('syntax = "proto3";\npackage a.v1;\nimport "b/v1/b.proto";\n'
         'message Foo { string baz = 1; int32 z = 3; b.v1.Bar b = 2; }\n')
NEW_B = 'syntax = "proto3";\npackage b.v1;\nmessage Bar { string bar = 1; }\n'
OLD_B = NEW_B.replace("string", "int32")
V2_XY = "version: v2\nmodules:\n  - path: x\n  - path: y\n"
PROTO_VENDOR = "version: v2\nmodules:\n  - path: proto\n  - path: vendor\n"
FORMS = ["text", "json", "msvs", "junit", "github-actions", "gitlab-code-quality", "config-ignore-yaml"]

CASES = {}


def case(label, files, *words):
    assert label not in CASES, label
    CASES[label] = (files, list(words))


def lint(label, files, *words):
    case(f"lint: {label}", files, "lint", *words)


def breaking(label, files, *words):
    case(f"breaking: {label}", files, "breaking", *words)


def one(config):
    return {"buf.yaml": config, "a/v1/a.proto": A}


def two(config, **more):
    return {"buf.yaml": config, "proto/a/v1/a.proto": A, "vendor/b/v1/b.proto": B, **more}


# ---- rules and what is left out of them ----

lint("no configuration", {"a/v1/a.proto": A})
lint("no configuration is v1", {"a/v1/a.proto": REQUIRED})
lint("no configuration has no comment ignores", {"a/v1/a.proto": COMMENTED})
for version in ("v1beta1", "v1", "v2"):
    lint(f"{version}, nothing said", one(f"version: {version}\n"))
    lint(f"{version}, required", {"buf.yaml": f"version: {version}\n", "a/v1/a.proto": REQUIRED})
    lint(f"{version}, comment ignores", {"buf.yaml": f"version: {version}\n", "a/v1/a.proto": COMMENTED})
    for category in ("MINIMAL", "BASIC", "STANDARD", "COMMENTS", "UNARY_RPC"):
        lint(f"{version}, {category}", {"buf.yaml": f"version: {version}\nlint:\n  use: [{category}]\n",
                                        "a/v1/a.proto": SERVICE})
    lint(f"{version}, all but a category",
         one(f"version: {version}\nlint:\n  use: [STANDARD]\n  except: [BASIC]\n"))
    lint(f"{version}, DEFAULT", one(f"version: {version}\nlint:\n  use: [DEFAULT]\n"))
lint("v1beta1, FILE_LAYOUT and STYLE_BASIC", one("version: v1beta1\nlint:\n  use: [FILE_LAYOUT, STYLE_BASIC]\n"))
lint("v1, comments allowed", {"buf.yaml": "version: v1\nlint:\n  allow_comment_ignores: true\n",
                              "a/v1/a.proto": COMMENTED})
lint("v2, comments not allowed", {"buf.yaml": "version: v2\nlint:\n  disallow_comment_ignores: true\n",
                                  "a/v1/a.proto": COMMENTED})
lint("a category and a rule of it", one("version: v2\nlint:\n  use: [BASIC, FIELD_LOWER_SNAKE_CASE]\n"))
lint("one rule", one("version: v2\nlint:\n  use: [FIELD_LOWER_SNAKE_CASE]\n"))
lint("use is empty", one("version: v2\nlint:\n  use:\n"))
lint("lint is empty", one("version: v2\nlint:\n"))
lint("builtin off", one("version: v2\nlint:\n  disable_builtin: true\n"))
lint("ignore a file", one("version: v2\nlint:\n  ignore: [a/v1/a.proto]\n"))
lint("ignore a folder", one("version: v2\nlint:\n  ignore: [a]\n"))
lint("ignore, not normal", one("version: v2\nlint:\n  ignore: [./a/v1/]\n"))
lint("ignore all", one("version: v2\nlint:\n  ignore: [.]\n"))
lint("ignore what is not there", one("version: v2\nlint:\n  ignore: [b]\n"))
lint("ignore twice", one("version: v2\nlint:\n  ignore: [a, a]\n"))
lint("ignore nested", one("version: v2\nlint:\n  ignore: [a, a/v1]\n"))
lint("ignore outside", one("version: v2\nlint:\n  ignore: [../a]\n"))
lint("ignore_only", one("version: v2\nlint:\n  ignore_only:\n    FIELD_LOWER_SNAKE_CASE: [a/v1/a.proto]\n"))
lint("ignore_only a category", one("version: v2\nlint:\n  ignore_only:\n    BASIC: [a]\n"))
lint("ignore_only all", one("version: v2\nlint:\n  ignore_only:\n    BASIC: [.]\n"))
lint("ignore_only what is off",
     one("version: v2\nlint:\n  use: [MINIMAL]\n  ignore_only:\n    FIELD_LOWER_SNAKE_CASE: [a]\n"))
lint("options", {"buf.yaml": "version: v2\nlint:\n  service_suffix: API\n  rpc_allow_same_request_response: true\n"
                             "  enum_zero_value_suffix: _NONE\n",
                 "a/v1/a.proto": SERVICE + "enum E { E_NONE = 0; }\n"})
lint("suffixes by default", {"buf.yaml": "version: v2\n", "a/v1/a.proto": SERVICE + "enum E { E_NONE = 0; }\n"})
lint("yes is true", one("version: v2\nlint:\n  rpc_allow_same_request_response: yes\n"))

# ---- mistakes in the file ----

for label, text in {
    "no version": "lint:\n  use: [BASIC]\n", "empty": "", "v3": "version: v3\n", "a number": "version: 1\n",
    "an unknown key": "version: v2\nfoo: 1\n", "an unknown rule": "version: v2\nlint:\n  use: [FOO]\n",
    "an unknown exception": "version: v2\nlint:\n  except: [FOO]\n",
    "an unknown rule in ignore_only": "version: v2\nlint:\n  ignore_only:\n    FOO: [a]\n",
    "a text for a list": "version: v2\nlint:\n  use: BASIC\n", "broken YAML": "version: v2\nlint: [\n",
    "v1 with v2's key": "version: v1\nlint:\n  disallow_comment_ignores: true\n",
    "v2 with v1's key": "version: v2\nlint:\n  allow_comment_ignores: true\n",
    "a number for a switch": "version: v2\nlint:\n  rpc_allow_same_request_response: 1\n",
    "ignore_only nested": "version: v2\nlint:\n  ignore_only:\n    BASIC: [a, a/v1]\n",
    "a bad dep": "version: v2\ndeps: [foo]\n", "a dep twice": "version: v1\ndeps: [r.io/a/b, 'r.io/a/b:x']\n",
    "a bad name": "version: v2\nname: foo\n", "roots in v1": "version: v1\nbuild:\n  roots: [a]\n",
    "all excepted": "version: v2\nlint:\n  use: [BASIC]\n  except: [BASIC]\n",
}.items():
    lint(f"mistake: {label}", one(text))

# ---- modules ----

lint("modules", two(PROTO_VENDOR))
lint("modules, rules at the top", two(PROTO_VENDOR + "lint:\n  use: [MINIMAL]\n"))
lint("modules, one with its own", two("version: v2\nmodules:\n  - path: proto\n    lint:\n      use: [MINIMAL]\n"
                                      "  - path: vendor\nlint:\n  except: [FIELD_LOWER_SNAKE_CASE]\n"))
lint("modules, its own does not inherit ignores",
     two("version: v2\nmodules:\n  - path: proto\n    lint:\n      use: [BASIC]\n  - path: vendor\n"
         "lint:\n  ignore: [proto, vendor]\n"))
lint("modules, ignore in one", two("version: v2\nmodules:\n  - path: proto\n    lint:\n"
                                   "      ignore: [proto/a]\n  - path: vendor\n"))
lint("modules, ignore relative to it", two("version: v2\nmodules:\n  - path: proto\n    lint:\n"
                                           "      ignore: [a]\n  - path: vendor\n"))
lint("modules, ignore elsewhere at the top", two(PROTO_VENDOR + "lint:\n  ignore: [nowhere]\n"))
lint("modules, ignore a folder above one", {**two("version: v2\nmodules:\n  - path: proto/a\n  - path: vendor\nlint:\n  ignore: [proto]\n")})
lint("modules, ignore_only a folder above one",
     two("version: v2\nmodules:\n  - path: proto/a\n  - path: vendor\nlint:\n  ignore_only:\n    BASIC: [proto]\n"))
lint("modules, ignore_only all of one", two(PROTO_VENDOR + "lint:\n  ignore_only:\n    BASIC: [proto]\n"))
lint("modules, ignore_only all", two(PROTO_VENDOR + "lint:\n  ignore_only:\n    BASIC: [.]\n"))
lint("modules, ignore all at the top", two(PROTO_VENDOR + "lint:\n  ignore: [.]\n"))
lint("modules, ignored and more", two("version: v2\nmodules:\n  - path: proto\n    lint:\n      ignore: [proto, proto/a]\n  - path: vendor\n"))
for label, section in {"{}": "{}", "no rules": "{use: []}", "no paths": "{ignore_only: {}}", "a switch as it is": "{disallow_comment_ignores: false}",
                       "a switch": "{disallow_comment_ignores: true}", "an empty suffix": "{service_suffix: ''}"}.items():
    lint(f"modules, one that says nothing: {label}",
         two(f"version: v2\nmodules:\n  - path: proto\n    lint: {section}\n  - path: vendor\nlint:\n  use: [COMMENTS]\n"))
lint("modules, a full name twice", two("version: v2\nmodules:\n  - path: proto\n    name: r.io/a/b\n  - path: vendor\n    name: r.io/a/b\n"))
lint("modules, one is empty, another is meant", two(PROTO_VENDOR + "  - path: none\n"), "proto")
lint("modules, one is empty, a path of another", two(PROTO_VENDOR + "  - path: none\n"), "--path", "vendor/b")
lint("modules, --exclude-path one that is not meant", two(PROTO_VENDOR), "--path", "vendor/b", "--exclude-path", "proto")
lint("modules, --path within --exclude-path", two(PROTO_VENDOR), "--path", "proto/a/v1", "--exclude-path", "proto/a", "--path", "vendor/b")
lint("modules, --path one of them", two(PROTO_VENDOR), "--path", "proto")
lint("modules, excludes everything", two("version: v2\nmodules:\n  - path: proto\n    excludes: [proto/a]\n"))
lint("modules, includes", two("version: v2\nmodules:\n  - path: vendor\n    includes: [vendor/b]\n"))
lint("modules, excludes", two("version: v2\nmodules:\n  - path: vendor\n    excludes: [vendor/c]\n",
                              **{"vendor/c/v1/c.proto": B.replace("b.v1", "c.v1")}))
lint("modules, missing", two("version: v2\nmodules:\n  - path: nope\n"))
lint("modules, twice", two("version: v2\nmodules:\n  - path: proto\n  - path: proto\n"))
lint("modules, one in another", two("version: v2\nmodules:\n  - path: .\n  - path: vendor\n"))
lint("modules, none listed", two("version: v2\nmodules: []\n"))
lint("modules, outside", two("version: v2\nmodules:\n  - path: ../x\n"))
lint("modules, a name twice", two(PROTO_VENDOR, **{"vendor/a/v1/a.proto": A}))
lint("modules, one of them", two(PROTO_VENDOR), "proto")
lint("modules, inside of one", two(PROTO_VENDOR), "proto/a")
lint("modules, --path", two(PROTO_VENDOR), "--path", "proto/a")
lint("modules, --path a file", two(PROTO_VENDOR), "--path", "vendor/b/v1/b.proto")
lint("modules, --path not there", two(PROTO_VENDOR), "--path", "proto/zz")
lint("modules, --exclude-path", two(PROTO_VENDOR), "--exclude-path", "proto/a")
lint("modules, --exclude-path a module", two(PROTO_VENDOR), "--exclude-path", "proto")
lint("modules, --path the input", two(PROTO_VENDOR), "--path", ".")
lint("modules, --path twice", two(PROTO_VENDOR), "--path", "proto/a", "--path", "vendor/b")
lint("modules, one path both ways", two(PROTO_VENDOR), "--path", "proto/a", "--exclude-path", "proto/a")
lint("modules, --path in one of them", two(PROTO_VENDOR), "proto", "--path", "proto/a")
lint("modules, between", {"buf.yaml": "version: v2\nmodules:\n  - path: m/q\n  - path: n\nlint:\n  use: [COMMENTS]\n",
                          "m/q/a/v1/a.proto": A, "n/b/v1/b.proto": B}, "m")
lint("a folder that is no module", {"buf.yaml": "version: v2\nmodules:\n  - path: q\nlint:\n  use: [MINIMAL]\n",
                                    "q/a.proto": "", "p/a/v1/a.proto": A}, "p")
lint("a file below where we stand does not count",
     {"x/buf.yaml": "version: v2\nlint:\n  use: [MINIMAL]\n", "x/q/a/v1/a.proto": A})
lint("one that imports the other", two(PROTO_VENDOR, **{
    "proto/a/v1/c.proto": 'syntax = "proto3";\npackage a.v1;\nimport "b/v1/b.proto";\nmessage C { b.v1.bar b = 1; }\n'}))
lint("an import that is not used", {"a/v1/a.proto": 'syntax = "proto3";\npackage a.v1;\nimport "a/v1/b.proto";\n',
                                    "a/v1/b.proto": 'syntax = "proto3";\npackage a.v1;\n'})

# ---- older layouts ----

WORK = {"buf.work.yaml": "version: v1\ndirectories: [proto, vendor]\n", "proto/a/v1/a.proto": A,
        "vendor/b/v1/b.proto": B}
lint("work", WORK)
lint("work, one with its own", {**WORK, "vendor/buf.yaml": "version: v1\nlint:\n  use: [MINIMAL]\n"})
lint("work, one folder", WORK, "proto")
lint("work, inside of one", WORK, "proto/a")
lint("work, --path", WORK, "--path", "vendor/b")
lint("work, v2", {**WORK, "buf.work.yaml": "version: v2\ndirectories: [proto]\n"})
lint("work, no folders", {**WORK, "buf.work.yaml": "version: v1\n"})
lint("work, nested", {**WORK, "buf.work.yaml": "version: v1\ndirectories: [proto, proto/a]\n"})
lint("work, itself", {**WORK, "buf.work.yaml": "version: v1\ndirectories: [.]\n"})
lint("work, twice", {**WORK, "buf.work.yaml": "version: v1\ndirectories: [proto, proto]\n"})
lint("work, missing", {**WORK, "buf.work.yaml": "version: v1\ndirectories: [proto, x]\n"})
lint("work, beside buf.yaml", {**WORK, "buf.yaml": "version: v1\n"})
lint("work, --config goes before", WORK, "--config", "version: v1\nlint:\n  use: [MINIMAL]\n")
ROOTS = {"proto/a/v1/a.proto": A, "vendor/b/v1/b.proto": B}
lint("roots", {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, vendor]\n", **ROOTS})
lint("roots, ignore by import path",
     {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, vendor]\nlint:\n  ignore: [a/v1/a.proto]\n", **ROOTS})
lint("roots, ignore by path", {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, vendor]\nlint:\n"
                                           "  ignore: [proto/a]\n", **ROOTS})
lint("roots, excludes", {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, vendor]\n"
                                     "  excludes: [vendor/b]\n", **ROOTS})
lint("roots, nested", {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, proto/a]\n", **ROOTS})
lint("v1 excludes", {"buf.yaml": "version: v1\nbuild:\n  excludes: [proto/a]\n", **ROOTS})
lint("v1 excludes a file", {"buf.yaml": "version: v1\nbuild:\n  excludes: [proto/a/v1/a.proto]\n", **ROOTS})
lint("roots, one of them named", {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, vendor]\nlint:\n  use: [MINIMAL]\n", **ROOTS}, "proto")
lint("roots, one file", {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, vendor]\n", **ROOTS}, "proto/a/v1/a.proto")
lint("roots, --path one of them", {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, vendor]\n", **ROOTS}, "--path", "proto")
lint("roots, twice", {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto, proto]\n", **ROOTS})
lint("roots, an exclude in none", {"buf.yaml": "version: v1beta1\nbuild:\n  roots: [proto]\n  excludes: [vendor]\n", **ROOTS})
lint("work, one file that imports of another",
     {**WORK, "proto/buf.yaml": "version: v1\nlint:\n  use: [MINIMAL]\n",
      "proto/a/v1/c.proto": 'syntax = "proto3";\npackage a.v1;\nimport "b/v1/b.proto";\nmessage C { b.v1.bar b = 1; }\n'}, "proto/a/v1/c.proto")
BELOW = {"proto/buf.yaml": "version: v1\nlint:\n  use: [MINIMAL, FIELD_LOWER_SNAKE_CASE]\n", "proto/a/v1/a.proto": A,
         "other/buf.yaml": "version: v1\nlint:\n  use: [MESSAGE_PASCAL_CASE]\n", "other/b/v1/b.proto": B}
lint("v1 below", BELOW)
lint("v1 below, --path in it", BELOW, "--path", "proto/a")
lint("v1 below, --path a file", BELOW, "--path", "proto/a/v1/a.proto")
lint("v1 below, --path in two", BELOW, "--path", "proto/a", "--path", "other/b")
lint("v1beta1 below, --path in it", {**BELOW, "proto/buf.yaml": "version: v1beta1\n"}, "--path", "proto/a")
lint("v1, builtin off", one("version: v1\nlint:\n  disable_builtin: true\n"))
lint("rules of the other section", one("version: v2\nbreaking:\n  use: [FOO]\n"))
lint("an exception of the other section", one("version: v2\nbreaking:\n  except: [FOO]\n"))
lint("a category of this one in the other section", one("version: v2\nbreaking:\n  use: [BASIC]\n"))
lint("our category in buf's file", one("version: v2\nlint:\n  use: [PLATFORM]\n"))
lint("a rule of ours in buf's file", one("version: v2\nlint:\n  except: [MESSAGE_TENANT_ID]\n"))
lint("our category in the other section", one("version: v2\nbreaking:\n  use: [PLATFORM]\n"))
lint("empty paths", one("version: v2\nlint:\n  ignore: ['']\n"))
lint("nothing in lists", one("version: v2\nlint:\n  use: [~]\n  ignore: [~]\n"))
lint("a rule for no path", one("version: v2\nlint:\n  ignore_only:\n    FOO: []\n"))
lint("buf.mod", {"buf.mod": "version: v1\nlint:\n  use: [MINIMAL]\n", "a/v1/a.proto": A})
lint("v1 above", {"buf.yaml": "version: v1\n", "p/a/v1/a.proto": A}, "p")
lint("v1 within", {"buf.yaml": "version: v1\nlint:\n  use: [MINIMAL]\n", "m/buf.yaml": "version: v1\n",
                   "m/a/v1/a.proto": A}, ".")

lint("v1 within, named", {"buf.yaml": "version: v1\nlint:\n  use: [MINIMAL]\n", "m/buf.yaml": "version: v1\n",
                          "m/a/v1/a.proto": A}, "m")

# ---- --config, single files, what is not there ----

lint("--config, a file", {"x.yaml": "version: v1\nlint:\n  use: [MINIMAL]\n", "a/v1/a.proto": A}, "--config", "x.yaml")
lint("--config, JSON", {"a/v1/a.proto": A}, "--config", '{"version":"v1","lint":{"use":["MINIMAL"]}}')
lint("--config, YAML", {"a/v1/a.proto": A}, "--config", "version: v2")
lint("--config, missing", {"a/v1/a.proto": A}, "--config", "nope.yaml")
lint("--config, empty", {"a/v1/a.proto": A}, "--config", "")
lint("--config, broken", {"a/v1/a.proto": A}, "--config", '{"version":')
lint("--config, modules", {"p/a/v1/a.proto": A}, "--config", '{"version":"v2","modules":[{"path":"p"}]}')
lint("--config goes before", two(PROTO_VENDOR), "--config", '{"version":"v2","lint":{"use":["BASIC"]}}')
lint("one file", two(PROTO_VENDOR), "proto/a/v1/a.proto")
lint("one file, --config of v2", two(PROTO_VENDOR), "proto/a/v1/a.proto", "--config", "version: v2")
lint("one file, --config of v1", two(PROTO_VENDOR), "proto/a/v1/a.proto", "--config", "version: v1")
lint("one file, --config with modules", two(PROTO_VENDOR), "proto/a/v1/a.proto", "--config", PROTO_VENDOR)
lint("one file and its package", two(PROTO_VENDOR, **{"proto/a/v1/b.proto": A.replace("foo", "zoo")}),
     "proto/a/v1/a.proto#include_package_files=true")
lint("one file of no module", {"buf.yaml": "version: v2\nmodules:\n  - path: m\n", "m/a/v1/a.proto": A, "z.proto": A},
     "z.proto")
lint("one file, no configuration", {"a/v1/a.proto": A, "a/v1/b.proto": A.replace("foo", "zoo")}, "a/v1/a.proto")
lint("no folder", two(PROTO_VENDOR), "nope")
lint("no file", two(PROTO_VENDOR), "nope.proto")
lint("no files", {"x.txt": ""})
lint("--path outside", {"a/v1/a.proto": A, "b/v1/b.proto": A}, "a", "--path", "b")
lint("--exclude-path a file", {"a/v1/a.proto": A, "a/v1/b.proto": A.replace("foo", "goo")},
     "--exclude-path", "a/v1/a.proto")
lint("a path with dots", {"a/v1/a.proto": A}, "./a/../")
lint("a hidden folder", {".h/a/v1/b.proto": B.replace("b.v1", "a.v1"), "a/v1/a.proto": A})
lint("a key that is none", {"a/v1/a.proto": A}, "a#foo=1")
lint("a key of another format", {"a/v1/a.proto": A}, "a#subdir=v1")
lint("no form", {"a/v1/a.proto": A}, "--error-format", "foo")

# ---- forms ----

PATHS = {"a/v1/a.proto": 'syntax = "proto3";\nmessage foo { string Bar = 1; }\n',
         "x,y%z<>&'.proto": 'syntax = "proto3";\npackage b;\nmessage foo2 {}\n'}
for form in FORMS:
    lint(f"as {form}", PATHS, "--error-format", form)
    lint(f"nothing as {form}", {"a/v1/a.proto": A}, "--error-format", form, "--config",
         '{"version":"v2","lint":{"use":["PACKAGE_DEFINED"]}}')

# ---- breaking ----

PLAIN = {"new/a/v1/a.proto": NEW_A, "new/b/v1/b.proto": NEW_B, "old/a/v1/a.proto": OLD_A, "old/b/v1/b.proto": OLD_B}
GONE = {**{k: v for k, v in PLAIN.items() if k != "new/b/v1/b.proto"},
        "new/a/v1/a.proto": NEW_A.replace('import "b/v1/b.proto";\n', "").replace("b.v1.Bar b = 2;", "")}
AGAINST = ("new", "--against", "old")
breaking("two folders", PLAIN, *AGAINST)
breaking("against nothing", PLAIN, "new")
breaking("against what is not there", PLAIN, "new", "--against", "nope")
breaking("--path of one side", PLAIN, *AGAINST, "--path", "new/a")
breaking("--path of both sides", PLAIN, *AGAINST, "--path", "new/a", "--path", "old/b")
breaking("--exclude-path", PLAIN, *AGAINST, "--exclude-path", "new/a")
breaking("--exclude-imports", PLAIN, *AGAINST, "--exclude-imports")
breaking("a file is gone", GONE, *AGAINST)
for form in FORMS[:-1]:
    breaking(f"as {form}", GONE, *AGAINST, "--error-format", form)
for category in ("FILE", "PACKAGE", "WIRE_JSON", "WIRE"):
    for version in ("v1beta1", "v1"):
        breaking(f"{version}, {category}", PLAIN, *AGAINST, "--config",
                 json.dumps({"version": version, "breaking": {"use": [category]}}))
    breaking(f"v2, {category}", {**PLAIN, "new/buf.yaml": f"version: v2\nbreaking:\n  use: [{category}]\n"}, *AGAINST)
breaking("v2, CSR", {**PLAIN, "new/buf.yaml": "version: v2\nbreaking:\n  use: [CSR]\n"}, *AGAINST)
breaking("ignore on this side", {**PLAIN, "new/buf.yaml": "version: v1\nbreaking:\n  ignore: [a]\n"}, *AGAINST)
breaking("ignore on the other side", {**PLAIN, "old/buf.yaml": "version: v1\nbreaking:\n  ignore: [a]\n"}, *AGAINST)
breaking("ignore_only", {**PLAIN, "new/buf.yaml": "version: v1\nbreaking:\n  ignore_only:\n    FIELD_SAME_NAME: [a]\n"},
         *AGAINST)
breaking("except", {**PLAIN, "new/buf.yaml": "version: v1\nbreaking:\n  except: [FIELD_SAME_NAME]\n"}, *AGAINST)
breaking("deprecated", {**PLAIN, "new/buf.yaml": "version: v1\nbreaking:\n  use: [FIELD_SAME_LABEL]\n"}, *AGAINST)
breaking("v1's rule in v2", {**PLAIN, "new/buf.yaml": "version: v2\nbreaking:\n  use: [FIELD_SAME_LABEL]\n"}, *AGAINST)
breaking("v2's rule in v1", {**PLAIN, "new/buf.yaml": "version: v1\nbreaking:\n  use: [EXTENSION_NO_DELETE]\n"}, *AGAINST)
breaking("a lint rule", {**PLAIN, "new/buf.yaml": "version: v2\nbreaking:\n  use: [BASIC]\n"}, *AGAINST)
breaking("--against-config", PLAIN, *AGAINST, "--against-config",
         '{"version":"v1","build":{"excludes":["a"]},"breaking":{"use":["WIRE"]}}')
breaking("--config with modules above", PLAIN, *AGAINST, "--config", '{"version":"v2","modules":[{"path":"."}]}')
WS = {"new/buf.yaml": V2_XY, "new/x/a/v1/a.proto": NEW_A, "new/y/b/v1/b.proto": NEW_B,
      "old/buf.yaml": V2_XY, "old/x/a/v1/a.proto": OLD_A, "old/y/b/v1/b.proto": OLD_B}
breaking("modules", WS, *AGAINST)
breaking("modules, one with its own",
         {**WS, "new/buf.yaml": "version: v2\nmodules:\n  - path: x\n    breaking:\n      use: [WIRE]\n  - path: y\n"},
         *AGAINST)
breaking("modules, --exclude-imports", WS, *AGAINST, "--exclude-imports")
breaking("modules, ignore in one", {**WS, "new/buf.yaml": V2_XY + "breaking:\n  ignore: [y/b]\n"}, *AGAINST)
breaking("modules, ignore in one, no imports", {**WS, "new/buf.yaml": V2_XY + "breaking:\n  ignore: [y/b]\n"},
         *AGAINST, "--exclude-imports")
breaking("modules, one is new", {**WS, "new/buf.yaml": V2_XY + "  - path: z\n",
                                 "new/z/c/v1/c.proto": NEW_B.replace("b.v1", "c.v1")}, *AGAINST)
breaking("modules, one is new, one has its own",
         {**WS, "new/buf.yaml": V2_XY + "  - path: z\n    breaking:\n      use: [WIRE]\n",
          "new/z/c/v1/c.proto": NEW_B.replace("b.v1", "c.v1")}, *AGAINST)
breaking("modules, one is gone", {**WS, "new/buf.yaml": "version: v2\nmodules:\n  - path: x\n",
                                  "new/x/b/v1/b.proto": NEW_B}, *AGAINST)
breaking("modules, one renamed", {**WS, "new/buf.yaml": V2_XY.replace("path: y", "path: w"),
                                  "new/w/b/v1/b.proto": NEW_B}, *AGAINST)
breaking("modules against a folder", {"new/buf.yaml": V2_XY, "new/x/a/v1/a.proto": NEW_A, "new/y/b/v1/b.proto": NEW_B,
                                      "old/a/v1/a.proto": OLD_A, "old/b/v1/b.proto": OLD_B}, *AGAINST)
breaking("a folder against modules", {**{k: v for k, v in WS.items() if k.startswith("old")},
                                      "new/a/v1/a.proto": NEW_A, "new/b/v1/b.proto": NEW_B}, *AGAINST)
UNSTABLE = {"n/a.proto": 'syntax = "proto3";\npackage a.v1beta1;\n',
            "o/a.proto": 'syntax = "proto3";\npackage a.v1beta1;\nmessage F {}\n'}
breaking("unstable packages", UNSTABLE, "n", "--against", "o")
breaking("unstable packages ignored", {**UNSTABLE, "n/buf.yaml": "version: v2\nbreaking:\n"
                                                                 "  ignore_unstable_packages: true\n"},
         "n", "--against", "o")
breaking("one file", {"new/b/v1/b.proto": NEW_B, "old/b/v1/b.proto": OLD_B}, "new/b/v1/b.proto", "--against",
         "old/b/v1/b.proto")


# ---- running ----

def lay(folder, files):
    for path, text in files.items():
        target = Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def run(program, words, folder):
    """Exit code and standard output; findings come as JSON unless the words say another form."""
    form = [] if "--error-format" in words else ["--error-format", "json"]
    done = subprocess.run([str(program), *words, *form], cwd=folder, capture_output=True, text=True, check=False,
                          timeout=120)
    return {"code": done.returncode, "out": done.stdout if done.returncode == 100 else ""}, done.stderr


def record(labels=None):
    said = {}
    import tempfile
    for label in labels or CASES:
        with tempfile.TemporaryDirectory() as folder:
            files, words = CASES[label]
            lay(folder, files)
            said[label] = run(BUF, words, folder)[0]
    return said
