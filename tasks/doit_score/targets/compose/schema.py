"""What Compose knows in services, networks, volumes and models: key -> kind of value.

The keys and types are those of the Compose specification as of 2026; which zero values are written
follows compose-go, so that our output equals the reference's as data.
"""

from __future__ import annotations

from .kinds import (
    ANYTHING,
    BOOL,
    BOOL_KEPT,
    COUNT,
    DEVICE_COUNT,
    DURATION,
    ENVIRONMENT,
    FILE_MODE,
    INT,
    INT_KEPT,
    LABELS,
    NUMBER,
    OPT_OUT,
    SIZE,
    STRING,
    STRING_OR_STRINGS,
    STRINGS,
    Kind,
    Table,
    integer,
    listing,
    named,
    pairs,
    struct,
)
from .shortforms import (
    COMMAND,
    DEPENDENCY,
    HEALTH_TEST,
    HOSTS,
    PUBLISHED,
    dependency,
    mapping_or,
    mount,
    port,
)

_PORT_NUMBER = Kind(integer(1, 65535, "a port from 1 to 65535"))
ULIMITS = named(mapping_or({"soft": INT_KEPT, "hard": INT_KEPT}, INT.check, "a number or {soft, hard}"))

_FILE_REFERENCE: Table = {
    "source": STRING,
    "target": STRING,
    "uid": STRING,
    "gid": STRING,
    "mode": FILE_MODE,
}
_FILE_REFERENCES = listing(struct(_FILE_REFERENCE, from_scalar="source"))

BUILD: Table = {
    "context": STRING,
    "dockerfile": STRING,
    "dockerfile_inline": STRING,
    "entitlements": STRINGS,
    "args": ENVIRONMENT,
    "provenance": STRING,
    "sbom": STRING,
    "ssh": pairs(null=None),
    "labels": LABELS,
    "cache_from": STRING_OR_STRINGS,
    "cache_to": STRING_OR_STRINGS,
    "no_cache": BOOL,
    "no_cache_filter": STRING_OR_STRINGS,
    "additional_contexts": pairs(),
    "pull": BOOL,
    "extra_hosts": HOSTS,
    "isolation": STRING,
    "network": STRING,
    "target": STRING,
    "secrets": _FILE_REFERENCES,
    "shm_size": SIZE,
    "tags": STRING_OR_STRINGS,
    "ulimits": ULIMITS,
    "platforms": STRING_OR_STRINGS,
    "privileged": BOOL,
}

_WEIGHTS = listing(struct({"path": STRING, "weight": INT}))
_RATES = listing(struct({"path": STRING, "rate": SIZE}))
_BLKIO: Table = {
    "weight": INT,
    "weight_device": _WEIGHTS,
    "device_read_bps": _RATES,
    "device_read_iops": _RATES,
    "device_write_bps": _RATES,
    "device_write_iops": _RATES,
}

_DEVICE_REQUESTS = listing(
    struct(
        {
            "capabilities": STRINGS,
            "driver": STRING,
            "count": DEVICE_COUNT,
            "device_ids": STRINGS,
            "options": pairs(),
        },
        from_scalar="count",
    ),
    from_scalar=True,
)

_HOOK: Table = {
    "command": COMMAND,
    "user": STRING,
    "privileged": BOOL,
    "working_dir": STRING,
    "environment": ENVIRONMENT,
}

_UPDATE: Table = {
    "parallelism": COUNT,
    "delay": DURATION,
    "failure_action": STRING,
    "monitor": DURATION,
    "max_failure_ratio": NUMBER,
    "order": STRING,
}
_DISCRETE: Table = {"kind": STRING, "value": INT}
_RESOURCE: Table = {
    "cpus": NUMBER,
    "memory": SIZE,
    "pids": INT,
    "devices": _DEVICE_REQUESTS,
    "generic_resources": listing(struct({"discrete_resource_spec": struct(_DISCRETE)})),
}
_RESTART_POLICY: Table = {
    "condition": STRING,
    "delay": DURATION,
    "max_attempts": COUNT,
    "window": DURATION,
}
_PLACEMENT: Table = {
    "constraints": STRINGS,
    "preferences": listing(struct({"spread": STRING})),
    "max_replicas_per_node": INT,
}
_DEPLOY: Table = {
    "mode": STRING,
    "replicas": COUNT,
    "labels": LABELS,
    "update_config": struct(_UPDATE),
    "rollback_config": struct(_UPDATE),
    "resources": struct({"limits": struct(_RESOURCE), "reservations": struct(_RESOURCE)}),
    "restart_policy": struct(_RESTART_POLICY),
    "placement": struct(_PLACEMENT),
    "endpoint_mode": STRING,
}

_WATCH: Table = {
    "path": STRING,
    "action": STRING,
    "target": STRING,
    "exec": struct(_HOOK),
    "include": STRINGS,
    "ignore": STRINGS,
    "initial_sync": BOOL,
}

_HEALTHCHECK: Table = {
    "test": HEALTH_TEST,
    "timeout": DURATION,
    "interval": DURATION,
    "retries": COUNT,
    "start_period": DURATION,
    "start_interval": DURATION,
    "disable": BOOL,
}

_SERVICE_NETWORK: Table = {
    "aliases": STRINGS,
    "driver_opts": pairs(),
    "gw_priority": INT,
    "interface_name": STRING,
    "ipv4_address": STRING,
    "ipv6_address": STRING,
    "link_local_ips": STRINGS,
    "mac_address": STRING,
    "priority": INT,
}

_PORT: Table = {
    "name": STRING,
    "mode": STRING,
    "host_ip": STRING,
    "target": _PORT_NUMBER,
    "published": PUBLISHED,
    "protocol": STRING,
    "app_protocol": STRING,
}

MOUNT_BIND: Table = {
    "selinux": STRING,
    "propagation": STRING,
    # Written as given, since the default has changed between releases of Compose.  The reference
    # drops true and makes nothing into false (volumes-21-bind-options, -22).
    "create_host_path": BOOL_KEPT,
    "recursive": STRING,
}
MOUNT_VOLUME: Table = {"labels": LABELS, "nocopy": BOOL, "subpath": STRING}
MOUNT_TMPFS: Table = {"size": SIZE, "mode": INT}
MOUNT: Table = {
    "type": STRING,
    "source": STRING,
    "target": STRING,
    "read_only": BOOL,
    "consistency": STRING,
    "bind": struct(MOUNT_BIND),
    "volume": struct(MOUNT_VOLUME),
    "tmpfs": struct(MOUNT_TMPFS),
    "image": struct({"subpath": STRING}),
}

_DEVICE: Table = {"source": STRING, "target": STRING, "permissions": STRING}
_ENV_FILE: Table = {"path": STRING, "required": OPT_OUT, "format": STRING}

_SERVICE_MODEL: Table = {"endpoint_var": STRING, "model_var": STRING}

SERVICE: Table = {
    "annotations": pairs(),
    "attach": BOOL_KEPT,
    "blkio_config": struct(_BLKIO),
    "build": struct(BUILD, from_scalar="context"),
    "cap_add": STRINGS,
    "cap_drop": STRINGS,
    "cgroup": STRING,
    "cgroup_parent": STRING,
    "command": COMMAND,
    "configs": _FILE_REFERENCES,
    "container_name": STRING,
    "cpu_count": INT,
    "cpu_percent": NUMBER,
    "cpu_period": INT,
    "cpu_quota": INT,
    "cpu_rt_period": INT,
    "cpu_rt_runtime": INT,
    "cpu_shares": INT,
    "cpus": NUMBER,
    "cpuset": STRING,
    "credential_spec": struct({"config": STRING, "file": STRING, "registry": STRING}),
    "depends_on": named(
        dependency({"condition": STRING, "restart": BOOL, "required": BOOL_KEPT}), DEPENDENCY, from_list=True
    ),
    "deploy": struct(_DEPLOY),
    "develop": struct({"watch": listing(struct(_WATCH))}),
    "device_cgroup_rules": STRINGS,
    "devices": listing(mapping_or(_DEVICE, STRING.check, "a mapping or a text")),
    "dns": STRING_OR_STRINGS,
    "dns_opt": STRINGS,
    "dns_search": STRING_OR_STRINGS,
    "domainname": STRING,
    "entrypoint": COMMAND,
    "env_file": listing(mapping_or(_ENV_FILE, STRING.check, "a mapping or a path"), from_scalar=True),
    "environment": ENVIRONMENT,
    "expose": STRINGS,
    "extends": struct({"file": STRING, "service": STRING}, from_scalar="service"),
    "external_links": STRINGS,
    "extra_hosts": HOSTS,
    "gpus": _DEVICE_REQUESTS,
    "group_add": STRINGS,
    "healthcheck": struct(_HEALTHCHECK),
    "hostname": STRING,
    "image": STRING,
    "init": BOOL_KEPT,
    "ipc": STRING,
    "isolation": STRING,
    "label_file": STRING_OR_STRINGS,
    "labels": LABELS,
    "links": STRINGS,
    "logging": struct({"driver": STRING, "options": pairs()}),
    "mac_address": STRING,
    "mem_limit": SIZE,
    "mem_reservation": SIZE,
    "mem_swappiness": SIZE,
    "memswap_limit": SIZE,
    "models": named(struct(_SERVICE_MODEL), {}, from_list=True),
    "network_mode": STRING,
    "networks": named(struct(_SERVICE_NETWORK), None, from_list=True),
    "oom_kill_disable": BOOL,
    "oom_score_adj": INT,
    "pid": STRING,
    "pids_limit": INT,
    "platform": STRING,
    "ports": listing(port(_PORT)),
    "post_start": listing(struct(_HOOK)),
    "pre_stop": listing(struct(_HOOK)),
    "privileged": BOOL,
    "profiles": STRINGS,
    "provider": struct({"type": STRING, "options": ANYTHING}),
    "pull_policy": STRING,
    "read_only": BOOL,
    "restart": STRING,
    "runtime": STRING,
    "scale": COUNT,
    "secrets": _FILE_REFERENCES,
    "security_opt": STRINGS,
    "shm_size": SIZE,
    "stdin_open": BOOL,
    "stop_grace_period": DURATION,
    "stop_signal": STRING,
    "storage_opt": pairs(),
    "sysctls": pairs(),
    "tmpfs": STRING_OR_STRINGS,
    "tty": BOOL,
    "ulimits": ULIMITS,
    "use_api_socket": BOOL,
    "user": STRING,
    "userns_mode": STRING,
    "uts": STRING,
    "volume_driver": STRING,
    "volumes": listing(mount(MOUNT)),
    "volumes_from": STRINGS,
    "working_dir": STRING,
}

_POOL: Table = {"subnet": STRING, "gateway": STRING, "ip_range": STRING, "aux_addresses": pairs()}

NETWORK: Table = {
    "name": STRING,
    "driver": STRING,
    "driver_opts": pairs(),
    "ipam": struct({"driver": STRING, "config": listing(struct(_POOL)), "options": pairs()}),
    "external": BOOL,
    "internal": BOOL,
    "attachable": BOOL,
    "labels": LABELS,
    "enable_ipv4": BOOL_KEPT,
    "enable_ipv6": BOOL_KEPT,
}

VOLUME: Table = {
    "name": STRING,
    "driver": STRING,
    "driver_opts": pairs(),
    "external": BOOL,
    "labels": LABELS,
}

MODEL: Table = {
    "name": STRING,
    "model": STRING,
    "context_size": INT,
    "runtime_flags": STRINGS,
}

FILE_OBJECT: Table = {
    "name": STRING,
    "file": STRING,
    "environment": STRING,
    "content": STRING,
    "external": BOOL,
    "labels": LABELS,
    "driver": STRING,
    "driver_opts": pairs(),
    "template_driver": STRING,
}
"""An entry of ``configs`` or ``secrets``, which only patches bring in."""
