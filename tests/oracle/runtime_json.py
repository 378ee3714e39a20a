"""ProtoJSON through Stele and through Google's runtime (json_format of Python): random texts, right and wrong, for
protobuf's own test messages; and random messages as both print them."""
import base64
import json
import random
import struct

import runtime
from google.protobuf import json_format, message
from google.protobuf.descriptor import FieldDescriptor as F

INTS = {F.TYPE_INT32: (-1 << 31, (1 << 31) - 1), F.TYPE_SINT32: (-1 << 31, (1 << 31) - 1),
        F.TYPE_SFIXED32: (-1 << 31, (1 << 31) - 1), F.TYPE_UINT32: (0, (1 << 32) - 1), F.TYPE_FIXED32: (0, (1 << 32) - 1),
        F.TYPE_INT64: (-1 << 63, (1 << 63) - 1), F.TYPE_SINT64: (-1 << 63, (1 << 63) - 1),
        F.TYPE_SFIXED64: (-1 << 63, (1 << 63) - 1), F.TYPE_UINT64: (0, (1 << 64) - 1), F.TYPE_FIXED64: (0, (1 << 64) - 1)}
WRAPPERS = {"DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value", "UInt32Value", "BoolValue",
            "StringValue", "BytesValue"}


class Texts:
    """JSON texts of messages, as pieces of text: so that they may be wrong in every way."""

    def __init__(self, seed):
        self.rand = random.Random(seed)

    def odd(self, share=0.04):
        return self.rand.random() < share

    def anything(self, depth=0):
        r = self.rand
        return r.choice(["null", "true", "false", "0", "-1", "1.5", '"x"', '""', "[]", "{}", "[1]", '{"a":1}',
                         "[null]", '{"a":{"b":[]}}' if depth < 3 else "1"])

    def integer(self, kind):
        r, (low, high) = self.rand, INTS[kind]
        value = r.choice([0, 1, -1, 7, low, high, r.randint(low, high), r.randint(0, 1000)])
        if self.odd(0.05):
            value = r.choice([low - 1, high + 1, 1 << 64, -1 << 64])
        text = str(value)
        if r.random() < 0.15 and abs(value) < 1 << 53:  # beyond, Python rounds what has a point or an exponent
            text = r.choice([f"{value}.0", f"{value}e0", f"{value}0e-1" if value else "0e5", f"{value}.000"])
        if self.odd():
            text = r.choice([f"{value % 1000}.5", f"+{abs(value)}", f"0{abs(value)}", "1e1000", "0x10", "-", "1.", ".5", "1e", "--1",
                             "-0.0", "1_000", "NaN", "Infinity"])
        if r.random() < 0.4:
            text = f'"{text}"'
            if self.odd():
                text = r.choice([f'" {text[1:]}', f'{text[:-1]} "', '""'])
        return text

    def real(self, kind):
        r = self.rand
        text = r.choice(["0", "-0.0", "1", "1.5", "-2.25", "0.1", "1e10", "1E+5", "2.5e-3", "123456789", "3.4028234e38",
                         "-3.4028234e38", "1.17549435e-38", "5e-324", "1.7976931348623157e308", "1e-400",
                         repr(r.uniform(-1, 1)), repr(r.uniform(-1e6, 1e6))])
        if self.odd(0.06):
            text = r.choice(["3.5e38", "-1e39", "1e309", "-1e400", "1.8e308", "1.", ".1", "01", "+1", "1e", "NaN", "-Infinity"])
        if r.random() < 0.2:
            text = r.choice(['"NaN"', '"Infinity"', '"-Infinity"'])
        elif r.random() < 0.2:
            text = f'"{text}"'
        elif self.odd():
            text = r.choice(['"nan"', '"inf"', '"-inf"', '"infinity"', '"1.5 "', '" 1"', '"1f"', '""'])
        return text

    def string(self):
        r = self.rand
        body = "".join(r.choice(["a", "b", " ", "é", "東", "😀", "\\n", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\/", "\\\\",
                                 '\\"', "\\b", "/", "<", "\u2028"]) for _ in range(r.randint(0, 6)))
        if self.odd(0.03):
            body += r.choice(["\\ud800", "\\udc00", "\\udc00\\ud800", "\\x41", "\\u12", "\n", "\t", "\x00", "\\ud800\\u0041", "\\u0000"])
        return f'"{body}"'

    def blob(self):
        r = self.rand
        data = bytes(r.getrandbits(8) for _ in range(r.randint(0, 7)))
        text = base64.b64encode(data).decode()
        if r.random() < 0.2:
            text = base64.urlsafe_b64encode(data).decode()
        if r.random() < 0.2:
            text = text.rstrip("=")
        return f'"{text}"'

    def enum(self, descriptor):
        r = self.rand
        value = r.choice(descriptor.values)
        text = r.choice([f'"{value.name}"', str(value.number)])
        if self.odd(0.06):
            text = r.choice([f'"{value.name.lower()}"', '"NO_SUCH"', "12345", '"1"', f"{value.number}.0", "1.5", "2147483648",
                             f'" {value.name}"', '""'])
        return text

    def timestamp(self):
        r = self.rand
        text = f"{r.choice(['1970', '2024', '0001', '9999', '1969', '2000'])}-{r.randint(1, 12):02}-{r.randint(1, 28):02}" \
               f"T{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}"
        text += r.choice(["", "", ".5", ".25", ".123", ".123456", ".123456789", ".000000001"])
        text += r.choice(["Z", "Z", "Z", "+01:00", "-08:30", "+00:00"])
        if self.odd(0.06):
            text = r.choice([text[:-1], text.lower(), text + " ", text.replace("T", " "), text.replace("-", "/", 1), "2024-02-30T00:00:00Z",
                             "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "10000-01-01T00:00:00Z", "0000-01-01T00:00:00Z",
                             "2024-01-01T00:00:00.1234567891Z", "2024-1-1T00:00:00Z", ""])
        return f'"{text}"'

    def duration(self):
        r = self.rand
        text = r.choice(["0s", "1s", "-1s", "1.5s", "-1.5s", "0.000000001s", "-0.5s", "315576000000s", "-315576000000s", "3.000s",
                         f"{r.randint(-10 ** 6, 10 ** 6)}.{r.randint(0, 999999999)}s"])
        if self.odd(0.06):
            text = r.choice(["1", "s", "1.s", ".5s", "1 s", "+1s", "315576000001s", "1.0000000001s", "--1s", "1e3s", "-s", "1S", ""])
        return f'"{text}"'

    def mask(self):
        r = self.rand
        text = ",".join(r.choice(["a", "fooBar", "foo.barBaz", "a1", "x.y.z"]) for _ in range(r.randint(0, 3)))
        if self.odd(0.05):
            text = r.choice(["foo_bar", "a,,b", ",a", "a,", "Foo", " a"])
        return f'"{text}"'

    def value(self, depth=0):
        r = self.rand
        if depth < 3 and r.random() < 0.3:
            return r.choice([self.struct, self.values])(depth + 1)
        return r.choice(["null", "true", "false", "1", "-2.5", "1e3", self.string()])

    def struct(self, depth=0):
        return "{" + ", ".join(f"{self.string()}: {self.value(depth)}" for _ in range(self.rand.randint(0, 3))) + "}"

    def values(self, depth=0):
        return "[" + ", ".join(self.value(depth) for _ in range(self.rand.randint(0, 3))) + "]"

    def any(self, depth):
        r = self.rand
        inner = r.choice([f'"type.googleapis.com/google.protobuf.Duration","value":{self.duration()}',
                          f'"type.googleapis.com/google.protobuf.Int32Value","value":{self.integer(F.TYPE_INT32)}',
                          f'"type.googleapis.com/google.protobuf.Struct","value":{{{self.string()}: {self.value(3)}}}',
                          '"type.googleapis.com/protobuf_test_messages.proto3.TestAllTypesProto3","optionalInt32":12'])
        if self.odd(0.05):
            return r.choice(["{}", '{"@type":""}', '{"@type":"type.googleapis.com/no.Such"}', '{"value":1}', '{"@type":1}'])
        return '{"@type":' + inner + "}"

    def known(self, descriptor, depth):
        name = descriptor.name
        simple = {"Timestamp": self.timestamp, "Duration": self.duration, "FieldMask": self.mask, "Struct": self.struct,
                  "Value": self.value, "ListValue": self.values}
        if name in simple:
            return simple[name]()
        if name == "Any":
            return self.any(depth)
        return self.single(descriptor.fields_by_name["value"], depth) if name in WRAPPERS else "{}"

    def single(self, field, depth):
        if self.odd(0.02):
            return self.anything(depth)
        if field.type in INTS:
            return self.integer(field.type)
        if field.type in (F.TYPE_DOUBLE, F.TYPE_FLOAT):
            return self.real(field.type)
        if field.type == F.TYPE_BOOL:
            return self.rand.choice(['"true"', "1", '"False"', "0"]) if self.odd() else self.rand.choice(["true", "false"])
        if field.type == F.TYPE_STRING:
            return self.string()
        if field.type == F.TYPE_BYTES:
            return self.blob()
        if field.type == F.TYPE_ENUM:
            return "null" if field.enum_type.name == "NullValue" else self.enum(field.enum_type)
        if field.message_type.full_name.startswith("google.protobuf."):
            return self.known(field.message_type, depth)
        return self.message(field.message_type, depth + 1)

    def key(self, field):
        if field.type == F.TYPE_STRING:
            return self.string()
        if field.type == F.TYPE_BOOL:
            return self.rand.choice(['"True"', '"1"', "true", '""']) if self.odd() else self.rand.choice(['"true"', '"false"'])
        text = self.integer(field.type)
        return text if text.startswith('"') or self.odd(0.02) else f'"{text}"'

    def field(self, field, depth):
        r = self.rand
        if r.random() < 0.03:
            return "null"
        if field.message_type and field.message_type.GetOptions().map_entry:
            key, value = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
            return "{" + ", ".join(f"{self.key(key)}: {self.single(value, depth)}" for _ in range(r.randint(0, 3))) + "}"
        if field.is_repeated:
            return "[" + ", ".join(self.single(field, depth) for _ in range(r.randint(0, 3))) + "]"
        return self.single(field, depth)

    def message(self, descriptor, depth=0):
        r = self.rand
        if depth > 3 or not descriptor.fields:
            return "{}"
        members = []
        for _ in range(r.randint(0, 7 if depth == 0 else 2)):
            field = r.choice(list(descriptor.fields))
            name = field.json_name if r.random() < 0.8 else field.name
            if self.odd(0.01):
                name = r.choice(["noSuchField", name.upper(), f"[{descriptor.full_name}.no]", ""])
            members.append(f'"{name}":{r.choice(["", " ", chr(10)])}{self.field(field, depth)}')
            if self.odd(0.01):
                members.append(members[-1])
        return "{" + r.choice([",", ", "]).join(members) + "}"

    def damaged(self, text):
        r = self.rand
        at = r.randrange(len(text) + 1)
        return r.choice([text[:at], text[:at] + r.choice('{}[],:"\\ \x001e-') + text[at:], text[:at] + text[at + 1:], text + r.choice([",", "}", " ", "x"])])


# Where json_format of Python takes more or less than the specification, which Stele follows, as do the conformance tests
# and the runtime in C++. One row each: what Stele says (or None where it takes what Python refuses), what Python says, why.
KNOWN = [
    ("stands twice", None, "a field or key that stands twice, under one name or two"),
    ("another member of the oneof", None, "two members of a oneof, one of them a null that is a value"),
    ("not in the range of a ", None, "a number out of range in a string, which Python makes infinite or cuts"),
    ("expected a number", None, "an enum or number that is true or false"),
    ("not a number in this string", None, "a number in Python's spelling: 1_000, blanks around it"),
    ("not a Duration", None, "a Duration or Timestamp that is not of RFC 3339's form"),
    ("not a Timestamp", None, "a Duration or Timestamp that is not of RFC 3339's form"),
    ("of a FieldMask", None, "an empty path in a FieldMask"),
    ("not base64", None, "base64 with other characters in it, which Python skips"),
    ("expected an object", None, "an empty text where a message should be"),
    ("no value", None, "the number of an enum as a text"),
    (None, "AttributeError", "a null for a repeated Value, over which Python stumbles"),
]


def parsed(kind, text, pool):
    """(message, None) or (None, words)."""
    try:
        return json_format.Parse(text, kind(), descriptor_pool=pool), None
    except json_format.ParseError as error:
        return None, str(error)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError) as error:
        return None, f"{type(error).__name__}: {error}"


def compare(classes, pool, testee, count, seed, known=KNOWN):
    """Figures, and a list of disagreements: (type, text, what)."""
    texts, wrong = Texts(seed), []
    figures = {"both take": 0, "both refuse": 0, **{why: 0 for _, _, why in known}}
    for _ in range(count):
        name = texts.rand.choice(runtime.TYPES)
        text = texts.message(classes[name].DESCRIPTOR)
        if texts.rand.random() < 0.1:
            text = texts.damaged(text)
        theirs, refusal = parsed(classes[name], text, pool)
        kind, got = testee.ask(name, json_payload=text)
        ours_refuse = kind == "parse_error"
        if ours_refuse and theirs is None:
            figures["both refuse"] += 1
            continue
        if not ours_refuse and theirs is not None:
            if runtime.sorted_bytes(classes[name], got) == theirs.SerializePartialToString(deterministic=True):
                figures["both take"] += 1
                continue
            what = f"other content: {got.hex()} for {theirs.SerializePartialToString(deterministic=True).hex()}"
        else:
            what = f"only Stele refuses: {got}" if ours_refuse else f"only Google's runtime refuses: {refusal}"
        for ours, theirs_say, why in known:
            if (ours is None) != ours_refuse and (ours or "") in str(got) and (theirs_say or "") in (refusal or ""):
                figures[why] += 1
                break
        else:
            wrong.append((name, text, what))
    return figures, wrong


def fewest(text):
    """A number as the float that is nearest, when that is one below the normal ones."""
    value = float(text)
    return struct.unpack("f", struct.pack("f", value))[0] or value if 0 < abs(value) < 1.1754944e-38 else value


def rounded(value):
    """JSON with its tiny numbers so."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return fewest(value) if isinstance(value, float) else value


def compare_written(classes, pool, testee, count, seed):
    """Messages from random bytes, as both print them."""
    payloads, wrong = runtime.Payloads(pool, seed), []
    payloads.text = lambda: payloads.rand.choice(["", "a", "plain text", "é東😀", '"\\\n\x01</\u2028']).encode()
    mask = "a FieldMask that could not be read again"
    tiny = "a float below the normal ones, which Python writes with more digits than it takes"
    figures = {"same JSON": 0, "both refuse": 0, mask: 0, tiny: 0}
    while sum(figures.values()) + len(wrong) < count:
        name = payloads.rand.choice(runtime.TYPES)
        data = payloads.message(classes[name].DESCRIPTOR)
        try:
            theirs = classes[name].FromString(data)
        except message.DecodeError:
            continue
        theirs.DiscardUnknownFields()
        data = theirs.SerializePartialToString()
        try:
            want = json.loads(json_format.MessageToJson(theirs, descriptor_pool=pool), parse_float=float)
        except (json_format.SerializeToJsonError, ValueError, TypeError, OverflowError) as error:
            want = error
        kind, got = testee.ask(name, out=runtime.JSON, protobuf_payload=data)
        if isinstance(want, Exception) and kind == "serialize_error":
            figures["both refuse"] += 1
        elif kind == "serialize_error" and "of a FieldMask has no camelCase form" in got:
            figures[mask] += 1
        elif isinstance(want, Exception) or kind != "json_payload":
            wrong.append((name, data.hex(), f"Stele: {kind} {got}; Google's runtime: {want}"))
        elif json.loads(got, parse_float=float) == want:
            figures["same JSON"] += 1
        elif json.loads(got, parse_float=fewest) == rounded(want):
            figures[tiny] += 1
        else:
            wrong.append((name, data.hex(), f"Stele: {got}\nGoogle's runtime: {want}"))
    return figures, wrong
