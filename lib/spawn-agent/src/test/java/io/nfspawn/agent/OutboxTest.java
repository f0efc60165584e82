package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.protocol.wire.AgentMessage;
import io.nfspawn.protocol.wire.TaskEvent;
import io.nfspawn.protocol.wire.TaskExited;
import io.nfspawn.protocol.wire.TaskStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OutboxTest {
  private final BlockingQueue<AgentMessage> sent = new LinkedBlockingQueue<>();

  private static TaskEvent started(String task) {
    return TaskEvent.newBuilder()
        .setTaskId(task)
        .setStarted(TaskStarted.getDefaultInstance())
        .build();
  }

  private static TaskEvent exited(String task) {
    return TaskEvent.newBuilder()
        .setTaskId(task)
        .setExited(TaskExited.getDefaultInstance())
        .build();
  }

  @Test
  void shouldSendEachWithoutWaitingForMoreWhenItIsAlone() throws Exception {
    try (var outbox = new Outbox(sent::add)) {
      outbox.add(exited("a"));
      assertThat(sent.take().getEvents().getEventsList()).containsExactly(exited("a"));
      outbox.add(started("b"));
      assertThat(sent.take().getEvents().getEventsList()).containsExactly(started("b"));
    }
  }

  @Test
  void shouldKeepTheOrderWhenManyComeAtOnce() {
    List<TaskEvent> events = new ArrayList<>();
    try (var outbox = new Outbox(sent::add)) {
      for (int i = 0; i < 2000; i++) {
        events.add(i % 2 == 0 ? started("t" + i) : exited("t" + i));
        outbox.add(events.get(i));
      }
    }
    assertThat(sent.stream().flatMap(message -> message.getEvents().getEventsList().stream()))
        .containsExactlyElementsOf(events);
    assertThat(sent).hasSizeLessThan(events.size());
  }

  @Test
  void shouldSendWhatWaitsForCompanyWhenClosed() {
    try (var outbox = new Outbox(sent::add)) {
      outbox.add(started("a"));
    }
    assertThat(sent).hasSize(1);
  }
}
