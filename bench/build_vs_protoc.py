#!/usr/bin/env python3
"""`stele build` beside protoc 36.2 over npm google-proto-files without its google/protobuf/ folder,
with source info: CPU, wall time, peak memory; and whether the two wrote the same bytes."""
import argparse
import filecmp
import tempfile
from pathlib import Path

import measure

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--retain-options", action="store_true")
args = parser.parse_args()

tree = measure.NPM / "google-proto-files"
files = sorted(str(p.relative_to(tree)) for p in (tree / "google").rglob("*.proto")
               if not str(p.relative_to(tree)).startswith("google/protobuf/"))
measure.machine()
with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)

    # Files that protoc rejects are left out for both.
    include = measure.NPM / "protoc/include"
    from rejected import accepted
    files = accepted(tree, include, files)
    size = sum((tree / f).stat().st_size for f in files)
    names = folder / "names"
    names.write_text("\n".join(files) + "\n")
    paths = folder / "paths"
    paths.write_text("\n".join(str(tree / f) for f in files) + "\n")
    print(f"{len(files)} files, {size / 1e6:.1f} MB, with source info"
          f"{', --retain-options' if args.retain_options else ''}\n")

    retain = ["--retain_options"] if args.retain_options else []
    protoc = [measure.PROTOC, f"-I{tree}", f"-I{include}", "--include_source_info", *retain,
              "-o", folder / "protoc.binpb", f"@{names}"]
    stele = [measure.STELE, "build", "-I", tree, "--include-source-info",
             *(["--retain-options"] if args.retain_options else []), "-o", folder / "stele.binpb", f"@{paths}"]
    results = measure.interleave(args.rounds, stele=lambda: measure.run(stele), protoc=lambda: measure.run(protoc))
    same = filecmp.cmp(folder / "protoc.binpb", folder / "stele.binpb", shallow=False)

    measure.table(["", "CPU s", "wall s", "peak MB"],
                  [[name, measure.spread(r, "cpu"), measure.spread(r, "wall"), measure.spread(r, "mb", "{:.0f}")]
                   for name, r in results.items()])
    print()
    for key, text in (("cpu", "less CPU"), ("wall", "faster"), ("mb", "less memory")):
        ratio = measure.median(results["protoc"], key) / measure.median(results["stele"], key)
        print(f"{ratio:.1f} times {text} than protoc")
    print("the two outputs are " + ("identical" if same else "DIFFERENT"))
