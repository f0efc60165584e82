package io.nfspawn.it.calling;

import io.nfspawn.pipeline.WorkItem;
import io.nfspawn.pipeline.bam.BamHeader;
import io.nfspawn.pipeline.bam.ItemRecords;
import io.nfspawn.pipeline.caller.CalledItem;
import io.nfspawn.pipeline.caller.Caller;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Calls an item once for the same records, byte for byte; then says again what was found. */
final class RememberingCaller implements Caller {
  private final Caller caller;
  private final Map<Question, CalledItem> answers = new ConcurrentHashMap<>();

  /** What a caller's answer depends on. */
  private record Question(WorkItem item, ByteBuffer bam) {}

  RememberingCaller(Caller caller) {
    this.caller = caller;
  }

  /** Different questions so far. */
  int called() {
    return answers.size();
  }

  @Override
  public CalledItem call(WorkItem item, ItemRecords records) throws InterruptedException {
    Question question = new Question(item, bam(records));
    CalledItem answer = answers.get(question);
    if (answer == null) {
      answer = caller.call(item, records);
      answers.put(question, answer);
    }
    return answer;
  }

  private static ByteBuffer bam(ItemRecords records) {
    ByteArrayOutputStream bam = new ByteArrayOutputStream();
    try {
      records.writeBam(bam);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(bam.toByteArray());
  }

  @Override
  public String version() {
    return caller.version();
  }

  @Override
  public String command() {
    return caller.command();
  }

  @Override
  public String header(BamHeader alignments, boolean needed) throws InterruptedException {
    return caller.header(alignments, needed);
  }

  @Override
  public void close() {
    caller.close();
  }
}
