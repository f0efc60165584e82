#!/usr/bin/python3
"""Decodes a BAMS3 1.0 dataset in a directory to the BAM stream it was made from, not compressed.

    bams3_reader.py DATASET OUT

An implementation of docs/format/bams3-v1.md made from that page alone, to show that it can be.
Exit code 1 with one line that names dataset, object and page when anything has to be refused.
"""

import base64
import collections
import hashlib
import json
import pathlib
import re
import struct
import sys

from bams3_codecs import Bytes, Refused, crc32c, require, unzstd
from bams3_page import Page

VERSION = "1.0"
SEAL = re.compile(rb',\n"manifest_sha256":"([0-9a-f]{64})"}\n\Z')
TAIL_BYTES = 48
UNPLACED, UNSORTED = -1, -2

Row = collections.namedtuple(
    "Row",
    "stored_bytes header_bytes core_bytes header_crc records raw_bytes min_start max_end max_span"
    " flag_or flag_and mapped duplicates qc_fail bases outliers",
)


def read_manifest(data):
    try:
        pairs = json.loads(data, object_pairs_hook=list)
        manifest = json.loads(data)
    except ValueError as error:
        raise Refused("no JSON: %s" % error) from None
    require(isinstance(manifest, dict), "no JSON object")
    require(pairs[:1] == [("format", "bams3")], "the format is not bams3")
    require([name for name, _ in pairs[1:3]] == ["version", "reader"], "no version and reader")
    require(
        manifest["version"] == VERSION,
        "version %s, this program reads %s; use nf-spawn %s"
        % (manifest["version"], VERSION, manifest["reader"]),
    )
    seal = SEAL.search(data)
    require(seal, "no seal")
    require(hashlib.sha256(data[: seal.start()]).hexdigest() == seal[1].decode(), "broken seal")
    span = manifest["span"]
    require(4096 <= span <= 1 << 26 and span & span - 1 == 0, "span %d" % span)
    require(manifest["order"] in ("coordinate", "unsorted"), "order %s" % manifest["order"])
    return manifest


def read_header(place, header):
    if "key" in header:
        require(header["key"] == "header.zst", "header in %s" % header["key"])
        stored = (place / "header.zst").read_bytes()
        require(len(stored) == header["stored"], "header.zst has %d bytes" % len(stored))
    else:
        stored = base64.b64decode(header["zstd"], validate=True)
    document = unzstd(stored, header["bytes"], "header document")
    require(hashlib.sha256(document).hexdigest() == header["sha256"], "header document: digest")
    return document


def contigs_of(document):
    """Number of contigs, after checking that the document is a whole BAM header."""
    source = Bytes(document, "header document")
    require(source.take(4) == b"BAM\1", "header document: magic")
    source.take(source.u32())
    count = source.u32()
    for _ in range(count):
        source.take(source.u32())
        source.u32()
    source.finish()
    return count


def key_of(chunk):
    contig, window, part = chunk["contig"], chunk["window"], chunk["part"]
    if contig < 0:
        require(window == 0, "window %d without contig" % window)
        return "data/%s/%d.b3c" % ({UNPLACED: "unplaced", UNSORTED: "unsorted"}[contig], part)
    return "data/%d/%d-%d.b3c" % (contig, window, part)


def read_row(source):
    head = [source.uvarint(10) for _ in range(3)]
    head.append(source.u32())
    records, raw, start, reach = (source.uvarint(10) for _ in range(4))
    rest = [source.uvarint(10) for _ in range(7)]
    outliers = source.uvarint()
    require(outliers <= 256, "row: %d outliers" % outliers)
    listed = [(start + source.uvarint(10), source.uvarint(10)) for _ in range(outliers)]
    require(1 <= records <= 16384, "row: %d records" % records)
    require(raw <= (1 << 23 if records > 1 else (1 << 31) - 65), "row: %d raw bytes" % raw)
    return Row(*head, records, raw, start, start + reach, *rest, listed)


def read_rows(data, chunk):
    require(len(data) == chunk["bytes"], "%d bytes, manifest %d" % (len(data), chunk["bytes"]))
    index = data[len(data) - chunk["index_bytes"] :]
    require(len(index) >= TAIL_BYTES, "index of %d bytes" % len(index))
    require(crc32c(index) == chunk["index_crc32c"], "checksum of the index")
    require(hashlib.sha256(data).hexdigest() == chunk["sha256"], "digest of the object")
    require(data[:8] == b"BAM3\x00\x01\x00\x00", "header %s" % data[:8].hex())
    tail = index[-TAIL_BYTES:]
    require(tail[44:] == b"BAM3", "magic of the tail")
    require(crc32c(tail[:40]) == struct.unpack_from("<I", tail, 40)[0], "checksum of the tail")
    contig, window, part, pages, records, stored, raw, crc, codec = struct.unpack_from(
        "<iIIIQIIIB", tail)
    require(tail[37:40] == bytes(3), "tail: bytes that are not zero")
    named = (chunk["contig"], chunk["window"], chunk["part"], chunk["records"])
    require((contig, window, part, records) == named, "tail and manifest differ")
    require(stored + TAIL_BYTES == len(index), "directory of %d bytes" % stored)
    require(raw <= 1 << 28 and codec <= 1, "directory of %d raw bytes, codec %d" % (raw, codec))
    directory = index[:stored]
    require(crc32c(directory) == crc, "checksum of the directory")
    directory = unzstd(directory, raw, "directory") if codec else directory
    require(len(directory) == raw, "directory: raw length")
    source = Bytes(directory, "directory")
    rows = [read_row(source) for _ in range(pages)]
    source.finish()
    require(sum(row.stored_bytes for row in rows) == len(data) - len(index) - 8, "rows: bytes")
    require(sum(row.records for row in rows) == records, "rows: records")
    require(sum(row.raw_bytes for row in rows) == chunk["raw_bytes"], "rows: raw bytes")
    return rows


def check_extent(chunk, rows, span):
    """That the manifest finds what a region query needs of this chunk."""
    if chunk["contig"] < 0:
        extent = (0, 0, 0)
    else:
        ends = [row.max_end for row in rows]
        ends += [min(s + n, 2**31 - 1) for row in rows for s, n in row.outliers]
        extent = min(row.min_start for row in rows), max(ends), max(row.max_span for row in rows)
        require(extent[0] // span == chunk["window"], "records of another window")
    stated = chunk["min_start"], chunk["max_end"], chunk["max_reference_span"]
    require(stated == extent, "extent %s, manifest %s" % (extent, stated))


class Decoder:
    """Reads all chunks in order, counting what the manifest counts."""

    def __init__(self, place, out):
        self.place, self.out = place, out
        self.counts = collections.defaultdict(lambda: [0, 0])
        self.where = "manifest.json"

    def run(self):
        self.manifest = read_manifest((self.place / "manifest.json").read_bytes())
        document = read_header(self.place, self.manifest["header"])
        self.contigs = contigs_of(document)
        self.out.write(document)
        before = (0, 0, -1)
        for chunk in self.manifest["chunks"]:
            place = self.check_order(chunk, before)
            self.decode(chunk)
            before = place
        self.where = "manifest.json"
        stated = {index: [mapped, rest] for index, mapped, rest in self.manifest["contigs"]}
        unplaced = sum(self.counts.pop(-1, (0, 0)))
        require(stated == dict(self.counts), "counts of the contigs")
        require(self.manifest["unplaced"] == unplaced, "count of unplaced records")
        total = unplaced + sum(map(sum, self.counts.values()))
        require(self.manifest["records"] == total, "count of records")

    def check_order(self, chunk, before):
        self.where = "manifest.json"
        require(chunk["key"] == key_of(chunk), "chunk %s is not %s" % (chunk["key"], key_of(chunk)))
        unsorted = chunk["contig"] == UNSORTED
        require(not unsorted or self.manifest["order"] == "unsorted", "%s in a sorted dataset" % chunk["key"])
        rank = {UNPLACED: self.contigs, UNSORTED: self.contigs + 1}.get(chunk["contig"], chunk["contig"])
        place = (rank, chunk["window"], chunk["part"])
        follows = place[:2] == before[:2] and place[2] == before[2] + 1
        require(follows or (place[:2] > before[:2] and place[2] == 0), "%s is out of order" % chunk["key"])
        return place

    def decode(self, chunk):
        self.where = chunk["key"]
        data = (self.place / chunk["key"]).read_bytes()
        rows, at = read_rows(data, chunk), 8
        check_extent(chunk, rows, self.manifest["span"])
        for number, row in enumerate(rows):
            self.where = "%s page %d" % (chunk["key"], number)
            page = Page(data[at : at + row.stored_bytes], row, chunk["contig"])
            self.out.write(page.encoded())
            page.check_row()
            for record in page.records:
                require(-1 <= record.contig < self.contigs, "contig %d" % record.contig)
                self.counts[record.contig][bool(record.flag & 4)] += 1
            at += row.stored_bytes


def main(dataset, target):
    with open(target, "wb") as out:
        decoder = Decoder(pathlib.Path(dataset), out)
        try:
            decoder.run()
        except (Refused, OSError, KeyError, TypeError, ValueError) as error:
            sys.exit("bams3_reader: %s: %s: %s" % (dataset, decoder.where, error))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
