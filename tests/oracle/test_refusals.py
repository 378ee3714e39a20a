"""stele build refuses what protoc refuses, in the same words, places and order.

The files in refused/ have many mistakes each, mostly in options; standard error is compared as a
whole, warnings included.
"""
import subprocess

import pytest

import corpus

REFUSED = corpus.ROOT / "tests/oracle/refused"


def say(command):
    done = subprocess.run([str(part) for part in command], cwd=REFUSED, capture_output=True,
                          check=False)
    return done.returncode, done.stderr.decode(errors="replace").splitlines()


@pytest.mark.parametrize("path", corpus.below(REFUSED))
def test_same_words(path):
    dirs = ["-I.", f"-I{corpus.INCLUDE}"]
    want = say([corpus.PROTOC, *dirs, "-o/dev/null", path])
    got = say([corpus.STELE, "build", *dirs, "-o/dev/null", path])
    assert got == want
