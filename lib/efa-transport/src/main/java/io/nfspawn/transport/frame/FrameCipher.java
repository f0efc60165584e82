package io.nfspawn.transport.frame;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals or opens the data frames of one direction of one session: AES-256-GCM, the header as
 * additional data, nonce = 4 derived bytes and the sequence. A key is never used for two sessions,
 * since both sides' random numbers go into it. Not thread-safe.
 *
 * <p>The JDK encrypts and authenticates at twice the speed at which it only authenticates (measured
 * 9.6 against 4.1 GB/s on JDK 25, 4.6 against 3.4 on 17), so a frame that is to be authentic is
 * encrypted too.
 */
public final class FrameCipher {
  static final int KEY_BYTES = 32;
  static final int PREFIX_BYTES = 4;
  static final int MATERIAL_BYTES = KEY_BYTES + PREFIX_BYTES;
  private static final int TAG_BITS = 8 * FrameHeader.TAG_BYTES;

  private final @Nullable Cipher cipher;
  private final SecretKeySpec key;
  private final byte[] nonce = new byte[12];

  /**
   * @param material {@value #MATERIAL_BYTES} derived bytes: key, start of the nonce
   * @param sealed false when frames travel in clear
   */
  FrameCipher(byte[] material, boolean sealed) {
    key = new SecretKeySpec(material, 0, KEY_BYTES, "AES");
    System.arraycopy(material, KEY_BYTES, nonce, 0, PREFIX_BYTES);
    try {
      cipher = sealed ? Cipher.getInstance("AES/GCM/NoPadding") : null;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no AES-GCM", e);
    }
  }

  /** A new frame that carries the messages. */
  public byte[] seal(int epoch, int rank, long session, long sequence, List<Message> messages) {
    int bodyBytes = 0;
    for (Message message : messages) {
      bodyBytes += message.lengthBytes();
    }
    Cipher gcm = cipher;
    int tagBytes = gcm == null ? 0 : FrameHeader.TAG_BYTES;
    byte[] frame = new byte[FrameHeader.LENGTH_BYTES + bodyBytes + tagBytes];
    new FrameHeader(FrameHeader.Kind.DATA, gcm != null, epoch, rank, session, sequence)
        .write(frame);
    ByteBuffer out = ByteBuffer.wrap(frame);
    out.position(FrameHeader.LENGTH_BYTES);
    messages.forEach(message -> message.write(out));
    if (gcm != null) {
      crypt(gcm, Cipher.ENCRYPT_MODE, sequence, frame, bodyBytes);
    }
    return frame;
  }

  /**
   * The body of a frame, decrypted in place.
   *
   * @throws MalformedFrameException when it was not sealed by the peer with this sequence
   */
  public ByteBuffer open(FrameHeader header, byte[] frame) {
    Cipher gcm = cipher;
    if (header.sealed() != (gcm != null)) {
      throw new MalformedFrameException("frame is " + (gcm == null ? "" : "not ") + "sealed");
    }
    int rest = frame.length - FrameHeader.LENGTH_BYTES;
    if (gcm == null) {
      return ByteBuffer.wrap(frame, FrameHeader.LENGTH_BYTES, rest).slice();
    }
    if (rest < FrameHeader.TAG_BYTES) {
      throw new MalformedFrameException("frame has no room for its tag");
    }
    crypt(gcm, Cipher.DECRYPT_MODE, header.sequence(), frame, rest);
    return ByteBuffer.wrap(frame, FrameHeader.LENGTH_BYTES, rest - FrameHeader.TAG_BYTES).slice();
  }

  private void crypt(Cipher gcm, int mode, long sequence, byte[] frame, int lengthBytes) {
    ByteBuffer.wrap(nonce).putLong(PREFIX_BYTES, sequence);
    try {
      gcm.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      gcm.updateAAD(frame, 0, FrameHeader.LENGTH_BYTES);
      gcm.doFinal(frame, FrameHeader.LENGTH_BYTES, lengthBytes, frame, FrameHeader.LENGTH_BYTES);
    } catch (AEADBadTagException e) {
      throw new MalformedFrameException("frame is not authentic");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }
}
