"""Where on a node lies what checks rely on. Pure."""

PROGRAMS = ("/usr/bin", "/usr/sbin")
"""Where programs lie; /bin and /sbin lead here."""

OWN_PROGRAMS = ("/usr/local/bin", "/usr/local/sbin")
"""Where an attendee's own programs may lie, found before the others."""

CODE = (
    "/usr/lib/ruby",
    "/usr/lib/x86_64-linux-gnu/ruby",
    "/usr/lib/aarch64-linux-gnu/ruby",
    "/usr/share/rubygems-integration",
    "/usr/share/puppet",
    "/var/lib/gems",
    "/usr/lib/lsb",
    "/usr/lib/init",
    "/usr/lib/dpkg",
    "/usr/lib/apt",
    "/usr/lib/ssl",
    "/etc/ld.so.conf.d",
    "/etc/perl",
)
"""Folders to which nobody but a package adds anything."""

NOTED = (
    "/etc/facter",
    "/etc/apt",
    "/etc/dpkg",
    "/srv/apt",
    "/usr/local/lib",
    "/var/cache/puppet/lib",
)
"""Folders whose changes harm no check, and are worth a look."""

ROOTS = (
    *PROGRAMS,
    "/usr/libexec",
    "/usr/lib",
    *OWN_PROGRAMS,
    *(folder for folder in CODE if not folder.startswith("/usr/lib/")),
    *NOTED,
    "/etc/init.d",
    "/etc/default",
    "/etc/alternatives",
)

SKIP = (
    "/usr/lib/python3",
    "/usr/lib/python3.13",
    "/usr/lib/locale",
    "/usr/lib/valgrind",
    "/usr/lib/systemd",
    "/usr/local/lib/python3.13",
    "/etc/apt/sources.list.d",
)
"""What no check and none of its programs reads."""

NOTED_FILES = ("/etc/environment", "/etc/puppet/puppet.conf", "/etc/puppet/hiera.yaml")

FILES = (
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/etc/ld.so.preload",
    "/etc/ld.so.conf",
    "/etc/nsswitch.conf",
    "/etc/ssl/openssl.cnf",
    "/etc/profile",
    "/etc/bash.bashrc",
    "/etc/apache2/envvars",
    "/root/.curlrc",
    "/root/.config/curlrc",
    "/root/.netrc",
    "/root/.wgetrc",
    *NOTED_FILES,
)
"""Single files that programs read before they do anything else."""

IN_PACKAGES = (
    *(f"{folder}/" for folder in (*PROGRAMS, "/usr/libexec", "/usr/lib")),
    "/etc/init.d/",
    "/etc/default/",
    "/etc/ld.so.conf.d/",
    "/etc/apache2/envvars",
)
"""What is compared with the package that it came from."""


def within(path: str, folders: tuple[str, ...]) -> bool:
    """Tell whether a path lies below one of some folders."""
    return any(path.startswith(f"{folder}/") for folder in folders)
