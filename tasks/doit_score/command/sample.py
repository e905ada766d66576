"""The Score file that ``init`` writes where there is none."""

SAMPLE = """\
# What your workload needs, said once.  The whole of it: https://docs.score.dev/docs/score-specification/
apiVersion: score.dev/v1b1
metadata:
  name: hello
containers:
  web:
    image: nginx:1.27-alpine
    variables:
      GREETING: "hello from ${metadata.name}"
service:
  ports:
    http:
      port: 8080
      targetPort: 80
"""
