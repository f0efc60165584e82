package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.nfspawn.protocol.AgentLink;
import io.nfspawn.protocol.wire.GangMembership;
import io.nfspawn.protocol.wire.Member;
import io.nfspawn.protocol.wire.MembersUpdate;
import io.nfspawn.protocol.wire.TaskEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two members on two agents learn each other's addresses, and nobody else learns the key. */
@Tag("long")
class GangTest {
  private static final byte[] KEY = HexFormat.of().parseHex("5a17".repeat(16));
  private static final String PUBLISH =
      "printf '{\"zmq\":\"tcp://127.0.0.1:4242%s\"}' $SPAWN_RANK > $SPAWN_MEMBERS.mine\n"
          + "mv $SPAWN_MEMBERS.mine $(dirname $SPAWN_MEMBERS)/address.json\n";
  private static final String AWAIT_RELEASE = "until [ -e go ]; do sleep 0.05; done\n";

  @TempDir Path directory;
  private TestDriver driver;

  @BeforeEach
  void start() throws Exception {
    driver = new TestDriver(directory, 2, Duration.ofSeconds(30));
  }

  @AfterEach
  void end() {
    driver.close();
    driver.awaitNothingLeft();
  }

  private static Member member(int rank, String role) {
    return Member.newBuilder()
        .setRank(rank)
        .setRole(role)
        .setHost("127.0.0.1")
        .setZone("local")
        .addWires("zmq")
        .build();
  }

  private static GangMembership gang(int rank, String role) {
    return GangMembership.newBuilder()
        .setGangId("NA12878")
        .setEpoch(3)
        .setRole(role)
        .setRank(rank)
        .setChannelKey(ByteString.copyFrom(KEY))
        .setEncryption("off")
        .addMembers(member(0, "distribute"))
        .addMembers(member(1, "merge"))
        .build();
  }

  private String log(String task) throws Exception {
    return Files.readString(driver.file(task, ".command.log"));
  }

  @Test
  void shouldGiveMemberItsEnvironmentAndPrivateFilesWhenItStarts() throws Exception {
    AgentLink agent = driver.launch("i-1");
    agent.start(
        driver
            .task(
                "m",
                "echo $SPAWN_GANG $SPAWN_ROLE $SPAWN_RANK $SPAWN_EPOCH $SPAWN_SIZE $SPAWN_CHANNEL_ENCRYPTION\n"
                    + "stat -c %a $(dirname $SPAWN_MEMBERS) $SPAWN_CHANNEL_KEY\n"
                    + "cat $SPAWN_CHANNEL_KEY; echo; cat $SPAWN_MEMBERS; echo\n"
                    + "dirname $SPAWN_MEMBERS")
            .setGang(gang(1, "merge"))
            .build());

    assertThat(driver.awaitExit("m").getExitStatus()).isZero();
    List<String> lines = log("m").lines().toList();
    assertThat(lines.get(0)).isEqualTo("NA12878 merge 1 3 2 off");
    assertThat(lines.subList(1, 3)).containsExactly("700", "600");
    assertThat(lines.get(3)).isEqualTo(HexFormat.of().formatHex(KEY));
    assertThat(lines.get(4))
        .isEqualTo(
            "{\"gang\":\"NA12878\",\"epoch\":3,\"members\":["
                + "{\"rank\":0,\"role\":\"distribute\",\"host\":\"127.0.0.1\",\"zone\":\"local\","
                + "\"wires\":[\"zmq\"],\"endpoints\":{}},"
                + "{\"rank\":1,\"role\":\"merge\",\"host\":\"127.0.0.1\",\"zone\":\"local\","
                + "\"wires\":[\"zmq\"],\"endpoints\":{}}]}");
    assertThat(Path.of(lines.get(5))).doesNotExist();
    assertThat(Path.of(lines.get(5)).startsWith(directory.resolve("work"))).isFalse();
  }

  @Test
  void shouldCarryAddressesBetweenMembersWhenOneListens() throws Exception {
    AgentLink first = driver.launch("i-1");
    AgentLink second = driver.launch("i-2");
    String waitForPeer = "until grep -q 42420 $SPAWN_MEMBERS; do sleep 0.05; done; echo met\n";
    first.start(driver.task("r0", PUBLISH + waitForPeer).setGang(gang(0, "distribute")).build());
    second.start(driver.task("r1", waitForPeer).setGang(gang(1, "merge")).build());

    await().atMost(TestDriver.LIMIT).until(() -> address("r0").isPresent());
    assertThat(address("r0").orElseThrow().getAddress().getEndpointsMap())
        .containsOnlyKeys("zmq")
        .containsEntry("zmq", "tcp://127.0.0.1:42420");
    MembersUpdate update =
        MembersUpdate.newBuilder()
            .setGangId("NA12878")
            .setEpoch(3)
            .addMembers(
                member(0, "distribute").toBuilder()
                    .putAllEndpoints(address("r0").orElseThrow().getAddress().getEndpointsMap()))
            .addMembers(member(1, "merge"))
            .build();
    first.members(update);
    second.members(update);

    assertThat(driver.awaitExit("r0").getExitStatus()).isZero();
    assertThat(driver.awaitExit("r1").getExitStatus()).isZero();
    assertThat(log("r1")).isEqualTo("met\n");
  }

  private Optional<TaskEvent> address(String task) {
    return driver.events.stream()
        .filter(event -> event.getTaskId().equals(task) && event.hasAddress())
        .findFirst();
  }

  @Test
  void shouldShowNeitherTokenNorKeyInProcessesLogsOrWorkDirectoriesWhenRunning() throws Exception {
    AgentLink agent = driver.launch("i-1");
    agent.start(driver.task("m", "touch up\n" + AWAIT_RELEASE).setGang(gang(1, "merge")).build());
    driver.awaitFile("m", "up");

    for (String secret :
        List.of(
            driver.server.token().secret(),
            HexFormat.of().formatHex(KEY),
            new String(KEY, java.nio.charset.StandardCharsets.ISO_8859_1))) {
      assertThat(TestDriver.processesWith("cmdline", secret)).isEmpty();
      assertThat(TestDriver.processesWith("environ", secret)).isEmpty();
      try (var files = Files.walk(directory)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
              .as("%s", file)
              .doesNotContain(secret);
        }
      }
    }
    Files.createFile(driver.file("m", "go"));
    driver.awaitExit("m");
  }

  @Test
  void shouldSayWhatIsWrongWhenKeyIsShort() throws Exception {
    AgentLink agent = driver.launch("i-1");
    agent.start(
        driver
            .task("m", "true")
            .setGang(gang(0, "distribute").toBuilder().setChannelKey(ByteString.copyFromUtf8("x")))
            .build());

    assertThat(driver.awaitExit("m").getReason())
        .isEqualTo("task cannot be run: channel key of gang NA12878 has 1 bytes, needs 32");
  }
}
