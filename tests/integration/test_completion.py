"""What a shell offers when the tab key is pressed, in real shells, and the pages of the manual."""
import os
import re
import subprocess

import pytest
from conftest import ROOT, STELE


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True, timeout=60,
                          stdin=subprocess.DEVNULL, **more).stdout


def offered(*words):
    return [line.split("\t")[0] for line in run(STELE, "complete", "--", *words).splitlines()]


@pytest.fixture
def script(tmp_path):
    """A folder whose `stele` is ours, the PATH with it, and a shell's script there."""
    (tmp_path / "stele").symlink_to(STELE)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path)}

    def write(shell, name):
        (tmp_path / name).write_text(run(STELE, "completion", shell))
        return tmp_path / name, env
    return write


@pytest.mark.parametrize("words, want", [
    (["bu"], ["build"]),
    (["build", "--include-"], ["--include-imports", "--include-source-info"]),
    (["print", "--form", ""], ["exact", "canonical", "normalised"]),
    (["print", "--form=c"], ["--form=canonical"]),
    (["convert", "--to", "hex"], ["hex", "hex-lines"]),
    (["build", "--error-format", "s"], ["sarif"]),
    (["print", "--form", "="], ["exact", "canonical", "normalised"]),  # as bash cuts it
    (["print", "--form", "=", "c"], ["canonical"]),
    (["explain", "FIELD_SAME_TYPE"], ["FIELD_SAME_TYPE"]),
    (["help", "cha"], ["changelog"]),
    (["completion", ""], ["bash", "zsh", "fish"]),
    (["build", ""], []),
    (["build", "-I", ""], []),
    (["nothing", ""], []),
    (["format", "-"], None),
])
def test_what_is_offered(words, want):
    found = offered(*words)
    assert found == want if want is not None else "--help" in found and "--check" in found


def test_hidden_commands_are_not_offered():
    shown = re.findall(r"^  ([a-z]+) ", run(STELE, "help").split("exit codes:")[0], re.M)
    assert offered("") == shown and "complete" not in shown and "completion" in shown


def test_every_value_that_is_offered_is_taken(tmp_path):
    """A value that is none is named in the answer; none of those that are offered may be."""
    tried = 0
    for command in offered(""):
        for option in offered(command, "--"):
            for value in offered(command, option, ""):
                done = subprocess.run([STELE, command, option, value, "--registry=http://127.0.0.1:9", "x", "y"],
                                      cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
                                      stdin=subprocess.DEVNULL) if command != "serve" else None
                if done:
                    assert f'"{value}"' not in done.stderr, (command, option, done.stderr)
                    tried += 1
    assert tried > 60


def test_bash(script):
    path, env = script("bash", "stele.bash")
    ask = ('source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _stele stele; '
           'printf "%s\\n" "${COMPREPLY[@]}"; complete -p stele')
    out = run("bash", "--norc", "-c", ask, path, "stele", "lint", "--format", "=", "jun", env=env).splitlines()
    assert out == ["junit", "complete -o default -F _stele stele"]


def test_fish(script):
    path, env = script("fish", "stele.fish")
    assert run("fish", "--no-config", "-c", f"source {path}; complete -C 'stele bui'", env=env) == \
        "build\tCompile .proto files into a descriptor set.\n"
    out = run("fish", "--no-config", "-c", f"source {path}; complete -C 'stele print --form c'", env=env)
    assert "canonical" in out.split()
    (path.parent / "some.proto").write_text("")
    out = run("fish", "--no-config", "-c", f"source {path}; complete -C 'stele print so'", env=env, cwd=path.parent)
    assert "some.proto" in out


# Presses the tab key in a zsh of its own, and prints what stands there then.
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1=; fpath=('$1' $fpath); autoload -U compinit; compinit -u -d '$1'/dump; print re""ady'
zpty -r -m shell line '*ready*'
zpty -w -n shell $2$'\t'
sleep 1
zpty -w shell ' ; print do""ne'
zpty -r -m shell line '*done*'
print -r -- $line
"""


def test_zsh(script):
    path, env = script("zsh", "_stele")
    for typed, want in {"stele buil": "stele build", "stele print --form cano": "--form canonical",
                        "stele print --form=exa": "--form=exact", "stele explain ENUM_FIRST_V": "ENUM_FIRST_VALUE_ZERO"}.items():
        out = run("zsh", "-f", "-c", ZSH, "zsh", path.parent, typed, env={**env, "TERM": "dumb"})
        assert want in out, out


def test_no_such_shell():
    done = subprocess.run([STELE, "completion", "csh"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "") and "bash, zsh and fish" in done.stderr


def test_manual(tmp_path):
    """A page for each command that has no other, which groff reads without a warning."""
    run(STELE, "help", "--man", tmp_path / "deep/man1")
    pages = sorted(path.name for path in (tmp_path / "deep/man1").iterdir())
    commands = [name for name in offered("") if name != "protoc"]
    assert pages == sorted(["stele.1", *(f"stele-{name}.1" for name in commands)])
    for page in [*(tmp_path / "deep/man1").iterdir(), ROOT / "docs/man/stele-protoc.1"]:
        told = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-P-c", page], capture_output=True, check=True, text=True)
        assert told.stderr == "", (page, told.stderr)
        assert "SYNOPSIS" in re.sub(".\b", "", told.stdout)


def test_installed(tmp_path):
    build = STELE.parent
    run("meson", "install", "-C", build, "--no-rebuild", "--destdir", tmp_path)
    share = next(tmp_path.rglob("share/man")).parent
    assert {"stele.1", "stele-build.1", "stele-protoc.1"} <= {path.name for path in (share / "man/man1").iterdir()}
    assert (share / "bash-completion/completions/stele").read_text() == run(STELE, "completion", "bash")
    assert (share / "zsh/site-functions/_stele").is_file() and (share / "fish/vendor_completions.d/stele.fish").is_file()
