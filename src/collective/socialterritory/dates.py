"""How a date is written out."""

from datetime import date


FRENCH_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
ENGLISH_MONTHS = "January February March April May June July August September October November December".split()


def date_words(day: date, language: str) -> str:
    """12 mars 2026 in French, 12 March 2026 in English, 2026-03-12 in any other language."""
    main = language.split("-")[0]
    if main == "fr":
        return f"{'1er' if day.day == 1 else day.day} {FRENCH_MONTHS[day.month - 1]} {day.year}"
    if main == "en":
        return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return day.isoformat()
