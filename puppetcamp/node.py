"""Say what a node may do: the same in a seat as in a grading sandbox."""

CAPABILITIES = (
    "AUDIT_WRITE",  # sudo and cron log in through PAM
    "CHOWN",  # file { owner => … }, unpacking packages
    "DAC_OVERRIDE",  # root writes files that belong to others
    "FOWNER",  # file { mode => … } on files that belong to others
    "FSETID",  # set-uid and set-gid modes survive a write
    "KILL",  # stopping services that run as another user
    "NET_BIND_SERVICE",  # web servers on port 80
    "SETFCAP",  # packages whose programs have file capabilities
    "SETGID",  # daemons, sudo and apt's own user change who they are
    "SETPCAP",  # setpriv drops what a process shall not have
    "SETUID",
    "SYS_CHROOT",  # sshd separates its privileges
)
"""What Puppet's resources need of root, and no more.

Raw sockets, device nodes and the kernel stay out of reach.
"""

GUARD = "WAKE_ALARM"
"""What only the trusted processes of a grading sandbox hold; harmless by itself."""
