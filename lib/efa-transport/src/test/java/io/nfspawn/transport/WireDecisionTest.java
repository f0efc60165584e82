package io.nfspawn.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WireDecisionTest {
  private static final List<String> EFA = List.of("fabric:efa", "fabric:shm", "zmq");
  private static final List<String> SHM = List.of("fabric:shm", "zmq", "fabric:tcp");
  private static final List<String> ZMQ = List.of("zmq");
  private static final List<String> DEBIAN = List.of("shm", "tcp;ofi_rxm");

  private static Member member(int rank, String host, List<String> wires) {
    return new Member(rank, "call", host, "", 1, wires, Map.of());
  }

  private static String decide(FabricPolicy policy, List<Member> members) {
    List<String> everything = List.of("efa", "shm", "tcp;ofi_rxm");
    WireDecision decision = WireDecision.of("auto", policy, members, everything, "");
    return decision + ", " + decision.reason();
  }

  @Test
  void shouldTakeTheBestThatEveryMemberAnnounced() {
    assertThat(decide(FabricPolicy.PREFERRED, List.of(member(0, "a", EFA), member(1, "b", EFA))))
        .isEqualTo("fabric:efa, every member has it");
    assertThat(decide(FabricPolicy.PREFERRED, List.of(member(0, "a", EFA), member(1, "a", SHM))))
        .isEqualTo("fabric:shm, every member has it and all share a host");
    assertThat(decide(FabricPolicy.PREFERRED, List.of(member(0, "a", SHM), member(1, "b", SHM))))
        .isEqualTo("zmq, the members have no fabric in common but TCP");
    assertThat(decide(FabricPolicy.PREFERRED, List.of(member(0, "a", SHM), member(1, "a", ZMQ))))
        .isEqualTo(
            "zmq, rank 1 (call on a) announced no fabric (none found there, or"
                + " spawn.channel.fabric is off)");
  }

  @Test
  void shouldHeedThePolicy() {
    List<Member> apart = List.of(member(0, "a", ZMQ), member(1, "b", ZMQ));
    List<Member> together = List.of(member(0, "a", ZMQ), member(1, "a", ZMQ));
    assertThat(decide(FabricPolicy.OFF, List.of(member(0, "a", EFA), member(1, "a", EFA))))
        .isEqualTo("zmq, fabric is off");
    assertThat(WireDecision.of("auto", FabricPolicy.REQUIRED, apart, DEBIAN, "").toString())
        .isEqualTo("fabric:tcp;ofi_rxm");
    assertThat(WireDecision.of("fabric", FabricPolicy.PREFERRED, together, DEBIAN, "").toString())
        .isEqualTo("fabric:shm");
    assertThatThrownBy(
            () -> WireDecision.of("zmq", FabricPolicy.REQUIRED, apart, DEBIAN, "").toString())
        .hasMessage("a fabric is required and wire zmq is asked for: drop one");
    assertThatThrownBy(
            () -> WireDecision.of("fabric:shm", FabricPolicy.OFF, apart, DEBIAN, "").toString())
        .hasMessage("wire fabric:shm is asked for and fabric is off: drop one");
  }

  @Test
  void shouldSayWhyWhatWasChosenCannotBeHad() {
    List<Member> efa = List.of(member(0, "a", EFA), member(1, "b", EFA));
    assertThatThrownBy(
            () -> WireDecision.of("auto", FabricPolicy.PREFERRED, efa, List.of(), "x is absent"))
        .isInstanceOf(ChannelException.class)
        .hasMessage("wire fabric:efa was chosen (every member has it), but x is absent");
    assertThatThrownBy(() -> WireDecision.of("fabric:efa", FabricPolicy.PREFERRED, efa, DEBIAN, ""))
        .hasMessage(
            "wire fabric:efa was chosen (asked for), but libfabric has no device for it here;"
                + " 'spawn-channel info' lists those it has");
    assertThatThrownBy(() -> WireDecision.of("smoke", FabricPolicy.OFF, efa, DEBIAN, ""))
        .hasMessage(
            "no wire 'smoke'; there are auto, zmq, fabric, fabric:efa, fabric:shm and fabric:tcp");
  }

  @Test
  void shouldAnnounceWhatIsHereBestFirst() {
    assertThat(WireDecision.announced(List.of())).containsExactly("zmq");
    assertThat(WireDecision.announced(List.of("shm", "udp", "tcp;ofi_rxm", "efa")))
        .containsExactly("fabric:efa", "fabric:shm", "zmq", "fabric:tcp");
  }

  @Test
  void shouldCarryThePolicyInWhatIsAnnounced() {
    List<String> shm = WireDecision.announced(FabricPolicy.REQUIRED, DEBIAN, "");
    List<String> none = WireDecision.announced(FabricPolicy.REQUIRED, List.of(), "no device");
    assertThat(WireDecision.announced(FabricPolicy.OFF, DEBIAN, "")).containsExactly("zmq");
    assertThat(shm).containsExactly("fabric:shm", "fabric:tcp");
    assertThat(decide(FabricPolicy.PREFERRED, List.of(member(0, "a", shm), member(1, "a", shm))))
        .isEqualTo("fabric:shm, every member has it and all share a host");
    assertThat(decide(FabricPolicy.PREFERRED, List.of(member(0, "a", shm), member(1, "b", shm))))
        .isEqualTo("fabric:tcp;ofi_rxm, a fabric is required, and it is what every member has");
    assertThatThrownBy(
            () ->
                decide(FabricPolicy.PREFERRED, List.of(member(0, "a", shm), member(1, "b", none))))
        .isInstanceOf(ChannelException.class)
        .hasMessage(
            "a fabric is required and the members have none in common: rank 0 (call on a) has"
                + " fabric:shm, fabric:tcp; rank 1 (call on b) has no fabric (no device);"
                + " 'spawn-channel selftest' there says what is missing, spawn.channel.fabric ="
                + " 'preferred' does without");
  }
}
