"""Factors of Spark MLlib's implicit ALS for the start of a tower.

    spark-submit train_als.py --interactions FILE.csv --user user_id --item item_id --out factors [--factors 64]

Writes factors/items.parquet and factors/users.parquet: id, vector. A config starts from them:

    start: { items: { from: 'factors/items.parquet' } }
"""

import argparse
import os
import shutil

from pyspark.ml.recommendation import ALS
from pyspark.sql import SparkSession, functions as f


def numbered(spark, names, column):
    """Each id with a whole number, which ALS asks for."""
    rows = names.select(column).distinct().orderBy(column).rdd.map(lambda row: row[0]).zipWithIndex()
    return spark.createDataFrame(rows, f"{column} string, {column}_number int")


def write(factors, ids, column, out):
    """One Parquet file of ids and vectors, under a temporary name until it is whole."""
    aside = out + ".tmp"
    table = factors.withColumnRenamed("id", f"{column}_number").join(ids, f"{column}_number")
    table.select(f.col(column).alias("id"), f.col("features").alias("vector")).coalesce(1).write.mode(
        "overwrite"
    ).parquet(aside)
    (part,) = [name for name in os.listdir(aside) if name.startswith("part-")]
    os.replace(os.path.join(aside, part), out)
    shutil.rmtree(aside)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", required=True, help="CSV with a header, or Parquet")
    parser.add_argument("--user", required=True, help="column of users")
    parser.add_argument("--item", required=True, help="column of items")
    parser.add_argument("--out", required=True, help="a folder")
    parser.add_argument("--factors", type=int, default=64, help="as many as the tower's vectors have dimensions")
    parser.add_argument("--iterations", type=int, default=10)
    parser.add_argument("--regularization", type=float, default=0.01)
    parser.add_argument("--alpha", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    spark = SparkSession.builder.appName("towerkit als").getOrCreate()
    reader = spark.read.option("header", True)
    file = args.interactions
    log = reader.parquet(file) if file.endswith(".parquet") else reader.csv(file)
    log = log.select(f.col(args.user).cast("string").alias("user"), f.col(args.item).cast("string").alias("item"))
    users, items = numbered(spark, log, "user"), numbered(spark, log, "item")
    counts = log.groupBy("user", "item").count().join(users, "user").join(items, "item")
    model = ALS(
        implicitPrefs=True,
        rank=args.factors,
        maxIter=args.iterations,
        regParam=args.regularization,
        alpha=args.alpha,
        seed=args.seed,
        userCol="user_number",
        itemCol="item_number",
        ratingCol="count",
    ).fit(counts)
    os.makedirs(args.out, exist_ok=True)
    write(model.itemFactors, items, "item", os.path.join(args.out, "items.parquet"))
    write(model.userFactors, users, "user", os.path.join(args.out, "users.parquet"))
    spark.stop()


if __name__ == "__main__":
    main()
