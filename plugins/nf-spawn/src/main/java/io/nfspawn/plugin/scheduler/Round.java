package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a gang. What went wrong belongs to the round and not to the gang: the culprit's
 * copy may arrive for the next round before the last peer of this one has ended.
 */
final class Round implements Candidate {
  private final Gang gang;
  private final int epoch;
  private final List<Member> members = new ArrayList<>();
  private State state = State.FORMING;
  private final Map<String, Integer> forks = new HashMap<>();
  private List<TaskRequest> tasks = List.of();
  private List<Resources> needs = List.of();
  private long sequence = -1;
  private Instant since = Instant.EPOCH;
  private @Nullable Breakdown breakdown;

  enum State {
    /** Members are missing. */
    FORMING,
    /** Complete; waits for room for all. */
    READY,
    RUNNING,
    /** Some peers may still be stopping. */
    FAILED,
    CLOSED
  }

  /**
   * Why a round failed.
   *
   * @param culprit absent when nobody is to blame
   * @param lostInstance an instance was lost: counts against the gang's reclaims
   */
  record Breakdown(@Nullable TaskId culprit, boolean lostInstance, String message) {}

  Round(Gang gang, int epoch) {
    this.gang = gang;
    this.epoch = epoch;
  }

  Gang gang() {
    return gang;
  }

  int epoch() {
    return epoch;
  }

  List<Member> members() {
    return members;
  }

  State state() {
    return state;
  }

  void become(State next) {
    state = next;
  }

  /** Complete: numbers the ranks by the order of the roles, then by arrival. */
  void ready(long newSequence, Instant now) {
    Map<String, Integer> next = new LinkedHashMap<>();
    for (Member member : members) {
      int rank = next.computeIfAbsent(member.role(), gang.composition()::firstRank);
      member.seat(rank);
      next.put(member.role(), rank + 1);
      forks.merge(member.task().process(), 1, Integer::sum);
    }
    tasks = members.stream().map(Member::task).toList();
    needs = tasks.stream().map(TaskRequest::resources).toList();
    sequence = newSequence;
    since = now;
    state = State.READY;
  }

  void breakDown(Breakdown cause) {
    breakdown = cause;
    state = State.FAILED;
  }

  @Nullable Breakdown breakdown() {
    return breakdown;
  }

  int count(Member.State wanted) {
    return (int) members.stream().filter(member -> member.state() == wanted).count();
  }

  int count(String role) {
    return (int) members.stream().filter(member -> member.role().equals(role)).count();
  }

  @Override
  public long sequence() {
    return sequence;
  }

  @Override
  public Instant since() {
    return since;
  }

  @Override
  public String label() {
    return "gang " + gang.id();
  }

  /** Empty until the round is ready. */
  @Override
  public List<TaskRequest> tasks() {
    return tasks;
  }

  @Override
  public List<Resources> needs() {
    return needs;
  }

  @Override
  public int forksOf(String process) {
    return forks.getOrDefault(process, 0);
  }
}
