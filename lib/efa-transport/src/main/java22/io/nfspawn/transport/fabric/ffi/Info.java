package io.nfspawn.transport.fabric.ffi;

import static io.nfspawn.transport.fabric.ffi.Structs.FI_DOMAIN_ATTR;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_EP_ATTR;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_FABRIC_ATTR;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_INFO;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_RX_ATTR;
import static io.nfspawn.transport.fabric.ffi.Structs.FI_TX_ATTR;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code fi_getinfo} answered: a list of ways to open an endpoint. Closed by who asked. */
final class Info implements AutoCloseable {
  static final String SHM = "shm";
  private final NativeLibrary library;
  private final MemorySegment pointer;

  private Info(NativeLibrary library, MemorySegment pointer) {
    this.library = library;
    this.pointer = pointer;
  }

  /** Everything that fits; {@code provider} and {@code host} narrow it. */
  static Info query(NativeLibrary library, @Nullable String provider, @Nullable String host) {
    MemorySegment hints = library.newInfo();
    MemorySegment names =
        Pointers.at(Pointers.follow(hints, FI_INFO, "fabric_attr"), FI_FABRIC_ATTR);
    long nameOffset = FI_FABRIC_ATTR.offset("prov_name");
    try (Arena arena = Arena.ofConfined()) {
      fill(hints, SHM.equals(provider));
      boolean bound = host != null && !SHM.equals(provider) && !"efa".equals(provider);
      MemorySegment node = bound ? arena.allocateFrom(host) : MemorySegment.NULL;
      if (provider != null) {
        names.set(ValueLayout.ADDRESS, nameOffset, arena.allocateFrom(provider));
      }
      MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
      int code = library.getInfo(node, bound ? Constants.FI_SOURCE : 0, hints, result);
      if (code == -Constants.FI_ENODATA) {
        return new Info(library, MemorySegment.NULL);
      }
      library.check("fi_getinfo", code);
      return new Info(library, result.get(ValueLayout.ADDRESS, 0));
    } finally {
      // The name is ours; fi_freeinfo would free() it.
      names.set(ValueLayout.ADDRESS, nameOffset, MemorySegment.NULL);
      library.freeInfo(hints);
    }
  }

  private static void fill(MemorySegment hints, boolean shm) {
    MemorySegment info = Pointers.at(hints, FI_INFO);
    info.set(ValueLayout.JAVA_LONG, FI_INFO.offset("caps"), Constants.FI_MSG | Constants.FI_RMA);
    info.set(
        ValueLayout.JAVA_LONG,
        FI_INFO.offset("mode"),
        Constants.FI_CONTEXT | Constants.FI_CONTEXT2);
    Pointers.at(Pointers.follow(hints, FI_INFO, "ep_attr"), FI_EP_ATTR)
        .set(ValueLayout.JAVA_INT, FI_EP_ATTR.offset("type"), Constants.FI_EP_RDM);
    MemorySegment domain =
        Pointers.at(Pointers.follow(hints, FI_INFO, "domain_attr"), FI_DOMAIN_ATTR);
    domain.set(
        ValueLayout.JAVA_INT,
        FI_DOMAIN_ATTR.offset("mr_mode"),
        Constants.FI_MR_LOCAL
            | Constants.FI_MR_VIRT_ADDR
            | Constants.FI_MR_ALLOCATED
            | Constants.FI_MR_PROV_KEY);
    domain.set(
        ValueLayout.JAVA_INT, FI_DOMAIN_ATTR.offset("threading"), Constants.FI_THREAD_DOMAIN);
    if (shm) {
      // Nothing here relies on order. Asking for it makes shm serve reads at their target, which
      // checks the key; else the reader copies while it holds the target's lock, and one that is
      // killed or stopped meanwhile blocks the target for ever.
      setOrder(Pointers.at(Pointers.follow(hints, FI_INFO, "tx_attr"), FI_TX_ATTR), FI_TX_ATTR);
      setOrder(Pointers.at(Pointers.follow(hints, FI_INFO, "rx_attr"), FI_RX_ATTR), FI_RX_ATTR);
    }
  }

  private static void setOrder(MemorySegment attributes, Struct struct) {
    attributes.set(ValueLayout.JAVA_LONG, struct.offset("msg_order"), Constants.FI_ORDER_RAW);
  }

  /** Each entry of the list; they live as long as this. */
  List<Info> each() {
    List<Info> entries = new ArrayList<>();
    for (MemorySegment next = pointer;
        next.address() != 0;
        next = Pointers.follow(next, FI_INFO, "next")) {
      entries.add(new Info(library, next));
    }
    return entries;
  }

  MemorySegment pointer() {
    return pointer;
  }

  MemorySegment fabricAttributes() {
    return Pointers.follow(pointer, FI_INFO, "fabric_attr");
  }

  String provider() {
    return Pointers.text(Pointers.follow(fabricAttributes(), FI_FABRIC_ATTR, "prov_name"));
  }

  String fabric() {
    return Pointers.text(Pointers.follow(fabricAttributes(), FI_FABRIC_ATTR, "name"));
  }

  String domain() {
    MemorySegment attributes = Pointers.follow(pointer, FI_INFO, "domain_attr");
    return Pointers.text(Pointers.follow(attributes, FI_DOMAIN_ATTR, "name"));
  }

  /** Which of the {@code FI_MR_*} modes the provider insists on. */
  int registrationMode() {
    return domainAttributes().get(ValueLayout.JAVA_INT, FI_DOMAIN_ATTR.offset("mr_mode"));
  }

  /** Bytes of a registration's key. */
  long keyBytes() {
    return domainAttributes().get(ValueLayout.JAVA_LONG, FI_DOMAIN_ATTR.offset("mr_key_size"));
  }

  /** Longest message that is taken at once, so that its memory can be used again. */
  long injectedBytes() {
    return Pointers.at(Pointers.follow(pointer, FI_INFO, "tx_attr"), FI_TX_ATTR)
        .get(ValueLayout.JAVA_LONG, FI_TX_ATTR.offset("inject_size"));
  }

  /** How many receives may be posted at one time. */
  long receives() {
    return Pointers.at(Pointers.follow(pointer, FI_INFO, "rx_attr"), FI_RX_ATTR)
        .get(ValueLayout.JAVA_LONG, FI_RX_ATTR.offset("size"));
  }

  private MemorySegment domainAttributes() {
    return Pointers.at(Pointers.follow(pointer, FI_INFO, "domain_attr"), FI_DOMAIN_ATTR);
  }

  @Override
  public void close() {
    if (pointer.address() != 0) {
      library.freeInfo(pointer);
    }
  }
}
