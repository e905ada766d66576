"""What runs in these tests under the names of the shipped images: docs/provisioners tell the same."""

from __future__ import annotations

from typing import NamedTuple


class Server(NamedTuple):
    """A real server or client."""

    what: str
    """As the page tells it."""
    asked: str
    """A command in its image that prints its version."""
    answer: str
    """What is in that."""


RUN: dict[str, Server | None] = {
    "elasticsearch": None,
    "kafka": Server(
        "Apache Kafka 3.9.1 from Maven's repository", "/opt/kafka/bin/kafka-topics.sh --version", "3.9.1"
    ),
    "mc": Server(
        "MinIO's client `RELEASE.2025-04-16T18-13-26Z`, built of its Go module",
        "mc --version",
        "RELEASE.2025-04-16T18-13-26Z",
    ),
    "minio": Server(
        "MinIO `RELEASE.2025-04-22T22-12-26Z`, built of its Go module",
        "minio --version",
        "RELEASE.2025-04-22T22-12-26Z",
    ),
    "mongo": Server(
        "FerretDB 1.24.0, built of its Go module, for MongoDB's protocol; MongoDB's shell 2.4.0, from npm",
        "ferretdb --version | head -1; mongosh --version",
        "v1.24.0\n2.4.0\n",
    ),
    "mssql": None,
    "mysql": Server("MariaDB 10.11 of Debian", "mysqld --version", "10.11."),
    "nginx": Server("nginx 1.22 of Debian", "nginx -v 2>&1", "nginx/1.22."),
    "postgres": Server("PostgreSQL 15 of Debian", "postgres --version", "(PostgreSQL) 15."),
    "rabbitmq": Server("RabbitMQ 3.10 of Debian", "rabbitmqctl version", "3.10."),
    "redis": Server("Redis 7.0 of Debian", "redis-server --version", "v=7.0."),
    "wait-for-resources": Server("Debian's busybox, of which `echo` is used", "echo used", "used"),
}
