"""protobuf's own conformance tests, all of them: nothing fails, nothing is skipped, no list of exceptions."""
import platform
import re
import subprocess

import pytest

from conftest import ROOT, STELE

# Binary and JSON, then text format, as runner 33.2 counts them.
SUITES = [(5567, 0), (883, 0)]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="protobuf's runner exists for x86-64 only")
def test_conformance():
    ran = subprocess.run([ROOT / "tests/conformance/run", STELE.parent], capture_output=True, text=True, timeout=600)
    out = ran.stdout + ran.stderr
    suites = re.findall(r"CONFORMANCE SUITE PASSED: (\d+) successes, (\d+) skipped, 0 expected failures, 0 unexpected",
                        out)
    assert [(int(done), int(skipped)) for done, skipped in suites] == SUITES, out[-4000:]
    assert ran.returncode == 0, out[-4000:]
