"""A process that draws: a Mermaid text on standard input, a picture on standard output.

Its argument is `svg` or `png`. It is a process of its own, which imports nothing of this package,
because the engine that Mermaid runs in does not stop before it has finished. Exit code 1 means that
the picture is not there, and standard error says why.
"""

import sys
from typing import Any

# The font by which the engine measures texts; it has the signs of a run, too.
CONFIG = {"themeVariables": {"fontFamily": "DejaVu Sans, Verdana, sans-serif"}}
SCALES = (2.0, 1.0)  # pixels of a PNG to a unit of the drawing: the first that gives a picture


def main() -> None:
    """Draw what is on standard input."""
    try:
        picture = _picture(sys.stdin.buffer.read().decode(), sys.argv[1])
    except Exception as error:  # of the engine, of Mermaid, of the rasteriser
        sys.exit(str(error))
    sys.stdout.buffer.write(picture)


def _picture(text: str, kind: str) -> bytes:
    # Only here, for the engine starts a thread when it is imported.
    import mermaidx  # type: ignore[import-untyped]  # it has no types

    drawing: Any = mermaidx.render(text, config=CONFIG)
    svg: str = drawing.svg()
    if kind == "svg":
        return svg.encode()
    for scale in SCALES:
        try:
            png: bytes = drawing.png(scale=scale, background="#ffffff")
        except ValueError:  # it has too many pixels
            continue
        return png
    raise ValueError("the drawing is too large for a PNG; an SVG may be of any size")


if __name__ == "__main__":
    main()
