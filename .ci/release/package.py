#!/usr/bin/env python3
"""Put together what a release consists of, apart from the container image, out of the built programs.

    immutably-VERSION-TARGET.tar.gz     .zip for Windows: the program, manual page, completions, licences, Helm plugin
    immutably-VERSION-TARGET.cdx.json   what is in the program, as CycloneDX
    immutably.rb                        the formula for Homebrew
    immutably.yaml                      the manifest for krew
    SHA256SUMS                          for `sha256sum --check`

The same programs give the same bytes: times are those of the commit, or of SOURCE_DATE_EPOCH.

Usage: .ci/release/package.py --repository URL --programs FOLDER --out FOLDER

The programs are FOLDER/TARGET/immutably, or immutably.exe, one for each target below. That of DOCUMENTED is run to
write the completions and the manual page, so this needs Linux. Python 3.9+, cargo and the registry of crates.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

from archive import File, tar_gz, zip_  # noqa: E402
from crates import ROOT, cargo  # noqa: E402
import sbom  # noqa: E402

TARGETS = [
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
]
DOCUMENTED = TARGETS[0]
COMPLETIONS = {
    "bash": "immutably.bash",
    "zsh": "_immutably",
    "fish": "immutably.fish",
    "powershell": "immutably.ps1",
    "elvish": "immutably.elv",
}
TEXTS = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"]
TEMPLATES = ["integrations/homebrew/immutably.rb", "integrations/krew/immutably.yaml"]


def package(programs: Path, repository: str, out: Path) -> None:
    version = cargo("pkgid").strip().rsplit("@", 1)[-1].rsplit("#", 1)[-1]
    epoch = commit_time()
    out.mkdir(parents=True)
    common = {**texts(), **written_by(programs / DOCUMENTED / "immutably", version)}
    values = {"VERSION": version, "REPOSITORY": repository}
    for target in TARGETS:
        name = f"immutably-{version}-{target}"
        program = "immutably.exe" if "windows" in target else "immutably"
        files = dict(common)
        files[program] = File((programs / target / program).read_bytes(), executable=True)
        files["LICENSES-CRATES.txt"] = File(sbom.licences(target))
        if target.endswith("-musl"):
            files["LICENSE-MUSL"] = File((ROOT / ".ci/release/LICENSE-MUSL").read_bytes())
        pack, ending = (zip_, "zip") if "windows" in target else (tar_gz, "tar.gz")
        packed = pack(name, files, epoch)
        (out / f"{name}.{ending}").write_bytes(packed)
        (out / f"{name}.cdx.json").write_bytes(sbom.sbom(target, epoch))
        values[f"SHA256 {target}"] = hashlib.sha256(packed).hexdigest()
    for template in map(Path, TEMPLATES):
        text = filled((ROOT / template).read_text(encoding="utf-8"), values)
        (out / template.name).write_text(text, encoding="utf-8")
    (out / "SHA256SUMS").write_text(sums(out), encoding="utf-8")


def commit_time() -> int:
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    command = ["git", "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)


def texts() -> dict[str, File]:
    files = {name: File((ROOT / name).read_bytes()) for name in TEXTS}
    files["LICENSES-RUST-LIBRARY.html"] = File(sbom.rust_library())
    for plugin in ("helm", "helm-post-renderer"):
        for path in (ROOT / "integrations" / plugin).iterdir():
            files[f"{plugin}/{path.name}"] = File(path.read_bytes())
    return files


def written_by(program: Path, version: str) -> dict[str, File]:
    """What the program writes about itself; the same for every target."""
    with tempfile.TemporaryDirectory() as folder:
        # On its way between two machines a program may lose the permission to run.
        runnable = Path(folder) / "immutably"
        runnable.write_bytes(program.read_bytes())
        runnable.chmod(0o755)

        def output(*args: str) -> bytes:
            return subprocess.run([runnable, *args], check=True, stdout=subprocess.PIPE).stdout

        if (found := output("-V").decode()) != f"immutably {version}\n":
            raise ValueError(f"{program} says that it is {found.strip()}, not {version}")
        files = {f"completions/{name}": File(output("completions", shell)) for shell, name in COMPLETIONS.items()}
        files["man/immutably.1"] = File(output("man"))
        return files


def filled(template: str, values: dict[str, str]) -> str:
    """The template with the value of each `@NAME@`, without the comment lines that speak of the template."""
    text = re.sub(r"^## .*\n", "", template, flags=re.MULTILINE)
    return re.sub(r"@([A-Z][A-Z0-9]+( [a-z0-9_-]+)?)@", lambda place: values[place[1]], text)


def sums(folder: Path) -> str:
    digest = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    return "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(digest.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repository", required=True, help="the address that release files are downloaded below")
    parser.add_argument("--programs", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path, help="a folder that is not there yet")
    args = parser.parse_args()
    try:
        package(args.programs, args.repository.rstrip("/"), args.out)
    except (OSError, ValueError, KeyError, subprocess.CalledProcessError) as error:
        sys.exit(f"package.py: {error}")


if __name__ == "__main__":
    main()
