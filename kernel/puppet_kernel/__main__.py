"""Install the kernel (`install`), or run it (`-f CONNECTION_FILE`)."""

import sys

from puppet_kernel.errors import WorkerDied
from puppet_kernel.worker import ProcessChannel, Worker, local_worker_argv


def main() -> None:
    """Do what the command line says."""
    if sys.argv[1:2] == ["install"]:
        from puppet_kernel import install

        sys.exit(install.main(sys.argv[2:]))
    worker = _start_worker()
    from ipykernel.kernelapp import IPKernelApp

    from puppet_kernel.kernel import PuppetKernel

    PuppetKernel.first_worker = worker
    IPKernelApp.launch_instance(kernel_class=PuppetKernel)


def _start_worker() -> Worker | None:
    """Have Puppet load while Python does: each of them takes a while."""
    try:
        return Worker(ProcessChannel(local_worker_argv()))
    except WorkerDied:
        return None  # the first cell tries again, and says what is wrong


if __name__ == "__main__":
    main()
