package io.nfspawn.transport.zmq;

import io.nfspawn.transport.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZFrame;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/**
 * Answers JeroMQ's question (ZAP, ZeroMQ RFC 27) whether a connection may stand. The ticket travels
 * in base64, the first half as PLAIN's user name and the rest as its password: JeroMQ reads the
 * length of either as a signed byte. Used by the thread that polls.
 */
final class Doorkeeper {
  private static final String PLACE = "inproc://zeromq.zap.01";

  /** routing id, empty, version, request, domain, address, identity, mechanism, user, password. */
  private static final int REQUEST_FRAMES = 10;

  private final ZContext context;
  private ZMQ.@Nullable Socket questions;
  private Wire.@Nullable Gate gate;

  Doorkeeper(ZContext context) {
    this.context = context;
  }

  /** Must come before anybody can connect: where nobody answers, JeroMQ lets everybody in. */
  void open() {
    ZMQ.Socket socket = context.createSocket(SocketType.ROUTER);
    socket.setLinger(0);
    socket.bind(PLACE);
    questions = socket;
  }

  void guard(Wire.Gate by) {
    gate = by;
  }

  void register(ZMQ.Poller poller) {
    if (questions != null) {
      poller.register(questions, ZMQ.Poller.POLLIN);
    }
  }

  /** Gives {@code socket} the ticket it will show. */
  static void show(ZMQ.Socket socket, byte[] ticket) {
    String text = Base64.getEncoder().encodeToString(ticket);
    int half = text.length() / 2;
    // PLAIN wants both to be there, and an empty one is none.
    socket.setPlainUsername("t" + text.substring(0, half));
    socket.setPlainPassword("t" + text.substring(half));
  }

  /** Answers who waits; returns how many. */
  int poll() {
    ZMQ.Socket socket = questions;
    int answered = 0;
    while (socket != null) {
      ZMsg question = ZMsg.recvMsg(socket, ZMQ.DONTWAIT);
      if (question == null) {
        return answered;
      }
      answered++;
      answer(socket, question.toArray(new ZFrame[0]));
    }
    return answered;
  }

  private void answer(ZMQ.Socket socket, ZFrame[] question) {
    boolean plain =
        question.length == REQUEST_FRAMES
            && question[7].getString(StandardCharsets.US_ASCII).equals("PLAIN");
    String from = question.length > 5 ? question[5].getString(StandardCharsets.US_ASCII) : "";
    byte[] ticket = plain ? ticket(question[8], question[9]) : new byte[0];
    boolean admitted = gate == null || gate.admits(ticket, from);
    ZMsg answer = new ZMsg();
    for (int i = 0; i < Math.min(4, question.length); i++) {
      answer.add(question[i].getData());
    }
    answer.add(admitted ? "200" : "400");
    answer.add(admitted ? "" : "no");
    answer.add("");
    answer.add("");
    answer.send(socket);
  }

  private static byte[] ticket(ZFrame user, ZFrame password) {
    String text =
        user.getString(StandardCharsets.US_ASCII).substring(Math.min(1, user.size()))
            + password.getString(StandardCharsets.US_ASCII).substring(Math.min(1, password.size()));
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
