"""A cluster of one node for tests: etcd of Debian, all of Kubernetes in one Go program, containerd.

Everything runs in namespaces of its own (network, mounts, processes), so that nothing of it is seen outside
and its end is the end of one process.  ``python cluster.py DIRECTORY PROGRAM IMAGE...`` is that process;
tests use :class:`Cluster`.  No image is pulled: the archives IMAGE are imported.
"""

from __future__ import annotations

import base64
import ctypes
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

NODE = "10.244.78.1"
SERVICES, PODS = "10.96.0.0/24", "10.244.77.0/24"
TOKEN = "for-tests-only"
PAUSE = "example.test/pause:1"
SECONDS = 600.0
"""For what takes some on a machine that has nothing else to do."""
# A kubelet writes these for the whole machine.
_OF_THE_MACHINE = (
    "vm/overcommit_memory", "kernel/panic", "kernel/panic_on_oops", "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
)  # fmt: skip
_PRIVATE = ("/var/lib/kubelet", "/var/lib/cni", "/var/log/containers", "/var/log/pods", "/var/lib/calico")
_SOCKET = "containerd.sock"
_CLONE_NEWNET = 0x40000000


class Cluster:
    """A cluster that runs; ``kubeconfig`` is the file for kubectl, which must be run in its network."""

    def __init__(self, directory: Path, program: Path, images: Sequence[Path]) -> None:
        self.directory = directory
        self.kubeconfig = directory / "kubeconfig"
        self.program = program
        self._log = (directory / "log").open("wb")
        self._process = subprocess.Popen(
            [
                *("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"),
                *("--propagation", "private", sys.executable, __file__, str(directory), str(program)),
                *map(str, images),
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def _wait(self) -> None:
        end = time.monotonic() + SECONDS
        while not (self.directory / "ready").exists():
            if self._process.poll() is not None or time.monotonic() > end:
                said = (self.directory / "log").read_text(errors="replace")[-4000:]
                raise RuntimeError(f"the cluster did not start:\n{said}")
            time.sleep(0.1)

    @property
    def pid(self) -> int:
        """A process in the namespaces of the cluster, by its number outside of them."""
        own = self._process.pid
        return int(Path(f"/proc/{own}/task/{own}/children").read_text().split()[0])

    @contextmanager
    def network(self) -> Iterator[None]:
        """This process, and those that it starts, are in the network of the cluster."""
        own = os.open("/proc/self/ns/net", os.O_RDONLY)
        other = os.open(f"/proc/{self.pid}/ns/net", os.O_RDONLY)
        libc = ctypes.CDLL(None, use_errno=True)
        try:
            assert libc.setns(other, _CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            yield
        finally:
            libc.setns(own, _CLONE_NEWNET)
            os.close(own)
            os.close(other)

    def load(self, archive: Path) -> None:
        """Gives the cluster more images, as ``docker save`` writes them."""
        _import(self.directory, archive)

    def stop(self) -> None:
        # The first process in there ends after all others, and `unshare` after it: what still writes would
        # put files into a directory that is being removed.
        try:
            os.kill(self.pid, signal.SIGKILL)
        except (OSError, IndexError):
            self._process.kill()  # it did not come so far
        self._process.wait()
        self._log.close()
        for parent in Path("/sys/fs/cgroup").glob("*"):
            _remove_group(parent / _group(self.directory))
        _remove_group(Path("/sys/fs/cgroup") / _group(self.directory))


def _ctr(directory: Path) -> list[str]:
    return ["ctr", "--address", str(directory / _SOCKET), "--namespace", "k8s.io"]


def _import(directory: Path, archive: Path) -> None:
    subprocess.run([*_ctr(directory), "images", "import", str(archive)], check=True, capture_output=True)


def _group(directory: Path) -> str:
    return f"kube-{directory.name}"


def _remove_group(path: Path) -> None:
    if not path.is_dir():
        return
    for below, _, _ in os.walk(path, topdown=False):
        for _ in range(50):
            try:
                os.rmdir(below)
                break
            except FileNotFoundError:
                break
            except OSError:
                time.sleep(0.02)


# -- inside of the namespaces


class _Inside:
    def __init__(self, directory: Path, program: Path, images: Sequence[Path]) -> None:
        self.directory, self.program, self.images = directory, program, images
        self.kubeconfig = directory / "kubeconfig"
        self.socket = directory / _SOCKET

    def run(self) -> None:
        self._network()
        self._mounts()
        self._keys()
        self._start(
            "etcd", "etcd", "--data-dir", self._at("etcd"), "--unsafe-no-fsync", "--log-level", "warn"
        )
        self._kube(
            *("apiserver", "--etcd-servers", "http://127.0.0.1:2379", "--bind-address", "127.0.0.1"),
            *(
                "--advertise-address",
                NODE,
                "--secure-port",
                "6443",
                "--tls-cert-file",
                self._at("server.crt"),
            ),
            *("--tls-private-key-file", self._at("server.key"), "--token-auth-file", self._at("tokens")),
            *(
                "--authorization-mode",
                "Node,RBAC",
                "--allow-privileged",
                "--endpoint-reconciler-type",
                "none",
            ),
            *("--service-account-issuer", "https://kubernetes.default.svc"),
            *("--service-account-key-file", self._at("sa.pub")),
            *("--service-account-signing-key-file", self._at("sa.key")),
            *("--service-cluster-ip-range", SERVICES, "--kubelet-preferred-address-types", "InternalIP"),
        )
        _until(lambda: self._get("/readyz") == b"ok")
        self._kube(
            *("controller-manager", "--kubeconfig", self._at("kubeconfig"), "--leader-elect=false"),
            *("--bind-address", "127.0.0.1", "--root-ca-file", self._at("ca.crt")),
            *("--service-account-private-key-file", self._at("sa.key")),
            *("--flex-volume-plugin-dir", self._at("plugins")),
        )
        self._kube(
            *("scheduler", "--kubeconfig", self._at("kubeconfig"), "--leader-elect=false"),
            *("--bind-address", "127.0.0.1"),
        )
        self._containerd()
        self._kubelet()
        (self.directory / "proxy.yaml").write_text(
            "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: nftables\n"
            f"clientConnection: {{kubeconfig: {self.kubeconfig}}}\nclusterCIDR: {PODS}\n"
            f"hostnameOverride: node1\n"
            "conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}\n"
        )
        self._kube("proxy", "--config", self._at("proxy.yaml"))
        threading.Thread(target=self._names, daemon=True).start()
        _until(self._is_node_ready)
        (self.directory / "ready").touch()
        signal.pause()

    def _at(self, name: str) -> str:
        return str(self.directory / name)

    def _start(self, log: str, *command: str) -> None:
        with (self.directory / f"{log}.log").open("wb") as file:
            subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def _kube(self, *command: str) -> None:
        self._start(command[0], str(self.program), *command)

    def _network(self) -> None:
        for command in (
            "ip link set lo up",
            f"ip addr add {NODE}/32 dev lo",
            f"ip route add {SERVICES} dev lo src {NODE}",
            "sysctl -qw net.ipv4.ip_forward=1",
        ):
            subprocess.run(command.split(), check=True)

    def _mounts(self) -> None:
        os.makedirs("/run/netns", exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run/netns"], check=True)
        for path in _PRIVATE:
            own = self.directory / "private" / path.strip("/").replace("/", "-")
            own.mkdir(parents=True)
            os.makedirs(path, exist_ok=True)
            subprocess.run(["mount", "--bind", own, path], check=True)
        for name in _OF_THE_MACHINE:
            setting = Path("/proc/sys") / name
            if setting.exists():
                own = self.directory / "private" / name.replace("/", "-")
                own.write_bytes(setting.read_bytes())
                subprocess.run(["mount", "--bind", own, setting], check=True)
        resolv = self.directory / "resolv.conf"
        resolv.write_text(f"nameserver {NODE}\n")

    def _keys(self) -> None:
        def openssl(*arguments: str) -> None:
            subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=self.directory)

        openssl("genrsa", "-out", "sa.key", "2048")
        openssl("rsa", "-in", "sa.key", "-pubout", "-out", "sa.pub")
        openssl(
            *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=ca"),
            *("-keyout", "ca.key", "-out", "ca.crt"),
        )
        openssl(
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kube", "-keyout", "server.key"),
            *("-out", "server.csr"),
        )
        (self.directory / "names").write_text(
            f"subjectAltName=IP:127.0.0.1,IP:10.96.0.1,IP:{NODE},DNS:kubernetes.default.svc\n"
        )
        openssl(
            *("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"),
            *("-days", "2", "-extfile", "names", "-out", "server.crt"),
        )
        (self.directory / "tokens").write_text(f'{TOKEN},tester,tester,"system:masters"\n')
        authority = base64.b64encode((self.directory / "ca.crt").read_bytes()).decode()
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": "test",
                    "cluster": {
                        "server": "https://127.0.0.1:6443",
                        "certificate-authority-data": authority,
                    },
                }
            ],
            "users": [{"name": "tester", "user": {"token": TOKEN}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "tester"}}],
            "current-context": "test",
        }
        self.kubeconfig.write_text(json.dumps(config))

    def _get(self, path: str) -> bytes:
        context = ssl.create_default_context(cafile=self._at("ca.crt"))
        connection = http.client.HTTPSConnection("127.0.0.1", 6443, timeout=5, context=context)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}"})
            return connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return b""
        finally:
            connection.close()

    def _containerd(self) -> None:
        cni = self.directory / "cni"
        cni.mkdir()
        (cni / "10-test.conflist").write_text(
            json.dumps(
                {
                    "cniVersion": "0.4.0",
                    "name": "test",
                    "plugins": [
                        {
                            "type": "bridge",
                            "bridge": "cni0",
                            "isGateway": True,
                            "ipMasq": False,
                            "hairpinMode": True,
                            "ipam": {
                                "type": "host-local",
                                "ranges": [[{"subnet": PODS}]],
                                "routes": [{"dst": "0.0.0.0/0"}],
                            },
                        },
                        {"type": "portmap", "capabilities": {"portMappings": True}},
                    ],
                }
            )
        )
        config = self.directory / "containerd.toml"
        config.write_text(
            f'version = 2\nroot = "{self._at("containerd")}"\nstate = "{self._at("containerd-state")}"\n'
            f'[grpc]\naddress = "{self.socket}"\n[ttrpc]\naddress = "{self.socket}.ttrpc"\n'
            '[plugins."io.containerd.grpc.v1.cri"]\n'
            f'sandbox_image = "{PAUSE}"\nrestrict_oom_score_adj = true\n'
            '[plugins."io.containerd.grpc.v1.cri".cni]\n'
            f'bin_dir = "/usr/lib/cni"\nconf_dir = "{cni}"\n'
        )
        self._start("containerd", "containerd", "--config", str(config))
        ctr = [*_ctr(self.directory), "version"]
        _until(lambda: subprocess.run(ctr, capture_output=True).returncode == 0)
        for image in self.images:
            _import(self.directory, image)

    def _kubelet(self) -> None:
        group = _group(self.directory)
        roots = Path("/sys/fs/cgroup")
        for hierarchy in (roots, *(path for path in roots.iterdir() if path.is_dir())):
            if not (hierarchy / "cgroup.procs").exists():
                continue
            own = hierarchy / group
            if own.exists() or hierarchy.is_symlink():
                continue
            try:
                own.mkdir()
            except OSError:
                continue
            for name in ("cpuset.cpus", "cpuset.mems"):
                if (hierarchy / name).exists():
                    (own / name).write_text((hierarchy / name).read_text())
            # Or all pods together would get no more of a machine that is busy than one process of the tests.
            for name, weight in (("cpu.shares", "20480"), ("cpu.weight", "2000")):
                if (own / name).exists():
                    (own / name).write_text(weight)
        config = {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "address": NODE,
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
            "authorization": {"mode": "AlwaysAllow"},
            "cgroupDriver": "cgroupfs",
            "cgroupRoot": f"/{group}",
            "enforceNodeAllocatable": [],
            "failSwapOn": False,
            "failCgroupV1": False,
            "oomScoreAdj": 0,
            "containerRuntimeEndpoint": f"unix://{self.socket}",
            "podLogsDir": "/var/log/pods",
            "resolvConf": self._at("resolv.conf"),
            "clusterDNS": [NODE],
            "clusterDomain": "cluster.local",
            "evictionHard": {"memory.available": "10Mi", "nodefs.available": "1%", "imagefs.available": "1%"},
            "syncFrequency": "1s",
            "nodeStatusUpdateFrequency": "2s",
        }
        (self.directory / "kubelet.yaml").write_text(json.dumps(config))
        self._kube(
            *("kubelet", "--config", self._at("kubelet.yaml"), "--kubeconfig", self._at("kubeconfig")),
            *("--root-dir", "/var/lib/kubelet", "--cert-dir", self._at("kubelet-certificates")),
            *("--hostname-override", "node1", "--node-ip", NODE),
        )

    def _is_node_ready(self) -> bool:
        try:
            node = json.loads(self._get("/api/v1/nodes/node1"))
        except ValueError:
            return False
        if node.get("kind") != "Node":
            return False
        conditions = node.get("status", {}).get("conditions", ())
        return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)

    # -- names: SERVICE.NAMESPACE.svc.cluster.local, and the pods of a StatefulSet before a headless one

    def _names(self) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.bind((NODE, 53))
        while True:
            question, asker = listener.recvfrom(512)
            try:
                listener.sendto(self._answer(question), asker)
            except (OSError, ValueError, IndexError, struct.error):
                continue

    def _answer(self, question: bytes) -> bytes:
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode())
            at += question[at] + 1
        asked = question[12 : at + 5]
        kind = struct.unpack(">H", question[at + 1 : at + 3])[0]
        known = self._addresses(labels)
        found = known if kind == 1 else []
        code = 0 if known else 3
        head = question[:2] + struct.pack(">HHHHH", 0x8400 | code, 1, len(found), 0, 0)
        answers = b"".join(
            b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 5, 4) + socket.inet_aton(address) for address in found
        )
        return head + asked + answers

    def _addresses(self, labels: Sequence[str]) -> list[str]:
        if list(labels[-3:]) != ["svc", "cluster", "local"] or len(labels) not in (5, 6):
            return []
        service, namespace = labels[-5], labels[-4]
        found = json.loads(self._get(f"/api/v1/namespaces/{namespace}/services/{service}"))
        if found.get("kind") != "Service":
            return []
        address = found["spec"].get("clusterIP", "None")
        if address != "None" and len(labels) == 5:
            return [address]
        ends = json.loads(self._get(f"/api/v1/namespaces/{namespace}/endpoints/{service}"))
        return [
            one["ip"]
            for subset in ends.get("subsets") or ()
            for one in subset.get("addresses") or ()
            if len(labels) == 5 or one.get("targetRef", {}).get("name") == labels[0]
        ]


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"{holds} did not become true")
        time.sleep(0.1)


def missing() -> str:
    """Which program a cluster needs and is not there; empty if none."""
    for name in ("etcd", "containerd", "runc", "ctr", "nft", "ip", "unshare", "openssl", "sysctl"):
        if shutil.which(name) is None:
            return f"there is no {name}"
    if not os.path.isdir("/usr/lib/cni"):
        return "there are no CNI plugins in /usr/lib/cni"
    return "" if os.geteuid() == 0 else "it takes root"


if __name__ == "__main__":
    place = Path(sys.argv[1])
    _Inside(place, Path(sys.argv[2]), [Path(one) for one in sys.argv[3:]]).run()
