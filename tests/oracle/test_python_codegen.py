"""stele generate --python writes what protoc --python_out --pyi_out writes, byte for byte, and the
official runtime takes it, in C and in pure Python.

Whole corpora go through both generators in one run each; tricky files go one by one, since they
define the same names. tests/golden/python/oracle, which the unit tests compare with, is held to
what protoc writes today.
"""
import difflib
import itertools
import os
import subprocess
import sys

import pytest

import corpus

GOLDEN = corpus.ROOT / "tests/golden/python"
CORPORA = {
    "schemas": lambda: ([corpus.SCHEMAS, corpus.GOOGLE], corpus.below(corpus.SCHEMAS)),
    "include": lambda: ([], corpus.below(corpus.INCLUDE)),
    "google": lambda: ([corpus.GOOGLE], corpus.drawn_files()),
}


def protoc(roots, files, folder):
    out = folder / "protoc"
    out.mkdir()
    corpus.run([corpus.PROTOC, *(f"-I{root}" for root in [*roots, corpus.INCLUDE]), f"--python_out={out}",
                f"--pyi_out={out}", corpus.arguments(files, folder)])
    return out


def stele(roots, files, folder, *flags):
    out = folder / "stele"
    dirs = [part for root in [*roots, corpus.INCLUDE] for part in ("-I", root)]
    corpus.run([corpus.STELE, "generate", "--python", *flags, *dirs, "-o", out, corpus.arguments(files, folder)])
    return out


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def compare(want, got):
    """Two folders of generated code, with the first difference as text."""
    assert sorted(got) == sorted(want)
    for name, bytes_wanted in want.items():
        if got[name] == bytes_wanted:
            continue
        lines = difflib.unified_diff(
            bytes_wanted.decode(errors="replace").splitlines(), got[name].decode(errors="replace").splitlines(),
            "protoc", "stele", lineterm="", n=1)
        pytest.fail(f"{name}:\n" + "\n".join(line[:400] for line in itertools.islice(lines, 40)), pytrace=False)


@pytest.mark.parametrize("name", CORPORA)
def test_corpus(name, tmp_path):
    roots, files = CORPORA[name]()
    want = tree(protoc(roots, files, tmp_path))
    assert len(want) == 2 * len(files)
    compare(want, tree(stele(roots, files, tmp_path)))


@pytest.mark.parametrize("path", corpus.below(corpus.OWN))
def test_tricky_file(path, tmp_path):
    compare(tree(protoc([corpus.OWN], [path], tmp_path)), tree(stele([corpus.OWN], [path], tmp_path)))


@pytest.mark.parametrize("path", corpus.below(GOLDEN / "files"))
def test_golden_file_is_protocs(path, tmp_path):
    for name, made in tree(protoc([GOLDEN / "files"], [path], tmp_path)).items():
        assert (GOLDEN / "oracle" / name).read_bytes() == made


def test_no_golden_file_is_left_over():
    assert len(tree(GOLDEN / "oracle")) == 2 * len(corpus.below(GOLDEN / "files"))


EXTENDED = """
message Extended {
  option deprecated = true;
  oneof choice { int32 a = 1 [default = -5]; string b = 2 [default = "q\\n\\"'\u00e9"]; }
  optional float f = 3 [default = 1.5e10];
  optional double positive = 4 [default = inf];
  optional double negative = 5 [default = -inf];
  optional float none = 6 [default = nan];
  optional bytes bytes = 7 [default = "\\x00\\xff'a"];
  optional uint64 large = 8 [default = 18446744073709551615];
  optional bool yes = 9 [default = true];
  optional double small = 10 [default = 0.1];
  optional Nested.Kind kind = 11 [default = SECOND, deprecated = true];
  repeated Nested.Kind kinds = 12;
  extensions 100 to 200;
  extend Extended { optional int32 inside = 100 [deprecated = true]; repeated Extended more = 101; }
  message Nested {
    enum Kind { FIRST = 0 [deprecated = true]; SECOND = 1; }
    optional group Part = 2 { optional int32 q = 1; }
    map<string, Extended> by_name = 3;
    required int32 must = 4;
  }
}
enum OfFile { option deprecated = true; ONE = 1; }
extend Extended { optional OfFile outside = 110 [deprecated = true]; repeated string texts = 112; }
service Service { option deprecated = true; rpc Call(Extended) returns (stream Extended); }
"""


def test_descriptor_proto_with_everything(tmp_path):
    """The file whose module spells its descriptors out, with elements that the real one lacks."""
    path = "google/protobuf/descriptor.proto"
    root = tmp_path / "root"
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text((corpus.INCLUDE / path).read_text() + EXTENDED)
    compare(tree(protoc([root], [path], tmp_path)), tree(stele([root], [path], tmp_path)))


# ---- the runtime takes it ----

EXAMPLE = """
from common.tick_data_pb2 import BatchTickData, TickData
batch = BatchTickData(); tick = TickData(); tick.symbol = "EURUSD"; tick.bid = 1.08945; batch.ticks.append(tick)
assert BatchTickData.FromString(batch.SerializeToString()) == batch
"""

ROUND_TRIP = """
import importlib, pathlib, sys
from google.protobuf import descriptor_pb2, json_format, message_factory
from google.protobuf.internal import api_implementation
assert api_implementation.Type() == sys.argv[2], api_implementation.Type()
count = 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*_pb2.py")):
    name = str(path.relative_to(sys.argv[1]))[:-3].replace("/", ".")
    module = importlib.import_module(name)
    assert descriptor_pb2.FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb).name
    for message in module.DESCRIPTOR.message_types_by_name.values():
        kind = message_factory.GetMessageClass(message)
        value = kind()
        for field in message.fields:
            if field.message_type is None and not field.is_repeated and field.type == field.TYPE_STRING:
                setattr(value, field.name, field.name)
        assert kind.FromString(value.SerializeToString()) == value
        assert json_format.Parse(json_format.MessageToJson(value), kind()) == value
        count += 1
print(count)
"""


def python(code, *arguments, path, implementation):
    env = dict(os.environ, PYTHONPATH=str(path), PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=implementation,
               PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], env=env, capture_output=True,
                          check=False, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    roots, files = CORPORA["schemas"]()
    return stele(roots, files, tmp_path_factory.mktemp("python"), "--include-imports")


@pytest.mark.parametrize("implementation", ["upb", "python"])
def test_example(generated, implementation):
    python(EXAMPLE, path=generated, implementation=implementation)


@pytest.mark.parametrize("implementation", ["upb", "python"])
def test_round_trip(generated, implementation):
    count = int(python(ROUND_TRIP, generated, implementation, path=generated, implementation=implementation))
    assert count > 100
