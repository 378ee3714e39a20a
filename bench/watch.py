#!/usr/bin/env python3
"""`stele watch` on npm google-proto-files (7,000 files): from a save to the printed line, as a developer waits for it.

Cases: few findings, many (COMMENTS and PLATFORM), with --against, and a file that hundreds import, saved with another
field, with another comment, and with a mistake every other time. A save is a write and a rename, as editors do it; the
time ends when the summary is read. Of it: until it was quiet, and compiling; the rest is judging and printing."""
import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import measure

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--saves", type=int, default=30)
parser.add_argument("--case", action="append", help="only this one")
parser.add_argument("--cpus", help="such as 0")
args = parser.parse_args()

TREE = measure.NPM / "google-proto-files"
LEAF = "google/pubsub/v1/pubsub.proto"
IMPORTED = "google/longrunning/operations.proto"
FEW = {"version": "1", "lint": {"use": ["MINIMAL", "FIELD_NOT_REQUIRED"]}, "breaking": {"use": ["FILE"]}}
MANY = {"version": "1", "lint": {"use": ["STANDARD", "COMMENTS", "PLATFORM"]}, "breaking": {"use": ["FILE"]}}
CASES = {  # label: configuration, words, file, what comes
    "few findings": (FEW, [], LEAF, "field"),
    "many findings": (MANY, [], LEAF, "field"),
    "many findings, and --against": (MANY, ["--against", "OLD"], LEAF, "field"),
    "few findings, and --against": (FEW, ["--against", "OLD"], LEAF, "field"),
    "a file that many import": (FEW, [], IMPORTED, "field"),
    "a file that many import, its comment": (FEW, [], IMPORTED, "comment"),
    "a file that many import, many findings, --against": (MANY, ["--against", "OLD"], IMPORTED, "field"),
    "a file that many import, broken and mended": (FEW, [], IMPORTED, "mistake"),
}


def copy_tree(out):
    for path in TREE.rglob("*.proto"):
        name = path.relative_to(TREE)
        if name.parts[0] in ("node_modules", "test", "tests") or str(name).startswith("google/protobuf"):
            continue
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, out / name)


def save(path, text):
    beside = path.with_suffix(".tmp")
    beside.write_text(text)
    os.rename(beside, path)


def edited(text, number, what):
    if what == "mistake":
        return text + ("message {\n" if number % 2 else f"// Save {number}.\n")
    if what == "comment":
        return text.replace("\nmessage ", f"\n// Save {number}.\nmessage ", 1)
    head, brace, rest = text.partition("\nmessage ")
    before, brace2, body = rest.partition(" {\n")
    return f"{head}{brace}{before}{brace2}  string saved_{number} = {1000 + number};\n{body}"


def watch(folder, words):
    process = subprocess.Popen([str(measure.STELE), "watch", str(folder), "--json", *words], stdout=subprocess.PIPE, bufsize=1 << 20,
                               preexec_fn=(lambda: os.sched_setaffinity(0, {int(args.cpus)})) if args.cpus else None)
    return process


def summary(process):
    while True:
        line = process.stdout.readline()
        if not line:
            raise SystemExit("stele watch ended")
        if line.startswith(b'{"event":"summary"'):
            return json.loads(line)


measure.machine()
rows = []
with tempfile.TemporaryDirectory() as place:
    place = Path(place)
    copy_tree(place / "new")
    copy_tree(place / "old")
    for label, (config, words, name, what) in CASES.items():
        if args.case and label not in args.case:
            continue
        for side in ("new", "old"):
            (place / side / "stele.yaml").write_text(json.dumps(config))
        began = time.perf_counter()
        process = watch(place / "new", [str(place / "old") if word == "OLD" else word for word in words])
        first = summary(process)
        begin_ms = (time.perf_counter() - began) * 1000
        file = place / "new" / name
        text = file.read_text()
        times, waits, compiles, told = [], [], [], None
        for number in range(args.saves + 3):
            began = time.perf_counter()
            save(file, edited(text, number, what))
            told = summary(process)
            if number >= 3:
                times.append((time.perf_counter() - began) * 1000)
                waits.append(told["wait_ms"])
                compiles.append(told["compile_ms"])
            time.sleep(0.02)
        save(file, text)
        summary(process)
        process.send_signal(signal.SIGINT)
        process.wait(20)
        rows.append([label, first["findings"], told["compiled"], told["relinked"], f"{statistics.median(times):.1f}", f"{max(times):.1f}",
                     f"{statistics.median(waits):.1f}", f"{statistics.median(compiles):.1f}", f"{begin_ms:.0f}"])
measure.table(["case", "findings", "compiled", "relinked", "ms, median", "worst", "wait", "compile", "the first pass"], rows)
