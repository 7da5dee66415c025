"""Every error that puppetcamp raises on purpose.

    CampError
    ├── SettingsError     camp.toml cannot be used
    ├── SetupError        this machine cannot open the camp
    ├── SessionError      the ledger of camp sessions cannot be read or written
    ├── IdentityError     the hub could not say who is asking
    ├── ExchangeError     a release, submission or feedback was refused
    ├── GradingError      a submission could not be graded
    ├── CourseError       a course's exercises cannot be proved
    └── TakeHomeError     a take-home bundle could not be made

A message says what happened, where, and what to do next: people read it as it is.
Libraries raise these; only ``puppetcamp.cli`` exits.
"""


class CampError(Exception):
    """Say what went wrong in the camp, where, and what to do next."""


class SettingsError(CampError):
    """Refuse a camp.toml; the message holds one line per fault."""


class SetupError(CampError):
    """Refuse to open the camp on this machine; nothing was left half started."""


class SessionError(CampError):
    """Report a ledger of camp sessions that cannot be read or written."""


class IdentityError(CampError):
    """Report that the hub could not say whose token this is."""


class ExchangeError(CampError):
    """Refuse a release, a submission or feedback."""


class GradingError(CampError):
    """Report a submission that could not be graded."""


class CourseError(CampError):
    """Report a course that has nothing to prove."""


class TakeHomeError(CampError):
    """Report a take-home bundle that could not be made."""
