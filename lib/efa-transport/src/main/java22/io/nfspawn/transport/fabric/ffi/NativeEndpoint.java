package io.nfspawn.transport.fabric.ffi;

import static io.nfspawn.transport.fabric.ffi.Structs.FI_AV_ATTR;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_CONTEXT2;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_CQ_ATTR;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_CQ_ERR_ENTRY;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_CQ_MSG_ENTRY;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_OPS_DOMAIN;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.nfspawn.transport.fabric.FabricException;
import io.nfspawn.transport.fabric.MemoryRegion;
import io.nfspawn.transport.fabric.RdmEndpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Endpoint, domain, address vector and completion queue of one device. What was opened is closed in
 * the opposite order; regions first.
 */
final class NativeEndpoint implements RdmEndpoint {
  private static final int COMPLETIONS_A_POLL = 64;
  private static final long QUEUED_COMPLETIONS = 16_384;
  private static final int MOST_ADDRESS_BYTES = 512;
  private static final int MOST_INJECTED_BYTES = 4096;
  private static final long LENGTH = FI_CQ_MSG_ENTRY.offset("len");
  private static final long ENTRY_BYTES = FI_CQ_MSG_ENTRY.sizeBytes();
  private static final long CONTEXT_BYTES = FI_CONTEXT2.sizeBytes();

  private final NativeLibrary library;
  private final Arena arena = Arena.ofShared();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final String provider;
  private final int mostReceives;
  private final int mostInjectedBytes;
  private final Registrar registrar;
  private final Fid vector;
  private final Fid queue;
  private final Fid endpoint;
  private final byte[] address;
  private final MemorySegment entries;
  private final MemorySegment error;
  private final MemorySegment contexts;
  private final long contextsAddress;
  private final MemorySegment send;
  private final MemorySegment inject;
  private final MemorySegment receive;
  private final MemorySegment read;
  private final MemorySegment readQueue;
  private boolean settled;
  private boolean closed;

  NativeEndpoint(NativeLibrary library, Info info) {
    this.library = library;
    this.provider = info.provider();
    this.mostInjectedBytes = (int) Math.min(MOST_INJECTED_BYTES, info.injectedBytes());
    this.mostReceives = (int) Math.min(MOST_OPERATIONS, info.receives());
    try {
      Fid fabric =
          opened(
              Fid.open(
                  library,
                  "fi_fabric",
                  result -> library.openFabric(info.fabricAttributes(), result)));
      Fid domain = opened(child(fabric, Structs.FID_FABRIC, Structs.FI_OPS_FABRIC, "domain", info));
      vector = opened(vector(domain));
      queue = opened(queue(domain));
      endpoint = opened(child(domain, Structs.FID_DOMAIN, FI_OPS_DOMAIN, "endpoint", info));
      endpoint.bind(library, vector, 0);
      endpoint.bind(library, queue, Constants.FI_TRANSMIT | Constants.FI_RECV);
      endpoint.enable(library);
      registrar = new Registrar(library, domain, info.registrationMode(), info.keyBytes());
      address = name();
      entries = arena.allocate(ENTRY_BYTES * COMPLETIONS_A_POLL, 64);
      // Newer libraries know longer entries.
      error = arena.allocate(2 * FI_CQ_ERR_ENTRY.sizeBytes(), 8);
      contexts = arena.allocate(CONTEXT_BYTES * MOST_OPERATIONS, 64);
      contextsAddress = contexts.address();
      send = endpoint.function(Structs.FID_EP, "msg", Structs.FI_OPS_MSG, "send");
      inject = endpoint.function(Structs.FID_EP, "msg", Structs.FI_OPS_MSG, "inject");
      receive = endpoint.function(Structs.FID_EP, "msg", Structs.FI_OPS_MSG, "recv");
      read = endpoint.function(Structs.FID_EP, "rma", Structs.FI_OPS_RMA, "read");
      readQueue = queue.function(Structs.FID_CQ, "ops", Structs.FI_OPS_CQ, "read");
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T opened(T what) {
    open.push(what);
    return what;
  }

  private Fid child(Fid parent, Struct object, Struct operations, String name, Info info) {
    MemorySegment function = parent.function(object, "ops", operations, name);
    return Fid.open(
        library,
        "fi_" + name,
        result -> Native.open(function, parent.pointer(), info.pointer(), result));
  }

  private Fid vector(Fid domain) {
    MemorySegment how = arena.allocate(FI_AV_ATTR.layout());
    how.set(JAVA_INT, FI_AV_ATTR.offset("type"), Constants.FI_AV_TABLE);
    MemorySegment function = domain.function(Structs.FID_DOMAIN, "ops", FI_OPS_DOMAIN, "av_open");
    return Fid.open(
        library, "fi_av_open", result -> Native.open(function, domain.pointer(), how, result));
  }

  private Fid queue(Fid domain) {
    MemorySegment how = arena.allocate(FI_CQ_ATTR.layout());
    how.set(JAVA_LONG, FI_CQ_ATTR.offset("size"), QUEUED_COMPLETIONS);
    how.set(JAVA_INT, FI_CQ_ATTR.offset("format"), Constants.FI_CQ_FORMAT_MSG);
    how.set(JAVA_INT, FI_CQ_ATTR.offset("wait_obj"), Constants.FI_WAIT_NONE);
    MemorySegment function = domain.function(Structs.FID_DOMAIN, "ops", FI_OPS_DOMAIN, "cq_open");
    return Fid.open(
        library, "fi_cq_open", result -> Native.open(function, domain.pointer(), how, result));
  }

  private byte[] name() {
    MemorySegment text = arena.allocate(MOST_ADDRESS_BYTES);
    MemorySegment length = arena.allocate(JAVA_LONG);
    length.set(JAVA_LONG, 0, MOST_ADDRESS_BYTES);
    MemorySegment getName = endpoint.function(Structs.FID_EP, "cm", Structs.FI_OPS_CM, "getname");
    library.check("fi_getname", Native.call(getName, endpoint.pointer(), text, length));
    return text.asSlice(0, length.get(JAVA_LONG, 0)).toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public byte[] address() {
    return address.clone();
  }

  @Override
  public long insert(byte[] peer) {
    boolean isText = address.length > 2 && address[0] == 'f' && address[1] == 'i';
    if (!isText && peer.length != address.length) {
      throw new FabricException(
          "address of "
              + peer.length
              + " bytes for provider "
              + provider
              + ", whose addresses have "
              + address.length);
    }
    try (Arena local = Arena.ofConfined()) {
      byte[] named = isText ? ShmAddress.toInsert(peer, library) : peer;
      // One byte more than it has: shm takes addresses for C strings.
      MemorySegment bytes = local.allocate(named.length + 1L, 8);
      MemorySegment.copy(named, 0, bytes, ValueLayout.JAVA_BYTE, 0, named.length);
      MemorySegment result = local.allocate(JAVA_LONG);
      MemorySegment insert = vector.function(Structs.FID_AV, "ops", Structs.FI_OPS_AV, "insert");
      int inserted = Native.insert(insert, vector.pointer(), bytes, result);
      if (inserted != 1) {
        throw new FabricException("fi_av_insert", Math.abs(inserted), library.text(inserted));
      }
      return result.get(JAVA_LONG, 0);
    }
  }

  @Override
  public MemoryRegion register(ByteBuffer memory, boolean written) {
    endpoint.pointer();
    return registrar.register(memory, written);
  }

  @Override
  public int mostReceives() {
    return mostReceives;
  }

  private long context(int operation) {
    return contextsAddress + Objects.checkIndex(operation, MOST_OPERATIONS) * CONTEXT_BYTES;
  }

  @Override
  public boolean receive(int operation, MemoryRegion into, long offset, long lengthBytes) {
    Registrar.Region region = (Registrar.Region) into;
    return posted(
        "fi_recv",
        Native.message(
            receive,
            endpoint.address(),
            region.address(offset, lengthBytes),
            lengthBytes,
            region.descriptor(),
            -1L,
            context(operation)));
  }

  @Override
  public boolean send(int operation, long peer, MemoryRegion from, long offset, long lengthBytes) {
    Registrar.Region region = (Registrar.Region) from;
    return posted(
        "fi_send",
        Native.message(
            send,
            endpoint.address(),
            region.address(offset, lengthBytes),
            lengthBytes,
            region.descriptor(),
            peer,
            context(operation)));
  }

  @Override
  public int mostInjectedBytes() {
    return mostInjectedBytes;
  }

  @Override
  public boolean inject(long peer, MemoryRegion from, long offset, long lengthBytes) {
    Objects.checkIndex(lengthBytes, mostInjectedBytes + 1L);
    Registrar.Region region = (Registrar.Region) from;
    long code =
        Native.inject(
            inject, endpoint.address(), region.address(offset, lengthBytes), lengthBytes, peer);
    return code == 0 || posted("fi_inject", code);
  }

  @Override
  public boolean read(
      int operation,
      long peer,
      MemoryRegion into,
      long offset,
      long lengthBytes,
      long remoteAddress,
      long remoteKey) {
    Registrar.Region region = (Registrar.Region) into;
    return posted(
        "fi_read",
        Native.remote(
            read,
            endpoint.address(),
            region.address(offset, lengthBytes),
            lengthBytes,
            region.descriptor(),
            peer,
            remoteAddress,
            remoteKey,
            context(operation)));
  }

  private boolean posted(String call, long code) {
    if (code == 0) {
      settled = false;
      return true;
    }
    if (code == -Constants.FI_EAGAIN) {
      return false;
    }
    throw new FabricException(call, (int) Math.abs(code), library.text((int) code));
  }

  @Override
  public boolean isSettled() {
    return settled;
  }

  @Override
  public int poll(Completions to) {
    long count =
        Native.completions(readQueue, queue.address(), entries.address(), COMPLETIONS_A_POLL);
    if (count > 0) {
      for (int i = 0; i < count; i++) {
        int operation = operation(entries.get(JAVA_LONG, i * ENTRY_BYTES));
        to.onDone(operation, (int) entries.get(JAVA_LONG, i * ENTRY_BYTES + LENGTH));
      }
      return (int) count;
    }
    if (count == -Constants.FI_EAVAIL) {
      pollError(to);
      return 1;
    }
    if (count != 0 && count != -Constants.FI_EAGAIN) {
      throw new FabricException("fi_cq_read", (int) -count, library.text((int) count));
    }
    settled = true;
    return 0;
  }

  private int operation(long context) {
    long offset = context - contextsAddress;
    boolean ours =
        offset >= 0 && offset < MOST_OPERATIONS * CONTEXT_BYTES && offset % CONTEXT_BYTES == 0;
    return ours ? (int) (offset / CONTEXT_BYTES) : -1;
  }

  private void pollError(Completions to) {
    error.fill((byte) 0);
    MemorySegment readError = queue.function(Structs.FID_CQ, "ops", Structs.FI_OPS_CQ, "readerr");
    if (Native.completions(readError, queue.address(), error.address(), 0) < 0) {
      return;
    }
    int operation = operation(error.get(ADDRESS, FI_CQ_ERR_ENTRY.offset("op_context")).address());
    // shm gives it negative, others positive.
    int code = Math.abs(error.get(JAVA_INT, FI_CQ_ERR_ENTRY.offset("err")));
    int providerCode = error.get(JAVA_INT, FI_CQ_ERR_ENTRY.offset("prov_errno"));
    to.onFailed(operation, code, library.text(code) + " (" + provider + " " + providerCode + ")");
  }

  /** Closes all; memory of operations that were posted must live until here. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    RuntimeException failure = null;
    // Regions belong to their owners, who have closed them; then endpoint, queue, vector …
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        failure = e instanceof RuntimeException r ? r : new IllegalStateException(e);
      }
    }
    arena.close();
    if (failure != null) {
      throw failure;
    }
  }
}
