#!/usr/bin/env python3
"""`stele breaking` beside buf 1.75 over npm google-proto-files, from sources: the tree against itself, and a
version of it in which one file of ten was changed against the one before: CPU, wall time, peak memory; and
whether both found the same. Then one small file, as a process."""
import argparse
import re
import tempfile
from pathlib import Path

import judging
import measure

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=3)
args = parser.parse_args()

measure.machine()
with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    old = judging.tree_of(folder / "old", "google-proto-files")
    print("against itself\n")
    judging.compare(folder, ["breaking", "old", "--against", "old"], args.rounds)

    new = judging.tree_of(folder / "new", "google-proto-files")
    for path in sorted(new.rglob("*.proto"))[::10]:
        text = path.read_text()
        path.write_text(re.sub(r"^(\s+)string (\w+) = ", r"\1bytes \2 = ", text, count=2, flags=re.M))
    print("\nagainst the version before\n")
    judging.compare(folder, ["breaking", "new", "--against", "old"], args.rounds)

    print("\none file of 15 lines\n")
    for name, text in (("was", judging.SMALL), ("now", judging.SMALL.replace("string", "bytes"))):
        (folder / name / "a/v1").mkdir(parents=True)
        (folder / name / "a/v1/a.proto").write_text(text)
    judging.compare(folder, ["breaking", "now", "--against", "was"], args.rounds * 10, milliseconds=True)
