"""The crates that the program for a target is made of: what `cargo tree` and Cargo.lock say of each."""

import json
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Crate(NamedTuple):
    name: str
    version: str
    licence: str  # an SPDX expression
    repository: str
    in_program: bool  # procedural macros, and what only they use, run in the compiler
    sha256: str  # of the crate as the registry has it; empty for the program's own
    uses: tuple[str, ...]  # package URLs

    @property
    def url(self) -> str:
        """The package URL, which SBOMs name a crate by."""
        return f"pkg:cargo/{self.name}@{self.version}"


def cargo(*args: str) -> str:
    return subprocess.run(["cargo", *args], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def shipped(target: str) -> list[Crate]:
    """The program itself first, then its crates by name. Development and build dependencies are none of them."""
    tree = _tree("normal", target)
    in_program = {name for _, name, *_ in _tree("normal,no-proc-macro", target)}
    sums = checksums()
    uses = {}
    above = []  # the way from the root of the tree to the line before
    for depth, crate, *_ in tree:
        above[depth:] = [crate]
        uses.setdefault(crate, set())
        if depth > 0:
            uses[above[depth - 1]].add(crate)
    url = {crate: "pkg:cargo/" + crate.replace(" v", "@") for crate in uses}
    facts = {crate: about for _, crate, *about in reversed(tree)}
    found = []
    for crate in uses:
        name, version = crate.split(" v")
        licence, repository = facts[crate]
        found.append(
            Crate(
                name,
                version,
                # The older way to write a choice.
                licence.replace("/", " OR "),
                repository,
                crate in in_program,
                sums.get((name, version), ""),
                tuple(sorted(url[used] for used in uses[crate])),
            )
        )
    return found[:1] + sorted(found[1:])


def _tree(edges: str, target: str) -> list[tuple[int, str, str, str]]:
    """Depth, `name vVERSION`, licence and repository of each line. What a crate uses stands below its first line only."""
    # Not `cargo metadata`: it takes features that only development dependencies ask for.
    text = cargo(
        *["tree", "--locked", "--edges", edges, "--target", target],
        *["--prefix", "depth", "--format", "\t{p}\t{l}\t{r}"],
    )
    found = []
    for line in text.splitlines():
        depth, package, licence, repository = line.removesuffix(" (*)").split("\t")
        # Behind the version may stand `(proc-macro)` and the path of the sources.
        found.append((int(depth), " ".join(package.split(" ")[:2]), licence, repository.strip()))
    return found


def checksums() -> dict[tuple[str, str], str]:
    """By name and version, out of Cargo.lock, which cargo writes in one form only; tomllib needs Python 3.11."""
    entry = re.compile(r'^name = "(.+)"\nversion = "(.+)"\nsource = .+\nchecksum = "([0-9a-f]{64})"$', re.MULTILINE)
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    return {(name, version): sha256 for name, version, sha256 in entry.findall(lock)}


def sources(target: str) -> dict[tuple[str, str], Path]:
    """The folder of each crate's sources, by name and version."""
    metadata = json.loads(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", target))
    return {(p["name"], p["version"]): Path(p["manifest_path"]).parent for p in metadata["packages"]}
