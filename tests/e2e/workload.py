"""The workload of the real tests: uses every resource with the outputs that it was given.

It counts how often it was started, in every store, then serves that as JSON; if anything fails it ends.
With TYPE=NAME as arguments it only tells whether it gets into those databases and virtual hosts.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

given = os.environ


def postgres(database: str = "") -> int:
    import psycopg2

    connection = psycopg2.connect(
        host=given["PG_HOST"],
        port=given["PG_PORT"],
        dbname=database or given["PG_NAME"],
        user=given["PG_USERNAME"],
        password=given["PG_PASSWORD"],
        connect_timeout=5,
    )
    if database:
        return 0
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS starts (at timestamp DEFAULT now())")
        cursor.execute("INSERT INTO starts DEFAULT VALUES")
        cursor.execute("SELECT count(*) FROM starts")
        (count,) = cursor.fetchone()
        if given.get("PG_EXTENSION"):
            cursor.execute("SELECT encode(ext.digest('a', 'sha256'), 'hex')")
    return int(count)


def instance() -> int:
    import psycopg2

    connection = psycopg2.connect(
        host=given["PGI_HOST"],
        port=given["PGI_PORT"],
        dbname="postgres",
        user=given["PGI_USERNAME"],
        password=given["PGI_PASSWORD"],
        connect_timeout=5,
    )
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("CREATE SCHEMA IF NOT EXISTS s")
    cursor.execute("CREATE TABLE IF NOT EXISTS s.starts (at timestamp DEFAULT now())")
    cursor.execute("INSERT INTO s.starts DEFAULT VALUES")
    cursor.execute("SELECT count(*) FROM s.starts")
    return int(cursor.fetchone()[0])


def mysql(database: str = "") -> int:
    import pymysql

    connection = pymysql.connect(
        host=given["MY_HOST"],
        port=int(given["MY_PORT"]),
        database=database or given["MY_NAME"],
        user=given["MY_USERNAME"],
        password=given["MY_PASSWORD"],
        connect_timeout=5,
        autocommit=True,
    )
    if database:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS starts (id INT AUTO_INCREMENT PRIMARY KEY)")
        cursor.execute("INSERT INTO starts VALUES ()")
        cursor.execute("SELECT count(*) FROM starts")
        (count,) = cursor.fetchone()
    return int(count)


def redis() -> int:
    import redis

    server = redis.Redis(
        host=given["REDIS_HOST"],
        port=int(given["REDIS_PORT"]),
        username=given["REDIS_USERNAME"],
        password=given["REDIS_PASSWORD"],
        socket_timeout=5,
    )
    return int(server.incr("starts"))


def amqp(vhost: str = "") -> int:
    import pika

    credentials = pika.PlainCredentials(given["AMQP_USERNAME"], given["AMQP_PASSWORD"])
    connection = pika.BlockingConnection(
        pika.ConnectionParameters(
            given["AMQP_HOST"], int(given["AMQP_PORT"]), vhost or given["AMQP_VHOST"], credentials
        )
    )
    if vhost:
        return 0
    channel = connection.channel()
    channel.queue_declare("starts", durable=True)
    channel.confirm_delivery()
    channel.basic_publish("", "starts", b"once more", pika.BasicProperties(delivery_mode=2))
    found = channel.queue_declare("starts", durable=True, passive=True)
    connection.close()
    return int(found.method.message_count)


def refused(use: object, name: str) -> str:
    """The kind of the error with which the server refuses to let us in; empty if it does not."""
    try:
        use(name)  # type: ignore[operator]
    except Exception as error:
        return type(error).__name__
    return ""


USES = {"postgres": postgres, "instance": instance, "mysql": mysql, "redis": redis, "amqp": amqp}
PREFIXES = {"postgres": "PG_", "instance": "PGI_", "mysql": "MY_", "redis": "REDIS_", "amqp": "AMQP_"}

if len(sys.argv) > 1:
    asked = (argument.split("=") for argument in sys.argv[1:])
    print(json.dumps({name: refused(USES[name], other) for name, other in asked}))
    sys.exit()

counts = {name: use() for name, use in USES.items() if PREFIXES[name] + "HOST" in given}
answer = json.dumps({"workload": given["NAME"], "starts": counts}).encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        asked = json.dumps({"path": self.path, "host": self.headers["Host"]})
        self.wfile.write(asked.encode() + b"\n" + answer)

    def log_message(self, *_: object) -> None:
        pass


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
HTTPServer(("", 8080), Handler).serve_forever()
