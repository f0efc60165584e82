package io.nfspawn.transport.core;

import io.nfspawn.transport.ItemKey;
import io.nfspawn.transport.RegisteredBuffer;
import io.nfspawn.transport.frame.Message;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Makes items of what an outbox is offered, numbered from 0, and knows every key there ever was by
 * its item's number. Guarded by its outbox.
 */
final class Intake {
  private final SeenKeys known = new SeenKeys(false);
  private final CRC32C crc = new CRC32C();

  /** The key that was looked for last, in UTF-8. */
  private final byte[] keyUtf8 = new byte[ItemKey.MAX_BYTES];

  private int keyBytes;

  /** Objects of items that are settled, for others: as many as were open at a time. */
  private final Deque<Item> spares = new ArrayDeque<>();

  /** The number of the item that had this key; negative when none has. */
  int find(ItemKey key) {
    keyBytes = encode(key.value());
    return known.find(keyUtf8, 0, keyBytes);
  }

  /** Puts the key into {@link #keyUtf8}; its length. */
  private int encode(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char letter = text.charAt(i);
      if (letter >= 0x80) {
        byte[] all = Message.utf8Bytes(text);
        System.arraycopy(all, 0, keyUtf8, 0, all.length);
        return all.length;
      }
      keyUtf8[i] = (byte) letter;
    }
    return length;
  }

  /** The next item, whose payload stays where it is; its key was looked for last and not found. */
  Item keep(ItemKey key, ByteBuffer payload, @Nullable RegisteredBuffer owned, int checksum) {
    Item item = spare(key);
    item.keep(number(payload), key, keyUtf8, keyBytes, payload, owned);
    item.checkedBy(checksum);
    return item;
  }

  /** As the other, with a copy of the payload. */
  Item copy(ItemKey key, ByteBuffer payload, boolean checked) {
    Item item = spare(key);
    item.copy(number(payload), key, keyUtf8, keyBytes, payload);
    if (checked) {
      item.check(crc);
    }
    return item;
  }

  private Item spare(ItemKey key) {
    Item spare = spares.poll();
    return spare == null ? new Item(key) : spare;
  }

  private int number(ByteBuffer payload) {
    return known.add(keyUtf8, 0, keyBytes, 0, payload.remaining());
  }

  /** Its object may become another item. */
  void settled(Item item) {
    if (item.isSpare()) {
      spares.push(item);
    }
  }
}
