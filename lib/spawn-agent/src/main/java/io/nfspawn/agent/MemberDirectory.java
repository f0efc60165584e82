package io.nfspawn.agent;

import io.nfspawn.protocol.wire.GangMembership;
import io.nfspawn.protocol.wire.Member;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one member of a gang finds beside its work directory (docs/architecture.md, Rendezvous):
 *
 * <pre>
 * members.json   who belongs to the gang and where each listens; replaced by rename
 * channel.key    64 hex digits, mode 600
 * address.json   written by the member: where it listens
 * tmp            the member's TMPDIR
 * </pre>
 *
 * The directory has mode 700 and goes when the member has ended. Thread-safe.
 */
final class MemberDirectory {
  private static final Logger log = LoggerFactory.getLogger(MemberDirectory.class);

  static final String ADDRESS = "address.json";
  private static final String MEMBERS = "members.json";
  private static final String KEY = "channel.key";
  private static final String PREFIX = "member-";
  private static final String TEMPORARY = "tmp";
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
    var directory = new MemberDirectory(Files.createTempDirectory(parent, PREFIX), membership);
    Files.createDirectory(directory.path.resolve(TEMPORARY));
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
        "SPAWN_CHANNEL_KEY", path.resolve(KEY).toString(),
        "SPAWN_CHANNEL_ENCRYPTION", membership.getEncryption(),
        // What a member that is killed leaves behind goes with this directory.
        "TMPDIR", path.resolve(TEMPORARY).toString());
  }

  synchronized void remove() throws IOException {
    removeTree(path);
  }

  /** Removes what killed members left in {@code parent}, and the parent when it is empty then. */
  static void removeAll(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : left) {
        removeTree(directory);
      }
    }
    try {
      Files.deleteIfExists(parent);
    } catch (DirectoryNotEmptyException e) {
      log.info("event=scratch.kept path={} reason=\"holds files of others\"", parent);
    }
  }

  /**
   * Tools of a killed member may still write there: what they add meanwhile goes with {@link
   * #removeAll}.
   */
  private static void removeTree(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault)
              throws IOException {
            try {
              Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException e) {
              log.debug("event=directory.filled_again path={}", directory);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
