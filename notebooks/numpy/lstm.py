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


def step_forward(a, c_prev):
    c = a["f"] * c_prev + a["i"] * a["g"]
    return c, a["o"] * np.tanh(c)


def forward(p, sample):
    h, c, steps, probabilities, loss = sample["h0"], sample["c0"], [], [], 0.0
    for x, y in zip(sample["x"], sample["y"]):
        before = {"x": x, "h_prev": h, "c_prev": c}
        a = gates(p, x, h)
        c, h = step_forward(a, c)
        steps.append({**before, **a, "c": c, "h": h})
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
    return {"dc": dc, "dz": dz, "dh_prev": dh_prev, "dc_prev": dc * s["f"]}


def back_through_time(p, steps, dlogits):
    dh_next = dc_next = np.zeros_like(steps[0]["h"])
    back = []
    for s, d in reversed(list(zip(steps, dlogits))):
        dh = dh_next if d is None else p["Why"].T @ d + dh_next
        at = step_backward(p, s, dh, dc_next)
        back.insert(0, {"dh": dh, **at})
        dh_next, dc_next = at["dh_prev"], at["dc_prev"]
    return back


def gate_gradients(dz, steps):
    return {
        "Wx": sum(np.outer(d, s["x"]) for d, s in zip(dz, steps)),
        "Wh": sum(np.outer(d, s["h_prev"]) for d, s in zip(dz, steps)),
        "b": sum(dz),
    }


def backward(p, sample):
    steps, probabilities, _ = forward(p, sample)
    dlogits = [None if y is None else q - y for q, y in zip(probabilities, sample["y"])]
    back = back_through_time(p, steps, dlogits)
    d = {k: gate_gradients([at["dz"][k] for at in back], steps) for k in GATES}
    d["Why"] = sum(np.outer(e, s["h"]) for e, s in zip(dlogits, steps) if e is not None)
    d["by"] = sum(e for e in dlogits if e is not None)
    return {
        "dh": [at["dh"] for at in back],
        "dc": [at["dc"] for at in back],
        "dx": [sum(p[k]["Wx"].T @ at["dz"][k] for k in GATES) for at in back],
        "dh0": back[0]["dh_prev"],
        "dc0": back[0]["dc_prev"],
        "gradients": d,
    }


def update(w, d, eta):
    return w - eta * d


def update_all(p, d, eta):
    return {k: update_all(v, d[k], eta) if isinstance(v, dict) else update(v, d[k], eta) for k, v in p.items()}


def train(p, sample, updates, eta):
    losses = []
    for _ in range(updates + 1):
        losses.append(forward(p, sample)[2])
        p = update_all(p, backward(p, sample)["gradients"], eta)
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
