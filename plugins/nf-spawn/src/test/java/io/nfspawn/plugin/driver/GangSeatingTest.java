package io.nfspawn.plugin.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.InstanceProvider;
import io.nfspawn.cloud.LaunchException;
import io.nfspawn.cloud.LaunchRequest;
import io.nfspawn.cloud.Resources;
import io.nfspawn.plugin.scheduler.Composition;
import io.nfspawn.plugin.scheduler.Failure;
import io.nfspawn.plugin.scheduler.GangId;
import io.nfspawn.plugin.scheduler.GangMember;
import io.nfspawn.plugin.scheduler.SchedulerConfig;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.plugin.scheduler.TaskRequest;
import io.nfspawn.protocol.ControlPlaneClient;
import io.nfspawn.protocol.ControlPlaneSettings;
import io.nfspawn.protocol.DriverEndpoint;
import io.nfspawn.protocol.DriverListener;
import io.nfspawn.protocol.RunToken;
import io.nfspawn.protocol.wire.DriverMessage;
import io.nfspawn.protocol.wire.Hello;
import io.nfspawn.protocol.wire.StartTask;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What members of a gang are told when they start, by a driver and an agent that really talk. */
class GangSeatingTest {
  private static final Resources SLICE = Resources.of(8, 1L << 30);
  private static final Composition PAIR =
      new Composition(new LinkedHashMap<>(Map.of("work", 3)), Set.of());

  private final List<StartTask> starts = new CopyOnWriteArrayList<>();

  @Test
  void shouldNameAllMembersToEachWhenOneStartsBeforeTheOthersAreAssigned() throws Exception {
    var provider = new ConnectingProvider();
    AtomicReference<Driver> driver = new AtomicReference<>();
    try (Driver running =
        new Driver(
            SchedulerConfig.local(1, SLICE, 0),
            ControlPlaneSettings.loopback("run", Duration.ofSeconds(30)),
            provider,
            "required",
            new StartingListener(driver))) {
      driver.set(running);
      for (String id : List.of("1", "2", "3")) {
        running.arrived(member(id));
      }

      await().atMost(Duration.ofMinutes(1)).until(() -> starts.size() == 3);
    } finally {
      provider.close();
    }
    assertThat(starts)
        .allSatisfy(
            start -> {
              assertThat(start.getGang().getMembersCount()).isEqualTo(3);
              assertThat(start.getGang().getEncryption()).isEqualTo("required");
            });
  }

  private static TaskRequest member(String id) {
    return new TaskRequest(
        new TaskId(id),
        id,
        "P",
        Resources.of(1, 0),
        0,
        Optional.empty(),
        0,
        Optional.of(new GangMember(new GangId("g"), "work", PAIR)));
  }

  /** Its instance is a connection that notes what it is told to start. */
  private final class ConnectingProvider implements InstanceProvider, DriverListener {
    private final List<ControlPlaneClient> agents = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
      return "connecting";
    }

    @Override
    public Limits limits() {
      return new Limits(1, SLICE, "here");
    }

    @Override
    public List<Launched> launch(LaunchRequest request) throws LaunchException {
      LaunchRequest.DriverAddress address = request.driver();
      InstanceId id = request.ids().get(0);
      try {
        agents.add(
            ControlPlaneClient.connect(
                new DriverEndpoint(
                    address.host(),
                    address.port(),
                    address.certificateSha256(),
                    RunToken.of(address.runToken())),
                Hello.newBuilder()
                    .setInstanceId(id.value())
                    .setHost("127.0.0.1")
                    .setCapacity(
                        io.nfspawn.protocol.wire.Resources.newBuilder()
                            .setMillicpus(8000)
                            .setMemoryBytes(1L << 30))
                    .build(),
                this));
      } catch (IOException e) {
        throw new LaunchException("cannot dial", false, e);
      }
      return List.of(new Launched(id, SLICE, "kind", "here"));
    }

    @Override
    public void message(DriverMessage message) {
      if (message.hasStart()) {
        starts.add(message.getStart());
      }
    }

    @Override
    public void disconnected(String reason) {}

    @Override
    public void terminate(InstanceId id) {}

    @Override
    public int reap(String runId) {
      return 0;
    }

    @Override
    public void close() {
      agents.forEach(ControlPlaneClient::close);
    }
  }

  /** Starts a member the moment it is assigned, as a quick submitter does. */
  private record StartingListener(AtomicReference<Driver> driver) implements TaskListener {
    @Override
    public void assigned(TaskId task, Placement placement) {
      driver
          .get()
          .start(
              task,
              new TaskStart(task.value(), URI.create("file:///tmp"), Resources.NONE, List.of()));
    }

    @Override
    public void started(TaskId task, long pid) {}

    @Override
    public void completed(TaskId task, int exitStatus) {}

    @Override
    public void failed(TaskId task, Failure failure) {}

    @Override
    public void retried(TaskId task, FreeRetry retry) {}

    @Override
    public void shadowAssigned(TaskId shadow, TaskId cached, Placement placement) {}
  }
}
