"""stele generate as a command: what it writes where, what it leaves alone, what it says."""
import os
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STELE = Path(os.environ.get("STELE", ROOT / "build-test/stele")).resolve()

ONE = 'syntax = "proto3";\npackage demo;\nmessage One { string name = 1; }\n'
TWO = 'syntax = "proto3";\npackage demo;\nimport "one.proto";\nmessage Two { One one = 1; }\n'


def generate(*arguments, cwd):
    return subprocess.run([str(STELE), "generate", *map(str, arguments)], cwd=cwd, capture_output=True, check=False,
                          text=True)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "src/sub").mkdir(parents=True)
    (tmp_path / "src/one.proto").write_text(ONE)
    (tmp_path / "src/sub/two.proto").write_text(TWO)
    return tmp_path


def made(folder, out="out"):
    return sorted(str(path.relative_to(folder / out)) for path in (folder / out).rglob("*") if path.is_file())


ALL = ["one_pb2.py", "one_pb2.pyi", "sub/two_pb2.py", "sub/two_pb2.pyi"]


@pytest.mark.parametrize("arguments, want", [
    (["src"], ALL),
    (["-I", "src", "src"], ALL),
    (["-Isrc", "src/sub/two.proto"], ALL[2:]),
    (["-I", "src", "sub/two.proto"], ALL[2:]),
    (["-I", "src", "--include-imports", "sub/two.proto"], ALL),
    (["-I", "src", "src/sub", "src/sub/two.proto", "sub/two.proto"], ALL[2:]),
    (["--no-pyi", "src"], [name for name in ALL if name.endswith(".py")]),
], ids=lambda value: " ".join(value))
def test_what_is_written(folder, arguments, want):
    done = generate("--python", "-o", "out", *arguments, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{len(want)} files written, 0 unchanged in out\n"
    assert made(folder) == want


def test_absolute_paths(folder):
    done = generate("--python", "-I", folder / "src", "-o", folder / "out", "src/one.proto", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert made(folder) == ALL[:2]


def test_unchanged_files_are_left_alone(folder):
    generate("--python", "-o", "out", "src", cwd=folder)
    old = {name: (folder / "out" / name).stat() for name in ALL}
    (folder / "src/sub/two.proto").write_text(TWO.replace("Two", "Other"))
    done = generate("--python", "-o", "out", "src", cwd=folder)
    assert done.stdout == "2 files written, 2 unchanged in out\n"
    for name in ALL:
        new = (folder / "out" / name).stat()
        assert (new.st_ino == old[name].st_ino and new.st_mtime_ns == old[name].st_mtime_ns) == name.startswith("one")


def test_a_mistake_writes_nothing(folder):
    (folder / "src/sub/two.proto").write_text(TWO.replace("One one", "Oen one"))
    done = generate("--python", "-o", "out", "src", cwd=folder)
    assert done.returncode == 1
    assert done.stderr == 'sub/two.proto:4:15: "Oen" is not defined.\n'
    assert not (folder / "out").exists()


@pytest.mark.parametrize("arguments, want", [
    (["--go", "src"], "stele generate: Go code is not available yet\n"),
    (["--python", "--java", "src"], "stele generate: Java code is not available yet\n"),
    (["src"], "stele generate: which language? --python is available, and --plugin NAME\n"),
    (["--python", "nowhere.proto"], "stele generate: nowhere.proto: no such file\n"),
    (["--python", "empty"], "stele generate: no .proto files there\n"),
], ids=lambda value: value if isinstance(value, str) else " ".join(value))
def test_refusals(folder, arguments, want):
    (folder / "empty").mkdir()
    done = generate(*arguments, "-o", "out", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", want)
    assert not (folder / "out").exists()


def test_a_file_where_a_folder_should_be(folder):
    (folder / "out").mkdir()
    (folder / "out/sub").write_text("in the way")
    done = generate("--python", "-o", "out", "src", cwd=folder)
    assert done.returncode == 1
    assert "out/sub" in done.stderr


def wait_until(condition):
    for _ in range(400):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_watch(folder):
    """Generates again after a change, says what is wrong, and goes on when it is mended."""
    log = folder / "log"
    with open(log, "wb") as output:
        process = subprocess.Popen([str(STELE), "generate", "--python", "--watch", "-o", "out", "src"], cwd=folder,
                                   stdout=output, stderr=output)
    try:
        two = folder / "out/sub/two_pb2.py"
        wait_until(lambda: log.read_text().count("watching") == 1)
        (folder / "src/sub/two.proto").write_text(TWO.replace("Two", "Another"))
        wait_until(lambda: log.read_text().count("watching") == 2)
        assert "_ANOTHER" in two.read_text()
        (folder / "src/sub/two.proto").write_text("syntax = ;")
        wait_until(lambda: log.read_text().count("watching") == 3)
        assert "sub/two.proto:1:10:" in log.read_text()
        (folder / "src/sub/two.proto").write_text(TWO)
        (folder / "src/three.proto").write_text(ONE.replace("One", "Three"))
        wait_until((folder / "out/three_pb2.py").exists)
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait()


# ---- Plugins: the same programs that protoc runs, with the manners of this command ----

PLUGIN = Path(__file__).resolve().parent / "protoc/protoc-gen-test"


def plugin(folder, mode, *more):
    return generate("-o", "out", "--plugin", f"test={PLUGIN}", "--opt", f"test={mode}", *more, "src", cwd=folder)


def test_a_plugin(folder):
    done = plugin(folder, "names", "--opt", "test=a=b", "--opt", "other=c")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "1 files written, 0 unchanged in out\n"
    assert (folder / "out/names.txt").read_text() == "one.proto\nsub/two.proto\nnames,a=b"
    assert plugin(folder, "names", "--opt", "test=a=b").stdout == "0 files written, 1 unchanged in out\n"


def test_a_plugin_beside_a_language(folder):
    done = plugin(folder, "files", "--python")
    assert done.returncode == 0, done.stderr
    assert made(folder) == sorted([*ALL, "two.txt", "x/y/one.txt"])


def test_a_plugin_in_path(folder, monkeypatch):
    monkeypatch.setenv("PATH", f"{PLUGIN.parent}:{os.environ['PATH']}")
    done = generate("-o", "out", "--plugin", "test", "--opt", "test=files", "src", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert made(folder) == ["two.txt", "x/y/one.txt"]


@pytest.mark.parametrize("mode, part", [
    ("error", "it went wrong"),
    ("exit3", "Plugin failed with status code 3."),
    ("garbage", "Plugin output is unparseable: no \\\"response"),
    ("twice", '"one.txt" is generated twice'),
    ("insert_nofile", "Tried to insert into file that doesn't exist."),
    ("escape", "has a '..' step"),
    ("absolute", "is absolute"),
])
def test_nothing_is_written_when_a_plugin_fails(folder, mode, part):
    done = plugin(folder, mode, "--python")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("stele generate: plugin test: ")
    assert part in done.stderr
    assert made(folder) == []


def test_an_absent_plugin(folder):
    done = generate("-o", "out", "--plugin", "no-such-plugin", "src", cwd=folder)
    assert done.returncode == 1
    assert "protoc-gen-no-such-plugin: program not found or is not executable" in done.stderr
