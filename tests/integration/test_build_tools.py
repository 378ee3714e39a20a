"""Build tools that are pointed at stele where they expect protoc: by a path alone, under any name that
they give it. What they generate must be what protoc itself would have made."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STELE = Path(os.environ.get("STELE", ROOT / "build-test/stele")).resolve()
NPM = Path(os.environ.get("STELE_NPM", ROOT / ".deps/npm/node_modules")).resolve()
PROTOC = Path(os.environ.get("STELE_PROTOC", NPM / "protoc/bin/protoc-linux-x86_64")).resolve()

PROTOS = {
    "proto/a.proto": 'syntax = "proto3";\npackage a;\nimport "sub/b.proto";\nimport "google/protobuf/timestamp.proto";\n'
                     "// Something.\nmessage A { b.B b = 1; google.protobuf.Timestamp at = 2; }\n",
    "proto/sub/b.proto": 'syntax = "proto3";\npackage b;\nmessage B { int32 i = 1; }\n',
}

CMAKE = """\
cmake_minimum_required(VERSION 3.18)
project(demo C)
find_package(Protobuf REQUIRED)
set(protos ${CMAKE_SOURCE_DIR}/proto/a.proto ${CMAKE_SOURCE_DIR}/proto/sub/b.proto)
foreach(language python cpp)
  protobuf_generate(LANGUAGE ${language} OUT_VAR made IMPORT_DIRS ${CMAKE_SOURCE_DIR}/proto PROTOS ${protos})
  list(APPEND all ${made})
endforeach()
protobuf_generate(LANGUAGE noted OUT_VAR made GENERATE_EXTENSIONS .noted IMPORT_DIRS ${CMAKE_SOURCE_DIR}/proto
  PLUGIN protoc-gen-noted=${CMAKE_SOURCE_DIR}/noted PROTOS ${protos})
add_custom_target(code ALL DEPENDS ${all} ${made})
"""

# A plugin of ten lines: each file's name, in a file beside it.
NOTED = """\
#!/usr/bin/python3 -SE
import sys
data, names, at = sys.stdin.buffer.read(), [], 0
while data[at] == 10:
    names.append(data[at + 2:at + 2 + data[at + 1]])
    at += 2 + data[at + 1]
for name in names:
    made = b"proto/" + name[:-6] + b".noted"
    body = b"\\n" + bytes([len(made)]) + made + b"\\x7a" + bytes([len(name)]) + name
    sys.stdout.buffer.write(b"\\x7a" + bytes([len(body)]) + body)
"""

MAKE = """\
PROTOC ?= protoc
protos := proto/a.proto proto/sub/b.proto
all: $(protos:proto/%.proto=out/%_pb2.py) set.binpb
out/%_pb2.py: proto/%.proto
\t@mkdir -p out deps/$(dir $*)
\t$(PROTOC) -Iproto --python_out=out --dependency_out=deps/$*.d $<
set.binpb: $(protos)
\t$(PROTOC) -I proto --include_imports --descriptor_set_out=$@ $^
-include deps/a.d deps/sub/b.d
"""


@pytest.fixture
def project(tmp_path):
    for name, text in PROTOS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "bin").mkdir()
    return tmp_path


def run(*command, cwd, **env):
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False,
                          env={**os.environ, **{name: str(value) for name, value in env.items()}})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def files(folder, *suffixes):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name.endswith(suffixes)}


def test_cmake(project):
    """FindProtobuf asks for the version, then calls what it was given, for the languages it knows and
    for a plugin. It wants a C++ library to be there; a header with a version stands in for it."""
    (project / "CMakeLists.txt").write_text(CMAKE)
    (project / "noted").write_text(NOTED)
    (project / "noted").chmod(0o755)
    header = project / "include/google/protobuf/stubs/common.h"
    header.parent.mkdir(parents=True)
    header.write_text("#define GOOGLE_PROTOBUF_VERSION 36002000\n")
    (project / "bin/protoc").symlink_to(STELE)
    made = {}
    for name, program in (("ours", project / "bin/protoc"), ("real", PROTOC)):
        text = run("cmake", "-S", ".", "-B", name, f"-DProtobuf_PROTOC_EXECUTABLE={program}",
                   "-DProtobuf_LIBRARY=/dev/null", f"-DProtobuf_INCLUDE_DIR={project}/include", cwd=project)
        assert "doesn't match" not in text
        run("cmake", "--build", name, cwd=project, STELE_PROTOC=PROTOC)
        made[name] = files(project / name, "_pb2.py", ".pb.h", ".pb.cc", ".noted")
    assert len(made["ours"]) == 8
    assert made["ours"] == made["real"]


def test_make(project):
    """Rules with a dependency file: what changed is made again, and what depends on it, and no more."""
    (project / "Makefile").write_text(MAKE)
    (project / "bin/protoc").symlink_to(STELE)
    path = f"{project}/bin:{os.environ['PATH']}"
    run("make", cwd=project, PATH=path)
    ours = files(project, "_pb2.py", ".binpb")
    assert set(ours) == {"out/a_pb2.py", "out/sub/b_pb2.py", "set.binpb"}
    assert "Nothing to be done" in run("make", cwd=project, PATH=path)
    os.utime(project / "proto/a.proto", (4e9, 4e9))
    again = run("make", "-n", cwd=project, PATH=path)
    assert "deps/a.d proto/a.proto" in again and "deps/sub/b.d" not in again
    os.utime(project / "proto/sub/b.proto", (5e9, 5e9))
    assert "--dependency_out=deps/a.d" in run("make", "-n", cwd=project, PATH=path)
    for name in [*ours, "deps/a.d", "deps/sub/b.d"]:
        (project / name).unlink()
    for name in PROTOS:
        os.utime(project / name)
    run("make", f"PROTOC={PROTOC}", cwd=project)
    assert files(project, "_pb2.py", ".binpb") == ours


BAZEL_LIBRARY = """\
--direct_dependencies
{direct}
--direct_dependencies_violation_msg=%s is imported, but //demo:{name} doesn't directly depend on a proto_library that 'srcs' it.
--descriptor_set_out=bazel-out/{name}-descriptor-set.proto.bin
--include_source_info
-Iproto
-I.
{source}
"""


def test_bazel(project):
    """The command lines of Bazel's rules, through parameter files: a descriptor set of each library's own
    files, then code from the sets of all that it needs, without any source."""
    (project / "bin/protoc").symlink_to(STELE)
    made = {}
    for name, program in (("ours", project / "bin/protoc"), ("real", PROTOC)):
        out = project / name
        shutil.copytree(project / "proto", out / "proto")
        (out / "bazel-out").mkdir()
        libraries = {"b": ("sub/b.proto", "proto/sub/b.proto"),
                     "a": ("a.proto:sub/b.proto:google/protobuf/timestamp.proto", "proto/a.proto")}
        for library, (direct, source) in libraries.items():
            (out / "params").write_text(BAZEL_LIBRARY.format(name=library, direct=direct, source=source))
            assert run(program, "@params", cwd=out) == ""
        run(program, f"-I{NPM}/protoc/include", "--descriptor_set_out=bazel-out/wkt.bin", "google/protobuf/timestamp.proto",
            cwd=out)
        sets = ":".join(f"bazel-out/{set}" for set in ("a-descriptor-set.proto.bin", "b-descriptor-set.proto.bin", "wkt.bin"))
        for language in ("python", "java"):
            location = "bazel-out" if language == "python" else "bazel-out/a-speed-src.jar"
            run(program, f"--{language}_out={location}", f"--descriptor_set_in={sets}", "a.proto", cwd=out,
                STELE_PROTOC=PROTOC)
        made[name] = files(out / "bazel-out", "")
    assert len(made["ours"]) == 5
    assert made["ours"] == made["real"]


def test_bazel_refuses_undeclared_imports(project):
    (project / "bin/protoc").symlink_to(STELE)
    (project / "bazel-out").mkdir()
    (project / "params").write_text(BAZEL_LIBRARY.format(name="a", direct="a.proto", source="proto/a.proto"))
    said = [subprocess.run([program, "@params"], cwd=project, capture_output=True, text=True, check=False)
            for program in (project / "bin/protoc", PROTOC)]
    assert said[0].stderr == said[1].stderr
    assert said[0].returncode == said[1].returncode == 1
    assert "a.proto: sub/b.proto is imported, but //demo:a doesn't directly depend" in said[0].stderr
