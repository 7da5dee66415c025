"""Tell why a resource in a check checks nothing, by what is written. Pure."""

from puppetcamp.grading.manifest import Declared

METAPARAMETERS = frozenset(
    "alias audit before consume export loglevel noop notify require schedule stage "
    "subscribe tag".split()
)

# Attributes that steer how a resource is managed and state nothing about the node.
_PARAMETERS = {
    "file": frozenset(
        "path name backup checksum force ignore links max_files provider purge "
        "recurse recurselimit replace selinux_ignore_defaults show_diff sourceselect "
        "source_permissions staging_location validate_cmd validate_replacement".split()
    ),
    "user": frozenset(
        "name provider allowdupe attribute_membership auth_membership forcelocal "
        "ia_load_module key_membership managehome membership profile_membership "
        "purge_ssh_keys role_membership system".split()
    ),
    "group": frozenset(
        "name provider allowdupe attribute_membership auth_membership forcelocal "
        "ia_load_module system".split()
    ),
    "service": frozenset(
        "name provider binary control hasrestart hasstatus manifest path pattern "
        "restart start status stop timeout".split()
    ),
}

_TRUE = frozenset({"true", "/bin/true", "/usr/bin/true", ":"})
_FALSE = frozenset({"false", "/bin/false", "/usr/bin/false"})
_ALWAYS_THERE = {
    "file": frozenset(
        "/ /bin /bin/sh /dev /dev/null /etc /etc/group /etc/hosts /etc/passwd /home "
        "/opt /proc /root /run /srv /sys /tmp /usr /usr/bin /var /var/log".split()
    ),
    "user": frozenset({"root"}),
    "group": frozenset({"root"}),
}
_PRESENCE = frozenset({"present", "file", "directory"})
_GUARDS = frozenset({"creates", "unless", "onlyif"})
# What the catalog of every manifest holds.
_IN_EVERY_CATALOG = frozenset({("class", "settings"), ("class", "main")})


def states_nothing(resource: Declared) -> bool:
    """Tell whether a resource only names or audits something."""
    parameters = _PARAMETERS.get(resource.type)
    if parameters is None:
        return False
    return not set(resource.attributes) - METAPARAMETERS - parameters


def refreshonly(resource: Declared) -> bool:
    """Tell whether a resource is an exec that runs for nobody by itself."""
    return resource.type == "exec" and resource.attributes.get("refreshonly") == "true"


def always_true(resource: Declared) -> bool:
    """Tell whether a resource is in step on every node."""
    attributes = resource.attributes
    if resource.type == "exec":
        return (
            attributes.get("unless") in _TRUE
            or attributes.get("onlyif") in _FALSE
            or attributes.get("creates") in _ALWAYS_THERE["file"]
        )
    stated = (
        set(attributes) - METAPARAMETERS - _PARAMETERS.get(resource.type, frozenset())
    )
    return (
        stated == {"ensure"}
        and attributes["ensure"] in _PRESENCE
        and resource.title in _ALWAYS_THERE.get(resource.type, frozenset())
    )


def unguarded(resource: Declared) -> bool:
    """Tell whether a resource is an exec that would run whatever the node is like."""
    return resource.type == "exec" and (
        not _GUARDS & set(resource.attributes)
        or resource.attributes.get("onlyif") in _TRUE
        or resource.attributes.get("unless") in _FALSE
    )


def in_every_catalog(resource: Declared) -> bool:
    """Tell whether a resource is named that every catalog has, and nothing of it."""
    return (resource.type, resource.title.lower()) in _IN_EVERY_CATALOG or (
        resource.type == "stage" and resource.title == "main"
    )
