"""Codecs of BAMS3 1.0: docs/format/bams3-v1.md, sections 1 and 7. Made from that page alone."""

import collections

import zstandard

# of each codec: total of frequencies, bytes of a lane's state, its least value, bytes of a word
Scale = collections.namedtuple("Scale", "total state_bytes start word_bytes")
BYTES_SCALE = Scale(4096, 4, 1 << 15, 2)
QUALITY_SCALE = Scale(1024, 8, 1 << 30, 4)


class Refused(Exception):
    """The data are not what the format allows."""


def require(condition, what):
    if not condition:
        raise Refused(what)


def crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC_TABLE = crc_table()


def crc32c(data):
    crc, table = 0xFFFFFFFF, CRC_TABLE
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def signed(value):
    """Modulo 2^32, as i32."""
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


class Bytes:
    """Reads numbers from bytes, from front to end."""

    def __init__(self, data, what):
        self.data, self.at, self.what = data, 0, what

    def more(self):
        return self.at < len(self.data)

    def take(self, count):
        require(self.at + count <= len(self.data), "%s ends too early" % self.what)
        taken = self.data[self.at : self.at + count]
        self.at += count
        return taken

    def u8(self):
        require(self.at < len(self.data), "%s ends too early" % self.what)
        self.at += 1
        return self.data[self.at - 1]

    def u32(self):
        return int.from_bytes(self.take(4), "little")

    def uvarint(self, most=5):
        value = 0
        for count in range(most):
            byte = self.u8()
            value |= (byte & 127) << 7 * count
            if byte < 128:
                return value & 0xFFFFFFFF if most == 5 else value & (1 << 64) - 1
        raise Refused("%s: a number has more than %d bytes" % (self.what, most))

    def svarint(self):
        value = self.uvarint()
        return signed(value >> 1 ^ -(value & 1))

    def until_zero(self):
        end = self.data.find(b"\0", self.at)
        require(end >= 0, "%s ends too early" % self.what)
        return self.take(end + 1 - self.at)

    def finish(self):
        require(not self.more(), "%s has %d bytes left over" % (self.what, len(self.data) - self.at))


class Zeros(Bytes):
    """A column that is absent: zero bytes without end."""

    def __init__(self, what):
        super().__init__(b"", what)

    def take(self, count):
        return bytes(count)

    def u8(self):
        return 0

    def until_zero(self):
        return b"\0"


def unzstd(stored, raw_bytes, what):
    try:
        size = zstandard.get_frame_parameters(stored).content_size
        require(size == raw_bytes, "%s: frame of %s bytes, stated %d" % (what, size, raw_bytes))
        frame = zstandard.ZstdDecompressor().decompressobj()
        raw = frame.decompress(stored) if raw_bytes else b""
    except zstandard.ZstdError as error:
        raise Refused("%s: %s" % (what, error)) from None
    require(len(raw) == raw_bytes, "%s: %d bytes, stated %d" % (what, len(raw), raw_bytes))
    require(not raw_bytes or not frame.unused_data, "%s: bytes after the frame" % what)
    return raw


def weight(code):
    require(code <= 44, "frequency code %d" % code)
    return code if code < 8 else 4 + (code - 8) % 4 << (code - 8) // 4 + 1


class Table:
    """Frequencies of the symbols of one context, by slot."""

    def __init__(self, codes, scale):
        weights = [weight(code) for code in codes]
        total = sum(weights)
        require(total > 0, "a frequency table is empty")
        frequencies = [w and max(1, w * scale.total // total) for w in weights]
        surplus = sum(frequencies) - scale.total
        if surplus < 0:
            frequencies[frequencies.index(max(frequencies))] -= surplus
        while surplus > 0:
            frequencies[frequencies.index(max(frequencies))] -= 1
            surplus -= 1
        self.slots = []
        for symbol, frequency in enumerate(frequencies):
            self.slots += [(symbol, frequency, offset) for offset in range(frequency)]


class Lane:
    """One rANS state and the bytes it takes from."""

    def __init__(self, data, scale, what):
        self.bytes, self.scale = Bytes(data, what), scale
        self.state = int.from_bytes(self.bytes.take(scale.state_bytes), "little")
        most = scale.start << 8 * scale.word_bytes
        require(scale.start <= self.state < most, "%s: state %d" % (what, self.state))

    def next(self, table):
        symbol, frequency, offset = table.slots[self.state % self.scale.total]
        self.state = frequency * (self.state // self.scale.total) + offset
        return symbol

    def refill(self):
        if self.state < self.scale.start:
            word = self.bytes.take(self.scale.word_bytes)
            self.state = self.state << 8 * len(word) | int.from_bytes(word, "little")

    def finish(self):
        require(self.state == self.scale.start, "%s: ends in state %d" % (self.bytes.what, self.state))
        self.bytes.finish()


def symbols_of(source):
    symbols = source.take(source.u8() + 1)
    require(all(a < b for a, b in zip(symbols, symbols[1:])), "symbols do not ascend")
    return symbols


def lanes_of(source, count):
    sizes = [source.uvarint() for _ in range(count - 1)]
    lanes = [source.take(size) for size in sizes]
    lanes.append(source.take(len(source.data) - source.at))
    return lanes


def runs_of(total, count):
    length = -(-total // count)
    return [(min(total, i * length), min(total, (i + 1) * length)) for i in range(count)]


def rans0(stored, raw_bytes, what):
    source = Bytes(stored, what)
    require(raw_bytes > 0, "%s: codec 2 of no bytes" % what)
    count = source.u8()
    require(count in (1, 4), "%s: %d lanes" % (what, count))
    symbols = symbols_of(source)
    table = Table(source.take(len(symbols)), BYTES_SCALE)
    raw = bytearray()
    for (begin, end), data in zip(runs_of(raw_bytes, count), lanes_of(source, count)):
        if begin == end:
            require(not data, "%s: bytes in an empty lane" % what)
            continue
        lane = Lane(data, BYTES_SCALE, what)
        for _ in range(begin, end):
            raw.append(symbols[lane.next(table)])
            lane.refill()
        lane.finish()
    return bytes(raw)


class QualityCodec:
    """Codec 3: the stored bytes of the column QUAL; decoding takes lengths and classes of reads."""

    def __init__(self, stored, what):
        source = Bytes(stored, what)
        flags = source.u8()
        require(flags <= 1, "%s: flags %d" % (what, flags))
        self.sequencing_order = flags == 1
        bands = source.u8()
        require(1 <= bands <= 16, "%s: %d bands" % (what, bands))
        self.starts = [source.uvarint() for _ in range(bands - 1)]
        require(
            all(a < b for a, b in zip([0] + self.starts, self.starts)),
            "%s: bands do not ascend" % what,
        )
        self.classes = source.u8()
        require(1 <= self.classes <= 8, "%s: %d classes" % (what, self.classes))
        self.symbols = symbols_of(source)
        require(len(self.symbols) <= 128, "%s: %d symbols" % (what, len(self.symbols)))
        self.read_model(source, what)
        self.lanes, self.what = lanes_of(source, 4), what

    def read_model(self, source, what):
        size, tables = len(self.symbols), source.uvarint()
        require(1 <= tables <= 4096, "%s: %d tables" % (what, tables))
        contexts = self.classes * (len(self.starts) + 1) * (size + 1)
        raw_bytes = 2 * contexts + tables * size
        stored = source.take(source.uvarint())
        require(len(stored) > 0, "%s: no model" % what)
        model = stored[1:] if stored[0] == 0 else rans0(stored, raw_bytes, what)
        require(len(model) == raw_bytes, "%s: model of %d bytes" % (what, len(model)))
        self.map = [model[i] | model[contexts + i] << 8 for i in range(contexts)]
        require(max(self.map) < tables, "%s: no table %d" % (what, max(self.map)))
        codes, self.tables = bytes(size), []
        for at in range(2 * contexts, raw_bytes, size):
            codes = bytes((a + b) & 255 for a, b in zip(codes, model[at : at + size]))
            self.tables.append(Table(codes, QUALITY_SCALE))

    def decode(self, lengths, classes):
        """Qualities of all reads, end to end, in stored order."""
        for klass in classes:
            require(klass < self.classes, "%s: class %d" % (self.what, klass))
        raw = [bytearray() for _ in lengths]
        for (begin, end), data in zip(runs_of(len(lengths), 4), self.lanes):
            if begin == end:
                require(not data, "%s: bytes in an empty lane" % self.what)
                continue
            lane = Lane(data, QUALITY_SCALE, self.what)
            for band, until in enumerate(self.starts + [max(lengths)]):
                for record in range(begin, end):
                    self.decode_run(lane, classes[record], band, raw[record], min(until, lengths[record]))
            lane.finish()
        return bytes(self.symbols[index] for record in raw for index in record)

    def decode_run(self, lane, klass, band, record, end):
        """Adds the indices of a record's symbols in a band, those up to a cycle."""
        size, bands = len(self.symbols), len(self.starts) + 1
        base, start = (klass * bands + band) * (size + 1), len(record)
        while len(record) < end:
            previous = record[-1] if record else size
            record.append(lane.next(self.tables[self.map[base + previous]]))
            if len(record) == end or (len(record) - start) % 3 == 0:
                lane.refill()
