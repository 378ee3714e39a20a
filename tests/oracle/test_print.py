"""What `stele print` makes of a descriptor set, protoc compiles again: in the exact form to the same
descriptors, and in every form with each comment at its element."""
import subprocess
from collections import defaultdict

import pytest
from google.protobuf import descriptor_pb2

import corpus
import generator

GENERATED = 15
FORMS = ["exact", "canonical", "normalised"]

# By message: number -> (list, what its elements are); options; statements without elements.
LISTS = {
    "file": {4: ("message_type", "message"), 5: ("enum_type", "enum"), 6: ("service", "service"),
             7: ("extension", "field"), 3: ("dependency", None), 15: ("option_dependency", None)},
    "message": {2: ("field", "field"), 3: ("nested_type", "message"), 4: ("enum_type", "enum"),
                6: ("extension", "field"), 8: ("oneof_decl", "oneof")},
    "enum": {2: ("value", "value")}, "service": {2: ("method", "method")},
    "field": {}, "oneof": {}, "value": {}, "method": {},
}
OPTIONS = {"file": 8, "message": 7, "enum": 3, "service": 3, "field": 8, "oneof": 2, "value": 3, "method": 4}


def key(file, path):
    """The names on the way to an element; a statement that is none is its parent's."""
    at, kind, names, rest = file, "file", [], list(path)
    while rest:
        number = rest[0]
        if number == OPTIONS[kind]:
            return (*names, "option"), False
        if number not in LISTS[kind] or len(rest) < 2:
            return (*names, number), not (kind == "message" or kind == "enum" or number == 7)
        field, below = LISTS[kind][number]
        element = getattr(at, field)[rest[1]]
        if below is None:
            return (*names, field, element), True
        at, kind, rest = element, below, rest[2:]
        names.append((field, at.name))
    return tuple(names), True


def comments(file):
    """Of each element its comments; of statements only the words, whatever their order."""
    elements, words = {}, defaultdict(list)
    for place in file.source_code_info.location:
        detached = [text for text in place.leading_detached_comments]
        texts = [*detached, place.leading_comments, place.trailing_comments]
        if not any(texts):
            continue
        name, is_element = key(file, place.path)
        if is_element:
            assert name not in elements, name
            elements[name] = (place.leading_comments, place.trailing_comments, detached)
        else:
            words[name] += [text.rstrip("\n") for text in texts if text]
    return elements, {name: sorted(texts) for name, texts in words.items()}


def parsed(data):
    return {file.name: file for file in descriptor_pb2.FileDescriptorSet.FromString(data).file}


def bare(file):
    copy = descriptor_pb2.FileDescriptorProto.FromString(file.SerializeToString())
    copy.ClearField("source_code_info")
    return copy.SerializeToString(deterministic=True)


def check(roots, files, form, tmp_path):
    original = corpus.protoc(roots, files, tmp_path, source_info=True, imports=True)
    # With the options for the source, since some let a file be that breaks a rule.
    retained = corpus.protoc(roots, files, tmp_path, source_info=True, imports=True, retain=True)
    (tmp_path / "set.binpb").write_bytes(retained)
    out = tmp_path / form
    done = subprocess.run([corpus.STELE, "print", "--form", form, "-o", out, tmp_path / "set.binpb"],
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    want, got = parsed(original), parsed(corpus.protoc([out], files, tmp_path, source_info=True))
    assert sorted(got) == sorted(files)
    for name in files:
        if form == "exact":
            assert bare(want[name]) == bare(got[name]), name
        assert comments(want[name]) == comments(got[name]), name


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["schemas", "include", "google"])
def test_corpus(name, form, tmp_path):
    roots, files = {"schemas": ([corpus.SCHEMAS, corpus.GOOGLE], corpus.below(corpus.SCHEMAS)),
                    "include": ([], corpus.below(corpus.INCLUDE)),
                    "google": ([corpus.GOOGLE], corpus.drawn_files())}[name]
    check(roots, files, form, tmp_path)


@pytest.mark.parametrize("form", FORMS)
def test_own_files(form, tmp_path):
    for i, name in enumerate(corpus.below(corpus.OWN)):
        (tmp_path / str(i)).mkdir()
        check([corpus.OWN], [name], form, tmp_path / str(i))


@pytest.mark.parametrize("form", FORMS)
def test_generated(form, tmp_path):
    for seed in range(3000, 3000 + GENERATED):
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / "x.proto").write_text(generator.generate(seed), newline="")
        check([folder, corpus.OWN], ["x.proto"], form, folder)


OPTIONS_OUT_OF_ORDER = '''syntax = "proto3";
package acme.sub;
import "google/protobuf/any.proto";
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { int32 low = 50001; repeated int32 high = 50002; }
message M {
  google.protobuf.Any any = 1 [(high) = 2, deprecated = true, (low) = 1];
  message N {}
  acme.sub.M.N n = 2;
}
'''


def test_retained_options_keep_their_order(tmp_path):
    """And a name of another package is whole, though its tail would be found too."""
    (tmp_path / "x.proto").write_text(OPTIONS_OUT_OF_ORDER)
    one = corpus.protoc([tmp_path], ["x.proto"], tmp_path, source_info=False, retain=True)
    (tmp_path / "set.binpb").write_bytes(
        corpus.protoc([tmp_path], ["x.proto"], tmp_path, source_info=False, imports=True, retain=True))
    text = subprocess.run([corpus.STELE, "print", "--path", "x.proto", tmp_path / "set.binpb"],
                          capture_output=True, text=True, check=True).stdout
    assert "  google.protobuf.Any any = 1 [\n" in text and "  N n = 2;\n" in text, text
    (tmp_path / "out").mkdir()
    (tmp_path / "out/x.proto").write_text(text)
    again = corpus.protoc([tmp_path / "out"], ["x.proto"], tmp_path, source_info=False, retain=True)
    assert again == one
