package io.nfspawn.bams3.column;

import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordException;
import io.nfspawn.bams3.RecordView;

/** Fills a {@link PageTable} from the records of a page. */
final class RecordScan {
  private RecordScan() {}

  /**
   * @param ordinal number of the first record, for messages
   */
  static void fill(PageTable table, byte[] bytes, int length, int records, long ordinal)
      throws RecordException {
    table.clear(records);
    RecordView view = new RecordView();
    int at = 0;
    int ops = 0;
    for (int i = 0; i < records; i++) {
      int size = LittleEndian.int32(bytes, at) + 4;
      view.moveTo(bytes, at, size);
      String problem = view.problem();
      if (!problem.isEmpty()) {
        throw new RecordException(ordinal + i, problem + ": the file is damaged; get another copy");
      }
      table.start[i] = at;
      table.contig[i] = LittleEndian.int32(bytes, at + 4);
      table.pos[i] = LittleEndian.int32(bytes, at + 8);
      int nameBytes = bytes[at + 12] & 0xff;
      table.nameBytes[i] = nameBytes;
      table.mapq[i] = bytes[at + 13] & 0xff;
      table.bin[i] = LittleEndian.uint16(bytes, at + 14);
      int operations = LittleEndian.uint16(bytes, at + 16);
      table.flag[i] = LittleEndian.uint16(bytes, at + 18);
      int bases = LittleEndian.int32(bytes, at + 20);
      table.length[i] = bases;
      table.mateContig[i] = LittleEndian.int32(bytes, at + 24);
      table.matePos[i] = LittleEndian.int32(bytes, at + 28);
      table.templateLength[i] = LittleEndian.int32(bytes, at + 32);
      int cigarAt = at + RecordView.FIXED_BYTES + nameBytes;
      table.reserveOps(ops + operations);
      table.opStart[i] = ops;
      for (int op = 0; op < operations; op++) {
        table.ops[ops++] = LittleEndian.int32(bytes, cigarAt + 4 * op);
      }
      table.opStart[i + 1] = ops;
      table.tagsAt[i] = cigarAt + 4 * operations + (bases + 1) / 2 + bases;
      table.computeSpan(i);
      at += size;
    }
    table.start[records] = at;
  }
}
