"""What both compilers say of one file, and where they say different things.

    same = verdict.compare(folder, "in.proto", roots)      same.kind is None when they agree

Errors are compared line for line in order. Warnings are compared as a set, since protoc tells unused
imports in the order of a hash table. What protoc logs to itself is no part of its answer.
"""
import difflib
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import corpus

LOG = re.compile(r"[IWEF]\d{4} |WARNING: All log messages|\s*@ |\*\*\* ")
CLASH = re.compile(r"(?:E\d{4} .*descriptor_database\.cc:\d+\] |[^ ]*: )"
                   r"((?:Symbol name \".*\" conflicts|Invalid symbol name: |Extension conflicts).*)")
WARNING = re.compile(r"(^|:)\s?warning: ")
SECONDS = 120  # of one compile: whoever needs longer hangs

# How two answers can differ, worst first.
KINDS = ("verdict", "bytes", "errors", "order", "warnings")


@dataclass
class Answer:
    code: int
    lines: list = field(default_factory=list)
    bytes: bytes = b""

    def errors(self):
        return [line for line in self.lines if not WARNING.search(line)]

    def warnings(self):
        return sorted(line for line in self.lines if WARNING.search(line))


@dataclass
class Compared:
    protoc: Answer
    stele: Answer
    kind: str = None      # one of KINDS, or None: the same
    crashed: bool = False  # protoc itself died: there is nothing to compare with

    def text(self):
        """What to change in protoc's lines (-) to make them Stele's (+), for people."""
        changed = (line for line in difflib.ndiff(self.protoc.lines, self.stele.lines) if line[0] in "+-")
        return "".join([f"{self.kind}: protoc {self.protoc.code}, stele {self.stele.code}\n",
                        *(f"{line}\n" for line in changed)])


def lines_of(text):
    """What was said, without what protoc logs; but that a set's names clash it logs and says nowhere else."""
    found = []
    for line in text.split("\n"):
        clash = CLASH.match(line)
        if clash:
            found.append(clash[1])
        elif line and not LOG.match(line):
            found.append(line)
    return found


def ask(command, folder, out):
    Path(folder, out).unlink(missing_ok=True)
    try:
        done = subprocess.run([str(part) for part in command], cwd=folder, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return Answer(1, [f"no answer in {SECONDS} seconds"])
    text = done.stderr.decode("utf-8", "surrogateescape")
    path = Path(folder, out)
    return Answer(done.returncode, lines_of(text), path.read_bytes() if done.returncode == 0 else b"")


def of_set(protoc, case, program):
    """What a program like protoc answers to the set of a case: its words, and the files it writes."""
    def text(kind, way, data):
        command = [protoc, f"--{way}={kind}", f"-I{corpus.INCLUDE}", "google/protobuf/descriptor.proto"]
        return subprocess.run([str(part) for part in command], input=data, capture_output=True, check=True).stdout

    with tempfile.TemporaryDirectory() as folder:
        data = text("google.protobuf.FileDescriptorSet", "encode", (case / "in.txtpb").read_bytes())
        Path(folder, "in.binpb").write_bytes(data)
        command = [*program, "--descriptor_set_in=in.binpb", "--include_imports", "-oout.binpb", "in.proto"]
        answer = ask(command, folder, "out.binpb")
    said = "".join(f"{line}\n" for line in answer.lines)
    if answer.code:
        return said
    return said + text("google.protobuf.FileDescriptorSet", "decode", answer.bytes).decode()


def kind_of(protoc, stele):
    if (protoc.code == 0) != (stele.code == 0):
        return "verdict"
    if protoc.bytes != stele.bytes:
        return "bytes"
    if sorted(protoc.errors()) != sorted(stele.errors()):
        return "errors"
    if protoc.errors() != stele.errors():
        return "order"
    return "warnings" if protoc.warnings() != stele.warnings() else None


def compare(folder, name, roots=(), *, source_info=True, retain=False, imports=False, binary=None):
    """Compiles `folder`/`name` with both; other roots follow the folder, then what protoc brings."""
    dirs = ["-I.", *(f"-I{root}" for root in roots), f"-I{corpus.INCLUDE}"]
    protoc_flags = ["--include_source_info"] * source_info + ["--retain_options"] * retain
    protoc_flags += ["--include_imports"] * imports
    stele_flags = ["--include-source-info"] * source_info + ["--retain-options"] * retain
    stele_flags += ["--include-imports"] * imports
    protoc = ask([corpus.PROTOC, *dirs, *protoc_flags, "-o.want.binpb", name], folder, ".want.binpb")
    stele = ask([binary or corpus.STELE, "build", "--error-format=protoc", *dirs, *stele_flags, "-o.got.binpb", name],
                folder, ".got.binpb")
    if protoc.code not in (0, 1):
        return Compared(protoc, stele, None, True)
    return Compared(protoc, stele, kind_of(protoc, stele))
