"""The files of a tree that protoc accepts: what both sides of a comparison are given."""
import re
import subprocess
import sys

import measure


def accepted(tree, include, files):
    """`files` without those protoc names in an error, and without those that import them."""
    files = list(files)
    for _ in range(20):
        made = subprocess.run([str(measure.PROTOC), f"-I{tree}", f"-I{include}", "-o/dev/null", *files],
                              capture_output=True, text=True)
        if made.returncode == 0:
            return files
        bad = {match[1] for match in re.finditer(r"^([^:\n]+\.proto):(?!.*warning:)", made.stderr, re.M)}
        left = [f for f in files if f not in bad]
        if len(left) == len(files):
            sys.exit(f"protoc fails without naming a file: {made.stderr[:2000]}")
        files = left
    sys.exit("protoc goes on rejecting files")
