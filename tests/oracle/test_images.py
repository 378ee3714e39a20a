"""Images in each form that buf writes: `stele lint` and `stele breaking` find in them what buf finds in the same
bytes, and `stele build` makes one set of descriptors of all of them."""
import gzip
import json
import subprocess

import pytest

from config_cases import BUF, lay
from corpus import PROTOC, STELE

CONFIG = "version: v2\nlint:\n  use: [STANDARD, COMMENTS]\nbreaking:\n  use: [FILE, WIRE]\n"
OPTIONS = """package a.v1;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { optional string tag = 50001; optional Deep deep = 50002; }
message Deep { optional string x = 1; repeated int32 y = 2; optional double d = 3; optional bytes b = 4; }
"""
FEATURES = """edition = "2023";
package a.v1;
import "google/protobuf/cpp_features.proto";
import "a/v1/options.proto";
import "a/v1/unused.proto";
// Says something.
message M {
  string bad_Name = 1 [(tag) = "x", (deep) = {x: "q" y: [1, 2] d: inf b: "\\xff\\x00"}];
  int32 b = 2 [features.field_presence = IMPLICIT];
  map<string, M> m = 3;
  string s = 4 [features.(pb.cpp).string_type = VIEW];
}
enum E { E_ONE = 0; E_LOW = -1; }
"""
UNUSED = 'syntax = "proto2";\npackage a.v1;\nmessage U { optional double d = 1 [default = nan]; optional bytes by = 2 [default = "\\001\\377"]; extensions 100 to max; }\n'
NEW = {"buf.yaml": CONFIG, "a/v1/options.proto": OPTIONS, "a/v1/features.proto": FEATURES, "a/v1/unused.proto": UNUSED}
OLD = {**NEW, "a/v1/features.proto": FEATURES.replace("string s = 4 [features.(pb.cpp).string_type = VIEW]", "string s = 4")
       .replace("map<string, M> m", "map<int32, M> m"), "a/v1/unused.proto": UNUSED.replace("nan", "1.5")}
PLAIN = {"buf.yaml": CONFIG, "a/v1/unused.proto": UNUSED, "b/v1/b.proto": 'syntax = "proto3";\npackage b.v1;\nimport "a/v1/unused.proto";\nmessage lower { int64 true = 1; }\n'}
FORMS = ["binpb", "json", "txtpb", "json.gz", "txtpb.zst", "binpb.zst"]


def run(program, words, folder, stdin=None):
    done = subprocess.run([str(program), *words], cwd=folder, capture_output=True, input=stdin, timeout=120, check=False)
    errors = done.stderr.decode()
    assert "Sanitizer" not in errors and "runtime error" not in errors, errors
    return done.returncode, done.stdout.decode(), errors


def same(words, folder, stdin=None):
    """What both say, less their words about what they cannot do."""
    want, got = run(BUF, words, folder, stdin), run(STELE, words, folder, stdin)
    assert got[:2] == want[:2], (want, got)
    return got[1]


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    folder = tmp_path_factory.mktemp("images")
    for name, files in (("new", NEW), ("old", OLD), ("plain", PLAIN)):
        lay(folder / name, files)
        for form in FORMS + ["yaml", "yaml.gz"]:
            code, _, errors = run(BUF, ["build", name, "-o", f"{name}.{form}"], folder)
            assert code == 0, errors
    (folder / "buf.yaml").write_text(CONFIG)
    return folder


@pytest.mark.parametrize("form", FORMS)
def test_lint_and_breaking(images, form):
    found = same(["lint", f"new.{form}", "--error-format", "json"], images)
    assert '"IMPORT_USED"' in found and '"COMMENT_ENUM"' in found and '"SYNTAX_SPECIFIED"' in found
    found = same(["breaking", f"new.{form}", "--against", f"old.{form}", "--error-format", "json"], images)
    assert all(f'"{rule}"' in found for rule in ("FIELD_SAME_CPP_STRING_TYPE", "FIELD_SAME_DEFAULT", "FIELD_SAME_TYPE"))


@pytest.mark.parametrize("form", ["yaml", "yaml.gz"])
def test_yaml(images, form):
    """buf reads no custom options in YAML, not even those that it wrote."""
    assert "MESSAGE_PASCAL_CASE" in same(["lint", f"plain.{form}", "--error-format", "json"], images)
    assert run(STELE, ["lint", f"new.{form}"], images)[:2] == run(BUF, ["lint", "new.binpb"], images)[:2]


@pytest.mark.parametrize("form", ["binpb", "json", "txtpb", "yaml"])
def test_standard_input(images, form):
    for stdin, more in ((images / f"plain.{form}").read_bytes(), ""), (gzip.compress((images / f"plain.{form}").read_bytes()),
                                                                      ",compression=gzip"):
        same(["lint", f"-#format={form}{more}", "--error-format", "json"], images, stdin)


def test_what_protoc_leaves_out(tmp_path):
    """Style and visibility are told by options for the source alone: a set that protoc wrote is judged without them."""
    lay(tmp_path, {"a.proto": 'edition = "2024";\npackage a;\noption features.enforce_naming_style = STYLE_LEGACY;\n'
                              'option features.default_symbol_visibility = EXPORT_ALL;\nmessage foo { message In {} string Bar = 1; }\n',
                   "b.proto": 'edition = "2024";\npackage a;\noption features.enforce_naming_style = STYLE_LEGACY;\n'
                              'import "a.proto";\nmessage b { foo.In x = 1; }\n',
                   "none.proto": 'edition = "2024";\nmessage None {}\n', "buf.yaml": "version: v2\nlint:\n  use: [BASIC]\n"})
    subprocess.run([str(PROTOC), "-I.", "--include_source_info", "-o", "set.binpb", "a.proto", "b.proto", "none.proto"], cwd=tmp_path, check=True)
    assert "MESSAGE_PASCAL_CASE" in same(["lint", "set.binpb", "--error-format", "json"], tmp_path)
    assert same(["breaking", "set.binpb", "--against", "set.binpb"], tmp_path) == ""
    assert run(STELE, ["semver", ".", "set.binpb"], tmp_path)[1].startswith("patch")
    assert run(STELE, ["diff", ".", "set.binpb"], tmp_path)[1] == "no differences\n"
    text = (tmp_path / "a.proto").read_text().replace("EXPORT_ALL", "LOCAL_ALL")
    (tmp_path / "a.proto").write_text(text)
    assert "is not visible from" in run(STELE, ["lint", "."], tmp_path)[1]


def test_forms_by_name(images):
    (images / "named").write_bytes((images / "plain.txtpb").read_bytes())
    same(["lint", "named#format=txtpb"], images)
    (images / "packed").write_bytes(gzip.compress((images / "plain.json").read_bytes()))
    same(["lint", "packed#format=jsongz"], images)


@pytest.mark.parametrize("name", ["new", "plain"])
def test_one_set_of_all_forms(images, name):
    sets = set()
    for form in ("binpb", "json", "txtpb", "yaml"):
        words = ["build", f"{name}.{form}", "--include-imports", "--include-source-info", "--retain-options", "-o", "-"]
        done = subprocess.run([str(STELE), *words], cwd=images, capture_output=True, check=True)
        sets.add(done.stdout.removesuffix(b"") if form != "binpb" else done.stdout)
    # A binary image keeps fields that nobody declares; they have no name in the other forms.
    assert len(sets) <= 2 and len({len(s) for s in sets}) <= 2
    assert run(STELE, ["build", f"{name}.json", "-o", "set.binpb"], images)[0] == 0
    assert run(STELE, ["breaking", "set.binpb", "--against", f"{name}.binpb"], images)[0] == 0


@pytest.mark.parametrize("name, text, words", [
    ("a.json", "{", "line 1"), ("b.json", '{"file": 3}', '"file"'), ("c.json", "{}", "no files"), ("d.json", "[]", "line 1"),
    ("e.txtpb", "file {", "1:7"), ("f.txtpb", "file: 3", "file[0]"), ("g.yaml", "file: 3", '"file"'), ("h.yaml", "a: [", "line"),
    ("i.json", '{"file": [{"name": "a.proto", "dependency": ["b.proto"]}]}', "b.proto"),
    ("j.json", '{"file": [{"name": "a.proto"}, {"name": "a.proto"}]}', "twice"), ("k.json", "[" * 5000, "line 1"),
    ("l.yaml", "&a [*a]", ""), ("m.json", '{"file": [{"name": "a.proto", "messageType": [{"name": "M"}, {"name": "M"}]}]}', "M"),
    ("n.txtpb", "file { name: \"a.proto\" options { [nobody.knows]: 3 } }", ""),
])
def test_mistakes(tmp_path, name, text, words):
    (tmp_path / name).write_text(text)
    code, out, errors = run(STELE, ["lint", name], tmp_path)
    assert code in (1, 100) and words in out + errors and (out + errors).strip()
    json.dumps(errors)
