"""Draw the picture of shared pages that have none: neutral, for any town. Run by hand; what it made is kept."""

from PIL import Image
from PIL import ImageDraw

import sys


SIZE = (1200, 630)
PAPER, LINE, INK = "#eef2f6", "#c3ced9", "#7b8c9d"


def draw():
    """Houses of a town in a row, under its public building."""
    wide = 2  # drawn twice as large, so that slopes are smooth
    picture = Image.new("RGB", tuple(side * wide for side in SIZE), PAPER)
    pen = ImageDraw.Draw(picture)

    def box(x, y, width, height, fill):
        pen.rectangle([x * wide, y * wide, (x + width) * wide - 1, (y + height) * wide - 1], fill=fill)

    def roof(left, right, foot, top, fill):
        pen.polygon([(x * wide, y * wide) for x, y in ((left, foot), ((left + right) / 2, top), (right, foot))], fill)

    ground = 470
    for x, width, height in ((150, 120, 110), (280, 150, 150), (770, 150, 130), (930, 120, 160)):
        box(x, ground - height, width, height, LINE)
        roof(x - 12, x + width + 12, ground - height, ground - height - 70, LINE)
        for window in range(2):
            box(x + width * (1 + 2 * window) // 5, ground - height + 35, width // 6, 34, PAPER)
    box(450, ground - 190, 300, 190, INK)
    roof(430, 770, ground - 190, ground - 280, INK)
    for column in range(5):
        box(478 + column * 54, ground - 165, 28, 140, PAPER)
    box(100, ground, 1000, 8, INK)
    return picture.resize(SIZE, Image.Resampling.LANCZOS).quantize(32)


if __name__ == "__main__":
    draw().save(sys.argv[1], optimize=True)
