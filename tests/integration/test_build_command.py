"""stele build at the command line: where imports are found, where the set goes, refusals. Its bytes are
compared with protoc's in tests/oracle."""
import gzip
import subprocess

import pytest
from conftest import NPM, STELE

MONEY = 'syntax = "proto3";\nimport "google/type/money.proto";\nmessage M { google.type.Money m = 1; }\n'


def stele(folder, *words, data=None):
    done = subprocess.run([STELE, *words], cwd=folder, input=data, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "m.proto").write_text(MONEY)
    return tmp_path


def test_builtin_files(tree):
    code, with_builtin, err = stele(tree, "build", "-I", ".", "--include-imports", "-o", "-", "m.proto")
    assert (code, err) == (0, "")
    google = NPM / "google-proto-files"
    assert stele(tree, "build", "-I", ".", "-I", google, "--include-imports", "--no-builtin", "-o", "-",
                 "m.proto") == (0, with_builtin, "")
    code, out, err = stele(tree, "build", "-I", ".", "--no-builtin", "-o", "-", "m.proto")
    assert (code, out) == (1, b"")
    assert "google/type/money.proto: File not found." in err
    assert 'm.proto:2:1: Import "google/type/money.proto" was not found or had errors.' in err


def test_a_folder_comes_before_what_is_builtin(tree):
    (tree / "google/type").mkdir(parents=True)
    (tree / "google/type/money.proto").write_text('syntax = "proto3";\npackage google.type;\nmessage Money {}\n')
    code, out, err = stele(tree, "build", "-I", ".", "--include-imports", "-o", "-", "m.proto")
    assert (code, err) == (0, "") and b"currency_code" not in out


def test_where_the_set_goes(tree):
    code, out, err = stele(tree, "build", "-I", ".", "-o", "-", "m.proto")
    assert (code, err) == (0, "") and out[2:11] == b"\n\x07m.proto"
    assert stele(tree, "build", "-I", ".", "-o", "set.binpb", "m.proto") == (0, b"", "")
    assert (tree / "set.binpb").read_bytes() == out
    (tree / "set.binpb.gz").write_bytes(gzip.compress(out))
    assert stele(tree, "build", "-o", "-", "set.binpb.gz") == (0, out, "")
    code, _, err = stele(tree, "build", "-I", ".", "-o", "nowhere/set.binpb", "m.proto")
    assert code == 1 and "nowhere/set.binpb" in err


def test_an_argument_file(tree):
    (tree / "files").write_text("m.proto\n")
    assert stele(tree, "build", "-I", ".", "-o", "-", "@files") == stele(tree, "build", "-I", ".", "-o", "-", "m.proto")


def test_nothing_is_written_when_a_file_is_wrong(tree):
    (tree / "set.binpb").write_bytes(b"before")
    (tree / "m.proto").write_text("message M { int32 a = 1; }\n")
    code, out, err = stele(tree, "build", "-I", ".", "-o", "set.binpb", "--error-format", "protoc", "m.proto")
    assert (code, out) == (1, b"") and 'm.proto:1:13: Expected "required", "optional", or "repeated".' in err
    assert (tree / "set.binpb").read_bytes() == b"before"


@pytest.mark.parametrize("words, said", [
    (["m.proto"], "where to?"), (["-o", "-"], "FILE"), (["-o", "-", "-j", "x", "m.proto"], "jobs"),
    (["-o", "-", "--error-format", "loud", "m.proto"], "loud"), (["-o", "-", "nothing.proto"], "nothing.proto"),
    (["--no-such", "m.proto"], "no-such")])
def test_mistakes_at_the_command_line(tree, words, said):
    code, out, err = stele(tree, "build", *words)
    assert code != 0 and out == b"" and said in err, err
