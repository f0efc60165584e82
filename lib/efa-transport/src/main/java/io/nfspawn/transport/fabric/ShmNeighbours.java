package io.nfspawn.transport.fabric;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The precautions that provider shm needs.
 *
 * <ul>
 *   <li>Endpoints of one process address each other's regions directly, so a region stays mapped
 *       until the last of them closes.
 *   <li>A peer whose region is absent or not ours to write would crash this process.
 *   <li>Entries are never removed from an address vector: libfabric 1.17 confuses whoever comes
 *       next. One endpoint therefore meets at most {@value #MOST_PEERS} processes; since libfabric
 *       2.5 an endpoint of its own process counts as two.
 *   <li>Regions of processes that were killed stay in {@code /dev/shm} until somebody removes them,
 *       who has to know that they are dead: {@link RegionClaim}.
 * </ul>
 */
final class ShmNeighbours extends Neighbours {
  private static final Logger log = LoggerFactory.getLogger(ShmNeighbours.class);
  private static final Path DIRECTORY = Path.of("/dev/shm");
  private static final String PREFIX = "fi_shm://";
  private static final Pattern NAME = Pattern.compile("(\\d+):\\d+:\\d+(:\\d+)?");
  private static final int MOST_PEERS = 240;
  private static final long STUCK_NANOS = 500_000_000;

  /** Every so often the lock is looked at though nothing seems to be there; a power of two. */
  private static final int CLOSE_LOOK = 16;

  /** And each time after so many: the parts of a long read that libfabric serves do not show. */
  private static final int MOST_GLANCES = 256;

  /** Endpoints of this process that are open, by name of region. */
  private static final Set<String> OPEN = new HashSet<>();

  /** Endpoints that were closed while others were open. */
  private static final List<Runnable> CLOSED = new ArrayList<>();

  private final FabricLibrary library;
  private final List<String> own = new ArrayList<>();
  private final List<RegionClaim> claims = new ArrayList<>();
  private final List<ShmRegion> ownRegions = new ArrayList<>();
  private final Map<String, Optional<ShmRegion>> peerRegions = new HashMap<>();

  /** The endpoint whose lock was held when it was last looked at; -1 for none. */
  private int stuck = -1;

  private long stuckSinceNanos;

  /** In which the queues were empty, one after the other. */
  private int glances;

  private int peersMet;
  private boolean someoneDied;
  private boolean leavesDead;

  ShmNeighbours(FabricLibrary library, String provider) {
    super(library, provider);
    this.library = library;
  }

  @Override
  RdmEndpoint open(String host, int index) {
    synchronized (OPEN) {
      if (OPEN.isEmpty()) {
        RegionClaim.removeStale(DIRECTORY);
      }
      RdmEndpoint endpoint = super.open(host, index);
      String name = regionName(endpoint.address());
      OPEN.add(name);
      own.add(name);
      claim(name);
      ShmRegion region = ShmRegion.ofOwn(library, DIRECTORY.resolve(name));
      if (region != null) {
        ownRegions.add(region);
      } else {
        log.warn("event=shm_lock_unknown libfabric={}", library.version());
      }
      return endpoint;
    }
  }

  private static String regionName(byte[] address) {
    String text = new String(address, StandardCharsets.US_ASCII);
    int end = text.indexOf('\0');
    String name = end < 0 ? text : text.substring(0, end);
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  private void claim(String region) {
    try {
      claims.add(RegionClaim.of(DIRECTORY, region));
    } catch (IOException e) {
      log.warn("event=shm_unclaimed region={} reason=\"{}\"", region, e.toString());
    }
  }

  @Override
  boolean isReachable(FabricAddress peer) {
    if (peerRegions.containsKey(peer.toString())) {
      return true;
    }
    if (peersMet >= MOST_PEERS) {
      log.warn("event=shm_full peers={}", MOST_PEERS);
      return false;
    }
    for (byte[] address : peer.endpoints()) {
      String name = regionName(address);
      Path region = DIRECTORY.resolve(name);
      boolean ours = isOurs(name);
      synchronized (OPEN) {
        if (!NAME.matcher(name).matches() || (ours && !OPEN.contains(name))) {
          return false;
        }
      }
      if (!Files.isReadable(region) || !Files.isWritable(region) || size(region) < 4096) {
        return false;
      }
    }
    String name = regionName(peer.endpoints().get(0));
    Path first = DIRECTORY.resolve(name);
    Optional<ShmRegion> mapped =
        ownRegions.isEmpty()
            ? Optional.empty()
            : Optional.ofNullable(ShmRegion.ofPeer(library, first, ownRegions.get(0)));
    peersMet += isOurs(name) ? 2 : 1;
    peerRegions.put(peer.toString(), mapped);
    return true;
  }

  private static boolean isOurs(String region) {
    return region.startsWith(ProcessHandle.current().pid() + ":");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  BooleanSupplier busy(FabricAddress peer) {
    return peerRegions
        .getOrDefault(peer.toString(), Optional.empty())
        .<BooleanSupplier>map(region -> region::isBusy)
        .orElse(() -> false);
  }

  /**
   * The peer's memory if what its region's name says of it is true: in libfabric 1.17 every read
   * goes through the region, piece by piece and copied twice, however long it is.
   */
  @Override
  @Nullable PeerMemory memory(FabricAddress peer) {
    ShmRegion region = peerRegions.getOrDefault(peer.toString(), Optional.empty()).orElse(null);
    var name = NAME.matcher(regionName(peer.endpoints().get(0)));
    if (region == null || !name.matches()) {
      return null;
    }
    PeerMemory memory = library.memoryOf(Integer.parseInt(name.group(1)));
    // Another process, where numbers of processes mean something else, has no such word there.
    ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    boolean same =
        memory != null
            && memory.read(region.mappedAtPlace(), word, Long.BYTES)
            && word.getLong(0) == region.mappedAt();
    if (!same) {
      log.info(
          "event=shm_reads_by_libfabric peer={} reason=\"its memory is not ours to read\"",
          peer.host());
    }
    return same ? memory : null;
  }

  /** The lock is looked at before it is taken, and now and then in case that somebody died. */
  @Override
  Outlook outlook(int index, boolean wanted) {
    if (ownRegions.size() != own.size()) {
      return Outlook.OPEN;
    }
    ShmRegion region = ownRegions.get(index);
    glances = region.isEmpty() ? Math.min(glances, MOST_GLANCES) + 1 : 0;
    boolean close = wanted || glances > MOST_GLANCES || glances % CLOSE_LOOK == 0;
    if (!close) {
      return Outlook.QUIET;
    }
    if (region.isHeld()) {
      breakIfDead(index, region);
      return Outlook.STUCK;
    }
    if (stuck == index) {
      stuck = -1;
    }
    return region.isQuiet() ? Outlook.QUIET : Outlook.OPEN;
  }

  private void breakIfDead(int index, ShmRegion region) {
    long now = System.nanoTime();
    if (stuck != index) {
      stuck = index;
      stuckSinceNanos = now;
    } else if (someoneDied && now - stuckSinceNanos > STUCK_NANOS) {
      log.warn("event=shm_lock_broken reason=\"who held it is dead\"");
      region.breakOpen();
      someoneDied = false;
    }
  }

  @Override
  void died() {
    someoneDied = true;
    leavesDead = true;
  }

  /** Only the endpoints wait for others, and memory that may still be written to. */
  @Override
  void close(List<RdmEndpoint> endpoints, Runnable before, Runnable after, boolean reading) {
    Closing closing = new Closing().then(before);
    if (!reading) {
      closing.then(after);
    }
    synchronized (OPEN) {
      own.forEach(OPEN::remove);
      CLOSED.add(() -> closeEndpoints(endpoints, reading ? after : () -> {}, reading));
      if (OPEN.isEmpty()) {
        List<Runnable> due = List.copyOf(CLOSED);
        CLOSED.clear();
        closing.thenEach(due, Runnable::run);
      }
    }
    closing
        .thenEach(ownRegions, ShmRegion::close)
        .thenEach(peerRegions.values(), region -> region.ifPresent(ShmRegion::close));
    peerRegions.clear();
    ownRegions.clear();
    if (leavesDead) {
      // Nobody might come who would find the region of a peer that was killed.
      closing.then(() -> RegionClaim.removeStale(DIRECTORY));
    }
    closing.end();
  }

  private void closeEndpoints(List<RdmEndpoint> endpoints, Runnable after, boolean reading) {
    new Closing()
        .then(() -> super.close(endpoints, () -> {}, after, reading))
        .thenEach(claims, RegionClaim::close)
        .end();
  }
}
