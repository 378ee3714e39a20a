"""Outside libraries are opened when something needs them: the binary is linked with none, and where one
is broken or missing, what needs it says which Debian package has it."""
import os
import re
import subprocess

import pytest
from conftest import STELE

PROTO = 'syntax = "proto3";\npackage a.v1;\nmessage a {}\n'

# library, Debian's package, files besides a/v1/a.proto, the command that needs it
NEEDS = [
    ("libyaml-0.so.2", "libyaml-0-2", {"buf.yaml": "version: v2\n"}, ["lint"]),
    ("libgit2.so.1.5", "libgit2-1.5", {}, ["breaking", "--against", ".git#branch=main"]),
    ("libarchive.so.13", "libarchive13", {"a.zip": "PK"}, ["lint", "a.zip"]),
    ("libcurl.so.4", "libcurl4", {}, ["list", "--registry", "http://127.0.0.1:9"]),
    ("libsqlite3.so.0", "libsqlite3-0", {}, ["serve", "--listen", "127.0.0.1:0", "--store", "sqlite:a.db"]),
    ("libuv.so.1", "libuv1", {}, ["serve", "--listen", "127.0.0.1:0", "--store", "memory:"]),
    ("libcrypto.so.3", "libssl3", {}, ["lint", "--format", "gitlab-code-quality"]),
]


def test_the_binary_is_linked_with_none():
    told = subprocess.run(["readelf", "-d", STELE], check=True, capture_output=True, text=True).stdout
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", told)
    assert [name for name in needed if not re.match(r"lib(c|m|asan|ubsan)\.so|ld-linux", name)] == []


@pytest.mark.parametrize("library,package,files,words", NEEDS, ids=[row[0] for row in NEEDS])
def test_what_is_missing_is_named(tmp_path, library, package, files, words):
    for name, text in {"a/v1/a.proto": PROTO, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / library).write_text("no library")
    done = subprocess.run([STELE, *words], cwd=tmp_path, capture_output=True, text=True, timeout=60,
                          env={**os.environ, "LD_LIBRARY_PATH": str(tmp_path / "broken")}, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 1, (done.returncode, said)
    assert f"the Debian package {package} has it" in said and "Sanitizer" not in said, said
    # What does not need it works.
    subprocess.run([STELE, "build", "-o", "out", "a/v1/a.proto"], cwd=tmp_path, check=True, timeout=60,
                   env={**os.environ, "LD_LIBRARY_PATH": str(tmp_path / "broken")})
