package io.nfspawn.bams3.codec.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nfspawn.bams3.codec.deflate.BlockDeflater;
import io.nfspawn.bams3.codec.deflate.BlockInflater;
import io.nfspawn.bams3.codec.deflate.DeflateLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * One method for each function of libdeflate.h that is used. Needs JDK 22: {@link Libdeflate} makes
 * the only one, for the life of the program.
 */
@SuppressWarnings("restricted") // foreign functions are; the launchers allow them
final class LibdeflateCalls implements DeflateLibrary {
  private static final String SONAME = "libdeflate.so.0";

  /** What htslib makes of the levels 0 to 9, so that they mean what they mean to samtools. */
  private static final int[] LEVELS = {0, 1, 2, 3, 5, 6, 7, 8, 10, 12};

  private final SymbolLookup symbols = SymbolLookup.libraryLookup(SONAME, Arena.global());

  private final MethodHandle allocDecompressor =
      bind("libdeflate_alloc_decompressor", FunctionDescriptor.of(ADDRESS));
  private final MethodHandle freeDecompressor =
      bind("libdeflate_free_decompressor", FunctionDescriptor.ofVoid(ADDRESS));

  /**
   * Is handed heap arrays as they are: a block takes some 100 µs, and for so long a garbage
   * collection may have to wait. Deflating takes far longer and goes through native memory.
   */
  private final MethodHandle decompress =
      bind(
          "libdeflate_deflate_decompress",
          FunctionDescriptor.of(JAVA_INT, block(ADDRESS, ADDRESS)),
          Linker.Option.critical(true));

  private final MethodHandle allocCompressor =
      bind("libdeflate_alloc_compressor", FunctionDescriptor.of(ADDRESS, JAVA_INT));
  private final MethodHandle freeCompressor =
      bind("libdeflate_free_compressor", FunctionDescriptor.ofVoid(ADDRESS));
  private final MethodHandle compress =
      bind("libdeflate_deflate_compress", FunctionDescriptor.of(JAVA_LONG, block(ADDRESS)));

  /** State, input and its length, output and its length, and what else there is. */
  private static MemoryLayout[] block(MemoryLayout state, MemoryLayout... more) {
    MemoryLayout[] arguments = new MemoryLayout[5 + more.length];
    arguments[0] = state;
    arguments[1] = ADDRESS;
    arguments[2] = JAVA_LONG;
    arguments[3] = ADDRESS;
    arguments[4] = JAVA_LONG;
    System.arraycopy(more, 0, arguments, 5, more.length);
    return arguments;
  }

  private MethodHandle bind(String name, FunctionDescriptor type, Linker.Option... options) {
    MemorySegment function =
        symbols
            .find(name)
            .orElseThrow(() -> new IllegalArgumentException(SONAME + " has no function " + name));
    return Linker.nativeLinker().downcallHandle(function, type, options);
  }

  @Override
  public String name() {
    return Libdeflate.NAME;
  }

  @Override
  public BlockInflater inflater() {
    return new Decompressor(allocDecompressor());
  }

  @Override
  public BlockDeflater deflater(int level) {
    return new Compressor(allocCompressor(LEVELS[level]));
  }

  private MemorySegment allocDecompressor() {
    try {
      return notNull((MemorySegment) allocDecompressor.invokeExact());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private void freeDecompressor(MemorySegment decompressor) {
    try {
      freeDecompressor.invokeExact(decompressor);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Without a place for the actual length, any other than the expected one is an error. */
  private boolean decompress(MemorySegment decompressor, MemorySegment in, MemorySegment out) {
    try {
      int result =
          (int)
              decompress.invokeExact(
                  decompressor, in, in.byteSize(), out, out.byteSize(), MemorySegment.NULL);
      return result == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private MemorySegment allocCompressor(int level) {
    try {
      return notNull((MemorySegment) allocCompressor.invokeExact(level));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private void freeCompressor(MemorySegment compressor) {
    try {
      freeCompressor.invokeExact(compressor);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private int compress(MemorySegment compressor, MemorySegment in, MemorySegment out) {
    try {
      return (int) (long) compress.invokeExact(compressor, in, in.byteSize(), out, out.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** None of the functions throws, so this is a fault of this class or of the JVM. */
  private static IllegalStateException unexpected(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("calling libdeflate failed", cause);
  }

  private static MemorySegment notNull(MemorySegment made) {
    if (made.equals(MemorySegment.NULL)) {
      throw new OutOfMemoryError("libdeflate found no memory");
    }
    return made;
  }

  private final class Decompressor implements BlockInflater {
    private final MemorySegment decompressor;

    Decompressor(MemorySegment decompressor) {
      this.decompressor = decompressor;
    }

    @Override
    public boolean inflate(
        byte[] source, int offset, int lengthBytes, byte[] target, int to, int expectedBytes) {
      return decompress(
          decompressor,
          MemorySegment.ofArray(source).asSlice(offset, lengthBytes),
          MemorySegment.ofArray(target).asSlice(to, expectedBytes));
    }

    @Override
    public void close() {
      freeDecompressor(decompressor);
    }
  }

  private final class Compressor implements BlockDeflater {
    private static final int BUFFER_BYTES = 1 << 16;

    private final MemorySegment compressor;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment in = arena.allocate(BUFFER_BYTES);
    private final MemorySegment out = arena.allocate(BUFFER_BYTES);

    Compressor(MemorySegment compressor) {
      this.compressor = compressor;
    }

    @Override
    public int deflate(
        byte[] source, int offset, int lengthBytes, byte[] target, int to, int roomBytes) {
      MemorySegment.copy(source, offset, in, JAVA_BYTE, 0, lengthBytes);
      int used =
          compress(
              compressor,
              in.asSlice(0, lengthBytes),
              out.asSlice(0, Math.min(roomBytes, BUFFER_BYTES)));
      MemorySegment.copy(out, JAVA_BYTE, 0, target, to, used);
      return used;
    }

    @Override
    public void close() {
      freeCompressor(compressor);
      arena.close();
    }
  }
}
