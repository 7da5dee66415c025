"""Write the kernelspec, so that Jupyter finds this kernel."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

KERNEL_NAME = "puppet"
LOGO = Path(__file__).parent / "logo-svg.svg"


def kernel_spec(python: str = sys.executable) -> dict[str, object]:
    """Return the kernelspec of a kernel that runs under `python`."""
    return {
        "argv": [python, "-m", "puppet_kernel", "-f", "{connection_file}"],
        "display_name": "Puppet",
        "language": "puppet",
        "interrupt_mode": "signal",
        "metadata": {"debugger": False},
    }


def install(*, user: bool = False, prefix: str | None = None) -> Path:
    """Write the kernelspec and return its folder.

    Into the prefix when one is given, into the user's own folder when `user`, else
    where the whole system finds it.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        text = json.dumps(kernel_spec(), indent=1) + "\n"
        (folder / "kernel.json").write_text(text, encoding="utf-8")
        shutil.copy(LOGO, folder)
        written = KernelSpecManager().install_kernel_spec(
            name, KERNEL_NAME, user=user, prefix=prefix
        )
    return Path(written)


def main(arguments: Sequence[str]) -> int:
    """Run `puppet_kernel install`; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m puppet_kernel install",
        description="Make the Puppet kernel known to Jupyter.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--user", action="store_true", help="for this user only")
    where.add_argument(
        "--sys-prefix", action="store_true", help="into this Python's own environment"
    )
    where.add_argument("--prefix", help="into this folder's share/jupyter/kernels")
    chosen = parser.parse_args(arguments)
    prefix = sys.prefix if chosen.sys_prefix else chosen.prefix
    try:
        folder = install(user=chosen.user, prefix=prefix)
    except OSError as error:
        message = f"cannot write the kernelspec: {error}; try --user or --prefix DIR"
        print(message, file=sys.stderr)
        return 1
    print(f"wrote {folder}")
    return 0
