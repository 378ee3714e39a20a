"""stele print at the command line: inputs, where the text goes, refusals. What the text says is looked at
in tests/oracle/test_print.py."""
import subprocess

import pytest
from conftest import STELE

A = '// The file.\nsyntax = "proto3";\n\npackage p;\n\nimport "b.proto";\n\n// A.\nmessage A {\n  B b = 1; // b\n}\n'
B = 'syntax = "proto3";\n\npackage p;\n\nmessage B {}\n'


def stele(folder, *words):
    done = subprocess.run([STELE, *words], cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "a.proto").write_text(A)
    (tmp_path / "b.proto").write_text(B)
    assert stele(tmp_path, "build", "-I", ".", "--include-imports", "--include-source-info", "-o",
                 "set.binpb", "a.proto") == (0, "", "")
    return tmp_path


def test_one_file(tree):
    assert stele(tree, "print", "a.proto") == (0, A, "")
    assert stele(tree, "print", "set.binpb", "--path", "a.proto") == (0, A, "")
    bare = A.replace("// The file.\n", "").replace("// A.\n", "").replace(" // b", "")
    assert stele(tree, "print", "--no-comments", "a.proto") == (0, bare, "")


def test_forms(tree):
    code, out, _ = stele(tree, "print", "--form", "canonical", "a.proto")
    assert code == 0 and 'package p;\n\nimport "b.proto";\n\n// A.\nmessage A {\n' in out
    code, out, _ = stele(tree, "print", "--form", "normalised", "a.proto")
    assert code == 0 and "  .p.B b = 1; // b\n" in out


def test_folder(tree):
    assert stele(tree, "print", "set.binpb", "-o", "out/x") == (0, "", "")
    assert (tree / "out/x/a.proto").read_text() == A
    assert (tree / "out/x/b.proto").read_text() == B
    assert stele(tree, "format", "--check", "out") == (0, "", "")


def test_refusals(tree):
    code, out, err = stele(tree, "print", "set.binpb")
    assert (code, out) == (1, "") and "2 files: name the folder" in err
    code, out, err = stele(tree, "print", "--form", "pretty", "a.proto")
    assert (code, out) == (1, "") and "no form \"pretty\"" in err
    (tree / "a.proto").write_text("message {}\n")
    code, out, err = stele(tree, "print", "a.proto")
    assert (code, out) == (1, "") and "a.proto:1:9: Expected message name." in err


def test_a_name_that_leads_elsewhere(tree):
    """A descriptor's name may be any text; no file is written outside of the folder."""
    name = b"../evil.proto"
    file = b"\x0a" + bytes([len(name)]) + name
    (tree / "evil.binpb").write_bytes(b"\x0a" + bytes([len(file)]) + file)
    code, _, err = stele(tree, "print", "evil.binpb", "-o", "out")
    assert code == 1 and err
    assert not (tree / "evil.proto").exists()
