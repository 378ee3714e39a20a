"""stele format at the command line: what it prints, what it writes, how it ends."""
import os
import subprocess

import pytest
from conftest import STELE

GOOD = 'syntax = "proto3";\n\nmessage A {}\n'
BAD = 'syntax="proto3";message A{}'
BROKEN = "message {}\n"


def stele(folder, *words, text=None):
    done = subprocess.run([STELE, "format", *words], cwd=folder, input=text, capture_output=True,
                          text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "good.proto").write_text(GOOD)
    (tmp_path / "sub/bad.proto").write_text(BAD)
    (tmp_path / "other.txt").write_text(BAD)
    return tmp_path


def test_prints(tree):
    assert stele(tree, "sub/bad.proto") == (0, GOOD, "")
    assert stele(tree, ".") == (0, GOOD + GOOD, "")
    assert (tree / "sub/bad.proto").read_text() == BAD


def test_standard_input(tree):
    assert stele(tree, "-", text=BAD) == (0, GOOD, "")
    assert stele(tree, "-", text="") == (0, "", "")
    code, out, err = stele(tree, "--stdin-name", "a/b.proto", "-", text=BROKEN)
    assert (code, out) == (1, "") and "a/b.proto:1:9: Expected message name." in err
    assert stele(tree, "--check", "--stdin-name", "a.proto", "-", text=BAD) == (100, "a.proto\n", "")


def test_check(tree):
    assert stele(tree, "--check", "good.proto") == (0, "", "")
    assert stele(tree, "--check", ".") == (100, "sub/bad.proto\n", "")
    assert stele(tree, "--check", tree) == (100, f"{tree}/sub/bad.proto\n", "")
    assert (tree / "sub/bad.proto").read_text() == BAD


def test_diff(tree):
    code, out, err = stele(tree, "--diff", ".")
    assert (code, err) == (0, "")
    done = subprocess.run(["patch", "-p0", "-o", "-", "sub/bad.proto"], input=out, cwd=tree, text=True,
                          capture_output=True, check=True)
    assert done.stdout == GOOD
    assert out.startswith("--- sub/bad.proto.orig\n+++ sub/bad.proto\n@@ -1 +1,3 @@\n")
    assert stele(tree, "--check", "-d", ".") == (100, out, "")
    assert stele(tree, "-d", "good.proto") == (0, "", "")


def test_write(tree):
    os.utime(tree / "good.proto", ns=(1, 1))
    (tree / "sub/bad.proto").chmod(0o640)
    assert stele(tree, "--write", ".") == (0, "sub/bad.proto\n", "")
    assert (tree / "sub/bad.proto").read_text() == GOOD
    assert (tree / "sub/bad.proto").stat().st_mode & 0o777 == 0o640
    assert (tree / "good.proto").stat().st_mtime_ns == 1
    assert (tree / "other.txt").read_text() == BAD
    assert sorted(path.name for path in tree.rglob("*")) == ["bad.proto", "good.proto", "other.txt", "sub"]
    assert stele(tree, "-w", ".") == (0, "", "")


def test_mistakes_stop_nothing_else(tree):
    (tree / "broken.proto").write_text(BROKEN)
    code, out, err = stele(tree, "--write", ".")
    assert (code, out) == (1, "sub/bad.proto\n")
    assert "broken.proto:1:9: Expected message name." in err
    assert (tree / "broken.proto").read_text() == BROKEN
    assert (tree / "sub/bad.proto").read_text() == GOOD


@pytest.mark.parametrize("words, message", [
    (["--check", "--write", "."], "--check changes nothing"),
    (["--write", "-"], "standard input has no file to write to"),
    (["absent.proto"], "absent.proto"),
    ([], "stele format"),
])
def test_refusals(tree, words, message):
    code, out, err = stele(tree, *words)
    assert (code, out) == (1, "") and message in err
    assert (tree / "sub/bad.proto").read_text() == BAD
