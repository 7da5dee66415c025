"""Tell what replaces a legacy fact: Puppet 8 does not send them any more."""

import re

_SAME = {
    "architecture": "os.architecture",
    "augeasversion": "augeas.version",
    "bios_release_date": "dmi.bios.release_date",
    "bios_vendor": "dmi.bios.vendor",
    "bios_version": "dmi.bios.version",
    "blockdevices": "disks",
    "boardassettag": "dmi.board.asset_tag",
    "boardmanufacturer": "dmi.board.manufacturer",
    "boardproductname": "dmi.board.product",
    "boardserialnumber": "dmi.board.serial_number",
    "chassisassettag": "dmi.chassis.asset_tag",
    "chassistype": "dmi.chassis.type",
    "dhcp_servers": "networking.dhcp",
    "domain": "networking.domain",
    "fqdn": "networking.fqdn",
    "gid": "identity.group",
    "hardwareisa": "processors.isa",
    "hardwaremodel": "os.hardware",
    "hostname": "networking.hostname",
    "id": "identity.user",
    "interfaces": "networking.interfaces",
    "ipaddress": "networking.ip",
    "ipaddress6": "networking.ip6",
    "lsbdistcodename": "os.distro.codename",
    "lsbdistdescription": "os.distro.description",
    "lsbdistid": "os.distro.id",
    "lsbdistrelease": "os.distro.release.full",
    "lsbmajdistrelease": "os.distro.release.major",
    "lsbminordistrelease": "os.distro.release.minor",
    "lsbrelease": "os.distro.specification",
    "macaddress": "networking.mac",
    "manufacturer": "dmi.manufacturer",
    "memoryfree": "memory.system.available",
    "memoryfree_mb": "memory.system.available_bytes",
    "memorysize": "memory.system.total",
    "memorysize_mb": "memory.system.total_bytes",
    "netmask": "networking.netmask",
    "netmask6": "networking.netmask6",
    "network": "networking.network",
    "network6": "networking.network6",
    "operatingsystem": "os.name",
    "operatingsystemmajrelease": "os.release.major",
    "operatingsystemrelease": "os.release.full",
    "osfamily": "os.family",
    "physicalprocessorcount": "processors.physicalcount",
    "processorcount": "processors.count",
    "productname": "dmi.product.name",
    "rubyplatform": "ruby.platform",
    "rubysitedir": "ruby.sitedir",
    "rubyversion": "ruby.version",
    "scope6": "networking.scope6",
    "selinux": "os.selinux.enabled",
    "selinux_config_mode": "os.selinux.config_mode",
    "selinux_config_policy": "os.selinux.config_policy",
    "selinux_current_mode": "os.selinux.current_mode",
    "selinux_enforced": "os.selinux.enforced",
    "selinux_policyversion": "os.selinux.policy_version",
    "serialnumber": "dmi.product.serial_number",
    "swapencrypted": "memory.swap.encrypted",
    "swapfree": "memory.swap.available",
    "swapfree_mb": "memory.swap.available_bytes",
    "swapsize": "memory.swap.total",
    "swapsize_mb": "memory.swap.total_bytes",
    "uptime": "system_uptime.uptime",
    "uptime_days": "system_uptime.days",
    "uptime_hours": "system_uptime.hours",
    "uptime_seconds": "system_uptime.seconds",
    "uuid": "dmi.product.uuid",
    "xendomains": "xen.domains",
    "zonename": "solaris_zones.current",
}
_OF_INTERFACE = {
    "ipaddress": "ip",
    "ipaddress6": "ip6",
    "macaddress": "mac",
    "mtu": "mtu",
    "netmask": "netmask",
    "netmask6": "netmask6",
    "network": "network",
    "network6": "network6",
    "scope6": "scope6",
}
_OF_DEVICE = {"model": "model", "size": "size_bytes", "vendor": "vendor"}
_INTERFACE = re.compile(rf"({'|'.join(_OF_INTERFACE)})_(\w+)")
_DEVICE = re.compile(rf"blockdevice_(\w+)_({'|'.join(_OF_DEVICE)})")
_PROCESSOR = re.compile(r"processor(\d+)")
_KEY = re.compile(r"ssh(dsa|ecdsa|ed25519|rsa)key")
_FINGERPRINT = re.compile(r"sshfp_(dsa|ecdsa|ed25519|rsa)")


def replacement(name: str) -> str | None:
    """Return the dotted path that replaces a legacy fact, or None if it is none."""
    if name in _SAME:
        return _SAME[name]
    if found := _INTERFACE.fullmatch(name):
        return f"networking.interfaces.{found[2]}.{_OF_INTERFACE[found[1]]}"
    if found := _DEVICE.fullmatch(name):
        return f"disks.{found[1]}.{_OF_DEVICE[found[2]]}"
    if found := _PROCESSOR.fullmatch(name):
        return f"processors.models.{found[1]}"
    if found := _KEY.fullmatch(name):
        return f"ssh.{found[1]}.key"
    if found := _FINGERPRINT.fullmatch(name):
        return f"ssh.{found[1]}.fingerprints"
    return None
