"""A cohort's people and pairs, read from the file that a manager keeps in a spreadsheet."""

from bot.cohort.fault import BadCohortFile, Fault
from bot.cohort.read import read_cohort
from bot.cohort.rows import CohortFile, CohortRow, PairRow, PersonRow

__all__ = [
    "BadCohortFile",
    "CohortFile",
    "CohortRow",
    "Fault",
    "PairRow",
    "PersonRow",
    "read_cohort",
]
