"""Who may do what at the desk: scopes of the hub, given by its roles.

Neither the page nor the service decides: the hub hands a token to whoever signs in,
and the token carries the scopes below or it does not.
"""

from collections.abc import Iterable

from puppetcamp.desk.schemas import Action

WATCH = "custom:camp:watch"
HELP = "custom:camp:help"
STEER = "custom:camp:steer"

SCOPES = {
    WATCH: {"description": "See the camp's desk: everybody's seat, time and progress"},
    HELP: {"description": "Help at the camp's desk: message, ask to open a server"},
    STEER: {"description": "Run the camp's desk: time, doors, seats"},
}
"""The camp's own scopes, as JupyterHub wants them described."""

_HELPING = (Action.MESSAGE, Action.ASK)


def allowed(scopes: Iterable[str], *, instructors_extend: bool) -> tuple[Action, ...]:
    """List the actions that a token's scopes allow.

    `instructors_extend` is what camp.toml says under [extensions].
    """
    held = set(scopes)
    if STEER in held:
        return tuple(Action)
    if HELP not in held:
        return ()
    return (Action.EXTEND, *_HELPING) if instructors_extend else _HELPING


def hub_roles(
    organizers: Iterable[str], instructors: Iterable[str]
) -> list[dict[str, object]]:
    """Give the roles of the hub that hold the scopes, with their people."""
    return [
        {
            "name": "camp-organizer",
            "description": "Run the camp",
            "users": list(organizers),
            "scopes": [WATCH, HELP, STEER],
        },
        {
            "name": "camp-instructor",
            "description": "Watch over the class and help",
            "users": list(instructors),
            "scopes": [WATCH, HELP],
        },
    ]
