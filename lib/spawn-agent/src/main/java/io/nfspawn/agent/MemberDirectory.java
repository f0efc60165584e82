package io.nfspawn.agent;

import io.nfspawn.protocol.wire.GangMembership;
import io.nfspawn.protocol.wire.Member;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one member of a gang finds beside its work directory (docs/architecture.md, Rendezvous):
 *
 * <pre>
 * members.json   who belongs to the gang and where each listens; replaced by rename
 * channel.key    64 hex digits, mode 600
 * address.json   written by the member: where it listens
 * </pre>
 *
 * The directory has mode 700 and goes when the member has ended. Thread-safe.
 */
final class MemberDirectory {
  static final String ADDRESS = "address.json";
  private static final String MEMBERS = "members.json";
  private static final String KEY = "channel.key";
  private static final int KEY_BYTES = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final GangMembership membership;

  private MemberDirectory(Path path, GangMembership membership) {
    this.path = path;
    this.membership = membership;
  }

  /**
   * @param parent on a disk of this machine
   * @param members the newest that is known
   * @throws IOException when it cannot be written, or the key has not 32 bytes
   */
  static MemberDirectory create(Path parent, GangMembership membership, List<Member> members)
      throws IOException {
    if (membership.getChannelKey().size() != KEY_BYTES) {
      throw new IOException(
          "channel key of gang %s has %d bytes, needs %d"
              .formatted(membership.getGangId(), membership.getChannelKey().size(), KEY_BYTES));
    }
    Files.createDirectories(parent);
    // The JDK gives temporary directories mode 700.
    var directory = new MemberDirectory(Files.createTempDirectory(parent, "member-"), membership);
    directory.writeKey();
    directory.update(members);
    return directory;
  }

  private void writeKey() throws IOException {
    String hex = HexFormat.of().formatHex(membership.getChannelKey().toByteArray());
    try (var channel =
        Files.newByteChannel(
            path.resolve(KEY),
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      channel.write(ByteBuffer.wrap(hex.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  /** Replaces the list of members at once: a reader sees the old one or the new one. */
  synchronized void update(List<Member> members) throws IOException {
    Path temporary = path.resolve(MEMBERS + ".tmp");
    Files.write(temporary, Rendezvous.members(membership, members));
    Files.move(
        temporary,
        path.resolve(MEMBERS),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  Path path() {
    return path;
  }

  Map<String, String> environment() {
    return Map.of(
        "SPAWN_GANG", membership.getGangId(),
        "SPAWN_ROLE", membership.getRole(),
        "SPAWN_RANK", Integer.toString(membership.getRank()),
        "SPAWN_EPOCH", Integer.toString(membership.getEpoch()),
        "SPAWN_SIZE", Integer.toString(membership.getMembersCount()),
        "SPAWN_MEMBERS", path.resolve(MEMBERS).toString(),
        "SPAWN_CHANNEL_KEY", path.resolve(KEY).toString());
  }

  synchronized void remove() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
