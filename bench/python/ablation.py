"""Captum's LayerFeatureAblation, each unit a feature, on whether each sample is right."""

import time

import torch
from captum.attr import LayerFeatureAblation

import peer

TRIED_UNITS = 6


def measure(case):
    """Some units are measured site by site; every site also costs two passes of its own."""
    forward = case.forward_seconds()
    by_site = lambda units: {site: [u for s, u in units if s == site] for site, _ in units}
    first = case.order[0][0]
    tried = [u for s, u in case.order if s == first][:TRIED_UNITS]
    best = None
    for at_once in (1, 4, 16):
        batch = max(1, case.batch // at_once)
        evaluations, seconds = timed(case, {first: tried}, batch, at_once)[1:]
        if best is None or seconds / evaluations < best[0]:
            best = (seconds / evaluations, batch, at_once)
        if seconds > case.seconds / 4:
            break
    each, batch, at_once = best
    sites = len(by_site(case.order))
    count = int(case.seconds / each) - 3 * sites
    chosen = case.order[: max(count, 3)]
    correct, evaluations, seconds = timed(case, by_site(chosen), batch, at_once)
    units = len(case.order)
    return {
        "seconds_per_unit": seconds / evaluations * (units + 2 * sites) / units,
        "correct": [correct[site, unit] for site, unit in chosen],
        "forward_s": forward,
        "settings": f"batch {batch}, {at_once} units at once" + case.settings[len(f"batch {case.batch}") :],
    }


def timed(case, by_site, batch, at_once):
    """Samples right without each unit, full passes over all samples made for it, seconds."""
    correct, evaluations = {}, 0
    began = time.perf_counter()
    for site, units in by_site.items():
        ablation = LayerFeatureAblation(is_right(case.network), case.network.layers[site])
        right = torch.zeros(len(units), dtype=torch.int64)
        for x, y in zip(case.x.split(batch), case.y.split(batch)):
            shape = shape_of(case, site, x[:1])
            attribution = ablation.attribute(
                x,
                layer_baselines=0,
                additional_forward_args=(y,),
                layer_mask=mask_of(units, shape),
                perturbations_per_eval=at_once,
            )
            lost = attribution.flatten(2)[:, :, 0] if attribution.dim() == 4 else attribution
            right -= lost[:, units].sum(0).round().long()
        base = case.right()
        for unit, change in zip(units, right.tolist()):
            correct[site, unit] = base + change
        evaluations += len(units) + 2 + (len(units) < shape[1])
    return correct, evaluations, time.perf_counter() - began


def is_right(network):
    return lambda x, y: (network(x).argmax(1) == y).float()


def shape_of(case, site, x):
    shapes = []
    handle = case.network.layers[site].register_forward_hook(lambda m, i, output: shapes.append(output.shape))
    case.network(x)
    handle.remove()
    return shapes[0]


def mask_of(units, shape):
    """Each unit measured is a feature, all others together are one more; None where none is left out."""
    if len(shape) == 2 and len(units) == shape[1]:
        return None
    mask = torch.full((1, shape[1], *([1] * (len(shape) - 2))), len(units))
    mask[0, units] = torch.arange(len(units)).view(-1, *([1] * (len(shape) - 2)))
    return mask


peer.run(measure)
