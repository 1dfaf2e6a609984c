"""How large a world may be, and when it ends."""

from datetime import date

# The last day of every world: fixed, so that a seed gives the same bytes on every day.
LAST_DAY = date(2026, 6, 30)
FIRST_DAY = date(2019, 1, 1)  # before it the calendar knows no festivals
MIN_DAYS = 365  # a whole year, so that each season and each campaign has its place
MAX_DAYS = (LAST_DAY - FIRST_DAY).days + 1
MIN_CUSTOMERS = 200
