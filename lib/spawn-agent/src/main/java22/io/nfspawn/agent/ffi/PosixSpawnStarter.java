package io.nfspawn.agent.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.nfspawn.agent.process.Launch;
import io.nfspawn.agent.process.ProcessStarter;
import io.nfspawn.agent.process.StartedProcess;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * Starts the program itself, where the JDK starts a helper that becomes {@code setsid} that becomes
 * the program. Needs JDK 22; {@link PosixSpawn} finds it.
 */
final class PosixSpawnStarter implements ProcessStarter {
  // Linux and glibc, the same on x86-64 and AArch64.
  private static final int SETSIGMASK = 0x08;
  private static final int SETSID = 0x80;
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY_CREAT_TRUNC = 0x1 | 0x40 | 0x200;
  private static final int ALL_MAY_READ_AND_WRITE = 0666; // less the umask

  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int FIRST_OF_OTHERS = 3;

  /** More than glibc's posix_spawnattr_t (336) and posix_spawn_file_actions_t (80) take. */
  private static final int STRUCT_BYTES = 512;

  private static final int STRUCT_ALIGNMENT = 16;

  private final LibC c = new LibC();
  private final OwnEnvironment environment = OwnEnvironment.read();
  private final MemorySegment nothing = CText.of("/dev/null", Arena.global());
  private final MemorySegment attributes = struct(Arena.global());

  PosixSpawnStarter() throws IOException {
    check("posix_spawnattr_init", c.attrInit(attributes));
    // Threads of a JVM block signals; children begin with the empty mask that init has set. What
    // the JVM handles is reset by exec, what it was told to ignore stays so, as with the JDK.
    check("posix_spawnattr_setflags", c.attrSetFlags(attributes, SETSID | SETSIGMASK));
  }

  @Override
  public StartedProcess start(Launch launch) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = struct(arena);
      check("posix_spawn_file_actions_init", c.actionsInit(actions));
      try {
        prepare(actions, launch, arena);
        return new Spawned(c, spawn(launch, actions, arena));
      } finally {
        c.actionsDestroy(actions);
      }
    }
  }

  private void prepare(MemorySegment actions, Launch launch, Arena arena) throws IOException {
    MemorySegment directory = CText.of(launch.directory().toString(), arena);
    MemorySegment output = CText.of(launch.output(), arena);
    check("addopen", c.addOpen(actions, STDIN, nothing, O_RDONLY, 0));
    check("addchdir", c.addChdir(actions, directory));
    check(
        "addopen",
        c.addOpen(actions, STDOUT, output, O_WRONLY_CREAT_TRUNC, ALL_MAY_READ_AND_WRITE));
    check("adddup2", c.addDup2(actions, STDOUT, STDERR));
    check("addclosefrom", c.addCloseFrom(actions, FIRST_OF_OTHERS));
  }

  private int spawn(Launch launch, MemorySegment actions, Arena arena) throws IOException {
    var arguments = launch.command().stream().map(word -> CText.of(word, arena)).toList();
    MemorySegment pid = arena.allocate(JAVA_INT);
    int error =
        c.spawn(
            pid,
            arguments.get(0),
            actions,
            attributes,
            CText.pointers(arguments, arena),
            environment.of(launch, arena));
    if (error != 0) {
      throw new IOException(
          "cannot run %s in %s with output to %s: %s"
              .formatted(
                  launch.command().get(0), launch.directory(), launch.output(), c.strerror(error)));
    }
    return pid.get(JAVA_INT, 0);
  }

  private void check(String function, int error) throws IOException {
    if (error != 0) {
      throw new IOException("%s: %s".formatted(function, c.strerror(error)));
    }
  }

  private static MemorySegment struct(SegmentAllocator memory) {
    return memory.allocate(STRUCT_BYTES, STRUCT_ALIGNMENT);
  }
}
