"""What Compose knows in the entries of its sections: key -> kind of value.

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
    USER_ID,
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
    file_reference,
    mapping_or,
    mount,
    port,
)


def each(kind: Kind, names: str) -> Table:
    """``kind`` for each of ``names``, with a space between two."""
    return dict.fromkeys(names.split(), kind)


_PORT_NUMBER = Kind(integer(1, 65535, "a port from 1 to 65535"))
ULIMITS = named(mapping_or({"soft": INT_KEPT, "hard": INT_KEPT}, INT.check, "a number or {soft, hard}"))

_FILE_REFERENCE: Table = {
    **each(STRING, "source target"),
    **each(USER_ID, "uid gid"),
    "mode": FILE_MODE,
}
_FILE_REFERENCES = listing(file_reference(_FILE_REFERENCE))

BUILD: Table = {
    **each(STRING, "context dockerfile dockerfile_inline provenance sbom isolation network target"),
    **each(STRING_OR_STRINGS, "cache_from cache_to no_cache_filter tags platforms"),
    **each(BOOL, "no_cache pull privileged"),
    "entitlements": STRINGS,
    "args": ENVIRONMENT,
    "labels": LABELS,
    "extra_hosts": HOSTS,
    "secrets": _FILE_REFERENCES,
    "shm_size": SIZE,
    "ulimits": ULIMITS,
    "ssh": pairs(null=None),
    "additional_contexts": pairs(),
}

_WEIGHTS = listing(struct({"path": STRING, "weight": INT}))
_RATES = listing(struct({"path": STRING, "rate": SIZE}))
_BLKIO: Table = {
    **each(_RATES, "device_read_bps device_read_iops device_write_bps device_write_iops"),
    "weight": INT,
    "weight_device": _WEIGHTS,
}

_DEVICE_REQUESTS = listing(
    struct(
        {
            **each(STRINGS, "capabilities device_ids"),
            "driver": STRING,
            "count": DEVICE_COUNT,
            "options": pairs(),
        },
        from_scalar="count",
    ),
    from_scalar=True,
)

_HOOK: Table = {
    **each(STRING, "user working_dir"),
    "command": COMMAND,
    "privileged": BOOL,
    "environment": ENVIRONMENT,
}

_UPDATE: Table = {
    **each(DURATION, "delay monitor"),
    **each(STRING, "failure_action order"),
    "parallelism": COUNT,
    "max_failure_ratio": NUMBER,
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
    **each(DURATION, "delay window"),
    "condition": STRING,
    "max_attempts": COUNT,
}
_PLACEMENT: Table = {
    "constraints": STRINGS,
    "preferences": listing(struct({"spread": STRING})),
    "max_replicas_per_node": INT,
}
_DEPLOY: Table = {
    **each(STRING, "mode endpoint_mode"),
    "replicas": COUNT,
    "labels": LABELS,
    "update_config": struct(_UPDATE),
    "rollback_config": struct(_UPDATE),
    "resources": struct({"limits": struct(_RESOURCE), "reservations": struct(_RESOURCE)}),
    "restart_policy": struct(_RESTART_POLICY),
    "placement": struct(_PLACEMENT),
}

_WATCH: Table = {
    **each(STRING, "path action target"),
    **each(STRINGS, "include ignore"),
    "initial_sync": BOOL,
    "exec": struct(_HOOK),
}

_HEALTHCHECK: Table = {
    **each(DURATION, "timeout interval start_period start_interval"),
    "test": HEALTH_TEST,
    "retries": COUNT,
    "disable": BOOL,
}

_SERVICE_NETWORK: Table = {
    **each(STRINGS, "aliases link_local_ips"),
    **each(INT, "gw_priority priority"),
    **each(STRING, "interface_name ipv4_address ipv6_address mac_address"),
    "driver_opts": pairs(),
}

_PORT: Table = {
    **each(STRING, "name mode host_ip protocol app_protocol"),
    "target": _PORT_NUMBER,
    "published": PUBLISHED,
}

MOUNT_BIND: Table = {
    **each(STRING, "selinux propagation recursive"),
    # Written as given, since the default has changed between releases of Compose.  The reference
    # drops true and makes nothing into false (volumes-21-bind-options, -22).
    "create_host_path": BOOL_KEPT,
}
MOUNT_VOLUME: Table = {"labels": LABELS, "nocopy": BOOL, "subpath": STRING}
MOUNT_TMPFS: Table = {"size": SIZE, "mode": INT}
MOUNT: Table = {
    **each(STRING, "type source target consistency"),
    "read_only": BOOL,
    "bind": struct(MOUNT_BIND),
    "volume": struct(MOUNT_VOLUME),
    "tmpfs": struct(MOUNT_TMPFS),
    "image": struct({"subpath": STRING}),
}

_DEVICE: Table = {"source": STRING, "target": STRING, "permissions": STRING}
_ENV_FILE: Table = {"path": STRING, "required": OPT_OUT, "format": STRING}

_SERVICE_MODEL: Table = {"endpoint_var": STRING, "model_var": STRING}

SERVICE: Table = {
    **each(BOOL_KEPT, "attach init"),
    **each(
        STRINGS,
        "cap_add cap_drop device_cgroup_rules dns_opt expose external_links group_add links profiles "
        "security_opt volumes_from",
    ),
    **each(
        STRING,
        "cgroup cgroup_parent container_name cpuset domainname hostname image ipc isolation mac_address "
        "network_mode pid platform pull_policy restart runtime stop_signal user userns_mode uts "
        "volume_driver working_dir",
    ),
    **each(COMMAND, "command entrypoint"),
    **each(_FILE_REFERENCES, "configs secrets"),
    **each(
        INT,
        "cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares oom_score_adj pids_limit",
    ),
    **each(NUMBER, "cpu_percent cpus"),
    **each(STRING_OR_STRINGS, "dns dns_search label_file tmpfs"),
    **each(SIZE, "mem_limit mem_reservation mem_swappiness memswap_limit shm_size"),
    **each(BOOL, "oom_kill_disable privileged read_only stdin_open tty use_api_socket"),
    "environment": ENVIRONMENT,
    "extra_hosts": HOSTS,
    "gpus": _DEVICE_REQUESTS,
    "labels": LABELS,
    "scale": COUNT,
    "stop_grace_period": DURATION,
    "ulimits": ULIMITS,
    "annotations": pairs(),
    "blkio_config": struct(_BLKIO),
    "build": struct(BUILD, from_scalar="context"),
    "credential_spec": struct({"config": STRING, "file": STRING, "registry": STRING}),
    "depends_on": named(
        dependency({"condition": STRING, "restart": BOOL, "required": BOOL_KEPT}), DEPENDENCY, from_list=True
    ),
    "deploy": struct(_DEPLOY),
    "develop": struct({"watch": listing(struct(_WATCH))}),
    "devices": listing(mapping_or(_DEVICE, STRING.check, "a mapping or a text")),
    "env_file": listing(mapping_or(_ENV_FILE, STRING.check, "a mapping or a path"), from_scalar=True),
    "extends": struct({"file": STRING, "service": STRING}, from_scalar="service"),
    "healthcheck": struct(_HEALTHCHECK),
    "logging": struct({"driver": STRING, "options": pairs()}),
    "models": named(struct(_SERVICE_MODEL), {}, from_list=True),
    "networks": named(struct(_SERVICE_NETWORK), None, from_list=True),
    "ports": listing(port(_PORT)),
    "post_start": listing(struct(_HOOK)),
    "pre_stop": listing(struct(_HOOK)),
    "provider": struct({"type": STRING, "options": ANYTHING}),
    "storage_opt": pairs(),
    "sysctls": pairs(),
    "volumes": listing(mount(MOUNT)),
}

_POOL: Table = {"subnet": STRING, "gateway": STRING, "ip_range": STRING, "aux_addresses": pairs()}

NETWORK: Table = {
    **each(STRING, "name driver"),
    **each(BOOL, "external internal attachable"),
    **each(BOOL_KEPT, "enable_ipv4 enable_ipv6"),
    "labels": LABELS,
    "driver_opts": pairs(),
    "ipam": struct({"driver": STRING, "config": listing(struct(_POOL)), "options": pairs()}),
}

VOLUME: Table = {
    **each(STRING, "name driver"),
    "external": BOOL,
    "labels": LABELS,
    "driver_opts": pairs(),
}

MODEL: Table = {
    **each(STRING, "name model"),
    "context_size": INT,
    "runtime_flags": STRINGS,
}

_FILE_OBJECT: Table = {
    **each(STRING, "name file environment template_driver"),
    "external": BOOL,
    "labels": LABELS,
}
SECRET: Table = {**_FILE_OBJECT, "driver": STRING, "driver_opts": pairs()}
CONFIG: Table = {**_FILE_OBJECT, "content": STRING}

SOURCES = {"secrets": ("file", "environment"), "configs": ("file", "environment", "content")}
"""The keys that say what is in a secret or a config, where it is not external."""
