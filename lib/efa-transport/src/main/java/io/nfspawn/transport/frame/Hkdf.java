package io.nfspawn.transport.frame;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA256 (RFC 5869), as much of it as a channel needs. */
final class Hkdf {
  static final int HASH_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";

  private Hkdf() {}

  static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
    }
  }

  /** Extract and expand to {@code lengthBytes}. An empty salt stands for 32 zero bytes. */
  static byte[] derive(byte[] salt, byte[] secret, byte[] info, int lengthBytes) {
    byte[] prk = hmac(salt.length == 0 ? new byte[HASH_BYTES] : salt, secret);
    byte[] out = new byte[lengthBytes];
    byte[] block = {};
    for (int done = 0, counter = 1; done < lengthBytes; done += HASH_BYTES, counter++) {
      block = hmac(prk, block, info, new byte[] {(byte) counter});
      System.arraycopy(block, 0, out, done, Math.min(HASH_BYTES, lengthBytes - done));
    }
    Arrays.fill(prk, (byte) 0);
    return out;
  }
}
