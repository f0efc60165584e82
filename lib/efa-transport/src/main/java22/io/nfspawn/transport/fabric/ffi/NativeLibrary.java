package io.nfspawn.transport.fabric.ffi;

import io.nfspawn.transport.fabric.FabricException;
import io.nfspawn.transport.fabric.FabricLibrary;
import io.nfspawn.transport.fabric.PeerMemory;
import io.nfspawn.transport.fabric.RdmEndpoint;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The libfabric of this machine and the functions it exports. Thread-safe; never unloaded. */
@SuppressWarnings("restricted") // Calling foreign functions is what this package is for.
final class NativeLibrary implements FabricLibrary {
  /** Oldest version that is known to work, and the one whose behaviour is asked for. */
  static final int API_MAJOR = 1;

  static final int API_MINOR = 17;
  private static final int LAST_API_MAJOR = 2;
  private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String VARIABLE = "SPAWN_LIBFABRIC";

  /** AWS's own build has provider efa; Debian's has not. */
  private static final List<String> PLACES =
      List.of(
          "/opt/amazon/efa/lib64/libfabric.so.1",
          "/opt/amazon/efa/lib/libfabric.so.1",
          "libfabric.so.1");

  private final String path;
  private final int version;
  private final MemorySegment getInfo;
  private final MemorySegment freeInfo;
  private final MemorySegment dupInfo;
  private final MemorySegment openFabric;
  private final MemorySegment strError;

  private NativeLibrary(String path, SymbolLookup symbols) {
    this.path = path;
    this.version = Native.intOfNothing(symbol(symbols, "fi_version"));
    this.getInfo = symbol(symbols, "fi_getinfo");
    this.freeInfo = symbol(symbols, "fi_freeinfo");
    this.dupInfo = symbol(symbols, "fi_dupinfo");
    this.openFabric = symbol(symbols, "fi_fabric");
    this.strError = symbol(symbols, "fi_strerror");
  }

  /** Loads the first that can be used. Called by reflection. */
  public static FabricLibrary load() {
    return load(System.getenv(VARIABLE), PLACES);
  }

  /**
   * @param chosen the only one to be tried; null or blank when there is none
   * @param otherwise the first of these that can be used; those that are not there are no fault
   */
  static NativeLibrary load(@Nullable String chosen, List<String> otherwise) {
    if (chosen != null && !chosen.isBlank()) {
      try {
        return open(chosen);
      } catch (IllegalArgumentException e) {
        throw new FabricException(VARIABLE + "=" + chosen + " cannot be used: " + e.getMessage());
      }
    }
    List<String> unusable = new ArrayList<>();
    for (String place : otherwise) {
      try {
        if (!isAbsent(place)) {
          NativeLibrary library = open(place);
          unusable.forEach(why -> log.warn("event=libfabric_passed_over reason=\"{}\"", why));
          return library;
        }
      } catch (IllegalArgumentException e) {
        unusable.add(place + ": " + e.getMessage());
      }
    }
    throw new FabricException(
        "no libfabric.so.1 can be used on this machine"
            + (unusable.isEmpty() ? "" : " (" + String.join("; ", unusable) + ")")
            + "; install the package libfabric1 (on EC2 AWS's EFA installer), or name the file in "
            + VARIABLE);
  }

  private static boolean isAbsent(String place) {
    return place.startsWith("/") && !new File(place).exists();
  }

  /**
   * @throws IllegalArgumentException saying why it cannot be used
   */
  private static NativeLibrary open(String place) {
    if (isAbsent(place)) {
      throw new IllegalArgumentException("it does not exist");
    }
    SignalHandlers.declineBacktraces();
    NativeLibrary library =
        SignalHandlers.keptWhile(() -> new NativeLibrary(place, symbols(place)));
    int major = library.version >>> 16;
    int minor = library.version & 0xffff;
    boolean tooOld = major < API_MAJOR || (major == API_MAJOR && minor < API_MINOR);
    if (tooOld || major > LAST_API_MAJOR) {
      throw new IllegalArgumentException(
          "it is libfabric " + library.version() + ", versions 1.17 to 2.x can be used");
    }
    return library;
  }

  /** The JVM keeps to itself what the dynamic linker missed. */
  private static SymbolLookup symbols(String place) {
    try {
      return SymbolLookup.libraryLookup(place, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          place.startsWith("/")
              ? "it is no library for this machine, or needs one that is not here (see ldd "
                  + place
                  + ")"
              : "it is not here, or needs a library that is not (see ldconfig -p)",
          e);
    }
  }

  private static MemorySegment symbol(SymbolLookup symbols, String name) {
    return symbols
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException("it has no function " + name));
  }

  @Override
  public String version() {
    return (version >>> 16) + "." + (version & 0xffff);
  }

  boolean isAtLeast(int major, int minor) {
    return version >= (major << 16 | minor);
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public List<Device> devices() {
    return SignalHandlers.keptWhile(
        () -> {
          List<Device> devices = new ArrayList<>();
          try (Info all = Info.query(this, null, null)) {
            for (Info info : all.each()) {
              Device device = new Device(info.provider(), info.fabric(), info.domain());
              if (!devices.contains(device)) {
                devices.add(device);
              }
            }
          }
          return List.copyOf(devices);
        });
  }

  @Override
  public RdmEndpoint open(String provider, String host, int index) {
    return SignalHandlers.keptWhile(
        () -> {
          try (Info all = Info.query(this, provider, host)) {
            List<Info> fitting =
                all.each().stream().filter(info -> info.provider().equals(provider)).toList();
            if (!fitting.isEmpty()) {
              return new NativeEndpoint(this, fitting.get(index % fitting.size()));
            }
          }
          throw new FabricException(
              "libfabric " + version() + " has no device for provider " + provider + " on " + host);
        });
  }

  @Override
  public long addressOf(ByteBuffer memory) {
    return MemorySegment.ofBuffer(memory).address() - memory.position();
  }

  @Override
  public Memory allocate(long sizeBytes) {
    Arena arena = Arena.ofShared();
    MemorySegment huge =
        sizeBytes < HugePages.PAGE_BYTES ? null : HugePages.allocate(arena, sizeBytes);
    MemorySegment memory = huge == null ? arena.allocate(sizeBytes, 4096) : huge;
    return new ArenaMemory(arena, memory.asByteBuffer());
  }

  @Override
  public Memory map(Path file, long sizeBytes) {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, sizeBytes, arena);
      return new ArenaMemory(arena, mapped.asByteBuffer());
    } catch (IOException e) {
      arena.close();
      throw new FabricException("cannot map " + file + " (" + e + ")");
    }
  }

  @Override
  public @Nullable PeerMemory memoryOf(int process) {
    return ProcessMemory.of(process);
  }

  @Override
  public long registeredBytes() {
    return Registrar.registeredBytes();
  }

  /** Memory that goes with its arena. */
  private static final class ArenaMemory implements Memory {
    private final Arena arena;
    private final ByteBuffer buffer;
    private boolean closed;

    ArenaMemory(Arena arena, ByteBuffer buffer) {
      this.arena = arena;
      this.buffer = buffer;
    }

    @Override
    public ByteBuffer buffer() {
      return buffer;
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        LateArenas.close(arena);
      }
    }
  }

  // ---- exported functions -------------------------------------------------------------------

  int getInfo(MemorySegment node, long flags, MemorySegment hints, MemorySegment result) {
    int api = (API_MAJOR << 16) | API_MINOR;
    return Native.getInfo(getInfo, api, node, flags, hints, result);
  }

  void freeInfo(MemorySegment info) {
    Native.free(freeInfo, info);
  }

  MemorySegment newInfo() {
    return Native.pointerOf(dupInfo, MemorySegment.NULL);
  }

  int openFabric(MemorySegment attributes, MemorySegment result) {
    return Native.call(openFabric, attributes, result, MemorySegment.NULL);
  }

  String text(int error) {
    return Pointers.text(Native.pointerOf(strError, Math.abs(error)));
  }

  /** Throws unless {@code code} is 0. */
  void check(String call, int code) {
    if (code != 0) {
      throw new FabricException(call, Math.abs(code), text(code));
    }
  }
}
