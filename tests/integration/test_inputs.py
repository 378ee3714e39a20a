"""The commands that judge and compare, on what they may be pointed at: folders, commits, archives, images, a
registry; and what they say when it is not there, broken or hostile.

What buf finds on the same inputs is in tests/oracle/test_config.py.
"""
import gzip
import io
import json
import os
import subprocess
import tarfile
import zipfile

import pytest

from conftest import STELE

OLD = 'syntax = "proto3";\npackage a.v1;\n// A thing.\nmessage Foo {\n  string a = 1;\n  int32 gone = 2;\n}\n'
NEW = 'syntax = "proto3";\npackage a.v1;\n// A thing.\nmessage Foo {\n  int32 a = 1;\n  string come = 3;\n}\n'
CONFIG = "version: v2\nmodules:\n  - path: proto\n"
PATH = "proto/a/v1/a.proto"


def stele(*words, cwd, code=0, stdin=None, env=None):
    done = subprocess.run([str(STELE), *words], cwd=cwd, capture_output=True, input=stdin, timeout=120,
                          env={**os.environ, **(env or {})}, check=False)
    out, errors = done.stdout.decode(), done.stderr.decode()
    assert "Sanitizer" not in errors and "runtime error" not in errors, errors
    assert done.returncode == code, (done.returncode, out, errors)
    return out + errors


def git(folder, *words):
    env = {**os.environ, "GIT_AUTHOR_NAME": "n", "GIT_AUTHOR_EMAIL": "n@e", "GIT_COMMITTER_NAME": "n",
           "GIT_COMMITTER_EMAIL": "n@e", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    return subprocess.run(["git", *words], cwd=folder, env=env, check=True, capture_output=True, text=True).stdout.strip()


def lay(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


@pytest.fixture
def checkout(tmp_path):
    """Two commits, the older one tagged v1.4.0; the newer one is checked out."""
    folder = tmp_path / "checkout"
    lay(folder, {"buf.yaml": CONFIG, PATH: OLD})
    git(folder, "init", "-q", "-b", "main", ".")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "old")
    git(folder, "tag", "v1.4.0")
    git(folder, "branch", "old")
    lay(folder, {PATH: NEW})
    git(folder, "commit", "-qam", "new")
    return folder


BROKEN = 'proto/a/v1/a.proto:5:3:Field "1" with name "a" on message "Foo" changed type from "string" to "int32".'


# ---- commits ----

@pytest.mark.parametrize("against", [
    "v1.4.0", "HEAD~1", "old", ".git#tag=v1.4.0", ".git#branch=old", ".git#ref=HEAD~1", ".git#tag=v1.4.0,depth=5",
    ".#format=git,tag=v1.4.0", ".git#tag=v1.4.0,subdir=proto"])
def test_a_commit(checkout, against):
    assert BROKEN in stele("breaking", "--against", against, cwd=checkout, code=100)


def test_a_commit_by_hash(checkout):
    whole = git(checkout, "rev-parse", "HEAD~1")
    for name in (whole, whole[:10]):
        assert BROKEN in stele("breaking", "--against", f".git#commit={name}", cwd=checkout, code=100)
        assert BROKEN in stele("breaking", "--against", name, cwd=checkout, code=100)


def test_a_scheme_of_files(checkout, tmp_path):
    where = f"file://{checkout}"
    assert BROKEN in stele("breaking", "--against", f"{where}/.git#tag=v1.4.0", cwd=checkout, code=100)
    stele("build", "-I", "proto", "proto", "-o", str(tmp_path / "set.binpb"), cwd=checkout)
    assert stele("breaking", "--against", f"file://{tmp_path}/set.binpb", cwd=checkout) == ""


def test_nothing_is_checked_out(checkout):
    (checkout / PATH).write_text(NEW + "// not committed\n")
    before = git(checkout, "status", "--porcelain")
    stele("breaking", "--against", "v1.4.0", cwd=checkout, code=100)
    assert git(checkout, "status", "--porcelain") == before
    assert stele("breaking", "--against", "HEAD", cwd=checkout) == ""


def test_a_bare_repository(checkout, tmp_path):
    git(tmp_path, "clone", "-q", "--bare", str(checkout), "bare.git")
    assert BROKEN in stele("breaking", "--against", "../bare.git#branch=old", cwd=checkout, code=100)
    assert BROKEN in stele("breaking", "bare.git#branch=main", "--against", "bare.git#tag=v1.4.0", cwd=tmp_path,
                           code=100)


def test_from_within_the_checkout(checkout):
    said = stele("breaking", "--against", "v1.4.0", cwd=checkout / "proto", code=100)
    assert said.startswith("a/v1/a.proto:")
    said = stele("breaking", "proto", "--against", "v1.4.0", cwd=checkout, code=100)
    assert said.startswith("proto/a/v1/a.proto:")
    said = stele("breaking", str(checkout / "proto"), "--against", "v1.4.0", cwd=checkout, code=100)
    assert said.startswith(str(checkout / PATH))
    said = stele("breaking", PATH, "--against", "v1.4.0", cwd=checkout, code=100)
    assert said.startswith("proto/a/v1/a.proto:")


def test_paths_hold_for_both_sides(checkout):
    assert BROKEN in stele("breaking", "--against", "v1.4.0", "--path", "proto/a", cwd=checkout, code=100)
    lay(checkout, {"proto/b/v1/b.proto": NEW.replace("a.v1", "b.v1")})
    assert "had no .proto" not in stele("breaking", "--against", "v1.4.0", "--limit-to-input-files", cwd=checkout,
                                        code=100)


def test_paths_go_from_the_folder_that_subdir_names(checkout, tmp_path):
    inner = BROKEN.removeprefix("proto/")
    assert inner in stele("breaking", "--against", "../.git#tag=v1.4.0,subdir=proto", "--path", "a", cwd=checkout / "proto", code=100)
    assert BROKEN in stele("breaking", "--against", ".git#tag=v1.4.0,subdir=proto", "--path", "proto/a/v1/a.proto", cwd=checkout, code=100)
    assert "no .proto files were targeted" in stele(
        "breaking", "--against", "../.git#tag=v1.4.0,subdir=proto", "--path", "b", cwd=checkout / "proto", code=1)
    (tmp_path / "s.zip").write_bytes(zip_of(SOURCES))
    comments = '{"version":"v2","modules":[{"path":"proto"}],"lint":{"use":["COMMENTS"]}}'
    found = [stele("lint", "s.zip#subdir=proto", "--config", comments, "--path", path, cwd=tmp_path, code=100) for path in ("a", "proto/a")]
    assert found[0] == found[1] and found[0].startswith(PATH)
    assert "targeted" in stele("lint", "s.zip#subdir=proto", "--exclude-path", "a", cwd=tmp_path, code=1)


def test_a_workspace_below(tmp_path):
    lay(tmp_path, {"x/buf.yaml": "version: v2\nmodules:\n  - path: p\nlint:\n  use: [MINIMAL, MESSAGE_PASCAL_CASE]\n",
                   "x/p/a/v1/a.proto": NEW.replace("Foo", "foo"), "x/p/a/v1/b.proto": NEW.replace("Foo", "foo2")})
    said = stele("lint", "--path", "x/p/a/v1/a.proto", cwd=tmp_path, code=100).splitlines()
    assert len(said) == 1 and said[0].startswith("x/p/a/v1/a.proto:") and "PascalCase" in said[0]
    lay(tmp_path, {"y/buf.yaml": "version: v2\n", "y/b/v1/c.proto": NEW.replace("a.v1", "b.v1")})
    assert "different controlling workspaces" in stele("lint", "--path", "x/p/a", "--path", "y/b", cwd=tmp_path, code=1)


def test_an_image_of_a_whole_workspace(tmp_path):
    """Each file is compared with its older self by the rules of the module that has it now."""
    old = {"x/a/v1/a.proto": OLD, "y/b/v1/b.proto": OLD.replace("a.v1", "b.v1"), "y/b/v1/c.proto": "syntax = \"proto3\";\npackage b.v1;\n"}
    lay(tmp_path / "old", {"buf.yaml": "version: v2\nmodules: [{path: x}, {path: y}]\n", **old})
    stele("build", "-I", "old/x", "-I", "old/y", "old/x", "old/y", "-o", "old.binpb", "--include-source-info", cwd=tmp_path)
    new = {"x/a/v1/a.proto": NEW, "y/b/v1/b.proto": NEW.replace("a.v1", "b.v1")}
    lay(tmp_path / "new", {"buf.yaml": "version: v2\nmodules:\n  - path: x\n  - path: y\n    breaking:\n      use: [FIELD_SAME_NAME]\n", **new})
    for against in ("old.binpb", "old"):
        found = stele("breaking", "new", "--against", against, "--format", "json", cwd=tmp_path, code=100).splitlines()
        assert [json.loads(line)["type"] for line in found] == ["FIELD_NO_DELETE", "FIELD_SAME_TYPE"]
        assert all("new/x/a/v1/a.proto" in line for line in found)
    lay(tmp_path / "new", {"buf.yaml": "version: v2\nmodules: [{path: x}, {path: y}, {path: z}]\n",
                           "z/c/v1/c.proto": NEW.replace("a.v1", "c.v1")})
    found = stele("breaking", "new", "--against", "old.binpb", cwd=tmp_path, code=100)
    assert found.count("changed type") == 2 and 'file "b/v1/c.proto" was deleted' in found and found.count("file \"") == 1


def test_a_package_whose_neighbours_are_broken(tmp_path):
    """Files of other packages are not even compiled."""
    lay(tmp_path, {"a/v1/a.proto": NEW, "a/v1/b.proto": NEW.replace("Foo", "bar"), "x.proto": 'syntax = "proto3";\npackage x;\nmessage M { Nope n = 1; }\n'})
    said = stele("lint", "a/v1/a.proto#include_package_files=true", cwd=tmp_path, code=100)
    assert "a/v1/b.proto:4:9" in said and "Nope" not in said
    lay(tmp_path, {"a/v1/c.proto": NEW.replace("message Foo {", "message C { Nope n = 9;")})
    assert "Nope" in stele("lint", "a/v1/a.proto#include_package_files=true", cwd=tmp_path, code=100)


def test_only_where_this_state_has_files(checkout):
    stele("build", "-I", "proto", "proto", "-o", "new.binpb", cwd=checkout)
    found = stele("breaking", "--against", "new.binpb", "--limit-to-input-files", cwd=checkout)
    assert found == ""
    lay(checkout, {PATH: OLD})
    assert "changed type" in stele("breaking", "--against", "new.binpb", "--limit-to-input-files", cwd=checkout, code=100)


def test_modules_that_changed_places(tmp_path):
    sides = {"old": [("a", "r.io/o/z"), ("b", "r.io/o/y")], "new": [("d", "r.io/o/z"), ("c", "r.io/o/y")]}
    for side, modules in sides.items():
        lay(tmp_path / side, {"buf.yaml": json.dumps({"version": "v2", "modules": [{"path": p, "name": n} for p, n in modules]})})
        for path, name in modules:
            package = name[-1] + ".v1"
            lay(tmp_path / side, {f"{path}/{name[-1]}/v1/{name[-1]}.proto": OLD.replace("a.v1", package)})
    assert stele("breaking", "new", "--against", "old", cwd=tmp_path) == ""
    for side, homes in {"was": {"m1": "one", "p": "two"}, "now": {"o": "two", "p": "one"}}.items():  # files go, the folder stays
        lay(tmp_path / side, {"buf.yaml": json.dumps({"version": "v2", "modules": [{"path": p} for p in homes]}),
                              **{f"{folder}/{name}/{name}.proto": f'syntax = "proto3";\npackage {name};\n' for folder, name in homes.items()},
                              "p/q/q.proto": 'syntax = "proto3";\npackage q;\n'})
    assert stele("breaking", "now", "--against", "was", cwd=tmp_path, code=100).count("q/q.proto") == 0


def test_a_packed_repository(checkout):
    git(checkout, "gc", "-q", "--aggressive", "--prune=now")
    assert BROKEN in stele("breaking", "--against", "v1.4.0", cwd=checkout, code=100)


@pytest.mark.parametrize("against, words", [
    ("nobody", "nobody: no such folder, file or revision here"),
    (".git#tag=nobody", "the git repository has no tag nobody"),
    (".git#branch=nobody", "the git repository has no branch nobody"),
    (".git#commit=zz", "the git repository has no commit zz"),
    (".git#ref=--help", "the git repository has no revision --help"),
    (".git#branch=main,tag=v1.4.0", "must specify only one of"),
    (".git#tag=v1.4.0,tag=v1.4.0", 'duplicate options key: "tag"'),
    ("https://example.com/x.git", "other machines' repositories are not fetched"),
    (".git#tag=v1.4.0,subdir=nowhere", "had no .proto files"),
    ("proto#format=git", "no git repository"),
])
def test_no_such_commit(checkout, against, words):
    assert words in stele("breaking", "--against", against, cwd=checkout, code=1)


def test_a_commit_with_links_and_submodules(checkout):
    os.symlink("/etc/passwd", checkout / "proto/a/v1/evil.proto")
    os.symlink("..", checkout / "proto/loop")
    git(checkout, "add", "-A")
    git(checkout, "update-index", "--add", "--cacheinfo", "160000," + git(checkout, "rev-parse", "HEAD") + ",proto/sub")
    git(checkout, "commit", "-qm", "links")
    assert stele("lint", ".git#branch=main", cwd=checkout, code=0) == ""


def test_a_damaged_repository(checkout):
    for path in (checkout / ".git/objects").rglob("*"):
        if path.is_file():
            path.chmod(0o644)
            path.write_bytes(b"not an object")
    # libgit2 itself loses memory when objects are damaged.
    assert "stele breaking:" in stele("breaking", "--against", "v1.4.0", cwd=checkout, code=1,
                                      env={"ASAN_OPTIONS": "detect_leaks=0"})


def test_a_tree_that_unfolds_for_ever(tmp_path):
    """Each folder names the one before it many times: few objects, endless paths."""
    git(tmp_path, "init", "-q", "-b", "main", ".")
    blob = subprocess.run(["git", "hash-object", "-w", "--stdin"], cwd=tmp_path, input="x", text=True, check=True,
                          capture_output=True).stdout.strip()
    tree = subprocess.run(["git", "mktree"], cwd=tmp_path, input=f"100644 blob {blob}\ta.proto\n", text=True,
                          check=True, capture_output=True).stdout.strip()
    for _ in range(30):
        tree = subprocess.run(["git", "mktree"], cwd=tmp_path, text=True, check=True, capture_output=True,
                              input="".join(f"040000 tree {tree}\td{i}\n" for i in range(20))).stdout.strip()
    commit = git(tmp_path, "commit-tree", tree, "-m", "bomb")
    git(tmp_path, "update-ref", "refs/heads/main", commit)
    assert "more than 1000000 files" in stele("lint", ".git#branch=main", cwd=tmp_path, code=1)


# ---- archives ----

def tar_of(files, mode="w:gz", top="", extra=()):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for path, text in files.items():
            info = tarfile.TarInfo(top + path)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
        for info in extra:
            archive.addfile(info)
    return out.getvalue()


def zip_of(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return out.getvalue()


SOURCES = {"buf.yaml": CONFIG, PATH: OLD, "README.md": "x" * 100000}


def test_archives(checkout, tmp_path):
    for name, data, keys in [
            ("s.tar", tar_of(SOURCES, "w:"), ""), ("s.tar.gz", tar_of(SOURCES), ""), ("s.zip", zip_of(SOURCES), ""),
            ("s.tgz", tar_of(SOURCES, top="x-1.0/"), "#strip_components=1"),
            ("t.tgz", tar_of(SOURCES, top="x-1.0/"), "#subdir=x-1.0"),
            ("s.zip", zip_of(SOURCES), "#subdir=proto"),
            ("any", tar_of(SOURCES), "#format=tar,compression=gzip")]:
        (tmp_path / name).write_bytes(data)
        assert BROKEN in stele("breaking", "--against", f"../{name}{keys}", cwd=checkout, code=100), name
    assert BROKEN in stele("breaking", "--against", "-#format=targz", cwd=checkout, code=100, stdin=tar_of(SOURCES))


def test_tar_zst(checkout, tmp_path):
    (tmp_path / "s.tar").write_bytes(tar_of(SOURCES, "w:"))
    subprocess.run(["bsdtar", "--zstd", "-cf", "s.tar.zst", "@s.tar"], cwd=tmp_path, check=True)
    assert BROKEN in stele("breaking", "--against", "../s.tar.zst", cwd=checkout, code=100)


def link(name, to, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, to
    return info


@pytest.mark.parametrize("name, data, words", [
    ("up.tar.gz", tar_of({"../evil.proto": OLD}), "has a '..' step"),
    ("abs.tar.gz", tar_of({"/evil.proto": OLD}), "is absolute"),
    ("up.zip", zip_of({"a/../../evil.proto": OLD}), "has a '..' step"),
    ("twice.zip", zip_of({"a.proto": OLD, "./a.proto": NEW}), "stands twice"),
    ("cut.tar.gz", tar_of(SOURCES)[:200], "not a readable tar"),
    ("cut.zip", zip_of(SOURCES)[:-40], "not a readable zip"),
    ("text.zip", b"not a zip at all", "not a readable zip"),
    ("empty.tar", b"", "it is empty"),
    ("bomb.zip", zip_of({"a.proto": "\0" * (80 << 20)}), "is larger than"),
    ("bomb.tar.gz", tar_of({"a.proto": "\0" * (80 << 20)}), "is larger than"),
    ("links.tar.gz", tar_of({}, extra=[link("a.proto", "/etc/passwd"), link("b.proto", "a.proto", tarfile.LNKTYPE)]),
     "had no .proto files"),
])
def test_hostile_archives(tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)
    assert words in stele("lint", name, cwd=tmp_path, code=1)
    assert sorted(os.listdir(tmp_path)) == [name]


# ---- images ----

def test_images(checkout):
    stele("build", "-I", "proto", "--include-source-info", "-o", "new.binpb", PATH, cwd=checkout)
    (checkout / "new.binpb.gz").write_bytes(gzip.compress((checkout / "new.binpb").read_bytes()))
    for name in ("new.binpb", "new.binpb.gz"):
        said = stele("breaking", name, "--against", "v1.4.0", cwd=checkout, code=100)
        assert BROKEN.removeprefix("proto/") in said
        assert stele("breaking", "--against", name, cwd=checkout) == ""
    assert stele("lint", "-", cwd=checkout, stdin=(checkout / "new.binpb").read_bytes()) == ""


@pytest.mark.parametrize("name, data, words", [
    ("a.binpb", b"", "the image has no files"), ("b.binpb", b"\xff\xff\xff", "not an image"),
    ("c.binpb", b"\x0a\x05\x0a\x09abc", "not an image"), ("d.binpb.gz", gzip.compress(os.urandom(1000))[:500], "cannot be unpacked"),
    ("f.binpb", b"\x0a\x09\x0a\x07a.proto" * 2, "has a file twice"),
])
def test_bad_images(tmp_path, name, data, words):
    (tmp_path / name).write_bytes(data)
    assert words in stele("lint", name, cwd=tmp_path, code=1)


# ---- a registry ----

def test_a_registry(fresh, tmp_path):
    lay(tmp_path, {"old/a/v1/b.proto": 'syntax = "proto3";\npackage a.v1;\nmessage B {}\n',
                   "old/a/v1/a.proto": OLD.replace("package a.v1;\n", 'package a.v1;\nimport "a/v1/b.proto";\n')
                   .replace("int32 gone = 2;", "B gone = 2;")})
    lay(tmp_path, {"new/a/v1/b.proto": (tmp_path / "old/a/v1/b.proto").read_text(), "new/a/v1/a.proto": NEW})
    stele("push", "old", "--registry", fresh.url, cwd=tmp_path)
    for words in (["--against", "registry"], ["--against-registry"]):
        said = stele("breaking", "new", *words, "--registry", fresh.url, cwd=tmp_path, code=100)
        assert 'Field "1" with name "a"' in said and "new/a/v1/a.proto" in said
    said = stele("semver", "registry:a/v1/a.proto@1", "new/a/v1/a.proto", "--registry", fresh.url, cwd=tmp_path)
    assert said.startswith("major: 1.0.0 -> 2.0.0\n")
    said = stele("changelog", "registry:a/v1/a.proto", "new/a/v1/a.proto", cwd=tmp_path,
                 env={"STELE_REGISTRY": fresh.url})
    assert said.startswith("# 2.0.0\n") and "`a.v1.Foo.gone`: `a.v1.B = 2`" in said
    same = stele("semver", "registry:2", "registry:a/v1/a.proto", "--registry", fresh.url, cwd=tmp_path)
    assert same.startswith("none"), "an id is the version that has it, under its subject's name"
    said = stele("convert", "--schema", "registry:a/v1/a.proto", "--type", "a.v1.Foo", "--from", "json", "--to", "hex",
                 "--registry", fresh.url, cwd=tmp_path, stdin=b'{"gone": {}}')
    assert said == "1200\n", "what it imports is fetched too"
    said = stele("semver", "registry:2", "new/a/v1/a.proto", "--registry", fresh.url, cwd=tmp_path)
    assert said.startswith("major: 1.0.0 -> 2.0.0\n"), "an id has the version of who has it"
    assert "nobody" in stele("diff", "registry:nobody", "new", "--registry", fresh.url, cwd=tmp_path, code=1)


def test_one_file_each(fresh, tmp_path):
    """A subject of another name and a copy that was set aside are the file that they are compared with."""
    lay(tmp_path, {"a/v1/a.proto": NEW, "a/v1/before.proto": OLD, "aside.proto": OLD})
    on = ["--registry", fresh.url]
    fresh.post("/subjects/foo-value/versions", {"schemaType": "PROTOBUF", "schema": OLD})
    for older in ("registry:foo-value", "a/v1/before.proto", "aside.proto"):
        said = stele("semver", older, "a/v1/a.proto", *on, cwd=tmp_path)
        assert said.startswith("major: 1.0.0 -> 2.0.0\na/v1/a.proto:") and "FILE_" not in said, older
        assert "file" not in stele("diff", older, "a/v1/a.proto", *on, cwd=tmp_path), older
    said = stele("breaking", "a/v1/a.proto", "--against", "registry:foo-value", *on, cwd=tmp_path, code=100)
    assert 'Field "1" with name "a"' in said and "foo-value" not in said


def test_a_release(fresh, tmp_path):
    lay(tmp_path, {"t/a/v1/a.proto": OLD, "t/a/v1/b.proto": OLD.replace("Foo", "Bar"), "n/a/v1/a.proto": NEW})
    on = ["--registry", fresh.url]
    assert "no releases yet" in stele("diff", "registry@1", "n", *on, cwd=tmp_path, code=1)
    assert "the registry has no schemas yet" in stele("lint", "registry", *on, cwd=tmp_path, code=1)
    stele("push", "t", *on, cwd=tmp_path)
    lay(tmp_path, {"t/a/v1/a.proto": OLD.replace("int32 gone", "int32 gone = 2; int32 more = 3; // was")
                   .replace("// was = 2;", "// 2"), "t/a/v1/c.proto": OLD.replace("Foo", "Baz")})
    stele("push", "t", *on, cwd=tmp_path)
    said = stele("diff", "registry@1", "registry@2", *on, cwd=tmp_path)
    assert "a.v1.Foo.more" in said and "a/v1/c.proto" in said and "Bar" not in said
    assert stele("diff", "registry@2", "registry", *on, cwd=tmp_path) == \
        stele("diff", "registry@latest", "t", *on, cwd=tmp_path)
    assert stele("diff", "registry@1.0.0", "registry@1", *on, cwd=tmp_path) == "no differences\n"
    assert stele("semver", "registry@1", "registry@2", *on, cwd=tmp_path).startswith("minor")
    said = stele("breaking", "n", "--against", "registry@1", *on, cwd=tmp_path, code=100)
    assert "FIELD_NO_DELETE" in stele("breaking", "n", "--against", "registry@1", "--format", "json", *on, cwd=tmp_path, code=100)
    assert 'Field "1" with name "a"' in said
    for name in ("3", "0", "-1", "x", "9.9.9", "1@2"):
        said = stele("breaking", "n", "--against", f"registry@{name}", *on, cwd=tmp_path, code=1)
        assert f'no release "{name}"; the newest is 2' in said


def test_a_registry_of_many(fresh, tmp_path):
    """More subjects than one page of the registry's list has."""
    lay(tmp_path, {f"t/p{i}/v1/a.proto": f'syntax = "proto3";\npackage p{i}.v1;\nmessage M {{ int32 a = 1; }}\n' for i in range(1100)})
    on = ["--registry", fresh.url]
    stele("push", "t", *on, cwd=tmp_path)
    lay(tmp_path, {"t/p999/v1/a.proto": 'syntax = "proto3";\npackage p999.v1;\nmessage M { int64 a = 1; }\n'})
    for what in ("registry", "registry@1"):
        said = stele("diff", what, "t", *on, cwd=tmp_path)
        assert "p999.v1.M.a" in said and "p998" not in said and "p1099" not in said


def test_no_registry(tmp_path):
    lay(tmp_path, {"a.proto": NEW})
    assert stele("breaking", "--against", "registry", "--registry", "http://127.0.0.1:9", cwd=tmp_path, code=1)


# ---- semantic versions ----

def test_semver_is_stable(tmp_path):
    """The class of a change does not depend on layout, order or form."""
    lay(tmp_path, {"old/a.proto": 'syntax = "proto3";\npackage p;\nmessage A { int32 a = 1; int32 b = 2; }\nenum E { Z = 0; }\n',
                   "new/a.proto": 'syntax = "proto3";\npackage p;\nmessage A { int32 a = 1; int32 b = 2; int32 c = 3; }\nenum E { Z = 0; }\n',
                   "mixed/a.proto": 'syntax = "proto3"; package p;\n\nenum E { Z = 0x0; }\n// Hm.\nmessage A {\n int32 b = 2;\n int32 a = 1;\n}\n'})
    for name in ("old", "new"):
        stele("build", "-I", name, "-o", f"{name}.binpb", f"{name}/a.proto", cwd=tmp_path)
    for old in ("old", "mixed", "old.binpb"):
        for new in ("new", "new.binpb"):
            assert stele("semver", old, new, cwd=tmp_path).startswith("minor: 1.0.0 -> 1.1.0"), (old, new)
            assert stele("semver", new, old, cwd=tmp_path).startswith("major"), (new, old)
    assert stele("semver", "old", "mixed", cwd=tmp_path).startswith("patch")
    assert stele("semver", "old", "old.binpb", cwd=tmp_path).startswith("none")


def test_semver(checkout):
    said = stele("semver", "v1.4.0", cwd=checkout)
    assert said.splitlines()[0] == "major: 1.4.0 -> 2.0.0"
    assert "proto/a/v1/a.proto:5:3: major: the field \"a\" changed its type (FIELD_TYPE_CHANGED)" in said
    assert "proto/a/v1/a.proto:6:3: major: the field \"gone\" = 2 was removed (FIELD_REMOVED)" in said
    answer = json.loads(stele("semver", "v1.4.0", "--json", "--from", "v3.0.1", cwd=checkout))
    assert (answer["class"], answer["from"], answer["next"]) == ("major", "3.0.1", "4.0.0")
    assert {reason["rule"] for reason in answer["reasons"]} == {"FIELD_TYPE_CHANGED", "FIELD_REMOVED", "FIELD_ADDED"}
    stele("semver", "v1.4.0", "--at-most", "minor", cwd=checkout, code=100)
    stele("semver", "HEAD", "--at-most", "none", cwd=checkout)
    assert "--from wants a version" in stele("semver", "HEAD", "--from", "x", cwd=checkout, code=1)
    assert "--at-most wants" in stele("semver", "HEAD", "--at-most", "x", cwd=checkout, code=1)


# ---- diff and changelog ----

def test_diff(checkout):
    said = stele("diff", "v1.4.0", cwd=checkout)
    assert said == ("proto/a/v1/a.proto\n"
                    "  - field a.v1.Foo.gone: int32 = 2 [major]\n"
                    "  ~ field a.v1.Foo.a [major]\n"
                    "      type: string = 1 -> int32 = 1\n"
                    "  + field a.v1.Foo.come: string = 3 [minor]\n"
                    "1 added, 1 removed, 1 changed\n")
    rows = [json.loads(line) for line in stele("diff", "v1.4.0", "--json", "--exit-code", cwd=checkout,
                                               code=100).splitlines()]
    assert [(row["change"], row["element"], row["class"]) for row in rows] == [
        ("removed", "field", "major"), ("changed", "field", "major"), ("added", "field", "minor")]
    assert rows[1]["new"] == {"name": "a.v1.Foo.a", "file": PATH, "line": 5, "column": 3, "text": "int32 = 1"}
    assert stele("diff", "HEAD", "--exit-code", cwd=checkout) == "no differences\n"


def test_changelog(checkout):
    said = stele("changelog", "v1.4.0", cwd=checkout)
    assert said.startswith("# 2.0.0\n\nSince 1.4.0: a major version.\n")
    for words in ("## Removed\n\n- field `a.v1.Foo.gone`", "## Changed\n\n- field `a.v1.Foo.a`", "## Added",
                  "## Migrating to 2.0.0", "- [ ] field `a.v1.Foo.gone` was removed."):
        assert words in said
    assert "Migrating" not in stele("changelog", "v1.4.0", "--no-migration", cwd=checkout)
    assert stele("changelog", "HEAD", "--to", "1.4.1", cwd=checkout) == "# 1.4.1\n\nNothing changed since 1.0.0.\n"


@pytest.mark.parametrize("command", ["diff", "semver", "changelog"])
def test_texts_that_do_not_compile(tmp_path, command):
    lay(tmp_path, {"old/a.proto": "syntax = \"proto3\";\nmessage {\n", "new/a.proto": OLD})
    assert stele(command, "old", "new", cwd=tmp_path, code=100).startswith("old/a.proto:2:")


# ---- forms, notes ----

def test_what_is_not_run_is_said(tmp_path):
    lay(tmp_path, {"a/v1/a.proto": OLD,
                   "buf.yaml": "version: v2\nplugins:\n  - plugin: mine\npolicies:\n  - policy: ours.yaml\n"})
    said = stele("lint", cwd=tmp_path)
    assert "plugins of buf.yaml are not run: mine" in said and "policies of buf.yaml are not run: ours.yaml" in said
    lay(tmp_path, {"buf.yaml": "version: v2\nlint:\n  use: [PROTOVALIDATE]\n"})
    assert "PROTOVALIDATE is asked for, and not checked here" in stele("lint", cwd=tmp_path)
    lay(tmp_path, {"buf.yaml": "version: v2\n"})
    assert stele("lint", cwd=tmp_path) == ""


def test_dependencies_are_named_when_an_import_is_missing(tmp_path):
    lay(tmp_path, {"a/v1/a.proto": OLD.replace("// A", 'import "x/y.proto";\n// A'),
                   "buf.yaml": "version: v2\ndeps: [buf.build/x/y]\n"})
    said = stele("lint", cwd=tmp_path, code=100)
    assert "a/v1/a.proto:3:" in said and "buf.build/x/y" in said and "not fetched" in said
    lay(tmp_path, {"a/v1/a.proto": OLD.replace("// A", 'import "google/api/annotations.proto";\n// A')})
    assert "IMPORT_USED" in stele("lint", "--format", "json", cwd=tmp_path, code=100)


def test_rows_of_stele_yaml(tmp_path):
    lay(tmp_path, {"a/v1/a.proto": 'syntax = "proto3";\npackage a.v1;\nmessage foo { string A = 1; }\nmessage Bar { string B = 1; }\n',
                   "stele.yaml": "version: 1\nlint:\n  use: [BASIC]\n  ignore_only:\n    FIELD_LOWER_SNAKE_CASE:\n"
                                 "      - file: a/v1/a.proto\n        symbols: [a.v1.Bar]\n        reason: old\n"
                                 "    MESSAGE_PASCAL_CASE:\n      - file: a/v1/a.proto\n        reason: old\n"
                                 "    ENUM_PASCAL_CASE:\n      - file: a/v1/a.proto\n        reason: never\n"})
    rows = [json.loads(line) for line in stele("lint", "--format", "json", cwd=tmp_path, code=100).splitlines()]
    assert [(row["path"], row["start_line"], row["type"]) for row in rows] == [
        ("a/v1/a.proto", 3, "FIELD_LOWER_SNAKE_CASE"), ("stele.yaml", 13, "IGNORE_USED")]


@pytest.mark.parametrize("command", ["lint", "breaking", "diff", "semver", "changelog"])
def test_help(tmp_path, command):
    said = " ".join(stele(command, "--help", cwd=tmp_path).split())
    assert f"usage: stele {command} [options]" in said and "--path" in said and "An input is a folder" in said


@pytest.mark.parametrize("words, said", [
    (["lint", "--frmat", "json"], "did you mean --format?"), (["lint", "--format", "xml"], "invalid format: \"xml\""),
    (["lint", "a", "b"], "one argument too many"), (["breaking"], "against what?"),
    (["breaking", "--against", "x", "--against-registry"], "cannot set both"),
    (["lint", "--list", "--rule-version", "v7"], "wants v1beta1, v1 or v2"),
    (["lint", "nowhere"], "no such folder, file or revision here"),
    (["lint", "buf.build/acme/pets"], "modules of other registries are not fetched"),
    (["diff"], ""), (["lint", "x#"], "ends with # which is invalid"),
])
def test_mistakes_at_the_command_line(tmp_path, words, said):
    assert said in stele(*words, cwd=tmp_path, code=1)


def test_links_on_disk(tmp_path):
    lay(tmp_path, {"real/a/v1/a.proto": OLD.replace("Foo", "foo"), "tree/buf.yaml": "version: v2\n"})
    os.symlink("../real/a", tmp_path / "tree/a")
    os.symlink(".", tmp_path / "tree/circle")
    assert "tree/a/v1/a.proto:4:9" in stele("lint", "tree", cwd=tmp_path, code=100)
    assert "had no .proto files" in stele("lint", "tree", "--disable-symlinks", cwd=tmp_path, code=1)


def test_explain(tmp_path):
    said = stele("explain", "field-no-delete", cwd=tmp_path)
    assert said.startswith("FIELD_NO_DELETE (breaking)\nChecks that fields are not deleted") and "on by default" in said
    assert "(semantic version)" in stele("explain", "FIELD_REMOVED", cwd=tmp_path)
    said = stele("explain", "PASCAL", cwd=tmp_path, code=1)
    assert "MESSAGE_PASCAL_CASE" in said and 'no rule "PASCAL"' in said
