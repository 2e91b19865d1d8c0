"""Writes files of weights of this folder by h5py, in the layouts of Keras: the weights of tfjs.json and keras.json.

    python3 write_keras_files.py FOLDER

Needs h5py (3.7.0). Keras 2 names layers and weights in attributes of groups (hdf5_format.py), Keras 3 puts numbered
variables into groups named after attributes of its objects (saving_lib.py).
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import h5py
import numpy

here = Path(__file__).parent
CASES = {
    **json.loads((here / "tfjs.json").read_text(encoding="utf8")),
    "gru_reset_after": json.loads((here / "keras.json").read_text(encoding="utf8"))["gru"],
}


def weights_of(case):
    kind = numpy.float64 if case == "gru_reset_after" else numpy.float32
    return [numpy.array(w["data"], kind).reshape(w["shape"]) for w in CASES[case]["weights"]]


ROLES = ["kernel", "recurrent_kernel", "bias"]
# A layer's name, what its weights are called, and its case.
LAYERS = {
    "embedding": (["embedding/embeddings:0"], "embedding"),
    "masking": ([], None),
    "lstm": ([f"lstm/lstm_cell/{role}:0" for role in ROLES], "lstm"),
    "bidirectional": (
        [f"bidirectional/{d}_gru/gru_cell_{k}/{role}:0" for k, d in enumerate(("forward", "backward")) for role in ROLES],
        "gru_reset_after",
    ),
    "lstm_1": ([f"lstm_1/lstm_cell_1/{role}:0" for role in ROLES[:2]], "lstm_without_bias"),
    "simple_rnn": ([f"simple_rnn/simple_rnn_cell/{role}:0" for role in ROLES], "rnn"),
    "dropout": ([], None),
    "dense": ([f"dense/{role}:0" for role in ("kernel", "bias")], "dense"),
}
CONFIG = {"class_name": "Sequential", "config": {"name": "모델", "layers": [{"class_name": "LSTM", "config": {"units": 3}}]}}


def write_weights(group, split=False, **how):
    """Keras 2's save_weights_to_hdf5_group; split: as it does where the names are too long for one attribute."""
    names = numpy.array([name.encode() for name in LAYERS])
    if split:
        group.attrs["layer_names0"], group.attrs["layer_names1"] = names[:5], names[5:]
    else:
        group.attrs["layer_names"] = names
    group.attrs["backend"] = b"tensorflow"
    group.attrs["keras_version"] = b"2.11.0"
    for name, (weight_names, case) in LAYERS.items():
        layer = group.create_group(name)
        layer.attrs["weight_names"] = numpy.array([weight.encode() for weight in weight_names])
        for weight_name, value in zip(weight_names, weights_of(case) if case else []):
            layer.create_dataset(weight_name, value.shape, dtype=value.dtype, **how)[:] = value
    group.create_group("top_level_model_weights").attrs["weight_names"] = numpy.array([])


def write_keras_2(folder):
    with h5py.File(folder / "keras_2.weights.h5", "w") as file:
        write_weights(file, split=True)
    with h5py.File(folder / "keras_2_compressed.weights.h5", "w") as file:
        write_weights(file, compression="gzip", shuffle=True, fletcher32=True)
    with h5py.File(folder / "keras_2_model.h5", "w") as file:
        file.attrs["keras_version"] = "2.11.0"
        file.attrs["model_config"] = json.dumps(CONFIG).encode()
        write_weights(file.create_group("model_weights"))
        optimizer = file.create_group("optimizer_weights")
        optimizer.attrs["weight_names"] = numpy.array([b"Adam/iter:0"])
        optimizer.create_dataset("Adam/iter:0", (), dtype="i8")[()] = 7


def write_variables(file, path, values=()):
    """Keras 3's H5IOStore."""
    group = file.create_group(f"{path}/vars" if path else "vars")
    for k, value in enumerate(values):
        group[str(k)] = value


def write_keras_3_weights(file):
    write_variables(file, "")
    write_variables(file, "layers/embedding", weights_of("embedding"))
    write_variables(file, "layers/lstm")
    write_variables(file, "layers/lstm/cell", weights_of("lstm"))
    write_variables(file, "layers/lstm_1/cell", weights_of("lstm_without_bias"))
    both = weights_of("gru_reset_after")
    write_variables(file, "layers/bidirectional")
    write_variables(file, "layers/bidirectional/backward_layer/cell", both[3:])
    write_variables(file, "layers/bidirectional/forward_layer/cell", both[:3])
    write_variables(file, "layers/simple_rnn/cell", weights_of("rnn"))
    write_variables(file, "layers/dropout/seed_generator", [numpy.array([1, 2], "u4")])
    write_variables(file, "layers/sequential/layers/dense", weights_of("dense"))
    write_variables(file, "optimizer", [numpy.array(7), numpy.array(0.001, "f4")])


def write_keras_3(folder):
    with h5py.File(folder / "keras_3.weights.h5", "w") as file:
        write_keras_3_weights(file)
    contents = io.BytesIO()
    with h5py.File(contents, "w") as file:
        write_keras_3_weights(file)
    with zipfile.ZipFile(folder / "keras_3.keras", "w") as archive:
        for name, data in {
            "metadata.json": json.dumps({"keras_version": "3.3.3", "date_saved": "2024-05-01@12:00:00"}).encode(),
            "config.json": json.dumps(CONFIG).encode(),
            "model.weights.h5": contents.getvalue(),
        }.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def write_awkward(folder):
    """What HDF5 has besides: types, byte orders, attributes in a heap, the newest layout, and what is refused."""
    # The newest layout has groups of up to eight in one piece, and larger ones in a heap.
    for name, libver, count in (("kinds", "earliest", 10), ("latest", "latest", 6), ("crowded", "latest", 10)):
        with h5py.File(folder / f"hdf5_{name}.h5", "w", libver=libver) as file:
            kinds = [">f4", "<f8", "<f2", ">i4", "<u8", "i1", ">f2", "u1", "<u2", "<i8"][:count]
            file.attrs["layer_names"] = ["all", "none"]
            layer = file.create_group("all")
            layer.attrs["weight_names"] = [f"k{k}" for k in range(len(kinds))] + ["scalar", "empty"]
            for k, kind in enumerate(kinds):
                layer[f"k{k}"] = numpy.array([[1, 0, 100]], kind)
            layer["scalar"] = numpy.float32(2.5)
            layer["empty"] = numpy.zeros((0, 3), "f4")
            file.create_group("none").attrs["weight_names"] = numpy.array([], "S1")
    wrong = {
        "lzf": {"data": numpy.zeros(100, "f4"), "compression": "lzf"},
        "texts": {"data": numpy.array([b"one", b"two"])},
        "unwritten": {"shape": (3,), "dtype": "f4"},
    }
    for name, dataset in wrong.items():
        with h5py.File(folder / f"hdf5_{name}.h5", "w") as file:
            file.attrs["layer_names"] = ["layer"]
            layer = file.create_group("layer")
            layer.attrs["weight_names"] = ["w"]
            layer.create_dataset("w", **dataset)
    with h5py.File(folder / "hdf5_circle.h5", "w") as file:
        write_variables(file, "layers/lstm/cell", weights_of("lstm"))
        file["layers/lstm/layers"] = file["layers"]
    with h5py.File(folder / "hdf5_linked.h5", "w") as file:
        file["layers"] = h5py.SoftLink("/elsewhere")


def in_chunks(layer, count, shape, chunks, kind="<f4", **how):
    """A weight of 0, 1, 2, …"""
    name = f"w{count}"
    layer.create_dataset(name, shape, kind, chunks=chunks, **how)[...] = numpy.arange(numpy.prod(shape)).reshape(shape)
    return name


def write_chunks(folder):
    """Chunks by trees (the oldest layout), and by a single address, none, or arrays of addresses (the newest)."""
    packed = {"compression": "gzip", "shuffle": True, "fletcher32": True}
    cases = [
        [(5, 7), (2, 3), {}],
        [(5, 7), (2, 3), packed],
        [(5, 7), (5, 7), {"fletcher32": True, "kind": ">f8"}],
        [(3, 4, 5), (2, 4, 2), {"shuffle": True, "kind": "<f8"}],
        [(5, 7), (5, 7), {"compression": "gzip", "compression_opts": 9}],
        # More than a node of a tree has, and than one page of an array.
        [(300,), (1,), {"compression": "gzip", "kind": "<i2"}],
        [(1100,), (1,), {"kind": "<i2"}],
        [(0, 3), (2, 3), {"maxshape": (4, 3)}],
    ]
    for name, libver in (("chunks", "earliest"), ("chunks_latest", "latest")):
        with h5py.File(folder / f"hdf5_{name}.h5", "w", libver=libver, userblock_size=512) as file:
            file.attrs["layer_names"] = ["layer"]
            layer = file.create_group("layer")
            # Each case in a group of its own: those of the newest layout have few members.
            names = []
            for k, (shape, chunks, how) in enumerate(cases):
                names.append(f"{k // 4}/" + in_chunks(layer.require_group(str(k // 4)), k, shape, chunks, **how))
            early = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            early.set_chunk((2, 3))
            early.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
            space = h5py.h5s.create_simple((5, 7))
            at_once = h5py.h5d.create(layer["1"].id, b"early", h5py.h5t.IEEE_F32LE, space, early)
            at_once.write(h5py.h5s.ALL, h5py.h5s.ALL, numpy.arange(35, dtype="f4").reshape(5, 7))
            layer.attrs["weight_names"] = [*names, "1/early"]
    refused = {
        "growing": {"chunks": (2, 3), "maxshape": (None, 7)},
        "growing_both": {"chunks": (2, 3), "maxshape": (None, None)},
        "scaled": {"chunks": (2, 3), "scaleoffset": 2},
    }
    for name, how in refused.items():
        with h5py.File(folder / f"hdf5_{name}.h5", "w", libver="latest") as file:
            file.attrs["layer_names"] = ["layer"]
            layer = file.create_group("layer")
            layer.attrs["weight_names"] = [in_chunks(layer, 0, (5, 7), **how)]
    with h5py.File(folder / "hdf5_part.h5", "w") as file:
        file.attrs["layer_names"] = ["layer"]
        layer = file.create_group("layer")
        layer.attrs["weight_names"] = ["w"]
        layer.create_dataset("w", (5, 7), "<f4", chunks=(2, 3))[2:] = 1
    with h5py.File(folder / "hdf5_zeros.h5", "w") as file:
        file.attrs["layer_names"] = ["layer"]
        layer = file.create_group("layer")
        layer.attrs["weight_names"] = ["w"]
        layer.create_dataset("w", data=numpy.zeros(10**6, "f4"), chunks=(10**6,), compression=9)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_keras_2(target)
    write_keras_3(target)
    write_awkward(target)
    write_chunks(target)
