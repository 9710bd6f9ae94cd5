"""How an item's image is made to fit a network: upright, small enough, on white, and silent about where it was taken.

Memory is bounded: a JPEG is decoded at a fraction of its size, everything else in bands, one image at a time.
"""

from collections.abc import Iterator
from collective.socialterritory.errors import ContentError
from collective.socialterritory.networks.model import Limits
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from io import SEEK_END
from PIL import Image
from PIL import ImageCms
from PIL import ImageOps
from PIL import UnidentifiedImageError
from typing import Any
from typing import BinaryIO

import math


Fitted = tuple[bytes, str, int, int]

BUDGET = 71_000_000
"""Bytes one decoded source may take: a poster of A3 at 300 dpi in PNG, over 100 megapixels in a baseline JPEG."""

LOADING = 98_000_000
"""The same for a progressive JPEG, at its largest before anything is made of it: 24 megapixels, as cameras write it."""

BYTES_A_PIXEL = {"image/png": 4, "image/gif": 4, "image/webp": 16, "image/avif": 10}
"""What the decoders hold at their worst, their own copies included. A JPEG is not here: it is drawn small at once."""

MIMES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
READABLE = frozenset(MIMES.values())
IN_CARDS = {"image/jpeg": "image/jpeg", "image/png": "image/png", "image/webp": "image/webp", "image/gif": ""}
"""What networks show in link cards -> what Plone makes of it when it scales it. A GIF stays one only where it moves."""
WRITABLE = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
QUALITIES = (88, 80, 70, 60, 50)
LEAST_SIDE = 64
BAND = 400_000
"""Source pixels converted and scaled at once"""

# One image at a time, and always in the same thread: the C library keeps freed memory for each thread apart.
_scaler = ThreadPoolExecutor(1, "social-images")
_SRGB = ImageCms.createProfile("sRGB")


def problem(mime: str, width: int, height: int, limits: Limits) -> str:
    """Why such a picture cannot go along: image_unfit, image_broken, image_too_large; "" when its head is well."""
    if mime not in READABLE or not _targets(limits):
        return "image_unfit"
    if width < 1 or height < 1:
        return "image_broken"
    return "image_too_large" if width * height * BYTES_A_PIXEL.get(mime, 0) > BUDGET else ""


def recipe(limits: Limits) -> str:
    """How fit() scales, such as "jpeg 2000px 1000000B": part of what is approved."""
    kinds = "/".join(mime.removeprefix("image/") for mime in _targets(limits))
    shape = " {}-{}".format(*limits.shape) if limits.shape else ""
    return f"{kinds} {limits.image_side}px {limits.image_bytes}B{shape}"


def shaped(width: int, height: int, limits: Limits) -> tuple[int, int]:
    """The smallest size into which such a picture goes whole and which has a shape that the network takes."""
    narrowest, widest = limits.shape or (0, math.inf)
    if width < narrowest * height:
        return math.ceil(narrowest * height), height
    return width, max(height, math.ceil(width / widest))


def _targets(limits: Limits) -> tuple[str, ...]:
    """The network's preferred type that we write, then JPEG in case the first gets too large."""
    types = [mime for mime in limits.image_types if mime in WRITABLE]
    return tuple(dict.fromkeys([*types[:1], *(mime for mime in types if mime == "image/jpeg")]))


def describe(stream: BinaryIO) -> tuple[str, int, int]:
    """MIME type, width and height as people see it, from the file's head. Raises ContentError like fit()."""
    with _opened(stream) as image:
        width, height = image.size
        return MIMES[image.format or ""], *((height, width) if _sideways(image) else (width, height))


def size(picture: Any) -> tuple[int, int]:
    """Width and height of a named file's image; (0, 0) of what is none.

    getImageSize() writes where Plone knows no size: no page that only reads may.
    """
    known = (getattr(picture, "_width", -1), getattr(picture, "_height", -1))
    if known != (-1, -1):
        return known
    try:
        with file_of(picture) as stream:
            return describe(stream)[1:]
    except ContentError:
        return 0, 0


def file_of(picture: Any) -> Any:
    """What a named file holds, to read."""
    return picture.open() if hasattr(picture, "open") else BytesIO(picture.data)


def fit(stream: BinaryIO, limits: Limits) -> Fitted:
    """The bytes to send, their MIME type, width and height.

    Only pixels pass: orientation is applied, colours become sRGB, transparency becomes white, and EXIF, GPS, XMP, IPTC,
    comments and colour profiles stay behind. Raises ContentError: image_unfit (a kind we do not read, such as SVG, or
    one that cannot be brought under the limit), image_broken, image_too_large.
    """
    return _scaler.submit(_fit, stream, limits).result()


def _fit(stream: BinaryIO, limits: Limits) -> Fitted:
    with _opened(stream) as image:
        return _encoded(_upright(_reduced(image, limits.image_side or max(image.size)), image), limits)


@contextmanager
def _opened(stream: BinaryIO) -> Iterator[Image.Image]:
    try:
        stream.seek(0)
        with Image.open(stream, formats=[name for name in MIMES if name != "MPO"]) as image:
            _check_whole(stream, image.format or "")
            yield image
    except ContentError:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise ContentError("image_too_large") from error
    except UnidentifiedImageError as error:
        raise ContentError("image_unfit" if _other_kind(stream) else "image_broken") from error
    except Exception as error:  # on hostile files Pillow's readers raise nearly anything
        raise ContentError("image_broken") from error


ENDS = {"JPEG": b"\xff\xd9", "MPO": b"\xff\xd9", "PNG": b"IEND", "GIF": b"\0;"}


def _check_whole(stream: BinaryIO, kind: str) -> None:
    """Pillow fills what is missing with grey where a site has set LOAD_TRUNCATED_IMAGES, as Plone does."""
    size = stream.seek(0, SEEK_END)
    stream.seek(max(0, size - 65536))
    tail = stream.read()
    stream.seek(0)
    head = stream.read(12)
    stream.seek(0)
    short_riff = kind == "WEBP" and int.from_bytes(head[4:8], "little") + 8 > size
    if kind == "GIF":
        tail = tail.rstrip(b"\0")[-2:]
    if short_riff or ENDS.get(kind, b"") not in tail:
        raise ContentError("image_broken")


def _other_kind(stream: BinaryIO) -> bool:
    stream.seek(0)
    head = stream.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg", b"II*\0".lower(), b"mm\0*", b"bm", b"%pdf"))


def _sideways(image: Image.Image) -> bool:
    return image.getexif().get(0x0112) in (5, 6, 7, 8)


def _reduced(image: Image.Image, side: int) -> Image.Image:
    """The image in RGB with no side longer than `side`, never enlarged."""
    scale = min(1.0, side / max(image.size))
    width, height = (max(1, round(length * scale)) for length in image.size)
    full = image.width * image.height
    image.draft(None, (width, height))
    _check_cost(image, full)
    image.load()
    convert = _to_srgb(image)
    small = Image.new("RGB", (width, height))
    ratio = image.height / height
    rows = max(1, BAND // max(1, int(image.width * ratio)))
    # The Lanczos filter looks three target pixels around: with that margin bands leave no seam.
    margin = math.ceil(3 * ratio) + 1
    for top in range(0, height, rows):
        bottom = min(height, top + rows)
        upper = max(0, math.floor(top * ratio) - margin)
        lower = min(image.height, math.ceil(bottom * ratio) + margin)
        band = convert(image.crop((0, upper, image.width, lower)))
        box = (0, top * ratio - upper, image.width, min(bottom * ratio - upper, band.height))
        small.paste(band.resize((width, bottom - top), Image.Resampling.LANCZOS, box), (0, top))
    return small


def _check_cost(image: Any, full: int) -> None:
    """`full`: pixels before draft mode. A progressive JPEG keeps two bytes for each coefficient of all of them."""
    cost, most = image.width * image.height * BYTES_A_PIXEL.get(MIMES[image.format], 4), BUDGET
    if image.info.get("progressive"):
        layers = [(across, down) for _, across, down, _ in image.layer]
        block = max(across for across, _ in layers) * max(down for _, down in layers)
        cost += 2 * full * sum(across * down for across, down in layers) // block
        most = LOADING
    if cost > most:
        raise ContentError("image_too_large", width=image.width, height=image.height)


def _to_srgb(image: Image.Image) -> Any:
    """A function from a band to RGB on white in sRGB. A profile that cannot be read is left aside."""
    kept = image.mode if image.mode in ("L", "CMYK") else "RGB"
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"]))
        transform = ImageCms.buildTransform(profile, _SRGB, kept, "RGB")
    except (KeyError, OSError, TypeError, ValueError, ImageCms.PyCMSError):
        transform = None

    def convert(band: Image.Image) -> Image.Image:
        if band.mode.startswith("I"):  # 16 bits of grey: Pillow cuts them off at 255
            band = band.point(lambda value: value * (1 / 256)).convert("L")
        if band.has_transparency_data:
            layer = band.convert("RGBA")
            band = Image.new("RGB", band.size, "white")
            band.paste(layer, mask=layer)
        if transform and band.mode == kept:
            return ImageCms.applyTransform(band, transform) or band
        return band.convert("RGB")

    return convert


def _upright(small: Image.Image, source: Image.Image) -> Image.Image:
    small.getexif()[0x0112] = source.getexif().get(0x0112, 1)
    return ImageOps.exif_transpose(small)


def _encoded(picture: Image.Image, limits: Limits) -> Fitted:
    targets = _targets(limits)
    while targets and min(picture.size) >= 1:
        picture = _padded(picture, shaped(*picture.size, limits))
        for mime in targets:
            for data in _qualities(picture, mime):
                if not limits.image_bytes or len(data) <= limits.image_bytes:
                    return data, mime, *picture.size
        if max(picture.size) <= LEAST_SIDE:
            break
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))
    raise ContentError("image_unfit", limit=limits.image_bytes)


def _padded(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else ImageOps.pad(picture, size, color="white")


def _qualities(picture: Image.Image, mime: str) -> Iterator[bytes]:
    for quality in QUALITIES if mime != "image/png" else (0,):
        out = BytesIO()
        picture.save(out, WRITABLE[mime], quality=quality, optimize=True)
        yield out.getvalue()
