"""What machines read of findings, over names and texts that mean something in each form: SARIF by the schema of the
standard, JUnit by an XML parser, annotations by GitHub's own decoding, GitLab's report by its rules, and the
configuration that excuses everything by using it."""
import json
import os
import re
import subprocess
import xml.etree.ElementTree
from pathlib import Path

import pytest

STELE = Path(os.environ.get("STELE", "build-test/stele")).resolve()
SARIF = Path(__file__).parent / "js/sarif.js"
NAMES = ["a b.proto", "ä☃.proto", "x,y%z<>&'\".proto", "n\nl.proto", "r\rl.proto", "t\tb.proto", "c:d.proto", "q?#[].proto", "b\\s.proto",
         "%0A.proto", "😀.proto", "- x.proto", "#x.proto", "sub dir/é/z.proto", "{a: b}.proto", "*x.proto", "!x.proto", "e\x01.proto",
         "d\x7f.proto", "\ufffe.proto", " .proto", "~.proto", "a: b.proto", "true", b"\xff\xfe.proto"]
TEXT = 'syntax = "proto2";\npackage p%d.v1;\nmessage foo { optional string Bar = 1 [default = "%s"]; }\n'


def run(*words, cwd, stdin=None):
    done = subprocess.run([str(STELE), *words], cwd=cwd, capture_output=True, timeout=120, check=False, input=stdin)
    errors = done.stderr.decode(errors="replace")
    assert "Sanitizer" not in errors and "runtime error" not in errors, errors
    return done.returncode, done.stdout, errors


@pytest.fixture(scope="module")
def nasty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nasty")
    for side, default in (("new", r"100%\n\"<&>:,\r]]>"), ("old", "50%")):
        for i, name in enumerate(NAMES):
            raw = name if isinstance(name, bytes) else name.encode()
            path = os.path.join(bytes(folder / side), raw if raw.endswith(b".proto") else raw + b".proto")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            Path(os.fsdecode(path)).write_text(TEXT % (i, default))
        (folder / side / "buf.yaml").write_text("version: v2\n")
    (folder / "old/gone, 100%.proto").write_text(TEXT % (99, "x"))
    return folder


COMMANDS = [["lint", "new"], ["breaking", "new", "--against", "old"]]


def found(nasty, words, form):
    code, out, errors = run(*words, "--format", form, cwd=nasty)
    assert code == 100, errors
    return out.decode()  # all of it is UTF-8


def shown(name):
    """As JSON and XML have it; a name that is no text, with one mark for each of its bytes."""
    text = name if isinstance(name, str) else name.decode(errors="replace")
    return "new/" + (text if text.endswith(".proto") else text + ".proto")


@pytest.mark.parametrize("words", COMMANDS)
def test_json(nasty, words):
    lines = [json.loads(line) for line in found(nasty, words, "json").splitlines()]
    assert {line.get("path") for line in lines} - {None} == {shown(name) for name in NAMES}
    if words[0] == "breaking":
        assert [line["message"] for line in lines if "path" not in line] == ['Previously present file "gone, 100%.proto" was deleted.']


@pytest.mark.parametrize("words", COMMANDS)
def test_sarif(nasty, words, tmp_path):
    text = found(nasty, words, "sarif")
    (tmp_path / "log.sarif").write_text(text)
    done = subprocess.run(["node", str(SARIF), str(tmp_path / "log.sarif")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    run_ = json.loads(text)["runs"][0]
    assert all(run_["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for r in run_["results"])
    assert all(r["locations"] for r in run_["results"])  # code scanning takes none without a place
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run_["results"]}
    assert "new/n%0Al.proto" in uris and "new/%FF%FE.proto" in uris and "new/q%3F%23%5B%5D.proto" in uris
    assert all(re.fullmatch(r"[-\w.~/!$&'()*+,;=@%]+", uri, re.ASCII) for uri in uris)
    assert ("gone,%20100%25.proto" in uris) == (words[0] == "breaking")


def test_nothing_as_sarif(tmp_path):
    (tmp_path / "a.proto").write_text('syntax = "proto3";\npackage a;\n')
    code, out, _ = run("breaking", "--against", ".", "--format", "sarif", cwd=tmp_path)
    (tmp_path / "log.sarif").write_bytes(out)
    assert code == 0 and json.loads(out)["runs"][0]["results"] == []
    subprocess.run(["node", str(SARIF), str(tmp_path / "log.sarif")], check=True)


def test_mistakes_as_sarif(tmp_path):
    (tmp_path / "a,b.proto").write_text('syntax = "proto3";\nmessage M { Nope n = 1; }\nimport "c.proto";\n')
    for words in (["lint"], ["build", "a,b.proto", "--error-format", "sarif", "-o", "x"]):
        _, out, errors = run(*words, *(["--format", "sarif"] if words == ["lint"] else []), cwd=tmp_path)
        (tmp_path / "log.sarif").write_text(out.decode() or errors)
        subprocess.run(["node", str(SARIF), str(tmp_path / "log.sarif")], check=True)


def text_of_xml(text):
    """What XML cannot say is marked."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", "\ufffd", text)


@pytest.mark.parametrize("words", COMMANDS)
def test_junit(nasty, words):
    root = xml.etree.ElementTree.fromstring(found(nasty, words, "junit"))
    assert root.tag == "testsuites" and not root.attrib
    names = [suite.get("name") for suite in root]
    assert len(set(names)) == len(names)
    assert set(names) - {"<input>"} == {text_of_xml(shown(name)).removesuffix(".proto") for name in NAMES}
    for suite in root:
        assert suite.tag == "testsuite" and suite.get("errors") == "0"
        assert suite.get("tests") == suite.get("failures") == str(len(suite))
        for case in suite:
            assert case.tag == "testcase" and [failure.tag for failure in case] == ["failure"]
            assert case[0].get("type") and case.get("name").startswith(case[0].get("type"))
            assert case[0].get("message").startswith(suite.get("name"))


@pytest.mark.parametrize("words", COMMANDS)
def test_github(nasty, words):
    def decoded(text, is_property=False):
        for code, byte in (("%3A", ":"), ("%2C", ",")) if is_property else ():
            text = text.replace(code, byte)
        return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")

    code, out, _ = run(*words, "--format", "github-actions", cwd=nasty)
    paths, lines = set(), out.decode(errors="replace").split("\n")
    assert code == 100 and lines.pop() == ""
    for line in lines:
        match = re.fullmatch(r"::error ([^\r]*?)::([^\r]*)", line)
        properties = dict(part.split("=", 1) for part in match[1].split(","))
        assert set(properties) <= {"file", "line", "col", "endLine", "endColumn"}
        paths.add(decoded(properties["file"], True))
        assert "%" not in match[2] or re.search("%(25|0A|0D)", match[2])
    assert paths - {"<input>"} == {shown(name) for name in NAMES}
    if words[0] == "breaking":
        assert any(decoded(line.rsplit("::", 1)[1]) == 'Previously present file "gone, 100%.proto" was deleted.' for line in lines)


@pytest.mark.parametrize("words", COMMANDS)
def test_gitlab(nasty, words):
    issues = json.loads(found(nasty, words, "gitlab-code-quality"))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert issue["description"] and issue["check_name"] and issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        place = issue["location"]
        assert place["positions"]["begin"].get("line", 1) >= 1
        if "path" in place:
            assert place["path"] in {shown(name) for name in NAMES}
    assert len({issue["fingerprint"] for issue in issues if "path" in issue["location"]}) >= len(NAMES)


@pytest.mark.parametrize("words", COMMANDS)
def test_what_excuses_everything(nasty, words):
    """A name that is no text cannot be said in YAML, and is left out here. The form is of v1."""
    bad = "\udcff\udcfe.proto"
    words = [*words, "--exclude-path", f"new/{bad}", *(["--exclude-path", f"old/{bad}"] if words[0] == "breaking" else [])]
    code, out, errors = run(*words, "--format", "config-ignore-yaml", cwd=nasty)
    assert code == 100, errors
    code, again, errors = run(*words, "--config", out.decode().replace("version: v1", "version: v2"), cwd=nasty)
    assert (code, again) == (0, b""), errors
