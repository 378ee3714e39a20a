"""What every benchmark here shares: CPU time and memory of a finished process, medians, tables.

Runs are interleaved (A B A B …), the first round is thrown away, medians are printed with the
range, and every figure stands beside the peer's from the same run.
"""
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NPM = Path(os.environ.get("STELE_NPM", ROOT / ".deps/npm/node_modules"))
PROTOC = Path(os.environ.get("STELE_PROTOC", NPM / "protoc/bin/protoc-linux-x86_64"))
STELE = Path(os.environ.get("STELE", ROOT / "build/stele"))


def run(command, cpus=None, cwd=None):
    """Runs to the end: CPU seconds, wall seconds, peak memory in MB. Fails loudly.

    The child is spawned, not forked: what copying this interpreter takes would be counted as its time."""
    home, before = os.getcwd(), os.sched_getaffinity(0)
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as errors:
        try:
            os.chdir(cwd or home)
            os.sched_setaffinity(0, cpus or before)
            started = time.perf_counter()
            child = os.posix_spawnp(words[0], words, os.environ, file_actions=[
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_DUP2, errors.fileno(), 2)])
            _, status, usage = os.wait4(child, 0)
            wall = time.perf_counter() - started
        finally:
            os.chdir(home)
            os.sched_setaffinity(0, before)
        if os.waitstatus_to_exitcode(status):
            errors.seek(0)
            sys.exit(f"{words[0]} failed ({os.waitstatus_to_exitcode(status)}): {errors.read().decode()[:2000]}")
    return {"cpu": usage.ru_utime + usage.ru_stime, "wall": wall, "mb": usage.ru_maxrss / 1024}


def interleave(rounds, **subjects):
    """Calls each subject in turn, `rounds` times after one warm-up; name -> list of results."""
    results = {name: [] for name in subjects}
    for number in range(rounds + 1):
        for name, subject in subjects.items():
            result = subject()
            if number:
                results[name].append(result)
    return results


def median(results, key):
    return statistics.median(result[key] for result in results)


def spread(results, key, form="{:.3f}"):
    values = [result[key] for result in results]
    return f"{form.format(statistics.median(values))} ({form.format(min(values))}–{form.format(max(values))})"


def table(header, rows):
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, ["-" * width for width in widths], *rows]:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    print(f"{model}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}\n")
