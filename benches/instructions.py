#!/usr/bin/env python3
"""Counts the instructions that the release build takes for fixed streams, beside those in benches/instructions.tsv.

    benches/instructions.py            prints both; fails when a stream takes 5 % more than it did
    benches/instructions.py --update   writes the new counts into the file

A count is the same on a busy machine and an idle one, unlike a time. It needs valgrind (callgrind), which counts one
thread at a time, so the program gets one. The counts hold for the compiler that the file names and for a processor with
AVX2. Without valgrind nothing is counted: the script says so and succeeds, or fails with IMMUTABLY_REQUIRE_TOOLS=1.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "benches" / "instructions.tsv"
MEGABYTES = "3"
MORE = 1.05
SMALL = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: b}\n"
HEAD = """\
# Instructions of the release build on one thread: benches/instructions.py compares, and --update writes this file.
# Compiler: {compiler}
# stream\tbytes\tinstructions
"""


def main():
    update = sys.argv[1:] == ["--update"]
    if sys.argv[1:] and not update:
        sys.exit(__doc__)
    if shutil.which("valgrind") is None:
        required = os.environ.get("IMMUTABLY_REQUIRE_TOOLS") == "1"
        print(f"{'FAILED' if required else 'SKIPPED'}: valgrind is not installed, so no instructions are counted")
        sys.exit(1 if required else 0)
    cargo("build", "--release")
    with tempfile.TemporaryDirectory() as folder:
        counts = [count(stream) for stream in streams(Path(folder))]
    if update:
        RECORD.write_text(record(counts))
    sys.exit(compare(counts))


def streams(folder):
    """Files with the four shapes of stream, and one that is so small that it shows what a start costs."""
    # In the profile of the tests, which is built already; the text is the same.
    cargo("test", "--bench", "stages", "--", "--write", str(folder), "--megabytes", MEGABYTES)
    (folder / "start.yaml").write_text(SMALL)
    return sorted(folder.iterdir())


def count(stream):
    """The name of a stream, its bytes and the instructions that it takes."""
    program = target() / "release" / "immutably"
    counting = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, "--quiet", stream]
    environment = {**os.environ, "IMMUTABLY_THREADS": "1"}
    ended = subprocess.run(
        counting, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True
    )
    found = re.search(r"Collected : (\d+)", ended.stderr)
    return stream.stem, stream.stat().st_size, int(found.group(1))


def cargo(*arguments):
    subprocess.run(["cargo", arguments[0], "--quiet", "--locked", *arguments[1:]], cwd=ROOT, check=True)


def target():
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def compare(counts):
    """Prints the counts beside the recorded ones; 1 when one has grown too much."""
    rows = [line.split("\t") for line in RECORD.read_text().splitlines() if not line.startswith("#")]
    known = {name: int(instructions) for name, _, instructions in rows}
    status = 0
    print(f"{'stream':14}{'instructions':>14}{'for each byte':>15}{'recorded':>14}{'change':>9}")
    for name, size, instructions in counts:
        before = known.get(name)
        change = f"{instructions / before - 1:+.1%}" if before else "new"
        print(f"{name:14}{instructions:14,}{instructions / size:15.1f}{before or 0:14,}{change:>9}")
        if before and instructions > before * MORE:
            print(f"{name}: more than 5 % more instructions than recorded; if that has its reason, --update")
            status = 1
    return status


def record(counts):
    compiler = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    rows = "".join(f"{name}\t{size}\t{instructions}\n" for name, size, instructions in counts)
    return HEAD.format(compiler=compiler) + rows


main()
