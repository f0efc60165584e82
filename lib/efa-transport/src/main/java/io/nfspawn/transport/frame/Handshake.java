package io.nfspawn.transport.frame;

import io.nfspawn.transport.ChannelKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * How two members prove the gang's key to each other and agree on fresh session keys.
 *
 * <pre>
 * HELLO   (dialer → acceptor)  header · target rank u32 · sealed u32 · instance u64 · nonce 16 · mac 32
 * WELCOME (acceptor → dialer)  header · target rank u32 · sealed u32 · instance u64 · nonce 16 · mac 32
 * proof   KEY  = HKDF-SHA256(salt: none, gang key, "nf-spawn channel 1 hello|gang|epoch")
 *         HELLO's mac = HMAC(KEY, frame before the mac); WELCOME's covers the whole HELLO too
 * session KEYS = HKDF-SHA256(salt: both nonces, gang key,
 *         "nf-spawn channel 1 data|gang|epoch|dialer rank|acceptor rank|direction")
 * </pre>
 *
 * <p>An acceptor spends one HMAC on a stranger and keeps nothing of him. A recorded HELLO gets no
 * further than a session whose keys its player cannot derive. Instance is a random number of the
 * process, so that two processes with one rank can be told apart. Immutable but for the source of
 * random numbers; thread-safe.
 */
public final class Handshake {
  static final int NONCE_BYTES = 16;
  static final int BODY_BYTES = 4 + 4 + 8 + NONCE_BYTES;
  static final int FRAME_BYTES = FrameHeader.LENGTH_BYTES + BODY_BYTES + Hkdf.HASH_BYTES;
  private static final int MAC_OFFSET = FRAME_BYTES - Hkdf.HASH_BYTES;
  private static final String LABEL = "nf-spawn channel 1 ";

  private final SecureRandom random = new SecureRandom();
  private final byte[] gangKey;
  private final byte[] proofKey;
  private final String context;
  private final int epoch;
  private final int rank;
  private final boolean sealed;
  private final long instance = random.nextLong();

  public Handshake(ChannelKey key, String gang, int epoch, int rank, boolean sealed) {
    this.gangKey = key.bytes();
    this.context = gang + "|" + epoch;
    this.epoch = epoch;
    this.rank = rank;
    this.sealed = sealed;
    this.proofKey = Hkdf.derive(new byte[0], gangKey, info("hello|" + context), Hkdf.HASH_BYTES);
  }

  /** What the other side said in a handshake that was proved. */
  public record Greeting(int rank, long instance) {}

  /** Both directions' ciphers of a new session. */
  public record SessionCiphers(long session, FrameCipher outgoing, FrameCipher incoming) {}

  /** A fresh HELLO to {@code targetRank}. */
  public byte[] hello(int targetRank) {
    return frame(FrameHeader.Kind.HELLO, targetRank, 0, new byte[0]);
  }

  /** A fresh WELCOME that answers {@code hello} under a new session. */
  public byte[] welcome(byte[] hello) {
    long session = random.nextLong();
    return frame(FrameHeader.Kind.WELCOME, FrameHeader.of(hello).senderRank(), session, hello);
  }

  private byte[] frame(FrameHeader.Kind kind, int target, long session, byte[] answered) {
    byte[] frame = new byte[FRAME_BYTES];
    FrameHeader.write(frame, kind, false, epoch, rank, session, 0);
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    ByteBuffer.wrap(frame)
        .position(FrameHeader.LENGTH_BYTES)
        .putInt(target)
        .putInt(sealed ? 1 : 0)
        .putLong(instance)
        .put(nonce)
        .put(mac(answered, frame));
    return frame;
  }

  private byte[] mac(byte[] answered, byte[] frame) {
    return Hkdf.hmac(proofKey, answered, Arrays.copyOf(frame, MAC_OFFSET));
  }

  /**
   * Checks a HELLO.
   *
   * @throws MalformedFrameException saying why it is refused
   */
  public Greeting readHello(byte[] hello) {
    return read(FrameHeader.Kind.HELLO, hello, new byte[0]);
  }

  /**
   * Checks a WELCOME that should answer {@code hello}.
   *
   * @throws MalformedFrameException saying why it is refused
   */
  public Greeting readWelcome(byte[] hello, byte[] welcome) {
    return read(FrameHeader.Kind.WELCOME, welcome, hello);
  }

  private Greeting read(FrameHeader.Kind kind, byte[] frame, byte[] answered) {
    FrameHeader header = FrameHeader.of(frame);
    if (header.kind() != kind || frame.length != FRAME_BYTES) {
      throw new MalformedFrameException("expected " + kind + " of " + FRAME_BYTES + " bytes");
    }
    if (header.epoch() != epoch) {
      throw new MalformedFrameException("epoch " + header.epoch() + ", ours is " + epoch);
    }
    byte[] mac = Arrays.copyOfRange(frame, MAC_OFFSET, FRAME_BYTES);
    if (!MessageDigest.isEqual(mac, mac(answered, frame))) {
      throw new MalformedFrameException("proof of the gang's key is wrong (another key or gang)");
    }
    ByteBuffer body = ByteBuffer.wrap(frame).position(FrameHeader.LENGTH_BYTES);
    int target = body.getInt();
    boolean theirsSealed = body.getInt() == 1;
    if (target != rank) {
      throw new MalformedFrameException("meant for rank " + target + ", this is " + rank);
    }
    if (theirsSealed != sealed) {
      throw new MalformedFrameException(
          "frames "
              + (theirsSealed ? "sealed" : "in clear")
              + " there, "
              + (sealed ? "sealed" : "in clear")
              + " here: set the same encryption for all");
    }
    return new Greeting(header.senderRank(), body.getLong());
  }

  /** Ciphers of the side that dialled. */
  public SessionCiphers dialerCiphers(byte[] hello, byte[] welcome) {
    return ciphers(hello, welcome, "to acceptor", "to dialer");
  }

  /** Ciphers of the side that accepted. */
  public SessionCiphers acceptorCiphers(byte[] hello, byte[] welcome) {
    return ciphers(hello, welcome, "to dialer", "to acceptor");
  }

  private SessionCiphers ciphers(byte[] hello, byte[] welcome, String out, String in) {
    byte[] salt = new byte[2 * NONCE_BYTES];
    System.arraycopy(hello, MAC_OFFSET - NONCE_BYTES, salt, 0, NONCE_BYTES);
    System.arraycopy(welcome, MAC_OFFSET - NONCE_BYTES, salt, NONCE_BYTES, NONCE_BYTES);
    FrameHeader answer = FrameHeader.of(welcome);
    String pair =
        "data|" + context + "|" + FrameHeader.of(hello).senderRank() + "|" + answer.senderRank();
    return new SessionCiphers(
        answer.session(), cipher(salt, pair + "|" + out), cipher(salt, pair + "|" + in));
  }

  private FrameCipher cipher(byte[] salt, String label) {
    byte[] material = Hkdf.derive(salt, gangKey, info(label), FrameCipher.MATERIAL_BYTES);
    FrameCipher cipher = new FrameCipher(material, sealed);
    Arrays.fill(material, (byte) 0);
    return cipher;
  }

  private static byte[] info(String text) {
    return (LABEL + text).getBytes(StandardCharsets.UTF_8);
  }

  /** This process's own number. */
  public long instance() {
    return instance;
  }
}
