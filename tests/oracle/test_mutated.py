"""Small files, damaged: both compilers say the same of what is left, or write the same.

Each seed takes a case of tests/golden/diagnostics and changes a few of its tokens. What a change
breaks is anybody's guess, and so it finds what nobody thought of: STELE_MUTATIONS=0:5000 tries more
seeds than the few that every run tries.
"""
import os
import random
import re
import subprocess

import pytest

import corpus

CASES = corpus.ROOT / "tests/golden/diagnostics"
FIRST, LAST = map(int, os.environ.get("STELE_MUTATIONS", "0:120").split(":"))
LARGEST = 5000

TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_]\w*|\d[\w.]*|\s+|.""",
                   re.S)
WORDS = """int32 string bytes double bool message enum optional repeated required oneof map group reserved
    extensions extend option import public weak default json_name packed deprecated features max to stream
    returns rpc service syntax edition true false inf nan export local google.protobuf.Any Foo .Foo - 0 1 -1
    19000 536870912 99999999999 2147483647 0x10 1e3 "x" { } [ ] ( ) < > ; , . =""".split()


def files():
    """Cases of one file, which is all that a mutation can keep whole."""
    for case in sorted(CASES.iterdir()):
        source = case / "in.proto"
        if len(list(case.glob("*.proto"))) == 1 and source.stat().st_size < LARGEST:
            yield source


def is_word(token):
    return not token.isspace() and not token.startswith(("//", "/*"))


def change(tokens, places, draw):
    """One change: a token lost, repeated, replaced, or two exchanged; a run said twice; a number."""
    one, other = draw.choice(places), draw.choice(places)
    kind = draw.randrange(7)
    if kind == 0:
        tokens[one] = ""
    elif kind == 1:
        tokens[one] = tokens[other]
    elif kind == 2:
        tokens[one] = draw.choice(WORDS)
    elif kind == 3:
        tokens[one] += " " + draw.choice(WORDS)
    elif kind == 4:
        tokens[one], tokens[other] = tokens[other], tokens[one]
    elif kind == 5:
        start, end = min(one, other), min(max(one, other), min(one, other) + 30)
        run = "".join(tokens[start:end + 1])
        tokens[start:end + 1] = [run + " " + run] + [""] * (end - start)
    else:
        numbers = [place for place in places if tokens[place].isdigit()]
        if numbers:
            tokens[draw.choice(numbers)] = draw.choice(["0", "1", "2", "5", "-4", "19999", "50000"])


def mutate(text, draw):
    tokens = TOKEN.findall(text)
    places = [i for i, token in enumerate(tokens) if is_word(token)]
    for _ in range(draw.choice([1, 1, 1, 2, 3]) if places else 0):
        change(tokens, places, draw)
    return "".join(tokens)


def say(command, folder):
    """Exit code and words. What protoc logs to itself, and the order of warnings that it has no
    order for, are left out."""
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, check=False)
    lines = done.stderr.decode(errors="replace").splitlines()
    return done.returncode, sorted(line for line in lines if line and not re.match(r"[EFW]\d{4} |WARNING", line))


@pytest.mark.parametrize("seed", range(FIRST, LAST))
def test_mutated(seed, tmp_path):
    draw = random.Random(seed)
    source = draw.choice(list(files()))
    text = source.read_bytes().decode("utf-8", "surrogateescape")
    (tmp_path / "in.proto").write_bytes(mutate(text, draw).encode("utf-8", "surrogateescape"))
    dirs = ["-I.", f"-I{corpus.INCLUDE}"]
    want = say([corpus.PROTOC, *dirs, "--include_source_info", "-owant.binpb", "in.proto"], tmp_path)
    got = say([corpus.STELE, "build", *dirs, "--include-source-info", "-ogot.binpb", "in.proto"], tmp_path)
    assert got == want
    if want[0] == 0:
        assert (tmp_path / "got.binpb").read_bytes() == (tmp_path / "want.binpb").read_bytes()
