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
        connect_timeout=60,
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
        connect_timeout=60,
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
        connect_timeout=60,
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
        socket_timeout=60,
    )
    return int(server.incr("starts"))


def amqp(vhost: str = "") -> int:
    import pika

    credentials = pika.PlainCredentials(given["AMQP_USERNAME"], given["AMQP_PASSWORD"])
    connection = pika.BlockingConnection(
        pika.ConnectionParameters(
            given["AMQP_HOST"],
            int(given["AMQP_PORT"]),
            vhost or given["AMQP_VHOST"],
            credentials,
            socket_timeout=60,
            stack_timeout=90,
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


def kafka() -> int:
    from kafka import KafkaConsumer, KafkaProducer, TopicPartition

    server, topic = f"{given['KAFKA_HOST']}:{given['KAFKA_PORT']}", given["KAFKA_NAME"]
    patience = {"bootstrap_servers": server, "api_version_auto_timeout_ms": 60_000}
    KafkaProducer(**patience).send(topic, given["NAME"].encode()).get(timeout=60)
    consumer = KafkaConsumer(**patience, consumer_timeout_ms=60_000)
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
    consumer.assign(partitions)
    consumer.seek_to_beginning()
    expected = sum(consumer.end_offsets(partitions).values())
    # What others may send at the same time does not count: each workload has a topic of its own.
    return sum(1 for _ in zip(range(expected), consumer, strict=False))


def s3(bucket: str = "") -> int:
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "s3",
        endpoint_url=given["S3_ENDPOINT"],
        region_name=given["S3_REGION"],
        aws_access_key_id=given["S3_ACCESS_KEY_ID"],
        aws_secret_access_key=given["S3_SECRET_KEY"],
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )
    if bucket:
        client.put_object(Bucket=bucket, Key="guest", Body=b"was here")
        client.delete_object(Bucket=bucket, Key="guest")
        return 0
    count = int(client.list_objects_v2(Bucket=given["S3_BUCKET"], Prefix="starts/")["KeyCount"])
    client.put_object(Bucket=given["S3_BUCKET"], Key=f"starts/{count}", Body=b"x" * count)
    assert client.get_object(Bucket=given["S3_BUCKET"], Key=f"starts/{count}")["Body"].read() == b"x" * count
    return count + 1


def mongodb() -> int:
    import pymongo

    server = pymongo.MongoClient(given["MONGO_CONNECTION"], serverSelectionTimeoutMS=60_000)
    starts = server[given["MONGO_NAME"]]["starts"]
    starts.insert_one({"by": given["NAME"]})
    return int(starts.count_documents({"by": given["NAME"]}))


def refused(use: object, name: str) -> str:
    """The kind of the error with which the server refuses to let us in; empty if it does not."""
    try:
        use(name)  # type: ignore[operator]
    except Exception as error:
        return type(error).__name__
    return ""


USES = {
    "PG_HOST": postgres,
    "PGI_HOST": instance,
    "MY_HOST": mysql,
    "REDIS_HOST": redis,
    "AMQP_HOST": amqp,
    "KAFKA_HOST": kafka,
    "S3_ENDPOINT": s3,
    "MONGO_CONNECTION": mongodb,
}
BY_NAME = {use.__name__: use for use in USES.values()}

if len(sys.argv) > 1:
    asked = (argument.split("=") for argument in sys.argv[1:])
    print(json.dumps({name: refused(BY_NAME[name], other) for name, other in asked}))
    sys.exit()

counts = {use.__name__: use() for variable, use in USES.items() if variable in given}
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
