"""The LSTM of notebook 08 in NumPy, piece by piece; slides 29-59 of the lecture "RNN과 LSTM" by ONECLICK AI.

    python3 lstm.py              the slides' numbers, with a set of weights for each gate
    python3 lstm.py case.json    {"parameters": …, "sample": …, "updates": 200, "eta": 0.1}

prints the loss, the states and every gradient as JSON, and the loss before each update by gradient descent.
"""

import json
import sys

import numpy as np

GATES = ["f", "i", "g", "o"]  # g is the candidate, C̃ on the slides


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def gates(p, x, h_prev):
    z = {k: p[k]["Wx"] @ x + p[k]["Wh"] @ h_prev + p[k]["b"] for k in GATES}
    return {"f": sigmoid(z["f"]), "i": sigmoid(z["i"]), "g": np.tanh(z["g"]), "o": sigmoid(z["o"])}


def step_forward(p, x, h_prev, c_prev):
    a = gates(p, x, h_prev)
    c = a["f"] * c_prev + a["i"] * a["g"]
    h = a["o"] * np.tanh(c)
    return {**a, "x": x, "h_prev": h_prev, "c_prev": c_prev, "c": c, "h": h}


def forward(p, sample):
    h, c, steps, probabilities, loss = sample["h0"], sample["c0"], [], [], 0.0
    for x, y in zip(sample["x"], sample["y"]):
        step = step_forward(p, x, h, c)
        h, c = step["h"], step["c"]
        steps.append(step)
        probabilities.append(softmax(p["Why"] @ h + p["by"]))
        if y is not None:
            loss -= y @ np.log(probabilities[-1])
    return steps, probabilities, loss


def step_backward(p, s, dh, dc_next):
    tanh_c = np.tanh(s["c"])
    dc = dc_next + dh * s["o"] * (1 - tanh_c**2)
    dz = {
        "f": dc * s["c_prev"] * s["f"] * (1 - s["f"]),
        "i": dc * s["g"] * s["i"] * (1 - s["i"]),
        "g": dc * s["i"] * (1 - s["g"] ** 2),
        "o": dh * tanh_c * s["o"] * (1 - s["o"]),
    }
    dh_prev = sum(p[k]["Wh"].T @ dz[k] for k in GATES)
    return dc, dz, dh_prev, dc * s["f"]


def zeros_like(tree):
    return {k: zeros_like(v) if isinstance(v, dict) else np.zeros_like(v) for k, v in tree.items()}


def backward(p, sample):
    steps, probabilities, _ = forward(p, sample)
    d = zeros_like(p)
    dh_next, dc_next = np.zeros_like(sample["h0"]), np.zeros_like(sample["c0"])
    dhs, dcs, dxs = [], [], []
    for s, q, y in reversed(list(zip(steps, probabilities, sample["y"]))):
        dh = dh_next
        if y is not None:
            d["Why"] += np.outer(q - y, s["h"])
            d["by"] += q - y
            dh = dh + p["Why"].T @ (q - y)
        dc, dz, dh_next, dc_next = step_backward(p, s, dh, dc_next)
        for k in GATES:
            d[k]["Wx"] += np.outer(dz[k], s["x"])
            d[k]["Wh"] += np.outer(dz[k], s["h_prev"])
            d[k]["b"] += dz[k]
        dhs.insert(0, dh)
        dcs.insert(0, dc)
        dxs.insert(0, sum(p[k]["Wx"].T @ dz[k] for k in GATES))
    return {"dh": dhs, "dc": dcs, "dx": dxs, "dh0": dh_next, "dc0": dc_next, "gradients": d}


def update(p, d, eta):
    return {k: update(v, d[k], eta) if isinstance(v, dict) else v - eta * d[k] for k, v in p.items()}


def train(p, sample, updates, eta):
    losses = []
    for _ in range(updates + 1):
        losses.append(forward(p, sample)[2])
        p = update(p, backward(p, sample)["gradients"], eta)
    return losses


def arrays(tree):
    """Lists of numbers become arrays, in whatever they are nested."""
    if isinstance(tree, dict):
        return {k: arrays(v) for k, v in tree.items()}
    return tree if tree is None else np.array(tree, dtype=float)


def slide_35():
    W = [[0.1, 0.2], [0.3, 0.4]]
    gate = {"Wx": W, "Wh": W, "b": [0.1, 0.1]}
    return {
        "parameters": {**{k: gate for k in GATES}, "Why": [[0.2, 0.3], [0.4, 0.5]], "by": [0.1, 0.2]},
        "sample": {"x": [[1, 2], [2, 3]], "y": [None, [1, 0]], "h0": [0, 0], "c0": [0, 0]},
        "updates": 200,
        "eta": 0.1,
    }


def main(path=None):
    case = slide_35() if path is None else json.load(open(path, encoding="utf-8"))
    p, sample = arrays(case["parameters"]), {**case["sample"]}
    for key in ("x", "h0", "c0"):
        sample[key] = arrays(sample[key])
    sample["y"] = [arrays(y) for y in sample["y"]]
    steps, _, loss = forward(p, sample)
    result = {"loss": loss, "h": [s["h"] for s in steps], "c": [s["c"] for s in steps], **backward(p, sample)}
    result["losses"] = train(p, sample, case["updates"], case["eta"])
    print(json.dumps(result, default=lambda a: a.tolist()))


if __name__ == "__main__":
    main(*sys.argv[1:])
