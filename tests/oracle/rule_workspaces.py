"""Random workspaces, each in an older and a newer state, to be judged by Stele and by buf in many ways.

    drawn = rule_workspaces.workspace(seed, folder)   {"files": {path: text}, "asked": [(folder, words), ...]}
    rule_workspaces.differences(drawn, folder)  what the two say differently, by command; how many both judged

The files are those of rule_pairs, spread over up to four modules in the layouts that configurations of v1beta1,
v1 and v2 allow. Between the two states files change as there, and move between modules; modules come, go and are
renamed. Each side is then named in one of the ways that it can be: a folder, a module, a file, a commit, an archive,
an image, with the flags that say what of it is meant.
"""
import copy
import json
import os
import subprocess
from pathlib import Path

import rule_pairs
from config_cases import BUF, lay
from corpus import STELE

DIRS = ["proto", "vendor/acme", "m1", "m-2", "third_party", "proto2", "a", "x/y/z"]
LAYOUTS = ["modules", "modules", "modules", "work", "work", "roots", "alone", "alone v1", "bare"]
FORMS = ["text", "msvs", "junit", "github-actions", "gitlab-code-quality"]
IMAGES = ["binpb", "json", "txtpb", "binpb.gz", "json.zst"]


def folders(paths):
    """Every folder above a file."""
    return sorted({"/".join(path.split("/")[:n]) for path in paths for n in range(1, path.count("/") + 1)})


class State:
    """Which files there are, in which module each lies, and where the modules are."""

    def __init__(self, files, dirs, layout, named):
        self.files, self.dirs, self.layout, self.named = files, dirs, layout, named

    def flat(self):
        return self.layout in ("alone", "alone v1", "bare")

    def dir_of(self, file):
        return "." if self.flat() else self.dirs[file["home"] % len(self.dirs)]

    def path_of(self, file):
        return os.path.normpath(os.path.join(self.dir_of(file), file["path"]))

    def used(self):
        return [d for d in (["."] if self.flat() else self.dirs) if any(self.dir_of(f) == d for f in self.files)]


# ---- configurations ------------------------------------------------------------

def sections(r, version, paths):
    """lint and breaking, about files at `paths` (as the configuration names them)."""
    places = [{"path": p} for p in paths] or [{"path": "a.proto"}]
    while True:
        drawn = rule_pairs.configuration(r, places)
        if drawn["version"] == version:
            break
    for part in (drawn["lint"], drawn["breaking"]):
        if r.random() < 0.3:
            del part["use"]
        if r.random() < 0.1 and version == "v2":
            part["disable_builtin"] = r.random() < 0.3
        if r.random() < 0.1:
            part["ignore"] = r.sample(paths + folders(paths), min(2, len(paths)))
    return {key: drawn[key] for key in ("lint", "breaking") if r.random() < 0.8}


def whole(r, state, dirs):
    """buf.yaml of v2 for all modules."""
    config = {"version": "v2", "modules": []}
    for folder in dirs:
        module = {"path": folder}
        inside = [state.path_of(f) for f in state.files if state.dir_of(f) == folder]
        below = folders([os.path.relpath(p, folder) for p in inside])
        if state.named:
            module["name"] = "registry.example/acme/" + folder.replace("/", "-")
        if below and r.random() < 0.1:
            module[r.choice(["excludes", "includes"])] = [os.path.join(folder, r.choice(below))]
        if r.random() < 0.35:
            module.update(sections(r, "v2", inside))
        config["modules"].append(module)
    if r.random() < 0.7:
        config.update(sections(r, "v2", [state.path_of(f) for f in state.files]))
    return config


def configs(r, state):
    """{path: text} of the configuration files of a state."""
    used = state.used()
    dirs = list(state.dirs) if not state.flat() and r.random() < 0.05 else used
    if state.layout == "modules":
        return {"buf.yaml": json.dumps(whole(r, state, dirs))}
    if state.layout == "alone":
        config = {"version": "v2", **sections(r, "v2", [f["path"] for f in state.files])}
        return {"buf.yaml": json.dumps(config)}
    if state.layout == "alone v1":
        version = r.choice(["v1", "v1beta1"])
        config = {"version": version, **sections(r, version, [f["path"] for f in state.files])}
        below = folders([f["path"] for f in state.files])
        if below and r.random() < 0.15:
            config["build"] = {"excludes": [r.choice(below)]}
        return {"buf.yaml": json.dumps(config)}
    if state.layout == "roots":
        names = [f["path"] if r.random() < 0.5 else state.path_of(f) for f in state.files]
        return {"buf.yaml": json.dumps({"version": "v1beta1", "build": {"roots": dirs}, **sections(r, "v1beta1", names)})}
    if state.layout == "work":
        out = {"buf.work.yaml": json.dumps({"version": "v1", "directories": dirs})}
        for folder in dirs:
            version = r.choice(["v1", "v1", "v1beta1"])
            inside = [f["path"] for f in state.files if state.dir_of(f) == folder]
            if inside and r.random() < 0.75:
                out[f"{folder}/buf.yaml"] = json.dumps({"version": version, **sections(r, version, inside)})
        return out
    return {}


# ---- the two states --------------------------------------------------------------

def moved(r, state):
    """Files that go to another module, modules that are renamed, a layout that is given up."""
    for file in state.files:
        if r.random() < 0.15:
            file["home"] = r.randint(0, 3)
    if r.random() < 0.2:
        state.dirs[r.randint(0, len(state.dirs) - 1)] = r.choice([d for d in DIRS if d not in state.dirs])
    if r.random() < 0.1 and len(state.dirs) > 1:
        state.dirs.pop()
    if r.random() < 0.2:
        state.layout = r.choice(LAYOUTS)
    return state


def states(draw, folder):
    r = draw.r
    hand = r.randint(0, 1 << 30)
    files = rule_pairs.draw_module(draw, hand, folder)
    for file in files:
        file["home"] = r.randint(0, 3)
    older = State(files, r.sample(DIRS, r.randint(1, 4)), r.choice(LAYOUTS), r.random() < 0.2)
    newer = State(copy.deepcopy(files), list(older.dirs), older.layout, older.named)
    wanted = r.choice([0, 1, 2, 3, 6])
    for _ in range(4 * wanted):
        changed = copy.deepcopy(newer.files)
        changed = rule_pairs.change(draw, changed) or changed
        texts = rule_pairs.printed(changed, hand)
        if changed and len(texts) == len(changed) and rule_pairs.compiles(texts, folder):
            newer.files = changed
            wanted -= 1
        if not wanted:
            break
    for file in newer.files:
        file.setdefault("home", 0)
    moved(r, newer)
    return older, newer, hand


def laid(state, hand, config):
    texts = rule_pairs.printed(state.files, hand)
    return {**{state.path_of(f): texts[f["path"]] for f in state.files}, **config}


# ---- how a side is named ----------------------------------------------------------

def named(r, state, side):
    """(how to call it, whether --path can be about it)"""
    kind = r.choice(["dir"] * 6 + ["module", "module", "inside", "file", "package", "git", "git", "tar", "zip", "image", "slash"])
    some = r.choice(state.files)
    if kind == "dir":
        return side, True
    if kind == "slash":
        return f"./{side}/", True
    if kind == "module":
        return os.path.normpath(f"{side}/{state.dir_of(some)}"), True
    if kind == "inside":
        return os.path.dirname(f"{side}/{state.path_of(some)}"), True
    if kind == "file":
        return f"{side}/{state.path_of(some)}", False
    if kind == "package":
        return f"{side}/{state.path_of(some)}#include_package_files={r.choice(['true', 'true', 'false'])}", False
    if kind == "git":
        return f".git#{r.choice(['branch=main', 'tag=t1', 'ref=HEAD', 'ref=t1'])},subdir={side}", False
    if kind == "tar":
        return r.choice([f"{side}.tar.gz#strip_components=1", f"{side}.tar.gz#subdir={side}", f"{side}.tgz#subdir=./{side}"]), False
    if kind == "zip":
        return r.choice([f"{side}.zip#subdir={side}", f"{side}.zip#strip_components=1"]), False
    return f"{side}.{r.choice(IMAGES)}", False


def flags(r, state, side, config_of):
    """What of a side is meant; in an archive or a commit paths go from the folder that its `subdir` says."""
    out = []
    paths = [state.path_of(f) for f in state.files]
    inside = [path for path in paths + folders(paths) if any(path.startswith(f"{d}/") or d == "." for d in state.used())]
    if state.layout == "roots":
        inside = []  # buf takes a path in one root for the same path in all of them
    for flag, odds in (("--path", 0.25), ("--exclude-path", 0.15)):
        while inside and r.random() < odds:  # and what is above a module for nothing
            out += [flag, os.path.normpath(f"{side}/{r.choice(inside)}")]
    if r.random() < 0.12:
        out += ["--config", config_of()]
    return out


def is_shifted(older, newer):
    """As many modules, and buf would compare some folder with another one: it goes by their order alone."""
    before, now = sorted(older.used()), sorted(newer.used())
    return len(before) == len(now) and any(before.index(d) != now.index(d) for d in set(before) & set(now))


def asked(r, older, newer):
    """Commands, each as (folder to stand in, words)."""
    def config_of():
        version = r.choice(["v2", "v1", "v1beta1"])
        return json.dumps({"version": version, **sections(r, version, [f["path"] for f in newer.files])})

    out = []
    for _ in range(3):
        name, may = named(r, newer, "new")
        words = ["lint", name, *(flags(r, newer, "new" if may else ".", config_of) if may or r.random() < 0.4 else [])]
        if r.random() < 0.1:
            words += ["--error-format", r.choice(FORMS + ["config-ignore-yaml"])]
        out.append((".", words))
    for _ in range(5):
        new, may = named(r, newer, "new")
        old, _ = named(r, older, "old")
        if r.random() < 0.4:
            new, may, old = "new", True, "old"
        words = ["breaking", new, "--against", old, *(flags(r, newer, "new" if may else ".", config_of) if may or r.random() < 0.4 else [])]
        for flag, odds in (("--exclude-imports", 0.15), ("--limit-to-input-files", 0.15)):
            if r.random() < odds:
                words.append(flag)
        if r.random() < 0.1:
            words += ["--against-config", config_of()]
        if r.random() < 0.1:
            words += ["--error-format", r.choice(FORMS)]
        out.append((".", words))
    out += [("new", ["lint"]), ("new", ["breaking", "--against", "../old"])]
    some = r.choice(newer.files)
    out.append((os.path.normpath(f"new/{newer.dir_of(some)}"), ["lint"]))
    out.append(("new", ["lint", "--path", newer.path_of(some)]))
    is_split = len(newer.used()) > 1  # and then buf takes an image of all modules for one of them; nor does it know its paths
    return [(where, words) for where, words in out if words[0] == "lint" or
            not (is_shifted(older, newer) or (any(word.startswith("old.") and "#" not in word for word in words) and
                                              (is_split or "--limit-to-input-files" in words)))]


def workspace(seed, folder):
    draw = rule_pairs.Draw(seed)
    older, newer, hand = states(draw, folder)
    config = configs(draw.r, newer)
    before = config if (older.layout, older.dirs) == (newer.layout, newer.dirs) and draw.chance(0.6) else configs(draw.r, older)
    files = {f"new/{path}": text for path, text in laid(newer, hand, config).items()}
    files.update({f"old/{path}": text for path, text in laid(older, hand, before).items()})
    return {"files": files, "asked": asked(draw.r, older, newer)}


# ---- both ---------------------------------------------------------------------------

def prepare(folder, words):
    """Archives, images and commits that the words name."""
    text = " ".join(words)
    if ".git#" in text and not Path(folder, ".git").exists():
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]
        for more in (["init", "-q"], ["add", "new", "old"], ["commit", "-qm", "x"], ["tag", "t1"]):
            subprocess.run(git + more, cwd=folder, check=True, capture_output=True)
    for side in ("new", "old"):
        for ending in ("tar.gz", "tgz"):
            if f"{side}.{ending}" in text:
                subprocess.run(["tar", "czf", f"{side}.{ending}", side], cwd=folder, check=True)
        if f"{side}.zip" in text:
            subprocess.run(["python3", "-m", "zipfile", "-c", f"{side}.zip", side], cwd=folder, check=True)
        for ending in IMAGES:
            if f"{side}.{ending}" in text.split():
                done = subprocess.run([BUF, "build", side, "-o", f"{side}.{ending}"], cwd=folder, check=False, capture_output=True)
                if done.returncode:
                    return False
    return True


def run(program, words, folder):
    form = [] if "--error-format" in words else ["--error-format", "json"]
    done = subprocess.run([str(program), *words, *form], cwd=folder, capture_output=True, text=True, timeout=120,
                          check=False, env={**os.environ, "HOME": str(folder)})
    return done.returncode, done.stdout, done.stderr


# Where buf refuses and Stele has an answer, on purpose: what buf says then.
BETTER = {
    "specify this module path directly as an input": "--path may name a module",
    "specified paths cannot be roots": "the same in v1beta1",
    "nested modules": "the nearest configuration counts",
    "not valid for use with .proto file references": "--path of the other side",
    ": is outside the context directory": "--exclude-path of the other side",
    "images, whereas against contained": "modules that came or went",
    "duplicate path": "a path that is said twice",
}
# The same with --config, which is about the folder that was named.
BETTER_CONFIG = "because it is contained by module at path"


def is_better(words, want):
    known = any(said in want[2] for said in BETTER)
    if "no .proto files were targeted" in want[2] and "--path" in words:
        return True  # a path from the top of an archive
    return known or ("--config" in words or "--against-config" in words) and BETTER_CONFIG in want[2]


def is_compile(program, words, folder, answer):
    """Forms for people do not say so."""
    if answer[0] == 100 and "--error-format" in words:
        answer = run(program, words[:words.index("--error-format")] + words[words.index("--error-format") + 2:], folder)
    return answer[0] == 100 and '"COMPILE"' in answer[1]


def agrees(words, folder, want, got):
    """Findings as bytes; what neither can do, by the exit code; what does not compile, by that. And whether both judged."""
    if "Sanitizer" in got[2] or "runtime error" in got[2]:
        return False, 0
    if want[0] == 1:
        return got[0] == 1 or is_better(words, want), 0
    if is_compile(BUF, words, folder, want):
        return is_compile(STELE, words, folder, got) or "had no .proto files" in got[2], 0
    return (want[0], rule_pairs.settled(want[1])) == (got[0], rule_pairs.settled(got[1])), 1


def differences(drawn, folder):
    found, judged = {}, 0
    lay(folder, drawn["files"])
    for where, words in drawn["asked"]:
        if not prepare(folder, words):
            continue
        place = Path(folder, where)
        want, got = run(BUF, words, place), run(STELE, words, place)
        same, both = agrees(words, place, want, got)
        judged += both
        if not same:
            found[f"{where}: {' '.join(words)}"] = (want, got)
    return found, judged
