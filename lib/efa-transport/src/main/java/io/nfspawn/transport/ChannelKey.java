package io.nfspawn.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** The secret of a gang: 32 bytes from which every other key is derived. Never printed. */
public final class ChannelKey {
  /** Length in bytes. */
  public static final int LENGTH_BYTES = 32;

  private final byte[] bytes;

  private ChannelKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws IllegalArgumentException when it is not {@value #LENGTH_BYTES} bytes
   */
  public static ChannelKey of(byte[] bytes) {
    if (bytes.length != LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "channel key has " + bytes.length + " bytes, needed are " + LENGTH_BYTES);
    }
    return new ChannelKey(bytes.clone());
  }

  /**
   * Reads the file the agent wrote: 64 hex digits.
   *
   * @throws MembershipException when it is absent or holds anything else
   */
  public static ChannelKey read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    } catch (NoSuchFileException e) {
      throw new MembershipException(
          Membership.KEY_VARIABLE,
          "no file " + file + "; is the task still running under its agent?");
    } catch (IOException e) {
      throw new MembershipException(
          Membership.KEY_VARIABLE,
          "cannot read " + file + " (" + e + "); it must be readable by the user of the task");
    }
    if (!text.matches("[0-9a-fA-F]{64}")) {
      throw new MembershipException(
          Membership.KEY_VARIABLE,
          file
              + " must hold 64 hex digits, it holds "
              + text.length()
              + " characters of another"
              + " kind; the agent writes it anew when the gang is started again");
    }
    return new ChannelKey(HexFormat.of().parseHex(text));
  }

  /** A copy of the secret. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelKey key && MessageDigest.isEqual(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "ChannelKey[hidden]";
  }
}
