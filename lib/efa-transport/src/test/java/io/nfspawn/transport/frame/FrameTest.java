package io.nfspawn.transport.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nfspawn.transport.ChannelKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final ChannelKey KEY = ChannelKey.of(new byte[32]);

  private final Handshake dialer = new Handshake(KEY, "g", 1, 1, true);
  private final Handshake acceptor = new Handshake(KEY, "g", 1, 0, true);
  private final byte[] hello = dialer.hello(0);
  private final byte[] welcome = acceptor.welcome(hello);

  private static List<Message> messages() {
    return List.of(
        Message.of(Message.Type.KEEP_ALIVE),
        new Message(
            Message.Type.ITEM,
            2,
            7,
            9,
            11,
            100,
            10,
            Message.utf8("key"),
            Message.utf8("part"),
            null));
  }

  @Test
  void shouldFollowRfc5869() {
    byte[] derived =
        Hkdf.derive(
            HexFormat.of().parseHex("000102030405060708090a0b0c"),
            HexFormat.of().parseHex("0b".repeat(22)),
            HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9"),
            42);
    assertThat(HexFormat.of().formatHex(derived))
        .isEqualTo(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  }

  @Test
  void shouldAgreeOnKeysOfBothDirections() {
    assertThat(acceptor.readHello(hello).rank()).isEqualTo(1);
    assertThat(dialer.readWelcome(hello, welcome).rank()).isZero();
    var ours = dialer.dialerCiphers(hello, welcome);
    var theirs = acceptor.acceptorCiphers(hello, welcome);
    byte[] there = ours.outgoing().seal(1, 1, ours.session(), 0, messages());
    assertThat(new String(there, StandardCharsets.ISO_8859_1)).doesNotContain("key");
    assertThat(open(theirs.incoming(), there)).isEqualTo(messages());
    byte[] back = theirs.outgoing().seal(1, 0, theirs.session(), 0, messages());
    assertThat(open(ours.incoming(), back)).isEqualTo(messages());
  }

  private static List<Message> open(FrameCipher cipher, byte[] frame) {
    int bodyBytes = cipher.open(FrameHeader.of(frame), frame, frame.length);
    return Message.readAll(ByteBuffer.wrap(frame, FrameHeader.LENGTH_BYTES, bodyBytes).slice());
  }

  @Test
  void shouldRefuseEveryChangedByte() {
    var ours = dialer.dialerCiphers(hello, welcome);
    var theirs = acceptor.acceptorCiphers(hello, welcome);
    byte[] frame = ours.outgoing().seal(1, 1, ours.session(), 5, messages());
    for (int i = 0; i < frame.length; i++) {
      byte[] changed = frame.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> open(theirs.incoming(), changed))
          .as("byte %d", i)
          .isInstanceOf(MalformedFrameException.class);
    }
    for (int i = 0; i < hello.length; i++) {
      byte[] changed = hello.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> acceptor.readHello(changed))
          .as("byte %d", i)
          .isInstanceOf(MalformedFrameException.class);
    }
  }

  @Test
  void shouldSayWhyHandshakeIsRefused() {
    assertThatThrownBy(() -> new Handshake(KEY, "g", 2, 0, true).readHello(hello))
        .hasMessage("epoch 1, ours is 2");
    assertThatThrownBy(() -> new Handshake(KEY, "other", 1, 0, true).readHello(hello))
        .hasMessage("proof of the gang's key is wrong (another key or gang)");
    assertThatThrownBy(() -> new Handshake(KEY, "g", 1, 2, true).readHello(hello))
        .hasMessage("meant for rank 0, this is 2");
    assertThatThrownBy(() -> new Handshake(KEY, "g", 1, 0, false).readHello(hello))
        .hasMessage("frames sealed there, in clear here: set the same encryption for all");
  }

  @Test
  void shouldRefuseLengthsThatCannotBe() {
    ByteBuffer body = ByteBuffer.allocate(Message.HEADER_BYTES);
    Message.of(Message.Type.ACK).write(body);
    body.putInt(24, -1).flip();
    assertThatThrownBy(() -> Message.readAll(body)).isInstanceOf(MalformedFrameException.class);
    body.rewind().putInt(24, 100).putInt(32, 100);
    assertThatThrownBy(() -> Message.readAll(body))
        .hasMessage("message claims 0+100 bytes, left are 0");
    assertThatThrownBy(() -> FrameHeader.of(new byte[31]))
        .hasMessage("frame of 31 bytes, a header has 32");
  }

  @Test
  void shouldDrawWhatItWrites() {
    byte[] frame = new byte[FrameHeader.LENGTH_BYTES];
    FrameHeader.write(frame, FrameHeader.Kind.DATA, true, 2, 3, 4, 5);
    assertThat(HexFormat.of().formatHex(frame))
        .isEqualTo(
            "4e53020301000000" + "0000000200000003" + "0000000000000004" + "0000000000000005");
    ByteBuffer message = ByteBuffer.allocate(47);
    messages().get(1).write(message);
    assertThat(HexFormat.of().formatHex(message.array()))
        .isEqualTo(
            "0700000200030000"
                + "0000000700000009"
                + "000000000000000b"
                + "000000640000000a"
                + "0000000400000000"
                + "6b657970617274");
  }
}
