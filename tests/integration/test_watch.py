"""stele watch: a tree in a folder, edits, and what is told of them."""
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from conftest import STELE

WAIT_S = 20
A = 'syntax = "proto3";\npackage acme.v1;\nmessage A {\n  string name = 1;\n}\n'
B = 'syntax = "proto3";\npackage acme.v1;\nimport "acme/v1/a.proto";\nmessage B {\n  A a = 1;\n}\n'
LONE = 'syntax = "proto3";\npackage acme.v1;\nmessage Lone {}\n'


class Watch:
    """A running `stele watch --json`; its lines are read by a thread, so that waits end."""

    def __init__(self, folder, *options):
        self.process = subprocess.Popen(
            [STELE, "watch", "--json", *options], cwd=folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = queue.Queue()
        self.notes = queue.Queue()
        for stream, into in ((self.process.stdout, self.lines), (self.process.stderr, self.notes)):
            threading.Thread(target=self.read, args=(stream, into), daemon=True).start()

    @staticmethod
    def read(stream, into):
        for line in stream:
            into.put(line)

    def step(self):
        """All until the next summary: new and mended as {(path, type)}, and the summary."""
        told = {"new": set(), "mended": set()}
        while True:
            row = json.loads(self.lines.get(timeout=WAIT_S))
            if row["event"] == "summary":
                return told["new"], told["mended"], row
            told[row["event"]].add((row.get("path"), row["type"]))

    def until(self, what):
        """Steps until the findings that are left are `what`; a save may come as two changes."""
        new, mended = set(), set()
        while True:
            more, less, summary = self.step()
            new, mended = new | more, mended | less
            if summary["findings"] == what:
                return new, mended, summary

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=WAIT_S)
        return code


def write(folder, path, text):
    """As editors save: a new file in the place of the old one."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(file.name + "~")
    part.write_text(text)
    os.replace(part, file)


@pytest.fixture
def tree(tmp_path):
    for path, text in (("acme/v1/a.proto", A), ("acme/v1/b.proto", B),
                       ("acme/v1/lone.proto", LONE), ("buf.yaml", "version: v2\n")):
        write(tmp_path, path, text)
    return tmp_path


@pytest.fixture
def start(tree):
    running = []

    def run(*options):
        running.append(Watch(tree, *options))
        return running[-1]

    yield run
    for watch in running:
        if watch.process.poll() is None:
            watch.process.kill()
            watch.process.wait()


def test_edits(tree, start):
    watch = start()
    times = {"ms": 0, "wait_ms": 0, "compile_ms": 0}
    assert watch.step()[2] | times == {
        "event": "summary", "new": 0, "mended": 0, "findings": 0, "compiled": 3, "relinked": 0, "files": 3, **times}

    write(tree, "acme/v1/lone.proto", LONE + "message bad {}\n")
    new, _, summary = watch.until(1)
    assert new == {("acme/v1/lone.proto", "MESSAGE_PASCAL_CASE")}
    assert summary["compiled"] == 1  # nobody imports it

    # The finding stands lower now: that is not news.
    write(tree, "acme/v1/lone.proto", LONE + "// Lower.\n\nmessage bad {}\n")
    assert watch.step()[:2] == (set(), set())

    # Another file: what was found in the first stays.
    write(tree, "acme/v1/a.proto", A.replace("name", "Name"))
    new, mended, summary = watch.until(2)
    assert (new, mended) == ({("acme/v1/a.proto", "FIELD_LOWER_SNAKE_CASE")}, set())
    assert (summary["compiled"], summary["relinked"]) == (1, 1)  # its importer does not see the name of a field

    write(tree, "acme/v1/a.proto", A)
    write(tree, "acme/v1/lone.proto", LONE)
    _, mended, _ = watch.until(0)
    assert mended == {("acme/v1/a.proto", "FIELD_LOWER_SNAKE_CASE"),
                      ("acme/v1/lone.proto", "MESSAGE_PASCAL_CASE")}
    assert watch.stop() == 0


def test_errors_do_not_stop_it(tree, start):
    write(tree, "acme/v1/lone.proto", LONE + "message bad {}\n")
    watch = start()
    assert watch.until(1)[0] == {("acme/v1/lone.proto", "MESSAGE_PASCAL_CASE")}
    write(tree, "acme/v1/a.proto", A.replace("message A", "message Q"))
    assert watch.until(2)[:2] == ({("acme/v1/b.proto", "COMPILE")}, set())
    write(tree, "acme/v1/a.proto", A)
    assert watch.until(1)[:2] == (set(), {("acme/v1/b.proto", "COMPILE")})
    # A file with errors keeps what was found in it.
    write(tree, "acme/v1/lone.proto", LONE + "message bad {\n")
    new, mended, _ = watch.until(2)
    assert (new, mended) == ({("acme/v1/lone.proto", "COMPILE")}, set())
    assert watch.stop() == 0


def test_files_come_and_go(tree, start):
    watch = start()
    watch.step()
    write(tree, "acme/v2/c.proto", LONE.replace("Lone", "Other"))
    new, _, summary = watch.until(5)
    assert new == {(f"acme/v1/{name}.proto", "PACKAGE_SAME_DIRECTORY") for name in ("a", "b", "lone")} | {
        ("acme/v2/c.proto", "PACKAGE_SAME_DIRECTORY"), ("acme/v2/c.proto", "PACKAGE_DIRECTORY_MATCH")}
    assert summary["files"] == 4
    shutil.rmtree(tree / "acme/v2")
    _, mended, summary = watch.until(0)
    assert mended == new and summary["files"] == 3
    # A new name for what is imported, and back.
    os.rename(tree / "acme/v1/a.proto", tree / "acme/v1/z.proto")
    assert ("acme/v1/b.proto", "COMPILE") in watch.step()[0]
    os.rename(tree / "acme/v1/z.proto", tree / "acme/v1/a.proto")
    watch.until(0)
    # A folder that was made while we watched is watched too.
    write(tree, "acme/v1/deep/er/c.proto", LONE.replace("acme.v1", "acme.v1.deep.er"))
    while watch.step()[2]["files"] != 4:
        pass
    write(tree, "acme/v1/deep/er/c.proto", LONE.replace("acme.v1", "acme.v1.deep.er") + "message bad {}\n")
    while ("acme/v1/deep/er/c.proto", "MESSAGE_PASCAL_CASE") not in watch.step()[0]:
        pass
    assert watch.stop() == 0


def test_configuration(tree, start):
    write(tree, "acme/v1/lone.proto", LONE + "message bad {}\n")
    watch = start()
    watch.until(1)
    write(tree, "buf.yaml", "version: v2\nlint:\n  use: [MINIMAL]\n")
    assert watch.until(0)[1] == {("acme/v1/lone.proto", "MESSAGE_PASCAL_CASE")}
    write(tree, "buf.yaml", "version: [\n")
    assert "buf.yaml" in watch.notes.get(timeout=WAIT_S)
    write(tree, "buf.yaml", "version: v2\n")
    assert watch.until(1)[0] == {("acme/v1/lone.proto", "MESSAGE_PASCAL_CASE")}
    assert watch.stop() == 0


def test_breaking(tree, tmp_path_factory, start):
    older = tmp_path_factory.mktemp("older")
    shutil.copytree(tree, older, dirs_exist_ok=True)
    watch = start("--against", str(older), "--no-lint")
    watch.until(0)
    write(tree, "acme/v1/a.proto", A.replace("string name", "bytes Name"))
    new, _, _ = watch.until(3)
    assert {rule for _, rule in new} == {"FIELD_SAME_TYPE", "FIELD_SAME_NAME", "FIELD_SAME_JSON_NAME"}
    write(tree, "acme/v1/a.proto", A)
    assert watch.until(0)[1] == new
    assert watch.stop() == 0


@pytest.mark.parametrize("options, words", [
    (["--format", "sarif"], "there are text, json"),
    (["nowhere"], "no such folder"),
    (["--against", "nowhere"], "no such folder"),
])
def test_refusals(tree, options, words):
    done = subprocess.run([STELE, "watch", *options], cwd=tree, text=True, capture_output=True,
                          timeout=WAIT_S)
    assert done.returncode == 1 and words in done.stderr


def test_no_watches_left(tree):
    """Where the system has no watches left, the folders are looked through; and that is said."""
    alone = ["unshare", "-Ur", "sh", "-c", 'echo 1 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"']
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no user namespaces here")
    process = subprocess.Popen([*alone, STELE, "watch", "--json"], cwd=tree, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert json.loads(process.stdout.readline())["findings"] == 0
        assert "looked through every half second" in process.stderr.readline()
        write(tree, "acme/v1/lone.proto", LONE + "message bad {}\n")
        assert json.loads(process.stdout.readline())["type"] == "MESSAGE_PASCAL_CASE"
        assert json.loads(process.stdout.readline())["findings"] == 1
    finally:
        process.kill()
        process.wait()


def tell(watch, stands):
    """Adds what is told until the next summary; how many findings there are by it."""
    while True:
        row = json.loads(watch.lines.get(timeout=WAIT_S))
        if row["event"] == "summary":
            return row["findings"]
        stands[row.get("path"), row["type"], row["message"]] += 1 if row["event"] == "new" else -1


def stands_broken(stands):
    return any(count > 0 and type == "COMPILE" for (_, type, _), count in stands.items())


@pytest.mark.parametrize("seed", [*range(8), 97])
def test_what_stands_is_what_a_fresh_run_finds(tmp_path, seed):
    """Random modules and changes: what was told, added up, is what `stele lint` and `stele breaking` find at each step.
    Now and then a file is broken in between, while others change."""
    import collections
    import copy
    import sys
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracle"))
    import rule_pairs
    draw = rule_pairs.Draw(seed * 77 + 5)
    files, folder = rule_pairs.draw_module(draw, seed, tmp_path), tmp_path / "tree"
    config = json.dumps({"version": "1", "lint": {"use": ["STANDARD", "COMMENTS", "UNARY_RPC", "STABLE_PACKAGE_NO_IMPORT_UNSTABLE", *["PLATFORM"] * (seed % 2)]},
                         "breaking": {"use": ["FILE", "PACKAGE", "WIRE_JSON", *["PLATFORM"] * (seed % 3 == 0)]}})
    state = rule_pairs.printed(files, seed)
    for path, text in {**state, "stele.yaml": config}.items():
        write(folder, path, text)
        write(tmp_path / "old", path, text)
    watch, stands = Watch(folder, "--against", str(tmp_path / "old")), collections.Counter()
    try:
        for _ in range(8):
            want = collections.Counter()
            for words in (["lint"], ["breaking", "--against", str(tmp_path / "old")]):
                fresh = subprocess.run([STELE, *words, "--format", "json"], cwd=folder, capture_output=True, text=True, check=False)
                want.update((row.get("path"), row["type"], row["message"]) for row in map(json.loads, fresh.stdout.splitlines()))
            while tell(watch, stands) != sum(want.values()) or +stands != want:
                pass
            for _ in range(50):  # the next change that compiles
                changed = copy.deepcopy(files)
                changed = rule_pairs.change(draw, changed) or changed
                texts = rule_pairs.printed(changed, seed)
                if changed and len(texts) == len(changed) and texts != state and rule_pairs.compiles(texts, tmp_path):
                    break
            else:
                return
            broken = draw.r.choice(sorted(texts)) if draw.chance(0.4) else None
            if broken:
                write(folder, broken, texts[broken] + "message {\n")
            for path in set(state) - set(texts):
                (folder / path).unlink()
            for path, text in texts.items():
                if state.get(path) != text and path != broken:
                    write(folder, path, text)
            while broken and not stands_broken(stands):
                tell(watch, stands)
            if broken:
                write(folder, broken, texts[broken])
            files, state = changed, texts
        assert watch.stop() == 0
    finally:
        watch.process.kill()
