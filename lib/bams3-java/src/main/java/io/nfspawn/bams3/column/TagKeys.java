package io.nfspawn.bams3.column;

/**
 * What tags can be derived from, and how keys are packed: first letter, second letter, type, from
 * the lowest byte. The key 0 is the rest of a record that is no tag.
 */
final class TagKeys {
  static final int REST = 0;

  /** What is derived, or nothing. */
  enum Derived {
    NOTHING,
    EDIT_DISTANCE,
    MISMATCHES,
    MATE_CIGAR,
    MATE_MAPQ,
    MATE_SCORE
  }

  private TagKeys() {}

  static int key(int first, int second, int type) {
    return (first & 0xff) | (second & 0xff) << 8 | (type & 0xff) << 16;
  }

  static int type(int key) {
    return key >>> 16;
  }

  static Derived derived(int key) {
    boolean text = type(key) == 'Z';
    boolean integer = isInteger(type(key));
    return switch (key & 0xffff) {
      case 'N' | 'M' << 8 -> integer ? Derived.EDIT_DISTANCE : Derived.NOTHING;
      case 'M' | 'D' << 8 -> text ? Derived.MISMATCHES : Derived.NOTHING;
      case 'M' | 'C' << 8 -> text ? Derived.MATE_CIGAR : Derived.NOTHING;
      case 'M' | 'Q' << 8 -> integer ? Derived.MATE_MAPQ : Derived.NOTHING;
      case 'm' | 's' << 8 -> integer ? Derived.MATE_SCORE : Derived.NOTHING;
      default -> Derived.NOTHING;
    };
  }

  static boolean isInteger(int type) {
    return switch (type) {
      case 'c', 'C', 's', 'S', 'i', 'I' -> true;
      default -> false;
    };
  }

  /** Bytes of a value of fixed size; 0 for the others and for types that do not exist. */
  static int fixedBytes(int type) {
    return switch (type) {
      case 'A', 'c', 'C' -> 1;
      case 's', 'S' -> 2;
      case 'i', 'I', 'f' -> 4;
      case 'd' -> 8;
      default -> 0;
    };
  }
}
