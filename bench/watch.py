#!/usr/bin/env python3
"""`stele watch` on npm google-proto-files (7,000 files): from a save to the printed line, as a developer waits for it.

Cases: few findings, many (COMMENTS and PLATFORM), with --against, and a file that hundreds import, saved with another
field and with another comment. A save is a write and a rename, as editors do it; the time ends when the summary is read."""
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
FEW = {"version": "v2", "lint": {"use": ["MINIMAL", "FIELD_NOT_REQUIRED"]}, "breaking": {"use": ["FILE"]}}
MANY = {"version": "v2", "lint": {"use": ["STANDARD", "COMMENTS", "PLATFORM"]}, "breaking": {"use": ["FILE"]}}
CASES = {  # label: configuration, words, file, whether a field comes (or a comment only)
    "few findings": (FEW, [], LEAF, True),
    "many findings": (MANY, [], LEAF, True),
    "many findings, and --against": (MANY, ["--against", "OLD"], LEAF, True),
    "few findings, and --against": (FEW, ["--against", "OLD"], LEAF, True),
    "a file that many import": (FEW, [], IMPORTED, True),
    "a file that many import, its comment": (FEW, [], IMPORTED, False),
    "a file that many import, many findings, --against": (MANY, ["--against", "OLD"], IMPORTED, True),
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


def edited(text, number, with_field):
    if not with_field:
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
    for label, (config, words, name, with_field) in CASES.items():
        if args.case and label not in args.case:
            continue
        for side in ("new", "old"):
            (place / side / "buf.yaml").write_text(json.dumps(config))
        process = watch(place / "new", [str(place / "old") if word == "OLD" else word for word in words])
        began = time.perf_counter()
        first = summary(process)
        begin_ms = (time.perf_counter() - began) * 1000
        file = place / "new" / name
        text = file.read_text()
        times, told = [], None
        for number in range(args.saves + 3):
            began = time.perf_counter()
            save(file, edited(text, number, with_field))
            told = summary(process)
            if number >= 3:
                times.append((time.perf_counter() - began) * 1000)
            time.sleep(0.02)
        save(file, text)
        summary(process)
        process.send_signal(signal.SIGINT)
        process.wait(20)
        rows.append([label, first["findings"], told["compiled"], f"{statistics.median(times):.1f}", f"{max(times):.1f}", f"{begin_ms:.0f}"])
measure.table(["case", "findings", "compiled", "ms, median", "worst", "the first pass"], rows)
