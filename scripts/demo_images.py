"""Draws the demo news' pictures, so that none has to be fetched or licensed."""

from io import BytesIO
from PIL import Image
from PIL import ImageDraw
from PIL import ImageFilter

import random


SIZE = (1600, 1000)
WIDTH, HEIGHT = SIZE


def draw(name):
    """JPEG bytes of 1600 x 1000 pixels."""
    top, bottom, scene = SCENES[name]
    picture = gradient(top, bottom)
    scene(ImageDraw.Draw(picture), picture)
    out = BytesIO()
    picture.filter(ImageFilter.SMOOTH).save(out, "JPEG", quality=88)
    return out.getvalue()


def gradient(top, bottom):
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        part = y / HEIGHT
        column.putpixel((0, y), tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)))
    return column.resize(SIZE)


def disc(pen, x, y, radius, fill, **more):
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill, **more)


def hills(pen, level, colours):
    for step, colour in enumerate(colours):
        base = level + step * 70
        for x in range(-200 + step * 130, WIDTH + 300, 520):
            pen.ellipse((x - 380, base, x + 380, base + 700), fill=colour)


def council(pen, picture):
    disc(pen, 1330, 200, 90, "#fff3c4")
    hills(pen, 700, ("#8fbf88", "#77ab72"))
    pen.rectangle((440, 400, 1160, 860), fill="#f3e6cf")
    pen.polygon(((400, 400), (800, 210), (1200, 400)), fill="#4f6480")
    disc(pen, 800, 335, 42, "#ffffff", outline="#33455c", width=6)
    pen.line((800, 335, 800, 308), fill="#33455c", width=6)
    pen.line((800, 335, 820, 345), fill="#33455c", width=6)
    for x in range(490, 1120, 110):
        if x != 710 and x != 820:
            pen.rectangle((x, 480, x + 60, 590), fill="#7fa3c7")
            pen.rectangle((x, 660, x + 60, 790), fill="#7fa3c7")
    pen.rounded_rectangle((730, 620, 870, 860), 60, fill="#7a4b2b")
    for x, colours in ((660, ("#21468b", "#ffffff", "#d2342b")), (900, ("#21468b", "#21468b", "#ffcc00"))):
        pen.line((x, 560, x, 410), fill="#8a8a8a", width=8)
        for band, colour in enumerate(colours):
            pen.rectangle((x + band * 30, 415, x + band * 30 + 30, 475), fill=colour)
    pen.rectangle((0, 860, WIDTH, HEIGHT), fill="#cfc4ae")
    pen.polygon(((700, 860), (900, 860), (1080, HEIGHT), (520, HEIGHT)), fill="#e2d9c6")


def weather(pen, picture):
    chance = random.Random(7)
    for x, y, radius, colour in (
        (300, 190, 170, "#3d4657"), (520, 150, 210, "#4a5468"), (800, 180, 240, "#3a4353"),
        (1080, 150, 200, "#4d576b"), (1320, 200, 190, "#414b5d"),
    ):  # fmt: skip
        disc(pen, x, y, radius, colour)
    for _ in range(170):
        x, y = chance.randrange(WIDTH), chance.randrange(320, 900)
        pen.line((x, y, x - 18, y + 56), fill="#8fa3c4", width=3)
    pen.polygon(((860, 330), (730, 590), (820, 590), (740, 850), (970, 520), (870, 520), (960, 330)), fill="#ffd84d")
    for x in range(-40, WIDTH, 210):
        height = chance.randrange(110, 230)
        pen.rectangle((x, HEIGHT - height, x + 190, HEIGHT), fill="#1d2430")
        pen.polygon(
            ((x - 14, HEIGHT - height), (x + 95, HEIGHT - height - 90), (x + 204, HEIGHT - height)), fill="#141a24"
        )
        pen.rectangle((x + 70, HEIGHT - height + 40, x + 110, HEIGHT - height + 90), fill="#f5c766")


def music(pen, picture):
    beams = Image.new("RGBA", SIZE)
    light = ImageDraw.Draw(beams)
    for x, colour in ((250, (255, 90, 150)), (620, (255, 200, 80)), (980, (90, 210, 255)), (1350, (170, 120, 255))):
        light.polygon(((x, 0), (x - 190, 800), (x + 190, 800)), fill=(*colour, 80))
    picture.paste(beams, (0, 0), beams)
    pen.rectangle((0, 800, WIDTH, HEIGHT), fill="#1b1030")
    for x, y, colour, double in (
        (330, 480, "#ff7ab0", False), (700, 350, "#ffd166", True),
        (1120, 500, "#7ee0ff", False), (1350, 300, "#c7a6ff", True),
    ):  # fmt: skip
        note(pen, x, y, colour, double)
    chance = random.Random(3)
    for x in range(0, WIDTH, 92):
        height = chance.randrange(60, 120)
        disc(pen, x + 45, 1000 - height, 38, "#0c0718")
        pen.rounded_rectangle((x, 1030 - height, x + 90, 1100), 30, fill="#0c0718")


def note(pen, x, y, colour, double):
    heads = (x, x + 150) if double else (x,)
    for head in heads:
        pen.ellipse((head - 50, y + 150, head + 30, y + 215), fill=colour)
        pen.line((head + 23, y + 180, head + 23, y), fill=colour, width=15)
    if double:
        pen.polygon(((x + 16, y), (x + 180, y - 30), (x + 180, y + 20), (x + 16, y + 50)), fill=colour)
    else:
        pen.polygon(((x + 16, y), (x + 100, y + 60), (x + 90, y + 110), (x + 16, y + 50)), fill=colour)


def works(pen, picture):
    disc(pen, 240, 190, 80, "#fff2b8")
    hills(pen, 560, ("#a9c99a", "#93b985"))
    pen.polygon(((0, 1000), (620, 620), (980, 620), (1600, 1000)), fill="#62666d")
    for step in range(5):
        y, size = 650 + step * 70, 8 + step * 6
        pen.rectangle((800 - size / 2, y, 800 + size / 2, y + size * 1.8), fill="#f4f4f4")
    pen.rectangle((1195, 520, 1215, 900), fill="#777777")
    pen.polygon(((1205, 180), (970, 570), (1440, 570)), fill="#d9302c")
    pen.polygon(((1205, 250), (1030, 540), (1380, 540)), fill="#ffd43b")
    disc(pen, 1200, 352, 24, "#222222")
    pen.line((1200, 380, 1180, 450, 1150, 520), fill="#222222", width=22)
    pen.line((1185, 445, 1225, 520), fill="#222222", width=22)
    pen.line((1150, 400, 1280, 490), fill="#222222", width=12)
    pen.polygon(((1260, 520), (1310, 465), (1360, 520)), fill="#222222")
    for x, y, size in ((360, 900, 1.2), (560, 790, 0.9), (690, 710, 0.65)):
        cone(pen, x, y, size)


def cone(pen, x, y, size):
    pen.polygon(((x, y - 210 * size), (x - 70 * size, y), (x + 70 * size, y)), fill="#ff7a1a")
    for low, high in ((60, 95), (125, 155)):
        slope = 70 * size / 210
        pen.polygon(
            (
                (x - slope * (210 - high), y - high * size), (x + slope * (210 - high), y - high * size),
                (x + slope * (210 - low), y - low * size), (x - slope * (210 - low), y - low * size),
            ),
            fill="#ffffff",
        )  # fmt: skip
    pen.rounded_rectangle((x - 105 * size, y - 5, x + 105 * size, y + 28 * size), 8, fill="#e0640c")


def canteen(pen, picture):
    for x in range(0, WIDTH, 160):
        for y in range(0, HEIGHT, 160):
            if (x + y) // 160 % 2:
                pen.rectangle((x, y, x + 160, y + 160), fill="#f6d9b8")
    disc(pen, 815, 520, 385, "#d8b48c")
    disc(pen, 800, 500, 380, "#ffffff")
    disc(pen, 800, 500, 280, "#f4f4f0")
    chance = random.Random(11)
    for angle_x, angle_y, colour, count in (
        (-120, -90, "#5aa845", 34),
        (130, -80, "#ef8b2c", 24),
        (0, 130, "#b5307a", 22),
    ):
        for _ in range(count):
            x, y = 800 + angle_x + chance.gauss(0, 48), 500 + angle_y + chance.gauss(0, 42)
            disc(pen, x, y, chance.randrange(20, 34), colour, outline="#ffffff", width=2)
    for x in (230, 262, 294, 326):
        pen.rounded_rectangle((x, 200, x + 14, 400), 7, fill="#8d99a6")
    pen.rounded_rectangle((230, 380, 340, 440), 26, fill="#8d99a6")
    pen.rounded_rectangle((270, 420, 300, 860), 15, fill="#8d99a6")
    pen.polygon(((1300, 180), (1360, 250), (1360, 560), (1300, 560)), fill="#8d99a6")
    pen.rounded_rectangle((1305, 540, 1345, 860), 18, fill="#6d7885")


SCENES = {
    "canteen": ((253, 236, 214), (250, 222, 186), canteen),
    "council": ((150, 200, 240), (228, 242, 250), council),
    "music": ((60, 20, 90), (150, 50, 120), music),
    "weather": ((45, 52, 68), (98, 110, 135), weather),
    "works": ((160, 208, 240), (236, 244, 238), works),
}
