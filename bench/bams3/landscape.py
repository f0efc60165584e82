"""Where along a slice reads are unlike most: the part of `fit-model` that looks at places."""

import collections
import re

Counter = collections.Counter
WINDOW_BP = 16
FEWEST = 0.25
CROWD_BP = 256
LEAST_CROWD = 4
LEAST_CLIP_BP = 10
GOOD_LEVEL = 1
BAD_LEVEL = 2
MILLION = 10**6


def gaps_of(fields):
    """Position, operation and length of each."""
    position = int(fields[3])
    for length, operation in re.findall(r"(\d+)(\D)", fields[5]):
        if operation in "ID":
            yield position, operation, int(length)
        if operation in "MD=XN":
            position += int(length)


def crowds(records):
    """Rescued reads where they stand close together."""
    counted = Counter(int(f[3]) // CROWD_BP for _, flag, f, t in records if t.get("XT") == "M")
    return {
        at
        for at, (_, _, f, t) in enumerate(records)
        if t.get("XT") == "M" and counted[int(f[3]) // CROWD_BP] >= LEAST_CROWD
    }


def alone_in_crowds(records, crowded):
    """How many of them would have been rescued wherever they are."""
    places = {int(records[at][2][3]) // CROWD_BP for at in crowded}
    outside = [t for _, _, f, t in records if int(f[3]) // CROWD_BP not in places]
    share = sum(t.get("XT") == "M" for t in outside) / len(outside)
    return share * (len(records) - len(outside))


def windows_of(records):
    first = int(records[0][2][3])
    return [(int(f[3]) - first) // WINDOW_BP for _, _, f, _ in records]


def landscape(records, crowded, rates):
    """Shares are of the reads there: of no fewer than three quarters of as many as elsewhere."""
    windows = windows_of(records)
    mean = len(records) / (max(windows) + 1)
    reads = {window: max(round(FEWEST * mean), n) for window, n in Counter(windows).items()}
    yield "landscape %d" % (max(windows) + 1)
    counted = Counter((windows[at], kind_of(at, crowded, rates)) for at in crowded)
    for (window, kind), n in sorted(counted.items()):
        yield "rescued %d %d %s %d" % (window, reads[window], kind, n)
    expected = sum(mean * n / reads[window] for (window, _), n in counted.items())
    share = (len(crowded) - alone_in_crowds(records, crowded)) / expected
    yield "share crowd %d" % round(MILLION * share)
    rescued = [at for at, (_, _, _, t) in enumerate(records) if t.get("XT") == "M"]
    kinds = {at: kind_of(at, crowded, rates) for at in rescued}
    counted = Counter((kind,) + differences_of(kind, *records[at][1:]) for at, kind in kinds.items())
    yield from ("differences %s %d %d %d %d" % (*key, n) for key, n in sorted(counted.items()))
    counted = Counter(gap[1:] for at in crowded for gap in gaps_of(records[at][2]))
    yield from ("gap %s %d %d" % (*key, n) for key, n in sorted(counted.items()))
    yield from hits(records, windows, reads)


def kind_of(at, crowded, rates):
    """Why a read was rescued: the person's sequence is another, or there it is hard to read."""
    if at not in crowded:
        return "alone"
    return "bad" if rates.level(at) >= BAD_LEVEL else "diverged"


def differences_of(kind, flag, fields, tags):
    """Gaps, mismatches, how much of an end lies elsewhere; of those that stand alone gaps only."""
    if kind == "alone":
        return int(tags["XO"]), 0, 0
    ends, inverted = clipped_ends(fields), bool(flag & 16)
    trimmed = len(fields[9]) - int(tags.get("XC", len(fields[9])))
    ends[not inverted] -= min(trimmed, ends[not inverted])
    return int(tags["XO"]), int(tags["XM"]), max(ends) // 4 * 4


def clipped_ends(fields):
    return [int(n) for n in re.match(r"(?:(\d+)S)?.*?(?:(\d+)S)?$", fields[5]).groups("0")]


def places_elsewhere(fields, tags):
    """Contig, whether inverted, and what stays the same from one read of a copy to the next."""
    start = int(fields[3])
    for hit in tags.get("XA", "").split(";")[:-1]:
        contig, position, cigar, nm = hit.split(",")
        inverted = (position[0] == "-") != bool(int(fields[1]) & 16)
        at = int(position[1:])
        yield contig, inverted, at + start if inverted else at - start, cigar, int(nm)


def hits(records, windows, reads):
    families, counted, family, before = {}, Counter(), 0, set()
    nm, seen, own, gapped, recent, owns = Counter(), Counter(), 0, 0, [], Counter()
    for at, (_, flag, fields, tags) in enumerate(records):
        if tags.get("XT") not in ("U", "R") or (tags["X0"], tags.get("X1")) == ("1", "0"):
            continue
        places = list(places_elsewhere(fields, tags))
        for contig, inverted, line, cigar, differences in places:
            nm[differences] += 1
            near = any((contig, inverted) == p[:2] and abs(line - p[2]) < 3 for p in recent)
            seen[near] += 1
            own += contig == fields[2] and not near
            gapped += bool(re.search("[ID]", cigar))
        lines = {place[:2] + (place[2] // 8,) for place in places}
        if windows[at] not in families:
            family += not lines & before
            families[windows[at]] = family
        owns[families[windows[at]]] += sum(1 if p[0] == fields[2] else -1 for p in places)
        if lines:
            before = lines
            recent = (recent + places)[-8:]
        moved = tags["X0"] == "1" and tags["SM"] == "0"
        key = (tags["X0"], tags.get("X1", "0"), len(places), moved)
        counted[(windows[at],) + key] += 1
    for (window, *key), n in sorted(counted.items(), key=lambda item: (item[0][0], str(item))):
        family = families[window]
        key = (window, reads[window], *key, family, owns[family] > 0, n)
        yield "hits %d %d %s %s %d %d %d %d %d" % key
    shares = seen[True] / nm.total(), own / seen[False], gapped / nm.total()
    for name, share in zip(("shared", "own", "gapped"), shares):
        yield "share elsewhere-%s %d" % (name, round(MILLION * share))
    yield from ("elsewhere-nm %d %d" % item for item in sorted(nm.items()))


def clips(records, crowded, rates):
    """What local alignment left of good reads that were rescued and stand alone, by their number."""
    found = {}
    for at, (_, flag, fields, tags) in enumerate(records):
        if tags.get("XT") == "M" and rates.level(at) <= GOOD_LEVEL and at not in crowded:
            ends = clipped_ends(fields)
            if max(ends) >= LEAST_CLIP_BP:
                found[at] = max(ends), ends.index(max(ends)) == bool(flag & 16)
    return found


def clip_lines(found, reads):
    yield "share clip %d" % round(MILLION * len(found) / reads)
    yield "share clip-start %d" % round(MILLION * sum(s for _, s in found.values()) / len(found))
    counted = Counter(bp for bp, _ in found.values())
    yield from ("clip %d %d" % item for item in sorted(counted.items()))


