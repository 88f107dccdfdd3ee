"""What is in the program for a target: as a CycloneDX document, and as the licences that have to go with it."""

import json
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import crates

LICENCE_FILE = re.compile(r"(licen[sc]e|copying|copyright|notice|unlicense)", re.IGNORECASE)


def sbom(target: str, epoch: int) -> bytes:
    program, *others = crates.shipped(target)
    described = {
        "type": "application",
        **_named(program),
        "properties": [
            {"name": "cdx:rustc:sbom:target:triple", "value": target},
            {"name": "immutably:rustc", "value": _compiler()},
        ],
    }
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": described,
        },
        "components": [_component(crate) for crate in others],
        "dependencies": [{"ref": crate.url, "dependsOn": list(crate.uses)} for crate in [program, *others]],
    }
    return (json.dumps(document, indent=2) + "\n").encode()


def _named(crate: crates.Crate) -> dict:
    return {
        "bom-ref": crate.url,
        "name": crate.name,
        "version": crate.version,
        "licenses": [{"expression": crate.licence}],
        "purl": crate.url,
    }


def _component(crate: crates.Crate) -> dict:
    component = {
        "type": "library",
        **_named(crate),
        # In the words of CycloneDX: `excluded` is what does not run in the program.
        "scope": "required" if crate.in_program else "excluded",
        "hashes": [{"alg": "SHA-256", "content": crate.sha256}],
    }
    if crate.repository:
        component["externalReferences"] = [{"type": "vcs", "url": crate.repository}]
    return component


def licences(target: str) -> bytes:
    """Each licence text once, below the crates that carry it."""
    folders = crates.sources(target)
    carriers = {}
    for crate in crates.shipped(target)[1:]:
        texts = [path for path in sorted(folders[crate.name, crate.version].iterdir()) if _is_licence(path)]
        for path in texts:
            text = path.read_text(encoding="utf-8").replace("\r\n", "\n").strip()
            carriers.setdefault(text, []).append(f"{crate.name} {crate.version}")
        if not texts and crate.in_program:
            raise ValueError(f"{crate.name} {crate.version} comes without the text of its licence, {crate.licence}")
    parts = ["The program is made of these crates, each under the licences below its name.\n"]
    # A crate may carry the same text twice, under two names.
    parts += ["\n".join([*dict.fromkeys(names), "", text, ""]) for text, names in carriers.items()]
    return f"\n{'=' * 78}\n\n".join(parts).encode()


def _is_licence(path: Path) -> bool:
    return path.is_file() and LICENCE_FILE.match(path.name) is not None


def rust_library() -> bytes:
    """The notices of Rust's standard library, which is part of every program."""
    root = subprocess.run(["rustc", "--print", "sysroot"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return (Path(root.strip()) / "share/doc/rust/COPYRIGHT-library.html").read_bytes()


def _compiler() -> str:
    return subprocess.run(["rustc", "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
