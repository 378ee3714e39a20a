#!/usr/bin/env python3
"""`stele lint` beside buf 1.75 over npm google-proto-files, from sources, by buf's STANDARD rules: CPU, wall time,
peak memory; and whether both found the same. Then one small file, as a process."""
import argparse
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
    tree = judging.tree_of(folder / "tree", "google-proto-files")
    config = '{"version":"v1","lint":{"use":["STANDARD"]}}'
    judging.compare(tree, ["lint", ".", "--config", config], args.rounds)

    print("\none file of 15 lines\n")
    small = folder / "small/a/v1"
    small.mkdir(parents=True)
    (small / "a.proto").write_text(judging.SMALL)
    judging.compare(folder / "small", ["lint", "."], args.rounds * 10, milliseconds=True)
