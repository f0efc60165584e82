#!/usr/bin/python3
"""Writes small datasets as the first BAMS3 tools wrote them, and what they come to as SAM.

Independent of the reader under test: made from a description of the old formats alone. Run again
only to add a dataset; what was written once is read for ever.

    legacy_golden.py src/test/resources/legacy     (needs Debian's python3-zstandard)
"""
import hashlib
import json
import os
import struct
import sys

import zstandard

OPS = "MIDNSHP=X"
NIBBLE = {"A": 1, "C": 2, "G": 4, "T": 8, "N": 15}

# name, flag, contig, 0-based start, mapq, CIGAR, bases, qualities, tags
READS = [
    ("first", 99, 0, 0, 60, [(4, "M"), (1, "I"), (5, "M")], "ACGTRYACGT", "IIIIIIIIII",
     {"NM": "1", "XA": "c", "XB": "s:[1 -2 3]", "XH": "31414646"}),
    ("noqual", 147, 0, 299, 60, [(10, "M")], "ACGTNNACGT", " " * 10, {"NM": "0"}),
    ("placed", 4, 0, 299, 0, [], "ACG", "III", {}),
    ("next", 1024, 0, 1048576, 3, [(3, "S"), (7, "M")], "ACGTNNACGT", "ABCDEFGHIJ",
     {"ZZ": "text with space & <tag>"}),
    ("other", 16, 1, 49, 255, [(2, "M")], "AC", "!~", {}),
    ("free", 4, -1, -1, 0, [], "ACGTA", "IIIII", {}),
    ("bare", 4, -1, -1, 0, [], "", "", {}),
]
CONTIGS = [("chr1", 3000000), ("chr2", 100000)]
STAMP = "2024-05-06T07:08:09.123456789Z"


def cigar(ops):
    return "".join(f"{n}{op}" for n, op in ops)


def packed_bases(bases):
    codes = [NIBBLE.get(b, 0) for b in bases] + [0]
    return bytes(codes[i] << 4 | codes[i + 1] for i in range(0, len(bases), 2))


def read_02(read, bases=None, count=None):
    name, flag, contig, start, mapq, ops, own, quals, tags = read
    bases = own if bases is None else bases
    body = name.encode() + struct.pack("<iiBH", contig, start, mapq, flag)
    body += b"".join(struct.pack("<I", n << 4 | OPS.index(op)) for n, op in ops)
    body += packed_bases(bases) + quals.encode()
    for tag, value in tags.items():
        body += tag.encode() + b"Z" + value.encode() + b"\0"
    head = struct.pack("<IHHHH", 12 + len(body), len(name), (len(bases) if count is None else count)
                       & 0xFFFF, len(ops), len(tags))
    return head + body


def chunk_02(records, compress=True):
    content = struct.pack("<IHHII", 0x42414D33, 0x0200, int(compress), len(records), 0)
    content += b"".join(records)
    return zstandard.ZstdCompressor(level=3).compress(content) if compress else content


def read_01_go(read):
    name, flag, contig, start, mapq, ops, bases, quals, tags = read
    fields = [("name", name), ("flag", flag), ("reference_id", contig), ("position", start),
              ("mapping_quality", mapq), ("cigar", cigar(ops) or "*"),
              ("cigar_ops", [{"Type": OPS.index(op), "Length": n} for n, op in ops]),
              ("sequence", bases), ("quality", quals), ("tags", dict(sorted(tags.items()))),
              ("ref", contig), ("pos", start), ("mapq", mapq), ("seq", bases), ("qual", quals)]
    always = ("name", "flag", "cigar")
    return {k: v for k, v in fields if v or k in always}


def read_01_python(read):
    name, flag, contig, start, mapq, ops, bases, quals, _ = read
    unmapped = flag & 4
    return {"name": name, "flag": flag, "ref": contig, "pos": -1 if unmapped else start,
            "mapq": mapq, "cigar": cigar(ops) or None, "seq": bases or "*",
            "qual": "*" if not quals or quals[0] == " " else quals}


def go_json(value):
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e").encode()


def windows(reads, size):
    """Chunks by (contig, window), in the order of the dictionary; the unplaced last."""
    chunks = {}
    for read in reads:
        key = (read[2], read[3] // size) if read[2] >= 0 else None
        chunks.setdefault(key, []).append(read)
    return chunks


def write(root, path, content):
    target = os.path.join(root, path)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as out:
        out.write(content)


def dataset(root, version, author, source, header, chunks, digest=True, shuffle=True):
    infos = []
    for (contig, start, end), (reads, content, compression) in chunks:
        path = "data/unmapped.chunk" if contig == "unmapped" else (
            f"data/{contig}/{start:09d}-{end:09d}.chunk")
        write(root, path, content)
        checksum = hashlib.sha256(content if digest else content + b"another form").hexdigest()
        infos.append({"path": path, "reference": contig, "start": start, "end": end,
                      "reads": reads, "size_bytes": len(content), "compression": compression,
                      "checksum": checksum, "created": STAMP})
    if shuffle:
        infos.reverse()
    total = sum(i["reads"] for i in infos)
    metadata = {"format": "bams3", "version": version, "created": STAMP, "created_by": author,
                "source": source, "statistics": {"total_reads": total}, "chunks": infos,
                "chunk_size": 1048576, "compression": {"algorithm": "zstd"}}
    index = {}
    for info in infos:
        if info["reference"] != "unmapped":
            entry = index.setdefault(info["reference"], {"name": info["reference"], "chunks": []})
            entry["chunks"].append(info)
    for name, value in (("_metadata.json", metadata), ("_header.json", header),
                        ("_index/spatial.json", {"references": index})):
        write(root, name, json.dumps(value, indent=2).encode() + b"\n")


def place(key, size=1 << 20):
    if key is None:
        return ("unmapped", 0, 0)
    contig, window = key
    return (CONTIGS[contig][0], window * size, (window + 1) * size)


def sam(root, header, lines):
    text = "\n".join(header + ["\t".join(line) for line in lines]) + "\n"
    write(root, "expected.sam", text.encode())


GO_HEADER = {"HD": {"SO": "coordinate", "VN": "1.6"},
             "SQ": [{"LN": str(n), "SN": c} for c, n in CONTIGS],
             "RG": [{"ID": "a"}], "PG": [{"ID": "0", "PN": "bwa", "VN": "1"}], "CO": ["hello"]}
GO_SAM = ["@HD\tVN:1.6\tSO:coordinate", "@SQ\tSN:chr1\tLN:3000000", "@SQ\tSN:chr2\tLN:100000",
          "@RG\tID:a", "@PG\tID:0\tPN:bwa\tVN:1", "@CO\thello"]


def lines(bases, tags):
    """The reads as they are to come out, RNEXT PNEXT TLEN lost."""
    out = []
    for name, flag, contig, start, mapq, ops, own, quals, own_tags in READS:
        out.append([name, str(flag), CONTIGS[contig][0] if contig >= 0 else "*", str(start + 1),
                    str(mapq), cigar(ops) or "*", "*", "0", "0", bases(own) or "*",
                    "*" if not quals or quals[0] == " " else quals] + tags(own_tags))
    return out


def z_tags(tags):
    return [f"{t}:Z:{v}" for t, v in tags.items()]


def go_02(root):
    chunks = [(place(k), (len(r), chunk_02([read_02(x) for x in r], k != (1, 0)), "zstd"))
              for k, r in windows(READS, 1 << 20).items()]
    dataset(root, "0.2.0", "bams3-go", {"file": "in.bam", "format": "BAM"}, GO_HEADER, chunks)
    sam(root, GO_SAM, lines(lambda b: b.replace("R", "N").replace("Y", "N"), z_tags))


def go_01(root):
    chunks = []
    for key, reads in windows(READS, 1 << 20).items():
        content = go_json([read_01_go(r) for r in reads])
        if key != (0, 0):
            content = zstandard.ZstdCompressor(level=3).compress(content)
        chunks.append((place(key), (len(reads), content, "none" if key == (0, 0) else "zstd")))
    dataset(root, "0.1.0", "bams3-go", {"file": "in.bam", "format": "BAM"}, GO_HEADER, chunks)
    sam(root, GO_SAM, lines(lambda b: b, lambda t: z_tags(dict(sorted(t.items())))))


def go_stream_02(root):
    """Positions 1-based, no CIGAR, stars for absent bases and qualities, all of the header."""
    def streamed(read):
        name, flag, contig, start, mapq, _, bases, quals, tags = read
        absent = not quals or quals[0] == " "
        return (name, flag, contig, start + 1, mapq, [], bases or "*", "*" if absent else quals, tags)
    header = {"HD": {"SO": "coordinate", "VN": "1.6"},
              "SQ": [{"LN": str(n), "M5": "ab" * 16, "SN": c} for c, n in CONTIGS],
              "RG": [{"ID": "a", "PL": "ILLUMINA", "SM": "one"}],
              "PG": [{"CL": "bwa mem x", "ID": "bwa"}], "CO": ["hello\tworld"]}
    reads = [streamed(r) for r in READS]
    chunks = [(place(k), (len(r), chunk_02([read_02(x) for x in r]), "zstd"))
              for k, r in windows(reads, 1 << 20).items()]
    dataset(root, "0.2.0", "bams3-go", {"file": "stdin", "format": "SAM/BAM"}, header, chunks)
    text = [GO_SAM[0]] + [f"@SQ\tSN:{c}\tLN:{n}\tM5:{'ab' * 16}" for c, n in CONTIGS]
    text += ["@RG\tID:a\tPL:ILLUMINA\tSM:one", "@PG\tID:bwa\tCL:bwa mem x", "@CO\thello\tworld"]
    out = lines(lambda b: b.replace("R", "N").replace("Y", "N"), z_tags)
    for line in out:
        line[5] = "*"
    sam(root, text, out)


def python_01(root):
    mapped = [r for r in READS if not r[1] & 4]
    unmapped = [r for r in READS if r[1] & 4]
    chunks = [(place(k), (len(r), json.dumps([read_01_python(x) for x in r]).encode(), "none"))
              for k, r in windows(mapped, 1 << 20).items()]
    content = json.dumps([read_01_python(r) for r in unmapped]).encode()
    chunks.append((("unmapped", 0, 0), (len(unmapped), content, "none")))
    header = {"HD": {"VN": "1.6", "SO": "coordinate"},
              "SQ": [{"SN": c, "LN": n, "M5": "ab" * 16} for c, n in CONTIGS],
              "RG": [{"ID": "a", "SM": "one"}], "PG": [{"ID": "bwa", "CL": "bwa mem x"}]}
    dataset(root, "0.1.0-poc", "bams3_converter.py POC", {"file": "in.bam", "format": "BAM"},
            header, chunks, digest=False)
    text = [GO_SAM[0]] + [f"@SQ\tSN:{c}\tLN:{n}\tM5:{'ab' * 16}" for c, n in CONTIGS]
    text += ["@RG\tID:a\tSM:one", "@PG\tID:bwa\tCL:bwa mem x"]
    out = lines(lambda b: b, lambda t: [])
    out.sort(key=lambda line: int(line[1]) & 4)
    for line in out:
        if int(line[1]) & 4:
            line[2:4] = ["*", "0"]
    sam(root, text, out)


def long_02(root):
    """70,000 bases, counted modulo 65,536: once told by the CIGAR, once only by the size."""
    bases = "ACGT" * 17500
    long = ("long", 0, 0, 9, 60, [(70000, "M")], bases, "I" * 70000, {"NM": "0"})
    loose = ("loose", 4, 0, 9, 0, [], bases, "5" * 70000, {"XX": "x"})
    reads = [read_02(long), read_02(loose)]
    chunks = [(place((0, 0)), (2, chunk_02(reads), "zstd"))]
    dataset(root, "0.2.0", "bams3-go", {"file": "in.bam", "format": "BAM"}, GO_HEADER, chunks)


if __name__ == "__main__":
    out = sys.argv[1]
    go_02(os.path.join(out, "go-0.2"))
    go_01(os.path.join(out, "go-0.1"))
    go_stream_02(os.path.join(out, "go-stream-0.2"))
    python_01(os.path.join(out, "python-0.1"))
    long_02(os.path.join(out, "go-long-0.2"))
