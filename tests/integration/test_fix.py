"""`stele lint --fix` and `stele breaking --fix` write files, and only files on disk."""
import subprocess

from conftest import STELE

HEAD = 'syntax = "proto3";\npackage a;\n'
CONFIG = "version: v2\nlint:\n  use: [FIELD_LOWER_SNAKE_CASE]\nbreaking:\n  use: [FIELD_NO_DELETE]\n"


def tree(folder, text):
    folder.mkdir()
    (folder / "buf.yaml").write_text(CONFIG)
    (folder / "a.proto").write_text(HEAD + text)
    return folder / "a.proto"


def run(*args, cwd):
    return subprocess.run([STELE, *args], cwd=cwd, capture_output=True, text=True, check=False)


def test_names_are_mended_and_then_found_no_more(tmp_path):
    file = tree(tmp_path / "new", "message M { int32 fooBar = 1; }\n")
    assert run("lint", "new", "--fix", cwd=tmp_path).returncode == 100
    assert file.read_text() == HEAD + "message M { int32 foo_bar = 1; }\n"
    assert run("lint", "new", "--fix", cwd=tmp_path).returncode == 0


def test_what_is_removed_is_reserved(tmp_path):
    tree(tmp_path / "old", "message M {\n  int32 a = 1;\n  int32 b = 2;\n}\n")
    file = tree(tmp_path / "new", "message M {\n  int32 a = 1;\n}\n")
    assert run("breaking", "new", "--against", "old", "--fix", cwd=tmp_path).returncode == 100
    assert file.read_text() == HEAD + 'message M {\n  reserved 2; reserved "b";\n  int32 a = 1;\n}\n'


def test_nothing_is_written_without_the_flag_or_into_an_image(tmp_path):
    file = tree(tmp_path / "new", "message M { int32 fooBar = 1; }\n")
    before = file.read_text()
    assert run("lint", "new", cwd=tmp_path).returncode == 100
    assert file.read_text() == before
    assert run("build", "-I", "new", "-o", "image.binpb", "a.proto", cwd=tmp_path).returncode == 0
    done = run("lint", "image.binpb", "--config", CONFIG, "--fix", cwd=tmp_path)
    assert done.returncode == 1 and "--fix needs a folder on disk" in done.stderr
