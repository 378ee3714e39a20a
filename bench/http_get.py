#!/usr/bin/env python3
"""GET /schemas/ids/{id} beside nginx `return 200` of the same bytes: one loop on core 0, wrk on core 1.

Prints requests per second and CPU microseconds per request (user and system time of the server) for
both, interleaved, and the ratios. wrk itself is near its core's limit at the top, so the CPU figure
is the one to trust."""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import measure

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--seconds", type=float, default=2)
parser.add_argument("--connections", type=int, default=64)
args = parser.parse_args()
SERVER_CPU, CLIENT_CPU = {0}, {min(1, os.cpu_count() - 1)}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def on(cpus):
    return lambda: os.sched_setaffinity(0, cpus)


def wait_for(url):
    for _ in range(200):
        try:
            return urllib.request.urlopen(url, timeout=1).read()
        except OSError:
            time.sleep(0.02)
    raise SystemExit(f"{url} does not answer")


def cpu_seconds(pid):
    """User and system time of a process and its children."""
    total = 0
    for one in [pid, *children(pid)]:
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def children(pid):
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()]


def load(name, pid, url):
    before = cpu_seconds(pid)
    made = subprocess.run(["wrk", "-t1", f"-c{args.connections}", f"-d{args.seconds:g}s", url], text=True,
                          capture_output=True, preexec_fn=on(CLIENT_CPU))
    used = cpu_seconds(pid) - before
    count = int(re.search(r"(\d+) requests in", made.stdout)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", made.stdout)[1])
    if "Non-2xx" in made.stdout:
        raise SystemExit(f"{name}: {made.stdout}")
    return {"rate": rate, "us": used / count * 1e6}


measure.machine()
with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    stele = subprocess.Popen([str(measure.STELE), "serve", "--listen", f"127.0.0.1:{port}", "--store",
                              f"sqlite:{folder}/registry.db", "--loops", "1", "--log-level", "warn"],
                             preexec_fn=on(SERVER_CPU), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(f"{base}/health/ready")
    fields = "".join(f"  string some_field_of_the_message_{i} = {i};\n" for i in range(1, 24))
    text = f'syntax = "proto3";\npackage bench.v1;\n\nmessage Wide {{\n{fields}}}\n'
    request = urllib.request.Request(f"{base}/subjects/bench/versions", method="POST",
                                     headers={"Content-Type": "application/json"},
                                     data=json.dumps({"schemaType": "PROTOBUF", "schema": text}).encode())
    number = json.load(urllib.request.urlopen(request))["id"]
    with urllib.request.urlopen(f"{base}/schemas/ids/{number}") as answer:
        body, headers = answer.read(), dict(answer.headers)

    nginx_port = free_port()
    extra = "".join(f'    add_header "{k}" "{v}";\n' for k, v in headers.items()
                    if k.lower() not in ("content-length", "content-type", "connection", "date", "server", "x-request-id"))
    quoted = body.decode().replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
    (folder / "nginx.conf").write_text(f"""
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log /dev/null crit;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  default_type "{headers.get('Content-Type', 'application/json')}";
  geo $dollar {{ default "$"; }}
  server {{
    listen 127.0.0.1:{nginx_port} reuseport;
    location / {{
{extra}    return 200 "{quoted}";
    }}
  }}
}}
""")
    nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)],
                             preexec_fn=on(SERVER_CPU), stderr=subprocess.DEVNULL)
    peer = f"http://127.0.0.1:{nginx_port}/"
    try:
        if wait_for(peer) != body:
            raise SystemExit("nginx does not answer the same bytes")
        print(f"{len(body)} bytes of body, {args.connections} connections, {args.rounds} rounds of {args.seconds} s\n")
        results = measure.interleave(
            args.rounds, stele=lambda: load("stele", stele.pid, f"{base}/schemas/ids/{number}"),
            nginx=lambda: load("nginx", nginx.pid, peer))
        measure.table(["", "requests/s", "CPU us/request"],
                      [[name, measure.spread(r, "rate", "{:.0f}"), measure.spread(r, "us", "{:.2f}")]
                       for name, r in results.items()])
        rate = measure.median(results["stele"], "rate") / measure.median(results["nginx"], "rate")
        cpu = measure.median(results["nginx"], "us") / measure.median(results["stele"], "us")
        print(f"\n{rate:.2f} of nginx's requests per second; {cpu:.2f} of its capacity by CPU time")
        print(f"resident memory of stele: {int(Path(f'/proc/{stele.pid}/statm').read_text().split()[1]) * 4 / 1024:.0f} MB")
    finally:
        nginx.send_signal(signal.SIGQUIT)
        stele.send_signal(signal.SIGTERM)
        nginx.wait(10)
        stele.wait(10)
