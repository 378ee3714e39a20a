"""The README's tour, executed as written.

A ```console block holds commands ("$ …", continued by a trailing backslash) and what they print;
"…" in the printed text stands for anything, a line that is only "…" for any number of lines. A
```python block is run with generated/python on the path. Blocks run in order, in one tree, against
one registry whose data lies in a folder of the test's own.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def blocks():
    text = (ROOT / "README.md").read_text()
    return re.findall(r"^```(console|python)\n(.*?)^```$", text, re.M | re.S)


def commands(block):
    """Pairs of a command and the text that should follow it."""
    steps = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append([line[2:], []])
        elif steps and steps[-1][0].endswith("\\") and not steps[-1][1]:
            steps[-1][0] += "\n" + line
        else:
            steps[-1][1].append(line)
    return steps


def pattern(lines):
    parts = []
    for line in lines:
        if line.strip() == "…":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(".*?".join(re.escape(piece) for piece in line.split("…")) + r"\n")
    return "".join(parts)


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    data = tmp_path_factory.mktemp("tour")
    made = dict(os.environ, STELE_DATA=str(data), NO_COLOR="1", PYTHONDONTWRITEBYTECODE="1")
    made["PATH"] = os.pathsep.join([str(Path(os.environ["STELE_PROTOC"]).parent), str(ROOT / ".deps/venv/bin"),
                                    made["PATH"]])
    shim = data / "bin"
    shim.mkdir()
    (shim / "protoc").symlink_to(os.environ["STELE_PROTOC"])
    made["PATH"] = str(shim) + os.pathsep + made["PATH"]
    yield made
    subprocess.run(["scripts/server", "--stop"], cwd=ROOT, env=made, check=False)


def test_tour(env):
    ran = 0
    for kind, block in blocks():
        if kind == "python":
            made = subprocess.run([sys.executable, "-c", block], cwd=ROOT, text=True, capture_output=True,
                                  env=dict(env, PYTHONPATH=str(ROOT / "generated/python")), timeout=120)
            assert made.returncode == 0, f"{block}\n{made.stdout}{made.stderr}"
            ran += 1
            continue
        for command, want in commands(block):
            if command.startswith(("git clone", "cd ", "scripts/test")):
                continue  # where we are already, and what runs us
            made = subprocess.run(["bash", "-c", command], cwd=ROOT, env=env, text=True, timeout=1500,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            assert made.returncode in (0, 100), f"$ {command}\n{made.stdout}"
            if want:
                assert re.fullmatch(pattern(want), made.stdout.rstrip("\n") + "\n", re.S), (
                    f"$ {command}\n-- printed\n{made.stdout}\n-- README says\n" + "\n".join(want))
            ran += 1
    assert ran >= 12
