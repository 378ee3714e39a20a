#!/usr/bin/env python3
"""The binary codec beside Debian's C++ libprotobuf: generated code on an arena, and DynamicMessage.

Every figure is CPU time of one message, over and over; arenas and buffers are warm on both sides,
in rows of their own new for each message (an arena, a string; the heap has memory for
them), and cold (and what is large has never been touched). Needs `scripts/setup bench`."""
import argparse
import random
import subprocess
import sys
from pathlib import Path

import measure

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--ms", type=int, default=200, help="CPU time of one measurement")
parser.add_argument("--build", default=str(measure.ROOT / "build"))
parser.add_argument("--compiler", default="gcc")
parser.add_argument("--only", default="")
args = parser.parse_args()

HERE = Path(__file__).resolve().parent / "message"
BUILD = Path(args.build)


def must(*command, **more):
    made = subprocess.run([str(word) for word in command], capture_output=True, text=True, **more)
    if made.returncode:
        sys.exit(f"{command[0]}: {made.stdout}{made.stderr}")
    return made.stdout


def programs(folder):
    """Compiles both sides; the peer's code is made by the protoc that belongs to its library."""
    schemas = measure.ROOT / "schemas"
    includes = [f"-I{schemas}", f"-I{HERE}", "-I/usr/include"]
    tree = ["trading/market_data.proto", "common/money.proto", "common/timestamp.proto", "stele/options.proto"]
    must("/usr/bin/protoc", *includes, "--include_imports", "-o", folder / "all.binpb", *tree, "shapes.proto",
         "google/protobuf/descriptor.proto")
    needed = [str(p.relative_to(schemas)) for p in sorted((schemas / "common").glob("*.proto"))]
    must("/usr/bin/protoc", *includes, f"--cpp_out={folder}", *sorted({*tree, *needed}), "shapes.proto")
    sources = sorted(str(p) for p in folder.rglob("*.pb.cc"))
    if not (folder / "side_cpp").exists():  # once: it takes half a minute
        must("g++", "-O2", "-std=c++17", f"-I{folder}", HERE / "cpp.cc", *sources, "-lprotobuf", "-lpthread", "-o",
             folder / "side_cpp")
    flags = must("pkg-config", "--libs", "libcrypto").split()
    must(args.compiler, "-O2", "-std=gnu17", f"-I{measure.ROOT}/include", HERE / "stele.c", BUILD / "libstele.a",
         *flags, "-lm", "-lpthread", "-Wl,--wrap=malloc", "-Wl,--wrap=free", "-o", folder / "side_stele")


def messages(folder):
    """(name, type, file) of each data set, made with Python's runtime."""
    must(measure.PROTOC, f"-I{HERE}", f"-I{measure.ROOT / 'schemas'}", f"--python_out={folder}", "shapes.proto",
         "trading/market_data.proto", "common/money.proto", "common/timestamp.proto", "stele/options.proto")
    sys.path.insert(0, str(folder))
    import shapes_pb2
    from google.protobuf import descriptor_pb2
    from trading import market_data_pb2
    rand = random.Random(1)
    word = lambda low, high: "".join(rand.choice("abcdefghijklmnopqrstuvwxyz ") for _ in range(rand.randint(low, high)))

    def person(p):
        p.given_name, p.family_name, p.email = word(3, 10), word(4, 14), word(10, 30)
        p.street, p.city, p.country = word(8, 40), word(4, 16), word(2, 2)
        p.tags.extend(word(2, 12) for _ in range(4))
        p.note = word(20, 200) + rand.choice(["", "", "", " – é ü 東京"])

    ticks = market_data_pb2.MarketDataStream(source="lmax-fix-1", sequence_number=123456)
    for i in range(1000):
        price = round(1.05 + rand.random() / 10, 5)
        ticks.ticks.add(symbol=rand.choice(["EURUSD", "GBPUSD", "USDJPY"]), bid=price, ask=round(price + 0.00012, 5),
                        volume=rand.randint(1, 500) * 1000, timestamp_ms=1764238000000 + i * 17, tenant_id="acme")
    strings = shapes_pb2.Strings()
    for _ in range(500):
        person(strings.people.add())
    maps = shapes_pb2.Maps()
    for i in range(500):
        maps.labels[word(4, 20) + str(i)] = word(4, 30)
        maps.counts[word(4, 20) + str(i)] = rand.randint(0, 1 << 40)
        maps.values[rand.getrandbits(63)] = rand.random()
        if i % 5 == 0:
            person(maps.people[i])
    nested = shapes_pb2.Nested()
    at = nested
    for level in range(90):
        at.level, at.name = level, word(3, 12)
        at.left.level = level
        at = at.right

    tree = measure.NPM / "google-proto-files"
    names = sorted(str(p.relative_to(tree)) for p in (tree / "google/cloud").rglob("*.proto"))
    large, size = [], 0
    for name in rand.sample(names, len(names)):
        if size > 1_400_000:
            break
        large.append(name)
        size += (tree / name).stat().st_size * 0.325  # what a descriptor takes of its source
    must(measure.STELE, "build", "-I", tree, "-o", folder / "set.binpb", *[tree / name for name in large])
    small = descriptor_pb2.FileDescriptorSet()
    small.ParseFromString((folder / "all.binpb").read_bytes())
    one = min((f for f in descriptor_pb2.FileDescriptorSet.FromString((folder / "set.binpb").read_bytes()).file),
              key=lambda f: abs(f.ByteSize() - 14_000))
    sets = [("14 KB FileDescriptorProto", "google.protobuf.FileDescriptorProto", one),
            ("1.4 MB FileDescriptorSet", "google.protobuf.FileDescriptorSet", folder / "set.binpb"),
            ("1,000 TickData", "trading.v1.MarketDataStream", ticks),
            ("one TickData", "trading.v1.TickData", ticks.ticks[7]),
            ("rich in strings", "bench.Strings", strings),
            ("rich in maps, in the order of a hash table", "bench.Maps", maps.SerializeToString()),
            ("rich in maps, sorted by key", "bench.Maps", maps.SerializeToString(deterministic=True)),
            ("90 levels deep", "bench.Nested", nested)]
    for i, (name, kind, message) in enumerate(sets):
        path = message
        if not isinstance(message, Path):
            path = folder / f"data{i}.binpb"
            path.write_bytes(message if isinstance(message, bytes) else message.SerializeToString(deterministic=True))
        yield name, kind, path


def once(*command):
    ns, size, memory, allocations, same = must(*command).split()
    return {"ns": float(ns), "bytes": int(size), "memory": int(memory), "allocations": float(allocations),
            "same": same == "same"}


def subject(folder, side, kind, path, mode):
    """A measurement that takes about --ms."""
    command = ([folder / "side_stele", folder / "all.binpb"] if side == "stele" else [folder / "side_cpp", side])
    guess = once(*command, kind, path, mode, 3)["ns"]
    rounds = max(3, int(args.ms * 1e6 / guess))
    return lambda: once(*command, kind, path, mode, rounds)


measure.machine()
def main():
    folder = measure.ROOT / ".deps/bench/message"
    folder.mkdir(parents=True, exist_ok=True)
    programs(folder)
    print("Times are ns of CPU per message, medians (least–most) of interleaved runs; ratios are to the same row.\n")
    for name, kind, path in messages(folder):
        if args.only not in name:
            continue
        size = path.stat().st_size
        print(f"{name}: {size:,} bytes")
        rows = []
        for mode, label in (("decode", "decode"), ("alias", "decode, texts aliased"), ("new", "decode, new arena"),
                            ("cold", "decode, cold"), ("encode", "encode"), ("new_encode", "encode, new arena"),
                            ("cold_encode", "encode, cold")):
            theirs = "decode" if mode == "alias" else mode
            subjects = {"stele": subject(folder, "stele", kind, path, mode),
                        "generated": subject(folder, "generated", kind, path, theirs)}
            if not mode.startswith(("cold", "new")):
                subjects["dynamic"] = subject(folder, "dynamic", kind, path, theirs)
            results = measure.interleave(args.rounds, **subjects)
            ns = {side: measure.median(r, "ns") for side, r in results.items()}
            rows.append([label, measure.spread(results["stele"], "ns", "{:,.0f}"), f"{size / ns['stele'] * 1000:,.0f}",
                         f"{ns['generated']:,.0f}", f"{ns['dynamic']:,.0f}" if "dynamic" in ns else "",
                         f"{ns['generated'] / ns['stele']:.1f}",
                         f"{ns['dynamic'] / ns['stele']:.1f}" if "dynamic" in ns else "",
                         f"{measure.median(results['stele'], 'memory'):,.0f}",
                         f"{measure.median(results['generated'], 'memory'):,.0f}",
                         f"{measure.median(results['stele'], 'allocations'):.0f}",
                         f"{measure.median(results['generated'], 'allocations'):.0f}"])
            if not results["stele"][0]["same"] and "maps" not in name:
                sys.exit(f"{name}: encoded again it is something else")
        measure.table(["", "Stele ns", "MB/s", "C++ ns", "dynamic ns", "×C++", "×dynamic", "memory", "C++'s",
                       "allocations", "C++'s"], rows)
        print()


main()
