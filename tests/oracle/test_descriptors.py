"""stele build writes what protoc writes, byte for byte, in every mode.

Whole corpora go through both compilers in one run each; our own tricky files go one by one, so
that each is the first of its compile. Where two descriptors differ the first lines of the
difference are shown.
"""
import difflib
import itertools
import json
import subprocess

import pytest

import corpus

MODES = [
    pytest.param({"source_info": info, "retain": retain}, id=f"{a}-{b}")
    for (info, a), (retain, b) in itertools.product(
        [(False, "plain"), (True, "info")], [(False, "default"), (True, "retained")]
    )
]

CORPORA = {
    "schemas": lambda: ([corpus.SCHEMAS, corpus.GOOGLE], corpus.below(corpus.SCHEMAS)),
    "include": lambda: ([], corpus.below(corpus.INCLUDE)),
    "google": lambda: ([corpus.GOOGLE], corpus.drawn_files()),
}

OWN = corpus.below(corpus.OWN)


def explain(want, got):
    """The first file that differs, as text."""
    have = dict(got)
    for name, entry in want:
        if have.get(name) == entry:
            continue
        if name not in have:
            return f"{name}: missing"
        lines = difflib.unified_diff(
            corpus.decode(entry), corpus.decode(have[name]), "protoc", "stele", lineterm=""
        )
        return f"{name}:\n" + "\n".join(itertools.islice(lines, 80))
    return f"order: {[n for n, _ in want][:20]} against {[n for n, _ in got][:20]}"


def compare(roots, files, folder, **mode):
    want = corpus.protoc(roots, files, folder, **mode)
    got = corpus.stele(roots, files, folder, **mode)
    if want != got:
        pytest.fail(explain(corpus.entries(want), corpus.entries(got)), pytrace=False)
    return corpus.entries(got)


def test_the_oracle_is_the_pinned_one():
    done = subprocess.run([corpus.PROTOC, "--version"], capture_output=True, check=True)
    assert done.stdout.decode().strip() == corpus.VERSION


def test_there_is_enough_to_compare():
    assert len(corpus.drawn_files()) == 300
    assert len(OWN) >= 60
    assert corpus.drawn_files() == corpus.drawn_files()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", CORPORA)
def test_corpus(name, mode, tmp_path):
    roots, files = CORPORA[name]()
    compared = compare(roots, files, tmp_path, **mode)
    assert sorted(path for path, _ in compared) == sorted(files)


@pytest.mark.parametrize("name", CORPORA)
def test_corpus_with_imports(name, tmp_path):
    roots, files = CORPORA[name]()
    compare(roots, files, tmp_path, source_info=True, imports=True)


@pytest.mark.parametrize("path", OWN)
def test_own_file(path, tmp_path):
    for info, retain in itertools.product([False, True], repeat=2):
        compare([corpus.OWN], [path], tmp_path, source_info=info, retain=retain)
    compare([corpus.OWN], [path], tmp_path, source_info=True, imports=True)


def write(folder, files):
    for name, text in files.items():
        (folder / name).write_text('syntax = "proto3";\n' + text)


@pytest.mark.parametrize("imports", [False, True])
def test_order(imports, tmp_path):
    """A file that is not named hides what is behind it, unless imports are wanted."""
    write(tmp_path, {
        "a.proto": 'import "hidden.proto"; message A { H h = 1; }',
        "hidden.proto": 'import "behind.proto"; message H { B b = 1; }',
        "behind.proto": "message B {}",
        "c.proto": 'import "behind.proto"; message C { B b = 1; }',
    })
    for files in itertools.permutations(["a.proto", "behind.proto", "c.proto"]):
        compare([tmp_path], files, tmp_path, imports=imports)


def build(*args, cwd=None, stdin=None):
    return subprocess.run([str(corpus.STELE), "build", *map(str, args)], capture_output=True,
                          check=False, cwd=cwd, input=stdin)


def test_to_standard_output(tmp_path):
    write(tmp_path, {"a.proto": "message A {}", "b.proto": 'import "a.proto"; message B { A a = 1; }'})
    want = corpus.protoc([tmp_path], ["b.proto", "a.proto"], tmp_path)
    for out in ("-", "/dev/stdout"):
        done = build("-I", tmp_path, "-o", out, tmp_path / "b.proto", tmp_path / "a.proto")
        assert done.returncode == 0, done.stderr
        assert done.stdout == want


def test_a_folder_stands_for_its_files(tmp_path):
    (tmp_path / "in/deep").mkdir(parents=True)
    write(tmp_path / "in", {"b.proto": "message B {}", "a.proto": 'import "deep/c.proto"; message A { C c = 1; }'})
    write(tmp_path / "in/deep", {"c.proto": "message C {}"})
    (tmp_path / "in/not.txt").write_text("no")
    for args in (["in"], ["-I", "in", "in"], ["-Iin", "./in/"]):
        done = build(*args, "-o", "out", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        names = [name for name, _ in corpus.entries((tmp_path / "out").read_bytes())]
        assert names == ["deep/c.proto", "a.proto", "b.proto"]


@pytest.mark.parametrize("word, names, error", [
    ("d/a.proto", ["a.proto"], ""),
    ("e/../d/a.proto", ["a.proto"], ""),
    ("d/x.proto", ["x.proto/b.proto"], ""),  # a folder
    ("a.proto", ["a.proto"], ""),  # the name of an import
    ("google/protobuf/any.proto", ["google/protobuf/any.proto"], ""),  # built in
    ("d/google/protobuf/any.proto", None, "d/google/protobuf/any.proto: no such file"),
    ("d/none.proto", None, "d/none.proto: no such file"),
    ("e/c.proto", None, "e/c.proto: not in any -I"),
])
def test_what_a_word_names(tmp_path, word, names, error):
    """Names are guessed from paths, and looked into when that went wrong."""
    (tmp_path / "d/x.proto").mkdir(parents=True)
    (tmp_path / "e").mkdir()
    write(tmp_path, {"d/a.proto": "message A {}", "d/x.proto/b.proto": "message B {}", "e/c.proto": "message C {}"})
    done = build("-I", "d", "-o", "out", word, cwd=tmp_path)
    assert done.returncode == (0 if names else 1), done.stderr
    assert error in done.stderr.decode()
    if names:
        assert [name for name, _ in corpus.entries((tmp_path / "out").read_bytes())] == names


def test_findings_on_any_number_of_cores(tmp_path):
    files = {f"f{i:03}.proto": f'import "g.proto"; import "h.proto"; message M{i} {{ G g = 1; }}' for i in range(400)}
    write(tmp_path, {"g.proto": "message G {}", "h.proto": "message H {}", **files})
    alone = build("-j1", "-I.", "-o", "one", *files, cwd=tmp_path)
    assert alone.stderr.count(b"Import h.proto is unused.") == 400
    for _ in range(3):
        beside = build("-j2", "-I.", "-o", "two", *files, cwd=tmp_path)
        assert beside.stderr == alone.stderr
        assert (tmp_path / "two").read_bytes() == (tmp_path / "one").read_bytes()


def test_mistakes_end_it_and_leave_the_output_alone(tmp_path):
    write(tmp_path, {"bad.proto": "message A { Nothing n = 1; }"})
    (tmp_path / "out").write_text("old")
    done = build("bad.proto", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.decode() == 'bad.proto:2:13: "Nothing" is not defined.\n'
    assert (tmp_path / "out").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.proto", "out"]


def test_mistakes_name_the_file_on_disk(tmp_path):
    (tmp_path / "in/deep").mkdir(parents=True)
    write(tmp_path / "in", {"a.proto": 'import "deep/b.proto"; message A { B b = 1; }'})
    write(tmp_path / "in/deep", {"b.proto": "message B { Nothing n = 1; }"})
    done = build("-I", "in", "in/a.proto", "-o", "out", cwd=tmp_path)
    protoc = subprocess.run([corpus.PROTOC, "-Iin", "in/a.proto", "-oout"], cwd=tmp_path,
                            capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(b"in/deep/b.proto:2:13: ")
    assert done.stderr == protoc.stderr


@pytest.mark.parametrize("form, part", [
    ("protoc", 'bad.proto:2:13: "Nothing" is not defined.'),
    ("pretty", "^"),
    ("json", '"line":2'),
    ("github", "::error "),
    ("sarif", '"startLine":2,"startColumn":13'),
])
def test_forms_of_mistakes(form, part, tmp_path):
    write(tmp_path, {"bad.proto": "message A { Nothing n = 1; }"})
    done = build("--error-format", form, "bad.proto", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert part in done.stderr.decode().replace('": ', '":')


def test_sarif_is_a_log(tmp_path):
    """What the schema of SARIF 2.1.0 requires, and the values that it allows."""
    write(tmp_path, {"ä b.proto": 'import "google/protobuf/any.proto"; message A { /* é\t*/ Nothing n = 1; } message A {}'})
    done = build("--error-format=sarif", "ä b.proto", "-o", "out", cwd=tmp_path)
    log = json.loads(done.stderr)
    assert done.returncode == 1
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "stele" and run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) == 2
    for result in run["results"]:
        assert result["level"] in ("none", "note", "warning", "error") and result["message"]["text"]
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        for place in [*result["locations"], *result.get("relatedLocations", [])]:
            where = place["physicalLocation"]
            assert where["artifactLocation"]["uri"] == "%C3%A4%20b.proto"
            assert where["region"]["startLine"] == 2
    region = run["results"][1]["locations"][0]["physicalLocation"]["region"]
    line = (tmp_path / "ä b.proto").read_text().splitlines()[1]
    assert line[region["startColumn"] - 1:region["endColumn"] - 1] == "Nothing"

    write(tmp_path, {"good.proto": ""})
    good = build("--error-format=sarif", "good.proto", "-o", "out", cwd=tmp_path)
    assert good.returncode == 0 and json.loads(good.stderr)["runs"][0]["results"] == []


@pytest.mark.parametrize("args, words", [
    (["-o", "out", "absent.proto"], "no such file"),
    (["-o", "out", "-I", "one", "two/a.proto"], "not in any -I"),
    (["-o", "out", "-I", "one", "-I", "two", "two/x.proto"], "hidden by one/x.proto"),
    (["one/x.proto"], "where to?"),
    (["-o", "out", "--error-format", "x", "one/x.proto"], "no error format"),
    (["-o", "absent/out", "one/x.proto"], "absent/out"),
    (["-o", "out", "empty"], "no .proto files there"),
])
def test_refusals(args, words, tmp_path):
    for name in ("one", "two", "empty"):
        (tmp_path / name).mkdir()
    write(tmp_path / "one", {"x.proto": "message X {}"})
    write(tmp_path / "two", {"a.proto": "message A {}", "x.proto": "message X {}"})
    done = build(*args, cwd=tmp_path)
    assert done.returncode == 1
    assert words in done.stderr.decode()
    assert not (tmp_path / "out").exists()


def test_imports_do_not_leave_their_folder(tmp_path):
    (tmp_path / "in").mkdir()
    write(tmp_path, {"secret.proto": "message S {}"})
    write(tmp_path / "in", {"a.proto": 'import "../secret.proto"; message A { S s = 1; }'})
    done = build("-I", "in", "in/a.proto", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "../secret.proto" in done.stderr.decode()
