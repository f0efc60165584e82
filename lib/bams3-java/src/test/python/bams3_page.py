"""Pages of BAMS3 1.0: docs/format/bams3-v1.md, sections 5 and 6. Made from that page alone."""

import collections
import re
import struct

from bams3_codecs import Bytes, QualityCodec, Refused, Zeros, crc32c, rans0, require, signed, unzstd

LETTERS = "=ACMGRSVTWYHKDBN"
NIBBLES = (1, 2, 4, 8)
CODES = {nibble: code for code, nibble in enumerate(NIBBLES)}
OPERATIONS = "MIDNSHP=X"
ON_REFERENCE, ALIGNED, ON_READ = {0, 2, 3, 7, 8}, {0, 7, 8}, {0, 1, 4, 7, 8}
NAMED = {*range(1, 14), *range(16, 20), *range(32, 80), *range(80, 91), 96, 97, 98, 112, 113, 114}
NAMED |= set(range(128, 192))
QUAL, LAST_CORE = 98, 15
FIXED = {"A": 1, "c": 1, "C": 1, "f": 4, "d": 8}
RANGES = {"s": (-(1 << 15), 1 << 15), "S": (0, 1 << 16), "i": (-(1 << 31), 1 << 31),
          "I": (0, 1 << 32), "c": (-128, 128), "C": (0, 256)}
WIDTHS = {"c": 1, "C": 1, "s": 2, "S": 2, "i": 4, "I": 4, "f": 4}
MOST_REFERENCE = 4_194_304

Record = type("Record", (), {})


def span_of(flag, cigar):
    return 0 if flag & 4 else sum(op >> 4 for op in cigar if op & 15 in ON_REFERENCE)


def cigar_text(cigar):
    require(all(op & 15 <= 8 for op in cigar), "MC: a CIGAR operation above 8")
    return "".join("%d%s" % (op >> 4, OPERATIONS[op & 15]) for op in cigar) or "*"


def bin_of(begin, end):
    end = signed(end - 1)
    for shift, first in ((14, 4681), (17, 585), (20, 73), (23, 9), (26, 1)):
        if begin >> shift == end >> shift:
            return first + (begin >> shift) & 0xFFFF
    return 0


def unpack_bases(column, count, odd, what):
    """Nibble codes of bases, four a byte, with the runs that are none of the four."""
    data = column.take(-(-count // 4))
    require(count % 4 == 0 or not data or data[-1] >> count % 4 * 2 == 0, "%s: bits left over" % what)
    column.finish()
    codes = bytearray(4 * len(data))
    for lane in range(4):
        codes[lane::4] = bytes(NIBBLES[byte >> 2 * lane & 3] for byte in data)
    del codes[count:]
    at = 0
    while odd.more():
        at += odd.uvarint()
        run, nibble = odd.uvarint(), odd.u8()
        require(0 < run <= count - at and nibble < 16, "%s: exception" % odd.what)
        codes[at : at + run] = bytes([nibble]) * run
        at += run
    return codes


class Page:
    """Decodes one page to the bytes of its records, and knows what the directory says of them."""

    def __init__(self, stored, row, contig):
        self.row, self.contig = row, contig
        self.columns, self.codecs = {}, {}
        self.read_header(stored)
        self.records = [Record() for _ in range(row.records)]
        for decode in (self.core, self.mates, self.names, self.bases, self.qualities, self.tags):
            decode()
        for column in self.columns.values():
            column.finish()

    def read_header(self, stored):
        row = self.row
        require(row.header_bytes <= row.core_bytes <= len(stored), "page header beyond the page")
        header = stored[: row.header_bytes]
        require(crc32c(header) == row.header_crc, "checksum of the page header")
        source = Bytes(header, "page header")
        require(source.uvarint() == row.records, "page header: number of records")
        at, before = row.header_bytes, 0
        core_end = at
        for _ in range(source.uvarint()):
            id_, codec = source.uvarint(), source.u8()
            size, raw, crc = source.uvarint(), source.uvarint(), source.u32()
            what = "column %d" % id_
            require(id_ in NAMED, "%s is not one of this version" % what)
            require(id_ > before, "columns do not ascend")
            require(raw <= 2 * row.raw_bytes + 65536, "%s: %d raw bytes" % (what, raw))
            require(at + size <= len(stored), "%s beyond the page" % what)
            data = stored[at : at + size]
            require(crc32c(data) == crc, "%s: checksum" % what)
            self.add(id_, codec, data, raw, what)
            at, before = at + size, id_
            core_end = at if id_ <= LAST_CORE else core_end
        source.finish()
        require(at == len(stored), "page: columns do not add up")
        require(core_end == row.core_bytes, "page: core bytes")

    def add(self, id_, codec, data, raw, what):
        if codec == 0:
            require(len(data) == raw, "%s: raw length" % what)
        elif codec == 1:
            data = unzstd(data, raw, what)
        elif codec == 2:
            data = rans0(data, raw, what)
        elif codec == 3 and id_ == QUAL:
            self.codecs[QUAL] = QualityCodec(data, what), raw
            return
        else:
            raise Refused("%s: codec %d" % (what, codec))
        self.columns[id_] = Bytes(data, what)

    def column(self, id_):
        if id_ not in self.columns:
            return Zeros("column %d" % id_)
        return self.columns[id_]

    def core(self):
        low, high, mapq = (self.column(i) for i in (1, 2, 3))
        contig, pos, length, count, operation = (self.column(i) for i in (4, 5, 6, 7, 8))
        kind, link = self.column(9), self.column(10)
        contig_before, pos_before = -1, 0
        require(self.contig == -2 or 4 not in self.columns, "column 4 in a chunk of one contig")
        for i, r in enumerate(self.records):
            r.flag = low.u8() | high.u8() << 8
            r.mapq = mapq.u8()
            if self.contig == -2:
                contig_before = signed(contig_before + contig.svarint())
            r.contig = contig_before if self.contig == -2 else self.contig
            r.pos = pos_before = signed(pos_before + pos.svarint())
            r.length = length.uvarint()
            require(r.length < 1 << 31, "column 6: length %d" % r.length)
            operations = count.uvarint()
            require(operations <= 65536, "column 7: %d operations" % operations)
            require(operations or r.length < 1 << 28, "column 7: M of %d bases" % r.length)
            r.cigar = (
                [operation.uvarint() for _ in range(operations - 1)] if operations else [r.length << 4]
            )
            r.span = span_of(r.flag, r.cigar)
            r.kind, r.link, r.partner = kind.u8(), link.uvarint(), None
            require(r.kind <= 2, "column 9: kind %d" % r.kind)
            require(r.link <= i, "column 10: link %d of record %d" % (r.link, i))
        for i, r in enumerate(self.records):
            if r.kind == 1 and r.link:
                other = self.records[i - r.link]
                require(other.kind == 1 and other.partner is None, "column 10: partner has another")
                require(other.contig == r.contig, "column 10: partner on another contig")
                r.partner, other.partner = other, r

    def mates(self):
        contig, pos, tlen, bins = (self.column(i) for i in (11, 12, 13, 16))
        for r in self.records:
            if r.kind == 0:
                r.mate_contig = r.mate_pos = -1
            elif r.kind == 1:
                require(r.partner is not None, "column 9: a record without its partner")
                r.mate_contig, r.mate_pos = r.partner.contig, r.partner.pos
            else:
                r.mate_contig = signed(r.contig + contig.svarint())
                r.mate_pos = signed(r.pos + pos.svarint())
            r.tlen = signed(self.predict(r) + tlen.svarint())
            different = bins.uvarint()
            require(different < 65536, "column 16: bin")
            r.bin = bin_of(r.pos, signed(r.pos + max(1, r.span))) ^ different

    @staticmethod
    def predict(r):
        if r.kind == 0 or r.mate_contig != r.contig or r.flag & 4:
            return 0
        if r.partner.flag & 4 if r.kind == 1 else r.flag & 8:
            return 0
        begin, end = r.pos, r.pos + r.span
        other_begin = r.mate_pos
        other_end = other_begin + (r.partner.span if r.kind == 1 else r.span)
        length = max(end, other_end) - min(begin, other_begin)
        behind = begin > other_begin or (begin == other_begin and r.flag & 0x80)
        return -length if behind else length

    def names(self):
        formats, form, literal = self.column(17), self.column(18), self.column(19)
        known = []
        for _ in range(self.limited(formats, 255)):
            tokens = []
            for _ in range(self.limited(formats, 64)):
                size = formats.uvarint()
                tokens.append(bytes(formats.take(size)) if size else None)
            require(tokens.count(None) <= 12, "column 17: more than 12 numbers")
            known.append(tokens)
        for i, r in enumerate(self.records):
            if r.link:
                r.name = self.records[i - r.link].name
                continue
            which = form.uvarint()
            if which == 0:
                r.name = bytes(literal.take(self.limited(literal, 255)))
                continue
            require(which <= len(known), "column 18: no format %d" % which)
            name, field = b"", 0
            for token in known[which - 1]:
                if token is None:
                    planes = [self.column(32 + 4 * field + plane).u8() for plane in range(4)]
                    token, field = b"%d" % int.from_bytes(planes, "little"), field + 1
                name += token
            r.name = name + b"\0"
            require(len(r.name) <= 255, "column 18: a name of %d bytes" % len(r.name))

    @staticmethod
    def limited(source, most):
        value = source.uvarint()
        require(value <= most, "%s: %d above %d" % (source.what, value, most))
        return value

    def reference(self):
        """Nibble code by position."""
        segment, total, end, starts = self.column(81), 0, 0, []
        while segment.more():
            begin, length = end + segment.uvarint(), segment.uvarint()
            end, total = begin + length, total + length
            require(length > 0, "column 81: an empty segment")
            require(total <= max(MOST_REFERENCE, self.row.raw_bytes), "column 81: too many bases")
            starts.append((begin, length))
        codes = unpack_bases(self.column(82), total, self.column(83), "column 82")
        by_position, at = {}, 0
        for begin, length in starts:
            by_position.update(zip(range(begin, begin + length), codes[at : at + length]))
            at += length
        return by_position

    def bases(self):
        reference, mode, pads = self.reference(), self.column(80), self.column(90)
        literal_count = 0
        for r in self.records:
            r.mode = mode.u8()
            require(r.mode <= 1, "column 80: mode %d" % r.mode)
            r.padding = 0
            if r.mode == 0:
                self.require_alignment(r)
                literal_count += sum(op >> 4 for op in r.cigar if op & 15 in (1, 4))
            else:
                literal_count += r.length
        literal = unpack_bases(self.column(88), literal_count, self.column(89), "column 88")
        at = 0
        for r in self.records:
            if r.mode == 1:
                r.bases = literal[at : at + r.length]
                at += r.length
            else:
                at = self.align(r, reference, literal, at)
        place = -1
        while pads.more():
            place += 1 + pads.uvarint()
            require(place < len(self.records), "column 90: no record %d" % place)
            r = self.records[place]
            r.padding = pads.u8()
            require(r.length % 2 and 0 < r.padding < 16, "column 90: half byte")

    @staticmethod
    def require_alignment(r):
        require(r.pos >= 0 and r.cigar, "column 80: mode 0 of a record without place")
        require(all(op & 15 <= 8 for op in r.cigar), "column 80: mode 0, operation above 8")
        on_read = sum(op >> 4 for op in r.cigar if op & 15 in ON_READ)
        require(on_read == r.length, "column 80: mode 0, CIGAR of %d bases" % on_read)

    def differences(self, r):
        """Which aligned bases differ: their index, and how."""
        gap, base, odd = self.column(85), self.column(86), self.column(87)
        aligned = sum(op >> 4 for op in r.cigar if op & 15 in ALIGNED)
        different, at = {}, -1
        for _ in range(self.column(84).uvarint() if r.length else 0):
            at += 1 + gap.uvarint()
            require(at < aligned, "column 85: beyond the record's bases")
            how = base.u8()
            require(how <= 3, "column 86: %d" % how)
            different[at] = 3 + odd.u8() if how == 3 else how
        return different

    def align(self, r, reference, literal, at):
        different = self.differences(r)
        r.different, r.bases, r.md = len(different), bytearray(), []
        position, index, count = r.pos, 0, 0
        for op in r.cigar:
            length, code = op >> 4, op & 15
            if code in (1, 4):
                r.bases += literal[at : at + length]
                at += length
            elif code in ALIGNED or code == 2:
                if code == 2:
                    r.md.append("%d^" % count)
                    count = 0
                for p in range(position, position + length):
                    require(p in reference, "column 81: position %d is in no segment" % p)
                    if code == 2:
                        r.md.append(LETTERS[reference[p]])
                        continue
                    if index in different:
                        r.bases.append(self.differing(reference[p], different[index]))
                        r.md.append("%d%s" % (count, LETTERS[reference[p]]))
                        count = 0
                    else:
                        r.bases.append(reference[p])
                        count += 1
                    index += 1
            if code in ON_REFERENCE:
                position += length
        r.md.append(str(count))
        return at

    @staticmethod
    def differing(expected, how):
        if how < 3:
            require(expected in CODES, "column 86: the reference is none of A C G T here")
            return NIBBLES[(CODES[expected] + how + 1) % 4]
        require(how - 3 < 16 and how - 3 != expected, "column 87: nibble code %d" % (how - 3))
        return how - 3

    def qualities(self):
        absent, classes = self.column(96), self.column(97)
        held = []
        for r in self.records:
            r.qualities = b""
            if r.length:
                missing = absent.u8()
                require(missing <= 1, "column 96: %d" % missing)
                if missing:
                    r.qualities = b"\xff" * r.length
                else:
                    held.append(r)
        kinds = [classes.u8() for _ in held]
        total, reverse = sum(r.length for r in held), False
        if QUAL in self.codecs:
            codec, raw = self.codecs[QUAL]
            require(raw == total, "column 98: %d bytes for %d bases" % (raw, total))
            data, reverse = codec.decode([r.length for r in held], kinds), codec.sequencing_order
        else:
            require(not any(kinds), "column 97: classes, but column 98 has none")
            data = self.column(QUAL).take(total)
        at = 0
        for r in held:
            r.qualities = data[at : at + r.length]
            at += r.length
            if reverse and r.flag & 0x10:
                r.qualities = r.qualities[::-1]

    def tag_sets(self):
        source = self.column(112)
        keys = [bytes(source.take(3)) for _ in range(source.uvarint())]
        for key in keys:
            require(key == b"\0\0\0" or chr(key[2]) in "AcCsSiIfdZHB", "column 112: key %r" % key)
        sets = []
        for _ in range(source.uvarint()):
            elements = []
            for _ in range(source.uvarint()):
                number = source.uvarint()
                require(number >> 1 < len(keys), "column 112: no key %d" % (number >> 1))
                elements.append((number >> 1, bool(number & 1)))
            rest = [keys[key] == b"\0\0\0" for key, _ in elements]
            require(not any(rest[:-1]), "column 112: the rest is not the last")
            sets.append(elements)
        return keys, sets

    def tags(self):
        for r in self.records:
            r.tags = b""
        if 112 not in self.columns:
            return
        keys, sets = self.tag_sets()
        which = self.column(113)
        for r in self.records:
            number = which.uvarint()
            require(number < len(sets), "column 113: no set %d" % number)
            parts = []
            for index, derived in sets[number]:
                source = self.column(128 + index if index < 64 else 114)
                parts.append(self.tag(r, keys[index], derived, source))
            r.tags = b"".join(parts)

    def tag(self, r, key, derived, source):
        if key == b"\0\0\0":
            require(not derived, "column 112: the rest is marked derived")
            length = source.uvarint()
            require(length > 0, "%s: an empty rest" % source.what)
            return bytes(source.take(length))
        kind = chr(key[2])
        value = self.derive(r, key, kind) if derived else self.stored(kind, source)
        return key + value

    @staticmethod
    def stored(kind, source):
        if kind in FIXED:
            return bytes(source.take(FIXED[kind]))
        if kind in "ZH":
            return bytes(source.until_zero())
        if kind == "B":
            element, count = chr(source.u8()), source.uvarint()
            require(element in WIDTHS, "%s: array of %r" % (source.what, element))
            head = element.encode() + struct.pack("<I", count)
            return head + bytes(source.take(count * WIDTHS[element]))
        return Page.integer(kind, source.svarint() if kind in "si" else source.uvarint(), source.what)

    @staticmethod
    def integer(kind, value, what):
        least, most = RANGES[kind]
        require(least <= value < most, "%s: %d as %s" % (what, value, kind))
        width = {"c": "b", "C": "B", "s": "h", "S": "H", "i": "i", "I": "I"}[kind]
        return struct.pack("<" + width, value)

    def derive(self, r, key, kind):
        name = key[:2].decode("latin-1")
        text = name in ("MD", "MC")
        require(name in ("NM", "MD", "MC", "MQ", "ms"), "column 112: %s cannot be derived" % name)
        require(kind == "Z" if text else kind in RANGES, "column 112: %s of type %s" % (name, kind))
        if name in ("NM", "MD"):
            require(r.mode == 0 and r.length > 0, "column 113: %s without reference" % name)
            if text:
                return "".join(r.md).encode() + b"\0"
            gaps = sum(op >> 4 for op in r.cigar if op & 15 in (1, 2))
            return self.integer(kind, r.different + gaps, name)
        require(r.partner is not None, "column 113: %s without partner" % name)
        if text:
            return cigar_text(r.partner.cigar).encode() + b"\0"
        if name == "MQ":
            return self.integer(kind, r.partner.mapq, name)
        good = [q for q in r.partner.qualities if q >= 15]
        absent = set(r.partner.qualities) == {0xFF}
        return self.integer(kind, 0 if absent else sum(good), name)

    def encoded(self):
        """The records as BAM has them."""
        whole = bytearray()
        for r in self.records:
            nibbles = bytes(r.bases) + (bytes([r.padding]) if r.length % 2 else b"")
            packed = bytes(a << 4 | b for a, b in zip(nibbles[::2], nibbles[1::2]))
            body = struct.pack(
                "<iiBBHHHiiii", r.contig, r.pos, len(r.name), r.mapq, r.bin, len(r.cigar), r.flag,
                r.length, r.mate_contig, r.mate_pos, r.tlen)
            body += r.name + struct.pack("<%dI" % len(r.cigar), *r.cigar)
            body += packed + r.qualities + r.tags
            whole += struct.pack("<i", len(body)) + body
        require(len(whole) == self.row.raw_bytes, "page of %d raw bytes, stated %d" % (
            len(whole), self.row.raw_bytes))
        return bytes(whole)

    @staticmethod
    def indexed_span(r):
        """Of the CIGAR in the tag CG, where there is one that the record's own stands for."""
        if not r.flag & 4 and len(r.cigar) == 2 and r.cigar[0] == r.length << 4 | 4:
            found = re.search(rb"CGBI", r.tags)
            if found and r.cigar[1] & 15 == 3:
                count = struct.unpack_from("<I", r.tags, found.end())[0]
                long = struct.unpack_from("<%dI" % count, r.tags, found.end() + 4)
                return span_of(r.flag, long)
        return r.span

    def check_row(self):
        """What the directory says that a query relies on."""
        row, records = self.row, self.records
        flags = [r.flag for r in records]
        every, common = 0, 0xFFFF
        for flag in flags:
            every, common = every | flag, common & flag
        require((row.flag_or, row.flag_and) == (every, common), "row: flags")
        counts = [sum(not f & 4 for f in flags), *(sum(bool(f & m) for f in flags) for m in (0x400, 0x200))]
        require([row.mapped, row.duplicates, row.qc_fail] == counts, "row: counts")
        require(row.bases == sum(r.length for r in records), "row: bases")
        if self.contig < 0:
            return
        spans = collections.Counter((max(0, r.pos), max(1, self.indexed_span(r))) for r in records)
        require(row.min_start == min(start for start, _ in spans), "row: min start")
        require(row.max_span == max(span for _, span in spans), "row: max span")
        listed = collections.Counter(row.outliers)
        require(all(spans[k] >= n for k, n in listed.items()), "row: outliers")
        ends = [min(start + span, 2**31 - 1) for start, span in (spans - listed)]
        require(row.max_end == max(ends, default=row.min_start), "row: max end")
