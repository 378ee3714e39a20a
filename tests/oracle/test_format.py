"""A formatted file means to protoc what the file meant: the same descriptor, and for each element the
same comments, whatever stood where before."""
import shutil
import subprocess

import pytest
from google.protobuf import descriptor_pb2

import corpus
import generator

GENERATED = 40


def comments(file):
    """(path, leading, trailing, detached) of all that have any. A comment that ends the file may
    get the line end that it lacked."""
    found = []
    for place in file.source_code_info.location:
        if place.HasField("leading_comments") or place.HasField("trailing_comments") \
                or place.leading_detached_comments:
            found.append((tuple(place.path), place.leading_comments, place.trailing_comments,
                          tuple(place.leading_detached_comments)))
    return found


def parsed(data):
    return descriptor_pb2.FileDescriptorSet.FromString(data).file


def check(roots, folder, files, tmp_path):
    """Formats a copy of `files` of `folder`; protoc reads both, the imports from `roots`."""
    copy = tmp_path / "formatted"
    for name in files:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, copy / name)
    done = subprocess.run([corpus.STELE, "format", "--write", copy], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    want = parsed(corpus.protoc([folder, *roots], files, tmp_path, source_info=True))
    got = parsed(corpus.protoc([copy, folder, *roots], files, tmp_path, source_info=True))
    assert [file.name for file in want] == [file.name for file in got]
    for before, after in zip(want, got):
        assert comments(before) == comments(after), before.name
        before.ClearField("source_code_info")
        after.ClearField("source_code_info")
        assert before.SerializeToString() == after.SerializeToString(), before.name
    done = subprocess.run([corpus.STELE, "format", "--check", copy], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


@pytest.mark.parametrize("name", ["schemas", "include", "google", "own"])
def test_corpus(name, tmp_path):
    folders = {"schemas": (corpus.SCHEMAS, corpus.below(corpus.SCHEMAS)),
               "include": (corpus.INCLUDE, corpus.below(corpus.INCLUDE)),
               "google": (corpus.GOOGLE, corpus.drawn_files()),
               "own": (corpus.OWN, corpus.below(corpus.OWN))}
    folder, files = folders[name]
    if name != "own":
        check([corpus.GOOGLE], folder, files, tmp_path)
        return
    for i, file in enumerate(files):
        check([], folder, [file], tmp_path / str(i))


def test_generated(tmp_path):
    folder = tmp_path / "generated"
    folder.mkdir()
    names = []
    for seed in range(1000, 1000 + GENERATED):
        names.append(f"{seed}.proto")
        text = generator.generate(seed)
        (folder / names[-1]).write_text(text if text.endswith("\n") else text + "\n", newline="")
    for name in names:
        check([corpus.OWN], folder, [name], tmp_path / name)
