"""Floats print and read as Python's do: the shortest text, and the nearest float.

STELE_NUMBERS=10000000 tries that many random doubles instead of the few that every run tries.
"""
import math
import os
import random
import struct
import subprocess
from fractions import Fraction

import corpus

NUMBERS = corpus.ROOT / os.environ.get("STELE_NUMBERS_EXE", "build-test/tests/oracle/numbers")
COUNT = int(os.environ.get("STELE_NUMBERS", "60000"))


def ask(lines):
    out = subprocess.run([NUMBERS], input="\n".join(lines) + "\n", text=True, capture_output=True, check=True)
    return out.stdout.split("\n")[:-1]


def double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def bits_of(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def single(bits):
    return struct.unpack("<f", struct.pack("<I", bits))[0]


def layout(value):
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


def nearest_single(exact):
    """The bits of the float32 next to a Fraction, ties to even, by exact arithmetic."""
    sign, size = (0x80000000, -exact) if exact < 0 else (0, exact)
    if size == 0:
        return sign
    low, high = 0, 0x7f800000  # bits of positive floats are in the order of their values
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if Fraction(single(middle)) <= size else (low, middle)
    above = Fraction(2) ** 128 if high == 0x7f800000 else Fraction(single(high))
    half = (Fraction(single(low)) + above) / 2
    return sign | (high if size > half or (size == half and low & 1) else low)


def interesting(draw, count):
    """Doubles that are hard: ends of binades, few digits, integers, subnormals, decimals and neighbours."""
    for exponent in range(2047):
        for fraction in (0, 1, 2, (1 << 52) - 1, (1 << 52) - 2):
            yield exponent << 52 | fraction
    for exponent in range(-330, 309):
        for digits in (1, 5, 9, 25, 123456789):
            bits = bits_of(float(f"{digits}e{exponent}"))
            yield from (bits, max(bits - 1, 0), min(bits + 1, 0x7fefffffffffffff))
    for _ in range(count):
        yield bits_of(round(draw.uniform(0, 2000), draw.randrange(6)))
        yield bits_of(float(draw.getrandbits(draw.randrange(1, 70))))


def test_doubles_print_as_in_python():
    draw = random.Random(1)
    rows = list(interesting(draw, COUNT // 10))
    for bits, text in zip(rows, ask(f"d {bits:016x}" for bits in rows), strict=True):
        assert text == layout(double(bits)), hex(bits)


def test_random_doubles_print_as_in_python():
    process = subprocess.Popen([NUMBERS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdin.write(f"n {COUNT}\n")
    process.stdin.close()
    seen = 0
    for line in process.stdout:
        bits, text = line.split()
        assert text == layout(double(int(bits, 16))), bits
        seen += 1
    assert seen == COUNT


def random_numbers(draw, count):
    """Texts: any digits and exponents, exact middles of two doubles and a hair beside them."""
    for _ in range(count):
        digits = "".join(draw.choices("0123456789", k=draw.choice((1, 3, 17, 19, 20, 25, 60)))).lstrip("0") or "0"
        yield f"{digits}e{draw.randint(-360, 320)}"
        yield f"{draw.getrandbits(40)}.{'0' * draw.randrange(3)}{draw.getrandbits(draw.randrange(1, 60))}"
    for _ in range(count // 4):
        bits = draw.getrandbits(63) % 0x7fe0000000000000
        half = (Fraction(double(bits)) + Fraction(double(bits + 1))) / 2
        power = half.denominator.bit_length() - 1  # denominators are powers of two
        text = f"{half.numerator * 5 ** power}e-{power}"
        yield text
        yield text.replace("e", "0000000000000000000000000000001e").replace(f"e-{power}", f"e-{power + 31}")
        yield f"{half.numerator * 5 ** power - 1}e-{power}"


def test_numbers_read_as_in_python():
    rows = list(random_numbers(random.Random(2), COUNT // 10))
    rows += ["0", "-0", "0e99999", "1e400", "-1e400", "1e-400", "4.9e-324", "2.4703282292062327208e-324",
             "2.4703282292062328e-324", "1.7976931348623158e308", "1.7976931348623159e308",
             "9007199254740993", "18446744073709551615", "18446744073709551616", "1" + "0" * 400, "0." + "0" * 400 + "1",
             "0." + "0" * 300 + "1" * 300, "1" * 1000 + "e-700", "1" * 3000]
    for text, got in zip(rows, ask("r " + row for row in rows), strict=True):
        assert got != "refused", text
        assert int(got.split()[0], 16) == bits_of(float(text)), text


def test_singles_read_exactly():
    draw = random.Random(3)
    rows = [f"{draw.getrandbits(draw.randrange(1, 90))}e{draw.randint(-60, 35)}" for _ in range(COUNT // 30)]
    for _ in range(COUNT // 60):  # middles of two floats, where rounding by way of a double goes wrong
        bits = draw.getrandbits(31) % 0x7f7fffff
        half = (Fraction(single(bits)) + Fraction(single(bits + 1))) / 2
        power = half.denominator.bit_length() - 1
        digits = half.numerator * 5 ** power
        rows += [f"{digits}e-{power}", f"{digits}00001e-{power + 5}", f"{digits * 10 - 1}e-{power + 1}"]
    rows += ["3.4028235e38", "3.4028236e38", "3.4028235677973366e38", "3.4028235677973367e38", "1e-46", "7.1e-46"]
    for text, got in zip(rows, ask("r " + row for row in rows), strict=True):
        assert int(got.split()[1], 16) == nearest_single(Fraction(text)), text


def digits_of(text):
    return text.lstrip("-").split("e")[0].replace(".", "").strip("0")


def test_singles_print_shortest():
    draw = random.Random(4)
    rows = [exponent << 23 | fraction for exponent in range(255) for fraction in (0, 1, 2, (1 << 23) - 1)]
    rows += [draw.getrandbits(31) % 0x7f800000 for _ in range(COUNT // 30)]
    rows = [bits for bits in rows if bits]
    for bits, text in zip(rows, ask(f"f {bits:08x}" for bits in rows), strict=True):
        exact, value = Fraction(single(bits)), Fraction(text)
        assert nearest_single(value) == bits, (hex(bits), text)
        count = len(digits_of(text))
        step = Fraction(10) ** (math.floor(math.log10(single(bits))) - count + 1)
        assert abs(value - exact) <= step, (hex(bits), text)
        if count > 1:  # neither neighbour with one digit less reads back
            wide = step * 10
            below = exact // wide * wide
            assert nearest_single(below) != bits and nearest_single(below + wide) != bits, (hex(bits), text)
