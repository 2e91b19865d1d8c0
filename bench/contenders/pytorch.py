"""torch.nn.LSTM with a linear head. Reads lines "train SHAPE MS", "infer SHAPE MS" and "export SHAPE FILE", repeats the step
for so many milliseconds, at least once, and answers with the median of what it took. Its argument: "one" thread, or as many
as it takes by itself."""

import json, pathlib, statistics, sys, time, warnings
import torch
from torch import nn

if sys.argv[1] == "one":
    torch.set_num_threads(1)
warnings.filterwarnings("ignore")  # of the export
shapes = json.loads(pathlib.Path(__file__).with_name("shapes.json").read_text())


class Model(nn.Module):
    def __init__(self, I, H, classes, **_):
        super().__init__()
        self.lstm = nn.LSTM(I, H)
        self.head = nn.Linear(H, classes or 1)
        self.every_step = classes > 0

    def forward(self, x):
        output, _ = self.lstm(x)
        return self.head(output if self.every_step else output[-1])


class Contender:
    def __init__(self, shape):
        T, B, I, classes = (shape[key] for key in ("T", "B", "I", "classes"))
        torch.manual_seed(1)
        self.model = Model(**shape)
        self.x = torch.rand(T, B, I) * 2 - 1
        self.y = torch.randint(classes, (T * B,)) if classes else torch.rand(B, 1)
        self.loss = nn.CrossEntropyLoss() if classes else nn.MSELoss()
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def train(self):
        self.optimizer.zero_grad()
        output = self.model(self.x)
        self.loss(output.reshape(len(self.y), -1), self.y).backward()
        self.optimizer.step()

    @torch.no_grad()
    def infer(self):
        self.model(self.x)


contenders = {name: Contender(shape) for name, shape in shapes.items()}
for line in sys.stdin:
    command, shape, argument = line.split()
    contender = contenders[shape]
    if command == "export":
        torch.onnx.export(contender.model, contender.x, argument, input_names=["x"])
        print(0, flush=True)
        continue
    times = []
    end = time.perf_counter() + int(argument) / 1000
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        getattr(contender, command)()
        times.append(1000 * (time.perf_counter() - start))
    print(statistics.median(times), flush=True)
