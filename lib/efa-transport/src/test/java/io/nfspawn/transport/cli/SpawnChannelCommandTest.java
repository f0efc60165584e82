package io.nfspawn.transport.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.transport.fabric.ffi.Libfabric;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@Tag("long")
class SpawnChannelCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = SpawnChannelCommand.commandLine();
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
  }

  @Test
  void shouldTryEveryWireThatIsHere() {
    assertThat(run("selftest", "--limit", "PT60S")).as(out.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^zmq         ok      work queue, push/pull and barrier on 127.0.0.1");
    Libfabric.Probe probe = Libfabric.probe();
    if (probe.isAvailable()) {
      assertThat(out.toString()).containsPattern("(?m)^fabric:tcp  ok ");
    } else {
      assertThat(out.toString()).contains("fabric      absent  " + probe.absence());
    }
  }

  @Test
  void shouldFailSelfTestWhenHostIsNotOfThisMachine() {
    assertThat(run("selftest", "--wire", "zmq", "--host", "192.0.2.1")).isEqualTo(1);
    assertThat(out.toString()).startsWith("zmq         faulty  cannot listen on 192.0.2.1");
  }

  @Test
  void shouldFailSelfTestWhenTheWireAskedForIsAbsent() {
    assertThat(run("selftest", "--wire", "fabric:carrier-pigeon")).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("absent  (libfabric .* has no device for provider|fabric needs|no lib)");
  }

  @Test
  void shouldAnnounceWhatThePolicyAllows() {
    assertThat(run("selftest", "--announce", "off")).isZero();
    assertThat(out.toString()).isEqualTo("zmq" + System.lineSeparator());
  }

  @Test
  void shouldPrintWiresAndChoice() {
    assertThat(run("info")).isZero();
    assertThat(out.toString())
        .contains("zmq     available")
        .containsPattern("fabric  (libfabric [0-9.]+ \\(.*\\)|fabric needs Java 22|no libfabric)")
        .contains("choice  on one host: ")
        .contains("choice  between hosts: ");
  }

  @Test
  void shouldMeasureBetweenTwoProcesses() {
    assertThat(
            run(
                "bench",
                "--wire",
                "zmq",
                "--size",
                "1000",
                "--messages",
                "50",
                "--warm-up",
                "PT0S",
                "--json"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString())
        .startsWith("{\"wire\":\"zmq\",\"provider\":\"\",\"size\":1000,\"bandwidthMBps\":");
  }

  @Test
  void shouldMeasureTheFabricWhereThereIsOne() {
    if (!Libfabric.probe().isAvailable()) {
      assertThat(run("bench", "--wire", "fabric", "--size", "1000")).isEqualTo(1);
      assertThat(err.toString()).contains("fabric");
      return;
    }
    assertThat(
            run(
                "bench",
                "--wire",
                "fabric",
                "--provider",
                "shm",
                "--size",
                "100000",
                "--messages",
                "200",
                "--warm-up",
                "PT0.1S",
                "--json"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).startsWith("{\"wire\":\"fabric\",\"provider\":\"shm\",");
  }

  @Test
  void shouldMeasureManyConsumersOneOfWhichIsKilled() {
    String wire = Libfabric.probe().isAvailable() ? "fabric" : "zmq";
    String line =
        "bench --wire %s --consumers 3 --idle yielding --size 1000 --messages 60 --warm-up PT0S --json";
    assertThat(run(line.formatted(wire).split(" "))).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("\"size\":1000,\"consumers\":3,\"idle\":\"YIELDING\",\"bandwidthMBps\":")
        .containsPattern("\"redeliveryMs\":[0-9]+}");
  }

  @Test
  void shouldSayWhatIsMissingOutsideGang() {
    assertThat(run("push", "--to", "1")).isEqualTo(1);
    assertThat(err.toString()).startsWith("spawn-channel: SPAWN_MEMBERS: is not set");
  }

  @Test
  void shouldEndWithUsageErrorWhenCommandIsUnknown() {
    assertThat(run("bogus")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(run("pull")).isEqualTo(2);
    assertThat(run("bench", "--size", "0")).isEqualTo(2);
    assertThat(run("bench", "--layer", "WIRE", "--size", "64,128")).isEqualTo(2);
    assertThat(run("bench", "--layer", "WIRE", "--consumers", "2")).isEqualTo(2);
    assertThat(run("bench", "--consumers", "0")).isEqualTo(2);
  }

  @Test
  void shouldShowExamples() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("seq 100 | spawn-channel push --to 2");
  }
}
