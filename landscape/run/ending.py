"""How the starts of a run ended, told in a sentence for each reason."""

from landscape.run.run import Run


def endings(run: Run, failed: bool) -> str:
    """What ended starts early, each reason once, with its cure: of those that failed, or of those that did not."""
    groups: dict[str, list[str]] = {}
    for start, stop in zip(run.starts, run.stops, strict=True):
        if stop is not None and stop.failed == failed:
            groups.setdefault(stop.reason, []).append(f"{start.name[:1].upper()}{start.name[1:]} {stop.sentence}")
    return " ".join(f"{said[0]}{f' ({len(said)} starts in all)' if len(said) > 1 else ''}." for said in groups.values())
