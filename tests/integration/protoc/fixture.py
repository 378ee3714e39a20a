"""The files that the command lines of test_protoc.py are about."""
import os
import stat
import subprocess
from pathlib import Path

FILES = {
    "proto/a.proto": 'syntax = "proto3";\npackage a;\nimport "b.proto";\n// Comment on A.\nmessage A {\n  b.B b = 1; // tail\n'
                     '  optional int32 x = 3;\n  reserved 5 to 7;\n  map<string, int32> m = 9;\n}\n',
    "proto/b.proto": 'syntax = "proto3";\npackage b;\nmessage B { string s = 1 [json_name = "other"]; }\n',
    "proto/sub/c.proto": 'syntax = "proto2";\npackage c;\nimport public "a.proto";\nmessage C {\n  required int32 i = 1;\n'
                         '  optional group G = 2 { optional a.A a = 1; }\n  extensions 100 to 199;\n}\n'
                         'extend C { optional string e = 100; }\n',
    "proto/unused.proto": 'syntax = "proto3";\nimport "b.proto";\nimport "sub/c.proto";\nmessage U {}\n',
    "proto/nosyntax.proto": "message N { optional int32 i = 1; }\n",
    "proto/syntax_error.proto": 'syntax = "proto3";\nmessage M {\n  int32 = 1;\n}\nmessage {\n',
    "proto/link_error.proto": 'syntax = "proto3";\nmessage M {\n  Absent a = 1;\n  int32 b = 1;\n}\n',
    "proto/late_error.proto": 'syntax = "proto3";\nmessage M { int32 a = 19001; }\n',
    "proto/imports_bad.proto": 'syntax = "proto3";\nimport "syntax_error.proto";\nmessage I {}\n',
    "proto/imports_absent.proto": 'syntax = "proto3";\nimport "absent.proto";\nmessage I {}\n',
    "proto/imports_odd.proto": 'syntax = "proto3";\nimport "./b.proto";\nimport "sub//c.proto";\nimport "sub/../b.proto";\n'
                               'import "/b.proto";\nimport "sub\\\\c.proto";\nimport "sub";\nmessage I {}\n',
    "proto/imports_locked.proto": 'syntax = "proto3";\nimport "locked.proto";\nmessage I {}\n',
    "proto/locked.proto": 'syntax = "proto3";\nmessage L {}\n',
    "proto/cycle1.proto": 'syntax = "proto3";\nimport "cycle2.proto";\n',
    "proto/cycle2.proto": 'syntax = "proto3";\nimport "cycle1.proto";\n',
    "proto/services.proto": 'syntax = "proto3";\npackage s;\nmessage M {}\nservice S { rpc Get(M) returns (stream M); }\n',
    "proto/generic.proto": 'syntax = "proto3";\npackage g;\noption py_generic_services = true;\nmessage M {}\n',
    "proto/options.proto": 'syntax = "proto2";\npackage o;\nimport "google/protobuf/descriptor.proto";\n'
                           'extend google.protobuf.FieldOptions {\n  optional string note = 50001;\n'
                           '  optional int32 hidden = 50002 [retention = RETENTION_SOURCE];\n}\n'
                           'message O { optional int32 i = 1 [(note) = "n", (hidden) = 4, deprecated = true]; }\n',
    "proto/wkt.proto": 'syntax = "proto3";\npackage w;\nimport "google/protobuf/timestamp.proto";\n'
                       'message W { google.protobuf.Timestamp t = 1; }\n',
    "proto/edition2023.proto": 'edition = "2023";\npackage e23;\nmessage E { int32 i = 1 [features.field_presence = IMPLICIT]; }\n',
    "proto/edition2024.proto": 'edition = "2024";\npackage e24;\nimport option "options.proto";\n'
                               'message E { int32 i = 1 [(o.note) = "n"]; }\n',
    "proto/edition2026.proto": 'edition = "2026";\npackage e26;\nmessage E { int32 i = 1; }\n',
    "proto/features.proto": 'edition = "2023";\npackage my;\nimport "google/protobuf/descriptor.proto";\n'
                            'extend google.protobuf.FeatureSet { F f = 9990; }\nmessage F {\n'
                            '  bool b = 1 [retention = RETENTION_RUNTIME, targets = TARGET_TYPE_FIELD,\n'
                            '    feature_support = { edition_introduced: EDITION_2024 edition_removed: EDITION_UNSTABLE\n'
                            '      removal_error: "x" },\n'
                            '    edition_defaults = { edition: EDITION_LEGACY value: "true" },\n'
                            '    edition_defaults = { edition: EDITION_2026 value: "false" }];\n'
                            '  enum E { U = 0; A = 1; }\n'
                            '  E e = 2 [targets = TARGET_TYPE_FILE, feature_support = { edition_introduced: EDITION_2023 },\n'
                            '    edition_defaults = { edition: EDITION_LEGACY value: "A" }];\n}\n',
    "proto/features_bad.proto": 'edition = "2023";\npackage bad;\nimport "google/protobuf/descriptor.proto";\n'
                                'extend google.protobuf.FeatureSet { F f = 9991; }\nmessage F {\n'
                                '  bool b = 1 [targets = TARGET_TYPE_FIELD, feature_support = { edition_introduced: EDITION_2023 },\n'
                                '    edition_defaults = { edition: EDITION_LEGACY value: "true b: false" }];\n}\n',
    "proto/features_odd.proto": 'edition = "2023";\npackage odd;\nimport "google/protobuf/descriptor.proto";\n'
                                'extend google.protobuf.FeatureSet { repeated F f = 9992; }\nmessage F { int32 i = 1; }\n',
    "proto/features_aimless.proto": 'edition = "2023";\npackage aim;\nimport "google/protobuf/descriptor.proto";\n'
                                    'extend google.protobuf.FeatureSet { F f = 9993; }\nmessage F { bool b = 1; }\n',
    "proto/unstable_types.proto": 'edition = "UNSTABLE";\nmessage M {\n  int32 a = 1 [default = -5];\n  uint64 b = 2 [default = 7];\n'
                                  '  varint32 c = 3;\n  uvarint64 e = 4;\n  zigzag32 f = 5 [default = -3];\n'
                                  '  map<varint32, zigzag64> g = 6;\n  repeated int64 h = 7;\n  oneof o { varint64 k = 10; }\n'
                                  '  extensions 100 to 200;\n}\nextend M { uvarint32 x = 100; uint32 y = 101; }\n',
    "proto/unstable.proto": 'edition = "UNSTABLE";\nmessage E { int32 i = 1; }\n',
    "proto/free.proto": 'syntax = "proto2";\npackage f;\nmessage Free {\n  optional int32 a = 1;\n  optional int32 b = 3;\n'
                        '  reserved 5, 7 to 9;\n  extensions 10 to 20, 100 to max;\n'
                        '  message Nested { message Deep { optional int32 x = 2; } optional int32 y = 1; }\n'
                        '  optional group Grp = 22 { optional int32 a = 1; }\n}\nmessage Empty {}\n'
                        'message LongLongLongLongLongLongLongLongName { optional int32 z = 536870911; }\n',
    "proto/target.proto": 'syntax = "proto2";\npackage t;\nimport "google/protobuf/descriptor.proto";\n'
                          'extend google.protobuf.MessageOptions { optional int32 only_field = 50009 [targets = TARGET_TYPE_FIELD]; }\n'
                          'message T { option (only_field) = 1; }\n',
    "proto/undeclared.proto": 'syntax = "proto2";\npackage u;\nmessage U {\n  extensions 4 to 9 [declaration = {\n    number: 4'
                              ' full_name: ".u.other" type: "int32" }];\n}\nextend U { optional int32 e = 4; optional int32 f = 5; }\n',
    "proto/ü b.proto": 'syntax = "proto3";\nmessage Space {}\n',
    "proto/C:\\x.proto": 'syntax = "proto3";\nmessage Windows {}\n',
    "proto/python-name.v1.proto": 'syntax = "proto3";\npackage py;\nmessage P { int32 class = 1; }\n',
    "proto/folder.proto/x.proto": 'syntax = "proto3";\n',
    "other/b.proto": 'syntax = "proto3";\npackage b;\nmessage B { string s = 1; bool other = 2; }\n',
    "other/d.proto": 'syntax = "proto3";\nimport "b.proto";\nmessage D { b.B b = 1; }\n',
    "odd=dir/o.proto": 'syntax = "proto3";\nmessage Odd {}\n',
    "args/one": "-Iproto\n-oout.binpb\nproto/b.proto\n",
    "args/no_end": "-Iproto\n--descriptor_set_out\nout.binpb\nproto/b.proto",
    "args/empty_line": "-Iproto\n\n-oout.binpb\nproto/b.proto\n",
    "args/spaces": "-Iproto\n-oout.binpb\nproto/ü b.proto\n",
    "args/crlf": "-Iproto\r\n-oout.binpb\r\nproto/b.proto\r\n",
    "args/nested": "-Iproto\n@args/one\n",
    "args/nothing": "",
    "sets/garbage.binpb": b"\x0a\xff\x00garbage",
    "sets/empty.binpb": b"",
    "a_file": "x",
}


def make(root, protoc, include, plugin):
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (root / "inc").symlink_to(include)
    (root / "plugins").mkdir()
    (root / "plugins/protoc-gen-test").symlink_to(plugin)
    (root / "plugins/not_executable").write_text("#!/bin/sh\n")
    (root / "plugins/wrapper").write_text('#!/bin/sh\necho "wrapped $1" >&2\nexec "$@"\n')
    (root / "plugins/wrapper").chmod(0o755)

    def build(name, *arguments):
        subprocess.run([protoc, "-Iproto", "-Iinc", f"-osets/{name}.binpb", *arguments], cwd=root, check=True)

    build("all", "--include_imports", "--include_source_info", "--retain_options", "sub/c.proto", "options.proto",
          "wkt.proto", "services.proto")
    build("ab", "a.proto", "b.proto")
    build("a", "a.proto")
    build("b", "--include_source_info", "b.proto")
    build("edition", "--include_imports", "edition2024.proto")
    (root / "sets/truncated.binpb").write_bytes((root / "sets/ab.binpb").read_bytes()[:-3])
    (root / "proto/locked.proto").chmod(0)
    (root / "sets/locked.binpb").write_bytes((root / "sets/ab.binpb").read_bytes())
    (root / "sets/locked.binpb").chmod(0)
    (root / "locked_args").write_text("-Iproto\n")
    (root / "locked_args").chmod(0)


LINKS = ["proto", "other", "odd=dir", "args", "sets", "inc", "plugins", "a_file", "locked_args"]


def prepare(folder, root):
    """An empty place to run in, with the fixture in sight."""
    folder.mkdir(parents=True)
    for name in LINKS:
        (folder / name).symlink_to(root / name)
    for name in ("out", "out2"):
        (folder / name).mkdir()
        (folder / name).chmod(0o777)
    (folder / "closed").mkdir()
    (folder / "closed").chmod(0o555)
    (folder / "old.txt").write_text("what was here before, and is longer than what comes\n" * 50)
    (folder / "old.txt").chmod(0o666)
    (folder / "link.txt").symlink_to("old.txt")
    folder.chmod(0o777)


def tree(folder):
    """What a run has left behind: files with contents and whether they may be executed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or any(parent.is_symlink() for parent in path.relative_to(folder).parents if str(parent) != "."):
            continue
        if any((folder / part).is_symlink() for part in list(path.relative_to(folder).parents)[:-1]):
            continue
        name = str(path.relative_to(folder))
        found[name] = (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) if path.is_file() else None
    return found


def as_nobody():
    """root may read everything, which would make half of the mistakes impossible."""
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


def plain(path):
    return Path(path).resolve()
