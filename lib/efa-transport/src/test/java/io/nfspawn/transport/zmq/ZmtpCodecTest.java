package io.nfspawn.transport.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Byte for byte what RFC 37 and RFC 24 say. */
class ZmtpCodecTest {
  private static final String GREETING_START = "ff00000000000000007f0301" + "504c41494e";

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return HexFormat.of().formatHex(copy);
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
  }

  private static String written(Command command) {
    ByteBuffer out = ByteBuffer.allocate(2000);
    command.write(out);
    return hex(out.flip());
  }

  @Test
  void shouldGreetAsTheRfcSays() {
    ByteBuffer server = ByteBuffer.allocate(64);
    Greeting.write(true, server);
    assertThat(hex(server.flip()))
        .isEqualTo(GREETING_START + "00".repeat(15) + "01" + "00".repeat(31));
    ByteBuffer client = ByteBuffer.allocate(64);
    Greeting.write(false, client);
    assertThat(hex(client.flip())).isEqualTo(GREETING_START + "00".repeat(47));
  }

  @Test
  void shouldRefuseOtherGreetingsAtTheFirstWrongByte() throws Exception {
    assertThatThrownBy(() -> new Greeting().read(bytes("01")))
        .isInstanceOf(ZmtpException.class)
        .hasMessage("does not speak ZMTP 2 or newer");
    assertThatThrownBy(() -> new Greeting().read(bytes("ff000000000000000100")))
        .hasMessage("does not speak ZMTP 2 or newer");
    assertThatThrownBy(() -> new Greeting().read(bytes("ff00000000000000017f01")))
        .hasMessage("does not speak ZMTP 3");
    Greeting of30 = new Greeting();
    ByteBuffer curve = bytes("ff00000000000000007f0300" + "4355525645" + "00".repeat(47));
    assertThatThrownBy(() -> of30.read(curve)).hasMessage("asks for another mechanism than PLAIN");
    ByteBuffer plain = bytes("ff00000000000000007f0300" + "504c41494e" + "00".repeat(47));
    Greeting old = new Greeting();
    assertThat(old.read(plain)).isTrue();
    assertThat(old.knowsPing()).isFalse();
  }

  @Test
  void shouldWriteCommandsAsTheRfcsSay() throws Exception {
    assertThat(written(Command.of("WELCOME", new byte[0]))).isEqualTo("0408" + "0757454c434f4d45");
    assertThat(written(Command.ofSocket("READY", "ROUTER")))
        .isEqualTo(
            ("0429" + "055245414459")
                + ("0b536f636b65742d54797065" + "00000006" + "524f55544552")
                + ("084964656e74697479" + "00000000"));
    assertThat(written(Command.ping(60_000))).isEqualTo("0407" + "0450494e47" + "0258");
    Command ping = Command.read(HexFormat.of().parseHex("0450494e47" + "0001" + "abcd"));
    assertThat(ping.timeToLiveMillis()).isEqualTo(100);
    assertThat(written(ping.pong())).isEqualTo("0407" + "04504f4e47" + "abcd");
    byte[] ticket = {1, 2, 3}; // AQID
    assertThat(written(Plain.hello(ticket)))
        .isEqualTo("040e" + "0548454c4c4f" + "03744151" + "03744944");
  }

  @Test
  void shouldShowTheTicketItWasGiven() throws Exception {
    for (int length : new int[] {0, 1, 2, 3, 95, 96, 97, 300}) {
      byte[] ticket = new byte[length];
      Arrays.fill(ticket, (byte) 0xE7);
      Command hello = Command.read(Plain.hello(ticket).bytes());
      assertThat(Plain.ticket(hello)).isEqualTo(ticket);
    }
    assertThatThrownBy(() -> Plain.hello(new byte[400]))
        .hasMessage("a ticket of 400 bytes is too long");
    byte[] notBase64 = HexFormat.of().parseHex("0548454c4c4f" + "0274fe" + "0174");
    assertThat(Plain.ticket(Command.read(notBase64))).isEmpty();
  }

  @Test
  void shouldWriteShortAndLongFrames() throws IOException {
    assertThat(sent(0)).isEqualTo("0000");
    assertThat(sent(3)).isEqualTo("0003" + "616161");
    assertThat(sent(255)).startsWith("00ff6161").hasSize(2 * (2 + 255));
    assertThat(sent(256)).startsWith("0200000000000001006161").hasSize(2 * (9 + 256));
  }

  private static String sent(int lengthBytes) throws IOException {
    byte[] frame = "a".repeat(lengthBytes).getBytes(StandardCharsets.US_ASCII);
    Outgoing out = new Outgoing(new SendBuffers(1000));
    assertThat(out.add(frame, lengthBytes)).isTrue();
    java.io.ByteArrayOutputStream to = new java.io.ByteArrayOutputStream();
    assertThat(out.writeTo(Channels.newChannel(to))).isTrue();
    assertThat(out.bytes()).isZero();
    return HexFormat.of().formatHex(to.toByteArray());
  }

  private static byte[] read(FrameReader reader, ByteBuffer in) throws ZmtpException {
    return java.util.Objects.requireNonNull(reader.read(in)).copy();
  }

  @Test
  void shouldReadFramesAndRefuseWhatIsNone() throws Exception {
    FrameReader reader = new FrameReader(300);
    ByteBuffer in = bytes("0103616263" + "0000" + "020000000000000001" + "ee" + "04");
    assertThat(read(reader, in)).asString(StandardCharsets.US_ASCII).isEqualTo("abc");
    assertThat(reader.flags()).isEqualTo(FrameReader.MORE);
    assertThat(read(reader, in)).isEmpty();
    assertThat(read(reader, in)).containsExactly(0xEE);
    assertThat(reader.read(in)).isNull();
    assertThatThrownBy(() -> new FrameReader(300).read(bytes("08")))
        .hasMessage("sent a frame of unknown flags 8");
    assertThatThrownBy(() -> new FrameReader(300).read(bytes("05")))
        .hasMessage("sent a frame of unknown flags 5");
    assertThatThrownBy(() -> new FrameReader(300).read(bytes("02000000000000012d")))
        .hasMessage("sent a frame of 301 bytes, at most 300 are allowed");
    assertThatThrownBy(() -> new FrameReader(300).read(bytes("02ffffffffffffffff")))
        .hasMessage("sent a frame of 18446744073709551615 bytes, at most 300 are allowed");
    assertThatThrownBy(() -> new FrameReader(300).read(bytes("060000000000000401")))
        .hasMessage("sent a command of 1025 bytes, at most 1024 are allowed");
  }
}
