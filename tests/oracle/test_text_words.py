"""--encode of a text that is no message: protoc's words, line and column, and its exit code.

Texts by hand, one mistake each, and random changes of one that is right.
"""
import concurrent.futures
import random
import re
import subprocess

import pytest

import corpus
import verdict

PROTO = """syntax = "proto2";
package t;
import "google/protobuf/any.proto";
message M {
  optional int32 i32 = 1; optional uint32 u32 = 2; optional int64 i64 = 3; optional uint64 u64 = 4;
  optional bool b = 5; optional float f = 6; optional double d = 7; optional string s = 8; optional bytes by = 9;
  enum E { ZERO = 0; ONE = 1; NEG = -1; } optional E e = 10;
  optional M m = 11; repeated int32 ri = 12; repeated M rm = 13; map<string, int32> map = 14;
  oneof o { int32 oa = 15; string ob = 16; }
  optional group G = 17 { optional int32 x = 1; }
  optional google.protobuf.Any any = 18;
  extensions 100 to 200; reserved 50; reserved "gone";
  repeated string rs = 19; repeated E re = 20; required int32 req = 21;
}
extend M { optional int32 ext = 100; optional M extm = 101; }
"""

GOOD = r'''i32: 1 u32: 2 i64: -3 u64: 4 b: true f: 1.5 d: -2e3 s: "a\\n" 'b' by: "\\xff"
e: ONE m { i32: 1; m < b: false > } ri: [1, 2, 3] ri: 4 rm { s: "x" } rm: [{ i32: 1 }, <>]
map { key: "a" value: 1 } map: { key: 'b' } oa: 3 G { x: 1 } any { [type.googleapis.com/t.M] { i32: 1 } }
[t.ext]: 5 [t.extm] { s: "y" } gone: 5 gone { a: 1 } rs: "a" rs: ["b", "c"] re: [ONE, 0, -1] req: 1 # end
'''

BAD = '''i32: x
i32: 99999999999
u32: -1
i32: 1.5
i32: "a"
b: maybe
b: 2
f: x
f: "1"
s: 1
s: abc
s: "a
s: 'a\\q'
s: "\\xff" "b" 7
by: 1
e: TWO
e: 7
e: 1.0
e: "ONE"
m: 1
m { i32: 1
m { i32: 1 >
m < i32: 1 }
m: { x: 1 }
nope: 1
nope { a: 1 }
[t.nope]: 1
[t.ext]: x
[t.ext: 1
[t..ext]: 1
[ext]: 1
ri: [1, x]
ri: [1, 2
ri: [1 2]
ri: [,]
i32: [1]
i32: 1 i32: 2
i32: 1, i32: 2
oa: 1 ob: "x"
m { } m { }
G { x: 1 } 
g { x: 1 }
any { [type.googleapis.com/t.M] { i32: 1 } }
any { [type.googleapis.com/t.Nope] { i32: 1 } }
any { [type.googleapis.com/t.M] { i32: x } }
any { [foo.com/t.M] { i32: 1 } }
any { type_url: "x" [type.googleapis.com/t.M] { } }
map { key: "a" value: x }
map { key: 1 }
map: [{key: "a"}, {key: 1}]
50: 1
1: 1
gone: 1
i32 1
i32:
:
{
}
i32: 1 }
i32: 1;;
i32: 1,,
s: "abc\\u12"
i32: 0x
i32: 08
i32: 1a
i32: - 1
i32: --1
f: -nan
f: -inf
f: -x
f: inff
f: 1e
f: 1.2.3
d: 1e999
b: TRUE
b: t
b: True
b: 1
e: ZERO
# comment
i32: 1 # c
/* c */ i32: 1
i32: 1 // c
s: "a" 'b'
rs: ["a" "b", 'c']
rs: "a" rs: 
extm: 1
[t.extm] { i32: 1 }
[t.extm]: { [t.ext]: 3 }
i64: 9223372036854775808
u64: 18446744073709551616
i64: -9223372036854775809
\x01
é: 1
s: "é"
i32: é
ri: 1 ri: -
re: [ONE, TWO]
re: [ONE, "x"]
re: [1, 2, -1]
m { m { m { i32: } } }
'''.splitlines()

WORDS = r"""i32 u32 b f s e m ri rm map any : { } < > [ ] , ; - 1 0 2.5 1e5 0x1f 017 09 "x" 'y' "\q" "\ true false inf nan
    ONE TWO t.ext [t.ext] nope gone # . / 99999999999 -1 type.googleapis.com/t.M 1a .5 5. 1f""".split()
TOKEN = re.compile(r'''"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\w+|\s+|.''', re.S)
MUTANTS = 240


@pytest.fixture(scope="module", name="place")
def fixture_place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("text")
    (folder / "t.proto").write_text(PROTO)
    return folder


def ask(program, folder, text):
    command = [*program, "-I.", f"-I{corpus.INCLUDE}", "--encode=t.M", "t.proto"]
    done = subprocess.run([str(part) for part in command], cwd=folder, input=text.encode(), capture_output=True,
                          check=False)
    return done.returncode, verdict.lines_of(done.stderr.decode(errors="surrogateescape")), done.stdout


def both(folder, text, stele=corpus.STELE):
    return ask([corpus.PROTOC], folder, text), ask([stele, "protoc"], folder, text)


@pytest.mark.parametrize("text", BAD)
def test_text(place, text):
    want, got = both(place, text)
    assert got == want


def mutate(seed):
    draw = random.Random(seed)
    tokens = TOKEN.findall(GOOD)
    at = draw.randrange(len(tokens))
    if draw.random() > 0.3:
        tokens = tokens[max(0, at - draw.randrange(20)):at + 1 + draw.randrange(25)]
    for _ in range(draw.choice([1, 1, 2, 3])):
        i = draw.randrange(len(tokens))
        j = draw.randrange(len(tokens))
        change = draw.randrange(5)
        if change == 0 and len(tokens) > 1:
            del tokens[i]
        elif change == 1:
            tokens[i] = draw.choice(WORDS)
        elif change == 2:
            tokens.insert(i, f" {draw.choice(WORDS)} ")
        elif change == 3:
            tokens.insert(i, tokens[i])
        else:
            tokens[i], tokens[j] = tokens[j], tokens[i]
    return "".join(tokens)


def test_mutants(place):
    texts = [mutate(seed) for seed in range(MUTANTS)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda text: both(place, text, corpus.QUICK), texts))
    assert not [(text, want, got) for text, (want, got) in zip(texts, answers) if want != got]
    refused = sum(want[0] == 1 for want, _ in answers)
    assert refused > MUTANTS / 2 and MUTANTS - refused > MUTANTS / 50
