"""Import what a seat's server needs, and not what its libraries share with a hub.

Some imports make up almost half of an idle seat's memory and of the CPU seconds of
its start, and an attendee's server uses nothing of what they bring:

* ``jupyterhub.singleuser`` asks the hub's log, scopes and metrics for some helpers, and
  they import the hub's pages and its database. `singleuser` imports it beside
  stand-ins of those.
* ``import nbgrader`` loads formgrader, and with it all converters and the gradebook.
  `defer_nbgrader` puts that off until somebody asks a package for what its own file
  loads; its modules can be imported one by one all the same. `requests` waits, too.
* JupyterLab imports its shop of extensions, and aiohttp reads the system's TLS
  authorities. A seat has no network to reach either with.

Should another version of JupyterHub need more than the stand-ins have, it is imported
as it is: a seat that starts slowly is better than none.
"""

import importlib
import importlib.util
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

log = logging.getLogger(__name__)


class _NeverRaised(Exception):
    """Stand for the errors of a database that a seat does not have."""


class _NeverSeen:
    """Stand for the hub's handler of health checks, which no seat serves."""


_STAND_INS: dict[str, dict[str, Any]] = {
    "sqlalchemy": {"func": None},
    "sqlalchemy.exc": {"SQLAlchemyError": _NeverRaised},
    "jupyterhub.orm": {},
    "jupyterhub.handlers": {},
    "jupyterhub.handlers.pages": {"HealthCheckHandler": _NeverSeen},
    "jupyterlab.extensions.pypi": {"PyPIExtensionManager": None},
}
"""Modules that no seat needs, with the names that are imported from them."""


def singleuser() -> Callable[[], object]:
    """Import JupyterHub's single-user server; return the function that starts it."""
    if "jupyterhub.singleuser" not in sys.modules:
        with _stand_ins() as own, _no_authorities():
            try:
                importlib.import_module("jupyterhub.singleuser")
                importlib.import_module("jupyterlab.extensions")
            except (ImportError, AttributeError, TypeError):
                log.warning("jupyterhub cannot be imported leanly", exc_info=True)
                for name in [n for n in sys.modules if n.startswith("jupyterhub.")]:
                    if name not in own:
                        del sys.modules[name]
    main: Callable[[], object]
    main = importlib.import_module("jupyterhub.singleuser").main
    return main


@contextmanager
def _stand_ins() -> Iterator[dict[str, ModuleType]]:
    """Put the stand-ins where `import` finds them, but for what is loaded already."""
    own = {}
    for name, values in _STAND_INS.items():
        if name not in sys.modules:
            module = own[name] = ModuleType(name, "Stands in for the hub's, in a seat.")
            module.__dict__.update(values, __path__=[])
            sys.modules[name] = module
    hub = importlib.import_module("jupyterhub")
    for name in ("orm", "handlers"):
        if f"jupyterhub.{name}" in own:
            setattr(hub, name, own[f"jupyterhub.{name}"])
    try:
        yield own
    finally:
        for name, module in own.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
        for name in ("orm", "handlers"):
            if vars(hub).get(name) is own.get(f"jupyterhub.{name}", hub):
                delattr(hub, name)


@contextmanager
def _no_authorities() -> Iterator[None]:
    """Keep aiohttp from reading the system's TLS authorities while it is imported.

    A seat speaks to the hub alone, without TLS, on the camp's own bridge.
    """
    known = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = os.devnull
    try:
        yield
    finally:
        del os.environ["SSL_CERT_FILE"]
        if known is not None:
            os.environ["SSL_CERT_FILE"] = known


class _Later(ModuleType):
    """A package whose own file is run when somebody asks for a name that it defines."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if importlib.util.find_spec(f"{self.__name__}.{name}") is not None:
            return importlib.import_module(f"{self.__name__}.{name}")
        self.__class__ = ModuleType  # type: ignore[assignment]  # as LazyLoader does
        if self.__spec__ is not None and self.__spec__.loader is not None:
            self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def defer(name: str) -> bool:
    """Let ``import name`` succeed without running it; tell whether there is one.

    What is loaded already stays as it is, and is told as not there.
    """
    spec = None if name in sys.modules else importlib.util.find_spec(name)
    if spec is None:
        return False
    module = _Later(name)
    module.__spec__, module.__loader__ = spec, spec.loader
    module.__package__, module.__file__ = name, spec.origin
    module.__path__ = spec.submodule_search_locations or []
    sys.modules[name] = module
    return True


def defer_nbgrader() -> None:
    """Let ``import nbgrader.exchange.abc`` load that, and nothing of the gradebook."""
    if not (defer("nbgrader") and defer("nbgrader.exchange")):
        return
    nbgrader = sys.modules["nbgrader"]
    vars(nbgrader)["exchange"] = sys.modules["nbgrader.exchange"]
    version = importlib.import_module("nbgrader._version").__version__
    vars(nbgrader)["__version__"] = version


def main() -> object:
    """Start the seat's server, as ``jupyterhub-singleuser`` does.

    An instructor's seat shows formgrader: it loads all of nbgrader anyway.
    """
    if os.environ.get("PUPPETCAMP_ROLE", "attendee") == "attendee":
        defer_nbgrader()
        defer("requests")
    return singleuser()()


if __name__ == "__main__":
    main()
