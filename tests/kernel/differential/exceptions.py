"""What may differ between stock Puppet and a cell, each with its reason."""

import re

# Paths, as regular expressions, that say something about the run and not of its work.
UNLIKE_ON_DISK = (
    # The agent hands stock Puppet's messages over in this file.
    r"/stock\.json",
    # Reports and the times of the last runs.
    r"/var/cache/puppet/state/.*",
    r"/var/cache/puppet/reports(/.*)?",
    r"/var/cache/puppet/public/last_run_summary\.yaml",
)

# Paths that must be there on both sides, with the same owner and mode, and hold times,
# process ids or random keys.
VOLATILE = (
    r"/run/.*\.pid",
    r"/var/cache/ldconfig/aux-cache",
    r"/var/cache/apt/.*\.bin",
    r"/var/log/(apt/.*|dpkg\.log|alternatives\.log)",
)

FILEBUCKET = "/var/cache/puppet/clientbucket/"

# Messages of stock Puppet that a cell does not repeat.
UNTOLD_BY_CELLS = (
    # A camp's node has no address and no server: the question is not asked.
    re.compile(r"Could not retrieve either serverip or serverip6 fact"),
)

# What one case may leave differently: text to overlook on disk, and why.
UNLIKE_IN_CASE = {
    # Puppet's package providers set these variables when they are loaded. The worker
    # has loaded them, as any manifest with a package does.
    "types/exec_environment": re.compile(
        r"(APT_LISTBUGS_FRONTEND|APT_LISTCHANGES_FRONTEND|DEBIAN_FRONTEND)=\w+\n"
    ),
}

# What one case may tell otherwise, by the names of comparison.py, and why.
UNLIKE_ASPECTS = {
    # What goes wrong in a custom fact is an error of Facter's to stock Puppet, which
    # goes on all the same. To a cell it is a warning: the cell does all it has to.
    "broken/broken_fact": {"success", "messages"},
    # Stock Puppet ends with a backtrace of Ruby; a cell says the same in one message.
    "broken/unknown_environment": {"exit status", "messages", "output"},
}
