#!/usr/bin/env python3
"""`stele format` beside `buf format` over npm google-proto-files: both read every file and print its
formatted text; CPU, wall time, peak memory."""
import argparse

import measure

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=3)
args = parser.parse_args()

tree = measure.NPM / "google-proto-files"
files = list(tree.rglob("*.proto"))
measure.machine()
print(f"{len(files)} files, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB\n")

buf = [measure.NPM / "@bufbuild/buf-linux-x64/bin/buf", "format", tree]
stele = [measure.STELE, "format", tree]
results = measure.interleave(args.rounds, stele=lambda: measure.run(stele), buf=lambda: measure.run(buf))
measure.table(["", "CPU s", "wall s", "peak MB"],
              [[name, measure.spread(r, "cpu"), measure.spread(r, "wall"), measure.spread(r, "mb", "{:.0f}")]
               for name, r in results.items()])
print()
for key, text in (("cpu", "less CPU"), ("wall", "faster"), ("mb", "less memory")):
    ratio = measure.median(results["buf"], key) / measure.median(results["stele"], key)
    print(f"{ratio:.1f} times {text} than buf")
