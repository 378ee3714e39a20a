"""The programs of docs/library.md compile without a warning against the public headers and print what they say."""
import os
import re
import subprocess

import pytest

from conftest import ROOT, STELE

SECTIONS = [
    ("The compiler as a library", ""),  # it prints only mistakes
    ("A tree that is edited", ""),
    ("A file that is being written",
     "1: syntax \n2: message Tick\n3: field symbol\n4: bad bid\n"),
]


def blocks():
    """The C of each section of the page, by its heading."""
    found, heading = {}, ""
    for part in re.split(r"^(?=#+ )", (ROOT / "docs/library.md").read_text(), flags=re.M):
        heading = part.split("\n")[0].lstrip("# ")
        code = re.findall(r"```c\n(.*?)```", part, flags=re.S)
        if code:
            found[heading] = "\n".join(code)
    return found


def test_every_program_is_listed():
    assert list(blocks()) == [heading for heading, _ in SECTIONS]


def program(code, heading):
    """What stands on its own goes before main, the rest into it."""
    lines, outside, inside, is_function = code.splitlines(), [], [], False
    for line in lines:
        is_function = is_function or line.startswith("static ")
        (outside if is_function or line.startswith("#include") else inside).append(line)
        is_function = is_function and line != "}"
    before = ["#include <stdio.h>"]
    if heading == "A tree that is edited":  # it goes on from the first program
        before += ["#include <stele/workspace.h>"]
        inside = ["stele_resolver resolver = {.find = find};", "stele_compile_options options = {.use_builtin = true};",
                  'stele_str saved = STELE_STR("tick.proto"); const stele_str *paths = &saved; size_t count = 1;',
                  "stele_err err = {0}; stele_arena *arena = stele_arena_new(0);",
                  "stele_report *report = stele_report_new(arena, 0);",
                  "const stele_recompiled *files; size_t file_count;", *inside,
                  "int failed = !ok || !file; stele_workspace_free(w);"]
        first = blocks()["The compiler as a library"].split("stele_resolver resolver")[0]
        before += first.splitlines()
    elif heading == "The compiler as a library":
        inside += ["int failed = !schema; stele_schema_unref(schema);"]
    else:
        inside += ["int failed = !tree;"]
    return "\n".join([*before, *outside, "int main(void) {", *inside, "stele_arena_free(arena); return failed; }"])


@pytest.mark.parametrize("heading,want", SECTIONS)
def test_it_compiles_and_runs(tmp_path, heading, want):
    library = STELE.parent
    (tmp_path / "main.c").write_text(program(blocks()[heading], heading))
    made = subprocess.run([os.environ.get("CC", "gcc"), "-std=gnu17", "-Wall", "-Wno-unused-parameter", "-Werror",
                           "-fsanitize=address,undefined", f"-I{ROOT / 'include'}", "main.c", f"-L{library}",
                           "-lstele", f"-Wl,-rpath,{library}", "-o", "main"],
                          cwd=tmp_path, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    ran = subprocess.run([tmp_path / "main"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, want, "")
