#!/usr/bin/env python3
"""Build the documentation as a site, from the same files that GitHub shows.

Usage: docs/site.py [FOLDER]     (default: target/site)

Needs mdBook: cargo install --locked mdbook
Exit status: 0 built; 1 a link leads nowhere or mdBook failed; 3 mdBook is not installed.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
# The site has no folders: what lies elsewhere in the repository gets a place here.
ELSEWHERE = "files"


def build(target: Path) -> int:
    """Copy the pages with their links changed, then run mdBook on the copy."""
    work = target.with_name(target.name + "-source")
    shutil.rmtree(work, ignore_errors=True)
    pages = work / "src"
    pages.mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "book.toml", work)
    for page in sorted((ROOT / "docs").glob("*")):
        if page.suffix == ".md":
            (pages / page.name).write_text(moved(page, pages), encoding="utf-8")
        elif page.suffix in {".png", ".svg", ".json"}:
            shutil.copy(page, pages)
    (pages / "index.md").write_text(moved(ROOT / "README.md", pages), encoding="utf-8")
    return subprocess.run(["mdbook", "build", str(work), "--dest-dir", str(target.resolve())]).returncode


def moved(page: Path, pages: Path) -> str:
    """The text of a page whose links lead to their places in the site."""

    def place(link: re.Match) -> str:
        path, anchor = link[1], link[2] or ""
        if "://" in path:
            return link[0]
        target = (page.parent / path).resolve()
        if not target.exists():
            sys.exit(f"site.py: {page.relative_to(ROOT)}: {path} leads nowhere")
        return f"]({in_site(target, pages)}{anchor})"

    return LINK.sub(place, page.read_text(encoding="utf-8"))


def in_site(target: Path, pages: Path) -> str:
    """Where a file of the repository is in the site; a folder becomes a list of its files."""
    if target == ROOT / "README.md":
        return "index.md"
    if target.parent == ROOT / "docs":
        return target.name
    copy = pages / ELSEWHERE / target.relative_to(ROOT)
    if target.is_dir():
        listing = copy / "index.txt"
        listing.parent.mkdir(parents=True, exist_ok=True)
        names = sorted(str(file.relative_to(ROOT)) for file in target.rglob("*") if file.is_file())
        listing.write_text("\n".join(names) + "\n", encoding="utf-8")
        return str(listing.relative_to(pages))
    # Browsers show .txt and save what they do not know.
    copy = copy.with_name(copy.name + ".txt")
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(target, copy)
    return str(copy.relative_to(pages))


def main() -> int:
    if shutil.which("mdbook") is None:
        print("site.py: mdBook is not installed: cargo install --locked mdbook", file=sys.stderr)
        return 3
    return build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "target" / "site")


if __name__ == "__main__":
    sys.exit(main())
