"""Install the kernel (`install`, `compile`), or run it (`-f CONNECTION_FILE`)."""

import subprocess
import sys

from puppet_kernel.errors import WorkerDied
from puppet_kernel.rest import KERNEL_FIRST, end_before_others
from puppet_kernel.runtime import ruby_command
from puppet_kernel.worker import WORKER_RB, ProcessChannel, Worker, local_worker_argv


def main() -> None:
    """Do what the command line says."""
    if sys.argv[1:2] == ["install"]:
        from puppet_kernel import install

        sys.exit(install.main(sys.argv[2:]))
    if sys.argv[1:] == ["compile"]:
        sys.exit(_compile())
    end_before_others(KERNEL_FIRST)
    worker = _start_worker()
    from ipykernel.kernelapp import IPKernelApp

    from puppet_kernel.kernel import PuppetKernel

    PuppetKernel.first_worker = worker
    IPKernelApp.launch_instance(kernel_class=PuppetKernel)


def _compile() -> int:
    """Keep Puppet's code as Ruby compiles it; return the exit status.

    Needs the right to write where this package lies. Do it again when Puppet or Ruby
    were updated: what is not theirs any more is not used.
    """
    try:
        command = [*ruby_command(), str(WORKER_RB.with_name("compile.rb"))]
    except WorkerDied as error:
        print(error, file=sys.stderr)
        return 1
    return subprocess.run(command, check=False).returncode  # noqa: S603 our own file


def _start_worker() -> Worker | None:
    """Have Puppet load while Python does: each of them takes a while."""
    try:
        return Worker(ProcessChannel(local_worker_argv()))
    except WorkerDied:
        return None  # the first cell tries again, and says what is wrong


if __name__ == "__main__":
    main()
