"""The numbers that chapters 02 to 07 state about vanishing and exploding gradients, from NumPy alone."""
import json

import numpy as np

Wx = np.array([[0.1, 0.2], [0.3, 0.4]])
b = np.array([0.1, 0.1])
Why, by, y = np.array([[0.2, 0.3], [0.4, 0.5]]), np.array([0.1, 0.2]), np.array([1.0, 0.0])
x1, x2 = np.array([1.0, 2.0]), np.array([2.0, 3.0])
small = np.full((2, 2), 0.1)
nilpotent = np.array([[3.0, -3.0], [3.0, -3.0]])
size = np.linalg.norm


def sigma(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def from_the_loss(h):
    return Why.T @ (softmax(Why @ h + by) - y)


def rnn(Wh, xs):
    """The states, and the gradient at h_T, h_{T−1}, …, h_0."""
    states, h = [], np.zeros(2)
    for x in xs:
        h = np.tanh(Wx @ x + Wh @ h + b)
        states.append(h)
    gradients = [from_the_loss(h)]
    for h in reversed(states):
        gradients.append(Wh.T @ (gradients[-1] * (1 - h * h)))
    return states, gradients


def decay(Wh, xs):
    norms = [size(g) for g in rnn(Wh, xs)[1]]
    return [n / norms[0] for n in norms]


def growth(x, T=60):
    """e^λ₁: the mean growth of a difference of states, along the states."""
    v, logarithm = np.array([1.0, 0.0]), 0.0
    for h in rnn(nilpotent, [x] * T)[0]:
        v = (1 - h * h) * (nilpotent @ v)
        logarithm += np.log(size(v))
        v = v / size(v)
    return np.exp(logarithm / T)


def lstm(xs, forget_bias=None):
    """Steps of the lecture's LSTM, ∂h_t and ∂C_t for t = 0 … T."""
    bias = {g: b for g in "figo"}
    if forget_bias is not None:
        bias["f"] = np.full(2, float(forget_bias))
    h, C, steps = np.zeros(2), np.zeros(2), []
    for x in xs:
        z = {g: Wx @ x + Wx @ h + bias[g] for g in "figo"}
        s = {g: np.tanh(z[g]) if g == "g" else sigma(z[g]) for g in "figo"}
        before, C = C, s["f"] * C + s["i"] * s["g"]
        h = s["o"] * np.tanh(C)
        steps.append({**s, "before": before, "C": C, "h": h})
    T = len(xs)
    dh, dC, dz = [None] * (T + 1), [None] * (T + 1), [None] * (T + 1)
    h_next, C_next = from_the_loss(h), np.zeros(2)
    for t in range(T, 0, -1):
        s = steps[t - 1]
        dh[t], tanh = h_next, np.tanh(s["C"])
        dC[t] = C_next + dh[t] * s["o"] * (1 - tanh**2)
        dz[t] = (
            dC[t] * s["before"] * s["f"] * (1 - s["f"])
            + dC[t] * s["g"] * s["i"] * (1 - s["i"])
            + dC[t] * s["i"] * (1 - s["g"] ** 2)
            + dh[t] * tanh * s["o"] * (1 - s["o"])
        )
        h_next, C_next = Wx.T @ dz[t], dC[t] * s["f"]
    dh[0], dC[0] = h_next, C_next
    return steps, dh, dC, dz


steps, dh, dC, dz = lstm([x1, x2])
two = {
    "forgetGateAlone": size(dC[2] * steps[1]["f"]) / size(dC[2]),
    "total": size(dC[1]) / size(dC[2]),
    "intoC2": size(dC[2]) / size(dh[2]),
    "fromTheLoss": size(dC[1]) / size(dh[2]),
    "rnn": decay(Wx, [x1, x2])[1],
    "rnnSmall": decay(small, [x1, x2])[1],
    "dC2": dC[2].tolist(),
}

steps20, dh20, dC20, _ = lstm([x1] * 20)
twenty = {
    "perStep": size(dC20[10]) / size(dC20[11]),
    "f": steps20[-1]["f"].tolist(),
    "dh20": [size(rnn(Wx, [x1] * 20)[1][0]), size(dh20[20])],
}

bias = {}
for forget_bias in (-2, 0.1, 1, 2, 4):
    s, _, grads, _ = lstm([x1] + [np.zeros(2)] * 49, forget_bias)
    product = np.prod([step["f"] for step in s[1:]], axis=0).mean()
    bias[str(forget_bias)] = {
        "all": size(grads[1]) / size(grads[50]),
        "gates": product,
        "f": s[25]["f"].mean(),
    }

first = {}
for name, Wh in {"small": small, "same": Wx}.items():
    states, gradients = rnn(Wh, [x1, x2])
    z2, z1 = gradients[0] * (1 - states[1] ** 2), gradients[1] * (1 - states[0] ** 2)
    first[name] = size(np.outer(z1, x1)) / size(np.outer(z2, x2))

settled = rnn(small, [x1] * 50)[0][-1]
slopes = 1 - settled**2
far = decay(small, [x1] * 50)

print(
    json.dumps(
        {
            "longRun": {"[1, 2]": growth(x1), "[2, 3]": growth(x2), "[2, 2]": growth(np.array([2.0, 2.0]))},
            "after30Of60": decay(nilpotent, [x2] * 60)[30],
            "twoSteps": two,
            "twentySteps": twenty,
            "bias": bias,
            "firstStepShare": first,
            "settled": {
                "slopes": slopes.tolist(),
                "factor": 0.1 * slopes.sum(),
                "firstBelowFloat32": next(k for k, r in enumerate(far) if r < 2.0**-126),
            },
            "update": {
                "secondStep": size(np.outer(dz[2], x2)) / size(np.outer(dz[2], steps[0]["h"])),
                "h1": steps[0]["h"].tolist(),
            },
        }
    )
)
