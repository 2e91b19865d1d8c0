# Writes reports.json: what scikit-learn says of outputs and targets.
#
#     python3 test/vectors/sklearn/write.py test/vectors/sklearn

import json
import sys

import numpy as np
from sklearn import metrics

rng = np.random.default_rng(5)


def classes(n, k, spare):
    """Outputs of n rows for k classes, right more often than not; the last `spare` classes never occur."""
    y = rng.integers(0, k - spare, n)
    z = np.round(rng.normal(size=(n, k)), 2)
    z[np.arange(n), y] += 1.0
    z[:, k - spare :] -= 10 if spare > 1 else 0
    predicted = z.argmax(axis=1)
    labels = np.arange(k)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        y, predicted, labels=labels, zero_division=0
    )
    return {
        "z": z.tolist(),
        "y": y.tolist(),
        "accuracy": metrics.accuracy_score(y, predicted),
        "macroF1": metrics.f1_score(y, predicted, average="macro", zero_division=0),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "confusion": metrics.confusion_matrix(y, predicted, labels=labels).tolist(),
    }


def binary(n):
    # One decimal: many outputs are equal.
    y = (rng.random(n) < 0.2).astype(int)
    z = np.round(rng.normal(size=n) + 1.2 * y - 0.5, 1)
    predicted = (z >= 0).astype(int)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(y, predicted, zero_division=0)
    return {
        "z": z.tolist(),
        "y": y.tolist(),
        "accuracy": metrics.accuracy_score(y, predicted),
        "macroF1": metrics.f1_score(y, predicted, average="macro"),
        "auc": metrics.roc_auc_score(y, z),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "confusion": metrics.confusion_matrix(y, predicted).tolist(),
    }


def regression(n, k):
    y = np.round(rng.normal(size=(n, k)) * np.array([1.0, 30.0, 0.0])[:k] + 2.0, 3)
    z = np.round(y + rng.normal(size=(n, k)) * np.array([0.5, 20.0, 0.1])[:k], 3)
    raw = {"multioutput": "raw_values"}
    return {
        "z": z.tolist(),
        "y": y.tolist(),
        "mae": metrics.mean_absolute_error(y, z, **raw).tolist(),
        "rmse": metrics.mean_squared_error(y, z, squared=False, **raw).tolist(),
        "r2": metrics.r2_score(y, z, **raw).tolist(),
        "all": [
            metrics.mean_absolute_error(y, z),
            metrics.mean_squared_error(y, z, squared=False),
            metrics.r2_score(y, z),
        ],
    }


reports = {
    "classes": classes(60, 4, 0),
    "neverThere": classes(30, 5, 2),
    "predictedOnly": classes(40, 3, 1),
    "binary": binary(80),
    "regression": regression(25, 3),
}
with open(f"{sys.argv[1]}/reports.json", "w") as file:
    json.dump(reports, file, separators=(",", ":"))
    file.write("\n")
