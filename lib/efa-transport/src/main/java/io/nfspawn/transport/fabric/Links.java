package io.nfspawn.transport.fabric;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The links of a wire, by their numbers, from the first word to the last, and the peers they lead
 * to in each rail's address vector. Owned by the wire's thread.
 */
final class Links {
  private static final Logger log = LoggerFactory.getLogger(Links.class);
  private static final long QUARANTINE_NANOS = 1_500_000_000;

  /** Accepted links whose peers have not proved themselves; the eldest goes when there are more. */
  static final int MOST_UNPROVED = 512;

  /** Who dialled proves himself with his first frame, and dials again when that was in vain. */
  static final long LONGEST_UNPROVED_NANOS = 30_000_000_000L;

  /** Addresses that peers gave of themselves who have not proved it: vectors forget nothing. */
  static final int MOST_UNPROVED_ADDRESSES = 1 << 16;

  private final List<RdmEndpoint> rails;
  private final Neighbours neighbours;
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, FabricLink> byId = new HashMap<>();

  /** The same, to go through; and whose message came last, since the next one is often his too. */
  private List<FabricLink> all = List.of();

  private @Nullable FabricLink recent;
  private final Map<String, FabricLink> acceptedByOrigin = new HashMap<>();
  private final Map<String, long[]> peerNumbers = new HashMap<>();
  private final List<Quarantined> quarantine = new ArrayList<>();

  /** Eldest first. */
  private final Set<FabricLink> unproved = new LinkedHashSet<>();

  private final Set<String> unprovedAddresses = new HashSet<>();
  private boolean saidFull;

  /** Memory of a link that is over, which its peer may be reading at this moment. */
  private record Quarantined(long untilNanos, Runnable released) {}

  Links(List<RdmEndpoint> rails, Neighbours neighbours) {
    this.rails = rails;
    this.neighbours = neighbours;
  }

  /** A new link to a peer, which is kept if the peer can be reached and is down otherwise. */
  FabricLink dial(FabricAddress peer, String provider) {
    FabricLink link = new FabricLink(newId(), 0, peer, true);
    if (peer.provider().equals(provider) && insert(link)) {
      keep(link);
    } else {
      link.down = true; // The first send says so.
    }
    return link;
  }

  private long newId() {
    long id = random.nextLong();
    return id == 0 || byId.containsKey(id) ? newId() : id;
  }

  /** Puts the peer into the address vectors, once for all its links; false if it is not there. */
  private boolean insert(FabricLink link) {
    String text = link.peer.toString();
    List<byte[]> addresses = link.peer.endpoints();
    boolean strange = !link.dialled && !link.isTrusted() && !peerNumbers.containsKey(text);
    if (addresses.isEmpty() || (strange && isFull())) {
      return false;
    }
    try {
      if (!neighbours.isReachable(link.peer)) {
        return false;
      }
      link.peerNumbers = peerNumbers.computeIfAbsent(text, t -> insert(addresses));
    } catch (FabricException e) {
      // An address that the provider does not take, or whose owner has just closed.
      Level level = link.dialled ? Level.WARN : Level.DEBUG;
      log.atLevel(level)
          .log("event=address_refused peer=\"{}\" reason=\"{}\"", link.describe(), e.getMessage());
      return false;
    }
    if (strange) {
      unprovedAddresses.add(text);
    }
    link.busy = neighbours.busy(link.peer);
    link.memory = neighbours.memory(link.peer);
    return true;
  }

  private boolean isFull() {
    boolean full = unprovedAddresses.size() >= MOST_UNPROVED_ADDRESSES;
    if (full && !saidFull) {
      saidFull = true;
      log.warn("event=strangers_full addresses={}", unprovedAddresses.size());
    }
    return full;
  }

  private long[] insert(List<byte[]> addresses) {
    long[] numbers = new long[Math.min(rails.size(), addresses.size())];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = rails.get(i).insert(addresses.get(i));
    }
    return numbers;
  }

  /**
   * The link a peer dialled under its number {@code peerId}: the one that was answered, or a new
   * one of which nothing is kept yet.
   */
  FabricLink accepted(long peerId, String address) {
    FabricLink known = acceptedByOrigin.get(origin(peerId, address));
    return known != null
        ? known
        : new FabricLink(newId(), peerId, FabricAddress.parse(address), false);
  }

  /** Keeps an accepted link now that it is answered; false if its peer cannot be reached. */
  boolean establish(FabricLink link) {
    if (link.peerNumbers == null) {
      if (!insert(link)) {
        return false;
      }
      keep(link);
      if (!link.isTrusted()) {
        link.keptNanos = System.nanoTime();
        unproved.add(link);
      }
      acceptedByOrigin.put(origin(link.peerId, link.peer.toString()), link);
    }
    return true;
  }

  private static String origin(long peerId, String address) {
    return Long.toHexString(peerId) + " " + address;
  }

  private void keep(FabricLink link) {
    byId.put(link.id, link);
    all = List.copyOf(byId.values());
  }

  @Nullable FabricLink get(long id) {
    FabricLink last = recent;
    if (last == null || last.id != id) {
      last = find(id);
      recent = last;
    }
    return last;
  }

  /** Without a boxed number; there is a link or two for each peer. */
  private @Nullable FabricLink find(long id) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).id == id) {
        return all.get(i);
      }
    }
    return null;
  }

  /** The accepted links whose number at the peer is {@code peerId}. */
  List<FabricLink> acceptedAs(long peerId) {
    return acceptedByOrigin.values().stream().filter(link -> link.peerId == peerId).toList();
  }

  /** True when there is one of {@link #acceptedAs}. */
  boolean isAcceptedAs(long peerId) {
    for (FabricLink link : all) {
      if (!link.dialled && link.peerId == peerId) {
        return true;
      }
    }
    return false;
  }

  /** As they are now: it does not change with them. */
  List<FabricLink> all() {
    return all;
  }

  /** Those that frames are expected from: all but the unproved ones. */
  int proved() {
    return byId.size() - unproved.size();
  }

  /** The link's peer has proved itself. */
  void trust(FabricLink link) {
    link.trust();
    unproved.remove(link);
    unprovedAddresses.remove(link.peer.toString());
  }

  /** A link that has to go because its peer does not prove itself; null when there is none. */
  @Nullable FabricLink overdue(long nowNanos) {
    if (unproved.isEmpty()) {
      return null;
    }
    FabricLink eldest = unproved.iterator().next();
    boolean over = nowNanos - eldest.keptNanos >= LONGEST_UNPROVED_NANOS;
    return over || unproved.size() > MOST_UNPROVED ? eldest : null;
  }

  /** Nothing goes out on or comes in from the link any more. */
  void end(FabricLink link) {
    link.down = true;
    byId.remove(link.id);
    unproved.remove(link);
    all = List.copyOf(byId.values());
    recent = null;
    acceptedByOrigin.remove(origin(link.peerId, link.peer.toString()));
    link.forgetArrivals();
    long until = System.nanoTime() + QUARANTINE_NANOS;
    for (Runnable released : link.takeKept()) {
      quarantine.add(new Quarantined(until, released));
    }
  }

  /** Gives back the memory of links that ended long enough ago. */
  void endQuarantine(long now) {
    if (!quarantine.isEmpty()) {
      List<Quarantined> over = quarantine.stream().filter(q -> now - q.untilNanos >= 0).toList();
      quarantine.removeAll(over);
      over.forEach(q -> q.released.run());
    }
  }

  /** Ends them all; nobody reads any more. */
  void close() {
    all().forEach(this::end);
    endQuarantine(System.nanoTime() + 2 * QUARANTINE_NANOS);
  }
}
