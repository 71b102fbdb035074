"""Builds the site: `python -m manual.site`. A warning is an error.

Nothing is fetched, neither now nor by a reader of the pages: the script that draws the pictures is
the one of the package `mermaidx`, which draws for `eiaa draw` as well.
"""

import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SITE: Final = ROOT / "build/docs"
MERMAID: Final = "assets/mermaid.js"


def build() -> None:
    """The whole site anew, in `build/docs`. Raises `CalledProcessError` for what is wrong."""
    shutil.rmtree(SITE, ignore_errors=True)
    words = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    subprocess.run(words, cwd=ROOT, check=True)
    with resources.as_file(resources.files("mermaidx") / MERMAID) as script:
        shutil.copy(script, SITE / MERMAID)


if __name__ == "__main__":
    try:
        build()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
    print(f"{SITE.relative_to(ROOT)}/index.html")
