"""`stele lint` and `stele breaking` find what buf finds, for every configuration and flag in config_cases.py.

What buf said is recorded; a few cases, other ones each day of the year, are also put to the buf that is
installed. Findings are compared as bytes. Where buf refuses to run (exit code 1) only the code is compared:
the words are ours. Where a text does not compile, the files that are named.
"""
import json
import random
import re
import subprocess
import time

import pytest

import config_cases
from corpus import STELE

RECORDED = json.loads(config_cases.RECORDED.read_text())
LIVE = 6

# Where Stele runs and buf does not, on purpose.
BETTER = {
    "lint: v1 within, named": "the nearest configuration counts, whatever lies further up",
    "lint: mistake: all excepted": "no rules find nothing",
    "lint: modules, --path one of them": "a path may be a module",
    "lint: roots, --path one of them": "a path may be a root",
    "breaking: --config with modules above": "the configuration is about the folder that was named",
    "breaking: modules, one is new, one has its own": "each older file goes to the module that has it now",
    "breaking: modules, one is gone": "the same",
    "breaking: a folder against modules": "the same",
}

# What is found where buf compares a module with another one, because it goes by their order alone.
PAIRED = {"breaking: modules, one renamed": {"FIELD_SAME_TYPE", "FIELD_NO_DELETE", "FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME"}}


# Where buf writes names as they are, though they mean something in the form: what is left when that is undone.
ESCAPED = {
    "lint: as github-actions": lambda out: out.replace("%2C", ",").replace("%25", "%"),
    "lint: as config-ignore-yaml": lambda out: re.sub(r'"(.*)"', lambda m: json.loads(m[0]), out),
}


def stele(label, folder):
    files, words = config_cases.CASES[label]
    config_cases.lay(folder, files)
    said, errors = config_cases.run(STELE, words, folder)
    assert "Sanitizer" not in errors and "runtime error" not in errors, errors
    if said["code"] == 1:
        assert errors.strip(), "an error without a word"
    return said, errors


def is_compile(out):
    return '"COMPILE"' in out


def places(out):
    return {json.loads(line)["path"] for line in out.splitlines()}


@pytest.mark.parametrize("label", list(config_cases.CASES))
def test_recorded(label, tmp_path):
    said, errors = stele(label, tmp_path)
    want = RECORDED[label]
    if label in BETTER:
        assert said["code"] != 1 and want["code"] == 1
    elif label in PAIRED:
        assert {json.loads(line)["type"] for line in said["out"].splitlines()} == PAIRED[label]
        assert "FILE_NO_DELETE" in want["out"]
    elif is_compile(want["out"]):
        assert said["code"] == 100 and is_compile(said["out"])
        assert places(said["out"]) <= places(want["out"]) or places(said["out"]) >= places(want["out"])
    elif label in ESCAPED:
        assert said["out"] != want["out"] == ESCAPED[label](said["out"])
    else:
        assert said["out"] == want["out"], errors
        assert said["code"] == want["code"], errors


@pytest.mark.parametrize("version", ["v1beta1", "v1", "v2"])
@pytest.mark.parametrize("kind", ["lint", "breaking"])
def test_tables_of_rules_are_the_same(kind, version, tmp_path):
    for more in ([], ["--include-deprecated"], ["--format", "json"], ["--format", "json", "--include-deprecated"]):
        want = subprocess.run([config_cases.BUF, "config", f"ls-{kind}-rules", "--version", version, *more],
                              cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        for words in ([kind, "--list", "--rule-version"], ["config", f"ls-{kind}-rules", "--version"]):
            got = subprocess.run([STELE, *words, version, *more], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
            assert got == want


def test_configured_rules_are_the_same(tmp_path):
    (tmp_path / "buf.yaml").write_text("version: v2\nlint:\n  use: [MINIMAL, COMMENTS]\n  except: [PACKAGE_DEFINED]\n")
    want = subprocess.run([config_cases.BUF, "config", "ls-lint-rules", "--configured-only"], cwd=tmp_path,
                          capture_output=True, text=True, check=True).stdout
    assert subprocess.run([STELE, "lint", "--list", "--configured-only"], cwd=tmp_path, capture_output=True,
                          text=True, check=True).stdout == want


def test_configured_rules_of_a_module_are_the_same(tmp_path):
    (tmp_path / "buf.yaml").write_text("version: v2\nmodules:\n  - path: a\n    lint:\n      use: [MINIMAL]\n  - path: b/c\n")
    for words in (["--module-path", "a"], ["--module-path", "./b/c/"], ["--module-path", "x"], []):
        want, got = (subprocess.run([program, "config", "ls-lint-rules", "--configured-only", *words], cwd=tmp_path, capture_output=True,
                                    text=True, check=False) for program in (config_cases.BUF, STELE))
        assert (got.returncode, got.stdout) == (want.returncode, want.stdout)


def test_flags_of_every_command_of_buf(tmp_path):
    config_cases.lay(tmp_path, {"a/v1/a.proto": config_cases.A})
    want = subprocess.run([STELE, "lint"], cwd=tmp_path, capture_output=True, check=False)
    got = subprocess.run([STELE, "lint", "--timeout", "2m", "--debug", "--log-format=json"], cwd=tmp_path, capture_output=True, check=False)
    assert (got.returncode, got.stdout) == (want.returncode, want.stdout) == (100, want.stdout)


def test_all_are_recorded():
    assert set(RECORDED) == set(config_cases.CASES)


def test_the_record_is_what_buf_says():
    labels = random.Random(time.strftime("%j")).sample(sorted(RECORDED), LIVE)
    assert config_cases.record(labels) == {label: RECORDED[label] for label in labels}
