#!/usr/bin/env python3
"""Starting with 10,000 schemas in the store: time from exec to the first ready answer, and memory."""
import argparse
import http.client
import json
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import measure

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--schemas", type=int, default=10000)
parser.add_argument("--rounds", type=int, default=5)
args = parser.parse_args()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(store):
    """The process, its port, and the milliseconds until it was ready."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen([str(measure.STELE), "serve", "--listen", f"127.0.0.1:{port}", "--store",
                                f"sqlite:{store}", "--log-level", "warn"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while time.perf_counter() - began < 30:
        try:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            client.request("GET", "/health/ready")
            if client.getresponse().status == 200:
                return process, port, (time.perf_counter() - began) * 1000
        except OSError:
            time.sleep(0.001)
    raise SystemExit("stele did not start")


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait(20)


def memory_mb(process):
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4 / 1024


def schema(i):
    fields = "".join(f"  string field_number_{n} = {n};\n" for n in range(1, 28))
    return f'syntax = "proto3";\npackage bench.p{i};\n\n// Number {i}.\nmessage Message{i} {{\n{fields}}}\n'


measure.machine()
with tempfile.TemporaryDirectory() as folder:
    store = Path(folder) / "registry.db"
    process, port, _ = start(store)
    began = time.perf_counter()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for i in range(args.schemas):
        client.request("POST", f"/subjects/bench-{i}/versions", json.dumps({"schemaType": "PROTOBUF", "schema": schema(i)}),
                       {"Content-Type": "application/json"})
        answer = client.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(text)
    took = time.perf_counter() - began
    print(f"{args.schemas} schemas of {len(schema(1))} bytes registered one after another in {took:.1f} s "
          f"({args.schemas / took:.0f} a second), {memory_mb(process):.0f} MB resident afterwards\n")
    stop(process)
    results = []
    for _ in range(args.rounds + 1):
        process, port, ms = start(store)
        idle = memory_mb(process)
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for i in range(1, args.schemas + 1):
            client.request("GET", f"/schemas/ids/{i}")
            answer = client.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"id {i} is lost")
        results.append({"ms": ms, "mb": idle, "read": memory_mb(process)})
        stop(process)
    results = results[1:]
    measure.table(["ready after ms", "resident MB", "resident MB, every id read"],
                  [[measure.spread(results, "ms", "{:.0f}"), measure.spread(results, "mb", "{:.1f}"),
                    measure.spread(results, "read", "{:.1f}")]])
