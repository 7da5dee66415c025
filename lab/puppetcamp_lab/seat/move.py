"""Move a running Jupyter server to another address below the same host.

A Jupyter server puts its base URL in front of every route when it starts. Here the
routes stay as they are, and each request's path is translated for finding its route;
what handlers say of their address is changed where they read it. Routes that come later
with the new address are put beside the others.
"""

from collections.abc import Iterator
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.routing import Rule, RuleRouter

NOWHERE = "/"
"""A path that no route of a server below a prefix has."""


def move(serverapp: Any, old: str, new: str) -> None:
    """Serve below `new` what was served below `old`; both begin and end with "/".

    The old address answers 404 from now on.
    """
    web_app = serverapp.web_app
    _translate(web_app, old, new)
    _replace_in(web_app.settings, old, new)
    for rule in _rules(web_app.default_router):
        _replace_in(rule.target_kwargs, old, new)
    for app in (serverapp, *extension_apps(serverapp)):
        _replace_in_traits(app, old, new)
    terminals = web_app.settings.get("terminal_manager")
    if terminals is not None:
        _replace_in(terminals.extra_env, old, new)


def _translate(web_app: Any, old: str, new: str) -> None:
    """Find routes by the path that they were made for; handlers see the real one."""
    find_handler, add_handlers = web_app.find_handler, web_app.add_handlers

    def find_moved(request: HTTPServerRequest, **kwargs: Any) -> Any:
        real = request.path
        request.path = _translated(real, new, old)
        try:
            return find_handler(request, **kwargs)
        finally:
            request.path = real

    def add_moved(host_pattern: str, handlers: list[Any]) -> None:
        add_handlers(host_pattern, [_moved_back(spec, new, old) for spec in handlers])

    web_app.find_handler, web_app.add_handlers = find_moved, add_moved


def _moved_back(spec: Any, mine: str, made_for: str) -> Any:
    """Write a route as if it had been added before the move."""
    if isinstance(spec, (tuple, list)) and str(spec[0]).startswith(mine):
        return (made_for + spec[0][len(mine) :], *spec[1:])
    return spec


def _translated(path: str, mine: str, made_for: str) -> str:
    if path == mine.rstrip("/"):
        return made_for.rstrip("/")
    return made_for + path[len(mine) :] if path.startswith(mine) else NOWHERE


def _replace_in(value: Any, old: str, new: str) -> Any:
    """Replace the address in a text, or in all texts of lists and dictionaries."""
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        for key, part in list(value.items()):
            value[key] = _replace_in(part, old, new)
    elif isinstance(value, list):
        value[:] = [_replace_in(part, old, new) for part in value]
    return value


def _rules(router: RuleRouter) -> Iterator[Rule]:
    for rule in router.rules:
        yield rule
        if isinstance(rule.target, RuleRouter):
            yield from _rules(rule.target)


def extension_apps(serverapp: Any) -> Iterator[Any]:
    """Find the applications that are part of a server."""
    for apps in serverapp.extension_manager.extension_apps.values():
        yield from apps


def _replace_in_traits(app: Any, old: str, new: str) -> None:
    """Replace the address in what an application was given or has worked out."""
    for name in ("base_url", "default_url", "static_url_prefix"):
        value = getattr(app, name, None)
        if isinstance(value, str) and old in value:
            setattr(app, name, value.replace(old, new))
