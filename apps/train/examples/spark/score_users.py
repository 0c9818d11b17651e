"""Scores every user of a Towerkit artifact on Spark: the exported user tower in mapInPandas, the best k items of each.

    spark-submit score_users.py --artifact artifacts/shop --out lists [-k 10] [--batch 256]

The lists are those of `towerkit recommend --all`, as a folder of Parquet files: user, rank (from 1), item, score. It takes two-towers
whose user tower reads a history alone. Executors need numpy, pandas, pyarrow and onnxruntime.
"""

import argparse
import json
import os
import struct
import sys

import numpy as np
import pandas as pd
from pyspark import SparkFiles
from pyspark.sql import SparkSession

FILES = ["manifest.json", "items.parquet", "popularity.safetensors", "item_vectors.safetensors", "user_tower.onnx"]


def safetensors(path):
    """Tensors by name, and the metadata, of a safetensors file."""
    types = {"F32": np.float32, "I32": np.int32}
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        body = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, about in header.items():
        start, end = about["data_offsets"]
        tensors[name] = np.frombuffer(body[start:end], types[about["dtype"]]).reshape(about["shape"])
    return tensors, metadata


def supported(manifest):
    """Why the artifact cannot be scored here, or None."""
    model = manifest["model"]
    if manifest["kind"] != "two-tower":
        return f"a model of the kind {manifest['kind']} has no user tower"
    more = [*model.get("userInputs", []), *model.get("momentInputs", {})]
    if more or model.get("history") is not True:
        return f"the user tower reads more than a history: {', '.join(map(str, more)) or 'no history'}"
    if "feedback.parquet" in manifest["files"] or manifest.get("recipe", {}).get("repeats", "exclude") != "exclude":
        return "what its lists leave out is not the history alone"
    return None


class Scorer:
    """The tables of an artifact and its user tower, opened once in each Python process."""

    opened = None

    def __init__(self, folder):
        import onnxruntime
        import pyarrow.parquet as parquet

        with open(os.path.join(folder, "manifest.json")) as file:
            self.steps = json.load(file)["model"]["maxLength"]
        self.names = parquet.read_table(os.path.join(folder, "items.parquet"), columns=["id"])["id"].to_pylist()
        self.vectors = safetensors(os.path.join(folder, "item_vectors.safetensors"))[0]["vectors"]
        popularity, metadata = safetensors(os.path.join(folder, "popularity.safetensors"))
        self.counts = popularity["counts"].astype(np.float32)
        self.unlisted = np.array(json.loads(metadata.get("unlisted", "[]")), dtype=np.int64)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # Spark has a process for each core
        self.tower = onnxruntime.InferenceSession(
            os.path.join(folder, "user_tower.onnx"), options, providers=["CPUExecutionProvider"]
        )

    @classmethod
    def here(cls):
        if cls.opened is None:
            cls.opened = cls(SparkFiles.getRootDirectory())
        return cls.opened

    def lists(self, users, histories, k):
        """Rows of the best k items of some users, none of their histories."""
        vectors = np.zeros((len(users), self.steps, self.vectors.shape[1]), np.float32)
        mask = np.zeros((len(users), self.steps), np.float32)
        for row, history in enumerate(histories):
            last = history[-self.steps :]
            vectors[row, : len(last)] = self.vectors[last]
            mask[row, : len(last)] = 1
        (asked,) = self.tower.run(None, {"history": vectors, "mask": mask})
        scores = asked @ self.vectors.T
        for row, (user, history) in enumerate(zip(users, histories)):
            own = scores[row] if len(history) > 0 and np.any(scores[row]) else self.counts.copy()
            own[history] = -np.inf
            own[self.unlisted] = -np.inf
            best = np.argsort(-own, kind="stable")[:k]  # of equal scores the smaller id first
            for rank, item in enumerate(best[np.isfinite(own[best])]):
                yield user, rank + 1, self.names[item], float(own[item])


def score(k, batch):
    """A function for mapInPandas."""

    def run(parts):
        scorer = Scorer.here()
        for part in parts:
            for start in range(0, len(part), batch):
                some = part.iloc[start : start + batch]
                histories = [np.asarray(items, dtype=np.int64) for items in some["items"]]
                rows = scorer.lists(list(some["user"]), histories, k)
                yield pd.DataFrame(rows, columns=["user", "rank", "item", "score"])

    return run


def whole_histories(spark, folder, files):
    """Users with their training, validation and test items in that order: user, items."""
    from pyspark.sql import functions as f

    own = spark.read.parquet(os.path.join(folder, "histories.parquet"))
    rows = own.rdd.zipWithIndex().map(lambda pair: (pair[1], pair[0]["user"], list(pair[0]["items"] or [])))
    whole = spark.createDataFrame(rows, "row long, user string, items array<int>")
    for name in ["validation.parquet", "test.parquet"]:
        if name not in files:
            continue
        held = spark.read.parquet(os.path.join(folder, name)).select(
            f.col("user").cast("long").alias("row"), f.col("items").alias("held")
        )
        none = f.array().cast("array<int>")
        whole = whole.join(held, "row", "left").select(
            "row", "user", f.concat("items", f.coalesce("held", none)).alias("items")
        )
    return whole.select("user", "items")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--artifact", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("-k", type=int, default=10)
    parser.add_argument("--batch", type=int, default=256, help="users of one run of the tower")
    parser.add_argument("--partitions", type=int, help="parts of the users; Spark's own number when absent")
    args = parser.parse_args()
    if args.k < 1 or args.batch < 1:
        sys.exit("-k and --batch must be 1 or more")
    with open(os.path.join(args.artifact, "manifest.json")) as file:
        manifest = json.load(file)
    reason = supported(manifest)
    if reason:
        sys.exit(f"{args.artifact}: {reason}; towerkit recommend --all --shard I/N answers for it")
    spark = SparkSession.builder.appName("towerkit score users").getOrCreate()
    for name in FILES:
        spark.sparkContext.addFile(os.path.abspath(os.path.join(args.artifact, name)))
    users = whole_histories(spark, os.path.abspath(args.artifact), manifest["files"])
    if args.partitions:
        users = users.repartition(args.partitions)
    lists = users.mapInPandas(score(args.k, args.batch), "user string, rank int, item string, score float")
    lists.write.mode("error").parquet(args.out)
    spark.stop()


if __name__ == "__main__":
    main()
