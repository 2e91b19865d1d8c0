"""An LSTM unrolled in PyTorch, with a copy of C_t for each path on which a gradient comes back to it.

Reads {"cell": {"f": {"Wx", "Wh", "b"}, ...}, "head": {"W", "b"}, "x", "y", "h0", "c0"}, with peepholes {"i", "f", "o"}
if there are any, which are on the path to the gates of t + 1, and of o to h_t. Writes the gradient at
each copy, and that of the loss at each step alone at every C_t and h_t.
"""
import json
import sys

import torch

data = json.load(sys.stdin)
tensor = lambda value: torch.tensor(value, dtype=torch.float64)
cell = {gate: {key: tensor(value) for key, value in of.items()} for gate, of in data["cell"].items()}
W, b = tensor(data["head"]["W"]), tensor(data["head"]["b"])
c = tensor(data["c0"]).requires_grad_()
h = tensor(data["h0"]).requires_grad_()

p = {gate: tensor(data.get("peepholes", {}).get(gate, [0.0] * len(c))) for gate in "ifo"}

copies, states, losses = [], [(h, c)], []
to_gates, seen = h, c
for x, y in zip(data["x"], data["y"]):
    keep = c.clone()
    keep.retain_grad()
    copies and copies[-1].update(keep=keep)
    z = {gate: of["Wx"] @ tensor(x) + of["Wh"] @ to_gates + of["b"] for gate, of in cell.items()}
    f, i, g = (z["f"] + p["f"] * seen).sigmoid(), (z["i"] + p["i"] * seen).sigmoid(), z["g"].tanh()
    c = f * keep + i * g
    c.retain_grad()
    recurrent, output = c.clone(), c.clone()
    recurrent.retain_grad(), output.retain_grad()
    to_gates, to_head = [(z["o"] + p["o"] * copy).sigmoid() * copy.tanh() for copy in (recurrent, output)]
    seen = recurrent
    copies.append({"total": c, "recurrent": recurrent, "output": output})
    states.append(((to_gates, to_head), c))
    if y is not None:
        losses.append((len(states) - 1, -torch.log_softmax(W @ to_head + b, 0) @ tensor(y)))

sum(loss for _, loss in losses).backward(retain_graph=True)
grad = lambda t: None if t is None or t.grad is None else t.grad.tolist()
parts = [{name: grad(copy) for name, copy in step.items()} for step in copies]

alone = []
for s, loss in losses:
    c_grads = torch.autograd.grad(loss, [c for _, c in states[: s + 1]], retain_graph=True)
    alone.append({"s": s, "c": [g.norm().item() for g in c_grads]})
print(json.dumps({"parts": parts, "alone": alone}))
