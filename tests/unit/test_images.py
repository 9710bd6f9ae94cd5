"""Real files in, what a network would get out."""

from collective.socialterritory import images
from collective.socialterritory.errors import ContentError
from collective.socialterritory.networks.model import Limits
from io import BytesIO
from PIL import Image
from PIL import ImageCms
from PIL import ImageFile
from PIL.PngImagePlugin import PngInfo

import os
import pytest
import subprocess
import sys
import zlib


def limits(**changes):
    return Limits(**{"text": 300, "measure": len, **changes})


LIMITS = limits()
PLACE = b"48.8566"


def gradient(width=400, height=200, mode="RGB"):
    return Image.linear_gradient("L").resize((width, height)).convert(mode)


def saved(image, kind="JPEG", **options):
    stream = BytesIO()
    image.save(stream, kind, **options)
    stream.seek(0)
    return stream


def opened(fitted):
    data, mime, width, height = fitted
    image = Image.open(BytesIO(data))
    assert (Image.MIME[image.format], image.size) == (mime, (width, height))
    return image


def corners():
    """Red at the top left, blue at the bottom right."""
    image = Image.new("RGB", (80, 40), "white")
    image.paste("red", (0, 0, 20, 20))
    image.paste("blue", (60, 20, 80, 40))
    return image


def close(pixel, colour, by=25):
    return all(abs(a - b) <= by for a, b in zip(pixel, colour, strict=True))


def test_scaled_to_the_longest_side_and_never_enlarged():
    assert images.fit(saved(gradient(4000, 1000)), LIMITS)[1:] == ("image/jpeg", 2000, 500)
    assert images.fit(saved(gradient(1000, 3000), "PNG"), LIMITS)[1:] == ("image/jpeg", 667, 2000)
    assert images.fit(saved(gradient(40, 30)), LIMITS)[1:] == ("image/jpeg", 40, 30)
    assert images.fit(saved(gradient(3000, 1), "PNG"), LIMITS)[1:] == ("image/jpeg", 2000, 1)
    assert images.fit(saved(gradient(3000, 2000)), limits(image_side=0))[2:] == (3000, 2000)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = corners().transpose(turns[orientation]) if orientation > 1 else corners()
    stream = saved(stored, quality=95, exif=exif)
    image = opened(images.fit(stream, LIMITS))
    assert image.size == (80, 40)
    assert close(image.getpixel((5, 5)), (255, 0, 0))
    assert close(image.getpixel((75, 35)), (0, 0, 255))
    assert images.describe(stream) == ("image/jpeg", 80, 40)


def secretive(kind):
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif, "icc_profile": profile, "xmp": b"<x:xmpmeta>" + PLACE}
    if kind == "JPEG":
        options["comment"] = PLACE
    if kind == "PNG":
        info = PngInfo()
        info.add_text("Location", PLACE.decode())
        info.add_itxt("XML:com.adobe.xmp", PLACE.decode())
        options |= {"pnginfo": info}
        options.pop("xmp")
    return saved(gradient(), kind, **options)


@pytest.mark.parametrize("target", ["image/jpeg", "image/png", "image/webp"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_passes(kind, target):
    stream = secretive(kind)
    assert PLACE in stream.getvalue()
    data = images.fit(stream, limits(image_types=(target,)))[0]
    image = Image.open(BytesIO(data))
    assert PLACE not in data
    assert not dict(image.getexif())
    assert not {"exif", "xmp", "icc_profile", "comment", "XML:com.adobe.xmp", "Location"} & set(image.info)


def test_transparency_becomes_white():
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    clear.paste((255, 0, 0, 255), (0, 0, 50, 100))
    clear.paste((0, 0, 0, 128), (50, 0, 75, 100))
    image = opened(images.fit(saved(clear, "PNG"), LIMITS))
    assert image.format == "JPEG"
    assert close(image.getpixel((20, 50)), (255, 0, 0))
    assert close(image.getpixel((62, 50)), (127, 127, 127))
    assert close(image.getpixel((90, 50)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_png_mode(mode):
    source = gradient(300, 300).convert("L")
    if mode == "I;16":
        source = Image.frombytes(
            mode, source.size, bytes(byte for value in source.tobytes() for byte in (value, value))
        )
    else:
        source = source.convert(mode)
    image = opened(images.fit(saved(source, "PNG"), limits(image_side=100))).convert("L")
    assert image.getpixel((50, 3)) < 30
    assert image.getpixel((50, 96)) > 220
    assert abs(image.getpixel((50, 50)) - 127) < 30 or mode == "1"


def test_palette_with_transparency_gif_webp_avif_and_cmyk():
    palette = Image.new("P", (60, 60), 0)
    palette.putpalette([0, 0, 0, 0, 0, 255])
    palette.paste(1, (0, 0, 30, 60))
    image = opened(images.fit(saved(palette, "PNG", transparency=0), LIMITS))
    assert close(image.getpixel((10, 30)), (0, 0, 255))
    assert close(image.getpixel((50, 30)), (255, 255, 255))
    for kind in ("GIF", "WEBP", "AVIF"):
        assert close(opened(images.fit(saved(corners(), kind), LIMITS)).getpixel((5, 5)), (255, 0, 0), 40)
    cmyk = opened(images.fit(saved(corners().convert("CMYK"), quality=95), LIMITS))
    assert close(cmyk.getpixel((5, 5)), (255, 0, 0), 40)


def test_first_picture_of_an_animation_and_of_a_phone():
    stream = saved(corners(), "GIF", save_all=True, append_images=[Image.new("RGB", (80, 40), "green")])
    assert close(opened(images.fit(stream, LIMITS)).getpixel((5, 5)), (255, 0, 0), 40)
    stream = saved(corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (80, 40), "green")], quality=95)
    assert images.describe(stream) == ("image/jpeg", 80, 40)
    assert close(opened(images.fit(stream, LIMITS)).getpixel((5, 5)), (255, 0, 0), 40)


def test_colours_become_srgb():
    """A profile that swaps nothing but says "Lab" cannot be applied to RGB; a real one changes the numbers."""
    unreadable = saved(corners(), icc_profile=b"no profile", quality=95)
    assert close(opened(images.fit(unreadable, LIMITS)).getpixel((5, 5)), (255, 0, 0))
    gamma = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    at = gamma.index(b"rXYZ", 128)
    swapped = gamma[:at] + b"bXYZ" + gamma[at + 4 :]
    other = gamma.index(b"bXYZ", 128)
    swapped = swapped[:other] + b"rXYZ" + swapped[other + 4 :]
    image = opened(images.fit(saved(corners(), icc_profile=swapped, quality=95), LIMITS))
    assert close(image.getpixel((5, 5)), (0, 0, 255), 40)


def test_bands_leave_no_seam(monkeypatch):
    source = Image.effect_noise((900, 700), 90).convert("RGBA")
    whole = opened(images.fit(saved(source, "PNG"), limits(image_side=300, image_types=("image/png",))))
    monkeypatch.setattr(images, "BAND", 5000)
    banded = opened(images.fit(saved(source, "PNG"), limits(image_side=300, image_types=("image/png",))))
    differences = [abs(a - b) for a, b in zip(whole.tobytes(), banded.tobytes(), strict=True)]
    assert max(differences) <= 1


def test_quality_then_size_goes_down_until_it_fits():
    noise = Image.effect_noise((1200, 900), 100).convert("RGB")
    best = len(images.fit(saved(noise), limits(image_bytes=0))[0])
    data, mime, width, height = images.fit(saved(noise), limits(image_bytes=best * 4 // 5))
    assert (len(data) <= best * 4 // 5, mime, width, height) == (True, "image/jpeg", 1200, 900)
    data, mime, width, height = images.fit(saved(noise), limits(image_bytes=best // 12))
    assert (len(data) <= best // 12, width < 1200) == (True, True)
    assert abs(width / height - 4 / 3) < 0.02


def test_png_wanted_falls_to_jpeg_when_too_large():
    types = ("image/png", "image/jpeg")
    assert images.fit(saved(corners()), limits(image_types=types))[1] == "image/png"
    noise = Image.effect_noise((1200, 900), 100)
    assert images.fit(saved(noise), limits(image_types=types, image_bytes=500_000))[1] == "image/jpeg"


def refused(stream, limits=LIMITS):
    with pytest.raises(ContentError) as caught:
        images.fit(stream, limits)
    return caught.value.code


@pytest.mark.parametrize("lenient", [False, True])
def test_what_cannot_be_sent_is_named(monkeypatch, lenient):
    """Plone sets Pillow's flag that fills what is missing with grey."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    assert refused(saved(gradient()), limits(image_bytes=10)) == "image_unfit"
    assert refused(saved(gradient()), limits(image_types=("image/tiff",))) == "image_unfit"
    assert refused(BytesIO(b'\n<svg xmlns="http://www.w3.org/2000/svg"/>')) == "image_unfit"
    assert refused(BytesIO(b'\xef\xbb\xbf<?xml version="1.0"?><svg/>')) == "image_unfit"
    assert refused(saved(gradient(), "TIFF")) == "image_unfit"
    assert refused(saved(gradient(), "BMP")) == "image_unfit"
    assert refused(BytesIO(b"")) == "image_broken"
    assert refused(BytesIO(b"<html>not here</html>")) == "image_broken"
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF"):
        whole = saved(Image.effect_noise((300, 300), 90), kind).getvalue()
        assert refused(BytesIO(whole[: len(whole) // 2])) == "image_broken", kind
    with pytest.raises(ContentError) as caught:
        images.describe(BytesIO(b"GIF89a"))
    assert caught.value.code == "image_broken"


def png_of(width, height):
    """A PNG whose head says what its body does not hold."""
    head = bytearray(saved(Image.new("RGB", (1, 1)), "PNG").getvalue())
    head[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    head[29:33] = zlib.crc32(head[12:29]).to_bytes(4, "big")
    return BytesIO(bytes(head))


def test_too_many_pixels():
    assert refused(png_of(6000, 6000)) == "image_too_large"
    assert refused(png_of(60_000, 60_000)) == "image_too_large"
    progressive = saved(Image.new("RGB", (5000, 4000)), progressive=True, subsampling=0)
    assert refused(progressive) == "image_too_large"
    camera = saved(Image.new("RGB", (6000, 4000)), progressive=True)
    assert images.fit(camera, LIMITS)[2:] == (2000, 1333)


def test_the_thread_goes_on_after_an_error():
    refused(BytesIO(b""))
    assert images.fit(saved(gradient(40, 30)), LIMITS)[2:] == (40, 30)


def test_facts_without_pixels():
    assert images.describe(saved(gradient(), "PNG")) == ("image/png", 400, 200)
    assert images.recipe(LIMITS) == "jpeg 2000px 1000000B"
    assert images.recipe(limits(image_types=("image/png", "image/jpeg"))) == "png/jpeg 2000px 1000000B"
    assert images.problem("image/png", 4961, 3508, LIMITS) == ""
    assert images.problem("image/jpeg", 12_000, 9000, LIMITS) == ""
    assert images.problem("image/png", 5000, 4000, LIMITS) == "image_too_large"
    assert images.problem("image/svg+xml", 1, 1, LIMITS) == "image_unfit"
    assert images.problem("image/jpeg", 0, 0, LIMITS) == "image_broken"
    assert images.problem("image/png", 1, 1, limits(image_types=())) == "image_unfit"


# A child process begins with its parent's peak in getrusage; Linux says in /proc what is its own.
MEASURE = """
import os, resource, sys
from collective.socialterritory import images
from collective.socialterritory.networks.model import Limits
def peak():
    if os.path.exists("/proc/self/status"):
        return int(open("/proc/self/status").read().partition("VmHWM:")[2].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[1], "rb") as stream:
    images.describe(stream)
    before = peak()
    images.fit(stream, Limits(300, len))
print(peak() - before)
"""


@pytest.mark.parametrize("kind", ["baseline", "png"])
def test_memory_is_bounded(tmp_path, kind):
    """A 20 MB source adds 100 MB at most, measured in a process of its own."""
    path = tmp_path / "large"
    if kind == "baseline":
        Image.effect_noise((6000, 4000), 90).convert("RGB").save(path, "JPEG", quality=96, subsampling=0)
    else:
        Image.effect_noise((4960, 3508), 40).convert("RGBA").save(path, "PNG", compress_level=1)
    assert os.path.getsize(path) >= 20_000_000
    command = [sys.executable, "-c", MEASURE, str(path)]
    out = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert 0 < int(out.stdout) <= 100_000_000


@pytest.mark.parametrize("size", [(300, 900), (900, 300), (400, 500), (600, 320), (1, 900), (1081, 1351)])
@pytest.mark.parametrize("most", [1_000_000, 6_000])
def test_what_is_too_high_or_too_wide_gets_white_beside_it(size, most):
    narrow = limits(shape=(0.8, 1.91), image_bytes=most)
    picture = opened(images.fit(saved(gradient(*size)), narrow))
    assert 0.8 <= picture.width / picture.height <= 1.91
    if most > 6_000 and 0.8 <= size[0] / size[1] <= 1.91:
        assert picture.size == size
    if size in ((300, 900), (900, 300)):
        assert min(picture.convert("L").getpixel((0, 0)), picture.convert("L").getpixel((picture.width - 1, 0))) > 250


def test_the_shape_is_part_of_what_is_approved():
    assert images.recipe(limits(shape=(0.8, 1.91))).endswith("1000000B 0.8-1.91")
    assert images.recipe(LIMITS).endswith("1000000B")
