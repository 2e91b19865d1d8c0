"""Writes the fixtures in this folder from PyTorch in float64: `python3 write.py FOLDER`.

Every recurrent layer is computed twice: by plain torch operations, one sequence and one step at a time, which also gives
the gates, c_t and the total gradients at every step, and by torch.nn where it has the layer (packed where lengths differ).
The two must agree; what is written as output and gradient is torch.nn's. Inputs have three decimals, so that a fixture is
small and both sides read the same numbers.
"""

import json
import random
import sys
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

GATES = {"rnn_tanh": 1, "rnn_relu": 1, "rnn_identity": 1, "lstm": 4, "gru": 3, "gru_reset_before": 3, "min_gru": 2,
         "min_lstm": 3, "slstm": 4, "mlstm": 4, "lstm_peephole": 4, "lru": 1, "lstm_layer_norm": 4}
PROJECTED = "lstm_projected"  # torch.nn.LSTM with proj_size, to the library an "lstm" with projSize
GATES_OF = {**GATES, PROJECTED: 4}
IN_TORCH = ("rnn_tanh", "rnn_relu", "lstm", "gru", PROJECTED)
INPUT_GATED = ("min_gru", "min_lstm")  # h_t is linear in h_{t-1}
NO_WH = (*INPUT_GATED, "mlstm", "lru")
CELL_STATES = {"lstm": lambda H: H, "slstm": lambda H: 3 * H, "mlstm": lambda H: H * H + H + 1,
               "lstm_peephole": lambda H: H, "lstm_layer_norm": lambda H: H,
               PROJECTED: lambda H: H}  # the numbers of c
# What a cell has besides W_x, W_h and b, and its shape; the biases where there are any.
OWN = {"lstm_peephole": {"weight_ch": lambda H: (3 * H,)}, "lru": {"lambda": lambda H: (3, H // 2)},
       "lstm_layer_norm": {"gain_ih": lambda H: (4 * H,), "gain_hh": lambda H: (4 * H,), "gain_ch": lambda H: (H,)}}
OWN_BIASES = {"lstm_layer_norm": {"bias_ch": lambda H: (H,)}}


def gate_rows(cell, H):
    """Those of W_x: of an mLSTM i and f have one each."""
    return GATES_OF[cell] * H + (2 if cell == "mlstm" else 0)


def h_size(cell, H):
    """The elements of h."""
    return H - 1 if cell == PROJECTED else H


def fitting(cell, H, biases):
    """An LRU has an even H and no bias; what has no W_h has at most one."""
    if cell == "lru":
        return H + H % 2, 0
    return H, min(biases, 1) if cell in NO_WH else biases


def numbers(rng, *shape, scale=1.0):
    if not shape:
        return round(scale * rng.uniform(-1, 1), 3)
    return [numbers(rng, *shape[1:], scale=scale) for _ in range(shape[0])]


def leaf(values):
    return torch.tensor(values, requires_grad=True)


def cell_state(rng, cell, *shape):
    """Of an sLSTM c, n and m, of which n is positive; of an mLSTM C, n and m."""
    if cell == "mlstm":
        *outer, H = shape
        return numbers(rng, *outer, CELL_STATES[cell](H), scale=0.8)
    if cell != "slstm":
        return numbers(rng, *shape, scale=0.8)
    rows = lambda: torch.tensor(numbers(rng, *shape, scale=0.8))
    return torch.cat([rows(), 1 + rows(), rows()], -1).mul(1000).round().div(1000).tolist()


def layer_parameters(rng, cell, I, H, layers=1, bidirectional=False, biases=1):
    """Nested lists under the keys of the library: PyTorch's, with `bias_l0` where there is one bias."""
    R, P, D = gate_rows(cell, H), h_size(cell, H), 2 if bidirectional else 1
    values = {}
    for layer in range(layers):
        for suffix in ["", "_reverse"][:D]:
            key = f"l{layer}{suffix}"
            values[f"weight_ih_{key}"] = numbers(rng, R, I if layer == 0 else D * P, scale=0.7)
            if cell not in NO_WH:
                values[f"weight_hh_{key}"] = numbers(rng, R, P, scale=0.7)
            for name, shape in OWN.get(cell, {}).items():
                values[f"{name}_{key}"] = numbers(rng, *shape(H), scale=0.7)
            if biases == 1:
                values[f"bias_{key}"] = numbers(rng, R, scale=0.5)
                if cell == "gru":
                    values[f"bias_hn_{key}"] = numbers(rng, H, scale=0.5)
            if biases == 2:
                values[f"bias_ih_{key}"] = numbers(rng, R, scale=0.5)
                values[f"bias_hh_{key}"] = numbers(rng, R, scale=0.5)
            for name, shape in OWN_BIASES.get(cell, {}).items() if biases else ():
                values[f"{name}_{key}"] = numbers(rng, *shape(H), scale=0.5)
            if cell == PROJECTED:
                values[f"weight_hr_{key}"] = numbers(rng, P, H, scale=0.7)
    return values


def two_biases(cell, parameters, key, GH, H):
    """PyTorch's pair of biases, whatever number of biases the layer has."""
    if f"bias_ih_{key}" in parameters:
        return parameters[f"bias_ih_{key}"], parameters[f"bias_hh_{key}"]
    zeros = torch.zeros(GH)
    if f"bias_{key}" not in parameters:
        return zeros, zeros
    if cell == "gru":
        return parameters[f"bias_{key}"], torch.cat([zeros[: 2 * H], parameters[f"bias_hn_{key}"]])
    return parameters[f"bias_{key}"], zeros


def own_parameters(cell, parameters, key):
    names = [*OWN.get(cell, {}), *OWN_BIASES.get(cell, {}), "weight_hr"]
    return {name: parameters[f"{name}_{key}"] for name in names if f"{name}_{key}" in parameters}


def step(cell, Wx, Wh, bx, bh, x, h, c, own, mask=1.0):
    """h_t, c_t and the gates, from the definitions: the slides', PyTorch's, Cho et al. 2014 for reset-before, Feng et al.
    2024 for minGRU and minLSTM, Beck et al. 2024 for sLSTM, whose c is c, n and m, and mLSTM, whose c is C, n and m,
    Gers et al. 2002 for peepholes, Orvieto et al. 2023 for LRU, Ba et al. 2016 for layer normalisation, whose shifts are
    the biases."""
    H, read = h.shape[0], h * mask
    if cell == "lru":
        (nu, theta, log_gamma), u = own["lambda"], Wx @ x
        of_parts = lambda v: torch.complex(*v.split(H // 2))
        h = torch.exp(torch.complex(-nu.exp(), theta.exp())) * of_parts(h) + log_gamma.exp() * of_parts(u)
        return torch.cat([h.real, h.imag]), None, u
    if cell in INPUT_GATED:
        *gates, k = (Wx @ x + bx).split(H)
        gates, g = [torch.sigmoid(z) for z in gates], torch.where(k >= 0, k + 0.5, torch.sigmoid(k))
        keep = kept_share(cell, gates)
        return keep * h + (1 - keep) * g, None, torch.cat([*gates, g])
    if cell == "mlstm":
        q, k, v, o, i, f = (Wx @ x + bx).split([H, H, H, H, 1, 1])
        C, n, m = c.split([H * H, H, 1])
        k, o, kept = k / H**0.5, torch.sigmoid(o), F.logsigmoid(f) + m
        m = torch.maximum(kept, i)
        i, f = torch.exp(i - m), torch.exp(kept - m)
        states = torch.cat([(f * C.reshape(H, H) + i * torch.outer(v, k)).flatten(), f * n + i * k, m])
        C, n, m = states.split([H * H, H, 1])  # of the whole, so that its gradient has what comes by h
        read = C.reshape(H, H) @ q / torch.maximum((n @ q).abs(), torch.exp(-m))
        return o * read + 0 * h, states, torch.cat([q, k, v, o, i, f])  # a gradient of 0 for h, and not None
    if cell == "lstm_layer_norm":
        norm = lambda a, gain: gain * F.layer_norm(a, a.shape, eps=1e-5)
        z = norm(Wx @ x, own["gain_ih"]) + bx + norm(Wh @ read, own["gain_hh"]) + bh
        i, f, g, o = z.split(H)
        i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        c = f * c + i * g
        return o * torch.tanh(norm(c, own["gain_ch"]) + own.get("bias_ch", 0)), c, torch.cat([i, f, g, o])
    zx, zh = Wx @ x + bx, Wh @ read + bh
    if cell.startswith("rnn"):
        z = zx + zh
        h = {"rnn_tanh": torch.tanh, "rnn_relu": torch.relu, "rnn_identity": lambda z: z * 1.0}[cell](z)
        return h, None, h
    if cell == PROJECTED:
        i, f, g, o = (zx + zh).chunk(4)
        i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        c = f * c + i * g
        return own["weight_hr"] @ (o * torch.tanh(c)), c, torch.cat([i, f, g, o])
    if cell == "lstm":
        i, f, g, o = (zx + zh).split(H)
        i, f, g, o = torch.sigmoid(i), torch.sigmoid(f), torch.tanh(g), torch.sigmoid(o)
        c = f * c + i * g
        return o * torch.tanh(c), c, torch.cat([i, f, g, o])
    if cell == "lstm_peephole":
        (i, f, g, o), (p_i, p_f, p_o) = (zx + zh).split(H), own["weight_ch"].split(H)
        i, f, g = torch.sigmoid(i + p_i * c), torch.sigmoid(f + p_f * c), torch.tanh(g)
        c = f * c + i * g
        o = torch.sigmoid(o + p_o * c)
        return o * torch.tanh(c), c, torch.cat([i, f, g, o])
    if cell == "slstm":
        (i, f, g, o), (c, n, m) = (zx + zh).split(H), c.split(H)
        kept, empty = F.logsigmoid(f) + m, n == 0
        m = torch.where(empty, i, torch.maximum(kept, i))
        i, f = torch.exp(i - m), torch.where(empty, torch.zeros(H), torch.exp(kept - m))
        g, o = torch.tanh(g), torch.sigmoid(o)
        states = torch.cat([f * c + i * g, f * n + i, m])
        c, n, _ = states.split(H)  # of the whole, so that its gradient has what comes by h
        return o * c / n, states, torch.cat([i, f, g, o])
    r, z = torch.sigmoid((zx + zh)[: 2 * H]).split(H)
    if cell == "gru":
        n = torch.tanh(zx[2 * H :] + r * zh[2 * H :])
    else:
        n = torch.tanh(zx[2 * H :] + Wh[2 * H :] @ (r * read) + bh[2 * H :])
    return (1 - z) * n + z * h, None, torch.cat([r, z, n])


def kept_share(cell, gates):
    """What the gate that keeps multiplies the state by."""
    if cell == "min_gru":
        return 1 - gates[0]
    return gates[1] / (gates[1] + gates[0]) if cell == "min_lstm" else gates[1]


def by_hand(cell, parameters, x, lengths, h0, c0, layers, directions, masks, h_masks=None):
    """Output [T, B, D·H], hN and cN [layers·D, B, H], and what every step of every layer computed."""
    T, B, _ = x.shape
    H = h0.shape[2]
    hN, cN, steps = [], [], []
    for layer in range(layers):
        outputs = []
        for d in range(directions):
            key = f"l{layer}{'_reverse' if d else ''}"
            Wx, Wh = parameters[f"weight_ih_{key}"], parameters.get(f"weight_hh_{key}")
            bx, bh = two_biases(cell, parameters, key, Wx.shape[0], H)
            own = own_parameters(cell, parameters, key)
            k = layer * directions + d
            h_rows, c_rows, gate_rows, last_h, last_c = [], [], [], [], []
            for b in range(B):
                h, c = h0[k, b], c0[k, b]
                row = [None] * T
                for t in range(lengths[b])[:: -1 if d else 1]:
                    h, c, gates = step(cell, Wx, Wh, bx, bh, x[t, b], h, c, own,
                                       1.0 if h_masks is None else h_masks[k, b])
                    h.retain_grad()
                    if c is not None:
                        c.retain_grad()
                    row[t] = (h, c, gates)
                h_rows.append([r[0] if r else torch.zeros(H) for r in row])
                c_rows.append([r[1] if r else torch.zeros_like(c0[k, b]) for r in row])
                gate_rows.append([r[2] if r else torch.zeros(Wx.shape[0]) for r in row])
                last_h.append(h)
                last_c.append(c)
            outputs.append(torch.stack([torch.stack([h_rows[b][t] for b in range(B)]) for t in range(T)]))
            hN.append(torch.stack(last_h))
            if cell in CELL_STATES:
                cN.append(torch.stack(last_c))
            steps.append((h_rows, c_rows, gate_rows))
        x = torch.cat(outputs, 2)
        if layer < layers - 1 and masks is not None:
            x = x * masks[layer]
    return x, torch.stack(hN), torch.stack(cN) if cN else None, steps


def torch_module(cell, parameters, I, H, layers, bidirectional, first_layer=0):
    kind = {"lstm": nn.LSTM, "gru": nn.GRU, PROJECTED: lambda *a, **b: nn.LSTM(*a, **b, proj_size=H - 1)}.get(cell)
    module = (
        kind(I, H, layers, bidirectional=bidirectional)
        if kind
        else nn.RNN(I, H, layers, nonlinearity=cell[4:], bidirectional=bidirectional)
    )
    for name, own in list(module.named_parameters()):
        kind_of, _, layer, *reverse = name.split("_")
        suffix = "_reverse" if reverse else ""
        key = f"l{int(layer[1:]) + first_layer}{suffix}"
        if kind_of == "bias":
            value = two_biases(cell, parameters, key, own.shape[0], H)[0 if "_ih_" in name else 1]
        else:
            value = parameters[name.replace(f"_{layer}{suffix}", f"_{key}")]
        # Not a copy: the gradient goes back to the leaf.
        owner, attribute = module, name
        del owner._parameters[attribute]
        setattr(owner, attribute, value)
    # The weights are no longer nn.Parameters in one block, of which only a GPU takes notice.
    module._flat_weights = [getattr(module, name) for name in module._flat_weights_names]
    return module


def by_torch(cell, parameters, x, lengths, h0, c0, layers, bidirectional, masks):
    T, H = x.shape[0], c0.shape[2]
    D = 2 if bidirectional else 1
    # A mask of ours can only be put in between layers that are modules of their own.
    groups = [(0, layers)] if masks is None else [(layer, 1) for layer in range(layers)]
    hN, cN = [], []
    for first, count in groups:
        module = torch_module(cell, parameters, x.shape[2], H, count, bidirectional, first)
        at = slice(first * D, (first + count) * D)
        state = (h0[at], c0[at]) if cell in CELL_STATES else h0[at]
        packed = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
        output, last = module(packed, state)
        x, _ = pad_packed_sequence(output, total_length=T)
        hN.append(last[0] if cell in CELL_STATES else last)
        if cell in CELL_STATES:
            cN.append(last[1])
        if masks is not None and first < layers - 1:
            x = x * masks[first]
    return x, torch.cat(hN), torch.cat(cN) if cN else None


def agree(name, a, b):
    error = (a - b).abs().max().item()
    assert error <= 1e-14 * max(1.0, b.abs().max().item()), f"{name}: torch.nn and the loop differ by {error}"


def layer_case(seed, cell, name, I=2, H=3, T=5, B=3, layers=1, bidirectional=False, biases=1, batch_first=False,
               initial=False, lengths=None, dropout=0.0, unbatched=False, every_step=False, recurrent_dropout=0.0):
    rng = random.Random(seed)
    D = 2 if bidirectional else 1
    B = 1 if unbatched else B
    H, biases = fitting(cell, H, biases)
    P = h_size(cell, H)
    values = layer_parameters(rng, cell, I, H, layers, bidirectional, biases)
    x_values = numbers(rng, T, B, I)
    state = lambda: numbers(rng, layers * D, B, P, scale=0.8)
    h0_values, c0_values = state(), cell_state(rng, cell, layers * D, B, H)
    weights = {"output": numbers(rng, T, B, D * P), "hN": state(),
               "cN": numbers(rng, layers * D, B, CELL_STATES.get(cell, lambda H: H)(H), scale=0.8)}
    masks = None
    if dropout > 0:
        keep = lambda: 0.0 if rng.random() < dropout else 1 / (1 - dropout)
        masks = [[[[keep() for _ in range(D * P)] for _ in range(B)] for _ in range(T)] for _ in range(layers - 1)]

    h_masks = None
    if recurrent_dropout > 0:
        keep = lambda: 0.0 if rng.random() < recurrent_dropout else 1 / (1 - recurrent_dropout)
        h_masks = [[[keep() for _ in range(P)] for _ in range(B)] for _ in range(layers * D)]

    def run(kind):
        parameters = {key: leaf(value) for key, value in values.items()}
        x = leaf(x_values)
        h0 = leaf(h0_values) if initial else torch.zeros(layers * D, B, P, requires_grad=True)
        c0 = leaf(c0_values) if initial else torch.zeros_like(torch.tensor(c0_values), requires_grad=True)
        mask_tensors = None if masks is None else torch.tensor(masks)
        of_batch = lengths or [T] * B
        steps = None
        if kind == "loop":
            output, hN, cN, steps = by_hand(cell, parameters, x, of_batch, h0, c0, layers, D, mask_tensors,
                                            None if h_masks is None else torch.tensor(h_masks))
        else:
            output, hN, cN = by_torch(cell, parameters, x, of_batch, h0, c0, layers, bidirectional, mask_tensors)
        loss = (torch.tensor(weights["output"]) * output).sum() + (torch.tensor(weights["hN"]) * hN).sum()
        if cN is not None:
            loss = loss + (torch.tensor(weights["cN"]) * cN).sum()
        loss.backward()
        result = {"output": output, "hN": hN, "dx": x.grad, "dh0": h0.grad}
        if cN is not None:
            result.update(cN=cN, dc0=c0.grad)
        return result, {key: p.grad for key, p in parameters.items()}, steps

    result, gradients, steps = run("loop")
    if cell in IN_TORCH and h_masks is None:
        torch_result, torch_gradients, _ = run("torch.nn")
        for key in result:
            agree(f"{cell} {name} {key}", result[key], torch_result[key])
        for key in gradients:
            agree(f"{cell} {name} ∂{key}", gradients[key], torch_gradients[key])
        result, gradients = torch_result, torch_gradients

    def layout(values):
        """[T, B, F] as the library takes and returns it."""
        tensor = torch.as_tensor(values)
        if unbatched:
            tensor = tensor[:, 0]
        elif batch_first:
            tensor = tensor.transpose(0, 1)
        return tensor.tolist()

    def state_layout(values):
        tensor = torch.as_tensor(values)
        return (tensor[:, 0] if unbatched else tensor).tolist()

    options = {"inputSize": I, "hiddenSize": H, "biases": biases}
    if P < H:
        options["projSize"] = P
    if layers > 1:
        options["numLayers"] = layers
    if bidirectional:
        options["bidirectional"] = True
    if batch_first:
        options["batchFirst"] = True
    if dropout > 0:
        options["dropout"] = dropout
    if recurrent_dropout > 0:
        options["recurrentDropout"] = recurrent_dropout
    case = {"name": name, "options": options, "parameters": values, "x": layout(x_values)}
    if initial:
        case["h0"] = state_layout(h0_values)
        if cell in CELL_STATES:
            case["c0"] = state_layout(c0_values)
    if lengths:
        case["lengths"] = lengths
    if masks is not None:
        case["dropoutMasks"] = [layout(mask) for mask in masks]
    if h_masks is not None:
        case["recurrentDropoutMasks"] = h_masks
    case["dOutput"] = layout(weights["output"])
    case["dhN"] = state_layout(weights["hN"])
    if cell in CELL_STATES:
        case["dcN"] = state_layout(weights["cN"])
    sequences, states = ("output", "dx"), ("hN", "cN", "dh0", "dc0")
    case["expected"] = {
        **{key: layout(result[key].detach()) for key in sequences},
        **{key: state_layout(result[key].detach()) for key in states if key in result},
        "parameters": {key: gradient.tolist() for key, gradient in gradients.items()},
    }
    if every_step:
        case["expected"]["steps"] = [step_values(cell, of_layer, T, B, k // D, k % D) for k, of_layer in enumerate(steps)]
    return case


def step_values(cell, of_layer, T, B, layer, direction):
    """Time-major, zeros beyond a sequence's end."""
    h_rows, c_rows, gate_rows = of_layer
    grid = lambda value: [[value(b, t) for b in range(B)] for t in range(T)]
    gradient = lambda v: v.grad.tolist() if v.grad is not None else [0.0] * len(v)
    values = {
        "layer": layer,
        "direction": ["forward", "reverse"][direction],
        "h": grid(lambda b, t: h_rows[b][t].tolist()),
        "dh": grid(lambda b, t: gradient(h_rows[b][t])),
        "gates": grid(lambda b, t: gate_rows[b][t].tolist()),
    }
    if cell in CELL_STATES:
        values["c"] = grid(lambda b, t: c_rows[b][t].tolist())
        values["dc"] = grid(lambda b, t: gradient(c_rows[b][t]))
    return values


def layer_cases(cell):
    number = 100 * list(GATES_OF).index(cell)
    cases = [
        dict(name="one layer"),
        dict(name="no bias", biases=0, T=6, I=4, H=2),
        dict(name="two biases", biases=2, initial=True, B=4),
        dict(name="batch first, initial state", batch_first=True, initial=True, T=6, I=5),
        dict(name="one sequence without a batch", unbatched=True, initial=True),
        dict(name="lengths", lengths=[3, 5, 1], initial=True, every_step=True),
        dict(name="two layers", layers=2, initial=True, T=7, B=3, I=1, H=2),
        dict(name="bidirectional", bidirectional=True, lengths=[5, 2, 4], initial=True, every_step=True),
        dict(name="three layers, bidirectional, lengths, two biases", layers=3, bidirectional=True, biases=2,
             lengths=[2, 5, 4], initial=True, H=2, I=3),
        dict(name="two layers, dropout", layers=2, dropout=0.4, H=4, every_step=True),
        dict(name="three layers, bidirectional, dropout, lengths, batch first", layers=3, bidirectional=True,
             dropout=0.25, lengths=[5, 3, 4], initial=True, batch_first=True, H=2),
    ]
    if cell == "lstm_layer_norm":
        for case in cases:
            case.update(H=5)  # of two numbers normalisation leaves the signs
    if cell in NO_WH:
        for case in cases:
            case["name"] = case["name"].replace("two biases", "one bias" if cell != "lru" else "still no bias")
    if cell == PROJECTED:
        cases.append(dict(name="two layers and directions, both dropouts, lengths, two biases", layers=2, dropout=0.3,
                          recurrent_dropout=0.4, bidirectional=True, lengths=[5, 2, 4], biases=2, initial=True, H=4))
    return [layer_case(number + k, cell, **case) for k, case in enumerate(cases)]


def recurrent_dropout_cases():
    cells = ["rnn_tanh", "rnn_relu", "lstm", "gru", "gru_reset_before", "lstm_peephole", "lstm_layer_norm"]
    cases = []
    for number, cell in enumerate(cells):
        for k, case in enumerate([dict(name="one layer"),
                                  dict(name="two layers and directions, dropout, lengths, two biases", layers=2, dropout=0.3,
                                       bidirectional=True, lengths=[5, 2, 4], biases=2, initial=True, every_step=True)]):
            cases.append({"cell": cell, **layer_case(2000 + 10 * number + k, cell, H=4, recurrent_dropout=0.4, **case)})
    return cases


def network_case(seed, name, cell, loss, outputs, K, I=2, H=3, T=5, B=3, layers=1, bidirectional=False, biases=1,
                 lengths=None, embedding=None, padding=None, batch_first=False, ignored=(), reduction="mean",
                 initial=False, class_weights=None, smoothing=0.0, pos_weight=None, delta=None):
    rng = random.Random(seed)
    H, biases = fitting(cell, H, biases)
    D = 2 if bidirectional else 1
    input_size = embedding[1] if embedding else I
    values = {}
    if embedding:
        values["embedding.weight"] = numbers(rng, *embedding)
    for key, value in layer_parameters(rng, cell, input_size, H, layers, bidirectional, biases).items():
        values[f"rnn.{key}"] = value
    values["head.weight"] = numbers(rng, K, D * H)
    values["head.bias"] = numbers(rng, K)
    x_values = (
        [[rng.randrange(embedding[0]) for _ in range(B)] for _ in range(T)] if embedding else numbers(rng, T, B, I)
    )
    target = {
        "crossEntropy": lambda: rng.randrange(K),
        "binaryCrossEntropy": lambda: [float(rng.randrange(2)) for _ in range(K)],
        "meanSquaredError": lambda: numbers(rng, K),
        "meanAbsoluteError": lambda: numbers(rng, K),
        "huber": lambda: numbers(rng, K),
    }[loss]
    y = [[target() for _ in range(B)] for _ in range(T)] if outputs == "every" else [target() for _ in range(B)]
    h0_values = numbers(rng, layers * D, B, H)
    c0_values = cell_state(rng, cell, layers * D, B, H) if cell in ("slstm", "mlstm") else numbers(rng, layers * D, B, H)

    parameters = {key: leaf(value) for key, value in values.items()}
    own = {key[4:]: value for key, value in parameters.items() if key.startswith("rnn.")}
    x = torch.tensor(x_values) if embedding else leaf(x_values)
    features = F.embedding(x, parameters["embedding.weight"], padding_idx=padding) if embedding else x
    h0 = leaf(h0_values) if initial else torch.zeros(layers * D, B, H)
    c0 = leaf(c0_values) if initial else torch.zeros_like(torch.tensor(c0_values))
    of_batch = lengths or [T] * B
    if cell in IN_TORCH:
        output, hN, _ = by_torch(cell, own, features, of_batch, h0, c0, layers, bidirectional, None)
    else:
        output, hN, _, _ = by_hand(cell, own, features, of_batch, h0, c0, layers, D, None)
    if outputs == "every":
        read = output
        counted = [[t < of_batch[b] and [t, b] not in [list(i) for i in ignored] for b in range(B)] for t in range(T)]
    else:
        # The last state of each direction: that of the reverse one is its state at t = 1.
        read = torch.cat([hN[-2], hN[-1]], 1) if bidirectional else hN[-1]
        counted = [b not in ignored for b in range(B)]
    predictions = F.linear(read, parameters["head.weight"], parameters["head.bias"])
    counted = torch.tensor(counted)
    of_loss = {
        "crossEntropy": F.cross_entropy,
        "binaryCrossEntropy": F.binary_cross_entropy_with_logits,
        "meanSquaredError": F.mse_loss,
        "meanAbsoluteError": F.l1_loss,
        "huber": F.huber_loss,
    }[loss]
    settings = {}
    if class_weights:
        settings["weight"] = torch.tensor(class_weights)
    if smoothing:
        settings["label_smoothing"] = smoothing
    if pos_weight:
        settings["pos_weight"] = torch.tensor(pos_weight)
    if delta:
        settings["delta"] = delta
    value = of_loss(predictions[counted], torch.tensor(y)[counted], reduction=reduction, **settings)
    value.backward()

    options = {
        "rnn": {"cell": cell, "inputSize": input_size, "hiddenSize": H, "numLayers": layers,
                "bidirectional": bidirectional, "biases": biases, "batchFirst": batch_first},
        "head": {"inputSize": D * H, "outputSize": K},
        "outputs": outputs,
        "loss": loss,
        "reduction": reduction,
    }
    if class_weights:
        options["classWeights"] = class_weights
    if smoothing:
        options["labelSmoothing"] = smoothing
    if pos_weight:
        options["posWeight"] = pos_weight
    if delta:
        options["delta"] = delta
    if embedding:
        options["embedding"] = {"numEmbeddings": embedding[0], "embeddingDim": embedding[1]}
        if padding is not None:
            options["embedding"]["paddingIdx"] = padding
    for place in ignored:
        if outputs == "every":
            y[place[0]][place[1]] = None
        else:
            y[place] = None
    swap = lambda rows: [list(column) for column in zip(*rows)] if batch_first else rows
    case = {"name": name, "options": options, "parameters": values, "x": swap(x_values),
            "y": swap(y) if outputs == "every" else y}
    if lengths:
        case["lengths"] = lengths
    if initial:
        case["h0"] = h0_values
        if cell in CELL_STATES:
            case["c0"] = c0_values
    # Beyond a sequence's end the head sees zeros in PyTorch; nobody reads it.
    kept = predictions.detach()
    if outputs == "every":
        kept = kept * torch.tensor([[t < of_batch[b] for b in range(B)] for t in range(T)]).unsqueeze(2)
    case["expected"] = {
        "loss": value.item(),
        "predictions": swap(kept.tolist()) if outputs == "every" else kept.tolist(),
        "parameters": {key: parameter.grad.tolist() for key, parameter in parameters.items()},
    }
    if not embedding:
        case["expected"]["dx"] = swap(x.grad.tolist())
    return case


def network_cases():
    cases = [
        dict(name="LSTM, many to one, cross-entropy", cell="lstm", loss="crossEntropy", outputs="last", K=4),
        dict(name="GRU of two layers, many to many, cross-entropy with lengths and ignored steps", cell="gru", layers=2,
             loss="crossEntropy", outputs="every", K=3, lengths=[5, 2, 4], ignored=[(0, 0), (3, 2)]),
        dict(name="embedding, bidirectional LSTM, many to one with lengths", cell="lstm", bidirectional=True,
             loss="crossEntropy", outputs="last", K=3, lengths=[3, 5, 2], embedding=(7, 4), batch_first=True),
        dict(name="characters: embedding, LSTM of two layers, many to many", cell="lstm", layers=2, biases=2,
             loss="crossEntropy", outputs="every", K=6, embedding=(6, 3), batch_first=True, T=6),
        dict(name="padding index", cell="gru", loss="crossEntropy", outputs="last", K=2, embedding=(3, 2), padding=0,
             lengths=[5, 4, 3], T=6, B=3),
        dict(name="RNN, many to many, squared error with lengths", cell="rnn_tanh", loss="meanSquaredError",
             outputs="every", K=2, lengths=[4, 5, 1]),
        dict(name="identity RNN with initial state, many to one, squared error", cell="rnn_identity",
             loss="meanSquaredError", outputs="last", K=1, initial=True),
        dict(name="LSTM with initial state, many to one, squared error", cell="lstm", loss="meanSquaredError",
             outputs="last", K=2, lengths=[2, 5, 3], initial=True, batch_first=True),
        dict(name="ReLU RNN, many to one, binary cross-entropy", cell="rnn_relu", loss="binaryCrossEntropy",
             outputs="last", K=1, B=4),
        dict(name="reset-before GRU, both directions, binary cross-entropy with ignored steps", cell="gru_reset_before",
             bidirectional=True, loss="binaryCrossEntropy", outputs="every", K=2, lengths=[3, 4, 5],
             ignored=[(1, 1), (2, 0)]),
        dict(name="sum of the losses", cell="lstm", loss="crossEntropy", outputs="every", K=3, reduction="sum",
             ignored=[(4, 1)]),
        dict(name="an ignored sequence", cell="gru", loss="crossEntropy", outputs="last", K=3, ignored=[1]),
        dict(name="class weights, one of them 0, with ignored steps", cell="lstm", loss="crossEntropy", outputs="every",
             K=3, class_weights=[0.25, 3.0, 0.0], ignored=[(1, 2)]),
        dict(name="label smoothing", cell="gru", loss="crossEntropy", outputs="last", K=4, smoothing=0.1),
        dict(name="class weights and label smoothing, of many classes", cell="rnn_tanh", loss="crossEntropy",
             outputs="every", K=20, class_weights=[0.5 + k / 8 for k in range(20)], smoothing=0.25),
        dict(name="sum of weighted losses", cell="lstm", loss="crossEntropy", outputs="last", K=3, reduction="sum",
             class_weights=[2.0, 0.5, 1.0], smoothing=0.125),
        dict(name="MinGRU of two layers, both directions, many to many, squared error with lengths", cell="min_gru",
             layers=2, bidirectional=True, loss="meanSquaredError", outputs="every", K=2, lengths=[4, 5, 1]),
        dict(name="embedding, MinLSTM with initial state, many to one with lengths", cell="min_lstm",
             loss="crossEntropy", outputs="last", K=3, lengths=[3, 5, 2], embedding=(7, 4), initial=True),
        dict(name="sLSTM of two layers with initial state, many to many with lengths", cell="slstm", layers=2,
             loss="crossEntropy", outputs="every", K=3, lengths=[4, 5, 1], initial=True),
        dict(name="absolute error, with lengths and ignored steps", cell="lstm", loss="meanAbsoluteError",
             outputs="every", K=2, lengths=[4, 5, 2], ignored=[(1, 1)]),
        dict(name="Huber's loss", cell="gru", loss="huber", outputs="last", K=3, B=4),
        dict(name="sum of Huber's losses of another delta", cell="rnn_tanh", loss="huber", outputs="every", K=2,
             delta=0.25, reduction="sum"),
        dict(name="binary cross-entropy with weights of 1, one of them 0, with ignored steps", cell="lstm",
             loss="binaryCrossEntropy", outputs="every", K=3, pos_weight=[4.0, 0.5, 0.0], ignored=[(2, 0)]),
        dict(name="mLSTM of two layers, both directions, with initial state, many to many with lengths", cell="mlstm",
             layers=2, bidirectional=True, loss="crossEntropy", outputs="every", K=3, lengths=[4, 5, 1], initial=True),
        dict(name="LSTM with peepholes, of two layers and directions, with initial state and lengths",
             cell="lstm_peephole", layers=2, bidirectional=True, loss="crossEntropy", outputs="every", K=3,
             lengths=[4, 5, 1], initial=True),
        dict(name="LRU of two layers, both directions, with initial state, many to many with lengths", cell="lru",
             layers=2, bidirectional=True, loss="meanSquaredError", outputs="every", K=2, lengths=[4, 5, 1], initial=True),
        dict(name="LSTM with layer normalisation, of two layers and directions, with initial state and lengths",
             cell="lstm_layer_norm", layers=2, bidirectional=True, loss="crossEntropy", outputs="every", K=3,
             lengths=[4, 5, 1], initial=True),
    ]
    return [network_case(900 + k, **case) for k, case in enumerate(cases)]


def flow_case(seed, cell, outputs, loss, K=3, I=2, H=3, T=6, layers=1, bidirectional=False, biases=1, lengths=(6, 4)):
    """Gradient flow by autograd: every step of every sample has copies of the weights of its own, whose gradients are that
    step's contributions. Jacobians by autograd too; singular values, eigenvalues and QR by LAPACK."""
    rng = random.Random(seed)
    H, biases = fitting(cell, H, biases)
    P, D, B = h_size(cell, H), 2 if bidirectional else 1, len(lengths)
    values = {f"rnn.{k}": v for k, v in layer_parameters(rng, cell, I, H, layers, bidirectional, biases).items()}
    values["head.weight"] = numbers(rng, K, D * P)
    values["head.bias"] = numbers(rng, K)
    x_values = numbers(rng, T, B, I, scale=2.0)
    target = (lambda: rng.randrange(K)) if loss == "crossEntropy" else (lambda: numbers(rng, K))
    y = [[target() for _ in range(B)] for _ in range(T)] if outputs == "every" else [target() for _ in range(B)]
    state = lambda: numbers(rng, layers * D, B, P, scale=0.8)
    h0_values, c0_values = state(), cell_state(rng, cell, layers * D, B, H)
    h0, c0, parameters = leaf(h0_values), leaf(c0_values), {key: leaf(value) for key, value in values.items()}

    def copy(weight):
        if weight is None:
            return None
        own = weight.clone()
        if own.requires_grad:
            own.retain_grad()
        return own

    below = [[torch.tensor(x_values[t][b]) for t in range(lengths[b])] for b in range(B)]
    lanes = []
    for layer in range(layers):
        lane_rows = []
        for d in range(D):
            key, k = f"l{layer}{'_reverse' if d else ''}", layer * D + d
            own = {name[4:]: value for name, value in parameters.items()}
            bx, bh = two_biases(cell, own, key, own[f"weight_ih_{key}"].shape[0], H)
            of_cell = own_parameters(cell, own, key)
            fixed = {name: value.detach() for name, value in of_cell.items()}
            rows = [dict() for _ in range(B)]
            for b in range(B):
                h, c = h0[k, b], c0[k, b]
                for t in range(lengths[b])[:: -1 if d else 1]:
                    weights = [copy(w) for w in (own[f"weight_ih_{key}"], own.get(f"weight_hh_{key}"), bx)]
                    before = torch.cat([h, c]) if cell in CELL_STATES else h

                    def of_state(s, x=below[b][t]):
                        h, c, _ = step(cell, *[w if w is None else w.detach() for w in weights], bh.detach(), x.detach(),
                                       s[:P], s[P:], fixed)
                        return torch.cat([h, c]) if cell in CELL_STATES else h

                    jacobian = torch.autograd.functional.jacobian(of_state, before.detach())
                    h, c, gates = step(cell, *weights, bh, below[b][t], h, c, of_cell)
                    for v in (h, c):
                        if v is not None:
                            v.retain_grad()
                    rows[b][t] = {"h": h, "c": c, "weights": weights, "jacobian": jacobian, "gates": gates}
            lane_rows.append(rows)
        lanes += lane_rows
        below = [[torch.cat([rows[b][t]["h"] for rows in lane_rows]) for t in range(lengths[b])] for b in range(B)]

    total = 0.0
    for b in range(B):
        if outputs == "every":
            read = [(below[b][t], y[t][b]) for t in range(lengths[b])]
        else:
            last = [lanes[(layers - 1) * D + d][b][0 if d else lengths[b] - 1]["h"] for d in range(D)]
            read = [(torch.cat(last), y[b])]
        for h, of_step in read:
            z = F.linear(h, parameters["head.weight"], parameters["head.bias"])
            of_step = torch.tensor(of_step)
            total = total + (F.cross_entropy(z, of_step) if loss == "crossEntropy" else F.mse_loss(z, of_step))
    total.backward()

    norm = lambda v: v.norm().item()
    mean = lambda numbers: sum(numbers) / len(numbers)
    expected = {"rows": [], "jacobians": [], "lyapunov": [], "products": [], "gatePath": []}
    for k, rows in enumerate(lanes):
        place = {"layer": k // D, "direction": ["forward", "reverse"][k % D]}
        at = lambda quantity, t, numbers: expected["rows"].append(
            {"t": t, **place, "quantity": quantity, "norm": mean(numbers)}
        )
        if k % D == 0:
            at("h", 0, [norm(h0.grad[k, b]) for b in range(B)])
            if cell in CELL_STATES:
                at("c", 0, [norm(c0.grad[k, b]) for b in range(B)])
        for t in range(T):
            present = [rows[b][t] for b in range(B) if t < lengths[b]]
            at("h", t + 1, [norm(row["h"].grad) for row in present])
            if cell in CELL_STATES:
                at("c", t + 1, [norm(row["c"].grad) for row in present])
            for index, quantity in enumerate(["Wx", "Wh", "b"]):
                if present[0]["weights"][index] is not None and (quantity != "b" or biases > 0):
                    at(quantity, t + 1, [norm(row["weights"][index].grad) for row in present])
        exponents, products = [], {}
        for b in range(B):
            order = list(range(lengths[b]))[:: -1 if k % D else 1]
            n = rows[b][0]["jacobian"].shape[0]
            Q, logarithms = torch.eye(n), torch.zeros(n)
            for t in order:
                J = rows[b][t]["jacobian"]
                expected["jacobians"].append(
                    {"t": t + 1, **place, "sample": b, "singularValues": torch.linalg.svdvals(J).tolist(),
                     "spectralRadius": torch.linalg.eigvals(J).abs().max().item()}
                )
                Q, R = torch.linalg.qr(J @ Q)
                logarithms = logarithms + R.diagonal().abs().log()
            exponents.append(logarithms / len(order))
            product, path = torch.eye(n), torch.ones(H)
            for lag, t in enumerate([None] + order[::-1]):
                if t is not None:
                    product = product @ rows[b][t]["jacobian"]
                    gates = rows[b][t]["gates"].split(H)
                    path = path * (kept_share(cell, gates) if len(gates) > 1 else torch.ones(H))
                products.setdefault(lag, []).append((torch.linalg.svdvals(product)[0].item(), path))
        expected["lyapunov"].append({**place, "exponents": torch.stack(exponents).mean(0).tolist()})
        for lag, of_lag in products.items():
            expected["products"].append({"k": lag, **place, "ratio": mean([sigma for sigma, _ in of_lag])})
            if GATES_OF[cell] > 1:
                paths = [path for _, path in of_lag]
                expected["gatePath"].append(
                    {"k": lag, **place, "min": mean([p.min().item() for p in paths]),
                     "mean": mean([p.mean().item() for p in paths]), "max": mean([p.max().item() for p in paths])}
                )
    if cell in ("slstm", "mlstm", "lstm_layer_norm", PROJECTED):
        expected = {"rows": expected["rows"]}  # the state can be written in several ways, or its steps are not looked into
    if cell == "rnn_relu":
        del expected["lyapunov"]  # a unit at 0 makes a Jacobian singular, and its exponent a logarithm of rounding
    return {
        "name": f"{cell}, {layers} layers, {'two directions' if bidirectional else 'one direction'}, {outputs}, {loss}",
        "cell": "lstm" if cell == PROJECTED else cell,
        "options": {"inputSize": I, "hiddenSize": H, **({"projSize": P} if P < H else {}), "numLayers": layers,
                    "bidirectional": bidirectional, "biases": biases},
        "outputSize": K, "outputs": outputs, "loss": loss, "parameters": values, "x": x_values, "y": y,
        "lengths": list(lengths), "h0": h0_values, **({"c0": c0_values} if cell in CELL_STATES else {}), "expected": expected,
    }


def flow_cases():
    cases = []
    for number, cell in enumerate(GATES):
        cases.append(flow_case(1200 + number, cell, "last", "crossEntropy"))
        cases.append(flow_case(1300 + number, cell, "every", "meanSquaredError", layers=2, bidirectional=True,
                               biases=[2, 0, 1, 2, 2, 0, 1, 1, 2, 1, 2, 0, 2][number]))
    return cases


def projected_flow_cases():
    return [flow_case(1240, PROJECTED, "last", "crossEntropy"),
            flow_case(1340, PROJECTED, "every", "meanSquaredError", H=4, layers=2, bidirectional=True, biases=2)]


def cross_entropy_cases():
    """Logits from undecided to sure, right and wrong, and ∂L/∂z. In float64 the class itself has minus the sum of the others:
    PyTorch subtracts 1 from its probability, which of a sure answer leaves rounding alone."""
    cases = []
    for number, (N, K) in enumerate([(24, 2), (50, 5), (32, 5), (24, 20)]):
        rng = random.Random(1400 + number)
        y = [rng.randrange(K) for _ in range(N)]
        z = torch.tensor(numbers(rng, N, K)).mul(64).round().div(64)
        for row, of_row in enumerate(y):
            z[row, of_row] += round(64 * (64 * row / (N - 1) - 8)) / 64
        z[0] = 1.0  # ties
        gradients = {}
        for dtype in (torch.float64, torch.float32):
            leaf_z = z.detach().clone().to(dtype).requires_grad_()
            loss = F.cross_entropy(leaf_z, torch.tensor(y))
            loss.backward()
            gradients[dtype] = leaf_z.grad
        exact = gradients[torch.float64].clone()
        for row, of_row in enumerate(y):
            exact[row, of_row] = 0
            exact[row, of_row] = -exact[row].sum()
        assert (exact - gradients[torch.float64]).abs().max() < 1e-15
        cases.append({"name": f"{N} rows of {K} classes", "z": z.tolist(), "y": y,
                      "expected": {"gradient": exact.tolist(), "float32": gradients[torch.float32].tolist()}})
    return cases


def write(folder, name, cases):
    # One line a case: small files, and a difference names its case.
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf8")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    for cell in GATES_OF:
        write(target, cell, layer_cases(cell))
    write(target, "recurrent_dropout", recurrent_dropout_cases())
    write(target, "networks", network_cases())
    write(target, "flow", flow_cases())
    write(target, "flow_projected", projected_flow_cases())
    write(target, "cross_entropy", cross_entropy_cases())
