"""The text format through Stele and through Google's runtime (text_format of Python): random texts, right and wrong,
for protobuf's own test messages; and random messages as both print them."""
import random
import re

import runtime
from google.protobuf import message, text_format
from google.protobuf.descriptor import FieldDescriptor as F
from runtime_json import INTS


class Texts:
    """Texts of messages, as pieces: so that they may be wrong in every way."""

    def __init__(self, pool, seed):
        self.pool, self.rand = pool, random.Random(seed)

    def odd(self, share=0.03):
        return self.rand.random() < share

    def space(self):
        return self.rand.choice([" ", " ", " ", "\n", "  ", "\t", " # a comment\n", " #\n"])

    def integer(self, kind):
        r, (low, high) = self.rand, INTS[kind]
        value = r.choice([0, 1, -1, 7, low, high, r.randint(low, high), r.randint(0, 1000)])
        if self.odd(0.05):
            value = r.choice([low - 1, high + 1, 1 << 64, -1 << 64])
        sign, size = "-" if value < 0 else "", abs(value)
        text = sign + r.choice([str(size)] * 4 + [hex(size), f"0{size:o}", hex(size).upper().replace("0X", "0x")])
        if r.random() < 0.03:
            text = text.replace("-", "- ")
        if self.odd():
            text = r.choice(["08", "0x", "1.0", "1e3", "+1", "--1", "1a", "'1'", "0xg", "1u", "true", "-", "09", "0b1"])
        return text

    def real(self):
        r = self.rand
        text = r.choice(["0", "-0", "1", "1.5", "-2.25", ".5", "1.", "1e10", "1E+5", "2.5e-3", "123456789", "1f", "1.5F", "-.5f", "10e1f",
                         "inf", "-inf", "nan", "INF", "Infinity", "-infinity", "NaN", "1e400", "-1e400", "1e-400", "3.5e38",
                         repr(r.uniform(-1, 1)), repr(r.uniform(-1e6, 1e6)), str(r.randint(0, 10 ** 12))])
        if self.odd(0.05):
            text = r.choice(["0x10", "010", "1e", "e5", "1.5.2", "'1'", "inff", "-nan", "1ff", ".", "+1.5", "true", "1 f", "0f", "infinityf", "inf f"])
        return text

    def piece(self):
        r, quote = self.rand, self.rand.choice("\"'")
        other = "'" if quote == '"' else '"'
        body = "".join(r.choice(["a", "b", " ", "é", "東", "\\n", "\\t", "\\101", "\\x41", "\\u00e9", "\\U0001F600", "\\\\", "\\'", '\\"', other,
                                 "\\a", "\\0", "\\12", "#", "/"]) for _ in range(r.randint(0, 5)))
        if self.odd(0.02):
            body += r.choice(["\n", "\\", "\\q", "\\x", "\\u12", "\\ud800", "\\U00110000", "\\ud83d\\ude00", "\\400", "\\xg"])
        return quote + body + quote

    def string(self):
        return self.space().join(self.piece() for _ in range(self.rand.choice([1, 1, 1, 2, 3])))

    def enum(self, descriptor):
        value = self.rand.choice(descriptor.values)
        text = self.rand.choice([value.name, value.name, str(value.number)])
        if self.odd(0.04):
            text = self.rand.choice([value.name.lower(), "NO_SUCH", "12345", f'"{value.name}"', "0x1", "1.0", "-99", "2147483648", "- 1"])
        return text

    def boolean(self):
        r = self.rand
        if self.odd(0.05):
            return r.choice(["TRUE", "yes", "2", '"true"', "tRue", "-1", "01", "0x1", "00"])
        return r.choice(["true", "false", "True", "False", "t", "f", "1", "0"])

    def scalar(self, field):
        if field.type in INTS:
            return self.integer(field.type)
        if field.type in (F.TYPE_DOUBLE, F.TYPE_FLOAT):
            return self.real()
        if field.type == F.TYPE_BOOL:
            return self.boolean()
        return self.enum(field.enum_type) if field.type == F.TYPE_ENUM else self.string()

    def any(self, depth):
        r = self.rand
        kinds = ["google.protobuf.Duration", "google.protobuf.Int32Value", "protobuf_test_messages.proto3.ForeignMessage"]
        kind = r.choice(kinds)
        url = r.choice(["type.googleapis.com", "example.com", "a.b/c"]) + "/" + kind
        if self.odd():
            url = r.choice(["type.googleapis.com/no.Such", kind, "/" + kind, "type.googleapis.com/"])
        return f"[{url}]{r.choice([' ', ': '])}{{{self.members(self.pool.FindMessageTypeByName(kind), depth + 2)}}}"

    def body(self, descriptor, depth):
        r = self.rand
        inner = self.any(depth) if descriptor.full_name == "google.protobuf.Any" and r.random() < 0.7 else \
            self.members(descriptor, depth + 1)
        open_, close = ("<", ">") if r.random() < 0.15 else ("{", "}")
        if self.odd(0.01):
            close = r.choice(["", "]", "}", ">"])
        return f"{open_}{self.space()}{inner}{self.space()}{close}"

    def name(self, field):
        r = self.rand
        name = field.name
        if field.type == F.TYPE_GROUP or field.message_type and field.message_type.name.lower() == field.name and r.random() < 0.5:
            name = field.message_type.name if field.message_type else name
        if field.is_extension:
            name = f"[{field.full_name}]"
        if self.odd(0.015):
            name = r.choice(["no_such", name.upper(), str(field.number), f"[{field.full_name}]", "[no.such.ext]", field.json_name])
        return name

    def member(self, field, depth):
        r, is_message = self.rand, field.message_type is not None
        one = (lambda: self.body(field.message_type, depth)) if is_message else (lambda: self.scalar(field))
        value = one()
        if field.is_repeated and r.random() < 0.35 or self.odd(0.01):
            value = "[" + f",{self.space()}".join(one() for _ in range(r.randint(0, 3))) + r.choice(["]"] * 30 + [",]", ""]) 
        colon = r.choice([":", " : ", ": "])
        if (is_message and r.random() < 0.6) or self.odd(0.01):
            colon = r.choice(["", " "])
        return self.name(field) + colon + value

    def members(self, descriptor, depth=0):
        r = self.rand
        fields = list(descriptor.fields)
        if depth == 0:
            fields += list(self.pool.FindAllExtensions(descriptor))
        if depth > 3 or not fields:
            return ""
        out, seen = [], set()
        for _ in range(r.randint(0, 7 if depth == 0 else 2)):
            field = r.choice(fields)
            group = field.containing_oneof or field
            if not field.is_repeated and group in seen and not self.odd(0.1):
                continue
            seen.add(group)
            out.append(self.member(field, depth))
        return "".join(piece + r.choice([self.space()] * 8 + ["; ", ", ", ",\n"]) for piece in out)

    def damaged(self, text):
        r = self.rand
        at = r.randrange(len(text) + 1)
        return r.choice([text[:at], text[:at] + r.choice("{}[]<>:,;\"'\\ \x001e-#.\n") + text[at:], text[:at] + text[at + 1:]])


# Where text_format of Python takes more or less than the specification and the runtime in C++ do; rows as in
# runtime_json. It also leaves \\? as it is, which is therefore not asked for here.
KNOWN = [
    ("an escape that there is not", None, "an escape that there is not, which Python leaves as it is"),
    ("a space is needed behind a number", None, "a binary number"),
    ("expected a", None, "a number with a plus"),
    (None, "Couldn't parse integer: -", "a blank behind a minus"),
    (None, "has no value named -", "a blank behind a minus"),
    (None, 'Expected "true" or "false"', "a bool as a number of another spelling than 0 and 1"),
    (None, "codec can't encode", "an octal escape above \\377, cut to a byte"),
    ("a NUL in a string", None, "a NUL as it is, which the specification has nowhere"),
    ("a character that has no place", None, "a NUL as it is, which the specification has nowhere"),
    (None, "not registered. Did you import", "a blank inside of a name in brackets"),
]
BLANK_IN_NAME = re.compile(r"\[\s*[\w.]*\w\s+\w")


def parsed(kind, text, pool):
    try:
        return text_format.Parse(text, kind(), descriptor_pool=pool), None
    except text_format.ParseError as error:
        return None, str(error)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError, IndexError) as error:
        return None, f"{type(error).__name__}: {error}"


def compare(classes, pool, testee, count, seed, known=KNOWN):
    """Figures, and a list of disagreements: (type, text, what)."""
    texts, wrong = Texts(pool, seed), []
    figures = {"both take": 0, "both refuse": 0, **{why: 0 for _, _, why in known}}
    for _ in range(count):
        name = texts.rand.choice(runtime.TYPES)
        text = texts.members(classes[name].DESCRIPTOR)
        if texts.rand.random() < 0.1:
            text = texts.damaged(text)
        theirs, refusal = parsed(classes[name], text, pool)
        kind, got = testee.ask(name, text_payload=text)
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
            if why.startswith("a blank inside") and not BLANK_IN_NAME.search(text):
                continue
            if (ours is None) != ours_refuse and (ours or "") in str(got) and (theirs_say or "") in (refusal or ""):
                figures[why] += 1
                break
        else:
            wrong.append((name, text, what))
    return figures, wrong


NUMBER = re.compile(r"\s*[\w.\[\]]+: (-?[\d.]+(e[+-]\d+)?)$")


ZERO = re.compile(r"\s*(key|value): (0|0\.0|\"\"|false|FOO|FOREIGN_FOO)$")


def same_lines(ours, theirs):
    """But for how floating-point numbers are spelt, where Stele follows protoc (%.15g or %.17g), and for keys and
    values of maps that are zero, which protoc prints, too."""
    ours, theirs = ([line for line in text.split("\n") if not ZERO.match(line)] for text in (ours, theirs))
    if len(ours) != len(theirs):
        return False
    for a, b in zip(ours, theirs):
        x, y = NUMBER.match(a), NUMBER.match(b)
        if a != b and not (x and y and a[:x.start(1)] == b[:y.start(1)]):
            return False
    return True


def compare_written(classes, pool, testee, count, seed):
    """Messages from random bytes, as both print them: the same lines, and read again the same message."""
    payloads, wrong = runtime.Payloads(pool, seed), []
    payloads.text = lambda: payloads.rand.choice(["", "a", "plain text", "é東😀", '"\\\n\x01</\u2028\'?\x7f']).encode()
    figures = {"same text": 0}
    while figures["same text"] + len(wrong) < count:
        name = payloads.rand.choice(runtime.TYPES)
        try:
            theirs = classes[name].FromString(payloads.message(classes[name].DESCRIPTOR))
        except message.DecodeError:
            continue
        theirs.DiscardUnknownFields()
        data = theirs.SerializePartialToString()
        want = text_format.MessageToString(theirs, descriptor_pool=pool, as_utf8=False)
        kind, got = testee.ask(name, out=runtime.TEXT, protobuf_payload=data)
        again, refusal = parsed(classes[name], got, pool) if kind == "text_payload" else (None, kind)
        is_same = again is not None and again.SerializePartialToString(deterministic=True) == \
            theirs.SerializePartialToString(deterministic=True)
        has_nan = "nan\n" in want  # of which text keeps one kind
        if (is_same or has_nan) and same_lines(got, want):
            figures["same text"] += 1
        else:
            wrong.append((name, data.hex(), f"Stele: {got}\nGoogle's runtime: {want}\n{refusal}"))
    return figures, wrong
