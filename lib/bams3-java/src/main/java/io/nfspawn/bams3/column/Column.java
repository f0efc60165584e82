package io.nfspawn.bams3.column;

/** Ids of columns. Core columns come first in a page, so that they are one read. */
final class Column {
  static final int FLAG_LOW = 1;
  static final int FLAG_HIGH = 2;
  static final int MAPQ = 3;
  static final int CONTIG = 4;
  static final int POS = 5;
  static final int LENGTH = 6;
  static final int CIGAR_COUNT = 7;
  static final int CIGAR_OP = 8;
  static final int MATE_KIND = 9;
  static final int LINK = 10;
  static final int MATE_CONTIG = 11;
  static final int MATE_POS = 12;
  static final int TLEN = 13;
  static final int LAST_CORE = 15;

  static final int BIN = 16;
  static final int NAME_FORMATS = 17;
  static final int NAME_FORM = 18;
  static final int NAME_LITERAL = 19;
  static final int NAME_FIELD = 32;
  static final int NAME_FIELDS = 12;
  static final int NAME_PLANES = 4;

  static final int SEQ_MODE = 80;
  static final int REF_SEGMENT = 81;
  static final int REF_BASE = 82;
  static final int REF_ODD = 83;
  static final int DIFF_COUNT = 84;
  static final int DIFF_GAP = 85;
  static final int DIFF_BASE = 86;
  static final int DIFF_ODD = 87;
  static final int LITERAL_BASE = 88;
  static final int LITERAL_ODD = 89;
  static final int SEQ_PAD = 90;

  static final int QUAL_ABSENT = 96;
  static final int QUAL_CLASS = 97;
  static final int QUAL = 98;

  static final int TAG_SETS = 112;
  static final int TAG_SET = 113;
  static final int TAG_OTHER = 114;
  static final int TAG = 128;
  static final int TAG_STREAMS = 64;

  /** One more than the greatest id. */
  static final int IDS = TAG + TAG_STREAMS;

  private Column() {}

  /** Whether there is such a column; asked for every column of every page. */
  static boolean isKnown(int id) {
    return (id >= FLAG_LOW && id <= TLEN)
        || (id >= BIN && id <= NAME_LITERAL)
        || (id >= NAME_FIELD && id < NAME_FIELD + NAME_FIELDS * NAME_PLANES)
        || (id >= SEQ_MODE && id <= SEQ_PAD)
        || (id >= QUAL_ABSENT && id <= QUAL)
        || (id >= TAG_SETS && id <= TAG_OTHER)
        || (id >= TAG && id < IDS);
  }

  /** Name for messages; empty when there is no such column. */
  static String name(int id) {
    if (id >= TAG && id < IDS) {
      return "TAG " + (id - TAG);
    }
    if (id >= NAME_FIELD && id < NAME_FIELD + NAME_FIELDS * NAME_PLANES) {
      int field = id - NAME_FIELD;
      return "NAME_FIELD " + field / NAME_PLANES + "." + field % NAME_PLANES;
    }
    return switch (id) {
      case FLAG_LOW -> "FLAG_LOW";
      case FLAG_HIGH -> "FLAG_HIGH";
      case MAPQ -> "MAPQ";
      case CONTIG -> "CONTIG";
      case POS -> "POS";
      case LENGTH -> "LENGTH";
      case CIGAR_COUNT -> "CIGAR_COUNT";
      case CIGAR_OP -> "CIGAR_OP";
      case MATE_KIND -> "MATE_KIND";
      case LINK -> "LINK";
      case MATE_CONTIG -> "MATE_CONTIG";
      case MATE_POS -> "MATE_POS";
      case TLEN -> "TLEN";
      case BIN -> "BIN";
      case NAME_FORMATS -> "NAME_FORMATS";
      case NAME_FORM -> "NAME_FORM";
      case NAME_LITERAL -> "NAME_LITERAL";
      case SEQ_MODE -> "SEQ_MODE";
      case REF_SEGMENT -> "REF_SEGMENT";
      case REF_BASE -> "REF_BASE";
      case REF_ODD -> "REF_ODD";
      case DIFF_COUNT -> "DIFF_COUNT";
      case DIFF_GAP -> "DIFF_GAP";
      case DIFF_BASE -> "DIFF_BASE";
      case DIFF_ODD -> "DIFF_ODD";
      case LITERAL_BASE -> "LITERAL_BASE";
      case LITERAL_ODD -> "LITERAL_ODD";
      case SEQ_PAD -> "SEQ_PAD";
      case QUAL_ABSENT -> "QUAL_ABSENT";
      case QUAL_CLASS -> "QUAL_CLASS";
      case QUAL -> "QUAL";
      case TAG_SETS -> "TAG_SETS";
      case TAG_SET -> "TAG_SET";
      case TAG_OTHER -> "TAG_OTHER";
      default -> "";
    };
  }
}
