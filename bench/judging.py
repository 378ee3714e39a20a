"""What lint_vs_buf.py and breaking_vs_buf.py share: the tree that both look at, and a run of both."""
import os
import shutil
import subprocess
import time

import measure
from rejected import accepted

BUF = measure.NPM / "@bufbuild/buf-linux-x64/bin/buf"
SMALL = """syntax = "proto3";

package a.v1;

// An order.
message Order {
  string order_id = 1;
  string symbol = 2;
  int64 quantity = 3;
}

enum Side {
  SIDE_UNSPECIFIED = 0;
  SIDE_BUY = 1;
}
"""


def tree_of(folder, package):
    """A copy of a package's .proto files that protoc accepts, without what compilers bring themselves."""
    source = measure.NPM / package
    files = sorted(name for name in (str(p.relative_to(source)) for p in source.rglob("*.proto"))
                   if not name.startswith(("google/protobuf/", "node_modules/")))
    for name in accepted(source, measure.NPM / "protoc/include", files):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, target)
    return folder


def run(program, words, cwd):
    """To the end, findings or none: CPU, wall, memory, and what it printed."""
    started = time.perf_counter()
    child = subprocess.Popen([str(program), *words, "--error-format", "json"], cwd=cwd, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    output = child.stdout.read()
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 100):
        raise SystemExit(f"{program} {words}: {child.returncode}: {errors.decode()[:1000]}")
    if b'"COMPILE"' in output:
        raise SystemExit(f"{program} {words}: does not compile: {output.decode()[:1000]}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "mb": usage.ru_maxrss / 1024, "output": output}


def compare(cwd, words, rounds, milliseconds=False):
    results = measure.interleave(rounds, stele=lambda: run(measure.STELE, words, cwd),
                                 buf=lambda: run(BUF, words, cwd))
    scale, unit = (1000, "ms") if milliseconds else (1, "s")
    for runs in results.values():
        for result in runs:
            result["cpu"] *= scale
            result["wall"] *= scale
    measure.table(["", f"CPU {unit}", f"wall {unit}", "peak MB"],
                  [[name, measure.spread(r, "cpu"), measure.spread(r, "wall"), measure.spread(r, "mb", "{:.0f}")]
                   for name, r in results.items()])
    for key, text in (("cpu", "less CPU"), ("wall", "faster"), ("mb", "less memory")):
        stele, buf = measure.median(results["stele"], key), measure.median(results["buf"], key)
        print(f"{buf / stele:.1f} times {text} than buf" if stele else f"too little to measure: {text}")
    same = results["stele"][0]["output"] == results["buf"][0]["output"]
    found = results["buf"][0]["output"].count(b"\n")
    print(f"{found} findings, " + ("the same bytes" if same else "DIFFERENT: "
          f"stele has {results['stele'][0]['output'].count(bytes([10]))}"))
