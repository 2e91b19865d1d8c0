"""Writes optimizers.json and schedules.json into a folder from torch.optim in float64, clipping.json from torch.nn.utils,
fits.json from networks that are trained with all of them, and truncated.json from networks that are trained by truncated backpropagation through time with detach():
`python3 write.py FOLDER`."""

import json
import random
import sys
from pathlib import Path

import torch
from torch.optim import lr_scheduler

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
folder = Path(sys.argv[1])
rng = random.Random(5)

UPDATES = 20
start = [round(rng.uniform(-1, 1), 3) for _ in range(6)]
# Of sizes from 1e-3 to 10, and one weight that never has a gradient.
gradients = [[float(f"{rng.uniform(-1, 1) * 10 ** (k - 3):.3g}") for k in range(5)] + [0.0] for _ in range(UPDATES)]

# Options of the library beside torch's; both are written here so that a name cannot be mapped wrongly by a rule.
CASES = [
    ("sgd", {"lr": 0.1}, torch.optim.SGD, {"lr": 0.1}),
    ("sgd", {"lr": 0.1, "weightDecay": 0.05}, torch.optim.SGD, {"lr": 0.1, "weight_decay": 0.05}),
    ("sgd", {"lr": 0.05, "momentum": 0.9}, torch.optim.SGD, {"lr": 0.05, "momentum": 0.9}),
    (
        "sgd",
        {"lr": 0.05, "momentum": 0.8, "dampening": 0.3, "weightDecay": 0.02},
        torch.optim.SGD,
        {"lr": 0.05, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.02},
    ),
    (
        "sgd",
        {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weightDecay": 0.02},
        torch.optim.SGD,
        {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.02},
    ),
    ("rmsProp", {}, torch.optim.RMSprop, {}),
    (
        "rmsProp",
        {"lr": 0.02, "alpha": 0.9, "eps": 1e-4, "weightDecay": 0.1},
        torch.optim.RMSprop,
        {"lr": 0.02, "alpha": 0.9, "eps": 1e-4, "weight_decay": 0.1},
    ),
    (
        "rmsProp",
        {"lr": 0.02, "momentum": 0.7, "weightDecay": 0.1},
        torch.optim.RMSprop,
        {"lr": 0.02, "momentum": 0.7, "weight_decay": 0.1},
    ),
    (
        "rmsProp",
        {"lr": 0.02, "momentum": 0.7, "centered": True},
        torch.optim.RMSprop,
        {"lr": 0.02, "momentum": 0.7, "centered": True},
    ),
    ("adam", {}, torch.optim.Adam, {}),
    (
        "adam",
        {"lr": 0.02, "betas": [0.8, 0.95], "eps": 1e-5, "weightDecay": 0.1},
        torch.optim.Adam,
        {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-5, "weight_decay": 0.1},
    ),
    ("adamW", {"lr": 0.1}, torch.optim.AdamW, {"lr": 0.1}),
    (
        "adamW",
        {"lr": 0.02, "betas": [0.8, 0.95], "weightDecay": 0.3},
        torch.optim.AdamW,
        {"lr": 0.02, "betas": (0.8, 0.95), "weight_decay": 0.3},
    ),
]


def weights_after_each_update(make, options):
    w = torch.tensor(start, requires_grad=True)
    optimizer = make([w], **{"lr": 0.01 if make is torch.optim.RMSprop else 0.001, **options})
    for gradient in gradients:
        w.grad = torch.tensor(gradient)
        optimizer.step()
        yield w.tolist()


optimizers = {
    "start": start,
    "gradients": gradients,
    "cases": [
        {"rule": rule, "options": options, "expected": list(weights_after_each_update(make, theirs))}
        for rule, options, make, theirs in CASES
    ],
}


def clipped(clip):
    parameters = [torch.zeros(4), torch.zeros(2)]
    for parameter, part in zip(parameters, [gradients[0][:4], gradients[0][4:]]):
        parameter.grad = torch.tensor(part)
    clip(parameters)
    return [value for parameter in parameters for value in parameter.grad.tolist()]


utils = torch.nn.utils
clipping = [
    {"options": {"maxNorm": 0.7}, "expected": clipped(lambda p: utils.clip_grad_norm_(p, 0.7))},
    {"options": {"maxNorm": 100}, "expected": clipped(lambda p: utils.clip_grad_norm_(p, 100))},
    {"options": {"maxValue": 0.05}, "expected": clipped(lambda p: utils.clip_grad_value_(p, 0.05))},
]

losses = [1.0, 0.8, 0.7995, 0.9, 0.79999, 0.81, 0.5, 0.5, 0.6, 0.4999, 0.7, 0.4, 0.41, 0.42, 0.43, 0.44, 0.45, 0.46, 0.47, 0.48]


def factors(make, observe=False):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    for n in range(UPDATES):
        yield optimizer.param_groups[0]["lr"]
        optimizer.step()
        scheduler.step(losses[n]) if observe else scheduler.step()


schedules = {
    "losses": losses,
    "cases": [
        {
            "schedule": "stepDecay",
            "options": {"every": 3, "factor": 0.5},
            "expected": list(factors(lambda o: lr_scheduler.StepLR(o, 3, gamma=0.5))),
        },
        {
            "schedule": "stepDecay",
            "options": {"every": 1, "factor": 0.9},
            "expected": list(factors(lambda o: lr_scheduler.ExponentialLR(o, 0.9))),
        },
        {
            "schedule": "cosineDecay",
            "options": {"updates": 25, "lowest": 0.1},
            "expected": list(factors(lambda o: lr_scheduler.CosineAnnealingLR(o, 25, eta_min=0.1))),
        },
        {
            "schedule": "warmUp",
            "options": {"updates": 7, "start": 0.2},
            "expected": list(factors(lambda o: lr_scheduler.LinearLR(o, start_factor=0.2, total_iters=7))),
        },
        {
            "schedule": "reduceOnPlateau",
            "options": {"factor": 0.5, "patience": 2, "threshold": 1e-3, "lowest": 0.1},
            "expected": list(
                factors(
                    lambda o: lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=2, threshold=1e-3, min_lr=0.1, eps=0),
                    observe=True,
                )
            ),
        },
    ],
}

T, B, I, H, K = 11, 2, 3, 4, 2


def truncated(cell, k1, k2):
    """SGD after every k1 steps. States are kept and detached; the k2 steps before are computed anew from there."""
    torch.manual_seed(3)
    rnn, head = getattr(torch.nn, cell)(I, H), torch.nn.Linear(H, K)
    parameters = {
        **{f"rnn.{name}": value for name, value in rnn.named_parameters()},
        **{f"head.{name}": value for name, value in head.named_parameters()},
    }
    with torch.no_grad():
        for value in parameters.values():
            value.mul_(1000).round_().div_(1000)
    x = torch.randn(T, B, I).mul(1000).round().div(1000)
    y = torch.randn(T, B, K).mul(1000).round().div(1000)
    case = {"cell": cell, "k1": k1, "k2": k2, "x": x.tolist(), "y": y.tolist(), "losses": []}
    case["start"] = {name: value.tolist() for name, value in parameters.items()}
    optimizer = torch.optim.SGD(parameters.values(), lr=0.1)
    zeros = torch.zeros(1, B, H)
    states = {0: (zeros, zeros) if cell == "LSTM" else zeros}
    for end in [*range(k1, T, k1), T]:
        begin = max(0, end - k2)
        state, outputs = states[begin], []
        for t in range(begin, end):
            output, state = rnn(x[t : t + 1], state)
            outputs.append(output)
            states[t + 1] = tuple(part.detach() for part in state) if cell == "LSTM" else state.detach()
        counted = end - (end - 1) // k1 * k1
        predictions = head(torch.cat(outputs)[-counted:])
        loss = torch.nn.functional.mse_loss(predictions, y[end - counted : end])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        case["losses"].append(loss.item())
    case["expected"] = {name: value.tolist() for name, value in parameters.items()}
    return case


truncations = [truncated("LSTM", k1, k2) for k1, k2 in [(3, 3), (2, 5), (1, 4), (4, 11), (11, 11)]]
truncations += [truncated(cell, 2, 5) for cell in ("GRU", "RNN")]



def fitted(cell, layers, make, decay, groups=()):
    """Several batches in turn: gradients clipped by their global norm, a learning rate that falls, an optimiser with state.
    groups: parameter groups as (part of a name, options); None instead of options freezes."""
    torch.manual_seed(7)
    rnn, head = getattr(torch.nn, cell)(I, H, num_layers=layers), torch.nn.Linear(H, K)
    parameters = {
        **{f"rnn.{name}": value for name, value in rnn.named_parameters()},
        **{f"head.{name}": value for name, value in head.named_parameters()},
    }
    with torch.no_grad():
        for value in parameters.values():
            value.mul_(1000).round_().div_(1000)
    case = {"cell": cell, "layers": layers, "rule": make.__name__, "decay": decay, "rows": []}
    case["start"] = {name: value.tolist() for name, value in parameters.items()}
    batches = [(torch.randn(T, B, I).mul(1000).round().div(1000), torch.randint(K, (B,))) for _ in range(3)]
    case["batches"] = [{"x": x.tolist(), "y": y.tolist()} for x, y in batches]
    matched = {part: [name for name in parameters if part in name] for part, _ in groups}
    others = [name for name in parameters if not any(name in names for names in matched.values())]
    for part, options in groups:
        for name in matched[part]:
            parameters[name].requires_grad_(options is not None)
    if groups:
        ours = {"lr": "lr", "weight_decay": "weightDecay"}
        case["groups"] = [
            {"part": part, "options": options and {ours[key]: value for key, value in options.items()}}
            for part, options in groups
        ]
    optimizer = make(
        [{"params": [parameters[name] for name in others]}]
        + [{"params": [parameters[name] for name in matched[part]], **options} for part, options in groups if options],
        lr=0.05,
        weight_decay=decay,
    )
    # CosineAnnealingLR's eta_min is one number for all groups.
    if groups:
        scheduler = lr_scheduler.ExponentialLR(optimizer, 0.9)
    else:
        scheduler = lr_scheduler.CosineAnnealingLR(optimizer, UPDATES, eta_min=0.05 * 0.1)
    for n in range(UPDATES):
        x, y = batches[n % len(batches)]
        loss = torch.nn.functional.cross_entropy(head(rnn(x)[0][-1]), y)
        optimizer.zero_grad()
        loss.backward()
        gradients = [value.grad for value in parameters.values() if value.grad is not None]
        norm = torch.cat([gradient.flatten() for gradient in gradients]).norm()
        # clip_grad_norm_ without the 1e-6 that it adds to the norm.
        for gradient in gradients:
            gradient.mul_(min(1, 0.3 / norm))
        case["rows"].append({"loss": loss.item(), "gradientNorm": norm.item(), "lr": optimizer.param_groups[0]["lr"]})
        optimizer.step()
        scheduler.step()
    case["expected"] = {name: value.tolist() for name, value in parameters.items()}
    return case


fits = [
    fitted("LSTM", 2, torch.optim.AdamW, 0.1),
    fitted("GRU", 1, torch.optim.Adam, 0),
    fitted("RNN", 1, torch.optim.RMSprop, 0.01),
]

grouped = [
    fitted("LSTM", 2, torch.optim.AdamW, 0.1, [("bias", {"weight_decay": 0}), ("head.weight", {"lr": 0.2})]),
    fitted("GRU", 2, torch.optim.Adam, 0.2, [("_l0", None), ("head", {"lr": 0.01, "weight_decay": 0.4})]),
]

for name, content in [
    ("fits", fits),
    ("groups", grouped),
    ("optimizers", optimizers),
    ("schedules", schedules),
    ("clipping", clipping),
    ("truncated", truncations),
]:
    (folder / f"{name}.json").write_text(json.dumps(content) + "\n")
