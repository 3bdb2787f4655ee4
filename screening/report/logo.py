"""The clinic's logo: a picture file comes in, pixels ready for the page go out, or a sentence why not."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from screening.errors import N_, WrongUsage

LARGEST_BYTES = 8_000_000
LARGEST_PIXELS = 40_000_000
WIDEST = 800  # pixels: finer than a printer shows at the size of a letterhead


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG of `width` × `height` pixels, without transparency."""

    png: bytes
    width: int
    height: int


def read(path: Path) -> Logo:
    """The logo in `path`, a PNG or JPEG, made as small as a page needs. Raises WrongUsage."""
    try:
        too_large = path.stat().st_size > LARGEST_BYTES
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            # Known from the header: a few bytes must not become gigabytes of pixels.
            if too_large or picture.width * picture.height > LARGEST_PIXELS:
                raise WrongUsage(
                    N_("The logo “{name}” is too large. Choose a smaller PNG or JPEG picture."), name=path.name
                )
            picture.thumbnail((WIDEST, WIDEST))
            coloured = picture.convert("RGBA")
    except FileNotFoundError as error:
        raise WrongUsage(
            N_("The logo “{name}” is no longer there. Choose it again, or none."), name=path.name
        ) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise WrongUsage(
            N_("The logo “{name}” is not a picture that can be read. Choose a PNG or JPEG file."), name=path.name
        ) from error
    paper = Image.new("RGB", coloured.size, "white")
    paper.paste(coloured, mask=coloured.getchannel("A"))
    buffer = io.BytesIO()
    paper.save(buffer, "PNG")
    return Logo(buffer.getvalue(), *paper.size)
