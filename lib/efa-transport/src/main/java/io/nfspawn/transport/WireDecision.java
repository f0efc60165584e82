package io.nfspawn.transport;

import io.nfspawn.transport.zmq.ZmqWire;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Predicate;

/**
 * Which wire a channel takes and why. Every member has to decide the same without asking the
 * others, so {@code auto} rests on what {@code members.json} says of all of them.
 *
 * @param wire {@code zmq} or {@code fabric}
 * @param provider libfabric's name of it; empty on ZeroMQ
 * @param reason for the log
 */
public record WireDecision(String wire, String provider, String reason) {
  static final String FABRIC = "fabric";
  private static final String PREFIX = FABRIC + ":";

  /** Libfabric's names by ours, best first. */
  private static final Map<String, String> PROVIDERS = new LinkedHashMap<>();

  static {
    PROVIDERS.put("efa", "efa");
    PROVIDERS.put("shm", "shm");
    PROVIDERS.put("tcp", "tcp;ofi_rxm");
  }

  /** Libfabric's names of all that {@code auto} may choose. */
  static final List<String> KNOWN = List.copyOf(PROVIDERS.values());

  /**
   * @param asked {@code auto}, {@code zmq}, {@code fabric} or {@code fabric:} and a provider
   * @param here which of libfabric's providers have a device on this machine
   * @param absence why there is no libfabric here; empty when there is
   * @throws ChannelException when what is asked for cannot be had
   */
  public static WireDecision of(
      String asked, FabricPolicy policy, List<Member> members, List<String> here, String absence) {
    WireDecision decision = decide(asked, policy, members, here::contains);
    boolean fabric = decision.wire.equals(FABRIC);
    if (fabric && !absence.isEmpty()) {
      throw new ChannelException(
          "wire " + decision + " was chosen (" + decision.reason + "), but " + absence);
    }
    if (fabric && !here.contains(decision.provider)) {
      throw new ChannelException(
          "wire "
              + decision
              + " was chosen ("
              + decision.reason
              + "), but libfabric has no device for it here; 'spawn-channel info' lists those it has");
    }
    return decision;
  }

  private static WireDecision decide(
      String asked, FabricPolicy policy, List<Member> members, Predicate<String> isHere) {
    if (asked.startsWith(PREFIX)) {
      return checked(policy, fabric(asked.substring(PREFIX.length()), "asked for"));
    }
    return switch (asked) {
      case ZmqWire.NAME -> {
        if (policy == FabricPolicy.REQUIRED) {
          throw new ChannelException("a fabric is required and wire zmq is asked for: drop one");
        }
        yield zmq("asked for");
      }
      case FABRIC -> checked(policy, best(members, isHere, "asked for"));
      case "auto" -> auto(policy, members, isHere);
      default ->
          throw new ChannelException(
              "no wire '"
                  + asked
                  + "'; there are auto, zmq, fabric, fabric:efa, fabric:shm and fabric:tcp");
    };
  }

  private static WireDecision checked(FabricPolicy policy, WireDecision fabric) {
    if (policy == FabricPolicy.OFF) {
      throw new ChannelException("wire " + fabric + " is asked for and fabric is off: drop one");
    }
    return fabric;
  }

  private static WireDecision auto(
      FabricPolicy policy, List<Member> members, Predicate<String> isHere) {
    return switch (policy) {
      case OFF -> zmq("fabric is off");
      case REQUIRED -> best(members, isHere, "a fabric is required");
      case PREFERRED -> preferred(members);
    };
  }

  /** What every member announced; without such word it is ZeroMQ, which everybody has. */
  private static WireDecision preferred(List<Member> members) {
    if (allHave(members, "efa")) {
      return fabric("efa", "every member has it");
    }
    if (allHave(members, "shm") && onOneHost(members)) {
      return fabric("shm", "every member has it and all share a host");
    }
    if (members.stream().anyMatch(WireDecision::refusesZmq)) {
      if (allHave(members, "tcp")) {
        return fabric("tcp", "a fabric is required, and it is what every member has");
      }
      throw new ChannelException(nothingInCommon(members));
    }
    for (Member member : members) {
      if (member.wires().stream().noneMatch(wire -> wire.startsWith(PREFIX))) {
        return zmq(
            member + " announced no fabric (none found there, or spawn.channel.fabric is off)");
      }
    }
    return zmq("the members have no fabric in common but TCP");
  }

  /** A driver whose policy is {@code required} has its agents announce a fabric or nothing. */
  private static boolean refusesZmq(Member member) {
    return !member.wires().isEmpty() && !member.wires().contains(ZmqWire.NAME);
  }

  private static String nothingInCommon(List<Member> members) {
    StringJoiner has = new StringJoiner("; ");
    for (Member member : members) {
      has.add(member + " has " + (member.wires().isEmpty() ? ZmqWire.NAME : wires(member)));
    }
    return "a fabric is required and the members have none in common: "
        + has
        + "; 'spawn-channel selftest' there says what is missing,"
        + " spawn.channel.fabric = 'preferred' does without";
  }

  private static String wires(Member member) {
    return String.join(", ", member.wires());
  }

  private static WireDecision best(List<Member> members, Predicate<String> isHere, String why) {
    if (isHere.test("efa")) {
      return fabric("efa", why + ", and there is a device");
    }
    return onOneHost(members)
        ? fabric("shm", why + ", and all members share a host")
        : fabric("tcp", why + ", and there is no EFA device here");
  }

  private static boolean allHave(List<Member> members, String name) {
    return members.stream().allMatch(member -> member.wires().contains(PREFIX + name));
  }

  private static boolean onOneHost(List<Member> members) {
    return members.stream().map(Member::host).distinct().count() == 1;
  }

  private static WireDecision zmq(String reason) {
    return new WireDecision(ZmqWire.NAME, "", reason);
  }

  private static WireDecision fabric(String name, String reason) {
    return new WireDecision(FABRIC, PROVIDERS.getOrDefault(name, name), reason);
  }

  /**
   * The wires of a machine as its agent announces them under a policy, best first. Members need no
   * other word of the policy: where none announces ZeroMQ, a fabric is required.
   *
   * @param here providers that work
   * @param fault why there is none; announced where a fabric is required, for the error of its gang
   */
  public static List<String> announced(FabricPolicy policy, List<String> here, String fault) {
    return switch (policy) {
      case OFF -> List.of(ZmqWire.NAME);
      case PREFERRED -> announced(here);
      case REQUIRED -> {
        List<String> fabrics = new ArrayList<>(announced(here));
        fabrics.remove(ZmqWire.NAME);
        yield fabrics.isEmpty() ? List.of("no fabric (" + fault + ")") : fabrics;
      }
    };
  }

  /** Libfabric's name of the provider of a wire {@code fabric:…}. */
  public static String providerOf(String wire) {
    String name = wire.substring(Math.min(wire.length(), PREFIX.length()));
    return PROVIDERS.getOrDefault(name, name);
  }

  /** The wires of a machine, best first. */
  public static List<String> announced(List<String> here) {
    List<String> wires = new ArrayList<>();
    PROVIDERS.forEach(
        (name, provider) -> {
          if (here.contains(provider)) {
            wires.add(PREFIX + name);
          }
        });
    // ZeroMQ before libfabric's TCP: it needs no device and encrypts as well.
    wires.add(wires.contains(PREFIX + "tcp") ? wires.size() - 1 : wires.size(), ZmqWire.NAME);
    return wires;
  }

  /** What {@code auto} comes to in a gang on these hosts, each with what is here. */
  public static WireDecision alike(List<String> hosts, List<String> here) {
    List<Member> members = new ArrayList<>();
    for (String host : hosts) {
      members.add(new Member(members.size(), "any", host, "", 1, announced(here), Map.of()));
    }
    return decide("auto", FabricPolicy.PREFERRED, members, here::contains);
  }

  /** {@code zmq}, or {@code fabric:} and the provider. */
  @Override
  public String toString() {
    return provider.isEmpty() ? wire : PREFIX + provider;
  }
}
