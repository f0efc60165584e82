package io.nfspawn.transport.zmq;

import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of how a connection begins (RFC 37, "Security Handshake"; RFC 24). Until it is done, a
 * connection owns these bytes and no others.
 *
 * <pre>
 *   who dials                          who listens
 *   greeting          →           ←    greeting
 *   HELLO ticket      →                                 the gate decides
 *                                 ←    WELCOME          or ERROR, and the end
 *   INITIATE DEALER   →
 *                                 ←    READY ROUTER
 * </pre>
 */
final class ZmtpHandshake {
  /** What a ZAP handler (RFC 27) would say; peers know it for "you must not". */
  private static final byte[] REFUSED = {3, '4', '0', '0'};

  /** Who may talk to a ROUTER, and to a DEALER (RFC 28). */
  private static final List<String> DIALLERS = List.of("DEALER", "REQ", "ROUTER");

  private static final List<String> LISTENERS = List.of("ROUTER", "REP", "DEALER");

  private enum Step {
    GREETING,
    HELLO,
    WELCOME,
    INITIATE,
    READY,
    DONE
  }

  private final boolean listens;
  private final byte[] ticket;
  private final Wire.@Nullable Gate gate;
  private final String from;
  private final Greeting greeting = new Greeting();
  private final FrameReader frames = new FrameReader(0);
  private final ByteBuffer out =
      ByteBuffer.allocate(Greeting.LENGTH_BYTES + 2 * FrameReader.LONG_HEAD_BYTES + 1024);
  private Step step = Step.GREETING;

  private ZmtpHandshake(boolean listens, byte[] ticket, Wire.@Nullable Gate gate, String from) {
    this.listens = listens;
    this.ticket = ticket;
    this.gate = gate;
    this.from = from;
    Greeting.write(listens, out);
    out.flip();
  }

  /** Of who dials, showing {@code ticket}. */
  static ZmtpHandshake dialling(byte[] ticket) {
    return new ZmtpHandshake(false, ticket, null, "");
  }

  /** Of who listens; without a gate everybody may come in. */
  static ZmtpHandshake listening(Wire.@Nullable Gate gate, String from) {
    return new ZmtpHandshake(true, new byte[0], gate, from);
  }

  /** What is to be sent now. */
  ByteBuffer out() {
    return out;
  }

  /** True when the other side knows PING. */
  boolean knowsPing() {
    return greeting.knowsPing();
  }

  /**
   * Reads on; true once it is done, and what follows are messages.
   *
   * @throws ZmtpException when it failed; what {@link #out} holds should still be sent
   */
  boolean read(ByteBuffer in) throws ZmtpException {
    if (step == Step.GREETING && greeting.read(in)) {
      step = listens ? Step.HELLO : Step.WELCOME;
      if (!listens) {
        say(Plain.hello(ticket));
      }
    }
    while (step != Step.GREETING && step != Step.DONE) {
      Frame body = frames.read(in);
      if (body == null) {
        return false;
      }
      if ((frames.flags() & FrameReader.COMMAND) == 0) {
        throw new ZmtpException("sent a message before the handshake was done");
      }
      onCommand(Command.read(body.copy()));
    }
    return step == Step.DONE;
  }

  private void onCommand(Command command) throws ZmtpException {
    if (command.name().equals(Command.ERROR)) {
      ByteBuffer data = command.data().duplicate();
      int bytes = data.hasRemaining() ? Byte.toUnsignedInt(data.get()) : -1;
      throw new ZmtpException("refused us: " + printable(command.text(data, bytes)));
    }
    if (!command.name().equals(step.name())) {
      throw new ZmtpException("sent " + printable(command.name()) + " instead of " + step);
    }
    switch (step) {
      case HELLO -> welcome(Plain.ticket(command));
      case WELCOME -> answer(Step.READY, Command.ofSocket(Command.INITIATE, "DEALER"));
      case INITIATE -> {
        checkSocket(command, DIALLERS);
        answer(Step.DONE, Command.ofSocket(Command.READY, "ROUTER"));
      }
      case READY -> {
        checkSocket(command, LISTENERS);
        step = Step.DONE;
      }
      case GREETING, DONE -> throw new IllegalStateException(step.name());
    }
  }

  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  private void welcome(byte[] shown) throws ZmtpException {
    if (gate != null && !gate.admits(shown, from)) {
      say(Command.of(Command.ERROR, REFUSED));
      throw new ZmtpException("showed a ticket that admits nobody");
    }
    answer(Step.INITIATE, Command.of(Command.WELCOME, new byte[0]));
  }

  private void answer(Step next, Command answer) {
    say(answer);
    step = next;
  }

  private void say(Command command) {
    out.compact();
    command.write(out);
    out.flip();
  }

  private static void checkSocket(Command command, List<String> known) throws ZmtpException {
    String key = Command.SOCKET_TYPE.toLowerCase(Locale.ROOT);
    String type = command.metadata().getOrDefault(key, "none");
    if (!known.contains(type)) {
      throw new ZmtpException("has a socket of type " + printable(type) + ", not one of " + known);
    }
  }
}
