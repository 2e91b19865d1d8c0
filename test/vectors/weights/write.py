"""Writes the files of weights of this folder by PyTorch and NumPy, with what the models that have these weights compute.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 write.py FOLDER

Needs torch (1.13.1, with OpenBLAS). safetensors files are written by the format's description, with NumPy's bytes.
"""

import json
import random
import struct
import sys
from pathlib import Path

import numpy
import torch

torch.set_default_dtype(torch.float64)


class Model(torch.nn.Module):
    """A recurrent layer, and a dense head that reads it at every step."""

    def __init__(self, rnn, outputs, embedding=None):
        super().__init__()
        if embedding:
            self.embedding = torch.nn.Embedding(*embedding)
        self.rnn = rnn
        self.head = torch.nn.Linear(rnn.hidden_size * (2 if rnn.bidirectional else 1), outputs)

    def forward(self, x):
        return self.head(self.rnn(self.embedding(x) if hasattr(self, "embedding") else x)[0])


def filled(seed, model):
    """The same weights on every machine, exact in half precision."""
    rng = random.Random(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            values = [rng.randrange(-256, 257) / 256 for _ in range(parameter.numel())]
            parameter.copy_(torch.tensor(values).reshape(parameter.shape))
    return model


def numbers(seed, *shape):
    rng = random.Random(seed)
    count = torch.Size(shape).numel()
    return torch.tensor([round(rng.uniform(-1.5, 1.5), 3) for _ in range(count)]).reshape(shape)


def models():
    nn = torch.nn
    return {
        "lstm": filled(1, Model(nn.LSTM(3, 4, num_layers=2, bidirectional=True), 2)),
        "gru": filled(2, Model(nn.GRU(2, 5, num_layers=2), 3)),
        "rnn": filled(3, Model(nn.RNN(4, 3, nonlinearity="relu", bidirectional=True), 1)),
        "characters": filled(4, Model(nn.LSTM(3, 4), 6, embedding=(6, 3))),
    }


def keras_gru(x, kernel, recurrent_kernel, bias):
    """keras.layers.GRU with reset_after: z, r, h side by side; the second bias inside r times (.)."""
    h = torch.zeros(x.shape[1], recurrent_kernel.shape[0])
    outputs = []
    for x_t in x:
        x_z, x_r, x_h = (x_t @ kernel + bias[0]).chunk(3, 1)
        inner_z, inner_r, inner_h = (h @ recurrent_kernel + bias[1]).chunk(3, 1)
        z, r = torch.sigmoid(x_z + inner_z), torch.sigmoid(x_r + inner_r)
        h = z * h + (1 - z) * torch.tanh(x_h + r * inner_h)
        outputs.append(h)
    return torch.stack(outputs)


def write_keras(folder):
    """TensorFlow.js has no reset_after, so this is Keras' formula; both directions of a Bidirectional."""
    weights = [numbers(20 + k, *shape) for k, shape in enumerate(2 * [(2, 9), (3, 9), (2, 9)])]
    x = numbers(30, 5, 2, 2)
    both = [keras_gru(x, *weights[:3]), keras_gru(x.flip(0), *weights[3:]).flip(0)]
    case = {
        "weights": [{"shape": list(w.shape), "data": w.flatten().tolist()} for w in weights],
        "x": x.tolist(),
        "output": torch.cat(both, 2).tolist(),
    }
    (folder / "keras.json").write_text(json.dumps({"gru": case}) + "\n", encoding="utf8")


def write_onnx(folder):
    """Every model as PyTorch exports it, in float32."""
    for name, model in models().items():
        model.eval().float()
        torch.set_default_dtype(torch.float32)
        is_text = hasattr(model, "embedding")
        x = torch.zeros(5, 1, dtype=torch.int64) if is_text else torch.zeros(5, 1, model.rnn.input_size)
        torch.onnx.export(
            model, (x,), str(folder / f"{name}.onnx"), input_names=["x"], output_names=["output"],
            dynamic_axes={"x": {0: "T", 1: "B"}},
        )
        torch.set_default_dtype(torch.float64)


class LastStep(Model):
    def forward(self, x):
        return torch.softmax(super().forward(x)[-1], -1)


def write_onnx_of_one_size(folder):
    """With T and B fixed, the initial states are constants."""
    nn = torch.nn
    layers = {
        "lstm_last": nn.LSTM(3, 4, num_layers=3, dropout=0.5),
        "gru_last": nn.GRU(3, 4, num_layers=2, bidirectional=True, bias=False),
    }
    for k, (name, rnn) in enumerate(layers.items()):
        model = filled(60 + k, LastStep(rnn, 3)).eval().float()
        torch.set_default_dtype(torch.float32)
        torch.onnx.export(
            model, (torch.zeros(6, 2, 3),), str(folder / f"{name}.onnx"), input_names=["x"], output_names=["output"]
        )
        torch.set_default_dtype(torch.float64)


def message(*fields):
    """Protocol Buffers: pairs of a field's number and an int, a float, bytes or a text."""
    data = b""
    for number, value in fields:
        if isinstance(value, int):
            data += varint(number << 3) + varint(value)
        elif isinstance(value, float):
            data += varint(number << 3 | 5) + struct.pack("<f", value)
        else:
            value = value.encode() if isinstance(value, str) else value
            data += varint(number << 3 | 2) + varint(len(value)) + value
    return data


def varint(value):
    data = b""
    while value > 127:
        data += bytes([value & 127 | 128])
        value >>= 7
    return data + bytes([value])


def onnx_tensor(name, tensor):
    """A TensorProto, its numbers as packed float_data."""
    dims = [(1, extent) for extent in tensor.shape]
    values = struct.pack(f"<{tensor.numel()}f", *tensor.flatten().tolist())
    return message(*dims, (2, 1), (4, values), (8, name))


def onnx_node(kind, inputs, outputs, **attributes):
    """A NodeProto; an attribute is an int, a text or a list of ints."""
    fields = [*[(1, name) for name in inputs], *[(2, name) for name in outputs], (4, kind)]
    for name, value in attributes.items():
        if isinstance(value, int):
            fields.append((5, message((1, name), (3, value), (20, 2))))
        elif isinstance(value, str):
            fields.append((5, message((1, name), (4, value), (20, 3))))
        else:
            fields.append((5, message((1, name), *[(8, one) for one in value], (20, 7))))
    return message(*fields)


def onnx_value(name, *dims):
    shape = message(*[(1, message((2, dim) if isinstance(dim, str) else (1, dim))) for dim in dims])
    return message((1, name), (2, message((1, message((1, 1), (2, shape))))))


def onnx_model(path, nodes, weights, x, output):
    tensors = [(5, onnx_tensor(name, tensor)) for name, tensor in weights.items()]
    graph = message(*[(1, node) for node in nodes], (2, "graph"), *tensors, (11, onnx_value("x", *x)),
                    (12, onnx_value("output", *output)))
    path.write_bytes(message((1, 6), (7, graph), (8, message((2, 11)))))


def write_onnx_by_hand(folder):
    """What PyTorch does not export: a GRU that resets before, no biases, Gemm without transB."""
    weights = {"W": numbers(40, 1, 12, 3), "R": numbers(41, 1, 12, 4), "B": numbers(42, 1, 24)}
    onnx_model(
        folder / "gru_reset_before.onnx",
        [
            onnx_node("GRU", ["x", "W", "R", "B"], ["y"], hidden_size=4),
            onnx_node("Squeeze", ["y"], ["h"], axes=[1]),
            onnx_node("MatMul", ["h", "M"], ["product"]),
            onnx_node("Add", ["b", "product"], ["output"]),
        ],
        {**weights, "M": numbers(43, 4, 2), "b": numbers(44, 2)},
        ("T", "B", 3),
        ("T", "B", 2),
    )
    weights = {"W": numbers(50, 1, 3, 2), "R": numbers(51, 1, 3, 3), "M": numbers(52, 3, 5), "b": numbers(53, 1, 5)}
    onnx_model(
        folder / "rnn_last.onnx",
        [
            onnx_node("RNN", ["x", "W", "R"], ["", "last"], hidden_size=3),
            onnx_node("Squeeze", ["last"], ["h"], axes=[0]),
            onnx_node("Gemm", ["h", "M", "b"], ["output"]),
        ],
        weights,
        ("T", "B", 2),
        ("B", 5),
    )


DTYPES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64"}


def little_endian(tensor):
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.view(torch.int16)
    return tensor.contiguous().numpy().tobytes()


def write_safetensors(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        values = little_endian(tensor)
        header[name] = {
            "dtype": DTYPES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(values)],
        }
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_checkpoint(folder):
    """What a training script saves: state dicts among other things; views, and every type."""
    model = models()["rnn"]
    optimizer = {
        "state": {k: {"step": torch.tensor(2.0), "exp_avg": torch.ones_like(p)} for k, p in enumerate(model.parameters())},
        "param_groups": [{"lr": 0.01, "betas": (0.9, 0.999), "params": [0, 1]}],
    }
    matrix = torch.arange(6.0).reshape(2, 3)
    kinds = (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
             torch.int8, torch.uint8, torch.bool)
    checkpoint = {
        "epoch": 3, "loss": 0.25, "name": "한글", "big": 2**40, "done": True, "none": None, "path": Path("a"),
        "model": model.state_dict(), "optimizer": optimizer,
        "views": [matrix, matrix.t(), matrix[:, 1], matrix[1:], torch.tensor(2.5), torch.zeros(0, 3)],
        "parameter": torch.nn.Parameter(torch.tensor([1.5])),
        "kinds": {str(kind)[6:]: torch.tensor([1, 0, 100]).to(kind) for kind in kinds},
    }
    torch.save(checkpoint, folder / "checkpoint.pt")
    torch.save(models()["rnn"].head, folder / "model_object.pt")
    torch.save({"expanded": torch.tensor([1.0]).expand(1000)}, folder / "expanded.pt")
    w = torch.arange(6.0).reshape(2, 3)
    awkward = {
        "transposed": w.t(), "cut": w[:, 1:], "mask": torch.tensor([1.0, 0.0]).expand(3, 2), "seed": 2**63 + 5,
        "integers": torch.tensor([2**53, -(2**53), 2**60]), ("a", 1): torch.tensor([1.0]), True: torch.tensor([2.0]),
    }
    torch.save(awkward, folder / "awkward.pt")
    torch.save({"a.b": torch.tensor([1.0]), "a": {"b": torch.tensor([2.0])}}, folder / "same_name.pt")
    legacy = {"_use_new_zipfile_serialization": False}
    torch.save(checkpoint, folder / "legacy_checkpoint.pt", **legacy)
    torch.save(awkward, folder / "legacy_awkward.pt", **legacy)
    torch.save(models()["rnn"].head, folder / "legacy_object.pt", **legacy)
    write_shared(folder)


def write_shared(folder):
    """One vector of parameters, as cuDNN keeps them, and the views on it that layers have; in both forms."""
    flat = torch.arange(20.0, dtype=torch.float32)
    shared = {
        "flat": flat, "weight": flat[:12].view(3, 4), "bias": flat[12:15], "transposed": flat[:12].view(3, 4).t(),
        "every_other": flat[1::2], "row_twice": flat[15:17].expand(2, 2), "scalar": flat[19],
    }
    torch.save(shared, folder / "shared.pt")
    torch.save(shared, folder / "legacy_shared.pt", _use_new_zipfile_serialization=False)


def write_torch(folder):
    """A state dict in each precision, and every model's outputs in float64."""
    expected = {}
    for name, model in models().items():
        write_safetensors(folder / f"{name}.safetensors", model.state_dict())
        if hasattr(model, "embedding"):
            x = torch.tensor([[0, 5], [3, 1], [2, 2], [4, 0], [5, 3]])
        else:
            x = numbers(10, 5, 3, model.rnn.input_size)
        expected[name] = {"x": x.tolist(), "output": model(x).tolist()}
        torch.save(model.state_dict(), folder / f"{name}.pt")
    write_checkpoint(folder)
    lstm = models()["lstm"].state_dict()
    for dtype in (torch.float32, torch.float16, torch.bfloat16):
        short = {torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16"}[dtype]
        write_safetensors(folder / f"lstm_{short}.safetensors", {k: v.to(dtype) for k, v in lstm.items()})
    special = torch.tensor([0.0, -0.0, 1.0, 65504.0, 2**-24, -(2**-14), 3.140625, float("inf"), float("nan")])
    kinds = (torch.float64, torch.float32, torch.float16, torch.bfloat16)
    tensors = {str(kind)[6:]: special.to(kind) for kind in kinds}
    tensors |= {"int64": torch.tensor([[-(2**53) + 1, 0, 7]]), "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3)}
    write_safetensors(folder / "special.safetensors", tensors)
    (folder / "torch.json").write_text(json.dumps(expected) + "\n", encoding="utf8")


def write_numpy(folder):
    """Every model that is compared as .npz, and arrays of each kind; what they hold is in numpy.json."""
    for name, model in models().items():
        save = numpy.savez_compressed if name == "lstm" else numpy.savez
        save(folder / f"{name}.npz", **{key: value.numpy() for key, value in model.state_dict().items()})
    values = numpy.array([[[0.5, -1.25, 3.0], [7.0, 0.0, 2.0]], [[-5.0, 100.0, 64.0], [1.0, 8.5, -9.0]]])
    special = numpy.array([-0.0, 65504.0, 2.0**-24, -(2.0**-14), 1 / 3, numpy.inf, numpy.nan])
    arrays = {}
    for order in "<>":
        for kind in ("f8", "f4", "f2"):
            arrays[f"{'little' if order == '<' else 'big'}_{kind}"] = values.astype(order + kind)
            arrays[f"special_{'little' if order == '<' else 'big'}_{kind}"] = special.astype(order + kind)
        for kind in ("i8", "u8", "i4", "u4", "i2", "u2"):
            arrays[f"{'little' if order == '<' else 'big'}_{kind}"] = numpy.array([[0, 1, 200], [3, 4, 127]], order + kind)
    arrays |= {
        "i1": numpy.array([-128, 127], "i1"),
        "u1": numpy.array([0, 255], "u1"),
        "b1": numpy.array([True, False]),
        "fortran": numpy.asfortranarray(values),
        "fortran_matrix": numpy.asfortranarray(values[0].astype(">f4")),
        "scalar": numpy.array(2.5),
        "empty": numpy.zeros((0, 3)),
        "vector": numpy.arange(5.0),
    }
    numpy.savez(folder / "arrays.npz", **arrays)
    numpy.savez_compressed(folder / "arrays_compressed.npz", **arrays)
    for version in ((1, 0), (2, 0), (3, 0)):
        with open(folder / f"format_{version[0]}.npy", "wb") as file:
            numpy.lib.format.write_array(file, numpy.asfortranarray(values), version=version)
    expected = {
        key: {
            "shape": array.shape,
            "data": [repr(value) for value in array.astype("f8").ravel().tolist()],
            "float32": array.dtype.kind == "f" and array.itemsize < 8,
        }
        for key, array in arrays.items()
    }
    (folder / "numpy.json").write_text(json.dumps(expected) + "\n", encoding="utf8")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_torch(target)
    write_keras(target)
    write_onnx(target)
    write_onnx_of_one_size(target)
    write_onnx_by_hand(target)
    write_numpy(target)
