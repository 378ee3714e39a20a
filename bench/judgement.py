#!/usr/bin/env python3
"""A registration's whole judgement against ten live versions of a schema of 500 lines: in the registry
(judgement_bench.c), and as a request over HTTP to a server with SQLite. Dry runs: everything but the writing."""
import argparse
import http.client
import json
import signal
import socket
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import measure

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--count", type=int, default=300)
args = parser.parse_args()
BENCH = measure.ROOT / "build/bench/judgement_bench"
ROWS = {
    "semantic version alone": {"compatibility": "NONE"},
    "and FULL_TRANSITIVE": {"compatibility": "FULL_TRANSITIVE"},
    "and rules: WIRE_JSON, STANDARD": {"compatibility": "FULL_TRANSITIVE",
                                       "rules": {"refuse": ["WIRE_JSON"], "warn": ["STANDARD"]}},
    "and rules: all of them": {"compatibility": "FULL_TRANSITIVE",
                               "rules": {"refuse": ["WIRE_JSON"], "warn": ["FILE", "STANDARD", "COMMENTS", "PLATFORM"]}},
}


def schema(version):
    return subprocess.run([str(BENCH), "--schema", str(version)], capture_output=True, text=True, check=True).stdout


def ask(client, method, path, body):
    client.request(method, path, body if isinstance(body, bytes) else json.dumps(body), {"Content-Type": "application/json"})
    answer = client.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{method} {path}: {answer.status} {text[:500]}")
    return text


def main():
    subprocess.run(["ninja", "-C", str(measure.ROOT / "build"), "--quiet", "bench/judgement_bench"], check=True)
    measure.machine()
    print("in the registry:")
    print(subprocess.run([str(BENCH), str(args.count)], capture_output=True, text=True, check=True).stdout)
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        server = subprocess.Popen([str(measure.STELE), "serve", "--listen", f"127.0.0.1:{port}", "--store",
                                   f"sqlite:{Path(folder) / 'r.db'}", "--log-level", "warn"])
        try:
            for _ in range(1000):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.005)
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            for version in range(10):
                ask(client, "POST", "/subjects/bench/versions", {"schemaType": "PROTOBUF", "schema": schema(version)})
            body = json.dumps({"schemaType": "PROTOBUF", "schema": schema(10)}).encode()
            rows = []
            for label, config in ROWS.items():
                ask(client, "PUT", "/config/bench", {**config, "rules": config.get("rules")})
                for path in ("/schemas/bench?dry_run=true", "/compatibility/subjects/bench/versions"):
                    times = []
                    for number in range(args.count + 20):
                        began = time.perf_counter()
                        ask(client, "POST", path, body)
                        if number >= 20:
                            times.append((time.perf_counter() - began) * 1e6)
                    rows.append([label, "POST " + path.replace("/subjects/bench", "/…").replace("/bench", "/{subject}"),
                                 f"{statistics.median(times):.0f}", f"{min(times):.0f}", f"{max(times):.0f}"])
            print("over HTTP, with Python's client:")
            measure.table(["what is asked", "request", "µs, median", "least", "most"], rows)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)


main()
