"""What is only written in another way changes nothing: random modules, their statements in another order and layout, and as
descriptors. By hand, many: STELE_STABLE=500 pytest tests/oracle/test_stable.py"""
import copy
import json
import os
import random
import subprocess
import time

import pytest

import rule_pairs
from config_cases import lay
from corpus import STELE

MANY = int(os.environ.get("STELE_STABLE", 3))
FIRST = int(time.strftime("%j")) * 1000
EVERYTHING = '{"version":"v2","breaking":{"use":["FILE","PACKAGE","WIRE_JSON","WIRE","CSR"]}}'
IN_ORDER = ("message", "enum", "service", "rpc")  # Kafka's message indexes and generated code depend on it


def shuffle_values(r, body):
    """The first value stays, and so do those that share a number."""
    numbers = [item["number"] for item in body if item["what"] == "value"]
    rest = body[1:]
    if len(numbers) == len(set(numbers)):
        r.shuffle(rest)
    body[1:] = rest


def shuffled(r, files):
    files = copy.deepcopy(files)
    for file in files:
        file["imports"] = dict(r.sample(sorted(file["imports"].items()), len(file["imports"])))
        r.shuffle(file["options"])
        for _, body in rule_pairs.scopes([file]):
            if any(item["what"] == "value" for item in body):
                shuffle_values(r, body)
                continue
            for item in body:
                r.shuffle(item.get("options", []))
            fixed = iter([item for item in body if item["what"] in IN_ORDER])
            r.shuffle(body)
            body[:] = [next(fixed) if item["what"] in IN_ORDER else item for item in body]
    return files


def stele(folder, *words):
    done = subprocess.run([str(STELE), *words], cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0 and "Sanitizer" not in done.stderr, (words, done.stdout, done.stderr)
    return done.stdout


@pytest.mark.parametrize("seed", range(FIRST, FIRST + MANY))
def test_nothing_changed(seed, tmp_path):
    draw = rule_pairs.Draw(seed)
    hand = draw.r.randint(0, 1 << 30)
    files = rule_pairs.draw_module(draw, hand, tmp_path)
    lay(tmp_path / "old", rule_pairs.printed(files, hand))
    lay(tmp_path / "new", rule_pairs.printed(shuffled(random.Random(seed), files), hand + 1))
    stele(tmp_path, "build", "-I", "new", "new", "-o", "bare.binpb")
    stele(tmp_path, "build", "-I", "new", "new", "--include-source-info", "--retain-options", "-o", "whole.binpb")
    for new in ("new", "bare.binpb", "whole.binpb"):
        assert json.loads(stele(tmp_path, "semver", "old", new, "--json"))["class"] in ("none", "patch")
        assert stele(tmp_path, "breaking", new, "--against", "old", "--config", EVERYTHING) == ""
        parts = [line for line in stele(tmp_path, "diff", "old", new).splitlines() if line.startswith("      ")]
        assert all(part.strip().startswith("documentation:") for part in parts)  # a comment that follows another statement now
        assert "Migrating" not in stele(tmp_path, "changelog", "old", new)
    assert stele(tmp_path, "diff", "old", "bare.binpb") == "no differences\n"
