package io.nfspawn.transport.fabric.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nfspawn.transport.fabric.MemoryRegion;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/** Registers memory with one domain. */
final class Registrar {
  private static final long READ_FROM = Constants.FI_SEND | Constants.FI_REMOTE_READ;
  private static final long WRITTEN_TO = Constants.FI_RECV | Constants.FI_READ;

  private final SecureRandom random = new SecureRandom();
  private final NativeLibrary library;
  private final Fid domain;
  private final boolean virtualAddresses;
  private static final AtomicLong REGISTERED_BYTES = new AtomicLong();

  private final boolean chosenByProvider;
  private final long keyMask;

  Registrar(NativeLibrary library, Fid domain, int mode, long keyBytes) {
    this.library = library;
    this.domain = domain;
    this.virtualAddresses = (mode & Constants.FI_MR_VIRT_ADDR) != 0;
    this.chosenByProvider = (mode & Constants.FI_MR_PROV_KEY) != 0;
    this.keyMask = keyBytes >= 8 ? Long.MAX_VALUE : (1L << (8 * keyBytes)) - 1;
  }

  Region register(ByteBuffer memory, boolean written) {
    if (!memory.isDirect()) {
      throw new IllegalArgumentException("only direct memory can be registered");
    }
    MemorySegment segment = MemorySegment.ofBuffer(memory.duplicate().clear());
    long access = written ? READ_FROM | WRITTEN_TO : READ_FROM;
    MemorySegment function = domain.function(Structs.FID_DOMAIN, "mr", Structs.FI_OPS_MR, "reg");
    // Not to be guessed: who dials a provider's port could read whatever he can name.
    long key = chosenByProvider ? 0 : random.nextLong() & keyMask;
    Fid fid =
        Fid.open(
            library,
            "fi_mr_reg",
            result -> Native.register(function, domain.pointer(), segment, access, key, result));
    REGISTERED_BYTES.addAndGet(segment.byteSize());
    return new Region(fid, segment, virtualAddresses);
  }

  /** Of all endpoints of this process. */
  static long registeredBytes() {
    return REGISTERED_BYTES.get();
  }

  /** A registration. */
  static final class Region implements MemoryRegion {
    private final Fid fid;
    private final MemorySegment memory;
    private final long address;
    private final long sizeBytes;
    private final long descriptor;
    private final long key;
    private final long base;
    private boolean closed;

    private Region(Fid fid, MemorySegment memory, boolean virtualAddresses) {
      this.fid = fid;
      this.memory = memory;
      this.address = memory.address();
      this.sizeBytes = memory.byteSize();
      MemorySegment mr = Pointers.at(fid.pointer(), Structs.FID_MR);
      this.descriptor = mr.get(ADDRESS, Structs.FID_MR.offset("mem_desc")).address();
      this.key = mr.get(JAVA_LONG, Structs.FID_MR.offset("key"));
      this.base = virtualAddresses ? memory.address() : 0;
    }

    /**
     * Where {@code lengthBytes} from {@code offset} lie, if that is in it and it is still there.
     */
    long address(long offset, long lengthBytes) {
      fid.pointer();
      if (!memory.scope().isAlive()) {
        throw new IllegalStateException("registered memory has been freed");
      }
      return address + Objects.checkFromIndexSize(offset, lengthBytes, sizeBytes);
    }

    long descriptor() {
      return descriptor;
    }

    @Override
    public long key() {
      return key;
    }

    @Override
    public long remoteAddress(long offset) {
      return base + offset;
    }

    @Override
    public long sizeBytes() {
      return memory.byteSize();
    }

    @Override
    public void close() {
      fid.close();
      if (!closed) {
        closed = true;
        REGISTERED_BYTES.addAndGet(-memory.byteSize());
      }
    }
  }
}
