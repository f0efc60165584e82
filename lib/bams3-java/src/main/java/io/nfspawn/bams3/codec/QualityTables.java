package io.nfspawn.bams3.codec;

/**
 * The model of a column of qualities: for each context a table of slots, of which those of one band
 * are laid out at a time, by class and by the quality before, so that a slot tells the next table
 * without a look into a list, and the tables at work stay in the processor's cache. Reused for many
 * pages; not thread-safe.
 *
 * <p>A slot: bits 0-9 offset, 10-17 the symbol's quality, 18-20 class, 21-31 frequency. Those of
 * {@link #CONTEXT} are where the table of the symbol after it starts.
 */
final class QualityTables {
  static final int QUALITY_SHIFT = WideLane.BITS;
  static final int FREQUENCY_SHIFT = 21;
  static final int CONTEXT = 0x1ffc00;
  private static final int CLASS_SHIFT = 18;
  private static final int MAX_TABLES = 4096;

  /** Slots are written so many at a time, beyond a symbol's last one. */
  private static final int STEP = 8;

  private final byte[] alphabet = new byte[256];
  private final ByteRans modelCodec = new ByteRans();
  private final ByteSource modelSource = new ByteSource();
  private byte[] model = new byte[0];
  private int used;
  private int classes;
  private int bands;

  /** For each class, band and quality before, the last for none, the number of the table. */
  private int[] tableOf = {};

  /** For each table and symbol. */
  private int[] frequencies = {};

  /** What stands for the quality before the first: the least that does not occur. */
  private int nothing;

  private final int[] table = new int[WideLane.TOTAL + STEP];

  /** A power of two, so that a mask is all the check that access needs. */
  private int[] slots = new int[1];

  /** Where to look up a symbol, once a band is open; has a power of two of slots. */
  int[] slots() {
    return slots;
  }

  /** Reads alphabet and model. */
  void read(ByteSource in, int readClasses, int readBands) throws CodecException {
    classes = readClasses;
    bands = readBands;
    used = in.next() + 1;
    if (classes < 1 || classes > QualityLayout.MAX_CLASSES || used > QualityEncoder.MAX_SYMBOLS) {
      throw new CodecException("has %d classes and %d symbols".formatted(classes, used));
    }
    readAlphabet(in);
    int tables = in.nextCount();
    if (tables < 1 || tables > MAX_TABLES) {
      throw new CodecException("has %d tables".formatted(tables));
    }
    int contexts = classes * bands * (used + 1);
    readModel(in, 2 * contexts + tables * used);
    readMap(contexts, tables);
    readFrequencies(2 * contexts, tables);
    reserve();
  }

  private void readAlphabet(ByteSource in) throws CodecException {
    System.arraycopy(in.bytes(), in.skip(used), alphabet, 0, used);
    nothing = alphabet[0] == 0 ? 1 : 0;
    for (int i = 1; i < used; i++) {
      int quality = alphabet[i] & 0xff;
      if (quality <= (alphabet[i - 1] & 0xff)) {
        throw new CodecException("has symbols that do not ascend");
      }
      nothing += quality == nothing ? 1 : 0;
    }
  }

  private void readModel(ByteSource in, int length) throws CodecException {
    int size = in.nextCount();
    if (model.length < length) {
      model = new byte[length];
    }
    modelSource.moveTo(in.bytes(), in.skip(size), size);
    if (size > 0 && modelSource.bytes()[modelSource.offset()] == 0) {
      modelSource.skip(1);
      System.arraycopy(modelSource.bytes(), modelSource.skip(length), model, 0, length);
    } else {
      modelCodec.decode(modelSource, model, 0, length);
    }
    modelSource.checkEnd();
  }

  private void readMap(int contexts, int tables) throws CodecException {
    if (tableOf.length < contexts) {
      tableOf = new int[contexts];
    }
    for (int i = 0; i < contexts; i++) {
      int number = (model[i] & 0xff) | (model[contexts + i] & 0xff) << 8;
      if (number >= tables) {
        throw new CodecException("has no table " + number);
      }
      tableOf[i] = number;
    }
  }

  private void readFrequencies(int from, int tables) throws CodecException {
    for (int i = from + used; i < from + tables * used; i++) {
      model[i] += model[i - used];
    }
    if (frequencies.length < tables * used) {
      frequencies = new int[tables * used];
    }
    for (int i = 0; i < tables; i++) {
      Frequencies.expand(model, from + i * used, used, frequencies, i * used, WideLane.TOTAL);
    }
  }

  private void reserve() {
    int last = classes > 1 ? 0xff : Math.max(alphabet[used - 1] & 0xff, nothing);
    int size = Integer.highestOneBit(context(classes - 1, last) + WideLane.SLOTS) << 1;
    if (slots.length < size) {
      slots = new int[size];
    }
  }

  private static int context(int readClass, int quality) {
    return readClass << CLASS_SHIFT | quality << QUALITY_SHIFT;
  }

  /** The context of a record's first quality. */
  int firstContext(int readClass) {
    return context(readClass, nothing);
  }

  /** The context of a quality after another one. */
  static int contextAfter(int readClass, byte quality) {
    return context(readClass, quality & 0xff);
  }

  /** Lays out the tables of a band. */
  void open(int band) {
    for (int readClass = 0; readClass < classes; readClass++) {
      int from = (readClass * bands + band) * (used + 1);
      int rareAt = -1;
      for (int previous = 0; previous < used; previous++) {
        int at = contextAfter(readClass, alphabet[previous]);
        int number = tableOf[from + previous];
        if (number > 0 || rareAt < 0) {
          layOut(number, readClass, at);
          rareAt = number == 0 ? at : rareAt;
        } else {
          // what an encoder gives to all contexts that are seldom seen
          System.arraycopy(slots, rareAt, slots, at, WideLane.TOTAL);
        }
      }
      if (band == 0) {
        layOut(tableOf[from + used], readClass, firstContext(readClass));
      }
    }
  }

  /** Most symbols have few slots: writing too many is quicker than writing the right number. */
  private void layOut(int number, int readClass, int to) {
    int[] out = table;
    int at = 0;
    for (int symbol = 0; symbol < used; symbol++) {
      int frequency = frequencies[number * used + symbol];
      int slot = frequency << FREQUENCY_SHIFT | contextAfter(readClass, alphabet[symbol]);
      for (int i = 0; i < frequency; i += STEP) {
        out[at + i] = slot + i;
        out[at + i + 1] = slot + i + 1;
        out[at + i + 2] = slot + i + 2;
        out[at + i + 3] = slot + i + 3;
        out[at + i + 4] = slot + i + 4;
        out[at + i + 5] = slot + i + 5;
        out[at + i + 6] = slot + i + 6;
        out[at + i + 7] = slot + i + 7;
      }
      at += frequency;
    }
    System.arraycopy(out, 0, slots, to, WideLane.TOTAL);
  }
}
