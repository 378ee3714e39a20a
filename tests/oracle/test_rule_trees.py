"""Public trees, an older version against a newer one: stele finds what buf finds.

Both are run live, over the same folders, with every category of lint and of breaking rules. Rows of
scripts/deps/corpora.txt bring the versions. STELE_TREES=all adds google-proto-files, which takes buf
two minutes; STELE_TREES=NAME runs one.
"""
import collections
import fnmatch
import json
import os
import shutil
import subprocess

import pytest

import corpus

NPM = corpus.NPM
VERSIONS = corpus.ROOT / ".deps/corpora/versions"
STELE = corpus.QUICK
BUF = NPM / f"@bufbuild/buf-linux-{'x64' if os.uname().machine == 'x86_64' else 'aarch64'}/bin/buf"
LEFT_OUT = (corpus.ROOT / "tests/oracle/rule_trees.txt").read_text().split()

# What buf cannot build: files whose imports the package does not have.
GAX = ["google/protobuf/*", "test/*"]
ENVOY = ["protoc-gen-validate/tests/*", "protoc-gen-validate/example*", "protoc-gen-validate/bazel/*",
         "protoc-gen-validate/java/*", "googleapis/google/api/expr/*", *LEFT_OUT]
PROTOS = "build/protos"


def google(name, old_gax="gax-old", new_gax="gax-new"):
    """A client library's own files, and beside them those that they import."""
    skip = [f"gax/{glob}" for glob in GAX]
    return ([{"own": VERSIONS / f"{name}-{age}" / PROTOS, "gax": VERSIONS / gax / PROTOS}
             for age, gax in (("old", old_gax), ("new", new_gax))], skip)


def envoy(folder):
    deps = folder / "deps"
    return {path.name: path for path in sorted(deps.iterdir())} if deps.is_dir() else {}


TREES = {
    "gax": ([{".": VERSIONS / f"gax-{age}" / PROTOS} for age in ("old", "new")], GAX),
    "bigtable": google("bigtable"),
    "pubsub": google("pubsub"),
    "envoy": ([envoy(VERSIONS / "envoy-old"), envoy(VERSIONS.parent / "envoy")], ENVOY),
    "googleapis": ([{".": VERSIONS / "googleapis-old"}, {".": NPM / "google-proto-files"}],
                   ["google/protobuf/*", "google/protobuf_legacy/*", "test/*", "tests/*", "node_modules/*"]),
}
LARGE = {"googleapis"}
ASKED = os.environ.get("STELE_TREES", "")
NAMES = [name for name in TREES if ASKED in ("all", name) or (not ASKED and name not in LARGE)]


def place(modules, skip, out):
    for module, source in modules.items():
        for path in source.rglob("*.proto"):
            name = os.path.normpath(os.path.join(module, path.relative_to(source)))
            if any(fnmatch.fnmatch(name, glob) for glob in skip):
                continue
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    config = {"version": "v2", "lint": {"use": ["STANDARD", "COMMENTS", "UNARY_RPC"]},
              "breaking": {"use": ["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]}}
    if "." not in modules:
        config["modules"] = [{"path": module} for module in modules]
    (out / "buf.yaml").write_text(json.dumps(config))


@pytest.fixture(scope="module", params=NAMES)
def folders(request, tmp_path_factory):
    out = tmp_path_factory.mktemp(request.param)
    sides, skip = TREES[request.param]
    for age, modules in zip(("old", "new"), sides):
        (out / age).mkdir()
        place(modules, skip, out / age)
    return out


def findings(binary, folder, *args):
    done = subprocess.run([binary, *args, "--error-format", "json"], cwd=folder, capture_output=True,
                          text=True, check=False, env={**os.environ, "HOME": str(folder)})
    assert done.returncode in (0, 100), done.stderr
    keys = ("path", "start_line", "start_column", "end_line", "end_column", "type", "message")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert not any(line["type"] == "COMPILE" for line in lines), lines[:3]
    return collections.Counter(tuple(line.get(key) for key in keys) for line in lines)


@pytest.mark.parametrize("args", [("lint", "new"), ("breaking", "new", "--against", "old")],
                         ids=["lint", "breaking"])
def test_findings_are_bufs(folders, args):
    want, have = findings(BUF, folders, *args), findings(STELE, folders, *args)
    assert list((want - have).items())[:5] == [] and list((have - want).items())[:5] == []
    assert args[0] == "breaking" or want, "buf finds nothing to compare"
