package io.nfspawn.plugin.driver;

import com.google.protobuf.ByteString;
import io.nfspawn.cloud.InstanceId;
import io.nfspawn.plugin.scheduler.GangId;
import io.nfspawn.plugin.scheduler.GangSeat;
import io.nfspawn.plugin.scheduler.TaskId;
import io.nfspawn.protocol.AgentLink;
import io.nfspawn.protocol.wire.GangMembership;
import io.nfspawn.protocol.wire.Member;
import io.nfspawn.protocol.wire.MembersUpdate;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Who is who in each gang's current round: hands every member the others' addresses as they become
 * known, and one channel key a round. Thread-safe.
 */
final class Rendezvous {
  private static final int KEY_BYTES = 32;

  private final String encryption;
  private final Map<GangId, Round> rounds = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  /**
   * @param encryption of every gang's channel: {@code required}, {@code authenticate} or {@code
   *     off}
   */
  Rendezvous(String encryption) {
    this.encryption = encryption;
  }

  /** A member has its seat on the agent's instance. A later epoch replaces the round. */
  void seated(TaskId task, GangSeat seat, AgentLink agent) {
    Round round =
        rounds.compute(
            seat.gang(),
            (gang, old) -> old != null && old.epoch == seat.epoch() ? old : newRound(seat));
    Member member =
        Member.newBuilder()
            .setRank(seat.rank())
            .setRole(seat.role())
            .setHost(agent.hello().getHost())
            .setZone(agent.hello().getZone())
            .addAllWires(agent.hello().getWiresList())
            .build();
    round.put(new Seated(task, new InstanceId(agent.instanceId()), member));
  }

  /** What the member's start carries. */
  GangMembership membership(GangSeat seat) {
    Round round = rounds.get(seat.gang());
    GangMembership.Builder membership =
        GangMembership.newBuilder()
            .setGangId(seat.gang().value())
            .setEpoch(seat.epoch())
            .setRole(seat.role())
            .setRank(seat.rank())
            .setEncryption(encryption);
    if (round != null && round.epoch == seat.epoch()) {
      membership.setChannelKey(round.channelKey).addAllMembers(round.members());
    }
    return membership.build();
  }

  /** A rank listens at these endpoints: tells every instance that holds a member of the round. */
  void addressed(
      GangSeat seat, Map<String, String> endpoints, BiConsumer<InstanceId, MembersUpdate> send) {
    Round round = rounds.get(seat.gang());
    if (round == null || round.epoch != seat.epoch()) {
      return;
    }
    round.address(seat.rank(), endpoints);
    List<Member> members = round.members();
    round
        .tasksByInstance()
        .forEach(
            (instance, tasks) ->
                send.accept(
                    instance,
                    MembersUpdate.newBuilder()
                        .setGangId(seat.gang().value())
                        .setEpoch(seat.epoch())
                        .addAllMembers(members)
                        .addAllTaskIds(tasks)
                        .build()));
  }

  /** A member's flight ended; with the last one the round and its key are forgotten. */
  void left(TaskId task, GangSeat seat) {
    rounds.computeIfPresent(
        seat.gang(),
        (gang, round) -> round.epoch == seat.epoch() && round.leave(task) ? null : round);
  }

  private Round newRound(GangSeat seat) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new Round(seat.epoch(), ByteString.copyFrom(key));
  }

  private record Seated(TaskId task, InstanceId instance, Member member) {}

  private static final class Round {
    private final int epoch;
    private final ByteString channelKey;
    private final Map<Integer, Seated> byRank = new TreeMap<>(Comparator.naturalOrder());
    private final List<TaskId> flying = new ArrayList<>();

    Round(int epoch, ByteString channelKey) {
      this.epoch = epoch;
      this.channelKey = channelKey;
    }

    synchronized void put(Seated seated) {
      byRank.put(seated.member().getRank(), seated);
      flying.add(seated.task());
    }

    synchronized boolean leave(TaskId task) {
      flying.remove(task);
      return flying.isEmpty();
    }

    synchronized void address(int rank, Map<String, String> endpoints) {
      byRank.computeIfPresent(
          rank,
          (same, seated) ->
              new Seated(
                  seated.task(),
                  seated.instance(),
                  seated.member().toBuilder().clearEndpoints().putAllEndpoints(endpoints).build()));
    }

    synchronized List<Member> members() {
      return byRank.values().stream().map(Seated::member).toList();
    }

    synchronized Map<InstanceId, List<String>> tasksByInstance() {
      return byRank.values().stream()
          .collect(
              Collectors.groupingBy(
                  Seated::instance,
                  Collectors.mapping(seated -> seated.task().value(), Collectors.toList())));
    }
  }
}
