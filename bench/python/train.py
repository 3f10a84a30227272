"""Trains a layers model on images and writes the weights back: cross-entropy, Adam, seeded."""

import json
import sys

import numpy
import torch

import layers_model


def main(task):
    torch.manual_seed(task["seed"])
    archive = numpy.load(task["data"])
    x = torch.from_numpy(archive["x"]).permute(0, 3, 1, 2).float().div_(255)
    y = torch.from_numpy(archive["y"].astype(numpy.int64))
    network = layers_model.load(task["model"]).to(memory_format=torch.channels_last).train()
    steps = -(-len(y) // task["batch"]) * task["epochs"]
    optimizer = torch.optim.Adam(network.parameters(), task["rate"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, task["rate"], total_steps=steps)
    for epoch in range(task["epochs"]):
        right = 0
        for chosen in torch.randperm(len(y)).split(task["batch"]):
            scores = network(x[chosen].contiguous(memory_format=torch.channels_last))
            loss = torch.nn.functional.cross_entropy(scores, y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            right += int((scores.argmax(1) == y[chosen]).sum())
        print(f"  epoch {epoch + 1}, {100 * right / len(y):.1f} % right while training", file=sys.stderr)
    layers_model.store(network.eval(), task["model"])
    print(json.dumps({"accuracy": right / len(y)}))


main(json.load(sys.stdin))
