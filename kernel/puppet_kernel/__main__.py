"""Install the kernel (`install`), or run it (`-f CONNECTION_FILE`)."""

import sys


def main() -> None:
    """Do what the command line says."""
    if sys.argv[1:2] == ["install"]:
        from puppet_kernel import install

        sys.exit(install.main(sys.argv[2:]))
    from ipykernel.kernelapp import IPKernelApp

    from puppet_kernel.kernel import PuppetKernel

    IPKernelApp.launch_instance(kernel_class=PuppetKernel)


if __name__ == "__main__":
    main()
