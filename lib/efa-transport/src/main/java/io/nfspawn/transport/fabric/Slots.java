package io.nfspawn.transport.fabric;

import io.nfspawn.transport.fabric.FabricLibrary.Memory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registered memory for short messages, in slots of one size that are numbered from {@code first}.
 * Grows in blocks. Owned by the wire's thread.
 */
final class Slots {
  private static final Logger log = LoggerFactory.getLogger(Slots.class);

  /** Slots of a block. */
  static final int BLOCK = 64;

  /**
   * Between slots, five lines of a cache: messages are short, and the beginnings of slots that lie
   * a power of two apart would all compete for the same few places in it.
   */
  private static final int GAP_BYTES = 320;

  private final FabricLibrary library;
  private final RdmEndpoint endpoint;
  private final int first;

  /** Fewer than was asked for once a block was refused. */
  private int most;

  private final int slotBytes;
  private final List<Block> blocks = new ArrayList<>();

  /** One view for all slots of a block, which stay in a core's cache so. */
  private record Block(Memory memory, ByteBuffer view, MemoryRegion region) {}

  Slots(FabricLibrary library, RdmEndpoint endpoint, int first, int most, int slotBytes) {
    this.library = library;
    this.endpoint = endpoint;
    this.first = first;
    this.most = most;
    this.slotBytes = slotBytes;
  }

  /**
   * Adds a block; the number of its first slot, or -1 when there are as many as there may be, which
   * are those there are if the device has no room for more.
   *
   * @throws FabricException when there is no room for the first
   */
  int grow() {
    int count = size();
    if (count + BLOCK > most) {
      return -1;
    }
    Memory memory = library.allocate((long) (slotBytes + GAP_BYTES) * BLOCK);
    try {
      ByteBuffer view = memory.buffer();
      blocks.add(new Block(memory, view, endpoint.register(view, true)));
    } catch (FabricException e) {
      memory.close();
      if (count == 0) {
        throw e;
      }
      log.warn("event=slots_refused slots={} reason=\"{}\"", count, e.getMessage());
      most = count;
      return -1;
    }
    return first + count;
  }

  int size() {
    return blocks.size() * BLOCK;
  }

  boolean holds(int slot) {
    return slot >= first && slot < first + size();
  }

  private Block block(int slot) {
    return blocks.get((slot - first) / BLOCK);
  }

  /** The first bytes of a slot; the view of another slot may be the same object, moved. */
  ByteBuffer view(int slot, int lengthBytes) {
    int offset = offset(slot);
    return block(slot).view.clear().position(offset).limit(offset + lengthBytes);
  }

  /** How far that view was moved on. */
  int writtenBytes(int slot) {
    return block(slot).view.position() - offset(slot);
  }

  MemoryRegion region(int slot) {
    return block(slot).region;
  }

  /** Where the slot begins in its region. */
  int offset(int slot) {
    return (slot - first) % BLOCK * (slotBytes + GAP_BYTES);
  }

  void unregister() {
    new Closing().thenEach(blocks, block -> block.region.close()).end();
  }

  void free() {
    List<Block> all = List.copyOf(blocks);
    blocks.clear();
    new Closing().thenEach(all, block -> block.memory.close()).end();
  }
}
