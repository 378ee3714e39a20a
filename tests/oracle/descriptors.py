"""Damages descriptor sets: any field of any descriptor may be lost, set, said twice, moved or taken
from somewhere else.

    mutant = descriptors.mutate(seed)         the same seed gives the same set, as long as the corpora stay
    found = descriptors.judge(mutant, folder, seed, binary)

A source is a file of mutator.sources() that protoc takes; what it becomes there, with all imports, is what
is damaged. The result reads as a FileDescriptorSet: what is wrong with it is for the linker to say.
"""
import functools
import random
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import FieldDescriptor as F

import corpus
import mutator
import verdict

LARGEST = 60000  # bytes of a set: descriptor.proto alone is 10 kB of them

INTS = [0, 1, 2, 3, 4, 5, 15, 100, 998, 999, 1000, 18999, 19000, 19500, 19999, 20000, 536870911, 536870912, 2**31 - 1, -1, -2,
        -2**31]
WORDS = ["", "a", "b", "foo", "Foo", "FOO_BAR", "fooBar", "foo_bar", "9a", "a b", "a.b", ".a", "a.", "a..b", ".", "[x]", "a\0b",
         "_", "é", "zz8bitzz", "value", "key", "FooEntry", "google", "google.protobuf", "max", "has_a", "descriptor",
         "x" * 300, "a-b", "1", "0", "true", "nan", "inf", "-1", "1e999", "\\x", "\"", "proto2", "proto3", "editions",
         "in.proto", "missing.proto", "google/protobuf/any.proto", ".google.protobuf.Any", "google.protobuf.Any",
         ".google.protobuf.FieldOptions", ".google.protobuf.MessageOptions", "(x)", "type: 1", "a: {", "[a.b]: 1"]
NOT_UTF8 = b"zz\xff\x80\xc3(zz"

# Messages that carry what is written about, not what is described: seldom touched.
QUIET = {"SourceCodeInfo"}


@dataclass(frozen=True)
class Mutant:
    source: str   # where it comes from, for people
    set: bytes
    inputs: tuple  # the files to ask for

    def bytes(self):
        return self.set

    def title(self):
        return f"{self.source}: {' '.join(self.inputs)}"


@functools.cache
def compiled(index):
    """The set of a source, as protoc makes it, or None."""
    source = mutator.sources()[index]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "in.proto").write_bytes(source.text.encode("utf-8", "surrogateescape"))
        dirs = ["-I.", *(f"-I{root}" for root in source.roots), f"-I{corpus.INCLUDE}"]
        flags = [["--include_source_info"], ["--retain_options"], [], []][index % 4]
        command = [corpus.PROTOC, *dirs, "--include_imports", *flags, "-oset", "in.proto"]
        done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, check=False)
        if done.returncode:
            return None
        data = Path(folder, "set").read_bytes()
        return data if len(data) < LARGEST else None


# ---- Walking


def parts(message):
    """A message and all that are in it, with the field that each one stands in."""
    found = [message]
    for field, value in message.ListFields():
        if field.type != F.TYPE_MESSAGE or field.message_type.name in QUIET:
            continue
        for one in value if field.is_repeated else [value]:
            found += parts(one)
    return found


def names_of(files):
    """Names that mean something in these files."""
    found = []

    def walk(message, scope):
        for field, value in message.ListFields():
            if field.type == F.TYPE_STRING and field.name in ("name", "type_name", "extendee", "input_type", "full_name"):
                for one in value if field.is_repeated else [value]:
                    found.append(one)
                    if scope and not one.startswith("."):
                        found.extend([f".{scope}.{one}", f"{scope}.{one}"])
            elif field.type == F.TYPE_MESSAGE and field.message_type.name not in QUIET:
                inner = f"{scope}.{message.name}".strip(".") if getattr(message, "name", "") and scope is not None else scope
                for one in value if field.is_repeated else [value]:
                    walk(one, inner)

    for file in files:
        scope = file.package
        found.append(file.name)
        for group in (file.message_type, file.enum_type, file.service, file.extension):
            for one in group:
                found.append(f".{scope}.{one.name}".replace("..", "."))
                walk(one, scope)
    return found or ["a"]


def whole(files):
    """The files to damage. Not descriptor.proto, unless there is nothing else: protoc looks into that one
    whenever it has built any other, and tells its mistakes again each time, be it in the middle of a success."""
    return [file for file in files.file if file.name != "google/protobuf/descriptor.proto"] or files.file[:]


# ---- Changing


class Change:
    """One change of a set."""

    def __init__(self, files, target, draw):
        self.files, self.draw = files, draw
        self.names = names_of(files.file)
        self.target = target

    def message(self):
        """Mostly one of the file that is asked for."""
        file = self.target if self.draw.random() < 0.85 else self.draw.choice(whole(self.files))
        found = parts(file)
        kinds = sorted({one.DESCRIPTOR.name for one in found})
        if self.draw.random() < 0.5:
            kind = self.draw.choice(kinds)
            found = [one for one in found if one.DESCRIPTOR.name == kind]
        return self.draw.choice(found)

    def word(self):
        return self.draw.choice(self.names) if self.draw.random() < 0.55 else self.draw.choice(WORDS)

    def scalar(self, field):
        draw = self.draw
        if field.type == F.TYPE_STRING:
            return self.word()
        if field.type == F.TYPE_BYTES:
            return draw.choice([b"", b"abc", b"\xff"])
        if field.type == F.TYPE_BOOL:
            return draw.random() < 0.7
        if field.type == F.TYPE_ENUM:
            return draw.choice(field.enum_type.values).number
        if field.type in (F.TYPE_DOUBLE, F.TYPE_FLOAT):
            return draw.choice([0.0, 1.5, float("inf"), float("nan"), -1e300])
        value = draw.choice(INTS)
        return abs(value) % 2**32 if field.type in (F.TYPE_UINT32, F.TYPE_UINT64) else value

    def fill(self, message, depth=0):
        """Sets some fields of a message at random."""
        for field in self.draw.sample(list(message.DESCRIPTOR.fields), min(len(message.DESCRIPTOR.fields), self.draw.choice([1, 1, 2, 3]))):
            self.put(message, field, depth + 1)

    def put(self, message, field, depth=0):
        if field.is_repeated:
            here = getattr(message, field.name)
            if field.type != F.TYPE_MESSAGE:
                here.append(self.scalar(field))
            elif depth < 4:
                self.fill(here.add(), depth)
        elif field.type == F.TYPE_MESSAGE:
            if depth < 4:
                here = getattr(message, field.name)
                here.SetInParent()
                self.fill(here, depth)
        else:
            setattr(message, field.name, self.scalar(field))


def set_field(c):
    message = c.message()
    c.put(message, c.draw.choice(list(message.DESCRIPTOR.fields)))


def set_present(c):
    """A field that is there gets another value."""
    message = c.message()
    present = [(field, value) for field, value in message.ListFields() if field.type != F.TYPE_MESSAGE]
    if not present:
        return set_field(c)
    field, value = c.draw.choice(present)
    if not field.is_repeated:
        return setattr(message, field.name, c.scalar(field))
    value[c.draw.randrange(len(value))] = c.scalar(field)


def lose(c):
    message = c.message()
    present = message.ListFields()
    if not present:
        return set_field(c)
    field, value = c.draw.choice(present)
    if field.is_repeated and c.draw.random() < 0.8:
        del value[c.draw.randrange(len(value))]
    else:
        message.ClearField(field.name)


def lists(c):
    """(message, field, values) of each list that has something."""
    message = c.message()
    for _ in range(20):
        found = [(message, field, value) for field, value in message.ListFields() if field.is_repeated]
        if found:
            return c.draw.choice(found)
        message = c.message()
    return None


def repeat(c):
    found = lists(c)
    if not found:
        return set_field(c)
    _, field, values = found
    one = c.draw.choice(values)
    if field.type == F.TYPE_MESSAGE:
        values.add().CopyFrom(one)
    else:
        values.append(one)


def swap(c):
    found = lists(c)
    if not found:
        return set_field(c)
    _, field, values = found
    i, j = c.draw.randrange(len(values)), c.draw.randrange(len(values))
    if field.type == F.TYPE_MESSAGE:
        kept = type(values[i])()
        kept.CopyFrom(values[i])
        values[i].CopyFrom(values[j])
        values[j].CopyFrom(kept)
    else:
        values[i], values[j] = values[j], values[i]


def splice(c):
    """A message becomes, or comes beside, another of its kind, from anywhere."""
    message = c.message()
    kind = message.DESCRIPTOR
    others = [one for file in c.files.file for one in parts(file) if one.DESCRIPTOR is kind and one is not message]
    if not others:
        return set_field(c)
    other = c.draw.choice(others)
    if other in parts(message) or message in parts(other):
        return set_field(c)
    copy = type(other)()
    copy.CopyFrom(other)
    if c.draw.random() < 0.3:
        message.MergeFrom(copy)
    else:
        message.CopyFrom(copy)


def take_value(c):
    """A field takes the value that the same field has elsewhere."""
    message = c.message()
    fields = [field for field in message.DESCRIPTOR.fields if not field.is_repeated and field.type != F.TYPE_MESSAGE]
    if not fields:
        return set_field(c)
    field = c.draw.choice(fields)
    values = [getattr(one, field.name) for file in c.files.file for one in parts(file)
              if one.DESCRIPTOR is message.DESCRIPTOR and one.HasField(field.name)]
    if not values:
        return set_field(c)
    setattr(message, field.name, c.draw.choice(values))


def change_type(c):
    fields = [one for one in parts(c.target) if one.DESCRIPTOR.name == "FieldDescriptorProto"]
    if not fields:
        return set_field(c)
    field = c.draw.choice(fields)
    field.type = c.draw.randrange(1, 19)
    if c.draw.random() < 0.5:
        field.type_name = c.draw.choice([name for name in c.names if name.startswith(".")] or ["a"])
    if c.draw.random() < 0.3:
        field.label = c.draw.randrange(1, 4)
    if c.draw.random() < 0.2:
        field.ClearField("type")
    if c.draw.random() < 0.2:
        field.default_value = c.word()


def change_syntax(c):
    if c.draw.random() < 0.4:
        c.target.syntax = c.draw.choice(["", "proto2", "proto3", "editions", "proto4"])
    if c.draw.random() < 0.6:
        c.target.edition = c.draw.choice(descriptor_pb2.Edition.values())
        if c.draw.random() < 0.7:
            c.target.syntax = "editions"
    if c.draw.random() < 0.2:
        c.target.ClearField("edition")


def put_option(c):
    """An option that is not interpreted yet."""
    owners = [one for one in parts(c.target) if "options" in one.DESCRIPTOR.fields_by_name]
    options = c.draw.choice(owners).options
    option = options.uninterpreted_option.add()
    for _ in range(c.draw.choice([1, 1, 1, 2, 0])):
        part = option.name.add(is_extension=c.draw.random() < 0.3)
        own = list(options.DESCRIPTOR.fields_by_name)
        part.name_part = c.draw.choice(own) if not part.is_extension and c.draw.random() < 0.8 else c.word()
    fields = [field for field in option.DESCRIPTOR.fields if field.name != "name"]
    for field in c.draw.sample(fields, c.draw.choice([1, 1, 1, 0, 2])):
        c.put(option, field)


CHANGES = [set_field, set_field, set_field, set_present, set_present, set_present, set_present, lose, lose, lose, repeat, repeat,
           swap, splice, splice, take_value, take_value, change_type, change_type, change_syntax, put_option]


def split(data, draw):
    """Some bytes of a message in front of the others: fields out of order, messages in pieces."""
    ends, at = [0], 0
    while at < len(data):
        tag, at = corpus.varint(data, at)
        if tag & 7 == 2:
            size, at = corpus.varint(data, at)
            at += size
        else:
            _, at = corpus.varint(data, at)
        ends.append(at)
    cut = draw.choice(ends)
    return data[cut:] + data[:cut]


def encode(files, draw):
    if draw.random() < 0.9:
        data = files.SerializePartialToString()
    else:
        data = b""
        for file in files.file:
            one = split(file.SerializePartialToString(), draw)
            data += b"\x0a" + length(one) + one
    return data.replace(b"zz8bitzz", NOT_UTF8)


def length(data):
    size, out = len(data), b""
    while size > 127:
        out, size = out + bytes([size & 127 | 128]), size >> 7
    return out + bytes([size])


def mutate(seed):
    draw = random.Random(seed)
    data = None
    while data is None:
        index = draw.randrange(len(mutator.sources()))
        data = compiled(index)
    files = descriptor_pb2.FileDescriptorSet.FromString(data)
    target = files.file[-1] if draw.random() < 0.9 else draw.choice(whole(files))
    for _ in range(draw.choice([0, 1, 1, 1, 1, 2, 2, 3, 5])):
        draw.choice(CHANGES)(Change(files, target, draw))
    name = target.name if draw.random() < 0.97 else draw.choice(files.file).name
    inputs = [name or "in.proto"]
    if draw.random() < 0.1:
        inputs.append(draw.choice(files.file).name or "in.proto")
    inputs = tuple(one for one in inputs if one[0] not in "-@" and "\0" not in one) or ("in.proto",)
    return Mutant(mutator.sources()[index].name, encode(files, draw), inputs)


def judge(mutant, folder, seed, binary):
    """Both compilers' answers, in one of the eight modes."""
    Path(folder, "in.binpb").write_bytes(mutant.set)
    flags = ["--include_source_info"] * (seed % 2) + ["--retain_options"] * (seed // 2 % 2)
    flags += ["--include_imports"] * (seed // 4 % 2)
    inputs = [one.replace("zz8bitzz", NOT_UTF8.decode("utf-8", "surrogateescape")) for one in mutant.inputs]

    def command(program, out):
        return [*program, "--descriptor_set_in=in.binpb", *flags, f"-o{out}", *inputs]
    protoc = verdict.ask(command([corpus.PROTOC], ".want.binpb"), folder, ".want.binpb")
    stele = verdict.ask(command([binary or corpus.STELE, "protoc"], ".got.binpb"), folder, ".got.binpb")
    if protoc.code not in (0, 1):
        return verdict.Compared(protoc, stele, None, True)
    return verdict.Compared(protoc, stele, verdict.kind_of(protoc, stele))
