"""stele build of a tree that is large enough for several cores: on any number of them, to a file or through a pipe,
it writes and says the same, which is what protoc does."""
import os
import subprocess

import pytest
from conftest import PROTOC, STELE

FOLDERS, FILES = 12, 40
CORES = (1, 2, 3, 5)


def text_of(folder, i):
    """Each file imports the one before it and some of the folder before; every fifth import is not used."""
    imports = [f"d{folder}/f{i - 1}.proto"] if i else []
    if folder:
        imports += [f"d{folder - 1}/f{i}.proto", f"d{folder - 1}/f{i // 3}.proto"][: 1 + (i % 5 == 0 and i > 0)]
    used = "\n".join(f"  optional {name[:-6].replace('/', '.')}.M m{k} = {k + 1};" for k, name in enumerate(imports[:2]))
    lines = "".join(f'import "{name}";\n' for name in dict.fromkeys([*imports, "opts.proto"]))
    services = "option java_generic_services = true;\n" if i % 13 == 0 else ""
    return (f'syntax = "proto2";\npackage d{folder}.f{i};\n{lines}{services}'
            f"// Of folder {folder}.\nmessage M {{\n{used}\n  optional int32 n = 9 [(opts.tag) = \"{folder} {i}\"];\n}}\n")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    root = tmp_path_factory.mktemp("lanes")
    (root / "opts.proto").write_text('syntax = "proto2";\npackage opts;\nimport "google/protobuf/descriptor.proto";\n'
                                     "extend google.protobuf.FieldOptions { optional string tag = 5000; }\n")
    for folder in range(FOLDERS):
        (root / f"d{folder}").mkdir()
        for i in range(FILES):
            (root / f"d{folder}/f{i}.proto").write_text(text_of(folder, i))
    names = [f"d{folder}/f{i}.proto" for folder in range(FOLDERS) for i in range(FILES)]
    (root / "names").write_text("\n".join(names) + "\n")
    (root / "odd").write_text("\n".join(names[1::2]) + "\n")  # the others are imported alone
    (root / "backwards").write_text("\n".join(reversed(names)) + "\n")
    return root


def build(tree, cores, *words):
    done = subprocess.run([STELE, "build", "-j", str(cores), "-I", ".", "--error-format", "protoc", *words], cwd=tree,
                          capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


def protoc(tree, out, *words):
    done = subprocess.run([PROTOC, "-I.", f"-I{os.path.dirname(PROTOC)}/../include", "-o", out, *words], cwd=tree,
                          capture_output=True, check=False)
    return done.returncode, (tree / out).read_bytes() if done.returncode == 0 else b"", done.stderr


@pytest.mark.parametrize("names", ["names", "odd", "backwards"])
@pytest.mark.parametrize("more", [[], ["--include-imports"]])
def test_the_same_on_any_number_of_cores(tree, tmp_path, names, more):
    want = protoc(tree, tmp_path / "protoc.binpb", *[word.replace("-", "_").replace("__", "--") for word in more],
                  f"@{names}")
    assert want[0] == 0 and len(want[1]) > 20000 and want[2].count(b"is unused") > 20
    for cores in CORES:
        code, out, err = build(tree, cores, *more, "-o", "-", f"@{names}")
        assert (code, out, err) == want, cores
        out_path = tmp_path / "stele.binpb"
        assert build(tree, cores, *more, "-o", out_path, f"@{names}") == (0, b"", want[2])
        assert out_path.read_bytes() == want[1], cores


@pytest.mark.parametrize("file, text, said", [
    ("d0/f0.proto", "message", b'd0/f0.proto:1:8: Expected message name.'),
    ("d6/f20.proto", 'syntax = "proto2";\npackage d6.f20;\nmessage M { optional Nobody n = 1; }\n',
     b'd6/f20.proto:3:22: "Nobody" is not defined.'),
    ("d11/f39.proto", 'syntax = "proto2";\npackage d0.f0;\nmessage M {}\n',
     b'd11/f39.proto:3:9: "d0.f0.M" is already defined in file "d0/f0.proto".'),
    ("opts.proto", 'syntax = "proto2";\npackage opts;\n', b'Option "(opts.tag)" unknown.'),
], ids=["the first", "one in the middle", "the last, with a name of the first", "what all import"])
def test_mistakes_are_the_same_too(tree, tmp_path, file, text, said):
    before = (tree / file).read_text()
    (tree / file).write_text(text)
    try:
        want = protoc(tree, tmp_path / "protoc.binpb", "@names")
        assert want[0] == 1 and said in want[2]
        for cores in CORES:
            assert build(tree, cores, "-o", tmp_path / "stele.binpb", "@names") == want, cores
            assert not (tmp_path / "stele.binpb").exists()
    finally:
        (tree / file).write_text(before)
