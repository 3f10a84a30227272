"""
Makes models with Keras 3 and Keras 2, saves them in every format, and counts on the saved files what deleting each
unit does. Reads the list of networks on standard input (see networks.ts), writes files and `found.json` into the
folder that is its argument.
"""

import json
import pathlib
import sys
import warnings

import keras
import numpy as np
import tf_keras

import convolutions  # noqa: F401  (these register networks)
import dense  # noqa: F401
import joins  # noqa: F401
import sequences  # noqa: F401
from clamp import clamped
from refused import make_refused
from shapes import BUILDERS
from weights import log_scores, seed_weights, spread_scores

CANDIDATES = 96
SAMPLES = 48


def output_layers(model):
    """The layers that give a model's outputs, in the order of its values."""
    histories = [output._keras_history for output in model.outputs]
    return [getattr(history, "operation", None) or history.layer for history in histories]


def run(model, x):
    """All outputs of a model, as arrays."""
    values = model(x, training=False)
    if isinstance(values, dict):
        values = [values[key] for key in sorted(values)]
    return [np.asarray(value) for value in (values if isinstance(values, (list, tuple)) else [values])]


def chosen(p):
    """The class of each sample."""
    return log_scores(p).argmax(axis=1)


def margin(p):
    """By how much the best score of each sample is ahead, on the scale of logits."""
    ordered = np.sort(log_scores(p), axis=1)
    return ordered[:, -1] - ordered[:, -2]


class Made:
    """One network in one version of Keras."""

    def __init__(self, k, spec, folder, seed):
        self.k = k
        self.spec = spec
        self.folder = folder
        self.seed = seed
        self.model = BUILDERS[spec["name"]](k)
        self.head = 0
        self.names = [layer.name for layer in output_layers(self.model)]
        if "scores" in self.names:
            self.head = self.names.index("scores")

    def input(self):
        numbers = np.random.default_rng(self.seed + 1)
        shape = (CANDIDATES, *self.model.inputs[0].shape[1:])
        words = self.spec.get("words")
        if words is not None:
            return numbers.integers(0, words, shape).astype("int32")
        return numbers.normal(size=shape).astype("float32")

    def scores(self, x):
        return run(self.model, x)[self.head]

    def make(self):
        """Weights, files, and what was found in them."""
        self.folder.mkdir(parents=True)
        x = self.input()
        seed_weights(self.model, self.seed)
        if self.spec.get("train"):
            self.model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
            self.model.fit(x, np.arange(len(x)) % 3, epochs=1, verbose=0)
        spread_scores(self.scores_layer(), lambda: self.scores(x))
        predicted = run(self.model, x)
        files = self.save()
        model = self.loaded(files, x, predicted)
        after = self.without_each_unit(model, x, predicted[self.head])
        kept = self.far_from_ties([predicted[self.head], *(p for unit in after.values() for p in unit)])
        return {
            "name": self.spec["name"],
            "keras": 2 if self.k is tf_keras else 3,
            "files": files,
            "outputs": [{"name": n, "values": p[kept].tolist()} for n, p in zip(self.names, predicted)],
            **self.counts(x[kept], predicted[self.head][kept], {s: [p[kept] for p in u] for s, u in after.items()}),
        }

    def scores_layer(self):
        return next(layer for layer in self.model.layers if layer.name == "scores")

    def save(self):
        model = self.model
        files = {"keras": "model.keras"}
        model.save(self.folder / "model.keras")
        if self.k is tf_keras or not self.spec.get("noKeras3H5"):
            files["h5"] = "model.h5"
            model.save(self.folder / "model.h5")
        if self.spec.get("weights"):
            for way in ("apart", *(["legacy"] if self.k is tf_keras else [])):
                apart = self.folder / way
                apart.mkdir()
                (apart / "model.json").write_text(model.to_json())
                model.save_weights(apart / ("model.weights.h5" if way == "apart" else "model.h5"))
                files[way] = f"{way}/model.json"
        return files

    def loaded(self, files, x, predicted):
        """The model as Python reads it back: every file gives the same predictions to the last bit."""
        for name in [files[way] for way in ("h5", "keras") if way in files]:
            model = self.k.models.load_model(self.folder / name, compile=False)
            for before, after in zip(predicted, run(model, x)):
                np.testing.assert_array_equal(before, after, f"{self.folder / name} read back")
        return model

    def without_each_unit(self, model, x, before):
        """Class scores for each unit of each site clamped to zero, all units of a site in one run."""
        found = {}
        for site in self.spec["sites"]:
            name, units = site.rsplit(" ", 1)
            # A block of samples with nothing clamped, then one for each unit.
            blocks = np.concatenate([np.ones((1, int(units))), 1 - np.eye(int(units))])
            with clamped(self.k, model, name, blocks.repeat(len(x), axis=0)):
                scores = run(model, np.tile(x, (len(blocks), *[1] * (x.ndim - 1))))[self.head]
            untouched, *found[name] = np.split(scores, len(blocks))
            within = self.spec.get("within", 1e-5)
            np.testing.assert_allclose(untouched, before, rtol=within, atol=within, err_msg=f"{name}, untouched")
        return found

    def far_from_ties(self, scores):
        """Samples whose class no rounding can change, whichever unit is deleted."""
        least = np.min([margin(p) for p in scores], axis=0)
        kept = np.flatnonzero(least > self.spec.get("margin", 1e-3))[:SAMPLES]
        if len(kept) < SAMPLES / 2:
            raise ValueError(f"{self.spec['name']}: only {len(kept)} samples are far from ties")
        return kept

    def counts(self, x, baseline, after):
        """Labels that are mostly what the network says, and what each unit changes about being right."""
        classes = max(baseline.shape[1], 2)
        numbers = np.random.default_rng(self.seed + 2)
        best = chosen(baseline)
        y = np.where(numbers.uniform(size=len(x)) < 0.3, numbers.integers(0, classes, len(x)), best).astype("int32")
        y[:classes] = np.arange(classes)
        np.savez(self.folder / "data.npz", x=x, y=y)
        x.astype("float32").tofile(self.folder / "x.f32")
        right = best == y
        units, flips = {}, 0
        for site, scores in after.items():
            now = [chosen(p) == y for p in scores]
            units[site] = {
                "correct": [int(r.sum()) for r in now],
                "to_wrong": [int((right & ~r).sum()) for r in now],
                "to_right": [int((~right & r).sum()) for r in now],
            }
            flips += sum(units[site]["to_wrong"]) + sum(units[site]["to_right"])
        if after and flips == 0:
            raise ValueError(f"{self.spec['name']}: no unit changes anything, which shows nothing")
        return {"shape": x.shape, "correct": int(right.sum()), "units": units}


def main():
    warnings.filterwarnings("ignore", message="You are saving your model as an HDF5 file")
    folder = pathlib.Path(sys.argv[1])
    specs = json.load(sys.stdin)
    unknown = {spec["name"] for spec in specs} ^ BUILDERS.keys()
    if unknown:
        raise ValueError(f"only one side knows {sorted(unknown)}")
    made, failures = [], []
    for index, spec in enumerate(specs):
        for version in spec["keras"]:
            name = f"{index}-keras{version}"
            k = keras if version == 3 else tf_keras
            k.backend.clear_session()
            try:
                found = Made(k, spec, folder / name, seed=100 * index).make()
            except Exception as error:  # all that went wrong is told at once
                failures.append(f"{spec['name']} (Keras {version}): {error!r}")
                continue
            found["files"] = {way: f"{name}/{file}" for way, file in found["files"].items()}
            made.append({**found, "data": f"{name}/data.npz", "x": f"{name}/x.f32"})
    if failures:
        raise SystemExit("\n".join(failures))
    refused = make_refused(folder / "refused", keras, tf_keras)
    (folder / "found.json").write_text(json.dumps({"made": made, "refused": refused}))


main()
