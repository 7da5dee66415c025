"""Find the Ruby that Puppet runs on."""

import os
import shutil
from pathlib import Path

from puppet_kernel.errors import WorkerDied

# Where the vendor's all-in-one package keeps a Ruby of its own.
ALL_IN_ONE = Path("/opt/puppetlabs/puppet/bin/ruby")
# What the all-in-one's own commands ignore: settings for another Ruby.
_FOREIGN = (
    "GEM_HOME",
    "GEM_PATH",
    "LD_LIBRARY_PATH",
    "LD_PRELOAD",
    "RUBYLIB",
    "RUBYLIB_PREFIX",
    "RUBYOPT",
    "RUBYPATH",
)


def ruby_command() -> list[str]:
    """Return the command of the Ruby that can load Puppet.

    It is the one that `puppet` on the PATH runs on, which need not be the first `ruby`
    there; without such a command, the all-in-one's. Nothing is run to find out. Raises
    WorkerDied when there is no Puppet.
    """
    puppet = shutil.which("puppet")
    ruby = _ruby_of(Path(puppet)) if puppet else None
    if ruby is None and os.access(ALL_IN_ONE, os.X_OK):
        ruby = ALL_IN_ONE
    if ruby is None:
        message = (
            "Puppet was not found: there is no puppet command with a Ruby on the PATH, "
            f"and no {ALL_IN_ONE}. Install one of them (Debian and Ubuntu: sudo apt "
            "install puppet-agent)"
        )
        raise WorkerDied(message)
    if ruby == ALL_IN_ONE:
        unset = [f"--unset={name}" for name in _FOREIGN if name in os.environ]
        return [*(["env", *unset] if unset else []), str(ruby)]
    return [str(ruby)]


def _ruby_of(puppet: Path) -> Path | None:
    """Return the Ruby that a `puppet` command starts, by reading its first line."""
    real = puppet.resolve()
    try:
        with real.open("rb") as file:
            first = file.readline(256).decode("utf-8", "replace")
    except OSError:
        return None
    words = first.removeprefix("#!").split() if first.startswith("#!") else []
    if words and words[0].endswith("/env"):
        words = [shutil.which(word) or word for word in words[1:] if "=" not in word]
    # The all-in-one's command and those of Ruby version managers are shell scripts,
    # with the Ruby that they start beside them.
    beside = [real.with_name("ruby"), puppet.with_name("ruby")]
    named = [Path(word) for word in words if Path(word).name.startswith("ruby")]
    for candidate in [*named, *beside]:
        if candidate.is_absolute() and os.access(candidate, os.X_OK):
            return candidate
    return None
