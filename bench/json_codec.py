#!/usr/bin/env python3
"""JSON and binary of the same messages, beside C++'s ProtoJSON (Debian's libprotobuf, generated code),
the trees of simdjson and yyjson as the floor of any reader, and what Python and Node do with JSON themselves.

Three sets of 1,000 rows (ticks with prices of five decimals, ticks with doubles of full precision, wide
orders) and two descriptors. Figures are the best batch of each run, CPU time, and the median over
interleaved rounds; memory is what the decoded rows take, beside the parsed JSON. Needs
`scripts/setup bench`."""
import argparse
import gc
import json
import random
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import tracemalloc
from pathlib import Path

import measure

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--ms", type=int, default=200, help="CPU time of one measurement")
parser.add_argument("--build", default=str(measure.ROOT / "build"))
parser.add_argument("--work", default="", help="a folder to keep the compiled programs in")
args = parser.parse_args()

HERE = Path(__file__).resolve().parent / "json"
WORK = Path(args.work or tempfile.mkdtemp(prefix="stele-json-"))
WORK.mkdir(parents=True, exist_ok=True)


def must(*command):
    made = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"{command[0]}: {made.stdout}{made.stderr}")
    return made.stdout


def yyjson():
    """The folder of its source, which the Python package of that name carries."""
    folder = measure.ROOT / ".deps/bench/yyjson"
    if not folder.exists():
        must(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", folder,
             "yyjson==4.0.6")
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(WORK, filter="data")
    return next(WORK.glob("yyjson-*/yyjson"))


def programs():
    must("/usr/bin/protoc", f"-I{HERE}", f"--cpp_out={WORK}", "shapes.proto")
    if not (WORK / "side_cpp").exists():
        source = yyjson()
        must("gcc", "-O3", "-c", source / "yyjson.c", "-o", WORK / "yyjson.o")
        must("g++", "-O2", "-std=c++17", f"-I{WORK}", f"-I{source}", HERE / "cpp.cc", WORK / "shapes.pb.cc",
             WORK / "yyjson.o", "-lprotobuf", "-lsimdjson", "-lpthread", "-o", WORK / "side_cpp")
    must("gcc", "-O2", "-std=gnu17", f"-I{measure.ROOT}/include", HERE / "stele.c", Path(args.build) / "libstele.a",
         *must("pkg-config", "--libs", "libcrypto").split(), "-lm", "-lpthread", "-o", WORK / "side_stele")


def messages():
    """name, type, proto, bytes of each set, made with Python's runtime."""
    must(measure.PROTOC, f"-I{HERE}", f"--python_out={WORK}", "shapes.proto")
    sys.path.insert(0, str(WORK))
    import shapes_pb2
    from google.protobuf import descriptor_pb2
    rand = random.Random(1)
    for name, digits in (("1,000 ticks, 5 decimals", 5), ("1,000 ticks, full precision", None)):
        ticks = shapes_pb2.Ticks()
        for i in range(1000):
            price = 1 + rand.random() / 2
            cut = (lambda v: round(v, digits)) if digits else (lambda v: v)
            ticks.ticks.add(symbol=rand.choice(["EURUSD", "GBPUSD", "USDJPY"]), bid=cut(price), ask=cut(price + 0.00012 * rand.random()),
                            last=cut(price + 0.00006 * rand.random()), volume=rand.randint(1, 500) * 1000,
                            timestamp=1764238000000 + i * 17, spread=cut(0.0001 + rand.random() / 1e4))
        yield name, "bench.Ticks", "shapes.proto", ticks
    orders = shapes_pb2.Orders()
    for i in range(1000):
        price = round(1 + rand.random() / 2, 5)
        orders.orders.add(order_id=f"{rand.getrandbits(64):016x}", client_order_id=f"c-{i:08d}", account_id=f"acc-{rand.randint(1, 99):04d}",
                          symbol=rand.choice(["EURUSD", "GBPUSD"]), side=rand.choice([1, 2]), state=rand.choice([1, 2, 3]),
                          quantity=rand.randint(1, 100) * 1000, filled_quantity=rand.randint(0, 100) * 500, limit_price=price,
                          stop_price=round(price - 0.01, 5), average_price=round(price + 0.00003, 7), commission=round(rand.random() * 5, 2),
                          commission_currency="USD", created_ms=1764238000000 + i, updated_ms=1764238000900 + i, fills=rand.randint(0, 9),
                          reduce_only=rand.random() < 0.1, post_only=rand.random() < 0.3, strategy="mean-reversion", tenant_id="acme",
                          venue="LMAX", tags=["algo", "desk-7"], leverage=rand.choice([1, 5, 10]), revision=rand.randint(1, 9))
    yield "1,000 wide orders", "bench.Orders", "shapes.proto", orders
    tree = measure.NPM / "google-proto-files"
    names, size = [], 0
    for path in rand.sample(sorted((tree / "google/cloud").rglob("*.proto")), 1500):
        if size > 1_400_000:
            break
        names.append(path)
        size += path.stat().st_size * 0.32  # what a descriptor takes of its source
    must(measure.STELE, "build", "-I", tree, "-o", WORK / "set.binpb", *names)
    large = descriptor_pb2.FileDescriptorSet.FromString((WORK / "set.binpb").read_bytes())
    small = min(large.file, key=lambda f: abs(f.ByteSize() - 14_000))
    yield "14 KB FileDescriptorProto", "google.protobuf.FileDescriptorProto", "google/protobuf/descriptor.proto", small
    yield "1.4 MB FileDescriptorSet", "google.protobuf.FileDescriptorSet", "google/protobuf/descriptor.proto", large


def python_json(value, text, reads):
    """Best ns of Python's own json."""
    best, end = float("inf"), time.process_time() + args.ms / 1000
    while time.process_time() < end:
        start = time.process_time_ns()
        json.loads(text) if reads else json.dumps(value, separators=(",", ":"))
        best = min(best, time.process_time_ns() - start)
    return best


def python_memory(text):
    gc.collect()
    tracemalloc.start()
    value = json.loads(text)
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del value
    return size


def main():
    measure.machine()
    programs()
    speeds, sizes = [], []
    for index, (name, kind, proto, message) in enumerate(messages()):
        binary, natural = WORK / f"data{index}.binpb", WORK / f"data{index}.json"
        binary.write_bytes(message.SerializeToString(deterministic=True))
        common = (args.ms, kind, proto, binary, HERE, measure.NPM / "protoc/include")
        proto_json = WORK / f"proto{index}.json"
        proto_json.write_text(must(WORK / "side_stele", "text", *common))
        plain = json.loads(proto_json.read_text(), parse_float=float)
        for row in plain.get("ticks", plain.get("orders", [])):  # as people write them: numbers are numbers
            row.update({k: int(v) for k, v in row.items() if k in ("volume", "timestamp", "createdMs", "updatedMs")})
        compact = json.dumps(plain, separators=(",", ":"))
        natural.write_text(compact)

        def stele(mode):
            return lambda: [float(x) for x in must(WORK / "side_stele", mode, *common).split()]

        def cpp(mode, file):
            return lambda: [float(x) for x in must(WORK / "side_cpp", mode, args.ms, kind, file).split()]

        def node(mode):
            return lambda: [float(x) for x in must("node", "--expose-gc", HERE / "node.mjs", mode, args.ms, natural).split()]

        runs = measure.interleave(
            args.rounds, write=stele("write"), read=stele("read"), read_aliased=stele("read_aliased"), encode=stele("encode"), decode=stele("decode"),
            cpp_write=cpp("write", binary), cpp_read=cpp("read", binary), simdjson=cpp("simdjson", proto_json),
            yyjson_read=cpp("yyjson_read", proto_json), yyjson_write=cpp("yyjson_write", proto_json),
            node_write=node("write"), node_read=node("read"),
            python_write=lambda: [python_json(plain, compact, False)], python_read=lambda: [python_json(plain, compact, True)])
        ns = {key: statistics.median(result[0] for result in results) for key, results in runs.items()}
        json_bytes, binary_bytes = runs["write"][0][1:3]
        us = {key: f"{value / 1000:.1f}" for key, value in ns.items()}
        speeds.append([name, us["write"], f"{json_bytes / ns['write'] * 1000:.0f}", us["read"], f"{json_bytes / ns['read'] * 1000:.0f}",
                       f"{json_bytes / ns['read_aliased'] * 1000:.0f}",
                       f"{ns['cpp_write'] / ns['write']:.1f}", f"{ns['cpp_read'] / ns['read']:.1f}", f"{ns['read'] / ns['simdjson']:.2f}",
                       f"{ns['yyjson_write'] / ns['write']:.2f} / {ns['yyjson_read'] / ns['read']:.2f}",
                       f"{ns['python_write'] / ns['write']:.1f} / {ns['python_read'] / ns['read']:.1f}",
                       f"{ns['node_write'] / ns['write']:.1f} / {ns['node_read'] / ns['read']:.1f}"])
        sizes.append([name, f"{binary_bytes:.0f}", f"{len(compact)} (-{100 - 100 * binary_bytes / len(compact):.0f} %)",
                      f"{len(json.dumps(plain))} (-{100 - 100 * binary_bytes / len(json.dumps(plain)):.0f} %)",
                      f"{ns['python_write'] / ns['encode']:.0f} / {ns['python_read'] / ns['decode']:.0f}",
                      f"{ns['node_write'] / ns['encode']:.0f} / {ns['node_read'] / ns['decode']:.0f}",
                      f"{runs['decode'][0][3] / 1000:.0f} / {runs['read'][0][3] / 1000:.0f}", f"{runs['yyjson_read'][0][1] / 1000:.0f}", f"{python_memory(compact) / 1000:.0f}", f"{runs['node_read'][0][1] / 1000:.0f}"])
    print("ProtoJSON, written and read:")
    measure.table(["data", "write us", "MB/s", "read us", "MB/s", "aliased MB/s", "C++ write", "C++ read", "x simdjson", "yyjson w / r", "Python w / r", "Node w / r"], speeds)
    print("\nBinary beside JSON as Python and Node have it (encode / decode: how many times faster):")
    measure.table(["data", "bytes", "compact JSON", "spaced JSON", "Python", "Node", "KB decoded / read", "KB in yyjson", "KB in Python", "KB in Node"], sizes)


main()
