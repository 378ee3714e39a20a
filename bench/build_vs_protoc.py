#!/usr/bin/env python3
"""`stele build` beside protoc 36.2 and buf 1.75, and libstele as a library call.

tree     npm google-proto-files without its google/protobuf/ folder, with source info: CPU, wall
         time, peak memory on one core; and whether the bytes are protoc's
cores    the same tree on one core and on two
file     one small file as a process
library  one file of 100 lines as a call, and edits in a workspace of the tree
profile  where the instructions of `tree` go, by phase (valgrind; a minute)
"""
import argparse
import filecmp
import json
import re
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import measure
from rejected import accepted

BUF = measure.NPM / "@bufbuild/buf-linux-x64/bin/buf"
LIBRARY_BENCH = measure.STELE.parent / "bench/library_bench"
ROWS = ["tree", "cores", "file", "library", "profile"]

SMALL = """syntax = "proto3";
package bench.v1;
import "google/protobuf/timestamp.proto";
// A tick.
message Tick {
  string symbol = 1;
  double bid = 2 [deprecated = true];
  google.protobuf.Timestamp at = 3;
}
"""

# Functions whose inclusive share says what a phase costs.
PHASES = [
    ("read the files", "sys_folders_read_into"), ("lex", "stele_token_lex"), ("parse, with lexing", "stele_parse_within"),
    ("tree to structs", "link_take_tree"), ("declare", "link_declare"), ("resolve", "link_resolve"),
    ("known options", "link_options_plain"), ("features", "link_features"), ("custom options", "link_options_custom"),
    ("validate", "link_validate"), ("source info", "stele_source_info_encode"),
    ("encode descriptors", "stele_descriptor_encode_entry"),
]


class Tree:
    """The files that protoc accepts, listed for each tool."""

    def __init__(self, folder):
        self.root = measure.NPM / "google-proto-files"
        self.include = measure.NPM / "protoc/include"
        files = sorted(str(p.relative_to(self.root)) for p in (self.root / "google").rglob("*.proto")
                       if not str(p.relative_to(self.root)).startswith("google/protobuf/"))
        self.files = accepted(self.root, self.include, files)
        self.folder = folder
        self.names = folder / "names"
        self.names.write_text("\n".join(self.files) + "\n")
        self.paths = folder / "paths"
        self.paths.write_text("\n".join(str(self.root / f) for f in self.files) + "\n")
        size = sum((self.root / f).stat().st_size for f in self.files)
        print(f"{len(self.files)} files, {size / 1e6:.1f} MB, with source info\n")

    def fresh(self, command, cpus):
        """Into a new file: to replace one of 79 MB costs the file system up to 0.1 s, whoever writes it."""
        Path(command[command.index("-o") + 1]).unlink(missing_ok=True)
        return measure.run(command, cpus=cpus)

    def stele(self, jobs, *more):
        return [measure.STELE, "build", "-j", jobs, "-I", self.root, "--include-source-info", *more,
                "-o", self.folder / f"stele{jobs}.binpb", f"@{self.paths}"]

    def pair(self, cpus):
        """Two builds on one core each, side by side: what the machine's second core is worth."""
        copies = [[*self.stele(1)[:-3], "-o", self.folder / f"pair{i}.binpb", self.stele(1)[-1]] for i in range(2)]
        for copy in copies:
            copy[-2].unlink(missing_ok=True)
        with ThreadPoolExecutor(2) as threads:
            started = time.perf_counter()
            both = list(threads.map(lambda copy: measure.run(copy, cpus=cpus), copies))
        return {"wall": time.perf_counter() - started, "cpu": sum(one["cpu"] for one in both),
                "mb": sum(one["mb"] for one in both)}

    def protoc(self, *more):
        return [measure.PROTOC, f"-I{self.root}", f"-I{self.include}", "--include_source_info", *more,
                "-o", self.folder / "protoc.binpb", f"@{self.names}"]

    def buf(self):
        """buf builds a folder, so it gets one with these files, and with what they import besides."""
        copy = self.folder / "buf"
        if not copy.exists():
            others = [str(p.relative_to(self.root)) for p in self.root.rglob("*.proto")
                      if p.relative_to(self.root).parts[0] != "google"]
            for file in [*self.files, *others]:
                (copy / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.root / file, copy / file)
            (copy / "buf.yaml").write_text("version: v2\n")
        return [BUF, "build", copy, "--as-file-descriptor-set", "-o", self.folder / "buf.binpb"]


def table(results):
    measure.table(["", "CPU s", "wall s", "peak MB"],
                  [[name, measure.spread(r, "cpu"), measure.spread(r, "wall"), measure.spread(r, "mb", "{:.0f}")]
                   for name, r in results.items()])
    print()


def ratios(results, peer):
    for key, text in (("cpu", "less CPU"), ("wall", "faster"), ("mb", "less memory")):
        ratio = measure.median(results[peer], key) / measure.median(results["stele"], key)
        print(f"{ratio:.1f} times {text} than {peer}")


def row_tree(tree, args):
    stele_retain, protoc_retain = (["--retain-options"], ["--retain_options"]) if args.retain_options else ([], [])
    subjects = {"stele": lambda: tree.fresh(tree.stele(1, *stele_retain), {0}),
                "protoc": lambda: tree.fresh(tree.protoc(*protoc_retain), {0})}
    if BUF.exists() and not args.no_buf:
        subjects["buf"] = lambda: tree.fresh(tree.buf(), {0})
    results = measure.interleave(args.rounds, **subjects)
    same = filecmp.cmp(tree.folder / "protoc.binpb", tree.folder / "stele1.binpb", shallow=False)
    table(results)
    for peer in list(subjects)[1:]:
        ratios(results, peer)
    print("the outputs of stele and protoc are " + ("identical" if same else "DIFFERENT"))


def row_cores(tree, args):
    results = measure.interleave(args.rounds * 2, one=lambda: tree.fresh(tree.stele(1), {0, 1}),
                                 two=lambda: tree.fresh(tree.stele(2), {0, 1}), pair=lambda: tree.pair({0, 1}))
    same = filecmp.cmp(tree.folder / "stele1.binpb", tree.folder / "stele2.binpb", shallow=False)
    table(results)
    print(f"{measure.median(results['one'], 'wall') / measure.median(results['two'], 'wall'):.2f} times faster on two "
          f"cores, {measure.median(results['two'], 'cpu') / measure.median(results['one'], 'cpu'):.2f} of the CPU; "
          "the outputs are " + ("identical" if same else "DIFFERENT"))
    print(f"{2 * measure.median(results['one'], 'wall') / measure.median(results['pair'], 'wall'):.2f} times as much work "
          "is what two processes side by side get done here")


def row_file(tree, args):
    (tree.folder / "small.proto").write_text(SMALL)
    out = tree.folder / "small.binpb"
    results = measure.interleave(
        args.rounds * 20,
        stele=lambda: measure.run([measure.STELE, "build", "-I", tree.folder, "-o", out, tree.folder / "small.proto"]),
        protoc=lambda: measure.run([measure.PROTOC, f"-I{tree.folder}", f"-I{tree.include}", "-o", out, "small.proto"]))
    measure.table(["", "CPU ms", "wall ms", "peak MB"],
                  [[name, *(f"{measure.median(r, key) * scale:.2f}"
                            for key, scale in (("cpu", 1e3), ("wall", 1e3), ("mb", 1)))] for name, r in results.items()])
    print()
    ratios(results, "protoc")


def row_library(tree, args):
    told = [json.loads(subprocess.check_output([LIBRARY_BENCH, tree.root, tree.names])) for _ in range(args.rounds)]
    best = {key: sorted(row[key] for row in told)[len(told) // 2] for key in told[0]}
    print(f"a file of 100 lines, with source info, as a call: {best['call_us']:.1f} us\n"
          f"a workspace of {best['files']} files: loaded in {best['load_ms']:.0f} ms\n"
          f"  a new message in a file that nobody imports: {best['leaf_us'] / 1e3:.1f} ms\n"
          f"  a comment in a file that {best['hub_files'] - 1} import: {best['comment_us'] / 1e3:.1f} ms\n"
          f"  a new message there: {best['hub_ms']:.0f} ms")


def row_profile(tree, args):
    out = tree.folder / "callgrind.out"
    subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *map(str, tree.stele(1))],
                   check=True, stderr=subprocess.DEVNULL)
    text = subprocess.check_output(["callgrind_annotate", "--inclusive=yes", "--threshold=100", out], text=True)
    shares = {}
    for share, function in re.findall(r"^\s*[\d,]+ \(\s*([\d.]+)%\)\s+\S+?:(\S+)", text, re.M):
        shares.setdefault(function, share)
    print(re.search(r"^([\d,]+) .*PROGRAM TOTALS", text, re.M)[1], "instructions")
    measure.table(["phase", "% of instructions"], [[name, shares.get(function, "-")] for name, function in PHASES])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help="default: all but profile")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--retain-options", action="store_true")
    parser.add_argument("--no-buf", action="store_true")
    args = parser.parse_args()
    measure.machine()
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder))
        for row in args.rows or ROWS[:-1]:
            print(f"-- {row}\n")
            globals()[f"row_{row}"](tree, args)
            print()


main()
