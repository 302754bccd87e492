"""A Spark cluster of one master and two workers on this machine, reached by loopback alone."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark
from pyspark.sql import SparkSession

HOME = Path(pyspark.__file__).parent
HOST = "127.0.0.1"
# Short work: compile quickly rather than well.
JAVA = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto"
PATIENCE = 60  # seconds
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.host": HOST,
    "spark.driver.bindAddress": HOST,
    "spark.executor.memory": "600m",
    "spark.executor.extraJavaOptions": JAVA,
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    # Two partitions meet on two workers; no plan is worth thinking over twice.
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.scheduler.minRegisteredResourcesRatio": "1.0",
    "spark.scheduler.maxRegisteredResourcesWaitingTime": f"{PATIENCE}s",
}


@contextmanager
def cluster(folder: Path) -> Iterator[SparkSession]:
    """Start a cluster, give a session on it, and end both."""
    port = _free_port()
    master = f"spark://{HOST}:{port}"
    with ExitStack() as stack:
        stack.enter_context(
            _daemon(
                folder,
                "master",
                "org.apache.spark.deploy.master.Master",
                *("--host", HOST, "--port", str(port), "--webui-port", "0"),
            )
        )
        _wait_for(port)
        for number in (1, 2):
            stack.enter_context(
                _daemon(
                    folder,
                    f"worker{number}",
                    "org.apache.spark.deploy.worker.Worker",
                    *("--host", HOST, "--cores", "1", "--memory", "800m", "--webui-port", "0"),
                    *("--work-dir", str(folder / f"work{number}"), master),
                )
            )
        yield stack.enter_context(_session(master))


@contextmanager
def _session(master: str) -> Iterator[SparkSession]:
    before = dict(os.environ)
    os.environ |= {
        "SPARK_LOCAL_IP": HOST,
        "PYSPARK_SUBMIT_ARGS": f'--driver-java-options "{JAVA}" pyspark-shell',
    }
    builder = SparkSession.builder.master(master).appName("tests")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()
        os.environ.clear()
        os.environ |= before


@contextmanager
def _daemon(folder: Path, name: str, *command: str) -> Iterator[None]:
    environment = os.environ | {
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": JAVA,
    }
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            ["bash", str(HOME / "bin/spark-class"), *command],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            socket.create_connection((HOST, port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"no master on port {port}")
