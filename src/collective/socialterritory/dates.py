"""How a date is written out."""

from datetime import date


FRENCH_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
ENGLISH_MONTHS = "January February March April May June July August September October November December".split()
FRENCH_DAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
ENGLISH_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def date_words(day: date, language: str) -> str:
    """12 mars 2026 in French, 12 March 2026 in English, 2026-03-12 in any other language."""
    return f"{_day(day, language)} {day.year}" if _known(language) else day.isoformat()


def weekday_words(day: date, language: str, year: int) -> str:
    """jeudi 12 mars in French, Thursday 12 March in English, of another `year` with its own; else 2026-03-12."""
    names = {"fr": FRENCH_DAYS, "en": ENGLISH_DAYS}.get(_known(language))
    rest = _day if day.year == year else date_words
    return f"{names[day.weekday()]} {rest(day, language)}" if names else day.isoformat()


def month_words(day: date, language: str) -> str:
    """mars 2026 in French, March 2026 in English, 2026-03 in any other language."""
    months = _MONTHS.get(_known(language))
    return f"{months[day.month - 1]} {day.year}" if months else f"{day:%Y-%m}"


_MONTHS = {"fr": FRENCH_MONTHS, "en": ENGLISH_MONTHS}


def _known(language: str) -> str:
    main = language.split("-")[0]
    return main if main in _MONTHS else ""


def _day(day: date, language: str) -> str:
    main = _known(language)
    return f"{'1er' if main == 'fr' and day.day == 1 else day.day} {_MONTHS[main][day.month - 1]}"
