"""Fits and tests one of Surprise's algorithms on one fold: `surprise_ratings.py NAME TRAIN TEST [--predictions]`.

TRAIN and TEST are files of `user item rating` lines. Prints one JSON object: rmse, mae, fit and test seconds, and the predictions
in the order of TEST where they are asked for.
"""

import json
import math
import sys
import time

from surprise import (
    SVD,
    SVDpp,
    BaselineOnly,
    Dataset,
    KNNBaseline,
    KNNBasic,
    KNNWithMeans,
    Reader,
)

QUIET = {"verbose": False}
ALGORITHMS = {
    "svd": lambda: SVD(random_state=0),
    "svd++": lambda: SVDpp(random_state=0, cache_ratings=True),
    "bias": lambda: BaselineOnly(**QUIET),
    "user-knn": lambda: KNNBasic(**QUIET),
    "user-knn-means": lambda: KNNWithMeans(**QUIET),
    "item-knn-baseline": lambda: KNNBaseline(
        sim_options={"name": "pearson_baseline", "user_based": False}, **QUIET
    ),
}


def main(name, train, test, *options):
    reader = Reader(line_format="user item rating", sep=" ", rating_scale=(1, 5))
    trainset = Dataset.load_from_file(train, reader=reader).build_full_trainset()
    with open(test) as file:
        testset = [(u, i, float(r)) for u, i, r in (line.split() for line in file)]
    model = ALGORITHMS[name]()
    start = time.perf_counter()
    model.fit(trainset)
    fitted = time.perf_counter()
    predictions = model.test(testset)
    tested = time.perf_counter()
    errors = [p.est - p.r_ui for p in predictions]
    print(
        json.dumps(
            {
                "rmse": math.sqrt(sum(e * e for e in errors) / len(errors)),
                "mae": sum(abs(e) for e in errors) / len(errors),
                "fitSeconds": fitted - start,
                "testSeconds": tested - fitted,
                **(
                    {"predictions": [p.est for p in predictions]}
                    if "--predictions" in options
                    else {}
                ),
            }
        )
    )


main(*sys.argv[1:])
